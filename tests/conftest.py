"""Two groups of tests: those of tests/real need more packages than Python and pip bring, and run when asked for."""

from pathlib import Path

REAL = Path(__file__).parent / "real"
COMMAND = (
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[testing,real]' && .venv/bin/python -m pytest tests/real"
)


def is_asked_for(config):
    """Whether the second group is named among the arguments."""
    given = [Path(config.invocation_params.dir, one.partition("::")[0]).resolve() for one in config.args]
    return any(one == REAL or REAL in one.parents for one in given)


def pytest_ignore_collect(collection_path, config):
    """Leave the second group out unless it is named."""
    return True if collection_path == REAL and not is_asked_for(config) else None


def pytest_terminal_summary(terminalreporter, config):
    """Say by name what was not run."""
    if not is_asked_for(config):
        names = ", ".join(sorted(f"tests/real/{place.name}" for place in REAL.glob("test_*.py")))
        terminalreporter.write_line(f"NOT RUN: {names}; to run them: {COMMAND}")
