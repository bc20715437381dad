"""Every rule of the contract about histories, by the smallest history that shows it."""

from functools import cache

import pytest

from statemodel.oracle.check import Checker, judge, monitor
from statemodel.registry import model

GONE = "ResourceNotFound.Function"


@cache
def watching(name, start, calls, environment):
    return monitor(model(name), start=start, calls=calls, environment=environment)


def followed(name, *records, start="absent", calls="complete", environment="open"):
    checker = Checker(watching(name, start, calls, environment))
    for line, record in enumerate(records, 1):
        checker.follow("records", line, {"resource": "fn", **record})
    return checker.tracks["fn"]


def found(name, *records, **how):
    """Outcome, code and line of what was found."""
    track = followed(name, *records, **how)
    outcome = "violates" if track.node is None else "inconclusive" if track.code else "conforms"
    return " ".join(map(str, filter(None, (outcome, track.code, track.line))))


def done(operation, shown=None, **args):
    return {"op": operation, **({"args": args} if args else {}), "result": shown or {}}


def refused(operation, code, **args):
    return {"op": operation, **({"args": args} if args else {}), "error": code}


def lost(operation, **args):
    return {"op": operation, **({"args": args} if args else {}), "lost": True}


def reads(status, **args):
    return done("GetFunction", {"Status": status}, **args)


def serves(content, **args):
    return done("Invoke", {"content": content}, **args)


def happens(name):
    return {"event": name}


def published(number):
    return [done("PublishVersion", {"FunctionVersion": number}), reads("Active", Qualifier=number)]


def layer(number):
    return [done("PublishLayerVersion", {"LayerVersion": number}),
            done("GetLayerVersion", {"Status": "Active"}, LayerVersion=number)]


def no_layer(number):
    return refused("GetLayerVersion", "ResourceNotFound.LayerVersion", LayerVersion=number)


CREATED = (done("CreateFunction", content="a"), reads("Active"))
UPDATED = (*CREATED, done("UpdateFunctionCode", content="b"), reads("Active"))
DELETED = (done("DeleteFunction"), refused("GetFunction", GONE))

# ------------------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize(("reads_after", "expected"), [
    ([no_layer(1)], "conforms"), ([no_layer(2)], "conforms"), ([no_layer(1), no_layer(2)], "violates SM203 7"),
])
def test_absent_required_argument_matches_anything(reads_after, expected):
    """Which of two versions was deleted was not recorded: either may be gone, not both."""
    assert found("scf.layer", *layer(1), *layer(2), done("DeleteLayerVersion"), *reads_after) == expected


def test_recorded_argument_matches_itself():
    deletion = done("DeleteLayerVersion", LayerVersion=2)
    assert found("scf.layer", *layer(1), *layer(2), deletion, no_layer(1)) == "violates SM203 6"


@pytest.mark.parametrize(("record", "expected"), [
    (done("CreateFunction"), "conforms"),
    (done("CreateFunction", content=None), "violates SM201 1"),
    (refused("CreateFunction", "MissingParameter.Code", content=None), "conforms"),
])
def test_null_argument_was_not_sent(record, expected):
    """A required argument that was not sent is refused; one that was not recorded is not."""
    assert found("scf", record) == expected


@pytest.mark.parametrize(("qualifier", "expected"), [({}, "b"), ({"Qualifier": None}, "b"), ({"Qualifier": "1"}, "a")])
def test_absent_optional_argument_has_its_default(qualifier, expected):
    """Invoke without a qualifier calls $LATEST, whether it was not recorded or known not to be sent."""
    before = (*CREATED, *published("1"), *UPDATED[2:])
    other = {"a": "b", "b": "a"}[expected]
    assert found("scf", *before, serves(expected, **qualifier)) == "conforms"
    assert found("scf", *before, serves(other, **qualifier)) == "violates SM203 7"


@pytest.mark.parametrize(("update", "content", "expected"), [
    (done("UpdateFunctionCode", content="b"), "b", "conforms"),
    (done("UpdateFunctionCode", content="b"), "a", "violates SM203 5"),
    (done("UpdateFunctionCode"), "a", "conforms"),
    (done("UpdateFunctionCode"), "b", "conforms"),
    (done("UpdateFunctionConfiguration"), "a", "conforms"),
    (done("UpdateFunctionConfiguration"), "b", "violates SM203 5"),
])
def test_missing_content_may_have_changed_it(update, content, expected):
    assert found("scf", *CREATED, update, reads("Active"), serves(content)) == expected


@pytest.mark.parametrize("content", [0, False])
def test_content_is_a_text(content):
    """What is no text is none of the contents that were recorded, whatever the oracle calls those."""
    assert found("scf", *CREATED, serves(content)).startswith("violates")


# ------------------------------------------------------------------------------------------------- results


