"""Faults of what answers show: a status too late or too early, a field with another value."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, replace
from statemodel.model.graph import ABSENT, Initiator, Transition
from statemodel.model.operation import ANY, Action, Field, Operation
from statemodel.semantics import System, View

Operations = Mapping[str, Operation]
Shows = Callable[[Any], Any]


def shown_faults(system: System) -> Iterator[tuple[str, str, Operations]]:
    """Every fault of a field: its kind, where it is, and the operation that is otherwise."""
    for name, operation in system.operations.items():
        for place, field in enumerate(operation.fields):
            for kind, words, shows in _of_field(system, field):
                fields = _put(operation.fields, place, attrs.evolve(field, shows=shows))
                yield kind, f"{name}.{field.name}{words}", {name: attrs.evolve(operation, fields=fields)}
        if operation.listing is not None:
            for place, field in enumerate(operation.listing.fields):
                for kind, words, shows in _of_field(system, field):
                    fields = _put(operation.listing.fields, place, attrs.evolve(field, shows=shows))
                    listing = attrs.evolve(operation.listing, fields=fields)
                    yield kind, f"{name} entries.{field.name}{words}", {name: attrs.evolve(operation, listing=listing)}


def _put(fields: tuple[Field, ...], place: int, field: Field) -> tuple[Field, ...]:
    return (*fields[:place], field, *fields[place + 1 :])


def _of_field(system: System, field: Field) -> Iterator[tuple[str, str, Shows]]:
    yield "field wrong", "", _Otherwise(field)
    if field.known:
        for place in range(len(system.parts)):
            for kind, state, other in _taken_for(system, place):
                yield kind, f": {system.parts[place]} {state} reads as {other}", _TakenFor(field, place, state, other)


def _taken_for(system: System, place: int) -> Iterator[tuple[str, str, str]]:
    """States that read as the one before, or as one that is still to come."""
    found: dict[tuple[str, str, str], None] = {}
    for (position, source, _), rows in system.cells.items():
        for row, _ in rows if position == place else ():
            target = row.target if isinstance(row, Transition) else None
            if target is not None and target != source and ABSENT not in (source, target):
                if getattr(row.event, "action", None) is not Action.READ:
                    found["status stale", target, source] = None
                if isinstance(row, Transition) and row.initiator is Initiator.SERVICE:
                    found["status early", source, target] = None
    yield from found


@attrs.frozen
class _TakenFor:
    """A field that takes members in one state of a part for members in another."""

    field: Field
    place: int
    state: str
    other: str

    def __call__(self, view: View) -> Any:
        configuration = self._seen(view.configuration)
        return self.field.shows(View(view.system, configuration, view.args, view.target, view.position, view.key))

    def _seen(self, configuration: Configuration) -> Configuration:
        slot = configuration[self.place]
        if isinstance(slot, Family):
            members = tuple((key, self._taken(one)) for key, one in slot.members)
            return replace(configuration, self.place, attrs.evolve(slot, members=members))
        return replace(configuration, self.place, self._taken(slot))

    def _taken(self, member: Member) -> Member:
        return attrs.evolve(member, state=self.other) if member.state == self.state else member


@attrs.frozen
class _Otherwise:
    """A field that always shows another value than it should."""

    field: Field

    def __call__(self, view: View) -> Any:
        values = self.field.shows(view)
        if values is ANY:
            return ANY
        others = [one for one in self.field.known if one not in values]
        if others:
            return (others[0],)
        if self.field.name == "content":
            return values
        return tuple(f"{value}1" if isinstance(value, str) else value for value in values)
