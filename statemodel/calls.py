"""Calls as histories and clients make them: defaults filled in, limits checked, numbers of versions read."""

from collections.abc import Mapping
from typing import Any

import attrs

from statemodel.model.data import read_key
from statemodel.model.operation import UNRECORDED, Operation, Subject


@attrs.frozen(cache_hash=True)
class Call:
    """An operation with its arguments, defaults filled in, numbers of versions read.

    Attributes:
        name: the operation.
        args: name and value of each parameter of the operation, in its order.
        invalid: for each limit that a value breaks: the codes that refuse it, and whether refusal is sure.
    """

    name: str
    args: tuple[tuple[str, Any], ...] = ()
    invalid: tuple[tuple[tuple[str, ...] | None, bool], ...] = ()


def call(operation: Operation, args: Mapping[str, Any] | None = None) -> Call:
    """A call as a history or a client makes it.

    Args:
        operation: what is called.
        args: arguments as sent; a required one that is missing was not recorded, None was not sent.

    Returns:
        The call, with what is wrong with its arguments.
    """
    sent = args or {}
    bound: list[tuple[str, Any]] = []
    invalid: list[tuple[tuple[str, ...] | None, bool]] = []
    for parameter in operation.parameters:
        value = look_up(sent, parameter.name)
        if value is UNRECORDED:
            value = UNRECORDED if parameter.required else parameter.default
        elif value is None:
            if parameter.required:
                invalid.append((parameter.missing, True))
            value = parameter.default
        elif parameter.problem(value) is not None:
            invalid.append((parameter.codes, True))
        if parameter.subject is Subject.IDENTITY:
            value = UNRECORDED
        elif parameter.subject in (Subject.VERSION, Subject.QUALIFIER, Subject.ALIAS):
            value = _name(value, parameter.subject)
        bound.append((parameter.name, _frozen(value)))
    values = dict(bound)
    invalid.extend((rule.codes, rule.sure) for rule in operation.rules if rule.keeps(values) is False)
    return Call(operation.name, tuple(bound), tuple(invalid))


def look_up(record: Mapping[str, Any], name: str) -> Any:
    """The value under a dotted name, or UNRECORDED."""
    if "." not in name:
        return record.get(name, UNRECORDED)
    found: Any = record
    for step in name.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return UNRECORDED
        found = found[step]
    return found


def _name(value: Any, subject: Subject) -> Any:
    """A name as it is told from others: numbers as numbers, but for aliases; whatever is no name as a text of it."""
    if value is None or value is UNRECORDED:
        return value
    if isinstance(value, str):
        return value if subject is Subject.ALIAS else read_key(value)
    is_number = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if is_number and subject is not Subject.ALIAS else str(value)


def _frozen(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(one)) for key, one in value.items()))
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
