"""A small sound model of cups and their lids, with rows more or less: what definitions are tried on."""

import attrs

from statemodel.model.evidence import Policy, Source, documented
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph, service
from statemodel.model.guard import Guard
from statemodel.model.operation import Action, Operation, Parameter

SAID = documented(Source("page", "a page of the shop"))
Make, Fill, Look = Operation("Make", Action.CALL), Operation("Fill", Action.CALL), Operation("Look", Action.READ)
made = service("made")
hot = Guard("it is hot", lambda view: view.arg("hot"))
red = Guard("it is red", lambda view: view.arg("red"))
SIZES = ("it is small", "it is big")
small, big = (Guard(name, lambda view: view.arg("size"), SIZES) for name in SIZES)
refill = Policy("refill", "Can it be filled again?", ("accepted", "refused"), evidence=SAID)
STATES = (State("Absent", Kind.ABSENT, "None."), State("Making", Kind.WORKING, "At work."),
          State("Ready", Kind.RESTING, "Done."))
TRANSITIONS = (
    Transition("Absent", Make, "Making", evidence=SAID),
    Transition("Making", made, "Ready", evidence=SAID),
    Transition("Ready", Fill, evidence=SAID),
)
REFUSALS = (
    Refusal(("Making", "Ready"), Make, "Taken", evidence=SAID),
    Refusal(("Absent", "Making"), Fill, "NotReady", evidence=SAID),
)


def graph(*more, name="shop.cup", without=(), **fields):
    """A small graph that is sound, with rows more or less."""
    rows = [row for row in (*TRANSITIONS, *REFUSALS) if str(row) not in without] + list(more)
    given = {
        "transitions": tuple(row for row in rows if isinstance(row, Transition)),
        "refusals": tuple(row for row in rows if isinstance(row, Refusal)),
    }
    return TransitionGraph(**{"name": name, "doc": "A cup.", "states": STATES, **given, **fields})


def yes(source, event, target=None, **more):
    return Transition(source, event, target, **{"evidence": SAID, **more})


def no(source, operation, codes="No", **more):
    return Refusal(source, operation, codes, **{"evidence": SAID, **more})


READY_FILLED = "Ready --Fill--> the same"
WITHOUT = {"without": (READY_FILLED,)}


def open_cup(**fields):
    """A graph in which it is open whether a cup is filled again."""
    return graph(yes("Ready", Fill, under=refill["accepted"]), no("Ready", Fill, under=refill["refused"]),
                 **{"policies": (refill,), **WITHOUT, **fields})


OTHER_FILL = attrs.evolve(Fill, parameters=(Parameter("hot"),))


def lid(**fields):
    """A graph beside the cup that shares Fill."""
    fill = fields.pop("fill", Fill)
    given = {"name": "shop.lid", "doc": "A lid.", "states": (State("On", Kind.RESTING, "On."),), "initial": "On",
             "transitions": (yes("On", fill),)}
    return TransitionGraph(**{**given, **fields})


def open_lid(policy, **fields):
    """The same under a policy."""
    rows = {"transitions": (yes("On", Fill, under=policy["accepted"]),),
            "refusals": (no("On", Fill, under=policy["refused"]),)}
    return lid(policies=(policy,), **rows, **fields)
