"""Fewer configurations that leave the same possible: a belief without what others in it stand for.

A part that hidden moves take from every state to every other, and that nothing else moves, is in any state at any
moment: it is left LOOSE until somebody looks. A configuration that says more than another in the belief is left out:
whatever it can answer, the other can answer too.
"""

from collections.abc import Callable, Iterable

import attrs

from statemodel.configuration import (
    LOOSE,
    Configuration,
    Family,
    Member,
    Slot,
    apart,
    held_in_order,
    numbers_in,
    replace,
    unseen_numbers,
    without_content,
)
from statemodel.model.data import contents, rename
from statemodel.model.graph import ABSENT, THERE, Initiator, Transition
from statemodel.model.operation import Operation
from statemodel.semantics import System

IsPossible = Callable[[Configuration, int, Member], bool]


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


def fewer(belief: Iterable[Configuration], is_possible: IsPossible) -> frozenset[Configuration]:
    """The belief without configurations that others of it cover.

    Args:
        belief: configurations.
        is_possible: whether a member that is not listed may turn out to be this one, in a configuration at a place.
    """
    every = frozenset(belief)
    return every if len(every) < 2 else _without_members(_without_facts(_without_contents(every)), is_possible)


# ------------------------------------------------------------------------------------------------- content


def _without_contents(belief: Iterable[Configuration]) -> set[Configuration]:
    """Of configurations that only differ in content, those that say least of it."""
    alike: dict[Configuration, list[Configuration]] = {}
    for one in belief:
        alike.setdefault(tuple(map(without_content, one)), []).append(one)
    found: set[Configuration] = set()
    for several in alike.values():
        general = several[0] if len(several) == 1 else apart(several[0], -1, -1)
        if general in several:
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


# ------------------------------------------------------------------------------------------------- members


def _without_members(belief: frozenset[Configuration], is_possible: IsPossible) -> frozenset[Configuration]:
    """Without configurations that say of members what another leaves open."""
    alike: dict[tuple[str, ...], list[Configuration]] = {}
    for one in belief:
        alike.setdefault(tuple(slot.state for slot in one if isinstance(slot, Member)), []).append(one)
    gone: set[Configuration] = set()
    for several in alike.values():
        general = [one for one in several if not unseen_numbers(one) and any(map(_is_open, one))]
        general.sort(key=_listed)
        for one in several:
            fits = (each for each in general if each is not one and each not in gone)
            if any(_leaves_open(each, one, is_possible) for each in fits):
                gone.add(one)
    return belief - gone


def _is_open(slot: Slot) -> bool:
    return isinstance(slot, Family) and slot.is_open


def _listed(configuration: Configuration) -> int:
    return sum(len(slot.members) + len(slot.facts) for slot in configuration if isinstance(slot, Family))


def _leaves_open(general: Configuration, special: Configuration, is_possible: IsPossible) -> bool:
    """Whether the special configuration is one of those that the general one, which names nobody unseen, may be."""
    meant: dict[int, int] = {}
    for place, (wide, narrow) in enumerate(zip(general, special, strict=True)):
        if isinstance(wide, Member) and isinstance(narrow, Member):
            if not _is_like(wide, narrow, meant):
                return False
        elif isinstance(wide, Family) and isinstance(narrow, Family):
            if not _is_wider(wide, narrow, meant):
                return False
            for key, member in narrow.members:
                is_new = member.state != ABSENT and wide.get(key) is None
                if is_new and not (is_possible(special, place, member) and _names_old(member, special)):
                    return False
    return True


def _is_like(wide: Member, narrow: Member, meant: dict[int, int]) -> bool:
    """Whether members only differ in content that may turn out to be that of the other."""
    symbols, others = contents(wide.data), contents(narrow.data)
    if wide.state != narrow.state or len(symbols) != len(others):
        return False
    if rename(wide.data, dict.fromkeys(symbols, 0), {}) != rename(narrow.data, dict.fromkeys(others, 0), {}):
        return False
    return all(
        (symbol == other if symbol >= 0 else meant.setdefault(symbol, other) == other)
        for symbol, other in zip(symbols, others, strict=True)
    )


def _is_wider(wide: Family, narrow: Family, meant: dict[int, int]) -> bool:
    """Whether a family says nothing that the other does not say too."""
    if wide.is_unborn or narrow.is_unborn or wide.since != narrow.since or wide.low > narrow.low:
        return False
    if wide.high is not None and (narrow.high is None or narrow.high > wide.high):
        return False
    if not wide.is_open and (narrow.is_open or len(wide.members) != len(narrow.members)):
        return False
    listed = dict(narrow.members)
    if any(key not in listed or not _is_like(member, listed[key], meant) for key, member in wide.members):
        return False
    there = {key for key, member in narrow.present()}
    return all(
        (query, value) in narrow.facts or (value and query.name is THERE and query.about in there)
        for query, value in wide.facts
    )


def _names_old(member: Member, configuration: Configuration) -> bool:
    """Whether what a member names may have been there since the beginning."""
    since = [slot.since for slot in configuration if isinstance(slot, Family) and slot.since is not None]
    return not any(number >= least for number in numbers_in(member.data) for least in since)
