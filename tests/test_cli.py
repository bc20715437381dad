"""The command line: usage, list, show and check, what they print where, their exit codes, and no traceback ever."""

import io
import json
import os
import subprocess
import sys

import pytest

from statemodel import cli
from statemodel.cli import main
from statemodel.errors import MissingExtraError
from statemodel.registry import MODELS

KNOWN = ", ".join(MODELS)
GOOD = ['{"resource": "f", "op": "GetFunction", "result": {"Status": "Creating"}}',
        '{"resource": "f", "op": "GetFunction", "result": {"Status": "Active"}}']
BAD = ['{"resource": "g", "op": "GetFunction", "result": {"Status": "CreateFailed"}}',
       '{"resource": "g", "op": "UpdateFunctionCode", "result": {}}']
STRANGE = ['{"resource": "h", "op": "GetFunction", "result": {"Status": "Melting"}}']
VERDICT = {"resource", "verdict", "code", "file", "line", "expected", "belief", "explanation", "strength"}


@pytest.fixture
def write(tmp_path):
    """What writes a history and gives its name."""
    def written(*lines, name="history.jsonl"):
        place = tmp_path / name
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(place)

    return written


def ran(capsys, *argv):
    """Exit code, standard output and standard error of a command."""
    code = main(list(argv))
    return code, *capsys.readouterr()


# ------------------------------------------------------------------------------------------------- usage


def test_version(capsys):
    """The version is printed."""
    code, out, err = ran(capsys, "--version")
    assert (code, err) == (0, "")
    assert out.startswith("statemodel ")


def test_help_lists_what_there_is(capsys):
    """Exactly the commands that are built."""
    code, out, _ = ran(capsys, "--help")
    assert code == 0
    built = ("list", "show", "draw", "verify", "check", "conform", "simulate", "waiter", "clients", "diff", "explain")
    assert [name for name in built if f"\n    {name} " not in out] == []


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "statemodel: error: the following arguments are required: COMMAND"),
        (["dance"], "statemodel: error: argument COMMAND: invalid choice: 'dance' (choose from"),
        (["show"], "statemodel show: error: the following arguments are required: MODEL"),
        (["show", "scf", "--format", "yaml"],
         "statemodel show: error: argument --format: invalid choice: 'yaml' (choose from 'text', 'md', 'json', 'lts')"),
        (["check", "scf"], "statemodel check: error: the following arguments are required: FILE"),
        (["check", "scf", "x", "--calls", "some"], "argument --calls: invalid choice: 'some' (choose from"),
        (["draw"], "statemodel draw: error: one of the arguments MODEL --all is required"),
        (["draw", "scf", "--all"], "statemodel draw: error: argument --all: not allowed with argument MODEL"),
        (["explain"], "statemodel explain: error: the following arguments are required: CODE"),
        (["list", "--js"], "statemodel: error: unrecognized arguments: --js"),
    ],
)
def test_bad_usage(capsys, argv, message):
    """Bad usage exits 2, with what would have been understood, on standard error alone."""
    code, out, err = ran(capsys, *argv)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("given", ["0", "-1", "abc", "65", "1.5", "", "9" * 5000, "1_0", "٣"])
def test_versions_out_of_range(capsys, given):
    """The range of --max-versions is named."""
    code, out, err = ran(capsys, "verify", "scf", f"--max-versions={given}")
    assert (code, out) == (2, "")
    assert err.endswith(f"error: argument --max-versions: {given!r} is not a whole number from 1 to 64\n")


@pytest.mark.parametrize("given", ["0", "5", "64"])
def test_unfolded_versions_out_of_range(capsys, given):
    """The system is unfolded up to four versions."""
    code, out, err = ran(capsys, "show", "scf", "--format", "lts", "--max-versions", given)
    assert (code, out) == (2, "")
    assert err.endswith(f"error: argument --max-versions: {given!r} is not a whole number from 1 to 4\n")


@pytest.mark.parametrize("argv", [["show", "nope"], ["check", "nope", "x"], ["verify", "nope"], ["draw", "nope"],
                                  ["verify", "scf", "nope", "--json"], ["show", "nope", "--format", "json"]])
