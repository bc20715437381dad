"""Open points of the catalogue: each option behaves as it says, and what is open takes either answer."""

import pytest

from statemodel.catalogue import FC, SCF
from statemodel.oracle.check import judge

CREATED = [{"op": "CreateFunction", "result": {}}, {"op": "GetFunction", "result": {"Status": "Active"}}]
DELETING = [*CREATED, {"op": "DeleteFunction", "result": {}}, {"op": "GetFunction", "result": {"Status": "Deleting"}}]
UPDATE = "UpdateFunctionCode"
NOT_UPDATED = "FailedOperation.UpdateFunctionCode"


def outcome(records, service=SCF, **policies):
    """The verdict on a function from its creation, with only those moves of the environment that are recorded."""
    named = [{"resource": "f", **record} for record in records]
    settings = {"start": "absent", "environment": "recorded"}
    [verdict] = judge(service.with_policies(**policies), named, **settings).verdicts
    return str(verdict.outcome)


def shows(status):
    """A read of the version."""
    return {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": status}}


UNPAID = [{"op": "GetFunction", "result": {"Status": "Active"}}, {"event": "balance exhausted"}]
ALIAS = {"op": "CreateAlias", "args": {"Name": "live", "FunctionVersion": "$LATEST"}}
FAILED_VERSION = [
    *CREATED, {"op": "PublishVersion", "result": {"FunctionVersion": "1"}},
    {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "PublishFailed"}},
]
DROPPED = [*FAILED_VERSION, {"op": "DeleteFunctionVersion", "args": {"Qualifier": "1"}, "result": {}}]
LOST_VERSION = [
    *CREATED, {"op": UPDATE, "args": {"Publish": "TRUE"}, "result": {}},
    {"op": "GetFunction", "result": {"Status": "UpdateFailed"}},
]
RECOVERED = [{"op": UPDATE, "result": {}}, {"op": "GetFunction", "result": {"Status": "Active"}}]
FAILED_DELETION = [*DELETING, {"op": "GetFunction", "result": {"Status": "DeleteFailed"}}]
COPY = {"op": "CopyFunction", "as": "target", "args": {"Override": True}}
BY_ALIAS = {"op": "GetFunction", "args": {"Qualifier": "$DEFAULT"}}
# policy, option: what happens under this option and under no other.
CASES = {
    ("update_while_deleting", "refused"): [*DELETING, {"op": UPDATE, "error": NOT_UPDATED}],
    ("create_leaves_no_trace", "possible"):
        [CREATED[0], {"op": "GetFunction", "error": "ResourceNotFound.Function"}],
    ("copy_over_unsettled", "accepted"): [*FAILED_DELETION, {**COPY, "result": {}}],
    ("copy_over_unsettled", "refused"): [*FAILED_DELETION, {**COPY, "error": "FailedOperation.CopyFunction"}],
    ("publish_in_arrears", "accepted"): [*CREATED, *UNPAID, {"op": "PublishVersion", "result": {}}],
    ("publish_in_arrears", "refused"):
        [*CREATED, *UNPAID, {"op": "PublishVersion", "error": "FailedOperation.InsufficientBalance"}],
    ("delete_out_of_service", "accepted"): [*CREATED, *UNPAID, {"op": "DeleteFunction", "result": {}}],
    ("delete_out_of_service", "refused"):
        [*CREATED, *UNPAID, {"op": "DeleteFunction", "error": "FailedOperation.AccountInsufficient"}],
    ("aliases_out_of_service", "accepted"): [*CREATED, *UNPAID, {**ALIAS, "result": {}}],
    ("aliases_out_of_service", "refused"):
        [*CREATED, *UNPAID, {**ALIAS, "error": "FailedOperation.InsufficientBalance"}],
    ("invoke_publish_failed", "served"): [*FAILED_VERSION, {"op": "Invoke", "args": {"Qualifier": "1"}, "result": {}}],
    ("invoke_publish_failed", "refused"):
        [*FAILED_VERSION, {"op": "Invoke", "args": {"Qualifier": "1"}, "error": "438"}],
    ("read_by_alias", "accepted"): [*CREATED, {**BY_ALIAS, "result": {"Status": "Active"}}],
    ("read_by_alias", "refused"): [*CREATED, {**BY_ALIAS, "error": "InvalidParameterValue.Qualifier"}],
    ("version_passes_deleting", "yes"):
        [*DROPPED, {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "Deleting"}}],
    ("version_after_failed_update", "publish failed"):
        [*LOST_VERSION, {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "PublishFailed"}}],
    ("version_after_failed_update", "gone"):
        [*LOST_VERSION, {"op": "GetFunction", "args": {"Qualifier": "1"}, "error": "ResourceNotFound.Version"}],
    **{("number_of_a_gone_version", option):
        [*LOST_VERSION, {"op": "GetFunction", "args": {"Qualifier": "1"}, "error": "ResourceNotFound.Version"},
         *RECOVERED, {"op": "PublishVersion", "result": {"FunctionVersion": number}}]
       for option, number in (("given out again", "1"), ("used up", "2"))},
}


