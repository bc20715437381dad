"""`conform`: exit codes, what is printed where, known deviations, scripts, and what is wrong with adapters."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import mq
import pytest

from statemodel.cli import main
from statemodel.testing.adapter import ABILITIES, Link
from statemodel.testing.conforms import ConformanceError, assert_conforms
from statemodel.testing.report import Known
from statemodel.testing.reports.text import to_text
from statemodel.testing.script import Step
from statemodel.testing.shrink import shortest
from statemodel.testing.suite import Settings, conformance

HERE = Path(__file__).parent / "faults"
MODEL = "mq:QUEUE"
LINES = ('{"do": "call", "op": "CreateQueue", "args": {"QueueName": "a"}}',
         '{"do": "call", "op": "CreateQueue", "args": {"QueueName": "a"}}',
         '{"do": "call", "op": "GetQueue", "args": {"QueueName": "a"}}')


def ran(capsys, client, *argv):
    """Exit code, standard output and standard error of a run against a client."""
    code = main(["conform", MODEL, "--python", f"mq:{client}", "--examples", "5", *argv])
    return code, *capsys.readouterr()


@pytest.fixture
def write(tmp_path):
    """What writes a file and gives its name."""
    def written(name, *lines):
        place = tmp_path / name
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(place)

    return written


# ------------------------------------------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("client", "code", "begins"),
    [
        ("Queues", 0, "PASSED  mq.queue: nothing found ("),
        ("Wordy", 0, "PASSED  mq.queue: nothing found ("),
        ("Misspelt", 1, "FAILED  mq.queue: 1 finding ("),
        ("Stuck", 1, "FAILED  mq.queue: 1 finding ("),
        ("Strange", 1, "FAILED  mq.queue: 1 finding ("),
        ("Forgetful", 1, "FAILED  mq.queue: "),
        ("Reading", 3, "INCONCLUSIVE  mq.queue: nothing found ("),
        ("Elsewhere", 3, "INCONCLUSIVE  mq.queue: nothing found ("),
    ],
)
def test_exit_codes(capsys, client, code, begins):
    """0 passed, 1 findings, 3 where nothing could be judged; the verdict is the first line."""
    found, out, _ = ran(capsys, client)
    assert (found, out[:len(begins)]) == (code, begins)


@pytest.mark.parametrize(
    ("client", "name", "steps"),
    [
        ("Misspelt", "SM202:CreateQueue:AlreadyExists", ["CreateQueue", "CreateQueue"]),
        ("Stuck", "SM302:queue:Creating", ["CreateQueue", None, "GetQueue"]),
        ("Strange", "SM101:GetQueue:Status", ["CreateQueue", None, "GetQueue"]),
        ("Throttled", "SM202:DeleteQueue:RequestLimitExceeded", ["DeleteQueue"]),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_finding_has_its_name_and_shortest_script(client, name, steps, seed):
    """Whatever the seed, a fault has one name and as few steps as can be."""
    report = conformance(mq.QUEUE, getattr(mq, client), settings=Settings(seed=seed, examples=5))
    assert [one.name for one in report.findings] == [name]
    assert ([step.what for step in report.findings[0].script], report.findings[0].is_reproduced) == (steps, True)


def test_what_does_not_come_each_time_is_flagged():
    """A client that forgets to reset is found, and what is not shown each time it is done says so."""
    report = conformance(mq.QUEUE, mq.Forgetful, settings=Settings(examples=5))
    assert (bool(report.findings), any(one.is_steady for one in report.findings)) == (True, False)
    assert "It came now and then when the same was done again from a reset, and not each time" in to_text(report)


# ------------------------------------------------------------------------------------------------- what is printed


def test_json(capsys):
    """One document on standard output and nothing else, whatever the client prints."""
    code, out, err = ran(capsys, "Wordy", "--json", "--seed", "3")
    document = json.loads(out)
    assert (code, document["contract"], document["model"], document["result"], document["seed"]) == (
        0, 1, "mq.queue", "passed", 3)  # fmt: skip
    assert document["not_judged"] == ["CreateQueu", "SendMessage"]
    assert set(document["covered"]["states"]) == {"covered", "reachable", "left", "elsewhere"}
    assert "calling CreateQueue" in err


def test_near_misses_are_hinted_at(capsys):
    """An ability that the model does not know is no error; one nearly spelt as another gets a hint."""
    _, out, _ = ran(capsys, "Elsewhere")
    wanted = "unknown to the model, so not judged: GetQueu: did you mean GetQueue?,\n  SendMessage\n"
    assert wanted in out
    assert "This says little: no operation was called" in out


def test_junit(capsys, tmp_path):
    """JUnit XML is written beside what is printed."""
    code, out, _ = ran(capsys, "Misspelt", "--junit", str(tmp_path / "x.xml"))
    root = ET.parse(tmp_path / "x.xml").getroot()  # noqa: S314  # it is our own
    assert (code, out[:6], [one.get("type") for one in root.iter("failure")]) == (1, "FAILED", ["SM202"])


def test_junit_that_cannot_be_written(capsys, tmp_path):
    """A place that cannot be written is said before anything is run."""
    code, out, err = ran(capsys, "Broken", "--junit", str(tmp_path / "no" / "x.xml"))
    assert (code, out, "No such file or directory" in err) == (2, "", True)


def test_the_document_does_it_again(capsys):
    """What it names is what a shell needs to reach the client once more and to show the same."""
    _, out, _ = ran(capsys, "Misspelt", "--json", "--patience", "40")
    [found] = json.loads(out)["findings"]
    begin = "statemodel conform mq:QUEUE --python mq:Misspelt --patience 40 --script - <<'END'\n"
    assert found["again"].startswith(begin)
    again = f"{sys.executable} -m {found['again']}"
    done = subprocess.run(["sh", "-c", again], capture_output=True, text=True, check=False, cwd=HERE)  # noqa: S603, S607
    assert (done.returncode, found["what"].partition(",")[0] in done.stdout) == (1, True)


def test_annotations_stand_aside_of_json(capsys):
    """Annotations follow the text, and keep out of the document."""
    _, out, _ = ran(capsys, "Misspelt", "--github")
    assert out.splitlines()[-1].startswith("::error title=mq.queue%3A SM202%3ACreateQueue%3AAlreadyExists::")
    _, out, err = ran(capsys, "Misspelt", "--github", "--json")
    assert (json.loads(out)["result"], err[:8]) == ("failed", "::error ")


# ------------------------------------------------------------------------------------------------- known deviations


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("known.jsonl", ('{"name": "SM202:CreateQueue:*", "reason": "until May"}', "")),
        ("known.toml", ("[[known]]", 'name = "SM202:CreateQueue:*"', 'reason = "until May"')),
    ],
)
def test_known_deviations(capsys, write, name, lines):
    """A declared deviation does not fail a run; when it is gone, it does."""
    known = write(name, *lines)
    code, out, _ = ran(capsys, "Misspelt", "--known", known)
    assert (code, "SM202:CreateQueue:AlreadyExists" in out, ": until May\n" in out.replace("\n  ", " ")) == (0, True,
                                                                                                         True)
    code, out, _ = ran(capsys, "Queues", "--known", known)
    assert (code, "Gone: nothing was found for SM202:CreateQueue:* (until May)" in out) == (1, True)


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("x.jsonl", "nonsense", "x.jsonl:1: found 'nonsense', expected one JSON object a line"),
        ("x.jsonl", '{"name": "SM*"}', "x.jsonl:1: found"),
        ("x.jsonl", '{"name": "SM*", "reason": " "}', "x.jsonl:1: found"),
        ("x.toml", "= 3", "x.toml: expected TOML ("),
        ("x.toml", "[known]", "x.toml: expected tables [[known]]"),
    ],
)
def test_unreadable_declarations(capsys, write, name, line, said):
    """What cannot be read exits 2 and is shown."""
    code, out, err = ran(capsys, "Queues", "--known", write(name, line))
    assert (code, out, said in err) == (2, "", True)


# ------------------------------------------------------------------------------------------------- scripts


@pytest.mark.parametrize(
    ("client", "code", "said"),
    [("Queues", 0, "PASSED  mq.queue: 3 steps\n"), ("Misspelt", 1, "FAILED  mq.queue: 2 steps, 1 more not done\n")],
)
def test_script(capsys, write, client, code, said):
    """A script is shown step by step, up to what no conforming client does."""
    found, out, _ = ran(capsys, client, "--script", write("s.jsonl", *LINES))
    assert (found, out[:len(said)], '2  CreateQueue(QueueName="a")  refused, ' in out) == (code, said, True)


def test_script_as_json(capsys, write):
    """The same as a document."""
    code, out, _ = ran(capsys, "Misspelt", "--json", "--script", write("s.jsonl", *LINES))
    document = json.loads(out)
    assert (code, document["result"], len(document["script"]), document["not_done"]) == (1, "failed", 2, 1)


def test_what_a_client_cannot_do_is_left_out(capsys, write):
    """Steps that a client cannot do are named, the others are done."""
    happening = '{"do": "outcome", "event": "created"}'
    waiting = '{"do": "advance", "seconds": 3}'
    _, out, _ = ran(capsys, "Reading", "--script", write("s.jsonl", happening, waiting, *LINES))
    assert "or they cannot happen there: 1, 2.\n" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "expected at least one step"),
        ("{}", 's.jsonl:1: found \'{}\', expected "do" with call'),
        ('{"do": "call", "op": "Rename"}', "unknown operation 'Rename'; known: CreateQueue, DeleteQueue, GetQueue"),
        ('{"do": "happen", "event": "rain"}', "unknown event 'rain'; known: created, not created"),
    ],
)
def test_unreadable_scripts(capsys, write, line, said):
    """What is no script exits 2."""
    code, _, err = ran(capsys, "Queues", "--script", write("s.jsonl", line))
    assert (code, said in err) == (2, True)


# ------------------------------------------------------------------------------------------------- children


def child(*argv, client=f"{sys.executable} {HERE / 'mq.py'}"):
    """A finished process that ran the suite against a child."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "statemodel", "conform", MODEL, "--exec", client, "--examples", "3", *argv],
        capture_output=True, text=True, check=False, cwd=HERE, encoding="utf-8",
    )  # fmt: skip


