"""Alibaba Cloud ActionTrail: events of Function Compute 3.0.

Fields as documented (Simple Log Service, fields of ActionTrail logs, sls/log-fields-25): event.eventName,
event.eventTime in UTC, event.acsRegion, event.recipientAccountId, event.serviceName, event.requestParameterJson and
event.requestParameters, event.responseElements, event.errorCode, event.resourceName. Actions begin with a capital
there; the API spells its operations with a small letter.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from statemodel.model.history import Record

SERVICES: Final = ("fc", "fc-open", "functioncompute")


def record(event: Mapping[str, Any]) -> Record | None:
    """The record of an event; None where it is none of Function Compute, or names no function."""
    service = str(event.get("serviceName") or event.get("eventSource") or "").lower()
    if service not in SERVICES and service.partition(".")[0] not in SERVICES:
        return None
    args = members(event.get("requestParameterJson")) or members(event.get("requestParameters"))
    args = {name[:1].lower() + name[1:]: one for name, one in args.items()}
    shown = members(event.get("responseElements"))
    called = args.get("functionName") or shown.get("functionName") or event.get("resourceName")
    if not isinstance(event.get("eventName"), str) or not isinstance(called, str) or not called:
        return None
    name = called.rpartition("/")[2]
    found: Record = {
        "resource": f"{event.get('recipientAccountId') or ''}/{event.get('acsRegion') or ''}/{name}",
        "op": event["eventName"][:1].lower() + event["eventName"][1:],
        "args": {**args, "functionName": name},
    }
    if isinstance(event.get("eventTime"), str):
        found["at"] = event["eventTime"]
    if event.get("errorCode"):
        return {**found, "error": str(event["errorCode"])}
    return {**found, "result": shown}


def members(given: Any) -> dict[str, Any]:
    """An object, or a text of JSON with one; empty where it is something else."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {}
    return dict(given) if isinstance(given, dict) else {}