def options(name):
    policy = next(one for one in SCF.policies if one.name == name)
    return (*policy.options, "open")


@pytest.mark.parametrize("case", CASES, ids=" = ".join)
def test_an_option_says_what_happens(case):
    """The history conforms under its option and where the point is open, and violates under every other option."""
    name, option = case
    found = {each: outcome(CASES[case], **{name: each}) for each in options(name)}
    assert found == {each: "conforms" if each in (option, "open") else "violates" for each in options(name)}


def test_what_is_bound_and_unready_is_refused_for_either_reason():
    """A version that is not Active and that an alias is bound to: nobody says which is looked at first."""
    drop = {"op": "DeleteFunctionVersion", "args": {"Qualifier": "1"}}
    bound = [*FAILED_VERSION, {"op": "GetFunction", "result": {"Status": "Active"}},
             {"op": "CreateAlias", "args": {"Name": "live", "FunctionVersion": "1"}, "result": {}}]
    for code in ("UnsupportedOperation.AliasBind", "FailedOperation.DeleteFunction"):
        assert outcome([*bound, {**drop, "error": code}]) == "conforms"
    assert outcome([*bound, {**drop, "result": {}}]) == "violates"
    assert outcome([*bound, {**drop, "error": "FailedOperation.DeleteFunction"}],
                   unready_version_delete="accepted") == "violates"


# ------------------------------------------------------------------------------------------------- reads by an alias


@pytest.mark.parametrize("shown", [{"result": {"Status": "Deleting"}}, {"error": "InvalidParameterValue.Qualifier"}])
def test_a_read_by_an_alias_is_open_while_the_function_is_deleted(shown):
    """One that can be read is only refused where no alias is taken, and only shown where aliases are."""
    taken, other = ("refused", "accepted") if "error" in shown else ("accepted", "refused")
    records, readable = [*DELETING, {**BY_ALIAS, **shown}, DELETING[-1]], {"versions_of_a_leaving_function": "readable"}
    found = [outcome(records, **readable, read_by_alias=option) for option in ("open", taken, other)]
    assert found == ["conforms", "conforms", "violates"]


def test_versions_and_latest_can_be_read_where_no_alias_is_taken():
    """They are never refused for being no version."""
    no = {"error": "InvalidParameterValue.Qualifier"}
    assert outcome([*CREATED, {"op": "GetFunction", "args": {"Qualifier": "$LATEST"}, **no}]) == "violates"
    assert outcome([*FAILED_VERSION, {"op": "GetFunction", "args": {"Qualifier": "1"}, **no}],
                   version_after_failed_update="publish failed") == "violates"


# ------------------------------------------------------------------------------------------------- copies over others

