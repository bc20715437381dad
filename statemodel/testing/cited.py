"""The limits of arguments that the answer to a call hangs on, in words, with who says so. Calls nobody."""

import json
from collections.abc import Iterator
from typing import Any, Final

from statemodel.model.evidence import Support
from statemodel.model.operation import UNRECORDED, Operation, Parameter
from statemodel.semantics import call, look_up
from statemodel.show import sources_of
from statemodel.testing.report import Said
from statemodel.testing.script import Step
from statemodel.testing.tours.limits import is_checked

MANY: Final = "a page of "


def limits(operation: Operation, step: Step, reason: str | None = None) -> list[Said]:
    """The limits that the arguments of a call break; where it was refused and they break none, those that they keep.

    Args:
        operation: what was called.
        step: the call with its answer.
        reason: what is wrong with a list put together, if anything; of too long a page it is the limit of its length.
    """
    if step.reply is None:
        return []
    if reason is not None:
        listing = operation.listing
        length = None if listing is None or listing.limit is None else operation.parameter(listing.limit)
        return [] if length is None or not reason.startswith(MANY) else list(_said(length))
    broken = [one for parameter in operation.parameters for one in _broken(parameter, step)]
    for rule in operation.rules:
        if rule.keeps(dict(call(operation, step.args).args)) is False:
            broken.extend(_cited(rule.name, rule.evidence))
    return broken or (list(_kept(operation, step)) if step.reply.error is not None else [])


def _broken(parameter: Parameter, step: Step) -> Iterator[Said]:
    value = look_up(step.args, parameter.name)
    if value in (UNRECORDED, None):
        return
    if parameter.problem(value) is not None:
        yield from _said(parameter)


def _kept(operation: Operation, step: Step) -> Iterator[Said]:
    """Limits of plain values that were sent just within them."""
    for parameter in operation.parameters:
        if is_checked(parameter) and _is_edge(parameter, look_up(step.args, parameter.name)):
            yield from _said(parameter)


def _is_edge(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, str) and len(value) == parameter.longest:
        return True
    return value is not None and value in (parameter.minimum, parameter.maximum, *parameter.values)


def _said(parameter: Parameter) -> Iterator[Said]:
    words = " and ".join(in_words(parameter))
    if words:
        yield from _cited(f"{parameter.name} must {words}", parameter.evidence)


def _cited(words: str, evidence: Support) -> Iterator[Said]:
    if evidence:
        yield Said(words, tuple(sources_of(evidence)))


def in_words(parameter: Parameter) -> Iterator[str]:
    """What a value must do to keep the limits of a parameter.

    >>> list(in_words(Parameter("limit", minimum=1, maximum=100)))
    ['be from 1 to 100']
    >>> list(in_words(Parameter("name", pattern="[a-z]+", longest=64)))
    ['have at most 64 characters', 'match [a-z]+']
    """
    low, high = parameter.minimum, parameter.maximum
    if parameter.values:
        yield f"be {' or '.join(map(_spelled, parameter.values))}"
    if low is not None and high is not None:
        yield f"be from {_spelled(low)} to {_spelled(high)}"
    elif low is not None:
        yield f"be at least {_spelled(low)}"
    elif high is not None:
        yield f"be at most {_spelled(high)}"
    if parameter.step is not None and parameter.step != 1:
        yield f"be a multiple of {_spelled(parameter.step)}"
    if parameter.longest is not None:
        yield f"have at most {parameter.longest} characters"
    if parameter.pattern is not None:
        yield f"match {parameter.pattern}"


def _spelled(value: Any) -> str:
    is_whole = isinstance(value, float) and value.is_integer()
    return value if isinstance(value, str) else json.dumps(int(value) if is_whole else value)
