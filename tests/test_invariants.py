"""Every invariant of the catalogue catches a model that breaks it, with a shortest run that really does."""

from functools import cache

import attrs
import pytest
from faults.lambda_models import LAMBDA_FAULTS
from faults.models import FC_FAULTS, SCF_FAULTS, settled
from replaying import Run, happened, is_broken_by, replayed, seen_for

import statemodel.explore
import statemodel.verify
from statemodel.catalogue import FC, LAMBDA, SCF
from statemodel.look import Look
from statemodel.model.service import Claim
from statemodel.semantics import Accepted, Refused, answers, call, initial
from statemodel.verify import verify

REFUSED = "a refused call changes nothing"
NUMBERS = "numbers only grow, and none is used again within one life of the function"
EVEN_BY_ANOTHER = "numbers only grow, and none is used again, even by another function of the name"
FAULTS = {**{(SCF, name): make for name, make in SCF_FAULTS.items()},
          **{(FC, name): make for name, make in FC_FAULTS.items()},
          **{(LAMBDA, name): make for name, make in LAMBDA_FAULTS.items()}}
# Steps of the shortest run that breaks each, counted by hand.
SHORTEST = {
    SCF: {
        "a failed publish or update keeps every version that was invocable invocable, with the same content": 6,
        "after a failed update $LATEST serves what it served before": 4,
        "published content never changes": 6,
        NUMBERS: 5,
        "CreateFailed is left only by deletion": 3,
        "after deletion every read says not found": 5,
        "at most one job is unfinished across function and versions": 4,
        "no update or publication starts while the function is at work": 4,
        "from everywhere a settled state is reached, if the service keeps its debts": 3,
        "nothing is left of a function that is gone": 3,
        "what an alias is bound to exists": 7,
        "$DEFAULT is there as long as the function": 2,
        "nothing is invocable in arrears or while frozen": 3,
        "billing moves no status, and no call moves billing": 3,
        "calls leave billing as it is": 3,
        "what was invocable before arrears or a freeze is again afterwards": 5,
    },
    FC: {
        "a failed update or preparation keeps every version that was invocable invocable, with the same content": 5,
        "after a failed update LATEST serves what it served before": 4,
        "published content never changes": 5,
        NUMBERS: 4,
        "the kind of runtime is fixed for life": 4,
        "what has not changed is not published again": 3,
        "after deletion every read says not found": 3,
        "from everywhere a settled state is reached, if the service keeps its debts": 4,
        "nothing is left of a function that is gone": 3,
        "nothing is invocable while the account is frozen or stopped": 2,
        "the account moves nothing else, and what was invocable before is again afterwards": 3,
        "nothing is invocable while invocation is disabled": 2,
        "the switch moves nothing else, and what was invocable before is again afterwards": 3,
        "nothing but the switch disables and enables": 3,
    },
    LAMBDA: {
        "a failed update or creation leaves every version as it is": 5,
        "after a failed update $LATEST serves what it served before": 4,
        "published content never changes": 5,
        EVEN_BY_ANOTHER: 3,
        "nothing is updated or published while an update is in progress": 4,
        "what has not changed is not published again": 3,
        "after deletion every read says not found": 2,
        "State and LastUpdateStatus come and go together": 2,
        "no update is in progress before the function is created": 2,
        "from everywhere a settled state is reached, if the service keeps its debts": 3,
        "no version is left of a function that is gone": 3,
        "no alias is left of a function that is gone": 3,
        "what an alias is bound to exists": 3,
    },
}


def invariant_of(service, name):
    return next(one for one in service.invariants if one.name == name)


def small(service):
    """The service with every point settled, in the way that leaves few configurations."""
    return settled(service, **({"alias_to_unready_version": "refused"} if service.name == "scf" else {}))


def proved(model, invariant):
    """What verification says of one invariant of a model, every other one left out."""
    (proof,) = verify(attrs.evolve(model, invariants=(invariant,)), versions=1).proofs
    return proof


@cache
def right(service):
    """What verification says of every invariant of the right model."""
    return {proof.invariant: proof for proof in verify(small(service), versions=1).proofs}


def named(service, claims):
    return [
        pytest.param(service, one, id=f"{service.name}: {one.name}")
        for one in service.invariants
        if one.claim in claims and one.name != REFUSED
    ]


def every(claims):
    return [one for service in (SCF, FC, LAMBDA) for one in named(service, claims)]


STATEMENTS = (Claim.ALWAYS, Claim.STEP, Claim.LEADS_TO)


def test_every_invariant_has_a_fault():
    """Nothing is claimed that no broken model was tried on."""
    for service, faults in ((SCF, SCF_FAULTS), (FC, FC_FAULTS), (LAMBDA, LAMBDA_FAULTS)):
        assert {one.name for one in service.invariants} == {*faults, REFUSED}
        assert {one.name for one in service.invariants if one.claim in STATEMENTS} == {*SHORTEST[service], REFUSED}


