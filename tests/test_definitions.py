"""A model that contradicts itself or leaves something unsaid cannot be built, and the message says what to mend."""

import pickle

import attrs
import pytest
from shop import (
    STATES,
    WITHOUT,
    Fill,
    Look,
    Make,
    big,
    graph,
    hot,
    made,
    no,
    open_cup,
    open_lid,
    red,
    refill,
    small,
    yes,
)

from statemodel.errors import DefinitionError, HistoryError, MissingExtraError, StateModelError, UsageError
from statemodel.model.evidence import Choice, Policy, Source, documented, inferred
from statemodel.model.graph import (
    Event,
    Initiator,
    Kind,
    Named,
    Numbered,
    State,
    Transition,
    environment,
    service,
)
from statemodel.model.service import Service

lose = Policy("lose", "Who loses it?", ("guest", "waiter"))


@attrs.frozen
class Weight:
    """Data that say nothing of what nobody has touched."""

    grams: int


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
        lambda: graph(yes("Ready", Fill, under=refill["accepted"]), policies=(refill,), **WITHOUT),
        ("shop.cup: Fill in Ready (refill = refused): nothing is said. "
        "To mend it: add a row for the case, or put the guards into one group if they leave no case out."),
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
        ("shop.cup: Fill in Ready (refill = refused): 'Ready --Fill--> the same' and "
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
    "a row that starts nowhere": (
        lambda: graph(yes((), environment("broken"), "Absent")),
        ("shop.cup: row ' --broken--> Absent': starts in no state. "
         "To mend it: name one of Absent, Making, Ready."),
    ),
    "a row that starts twice in one state": (
        lambda: graph(yes(("Ready", "Ready"), environment("broken"), "Absent")),
        ("shop.cup: row 'Ready | Ready --broken--> Absent': names a state twice. "
         "To mend it: name each state it starts in once."),
    ),
    "a row that nobody in particular vouches for": (
        lambda: graph(yes("Ready", environment("broken"), "Absent", evidence=documented())),
        ("shop.cup: row 'Ready --broken--> Absent': has evidence, documented, without a source. "
         "To mend it: name the page, package or recorded case: documented(Source(...))."),
    ),
    "a policy that nobody in particular vouches for": (
        lambda: open_cup(policies=(attrs.evolve(refill, evidence=documented()),)),
        ("shop.cup: policy 'refill': has evidence, documented, without a source. "
         "To mend it: name the page, package or recorded case: documented(Source(...))."),
    ),
    "an absent state of another name": (
        lambda: graph(states=(*STATES, State("None", Kind.ABSENT, "None."))),
        ("shop.cup: state 'None': is of the kind absent. "
         "To mend it: give the name 'Absent' to the state of the kind absent and to no other."),
    ),
    "a state named Absent that is there": (
        lambda: graph(states=(State("Absent", Kind.RESTING, "There."), *STATES[1:])),
        ("shop.cup: state 'Absent': is of the kind resting. "
         "To mend it: give the name 'Absent' to the state of the kind absent and to no other."),
    ),
    "members that are there from the beginning": (
        lambda: graph(initial="Ready", many=Named()),
        "shop.cup: initial 'Ready': has many members before any exists. To mend it: let it begin in 'Absent'.",
    ),
    "data without a beginning": (
        lambda: graph(data=Weight),
        ("shop.cup: field 'grams' of its data: has no default. "
         "To mend it: give it one: what a member carries that nobody has touched."),
    ),
    "data that are no attrs class": (
        lambda: graph(data=dict),
        "shop.cup: data dict: is no attrs class. To mend it: decorate it with attrs.frozen.",
    ),
    "one name for two guards": (
        lambda: graph(yes("Ready", Fill, guard=hot), no("Ready", Fill, guard=~attrs.evolve(hot, test=red.test)),
                      **WITHOUT),
        ("shop.cup: guard 'it is hot': is defined twice, differently. "
         "To mend it: use one Guard object for it, or give the other a name of its own."),
    ),
    "a guard that its own group leaves out": (
        lambda: graph(yes("Ready", Fill, guard=attrs.evolve(hot, group=("it is cold",))), **WITHOUT),
        ("shop.cup: guard 'it is hot': is not in its own group. "
         "To mend it: name all guards of the group in each: it is cold, it is hot."),
    ),
    "guards that disagree on their group": (
        lambda: graph(yes("Ready", Fill, guard=small),
                      no("Ready", Fill, guard=attrs.evolve(big, group=(*big.group, "it is huge"))), **WITHOUT),
        ("shop.cup: guard 'it is small': and 'it is big' are in one group of ['it is small', 'it is big'] and "
         "['it is small', 'it is big', 'it is huge']. To mend it: give all guards of a group the same names."),
    ),
    "guards of a group that leave a case out": (
        lambda: graph(*(answer("Ready", Fill, guard=attrs.evolve(one, group=(*one.group, "it is huge")))
                        for answer, one in ((yes, small), (no, big))), **WITHOUT),
        ("shop.cup: Fill in Ready (it is small: no, it is big: no): nothing is said. "
         "To mend it: add a row for the case, or put the guards into one group if they leave no case out."),
    ),
    "a guard that contradicts itself": (
        lambda: graph(yes("Ready", environment("broken"), "Absent", guard=small & big)),
        ("shop.cup: row 'Ready --broken--> Absent if it is small and it is big': has a guard that never holds. "
         "To mend it: take the row out, or mend its guard."),
    ),
    "a state that only two options of one policy lead to": (
        lambda: graph(yes("Ready", environment("taken"), "Lent", under=lose["guest"]),
                      yes("Lent", environment("taken"), "Lost", under=lose["waiter"]),
                      no(("Lent", "Lost"), Make), no(("Lent", "Lost"), Fill), policies=(lose,),
                      states=(*STATES, State("Lent", Kind.RESTING, "Lent."), State("Lost", Kind.FAILED, "Lost."))),
        ("shop.cup: state 'Lost': is unreachable from the initial state. "
         "To mend it: add the transition that leads there, or take the state out."),
    ),
    "a state at work that one option never leaves": (
        lambda: graph(yes("Making", made, "Ready", under=lose["guest"]), policies=(lose,),
                      without=("Making --made--> Ready",)),
        ("shop.cup: state 'Making' (lose = waiter): is working and has no way out. "
         "To mend it: add the hidden moves the service owes here, or give it another kind."),
    ),
    "states at work that only lead to each other": (
        lambda: graph(yes("Making", service("mixed"), "Mixing"), yes("Mixing", service("made on"), "Making"),
                      yes("Making", environment("made by others"), "Ready"), no("Mixing", Make), no("Mixing", Fill),
                      states=(*STATES, State("Mixing", Kind.WORKING, "Mixed.")), without=("Making --made--> Ready",)),
        ("shop.cup: state 'Making': is working and leads to working states only. "
         "To mend it: add the hidden moves the service owes here, or give it another kind."),
    ),
    "rows of one option that overlap": (
        lambda: open_cup(refusals=(no("Ready", Fill, under=refill["refused"]), no("Ready", Fill, "Full",
                         under=refill["refused"]), no(("Making", "Ready"), Make), no(("Absent", "Making"), Fill))),
        ("shop.cup: Fill in Ready (refill = refused): 'Ready: Fill refused with No under refill = refused' and "
         "'Ready: Fill refused with Full under refill = refused' overlap. To mend it: make the guards exclude each "
         "other, or name the open point as a policy with an option for each."),
    ),
    "a policy that no row is under": (
        lambda: graph(policies=(refill,)),
        ("shop.cup: policy 'refill': no row is under any of its options. "
         "To mend it: put rows under its options (under=policy['accepted']), or take it out."),
    ),
    "options that mean the same": (
        lambda: open_cup(policies=(attrs.evolve(refill, options=("accepted", "refused", "ignored", "queued")),)),
        ("shop.cup: policy 'refill': no row is under 'ignored' or 'queued', so that they mean the same. "
         "To mend it: put a row under all of them but one, or take them out."),
    ),
    "a policy without a choice": (
        lambda: graph(policies=(attrs.evolve(refill, options=("accepted", "accepted")),)),
        ("shop.cup: policy 'refill': leaves nothing to choose among ['accepted', 'accepted']. "
         "To mend it: give it two options or more, each once, none of them 'open'."),
    ),
    "a setting that names nothing": (
        lambda: open_cup(settings=(Choice("refill", "perhaps"),)),
        ("shop.cup: setting 'refill = perhaps': names no policy and option of the graph. "
         "To mend it: choose options with with_policies(...)."),
    ),
}


