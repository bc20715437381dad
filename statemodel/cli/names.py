"""Models by the names that people type."""

import sys
from contextlib import redirect_stdout
from pathlib import Path

from statemodel.model.service import Model
from statemodel.registry import model


def named(name: str) -> Model:
    """The model of that name; one's own are looked for in the current folder too, and what they print is no output.

    Raises:
        UsageError: there is none.
        DefinitionError: there is one, and it contradicts itself.
    """
    here = str(Path.cwd())
    if ":" in name and here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    with redirect_stdout(sys.stderr):
        return model(name)
