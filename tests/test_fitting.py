"""Parts that do not fit together make no service, operations that contradict themselves no part."""

import attrs
import pytest
from shop import (
    OTHER_FILL,
    SAID,
    STATES,
    Fill,
    Look,
    graph,
    hot,
    lid,
    made,
    no,
    open_cup,
    open_lid,
    refill,
    yes,
)

from statemodel.errors import DefinitionError
from statemodel.model.data import reference_field
from statemodel.model.evidence import Choice, documented
from statemodel.model.graph import Event, Initiator, environment, service
from statemodel.model.guard import Guard
from statemodel.model.operation import Action, Field, Listing, Operation, Parameter, Subject
from statemodel.model.service import Claim, Invariant, Service, alone


@attrs.frozen
class Lent:
    """Data that name a guest."""

    to: str | None = reference_field("guest")


polite = Guard("the guest is polite", lambda view: view.state("guest") == "Polite", looks_at=("guest",))
Show = Operation("Show", Action.READ, listing=Listing("Cups", "Name", "cub"))


def shop(*parts, invariants=()):
    """A service of a cup and other parts."""
    return Service("shop", "A shop.", parts, invariants)


def sound(name="it stays", **fields):
    """An invariant of the cup."""
    given = {"claim": Claim.ALWAYS, "test": lambda look: look.state("cup") != "Gone", "about": ("cup",)}
    return Invariant(name, **{**given, **fields})


WRONG_SERVICES = {
    "parts of one name": (
        lambda: shop(graph(), graph(name="stall.cup")),
        "shop: parts: one name stands for two of ['cup', 'cup']. To mend it: rename one.",
    ),
    "parts that disagree on an operation": (
        lambda: shop(graph(), lid(fill=OTHER_FILL)),
        "shop: operation 'Fill': differs between parts. To mend it: let all parts share one Operation object.",
    ),
    "parts that disagree on a policy": (
        lambda: shop(open_cup(), open_lid(attrs.evolve(refill, question="Why?"))),
        "shop: policy 'refill': differs between parts. To mend it: let all parts share one Policy object.",
    ),
    "a part that follows what never happens": (
        lambda: shop(graph(), lid(follows=(service("closed"),))),
        "shop.lid: follows 'closed': no row mentions it. To mend it: take it out.",
    ),
    "parts that disagree on who moves": (
        lambda: shop(graph(), lid(transitions=(yes("On", Fill), yes("On", Event("made", Initiator.ENVIRONMENT))))),
        "shop: event 'made': differs between parts. To mend it: let all parts share one Event object.",
    ),
    "a hidden move that has the name of a call": (
        lambda: shop(graph(), lid(transitions=(yes("On", environment("Make")),))),
        "shop: event 'Make': is an operation of another part. To mend it: give one of them another name.",
    ),
    "a guard that looks at a part that is not there": (
        lambda: shop(graph(yes("Ready", environment("taken"), "Absent", guard=hot & ~polite)), lid()),
        ("shop.cup: guard 'the guest is polite' of row 'Ready --taken--> Absent if it is hot, unless the guest is "
         "polite': unknown part 'guest'. To mend it: name a part among ['cup', 'lid'], or add the part to the "
         "service."),
    ),
    "data that name members of a part that is not there": (
        lambda: shop(graph(data=Lent), lid()),
        ("shop.cup: field 'to' of its data: unknown part 'guest'. "
         "To mend it: name a part among ['cup', 'lid'], or add the part to the service."),
    ),
    "a list of a part that is not there": (
        lambda: shop(graph(yes([state.name for state in STATES], Show)), lid()),
        ("shop.cup: list 'Cups' of Show: unknown part 'cub'. "
         "To mend it: name a part among ['cup', 'lid'], or add the part to the service."),
    ),
    "an invariant about a part that is not there": (
        lambda: shop(graph(), invariants=(sound(about=("cup", "guest")),)),
        "shop: invariant 'it stays': speaks of 'guest'. To mend it: name parts among ['cup'].",
    ),
    "an invariant about nothing": (
        lambda: shop(graph(), invariants=(sound(about=()),)),
        "shop: invariant 'it stays': speaks of no part. To mend it: name parts among ['cup'].",
    ),
    "an invariant under a policy that is not there": (
        lambda: shop(open_cup(), invariants=(sound(under=(Choice("resell", "accepted"),)),)),
        "shop: invariant 'it stays': unknown policy 'resell'. To mend it: use one of refill.",
    ),
    "an invariant under a policy where there is none": (
        lambda: shop(graph(), invariants=(sound(under=(refill["accepted"],)),)),
        "shop: invariant 'it stays': unknown policy 'refill'. To mend it: take it out: no part has a policy.",
    ),
    "an invariant under an option that is not there": (
        lambda: shop(open_cup(), invariants=(sound(under=(Choice("refill", "perhaps"),)),)),
        ("shop: invariant 'it stays': unknown option 'refill = perhaps'. "
         "To mend it: use one of open, accepted, refused."),
    ),
    "an invariant that nobody in particular vouches for": (
        lambda: shop(graph(), invariants=(sound(evidence=documented()),)),
        ("shop: invariant 'it stays': has evidence, documented, without a source. "
         "To mend it: name the page, package or recorded case: documented(Source(...))."),
    ),
    "one name for two invariants": (
        lambda: shop(graph(), invariants=(sound(), sound(versions=2))),
        "shop: invariant 'it stays': is there twice. To mend it: rename one.",
    ),
}
WRONG_OPERATIONS = {
    "a parameter twice": (
        lambda: fill(Parameter("Size"), Parameter("Size", required=True)),
        "Fill: parameter 'Size': is defined twice. To mend it: keep one definition.",
    ),
    "a parameter that must and need not be sent": (
        lambda: fill(Parameter("Size", required=True, default=3)),
        "Fill: parameter 'Size': is required and has the default 3. To mend it: take one of the two out.",
    ),
    "a number that cannot be": (
        lambda: fill(Parameter("Size", minimum=5, maximum=2.5)),
        "Fill: parameter 'Size': has the minimum 5 above the maximum 2.5. To mend it: swap them.",
    ),
    "a grid of nothing": (
        lambda: fill(Parameter("Size", step=0)),
        "Fill: parameter 'Size': has the step 0. To mend it: give a step above zero.",
    ),
    "a pattern that is none": (
        lambda: fill(Parameter("Name", pattern="[a-z")),
        ("Fill: parameter 'Name': has the pattern '[a-z': unterminated character set at position 0. "
         "To mend it: write a regular expression."),
    ),
    "a default beyond the limits": (
        lambda: fill(Parameter("Size", minimum=5, default=3)),
        "Fill: parameter 'Size': has the default 3: below 5. To mend it: choose one that keeps the limits.",
    ),
    "a default of another kind": (
        lambda: fill(Parameter("Version", Subject.VERSION, default=1.5)),
        ("Fill: parameter 'Version': has the default 1.5: neither a text nor a number from 1. "
         "To mend it: choose one that keeps the limits."),
    ),
    "a field twice": (
        lambda: attrs.evolve(Look, fields=(Field("Status", str), Field("Status", repr))),
        "Look: field 'Status': is defined twice. To mend it: keep one definition.",
    ),
    "an operation that nobody in particular vouches for": (
        lambda: attrs.evolve(Look, evidence=documented()),
        ("Look: read: has evidence, documented, without a source. "
         "To mend it: name the page, package or recorded case."),
    ),
}
WRONG = WRONG_SERVICES | WRONG_OPERATIONS


