"""What a name given as module:attribute leads to, and what is said where it leads nowhere."""

import pickle
import sys

import pytest

from statemodel.cli import main
from statemodel.errors import DefinitionError, UsageError
from statemodel.loading import Sort, loaded

THERE = "run the command where it lies, or set PYTHONPATH"
SORT = Sort("--python", "MODULE:FACTORY", "Client", "a class or a function that makes a client", callable)
MODULE = """
from pathlib import Path

class Client:
    class Slow: pass
    LEVEL = 3

LEVEL = 3
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a module that can be imported."""
    monkeypatch.syspath_prepend(tmp_path)

    def written(name, text):
        monkeypatch.delitem(sys.modules, name, raising=False)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    return written


def said(name, sort=SORT):
    """What is said of a name."""
    with pytest.raises(UsageError) as caught:
        loaded(name, sort)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch:factory", f"--python nosuch:factory: no module 'nosuch' can be imported here. To mend it: {THERE}."),
        ("json.no:x", f"--python json.no:x: no module 'json.no' can be imported here. To mend it: {THERE}."),
        ("no such:x", f"--python 'no such:x': no module 'no such' can be imported here. To mend it: {THERE}."),
        ("json", "--python json: expected MODULE:FACTORY, such as json:Client."),
        ("", "--python '': expected MODULE:FACTORY, such as my_module:Client."),
        (":Mine", "--python :Mine: expected MODULE:FACTORY, such as my_module:Mine."),
        ("my/client.py", "--python my/client.py: expected MODULE:FACTORY, such as my.client:Client."),
        ("./my/client.py:Mine", "--python ./my/client.py:Mine: expected MODULE:FACTORY, such as my.client:Mine."),
        ("client.py:Mine", ("--python client.py:Mine: no module 'client' can be imported here. "
         "To mend it: write client:Mine, as an import names the module.")),
        ("json:factory", ("--python json:factory: module json has no 'factory'; "
         "it has dump, dumps, detect_encoding, load, loads.")),
        ("json:lods", "--python json:lods: module json has no 'lods'; did you mean 'loads' or 'load'?"),
        ("json:", ("--python json:: it names nothing of module json; "
         "it has dump, dumps, detect_encoding, load, loads.")),
        ("here_client:Path.nothing.x",
         "--python here_client:Path.nothing.x: Path of module here_client has no 'nothing'"),
        ("here_client:Clint", "--python here_client:Clint: module here_client has no 'Clint'; did you mean 'Client'?"),
        ("here_client:x", "--python here_client:x: module here_client has no 'x'; it has Client."),
        ("here_client:Client.Slo", ("--python here_client:Client.Slo: Client of module here_client has no 'Slo'; "
         "did you mean 'Slow'?")),
        ("here_client:LEVEL.x", ("--python here_client:LEVEL.x: LEVEL of module here_client has no 'x', and nothing "
         "else that is a class or a function that makes a client.")),
        ("here_client:LEVEL", ("--python here_client:LEVEL: it is of type int; "
         "expected a class or a function that makes a client.")),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere(write, name, text):
    """Where, what was expected, and what to do; what a module made itself is named before what it imported."""
    write("here_client", MODULE)
    assert said(name)[: len(text)] == text


def test_of_many_names_some_are_shown(write):
    """And it is said how many more there are; programs get all."""
    write("here_many", "".join(f"def f{number}(): pass\n" for number in range(20)))
    assert said("here_many:main").endswith("it has f0, f1, f2, f3, f4, f5, f6, f7 and 12 more.")
    with pytest.raises(UsageError) as caught:
        loaded("here_many:main", SORT)
    assert len(caught.value.known) == 20


SHOWS = 'python -c "import here_bad" shows where.'


@pytest.mark.parametrize(
    ("text", "problem", "mend"),
    [
        ("raise RuntimeError('not today')", "raised RuntimeError('not today')", f"mend the module; {SHOWS}"),
        ("import nosuch", """raised ModuleNotFoundError("No module named 'nosuch'")""",
         f"install what brings 'nosuch', or mend the module; {SHOWS}"),
        ("def f(:", "raised SyntaxError('invalid syntax (here_bad.py, line 1)')", f"mend the module; {SHOWS}"),
        ("import sys\nsys.exit(3)", "ended the program (SystemExit(3))",
         'let it end under `if __name__ == "__main__"` alone.'),
    ],
)  # fmt: skip
def test_a_module_that_fails_says_so_with_its_own_error(write, text, problem, mend):
    """It is there, so nobody is sent to look for it."""
    write("here_bad", text)
    expected = f"--python here_bad:x: importing module 'here_bad' {problem}. To mend it: {mend}"
    assert said("here_bad:x") == expected


def test_an_error_of_ours_passes(write):
    """A model that contradicts itself is told as such."""
    write("here_wrong", "from statemodel import DefinitionError\nraise DefinitionError('m', 'r', 'p', 'd')\n")
    with pytest.raises(DefinitionError):
        loaded("here_wrong:x", SORT)


def test_the_error_survives_pickling():
    """With all that it says."""
    error = UsageError("--python", "x", ("y",), "it is wrong", "write y")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # it is our own
    assert (str(again), again.known) == ("--python x: it is wrong. To mend it: write y.", ("y",))


def test_conform_names_its_option(capsys):
    """The message begins with the option that the name was given with; exit code 2."""
    code, (out, err) = main(["conform", "scf", "--python", "nosuch:factory"]), capsys.readouterr()
    assert (code, out) == (2, "")
    assert err == ("statemodel: error: --python nosuch:factory: no module 'nosuch' can be imported here. "
                   f"To mend it: {THERE}.\n")  # fmt: skip
