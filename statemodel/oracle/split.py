"""Splitting a configuration where a question cannot be answered: one configuration for each possible answer."""

from collections.abc import Iterator

import attrs

from statemodel.configuration import GONE, LOOSE, Configuration, Family, Member, fresh, order, renamed, replace
from statemodel.model.data import REFERENCE, Key
from statemodel.model.graph import ABSENT, THERE, Kind, Query
from statemodel.model.operation import NEW
from statemodel.oracle.unknown import Unknown, there, unlisted
from statemodel.semantics import System, UndecidedError


def split(unknown: Unknown, before: Configuration, asked: UndecidedError, number: int | None) -> list[Configuration]:
    """The configurations that answer a question in every possible way.

    Args:
        unknown: what may be there that nobody has seen.
        before: a configuration that leaves the question open.
        asked: the question.
        number: the number that the record shows for a new member, or None.
    """
    place, question = asked.position, asked.question
    if question is LOOSE:
        return [replace(before, place, Member(state.name)) for state in unknown.system.graph(place).states]
    if question is NEW:
        return _numbered(before, place, number)
    if isinstance(question, Query):
        return list(_queried(unknown, before, place, question))
    return list(_named(unknown, before, place, question))


def _family(configuration: Configuration, place: int) -> Family:
    family = configuration[place]
    assert isinstance(family, Family)
    return family


def _numbered(before: Configuration, place: int, number: int | None) -> list[Configuration]:
    family = _family(before, place)
    if number is None:
        unseen = _listed(before, place, unlisted(before, place), GONE)
        return [replace(unseen, place, attrs.evolve(_family(unseen, place), is_blind=True))]
    last = number - 1
    if last < family.low or (family.high is not None and last > family.high):
        return []
    since = number if family.since is None else family.since
    return [replace(before, place, attrs.evolve(family, low=last, high=last, since=since))]


def _queried(unknown: Unknown, before: Configuration, place: int, query: Query) -> Iterator[Configuration]:
    family = _family(before, place)
    denied = replace(before, place, attrs.evolve(family, facts=family.facts | {(query, False)}))
    known = [fact.about for fact, value in family.facts if fact.name is THERE and value]
    if all(any(True for _ in _with(unknown, denied, place, key)) for key in known):
        yield denied
    if query.lasting:
        yield replace(before, place, attrs.evolve(family, facts=family.facts | {(query, True)}))
        return
    key = unlisted(before, place)
    for after in _with(unknown, before, place, key):
        member = _family(after, place).get(key)
        if member is not None and query.holds(key, member, query.about):
            yield after


def _named(unknown: Unknown, before: Configuration, place: int, key: Key) -> Iterator[Configuration]:
    family = _family(before, place)
    if isinstance(key, int) and key < 0:
        part = unknown.system.parts[place]
        if key in _referred(before):
            for other_key in unknown.nameable(before, place):
                if other_key != key:
                    yield renamed(before, {}, {part: {key: other_key}}, unknown.system.parts)
    else:
        for other in _anonymous(before, place):
            if isinstance(other, int) and isinstance(key, str):
                continue
            yield from _merged(unknown, before, place, other, key)
    if (there(key), True) not in family.facts and (family.is_open or not (isinstance(key, int) and key < 0)):
        yield _listed(before, place, key, GONE)
    if family.is_open and not family.is_unborn:
        yield from _with(unknown, before, place, key)


def _merged(unknown: Unknown, before: Configuration, place: int, other: int, key: Key) -> Iterator[Configuration]:
    """An unseen number turns out to be this one."""
    part = unknown.system.parts[place]
    after = renamed(before, {}, {part: {other: key}}, unknown.system.parts)
    family = _family(after, place)
    if isinstance(key, int):
        after = replace(after, place, attrs.evolve(family, low=max(family.low, key)))
    if family.get(key) is not None:
        yield after
    elif family.is_open:
        if unknown.dangles[place]:
            yield _listed(after, place, key, GONE)
        yield from _with(unknown, after, place, key)


def _with(unknown: Unknown, before: Configuration, place: int, key: Key) -> Iterator[Configuration]:
    """The configuration with a member under a key, in every state it may have, if that agrees with what is known."""
    family = _family(before, place)
    low = max(family.low, key, 1) if isinstance(key, int) else family.low
    for member in unknown.members(before, place, fresh(before)):
        facts = set(family.facts)
        if any(not value and query.holds(key, member, query.about) for query, value in facts):
            continue
        witness = {(query, value) for query, value in facts if value and query.holds(key, member, query.about)}
        slot = attrs.evolve(family, low=low, facts=frozenset(facts - witness))
        yield replace(before, place, slot.put(key, member))


def _listed(before: Configuration, place: int, key: Key, member: Member) -> Configuration:
    """The configuration with a key listed, though it may be absent."""
    family = _family(before, place)
    members = tuple(sorted((*family.members, (key, member)), key=order))
    return replace(before, place, attrs.evolve(family, members=members))


def _anonymous(configuration: Configuration, place: int) -> list[int]:
    """Unseen numbers of a part that are listed or referred to."""
    listed = {key for key, _ in _family(configuration, place).members if isinstance(key, int) and key < 0}
    return sorted(listed | _referred(configuration), reverse=True)


def settled(system: System, configuration: Configuration) -> Configuration:
    """The configuration after a record: what only held for its moment, and what nobody can ask about, is forgotten."""
    for place, slot in enumerate(configuration):
        if not isinstance(slot, Family) or not (slot.members or slot.facts or slot.is_blind):
            continue
        tidied = _settled(system, configuration, place, slot)
        if tidied is not slot:
            configuration = replace(configuration, place, tidied)
    return configuration


def _settled(system: System, configuration: Configuration, place: int, slot: Family) -> Family:
    facts = slot.facts
    if facts:
        facts = frozenset(pair for pair in facts if pair[0].lasting and slot.is_open)
    members = slot.members
    if any(isinstance(key, int) and key < 0 for key, _ in members):
        if slot.is_open:
            kinds = system.kinds[place]
            named = _referred(configuration)
            members = tuple(
                (key, member)
                for key, member in members
                if not isinstance(key, int) or key > 0 or key in named or kinds[member.state] is Kind.WORKING
            )
    elif not slot.is_open and any(member.state == ABSENT for _, member in members):
        members = tuple(pair for pair in members if pair[1].state != ABSENT)
    if facts == slot.facts and members == slot.members and not slot.is_blind:
        return slot
    return attrs.evolve(slot, facts=facts, is_blind=False, members=members)


def _referred(configuration: Configuration) -> set[int]:
    """Unseen numbers that some data name."""
    return {
        value
        for slot in configuration
        for _, member in (slot.members if isinstance(slot, Family) else ())
        if member.data is not None
        for one in attrs.fields(type(member.data))
        if REFERENCE in one.metadata and isinstance(value := getattr(member.data, one.name), int) and value < 0
    }
