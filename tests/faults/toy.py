"""A toy of a model and a service of its own for it, right or with one of six faults."""

import attrs

from statemodel.model.data import content_field
from statemodel.model.evidence import Source, inferred
from statemodel.model.graph import Effect, Kind, Refusal, State, Transition, TransitionGraph, service
from statemodel.model.operation import Action, Field, Operation, Parameter, Subject

SAID = inferred(Source("toy", "made up for a test"))
NAME = Parameter("Name", Subject.IDENTITY, required=True, evidence=SAID)
CONTENT = Parameter("content", Subject.CONTENT, required=True, evidence=SAID)
STATUSES = ("Making", "Ready", "Changing", "Broken")


@attrs.frozen(cache_hash=True)
class Held:
    """What it serves, and what a change will make of it."""

    content: int | None = content_field()
    staged: int | None = content_field()


def _status(view):
    return (view.state("toy"),)


def _served(view):
    return (view.data("toy").content,)


Make = Operation("Make", Action.CALL, (NAME, CONTENT), evidence=SAID)
Change = Operation("Change", Action.CALL, (NAME, CONTENT), evidence=SAID)
Drop = Operation("Drop", Action.CALL, (NAME,), evidence=SAID)
Look = Operation("Look", Action.READ, (NAME,), fields=(Field("Status", _status, STATUSES),), evidence=SAID)
Use = Operation("Use", Action.READ, (NAME,), fields=(Field("content", _served),), evidence=SAID)

takes = Effect("takes", lambda view: Held(view.content()))
stages = Effect("stages", lambda view: attrs.evolve(view.own, staged=view.content()))
serves = Effect("serves", lambda view: Held(view.own.staged))
keeps = Effect("keeps", lambda view: Held(view.own.content))
made, changed, broke = service("made"), service("changed"), service("broke")

TOY = TransitionGraph(
    "test.toy",
    "Something that is made, changed, used and dropped.",
    (State("Absent", Kind.ABSENT, "None."), State("Making", Kind.WORKING, "Being made."),
     State("Ready", Kind.RESTING, "Can be used."), State("Changing", Kind.WORKING, "Still as it was."),
     State("Broken", Kind.FAILED, "A change failed.")),
    (
        Transition("Absent", Make, "Making", effect=takes, evidence=SAID),
        Transition("Making", made, "Ready", evidence=SAID),
        Transition(("Ready", "Broken"), Change, "Changing", effect=stages, evidence=SAID),
        Transition("Changing", changed, "Ready", effect=serves, evidence=SAID),
        Transition("Changing", broke, "Broken", effect=keeps, evidence=SAID),
        Transition(("Ready", "Broken"), Drop, "Absent", evidence=SAID),
        Transition(STATUSES, Look, evidence=SAID),
        Transition(("Ready", "Changing", "Broken"), Use, evidence=SAID),
    ),
    (
        Refusal(STATUSES, Make, "Taken", evidence=SAID),
        Refusal("Absent", Change, "Gone", evidence=SAID),
        Refusal(("Making", "Changing"), Change, "Busy", evidence=SAID),
        Refusal("Absent", Drop, "Gone", evidence=SAID),
        Refusal(("Making", "Changing"), Drop, "Busy", evidence=SAID),
        Refusal("Absent", Look, "Gone", evidence=SAID),
        Refusal("Absent", Use, "Gone", evidence=SAID),
        Refusal("Making", Use, "Busy", evidence=SAID),
    ),
    data=Held,
)  # fmt: skip

# Every fault, the steps of the shortest script that shows it, and the code it is found by.
FAULTS = {
    "a failed change is served": (8, "SM203"),
    "a change ends at once": (6, "SM202"),
    "a broken one cannot be dropped": (8, "SM202"),
    "what was dropped is still used": (5, "SM203"),
    "making never ends": (4, "SM302"),
    "the third change is lost": (13, "SM203"),
}
LAG = 5.0


class Toy:
    """The service, right unless a fault is named."""

    abilities = ("Make", "Change", "Drop", "Look", "Use", "clock", "outcome", "content")

    def __init__(self, fault=""):
        self.fault = fault
        self.reset()

    def reset(self):
        self.toys = {}
        self.next = None

    def copy(self):
        other = Toy(self.fault)
        other.toys = {name: dict(toy) for name, toy in self.toys.items()}
        other.next = self.next
        return other

    def fingerprint(self):
        return self.next, tuple(sorted((name, tuple(toy.items())) for name, toy in self.toys.items()))

    def outcome(self, event):
        self.next = event
        return True

    def advance(self, seconds):
        for toy in self.toys.values():
            toy["left"] = max(toy["left"] - seconds, 0.0)
            if toy["left"] == 0:
                self.end(toy)

    def end(self, toy):
        if toy["status"] == "Making" and self.fault != "making never ends":
            toy["status"] = "Ready"
        elif toy["status"] == "Changing":
            is_broken, self.next = self.next == "broke", None
            toy["status"] = "Broken" if is_broken else "Ready"
            toy["changes"] = min(toy["changes"] + 1, 3)
            is_lost = self.fault == "the third change is lost" and toy["changes"] == 3
            if (not is_broken and not is_lost) or (is_broken and self.fault == "a failed change is served"):
                toy["content"] = toy["staged"]
            toy["staged"] = None

    def call(self, op, args):
        toy = self.toys.get(args["Name"])
        if toy is None or toy["status"] == "Dropped":
            return self.absent(op, args, toy)
        is_busy = toy["status"] in ("Making", "Changing")
        match op:
            case "Make":
                return {"error": "Taken"}
            case "Look":
                return {"result": {"Status": toy["status"]}}
            case "Use":
                return {"error": "Busy"} if toy["status"] == "Making" else {"result": {"content": toy["content"]}}
            case "Drop" if not is_busy and (self.fault, toy["status"]) != ("a broken one cannot be dropped", "Broken"):
                toy["status"] = "Dropped"
            case "Change" if not is_busy:
                toy.update(status="Changing", staged=args["content"], left=LAG)
                if self.fault == "a change ends at once":
                    toy["content"] = args["content"]
            case _:
                return {"error": "Busy"}
        return {"result": {}}

    def absent(self, op, args, toy):
        if op == "Make":
            self.toys[args["Name"]] = {"status": "Making", "content": args["content"], "staged": None,
                                       "left": LAG, "changes": 0}  # fmt: skip
            return {"result": {}}
        if op == "Use" and toy is not None and self.fault == "what was dropped is still used":
            return {"result": {"content": toy["content"]}}
        return {"error": "Gone"}


class Bare:
    """The same without a fingerprint: it can only be reset and led there again."""

    abilities = Toy.abilities

    def __init__(self, fault=""):
        self.toy = Toy(fault)
        self.resets = 0

    def reset(self):
        self.resets += 1
        self.toy.reset()

    def call(self, op, args):
        return self.toy.call(op, args)

    def advance(self, seconds):
        self.toy.advance(seconds)

    def outcome(self, event):
        return self.toy.outcome(event)
