"""What a model means: the only place that says so. Every engine and analysis agrees with these five functions.

    initial(system)                       the configuration of a resource that nobody has touched
    enabled(system, configuration)        names of the operations that may be accepted
    answers(system, configuration, call)  every answer a call may get, each with the configuration after it
    hidden(system, configuration)         every move the service or its environment may make
    visible(system, configuration, call)  the answers that a read may give

Parts that share an operation move together: it is accepted only if every part that is concerned accepts, any code
of any part that refuses may be answered, and a refused call moves nothing. An event that one part leads moves its
followers along. All effects see the configuration before the move.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import attrs

from statemodel.configuration import (
    GONE,
    Configuration,
    Family,
    Key,
    Member,
    fresh,
    replace,
)
from statemodel.model.graph import ABSENT, Event, Guard, Kind, Query, Refusal, Row, Transition, TransitionGraph
from statemodel.model.operation import ALL_GO, ANY, EVERY, NEW, UNRECORDED, Action, Operation, Subject, Target
from statemodel.model.service import Model, Service, as_service

MUST, MAY = "must", "may"
_MARKS = (NEW, EVERY, ALL_GO)


@attrs.frozen(eq=False)
class System:
    """A model made ready to run: rows by part, state and event.

    Attributes:
        service: the model.
        parts: names of the parts, in order.
        cells: (part, state, event) -> rows in force, each with whether it is open.
        operations: by name.
        leaders: by event, positions of the parts that start it; followers: of those that go along.
        ends: by event, positions of the families of which it leaves no member.
        outside: by operation, codes that parts left out may refuse it with; None in place of codes for any.
        events: every hidden event.
        kinds: by part, the kind of each state.
    """

    service: Service
    parts: tuple[str, ...]
    cells: Mapping[tuple[int, str, str], tuple[tuple[Row, bool], ...]]
    operations: Mapping[str, Operation]
    concerned: Mapping[str, tuple[int, ...]]
    leaders: Mapping[str, tuple[int, ...]]
    followers: Mapping[str, tuple[int, ...]]
    ends: Mapping[str, tuple[int, ...]]
    outside: Mapping[str, tuple[str, ...] | None]
    events: tuple[Event, ...]
    kinds: tuple[Mapping[str, Kind], ...]

    def graph(self, position: int) -> TransitionGraph:
        """The graph of a part."""
        return self.service.parts[position]


def prepare(model: Model) -> System:
    """A model made ready to run."""
    service = as_service(model)
    cells: dict[tuple[int, str, str], list[tuple[Row, bool]]] = {}
    concerned: dict[str, list[int]] = {operation.name: [] for operation in service.operations}
    leaders: dict[str, list[int]] = {event.name: [] for event in service.events}
    followers: dict[str, list[int]] = {event.name: [] for event in service.events}
    for position, graph in enumerate(service.parts):
        follows = {event.name for event in graph.follows}
        for operation in graph.operations:
            concerned[operation.name].append(position)
        for event in graph.events:
            (followers if event.name in follows else leaders)[event.name].append(position)
        for row in graph.rows:
            for state in row.source:
                cells.setdefault((position, state, row.event.name), []).append((row, graph.is_open(row)))
    return System(
        service,
        tuple(graph.part for graph in service.parts),
        {place: tuple(rows) for place, rows in cells.items()},
        {operation.name: operation for operation in service.operations},
        {name: tuple(positions) for name, positions in concerned.items()},
        {name: tuple(positions) for name, positions in leaders.items()},
        {name: tuple(positions) for name, positions in followers.items()},
        {
            event.name: tuple(place for place, graph in enumerate(service.parts) if _ends(graph, event.name))
            for event in service.events
        },
        _outside(service),
        service.events,
        tuple({state.name: state.kind for state in graph.states} for graph in service.parts),
    )


def _ends(graph: TransitionGraph, event: str) -> bool:
    """Whether the event takes every member that exists away."""
    if graph.many is None or event not in {one.name for one in graph.follows}:
        return False
    rows = [row for row in graph.rows if row.event.name == event and isinstance(row, Transition)]
    present = {state.name for state in graph.states if state.name != ABSENT}
    taken = {state for row in rows for state in row.source if row.target == ABSENT and row.guard is None}
    return taken == present and all(row.target == ABSENT for row in rows)


def _outside(service: Service) -> dict[str, tuple[str, ...] | None]:
    found: dict[str, tuple[str, ...] | None] = {}
    for graph in service.around:
        for row in graph.rows:
            if isinstance(row, Refusal):
                name = row.operation.name
                before = found.get(name, ())
                found[name] = None if row.codes is None or before is None else (*before, *row.codes)
    return {name: codes if codes is None else tuple(dict.fromkeys(codes)) for name, codes in found.items()}


# ------------------------------------------------------------------------------------------------- calls


@attrs.frozen(cache_hash=True)
class Call:
    """An operation with its arguments, defaults filled in, numbers of versions read.

    Attributes:
        name: the operation.
        args: name and value of each parameter of the operation, in its order.
        invalid: for each limit that a value breaks: the codes that refuse it, and whether refusal is sure.
    """

    name: str
    args: tuple[tuple[str, Any], ...] = ()
    invalid: tuple[tuple[tuple[str, ...] | None, bool], ...] = ()


def call(operation: Operation, args: Mapping[str, Any] | None = None) -> Call:
    """A call as a history or a client makes it.

    Args:
        operation: what is called.
        args: arguments as sent; a required one that is missing was not recorded, None was not sent.

    Returns:
        The call, with what is wrong with its arguments.
    """
    sent = args or {}
    bound: list[tuple[str, Any]] = []
    invalid: list[tuple[tuple[str, ...] | None, bool]] = []
    for parameter in operation.parameters:
        value = look_up(sent, parameter.name)
        if value is UNRECORDED:
            value = UNRECORDED if parameter.required else parameter.default
        elif value is None:
            if parameter.required:
                invalid.append((parameter.missing, True))
            value = parameter.default
        elif parameter.problem(value) is not None:
            invalid.append((parameter.codes, True))
        if parameter.subject in (Subject.VERSION, Subject.QUALIFIER):
            value = read_key(value)
        bound.append((parameter.name, _frozen(value)))
    values = dict(bound)
    for rule in operation.rules:
        if rule.keeps(values) is False:
            invalid.append((rule.codes, rule.sure))
    return Call(operation.name, tuple(bound), tuple(invalid))


def look_up(record: Mapping[str, Any], name: str) -> Any:
    """The value under a dotted name, or UNRECORDED."""
    found: Any = record
    for step in name.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return UNRECORDED
        found = found[step]
    return found


def read_key(value: Any) -> Any:
    """The number of a version where a text is one, else the value as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(one)) for key, one in value.items()))
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