SEPARATE = {"latest_shows_publishing": "separate"}
REFUSED_COPY = {**COPY, "error": "FailedOperation.CopyFunction"}
FAILED_UPDATE = [*CREATED, {"op": UPDATE, "result": {}}, {"op": "GetFunction", "result": {"Status": "UpdateFailed"}}]


@pytest.mark.parametrize("begun", [CREATED, FAILED_UPDATE], ids=["Active", "UpdateFailed"])
@pytest.mark.parametrize(("option", "copied"), [("accepted", {**COPY, "result": {}}), ("refused", REFUSED_COPY)])
def test_a_copy_over_a_function_one_of_whose_versions_is_being_published_is_open(begun, option, copied):
    """As one over a function that is itself at work."""
    records = [*begun, {"op": "PublishVersion", "result": {}}, copied]
    later = shows("Publishing") if option == "refused" else {"op": "GetFunction", "result": {"Status": "Creating"}}
    assert outcome([*records, later], **SEPARATE) == "conforms"
    assert outcome([*records, later], **SEPARATE, copy_over_unsettled=option) == "conforms"


def test_a_copy_is_refused_only_while_a_version_is_being_published():
    """Whatever is chosen: not before the publication, and not after it."""
    published = [*CREATED, {"op": "PublishVersion", "result": {}}]
    assert outcome([*CREATED, REFUSED_COPY]) == "violates"
    assert outcome([*published, REFUSED_COPY]) == "conforms"
    assert outcome([*published, REFUSED_COPY], copy_over_unsettled="accepted") == "violates"
    assert outcome([*published, shows("Active"), REFUSED_COPY]) == "violates"


# ------------------------------------------------------------------------------------------------- deleted versions

UNREADY = {"Publishing": {"unready_version_delete": "accepted", "version_delete_when_unsettled": "accepted"},
           "PublishFailed": {}, "DeleteFailed": {}}


@pytest.mark.parametrize("state", UNREADY)
@pytest.mark.parametrize("call", ["DeleteFunction", "DeleteFunctionVersion"])
def test_a_version_that_is_not_active_passes_through_deleting_too(state, call):
    """As an Active one does: its deletion takes its time, may be asked for twice, and may fail."""
    deletion = {"op": call, "args": {"Qualifier": "1"}, "result": {}}
    before = [shows("Active"), deletion, shows("DeleteFailed")] if state == "DeleteFailed" else [shows(state)]
    begun = [*FAILED_VERSION[:-1], *before, deletion, shows("Deleting"), deletion, shows("Deleting")]
    for end in (shows("DeleteFailed"), {**shows(""), "result": None, "error": "ResourceNotFound.Version"}):
        records = [*begun, {key: value for key, value in end.items() if value is not None}]
        assert outcome(records, **UNREADY[state]) == "conforms"
        assert outcome(records, version_passes_deleting="no") == "violates"


# ------------------------------------------------------------------------------------------------- after an update


@pytest.mark.parametrize(("option", "served"), [("refused", ""), ("lost", "a"), ("taken", "b"), ("open", "ab")])
def test_after_a_failed_deletion_the_old_or_the_new_code_serves(option, served):
    """An update accepted while the function was deleted was lost or has taken effect; a third code never serves."""
    begun = [{"op": "CreateFunction", "args": {"content": "a"}, "result": {}}, *DELETING[1:],
             {"op": UPDATE, "args": {"content": "b"}, "result": {}},
             {"op": "GetFunction", "result": {"Status": "DeleteFailed"}}]
    found = {each: outcome([*begun, {"op": "Invoke", "result": {"content": each}}], update_while_deleting=option)
             for each in "abc"}
    assert found == {each: "conforms" if each in served else "violates" for each in "abc"}


