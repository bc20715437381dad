"""What a call to a fake service speaks of: which resource, which content, and what its sender left to be filled in."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from statemodel.configuration import Family
from statemodel.model.data import Key
from statemodel.model.graph import Initiator
from statemodel.model.operation import UNRECORDED, Operation, Subject
from statemodel.semantics import Call, System, View, call, look_up
from statemodel.simulator.world import NOBODY, Identity, Turn

NAMES = (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)
SOURCE, TARGET = "source", "target"


@lru_cache(maxsize=64)
def naming(system: System) -> tuple[tuple[str, Any], ...]:
    """What tells resources apart: the name of each parameter that does, and its default."""
    found: dict[str, Any] = {}
    for operation in system.service.operations:
        for parameter in operation.parameters:
            if parameter.subject is Subject.IDENTITY:
                found.setdefault(parameter.name, parameter.default)
    return tuple(found.items())


def is_on_two(operation: Operation) -> bool:
    """Whether an operation speaks of two resources."""
    side = operation.parameter("as")
    return side is not None and set(side.values) == {SOURCE, TARGET}


def identity(system: System, operation: Operation, args: Mapping[str, Any]) -> Identity:
    """The resource that a call names; NOBODY where the operation does not name one."""
    if not any(one.subject is Subject.IDENTITY and one.required for one in operation.parameters):
        return NOBODY
    return tuple((name, _text(look_up(args, name), default)) for name, default in naming(system))


def scope(system: System, operation: Operation, args: Mapping[str, Any]) -> dict[str, str]:
    """What a call that names no resource says of the resources it speaks of, such as their namespace."""
    given = {one.name for one in operation.parameters if one.subject is Subject.IDENTITY}
    return {name: _text(look_up(args, name), default) for name, default in naming(system) if name in given}


def of_target(system: System, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call on two as its target has them: NewFunctionName, TargetNamespace are its own names."""
    own: dict[str, Any] = {}
    for name, _ in naming(system):
        for first in ("New", "Target"):
            spelled = first + name if name[0].isupper() else first.lower() + name[0].upper() + name[1:]
            given = look_up(args, spelled)
            if given not in (UNRECORDED, None):
                own[name] = given
    names = {name for name, _ in naming(system)}
    return {**{name: value for name, value in args.items() if name not in names}, **own}


def _text(given: Any, default: Any) -> str:
    value = default if given in (UNRECORDED, None) else given
    return value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)


def holder(turn: Turn, operation: Operation, made: Call) -> Identity:
    """The resource that a call speaks of without naming it: the one that has the member it names, or the last one."""
    for target in operation.targets(View(turn.system, turn.blank(), dict(made.args), {})):
        for owner, configuration in sorted(turn.resources.items()):
            for part, keys in target.items():
                position = turn.system.service.index(part)
                slot = None if position is None else configuration[position]
                if isinstance(slot, Family) and any(isinstance(key, int | str) and slot.get(key) for key in keys):
                    return owner
    return turn.last[0] if turn.last else NOBODY


def adopt(turn: Turn, owner: Identity) -> None:
    """Let a resource that nobody has named yet be the first one that is named."""
    if owner != NOBODY and NOBODY in turn.resources:
        configuration = turn.resources.pop(NOBODY)
        turn.due = {due.place: due for due in turn.due.values() if due.owner != NOBODY}
        turn.resources.setdefault(owner, configuration)


def bound(turn: Turn, operation: Operation, args: Mapping[str, Any], owner: Identity, side: str | None = None) -> Call:
    """A call as the model knows it.

    A name that was not sent is missing; any other argument that is required is filled in, as whoever uploads code
    does. An optional content that was not sent is the one that is there already.
    """
    sent = {name: value for name, value in args.items() if isinstance(name, str)}
    for parameter in operation.parameters:
        given = look_up(sent, parameter.name)
        if parameter.name == "as" and side is not None:
            sent["as"] = side
        elif parameter.subject is Subject.CONTENT:
            if (symbol := _content(turn, given, owner, is_required=parameter.required)) is not UNRECORDED:
                sent[parameter.name] = symbol
        elif given is UNRECORDED and parameter.required:
            if parameter.subject in NAMES:
                sent[parameter.name] = None
            elif parameter.tried or parameter.values:
                sent[parameter.name] = (*parameter.tried, *parameter.values)[0]
    return call(operation, sent)


def _content(turn: Turn, given: Any, owner: Identity, *, is_required: bool) -> Any:
    if given is None:
        return None
    if given is UNRECORDED:
        if is_required:
            return turn.symbol(turn.unnamed())
        present = turn.served(owner)
        return UNRECORDED if present is None else present
    return turn.symbol(given if isinstance(given, str) else json.dumps(given, default=str))


def named(operation: Operation, view: View) -> tuple[tuple[str, Key], ...]:
    """The members that a call names, of parts that the environment can move."""
    moved = {
        view.system.parts[position]
        for event in view.system.events
        if event.initiator is Initiator.ENVIRONMENT
        for position in view.system.leaders[event.name]
    }
    found: dict[tuple[str, Key], None] = {}
    for target in operation.targets(view):
        for part in sorted(moved & target.keys()):
            found.update(((part, key), None) for key in target[part] if isinstance(key, int | str))
    return tuple(found)
