"""Verification: the services hold, its two ways of exploring agree, and merging versions loses nothing."""

import math
from functools import cache
from itertools import pairwise

import attrs
import pytest
from faults.models import SCF_FAULTS, settled
from faults.models import broken as changed
from replaying import replayed, seen_for

import statemodel.verify
from statemodel.catalogue import FC, LAMBDA, SCF
from statemodel.catalogue.tencent_scf.version import frozen
from statemodel.configuration import Family
from statemodel.counting import Counting, is_countable
from statemodel.errors import DefinitionError
from statemodel.explore import Explorer
from statemodel.model.evidence import Source, documented
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph
from statemodel.model.graph import service as by_service
from statemodel.model.operation import Action, Operation
from statemodel.model.service import Claim, Invariant, Service
from statemodel.semantics import answers, hidden, prepare
from statemodel.unfold import Scope, begun, calls, grounded, unfold
from statemodel.verify import verify

LIFE = ("function", "version")
NUMBERS = "numbers only grow, and none is used again within one life of the function"
COUNTABLE = [
    name
    for name in SCF_FAULTS
    for one in SCF.invariants
    if one.name == name and "alias" not in one.about and name != NUMBERS
]


def broken(verification):
    return {proof.invariant.name for proof in verification.proofs if not proof.holds}


def about(service, *parts):
    """The service with only those of its invariants that speak of these parts and no others."""
    return attrs.evolve(service, invariants=tuple(one for one in service.invariants if one.about == parts))


def refusing(service):
    """The service with the last option of every open point, which is mostly a refusal: few configurations."""
    last = {policy.name: policy.options[-1] for policy in service.policies}
    return settled(service, **last | ({"update_while_deleting": "refused"} if service.name == "scf" else {}))


def explored(system, versions, how=Explorer):
    space = how(system, versions)
    space.run(lambda _here, _passage: False)
    return space


# --------------------------------------------------------------------------------------- the services


@pytest.mark.parametrize("service", [SCF, FC, LAMBDA], ids=lambda one: one.name)
def test_everything_holds_with_one_version(service):
    """With every open point open; goals that need two versions are left to test_invariants.py."""
    enough = tuple(one for one in service.invariants if one.versions == 1)
    assert len(enough) == len(service.invariants) - 1
    found = verify(attrs.evolve(service, invariants=enough), versions=1)
    assert broken(found) == set()
    assert [proof.invariant for proof in found.proofs] == list(enough)


@pytest.mark.parametrize("service", [SCF, FC], ids=lambda one: one.name)
def test_function_and_versions_hold_with_two(service):
    found = verify(about(service, *LIFE), versions=2)
    assert found.holds
    assert found.parts == tuple(graph.part for graph in service.parts)


@pytest.mark.parametrize("service", [SCF, FC], ids=lambda one: one.name)
def test_goals_are_reached_by_real_steps(service):
    """The run that reaches a goal, with every open point open, can be told again step by step."""
    found = verify(about(service, *LIFE), versions=1)
    goals = [proof for proof in found.proofs if proof.invariant.claim is Claim.SOMETIMES]
    assert len(goals) >= 6
    for proof in goals:
        assert proof.holds
        assert proof.path
        assert replayed(seen_for(service, proof.invariant), proof)


def test_every_invariant_has_one_proof_in_order():
    found = verify(about(FC, "function", "invocation", "version"), versions=1)
    assert [proof.invariant for proof in found.proofs] == [one for one in FC.invariants if "invocation" in one.about]
    assert all(proof.configurations == found.configurations for proof in found.proofs)


def test_a_model_without_invariants_is_only_explored():
    found = verify(settled(FC).restricted(*LIFE), versions=1)
    assert (found.holds, found.proofs) == (True, ())
    assert found.configurations == len(explored(prepare(settled(FC).restricted(*LIFE)), 1).parents)


def test_the_document_says_the_same_again():
    """Nothing in it depends on the clock or on the order of sets."""
    once, twice = (verify(about(settled(SCF), *LIFE), versions=1) for _ in range(2))
    assert once.document() == twice.document()
    assert once.text().split("\n")[1:] == twice.text().split("\n")[1:]


# --------------------------------------------------------------------------------------- small models

