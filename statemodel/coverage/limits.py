"""Arguments that break one limit of an operation and keep all others, to see whether the limit is enforced."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from statemodel.model.operation import Operation, Parameter, Subject
from statemodel.semantics import call

NONSENSE: Final = "no such value"


def breaking(operation: Operation) -> list[dict[str, Any]]:
    """Arguments each of which breaks one limit of an operation for sure, beside what has to be sent anyway."""
    found: list[dict[str, Any]] = []
    for parameter in operation.parameters:
        found.extend({parameter.name: value} for value in _beyond(parameter) if parameter.name != "as")
    for rule in operation.rules:
        found.extend(_against(operation, rule.keeps))
    return [args for args in found if _is_single(operation, args)]


def _is_single(operation: Operation, args: dict[str, Any]) -> bool:
    """Whether these arguments break exactly one limit, and refusal is sure."""
    invalid = call(operation, args).invalid
    return len(invalid) == 1 and invalid[0][1]


def _beyond(parameter: Parameter) -> Iterator[Any]:
    """One value beyond each limit."""
    if parameter.values:
        yield NONSENSE
    if parameter.minimum is not None:
        yield _plain(parameter.minimum - (parameter.step or 1))
    if parameter.maximum is not None:
        yield _plain(parameter.maximum + (parameter.step or 1))
    if parameter.step is not None:
        yield round((parameter.minimum or 0) + parameter.step / 2, 6)
    if parameter.longest is not None:
        yield "x" * (parameter.longest + 1)
    if parameter.pattern is not None:
        yield from (name for name in ("1 no name!",) if parameter.longest is None or len(name) <= parameter.longest)


def _plain(number: float) -> float:
    """A whole number as one."""
    return int(number) if float(number).is_integer() else number


def _against(operation: Operation, keeps: Any) -> list[dict[str, Any]]:
    """The first pair of arguments that are fine by themselves and break a rule together."""
    plain = [one for one in operation.parameters if one.subject is Subject.VALUE]
    choices = [(one.name, value) for one in plain for value in _fine(one)]
    for first, second in combinations(choices, 2):
        args = dict((first, second))
        if len(args) == 2 and keeps(args) is False:
            return [args]
    return []


def _fine(parameter: Parameter) -> Iterator[Any]:
    """Values that keep the limits of a parameter."""
    bounds = [_plain(one) for one in (parameter.minimum, parameter.maximum) if one is not None]
    yield from (value for value in (*bounds, {}) if parameter.problem(value) is None)
