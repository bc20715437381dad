"""`check` for logs of any size: columns, compressed files, folders, patterns, standard input."""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import has_magic
from pathlib import Path
from typing import Any, Final

from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, rate, say, say_lines
from statemodel.cli.wording import heading, many, paragraph
from statemodel.errors import HistoryError, MissingExtraError
from statemodel.model.service import Model
from statemodel.oracle.verdict import Outcome
from statemodel.show import document, library_version

STDIN: Final = "-"
ENDINGS: Final = (".parquet", ".gz", ".zst")


def is_for_columns(asked: argparse.Namespace) -> bool:
    """Whether the files, or what was asked, are for the columnar oracle."""
    return bool(asked.bulk or asked.state or asked.jobs or asked.log) or any(map(_is_for_columns, asked.files))


def _is_for_columns(name: str) -> bool:
    path = Path(name)
    return name == STDIN or name.endswith(ENDINGS) or path.is_dir() or (has_magic(name) and not path.exists())


def check_columns(asked: argparse.Namespace) -> int:
    """Judge the histories in a log; the exit code as for `check`, 2 where records cannot be read."""
    chosen = named(asked.model)
    bulk, keeping = _loaded(asked, chosen)
    telling = rate("records")
    with _kept_input(asked.files) as aliases:
        try:
            report = bulk.check(
                chosen, asked.files, start=asked.start, calls=asked.calls, environment=asked.environment,
                jobs=asked.jobs, keeping=keeping, progress=telling, aliases=aliases, log=asked.log,
            )
        finally:
            clear_progress(telling)
        if not report.records:
            raise HistoryError(asked.files[0], None, "", "at least one record")
        if asked.json:
            say_lines(report.document(everything=asked.all))
        else:
            _say(report, everything=asked.all)
    if report.bad_rows:
        raise report.bad_error()
    counts = report.counts()
    return 1 if counts[Outcome.VIOLATES] else 3 if counts[Outcome.INCONCLUSIVE] else 0


def _loaded(asked: argparse.Namespace, chosen: Model) -> tuple[Any, Any]:
    """The columnar oracle, and where positions are kept."""
    try:
        from statemodel.oracle import bulk
        from statemodel.oracle.bulk.follow import Keeping
        from statemodel.oracle.bulk.state import Identity
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "statemodel":
            raise
        raise MissingExtraError("a log of this kind", "bulk") from error
    if not asked.state:
        return bulk, None
    said = json.dumps([document(chosen), library_version()], sort_keys=True, default=str)
    digest = hashlib.sha256(said.encode()).hexdigest()
    options = (f"--calls {asked.calls}", f"--start {asked.start}", f"--environment {asked.environment}",
               f"--log {asked.log or 'none'}")
    return bulk, Keeping(Path(asked.state), Identity(chosen.name, digest, options))


@contextmanager
def _kept_input(names: list[str]) -> Iterator[dict[str, str]]:
    """Where to read standard input more than once, if it is asked for: a file that goes when all is done."""
    if STDIN not in names:
        yield {}
        return
    with tempfile.NamedTemporaryFile(prefix="statemodel-") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield {STDIN: file.name}


def _say(report: Any, *, everything: bool) -> None:
    say(heading(report.model, report.histories, report.records, report.counts(), report.mean_strength, report.weaker))
    share = report.careful / report.histories if report.histories else 0.0
    again = f"{many(report.careful, 'history', 'histories')} ({share:.2%})"
    size = f"{many(report.states, 'state', 'states')} and {many(report.symbols, 'symbol', 'symbols')}"
    say(f"By an automaton of {size}; {again} read again record by record.")
    if report.late:
        say(f"{many(report.late, 'history', 'histories')} with records out of the order of time put in order.")
    if report.left_out:
        say(f"{many(report.left_out, 'event', 'events')} of other services, or without a function, left out.")
    if report.bad_rows:
        more = report.bad_rows - len(report.bad)
        say(f"{many(report.bad_rows, 'record', 'records')} cannot be read:")
        for one in report.bad:
            say(f"  {one}")
        if more:
            say(f"  and {more} more")
    for verdict in report.verdicts(everything=everything):
        say(f"\n{paragraph(verdict)}")