def test_child():
    """A client that is a program passes or fails as one in Python does, and the finding says how to do it again."""
    assert child().returncode == 0
    done = child(client=f"{sys.executable} {HERE / 'mq.py'} --fault Misspelt")
    again = f"statemodel conform {MODEL} --exec '{sys.executable} {HERE / 'mq.py'} --fault Misspelt' --script - <<'END'"
    assert (done.returncode, done.stderr, again in done.stdout) == (1, "", True)


@pytest.mark.parametrize(
    ("client", "said"),
    [("no-such-program", "there is no program 'no-such-program'"),
     (f"{sys.executable} -c 'print(1)'", "the line '1', which is no object"),
     (f"{sys.executable} -c 'raise SystemExit(\"out of order\")'", "out of order")],
)  # fmt: skip
def test_what_is_no_client(client, said):
    """A child that breaks the contract exits 2, with one text and no traceback."""
    done = child(client=client)
    assert (done.returncode, done.stdout, said in done.stderr) == (2, "", True)
    assert "Traceback" not in done.stderr.partition("standard error:")[0]
    assert done.stderr.startswith("statemodel: error: the adapter was asked ")


def test_what_raises_is_no_client(capsys):
    """An adapter in Python that raises exits 2, too."""
    code, out, err = ran(capsys, "Broken")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("statemodel: error: the adapter was asked to call ")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["conform", MODEL], "one of the arguments --exec --python is required"),
        (["conform", "mq:NOTHING", "--python", "mq:Queues"],
         "model mq:NOTHING: module mq has no 'NOTHING'; it has QUEUE."),
        (["conform", MODEL, "--python", "mq:Nobody"], "--python mq:Nobody: module mq has no 'Nobody'; it has Queues, "),
        (["conform", MODEL, "--python", "mq:Queues", "--patience", "0"], "'0' is not a whole number from 1 to"),
        (["conform", MODEL, "--python", "mq:Queues", "--timeout", "0"], "'0' is not a number of seconds above 0"),
        (["conform", MODEL, "--python", "mq:Queues", "--known", "nowhere"], "nowhere: No such file or directory"),
    ],
)  # fmt: skip
def test_bad_usage(capsys, argv, said):
    """Bad usage exits 2 on standard error alone."""
    code, (out, err) = main(argv), capsys.readouterr()
    assert (code, out, said in err) == (2, "", True)