def test_unknown_model(capsys, argv):
    """An unknown model exits 2 and names those that are known."""
    assert ran(capsys, *argv) == (2, "", f"statemodel: error: unknown model 'nope'; known: {KNOWN}\n")


def test_unknown_attribute_of_an_own_module(capsys):
    """A module that exists, without such a model."""
    code, out, err = ran(capsys, "show", "statemodel.catalogue:NOPE")
    assert (code, out) == (2, "")
    assert err == (
        "statemodel: error: model statemodel.catalogue:NOPE: module statemodel.catalogue has no 'NOPE'; it has "
        "FC, ASYNC_TASK, LAMBDA, SCF, ASYNC_EVENT, LAYER, REQUEST.\n"
    )


def test_own_model(capsys):
    """package.module:attribute names one's own."""
    code, out, err = ran(capsys, "show", "statemodel.catalogue.tencent_scf.billing:BILLING", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["name"] == "scf.billing"


def test_own_model_in_the_current_folder(capsys, tmp_path, monkeypatch):
    """It is found there, and what its module prints is no part of the document."""
    (tmp_path / "my_own_model.py").write_text(
        "from statemodel.catalogue.tencent_scf.billing import BILLING as MINE\nprint('loading')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    code, out, err = ran(capsys, "show", "my_own_model:MINE", "--format", "json")
    assert (code, err) == (0, "loading\n")
    assert json.loads(out)["name"] == "scf.billing"


# ------------------------------------------------------------------------------------------------- list, show


def test_list(capsys):
    """One line a model."""
    code, out, err = ran(capsys, "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(MODELS)


def test_list_json(capsys):
    """One document."""
    code, out, err = ran(capsys, "list", "--json")
    shown = json.loads(out)
    assert (code, err, shown["contract"]) == (0, "", 1)
    assert [each["name"] for each in shown["models"]] == list(MODELS)
    assert {"name", "kind", "doc", "states", "operations"} <= set(shown["models"][0])


@pytest.mark.parametrize("form", ["text", "md"])
def test_show_for_people(capsys, form):
    """A page about the model."""
    code, out, err = ran(capsys, "show", "scf.function", "--format", form)
    assert (code, err) == (0, "")
    assert out.startswith({"text": "scf.function\n============\n", "md": "# scf.function\n"}[form])


def test_show_json(capsys):
    """One document, the same each time."""
    code, out, err = ran(capsys, "show", "scf", "--format", "json")
    assert (code, err) == (0, "")
    parts = ["scf.function", "scf.billing", "scf.version", "scf.alias"]
    assert [part["name"] for part in json.loads(out)["graphs"]] == parts
    assert ran(capsys, "show", "scf", "--format", "json")[1] == out


def test_show_lts(capsys):
    """The unfolded system: one line a configuration or edge, ends that exist, calls or events."""
    code, out, err = ran(capsys, "show", "scf.function", "--format", "lts")
    shown = json.loads(out)
    assert (code, err, shown["contract"], shown["name"], shown["initial"]) == (0, "", 1, "scf.function", [0])
    numbers = [each["id"] for each in shown["configurations"]]
    assert numbers == list(range(len(numbers)))
    assert shown["configurations"][0]["states"] == {"function": "Absent"}
    for edge in shown["edges"]:
        assert {edge["from"], edge["to"]} <= set(numbers)
        assert edge["modality"] in {"must", "may"}
        assert ("op" in edge and {"args", "answer"} <= set(edge) and edge["initiator"] == "caller") or "event" in edge
    assert len(out.splitlines()) == len(numbers) + len(shown["edges"]) + 5


def test_show_lts_of_a_service(capsys):
    """A composed service unfolds too; the number of versions bounds it."""
    code, out, err = ran(capsys, "show", "fc", "--format", "lts", "--max-versions", "1")
    states = json.loads(out)["configurations"][0]["states"]
    assert (code, err) == (0, "")
    assert {"function", "account", "invocation"} <= set(states)


# ------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(GOOD, 0), (BAD, 1), (STRANGE, 3), ([*GOOD, *STRANGE], 3), ([*GOOD, *BAD, *STRANGE], 1)],
)
def test_exit_code_of_check(capsys, write, lines, expected):
    """1 where a history violates, else 3 where one is inconclusive, else 0; the same with --json."""
    name = write(*lines)
    assert ran(capsys, "check", "scf", name)[0] == expected
    assert ran(capsys, "check", "scf", name, "--json")[0] == expected


def test_check_of_what_conforms(capsys, write):
    """One line of totals."""
    code, out, err = ran(capsys, "check", "scf", write(*GOOD))
    assert (code, err) == (0, "")
    assert out.startswith("scf: 1 history of 2 records: 1 conforms, 0 violate, 0 inconclusive; strength 0.")
    assert out.count("\n") == 1


def test_check_of_what_violates(capsys, write):
    """Totals, then what is wrong, where, and what was expected."""
    name = write(*GOOD, *BAD)
    code, out, err = ran(capsys, "check", "scf", name)
    assert (code, err) == (1, "")
    assert out.startswith("scf: 2 histories of 4 records: 1 conforms, 1 violates, 0 inconclusive; strength ")
    assert f"\ng: violates SM201 at {name}:4\n" in out
    assert "\n  recorded   UpdateFunctionCode: accepted\n" in out
    assert "\nf: conforms" not in out


def test_check_all_lists_conforming_histories(capsys, write):
    """--all lists every history, as text and as JSON."""
    name = write(*GOOD, *BAD)
    assert "\nf: conforms\n" in ran(capsys, "check", "scf", name, "--all")[1]
    shown = json.loads(ran(capsys, "check", "scf", name, "--all", "--json")[1])
    assert [each["verdict"] for each in shown["verdicts"]] == ["conforms", "violates"]


def test_check_json(capsys, write):
    """The verdict document of the contract, alone on standard output."""
    name = write(*GOOD, *BAD, *STRANGE)
    code, out, err = ran(capsys, "check", "scf", name, "--json")
    shown = json.loads(out)
    assert (code, err) == (1, "")
    assert {key: shown[key] for key in shown if key != "verdicts"} == {
        "contract": 1, "model": "scf", "records": 5, "histories": 3, "conforms": 1, "violates": 1, "inconclusive": 1}
    keys = ("resource", "verdict", "code", "file", "line")
    assert [tuple(each[key] for key in keys) for each in shown["verdicts"]] == [
        ("g", "violates", "SM201", name, 4), ("h", "inconclusive", "SM101", name, 5)]
    assert all(set(each) >= VERDICT for each in shown["verdicts"])


def test_check_of_partial_calls_says_that_it_is_weaker(capsys, write):
    """The verdict says so plainly."""
    code, out, _ = ran(capsys, "check", "scf", write(*GOOD), "--calls", "partial")
    assert code == 0
    assert "\nThese verdicts are weaker: other callers may have acted unseen, so that little can be excluded.\n" in out


def test_check_from_absence(capsys, write):
    """A function that nobody created cannot be read."""
    name = write(GOOD[1])
    assert ran(capsys, "check", "scf", name)[0] == 0
    assert ran(capsys, "check", "scf", name, "--start", "absent")[0] == 1


def test_check_of_a_recorded_environment(capsys, write):
    """Without a record of it the balance is not exhausted."""
    lines = ['{"resource": "f", "op": "CreateFunction", "result": {}}',
             '{"resource": "f", "op": "GetFunction", "result": {"AvailableStatus": "InsufficientBalance"}}']
    name = write(*lines)
    assert ran(capsys, "check", "scf", name, "--start", "absent")[0] == 0
    assert ran(capsys, "check", "scf", name, "--start", "absent", "--environment", "recorded")[0] == 1


def test_check_of_several_files(capsys, write):
    """Histories of all files are judged."""
    lines = write(*GOOD, name="a.jsonl")
    table = write("resource,op,result", 'g,GetFunction,"{""Status"": ""Active""}"', name="b.csv")
    code, out, _ = ran(capsys, "check", "scf", lines, table, "--json")
    assert (code, json.loads(out)["histories"]) == (0, 2)


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"resource": "f", "op": ', ":1: found '{\"resource\": \"f\", \"op\":', expected one JSON object a line: "),
        ("[1]", ":1: found '[1]', expected an object with \"resource\" and either"),
        ('{"resource": "f", "op": "GetFunction"}', 'expected exactly one of "result", "error" and "lost". To mend'),
        ("", ": expected at least one record\n"),
        ("[" * 100_000, ":1: found '" + "[" * 117 + "...', expected one JSON object a line"),
    ],
)
def test_unreadable_lines(capsys, write, text, expected, more):
    """File, line, the text and what was expected, on standard error alone."""
    name = write(text)
    code, out, err = ran(capsys, "check", "scf", name, *more)
    assert (code, out) == (2, "")
    assert err.startswith(f"statemodel: error: {name}")
    assert expected in err
    assert err.count("\n") == 1


