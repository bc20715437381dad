"""Hidden moves of a fake service: what is due and when, what is steered, and what its environment does to it."""

from collections.abc import Iterator

import attrs

from statemodel.configuration import GONE, Configuration, Family, replace
from statemodel.model.data import Key
from statemodel.model.graph import Event, Initiator, Kind
from statemodel.semantics import Move, System, find, hidden, is_born_unseen
from statemodel.simulator.world import NOBODY, Due, Identity, Turn, urgency

SLOWEST_S = 60
MOST_AT_ONCE = 1_000
Place = tuple[int, Key | None]


@attrs.frozen
class Timing:
    """How long the service takes.

    Attributes:
        delay_s: seconds in each state that it leaves by itself.
        states: seconds by state, where they differ.
        is_adversarial: whether both the time and the outcome are drawn, and a move may come that is not owed.
    """

    delay_s: float = 5.0
    states: tuple[tuple[str, float], ...] = ()
    is_adversarial: bool = False


def moves(turn: Turn, owner: Identity | None) -> dict[Place, list[Move]]:
    """Moves of the service by the member that starts them, of a resource or of what is shared."""
    configuration = turn.configuration(owner)
    found: dict[Place, list[Move]] = {}
    for move in hidden(turn.system, configuration):
        if move.event.initiator is Initiator.SERVICE:
            position = leading(turn.system, configuration, move)
            if (position in turn.shared) is (owner is None):
                found.setdefault((position, move.key), []).append(move)
    return found


def leading(system: System, configuration: Configuration, move: Move) -> int:
    """The part that starts a move."""
    name = move.event.name
    for position in (*system.leaders[name], *system.followers[name]):
        slot = configuration[position]
        member = (slot.get(move.key) if move.key is not None else None) if isinstance(slot, Family) else slot
        if member is not None and (isinstance(slot, Family) is (move.key is not None)):
            rows = system.cells.get((position, member.state, name), ())
            if any(row is move.rows[0] for row, _ in rows):
                return position
    raise AssertionError(move)


def schedule(turn: Turn, owner: Identity | None, timing: Timing, *, least_s: float = 0.0) -> None:
    """Put down what is due of a resource: what went on stays, what cannot be any more goes."""
    configuration = turn.configuration(owner)
    wanted: dict[Place, Due] = {}
    for (position, key), found in moves(turn, owner).items():
        state = find(configuration, position, key).state
        is_owed = turn.system.kinds[position][state] is Kind.WORKING
        if is_owed or timing.is_adversarial or any(move.event.name in turn.steers for move in found):
            before = turn.due.get((owner, position, key))
            if before is None or before.state != state:
                delay = dict(timing.states).get(state, timing.delay_s)
                if timing.is_adversarial:
                    delay = turn.chance.pick(range(SLOWEST_S + 1))
                before = Due(turn.clock + max(delay, least_s), owner, position, key, state)
            wanted[position, key] = before
    turn.due = {place: due for place, due in turn.due.items() if due.owner != owner}
    turn.due.update({due.place: due for due in wanted.values()})


def schedule_all(turn: Turn, timing: Timing, *, least_s: float = 0.0) -> None:
    """The same for every resource and for what they share."""
    for owner in (None, *sorted({*turn.resources, *(due.owner for due in turn.due.values() if due.owner is not None)})):
        schedule(turn, owner, timing, least_s=least_s)


def advance(turn: Turn, seconds: float, timing: Timing) -> None:
    """Let time pass; all that is due happens in order."""
    end = turn.clock + seconds
    count = 0
    while turn.due:
        due = min(turn.due.values(), key=urgency)
        if due.at > end:
            break
        count = count + 1 if due.at == turn.clock else 0
        turn.clock = max(turn.clock, due.at)
        del turn.due[due.place]
        perform(turn, due, timing, least_s=1.0 if count > MOST_AT_ONCE else 0.0)
    turn.clock = end


