"""What a run found, as people and programs read it: golden texts, the document, JUnit XML, annotations, names."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import mq
import pytest
from playing import Scripted

from statemodel.oracle.verdict import CODES
from statemodel.registry import model
from statemodel.testing.play import play
from statemodel.testing.report import Finding, Known, Report, Result, Tally
from statemodel.testing.reports.annotations import to_annotations
from statemodel.testing.reports.document import played_document, to_document
from statemodel.testing.reports.junit import to_junit
from statemodel.testing.reports.text import played_text, to_text
from statemodel.testing.reports.told import finding_lines
from statemodel.testing.script import Step, from_lines
from statemodel.testing.suite import Settings, conformance

GOLDEN = Path(__file__).parent / "golden"
CREATE, GET, DELETE = (Step("call", name, {"QueueName": "fn-1"}) for name in ("CreateQueue", "GetQueue", "DeleteQueue"))
F = {"FunctionName": "fn-1"}
MADE = (Step("call", "CreateFunction", {**F, "content": "code-1"}), Step("advance", seconds=60.0),
        Step("call", "GetFunction", F))
UPDATE = Step("call", "UpdateFunctionCode", {**F, "content": "code-2"})
READ, INVOKE = Step("call", "GetFunction", F), Step("call", "Invoke", F)


ABLE = ("CreateFunction", "UpdateFunctionCode", "GetFunction", "Invoke", "clock", "content")
ACTIVE, CREATING = {"Status": "Active"}, {"Status": "Creating"}
CASES = {
    "update-while-creating": ((MADE[0], READ, UPDATE, READ), ({}, CREATING, {}, CREATING)),
    "wrong-code": ((*MADE, Step("call", "CreateFunction", MADE[0].args)), ({}, ACTIVE, "NoSuchCode")),
    "content-changed": ((*MADE, INVOKE), ({}, ACTIVE, {"content": "code-7"})),
    "refused": ((*MADE, UPDATE), ({}, ACTIVE, "FailedOperation.FunctionStatusError")),
    "stuck": ((MADE[0], Step("advance", seconds=3_600.0), READ, READ), ({}, CREATING, CREATING)),
    "unknown-status": (MADE, ({}, {"Status": "Ready"})),
    "throttled": ((MADE[0],), ("RequestLimitExceeded",) * 4),
}


def compared(text, name):
    """Whether a text is the golden one of that name; the text wanted is written beside it where it is not."""
    place = GOLDEN / f"{name}.txt"
    if not place.exists():
        place.write_text(text, encoding="utf-8")
    assert text == place.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_words_for_a_fault(name):
    """Every kind of fault is told so that somebody who knows neither model nor suite understands it."""
    script, answers = CASES[name]
    played = play(model("scf"), lambda: Scripted(ABLE, *answers), script)
    compared(played_text(played, command="statemodel conform scf --exec './client'"), f"conform-{name}")


@pytest.fixture(scope="module")
def found():
    """A finding."""
    return play(mq.QUEUE, mq.Misspelt, (CREATE, CREATE)).finding


@pytest.fixture(scope="module")
def report(found):
    """A report with something of everything."""
    gone = Known("SM203:*", "the status was slow in March")
    return Report(
        "mq.queue", ("CreateQueue", "clock"), ("GetQueu: did you mean GetQueue?",),
        (attrs.evolve(found, phase="cover", times=3), attrs.evolve(found, name="SM202:CreateQueue:Other",
                                                                   is_reproduced=False, phase="random")),
        ((attrs.evolve(found, name="SM202:CreateQueue:Old"), Known("SM202:*:Old", "mended in the next release")),),
        (gone,), (Tally("states", 3, 4, ("queue: Failed",), ("queue: Lost",)), Tally("pairs", 1, 3, ("a", "b"))),
        ("cases that need outcome", "calls of DeleteQueue"), ("GetQueue.Status",), ("not created",),
        calls=1234, examples=60, throttled=2, seed=7, seconds=1.25,
    )  # fmt: skip


def test_whole_report(report):
    """The verdict comes first, then each finding, what is known and gone, and what was covered and what was not."""
    compared(to_text(report), "conform-report")


def test_a_report_that_found_nothing():
    """What was never met is named, first some, then how many more."""
    left = tuple(f"queue: goal {number}" for number in range(12))
    clean = Report("mq.queue", tallies=(Tally("states", 4, 4), Tally("transitions", 1, 13, left)), calls=9, seconds=0.5)
    compared(to_text(clean), "conform-clean")
    assert clean.result is Result.PASSED


def test_what_was_left_out_is_said(found):
    """Whether all but the random walks was run, or enough was found before."""
    begins = ["The run ended early", "Random walks were left out"]
    for has_walks_left in (False, True):
        report = Report("mq.queue", findings=(found,), is_complete=False, has_walks_left=has_walks_left)
        assert [one for one in begins if f"\n{one}" in to_text(report)] == [begins[has_walks_left]]


@pytest.mark.parametrize(("examples", "findings", "has_left"), [(1, 5, True), (1, 1, False), (0, 5, False)])
def test_walks_are_left_out_where_something_was_found_before(examples, findings, has_left):
    """Not where none were asked for, nor where enough was found."""
    settings = Settings(examples=examples, findings=findings, replays=0)
    report = conformance(mq.QUEUE, mq.Misspelt, settings=settings)
    assert (report.result, report.has_walks_left) == (Result.FAILED, has_left)
    assert report.is_complete is (not examples)


@pytest.mark.parametrize(("states", "is_open"), [(("A",), False), (("A", "B"), True)])
def test_where_there_was_no_choice_nothing_unseen_is_spoken_of(found, states, is_open):
    """A single state is one that nobody doubts."""
    belief = tuple(f"queue {one}" for one in states)
    text = " ".join(" ".join(finding_lines(attrs.evolve(found, belief=belief))).split())
    assert ("what nobody saw may have failed" in text) is is_open
    assert ("can only have been in this state, after all that was answered: queue A" in text) is not is_open


def test_colour_marks_and_changes_nothing_else(report):
    """Without the marks of a terminal the text is the same."""
    marked = to_text(report, colour=True)
    plain = marked
    for colour in ("31;1", "31", "1", "0"):
        plain = plain.replace(f"\x1b[{colour}m", "")
    assert (plain == to_text(report), marked.startswith("\x1b[31;1mFAILED")) == (True, True)


def test_long_scripts_are_cut(found):
    """Of a long script the end is shown; steps that repeat themselves are one line."""
    script = (*(Step("advance", seconds=float(one)) for one in range(1, 60)), *[GET] * 7, found.script[-1])
    text = to_text(Report("mq.queue", findings=(attrs.evolve(found, script=script, changing=()),)))
    assert "(41 steps before these)\n" in text
    assert "\n     60-66  GetQueue(" in text
    assert "The whole script is in the document that --json gives." in text
    assert "<<'END'" not in text


def test_of_long_scripts_what_changed_something_is_shown(found):
    """Besides the end; how much stands between is said, and what nobody saw is not lost among what was read."""
    reads = [attrs.evolve(GET, args={"QueueName": f"fn-{one}"}) for one in range(30)]
    script = (*reads[:20], CREATE, *reads, DELETE, *reads, found.script[-1])
    explanation = (*map(str, range(5)), "  (created, by the service)", *map(str, range(9)))
    long = attrs.evolve(found, script=script, changing=(21, 52), explanation=explanation)
    lines = to_text(Report("mq.queue", findings=(long,))).splitlines()
    begin = lines.index("   What was done, from a reset on:") + 1
    assert [line.partition("  accepted")[0].strip() for line in lines[begin : begin + 7]] == [
        "(20 steps before these)",
        '21  CreateQueue(QueueName="fn-1")',
        "(30 steps: reads, waits and refused calls)",
        '52  DeleteQueue(QueueName="fn-1")',
        "(23 steps: reads, waits and refused calls)",
        '76  GetQueue(QueueName="fn-23")',
        '77  GetQueue(QueueName="fn-24")',
    ]
    shown = lines.index("   for example like this, moves that nobody sees in brackets:") + 1
    assert [line.strip() for line in lines[shown : shown + 3]] == ["4", "(created, by the service)", "8"]


def test_a_finding_that_does_not_come_each_time(found):
    """It says so, to people and to programs."""
    report = Report("mq.queue", findings=(attrs.evolve(found, is_steady=False),))
    assert "It came now and then when the same was done again from a reset, and not each time" in to_text(report)
    [document] = to_document(report)["findings"]
    assert (document["reproduced"], document["steady"]) == (True, False)


# ------------------------------------------------------------------------------------------------- for programs


def test_document(report):
    """The document is JSON and holds everything under the names of the contract."""
    document = to_document(report)
    assert json.loads(json.dumps(document)) == document
    assert {name: document[name] for name in ("contract", "model", "result", "seed", "gone", "not_run")} == {
        "contract": 1, "model": "mq.queue", "result": "failed", "seed": 7,
        "gone": [{"name": "SM203:*", "reason": "the status was slow in March"}],
        "not_run": ["cases that need outcome", "calls of DeleteQueue"],
    }  # fmt: skip
    assert document["covered"]["states"] == {
        "covered": 3, "reachable": 4, "left": ["queue: Failed"], "elsewhere": ["queue: Lost"]}
    assert document["known"][0]["declared"]["reason"] == "mended in the next release"


def test_document_of_a_finding(report):
    """A finding in the document: its script can be done again, with what was answered beside."""
    [first, _] = to_document(report)["findings"]
    call = {"do": "call", "op": "CreateQueue", "args": {"QueueName": "fn-1"}}
    assert first["script"] == [{**call, "result": {}}, {**call, "error": "AlreadyExists"}]
    assert {name: first[name] for name in ("code", "name", "got", "expected", "times", "reproduced")} == {
        "code": "SM202", "name": "SM202:CreateQueue:AlreadyExists", "got": "CreateQueue: refused, AlreadyExists",
        "expected": ["CreateQueue: refused with QueueExists"], "times": 3, "reproduced": True,
    }  # fmt: skip


def test_documents_say_how_to_do_it_again(report, found):
    """Each finding as a shell does it, whoever declared it; nothing where no command leads to the client."""
    document = to_document(report, "statemodel conform mq:QUEUE --python mq:Misspelt")
    [begin, *lines, end] = document["findings"][0]["again"].splitlines()
    assert (begin, end) == ("statemodel conform mq:QUEUE --python mq:Misspelt --script - <<'END'", "END")
    assert from_lines("\n".join(lines)) == tuple(attrs.evolve(step, reply=None) for step in found.script)
    assert document["known"][0]["again"] == document["findings"][0]["again"]
    assert {one["again"] for one in to_document(report)["findings"]} == {None}
    played = play(mq.QUEUE, mq.Misspelt, (CREATE, CREATE))
    assert played_document(played, "x")["findings"][0]["again"].startswith("x --script - <<'END'\n")


# What JUnit XML has that is read by most: attributes, and children in their order. Times nobody knows are left out.
SUITE = {"name", "id", "package", "hostname", "timestamp", "tests", "failures", "errors", "skipped"}
ORDER = ["properties", "testcase", "system-out", "system-err"]


def test_junit(report):
    """Suites, cases and counts are as those who read JUnit XML expect them."""
    root = ET.fromstring(to_junit(report, at=datetime(2026, 5, 1, tzinfo=UTC)))  # noqa: S314  # it is our own
    assert (root.tag, root.attrib) == ("testsuites", {})
    names = [suite.get("name") for suite in root]
    assert names == ["mq.queue.cover", "mq.queue.random", "mq.queue.known", "mq.queue.abilities"]
    for number, suite in enumerate(root):
        tags = [child.tag for child in suite]
        cases = suite.findall("testcase")
        assert (suite.tag, set(suite.attrib) - {"time"}, suite.get("id")) == ("testsuite", SUITE, str(number))
        assert (list(dict.fromkeys(tags)), suite.get("timestamp")) == (ORDER, "2026-05-01T00:00:00")
        assert all(set(case.attrib) == {"name", "classname"} for case in cases)
        counted = [len(cases), len(suite.findall("*/failure")), len(suite.findall("*/skipped"))]
        assert [int(suite.get(name)) for name in ("tests", "failures", "skipped")] == counted
    [failure] = root[0].findall("testcase/failure")
    assert (failure.get("type"), "> 2  CreateQueue" in failure.text) == ("SM202", True)


def timed(report):
    """The times of suites and of their cases."""
    root = ET.fromstring(to_junit(report))  # noqa: S314  # it is our own
    return {suite.get("name"): (suite.get("time"), [case.get("time") for case in suite.iter("testcase")])
            for suite in root}  # fmt: skip


def test_junit_tells_no_times_but_real_ones(report, found):
    """Those of phases; of a case where it is all that a phase gave; else none."""
    m = "mq.queue"
    parts = (("cover", 1.0), ("versions", 0.25), ("random", 2.0))
    assert timed(Report(m, examples=3, calls=9, spent=parts)) == {
        f"{m}.cover": ("1.250", ["1.250"]), f"{m}.random": ("2.000", ["2.000"])}
    first = attrs.evolve(found, phase="cover")
    two = (first, attrs.evolve(first, name="SM202:Other"), attrs.evolve(found, phase="versions"))
    assert timed(Report(m, findings=two, spent=parts[:2])) == {
        f"{m}.cover": ("1.000", [None, None]), f"{m}.versions": ("0.250", ["0.250"])}
    assert timed(Report(m, calls=9, seconds=1.5, tallies=(Tally("transitions", 1, 1),))) == {
        f"{m}.cover": ("1.500", ["1.500"])}
    assert timed(report) == {f"{m}.cover": (None, [None]), f"{m}.random": (None, [None]),
                             f"{m}.known": (None, [None, None]), f"{m}.abilities": (None, [None, None])}  # fmt: skip


def test_phases_of_a_run_take_its_time():
    """What the parts of a run took is what it took."""
    made = conformance(mq.QUEUE, mq.Queues, settings=Settings(examples=3))
    assert {"cover", "random"} <= set(dict(made.spent))
    assert sum(dict(made.spent).values()) == pytest.approx(made.seconds, abs=0.05)


def test_junit_says_how_to_do_it_again(found):
    """As the text does; of a script that is long, with a file that holds it."""
    command = "statemodel conform mq:QUEUE --python mq:Misspelt"
    [text] = failures(to_junit(Report("mq.queue", findings=(found,)), command=command))
    assert f"   To do it again:\n{command} --script - <<'END'\n" in text
    long = attrs.evolve(found, script=(*[GET] * 60, *found.script))
    [text] = failures(to_junit(Report("mq.queue", findings=(long,)), command=command))
    assert text.count('"do": "call"') == 62
    assert text.endswith(f"   To do it again, with the script in FILE:\n{command} --script FILE\n")
    [text] = failures(to_junit(Report("mq.queue", findings=(found,))))
    assert "To do it again" not in text


def failures(text):
    """What is said of each failure."""
    return [one.text for one in ET.fromstring(text).iter("failure")]  # noqa: S314  # it is our own


def test_junit_holds_what_xml_cannot(found):
    """Characters that XML forbids are written as escapes."""
    odd = attrs.evolve(found, got="CreateQueue: refused, A\x00\x1b<&")
    text = to_junit(Report("mq.queue", findings=(odd,)))
    assert ("\\u0000\\u001b&lt;&amp;" in text, "\x00" in text) == (True, False)
    assert ET.fromstring(text) is not None  # noqa: S314  # it is our own


def test_annotations(report):
    """Findings and what is gone become errors on one line each, doubts a warning."""
    lines = to_annotations(report)
    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "error title=mq.queue%3A SM202%3ACreateQueue%3AAlreadyExists",
        "error title=mq.queue%3A SM202%3ACreateQueue%3AOther",
        "error title=mq.queue%3A SM304",
    ]
    assert "%0A1. CreateQueue(" in lines[0]
    assert lines[0].endswith("%0Aexpected refused with QueueExists")
    assert "\n" not in "".join(lines)


@pytest.mark.parametrize("name", CASES)
def test_annotations_expect_what_the_text_expects(name):
    """In one line, for every kind of fault."""
    script, answers = CASES[name]
    found = play(model("scf"), lambda: Scripted(ABLE, *answers), script).finding
    [line] = to_annotations(Report("scf", findings=(found,)))
    text = "\n".join(finding_lines(found)).partition("\n   expected  ")[2].partition("\n\n")[0]
    assert line.endswith(f"%0Aexpected {' '.join(text.split())}")


# ------------------------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("report", "result"),
    [
        (Report("m", calls=3, tallies=(Tally("transitions", 1, 1),)), Result.PASSED),
        (Report("m", calls=3, tallies=(Tally("transitions", 0, 1),)), Result.INCONCLUSIVE),
        (Report("m", calls=3, tallies=(Tally("transitions", 1, 1),), open_ended=1, examples=5), Result.PASSED),
        (Report("m", calls=3, tallies=(Tally("transitions", 1, 1),), open_ended=2, examples=9), Result.INCONCLUSIVE),
        (Report("m"), Result.INCONCLUSIVE),
        (Report("m", gone=(Known("x", "y"),)), Result.FAILED),
    ],
)
def test_result(report, result):
    """Nothing passes that was not seen, and a declaration that is gone fails."""
    assert report.result is result


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [("SM201:Op:accepted", True), ("SM201:*", True), ("SM201:Op:accepted in Creating", True),
     ("* in Active", False), ("SM202:*", False)],
)  # fmt: skip
def test_known(pattern, covers):
    """A declaration covers a finding by its name, everywhere or where it was seen."""
    assert Known(pattern, "").covers("SM201:Op:accepted", ("Creating",)) is covers


def test_codes_of_findings_are_explained():
    """Every code that a run gives is one that `explain` knows."""
    assert {"SM101", "SM201", "SM202", "SM203", "SM302", "SM303", "SM304"} <= set(CODES)


def test_patience_is_a_setting():
    """A client that is only slow passes with more patience."""
    script = (CREATE, Step("advance", seconds=4_000.0), GET)
    assert play(mq.QUEUE, mq.Stuck, script).finding.name == "SM302:queue:Creating"
    assert play(mq.QUEUE, mq.Stuck, script, settings=Settings(patience=100)).finding is None


def test_a_finding_needs_nothing_more_than_its_name():
    """A finding of which nothing more can be told is shown all the same."""
    bare = Finding("SM201", "SM201:DeleteQueue:accepted", (), "fn-1", (DELETE,), "DeleteQueue: accepted")
    text = to_text(Report("m", findings=(bare,)))
    assert "1. DeleteQueue gave an answer that cannot follow from the steps before it." in text
