"""Exhaustive lockstep: the shortest script for every planted fault, and silence as a proof."""

import pytest
from toy import FAULTS, TOY, Bare, Toy

from statemodel.registry import model
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.lockstep import lockstep
from statemodel.testing.mutants import reference


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_the_shortest_script(fault):
    """Every planted fault is found, in no more than a hundred states of both, by as few steps as can be."""
    found = lockstep(TOY, lambda: Toy(fault))
    assert (len(found.script), found.trouble.code) == FAULTS[fault]
    assert found.states <= 100
    assert found.script[-1] == found.trouble.step


def test_no_shorter_script_shows_it():
    """With one deed less there is nothing to be found, and the search says that it did not see everything."""
    found = [lockstep(TOY, lambda: Toy("the third change is lost"), depth=depth) for depth in (8, 9)]
    assert [one.trouble is not None for one in found] == [False, True]
    assert (found[0].is_exhaustive, found[0].is_proof) == (False, False)


def test_silence_is_a_proof():
    """Of the right service everything within the bound is seen, and nothing is found."""
    found = lockstep(TOY, Toy)
    assert (found.trouble, found.script, found.is_exhaustive, found.told_by) == (None, (), True, "fingerprint")
    assert found.is_proof


def test_a_budget_ends_the_search_early():
    """What was not seen for lack of budget is not said to be fine."""
    found = lockstep(TOY, Toy, budget=50)
    assert found.checks < 100
    assert (found.trouble, found.is_exhaustive) == (None, False)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if "dropped is" not in fault and "third" not in fault])
def test_a_client_without_a_fingerprint_is_led_there_again(fault):
    """It is reset and everything is done again; what can be seen at once is found by scripts as short."""
    made = []
    found = lockstep(TOY, lambda: made.append(Bare(fault)) or made[-1])
    assert (len(found.script), found.trouble.code) == FAULTS[fault]
    assert found.told_by == "belief"
    assert made[0].resets > 10


def test_without_a_fingerprint_silence_proves_nothing():
    """What only a hidden memory of the client tells is passed over, and the result does not claim to have proved it."""
    found = lockstep(TOY, lambda: Bare("what was dropped is still used"))
    assert (found.trouble, found.is_exhaustive, found.told_by, found.is_proof) == (None, True, "belief", False)


def test_a_client_that_answers_otherwise_when_asked_again_proves_nothing():
    """Answers that change from one replay to the next are not taken together."""

    class Moody(Bare):
        def call(self, op, args):
            answer = super().call(op, args)
            is_moody = op == "Look" and self.resets % 3 == 0 and "result" in answer
            return {"result": {"Status": "Making"}} if is_moody else answer

    found = lockstep(TOY, Moody, depth=5)
    assert not found.is_proof


def test_it_says_what_it_came_to():
    """One line: the model, what was found, the bound, and how much was seen."""
    found = lockstep(TOY, Toy)
    assert str(found).startswith(
        "test.toy: nothing found, everything seen up to version 1, 1 resource, told apart by fingerprint; 73 states"
    )
    assert str(lockstep(TOY, lambda: Toy("making never ends"))).startswith("test.toy: SM302 after 4 steps; 5 states")


@pytest.mark.parametrize("name", ["scf.billing", "fc.invocation", "fc.account", "scf.layer"])
def test_a_fake_service_is_proved_right(name):
    """Model and simulator agree on everything there is within the bound."""
    found = lockstep(model(name), lambda: reference(model(name)), waits_s=(5.0,))
    assert (found.trouble, found.is_proof) == (None, True)


def test_any_adapter_that_can_be_copied_is():
    """The fake service itself is searched without a replay."""
    found = lockstep(model("scf.billing"), lambda: FakeService(Simulator.of(model("scf.billing"))), waits_s=(5.0,))
    assert (found.trouble, found.told_by) == (None, "fingerprint")
