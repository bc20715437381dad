"""Configurations: one state per graph instance plus the data. Knows nothing of rows or of who looks.

A configuration is a tuple with one slot a part, in the order of the service: a Member for a part there is one of, a
Family for one with many. A family may be open: members that nobody has asked about yet are unknown.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import attrs

from statemodel.model.data import CONTENT, REFERENCE, Key, contents, rename, spell
from statemodel.model.graph import ABSENT

Symbols = dict[int, int]
NOBODY = (ABSENT, None)
LOOSE: Final = "in any state"
"""In place of a state: that of a part which may be in any of its states at any moment."""


@attrs.frozen(cache_hash=True)
class Member:
    """The state of one graph instance and what it carries."""

    state: str
    data: Any = None


GONE = Member(ABSENT)


@attrs.frozen(cache_hash=True)
class Family:
    """All instances of a graph with many.

    Attributes:
        members: key and member, sorted by key; absent ones are listed only while the family is open. Keys are numbers
            or names; a negative number stands for a number nobody has seen.
        low, high: least and greatest number that may have been given out last; high is None without a bound.
        is_open: whether there may be members that are not listed.
        facts: what is known of those: (query, whether one of them satisfies it).
        is_unborn: whether members that are not listed were all absent at the beginning, and may only have come since.
        is_blind: whether the next number to be given out is to be taken as one that nobody has seen.
        since: the first number that is known to have been given out since the beginning; None where none is. What
            nobody has named since then cannot speak of it.
    """

    members: tuple[tuple[Key, Member], ...] = ()
    low: int = 0
    high: int | None = 0
    is_open: bool = False
    facts: frozenset[tuple[Any, bool]] = frozenset()
    is_unborn: bool = False
    is_blind: bool = False
    since: int | None = None

    def get(self, key: Key) -> Member | None:
        """The member listed under a key, absent ones included, or None."""
        for name, member in self.members:
            if name == key:
                return member
        return None

    def present(self) -> tuple[tuple[Key, Member], ...]:
        """Listed members that exist."""
        if not self.is_open:
            return self.members
        return tuple((key, member) for key, member in self.members if member.state != ABSENT)

    def put(self, key: Key, member: Member) -> "Family":
        """The family with one member in another state."""
        rest = [pair for pair in self.members if pair[0] != key]
        if member.state != ABSENT or self.is_open:
            rest.append((key, member))
            rest.sort(key=order)
        return self.holding(tuple(rest))

    def holding(self, members: tuple[tuple[Key, Member], ...]) -> "Family":
        """The family with these members in place of its own."""
        now = self.low, self.high, self.is_open, self.facts, self.is_unborn, self.is_blind, self.since
        return Family(members, *now)

    def counted(self, key: int) -> "Family":
        """The family after a number was given out; a negative one stands for the next, whichever that is."""
        low, high = (key, key) if key > 0 else (self.low + 1, None if self.high is None else self.high + 1)
        return Family(self.members, low, high, self.is_open, self.facts, self.is_unborn, self.is_blind, self.since)

    def spared(self) -> "Family":
        """The family after the number that was given out last turned out not to have been used."""
        high = None if self.high is None else self.high - 1
        now = self.is_open, self.facts, self.is_unborn, self.is_blind, self.since
        return Family(self.members, self.low - 1, high, *now)

    def ended(self, *, restarts: bool) -> "Family":
        """The family after all of it went; the numbering starts again or goes on."""
        return Family() if restarts else Family((), self.low, self.high)


def order(pair: tuple[Key, Any]) -> tuple[bool, int, str]:
    """Sorting key: numbers before names."""
    key = pair[0]
    return (False, key, "") if isinstance(key, int) else (True, 0, key)


Slot = Member | Family
Configuration = tuple[Slot, ...]


def replace(configuration: Configuration, position: int, slot: Slot) -> Configuration:
    """The configuration with another slot."""
    return (*configuration[:position], slot, *configuration[position + 1 :])


@lru_cache(maxsize=1 << 16)
def _held(slot: Slot) -> tuple[int, ...]:
    if isinstance(slot, Member):
        return contents(slot.data)
    return tuple(symbol for _, member in slot.members for symbol in contents(member.data))


def held_in_order(configuration: Configuration) -> tuple[int, ...]:
    """Content symbols in order of their places."""
    return tuple(symbol for slot in configuration for symbol in _held(slot))


def held(configuration: Configuration) -> tuple[int, ...]:
    """Content symbols in order of their places, once each."""
    symbols = held_in_order(configuration)
    return tuple(dict.fromkeys(symbols)) if len(symbols) > 1 else symbols


def fresh(configuration: Configuration) -> int:
    """A content symbol for something nobody has seen: negative, and below all that are in use."""
    return min((symbol for symbol in held(configuration) if symbol < 0), default=0) - 1


def renamed(
    configuration: Configuration, symbols: Symbols, keys: dict[str, dict[Any, Any]], parts: tuple[str, ...]
) -> Configuration:
    """The configuration with other content symbols and, by part, other keys."""

    def change(member: Member) -> Member:
        data = rename(member.data, symbols, keys)
        return member if data is member.data else Member(member.state, data)

    slots: list[Slot] = []
    for part, slot in zip(parts, configuration, strict=True):
        if isinstance(slot, Member):
            slots.append(change(slot))
            continue
        own = keys.get(part, {})
        members = [(own.get(key, key), change(member)) for key, member in slot.members]
        members.sort(key=order)
        facts = frozenset((_about(query, keys), value) for query, value in slot.facts) if keys else slot.facts
        slots.append(attrs.evolve(slot, members=tuple(members), facts=facts))
    return tuple(slots)


def _about(query: Any, keys: dict[str, dict[Any, Any]]) -> Any:
    """The question asked about another key, where the one it is asked about has another."""
    new = next((own[query.about] for own in keys.values() if query.about in own), query.about)
    return query if new == query.about else attrs.evolve(query, about=new)


def unseen_numbers(configuration: Configuration) -> tuple[int, ...]:
    """Numbers that stand for members nobody has seen: those that data name first, then those listed by state."""
    named: list[int] = []
    listed: list[tuple[str, int]] = []
    for slot in configuration:
        own_named, own_listed = _unseen_in(slot)
        named.extend(own_named)
        listed.extend(own_listed)
    if not named and not listed:
        return ()
    return tuple(dict.fromkeys([*named, *(-number for _, number in sorted(listed))]))


@lru_cache(maxsize=1 << 16)
def _unseen_in(slot: Slot) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    """The same of one slot: those that data or facts name, and those listed, each with how its member is spelt."""
    if isinstance(slot, Member):
        return tuple(filter(_is_unseen, numbers_in(slot.data))), ()
    named: list[int] = []
    listed: list[tuple[str, int]] = []
    for key, member in slot.members:
        named.extend(filter(_is_unseen, numbers_in(member.data)))
        if isinstance(key, int) and key < 0:
            listed.append((repr(member), -key))
    named.extend(sorted((query.about for query, _ in slot.facts if _is_unseen(query.about)), reverse=True))
    return tuple(named), tuple(listed)


@lru_cache(maxsize=1 << 16)
def _has_unseen(slot: Slot) -> bool:
    """Whether a slot says something of content or of members that nobody has seen."""
    return any(_unseen_in(slot)) or any(symbol < 0 for symbol in _held(slot))


def _is_unseen(value: Any) -> bool:
    return isinstance(value, int) and value < 0


def numbers_in(data: Any) -> Iterator[int]:
    """The numbers of members that some data name."""
    if data is not None:
        for one in attrs.fields(type(data)):
            if REFERENCE in one.metadata and isinstance(value := getattr(data, one.name), int):
                yield value


def renumbered(configuration: Configuration, parts: tuple[str, ...]) -> Configuration:
    """The configuration with members nobody has seen numbered in order, so that equals are equal."""
    wanted = {number: -1 - position for position, number in enumerate(unseen_numbers(configuration))}
    if all(number == new for number, new in wanted.items()):
        return configuration
    return renamed(configuration, {}, dict.fromkeys(parts, wanted), parts)


def tidy(configuration: Configuration, parts: tuple[str, ...]) -> Configuration:
    """The configuration with unseen content and members numbered in order of their places, so that equals are equal."""
    if not any(map(_has_unseen, configuration)):
        return configuration
    configuration = renumbered(configuration, parts)
    unseen = [symbol for symbol in held(configuration) if symbol < 0]
    wanted = {symbol: -1 - position for position, symbol in enumerate(unseen)}
    if all(symbol == new for symbol, new in wanted.items()):
        return configuration
    return renamed(configuration, wanted, {}, parts)


def apart(configuration: Configuration, first: int, step: int) -> Configuration:
    """The configuration with content of its own in every place, numbered from `first` by `step`."""
    number = first
    slots: list[Slot] = []
    for slot in configuration:
        if isinstance(slot, Member):
            fresh_member, number = _apart(slot, number, step)
            slots.append(fresh_member)
            continue
        members: list[tuple[Key, Member]] = []
        for key, member in slot.members:
            fresh_member, number = _apart(member, number, step)
            members.append((key, fresh_member))
        new = tuple(members)
        slots.append(slot if new == slot.members else slot.holding(new))
    return tuple(slots)


@lru_cache(maxsize=1 << 16)
def without_content(slot: Slot) -> Slot:
    """A slot with the same content in every place that has some: equal for slots that differ in nothing else."""
    return apart((slot,), -1, 0)[0]


def _apart(member: Member, number: int, step: int) -> tuple[Member, int]:
    if not contents(member.data):
        return member, number
    changes: dict[str, int] = {}
    for one in attrs.fields(type(member.data)):
        if CONTENT in one.metadata and getattr(member.data, one.name) is not None:
            if getattr(member.data, one.name) != number:
                changes[one.name] = number
            number += step
    return (Member(member.state, attrs.evolve(member.data, **changes)) if changes else member), number


def words(configuration: Configuration, parts: tuple[str, ...]) -> str:
    """A configuration for people: "function Active, version 1 Publishing, billing Available"."""
    said: list[str] = []
    for part, slot in zip(parts, configuration, strict=True):
        if isinstance(slot, Member):
            said.append(f"{part} {slot.state}")
            continue
        said.extend(f"{part} {spell(key)} {member.state}" for key, member in slot.present())
        if slot.is_open:
            said.append(f"other {part}{'es' if part.endswith('s') else 's'} unknown")
    return ", ".join(said) or "nothing"
