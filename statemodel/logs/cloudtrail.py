"""AWS CloudTrail: events of Lambda.

Fields as the CloudTrail user guide lists them (record contents: eventSource, eventName, eventTime, awsRegion,
requestParameters, responseElements, errorCode, recipientAccountId), and as seen in published records of Lambda, where
names of actions end in the date of the API (CreateFunction20150331, UpdateFunctionCode20150331v2) and parameters begin
with a small letter. Events come in files in no order; times are in whole seconds.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from statemodel.model.history import Record

SOURCE: Final = "lambda.amazonaws.com"
DATED: Final = re.compile(r"(?P<name>.+?)20\d{6}(v\d+)?")
ARN: Final = re.compile(
    r"(arn:[^:]+:lambda:(?P<region>[^:]+):)?(?P<account>\d{12}):(function:)?(?P<name>[^:]+)(:(?P<tail>.+))?"
)
HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"


def record(event: Mapping[str, Any]) -> Record | None:
    """The record of an event; None where it is none of Lambda, or names no function."""
    if event.get("eventSource") != SOURCE or not isinstance(event.get("eventName"), str):
        return None
    sent, shown = (one if isinstance(one, dict) else {} for one in (event.get("requestParameters"),
                                                                    event.get("responseElements")))
    called = sent.get("functionName") or shown.get("functionName") or shown.get("functionArn")
    if not isinstance(called, str):
        return None
    name, qualifier, account, region = _parted(called)
    dated = DATED.fullmatch(event["eventName"])
    args = {"FunctionName": name, **{key: one for key, one in _spelt(sent).items() if key != "FunctionName"}}
    if qualifier is not None:
        args.setdefault("Qualifier", qualifier)
    place = account or str(event.get("recipientAccountId", "")), region or str(event.get("awsRegion", ""))
    found: Record = {
        "resource": "/".join((*place, name)),
        "op": dated["name"] if dated else event["eventName"],
        "args": args,
    }
    if isinstance(event.get("eventTime"), str):
        found["at"] = event["eventTime"]
    if isinstance(event.get("errorCode"), str) and event["errorCode"]:
        return {**found, "error": event["errorCode"]}
    return {**found, "result": _spelt(shown)}


def _parted(called: str) -> tuple[str, str | None, str | None, str | None]:
    """Name, qualifier, account and region of what a function is called by: its name, or more or less of its ARN."""
    whole = ARN.fullmatch(called)
    if whole is not None:
        return whole["name"], whole["tail"], whole["account"], whole["region"]
    name, _, tail = called.partition(":")
    return name, tail or None, None, None


def _spelt(members: Mapping[str, Any]) -> dict[str, Any]:
    """Members as the API spells them, without those that the log hides."""
    return {name[:1].upper() + name[1:]: _inner(one) for name, one in members.items() if one != HIDDEN}


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return _spelt(value)
    return [_inner(one) for one in value] if isinstance(value, list) else value
