"""Audit logs of clouds as records of histories: which event is which call of which function. Knows no model.

An event that is of another service, or that names no function, is no record and is left out; callers count them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

from statemodel.logs import actiontrail, cloudaudit, cloudtrail
from statemodel.model.history import Record

Event = Mapping[str, Any]
READERS: Final[Mapping[str, Callable[[Event], Record | None]]] = {
    "cloudtrail": cloudtrail.record,
    "cloudaudit": cloudaudit.record,
    "actiontrail": actiontrail.record,
}
LISTS: Final = ("Records", "Events", "events", "records")


def events(file: IO[bytes]) -> Iterator[Any]:
    """The events of a log: members of an object such as {"Records": [...]}, of a list, or one a line.

    Raises:
        ValueError: it is no JSON.
    """
    data = file.read()
    try:
        yield from unwrapped(json.loads(data))
    except ValueError:
        lines = [line for line in data.split(b"\n") if line.strip()]
        if len(lines) < 2:
            raise
        for line in lines:
            yield from unwrapped(json.loads(line))


def unwrapped(found: Any) -> Iterator[Any]:
    """The events within what an API or a delivery wraps around them."""
    if isinstance(found, list):
        for one in found:
            yield from unwrapped(one)
        return
    if not isinstance(found, dict):
        yield found
        return
    inside = next((found[name] for name in LISTS if isinstance(found.get(name), list)), None)
    if inside is not None:
        yield from unwrapped(inside)
    elif isinstance(found.get("CloudTrailEvent"), str):
        yield json.loads(found["CloudTrailEvent"])
    elif isinstance(found.get("CloudAuditEvent"), str):
        yield json.loads(found["CloudAuditEvent"])
    elif "event" in found and "eventName" not in found:
        inner = found["event"]
        yield json.loads(inner) if isinstance(inner, str) else inner
    else:
        yield found
