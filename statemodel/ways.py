"""Shortest ways of one member: the calls to make, and the hidden moves each of them hopes for."""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

import attrs

from statemodel.life import Life
from statemodel.model.graph import Initiator
from statemodel.model.operation import Action

_SURE, _PERHAPS, _BY_CHANCE = 100, 101, 10_000


@attrs.frozen
class Leg:
    """One step of a way.

    Attributes:
        name: the operation to call, or the hidden event to hope for.
        initiator: caller, service or environment.
        source, target: states before and after it.
        is_may: whether it hangs on an open point.
    """

    name: str
    initiator: Initiator
    source: str
    target: str
    is_may: bool

    def __str__(self) -> str:
        said = self.name if self.initiator is Initiator.CALLER else f"({self.name}, by the {self.initiator})"
        return f"{said} → {self.target}" + (" if the service allows it" if self.is_may else "")


@attrs.frozen
class Way:
    """A shortest way from one state to another.

    Attributes:
        source, target: where it begins and ends.
        legs: its steps; none where it ends where it begins.
    """

    source: str
    target: str
    legs: tuple[Leg, ...]

    @property
    def calls(self) -> tuple[str, ...]:
        """The operations to call, in order."""
        return tuple(leg.name for leg in self.legs if leg.initiator is Initiator.CALLER)

    @property
    def hopes(self) -> tuple[str, ...]:
        """The hidden events it hopes for, in order."""
        return tuple(leg.name for leg in self.legs if leg.initiator is not Initiator.CALLER)

    def __str__(self) -> str:
        return ", ".join(map(str, self.legs)) or f"it is {self.target}"


def legs_from(life: Life) -> tuple[tuple[tuple[int, Leg, int], ...], ...]:
    """By node, every step that leads to another: its cost, the step, and the node it leads to.

    A step counts more where it hangs on an open point, and far more where it is left to the environment.
    """
    calls = [each.name for each in life.graph.operations if each.action is Action.CALL]
    found = []
    for number, node in enumerate(life.nodes):
        here: dict[tuple[int, Leg, int], None] = {}
        for name in calls:
            for one in life.made(number, name):
                if one.to is not None and one.to != number:
                    target = life.nodes[one.to].state
                    leg = Leg(name, Initiator.CALLER, node.state, target, one.is_may)
                    here[_PERHAPS if one.is_may else _SURE, leg, one.to] = None
        for move in life.hidden[number]:
            leg = Leg(move.event.name, move.event.initiator, node.state, life.nodes[move.to].state, move.is_may)
            cost = _PERHAPS if move.is_may else _SURE
            if move.event.initiator is Initiator.ENVIRONMENT or move.event.asked_by:
                cost = _BY_CHANCE
            here[cost, leg, move.to] = None
        found.append(tuple(here))
    return tuple(found)


def shortest(
    life: Life, legs: tuple[tuple[tuple[int, Leg, int], ...], ...], start: str, targets: Iterable[str]
) -> Way | None:
    """The shortest way from a state to one of some others, None where none leads there.

    The algorithm is Dijkstra's (A Note on Two Problems in Connexion with Graphs, 1959).
    """
    wanted = frozenset(targets)
    queue: list[tuple[int, int, tuple[Leg, ...]]] = []
    for number in sorted(life.among((start,))):
        heappush(queue, (0, number, ()))
    best: dict[int, int] = {}
    while queue:
        cost, number, path = heappop(queue)
        if best.setdefault(number, cost) < cost or (number in best and path and best[number] < cost):
            continue
        if life.nodes[number].state in wanted:
            return Way(start, life.nodes[number].state, path)
        for more, leg, to in legs[number]:
            if best.get(to, cost + more + 1) > cost + more:
                heappush(queue, (cost + more, to, (*path, leg)))
    return None


def towards(life: Life, targets: Iterable[str]) -> Mapping[str, Way]:
    """The shortest way from every state that has one."""
    legs = legs_from(life)
    wanted = tuple(targets)
    found = ((state.name, shortest(life, legs, state.name, wanted)) for state in life.graph.states)
    return {name: way for name, way in found if way is not None}
