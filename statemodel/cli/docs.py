"""`docs`: pages of reference for models, and whether committed ones are fresh."""

import argparse
from pathlib import Path

from statemodel.cli.files import compared, written
from statemodel.cli.names import named
from statemodel.reference import pages, read_proofs
from statemodel.registry import MODELS


def docs(asked: argparse.Namespace) -> int:
    """Write the pages of some models, or of all of them."""
    models = [named(name) for name in asked.models or MODELS]
    proofs = None
    if asked.proofs:
        proofs = read_proofs(Path(asked.proofs).read_text(encoding="utf-8"), asked.proofs, models)
    files, place = pages(models, asked.drawings, proofs), Path(asked.out)
    return compared(files, place, everything=True) if asked.check else written(files, place)
