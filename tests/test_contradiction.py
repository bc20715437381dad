"""A finding names the answers that speak against the last, the fields that do not go together, and what is stale."""

import pytest
from playing import Scripted

from statemodel.catalogue import FC, SCF
from statemodel.registry import model
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.play import play
from statemodel.testing.reports.sentence import sentence
from statemodel.testing.reports.text import played_text
from statemodel.testing.script import Step
from statemodel.testing.suite import Settings, conformance

F = {"functionName": "fn-1"}
CREATE = Step("call", "createFunction", {**F, "runtime": "custom-container", "content": "a"}, wishes=("runtime",))
GET, UPDATE, INVOKE = (Step("call", f"{name}Function", F) for name in ("get", "update", "invoke"))
LATER = Step("advance", seconds=10.0)
ACTIVE = {"state": "Active", "lastUpdateStatus": "Successful"}
ABLE = ("createFunction", "getFunction", "updateFunction", "invokeFunction", "clock", "content", "environment",
        "publishFunctionVersion", "listFunctionVersions", "paging")


def found(script, *answers):
    """What a script comes to."""
    return play(FC, lambda: Scripted(ABLE, *answers), script).finding


BUSY = (CREATE, LATER, GET, Step("call", "updateFunction", {**F, "content": "b"}), INVOKE, UPDATE)


def test_reads_without_which_the_last_answer_were_possible_are_named():
    """New code served, so the update has ended; a refusal because of it contradicts that, and that it was Active."""
    finding = found(BUSY, {}, ACTIVE, {}, {"content": "b"}, "ConcurrentUpdateError")
    assert finding.against == (3, 5)
    answers = ({}, ACTIVE, {}, {"content": "b"}, "ConcurrentUpdateError")
    text = played_text(play(FC, lambda: Scripted(ABLE, *answers), BUSY))
    assert "It contradicts what step 5 answered, or step 3: either that answer is wrong, or the last." in text


def test_what_was_asked_for_may_never_have_come():
    """It was Active, and idle: what a call that is served contradicts is either, or that it came."""
    script = (CREATE, LATER, GET, Step("happen", "idle"), INVOKE)
    answers = ({}, ACTIVE, {"content": "a"})
    text = played_text(play(FC, lambda: Scripted(ABLE, *answers), script))
    told = "step 3 answered: either that answer is wrong, or the last, or what step 4 asked for never came."
    assert told in " ".join(text.split())


def test_what_no_read_speaks_of_contradicts_none():
    """Content that was never there is wrong whatever was read."""
    assert found((CREATE, LATER, GET, INVOKE), {}, ACTIVE, {"content": "z"}).against == ()


def test_a_refusal_that_is_right_but_for_its_code_contradicts_no_read():
    """Without the read any code would do, but with it the call is refused as well."""
    publish = Step("call", "publishFunctionVersion", F)
    finding = found((CREATE, publish, GET, publish), {}, {"versionId": "1"}, ACTIVE, "FunctionNotActive")
    assert finding.expected == ("publishFunctionVersion: refused with VersionPublishError",)
    assert finding.against == ()


def test_fields_that_do_not_go_together_are_told_with_what_either_might_have_been():
    """Pending is for containers; a runtime that is none has no state at all."""
    zipped = Step("call", "createFunction", {**F, "runtime": "python3.12", "content": "a"}, wishes=("runtime",))
    finding = found((zipped, GET), {}, {"state": "Pending", "runtime": "python3.12", "lastUpdateStatus": None})
    assert finding.wrong == ("state", "runtime")
    assert finding.expected == ("getFunction: runtime custom-container", "getFunction: state null")
    assert finding.name == "SM203:getFunction:accepted"
    assert sentence(finding).startswith('getFunction showed state "Pending", runtime "python3.12", which do not go')


