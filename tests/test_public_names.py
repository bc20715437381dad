"""The names that others may write: these, and a new one is added on purpose."""

import ast
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import statemodel

NAMES = [
    "ALL_GO", "ANY", "EVERY", "NEW", "OPEN", "UNRECORDED", "Action", "Claim", "DefinitionError", "Effect", "Event",
    "Field", "Guard", "HistoryError", "Initiator", "Invariant", "Kind", "Listing", "MissingExtraError", "Named",
    "Numbered", "Operation", "Parameter", "Policy", "Query", "Refusal", "Rule", "Service", "Source", "State",
    "StateModelError", "Subject", "Target", "Transition", "TransitionGraph", "UsageError", "__version__", "client_code",
    "content_field", "documented", "environment", "inferred", "observed", "one_of", "read_key", "reference_field",
    "service", "spell",
]


def test_names():
    """Exactly these are public, each once, in order."""
    assert statemodel.__all__ == NAMES
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_explained(name):
    """Each is what a module below defines, with a word about it."""
    found = getattr(statemodel, name)
    if name not in {"OPEN", "Target", "__version__"}:
        assert found.__module__.startswith(("statemodel.model.", "statemodel.errors"))
        assert found.__doc__
        assert found.__doc__ != type(found).__doc__


def test_models_are_written_in_public_names():
    """Whatever the catalogue takes from the modules below is public, so that others can write what it says."""
    taken = set()
    for place in sorted((Path(statemodel.__file__).parent / "catalogue").rglob("*.py")):
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("statemodel.model."):
                taken.update(alias.name for alias in node.names)
    assert taken
    assert taken <= set(NAMES)


def test_nothing_else_is_shown():
    """What the front door shows besides is hidden, or a module."""
    tree = ast.parse(Path(statemodel.__file__).read_text(encoding="utf-8"))
    shown = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom)
             for alias in node.names}
    assert sorted(shown - set(NAMES)) == ["Any"]


def test_version():
    """The version is that of the installed distribution, looked up when asked for."""
    assert statemodel.__version__ == version("statemodel")
    code = "import sys; b = set(sys.modules); import statemodel; print('importlib.metadata' in set(sys.modules) - b)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,  # noqa: S603
                          cwd=Path(statemodel.__file__).parents[1])
    assert done.stdout == "False\n"


def test_unknown_name():
    """A misspelt name is an ordinary AttributeError."""
    with pytest.raises(AttributeError, match="module 'statemodel' has no attribute 'Sate'"):
        statemodel.Sate  # noqa: B018