def test_unreadable_files(capsys, tmp_path):
    """No such file, and a folder, which holds no log or needs an extra to be read."""
    missing = tmp_path / "no.jsonl"
    assert ran(capsys, "check", "scf", str(missing)) == (
        2, "", f"statemodel: error: {missing}: expected a readable file: No such file or directory\n")
    code, out, err = ran(capsys, "check", "scf", str(tmp_path))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "statemodel[bulk]" in err or str(tmp_path) in err


def test_deep_json(capsys, write, monkeypatch):
    """A record that is nested too deeply is named."""
    def fail(*_, **__):
        raise RecursionError

    monkeypatch.setattr("statemodel.cli.check.check", fail)
    deep = '{"resource": "f", "op": "GetFunction", "args": {"x": ' + "[" * 150 + "]" * 150 + '}, "result": {}}'
    name = write(GOOD[0], deep)
    assert ran(capsys, "check", "scf", name) == (
        2, "", f"statemodel: error: {name}:2: expected values nested at most 100 deep\n")


# ------------------------------------------------------------------------------------------------- what must not happen


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (RecursionError(), 2, "statemodel: error: the input is nested too deeply\n"),
        (MemoryError(), 2, "statemodel: error: out of memory; a smaller --max-versions needs less\n"),
        (MissingExtraError("drawing a picture", "draw"), 2,
         "statemodel: error: drawing a picture needs an extra: pip install 'statemodel[draw]'\n"),
        (PermissionError(13, "Permission denied", "x"), 2, "statemodel: error: x: Permission denied\n"),
        (ZeroDivisionError("odd"), 2,
         "statemodel: error: a defect of statemodel, please report it: ZeroDivisionError: odd\n"),
    ],
)
def test_no_traceback(capsys, monkeypatch, raised, code, message):
    """Whatever happens, one line and an exit code."""
    def fail(_):
        raise raised

    monkeypatch.setattr(cli, "_done", fail)
    monkeypatch.setattr(cli, "_drop_output", lambda: None)
    assert ran(capsys, "list") == (code, "", message)