@pytest.mark.parametrize(("name", "result", "expected"), [
    ("scf.function", {}, "conforms"),
    ("scf.function", {"MemorySize": "much", "Statuses": 3}, "conforms"),
    ("scf.function", {"Status": None}, "violates SM203 2"),
    ("scf.function", {"Status": "Active", "MemorySize": 128}, "conforms"),
    ("scf.function", {"Status": "Updating"}, "violates SM203 2"),
])
def test_result_fields(name, result, expected):
    """Fields that were not recorded or are not known match, known ones must agree, and null is shown empty."""
    assert found(name, CREATED[0], done("GetFunction", result)) == expected


@pytest.mark.parametrize(("runtime", "expected"), [
    ("python3.12", "conforms"), ("custom-container", "violates SM203 2"),
])
def test_null_result_is_shown_empty(runtime, expected):
    """The state of an FC function of another runtime reads null, that of a container does not."""
    records = done("createFunction", runtime=runtime), done("getFunction", {"state": None})
    assert found("fc", *records) == expected


@pytest.mark.parametrize("code", [
    "FailedOperation.UpdateFunctionConfiguration", "FailedOperation.InsufficientBalance", "*",
])
def test_any_code_of_several_refusals(code):
    """Updating and in arrears at once: the code of either conforms, and so does one that was not recorded."""
    before = (*CREATED, done("UpdateFunctionConfiguration"), reads("Updating"), happens("balance exhausted"))
    after = refused("UpdateFunctionConfiguration", code)
    assert found("scf", *before, after, environment="recorded") == "conforms"
    assert found("scf", *before, refused("UpdateFunctionConfiguration", "ResourceInUse.FunctionName"),
                 environment="recorded") == "violates SM202 6"


def test_code_of_a_refusal_that_does_not_apply():
    records = (*CREATED, done("UpdateFunctionConfiguration"), reads("Updating"))
    refusal = refused("UpdateFunctionConfiguration", "FailedOperation.InsufficientBalance")
    assert found("scf", *records, refusal, environment="recorded") == "violates SM202 5"


def test_unrecorded_code_is_a_refusal_all_the_same():
    assert found("scf", *CREATED, refused("CreateFunction", "*")) == "conforms"
    assert found("scf", refused("CreateFunction", "*"), environment="recorded") == "violates SM202 1"
    assert found("scf", *CREATED, refused("GetFunction", "*")) == "violates SM203 3"


@pytest.mark.parametrize("code", [
    "RequestLimitExceeded", "AuthFailure.SignatureFailure", "InternalError", "InternalError.System",
    "UnauthorizedOperation.CAM",
])
def test_throttling_authentication_and_internal_errors_are_skipped(code):
    """They say nothing and move nothing, and are counted."""
    records = (*CREATED, refused("UpdateFunctionCode", code))
    assert (found("scf", *records, reads("Active")), followed("scf", *records).skipped) == ("conforms", 1)
    assert found("scf", *records, reads("Updating")) == "violates SM203 4"


@pytest.mark.parametrize("code", ["InvalidParameterValue.Code", "InvalidParameterValue", "LimitExceeded.Function"])
def test_codes_of_the_request_move_nothing(code):
    """They may come in any state, and are not skipped."""
    records = refused("CreateFunction", code), refused("GetFunction", GONE)
    assert found("scf", *records, environment="recorded") == "conforms"
    assert found("scf", refused("CreateFunction", code), reads("Creating")) == "violates SM203 2"
    assert followed("scf", refused("CreateFunction", code)).skipped == 0


# ------------------------------------------------------------------------------------------------- lists


def listed(*versions, args=None, **result):
    return done("ListVersionByFunction", {"Versions": [{"Version": one} for one in versions], **result}, **(args or {}))


@pytest.mark.parametrize(("listing", "expected"), [
    (listed("1", "2"), "conforms"),
    (listed("2", "1"), "conforms"),
    (listed("$LATEST", "2", "1"), "conforms"),
    (listed("1"), "violates SM203 7"),
    (listed(), "violates SM203 7"),
    (listed("1", "2", "3"), "violates SM203 7"),
    (listed("1", args={"Limit": 1}), "conforms"),
    (listed("2", args={"Offset": 1}), "conforms"),
    (listed("3", args={"Limit": 1}), "violates SM203 7"),
    (listed("1", TotalCount=2), "conforms"),
    (listed("1", TotalCount=1), "violates SM203 7"),
    (listed("1", args={"Limit": 1}, TotalCount=1), "violates SM203 7"),
    (done("ListVersionByFunction", {"Versions": [{"Version": "1", "Status": "Active"}, {"Version": "2"}]}), "conforms"),
    (done("ListVersionByFunction", {"Versions": [{"Version": "1", "Status": "Publishing"}, {"Version": "2"}]}),
     "violates SM203 7"),
])
def test_lists_match_as_sets(listing, expected):
    """An entry that is not listed is absent only where the list is complete: not paged, or its total reached."""
    assert found("scf", *CREATED, *published("1"), *published("2"), listing) == expected


