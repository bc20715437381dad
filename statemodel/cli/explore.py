"""`explore`: a page to look into a graph, in one file."""

import argparse
from pathlib import Path

from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, note, progress, say
from statemodel.model.service import as_service
from statemodel.player.page import html
from statemodel.player.runs import Stage, of_histories, of_proofs
from statemodel.player.scenes import Ledger
from statemodel.player.walk import walk
from statemodel.semantics import prepare
from statemodel.verify import verify


def explore(asked: argparse.Namespace) -> int:
    """Write the page of a model, with histories and counterexamples to play."""
    chosen = as_service(named(asked.model))
    note(f"walking through {chosen.name}")
    reached = walk(prepare(chosen), versions=asked.max_versions, most=asked.configurations)
    ledger = Ledger()
    stage = Stage(ledger, reached.scenes(ledger), reached)
    runs = []
    options = {"start": asked.start, "calls": asked.calls, "environment": asked.environment}
    for file in asked.history or ():
        note(f"playing {file}")
        runs += of_histories(chosen, file, stage, **options)
    if asked.proofs:
        telling = progress(f"configurations of {chosen.name}")
        try:
            runs += of_proofs(chosen, verify(chosen, versions=asked.max_versions, progress=telling), stage)
        finally:
            clear_progress(telling)
    target = Path(asked.out or f"{chosen.name}.html")
    page = html(chosen, stage, runs)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8", newline="\n")
    say(str(target))
    return 0