# ------------------------------------------------------------------------------------------------- views


class UndecidedError(Exception):
    """A question about members that nobody has seen: the asker must split the configuration and ask again.

    Attributes:
        position: the part asked about.
        question: a key (is there such a member?), a Query (is there one like this?) or NEW (which number is next?).
    """

    def __init__(self, position: int, question: Any) -> None:
        super().__init__(position, question)
        self.position = position
        self.question = question


class View:
    """A configuration as guards and effects see it, from one member of one part."""

    __slots__ = ("args", "configuration", "key", "position", "system", "target")

    def __init__(
        self,
        system: System,
        configuration: Configuration,
        args: Mapping[str, Any],
        target: Target,
        position: int = -1,
        key: Key | None = None,
    ) -> None:
        self.system = system
        self.configuration = configuration
        self.args = args
        self.target = target
        self.position = position
        self.key = key

    def arg(self, name: str) -> Any:
        """An argument of the call."""
        return self.args.get(name)

    @property
    def role(self) -> Any:
        """Which side of an operation on two resources this is: "source", "target" or None."""
        return self.args.get("as")

    def member(self, part: str, key: Key | None = None) -> Member | None:
        """A member of a part: None where the part is not in the model."""
        position = self.system.service.index(part)
        return None if position is None else find(self.configuration, position, key)

    def has(self, part: str) -> bool:
        """Whether the part is in the model."""
        return part in self.system.parts

    def state(self, part: str, key: Key | None = None) -> str | None:
        """State of a member; None where the part is not in the model."""
        member = self.member(part, key)
        return member.state if member else None

    def data(self, part: str, key: Key | None = None) -> Any:
        """What a member carries; None where it is absent or the part is not in the model."""
        member = self.member(part, key)
        return member.data if member else None

    @property
    def here(self) -> str:
        """State of the member looked from."""
        return find(self.configuration, self.position, self.key).state

    @property
    def own(self) -> Any:
        """What the member looked from carries."""
        return find(self.configuration, self.position, self.key).data

    def some(self, part: str, query: Query) -> bool | None:
        """Whether a member of a part satisfies a query; None where the part is not in the model."""
        position = self.system.service.index(part)
        if position is None:
            return None
        family = self.configuration[position]
        assert isinstance(family, Family)
        if any(query.holds(key, member, query.about) for key, member in family.present()):
            return True
        if not family.is_open:
            return False
        for known, value in family.facts:
            if known == query:
                return bool(value)
        raise UndecidedError(position, query)

    def members(self, part: str) -> tuple[tuple[Key, Member], ...]:
        """Members of a part that are known to exist."""
        position = self.system.service.index(part)
        if position is None:
            return ()
        family = self.configuration[position]
        assert isinstance(family, Family)
        return family.present()

    def unseen(self) -> int:
        """Content that nobody has seen."""
        return fresh(self.configuration)

    def content(self) -> int:
        """The content this call brings; one that nobody has seen where it was not recorded."""
        given = self.args.get("content")
        return given if isinstance(given, int) else fresh(self.configuration)

    def at(self, position: int, key: Key | None) -> "View":
        """The same view from another member."""
        return View(self.system, self.configuration, self.args, self.target, position, key)

    def among(self, position: int, key: Key, member: Member) -> "View":
        """The same view from a member put there."""
        slot = self.configuration[position]
        assert isinstance(slot, Family)
        configuration = replace(self.configuration, position, slot.put(key, member))
        return View(self.system, configuration, self.args, self.target, position, key)