PAGE = documented(Source("page", "a page of the shop"))
Look, Light = Operation("Look", Action.READ), Operation("Light", Action.CALL)
LAMP = TransitionGraph(
    "shop.lamp", "A lamp that burns out by itself.",
    (State("On", Kind.WORKING, "It shines."), State("Off", Kind.RESTING, "It is dark for ever.")),
    (Transition("On", by_service("burns out"), "Off", evidence=PAGE), Transition(("On", "Off"), Look, evidence=PAGE)),
    initial="On",
)
CANDLE = attrs.evolve(
    LAMP, name="shop.lamp", doc="One that can be lit again.",
    transitions=(*LAMP.transitions, Transition("Off", Light, "On", evidence=PAGE)),
    refusals=(Refusal("On", Light, "Lit", evidence=PAGE),),
)


def is_in(state):
    return lambda look: look.state("lamp") == state


CLAIMS = (
    Invariant("it is on", Claim.ALWAYS, is_in("On"), ("lamp",)),
    Invariant("it goes off", Claim.SOMETIMES, is_in("Off"), ("lamp",)),
    Invariant("it ends off", Claim.LEADS_TO, is_in("Off"), ("lamp",)),
    Invariant("it ends on", Claim.LEADS_TO, is_in("On"), ("lamp",)),
)


@pytest.mark.parametrize("graph", [
    pytest.param(LAMP, id="final"),
    pytest.param(CANDLE, id="not final"),
])
def test_the_last_configuration_is_looked_at(graph):
    """Whether anything leads out of it or not: a lamp that burns out is off in the end."""
    found = verify(Service("shop", "A shop.", (graph,), CLAIMS), versions=1)
    assert broken(found) == {"it is on", "it ends on"}
    assert {proof.invariant.name: len(proof.path) for proof in found.proofs} == {
        "it is on": 1, "it goes off": 1, "it ends off": 0, "it ends on": 1,
    }


def test_a_statement_is_about_parts_that_are_there():
    wrong = Invariant("nothing at all", Claim.ALWAYS, lambda _look: False, ("lamb",))
    with pytest.raises(DefinitionError):
        verify(Service("shop", "A shop.", (CANDLE,), (wrong,)), versions=1)


def test_a_statement_that_is_wrong_from_the_beginning_is_told_so():
    wrong = Invariant("it is off", Claim.ALWAYS, is_in("Off"), ("lamp",))
    found = verify(Service("shop", "A shop.", (CANDLE,), (wrong,)), versions=1)
    assert broken(found) == {"it is off"}
    assert "it was never reached" not in found.text()


# --------------------------------------------------------------------------------------- two ways of exploring


@pytest.mark.parametrize("name", [None, *COUNTABLE])
def test_counting_and_exploring_find_the_same_broken(name, monkeypatch):
    """The models of SCF that are broken in function, version or billing, and the right one."""
    service = settled(SCF_FAULTS[name]() if name else SCF)
    parts = next((one.about for one in SCF.invariants if one.name == name), LIFE)
    assert is_countable(prepare(service.restricted(*parts)))
    one_by_one = verify(about(service, *parts), versions=1)
    monkeypatch.setattr(statemodel.verify, "FEW", 0)
    counted = verify(about(service, *parts), versions=1)
    assert broken(counted) == broken(one_by_one)
    assert (name is None and not broken(counted)) or name in broken(counted)
    assert {proof.invariant: len(proof.path) for proof in counted.proofs} == {
        proof.invariant: len(proof.path) for proof in one_by_one.proofs
    }


@pytest.mark.parametrize("service", [settled(SCF), refusing(SCF), SCF], ids=["settled", "refusing", "open"])
def test_counting_counts_what_exploring_visits(service):
    """Every merged configuration has its counts, and there are no others."""
    system = prepare(service.restricted(*LIFE))
    counting = explored(system, 2, Counting)
    assert {counting.counted(one) for one in explored(system, 2).parents} == set(counting.parents)


# --------------------------------------------------------------------------------------- merging


