"""Both drivers move as the semantics says, say so when it leaves a choice, and touch nothing that is not theirs."""

import pickle

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemodel.catalogue.tencent_scf.billing import BILLING
from statemodel.catalogue.tencent_scf.function import FUNCTION, NOT_UPDATED, FunctionData
from statemodel.catalogue.tencent_scf.operations import UpdateFunctionCode
from statemodel.catalogue.tencent_scf.version import VERSION
from statemodel.configuration import GONE, Family, Member
from statemodel.drivers import AmbiguousError, Arguments, NotPossibleError
from statemodel.drivers.pytransitions import Change, LiveMachine
from statemodel.drivers.table import MOST_DUE, Machine, compile_table
from statemodel.errors import StateModelError, UsageError
from statemodel.model.evidence import Source, inferred
from statemodel.model.graph import Effect, Kind, Refusal, State, Transition, TransitionGraph, service
from statemodel.model.guard import Guard
from statemodel.model.guard import _Both as Both
from statemodel.model.guard import _Negation as Negation
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.semantics import Accepted, answers, call, hidden, initial, prepare

ALONE = {"a version is being published": False, "a named alias exists": False}
BUSY = {"a version is being published": True, "a named alias exists": False}
ARGS = (
    {},
    {"FunctionName": "f", "content": 1, "as": "target", "Qualifier": None, "Override": True, "Publish": "FALSE"},
    {"FunctionName": "f", "content": 2, "as": "source", "Qualifier": "$LATEST", "Override": False},
    {"FunctionName": "f", "Qualifier": "1", "as": "target"},
    {"FunctionName": None, "Publish": "maybe", "Override": 3, "as": "beside"},
)


def settle_all(graph, option):
    return graph.with_policies(**{policy.name: policy.options[option] for policy in graph.policies})


CASES = {
    "function": (FUNCTION, {}),
    "function alone": (FUNCTION, ALONE),
    "function busy": (FUNCTION, BUSY),
    "function, first options": (settle_all(FUNCTION, 0), {}),
    "function alone, first options": (settle_all(FUNCTION, 0), ALONE),
    "function alone, last options": (settle_all(FUNCTION, -1), ALONE),
    "function busy, last options": (settle_all(FUNCTION, -1), BUSY),
    "billing": (BILLING, {}),
    "billing, first options": (settle_all(BILLING, 0), {}),
    "billing, last options": (settle_all(BILLING, -1), {}),
}
TABLES = {name: compile_table(graph, settle) for name, (graph, settle) in CASES.items()}
SETTLED = {value: lambda _view, value=value: value for value in (True, False, None)}


def settled(guard, settle):
    """The guard with some atoms replaced by what they are settled to, as the semantics can run it."""
    if guard is None:
        return None
    match guard.test:
        case Both(left, right):
            return settled(left, settle) & settled(right, settle)
        case Negation(inner):
            return ~settled(inner, settle)
    if guard.name not in settle:
        return guard
    return Guard(guard.name, SETTLED[settle[guard.name]], guard.group)


def reference(graph, settle):
    def change(rows):
        return tuple(attrs.evolve(row, guard=settled(row.guard, settle)) for row in rows)

    return attrs.evolve(graph, transitions=change(graph.transitions), refusals=change(graph.refusals))


SYSTEMS = {name: prepare(reference(graph, settle)) for name, (graph, settle) in CASES.items()}


def expected(system, configuration, event, args):
    """Every configuration the semantics allows after an event, and whether a call may be refused."""
    if event not in system.operations:
        moves = [move.after for move in hidden(system, configuration) if move.event.name == event]
        return list(dict.fromkeys(moves)), False
    steps = answers(system, configuration, call(system.operations[event], args))
    accepted = [step.after for step in steps if isinstance(step.answer, Accepted)]
    return list(dict.fromkeys(accepted)), len(accepted) < len(steps)


def attempt(driver, event, args, to=None):
    """What an event led to: a member, or the class of the error; an error must move nothing."""
    before = driver.member
    try:
        state = driver.fire(event, args, to=to)
    except (NotPossibleError, AmbiguousError) as error:
        assert driver.member == before
        return type(error)
    assert state == driver.state
    return driver.member