# ------------------------------------------------------------------------------------------------- as a test


def test_one_line():
    """A client that conforms gives the report; another raises what the command would print."""
    assert assert_conforms(mq.QUEUE, mq.Queues, examples=3).findings == ()
    with pytest.raises(ConformanceError, match="CreateQueue was refused, which is right, but with AlreadyExists"):
        assert_conforms(mq.QUEUE, mq.Misspelt, examples=3)
    known = (Known("SM202:CreateQueue:*", "until May"),)
    assert len(assert_conforms(mq.QUEUE, mq.Misspelt, examples=3, known=known).known) == 1


def test_abilities_beyond_the_model():
    """What a client offers beyond the model is put aside; steering still needs its method."""
    link = Link(mq.Wordy(), ("CreateQueue", "DeleteQueue", "GetQueue"))
    assert link.abilities == frozenset(mq.Queues.abilities)
    assert (link.beyond, "clock" in ABILITIES) == (("CreateQueu", "SendMessage"), True)


# ------------------------------------------------------------------------------------------------- shorter scripts


def steps(text):
    """A script of one letter a step."""
    return tuple(Step("call", letter) for letter in text)


@pytest.mark.parametrize(
    ("script", "needs", "shortened"),
    [("abcdefghijX", "X", "X"), ("abcdefghijX", "cgX", "cgX"), ("aabbccX", "bX", "bX"), ("abcabcabcX", "aacX", "aacX")],
)
def test_shortest(script, needs, shortened):
    """What is left is what is needed, in order, and nothing can be spared of it."""
    tried = []

    def shows(candidate):
        tried.append(candidate)
        letters = iter(step.what for step in candidate)
        return candidate if all(letter in letters for letter in needs) else None

    found = shortest(steps(script), shows, lambda: len(tried) < 200, lambda *_: False)
    assert "".join(step.what for step in found) == shortened
    assert len({str(one) for one in tried}) == len(tried)


def test_pairs_are_tried():
    """A step and the one that undoes it go together."""
    def shows(candidate):
        letters = "".join(step.what for step in candidate)
        return candidate if letters.count("(") == letters.count(")") and letters.endswith("X") else None

    assert shortest(steps("(a)(b)X"), shows, lambda: True, lambda *_: False) == steps("X")


def test_times_arguments_and_names():
    """Waits get shorter, arguments that can be spared go, and names are numbered from 1."""
    script = (Step("advance", seconds=3_600.0), Step("call", "Op", {"Name": "fn-7", "content": "code-9", "Extra": 1}))

    def shows(candidate):
        return candidate if candidate[0].seconds >= 5 and candidate[-1].what == "Op" else None

    found = shortest(script, shows, lambda: True, lambda _, name: name == "Extra")
    assert found == (Step("advance", seconds=10.0), Step("call", "Op", {"Name": "fn-1", "content": "code-1"}))


def test_shortening_keeps_to_its_budget():
    """Nothing is tried when nothing may be."""
    assert shortest(steps("abX"), pytest.fail, lambda: False, lambda *_: False) == steps("abX")
