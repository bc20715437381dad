"""What one record says, in the terms of the model: arguments bound, fields known to the model, the rest left out."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import attrs

from statemodel.model.data import spell
from statemodel.model.graph import Refusal
from statemodel.model.operation import UNRECORDED, Field, Listing, Operation, Subject
from statemodel.semantics import Call, System, call, look_up, read_key

ANY_CODE = "*"


@attrs.frozen(cache_hash=True)
class Listed:
    """A list in an answer.

    Attributes:
        entries: name and known fields of each entry.
        is_complete: whether an entry that is missing does not exist.
        is_filtered: whether the list was only to show some members.
    """

    entries: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...]
    is_complete: bool
    is_filtered: bool = False


@attrs.frozen(cache_hash=True)
class Seen:
    """One call with its answer.

    Attributes:
        call: the call.
        error: code of a refusal, or None.
        shown: known fields of an accepted answer that were recorded, by name; content is a symbol.
        listed: the list it shows, or None.
        is_lost: whether the answer was lost.
        unknown: a value that the model does not know, in words, or None.
    """

    call: Call
    error: str | None = None
    shown: tuple[tuple[str, Any], ...] = ()
    listed: Listed | None = None
    is_lost: bool = False
    unknown: str | None = None


def read(
    operation: Operation,
    record: Mapping[str, Any],
    content: Mapping[str, int],
    names: frozenset[str],
    numbered: frozenset[str],
) -> Seen:
    """What a record of a call says.

    Args:
        operation: the operation recorded.
        record: the record.
        content: symbol of each content the record speaks of.
        names: names under which lists may show the resource itself.
        numbered: parts whose members have numbers.
    """
    args = dict(record.get("args") or {})
    if "as" in record:
        args["as"] = record["as"]
    for parameter in operation.parameters:
        given = look_up(args, parameter.name)
        if parameter.subject is Subject.CONTENT and isinstance(given, str):
            args[parameter.name] = content[given]
        elif parameter.subject is Subject.CONTENT and given is not None:
            args.pop(parameter.name, None)
    made = call(operation, args)
    if record.get("lost"):
        return Seen(made, is_lost=True)
    if "error" in record:
        return Seen(made, error=record["error"])
    result = record.get("result") or {}
    shown: list[tuple[str, Any]] = []
    unknown = None
    for field in operation.fields:
        value = look_up(result, field.name)
        if value is UNRECORDED:
            continue
        unknown = unknown or _unknown(field, value)
        shown.append((field.name, _content(value, content) if field.name == "content" else _plain(value)))
    listed = None
    if operation.listing is not None:
        listed, stranger = _listed(operation.listing, args, result, names, numbered)
        unknown = unknown or stranger
    return Seen(made, shown=tuple(shown), listed=listed, unknown=unknown)


def _content(value: Any, content: Mapping[str, int]) -> Any:
    """The symbol of content, or None for none; what is no text is no content at all, and never agrees."""
    return content[value] if isinstance(value, str) else None if value is None else f"no text: {value!r}"


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value)) if isinstance(value, list) else str(value) if isinstance(value, dict) else value


def is_strange(known: tuple[Any, ...], value: Any) -> bool:
    """Whether a value is none of those that a service is known to use."""
    return bool(known) and value is not None and value not in known


def _unknown(field: Field, value: Any) -> str | None:
    if is_strange(field.known, _plain(value)):
        return f"{field.name} {_quoted(value)} is none of {', '.join(map(shown_value, field.known))}"
    return None


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _listed(
    listing: Listing,
    args: Mapping[str, Any],
    result: Mapping[str, Any],
    names: frozenset[str],
    numbered: frozenset[str],
) -> tuple[Listed | None, str | None]:
    given = look_up(result, listing.name)
    if not isinstance(given, list):
        return None, None
    entries: list[tuple[Any, tuple[tuple[str, Any], ...]]] = []
    unknown = None
    is_named = True
    for entry in given:
        name = look_up(entry, listing.key) if isinstance(entry, Mapping) else entry
        if not isinstance(name, str | int):
            name = UNRECORDED
        is_named = is_named and name is not UNRECORDED
        if name is UNRECORDED or name in listing.besides or (listing.part is None and name not in names):
            continue
        fields = tuple(
            (field.name, _plain(look_up(entry, field.name)))
            for field in listing.fields
            if isinstance(entry, Mapping) and look_up(entry, field.name) is not UNRECORDED
        )
        for field in listing.fields:
            value = look_up(entry, field.name) if isinstance(entry, Mapping) else UNRECORDED
            if value is not UNRECORDED:
                unknown = unknown or _unknown(field, value)
        key = "self" if listing.part is None else read_key(str(name)) if listing.part in numbered else name
        entries.append((key, fields))
    is_complete = is_named and _is_complete(listing, args, result, len(given))
    return Listed(tuple(entries), is_complete, _is_sent(args, listing.filters)), unknown


def _is_sent(sent: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(look_up(sent, name) not in (UNRECORDED, None, "", 0) for name in names)


def _is_complete(listing: Listing, args: Mapping[str, Any], result: Mapping[str, Any], count: int) -> bool:
    total = look_up(result, listing.total) if listing.total else UNRECORDED
    if isinstance(total, int) and not isinstance(total, bool):
        return count >= total
    return (
        not _is_sent(args, listing.paging)
        and not _is_sent(result, listing.paging)
        and (listing.page is None or count < listing.page)
    )


class Codes:
    """Which codes of a refusal say something about the state, which only about the request, and which nothing."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.skipped = system.service.skip_codes
        self.of_state: dict[str, set[str]] = {}
        for graph in (*system.service.parts, *system.service.around):
            for row in (*graph.transitions, *graph.refusals):
                if isinstance(row, Refusal):
                    self.of_state.setdefault(row.operation.name, set()).update(row.codes or ())

    def is_skipped(self, operation: str, code: str) -> bool:
        """Whether the code is one of throttling, authentication or internal errors."""
        if code in self.of_state.get(operation, ()):
            return False
        return any(fnmatchcase(code, pattern) for pattern in self.skipped)

    def is_of_request(self, operation: Operation, code: str) -> bool:
        """Whether the code only speaks of the request, so that it may come in any state."""
        if code in self.of_state.get(operation.name, ()):
            return False
        return any(fnmatchcase(code, pattern) for pattern in operation.request_codes)

    def says_nothing(self, seen: Seen) -> bool:
        """Whether an answer is a refusal that only speaks of the request."""
        return seen.error is not None and self.is_of_request(self.system.operations[seen.call.name], seen.error)


def shown_value(value: Any) -> str:
    """A value for people, as JSON has it; texts are bare, and so are numbers, those that nobody has seen marked.

    >>> [shown_value(one) for one in (None, True, "Active", 3, -3, ("a", "b"))]
    ['null', 'true', 'Active', '3', '?3', '["a", "b"]']
    """
    if isinstance(value, str):
        return value
    is_key = isinstance(value, int) and not isinstance(value, bool)
    return spell(value) if is_key else _quoted(value)