def find(configuration: Configuration, position: int, key: Key | None) -> Member:
    """The member of a part, GONE where it does not exist.

    Raises:
        UndecidedError: nobody has seen whether it exists.
    """
    slot = configuration[position]
    if isinstance(slot, Member):
        return slot
    if key is None:
        return GONE
    member = slot.get(key)
    if member is not None:
        return member
    if isinstance(key, int) and slot.high is not None and key > slot.high:
        return GONE
    unseen = (isinstance(key, int) and key < 0) or any(
        isinstance(key, int) and isinstance(name, int) and name < 0 for name, _ in slot.members
    )
    if slot.is_open or unseen:
        raise UndecidedError(position, key)
    return GONE


# ------------------------------------------------------------------------------------------------- steps


@attrs.frozen
class Accepted:
    """An answer that accepts the call; `view` sees the configuration after it."""

    operation: Operation
    view: View

    def shows(self, name: str) -> Any:
        """The values a field may show, or ANY."""
        for field in self.operation.fields:
            if field.name == name:
                return field.shows(self.view)
        return ANY


@attrs.frozen
class Refused:
    """An answer that refuses the call with one of these codes; None: with a code that is not documented."""

    codes: tuple[str, ...] | None


@attrs.frozen
class Step:
    """One way a call may go."""

    answer: Accepted | Refused
    after: Configuration
    modality: str
    rows: tuple[Row, ...]


@attrs.frozen
class Move:
    """One hidden move."""

    event: Event
    after: Configuration
    modality: str
    rows: tuple[Row, ...]
    key: Key | None = None


