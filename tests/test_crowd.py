"""One resource with many members: right services pass, and what shows only in such company is met."""

import pytest

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import make_session
from statemodel.testing.tours.crowd import Crowd


def met(name, client, budget=9_999, twins=()):
    """Codes and scripts of the trouble that one client gives, and everything that was called."""
    system = prepare(model(name))
    found = []
    with open_link(client, tuple(system.operations)) as link:
        session = make_session(system, link)
        Crowd(session, budget=budget, twins=twins, meet=found.append, enough=lambda: bool(found)).run()
        assert link.calls <= budget + 100
    return found


class Fake(FakeService):
    """A fake service that keeps what it was asked."""

    def __init__(self, name):
        super().__init__(Simulator.of(model(name)))
        self.asked = []

    def call(self, op, args=None):
        self.asked.append((op, dict(args or {})))
        return self.answered(op, dict(args or {}))

    def answered(self, op, args):
        return super().call(op, args)


@pytest.mark.parametrize("name", ["scf", "fc", "lambda", "scf.function", "fc.alias"])
def test_a_right_service_passes_and_is_grown(name):
    """Nothing is met, and where there are versions there are eleven, each read."""
    client = Fake(name)
    assert met(name, lambda: client) == []
    if name in ("scf", "fc", "lambda"):
        assert any("11" in map(str, args.values()) for _, args in client.asked)
        assert {"third", "live", "canary"} <= {str(value) for _, args in client.asked for value in args.values()}


def test_progress_is_told():
    """Every call that changes something says how far it is, up to the budget and no further."""
    told = []
    system = prepare(model("fc.alias"))
    with open_link(lambda: Fake("fc.alias"), tuple(system.operations)) as link:
        Crowd(make_session(system, link), budget=300, progress=lambda *how: told.append(how)).run()
    assert told == sorted(told)
    assert told[0] == (0, 300)
    assert told[-1][0] < 300


def test_calls_keep_to_a_budget():
    """What is left of a story is left out."""
    assert met("scf", lambda: Fake("scf"), budget=120) == []


class Truncated(Fake):
    """Lists show five versions at most."""

    def answered(self, op, args):
        made = super().answered(op, args)
        if op == "ListVersionByFunction" and "Limit" not in args and made.get("result"):
            result = made["result"]
            kept = result["Versions"][-6:]
            return {"result": {**result, "Versions": kept, "FunctionVersion": [], "TotalCount": len(kept)}}
        return made


class Evicting(Fake):
    """The third name takes the place of the first."""

    def answered(self, op, args):
        made = super().answered(op, args)
        if op == "CreateAlias" and args["Name"] == "third" and "result" in made:
            super().answered("DeleteAlias", {**args, "Name": "live"})
        return made


class Prefixed(Fake):
    """A function takes those with it whose names begin alike."""

    def answered(self, op, args):
        made = super().answered(op, args)
        if op == "DeleteFunction" and args["FunctionName"] == "fn-1" and "result" in made:
            super().answered(op, {**args, "FunctionName": "fn-10"})
        return made


class Sticky(Fake):
    """A name that was moved back is shown where it was before."""

    def reset(self):
        super().reset()
        self.names = {}

    def answered(self, op, args):
        made = super().answered(op, args)
        if op in ("CreateAlias", "UpdateAlias") and "result" in made:
            self.names.setdefault((args["FunctionName"], args["Name"]), []).append(args["FunctionVersion"])
        if op == "GetAlias" and "result" in made:
            moves = self.names.get((args["FunctionName"], args["Name"]), [])
            if len(moves) > 2 and moves[-1] == moves[-3]:
                return {"result": {**made["result"], "FunctionVersion": moves[-2]}}
        return made


class Spelled(Fake):
    """The switch is forgotten where LATEST is spelled out."""

    def answered(self, op, args):
        made = super().answered(op, args)
        if op == "invokeFunction" and args.get("qualifier") == "LATEST" and "error" in made:
            return {"result": {}}
        return made


@pytest.mark.parametrize(("name", "faulty"), [
    ("scf", Truncated), ("scf", Evicting), ("scf", Prefixed), ("scf", Sticky), ("fc", Spelled),
])
def test_what_shows_only_in_a_crowd_is_met(name, faulty):
    """Each fault is met by itself, whatever the seed is."""
    [found] = met(name, lambda: faulty(name))
    assert found.trouble.code in ("SM201", "SM202", "SM203")


class Leaking(Fake):
    """A name that is taken away goes in every namespace."""

    def answered(self, op, args):
        made = super().answered(op, args)
        if op == "DeleteAlias" and "result" in made and args.get("Namespace"):
            super().answered(op, {name: value for name, value in args.items() if name != "Namespace"})
        return made


def test_what_is_done_to_a_twin_is_looked_for_in_the_other():
    """A right service keeps the two apart; one that does not is met."""
    assert met("scf", lambda: Fake("scf"), twins=("other/fn-1",)) == []
    [found] = met("scf", lambda: Leaking("scf"), twins=("other/fn-1",))
    assert found.script[-1].args.get("Namespace") is None
