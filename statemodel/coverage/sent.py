"""Which arguments a client is sent: what it must know, and what it says it can take. Knows no chart."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from statemodel.model.operation import UNRECORDED, Operation, Parameter, Subject

Takes = Callable[[Operation, str, Any], bool]
NAMES = (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER, Subject.CONTENT)


def is_wish(parameter: Parameter) -> bool:
    """Whether a client must fill a parameter in by itself, so that a value sent is a wish and what counts is seen."""
    return parameter.required and parameter.subject is Subject.VALUE and parameter.name != "as"


@lru_cache(maxsize=512)
def wishes_of(operation: Operation) -> tuple[str, ...]:
    """Names of the parameters of which that holds."""
    return tuple(one.name for one in operation.parameters if is_wish(one))


def sendable(abilities: frozenset[str]) -> Takes:
    """Which arguments a client of these abilities takes: names and content always, the rest if it says so."""

    def takes(operation: Operation, name: str, value: Any) -> bool:
        parameter = operation.parameter(name)
        assert parameter is not None
        if value is UNRECORDED or parameter.subject in NAMES or name == "as":
            return True
        return ("publish" if name in ("Publish", "publish") else "parameters") in abilities

    return takes