@pytest.mark.parametrize(("functions", "expected"), [
    ([{"FunctionName": "fn", "Status": "Active"}, {"FunctionName": "other"}], "conforms"),
    ([{"FunctionName": "fn", "Status": "Creating"}], "violates SM203 3"),
    ([{"FunctionName": "other", "Status": "Creating"}], "violates SM203 3"),
    ([], "violates SM203 3"),
    ([{"FunctionName": f"other-{number}"} for number in range(20)], "conforms"),
])
def test_lists_of_functions_show_the_one_asked_about(functions, expected):
    """Other functions say nothing; a list as long as a page may go on."""
    assert found("scf", *CREATED, done("ListFunctions", {"Functions": functions})) == expected


@pytest.mark.parametrize("before", [
    (done("ListFunctions", {"Functions": []}), done("CreateFunction", FunctionName="named"), reads("Active")),
    (done("CreateFunction"), reads("Active", FunctionName="named")),
])
def test_name_of_a_resource_may_come_late(before):
    """The name that lists show is that of any call, not only of the first record."""
    named, other = (done("ListFunctions", {"Functions": [{"FunctionName": name}]}) for name in ("named", "other"))
    assert found("scf", *before, named) == "conforms"
    assert found("scf", *before, other).startswith("violates")


def test_several_members_that_a_list_may_leave_out():
    """Deleted layer versions may or may not be listed, and there may be more than one of them."""
    code = "FailedOperation.OperationConflict"
    again = [refused("DeleteLayerVersion", code, LayerVersion=number) for number in (1, 2)]
    empty = done("ListLayerVersions", {"LayerVersions": []})
    assert found("scf.layer", empty, *again, start="unknown") == "conforms"


# ------------------------------------------------------------------------------------------------- other records


@pytest.mark.parametrize("status", ["Updating", "Active", "UpdateFailed"])
def test_lost_call_may_have_taken_effect(status):
    assert found("scf", *CREATED, lost("UpdateFunctionCode", content="b"), reads(status)) == "conforms"
    assert (found("scf", *CREATED, reads(status)) == "conforms") is (status == "Active")


def test_lost_call_took_effect_at_most_once_and_as_sent():
    records = (*CREATED, lost("UpdateFunctionCode", content="b"), reads("Active"))
    assert found("scf", *records, serves("a")) == found("scf", *records, serves("b")) == "conforms"
    assert found("scf", *records, serves("c")) == "violates SM203 5"
    assert found("scf", *records, reads("Active"), serves("a"), serves("b")) == "violates SM203 7"


ARREARS = refused("Invoke", "410")


@pytest.mark.parametrize(("records", "open_", "recorded"), [
    ((ARREARS,), "conforms", "violates SM203 3"),
    ((happens("balance exhausted"), ARREARS), "conforms", "conforms"),
    ((happens("balance exhausted"), serves("a")), "conforms", "violates SM203 4"),
    ((happens("balance exhausted"), happens("balance restored"), serves("a")), "conforms", "conforms"),
    ((happens("balance exhausted"), happens("balance restored"), ARREARS), "conforms", "conforms"),
    ((happens("balance restored"),), "conforms", "violates SM204 3"),
    ((happens("update succeeded"),), "violates SM204 3", "violates SM204 3"),
    ((happens("rain"),), "inconclusive SM102 3", "inconclusive SM102 3"),
])
def test_events(records, open_, recorded):
    """Environment moves may happen unrecorded in an open environment, in a recorded one they must be there."""
    assert found("scf", *CREATED, *records, environment="open") == open_
    assert found("scf", *CREATED, *records, environment="recorded") == recorded


def test_recorded_event_has_happened():
    """A move of the service that was recorded is over, in either environment."""
    records = (CREATED[0], happens("create succeeded"))
    assert found("scf", *records, reads("Active")) == "conforms"
    assert found("scf", *records, reads("Creating")) == "violates SM203 3"


def test_silence_proves_nothing():
    """However long it is: the oracle bounds no state by itself, and no silence moves anything."""
    assert found("scf", CREATED[0], reads("Creating"), {"silence": 86400}, reads("Creating")) == "conforms"
    assert found("scf", *CREATED, {"silence": 86400}, reads("Creating")) == "violates SM203 4"


# ------------------------------------------------------------------------------------------------- two resources


def copied(side=None, **args):
    return {**done("CopyFunction", **args), **({"as": side} if side else {})}


