"""What a model means: the only place that says so. Every engine and analysis agrees with these five functions.

    initial(system)                       the configuration of a resource that nobody has touched
    enabled(system, configuration)        names of the operations that may be accepted
    answers(system, configuration, call)  every answer a call may get, each with the configuration after it
    hidden(system, configuration)         every move the service or its environment may make
    visible(system, configuration, call)  the answers that a read may give

Parts that share an operation move together: it is accepted only if every part that is concerned accepts, any code
of any part that refuses may be answered, and a refused call moves nothing but by an event that it brings about. An
event that one part leads moves its followers along. All effects see the configuration before the move.
"""

from collections.abc import Iterable
from itertools import product
from typing import Any

import attrs

from statemodel.calls import Call, call, look_up
from statemodel.configuration import GONE, Configuration, Family, Member
from statemodel.model.data import Key, read_key
from statemodel.model.graph import ABSENT, Event, Refusal, Row, Transition, TransitionGraph
from statemodel.model.guard import Guard
from statemodel.model.operation import ALL_GO, ANY, EVERY, NEW, Action, Operation, Target
from statemodel.placing import Place, Way, next_number, put
from statemodel.system import System, is_born_unseen, prepare
from statemodel.view import UndecidedError, View, find

# fmt: off
__all__ = [
    "MAY", "MUST", "Accepted", "Call", "Move", "Refused", "Step", "System", "UndecidedError", "View", "answers", "call",
    "certain_refusals", "concerns", "enabled", "find", "hidden", "initial", "is_born_unseen", "joint", "look_up",
    "prepare", "read_key", "visible",
]
# fmt: on

MUST, MAY = "must", "may"
_MARKS = (NEW, EVERY, ALL_GO)


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
    """One way a call may go; `places` are the members its rows speak of, each a position and a key."""

    answer: Accepted | Refused
    after: Configuration
    modality: str
    rows: tuple[Row, ...]
    places: tuple[Place, ...] = ()


@attrs.frozen
class Move:
    """One hidden move."""

    event: Event
    after: Configuration
    modality: str
    rows: tuple[Row, ...]
    key: Key | None = None
    places: tuple[Place, ...] = ()


def initial(system: System) -> Configuration:
    """The configuration of a resource that nobody has touched."""

    def slot(graph: TransitionGraph) -> Member | Family:
        if graph.many is not None:
            born = is_born_unseen(graph)
            return Family(is_open=born, is_unborn=born)
        data = graph.data() if graph.data is not None and graph.initial != ABSENT else None
        return Member(graph.initial, data)

    return tuple(slot(graph) for graph in system.service.parts)


def _truth(guard: Guard | None, view: View) -> bool | None:
    if guard is None:
        return True
    for part in guard.looks_at:
        if not view.has(part):
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
                places.append((position, next_number(slot, position)))
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
    strangers = _refused_outside(system, configuration, made, targets)
    if strangers:
        steps.extend(strangers)
        steps = [_open(step) if isinstance(step.answer, Accepted) else step for step in steps]
    return steps


def _refused_outside(system: System, configuration: Configuration, made: Call, targets: Iterable[Target]) -> list[Step]:
    """Refusals by parts that were left out; a family can only refuse what names a member of it."""
    named = {part for target in targets for part, keys in target.items() if keys}
    refusals = [codes for part, codes in system.outside.get(made.name, ()) if part is None or part in named]
    if not refusals:
        return []
    known = [codes for codes in refusals if codes is not None]
    codes = tuple(dict.fromkeys(code for each in known for code in each)) if len(known) == len(refusals) else None
    return [Step(Refused(codes), configuration, MAY, ())]


def certain_refusals(system: System, configuration: Configuration, made: Call) -> list[Step]:
    """Refusals by parts of which there is one, as far as they can be told without looking at members of families."""
    steps = [Step(Refused(codes), configuration, MAY, ()) for codes, _ in made.invalid]
    steps.extend(_refused_outside(system, configuration, made, ()))
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


def _open(step: Step) -> Step:
    return Step(step.answer, step.after, MAY, step.rows, step.places)


