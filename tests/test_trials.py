"""A walk depends on what is drawn and not on the walks before it, or it could be neither shortened nor replayed."""

import pytest

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import make_session
from statemodel.testing.trials import Trials

CODES = [number * 7_919 % 1_000_003 for number in range(1, 26)]


@pytest.mark.parametrize("name", ["scf", "fc", "lambda"])
def test_the_same_numbers_make_the_same_walk(name):
    """Done a second and a third time, with other walks between, everything sent is the same."""
    system = prepare(model(name))
    with open_link(lambda: FakeService(Simulator.of(system)), tuple(system.operations)) as link:
        session = make_session(system, link)
        trials = Trials(session, left=frozenset(), shrinks=0, is_old=lambda _: False, tell=lambda _: None)
        sent = []
        for codes in (CODES, CODES[:5], CODES, CODES[:8], CODES):
            assert trials.walk((3, codes)) is None
            if codes is CODES:
                sent.append([step.to_request() for step in session.script])
    assert sent[0] == sent[1] == sent[2]
    assert len(sent[0]) > len(CODES)