def agree(system, drivers, event, args):
    """Drive one event and compare; where there is a choice, take the first that the name of a state decides."""
    member = drivers[0].member
    afters, is_refused = expected(system, (member,), event, args)
    if not afters:
        wanted = NotPossibleError
    elif is_refused or len(afters) > 1:
        wanted = AmbiguousError
    else:
        wanted = afters[0][0]
    for driver in drivers:
        given = args if event in system.operations else None
        if given is not None and isinstance(driver, Machine):
            given = driver.table.arguments(event, args) if args else None
        assert driver.may(event, given) == bool(afters)
        assert attempt(driver, event, given) == wanted
        if wanted is AmbiguousError:
            states = [after[0].state for after in afters]
            for after in [after[0] for after in afters if states.count(after[0].state) == 1][:1]:
                assert attempt(driver, event, given, after.state) == after


def pair(name, state=None, data=None):
    graph, settle = CASES[name]
    return (Machine(TABLES[name], state, data), LiveMachine(graph, settle=settle, state=state, data=data))


@pytest.mark.parametrize("name", CASES)
def test_every_event_in_every_state(name):
    """From each state each event, with arguments of all kinds, goes as the semantics says."""
    graph, _ = CASES[name]
    data = None if graph.data is None else FunctionData(7, 8)
    for state in graph.states:
        for event in TABLES[name].plan.events:
            for args in ARGS if event in SYSTEMS[name].operations else ({},):
                agree(SYSTEMS[name], [Machine(TABLES[name], state.name, data)], event, args)


@pytest.mark.parametrize("name", CASES)
def test_random_lists_of_events(name):
    """After any list of events both drivers stand where the semantics does, with the same data."""
    graph, _ = CASES[name]
    system = SYSTEMS[name]
    events = TABLES[name].plan.events
    moving = {
        state.name: [row.event.name for row in graph.rows if isinstance(row, Transition) and state.name in row.source]
        for state in graph.states
    }
    draws = st.tuples(st.booleans(), st.integers(0, 10_000), st.sampled_from(ARGS))

    @settings(max_examples=12, derandomize=True, deadline=None, database=None)
    @given(st.lists(draws, min_size=1, max_size=25))
    def walk(chosen):
        drivers = pair(name)
        assert [driver.member for driver in drivers] == [initial(system)[0]] * 2
        for is_moving, number, args in chosen:
            known = moving[drivers[0].state] if is_moving else events
            agree(system, drivers, known[number % len(known)], args)

    walk()


def test_lazy_data():
    """Data asked for only at the end are those that were worked out step by step, however many steps that takes."""
    table = TABLES["function alone"]
    lazy, eager = Machine(table, "Active"), Machine(table, "Active")
    for driver in (lazy, eager):
        driver.fire("UpdateFunctionCode", table.arguments("UpdateFunctionCode", {"content": 5}))
        driver.fire("update succeeded")
        for _ in range(MOST_DUE + 1):
            driver.fire("UpdateFunctionConfiguration")
            driver.fire("update failed")
            driver.fire("UpdateFunctionConfiguration")
            driver.fire("update succeeded")
            assert driver is lazy or driver.data == FunctionData(5)
    assert lazy.data == FunctionData(5)
    short = Machine(table)
    assert [short.fire(event) for event in ("CreateFunction", "create left no trace")] == ["Creating", "Absent"]
    assert short.member == GONE


def test_data_of_a_member():
    """Without an effect a new member carries what its class says; a row that stays may bring it others."""
    rows = (
        Transition("Absent", Open, "Open", evidence=BECAUSE),
        Transition("Open", Open, effect=brought, evidence=BECAUSE),
    )
    states = (State("Absent", Kind.ABSENT, ""), State("Open", Kind.RESTING, ""))
    for driver in both(TransitionGraph("test.gate", "A gate.", states, rows, data=FunctionData)):
        assert (driver.member, driver.fire("Open")) == (GONE, "Open")
        assert driver.data == FunctionData()
        assert (driver.fire("Open", {"content": 4}), driver.data) == ("Open", FunctionData(4))


def test_one_of_many():
    """A driver of a graph with many follows one member as the family does."""
    graph = VERSION.with_policies(version_passes_deleting="yes", version_after_failed_update="publish failed")
    system, table = prepare(graph), compile_table(graph, {"an alias is bound to it": False})
    events = ("PublishVersion", "publish succeeded", "publish failed", "version deleted", "delete failed")
    for state in (state.name for state in graph.states if state.name != "Absent"):
        for event in events:
            machine = Machine(table, state)
            configuration = (Family(((1, machine.member),), 1, 1),)
            afters, is_refused = expected(system, configuration, event, {})
            members = {after[0].get(1) or GONE for after in afters}
            wanted = AmbiguousError if is_refused else NotPossibleError if not members else members.pop()
            assert attempt(machine, event, None) == wanted
    assert Machine(table, "Active").fire("DeleteFunctionVersion", {"Qualifier": "1"}) == "Deleting"


