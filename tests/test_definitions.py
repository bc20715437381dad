"""A model that contradicts itself or leaves something unsaid cannot be built, and the message says what to mend."""

import pickle

import attrs
import pytest

from statemodel.errors import DefinitionError, HistoryError, MissingExtraError, StateModelError, UsageError
from statemodel.model.evidence import Choice, Policy, Source, documented, inferred
from statemodel.model.graph import (
    Event,
    Guard,
    Initiator,
    Kind,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
from statemodel.model.operation import Action, Operation, Parameter
from statemodel.model.service import Service

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
WRONG_GRAPHS = {
    "a row leads to a state that is not there": (
        lambda: graph(yes("Ready", environment("lost"), "Gone")),
        ("shop.cup: row 'Ready --lost--> Gone': unknown state 'Gone'. "
        "To mend it: use one of Absent, Making, Ready, or define the state."),
    ),
    "a row starts in a state that is not there": (
        lambda: graph(no("Cold", Fill)),
        ("shop.cup: row 'Cold: Fill refused with No': unknown state 'Cold'. "
        "To mend it: use one of Absent, Making, Ready, or define the state."),
    ),
    "everything begins in a state that is not there": (
        lambda: graph(initial="Nowhere"),
        "shop.cup: initial 'Nowhere': is no state. To mend it: choose one of ['Absent', 'Making', 'Ready'].",
    ),
    "a state twice": (
        lambda: graph(states=(*STATES, State("Ready", Kind.FAILED, "Another."))),
        "shop.cup: state 'Ready': is defined twice. To mend it: keep one definition.",
    ),
    "a state that nothing leads to": (
        lambda: graph(no("Lost", Make), no("Lost", Fill), states=(*STATES, State("Lost", Kind.FAILED, "Lost."))),
        ("shop.cup: state 'Lost': is unreachable from the initial state. "
        "To mend it: add the transition that leads there, or take the state out."),
    ),
    "a state at work that the service never leaves": (
        lambda: graph(yes("Making", environment("made by others"), "Ready"), without=("Making --made--> Ready",)),
        ("shop.cup: state 'Making': is working and has no way out. "
        "To mend it: add the hidden moves the service owes here, or give it another kind."),
    ),
    "a state at work that the service leaves for itself": (
        lambda: graph(yes("Making", made, "Making"), yes("Making", environment("made by others"), "Ready"),
                      without=("Making --made--> Ready",)),
        ("shop.cup: state 'Making': is working and has no way out. "
        "To mend it: add the hidden moves the service owes here, or give it another kind."),
    ),
    "a cell of which nothing is said": (
        lambda: graph(**WITHOUT),
        ("shop.cup: Fill in Ready: nothing is said. "
        "To mend it: add a row: accepted, refused with codes, or both under a policy."),
    ),
    "a read of which something is left unsaid": (
        lambda: graph(yes(("Making", "Ready"), Look)),
        ("shop.cup: Look in Absent: nothing is said. "
        "To mend it: add a row: accepted, refused with codes, or both under a policy."),
    ),
    "a case of a guard of which nothing is said": (
        lambda: graph(yes("Ready", Fill, guard=hot), **WITHOUT),
        ("shop.cup: Fill in Ready (it is hot: no): nothing is said. "
        "To mend it: add a row for the case, or put the guards into one group if they leave no case out."),
    ),
    "a case of two guards of which nothing is said": (
        lambda: graph(yes("Ready", Fill, guard=hot & red), no("Ready", Fill, guard=~hot), **WITHOUT),
        ("shop.cup: Fill in Ready (it is hot: yes, it is red: no): nothing is said. "
        "To mend it: add a row for the case, or put the guards into one group if they leave no case out."),
    ),
    "a guard of a group left out": (
        lambda: graph(yes("Ready", Fill, guard=small), **WITHOUT),
        ("shop.cup: Fill in Ready (it is small: no): nothing is said. "
        "To mend it: add a row for the case, or put the guards into one group if they leave no case out."),
    ),
    "a case that only an option that is not chosen speaks of": (
        lambda: graph(yes("Ready", Fill, under=refill["accepted"]), policies=(refill,),
                      settings=(refill["refused"],), **WITHOUT),
        ("shop.cup: Fill in Ready: nothing is said. "
        "To mend it: add a row: accepted, refused with codes, or both under a policy."),
    ),
    "guards that can both hold": (
        lambda: graph(yes("Ready", Fill, guard=hot), no("Ready", Fill, guard=red), no("Ready", Fill, "Plain",
                      guard=~hot & ~red), **WITHOUT),
        ("shop.cup: Fill in Ready (it is hot: yes, it is red: yes): 'Ready --Fill--> the same if it is hot' and "
        "'Ready: Fill refused with No if it is red' overlap. To mend it: make the guards exclude each other, "
        "or name the open point as a policy with an option for each."),
    ),
    "two rows for one cell": (
        lambda: graph(no("Ready", Fill)),
        ("shop.cup: Fill in Ready (always): 'Ready --Fill--> the same' and 'Ready: Fill refused with No' overlap. "
        "To mend it: make the guards exclude each other, or name the open point as a policy with an option for each."),
    ),
    "a sure row beside an open one": (
        lambda: graph(no("Ready", Fill, under=refill["refused"]), policies=(refill,)),
        ("shop.cup: Fill in Ready (always): 'Ready --Fill--> the same' and "
        "'Ready: Fill refused with No under refill = refused' overlap. To mend it: make the guards exclude each "
        "other, or name the open point as a policy with an option for each."),
    ),
    "moves of the environment that overlap": (
        lambda: graph(yes("Ready", environment("broken"), "Absent"), yes("Ready", environment("broken"), "Making")),
        ("shop.cup: broken in Ready (always): 'Ready --broken--> Absent' and 'Ready --broken--> Making' overlap. "
        "To mend it: make the guards exclude each other, or name the open point as a policy with an option for each."),
    ),
    "an option that the policy does not have": (
        lambda: graph(yes("Ready", Fill, under=Choice("refill", "perhaps")), policies=(refill,), **WITHOUT),
        ("shop.cup: row 'Ready --Fill--> the same under refill = perhaps': unknown option 'perhaps'. "
         "To mend it: use one of accepted, refused."),
    ),
    "a refusal without a code": (
        lambda: graph(no("Ready", Fill, ()), **WITHOUT),
        ("shop.cup: row 'Ready: Fill refused with an undocumented code': is refused with no code at all. "
         "To mend it: name its codes, or None where none is documented."),
    ),
    "a policy that the graph does not have": (
        lambda: graph(no("Ready", Fill, under=refill["refused"]), yes("Ready", Fill, under=refill["accepted"]),
                      **WITHOUT),
        ("shop.cup: row 'Ready --Fill--> the same under refill = accepted': unknown policy 'refill'. "
        "To mend it: add the policy to the graph's policies."),
    ),
    "a policy twice": (
        lambda: graph(policies=(refill, attrs.evolve(refill, question="Why?"))),
        "shop.cup: policies: one name stands for two policies. To mend it: rename one.",
    ),
    "a policy whose default is no option": (
        lambda: graph(policies=(attrs.evolve(refill, default="perhaps"),)),
        ("shop.cup: policy 'refill': no option 'perhaps'. "
        "To mend it: choose one of ('open', 'accepted', 'refused')."),
    ),
    "a row that nobody vouches for": (
        lambda: graph(yes("Ready", environment("broken"), "Absent", evidence=())),
        ("shop.cup: row 'Ready --broken--> Absent': has no evidence. "
        "To mend it: name who says so: documented(...), observed(...), client_code(...) or inferred(...)."),
    ),
    "one name for two events": (
        lambda: graph(yes("Ready", Event("made", Initiator.ENVIRONMENT), "Absent")),
        ("shop.cup: event 'made': is defined twice, differently. "
        "To mend it: use one definition for it, or give the other a name of its own."),
    ),
    "one name for two operations": (
        lambda: graph(no("Ready", attrs.evolve(Fill, doc="Another."), guard=hot)),
        ("shop.cup: event 'Fill': is defined twice, differently. "
        "To mend it: use one definition for it, or give the other a name of its own."),
    ),
}
OTHER_FILL = attrs.evolve(Fill, parameters=(Parameter("hot"),))


def lid(**fields):
    """A graph beside the cup that shares Fill."""
    fill = fields.pop("fill", Fill)
    given = {"name": "shop.lid", "doc": "A lid.", "states": (State("On", Kind.RESTING, "On."),), "initial": "On",
             "transitions": (yes("On", fill),)}
    return TransitionGraph(**{**given, **fields})


WRONG_SERVICES = {
    "parts of one name": (
        lambda: Service("shop", "A shop.", (graph(), graph(name="stall.cup"))),
        "shop: parts: one name stands for two of ['cup', 'cup']. To mend it: rename one.",
    ),
    "parts that disagree on an operation": (
        lambda: Service("shop", "A shop.", (graph(), lid(fill=OTHER_FILL))),
        "shop: operation 'Fill': differs between parts. To mend it: let all parts share one Operation object.",
    ),
    "parts that disagree on a policy": (
        lambda: Service("shop", "A shop.", (graph(policies=(refill,)),
                                            lid(policies=(attrs.evolve(refill, question="Why?"),)))),
        "shop: policy 'refill': differs between parts. To mend it: let all parts share one Policy object.",
    ),
    "a part that follows what never happens": (
        lambda: Service("shop", "A shop.", (graph(), lid(follows=(service("closed"),)))),
        "shop.lid: follows 'closed': no row mentions it. To mend it: take it out.",
    ),
}
WRONG = WRONG_GRAPHS | WRONG_SERVICES


@pytest.mark.parametrize("name", list(WRONG))
def test_what_cannot_be_built(name):
    """The whole message: where, what is wrong, and how to mend it."""
    build, message = WRONG[name]
    with pytest.raises(DefinitionError) as caught:
        build()
    assert str(caught.value) == message


def test_what_can_be_built():
    """The graphs that the wrong ones are made of, and what the messages propose."""
    assert graph().part == "cup"
    assert graph(yes("Ready", Fill, guard=hot), no("Ready", Fill, guard=~hot), **WITHOUT).rows
    assert graph(yes("Ready", Fill, guard=small), no("Ready", Fill, guard=big), **WITHOUT).rows
    both = graph(yes("Ready", Fill, under=refill["accepted"]), no("Ready", Fill, under=refill["refused"]),
                 policies=(refill,), **WITHOUT)
    assert [row for row in both.rows if both.is_open(row)] == [row for row in both.rows if row.under]
    assert [str(row) for row in both.with_policies(refill="refused").rows if row.under] == [
        "Ready: Fill refused with No under refill = refused"
    ]
    assert Service("shop", "A shop.", (graph(policies=(refill,)), lid(policies=(refill,), follows=(made,)))).operations


def test_hidden_outcomes_of_the_service_may_overlap():
    """What the service comes to is its own choice; only callers and the environment must find one row."""
    several = graph(yes("Making", made, "Absent"))
    assert [str(row) for row in several.rows if row.event is made] == ["Making --made--> Ready",
                                                                       "Making --made--> Absent"]


def test_a_setting_of_no_policy_is_a_misuse():
    """Options are asked for by users, so that the message lists what there is."""
    with pytest.raises(UsageError) as caught:
        graph(policies=(refill,)).with_policies(refill="perhaps")
    assert str(caught.value) == "unknown option of policy refill 'perhaps'; known: open, accepted, refused"
    with pytest.raises(UsageError) as caught:
        graph(policies=(refill,)).with_policies(resell="accepted")
    assert str(caught.value) == "unknown policy 'resell'; known: refill"


ERRORS = (
    DefinitionError("shop.cup", "row 'a'", "is wrong", "mend it"),
    HistoryError("file.jsonl", 3, "{", "an object"),
    HistoryError("file.jsonl", None, "", "at least one record"),
    UsageError("model", "shop", ("scf", "fc")),
    UsageError("model", "shop"),
    MissingExtraError("drawing", "draw"),
)


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
def test_errors_survive_pickling(error, protocol):
    """With their class, their attributes and their words; all of them have one root."""
    again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - written here
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)
    assert isinstance(again, StateModelError)


def test_a_definition_error_tells_its_pieces_apart():
    with pytest.raises(DefinitionError) as caught:
        graph(**WITHOUT)
    assert vars(caught.value) == {
        "model": "shop.cup", "row": "Fill in Ready", "problem": "nothing is said",
        "mend": "add a row: accepted, refused with codes, or both under a policy",
    }


STRONG, WEAK = documented(Source("page", "a page")), inferred(Source("guess", "a guess"))


def test_the_strongest_evidence_comes_first():
    """A row and a policy whose first source is not their best are refused; the other order is right."""
    row = "Ready --Look--> the same"
    rest = no(("Absent", "Making"), Look)
    assert graph(yes("Ready", Look, evidence=STRONG + WEAK), rest).name == "shop.cup"
    with pytest.raises(DefinitionError, match="its evidence is not in order: inferred, documented") as found:
        graph(yes("Ready", Look, evidence=WEAK + STRONG), rest)
    assert row in str(found.value)
    guessed = attrs.evolve(refill, evidence=WEAK + STRONG)
    with pytest.raises(DefinitionError, match="policy 'refill'"):
        graph(policies=(guessed,))