def perform(turn: Turn, due: Due, timing: Timing, *, least_s: float = 0.0) -> None:
    """Make a move that is due, if it can still be made: the one that is steered, else the first, or any."""
    found = moves(turn, due.owner).get((due.position, due.key), [])
    names = list(dict.fromkeys(move.event.name for move in found))
    steered = [name for name in turn.steers if name in names]
    is_owed = turn.system.kinds[due.position][due.state] is Kind.WORKING
    if found and (steered or is_owed or timing.is_adversarial):
        if steered:
            name = steered[-1]
            turn.steers.reverse()
            turn.steers.remove(name)
            turn.steers.reverse()
            turn.steers = [one for one in turn.steers if one == name or one not in names]
        else:
            name = turn.chance.pick(names) if timing.is_adversarial else names[0]
        _make(turn, due.owner, turn.chance.pick([move for move in found if move.event.name == name]))
    if due.owner is None:
        schedule_all(turn, timing, least_s=least_s)
    else:
        schedule(turn, due.owner, timing, least_s=least_s)


def _make(turn: Turn, owner: Identity | None, move: Move) -> None:
    """Make a move; one of what is shared moves what follows it in every resource."""
    if owner is not None:
        turn.put(owner, move.after)
        return
    shared = {place: move.after[place] for place in turn.shared}
    for each in tuple(turn.resources):
        configuration = turn.configuration(each)
        same = [
            one.after
            for one in hidden(turn.system, configuration)
            if one.event is move.event and all(one.after[place] == slot for place, slot in shared.items())
        ]
        if same:
            turn.resources[each] = turn.certain(turn.chance.pick(same))
    turn.shared = shared
    for each, configuration in tuple(turn.resources.items()):
        for place, slot in shared.items():
            configuration = replace(configuration, place, slot)  # noqa: PLW2901 - put back below
        turn.resources[each] = configuration


def steer(turn: Turn, event: str, timing: Timing) -> bool:
    """Remember that an event is to happen when it can; False where the service makes no such move."""
    if event not in {one.name for one in turn.system.events if one.initiator is Initiator.SERVICE}:
        return False
    turn.steers.append(event)
    schedule_all(turn, timing)
    return True


def happen(turn: Turn, name: str, timing: Timing) -> bool:
    """Make a move of the environment; False where it cannot be made.

    It befalls what all resources share, or else the resource that the last call spoke of, or else the first that it
    can befall; in it a member that the last call named, or else the first.
    """
    event = next(
        (one for one in turn.system.events if one.name == name and one.initiator is Initiator.ENVIRONMENT), None
    )
    if event is None:
        return False
    for owner in _owners(turn, event):
        found: dict[Place, list[Move]] = {}
        configuration = _with_unborn(turn, owner, event)
        for move in hidden(turn.system, configuration):
            if move.event is event:
                found.setdefault((leading(turn.system, configuration, move), move.key), []).append(move)
        if found:
            named = {key for _, key in turn.last[1]} if turn.last else set()
            place = next((place for place in found if place[1] in named), next(iter(found)))
            _make(turn, owner, turn.chance.pick(found[place]))
            schedule_all(turn, timing)
            return True
    return False


def _owners(turn: Turn, event: Event) -> Iterator[Identity | None]:
    if any(place in turn.shared for place in turn.system.leaders[event.name]):
        yield None
        return
    last = turn.last[0] if turn.last else NOBODY
    yield last
    yield from (owner for owner in sorted(turn.resources) if owner != last)


def _with_unborn(turn: Turn, owner: Identity | None, event: Event) -> Configuration:
    """The configuration of a resource, with a member to be born by the event where members are."""
    configuration = turn.configuration(owner)
    for position in turn.system.leaders[event.name]:
        slot, graph = configuration[position], turn.system.graph(position)
        if isinstance(slot, Family) and is_born_unseen(graph):
            named = [key for part, key in turn.last[1] if part == graph.part] if turn.last else []
            own = (f"{graph.part}-{number}" for number in range(1, len(slot.members) + 2))
            key = next(key for key in (*named, *own, None) if key is None or slot.get(key) is None)
            if key is not None:
                members = (*slot.members, (key, GONE))
                configuration = replace(configuration, position, attrs.evolve(slot, members=members))
    return configuration
