"""Shortest ways of one member: the calls to make, and the hidden moves each of them hopes for."""

from collections.abc import Iterable
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count

import attrs

from statemodel.life import Life
from statemodel.model.data import CONTENT
from statemodel.model.graph import Initiator
from statemodel.model.operation import Action

_SURE, _PERHAPS, _OPEN, _BY_CHANCE = 100, 101, 250, 10_000


@attrs.frozen
class Leg:
    """One step of a way.

    Attributes:
        name: the operation to call, or the hidden event to hope for.
        initiator: caller, service or environment.
        source, target: states before and after it.
        is_may: whether it hangs on an open policy, or on a guard that nobody can decide here.
        policy: the open policy that decides whether it happens; None where it is sure to, if not where it leads.
    """

    name: str
    initiator: Initiator
    source: str
    target: str
    is_may: bool
    policy: str | None = None

    def __str__(self) -> str:
        said = self.name if self.initiator is Initiator.CALLER else f"({self.name}, by the {self.initiator})"
        return f"{said} → {self.target}" + (f" (open: {self.policy})" if self.policy else "")


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


Legs = tuple[tuple[tuple[int, Leg, int], ...], ...]


@lru_cache(maxsize=32)
def legs_from(life: Life) -> Legs:
    """By node, every step that leads to another: its cost, the step, and the node it leads to.

    A step counts more where it hangs on an open point, and far more where it is left to the environment.
    """
    calls = [each.name for each in life.graph.operations if each.action is Action.CALL]
    found = []
    for number, node in enumerate(life.nodes):
        here: dict[tuple[int, Leg, int], None] = {}
        for name in calls:
            ways = life.made(number, name)
            is_open = any(one.to is None for one in ways)
            for one in ways:
                if one.to is not None and one.to != number:
                    target = life.nodes[one.to].state
                    leg = Leg(name, Initiator.CALLER, node.state, target, one.is_may, one.policy if is_open else None)
                    here[_cost(leg), leg, one.to] = None
        for move in life.hidden[number]:
            target = life.nodes[move.to].state
            leg = Leg(move.event.name, move.event.initiator, node.state, target, move.is_may, move.policy)
            here[_BY_CHANCE if move.event.asked_by else _cost(leg), leg, move.to] = None
        found.append(tuple(here))
    return tuple(found)


def _cost(leg: Leg) -> int:
    if leg.initiator is Initiator.ENVIRONMENT:
        return _BY_CHANCE
    return _OPEN if leg.policy else _PERHAPS if leg.is_may else _SURE


def _usual(life: Life, state: str) -> list[int]:
    """The nodes of a state that carry what a member has that nobody touched; all of them where there is none."""
    every = sorted(life.among((state,)))
    plain = None if life.graph.data is None else life.graph.data()
    marked = [] if plain is None else [one.name for one in attrs.fields(type(plain)) if CONTENT not in one.metadata]
    usual = [number for number in every
             if all(getattr(life.nodes[number].data, name, None) == getattr(plain, name) for name in marked)]
    return usual or every


def shortest(life: Life, legs: Legs, start: str, targets: Iterable[str]) -> Way | None:
    """The shortest way from a state to one of some others, None where none leads there.

    The algorithm is Dijkstra's (A Note on Two Problems in Connexion with Graphs, 1959).
    """
    wanted = frozenset(targets)
    order = count()
    ranked: list[tuple[int, int, int, tuple[Leg, ...]]] = [
        (0, next(order), number, ()) for number in _usual(life, start)
    ]
    done: set[int] = set()
    while ranked:
        cost, _, number, path = heappop(ranked)
        if number in done:
            continue
        done.add(number)
        if life.nodes[number].state in wanted:
            return Way(start, life.nodes[number].state, path)
        for more, leg, to in legs[number]:
            if to not in done:
                heappush(ranked, (cost + more, next(order), to, (*path, leg)))
    return None