def fill(*parameters):
    """An operation with these parameters."""
    return attrs.evolve(Fill, parameters=parameters)


@pytest.mark.parametrize("name", list(WRONG))
def test_what_does_not_fit(name):
    """The whole message: where, what is wrong, and how to mend it."""
    build, message = WRONG[name]
    with pytest.raises(DefinitionError) as caught:
        build()
    assert str(caught.value) == message


def test_what_fits():
    """What the messages propose can be built."""
    parts = (open_cup(), open_lid(refill, follows=(made,)))
    statements = (sound(under=(refill["refused"],)), sound("it is whole", evidence=SAID))
    assert [one.name for one in shop(*parts, invariants=statements).operations] == ["Make", "Fill"]
    assert fill(Parameter("Size", minimum=2, maximum=2, step=2, default=2)).parameters[0].default == 2


def test_a_part_alone_may_look_at_others():
    """Which ones there will be is not known before there is a service; such a guard is open."""
    row = yes("Ready", environment("taken"), "Absent", guard=polite)
    assert alone(graph(row, data=Lent)).rows[-1] == no(("Absent", "Making"), Fill, "NotReady")


def test_a_policy_that_a_field_reads_needs_no_row():
    """What is open may be what is shown."""
    look = attrs.evolve(Look, fields=(Field("Status", lambda view: (view.here,), reads=(refill,)),))
    shown = graph(yes([state.name for state in STATES], look), policies=(refill,))
    assert shown.chosen() == {"refill": "open"}
