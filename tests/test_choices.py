"""One choice on an open point of SCF goes the same way wherever something hangs on it, and not where nothing does."""

import attrs
import pytest
from shop import WITHOUT, Fill, graph, no, refill, yes

from statemodel.catalogue import SCF
from statemodel.coverage.stages import stages
from statemodel.errors import DefinitionError
from statemodel.model.evidence import Choice
from statemodel.model.guard import Guard
from statemodel.oracle.check import judge
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.ahead import Ahead
from statemodel.testing.suite import Settings, conformance

UPDATE, INVOKE = "UpdateFunctionCode", "Invoke"
MIRRORED, SEPARATE = {"latest_shows_publishing": "mirrored"}, {"latest_shows_publishing": "separate"}
GONE, READABLE = ({"versions_of_a_leaving_function": option} for option in ("gone", "readable"))
LATE, AT_ONCE = ({"publish_with_update": option} for option in ("after the update", "at once"))
NO_VERSION = "ResourceNotFound.Version"


def done(op, **args):
    """A call that was accepted."""
    return {"op": op, "args": args, "result": {}}


def refused(op, code, **args):
    """A call that was refused."""
    return {"op": op, "args": args, "error": code}


def shown(status, version=None):
    """A status that was read, of $LATEST or of a version."""
    return {"op": "GetFunction", "args": {"Qualifier": version} if version else {}, "result": {"Status": status}}


def verdict(records, environment="recorded", **policies):
    """The verdict on a function from its creation."""
    named = [{"resource": "f", **record} for record in records]
    return judge(SCF.with_policies(**policies), named, start="absent", environment=environment).verdicts[0]


def outcome(records, **policies):
    """Its outcome, as text."""
    return str(verdict(records, **policies).outcome)


def outcomes(records, *choices):
    """The outcome where all points are open, and under each choice."""
    return [outcome(records, **each) for each in ({}, *choices)]


RIGHT, WRONG = "conforms", "violates"
CREATED = (done("CreateFunction", content="a"), shown("Active"))

# ------------------------------------------------------------------------------- $LATEST mirrors its publications

PUBLISHED_WITH = (*CREATED, done(UPDATE, Publish="TRUE"))
FAILED = (*CREATED, done(UPDATE), shown("UpdateFailed"))
PUBLISHED_FROM = (*FAILED, done("PublishVersion"))
SPOILT = (*CREATED, done("PublishVersion"), shown("PublishFailed", "1"))
TWO = (*CREATED, done("PublishVersion"), done("PublishVersion"), shown("Publishing", "1"))
UPDATED_AMID = (*CREATED, done("PublishVersion"), done(UPDATE), shown("Publishing", "1"))
MIRRORS = {
    "of a version published with an update": (*PUBLISHED_WITH, shown("Publishing"), shown("Publishing", "1")),
    "whose outcome it shows as well": (*PUBLISHED_WITH, shown("Publishing"), shown("PublishFailed")),
    "that began when its last update had failed": (*PUBLISHED_FROM, shown("Publishing"), shown("Active")),
    "and then shows that failure again": (
        *PUBLISHED_FROM, shown("Publishing"), shown("UpdateFailed"), shown("Active", "1")),
    "even where the publication failed as well": (
        *PUBLISHED_FROM, shown("Publishing"), shown("UpdateFailed"), shown("PublishFailed", "1")),
    "even where the version was deleted": (
        *PUBLISHED_FROM, done("DeleteFunctionVersion", Qualifier="1"), shown("Publishing"), shown("UpdateFailed")),
    "that began when the last one had failed": (
        *SPOILT, shown("PublishFailed"), done("PublishVersion"), shown("Publishing", "2"), shown("Publishing")),
    "of two until the first has ended": (*TWO, shown("Publishing"), shown("Active"), shown("Publishing", "2")),
    "that begins while one is under way": (
        *TWO, shown("Active", "1"), shown("Active"), done("PublishVersion"), shown("Publishing"),
        shown("Publishing", "2")),
    "that an update did not end": (*UPDATED_AMID, shown("Publishing"), shown("Publishing", "1")),
}


@pytest.mark.parametrize("case", MIRRORS)
def test_latest_mirrors_every_publication(case):
    """It may where the point is open, and where the choice says so; it does not where the choice says otherwise."""
    assert outcomes(MIRRORS[case], MIRRORED, SEPARATE) == [RIGHT, RIGHT, WRONG]