class Late(FakeService):
    """A fake service that shows Creating for ever, or once more after it was read for long."""

    def __init__(self, times):
        super().__init__(Simulator.of(model("scf.function")))
        self.times = times

    def reset(self):
        super().reset()
        self.waited_s, self.left = 0.0, self.times

    def advance(self, seconds):
        self.waited_s += seconds
        super().advance(seconds)

    def call(self, op, args=None):
        made = super().call(op, args)
        if op == "GetFunction" and (made.get("result") or {}).get("Status") == "Active" and self.left:
            self.left -= self.waited_s >= 3_600
            return {"result": {**made["result"], "Status": "Creating"}}
        return made


@pytest.mark.parametrize(("times", "said"), [
    (1, "So the answer before that was stale."), (10**6, "and still is when it is read once more"),
])
def test_what_is_stale_is_told_from_what_is_stuck(times, said):
    """A status that stayed too long is read once more."""
    report = conformance(model("scf.function"), lambda: Late(times), settings=Settings(findings=1, examples=0))
    [finding] = [one for one in report.findings if one.code == "SM302"]
    assert said in sentence(finding)
    assert finding.rows[0].row == "Creating --create succeeded--> Active"


def test_a_client_that_ends_after_the_last_step_loses_no_finding():
    """Reading once more is asked of the client, which may have nothing more to say."""
    created = Step("call", "CreateFunction", {"FunctionName": "fn-1", "content": "a"})
    get = Step("call", "GetFunction", {"FunctionName": "fn-1"})
    creating = {"Status": "Creating"}
    script = (created, get, Step("advance", seconds=3_600.0), get)
    able = ("CreateFunction", "GetFunction", "clock")
    finding = play(SCF, lambda: Scripted(able, {}, creating, creating), script).finding
    assert (finding.code, finding.afterwards) == ("SM302", "")
    assert sentence(finding).endswith("for 3,600 seconds; the service owes it a move.")


@pytest.mark.parametrize(("runtime", "is_right"), [("frozen", True), ("normal", False)])
def test_a_refusal_that_may_have_any_code_may_have_one_of_authentication(runtime, is_right):
    """What a frozen account answers to a call is not stated; where calls are allowed the same code is trouble."""
    zipped = Step("call", "createFunction", {**F, "runtime": "python3.12", "content": "a"})
    events = [Step("happen", "account frozen")] if runtime == "frozen" else []
    answers = ({}, {"state": None}, *("AccessDenied",) * 4)
    played = play(FC, lambda: Scripted(ABLE, *answers), (zipped, GET, *events, INVOKE))
    assert (played.finding is None) is is_right
    assert is_right or played.finding.code == "SM303"


def test_the_kind_of_a_value_is_told_where_that_alone_is_wrong():
    """A number is no text, though both are read alike."""
    zipped = Step("call", "createFunction", {**F, "runtime": "python3.12", "content": "a"}, wishes=("runtime",))
    script = (zipped, GET, Step("call", "publishFunctionVersion", F))
    played = play(FC, lambda: Scripted(ABLE, {}, {"state": None}, {"versionId": 1}), script)
    assert "got       versionId 1 (a number, and no text)" in played_text(played)


def test_pages_that_are_not_together_are_told_as_such():
    """No page is wrong by itself; what they show together is."""
    zipped = Step("call", "createFunction", {**F, "runtime": "python3.12", "content": "a"}, wishes=("runtime",))
    publish = Step("call", "publishFunctionVersion", F)
    pages = [Step("call", "listFunctionVersions", {**F, "limit": 1, **more}) for more in ({}, {"nextToken": "n"})]
    answers = ({}, {"state": None}, {"versionId": "1"}, {"versions": [{"versionId": "1"}], "nextToken": "n"},
               {"versions": [{"versionId": "1"}]})
    finding = play(FC, lambda: Scripted(ABLE, *answers), (zipped, GET, publish, *pages)).finding
    assert sentence(finding).startswith("listFunctionVersions: 1 is on two pages, which cannot follow")


