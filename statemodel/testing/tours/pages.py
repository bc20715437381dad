"""Pages of one list put together, as far as they were read one right after the other. Knows no client."""

from collections.abc import Mapping
from typing import Any

import attrs

from statemodel.model.operation import UNRECORDED, Listing, Operation
from statemodel.semantics import look_up
from statemodel.testing.script import Step

MOST = 100


@attrs.frozen
class Whole:
    """A list put together.

    Attributes:
        args: the arguments of its pages without those that turn them.
        result: what one page with everything would have shown: names only, as the rest may change from page to page.
        reason: what is wrong with the pages by themselves, or None.
    """

    args: Mapping[str, Any]
    result: Mapping[str, Any]
    reason: str | None = None


class Pages:
    """The pages read so far.

    Attributes:
        following: arguments of the next page; None where there is none.
    """

    def __init__(self) -> None:
        self.following: dict[str, Any] | None = None
        self._of: tuple[str, dict[str, Any]] | None = None
        self._names: list[str] = []

    def clear(self) -> None:
        """Something else was done."""
        self.following = None
        self._of = None
        self._names = []

    def take(self, operation: Operation, step: Step) -> Whole | None:
        """Take an answer; the whole list where it was the last page of one."""
        listing = operation.listing
        page = None if listing is None else _page(listing, step)
        if listing is None or page is None:
            self.clear()
            return None
        limit = step.args[str(listing.limit)]
        turns = (listing.limit, listing.offset, listing.marker)
        rest = {name: value for name, value in step.args.items() if name not in turns}
        is_first = all(step.args.get(name) in (None, "", 0) for name in turns[1:] if name)
        if is_first:
            self.clear()
            self._of = (operation.name, rest)
        elif self._of != (operation.name, rest) or self.following != _turned(listing, step.args):
            self.clear()
            return None
        self._names.extend(page)
        assert step.reply is not None
        result = step.reply.result or {}
        self.following = _next(listing, result, len(self._names), limit, len(page))
        reason = f"a page of {len(page)} where {limit} was asked for" if len(page) > limit else None
        reason = reason or self._twice()
        if len(self._names) > MOST + limit:
            reason = reason or f"a list with no end: {len(self._names)} entries so far"
        return Whole(rest, *self._joined(listing, result, reason)) if reason or self.following is None else None

    def turned(self, operation: Operation, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Arguments of a page that was turned to once, with what leads there now: markers are the client's own."""
        listing = operation.listing
        if listing is None or listing.marker is None or self.following is None or not args.get(listing.marker):
            return args
        followed = {**args, listing.marker: self.following[listing.marker]}
        rest = {name: value for name, value in args.items() if name not in (listing.limit, listing.marker)}
        is_next = self._of == (operation.name, rest) and _turned(listing, followed) == self.following
        return followed if is_next else args

    def _twice(self) -> str | None:
        twice = next((name for name in self._names if self._names.count(name) > 1), None)
        return None if twice is None else f"{twice} is on two pages"

    def _joined(
        self, listing: Listing, result: Mapping[str, Any], reason: str | None
    ) -> tuple[dict[str, Any], str | None]:
        names = self._names
        total = look_up(result, listing.total) if listing.total else UNRECORDED
        if reason is None and isinstance(total, int) and total != len(names):
            reason = f"{listing.total} is {total} and the pages show {len(names)}"
        shown: dict[str, Any] = {listing.name: [{listing.key: name} for name in names]}
        if listing.total:
            shown[listing.total] = len(names)
        self.clear()
        return shown, reason


def _page(listing: Listing, step: Step) -> list[str] | None:
    """The names on one page of an unfiltered list; None where it is none."""
    limit = step.args.get(listing.limit) if listing.limit else None
    others = set(listing.paging) - {listing.limit, listing.offset, listing.marker}
    is_narrowed = any(step.args.get(name) not in (None, "") for name in (*others, *listing.filters))
    if step.reply is None or step.reply.result is None or is_narrowed:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        return None
    given = look_up(step.reply.result, listing.name)
    if not isinstance(given, list):
        return None
    names = [look_up(entry, listing.key) if isinstance(entry, Mapping) else entry for entry in given]
    return names if all(isinstance(name, str) for name in names) else None


def first(listing: Listing, limit: int) -> dict[str, Any] | None:
    """Arguments of the first page; None where the list has no pages to turn."""
    if not listing.limit or not (listing.offset or listing.marker):
        return None
    return {listing.limit: limit}


def _turned(listing: Listing, args: Mapping[str, Any]) -> dict[str, Any]:
    turns = (listing.limit, listing.offset, listing.marker)
    return {name: args[name] for name in turns if name and args.get(name) is not None}


def _next(listing: Listing, result: Mapping[str, Any], count: int, limit: int, size: int) -> dict[str, Any] | None:
    """Arguments of the page after this one."""
    assert listing.limit is not None
    if listing.marker:
        marker = look_up(result, listing.following or listing.marker)
        return None if marker in (UNRECORDED, None, "") else {listing.limit: limit, listing.marker: marker}
    total = look_up(result, listing.total) if listing.total else UNRECORDED
    is_last = count >= total if isinstance(total, int) else size < limit
    return None if is_last or not size else {listing.limit: limit, str(listing.offset): count}
