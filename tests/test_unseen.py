"""What nobody has named may be there all the same, and events may move it."""

import pytest

from statemodel.oracle.check import judge
from statemodel.registry import model

CAME = tuple({"resource": "f", "event": one} for one in ("invoked", "window passed", "window passed"))


def verdict(*records, environment):
    """The verdict on a history of requests, from nothing on."""
    [found] = judge(model("scf.request"), records, start="absent", environment=environment).verdicts
    return found


@pytest.mark.parametrize("environment", ["open", "recorded"])
def test_an_event_may_move_what_nobody_has_named(environment):
    """A request that came unseen may be the one that a later event moves."""
    assert verdict(*CAME, environment=environment).outcome == "conforms"


@pytest.mark.parametrize(
    ("environment", "expected"), [("open", ("conforms", None)), ("recorded", ("violates", "SM204"))]
)
def test_before_anything_came_there_is_nothing_to_move(environment, expected):
    """Where only what is recorded happens, an event that moves a request needs one before it."""
    found = verdict(CAME[1], *CAME, environment=environment)
    assert (found.outcome, found.code) == expected


@pytest.mark.parametrize("environment", ["open", "recorded"])
def test_what_comes_after_such_an_event_is_explained(environment):
    """A later violation is told with the events before it."""
    impossible = {"resource": "f", "op": "GetRequestStatus", "args": {"FunctionRequestId": "r"}, "error": "NoSuchCode"}
    found = verdict(*CAME, impossible, environment=environment)
    assert (found.code, found.line) == ("SM203", 4)
    assert found.explanation
