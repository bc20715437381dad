"""Mutants of the fake service: the suite kills those that can be told apart, and equivalents are known as such."""

import pytest

from statemodel.registry import model
from statemodel.testing.mutants import kinds, mutants
from statemodel.testing.power import Bench, Fate, sampled, table

# For every kind: a mutant that must be killed by default settings, by the model that has it.
KILLED = {
    "scf.function": (
        "acceptance changes nothing: function Absent CreateFunction",
        "effect skipped: function Updating update succeeded: serves the staged content",
        "leads elsewhere: function Updating update succeeded to CreateFailed",
        "move never comes: function Creating create succeeded",
        "outcomes swapped: function Updating: update succeeded, update failed",
        "refusal accepted: function CreateFailed UpdateFunctionCode, nothing changes",
        "state leaks between resources: UpdateFunctionCode",
        "status early: GetFunction.Status: function Creating reads as Active",
        "status stale: GetFunction.Status: function UpdateFailed reads as Updating",
        "wrong code: function Creating Invoke: ResourceNotFound.Function",
        "field wrong: GetFunction.Status",
        "limit not enforced: UpdateFunctionCode Publish",
    ),
}
