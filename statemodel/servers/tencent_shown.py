"""What answers of SCF show besides what is modelled: what was sent earlier, and defaults. Pure.

Fields and their types are those of `tencentcloud-sdk-python-scf` 3.1.100, so that typed clients can read them.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from statemodel.servers.wire import Answered, Json

DEFAULTS: Final[Json] = {
    "CodeInfo": "", "Description": "", "Triggers": [], "Handler": "", "CodeSize": 0, "Timeout": 3, "MemorySize": 128,
    "Runtime": "", "VpcConfig": {"VpcId": "", "SubnetId": ""}, "UseGpu": "FALSE", "Environment": {"Variables": []},
    "CodeResult": "success", "CodeError": "", "ErrNo": 0, "Role": "", "InstallDependency": "FALSE", "StatusDesc": "",
    "ClsLogsetId": "", "ClsTopicId": "", "Tags": [], "EipConfig": {"EipFixed": "FALSE", "Eips": []},
    "AccessInfo": {"Host": "", "Vip": ""}, "Type": "Event", "L5Enable": "FALSE", "Layers": [],
    "DeadLetterConfig": {"Type": "", "Name": "", "FilterType": ""},
    "PublicNetConfig": {"PublicNetStatus": "ENABLE", "EipConfig": {"EipStatus": "DISABLE", "EipAddress": []}},
    "OnsEnable": "FALSE", "CfsConfig": {"CfsInsList": []}, "InitTimeout": 65, "StatusReasons": [],
    "AsyncRunEnable": "FALSE", "TraceEnable": "FALSE",
}  # fmt: skip
INTEGERS: Final = ("Timeout", "MemorySize", "InitTimeout")
OF_VERSIONS: Final = ("CodeSize", "MemorySize", "Description", "Handler", "Timeout", "Runtime", "Namespace")
OF_INVOCATIONS: Final = ("Invoke", "InvokeFunction")


def fields(answered: Answered) -> Json:
    """The fields of an answer, without RequestId."""
    asked, result, kept = answered.asked, answered.result, answered.kept
    moment = datetime.fromtimestamp(answered.now, UTC).strftime("%Y-%m-%d %H:%M:%S")
    times = {"AddTime": moment, "ModTime": moment}
    match asked.op:
        case "GetFunction":
            return {**_function(answered), **times, **result}
        case "PublishVersion":
            own = _function(answered)
            return {**{name: own[name] for name in OF_VERSIONS}, **result}
        case "ListFunctions":
            space = asked.sent.get("Namespace") or "default"
            return {**result, "Functions": [_entry(space, times, one) for one in result.get("Functions", ())]}
        case "ListVersionByFunction":
            entries = [{"Description": "", **times, **one} for one in result.get("Versions", ())]
            return {**result, "Versions": entries, "FunctionVersion": [one["Version"] for one in entries]}
        case "ListAliases":
            entries = [{"Description": "", **times, **one} for one in result.get("Aliases", ())]
            return {**result, "Aliases": entries}
        case "GetAlias":
            told: Json = {name: kept[name] for name in ("Description", "RoutingConfig") if name in kept}
            return {"Description": "", "Name": asked.sent.get("Name"), **told, **times, **result}
        case name if name in OF_INVOCATIONS:
            return {"Result": _outcome(answered)}
    return result


def _function(answered: Answered) -> Json:
    sent, kept = answered.asked.sent, answered.kept
    told = {name: kept[name] for name in DEFAULTS if kept.get(name) is not None}
    for name in INTEGERS:
        if isinstance(told.get(name), str) and told[name].isdigit():
            told[name] = int(told[name])
    code = kept.get("Code") if isinstance(kept.get("Code"), dict) else {}
    assert isinstance(code, dict)
    packed = code.get("ZipFile") or kept.get("ZipFile")
    if isinstance(code.get("ImageConfig"), dict):
        told["ImageConfig"] = code["ImageConfig"]
    space, name = sent.get("Namespace") or "default", str(sent.get("FunctionName"))
    qualifier = sent.get("Qualifier") or "$LATEST"
    return {
        **DEFAULTS,
        "CodeSize": len(packed) * 3 // 4 if isinstance(packed, str) else 0,
        **told,
        "FunctionName": name,
        "Namespace": space,
        "FunctionId": function_id(space, name),
        "FunctionVersion": qualifier,
        "Qualifier": qualifier,
    }


def _entry(space: str, times: Json, one: Json) -> Json:
    name = str(one["FunctionName"])
    shown: dict[str, Any] = {"FunctionId": function_id(space, name), "Namespace": space, "Runtime": "", "Type": "Event"}
    return {**shown, "Description": "", "StatusDesc": "", "StatusReasons": [], "Tags": [], **times, **one}


def _outcome(answered: Answered) -> Json:
    is_waited_for = answered.asked.sent.get("InvocationType") != "Event"
    return {
        "Log": "", "RetMsg": str(answered.result.get("content") or "") if is_waited_for else "", "ErrMsg": "",
        "MemUsage": 0, "Duration": 0.0, "BillDuration": 0, "FunctionRequestId": answered.request_id, "InvokeResult": 0,
    }  # fmt: skip


def function_id(space: str, name: str) -> str:
    """An id in the form of the service's.

    >>> function_id("default", "f")
    'lam-6df0bf1b'
    """
    return f"lam-{hashlib.sha256(f'{space}/{name}'.encode()).hexdigest()[:8]}"
