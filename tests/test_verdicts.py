"""What verdicts say of a whole history: in which order records count, how strong they are, and in which words."""

import json

import pytest

from statemodel.catalogue import SCF
from statemodel.oracle.check import check, judge
from statemodel.registry import model

GONE = "ResourceNotFound.Function"


def done(operation, shown=None, **args):
    return {"op": operation, **({"args": args} if args else {}), "result": shown or {}}


def refused(operation, code, **args):
    return {"op": operation, **({"args": args} if args else {}), "error": code}


def reads(status, **args):
    return done("GetFunction", {"Status": status}, **args)


def serves(content, **args):
    return done("Invoke", {"content": content}, **args)


def published(number):
    return [done("PublishVersion", {"FunctionVersion": number}), reads("Active", Qualifier=number)]


CREATED = (done("CreateFunction", content="a"), reads("Active"))
UPDATED = (done("UpdateFunctionCode", content="b"), reads("Active"))
DELETED = (done("DeleteFunction"), refused("GetFunction", GONE))


def verdict(service, *records, start="absent", **how):
    [one] = judge(service, [{"resource": "fn-1", **record} for record in records], start=start, **how).verdicts
    return one


def outcome(service, *records, **how):
    return str(verdict(service, *records, **how).outcome)


# ------------------------------------------------------------------------------------------------- order


def at(times, order):
    """A creation read as Creating, Active, Updating and Active, with these times and in this order of the file."""
    update = done("UpdateFunctionCode")
    records = [done("CreateFunction"), reads("Creating"), reads("Active"), update, reads("Updating")]
    timed = [{"resource": "fn-1", **({"at": time} if time is not None else {}), **record}
             for time, record in zip(times, records, strict=True)]
    return [timed[place] for place in order]


IN_ORDER, REVERSED = (0, 1, 2, 3, 4), (4, 3, 2, 1, 0)
SECONDS = (10, 20, 30, 40, 50)
DAY = "2026-05-01T"
ORDERS = {
    "in order": (at(SECONDS, IN_ORDER), "conforms"),
    "reversed": (at(SECONDS, REVERSED), "conforms"),
    "mixed up": (at(SECONDS, (3, 0, 4, 2, 1)), "conforms"),
    "reversed without times": (at((None,) * 5, REVERSED), "violates"),
    "times that belie the order": (at((50, 40, 30, 20, 10), IN_ORDER), "violates"),
    "equal times": (at((10,) * 5, IN_ORDER), "conforms"),
    "equal times reversed": (at((10,) * 5, REVERSED), "violates"),
    "RFC 3339, several zones": (
        at((f"{DAY}12:00:00Z", f"{DAY}14:00:01+02:00", f"{DAY}07:00:02-05:00", f"{DAY}12:00:02.5Z", f"{DAY}12:00:03Z"),
           REVERSED),
        "conforms"),
    "seconds and RFC 3339": (at((0, "1970-01-01T00:00:01Z", "2", 3.5, "1970-01-01T00:00:04Z"), REVERSED), "conforms"),
    "some without times stay behind the one before them": (at((10, None, 30, None, 50), (2, 3, 0, 1, 4)), "conforms"),
    "first one without a time stays first": (at((None, 20, 30, 40, 50), (0, 2, 1, 4, 3)), "conforms"),
}


@pytest.mark.parametrize(("records", "expected"), ORDERS.values(), ids=ORDERS)
def test_records_count_in_the_order_of_their_times(records, expected):
    """By time where there is one, otherwise by position; equal times keep their order."""
    [one] = judge(model("scf.function"), records, start="absent").verdicts
    assert str(one.outcome) == expected


@pytest.mark.parametrize(("records", "expected"), ORDERS.values(), ids=ORDERS)
def test_records_of_a_file_count_in_the_same_order(tmp_path, records, expected):
    file = tmp_path / "x.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    [one] = check(model("scf.function"), [str(file)], start="absent").verdicts
    assert (str(one.outcome), one.records) == (expected, 5)


def test_line_of_a_record_out_of_order():
    """The verdict names the line where the record stands, not the place that its time gives it."""
    records = at(SECONDS, REVERSED)
    records[3] = {"resource": "fn-1", "at": 20, **reads("Deleting")}
    [one] = judge(model("scf.function"), records, start="absent").verdicts
    assert (one.code, one.line) == ("SM203", 4)


