"""What a list should have shown, in words: its entries, those that may be there, and where they may differ."""

from collections.abc import Iterable

import attrs

from statemodel.configuration import Family
from statemodel.model.data import spell
from statemodel.model.operation import ANY, Listing
from statemodel.oracle.seen import Listed, shown_value
from statemodel.semantics import UndecidedError, View

LINES = 3
ENTRIES = 8


@attrs.frozen
class Entry:
    """One entry of a list.

    Attributes:
        name: as the service spells it.
        is_sure: whether it must be there.
        values: by field, the values it may show.
    """

    name: str
    is_sure: bool
    values: tuple[tuple[str, frozenset[str]], ...] = ()


Alternative = tuple[Entry, ...]
OTHERS = Entry("others", is_sure=False)


def alternative(listing: Listing, view: View, name: str) -> Alternative:
    """The entries that a list shows in one configuration; where it lists resources, `name` is that of this one."""
    besides = tuple(Entry(one, is_sure=False) for one in listing.besides)
    if listing.part is None:
        return (*_entry(listing, view, name), *besides, OTHERS)
    place = view.system.service.index(listing.part)
    if place is None:
        return (*besides, OTHERS)
    family = view.configuration[place]
    assert isinstance(family, Family)
    shown = (one for key, _ in family.present() for one in _entry(listing, view.at(place, key), spell(key)))
    return (*shown, *besides, *((OTHERS,) if family.is_open else ()))


def _entry(listing: Listing, view: View, name: str) -> Iterable[Entry]:
    try:
        present = True if listing.present is None else listing.present(view)
        if present is not False:
            shown = ((field.name, field.shows(view)) for field in listing.fields)
            values = ((one, frozenset(map(shown_value, found))) for one, found in shown if found is not ANY)
            yield Entry(name, present is True, tuple(values))
    except UndecidedError:
        yield Entry(name, is_sure=False)


def listed(listing: Listing, alternatives: Iterable[Alternative], seen: Listed | None) -> tuple[str, ...]:
    """What a list may show, a line for each of a few ways; of many entries those that are recorded so are counted.

    Ways are told apart as far as a few lines allow: by what entries show, else by which are there, else not at all.
    """
    ways = dict.fromkeys(_without_open(sorted(alternatives, key=_order)))
    for told_by in (lambda way: way, lambda way: tuple((one.name, one.is_sure) for one in way), lambda _way: None):
        groups: dict[object, list[Alternative]] = {}
        for way in ways:
            groups.setdefault(told_by(way), []).append(way)
        lines = {_line(listing, _merged(group), seen) for group in groups.values()}
        if len(lines) <= LINES:
            break
    return tuple(sorted(lines))


def _order(way: Alternative) -> tuple[int, list[tuple[str, bool]]]:
    return -len(way), [(one.name, one.is_sure) for one in way]


def _without_open(ways: list[Alternative]) -> Iterable[Alternative]:
    """The ways without the fields that may show anything in one of them."""
    closed: dict[str, set[str]] = {}
    for way in ways:
        for entry in way:
            fields = {field for field, _ in entry.values}
            closed[entry.name] = closed.get(entry.name, fields) & fields
    for way in ways:
        yield tuple(
            attrs.evolve(one, values=tuple(pair for pair in one.values if pair[0] in closed[one.name])) for one in way
        )


def _merged(ways: list[Alternative]) -> Alternative:
    """One list for several: sure is what is sure in all of them, shown what any of them shows."""
    found: dict[str, Entry] = {}
    for way in ways:
        for entry in way:
            known = found.setdefault(entry.name, entry)
            both = tuple((field, one | dict(entry.values)[field]) for field, one in known.values)
            found[entry.name] = Entry(entry.name, known.is_sure and entry.is_sure, both)
    everywhere = set.intersection(*({entry.name for entry in way} for way in ways))
    merged = [attrs.evolve(one, is_sure=one.is_sure and one.name in everywhere) for one in found.values()]
    return tuple(one for one in merged if one != OTHERS) + ((OTHERS,) if OTHERS in merged else ())


def _line(listing: Listing, way: Alternative, seen: Listed | None) -> str:
    recorded = {spell(key): dict(fields) for key, fields in seen.entries} if seen is not None else {}
    short = way
    if len(way) > ENTRIES:
        short = tuple(one for one in way if one == OTHERS or not _is_as_recorded(one, recorded))
    said = [_words(one, is_plain=len(listing.fields) == 1) for one in short]
    if len(short) < len(way):
        there = {one.name for one in way}
        said.extend(f"not {name}" for name in recorded if name not in there and OTHERS not in way)
        said.append(f"{len(way) - len(short)} as recorded")
    return f"{listing.name} {', '.join(said) or 'empty'}"


def _is_as_recorded(entry: Entry, recorded: dict[str, dict[str, object]]) -> bool:
    given = recorded.get(entry.name)
    return given is not None and all(
        shown_value(given[field]) in values for field, values in entry.values if field in given
    )


def _words(entry: Entry, *, is_plain: bool) -> str:
    """An entry for people; `is_plain` where the name of its only field goes without saying."""
    values = [(field, " | ".join(sorted(found))) for field, found in entry.values]
    shown = [one if is_plain else f"{field} {one}" for field, one in values]
    name = entry.name if entry.is_sure else f"perhaps {entry.name}"
    return f"{name} ({', '.join(shown)})" if shown else name
