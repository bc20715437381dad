"""What a step makes of a configuration: members put into place, numbers counted, given back, or begun again."""

from collections.abc import Iterable, Sequence

from statemodel.configuration import GONE, Configuration, Family, Member, replace
from statemodel.model.data import Key
from statemodel.model.graph import ABSENT, Event, Numbered, Row
from statemodel.model.operation import NEW
from statemodel.system import System
from statemodel.view import UndecidedError, find

Place = tuple[int, Key | None]
"""A member: the position of its part, and its key where the part has many."""
Way = tuple[Row, Member, bool]
"""A row that moves a member, what the member is after it, and whether that is open."""


def next_number(family: Family, position: int) -> int:
    """The number that is given out next.

    Raises:
        UndecidedError: nobody knows how far the numbers have come.
    """
    if family.is_blind:
        return min(key for key, _ in family.members if isinstance(key, int))
    if family.high != family.low:
        raise UndecidedError(position, NEW)
    return family.low + 1


def put(
    system: System, configuration: Configuration, going: Iterable[int], moves: Sequence[tuple[Place, Way]]
) -> tuple[Configuration, ...]:
    """The configurations after these moves: several where it is open what becomes of numbers."""
    afters: tuple[Configuration, ...] = (configuration,)
    for position in going:
        afters = tuple(one for each in afters for one in _end(system, each, position))
    afters = tuple(_placed(after, moves) for after in afters)
    for (position, key), (row, member, _) in moves:
        if isinstance(row.event, Event) and member.state == ABSENT and isinstance(key, int):
            before = find(configuration, position, key).state
            afters = tuple(one for each in afters for one in _given_back(system, each, position, key, before))
    return afters


def _placed(after: Configuration, moves: Iterable[tuple[Place, Way]]) -> Configuration:
    for (position, key), (_, member, _) in moves:
        slot = after[position]
        if isinstance(slot, Member):
            after = replace(after, position, member)
        elif key is not None and (slot.get(key) is not None or member.state != ABSENT):
            is_new = (slot.get(key) or GONE).state == ABSENT and member.state != ABSENT
            slot = slot.put(key, member)
            after = replace(after, position, slot.counted(key) if is_new and isinstance(key, int) else slot)
    return after


def _end(system: System, configuration: Configuration, position: int) -> tuple[Configuration, ...]:
    family = configuration[position]
    graph = system.graph(position)
    assert isinstance(family, Family)
    policy = getattr(graph.many, "survives", None)
    option = graph.chosen()[policy.name] if policy else "continues"
    counted = family.high != 0
    restarts = {"restarts": (True,), "continues": (False,)}.get(option, (True, False) if counted else (False,))
    return tuple(replace(configuration, position, family.ended(restarts=one)) for one in restarts)


def _given_back(
    system: System, configuration: Configuration, position: int, key: int, before: str
) -> tuple[Configuration, ...]:
    """What becomes of the number of a member that went by itself, from a state in which it was only meant to be."""
    graph, family = system.graph(position), configuration[position]
    many = graph.many
    if not isinstance(many, Numbered) or many.spared is None or before not in many.provisional:
        return (configuration,)
    assert isinstance(family, Family)
    if key > 0 and family.low != key:
        return (configuration,)
    spared = replace(configuration, position, family.spared())
    option = graph.chosen()[many.spared.name]
    return {"given out again": (spared,), "used up": (configuration,)}.get(option, (spared, configuration))