def everything(system, *, numbers, together, contents):
    """Every configuration of the real system, breadth first, nothing merged: an unfolding without its reads.

    Args:
        system: the model.
        numbers: the greatest number given to a version.
        together: how many versions there are at most at one time.
        contents: content that calls may bring.
    """
    scope = Scope(numbers, contents)
    made = [one for operation, _, one in calls(system, scope) if operation.action is Action.CALL]
    frontier = [begun(system, scope)]
    found = dict.fromkeys(frontier)
    while frontier:
        here = frontier.pop()
        steps = (step for one in made for step in answers(system, here, one))
        for step in (*steps, *hidden(system, here)):
            for after in grounded(system, step.after, scope):
                families = [slot for slot in after if isinstance(slot, Family)]
                fits = all(one.low <= numbers and len(one.members) <= together for one in families)
                if fits and after not in found:
                    found[after] = None
                    frontier.append(after)
    return set(found)


@cache
def merged_and_real(service, versions, contents):
    """What exploring visits, and what it should visit; two members take numbers up to three."""
    system = prepare(service.restricted(*LIFE))
    space = explored(system, versions)
    real = everything(system, numbers=versions + 1, together=versions, contents=contents)
    return set(space.parents), {space.canonical(one) for one in real}


def without_last(configurations):
    """The configurations without what number was given out last."""
    return {
        tuple(slot.members if isinstance(slot, Family) else slot for slot in configuration)
        for configuration in configurations
    }


@pytest.mark.parametrize("service", [refusing(SCF), settled(FC), settled(LAMBDA)], ids=["scf", "fc", "lambda"])
def test_an_unfolding_visits_the_same(service):
    """The reference of the tests below is what the product unfolds."""
    system = prepare(service.restricted(*LIFE))
    contents = (0, 1) if service.compares_content else (0,)
    unfolded = unfold(system, Scope(1, contents)).configurations
    assert set(unfolded) == everything(system, numbers=1, together=1, contents=contents)


@pytest.mark.parametrize(("service", "versions"), [(FC, 1), (FC, 2), (LAMBDA, 1)], ids=["fc-1", "fc-2", "lambda-1"])
def test_merging_is_the_quotient_where_order_matters(service, versions):
    """FC and Lambda: what exploring visits is every real configuration merged, nothing more and nothing less."""
    merged, real = merged_and_real(settled(service), versions, (0, 1))
    assert merged == real


@pytest.mark.parametrize("service", [refusing(SCF), settled(SCF, update_while_publishing="refused")],
                         ids=["refusing", "accepting"])
def test_merging_is_the_quotient_but_for_the_last_number(service):
    """SCF: the same, if one does not ask what number was given out last."""
    merged, real = merged_and_real(service, 2, (0,))
    assert without_last(merged) == without_last(real)


@pytest.mark.parametrize("service", [refusing(SCF), settled(SCF, update_while_publishing="refused")],
                         ids=["refusing", "accepting"])
def test_merging_is_the_quotient(service):
    """SCF: what exploring visits is every real configuration merged, nothing more and nothing less."""
    merged, real = merged_and_real(service, 2, (0,))
    assert merged == real


def test_no_statement_is_broken_by_steps_that_keep_it():
    """A version takes its content when its publication ends, and $LATEST cannot change before: no content changes."""
    name = "published content never changes"
    late = changed(SCF, "version", change={("Publishing", "publish succeeded"): {"effect": frozen}})
    model = settled(late, update_while_publishing="refused", publish_while_publishing="refused")
    invariants = tuple(one for one in SCF.invariants if one.name == name)
    assert broken(verify(attrs.evolve(model, invariants=invariants), versions=1)) == set()


# --------------------------------------------------------------------------------------- growth


def sizes(system, versions):
    return [len(explored(system, each, Counting).parents) for each in versions]


def differences(numbers):
    return [later - earlier for earlier, later in pairwise(numbers)]


def test_growth_is_polynomial():
    """With seven kinds of member, doubling the versions never costs more than their seventh power."""
    system = prepare(refusing(SCF).restricted(*LIFE))
    two, four, eight = sizes(system, (2, 4, 8))
    assert (two, four, eight) == (82, 219, 697)
    kinds = 7
    assert math.log2(four / two) < math.log2(eight / four) < kinds


def test_growth_has_a_degree():
    """Sizes are the values of one polynomial: its differences of the order after its degree vanish."""
    system = prepare(refusing(SCF).restricted(*LIFE))
    rows = [sizes(system, range(2, 11))]
    while any(rows[-1]):
        rows.append(differences(rows[-1]))
        assert len(rows[-1]) > 1, "no degree was found"
    assert len(rows) - 2 <= 7
