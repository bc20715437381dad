"""A fake service in a process of its own speaks the contract, and nothing that is sent to it ends it."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import statemodel
from statemodel.catalogue import SCF
from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.servers.stdio import answer, serve
from statemodel.simulator import ABILITIES, FakeService, Simulator

PLACE = Path(statemodel.__file__).parents[1]
F = {"FunctionName": "f"}


def ran(*argv, lines=(), cwd=PLACE):
    """A finished `statemodel simulate` that was sent some lines."""
    sent = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    return subprocess.run([sys.executable, "-m", "statemodel", "simulate", *argv], input=sent.encode(),  # noqa: S603
                          capture_output=True, check=False, cwd=cwd, timeout=60)


def said(*requests, argv=("scf",)):
    """The answers of a process to some requests."""
    done = ran(*argv, "--stdio", lines=requests)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def asked(line, **options):
    """The answer to one line, within this process."""
    adapter = FakeService(Simulator.of(SCF), **options)
    return answer(adapter, line if isinstance(line, str) else json.dumps(line), names={"scf"})


def test_the_contract_as_it_is_written():
    """The lines of the contract are answered as it says."""
    found = said(
        {"id": 1, "do": "hello", "contract": 1, "model": "scf"},
        {"id": 2, "do": "reset"},
        {"id": 3, "do": "call", "op": "CreateFunction", "args": F},
        {"id": 4, "do": "call", "op": "GetFunction", "args": F},
        {"id": 5, "do": "call", "op": "Invoke", "args": F},
        {"id": 6, "do": "outcome", "event": "create failed"},
        {"id": 7, "do": "advance", "seconds": 60},
        {"id": 8, "do": "happen", "event": "balance exhausted"},
        {"id": "nine", "do": "call", "op": "GetFunction", "args": F},
    )
    assert found[0] == {"id": 1, "abilities": [one.name for one in SCF.operations] + list(ABILITIES)}
    assert found[4].pop("error") in ("FailedOperation.FunctionStatusError", "FailedOperation.InvokeFunction",
                                     "ResourceNotFound.Function", "ResourceNotFound.FunctionName")
    assert found[1:] == [
        {"id": 2}, {"id": 3, "result": {}},
        {"id": 4, "result": {"Status": "Creating", "AvailableStatus": "Available"}},
        {"id": 5}, {"id": 6}, {"id": 7}, {"id": 8},
        {"id": "nine", "result": {"Status": "CreateFailed", "AvailableStatus": "InsufficientBalance"}},
    ]


WALK = (
    ("call", "CreateFunction", {"content": "one"}), ("call", "GetFunction", {}), ("advance", 5),
    ("call", "Invoke", {}), ("call", "UpdateFunctionCode", {"content": "two"}), ("call", "UpdateFunctionCode", {}),
    ("outcome", "update failed"), ("advance", 5), ("call", "GetFunction", {}), ("call", "Invoke", {}),
    ("call", "UpdateFunctionCode", {"content": "two"}), ("advance", 5), ("call", "Invoke", {}),
    ("call", "PublishVersion", {}), ("advance", 5), ("call", "ListVersionByFunction", {"Limit": 1}),
    ("call", "ListVersionByFunction", {"Limit": 1, "Offset": 1}),
    ("call", "CreateAlias", {"Name": "live", "FunctionVersion": "1"}), ("call", "Invoke", {"Qualifier": "live"}),
    ("call", "DeleteFunctionVersion", {"Qualifier": "1"}), ("happen", "balance exhausted"), ("call", "Invoke", {}),
    ("happen", "balance restored"), ("advance", 5), ("call", "DeleteAlias", {"Name": "live"}),
    ("call", "DeleteFunction", {}), ("outcome", "delete failed"), ("advance", 5), ("call", "GetFunction", {}),
    ("call", "DeleteFunction", {}), ("advance", 5), ("call", "GetFunction", {}), ("call", "ListFunctions", {}),
)


def test_a_whole_life_over_a_pipe():
    """A function from creation to deletion, every answer as the model has it."""
    requests = []
    for number, (do, what, *rest) in enumerate(WALK):
        parts = {"op": what, "args": {**F, **rest[0]}} if do == "call" else {
            "seconds" if do == "advance" else "event": what}
        requests.append({"id": number, "do": do, **parts})
    answers = said(*requests, argv=("scf", "--policy", "delete_again=accepted", "--policy",
                                    "latest_shows_publishing=separate"))
    assert [one["id"] for one in answers] == list(range(len(WALK)))
    assert not any("unsupported" in one for one in answers)
    records = []
    for request, found in zip(requests, answers, strict=True):
        if request["do"] == "call":
            answered = {name: value for name, value in found.items() if name != "id"}
            records.append({"resource": "f", "op": request["op"], "args": request["args"], **answered})
        elif request["do"] == "happen":
            records.append({"resource": "f", "event": request["event"]})
    verdict = judge(SCF, records, start="absent", environment="recorded").verdicts[0]
    assert verdict.outcome is Outcome.CONFORMS, verdict.text()
    statuses = [one["result"]["Status"] for request, one in zip(requests, answers, strict=True)
                if request.get("op") == "GetFunction" and "result" in one]
    served = [one["result"]["content"] for request, one in zip(requests, answers, strict=True)
              if request.get("op") == "Invoke" and "result" in one]
    assert statuses == ["Creating", "UpdateFailed", "DeleteFailed"]
    assert served == ["one", "one", "two", "two"]
    assert answers[-1]["result"] == {"Functions": [], "TotalCount": 0}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "not a line of JSON: 'nonsense'"),
        ("[1]", "not a JSON object: '[1]'"),
        ('{"do": "hello"', "not a line of JSON: '{\"do\": \"hello\"'"),
        ({"do": "dance"}, "unknown do 'dance'; known: hello, reset, call, outcome, advance, happen"),
        ({"do": ["call"]}, "unknown do ['call']; known: hello, reset, call, outcome, advance, happen"),
        ({}, "unknown do None; known: hello, reset, call, outcome, advance, happen"),
        ({"do": "hello", "contract": 2}, "contract 2 is not spoken here, only 1"),
        ({"do": "hello", "contract": 1, "model": "fc"}, "model 'fc' is not served here, only scf"),
        ({"do": "hello", "contract": 1, "model": ["fc"]}, "model ['fc'] is not served here, only scf"),
        ({"do": "call"}, "a text is needed under 'op', not None"),
        ({"do": "call", "op": "GetFunction", "args": [1]}, "an object is needed under 'args', not [1]"),
        ({"do": "advance"}, "a number is needed under 'seconds', not None"),
        ({"do": "advance", "seconds": True}, "a number is needed under 'seconds', not True"),
        ({"do": "advance", "seconds": -1}, "unknown number of seconds '-1'; known: 0 or more"),
        ({"do": "outcome", "event": "rain"}, "'rain' is not known here, or cannot happen now"),
        ({"do": "happen", "event": "create failed"}, "'create failed' is not known here, or cannot happen now"),
        ('{"do": "call", "op": "GetFunction", "args": ' + '{"a": ' * 20_000 + "1" + "}" * 20_000 + "}", None),
    ],
)
def test_what_cannot_be_done_is_told(line, message):
    """A line that asks for what cannot be is unsupported, with the reason."""
    found = asked(line)
    assert (found["id"], found["unsupported"]) == (None, True)
    assert found["message"] == message or message is None


def test_an_unknown_operation_keeps_its_number():
    """The answer to an operation that does not exist says which one was asked for, and which exist."""
    found = asked({"id": 4, "do": "call", "op": "Nope"})
    assert (found["id"], found["unsupported"]) == (4, True)
    assert found["message"].startswith("unknown operation 'Nope'; known: CreateFunction, ")


@pytest.mark.parametrize(("ability", "request_"), [
    ("clock", {"do": "advance", "seconds": 1}), ("outcome", {"do": "outcome", "event": "create failed"}),
    ("environment", {"do": "happen", "event": "balance exhausted"})])
def test_an_ability_may_be_lacking(ability, request_):
    """What it is to lack is not named, and not done."""
    assert asked(request_, without=(ability,)) == {
        "id": None, "unsupported": True, "message": f"this client lacks the ability {ability!r}"}
    assert ability not in asked({"do": "hello", "contract": 1}, without=(ability,))["abilities"]


def test_it_goes_on_after_nonsense():
    """Nonsense, an empty line and bytes that are no text do not end it."""
    adapter = FakeService(Simulator.of(SCF))
    answers = io.StringIO()
    serve(adapter, io.StringIO('nonsense\n\n{"id": 2, "do": "reset"}\n'), answers, model="scf")
    assert [json.loads(line)["id"] for line in answers.getvalue().splitlines()] == [None, 2]
    done = subprocess.run([sys.executable, "-m", "statemodel", "simulate", "scf", "--stdio"],
                          input=b'\xff\xfe\n{"id": 2, "do": "reset"}\n', capture_output=True, check=False, cwd=PLACE)
    assert (done.returncode, [json.loads(line)["id"] for line in done.stdout.splitlines()]) == (0, [None, 2])


def test_without_a_clock_polling_is_enough():
    """A service without a clock moves as it is called."""
    requests = [{"do": "call", "op": "CreateFunction", "args": F}]
    requests += [{"do": "call", "op": "GetFunction", "args": F} for _ in range(6)]
    found = said(*requests, argv=("scf", "--without", "clock"))
    assert (found[1]["result"]["Status"], found[-1]["result"]["Status"]) == ("Creating", "Active")


def test_a_model_of_ones_own(tmp_path):
    """A model is named as everywhere, and greeted by that name or its own."""
    (tmp_path / "mine.py").write_text("from statemodel.catalogue import LAYER as MINE\n", encoding="utf-8")
    done = ran("mine:MINE", "--stdio", cwd=tmp_path, lines=[
        {"do": "hello", "contract": 1, "model": name} for name in ("mine:MINE", "scf.layer", "scf")])
    assert ["abilities" in json.loads(line) for line in done.stdout.splitlines()] == [True, True, False]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["scg", "--stdio"], "unknown model 'scg'; known: scf, "),
        (["scf", "--stdio", "--policy", "delete_again"], "unknown form of a policy 'delete_again'; known: name=option"),
        (["scf", "--stdio", "--policy", "delete_agian=accepted"], "unknown policy 'delete_agian'; known: "),
        (["scf", "--stdio", "--policy", "delete_again=maybe"],
         "unknown option of policy delete_again 'maybe'; known: "),
        (["scf", "--stdio", "--without", "clocks"], "unknown ability 'clocks'; known: CreateFunction, "),
    ],
)
def test_a_mistake_is_one_line(argv, message):
    """What is asked for wrongly ends it with one line and exit code 2."""
    done = ran(*argv)
    found = done.stderr.decode()
    assert (done.returncode, done.stdout, found.count("\n")) == (2, b"", 1)
    assert found.startswith(f"statemodel: error: {message}")


@pytest.mark.parametrize("argv", [["scf"], ["scf", "--stdio", "--delay", "-1"], ["scf", "--stdio", "--tick", "nan"],
                                  ["scf", "--stdio", "--seed", "x"], ["scf", "--http", "65536"],
                                  ["scf", "--stdio", "--http", "0"]])
def test_a_misspelt_command(argv):
    """Arguments that cannot be read are bad usage."""
    assert ran(*argv).returncode == 2