# ------------------------------------------------------------------------------------------------- one small graph

BECAUSE = inferred(Source("test", "made up"))
Open = Operation("Open", Action.CALL, (Parameter("content", Subject.CONTENT), Parameter("to", values=("in", "out"))))
Look = Operation("Look", Action.READ)
came_open = service("came open")


def _is_locked(view):
    return view.own.content == 9 and view.data("door") == view.own and view.state("door") == view.here


def _brought(view):
    return FunctionData(view.content())


locked = Guard("locked", _is_locked)
brought = Effect("brings content", _brought)
DOOR = TransitionGraph(
    "test.door",
    "A door.",
    (State("Shut", Kind.RESTING, ""), State("Opening", Kind.WORKING, ""), State("trigger", Kind.RESTING, "")),
    (
        Transition("Shut", Open, "Opening", guard=~locked, effect=brought, evidence=BECAUSE),
        Transition("Opening", came_open, "trigger", evidence=BECAUSE),
        Transition("Opening", service("state"), "Shut", evidence=BECAUSE),
        Transition("trigger", Open, evidence=BECAUSE),
        Transition(("Shut", "Opening", "trigger"), Look, evidence=BECAUSE),
    ),
    (
        Refusal("Shut", Open, ("Locked",), guard=locked, evidence=BECAUSE),
        Refusal("Opening", Open, None, evidence=BECAUSE),
    ),
    initial="Shut",
    data=FunctionData,
)


def both(graph=DOOR, **more):
    start = {name: more.pop(name) for name in ("state", "data") if name in more}
    return Machine(compile_table(graph, **more), **start), LiveMachine(graph, **more, **start)


def refusal(driver, error, *args, **more):
    """The text of the error an event raises; nothing may have moved."""
    before = driver.member
    with pytest.raises(error) as caught:
        driver.fire(*args, **more)
    assert driver.member == before
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301
    return str(caught.value)


@pytest.mark.parametrize("place", [0, 1])
def test_messages(place):
    """Errors say what was fired where, what was possible, and what would decide it."""
    door = both()[place]
    assert refusal(door, NotPossibleError, "came open") == (
        "test.door in 'Shut': 'came open' cannot happen; possible here: 'Open'"
    )
    assert refusal(both(data=FunctionData(9))[place], NotPossibleError, "Open") == (
        "test.door in 'Shut': 'Open' is refused with Locked; possible here: 'Open'"
    )
    assert refusal(both(state="Opening")[place], NotPossibleError, "Open") == (
        "test.door in 'Opening': 'Open' is refused with an undocumented code; possible here: 'came open', 'state'"
    )
    assert refusal(door, NotPossibleError, "Open", {"to": "beside"}) == (
        "test.door in 'Shut': 'Open' is refused with an undocumented code; possible here: 'Open'"
    )
    assert refusal(door, UsageError, "Close") == (
        "unknown event of test.door: 'Close'; known: Open, Look, came open, state"
    )
    assert refusal(door, UsageError, "Open", to="Shut") == (
        "unknown target of 'Open' in 'Shut': 'Shut'; known: Opening"
    )
    assert refusal(door, UsageError, "came open", {"wind": 1}) == (
        "unknown argument of the hidden event 'came open': 'wind'"
    )
    with pytest.raises(UsageError) as caught:
        both(settle={"lokced": True})
    assert str(caught.value) == "unknown guard of test.door: 'lokced'; known: locked"
    assert refusal(door, UsageError, "Open", Arguments("Look", {})) == (
        "unknown arguments for 'Open': those of 'Look'; known: Open"
    )