def test_interleaved_resources():
    """Each history is judged by itself, and verdicts come in the order of first mention."""
    right, wrong = [*CREATED, *UPDATED], [*CREATED, reads("Creating"), *UPDATED]
    records = [{"resource": "b", **wrong[0]}]
    for place in range(4):
        records += [{"resource": "a", **right[place]}, {"resource": "b", **wrong[place + 1]}]
    report = judge(model("scf.function"), records, start="absent")
    assert [(one.resource, str(one.outcome), one.line, one.records) for one in report.verdicts] == [
        ("b", "violates", 5, 5), ("a", "conforms", None, 4)]
    assert (report.records, dict(report.counts())) == (9, {"violates": 1, "conforms": 1})


def test_histories_go_on_from_file_to_file(tmp_path):
    names = []
    for number, record in enumerate((*CREATED, reads("Creating"))):
        names.append(str(tmp_path / f"{number}.jsonl"))
        (tmp_path / f"{number}.jsonl").write_text(json.dumps({"resource": "fn-1", **record}), encoding="utf-8")
    [one] = check(model("scf.function"), names, start="absent").verdicts
    assert (str(one.outcome), one.file, one.line) == ("violates", names[2], 1)


# ------------------------------------------------------------------------------------------------- strength


@pytest.mark.parametrize(("records", "how", "expected"), [
    ([reads("Active")], {"start": "unknown"}, 0.0),
    ([done("CreateFunction")], {}, 0.0),
    ([done("CreateFunction"), done("UpdateFunctionCode")], {}, 0.0),
    (CREATED, {"calls": "partial"}, 0.0),
    (CREATED, {}, 0.6),
    ([*CREATED, reads("Active")], {}, 0.75),
    ([refused("GetFunction", GONE)], {}, 0.9),
    ([{"event": "account frozen"}, {"silence": 60}], {}, 0.0),
])
def test_strength_is_the_share_of_statuses_excluded(records, how, expected):
    """On average over reads, of nine statuses and not found; 0 where nothing could have failed."""
    assert verdict(SCF, *records, **how).strength == pytest.approx(expected)


def test_calls_of_others_are_part_of_an_explanation():
    """Where the records alone cannot follow each other, the explanation says what must have come between."""
    records = [done("createFunction"), done("createFunction"), refused("createFunction", "NoSuchCode")]
    found = verdict(model("fc.function"), *records, calls="partial")
    assert (found.code, found.line) == ("SM202", 3)
    assert found.explanation == (
        "createFunction: accepted", "  (calls by others, not recorded)", "createFunction: accepted")


def test_partial_calls_are_said_to_be_weaker(tmp_path):
    """The report says why, read from a file or from memory."""
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"resource": "fn-1", **reads("Active")}), encoding="utf-8")
    expected = "other callers may have acted unseen, so that little can be excluded"
    records = [{"resource": "fn-1", **reads("Active")}]
    assert check(model("scf.function"), [str(file)], calls="partial").weaker == expected
    assert judge(model("scf.function"), records, calls="partial").weaker == expected
    assert judge(model("scf.function"), records).weaker is None


# ------------------------------------------------------------------------------------------------- versions


@pytest.mark.parametrize(("before", "numbers"), [
    (CREATED, "1"),
    ((*CREATED, *published("1")), "2"),
    ((*CREATED, *published("1"), *published("2"), done("DeleteFunctionVersion", Qualifier="2"),
      refused("GetFunction", "ResourceNotFound.Version", Qualifier="2")), "3"),
    ((*CREATED, *published("1"), *DELETED, *CREATED), "12"),
])
def test_numbers_go_up_by_one_and_are_never_used_again(before, numbers):
    """After the function itself was deleted they may start again; no source tells."""
    answers = {one: done("PublishVersion", {"FunctionVersion": one}) for one in "1234"}
    conforming = [one for one, answer in answers.items() if outcome(SCF, *before, answer) == "conforms"]
    assert "".join(conforming) == numbers


@pytest.mark.parametrize(("option", "number"), [("restarts", "1"), ("continues", "2")])
def test_numbers_of_a_new_function_hang_on_a_policy(option, number):
    service = SCF.with_policies(numbering_after_deletion=option)
    before = (*CREATED, *published("1"), *DELETED, *CREATED)
    for given in "12":
        expected = "conforms" if given == number else "violates"
        assert outcome(service, *before, done("PublishVersion", {"FunctionVersion": given})) == expected


