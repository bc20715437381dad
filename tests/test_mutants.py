"""Mutants of the fake service: the suite kills those that can be told apart, and equivalents are known as such."""

from collections import Counter

import pytest

from statemodel.catalogue import FC, SCF
from statemodel.coverage.chart import Chart
from statemodel.registry import MODELS
from statemodel.testing.mutants import kinds, mutants, reference
from statemodel.testing.power import Bench, Fate, Fated, sampled, sampled_each, table
from statemodel.testing.suite import Settings
from statemodel.testing.tours.interrupts import Interrupts
from statemodel.testing.tours.late import Late
from statemodel.testing.tours.lives import Lives
from statemodel.testing.tours.promises import Promises

FC_VERSIONS = FC.restricted("version", "alias")
# For every kind that a small model has: mutants that default settings must kill, and the code they are found by.
BILLING = {
    "acceptance refused: billing Available UpdateFunctionCode with OperationDenied": "SM202",
    "field wrong: GetFunction.AvailableStatus": "SM203",
    "gate forgotten for a name: billing InsufficientBalance Invoke through no name": "SM203",
    "leads elsewhere: billing Available balance exhausted to Available": "SM203",
    "move never comes: billing Restoring service resumed": "SM302",
    "refusal accepted: billing InsufficientBalance CreateFunction, nothing changes": "SM201",
    "status stale: GetFunction.AvailableStatus: billing InsufficientBalance reads as Available": "SM203",
    "wrong code: billing InsufficientBalance CreateFunction: OperationDenied": "SM202",
}
VERSIONS = {
    "acceptance changes nothing: version Absent publishFunctionVersion if not an update is in progress": "SM203",
    ("effect skipped: alias Bound updateAlias if it names LATEST and all its weights are mentioned: "
     "binds the versions"): "SM203",
    "guard ignored: alias Absent createAlias if its versions exist (0)": "SM201",
    "guard negated: alias Absent createAlias: its versions exist, a version of it does not exist": "SM201",
    "limit not enforced: createFunction cpu": "SM201",
    "list drops an entry: listFunctionVersions": "SM203",
    "number used again: version": "SM201",
    "state leaks between resources: deleteFunctionVersion": "SM203",
    "state leaks between resources: updateAlias": "SM203",
}


@pytest.fixture(scope="module")
def billing():
    """The suite and the search for the balance of SCF."""
    made = Bench(MODELS["scf.billing"])
    yield made
    made.close()


@pytest.fixture(scope="module")
def versions():
    """The suite and the search for versions and aliases of FC."""
    made = Bench(FC_VERSIONS)
    yield made
    made.close()


def named(model, name):
    """The mutant of that name."""
    return next(one for one in mutants(model) if one.name == name)


@pytest.mark.parametrize("name", BILLING)
def test_a_mutant_of_one_graph_is_killed(name, billing):
    """Default settings find the fault."""
    fated = billing.fate(named(billing.model, name))
    assert (fated.fate, fated.how.split()[-1]) == (Fate.KILLED, BILLING[name])


@pytest.mark.parametrize("name", VERSIONS)
def test_a_mutant_of_several_graphs_is_killed(name, versions):
    """Default settings find the fault."""
    fated = versions.fate(named(versions.model, name))
    assert (fated.fate, fated.how.split()[-1]) == (Fate.KILLED, VERSIONS[name])


def test_refusals_are_tried_wherever_something_is_at_work_in_new_company(monkeypatch):
    """A call that is only accepted while a version is awaited is found, and was not where refusals are tried once."""
    for other in (Lives, Promises):
        monkeypatch.setattr(other, "run", lambda _other: None)
    bench = Bench(SCF.restricted("function", "version"), settings=Settings(examples=0))
    awaited = named(bench.model, "refusal accepted: function Updating UpdateFunctionCode, as in Deleting")
    assert bench.suite(awaited.make()) == "versions SM203"
    monkeypatch.setattr(Chart, "company", lambda _chart, _place: ())
    assert bench.suite(awaited.make()) is None
    bench.close()