@pytest.mark.parametrize("code", ["AuthFailure.SecretIdNotFound", "RequestLimitExceeded"])
def test_what_may_have_any_code_is_told_without_the_code_that_came(code):
    """Patterns of codes that say nothing elsewhere do not decide what may be answered here."""
    able = ("CreateFunction", "GetFunction", "Invoke", "clock", "environment")
    created = Step("call", "CreateFunction", {"FunctionName": "fn-1", "content": "a"})
    get = Step("call", "GetFunction", {"FunctionName": "fn-1"})
    invoked = Step("call", "Invoke", {"FunctionName": "fn-1"})
    for status, is_open in (("CreateFailed", True), ("Active", False)):
        answers = ({}, {"Status": status}, *(code,) * 4)
        played = play(SCF, lambda answers=answers: Scripted(able, *answers), (created, get, invoked))
        assert (played.finding is None) is is_open


NAMES = [{"functionName": "fn-1"}, {"functionName": "fn-2"}]


@pytest.mark.parametrize(("limit", "answer", "code"), [
    (101, {"functions": NAMES}, "SM203"), (100, "FunctionNotFound", "SM203"), (1, {"functions": NAMES}, "SM203"),
])
def test_a_finding_about_a_limit_cites_the_limit(limit, answer, code):
    """What is outside and was accepted, what is inside and was refused, and too long a page."""
    able = ("createFunction", "listFunctions", "clock", "paging")
    made = [Step("call", "createFunction", {**one, "content": "a"}) for one in NAMES]
    listed = Step("call", "listFunctions", {"limit": limit})
    finding = play(FC, lambda: Scripted(able, {}, {}, answer), (*made, listed)).finding
    assert (finding.code, finding.rows[0].row, finding.rows[0].sources != ()) == (
        code, "limit must be from 1 to 100", True,
    )  # fmt: skip
    assert (len(finding.rows) == 1) is (answer != "FunctionNotFound")


def test_too_long_a_page_is_told_as_such():
    """The list itself is right, so that is not what should have been otherwise."""
    able = ("createFunction", "listFunctions", "clock", "paging")
    made = [Step("call", "createFunction", {**one, "content": "a"}) for one in NAMES]
    listed = Step("call", "listFunctions", {"limit": 1})
    finding = play(FC, lambda: Scripted(able, {}, {}, {"functions": NAMES}), (*made, listed)).finding
    assert sentence(finding) == "listFunctions gave a page of 2 where 1 was asked for."
    assert finding.expected == ("listFunctions: a page of at most 1",)


def test_values_are_spelled_as_json_has_them():
    """What came and what should have come are spelled alike."""
    shown = {"invocationRestriction": {"disable": True}}
    finding = play(FC, lambda: Scripted(ABLE, {}, shown), (CREATE, GET)).finding
    assert "getFunction: invocationRestriction.disable false | null" in finding.expected


def test_where_any_code_will_do_the_likely_ones_are_told_as_such():
    """Sources give a code, and none says that there is no other."""
    publish = Step("call", "publishFunctionVersion", F)
    finding = found((CREATE, publish, publish), {}, {"versionId": "1"}, {"versionId": "2"})
    assert finding.expected == (
        "publishFunctionVersion: refused with VersionPublishError as far as is known, or any other code",
    )


def test_codes_that_are_numbers_are_told_only_where_there_are_no_others():
    """A number says nothing to people; it may come all the same."""
    able = ("CreateFunction", "GetFunction", "Invoke", "clock", "environment")
    made, get, invoke = (Step("call", name, {"FunctionName": "fn-1"}) for name in able[:3])
    script = (made, get, Step("happen", "account frozen"), invoke)
    played = [play(SCF, lambda last=last: Scripted(able, {}, {"Status": "Active"}, last), script)
              for last in ({"content": "x"}, "402")]  # fmt: skip
    assert played[0].finding.expected == ("Invoke: refused with ResourceUnavailable.ServiceSuspended",)
    assert (played[1].finding, "402" in played_text(played[0])) == (None, False)
