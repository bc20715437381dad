"""Questions about one status, beside the semantics and the rows they are answered from."""

import pytest
from test_waiters import reaches

from statemodel import UsageError
from statemodel.model.graph import Kind
from statemodel.questions import Legality, guide
from statemodel.registry import MODELS, model
from statemodel.show import document
from statemodel.standing import standing

SINGLE = sorted(name for name in MODELS if "." in name)


@pytest.mark.parametrize("name", SINGLE)
def test_a_call_is_what_the_rows_of_its_cell_say(name):
    """Refused without a transition row, legal without a refusal row, open only where there are both."""
    said = document(model(name))
    accepts = {(row["source"], row["event"]) for row in said["transitions"]}
    refuses = {(row["state"], row["operation"]) for row in said["refusals"]}
    codes = {}
    for row in said["refusals"]:
        codes.setdefault((row["state"], row["operation"]), set()).update(row["codes"] or ())
    asked = guide(model(name))
    for state in said["states"]:
        for operation in said["operations"]:
            cell = (state["name"], operation["name"])
            answer = asked.at(state["name"]).call(operation["name"])
            if cell not in refuses:
                assert answer.legality is Legality.LEGAL, cell
            if cell not in accepts:
                assert answer.legality is Legality.REFUSED, cell
            if answer.legality is not Legality.LEGAL:
                assert set(answer.codes) <= codes[cell], cell


@pytest.mark.parametrize("name", SINGLE)
def test_a_way_is_a_path_of_rows(name):
    """Every leg is a row of the model, each begins where the last one ended, and the kinds of legs are told."""
    said = document(model(name))
    rows = {(row["source"], row["event"], row["target"], row["initiator"]) for row in said["transitions"]}
    asked = guide(model(name))
    found = 0
    for start in said["states"]:
        place = asked.at(start["name"])
        for target in said["states"]:
            for way in place.way_to(target["name"]):
                here = start["name"]
                for leg in way.legs:
                    assert leg.source == here
                    assert (leg.source, leg.name, leg.target, str(leg.initiator)) in rows
                    here = leg.target
                assert here == way.target == target["name"]
                found += 1
    assert found >= len(said["states"])


@pytest.mark.parametrize("name", ["scf.function", "fc.function", "scf.layer", "scf.billing"])
def test_no_state_is_lost(name):
    """There is a way from every state to every other, wherever the rows have one."""
    said = document(model(name))
    pairs = {(row["source"], row["target"]) for row in said["transitions"]}
    asked = guide(model(name))
    for start in said["states"]:
        for target in said["states"]:
            there = reaches(pairs, start["name"], target["name"])
            assert bool(asked.at(start["name"]).way_to(target["name"])) is there, (start["name"], target["name"])


def test_what_recovers():
    """A creation that failed must be deleted; an update that failed is made again; arrears are paid."""
    scf, billing = guide(model("scf.function")), guide(model("scf.billing"))
    assert [str(way) for way in scf.at("CreateFailed").recoveries] == [
        "DeleteFunction → Deleting, (delete succeeded, by the service) → Absent"]
    assert [way.calls for way in scf.at("UpdateFailed").recoveries] == [("UpdateFunctionCode",)]
    assert [way.hopes for way in billing.at("Frozen").recoveries] == [("account unfrozen",)]
    assert scf.at("Active").recoveries == ()


def test_a_status_that_several_states_show():
    """What differs among them is told as such."""
    shown = guide(model("scf.request")).at("-1")
    assert shown.states == ("WaitingFailed", "Failed")
    assert (shown.is_settled, shown.is_failed) == (None, None)
    busy = guide(model("scf.async_event")).at("RUNNING")
    assert busy.is_settled is False


@pytest.mark.parametrize("name", SINGLE)
def test_settled_and_failed_are_the_kinds(name):
    """A state is settled where the service owes no move, and failed where somebody must act."""
    asked = guide(model(name))
    for state in asked.graph.states:
        place = asked.at(state.name)
        assert (place.is_settled, place.is_failed) == (state.kind is not Kind.WORKING, state.kind is Kind.FAILED)