def test_progress_only_on_a_terminal(capsys, monkeypatch):
    """Nothing on standard error where it is no terminal; one line that goes away where it is."""
    from statemodel.cli.output import clear_progress, progress

    assert progress("records") is None

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    telling = progress("records")
    telling(65536)
    clear_progress(telling)
    assert terminal.getvalue() == "\r65,536 records\x1b[K\r\x1b[K"
    assert capsys.readouterr().out == ""


def python_m(*argv, **changes):
    """`python -m statemodel` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "statemodel", *argv], capture_output=True, check=False, timeout=120,  # noqa: S603
                          env={**os.environ, **changes})


def test_python_m(write):
    """The same in a process of its own, exit code included."""
    done = python_m("check", "scf", write(*BAD), "--json")
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout)["violates"] == 1


def test_output_is_utf8_whatever_the_locale():
    """Chinese sources and arrows are printed under any locale, the same bytes each time."""
    plain = python_m("show", "scf.billing")
    other = python_m("show", "scf.billing", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONHASHSEED="7")
    assert (plain.returncode, plain.stderr, plain.stdout) == (0, b"", other.stdout)
    assert "欠费说明.md".encode() in plain.stdout


def test_reader_that_goes_away():
    """A pipe that is closed early ends the command quietly."""
    with subprocess.Popen([sys.executable, "-m", "statemodel", "show", "scf.version", "--format", "lts"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