@pytest.mark.parametrize("place", [0, 1])
def test_ambiguity_says_how_to_decide_it(place):
    """The ways an event may go are listed, with the states, policies and guards that tell them apart."""
    driver = both(FUNCTION, state="Active")[place]
    codes = " | ".join(NOT_UPDATED[UpdateFunctionCode])
    assert refusal(driver, AmbiguousError, "UpdateFunctionCode") == (
        "scf.function in 'Active': 'UpdateFunctionCode' may go several ways:\n"
        "  Active --UpdateFunctionCode--> Updating unless a version is being published\n"
        "  Active --UpdateFunctionCode--> Updating if a version is being published"
        " under update_while_publishing = accepted\n"
        f"  Active: UpdateFunctionCode refused with {codes} if a version is being published"
        " under update_while_publishing = refused\n"
        "To decide it: say to='Updating'; choose update_while_publishing; settle 'a version is being published'."
    )
    assert driver.fire("UpdateFunctionCode", {"content": 3}, to="Updating") == "Updating"
    assert driver.data == FunctionData(None, 3)


def test_table_and_machine_are_pickled():
    """A table whose graph can be pickled comes back whole, and a machine where it stood."""
    machine = both()[0]
    machine.fire("Open", {"content": 4})
    again = pickle.loads(pickle.dumps(machine))  # noqa: S301
    assert again.member == machine.member == Member("Opening", FunctionData(4))
    assert again.fire("came open") == "trigger"
    assert repr(again) == "<test.door in 'trigger'>"


# ------------------------------------------------------------------------------------------------- the live machine


def test_callbacks_come_in_order():
    """Leaving is told before anything moves, entering after it; a row that stays is neither."""
    log = []

    def at(word):
        return lambda change: log.append((word, change.event, change.source, change.target, door.member))

    door = LiveMachine(DOOR, on_enter={"Opening": at("first")}, on_leave={None: at("left any")})
    door.on_enter(None, at("second"))
    door.on_leave("Shut", at("left Shut"))
    door.on_enter("trigger", at("never"))
    door.fire("Open", {"content": 4})
    before, after = Member("Shut", FunctionData()), Member("Opening", FunctionData(4))
    assert log == [
        ("left any", "Open", "Shut", "Opening", before),
        ("left Shut", "Open", "Shut", "Opening", before),
        ("first", "Open", "Shut", "Opening", after),
        ("second", "Open", "Shut", "Opening", after),
    ]
    assert (door.fire("Look"), len(log)) == ("Opening", 4)


def test_change_tells_the_arguments():
    """A callback reads the arguments of the call and cannot change them."""
    told = []
    LiveMachine(DOOR, on_enter={None: told.append}).fire("Open", {"content": 4})
    assert told == [Change("Open", "Shut", "Opening", {"content": 4, "to": None})]
    with pytest.raises(TypeError):
        told[0].args["content"] = 5


def test_callbacks_may_fire_on_entering_only():
    """A callback may fire the next event once the state is entered; while one is left that is an error."""
    door = LiveMachine(DOOR)
    door.on_enter("Opening", lambda change: door.fire("came open"))  # noqa: ARG005
    assert (door.fire("Open"), door.state) == ("Opening", "trigger")
    door = LiveMachine(DOOR)
    door.on_leave("Shut", lambda change: door.fire("Look"))  # noqa: ARG005
    assert refusal(door, StateModelError, "Open") == (
        "test.door in 'Shut': 'Look' was fired while this state is being left; fire it when the next state is entered"
    )


def test_may_is_answered_with_guards():
    """What may happen depends on the data and the arguments; a settled guard asks neither."""
    for driver in both():
        assert [driver.may(event) for event in ("Open", "Look", "came open")] == [True, True, False]
        assert not driver.may("Open", {"to": "beside"})
    for driver in (*both(data=FunctionData(9)), *both(settle={"locked": True})):
        assert [driver.may(event) for event in ("Open", "Look", "came open")] == [False, True, False]


def test_nothing_is_attached():
    """Names inside come from events alone, and neither the machine nor the object that owns it gets any of them."""

    class Owner:
        def __init__(self):
            self.seen = []
            self.door = LiveMachine(DOOR, on_enter={None: self.entered})

        def entered(self, change):
            self.seen.append(change.target)

    owner = Owner()
    owner.door.fire("Open")
    assert (sorted(vars(owner)), owner.seen) == (["door", "seen"], ["Opening"])
    names = [name for name in dir(owner.door) if not name.startswith("_")]
    assert names == ["data", "fire", "may", "member", "on_enter", "on_leave", "state"]
    inside = owner.door._inside.events  # noqa: SLF001
    assert sorted(inside) == ["event:Look", "event:Open", "event:came open", "event:state"]
