"""A service is its parts: a row changed in one of them is changed in everything that is made of the whole."""

from itertools import combinations

import attrs
import pytest
from faults.models import SCF_FAULTS, settled

from statemodel.catalogue import FC, LAMBDA, SCF, alibaba_fc, aws_lambda, tencent_scf
from statemodel.drawing.dot import to_dot
from statemodel.drawing.outline import drawings
from statemodel.model.service import alone
from statemodel.oracle.check import judge
from statemodel.registry import MODELS
from statemodel.semantics import prepare
from statemodel.unfold import Scope, unfold
from statemodel.verify import verify

LEFT = "CreateFailed is left only by deletion"
PARTS = {
    SCF: (tencent_scf.function.FUNCTION, tencent_scf.billing.BILLING, tencent_scf.version.VERSION,
          tencent_scf.alias.ALIAS),
    FC: (alibaba_fc.function.FUNCTION, alibaba_fc.account.ACCOUNT, alibaba_fc.invocation.INVOCATION,
         alibaba_fc.version.VERSION, alibaba_fc.alias.ALIAS),
    LAMBDA: (aws_lambda.function.FUNCTION, aws_lambda.update.UPDATE, aws_lambda.version.VERSION,
             aws_lambda.alias.ALIAS),
}


@pytest.fixture(scope="module")
def changed():
    """SCF, but UpdateFunctionCode is accepted in CreateFailed: one cell of one part."""
    return SCF_FAULTS[LEFT]()


def test_one_cell_is_changed(changed):
    """Nothing else of the copy differs, and the catalogue is as it was."""
    (function, *others), (original, *rest) = changed.parts, SCF.parts
    assert all(one is other for one, other in zip(others, rest, strict=True))
    assert attrs.evolve(function, transitions=original.transitions, refusals=original.refusals) == original
    assert original is tencent_scf.function.FUNCTION

    def said(graph):
        return {(state, row.event.name, str(attrs.evolve(row, source=state))) for row in graph.rows
                for state in row.source}

    assert {cell[:2] for cell in said(function) ^ said(original)} == {("CreateFailed", "UpdateFunctionCode")}


@pytest.mark.parametrize("service", [SCF, FC, LAMBDA], ids=lambda one: one.name)
def test_parts_are_the_very_objects_of_their_modules(service):
    assert len(service.parts) == len(PARTS[service])
    for graph, own in zip(service.parts, PARTS[service], strict=True):
        assert graph is own
        assert alone(graph, service).parts[0] is own
        assert MODELS[graph.name].parts[0] is own
        assert service.restricted(graph.part).parts[0] is own


def way_out(service):
    """Where an accepted UpdateFunctionCode leads from CreateFailed, in the unfolding of all parts together."""
    unfolding = unfold(prepare(settled(service)), Scope(0, (0,), ()))
    place = service.index("function")
    return {
        unfolding.configurations[edge.after][place].state
        for edge in unfolding.edges
        if edge.name == "UpdateFunctionCode" and "result" in edge.answer
        and unfolding.configurations[edge.before][place].state == "CreateFailed"
    }, len(unfolding.configurations), len(unfolding.edges)


def test_the_exploration_changes(changed):
    """The edge is there, and what it leads to: a function without content that is at work."""
    before, after = way_out(SCF), way_out(changed)
    assert (before[0], after[0]) == (set(), {"Updating"})
    assert after[1] > before[1]
    assert after[2] > before[2]


def test_the_drawings_change(changed):
    """That of the part and that of the whole; those of the other parts stay as they are."""
    before = {name: to_dot(one) for name, one in drawings(SCF).items()}
    after = {name: to_dot(one) for name, one in drawings(changed).items()}
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"scf", "scf.function"}

    def ways(service):
        return {(one.source, one.target) for one in drawings(service)["scf.function"].arrows}

    assert ways(changed) - ways(SCF) == {("CreateFailed", "Updating")}


def test_what_is_proved_changes(changed):
    """Of the statements about CreateFailed one does not hold any more; the goals still do."""
    def broken(service):
        wanted = tuple(one for one in SCF.invariants if "CreateFailed" in one.name)
        found = verify(attrs.evolve(settled(service), invariants=wanted), versions=1)
        return [proof.invariant.name for proof in found.proofs if not proof.holds]

    assert broken(SCF) == []
    assert broken(changed) == [LEFT]