@pytest.mark.parametrize(("qualifier", "content"), [("1", "a"), ("$LATEST", "b"), ("$DEFAULT", "b")])
def test_published_content_never_changes(qualifier, content):
    """A version serves what $LATEST was when it was published, whatever $LATEST has become."""
    records = (*CREATED, *published("1"), *UPDATED)
    for given in "ab":
        expected = "conforms" if given == content else "violates"
        assert outcome(SCF, *records, serves(given, Qualifier=qualifier)) == expected


@pytest.mark.parametrize(("content", "expected"), [("a", "conforms"), ("b", "violates")])
def test_content_of_a_version_nobody_saw_published_never_changes(content, expected):
    """Once it was seen, it is known for good, and so it is seen again."""
    seen = (reads("Active", Qualifier="7"), serves("a", Qualifier="7"), *UPDATED)
    assert outcome(SCF, *seen, serves(content, Qualifier="7"), start="unknown") == expected


# ------------------------------------------------------------------------------------------------- policies

T22 = (
    reads("CreateFailed"), refused("UpdateFunctionCode", "FailedOperation.UpdateFunctionCode"),
    refused("DeleteFunction", GONE),
)


@pytest.mark.parametrize(("option", "expected"), [("on", "conforms"), ("open", "conforms"), ("off", "violates")])
def test_failed_creation_that_vanished(option, expected):
    """Recorded once (T22), against the documentation: it conforms where the policy ghost_delete allows it."""
    assert outcome(SCF.with_policies(ghost_delete=option), *T22, start="unknown") == expected


# ------------------------------------------------------------------------------------------------- words

DELETION = """\
fn-1: violates SM202 at records:3
  A call was refused where the model accepts it, or with a code that does not belong there.
  recorded   DeleteFunction: refused with ResourceNotFound.Function
  expected   DeleteFunction: accepted
             DeleteFunction: refused with FailedOperation | FailedOperation.AccountInsufficient \
| FailedOperation.InsufficientBalance | FailedOperation.ServiceClosed | FailedOperation.UnOpenedService \
| OperationDenied.AccountIsolate | ResourceUnavailable.InsufficientBalance | ResourceUnavailable.ServiceSuspended
  before it  function CreateFailed, billing Available, other aliases unknown
             function CreateFailed, billing Frozen, other aliases unknown
             function CreateFailed, billing FrozenInArrears, other aliases unknown
             function CreateFailed, billing FrozenRestoring, other aliases unknown
             function CreateFailed, billing InsufficientBalance, other aliases unknown
             function CreateFailed, billing Restoring, other aliases unknown
  the records before it can be explained so:
    GetFunction: accepted {"Status": "CreateFailed"}
    UpdateFunctionCode: refused with FailedOperation.UpdateFunctionCode"""

READING = """\
fn-1: violates SM203 at records:8
  A read showed something that is not possible after what came before it.
  recorded   GetFunction: accepted {"Status": "Active", "AvailableStatus": "Available"}
  expected   GetFunction: Status Active | UpdateFailed | Updating
             GetFunction: AvailableStatus InsufficientBalance
  before it  function Active, billing InsufficientBalance, version 1 Active, alias $DEFAULT Bound
             function UpdateFailed, billing InsufficientBalance, version 1 Active, alias $DEFAULT Bound
             function Updating, billing InsufficientBalance, version 1 Active, alias $DEFAULT Bound
  the records before it can be explained so:
    CreateFunction {"content": "a"}: accepted
      (create succeeded, by the service)
    GetFunction: accepted {"Status": "Active"}
    PublishVersion: accepted {"FunctionVersion": "1"}
    UpdateFunctionCode {"content": "b"}: answer lost
      (publish succeeded, by the service)
    event balance exhausted
    GetFunction {"Qualifier": "1"}: accepted {"Status": "Active"}"""

NUMBER = """\
fn-1: violates SM201 at records:3
  A call was accepted where the model refuses it, or with arguments that must be refused.
  recorded   publishFunctionVersion: accepted {"versionId": "3"}
  expected   publishFunctionVersion: versionId 1
             publishFunctionVersion: refused with any code
  before it  function Active, account Normal, invocation Enabled
             function Failed, account Normal, invocation Enabled
             function Pending, account Normal, invocation Enabled
  the records before it can be explained so:
    createFunction {"runtime": "custom-container"}: accepted
    getFunction: accepted {"state": "Pending"}"""

