"""What a call brings about though it fails, and work that cannot end well: right services pass, others are met."""

import sys
from pathlib import Path
from random import Random

import pytest
from fc_service import Fc
from scf_service import Scf

from statemodel.coverage.stages import Stage, stages
from statemodel.oracle.check import judge
from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.child import ChildAdapter
from statemodel.testing.judge import rivals
from statemodel.testing.script import from_lines, to_lines
from statemodel.testing.session import make_session
from statemodel.testing.suite import Settings, conformance
from statemodel.testing.tours.promises import Promises

FAULTS = Path(__file__).parent / "faults"
MOST = 4_000


def met(name, client):
    """The trouble that one client gives."""
    system = prepare(model(name))
    found = []
    with open_link(client, tuple(system.operations)) as link:
        first = next(one for one in stages(system, link.abilities) if isinstance(one, Stage))
        session = make_session(system, link)
        Promises(session, first.chart, budget=MOST, is_thorough=False, meet=found.append).run()
        assert 0 < link.calls < MOST
    return found


@pytest.mark.parametrize("name", ["scf", "fc", "lambda", "scf.function", "fc.function"])
def test_a_simulated_service_passes(name):
    """Nothing is met, whatever the model leaves open."""
    for seed in range(3):
        assert met(name, lambda seed=seed: FakeService(Simulator.of(model(name), seed=seed))) == []


@pytest.mark.parametrize("name", ["scf", "fc"])
@pytest.mark.parametrize("how", ["", "--lag 0", "--unit calls --lag 3", "--order last --spelling last", "--luck 5"])
def test_a_right_service_passes(name, how):
    """One that was written from the facts, with other lags, orders and outcomes."""
    command = f"{sys.executable} {FAULTS / f'{name}_service.py'} {how}"
    assert met(name, lambda: ChildAdapter(command, name)) == []


class Deaf:
    """Agrees to every outcome, and lets chance decide."""

    def begin(self):
        super().begin()
        self.random = Random(0)  # noqa: S311  # nothing secret

    def outcome(self, event):
        super().outcome(event)
        self.steered.clear()
        return True


@pytest.mark.parametrize(("name", "kind"), [("scf", Scf), ("fc", Fc)])
def test_one_that_only_says_so_passes(name, kind):
    """What comes now and then can come."""
    assert met(name, type("Deaf", (Deaf, kind), {})) == []


# ------------------------------------------------------------------------------------------------- faults


class NeverWakes(Fc):
    """A call of an inactive function fails, and that is all."""

    def call(self, op, args):
        function = self.functions.get(args.get("functionName"))
        if op == "invokeFunction" and function is not None and function.state == "Inactive":
            return {"error": "FunctionNotReady"}
        return super().call(op, args)


class NeverRecovers(Fc):
    """A function that has failed once cannot be repaired."""

    def how(self, kind, possible=None):
        return "recovery failed" if kind == "recover" else super().how(kind, possible)


class UpdatesTwice(Scf):
    """Code is taken while an update is under way."""

    def is_updatable(self, function):
        return function.status == "Updating" or super().is_updatable(function)


@pytest.mark.parametrize(("name", "kind", "what"), [
    ("fc", NeverWakes, "getFunction"), ("fc", NeverRecovers, "getFunction"), ("scf", UpdatesTwice, "Invoke"),
])
def test_what_cannot_end_well_is_met(name, kind, what):
    """It is agreed to eight times, never comes, and is met again from the script alone."""
    found = met(name, kind)
    assert [(one.trouble.code, one.trouble.step.what) for one in found][:1] == [("SM203", what)]
    script = from_lines(to_lines(found[0].script))
    assert any(step.is_promise for step in script)
    system = prepare(model(name))
    with open_link(kind, tuple(system.operations)) as link:
        session = make_session(system, link)
        with pytest.raises(Exception, match="SM203"):
            session.replayed(script)


class Restless(Fc):
    """A function never becomes idle."""

    def rest(self, function):
        """Nothing of the kind."""


def test_who_does_not_become_idle_is_met():
    """What becomes inactive stays so until it is called; one that was served cites first what refuses it."""
    settings = Settings(examples=0, cover_calls=1_500, findings=9)
    found = {one.name: one for one in conformance(model("fc.function"), Restless, settings=settings).findings}
    assert {"SM203:getFunction:state", "SM203:invokeFunction:accepted"} <= set(found)
    assert "Inactive: invokeFunction" not in found["SM203:getFunction:state"].rows[0].row
    assert "invokeFunction refused" in found["SM203:invokeFunction:accepted"].rows[0].row


def test_rivals_end_the_same_work():
    """What only leads on to other work is no end."""
    assert rivals(prepare(model("fc")), "reactivation succeeded") == {"reactivation failed"}
    assert "delete half done" not in rivals(prepare(model("scf")), "delete succeeded")


# ------------------------------------------------------------------------------------------------- what a call wakes

MADE = ({"op": "createFunction", "args": {"runtime": "custom-container"}, "result": {}},
        {"op": "getFunction", "result": {"state": "Active"}}, {"event": "idle"})
READ = {"op": "getFunction", "result": {"state": "Inactive"}}


def outcome(*records, **options):
    service = model("fc").with_policies(**options)
    [one] = judge(service, [{"resource": "fn-1", **record} for record in (*MADE, *records)],
                  start="absent", environment="recorded").verdicts
    return str(one.outcome)


def called(code="FunctionNotReady", **args):
    return {"op": "invokeFunction", "args": args, "error": code}


def reads(state):
    return {"op": "getFunction", "result": {"state": state}}


def test_who_is_not_called_rests():
    """It reads Inactive as often as one asks."""
    assert outcome(READ, READ) == "conforms"
    for state in ("Active", "Pending"):
        assert outcome(READ, reads(state)) == "violates"
        assert outcome(called(), reads(state)) == "conforms"
    assert outcome(called(), READ, READ) == "conforms"  # it was woken, and that failed
    assert outcome(called(), READ, reads("Pending")) == "violates"
    assert outcome({"event": "called while inactive"}, reads("Pending")) == "conforms"


def test_another_refusal_may_wake_or_not():
    """A code of the request, or of another part, does not tell whether the call came through."""
    for code in ("FunctionNotStarted", "InvalidArgument"):
        for state in ("Inactive", "Pending"):
            assert outcome(called(code), reads(state), reads(state)) == "conforms"
    for state in ("Inactive", "Pending"):
        assert outcome(called("any", invocationType="Never"), reads(state), reads(state)) == "conforms"
    switched = {"op": "disableFunctionInvocation", "result": {}}
    enabled = {"op": "enableFunctionInvocation", "result": {}}
    assert outcome(switched, called("any"), READ, enabled, reads("Inactive")) == "conforms"
    assert outcome(switched, called("any"), reads("Pending")) == "conforms"


@pytest.mark.parametrize("args", [{"invocationType": "Async"}])
def test_other_calls_wake_under_a_policy(args):
    """No source tells of calls that do not fail at once."""
    for option, states in (("yes", ("Pending",)), ("no", ()), ("open", ("Pending",))):
        assert outcome(called(**args), READ, woken_by_other_calls=option) == "conforms"
        expected = "conforms" if "Pending" in states else "violates"
        assert outcome(called(**args), reads("Pending"), woken_by_other_calls=option) == expected