@pytest.mark.parametrize(("service", "invariant"), every(STATEMENTS))
def test_a_statement_catches_a_model_that_breaks_it(service, invariant):
    """The proof fails, with a shortest run of real steps at whose end, and not before, the statement is wrong."""
    model = small(FAULTS[service, invariant.name]())
    proof = proved(model, invariant)
    assert not proof.holds
    assert len(proof.path) == SHORTEST[service][invariant.name]
    system = seen_for(model, invariant)
    runs = replayed(system, proof)
    assert any(is_broken_by(system, invariant, run) for run in runs)
    if invariant.claim is Claim.ALWAYS:
        before = [Run(run.configurations[:end]) for run in runs for end in range(1, len(run.configurations))]
        assert not any(is_broken_by(system, invariant, run) for run in before)


@pytest.mark.parametrize(("service", "invariant"), every(STATEMENTS))
def test_a_statement_lets_the_right_model_pass(service, invariant):
    """The same small model without the fault is not blamed."""
    proof = right(service)[invariant]
    assert (proof.holds, proof.path, proof.replay) == (True, (), ())


@pytest.mark.parametrize(("service", "invariant"), every([Claim.SOMETIMES]))
def test_a_goal_catches_a_model_that_never_reaches_it(service, invariant):
    """A goal that cannot be reached fails, without a run."""
    proof = proved(small(FAULTS[service, invariant.name]()), invariant)
    assert (proof.holds, proof.path, proof.replay) == (False, (), ())


@pytest.mark.parametrize(("service", "invariant"), every([Claim.SOMETIMES]))
def test_a_goal_is_reached_by_a_run_that_can_be_told_again(service, invariant):
    """In the right model every record of the run is a real step, and the last configuration is the goal."""
    proof = right(service)[invariant]
    assert proof.holds
    assert proof.path
    system = seen_for(small(service), invariant)
    assert any(invariant.test(Look(system, run.configurations[-1])) for run in replayed(system, proof))


def test_numbers_used_again_are_seen_where_versions_are_only_counted():
    """A service that gives the number of a deleted version to another one is caught, however many there are."""
    model = attrs.evolve(small(SCF_FAULTS[NUMBERS]()), invariants=(invariant_of(SCF, NUMBERS),))
    assert not statemodel.verify.verify(model, versions=5).holds


def test_what_holds_while_a_point_is_open_holds_under_each_option():
    """The first statement of FC, where calls are answered during an update."""
    invariant = FC.invariants[0]
    assert proved(FC, invariant).holds
    assert [option for option in ("served", "refused")
            if not proved(FC.with_policies(invoke_while_updating=option), invariant).holds] == []


def test_a_run_is_told_as_a_caller_sends_it():
    """The calls of a proof keep the limits of their parameters, so that they can be made or judged as they are."""
    invariant = invariant_of(SCF, "what an alias is bound to exists")
    model = small(SCF_FAULTS[invariant.name]())
    operations = seen_for(model, invariant).operations
    calls = [one for one in proved(model, invariant).replay if "op" in one]
    assert [one["op"] for one in calls if call(operations[one["op"]], one["args"]).invalid] == []


# --------------------------------------------------------------------------------------- refused calls change nothing


@pytest.mark.parametrize(("service", "creation"), [
    (SCF, ("CreateFunction", {"content": 0})),
    (FC, ("createFunction", {"content": 0, "runtime": "python3.12"})),
    (LAMBDA, ("CreateFunction", {"content": 0})),
])
def test_a_refused_call_that_moves_is_caught(service, creation):
    """No row can break this statement, the semantics forbids it; so it is shown an edge that was altered by hand."""
    invariant = invariant_of(service, REFUSED)
    system = seen_for(service, invariant)
    before = initial(system)
    made = call(system.operations[creation[0]], creation[1])
    after = next(step.after for step in answers(system, before, made) if isinstance(step.answer, Accepted))
    assert after != before
    accepted = happened(made.name, made.args)
    refused = happened(made.name, made.args, is_accepted=False)
    assert not invariant.test(Look(system, before), Look(system, after), refused)
    assert invariant.test(Look(system, before), Look(system, before), refused)
    assert invariant.test(Look(system, before), Look(system, after), accepted)


@pytest.mark.parametrize(("service", "name"), [
    (SCF, "CreateFunction"), (FC, "createFunction"), (LAMBDA, "CreateFunction"),
])
def test_an_engine_that_moves_on_a_refusal_is_caught(service, name, monkeypatch):
    """Verification sees it, if an engine (not a row) makes every creation a refusal that creates all the same."""

    def faulty(system, configuration, made):
        steps = answers(system, configuration, made)
        moved = [attrs.evolve(step, answer=Refused(("Fault",))) for step in steps if isinstance(step.answer, Accepted)]
        return moved or steps if made.name == name else steps

    monkeypatch.setattr(statemodel.explore, "answers", faulty)
    proof = proved(small(service), invariant_of(service, REFUSED))
    assert not proof.holds
    assert [(one["op"], one["accepted"]) for one in proof.replay] == [(name, False)]