def test_a_failed_creation_is_not_updated_after_its_deletion_failed():
    """Neither option of update_while_deleting lets it; the refusal is right."""
    begun = [CREATED[0], {"op": "GetFunction", "result": {"Status": "CreateFailed"}},
             {"op": "DeleteFunction", "result": {}}, {"op": "GetFunction", "result": {"Status": "DeleteFailed"}}]
    assert outcome([*begun, {"op": UPDATE, "result": {}}], update_while_deleting="taken") == "violates"
    assert outcome([*begun, {"op": UPDATE, "error": NOT_UPDATED}], update_while_deleting="taken") == "conforms"


def test_what_is_published_while_the_function_is_deleted_goes_with_it():
    """A version asked for with an update in Deleting is gone with the function, and does not keep its name taken."""
    asked = {"op": UPDATE, "args": {"Publish": "TRUE"}, "result": {}}
    gone = [{"op": "GetFunction", "error": "ResourceNotFound.Function"},
            {"op": "GetFunction", "args": {"Qualifier": "1"}, "error": "ResourceNotFound.Function"}]
    assert outcome([*DELETING, asked, *gone]) == "conforms"
    assert outcome([*DELETING, asked, CREATED[0]], create_while_deleting="accepted") == "conforms"


# ------------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize(("operation", "code"), [
    ("UpdateFunctionCode", "ResourceNotFound.Alias"), ("UpdateFunctionConfiguration", "ResourceNotFound.Alias"),
    ("PublishVersion", "ResourceNotFound.Alias"), ("DeleteFunction", "ResourceNotFound.Alias"),
    ("Invoke", "ResourceNotFound.Alias"),
])
@pytest.mark.parametrize("event", ["account frozen", "balance exhausted"])
def test_an_account_out_of_service_answers_codes_of_its_own(operation, code, event):
    """A refusal with a code that speaks of something else is none that a frozen or unpaid account explains."""
    assert outcome([*CREATED, {"event": event}, {"op": operation, "error": code}]) == "violates"


def test_a_frozen_account_refuses_changes():
    """Each change may be refused with the code of a suspended service."""
    for operation in ("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion"):
        record = {"op": operation, "error": "ResourceUnavailable.ServiceSuspended"}
        assert outcome([*CREATED, {"event": "account frozen"}, record]) == "conforms"


def test_an_update_of_unknown_start_is_not_refused_with_a_foreign_code():
    """The account may be frozen, which does not explain that the function just read is not found."""
    records = [{"op": "GetFunction", "result": {"Status": "Active"}},
               {"op": UPDATE, "error": "ResourceNotFound.Alias"}]
    [verdict] = judge(SCF, [{"resource": "f", **record} for record in records]).verdicts
    assert str(verdict.outcome) == "violates"


def test_a_version_may_be_kept_where_the_account_is_out_of_service():
    """What is open for a function is so for one of its versions."""
    published = [*CREATED, {"op": "PublishVersion", "result": {"FunctionVersion": "1"}},
                 {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "Active"}}, *UNPAID]
    away = {"op": "DeleteFunctionVersion", "args": {"Qualifier": "1"}}
    for answer in ({"result": {}}, {"error": "FailedOperation.AccountInsufficient"}):
        assert outcome([*published, {**away, **answer}]) == "conforms"
    assert outcome([*published, {**away, "error": "ResourceInUse.Function"}]) == "violates"


# ------------------------------------------------------------------------------------------------- fc

CONTAINER = [{"op": "createFunction", "args": {"runtime": "custom-container"}, "result": {}},
             {"op": "getFunction", "result": {"state": "Active", "lastUpdateStatus": "Successful"}}]
ZIP = [{"op": "createFunction", "args": {"runtime": "python3.12"}, "result": {}},
       {"op": "getFunction", "result": {"state": None, "lastUpdateStatus": None}}]
TO_ZIP = {"op": "updateFunction", "args": {"runtime": "python3.12"}}
TO_CONTAINER = {"op": "updateFunction", "args": {"runtime": "custom-container"}}
BOUND = {"op": "createAlias", "args": {"aliasName": "live", "versionId": "1"}}
WORKING = [*CONTAINER, {"op": "publishFunctionVersion", "result": {"versionId": "1"}},
           {"op": "updateFunction", "result": {}},
           {"op": "getFunction", "result": {"state": "Active", "lastUpdateStatus": "InProgress"}}]