Place = tuple[int, Key | None]
Way = tuple[Row, Member, bool]


def initial(system: System) -> Configuration:
    """The configuration of a resource that nobody has touched."""

    def slot(graph: TransitionGraph) -> Member | Family:
        if graph.many is not None:
            return Family(is_open=is_born_unseen(graph))
        data = graph.data() if graph.data is not None and graph.initial != ABSENT else None
        return Member(graph.initial, data)

    return tuple(slot(graph) for graph in system.service.parts)


def is_born_unseen(graph: TransitionGraph) -> bool:
    """Whether members come into being without a call, so that there may always be some that nobody has seen."""
    return graph.many is not None and any(
        isinstance(row.event, Event) and ABSENT in row.source and row.target not in (None, ABSENT)
        for row in graph.transitions
    )


def _truth(guard: Guard | None, view: View) -> bool | None:
    if guard is None:
        return True
    if any(not view.has(part) for part in guard.looks_at):
        return None
    return guard.test(view)


def _live(rows: Iterable[tuple[Row, bool]], view: View) -> list[tuple[Row, bool]]:
    """The rows whose guards hold or are open, each with whether it is may."""
    found = []
    for row, is_may in rows:
        truth = _truth(row.guard, view)
        if truth is not False:
            found.append((row, is_may or truth is None))
    return found


def _moved(row: Transition, view: View, graph: TransitionGraph) -> Member:
    before = find(view.configuration, view.position, view.key)
    target = row.target or before.state
    if target == ABSENT:
        return GONE
    if row.effect is not None:
        return Member(target, row.effect.apply(view))
    if before.data is None and graph.data is not None:
        return Member(target, graph.data())
    return Member(target, before.data)


def _places(system: System, configuration: Configuration, name: str, target: Target) -> list[Place]:
    """Every member an operation concerns."""
    places: list[Place] = []
    for position in system.concerned[name]:
        slot = configuration[position]
        if isinstance(slot, Member):
            places.append((position, None))
            continue
        for key in target.get(system.parts[position], ()):
            if key is EVERY or key is ALL_GO:
                places.extend((position, name) for name, _ in slot.present())
            elif key is NEW:
                places.append((position, _next(slot, position)))
            else:
                places.append((position, key))
    return list(dict.fromkeys(places))


def _resolved(system: System, target: Target, places: list[Place]) -> Target:
    """The target with the keys that NEW and EVERY came to."""
    found: dict[str, tuple[Any, ...]] = {part: keys for part, keys in target.items() if part not in system.parts}
    for position, key in places:
        if key is not None:
            part = system.parts[position]
            found[part] = (*found.get(part, ()), key)
    for part, keys in target.items():
        found.setdefault(part, tuple(key for key in keys if key not in _MARKS))
    return found


def _next(family: Family, position: int) -> int:
    if family.is_blind:
        return min(key for key, _ in family.members if isinstance(key, int))
    if family.high != family.low:
        raise UndecidedError(position, NEW)
    return family.low + 1


def concerns(system: System, configuration: Configuration, made: Call) -> bool:
    """Whether the model can say anything about a call: no name in it is one of a part that was left out."""
    operation = system.operations[made.name]
    args = dict(made.args)
    for target in operation.targets(View(system, configuration, args, {})):
        if any(part not in system.parts and any(key in args.values() for key in keys) for part, keys in target.items()):
            return False
        places = _places(system, configuration, made.name, target)
        listed = operation.listing is not None and operation.listing.part in system.parts
        marked = any(key in _MARKS for part, keys in target.items() if part in system.parts for key in keys)
        if not (places or listed or marked):
            return False
    return True


