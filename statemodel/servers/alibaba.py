"""How FC 3.0 speaks HTTP: REST paths with JSON. Pure; knows the API of 2023-03-30.

Sources: the published SDK `alibabacloud-fc20230330` 4.8.3 (paths, methods, places of parameters, fields of answers;
what is answered without a body has status 204), its core `alibabacloud-tea-openapi` (signatures, `Code` and `Message`
of errors), and the pages on error codes (statuses).
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import attrs

from statemodel.model.operation import Operation, Subject
from statemodel.servers.signature import UNSIGNED, acs3, acs3_parts, is_same
from statemodel.servers.wire import (
    Answered,
    Asked,
    Dialect,
    Json,
    Key,
    Places,
    Request,
    Response,
    WireError,
    arguments,
    content_of_zip,
    missing_name,
    object_of,
    to_json,
)

ROOT: Final = "/2023-03-30"
EXPIRES_S: Final = 900
JSON: Final = ("Content-Type", "application/json")


@attrs.frozen
class Route:
    """One way to an operation: method, path with parameters in braces, and whether its answer has a body."""

    op: str
    method: str
    path: str
    has_body: bool = True


_FUNCTION, _VERSIONS, _ALIASES = "/functions/{functionName}", "/versions", "/aliases"
ROUTES: Final = (
    Route("createFunction", "POST", "/functions"),
    Route("listFunctions", "GET", "/functions"),
    Route("getFunction", "GET", _FUNCTION),
    Route("updateFunction", "PUT", _FUNCTION),
    Route("deleteFunction", "DELETE", _FUNCTION, has_body=False),
    Route("getFunctionCode", "GET", f"{_FUNCTION}/code"),
    Route("invokeFunction", "POST", f"{_FUNCTION}/invocations"),
    Route("disableFunctionInvocation", "POST", f"{_FUNCTION}/invoke/disable"),
    Route("enableFunctionInvocation", "POST", f"{_FUNCTION}/invoke/enable"),
    Route("publishFunctionVersion", "POST", f"{_FUNCTION}{_VERSIONS}"),
    Route("listFunctionVersions", "GET", f"{_FUNCTION}{_VERSIONS}"),
    Route("deleteFunctionVersion", "DELETE", f"{_FUNCTION}{_VERSIONS}/{{versionId}}", has_body=False),
    Route("createAlias", "POST", f"{_FUNCTION}{_ALIASES}"),
    Route("listAliases", "GET", f"{_FUNCTION}{_ALIASES}"),
    Route("getAlias", "GET", f"{_FUNCTION}{_ALIASES}/{{aliasName}}"),
    Route("updateAlias", "PUT", f"{_FUNCTION}{_ALIASES}/{{aliasName}}"),
    Route("deleteAlias", "DELETE", f"{_FUNCTION}{_ALIASES}/{{aliasName}}", has_body=False),
)
OF_ALIASES: Final = ("createAlias", "updateAlias", "getAlias")
OF_FUNCTIONS: Final = ("createFunction", "updateFunction", "getFunction")
SWITCHES: Final = ("disableFunctionInvocation", "enableFunctionInvocation")
MAIN: Final = ""
STATUSES: Final[Mapping[str, int]] = {
    "AccessDenied": 403, "SignatureNotMatch": 403, "InvalidAccessKeyID": 403, "ConcurrentUpdateError": 409,
    "FunctionNotEmpty": 409, "PreconditionFailed": 412, "AsyncInvocationStopped": 412, "CAExited": 412,
    "CAFileNotFound": 412, "CAFilePermission": 412, "FunctionNotStarted": 412, "ResourceExhausted": 429,
    "ClientClosedRequest": 499, "InternalServerError": 500, "BadResponse": 502, "ResourceThrottled": 503,
}  # fmt: skip


def status_of(code: str) -> int:
    """The HTTP status of an error code; 400 where no page states another.

    >>> [status_of(code) for code in ("FunctionNotFound", "FunctionAlreadyExists", "InvalidArgument")]
    [404, 409, 400]
    """
    if code.endswith("NotFound") and code not in STATUSES:
        return 404
    return 409 if code.endswith("AlreadyExists") else STATUSES.get(code, 400)


def read(request: Request, operations: Mapping[str, Operation]) -> Asked:
    """The call that a request makes.

    Raises:
        WireError: it makes none.
    """
    route, named = _route(request)
    operation = operations.get(route.op) if route else None
    if route is None or operation is None:
        raise WireError("PathNotSupported", f"The path {request.method} {request.path[:200]} is not supported.")
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    sent: Json = {name: _typed(operation, name, value) for name, value in query.items()}
    if route.op == "invokeFunction":
        kind = request.headers.get("x-fc-invocation-type")
        sent.update({"invocationType": kind} if kind else {})
    elif request.method in ("POST", "PUT"):
        sent.update(object_of(request.body, "InvalidArgument"))
    sent.update(named)
    _check_names(operation, sent)
    args = arguments(operation, {**sent, **_content(operation, sent)})
    if (missing := missing_name(operation, args)) is not None:
        raise WireError("InvalidArgument", f"{missing} is required.")
    return Asked(route.op, args, sent)


def _route(request: Request) -> tuple[Route | None, dict[str, str]]:
    if not request.path.startswith(f"{ROOT}/"):
        return None, {}
    given = request.path.removeprefix(ROOT).rstrip("/").split("/")
    for route in ROUTES:
        wanted = route.path.split("/")
        pairs = list(zip(wanted, given, strict=False))
        if (
            route.method == request.method
            and len(wanted) == len(given)
            and all(one == other or (one[:1] == "{" and other) for one, other in pairs)
        ):
            return route, {one[1:-1]: unquote(other) for one, other in pairs if one[:1] == "{"}
    return None, {}


def _typed(operation: Operation, name: str, value: str) -> Any:
    parameter = operation.parameter(name)
    if parameter is None:
        return value
    is_number = value.lstrip("-").isascii() and value.lstrip("-").isdigit() and len(value) < 16
    if parameter.minimum is not None and is_number:
        return int(value)
    if any(isinstance(one, bool) for one in parameter.values):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _check_names(operation: Operation, sent: Mapping[str, Any]) -> None:
    for parameter in operation.parameters:
        is_name = parameter.subject in (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)
        value = sent.get(parameter.name)
        if is_name and value is not None and not isinstance(value, str):
            raise WireError("InvalidArgument", f"{parameter.name} must be a string.")


def _content(operation: Operation, sent: Json) -> Json:
    """The content that code stands for, however it was sent; nothing where none was."""
    if operation.parameter("content") is None:
        return {}
    code, container = sent.get("code"), sent.get("customContainerConfig")
    if isinstance(code, dict) and code.get("zipFile") is not None:
        content = content_of_zip(code["zipFile"])
        if content is None:
            raise WireError("InvalidArgument", "code.zipFile is not base64.")
        return {"content": content}
    if isinstance(code, dict) and code.get("ossObjectName"):
        return {"content": f"oss:{code.get('ossBucketName')}/{code['ossObjectName']}"}
    if isinstance(container, dict) and container.get("image"):
        return {"content": str(container["image"])}
    return {}


def write(answered: Answered) -> Response:
    """The answer of a call that was accepted."""
    op, result = answered.asked.op, answered.result
    headers = ("X-Fc-Request-Id", answered.request_id)
    if op == "invokeFunction":
        is_queued = answered.asked.args.get("invocationType") == "Async"
        body = b"" if is_queued else str(result.get("content") or "").encode("utf-8", "backslashreplace")
        return Response(202 if is_queued else 200, body, (("Content-Type", "application/octet-stream"), headers))
    if not next(route.has_body for route in ROUTES if route.op == op):
        return Response(204, b"", (headers,))
    return Response(200, to_json(_shown(answered)), (JSON, headers))


def _shown(answered: Answered) -> Json:
    asked, result, kept = answered.asked, answered.result, answered.kept
    moment = datetime.fromtimestamp(answered.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    times = {"createdTime": moment, "lastModifiedTime": moment}
    if asked.op in OF_FUNCTIONS:
        name = asked.sent["functionName"]
        own = {"functionName": name, "functionArn": f"acs:fc:cn-hangzhou:0:functions/{name}", "functionId": name}
        told = {key: value for key, value in kept.items() if key not in ("code", "content")}
        return {**told, **own, **times, **_present(result)}
    if asked.op in OF_ALIASES:
        told = {key: kept[key] for key in ("versionId", "description", "additionalVersionWeight") if key in kept}
        return {**told, "aliasName": asked.sent["aliasName"], **times, **result}
    match asked.op:
        case "publishFunctionVersion":
            return {"description": asked.sent.get("description") or "", **times, **result}
        case "getFunctionCode":
            return {"url": "", "checksum": "", **result}
        case "listFunctions" | "listFunctionVersions" | "listAliases":
            return {name: [{**times, **one} for one in value] if isinstance(value, list) else value
                    for name, value in result.items()}  # fmt: skip
    return {"success": True} if asked.op in SWITCHES else result


def _present(result: Json) -> Json:
    """What is shown without what is shown empty: the service leaves such fields out."""
    inner = {name: _present(value) if isinstance(value, dict) else value for name, value in result.items()}
    return {name: value for name, value in inner.items() if value not in (None, {})}


def refuse(code: str, text: str, request_id: str) -> Response:
    """The answer of a call that was not accepted.

    >>> refuse("FunctionNotFound", "No such function.", "1").body
    b'{"Code": "FunctionNotFound", "Message": "No such function.", "RequestId": "1"}'
    """
    body = to_json({"Code": code, "Message": text, "RequestId": request_id})
    return Response(status_of(code), body, (JSON, ("X-Fc-Request-Id", request_id)))


def verify(request: Request, key: Key, now: float) -> None:
    """Check who sent a request.

    Raises:
        WireError: the signature is missing, expired, of another key, or wrong.
    """
    parts = acs3_parts(request.headers.get("authorization", ""))
    if parts is None:
        raise WireError("MissingRequiredHeader", "The header Authorization is missing or malformed.")
    if parts["id"] != key.id:
        raise WireError("InvalidAccessKeyID", "The AccessKey ID does not exist.")
    signed = parts["headers"].split(";")
    told = request.headers.get("x-acs-date", "")
    try:
        moment = datetime.fromisoformat(told).timestamp() if told.endswith("Z") else None
    except ValueError:
        moment = None
    is_fresh = moment is not None and abs(moment - now) <= EXPIRES_S
    has_signed = {"host", "x-acs-date", "x-acs-content-sha256"} <= set(signed)
    is_body = request.headers.get("x-acs-content-sha256") in (hashlib.sha256(request.body).hexdigest(), UNSIGNED)
    is_right = is_same(parts["signature"].lower(), acs3(request, key, signed=parts["headers"]))
    if not (is_fresh and has_signed and is_body and is_right):
        raise WireError("SignatureNotMatch", "The signature does not match the request.")


def place(asked: Asked, result: Json) -> Places:
    """What is remembered of which."""
    name = str(asked.sent.get("functionName"))
    main, alias = (name, MAIN), (name, f"alias {asked.sent.get('aliasName')}")
    match asked.op:
        case "createFunction":
            return Places(main, main)
        case "updateFunction":
            return Places(main, main, main)
        case "publishFunctionVersion":
            return Places(main, (name, str(result.get("versionId"))), main)
        case "createAlias":
            return Places(alias, alias)
        case "updateAlias":
            return Places(alias, alias, alias)
        case "getAlias":
            return Places(alias)
    qualifier = asked.sent.get("qualifier")
    return Places(main if qualifier in (None, "LATEST") else (name, str(qualifier)))


ALIBABA: Final = Dialect(
    "fc", read, write, refuse, verify, place,
    too_large="EntityTooLarge", too_slow="InvalidArgument", broken="InternalServerError",
)  # fmt: skip
__all__ = ["ALIBABA", "ROUTES", "read", "refuse", "status_of", "verify", "write"]