EVENT = """\
fn-1: violates SM204 at records:1
  A recorded event cannot have happened there.
  recorded   event balance restored
  before it  function Absent, billing Available"""


def test_words_about_a_refusal():
    assert verdict(SCF, *T22, start="unknown").text() == DELETION


def test_words_about_a_read():
    """Hidden moves are marked, and the explanation is a shortest one."""
    lost = {"op": "UpdateFunctionCode", "args": {"content": "b"}, "lost": True}
    wrong = done("GetFunction", {"Status": "Active", "AvailableStatus": "Available"})
    records = (*CREATED, done("PublishVersion", {"FunctionVersion": "1"}), lost, {"silence": 60},
               {"event": "balance exhausted"}, reads("Active", Qualifier="1"), wrong)
    assert verdict(SCF, *records, environment="recorded").text() == READING


def test_words_about_a_number():
    records = (done("createFunction", runtime="custom-container"), done("getFunction", {"state": "Pending"}),
               done("publishFunctionVersion", {"versionId": "3"}))
    assert verdict(model("fc"), *records, environment="recorded").text() == NUMBER


def test_words_about_an_event():
    assert verdict(SCF, {"event": "balance restored"}, environment="recorded").text() == EVENT


@pytest.mark.parametrize(("record", "expected"), [
    (reads("Active"), "fn-1: conforms"),
    (reads("Asleep"), """\
fn-1: inconclusive SM101 at records:1
  A status or another value that the model does not know was shown.
  reason     Status "Asleep" is none of Creating, CreateFailed, Active, Updating, UpdateFailed, Publishing, \
PublishFailed, Deleting, DeleteFailed"""),
    (done("Rename"), """\
fn-1: inconclusive SM102 at records:1
  An operation or event that the model does not know was recorded; the belief started afresh.
  reason     the model knows no operation 'Rename'"""),
    (reads("Active", Qualifier="3"), """\
fn-1: inconclusive SM103 at records:1
  Calls of other parts of the service were left out, because one part alone was asked about.
  reason     GetFunction speaks of a part that was not asked about"""),
])
def test_words_where_nothing_violates(record, expected):
    assert verdict(model("scf.function"), record, start="unknown").text() == expected


def test_document_of_a_verdict():
    """The fields that the contract names, and the report around them: only what does not conform, unless asked."""
    records = [{"resource": "fn-1", **record} for record in (*CREATED, reads("Creating"))]
    report = judge(model("scf.function"), [*records, {"resource": "fn-2", **reads("Creating")}], start="unknown")
    whole = report.document(everything=False)
    assert {name: value for name, value in whole.items() if name != "verdicts"} == {
        "contract": 1, "model": "scf.function", "records": 4, "histories": 2, "conforms": 1, "violates": 1,
        "inconclusive": 0}
    [found] = whole["verdicts"]
    assert found == {
        "resource": "fn-1", "verdict": "violates", "code": "SM203", "file": "records", "line": 3,
        "record": 'GetFunction: accepted {"Status": "Creating"}', "expected": found["expected"],
        "belief": ["function Active"],
        "explanation": ['CreateFunction {"content": "a"}: accepted', "  (create succeeded, by the service)",
                        'GetFunction: accepted {"Status": "Active"}'],
        "reason": None, "strength": 0.6, "records": 3, "skipped": 0}
    assert found["expected"][0] == "GetFunction: Status Active"
    assert [one["resource"] for one in report.document(everything=True)["verdicts"]] == ["fn-1", "fn-2"]


@pytest.mark.parametrize(("option", "outcome"), [("not counted", "violates"), ("counted", "conforms"),
                                                 ("open", "conforms")])
def test_retries_fall_only_where_more_than_two_may_be_counted(option, outcome):
    """Up to two retries are followed one by one; what RetryNum reads beyond them no source says, so anything may do."""
    rows = ({"RequestId": "x", "RetCode": 1, "RetryNum": retries} for retries in (2, 1))
    records = [{"resource": "x", "op": "GetRequestStatus", "args": {"FunctionRequestId": "x"},
                "result": {"Data": [row], "TotalCount": 1}} for row in rows]
    settled = model("scf.request").with_policies(repeats_counted=option)
    assert str(judge(settled, records).verdicts[0].outcome) == outcome