def answers(system: System, configuration: Configuration, made: Call) -> list[Step]:
    """Every answer a call may get, in the order of parts and rows, each with the configuration after it.

    Raises:
        UndecidedError: it depends on members nobody has seen.
    """
    operation = system.operations[made.name]
    args = dict(made.args)
    steps = [Step(Refused(codes), configuration, MUST if sure else MAY, ()) for codes, sure in made.invalid]
    forbidden = any(sure for _, sure in made.invalid)
    looking = View(system, configuration, args, {})
    targets = operation.targets(looking)
    for target in targets:
        view = View(system, configuration, args, target)
        steps.extend(_answers(system, operation, view, forbidden=forbidden, doubtful=bool(steps) or len(targets) > 1))
    outside = system.outside.get(made.name, ())
    if outside is None or outside:
        steps.append(Step(Refused(outside), configuration, MAY, ()))
        steps = [attrs.evolve(step, modality=MAY) if isinstance(step.answer, Accepted) else step for step in steps]
    return steps


def certain_refusals(system: System, configuration: Configuration, made: Call) -> list[Step]:
    """Refusals by parts of which there is one, as far as they can be told without looking at members of families."""
    steps = [Step(Refused(codes), configuration, MAY, ()) for codes, _ in made.invalid]
    outside = system.outside.get(made.name, ())
    if outside is None or outside:
        steps.append(Step(Refused(outside), configuration, MAY, ()))
    view = View(system, configuration, dict(made.args), {})
    for position in system.concerned[made.name]:
        slot = configuration[position]
        if isinstance(slot, Member):
            for row, _ in system.cells.get((position, slot.state, made.name), ()):
                if isinstance(row, Refusal) and _holds_already(row, view.at(position, None)):
                    steps.append(Step(Refused(row.codes), configuration, MAY, (row,)))
    return steps


def _holds_already(row: Refusal, view: View) -> bool:
    try:
        return _truth(row.guard, view) is not False
    except UndecidedError:
        return False


def _answers(system: System, operation: Operation, view: View, *, forbidden: bool, doubtful: bool) -> list[Step]:
    configuration = view.configuration
    places = _places(system, configuration, operation.name, view.target)
    steps: list[Step] = []
    ways: list[list[Way]] = []
    for position, key in places:
        seen = view.at(position, key)
        state = find(configuration, position, key).state
        rows = _live(system.cells.get((position, state, operation.name), ()), seen)
        accepts: list[Way] = []
        for row, is_may in rows:
            if isinstance(row, Refusal):
                steps.append(Step(Refused(row.codes), configuration, MAY if is_may else MUST, (row,)))
            else:
                accepts.append((row, _moved(row, seen, system.graph(position)), is_may))
        ways.append(accepts)
    if forbidden:
        return steps
    alternatives = list(product(*ways))
    sure = len(alternatives) == 1 and not steps and not doubtful
    if len(alternatives) > 1 or (alternatives and steps):
        steps = [attrs.evolve(step, modality=MAY) for step in steps]
    for chosen in alternatives:
        modality = MUST if sure and not any(is_may for _, _, is_may in chosen) else MAY
        rows = tuple(row for row, _, _ in chosen)
        afters = (configuration,)
        if operation.action is Action.CALL:
            going = [place for place, part in enumerate(system.parts) if ALL_GO in view.target.get(part, ())]
            afters = _put(system, configuration, going, list(zip(places, chosen, strict=True)))
        for after in afters:
            seen = View(system, after, view.args, _resolved(system, view.target, places))
            steps.append(Step(Accepted(operation, seen), after, modality if len(afters) == 1 else MAY, rows))
    return steps


def _put(
    system: System, configuration: Configuration, going: Iterable[int], moves: list[tuple[Place, Way]]
) -> tuple[Configuration, ...]:
    """The configurations after these moves: several where it is open whether a numbering goes on."""
    afters: tuple[Configuration, ...] = (configuration,)
    for position in going:
        afters = tuple(one for each in afters for one in _end(system, each, position))
    return tuple(_placed(after, moves) for after in afters)