UNSETTLED = {"state": "Active", "lastUpdateStatus": "Failed"}
WOKEN = [*CONTAINER, {"op": "updateFunction", "result": {}}, {"op": "getFunction", "result": UNSETTLED},
         {"event": "idle"}, {"op": "getFunction", "result": {"state": "Inactive"}},
         {"op": "invokeFunction", "error": "*"}, {"op": "getFunction", "result": {"state": "Pending"}}]
NAMED = [*ZIP, {"op": "publishFunctionVersion", "result": {"versionId": "1"}}, {**BOUND, "result": {}}]
WEIGHED = {"op": "updateAlias", "args": {"aliasName": "live", "additionalVersionWeight": {"1": 0.5}}}
FC_CASES = {
    ("runtime_change", "refused"): ([*CONTAINER, {**TO_ZIP, "error": "*"}], ()),
    ("runtime_change", "over InProgress"): (
        [*ZIP, {**TO_CONTAINER, "result": {}},
         {"op": "getFunction", "result": {"state": "Active", "lastUpdateStatus": "InProgress"}}], ()),
    ("runtime_change", "over Pending"): (
        [*ZIP, {**TO_CONTAINER, "result": {}}, {"op": "getFunction", "result": {"state": "Pending"}}], ()),
    ("runtime_change", "either"): (
        [*CONTAINER, {**TO_ZIP, "result": {}}, {"op": "getFunction", "result": {"state": None}}],
        ("over InProgress", "over Pending")),
    ("woken_after_failure_reads", "Failed"): ([*WOKEN, {"op": "getFunction", "result": UNSETTLED}], ()),
    ("woken_after_failure_reads", "Successful"): ([*WOKEN, CONTAINER[1]], ()),
    ("weights_of_main", "refused"): ([*NAMED, {**WEIGHED, "error": "AdditionalVersionContainsMajorVersion"}], ()),
    ("weights_of_main", "accepted"): ([*NAMED, {**WEIGHED, "result": {}}], ()),
    ("alias_while_working", "accepted"): ([*WORKING, {**BOUND, "result": {}}, WORKING[-1]], ()),
    ("alias_while_working", "refused"): ([*WORKING, {**BOUND, "error": "ConcurrentUpdateError"}], ()),
}


@pytest.mark.parametrize("case", FC_CASES, ids=" = ".join)
def test_an_option_of_fc_says_what_happens(case):
    """As above, for FC; where two options allow the same, both are named."""
    name, option = case
    records, alike = FC_CASES[case]
    policy = next(one for one in FC.policies if one.name == name)
    found = {each: outcome(records, FC, **{name: each}) for each in (*policy.options, "open")}
    right = (*alike, option, "open")
    assert found == {each: "conforms" if each in right else "violates" for each in found}


@pytest.mark.parametrize("code", ["VersionNotFound", "AdditionalVersionContainsMajorVersion"])
def test_either_of_two_refusals_has_its_code(code):
    """A version that is gone and kept as the additional one may not become the main one, for two reasons."""
    shared = {"aliasName": "live", "versionId": "1", "additionalVersionWeight": {"2": 0.5}}
    records = [*ZIP, {"op": "publishFunctionVersion", "result": {"versionId": "1"}},
               {"op": "updateFunction", "args": {"content": "b"}, "result": {}},
               {"op": "publishFunctionVersion", "result": {"versionId": "2"}},
               {"op": "createAlias", "args": shared, "result": {}},
               {"op": "deleteFunctionVersion", "args": {"versionId": "2"}, "result": {}}]
    moved = {"op": "updateAlias", "args": {"aliasName": "live", "versionId": "2"}, "error": code}
    assert outcome([*records, moved], FC) == "conforms"
