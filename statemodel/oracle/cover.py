"""Fewer configurations that leave the same possible: a belief without what others in it stand for.

A part that hidden moves take from every state to every other, and that nothing else moves, is in any state at any
moment: it is left LOOSE until somebody looks. A configuration that says more than another in the belief is left out:
whatever it can answer, the other can answer too.
"""

from collections.abc import Iterable

import attrs

from statemodel.configuration import LOOSE, Configuration, Family, Member, apart, held_in_order, replace
from statemodel.model.graph import Initiator, Transition
from statemodel.model.operation import Operation
from statemodel.semantics import System


def loose_parts(system: System, *, is_recorded: bool) -> tuple[int, ...]:
    """Positions of the parts that may be in any of their states at any moment, whatever the rest does.

    Args:
        system: the model.
        is_recorded: whether moves of the environment only happen where they are recorded.
    """
    return tuple(place for place in range(len(system.parts)) if _is_loose(system, place, is_recorded=is_recorded))


def free_parts(system: System) -> tuple[int, ...]:
    """Positions of the parts on which it never depends where the rest may get to: in some state they let all pass."""
    return tuple(place for place in loose_parts(system, is_recorded=False) if _lets_pass(system, place))


def _lets_pass(system: System, place: int) -> bool:
    graph = system.graph(place)
    looks = [row.guard for other in system.service.parts for row in other.rows if row.guard and other is not graph]
    if any(graph.part in guard.looks_at for guard in looks):
        return False
    passing = {row.event.name for row in graph.rows if isinstance(row, Transition) and row.guard is None}
    return all(operation.name in passing for operation in graph.operations)


def _is_loose(system: System, place: int, *, is_recorded: bool) -> bool:
    graph = system.graph(place)
    if graph.many is not None or graph.data is not None or len(graph.states) < 2:
        return False
    steps: dict[str, set[str]] = {state.name: set() for state in graph.states}
    for row in graph.rows:
        if not isinstance(row, Transition):
            continue
        if isinstance(row.event, Operation):
            if row.target is not None or row.effect is not None:
                return False
            continue
        name = row.event.name
        if system.leaders[name] != (place,) or system.followers[name]:
            return False
        may_be_kept = row.guard is not None or (is_recorded and row.initiator is Initiator.ENVIRONMENT)
        if row.target is not None and not may_be_kept:
            for state in row.source:
                steps[state].add(row.target)
    return all(_reached(steps, state) == set(steps) for state in steps)


def _reached(steps: dict[str, set[str]], first: str) -> set[str]:
    reached, frontier = {first}, [first]
    while frontier:
        for after in steps[frontier.pop()] - reached:
            reached.add(after)
            frontier.append(after)
    return reached


def loosened(configuration: Configuration, places: Iterable[int]) -> Configuration:
    """The configuration with some parts in any state."""
    for place in places:
        if configuration[place] != ANY_STATE:
            configuration = replace(configuration, place, ANY_STATE)
    return configuration


ANY_STATE = Member(LOOSE)


def fewer(belief: Iterable[Configuration]) -> frozenset[Configuration]:
    """The belief without configurations that others of it cover."""
    return _without_facts(_without_contents(belief))


# ------------------------------------------------------------------------------------------------- content


def _without_contents(belief: Iterable[Configuration]) -> set[Configuration]:
    """Of configurations that only differ in content, those that say least of it."""
    alike: dict[Configuration, list[Configuration]] = {}
    for one in belief:
        alike.setdefault(apart(one, -1, -1), []).append(one)
    found: set[Configuration] = set()
    for general, several in alike.items():
        if len(several) == 1:
            found.add(several[0])
        elif general in several:
            found.add(general)
        else:
            found.update(_least_said(several))
    return found


def _least_said(several: list[Configuration]) -> Iterable[Configuration]:
    symbols = {one: held_in_order(one) for one in several}
    for one in several:
        if not any(other is not one and _covers(symbols[other], symbols[one]) for other in several):
            yield one


def _covers(general: tuple[int, ...], special: tuple[int, ...]) -> bool:
    """Whether unseen content may turn out to be that of the other, place by place."""
    meant: dict[int, int] = {}
    return all(
        (symbol == other if symbol >= 0 else meant.setdefault(symbol, other) == other)
        for symbol, other in zip(general, special, strict=True)
    )


# ------------------------------------------------------------------------------------------------- facts


def _without_facts(belief: set[Configuration]) -> frozenset[Configuration]:
    """Facts left out where the belief holds both answers, or the configuration that leaves the question open."""
    pending = [one for one in belief if any(isinstance(slot, Family) and slot.facts for slot in one)]
    found = set(belief)
    while pending:
        one = pending.pop()
        if one not in found:
            continue
        for place, slot in enumerate(one):
            if not isinstance(slot, Family):
                continue
            for query, value in slot.facts:
                rest = attrs.evolve(slot, facts=slot.facts - {(query, value)})
                opposite = attrs.evolve(rest, facts=rest.facts | {(query, not value)})
                general = replace(one, place, rest)
                if general not in found:
                    if replace(one, place, opposite) not in found:
                        continue
                    found.add(general)
                    pending.append(general)
                found.discard(one)
                found.discard(replace(one, place, opposite))
    return frozenset(found)
