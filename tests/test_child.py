"""A client in a process of its own speaks lines of JSON; whatever else it does is told, and nothing of it is left."""

import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from naughty import WAYS

from statemodel.coverage.stages import Stage
from statemodel.errors import AdapterError
from statemodel.oracle.check import judge
from statemodel.registry import model
from statemodel.testing import child
from statemodel.testing.adapter import Reply, open_link
from statemodel.testing.ahead import Ahead
from statemodel.testing.child import ChildAdapter

FAULTS = Path(__file__).parent / "faults"
OPERATIONS = tuple(one.name for one in model("scf").operations)
NODE = shutil.which("node")
F = {"FunctionName": "f"}
CALL = 'to call GetFunction {"FunctionName": "f"}'
RIGHT = 'either {"result": {...}} with a JSON object, or {"error": "Code"} with a code'
OBJECT = "write exactly one JSON object a line to standard output, and everything else to standard error"
FLUSH = "flush every line, answer every request, or raise the time limit"
ONCE = "answer every line once, in order, with the id it came with"
BESIDE = "answer a call by one of the two, beside the id"
GO_ON = "let it answer until its standard input ends"
WHY = f"{GO_ON}; what it wrote to standard error may say why it did not"
MUTE = ", and wrote nothing to standard error"
STREAMS = "write answers to standard output, and everything else to standard error"
ANEW = 'let reset succeed whatever was done before: forget everything, then answer {"id": 2}'
ACTIVE = '{"id": 3, "result": {"Status": "Active"}}'
THIRD = 'a line of JSON {"id": 3, ...}'
LIMIT_S, SHORT_S = 30.0, 2.0  # the short one where it must be waited for
HANGING = ("deaf", "hangs", "hangs-at-once", "logs-requests", "lowers-its-ears", "wrong-stream")
HUNG = (f"no line within {SHORT_S:g} s", "one line of JSON", FLUSH)


def command(how):
    """A child that misbehaves in a way of its own."""
    return f"{sys.executable} {FAULTS / 'naughty.py'}{f' --how {how}' if how else ''}"


def reach(how, operations=("GetFunction",)):
    """A link to such a child."""
    limit_s = SHORT_S if how in HANGING else LIMIT_S
    return open_link(lambda: ChildAdapter(command(how), "scf", limit_s), operations)


def call_twice(how, work=lambda: False):
    """Everything that a child is asked until it misbehaves."""
    with reach(how) as link:
        link.work_meanwhile(work)
        link.reset()
        link.call("GetFunction", F)
        link.call("GetFunction", F)
        link.advance(60)