PLAIN = {
    "one": (*CREATED, done("PublishVersion"), shown("Active"), shown("Publishing", "1")),
    "two": (*TWO, shown("Active"), shown("Publishing", "1"), shown("Publishing", "2")),
    "one after a failed update": (*PUBLISHED_FROM, shown("UpdateFailed"), shown("Publishing", "1")),
}


@pytest.mark.parametrize("case", PLAIN)
def test_latest_keeps_apart_from_publications(case):
    """It stays as it is where it is separate, and does not where it mirrors them."""
    assert outcomes(PLAIN[case], MIRRORED, SEPARATE) == [RIGHT, WRONG, RIGHT]


NOT_MIRRORED = {
    "an update that publishes nothing": (*CREATED, done(UPDATE), shown("Publishing")),
    "an update that failed": (*PUBLISHED_WITH, shown("UpdateFailed"), shown("Publishing")),
    "a version published with an update that is Active": (
        *PUBLISHED_WITH, shown("Active", "1"), shown("Publishing")),
    "a publication that began after a failed update, and has ended": (
        *PUBLISHED_FROM, shown("Active", "1"), shown("Publishing")),
    "a publication that succeeded after a failed update": (
        *PUBLISHED_FROM, shown("Active", "1"), shown("PublishFailed")),
    "two publications, when both have ended": (
        *TWO, shown("Active", "1"), shown("Active", "2"), shown("Publishing")),
    "a publication after which no update had failed": (
        *CREATED, done("PublishVersion"), shown("Publishing"), shown("UpdateFailed")),
    "one that was there before the update that failed": (*UPDATED_AMID, shown("UpdateFailed"), shown("Publishing")),
    "a later publication, of an update that had failed before": (
        *PUBLISHED_FROM, shown("Publishing"), shown("Active"), done("PublishVersion"), shown("Publishing", "2"),
        shown("UpdateFailed")),
}


@pytest.mark.parametrize("case", NOT_MIRRORED)
def test_latest_mirrors_nothing_else(case):
    """Whatever is chosen, $LATEST does not show Publishing, or an outcome, where none of its versions has it."""
    assert outcomes(NOT_MIRRORED[case], MIRRORED, SEPARATE) == [WRONG, WRONG, WRONG]


def test_nothing_is_mirrored_of_what_is_refused():
    """Where PublishVersion is refused after a failed update, there is nothing to mirror."""
    records = MIRRORS["that began when its last update had failed"]
    assert outcome(records, **MIRRORED, publish_from_failed="refused") == WRONG
    assert outcome(records, **MIRRORED, publish_from_failed="accepted") == RIGHT


# ------------------------------------------------------------------------------- versions that are awaited

AWAITED = (*CREATED, done(UPDATE, Publish="TRUE"), shown("Updating"))
ALIAS = {"Name": "live", "FunctionVersion": "1"}
OPEN_DOORS = {"alias_to_unready_version": "accepted", "version_delete_when_unsettled": "accepted",
              "unready_version_delete": "accepted"}
UNSEEN = {
    "reads": refused("GetFunction", NO_VERSION, Qualifier="1"),
    "calls": refused(INVOKE, NO_VERSION, Qualifier="1"),
    "calls of the other kind": refused("InvokeFunction", "ResourceNotFound.Qualifier", Qualifier="1"),
    "deletions": refused("DeleteFunctionVersion", "ResourceNotFound.Qualifier", Qualifier="1"),
    "deletions of the function's": refused("DeleteFunction", "ResourceNotFound.Qualifier", Qualifier="1"),
    "new aliases": refused("CreateAlias", "ResourceNotFound.FunctionVersion", **ALIAS),
    "the first alias": refused("UpdateAlias", "ResourceNotFound.FunctionVersion", **{**ALIAS, "Name": "$DEFAULT"}),
    "lists": {"op": "ListVersionByFunction", "result": {"Versions": [{"Version": "$LATEST", "Status": "Updating"}]}},
}
SEEN = {
    "reads": shown("Publishing", "1"),
    "calls": refused(INVOKE, "FailedOperation.FunctionStatusError", Qualifier="1"),
    "calls of the other kind": refused("InvokeFunction", "FailedOperation.FunctionStatusError", Qualifier="1"),
    "deletions": done("DeleteFunctionVersion", Qualifier="1"),
    "deletions of the function's": done("DeleteFunction", Qualifier="1"),
    "new aliases": done("CreateAlias", **ALIAS),
    "lists": {"op": "ListVersionByFunction", "result": {"Versions": [{"Version": "1", "Status": "Publishing"}]}},
}


