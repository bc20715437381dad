"""What only a call brings about does not come while nobody calls, as far as a client promises to leave things alone."""

import pytest

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import TroubleError, make_session

MADE = {"runtime": "custom-container", "content": "code-1"}


class Restless(FakeService):
    """A function that has become idle goes on as if it had not."""

    def happen(self, event):
        return event == "idle" or super().happen(event)


def rested(client, *calls):
    """What a client that lets its function become idle comes to: the trouble met by calls after that, or None."""
    system = prepare(model("fc.function"))
    with open_link(client, tuple(system.operations)) as link:
        session = make_session(system, link)
        session.reset()
        session.call("fn-1", "createFunction", MADE)
        session.settle("fn-1", 300.0)
        while session.call("fn-1", "getFunction", {}).result.get("state") == "Failed":
            session.call("fn-1", "updateFunction", {"content": "code-2"})
            session.settle("fn-1", 300.0)
        assert session.happen("idle")
        try:
            for name in calls:
                session.call("fn-1", name, {})
                session.advance(300.0)
        except TroubleError as error:
            return session.judge.told(session.judge.follow("fn-1")), error.trouble
    return None


def fake(kind):
    """A client that answers as the model says."""
    return lambda: kind(Simulator.of(model("fc.function")))


@pytest.mark.parametrize("calls", [("getFunction",), ("listFunctionVersions", "getFunction"), ("getFunction",) * 3])
def test_who_is_not_called_rests(calls):
    """A function that became idle reads Inactive until it is called."""
    told, trouble = rested(fake(Restless), *calls)
    assert (trouble.code, trouble.step.what) == ("SM203", "getFunction")
    assert told.expected[0] == "getFunction: state Inactive"


def test_a_call_may_wake():
    """From then on it may be anywhere on its way back, and nothing is met."""
    assert rested(fake(Restless), "invokeFunction", "getFunction") is not None  # it was served, which is wrong
    assert rested(fake(FakeService), "getFunction", "invokeFunction", "getFunction", "getFunction") is None
    assert rested(fake(FakeService), "getFunction", "getFunction") is None