LATE = (
    (MODELS["fc.function"], Late, "cover SM201",
     ("effect skipped: function Reactivating publishFunctionVersion if something changed since the last version: "
      "is unchanged since the new version")),
    (SCF.restricted("function", "billing"), Interrupts, "account SM302", "unfinished job lost: balance below zero"),
)


@pytest.mark.parametrize(("model", "tour", "found", "name"), LATE, ids=["late", "interrupts"])
def test_what_a_tour_is_for_is_only_found_by_it(model, tour, found, name, monkeypatch):
    """An effect that no answer shows at once, and work forgotten when the balance is gone: each needs its own tour."""
    monkeypatch.setattr(Lives, "run", lambda _lives: None)
    bench = Bench(model, settings=Settings(examples=0))
    faulty = named(model, name)
    assert bench.suite(faulty.make()) == found
    monkeypatch.setattr(tour, "run", lambda _tour: None)
    assert bench.suite(faulty.make()) is None
    bench.close()


def test_without_a_fault_nothing_is_found(versions):
    """The service that all mutants are made of passes."""
    assert versions.suite(reference(FC_VERSIONS)) is None


def test_an_equivalent_mutant_is_known_as_such(billing):
    """What parts that are left out may refuse as well is nothing that a client could complain of."""
    name = "acceptance refused: billing Available Invoke with ResourceUnavailable.InsufficientBalance"
    found = billing.search(named(billing.model, name))
    assert (found.trouble, found.is_proof) == (None, True)


def test_what_survives_is_proven_allowed_without_a_search(billing):
    """The rows of a mutant that the suite passes are compared with the model first."""
    name = "acceptance refused: billing Available Invoke with ResourceUnavailable.InsufficientBalance"
    fated = billing.fate(named(billing.model, name))
    assert (fated.fate, fated.how.split(",")[0]) == (Fate.EQUIVALENT, "all it does is allowed")


def test_a_survivor_is_told_with_the_shortest_script(billing):
    """Whatever the suite passes over, the search finds with the fewest deeds there are."""
    name = "refusal accepted: billing InsufficientBalance CreateFunction, nothing changes"
    found = billing.search(named(billing.model, name))
    assert (found.trouble.code, [step.what for step in found.script]) == (
        "SM201",
        ["balance exhausted", "CreateFunction"],
    )


def test_mutants_are_the_same_from_run_to_run():
    """Names are unique, and come in the same order."""
    for name in ("scf", "fc", "scf.layer", "fc.async_task"):
        names = [one.name for one in mutants(MODELS[name])]
        assert len(set(names)) == len(names)
        assert names == [one.name for one in mutants(MODELS[name])]


def test_every_kind_has_mutants():
    """The two services have every kind there is."""
    every = {kind for name in ("scf", "fc") for kind in kinds(mutants(MODELS[name]))}
    assert sorted(every) == [
        "acceptance changes nothing",
        "acceptance refused",
        "effect skipped",
        "field wrong",
        "gate forgotten for a name",
        "guard ignored",
        "guard negated",
        "leads elsewhere",
        "limit not enforced",
        "list doubles an entry",
        "list drops an entry",
        "move never comes",
        "name leads where it led first",
        "number used again",
        "outcomes swapped",
        "published content follows updates",
        "refusal accepted",
        "state leaks between resources",
        "status early",
        "status stale",
        "unfinished job lost",
        "wrong code",
    ]


def test_a_sample_has_some_of_every_kind():
    """As many as asked for, the same for a seed."""
    every = mutants(MODELS["scf.billing"])
    drawn = sampled_each(every, 2, 0)
    assert {one.kind for one in drawn} == set(kinds(every))
    assert max(Counter(one.kind for one in drawn).values()) == 2
    assert drawn == sampled_each(every, 2, 0) != sampled_each(every, 2, 1)


def test_a_table_counts_fates_by_kind():
    """One line a kind, and one for all."""
    some = sampled(mutants(MODELS["scf.billing"]), 3, 0)
    lines = table([Fated(one, Fate.KILLED, "cover SM201", 1, 0.5) for one in some])
    assert len(lines) == 2 + len(kinds(tuple(some)))
    assert lines[-1].split() == ["all", "3", "3", "0", "0", "0", "0.50"]
