"""Plays with a fake service at random and writes down what it saw, as a client that records histories would."""

from hypothesis import strategies as st

from statemodel.model.operation import Subject
from statemodel.registry import MODELS
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.unfold import Scope, calls

LETTERS = "ab"
MOST_NEW = 3
REQUIRED = {"runtime": "custom-container"}


class Scripted:
    """A client that answers as it is told to, whatever it is asked."""

    def __init__(self, abilities, *answers):
        self.abilities = abilities
        self.answers = iter(answers)

    def reset(self):
        pass

    def call(self, op, args):  # noqa: ARG002
        answer = next(self.answers)
        return {"error": answer} if isinstance(answer, str) else {"result": answer}

    def advance(self, seconds):
        pass

    def happen(self, event):
        pass


class Recorder:
    """A fake service and the histories of the resources it was asked about."""

    def __init__(self, model, **settings):
        self.model = model
        self.fake = FakeService(Simulator.of(model, **settings))
        self.records = []

    def call(self, op, resource, **args):
        """Make a call and write it down."""
        answer = self.fake.call(op, args)
        self.records.append({"resource": resource, "op": op, "args": args, **answer})
        return answer

    def copy(self, source, target, **args):
        """Copy a function; a copy that was refused moved nothing, and does not say which side refused."""
        answer = self.fake.call("CopyFunction", {"FunctionName": source, "NewFunctionName": target, **args})
        if "result" in answer:
            self.records.extend(
                {"resource": one, "as": side, "op": "CopyFunction", "args": {"FunctionName": one, **args}, **answer}
                for one, side in ((source, "source"), (target, "target"))
            )
        return answer

    def happen(self, event, resources):
        """Have an event happen; one of the account befalls every resource, another the one that it moved."""
        before = dict(self.fake.world.resources)
        if self.fake.happen(event):
            system = self.fake.simulator.system
            is_shared = all(system.graph(place).is_shared for place in system.leaders[event])
            after = dict(self.fake.world.resources)
            moved = [dict(owner) for owner in {**before, **after} if before.get(owner) != after.get(owner)]
            last = dict(self.fake.world.last[0]) if self.fake.world.last else {}
            spoken_of = [one for one in resources if one in last.values()] or resources[:1]
            named = [one for one in resources if any(one in owner.values() for owner in moved)]
            befallen = resources if is_shared else named or spoken_of
            self.records.extend({"resource": one, "event": event} for one in befallen)


def pool(model):
    """Calls worth making, by operation; content as letters."""
    found = {}
    for operation, args, _ in calls(prepare(model), Scope(versions=2)):
        spelled = {name: LETTERS[value] if name == "content" else value for name, value in args.items()}
        for one in operation.parameters:
            if one.required and one.subject is Subject.VALUE and one.name != "as":
                spelled.setdefault(one.name, REQUIRED.get(one.name, "x"))
        spelled.pop("as", None)
        found.setdefault(operation.name, []).append(spelled)
    for operation in prepare(model).service.operations:
        found.setdefault(operation.name, [{}] if operation.listing is not None else [])
    return {name: list(each) for name, each in found.items() if each and name != "CopyFunction"}


@st.composite
def plays(draw, name, *, steps=18, resources=("f",), **settings):
    """A play: what was recorded, and the fake service as it was left."""
    model = MODELS[name]
    recorder = Recorder(model, seed=draw(st.integers(0, 50)), **settings)
    system = recorder.fake.simulator.system
    choices, new = pool(model), 0
    events = [event.name for event in system.events]
    for _ in range(draw(st.integers(steps // 2, steps))):
        what = draw(st.integers(0, 9))
        if what < 2:
            recorder.fake.advance(draw(st.sampled_from([1, 5, 30, 100])))
        elif what == 2 and events:
            event = draw(st.sampled_from(events))
            recorder.fake.outcome(event) or recorder.happen(event, list(resources))
        elif what == 3 and "CopyFunction" in system.operations and len(resources) > 1:
            recorder.copy(*draw(st.permutations(resources))[:2], Override=draw(st.booleans()))
        else:
            name, args = _chosen(draw, recorder, choices, resources)
            new += _is_new(name, args)
            if new <= MOST_NEW or not _is_new(name, args):
                recorder.call(name, args.pop("resource"), **args)
    return recorder


def _is_new(name, args):
    return name.lower().startswith("publish") or args.get("Publish") == "TRUE"


def _chosen(draw, recorder, choices, resources):
    """A call, rather one that is accepted."""
    operations = recorder.fake.simulator.system.operations
    for _ in range(8):
        name = draw(st.sampled_from(sorted(choices)))
        args = dict(choices[name][draw(st.integers(0, len(choices[name]) - 1))])
        resource = draw(st.sampled_from(resources))
        for one in operations[name].parameters:
            if one.subject is Subject.IDENTITY and one.required:
                args[one.name] = resource
        if "result" in recorder.fake.copy().call(name, args):
            break
    return name, {**args, "resource": resource}
