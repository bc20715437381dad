"""Tencent Cloud CloudAudit: events of SCF.

Fields as documented (CloudAudit, event details in operation records, document 1021/40499): eventName, eventTime,
eventRegion, requestParameters, resourceName, and two pairs of errors, of which errorCode speaks of signature and
authentication, apiErrorCode of the call itself; 0 means none. The details of LookUpEvents are JSON within JSON.
Whether times have a zone is not documented; the examples have none, and Beijing's is taken for all alike.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from statemodel.model.history import Record

SERVICES: Final = ("scf", "scf.tencentcloudapi.com")
ZONE: Final = "+08:00"
NO_ERROR: Final = (None, 0, "0", "", "200")


def record(event: Mapping[str, Any]) -> Record | None:
    """The record of an event; None where it is none of SCF, or names no function."""
    kind = str(event.get("eventSource") or event.get("resourceType") or "").lower()
    if not any(kind == one or kind.startswith((f"{one}.", f"{one}/")) for one in SERVICES):
        return None
    args = members(event.get("requestParameters"))
    called = args.get("FunctionName") or event.get("resourceName")
    if not isinstance(event.get("eventName"), str) or not isinstance(called, str) or not called:
        return None
    name = called.rpartition("/")[2]
    space = args.get("Namespace") or "default"
    found: Record = {
        "resource": f"{event.get('eventRegion') or ''}/{space}/{name}",
        "op": event["eventName"],
        "args": {"FunctionName": name, **args},
    }
    at = event.get("eventTime")
    if isinstance(at, int | float) and not isinstance(at, bool):
        found["at"] = at
    elif isinstance(at, str):
        found["at"] = at if at.isdigit() or at.endswith("Z") or "+" in at else f"{at.replace(' ', 'T')}{ZONE}"
    for name_of in ("errorCode", "apiErrorCode"):
        if event.get(name_of) not in NO_ERROR:
            code = str(event[name_of])
            return {**found, "error": "*" if code.lstrip("-").isdigit() else code}
    return {**found, "result": members(event.get("responseElements"))}


def members(given: Any) -> dict[str, Any]:
    """An object, or a text of JSON with one; empty where it is something else."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {}
    return dict(given) if isinstance(given, dict) else {}
