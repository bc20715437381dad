"""How a call names a resource: arguments and the key of its history, each from the other. Knows no client.

A resource is told from others by the identity that every call must give, its name, and by what a call may give besides
and what has a documented default, such as a namespace. The key is the name alone where all of that is as by default,
and the values with the name after them, "other/fn-1", where it is not.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from statemodel.configuration import Configuration, Member
from statemodel.model.data import spell
from statemodel.model.graph import Numbered
from statemodel.model.operation import Operation, Subject
from statemodel.system import System


@lru_cache(maxsize=512)
def spaces(operation: Operation) -> tuple[tuple[str, str], ...]:
    """What may be given besides the name to tell resources apart: parameters, each with its default."""
    return tuple(
        (one.name, one.default)
        for one in operation.parameters
        if one.subject is Subject.IDENTITY and not one.required and isinstance(one.default, str)
    )


@lru_cache(maxsize=512)
def _own(operation: Operation) -> tuple[str, ...]:
    """The parameters that must name the resource."""
    return tuple(one.name for one in operation.parameters if one.subject is Subject.IDENTITY and one.required)


@lru_cache(maxsize=512)
def _second(operation: Operation) -> tuple[str, ...]:
    """The parameters that name the second resource of an operation on two."""
    return tuple(second(operation, ""))


def keyed(values: tuple[str, ...], name: str) -> str:
    """The key of a resource in a space.

    >>> keyed(("other",), "fn-1")
    'other/fn-1'
    """
    return "/".join((*values, name))


def identity(operation: Operation, resource: str) -> dict[str, str]:
    """The arguments that name a resource.

    Args:
        operation: what is called.
        resource: its key.
    """
    found = spaces(operation)
    *values, name = resource.rsplit("/", len(found)) if found else (resource,)
    own = dict.fromkeys(_own(operation), name)
    if len(values) < len(found):
        return own
    return {**own, **{one: value for (one, default), value in zip(found, values, strict=True) if value != default}}


def named(operation: Operation, args: Mapping[str, Any]) -> str:
    """The key of the resource that arguments name."""
    name = next((str(args[one]) for one in _own(operation) if args.get(one) is not None), "nobody")
    return keyed(_values(operation, args), name)


def is_listed(operation: Operation, args: Mapping[str, Any], resource: str) -> bool:
    """Whether a list of resources that was asked for so speaks of one of them."""
    if not spaces(operation):
        return True
    values = _values(operation, args)
    return resource == keyed(values, resource.rpartition("/")[2])


def _values(operation: Operation, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of what a call gives besides the name; none where they are as by default."""
    found = spaces(operation)
    values = tuple(default if args.get(name) is None else str(args[name]) for name, default in found)
    return () if values == tuple(default for _, default in found) else values


def second(operation: Operation, other: str) -> dict[str, str]:
    """The arguments that name the second resource of an operation on two."""
    within = {name for name, _ in spaces(operation)}
    own = identity(operation, other)
    return {f"{'Target' if name in within else 'New'}{name}": value for name, value in own.items()}


def named_second(operation: Operation, args: Mapping[str, Any]) -> str | None:
    """The key of the second resource that arguments name, or None."""
    name = next((str(args[one]) for one in _second(operation) if one in args), None)
    if name is None:
        return None
    return keyed(_values(operation, {one: args.get(f"Target{one}") for one, _ in spaces(operation)}), name)


def members(system: System, belief: Iterable[Configuration], subject: Subject) -> list[str]:
    """Names of the members that exist in some configuration believed in, as a call would give them."""
    found: dict[str, None] = {}
    for place, graph in enumerate(system.service.parts):
        wanted = subject is Subject.QUALIFIER or isinstance(graph.many, Numbered) == (subject is Subject.VERSION)
        if graph.many is None or not wanted:
            continue
        slots = [one[place] for one in belief]
        keys = {key for slot in slots if not isinstance(slot, Member) for key, _ in slot.present()}
        found.update(dict.fromkeys(spell(key) for key in sorted(keys, key=lambda key: (str(type(key)), key))))
    return [name for name in found if not name.startswith("?")]