@pytest.mark.parametrize(("records", "expected"), [
    ((*CREATED, copied("source"), reads("Active"), serves("a")), "conforms"),
    ((*CREATED, copied("source"), reads("Creating")), "violates SM203 4"),
    ((copied("source"),), "violates SM201 1"),
    ((copied("target"), reads("Creating")), "conforms"),
    ((copied("target", content="c"), reads("Active"), serves("c")), "conforms"),
    ((copied("target", content="c"), reads("Active"), serves("a")), "violates SM203 3"),
    ((*CREATED, copied("target")), "violates SM201 3"),
    ((*CREATED, {**refused("CopyFunction", "ResourceInUse.FunctionName"), "as": "target"}), "conforms"),
    ((*CREATED, copied("target", Override=True), reads("Creating")), "conforms"),
    ((copied(), reads("Creating")), "conforms"),
    ((*CREATED, copied(), reads("Active")), "conforms"),
    ((*CREATED, copied(), reads("Creating")), "violates SM203 4"),
])
def test_copy_is_written_once_in_each_resource(records, expected):
    """As source it moves nothing, as target it creates; without a side it is either."""
    assert found("scf", *records) == expected


# ------------------------------------------------------------------------------------------------- unknown things


@pytest.mark.parametrize(("records", "expected"), [
    ((reads("Sleeping"),), "inconclusive SM101 3"),
    ((done("Rename"),), "inconclusive SM102 3"),
    ((reads("Sleeping"), refused("GetFunction", GONE)), "inconclusive SM101 3"),
    ((done("Rename"), reads("Creating")), "inconclusive SM102 3"),
    ((reads("Sleeping"), reads("CreateFailed"), done("UpdateFunctionCode")), "violates SM201 5"),
    ((done("Rename"), reads("CreateFailed"), done("UpdateFunctionCode")), "violates SM201 5"),
    ((reads("Updating"), reads("Sleeping")), "violates SM203 3"),
    ((reads("Sleeping"), done("Rename")), "inconclusive SM101 3"),
])
def test_belief_starts_afresh_after_unknown_things(records, expected):
    """What was known before is forgotten, and what cannot be after all violates; the first finding is told."""
    assert found("scf", *CREATED, *records) == expected


@pytest.mark.parametrize(("record", "expected"), [
    (reads("Active", Qualifier="2"), ("inconclusive SM103 3", 1)),
    (done("Invoke", Qualifier="live"), ("inconclusive SM103 3", 1)),
    (done("GetAlias", Name="live"), ("inconclusive SM103 3", 1)),
    (ARREARS, ("conforms", 0)),
    (done("GetFunction", {"AvailableStatus": "InsufficientBalance"}), ("conforms", 0)),
])
def test_part_checked_alone_leaves_other_parts_out(record, expected):
    """Their operations and qualifiers are skipped and counted; what they may refuse or show is open."""
    records = (*CREATED, record)
    assert (found("scf.function", *records), followed("scf.function", *records).skipped) == expected


def test_part_checked_alone_still_violates():
    assert found("scf.function", *CREATED, reads("Active", Qualifier="2"), reads("Creating")) == "violates SM203 4"


@pytest.mark.parametrize("code", [GONE, "ResourceNotFound.Version"])
def test_part_checked_alone_is_not_refused_by_parts_that_a_call_does_not_name(code):
    """Without a qualifier no version and no alias is asked, so that their refusals explain nothing."""
    assert found("scf.function", *CREATED, refused("GetFunction", code)) == "violates SM203 3"


# ------------------------------------------------------------------------------------------------- start, calls


def test_start_unknown_or_absent():
    assert found("scf", reads("Active"), start="unknown") == "conforms"
    assert found("scf", reads("Active"), start="absent") == "violates SM203 1"


def test_partial_calls_are_weaker():
    """Others may have deleted the function unseen, but nobody can have changed what a call answers nowhere."""
    records = (*CREATED, refused("GetFunction", GONE))
    assert found("scf", *records, calls="complete") == "violates SM203 3"
    assert found("scf", *records, calls="partial") == "conforms"
    assert found("scf", refused("GetFunction", "410"), calls="partial", start="unknown") == "violates SM203 1"


def test_a_history_hangs_on_no_other():
    """A value that Python takes for equal to another is not judged as the other was, in another history."""
    odd = {"resource": "odd", **done("TerminateAsyncEvent", InvokeRequestId="e", GraceShutdown=1)}
    plain = {"resource": "plain", **done("TerminateAsyncEvent", InvokeRequestId="e", GraceShutdown=True)}
    for records in ([odd, plain], [plain, odd]):
        outcomes = {one.resource: str(one.outcome) for one in judge(model("scf.async_event"), records).verdicts}
        assert outcomes == {"odd": "violates", "plain": "conforms"}
