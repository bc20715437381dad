"""What one poll shows: the fields that make up a status, the code of a refusal, or that a list has no such entry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from statemodel.calls import look_up
from statemodel.model.operation import ANY, UNRECORDED, Operation

NOT_LISTED = "not listed"


@attrs.frozen(cache_hash=True)
class Reading:
    """One answer of the operation that shows the status.

    Attributes:
        fields: values of the fields, ANY for whatever it may be; None where there are none.
        error: code of the refusal, "*" for one that is not documented; or that a list has no such entry.
    """

    fields: tuple[Any, ...] | None = None
    error: str | None = None

    @classmethod
    def of_fields(cls, values: Iterable[Any]) -> "Reading":
        """An accepted read that shows these values."""
        return cls(tuple(values))

    @classmethod
    def of_error(cls, code: str) -> "Reading":
        """A refused read."""
        return cls(None, code)

    @classmethod
    def not_listed(cls) -> "Reading":
        """A list without the entry asked for."""
        return cls(None, NOT_LISTED)

    def only(self, places: Sequence[int]) -> "Reading":
        """The reading with these of its fields only."""
        return self if self.fields is None else Reading(tuple(self.fields[place] for place in places))

    def fits(self, seen: "Reading") -> bool:
        """Whether what was seen may be this."""
        if self.fields is None or seen.fields is None:
            return (self.fields is None) is (seen.fields is None) and self.error in ("*", seen.error)
        return all(one is ANY or (one == other and type(one) is type(other)) or other is ANY
                   for one, other in zip(self.fields, seen.fields, strict=True))

    def words(self, names: Sequence[str]) -> str:
        """The reading for people: a value where there is one field, each by name where there are more."""
        if self.fields is None:
            return self.error or ""
        if not self.fields:
            return "found"
        if len(self.fields) == 1:
            return spelled(self.fields[0])
        return ", ".join(f"{name}={spelled(value)}" for name, value in zip(names, self.fields, strict=True))


def spelled(value: Any) -> str:
    """A value as a table shows it."""
    return "any" if value is ANY else "null" if value is None else str(value)


def reading_of(operation: Operation, names: Sequence[str], answer: Mapping[str, Any], key: str | None) -> Reading:
    """What an answer shows.

    Args:
        operation: what was asked.
        names: the fields that make up the status.
        answer: `{"result": {...}}` or `{"error": code}`.
        key: name of the entry to look for where the operation answers a list; None takes the only one.
    """
    if answer.get("error") is not None:
        return Reading.of_error(str(answer["error"]))
    shown = answer.get("result") or {}
    if operation.listing is not None:
        entries = [each for each in shown.get(operation.listing.name) or () if isinstance(each, Mapping)]
        found = [each for each in entries if key is None or str(each.get(operation.listing.key)) == key]
        if not found:
            return Reading.not_listed()
        shown = found[0]
    return Reading.of_fields(_plain(look_up(shown, name)) for name in names)


def _plain(value: Any) -> Any:
    """A value as a status may be one: what is nested is told by its text."""
    if value is UNRECORDED:
        return None
    return value if value is None or isinstance(value, str | int | float) else str(value)
