"""What can be seen of an answer, and whether another may show the same; contents are compared as symbols."""

from collections.abc import Iterator
from typing import Any

import attrs

from statemodel.model.operation import ANY, Listing, Operation
from statemodel.semantics import Refused, Step, View

Shown = tuple[tuple[str, Any], ...]


@attrs.frozen
class Told:
    """What can be seen of an answer: the code of a refusal, or the fields and entries of what is accepted."""

    code: str | None = None
    fields: Shown = ()
    entries: tuple[tuple[Any, bool | None, Shown], ...] | None = None

    def fits(self, step: Step) -> bool:
        """Whether a step of the model may show the same."""
        if isinstance(step.answer, Refused):
            return self.code is not None and (step.answer.codes is None or self.code in step.answer.codes)
        if self.code is not None:
            return False
        own = told(step.answer.operation, step.answer.view)
        return _is_shown(self.fields, own.fields) and self._is_listed(own)

    def _is_listed(self, own: "Told") -> bool:
        known = {key: (present, fields) for key, present, fields in own.entries or ()}
        for key, present, fields in self.entries or ():
            may_be, shown = known.pop(key, (False, ()))
            if may_be is not None and may_be is not present:
                return False
            if present is not False and not _is_shown(fields, shown):
                return False
        return all(present is not True for present, _ in known.values())


def _is_shown(fields: Shown, own: Shown) -> bool:
    """Whether every value that may be shown is one that may be shown there as well; what is left out is none."""
    other = dict(own)
    for name, values in fields:
        allowed = other.get(name, ANY)
        if values is not ANY and allowed is not ANY and not set(values) <= set(allowed):
            return False
    return True


def told(operation: Operation, view: View) -> Told:
    """What is shown where a call is accepted."""
    fields = tuple((field.name, _values(field.shows(view))) for field in operation.fields)
    if operation.listing is None:
        return Told(None, fields)
    return Told(None, fields, tuple(_entries(operation.listing, view)))


def _entries(listing: Listing, view: View) -> Iterator[tuple[Any, bool | None, Shown]]:
    views: list[tuple[Any, View]] = [(None, view)]
    if listing.part is not None:
        place = view.system.service.index(listing.part)
        views = [] if place is None else [(key, view.at(place, key)) for key, _ in view.members(listing.part)]
    for key, each in views:
        present = True if listing.present is None else listing.present(each)
        yield key, present, tuple((field.name, _values(field.shows(each))) for field in listing.fields)


def _values(values: Any) -> Any:
    return values if values is ANY else tuple(values)