@pytest.mark.parametrize("case", UNSEEN)
def test_a_version_first_seen_after_the_update_is_not_there_before(case):
    """Whatever speaks of it answers as of a version that does not exist; not so one that is seen at once.

    Only an alias may be refused for another reason, which shows no code of its own: the version is not Active.
    """
    records = (*AWAITED, UNSEEN[case], shown("Updating"))
    seen = RIGHT if "alias" in case else WRONG
    assert outcomes(records, LATE, AT_ONCE, {**LATE, **OPEN_DOORS}, {**AT_ONCE, **OPEN_DOORS}) == [
        RIGHT, RIGHT, seen, RIGHT, WRONG]


@pytest.mark.parametrize("case", SEEN)
def test_a_version_seen_at_once_is_there_before_the_update_ends(case):
    """And one that is first seen after it is not."""
    records = (*AWAITED, SEEN[case], shown("Updating"))
    assert outcomes(records, {**AT_ONCE, **OPEN_DOORS}, {**LATE, **OPEN_DOORS}) == [RIGHT, RIGHT, WRONG]


@pytest.mark.parametrize("case", UNSEEN)
def test_a_version_is_there_when_the_update_has_ended(case):
    """Whatever is chosen, nothing then says of it that it does not exist."""
    known = (*AWAITED, shown("Active"), shown("Active", "1"))
    assert outcomes((*known, UNSEEN[case]), LATE, AT_ONCE) == [WRONG, WRONG, WRONG]


# ------------------------------------------------------------------------------- what leaves with its function

KEPT = (*CREATED, done("PublishVersion"), shown("Active", "1"), done("CreateAlias", **ALIAS))
LEAVING = (*KEPT, done("DeleteFunction"), shown("Deleting"))
SERVED = {"invoke_while_deleting": "served", "version_delete_when_unsettled": "accepted"}
NO_ALIAS = "ResourceNotFound.Alias"
WENT = {
    "reads of a version": refused("GetFunction", NO_VERSION, Qualifier="1"),
    "reads through an alias": refused("GetFunction", NO_VERSION, Qualifier="live"),
    "reads of an alias": refused("GetAlias", NO_ALIAS, Name="live"),
    "changes of an alias": refused("UpdateAlias", NO_ALIAS, Name="live", FunctionVersion="$LATEST"),
    "changes to a version": refused("UpdateAlias", "ResourceNotFound.FunctionVersion", **ALIAS),
    "deletions of an alias": refused("DeleteAlias", NO_ALIAS, Name="live"),
    "deletions of the first": refused("DeleteAlias", NO_ALIAS, Name="$DEFAULT"),
    "an alias of that name": done("CreateAlias", Name="live", FunctionVersion="$LATEST"),
    "an alias of a version": refused("CreateAlias", "ResourceNotFound.FunctionVersion", Name="b", FunctionVersion="1"),
    "that name for a version": refused("CreateAlias", "ResourceNotFound.FunctionVersion", **ALIAS),
    "calls of a version": refused(INVOKE, "ResourceNotFound.Qualifier", Qualifier="1"),
    "calls through an alias": refused(INVOKE, "ResourceNotFound.Qualifier", Qualifier="live"),
    "deletions of a version": refused("DeleteFunctionVersion", "ResourceNotFound.Qualifier", Qualifier="1"),
    "deletions of the function's version": refused("DeleteFunction", "ResourceNotFound.Qualifier", Qualifier="1"),
    "lists of versions": {"op": "ListVersionByFunction", "result": {"Versions": []}},
    "lists of aliases": {"op": "ListAliases", "result": {"Aliases": []}},
}
STAYED = {
    "reads of a version": shown("Active", "1"),
    "reads through an alias": shown("Active", "live"),
    "reads of an alias": {"op": "GetAlias", "args": {"Name": "live"}, "result": {"FunctionVersion": "1"}},
    "changes of an alias": done("UpdateAlias", Name="live", FunctionVersion="$LATEST"),
    "deletions of an alias": done("DeleteAlias", Name="live"),
    "an alias of that name": refused("CreateAlias", "ResourceInUse.Alias", Name="live", FunctionVersion="$LATEST"),
    "an alias of a version": done("CreateAlias", Name="b", FunctionVersion="1"),
    "calls of a version": {"op": INVOKE, "args": {"Qualifier": "1"}, "result": {}},
    "calls through an alias": {"op": INVOKE, "args": {"Qualifier": "live"}, "result": {}},
    "calls of the other kind": {"op": "InvokeFunction", "args": {"Qualifier": "live"}, "result": {}},
    "deletions of a version": refused("DeleteFunctionVersion", "UnsupportedOperation.AliasBind", Qualifier="1"),
    "lists of versions": {"op": "ListVersionByFunction", "result": {"Versions": [{"Version": "1"}]}},
    "lists of aliases": {"op": "ListAliases", "result": {"Aliases": [
        {"Name": "live", "FunctionVersion": "1"}, {"Name": "$DEFAULT", "FunctionVersion": "$LATEST"}]}},
}


