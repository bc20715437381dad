"""What a client may come to: what lies behind choices that it made otherwise is not counted against a run."""

import attrs
import pytest

from statemodel.coverage.bounds import Bounds
from statemodel.coverage.goals import PAIR, STATE, Goal
from statemodel.coverage.stages import Stage, stages
from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import make_session
from statemodel.testing.suite import Settings, conformance

ALL = ("clock", "outcome", "environment")


def drawn(name):
    """The first stage of a model."""
    system = prepare(model(name))
    return next(one for one in stages(system, frozenset((*system.operations, *ALL))) if isinstance(one, Stage))


def sorts_of(chart, name):
    """The sorts of the edges of one event."""
    return {edge.sort for edges in chart.edges for edge in edges if edge.name == name}


def test_all_is_within_where_nothing_is_closed():
    """A chart holds only what can be come to."""
    stage = drawn("scf.function")
    assert stage.chart.within(stage.goals, ()) == frozenset(stage.goals)


def test_what_lies_behind_a_closed_edge_is_not_within():
    """Neither what comes after a call that is never accepted, nor pairs with it; what comes before it is."""
    stage = drawn("fc.invocation")
    within = stage.chart.within(stage.goals, sorts_of(stage.chart, "disableFunctionInvocation"))
    assert {goal.words[0] for goal in within if goal.kind == STATE} == {"Absent", "Enabled"}
    assert {word for goal in within if goal.kind == PAIR for word in goal.words if word.startswith("--")} == {
        "--createFunction-->", "--deleteFunction-->",
    }  # fmt: skip


def test_the_first_stage_says_what_is_within():
    """What was hoped for in vain in one stage is not hoped for in the next, whatever its chart numbers it by."""
    stage = drawn("fc.invocation")
    bounds, enabled, disabled = Bounds(), *(Goal(STATE, "invocation", (state,)) for state in ("Enabled", "Disabled"))
    bounds.take(attrs.evolve(stage, goals=()), sorts_of(stage.chart, "disableFunctionInvocation"))
    bounds.take(drawn("fc.invocation"), ())
    assert (bounds.goals[enabled], bounds.goals[disabled]) == (True, False)
    bounds.clear()
    bounds.take(stage, ())
    assert all(bounds.goals.values())


@pytest.mark.parametrize("name", ["scf.function", "scf.billing", "scf.alias", "fc.invocation"])
def test_a_run_covers_what_the_client_may_come_to(name):
    """Each state, outcome, acceptance and refusal; and what is left aside is what policies leave open."""
    report = conformance(
        model(name), lambda: FakeService(Simulator.of(model(name))), settings=Settings(examples=1, cover_calls=4_000)
    )
    kinds = {one.kind: one for one in report.tallies}
    missed = {kind: kinds[kind].left for kind in ("states", "outcomes", "acceptances", "refusals") if kind in kinds}
    assert missed == dict.fromkeys(missed, ())
    assert any(one.elsewhere for one in report.tallies)


class Moody(FakeService):
    """Denies every event but the first four."""

    asked = 0

    def happen(self, event):
        self.asked += 1
        return self.asked <= 4 and super().happen(event)


def test_what_was_once_done_stays_possible():
    """An event that came once counts as what the client can bring about, however often it is denied later."""
    system = prepare(model("scf.billing"))
    with open_link(lambda: Moody(Simulator.of(system)), tuple(system.operations)) as link:
        session = make_session(system, link)
        for event in ("account frozen", "account unfrozen") * 6:
            session.happen(event)
        assert session.unsupported == set()
        assert link.outcome("no such event") is False


def test_what_was_never_done_counts_as_unsupported():
    """Three denials are enough."""
    system = prepare(model("scf.billing"))
    with open_link(lambda: Moody(Simulator.of(system)), tuple(system.operations)) as link:
        session = make_session(system, link)
        Moody.asked = 9
        try:
            for _ in range(3):
                session.happen("account frozen")
        finally:
            Moody.asked = 0
        assert session.unsupported == {"account frozen"}