def is_running(number):
    """Whether a process is there and no zombie."""
    status = Path(f"/proc/{number}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# ------------------------------------------------------------------------------------------------- one that behaves


def test_a_child_is_driven():
    """Greeting, reset, calls and steers reach it, and closing ends it."""
    adapter = ChildAdapter(command(None), "scf", LIMIT_S)
    number = adapter._process.pid  # noqa: SLF001
    with open_link(lambda: adapter, ("GetFunction",)) as link:
        link.reset()
        assert link.abilities == {"GetFunction", "clock", "outcome"}
        assert link.call("GetFunction", F) == Reply(result={"Status": "Active"})
        assert (link.advance(60), link.outcome("create failed"), link.happen("idle")) == (True, True, False)
        assert is_running(number)
    adapter.close()
    assert not is_running(number)


def test_a_child_may_say_that_it_cannot():
    """An unsupported steer is no error."""
    with reach("unsupported") as link:
        assert (link.advance(60), link.outcome("create failed")) == (False, False)


def test_a_flood_of_errors_is_drained():
    """A child that fills its standard error is not held up."""
    with reach("floods-stderr") as link:
        assert link.call("GetFunction", F) == Reply(result={"Status": "Active"})


def test_what_a_child_started_goes_with_it():
    """Closing ends the children of the child as well."""
    with reach("leaves-children") as link:
        started = link.call("GetFunction", F).result["child"]
        assert is_running(started)
    until = time.monotonic() + 5
    while is_running(started) and time.monotonic() < until:
        os.sched_yield()
    assert not is_running(started)


def test_letters_of_all_kinds_pass():
    """What goes over the line is UTF-8."""
    with open_link(lambda: ChildAdapter(f"{sys.executable} {FAULTS / 'scf_service.py'}", "scf"), OPERATIONS) as link:
        link.call("CreateFunction", {"FunctionName": "函数", "content": "né\u2028x"})
        link.advance(60)
        assert link.call("Invoke", {"FunctionName": "函数"}) == Reply(result={"content": "né\u2028x"})


# ------------------------------------------------------------------------------------------------- those that do not


@pytest.mark.parametrize(
    ("how", "asked", "came", "expected", "mend", "last"),
    [
        ("both", CALL, ("the answer has both result and error in the line "
         """'{"id": 3, "result": {"Status": "Active"}, "error": "Code"}'"""), RIGHT, BESIDE, ()),
        ("neither", CALL, """the answer has neither result nor error in the line '{"id": 3}'""", RIGHT, BESIDE, ()),
        ("error-is-a-number", CALL, """error is 404 in the line '{"id": 3, "error": 404}'""", RIGHT, BESIDE, ()),
        ("wrong-id", CALL, """the line '{"id": 10, "result": {"Status": "Active"}}', whose id was not asked for""",
         THIRD, ONCE, ()),
        ("true-for-an-id", CALL, ("""the line '{"id": true, "result": {"Status": "Active"}}', """
         "whose id was not asked for"), THIRD, ONCE, ()),
        ("no-id", CALL, """the line '{"result": {}}', whose id was not asked for""", THIRD, ONCE, ()),
        ("twice", CALL, ("""the line '{"id": 3, "result": {"Status": "Active"}}', """
         "a second answer to id 3 (GetFunction)"), 'a line of JSON {"id": 4, ...}', ONCE, ()),
        ("no-object", CALL, """the line '["Active"]', which is no object""", THIRD, OBJECT, ()),
        ("rubbish", CALL, "the line 'Traceback: oh no', which is no JSON", THIRD, OBJECT, ()),
        ("no-text", CALL, r"the line b'\xff\xfe', which is no JSON", THIRD, OBJECT, ()),
        ("long-line", CALL, f"a line of more than 10,000,000 bytes that begins '{'x' * 80}'", "shorter lines", OBJECT,
         ()),
        ("wrong-stream", CALL, f"no line within {SHORT_S:g} s, for the answer went to standard error",
         "one line of JSON", STREAMS, (ACTIVE,)),
        ("wrong-stream-and-ends", CALL,
         "the child ended by itself, with exit code 0, for the answer went to standard error",
         "a line of JSON", STREAMS, ("""{"id": 3, "do": "call"}""", ACTIVE)),
        ("logs-requests", CALL, *HUNG, ("""{"id": 3, "do": "call"}""", """{"id": 3, "level": "info"}""")),
        ("hangs", CALL, *HUNG, ()),
        ("lowers-its-ears", CALL, *HUNG, ()),
        ("deaf", "to reset", *HUNG, ()),
        ("hangs-at-once", "to say hello", *HUNG, ()),
        ("dies", CALL, "the child ended by itself, with exit code 3", "a line of JSON", WHY, ("something gave way",)),
        ("dies-in-a-line", CALL, ("""the child ended by itself, with exit code 4, after the unfinished line """
         """'{"id": 2, "res'""" + MUTE), "a line of JSON", GO_ON, ()),
        ("dies-by-signal", CALL, f"the child ended by itself, by SIGKILL{MUTE}", "a line of JSON", GO_ON, ()),
        ("closes-stdout", CALL, f"the child closed its standard output and goes on running{MUTE}", "a line of JSON",
         GO_ON, ()),
        ("says-ready", "to say hello", "the line 'ready', which is no JSON", 'a line of JSON {"id": 1, ...}', OBJECT,
         ()),
        ("no-abilities", "to say hello", """the line '{"id": 1}'""",
         '{"id": 1, "abilities": [...]} with names of operations and abilities',
         "answer hello by what the client can do under contract 1", ()),
        ("refuses-to-reset", "to reset", """the line '{"id": 2, "error": "no such thing"}'""", '{"id": 2}', ANEW, ()),
        ("result-of-reset", "to reset", """the line '{"id": 2, "result": {"done": true}}'""", '{"id": 2}',
         "leave result out of the answer", ()),
        ("refuses-to-advance", "to advance 60 seconds", """the line '{"id": 5, "error": "no clock"}'""",
         '{"id": 5} or {"id": 5, "unsupported": true}',
         'do it and answer {"id": 5}, or answer {"id": 5, "unsupported": true}', ()),
    ],
)  # fmt: skip
def test_a_naughty_child_is_an_adapter_error(how, asked, came, expected, mend, last):
    """The message quotes what came, says what was expected, and comes within the time limit and that for its end."""
    begin = time.monotonic()
    with pytest.raises(AdapterError) as caught:
        call_twice(how)
    assert time.monotonic() - begin < SHORT_S + child.LEAVE_S + child.END_S + 8
    error = caught.value
    text = f"the adapter was asked {asked} ({command(how)}): {came}; expected {expected}. To mend it: {mend}."
    below = ["Last lines of its standard error:", *(f"  {line}" for line in last)] if last else []
    assert str(error).splitlines() == [text, *below]
    assert error.stderr == last


def test_every_way_is_tried():
    """No naughty child is left out of these tests."""
    [mark] = test_a_naughty_child_is_an_adapter_error.pytestmark
    tried = {case[0] for case in mark.args[1]}
    assert set(WAYS) - tried == {"floods-stderr", "leaves-children", "unsupported"}


def test_only_the_last_lines_are_told():
    """Of a flood the end is kept, and long lines are cut."""
    tail = child._Tail()  # noqa: SLF001
    for number in range(50):
        tail.add(f"line {number}\n".encode())
    tail.add(b"x" * 5000)
    lines = tail.lines()
    assert (len(lines), lines[0], lines[-2]) == (20, "line 31", "line 49")
    assert lines[-1] == "x" * 297 + "..."


def test_a_child_that_failed_stays_ended():
    """After an error everything else is refused for the same reason."""
    with reach("dies") as link:
        for _ in range(2):
            with pytest.raises(AdapterError) as caught:
                link.call("GetFunction", F)
    came = f"the child was ended, because asked {CALL}: the child ended by itself, with exit code 3"
    assert (caught.value.came, caught.value.stderr) == (came, ("something gave way",))


@pytest.mark.parametrize(
    ("line", "came", "expected", "mend"),
    [
        ("no-such-program --x", "there is no program 'no-such-program'", "a program that can be run",
         "spell it as it is found from here, or give its whole path"),
        ("{here}", "'{here}' may not be executed", "a program that can be run",
         "make it executable, or name its interpreter before it"),
        ("{text}", "'{text}' cannot be run: Exec format error", "a program that can be run",
         "name its interpreter before it"),
        ("say 'hello", "the command cannot be parted: No closing quotation", "a command", "mend its quotes"),
        ("  ", "the command is empty", "a program and its arguments", "name a program"),
    ],
)  # fmt: skip
def test_a_command_that_cannot_run(tmp_path, line, came, expected, mend):
    """What cannot be started is told as it was written."""
    text = tmp_path / "text"
    text.write_text("no program", encoding="utf-8")
    text.chmod(0o755)
    names = {"here": FAULTS, "text": text}
    with pytest.raises(AdapterError) as caught:
        ChildAdapter(line.format(**names), "scf")
    asked = f"to start {line.format(**names)!r}"
    assert str(caught.value) == (
        f"the adapter was asked {asked}: {came.format(**names)}; expected {expected}. To mend it: {mend}."
    )


# ------------------------------------------------------------------------------------------------- another language


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_a_client_in_another_language():
    """A service in JavaScript is driven like any other, and does what the model says."""
    records = []
    with open_link(lambda: ChildAdapter(f"{NODE} {FAULTS / 'scf_service.mjs'}", "scf"), OPERATIONS) as link:
        assert link.abilities == {"CreateFunction", "GetFunction", "UpdateFunctionCode", "DeleteFunction", "Invoke",
                                  "clock", "outcome", "content"}  # fmt: skip
        link.reset()
        for op, given in (
            ("GetFunction", F), ("CreateFunction", {**F, "content": "a"}), ("CreateFunction", {**F, "content": "b"}),
            ("GetFunction", F), ("Invoke", F), ("advance", 60), ("GetFunction", F), ("Invoke", F),
            ("outcome", "update failed"), ("UpdateFunctionCode", {**F, "content": "c"}), ("Invoke", F),
            ("UpdateFunctionCode", {**F, "content": "d"}), ("advance", 60), ("GetFunction", F), ("Invoke", F),
            ("UpdateFunctionCode", {**F, "content": "e"}), ("advance", 60), ("GetFunction", F), ("Invoke", F),
            ("DeleteFunction", F), ("advance", 60), ("GetFunction", F),
        ):  # fmt: skip
            if op in ("advance", "outcome"):
                assert getattr(link, op)(given)
            else:
                records.append({"resource": "f", "op": op, "args": given, **link.call(op, given).to_record()})
    told = [one.get("error") or one["result"].get("Status") or one["result"].get("content") for one in records]
    assert told == [
        "ResourceNotFound.Function", None, "ResourceInUse.FunctionName", "Creating",
        "FailedOperation.FunctionStatusError", "Active", "a", None, "a", "FailedOperation.UpdateFunctionCode",
        "UpdateFailed", "a", None, "Active", "e", None, "ResourceNotFound.Function",
    ]  # fmt: skip
    [verdict] = judge(model("scf"), records, start="absent", environment="recorded").verdicts
    assert str(verdict.outcome) == "conforms"


# ------------------------------------------------------------------------------- work while a child is waited for


def test_work_is_done_while_a_child_is_waited_for():
    """A little at a time until there is no more, and the answers are what they would be anyway."""
    left = iter([True] * 3 + [False])
    done = []

    def work():
        done.append(next(left))
        return done[-1]

    with reach("") as link:
        link.reset()
        before = link.call("GetFunction", F)
        link.work_meanwhile(work)
        while len(done) < 4:  # as often as the answer is not there at once
            assert link.call("GetFunction", F) == before
        assert link.call("GetFunction", F) == before
    assert done == [True, True, True, False]


def test_work_without_an_end_does_not_hide_that_a_child_hangs():
    """The time limit holds."""
    began = time.monotonic()
    with pytest.raises(AdapterError, match=f"no line within {SHORT_S:g} s"):
        call_twice("hangs", lambda: time.sleep(0.001) or True)
    assert time.monotonic() - began < SHORT_S + 2


def test_work_that_takes_long_is_not_laid_at_the_childs_door():
    """An answer that came while something else was done came in time."""
    done = []
    child_adapter = ChildAdapter(command(""), "scf", LIMIT_S)
    try:
        child_adapter.timeout_s = 0.3
        child_adapter.work_meanwhile(lambda: done.append(time.sleep(0.5)) or True)
        while not done:
            assert child_adapter.call("GetFunction", F)
    finally:
        child_adapter.close()


def test_what_goes_wrong_in_making_a_stage_is_raised_where_it_is_needed():
    """And not where a client is waited for; what was made before is there."""

    def making():
        yield 1
        yield Stage("first", None, ())
        yield 2
        raise ZeroDivisionError

    ahead = Ahead(making())
    while ahead.work():
        pass
    stages = iter(ahead)
    assert next(stages).name == "first"
    with pytest.raises(ZeroDivisionError):
        next(stages)


def test_stages_are_the_same_whether_made_ahead_or_not():
    """However much is done before they are asked for, and as often as they are asked for."""
    told = []
    ahead = Ahead(iter([0, Stage("a", None, ()), 1, 256, Stage("b", None, ())]), told.append)
    assert ahead.work()
    assert [one.name for one in ahead] == [one.name for one in ahead] == ["a", "b"]
    assert told == [0, 256]