@pytest.mark.parametrize("case", WENT)
def test_what_is_gone_with_its_function_is_gone_for_every_call(case):
    """As far as the function itself lets a call through; what can still be read is still there."""
    records = (*LEAVING, WENT[case], shown("Deleting"))
    assert outcomes(records, {**GONE, **SERVED}, {**READABLE, **SERVED}) == [RIGHT, RIGHT, WRONG]


@pytest.mark.parametrize("case", STAYED)
def test_what_can_still_be_read_is_there_for_every_call(case):
    """And what is gone is not."""
    records = (*LEAVING, STAYED[case], shown("Deleting"))
    assert outcomes(records, {**READABLE, **SERVED}, {**GONE, **SERVED}) == [RIGHT, RIGHT, WRONG]


@pytest.mark.parametrize("case", WENT)
@pytest.mark.parametrize("begun", [KEPT, (*LEAVING, shown("DeleteFailed"))], ids=["before", "after it failed"])
def test_nothing_is_gone_while_the_function_is_not_leaving(case, begun):
    """Whatever is chosen, before a deletion and after one that failed the same answers are wrong."""
    assert outcomes((*begun, WENT[case]), SERVED, {**GONE, **SERVED})[1:] == [WRONG, WRONG]


@pytest.mark.parametrize("state", ["Publishing", "PublishFailed"])
@pytest.mark.parametrize("call", [INVOKE, "InvokeFunction"])
def test_an_unready_version_is_gone_too(state, call):
    """What was not Active when its function began to leave is no exception."""
    unready = {"delete_while_publishing": "accepted", "invoke_publish_failed": "served", **SERVED}
    begun = (*CREATED, done("PublishVersion"), shown(state, "1"), done("DeleteFunction"), shown("Deleting"))
    records = (*begun, refused(call, "ResourceNotFound.Qualifier", Qualifier="1"), shown("Deleting"))
    assert outcomes(records, {**GONE, **unready}) == [RIGHT, RIGHT]


def test_an_awaited_version_is_gone_too():
    """Though it is seen at once, it cannot be read when its function leaves."""
    begun = (*AWAITED, done("DeleteFunction"), shown("Deleting"))
    records = (*begun, refused("GetFunction", NO_VERSION, Qualifier="1"), shown("Deleting"))
    seen = {**AT_ONCE, "delete_while_updating": "accepted", "version_after_failed_update": "publish failed"}
    assert outcomes(records, {**GONE, **seen}, {**READABLE, **seen}) == [RIGHT, RIGHT, WRONG]


# ------------------------------------------------------------------------------- AvailableStatus of a frozen account


def available(word, status="Active"):
    """What GetFunction showed of the account."""
    return {"op": "GetFunction", "result": {"Status": status, "AvailableStatus": word}}


FREEZE, THAW = {"event": "account frozen"}, {"event": "account unfrozen"}


@pytest.mark.parametrize(("records", "expected"), [
    ((FREEZE, available("Frozen")), (RIGHT, None)),
    ((FREEZE, {"event": "balance exhausted"}, available("Frozen")), (RIGHT, None)),
    ((FREEZE, available("InsufficientBalance"), available("Available")), (RIGHT, None)),
    ((available("Frozen"),), ("inconclusive", "SM101")),
    ((FREEZE, THAW, available("Frozen")), ("inconclusive", "SM101")),
    ((FREEZE, available("Frozen", "Frozen")), ("inconclusive", "SM101")),
    ((FREEZE, THAW, available("InsufficientBalance")), (WRONG, "SM203")),
])
def test_what_is_not_stated_may_be_any_word(records, expected):
    """During a freeze, and only then; of what the model knows no word it keeps no opinion elsewhere."""
    found = verdict((*CREATED, *records))
    assert (str(found.outcome), found.code) == expected


