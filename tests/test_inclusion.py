"""A service with rows of its own is proven to do only what the model allows, or told by what it may show."""

import pytest

from statemodel.registry import MODELS
from statemodel.semantics import prepare
from statemodel.testing.mutants import mutants, reference
from statemodel.testing.planted.inclusion import Inclusion

BILLING = MODELS["scf.billing"]
FUNCTION = MODELS["scf.function"]


def inclusion(model):
    """The comparison with a model."""
    return Inclusion(prepare(model), reference(model).service.simulator.system)


@pytest.fixture(scope="module")
def function():
    """The comparison with the status of a function."""
    return inclusion(FUNCTION)


def changed(model, name):
    """The rows of the mutant of that name."""
    return next(one for one in mutants(model) if one.name == name).make().service.simulator.system


def test_a_service_without_a_fault_is_allowed():
    """It has no row of its own, so nothing is left to compare."""
    made = inclusion(BILLING)
    assert made.compare(made.fixed).is_proof


@pytest.mark.parametrize("name", [
    "wrong code: function HalfDeleted DeleteFunctionVersion if of $LATEST: ResourceNotFound.Function",
    "status early: GetFunction.Status: function Deleting reads as HalfDeleted",
])  # fmt: skip
def test_what_the_model_leaves_open_is_proven_allowed(name, function):
    """A code where none is stated, and a status that is not shown, are nothing to complain of."""
    assert function.compare(changed(FUNCTION, name)).is_proof


@pytest.mark.parametrize("name", [
    "leads elsewhere: function Absent CreateFunction to Active",
    "move never comes: function Creating create succeeded",
    "move never comes: function Updating update succeeded",
])  # fmt: skip
def test_what_others_do_as_well_is_proven_allowed(name, function):
    """A service may be as quick as it likes, and need not come to every outcome."""
    assert function.compare(changed(FUNCTION, name)).is_proof


@pytest.mark.parametrize(("name", "last"), [
    ("leads elsewhere: function Absent CreateFunction to Updating", "ListFunctions"),
    ("effect skipped: function Updating update succeeded: serves the staged content", "Invoke"),
    ("field wrong: GetFunction.Status", "GetFunction"),
])  # fmt: skip
def test_what_can_be_told_apart_is_never_proven(name, last, function):
    """The way ends with what shows the fault."""
    found = function.compare(changed(FUNCTION, name))
    assert not found.is_proof
    assert found.way[-1].startswith(last)


def test_work_that_never_ends_is_no_proof():
    """The only move out of a working state is missed."""
    name = "move never comes: billing Restoring service resumed"
    found = inclusion(BILLING).compare(changed(BILLING, name))
    assert (found.is_proof, found.way[-1]) == (False, "billing stays Restoring")


def test_a_proof_needs_its_budget(function):
    """What was not compared to the end is no proof."""
    name = "leads elsewhere: function Absent CreateFunction to Active"
    assert not function.compare(changed(FUNCTION, name), budget=0).is_proof