def _placed(after: Configuration, moves: list[tuple[Place, Way]]) -> Configuration:
    for (position, key), (_, member, _) in moves:
        slot = after[position]
        if isinstance(slot, Member):
            after = replace(after, position, member)
        elif key is not None and (slot.get(key) is not None or member.state != ABSENT):
            is_new = (slot.get(key) or GONE).state == ABSENT
            slot = slot.put(key, member)
            after = replace(after, position, _counted(slot, key) if is_new and isinstance(key, int) else slot)
    return after


def _counted(family: Family, key: int) -> Family:
    """The family after a number was given out; a negative one stands for the next, whichever that is."""
    if key > 0:
        return attrs.evolve(family, low=key, high=key)
    return attrs.evolve(family, low=family.low + 1, high=None if family.high is None else family.high + 1)


def _end(system: System, configuration: Configuration, position: int) -> tuple[Configuration, ...]:
    family = configuration[position]
    graph = system.graph(position)
    assert isinstance(family, Family)
    policy = getattr(graph.many, "survives", None)
    option = graph.chosen()[policy.name] if policy else "continues"
    counted = family.high != 0
    restarts = {"restarts": (True,), "continues": (False,)}.get(option, (True, False) if counted else (False,))
    return tuple(replace(configuration, position, family.ended(restarts=one)) for one in restarts)


def hidden(system: System, configuration: Configuration) -> list[Move]:
    """Every move the service or its environment may make, in the order of parts and rows."""
    moves: list[Move] = []
    for event in system.events:
        led = system.leaders[event.name]
        started = [
            (position, key, way)
            for position in led
            for key in _keys(configuration[position])
            for way in _ways(system, configuration, position, key, event.name)
        ]
        if not started and not led:
            moves.extend(_joint(system, configuration, event, None))
        for position, key, way in started:
            moves.extend(_joint(system, configuration, event, ((position, key), way)))
    return moves


def _keys(slot: Member | Family) -> tuple[Key | None, ...]:
    return (None,) if isinstance(slot, Member) else tuple(key for key, _ in slot.members)


def _ways(system: System, configuration: Configuration, position: int, key: Key | None, event: str) -> list[Way]:
    slot = configuration[position]
    member = slot if isinstance(slot, Member) else slot.get(key) or GONE  # type: ignore[arg-type]
    rows = system.cells.get((position, member.state, event))
    if not rows:
        return []
    view = View(system, configuration, {}, {}, position, key)
    return [
        (row, _moved(row, view, system.graph(position)), is_may)
        for row, is_may in _live(rows, view)
        if isinstance(row, Transition)
    ]


def _joint(
    system: System, configuration: Configuration, event: Event, leader: tuple[Place, Way] | None
) -> list[Move]:
    """A move together with all that follow it; without a leader, of those that can follow."""
    places: list[Place] = []
    ways: list[list[Way]] = []
    for position in system.followers[event.name]:
        for key in _keys(configuration[position]):
            found = _ways(system, configuration, position, key, event.name)
            if found:
                places.append((position, key))
                ways.append(found)
    if leader is None and not places:
        return []
    moves = []
    for chosen in product(*ways):
        together = list(zip(places, chosen, strict=True))
        if leader is not None:
            together.insert(0, leader)
        modality = MAY if len(ways) and any(len(w) > 1 for w in ways) else MUST
        if any(way[2] for _, way in together):
            modality = MAY
        rows = tuple(way[0] for _, way in together)
        afters = _put(system, configuration, system.ends[event.name], together)
        moves.extend(Move(event, after, modality if len(afters) == 1 else MAY, rows, together[0][0][1]) for after in afters)
    return moves


def enabled(system: System, configuration: Configuration, calls: Iterable[Call]) -> list[Call]:
    """Those of some calls that may be accepted."""
    return [
        made
        for made in calls
        if any(isinstance(step.answer, Accepted) for step in answers(system, configuration, made))
    ]


def visible(system: System, configuration: Configuration, made: Call) -> list[Accepted | Refused]:
    """The answers that a read may give."""
    return [step.answer for step in answers(system, configuration, made)]