def test_what_there_is_not():
    """A status, an operation and a target that do not exist are named with those that do."""
    asked = guide(model("scf.layer"))
    with pytest.raises(UsageError, match=r"unknown status of scf\.layer: 'Ready'; known: Absent, Publishing"):
        asked.at("Ready")
    with pytest.raises(UsageError, match="unknown operation 'Dance'; known: PublishLayerVersion"):
        asked.at("Active").call("Dance")
    with pytest.raises(UsageError, match="unknown status 'Ready'; known: Absent"):
        asked.at("Active").way_to("Ready")
    assert asked.at("deleted").states == ("Absent",)


# ------------------------------------------------------------------------------------------------- from a history

BEGINNING = [
    {"resource": "f", "op": "CreateFunction", "args": {"FunctionName": "f"}, "result": {}},
    {"resource": "f", "op": "GetFunction", "result": {"Status": "Active", "AvailableStatus": "Available"}},
]
KNOWN = {"start": "absent", "environment": "recorded"}


def test_what_a_history_leaves_possible():
    """Parts together: what the function allows, arrears refuse."""
    found = standing(model("scf"), BEGINNING, **KNOWN)
    assert found.states["function"] == ("Active",)
    assert found.calls["UpdateFunctionConfiguration"].legality is Legality.LEGAL
    poor = standing(model("scf"), [*BEGINNING, {"resource": "f", "event": "balance exhausted"}], **KNOWN)
    assert poor.calls["UpdateFunctionConfiguration"].legality is Legality.REFUSED
    assert poor.calls["UpdateFunctionCode"].legality is Legality.LEGAL
    assert [one.legality for one in poor.qualifiers] == [Legality.REFUSED] * 2


def test_which_qualifiers_can_be_invoked():
    """The latest and its default alias; a version once it is read Active; not one that failed for certain."""
    published = [*BEGINNING, {"resource": "f", "op": "PublishVersion", "result": {"FunctionVersion": "1"}}]
    read = {"resource": "f", "op": "GetFunction", "args": {"FunctionName": "f", "Qualifier": "1"}}
    ready = standing(model("scf"), [*published, {**read, "result": {"Status": "Active"}}], **KNOWN)
    assert [(one.name, str(one.legality)) for one in ready.qualifiers] == [
        ("$LATEST", "legal"), ("1", "legal"), ("$DEFAULT", "legal")]
    failed = standing(model("scf"), [*published, {**read, "result": {"Status": "PublishFailed"}}], **KNOWN)
    assert {one.name: one.legality for one in failed.qualifiers}["1"] is not Legality.LEGAL


def test_fc_as_well():
    """A function just created in a container cannot be called for certain; one of another runtime can."""
    args = {"functionName": "f", "handler": "h"}
    zipped = [{"resource": "f", "op": "createFunction", "args": {**args, "runtime": "python3.12"}, "result": {}}]
    found = standing(model("fc"), zipped, **KNOWN)
    assert found.states["function"] == ("Ready",)
    assert [(one.name, str(one.legality)) for one in found.qualifiers] == [("LATEST", "legal")]
    contained = [{**zipped[0], "args": {**args, "runtime": "custom-container"}}]
    assert standing(model("fc"), contained, **KNOWN).qualifiers[0].legality is not Legality.LEGAL


def test_histories_that_say_nothing():
    """One that cannot have happened, and several resources at once, are refused in words."""
    wrong = [BEGINNING[0], {"resource": "f", "op": "GetFunction", "result": {"Status": "Updating"}}]
    with pytest.raises(UsageError, match="unknown history 'SM203 at record 2'"):
        standing(model("scf"), wrong, **KNOWN)
    with pytest.raises(UsageError, match="number of resources in a history: '2'"):
        standing(model("scf"), [BEGINNING[0], {**BEGINNING[0], "resource": "g"}])
