"""Lists of a fake service: entries in order, filtered, and cut into pages."""

from collections.abc import Mapping
from typing import Any

import attrs

from statemodel.configuration import order
from statemodel.model.data import Key, read_key, spell
from statemodel.model.operation import ANY, UNRECORDED, Field, Listing, Operation
from statemodel.semantics import View
from statemodel.simulator.world import Turn

Shown = dict[str, Any]


@attrs.frozen
class Entry:
    """One entry with the place it has in the whole list."""

    rank: tuple[Any, ...]
    shown: Shown


def pick(turn: Turn, field: Field, view: View) -> Any:
    """What a field shows, or ANY."""
    values = field.shows(view)
    if values is ANY:
        return ANY
    value = turn.chance.pick(tuple(dict.fromkeys(values)))
    is_symbol = field.name == "content" and isinstance(value, int)
    return turn.contents[value] if is_symbol else value


def listed(turn: Turn, operation: Operation, view: View, scope: Mapping[str, str]) -> Shown:
    """The fields of an answer that make up a list; of resources, those that `scope` tells apart from others."""
    listing = operation.listing
    assert listing is not None
    entries = _resources(turn, listing, view, scope) if listing.part is None else _members(turn, listing, view)
    args = {name: value for name, value in view.args.items() if value not in (None, UNRECORDED, "")}
    entries = [entry for entry in entries if _passes(entry, operation, args)]
    entries.sort(key=lambda entry: entry.rank, reverse=_is_backward(listing, args))
    entries[:0] = _besides(listing, args)
    return _page(listing, entries, args)


def _members(turn: Turn, listing: Listing, view: View) -> list[Entry]:
    if listing.part is None or not view.has(listing.part):
        return []
    position = view.system.parts.index(listing.part)
    found = []
    for key, _ in view.members(listing.part):
        each = view.at(position, key)
        if _is_present(turn, listing, each):
            found.append(Entry(_rank(key), _entry(turn, listing, each, spell(key))))
    return found


def _resources(turn: Turn, listing: Listing, view: View, scope: Mapping[str, str]) -> list[Entry]:
    found = []
    for owner, configuration in turn.resources.items():
        own = dict(owner)
        each = View(view.system, configuration, view.args, {})
        is_asked_for = listing.key in own and all(own.get(name) == value for name, value in scope.items())
        if is_asked_for and _is_present(turn, listing, each):
            found.append(Entry((own[listing.key],), _entry(turn, listing, each, own[listing.key])))
    return found


def _is_present(turn: Turn, listing: Listing, view: View) -> bool:
    present = True if listing.present is None else listing.present(view)
    return turn.chance.pick((True, False)) if present is None else present


def _entry(turn: Turn, listing: Listing, view: View, name: str) -> Shown:
    shown = {field.name: pick(turn, field, view) for field in listing.fields}
    return {listing.key: name, **{field: value for field, value in shown.items() if value is not ANY}}


def _rank(key: Key) -> tuple[Any, ...]:
    return order((key, None))


def _passes(entry: Entry, operation: Operation, args: Mapping[str, Any]) -> bool:
    """Whether an entry is asked for: by the beginning of its name, or by an argument with the name of a field."""
    listing = operation.listing
    assert listing is not None
    prefix = args.get(listing.prefix) if listing.prefix else None
    if isinstance(prefix, str) and not str(entry.shown[listing.key]).startswith(prefix):
        return False
    for field in listing.fields:
        wanted = args.get(field.name)
        if wanted is not None and field.name in entry.shown:
            allowed = wanted if isinstance(wanted, tuple) else (wanted,)
            if allowed and entry.shown[field.name] not in allowed:
                return False
    return True


def _is_backward(listing: Listing, args: Mapping[str, Any]) -> bool:
    return listing.forward is not None and args.get(listing.forward[0]) != listing.forward[1]


def _besides(listing: Listing, args: Mapping[str, Any]) -> list[Entry]:
    """Entries that are no members stand in front; their other fields are not modelled."""
    prefix = args.get(listing.prefix) if listing.prefix else None
    return [
        Entry((), {listing.key: name})
        for name in listing.besides
        if not isinstance(prefix, str) or name.startswith(prefix)
    ]


def _page(listing: Listing, entries: list[Entry], args: Mapping[str, Any]) -> Shown:
    asked = args.get(listing.limit) if listing.limit else None
    limit = asked if isinstance(asked, int) and not isinstance(asked, bool) and asked > 0 else listing.page
    start = _start(listing, entries, args)
    end = len(entries) if limit is None else min(start + limit, len(entries))
    shown: Shown = {listing.name: [entry.shown for entry in entries[start:end]]}
    if listing.total:
        shown[listing.total] = len(entries)
    if listing.marker and end < len(entries):
        shown[listing.following or listing.marker] = str(entries[end].shown[listing.key])
    return shown


def _start(listing: Listing, entries: list[Entry], args: Mapping[str, Any]) -> int:
    """Where a page begins: at an offset, or at the entry a token names, or at the next where that has gone."""
    offset = args.get(listing.offset) if listing.offset else None
    if isinstance(offset, int) and not isinstance(offset, bool) and offset > 0:
        return min(offset, len(entries))
    token = args.get(listing.marker) if listing.marker else None
    if token is None:
        return 0
    for place, entry in enumerate(entries):
        if str(entry.shown[listing.key]) == str(token):
            return place
    wanted = (str(token),) if listing.part is None else _rank(read_key(str(token)))
    backward = _is_backward(listing, args)
    behind = (entry.rank > wanted if not backward else entry.rank < wanted for entry in entries if entry.rank)
    first = len(entries) - sum(1 for entry in entries if entry.rank)
    return next((first + place for place, is_behind in enumerate(behind) if is_behind), len(entries))