def test_a_freeze_that_may_have_ended_decides_nothing():
    """Where the account may have been unfrozen unseen, an unknown word is neither right nor wrong."""
    found = verdict((*CREATED, FREEZE, available("Frozen")), environment="open")
    assert (str(found.outcome), found.code) == ("inconclusive", "SM101")


def test_what_comes_after_any_word_is_explained_from_the_beginning():
    """The word does not make the oracle forget what was there before."""
    found = verdict((*CREATED, FREEZE, available("Frozen"), shown("Creating")))
    assert (str(found.outcome), found.code, found.line) == (WRONG, "SM203", 5)
    assert any("CreateFunction" in line for line in found.explanation)


class Worded(FakeService):
    """Shows a word of its own for an account that is frozen."""

    wording = ("Frozen", "FrozenInArrears")

    def call(self, op, args=None):
        """Answer a call."""
        answer = super().call(op, args)
        if op == "GetFunction" and self.world.shared[0][1].state in self.wording:
            answer["result"]["AvailableStatus"] = "Suspended"
        return answer


class Wrong(Worded):
    """Shows it as well of an account that is in arrears."""

    wording = (*Worded.wording, "InsufficientBalance")


@pytest.mark.parametrize(("client", "names"), [(Worded, []), (Wrong, ["SM101:GetFunction:AvailableStatus"])])
def test_the_suite_finds_an_unknown_word_only_where_one_is_wrong(client, names):
    """A client that has a third word for a frozen account passes; one that shows it of others does not."""
    [billing] = (part for part in SCF.parts if part.part == "billing")
    report = conformance(billing, lambda: client(Simulator.of(billing)), settings=Settings(examples=5))
    assert sorted({one.name for one in report.findings}) == names


# ------------------------------------------------------------------------------- guards that hang on an option

full = Guard("it is full", lambda view: view.arg("full"), only_under=refill["accepted"])
fills = {"policies": (refill,), **WITHOUT}


def test_a_guard_that_hangs_on_an_option_holds_under_no_other():
    """So that no row need speak of it there; without it the same rows leave a case out."""
    rows = (yes("Ready", Fill, guard=full, under=refill["accepted"]), no("Ready", Fill, guard=~full))
    assert graph(*rows, **fills).rows == graph(*rows, **fills).every_row
    free = attrs.evolve(full, only_under=None)
    with pytest.raises(DefinitionError, match=r"Fill in Ready \(refill = refused, it is full: yes\): nothing is said"):
        graph(yes("Ready", Fill, guard=free, under=refill["accepted"]), no("Ready", Fill, guard=~free), **fills)


def test_a_guard_that_hangs_on_an_option_is_still_asked_for_its_other_case():
    """It may not hold under its option either."""
    rows = (yes("Ready", Fill, guard=full, under=refill["accepted"]), no("Ready", Fill, under=refill["refused"]))
    with pytest.raises(DefinitionError, match=r"Fill in Ready \(refill = accepted, it is full: no\): nothing is said"):
        graph(*rows, **fills)


@pytest.mark.parametrize(("choice", "problem"), [
    (Choice("refil", "accepted"), "unknown policy 'refil'"), (Choice("refill", "yes"), "unknown option 'yes'"),
])
def test_a_guard_hangs_on_an_option_that_is_there(choice, problem):
    """A misspelt one is told of, as in a row."""
    strange = attrs.evolve(full, only_under=choice)
    with pytest.raises(DefinitionError, match=problem):
        graph(yes("Ready", Fill, guard=strange), no("Ready", Fill, guard=~strange), **fills)


# ------------------------------------------------------------------------------- charts on which nothing fails


def test_what_need_not_fail_is_on_the_charts_on_which_nothing_fails():
    """A publication may end well in spite of what $LATEST may show then; one that fails is left out."""
    abilities = frozenset(("CreateFunction", "PublishVersion", "environment"))
    found = {stage.name: stage.chart.events for stage in Ahead(stages(prepare(SCF), abilities))}
    assert {name for name in found if "publish succeeded" in found[name]} == set(found)
    assert {name for name in found if "publish failed" in found[name]} == set(found) - {"account"}
