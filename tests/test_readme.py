"""The README keeps its word: its commands end as it says, its table is that of the models, and it stays short.

Its samples of Python are run as doctests, with every other sample of the package.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND

import statemodel
from statemodel.registry import MODELS
from statemodel.show import graphs_of, total_shares

PACKAGE = Path(statemodel.__file__).parent
ROOT = Path(__file__).parents[1]
LINES = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
FIRST_SCREEN = 40
HEAD = ("| model | one | states | must | may | open |", "|---|---|--:|--:|--:|--:|")


def blocks(language):
    """The lines of every block in a language."""
    found, inside = [], None
    for line in LINES:
        if line.startswith("```"):
            inside = None if inside is not None else line[3:]
        elif inside == language:
            found.append(line)
    return found


def expected(line):
    """A command of the README as words, and the exit code it announces."""
    told = re.search(r"# exits (\d+)", line)
    return shlex.split(line, comments=True), int(told.group(1)) if told else 0


INSTALLING = [line for line in blocks("bash") if "-m venv" in line]
COMMANDS = [line for line in blocks("bash") if "-m venv" not in line]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what the commands read, so that what they write stays out of the tree."""
    place = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "tests" / "histories", place / "tests" / "histories")
    shutil.copytree(ROOT / "diagrams", place / "diagrams")
    return place


@pytest.mark.parametrize("line", COMMANDS)
def test_command(checkout, line):
    """Every command ends as the README says, and never with a defect."""
    (program, *argv), code = expected(line)
    assert program == "statemodel"
    done = subprocess.run([sys.executable, "-m", "statemodel", *argv], cwd=checkout, capture_output=True, text=True,  # noqa: S603
                          check=False, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(PACKAGE.parent),
                                                             "PATH": f"{Path(sys.executable).parent}{os.pathsep}"
                                                                     f"{os.environ.get('PATH', '')}"})
    assert (done.returncode, "a defect" in done.stderr) == (code, False), done.stdout + done.stderr
    assert done.stdout or code


def test_every_exit_code_is_shown():
    """Each of the four exit codes has its sample."""
    assert {expected(line)[1] for line in COMMANDS} == {0, 1, 2, 3}


def test_first_screen():
    """What it is, the command that does the main job, the command that runs the tests, and a drawing."""
    screen = "\n".join(LINES[:FIRST_SCREEN])
    main_job, tests, real = INSTALLING
    for shown in (main_job, tests, "asynchronous", "](diagrams/scf/scf.function.svg)"):
        assert shown in screen
    assert main_job.startswith("python3 -m venv .venv && .venv/bin/pip install -q '.[draw]' && ")
    assert tests.startswith("python3 -m venv .venv && .venv/bin/pip install -q -e '.[testing,draw,server]' && ")
    assert tests.endswith(" && .venv/bin/python -m pytest")
    assert real == COMMAND


def test_what_is_linked_is_there():
    """Every link to a file of the project leads somewhere."""
    linked = re.findall(r"\]\((?!#|https?:)([^)#]+)", "\n".join(LINES))
    assert linked
    assert [place for place in linked if not (ROOT / place).exists()] == []


def test_every_history_and_script_named_is_there():
    """Every file named in code font is one of the project."""
    named = re.findall(r"`((?:benchmarks|statemodel|tests)/[\w./-]*)`", "\n".join(LINES))
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


def table():
    """What the table of models should say."""
    rows = []
    for name, each in MODELS.items():
        shares, states = total_shares(each), sum(len(graph.states) for graph in graphs_of(each))
        rows.append(f"| `{name}` | {each.doc} | {states} | {shares.must} | {shares.may} | {shares.open} |")
    return rows


def test_table_of_models():
    """States and shares are those of the models; where they differ, the rows wanted are in the message."""
    start = LINES.index(HEAD[0])
    shown = LINES[start:start + len(MODELS) + 2]
    assert shown == [*HEAD, *table()], "\n".join(table())


def test_lengths():
    """The README is read in one sitting, and no module has grown beyond its wall."""
    assert len(LINES) < 300
    lengths = {place.name: len(place.read_text(encoding="utf-8").splitlines()) for place in PACKAGE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