def _answers(system: System, operation: Operation, view: View, *, forbidden: bool, doubtful: bool) -> list[Step]:
    configuration = view.configuration
    places = _places(system, configuration, operation.name, view.target)
    steps: list[Step] = []
    ways: list[list[Way]] = []
    for position, key in places:
        seen = view.at(position, key)
        state = find(configuration, position, key).state
        accepts: list[Way] = []
        for row, is_may in _live(system.cells.get((position, state, operation.name), ()), seen):
            if isinstance(row, Refusal):
                modality = MAY if is_may else MUST
                steps.append(Step(Refused(row.codes), configuration, modality, (row,), ((position, key),)))
            else:
                accepts.append((row, _moved(row, seen, system.graph(position)), is_may))
        ways.append(accepts)
    alternatives = [] if forbidden else list(product(*ways))
    sure = len(alternatives) == 1 and not steps and not doubtful
    if len(alternatives) > 1 or (alternatives and steps):
        steps = [_open(step) for step in steps]
    for chosen in alternatives:
        modality = MUST if sure and not any(is_may for _, _, is_may in chosen) else MAY
        rows = tuple(row for row, _, _ in chosen)
        afters: tuple[Configuration, ...] = (configuration,)
        if operation.action is Action.CALL:
            going = [place for place, part in enumerate(system.parts) if ALL_GO in view.target.get(part, ())]
            afters = put(system, configuration, going, list(zip(places, chosen, strict=True)))
        for after in afters:
            seen = View(system, after, view.args, _resolved(system, view.target, places))
            sure_of_it = modality if len(afters) == 1 else MAY
            steps.append(Step(Accepted(operation, seen), after, sure_of_it, rows, tuple(places)))
    for event in system.brought.get(operation.name, ()):
        refusing = {place for step in steps for place in step.places if isinstance(step.answer, Refused)}
        alone = len(refusing) == 1 and not doubtful
        steps = [one for step in steps for one in _brought(system, view, places, event, step, alone=alone)]
    return steps


def _brought(
    system: System, view: View, places: Iterable[Place], event: Event, step: Step, *, alone: bool
) -> list[Step]:
    """A step with an event that the call brings about, refused or not; perhaps, where more speaks against the call."""
    found: list[Step] = []
    for position, key in places:
        place, member = (position, key), find(step.after, position, key)
        for way in _ways(system, step.after, position, key, member, event.name, view):
            is_sure = not way[2] and (isinstance(step.answer, Accepted) or (alone and place in step.places))
            rows, moved = (*step.rows, way[0]), (*step.places, place)
            found.extend(
                Step(step.answer, after, step.modality if is_sure else MAY, rows, moved)
                for after in put(system, step.after, (), [(place, way)])
            )
            if not is_sure:
                found.append(_open(step))
    return found or [step]


def hidden(system: System, configuration: Configuration) -> list[Move]:
    """Every move the service or its environment may make, in the order of parts and rows."""
    moves: list[Move] = []
    stirred = {
        name
        for position, slot in enumerate(configuration)
        for _, member in _members(slot)
        for name in system.stirring.get((position, member.state), ())
    }
    for event in system.events:
        if event.name not in stirred:
            continue
        led = system.leaders[event.name]
        started = [
            (position, key, way)
            for position in led
            for key, member in _members(configuration[position])
            for way in _ways(system, configuration, position, key, member, event.name)
        ]
        if not started and not led:
            moves.extend(joint(system, configuration, event, None))
        for position, key, way in started:
            moves.extend(joint(system, configuration, event, ((position, key), way)))
    return moves


def _members(slot: Member | Family) -> tuple[tuple[Key | None, Member], ...]:
    return ((None, slot),) if isinstance(slot, Member) else slot.members


def _ways(
    system: System, configuration: Configuration, position: int, key: Key | None, member: Member, event: str,
    asking: View | None = None,
) -> list[Way]:
    """How an event may move a member; `asking` sees the call that brings it about, if one does."""
    rows = system.cells.get((position, member.state, event))
    if not rows:
        return []
    args, target = ({}, {}) if asking is None else (asking.args, asking.target)
    view = View(system, configuration, args, target, position, key)
    return [
        (row, _moved(row, view, system.graph(position)), is_may)
        for row, is_may in _live(rows, view)
        if isinstance(row, Transition)
    ]


def joint(system: System, configuration: Configuration, event: Event, leader: tuple[Place, Way] | None) -> list[Move]:
    """A move together with all that follow it; without a leader, of those that can follow."""
    places: list[Place] = []
    ways: list[list[Way]] = []
    for position in system.followers[event.name]:
        for key, member in _members(configuration[position]):
            found = _ways(system, configuration, position, key, member, event.name)
            if found:
                places.append((position, key))
                ways.append(found)
    if leader is None and not places:
        return []
    moves: list[Move] = []
    for chosen in product(*ways):
        together = list(zip(places, chosen, strict=True))
        if leader is not None:
            together.insert(0, leader)
        modality = MAY if ways and any(len(w) > 1 for w in ways) else MUST
        if any(way[2] for _, way in together):
            modality = MAY
        rows = tuple(way[0] for _, way in together)
        moved = tuple(place for place, _ in together)
        afters = put(system, configuration, system.ends[event.name], together)
        moves.extend(
            Move(event, after, modality if len(afters) == 1 else MAY, rows, moved[0][1], moved) for after in afters
        )
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