@pytest.mark.parametrize("name", list(WRONG_GRAPHS))
def test_what_cannot_be_built(name):
    """The whole message: where, what is wrong, and how to mend it."""
    build, message = WRONG_GRAPHS[name]
    with pytest.raises(DefinitionError) as caught:
        build()
    assert str(caught.value) == message


def test_what_can_be_built():
    """The graphs that the wrong ones are made of, and what the messages propose."""
    assert graph().part == "cup"
    assert graph(yes("Ready", Fill, guard=hot), no("Ready", Fill, guard=~hot), **WITHOUT).rows
    assert graph(yes("Ready", Fill, guard=small), no("Ready", Fill, guard=big), **WITHOUT).rows
    both = open_cup()
    assert [row for row in both.rows if both.is_open(row)] == [row for row in both.rows if row.under]
    assert [str(row) for row in both.with_policies(refill="refused").rows if row.under] == [
        "Ready: Fill refused with No under refill = refused"
    ]
    assert Service("shop", "A shop.", (open_cup(), open_lid(refill, follows=(made,)))).operations


def test_hidden_outcomes_of_the_service_may_overlap():
    """What the service comes to is its own choice; only callers and the environment must find one row."""
    several = graph(yes("Making", made, "Absent"))
    assert [str(row) for row in several.rows if row.event is made] == ["Making --made--> Ready",
                                                                       "Making --made--> Absent"]


def test_a_setting_of_no_policy_is_a_misuse():
    """Options are asked for by users, so that the message lists what there is."""
    with pytest.raises(UsageError) as caught:
        open_cup().with_policies(refill="perhaps")
    assert str(caught.value) == "unknown option of policy refill 'perhaps'; known: open, accepted, refused"
    with pytest.raises(UsageError) as caught:
        open_cup().with_policies(resell="accepted")
    assert str(caught.value) == "unknown policy 'resell'; known: refill"


ERRORS = (
    DefinitionError("shop.cup", "row 'a'", "is wrong", "mend it"),
    HistoryError("file.jsonl", 3, "{", "an object"),
    HistoryError("file.jsonl", 3, "{", "an object", "write one"),
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


def test_who_asks_for_an_event_is_an_operation():
    """An event that a call brings about names an operation of the graph."""
    woken = service("woken", asked_by=("Shout",))
    with pytest.raises(DefinitionError, match="event 'woken': is asked for by 'Shout', unknown"):
        graph(Transition("Ready", woken, "Making", evidence=STRONG))
    assert graph(Transition("Ready", attrs.evolve(woken, asked_by=(Make.name,)), "Making", evidence=STRONG)).events


def test_provisional_states_are_states():
    """A number may only come to nothing where a member can be."""
    with pytest.raises(DefinitionError, match="provisional states: unknown state 'Meant'"):
        graph(many=Numbered(provisional=("Meant",)))