def test_verdicts_change(changed):
    """What violates the one conforms to the other, and the other way round, where a freeze refuses nothing."""
    status = {"resource": "f", "op": "GetFunction", "result": {"Status": "CreateFailed"}}
    accepted = {"resource": "f", "op": "UpdateFunctionCode", "args": {"content": "a"}, "result": {}}
    refused = {"resource": "f", "op": "UpdateFunctionCode", "args": {"content": "a"},
               "error": "FailedOperation.UpdateFunctionCode"}
    said = {
        (name, kind): str(judge(settled(model), [status, last]).verdicts[0].outcome)
        for name, model in (("right", SCF), ("changed", changed))
        for kind, last in (("accepted", accepted), ("refused", refused))
    }
    assert said == {
        ("right", "accepted"): "violates", ("right", "refused"): "conforms",
        ("changed", "accepted"): "conforms", ("changed", "refused"): "violates",
    }


def test_a_policy_is_chosen_in_every_part_that_knows_it():
    name = "async_while_not_invocable"
    chosen = FC.with_policies(**{name: "queued"})
    knowing = [graph.part for graph in FC.parts if name in {one.name for one in graph.policies}]
    assert len(knowing) > 1
    assert [graph.part for graph in chosen.parts if graph.chosen().get(name) == "queued"] == knowing


# --------------------------------------------------------------------------------------- two functions at once


def told(resource, *records):
    return [{"resource": resource, **record} for record in records]


def does(name, args=None, **outcome):
    return {"op": name, "args": args or {}, **(outcome or {"result": {}})}


ONE = told(
    "one",
    does("CreateFunction", {"content": "a"}),
    does("GetFunction", result={"Status": "Active"}),
    does("PublishVersion", result={"FunctionVersion": "1"}),
    does("Invoke", {"Qualifier": "1"}, result={"content": "a"}),
)
OTHER = told(
    "other",
    does("GetFunction", error="ResourceNotFound.Function"),
    does("CreateFunction", {"content": "a"}),
    does("GetFunction", result={"Status": "CreateFailed"}),
    does("UpdateFunctionCode", {"content": "b"}),
)
FC_ONE = told(
    "one",
    does("createFunction", {"runtime": "custom-container", "content": "a"}),
    does("getFunction", result={"state": "Active", "lastUpdateStatus": "Successful"}),
    does("publishFunctionVersion", result={"versionId": "1"}),
    does("publishFunctionVersion", result={"versionId": "2"}),
)
FC_OTHER = told(
    "other",
    does("createFunction", {"runtime": "python3.12", "content": "a"}),
    does("publishFunctionVersion", result={"versionId": "1"}),
    does("deleteFunctionVersion", {"versionId": "1"}),
    does("invokeFunction", {"qualifier": "LATEST"}, result={"content": "a"}),
)


def interleaved(one, other):
    """Every way to mix two streams, each in its own order."""
    for places in combinations(range(len(one) + len(other)), len(one)):
        left, right = iter(one), iter(other)
        yield [next(left if place in places else right) for place in range(len(one) + len(other))]


@pytest.mark.parametrize(("service", "one", "other", "outcomes"), [
    (SCF, ONE, OTHER, {"one": "conforms", "other": "violates"}),
    (FC, FC_ONE, FC_OTHER, {"one": "violates", "other": "conforms"}),
], ids=["scf", "fc"])
def test_two_functions_do_not_disturb_each_other(service, one, other, outcomes):
    """However their records are mixed, each gets the verdict that it gets by itself, in every word of it."""
    def verdicts(records):
        found = judge(service, records, start="absent").verdicts
        return {verdict.resource: attrs.evolve(verdict, line=None) for verdict in found}

    apart = verdicts(one) | verdicts(other)
    assert {name: str(verdict.outcome) for name, verdict in apart.items()} == outcomes
    for mixed in interleaved(one, other):
        assert verdicts(mixed) == apart
