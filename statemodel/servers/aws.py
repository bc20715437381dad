"""How Lambda speaks HTTP: REST paths with JSON. Pure; knows the API of 2015-03-31.

Sources: `botocore` 1.44.5 (paths, methods, places of parameters, statuses of answers and of errors; its parser of REST
errors reads the code from the header x-amzn-ErrorType), and the pages on Signature Version 4.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import attrs

from statemodel.model.operation import Operation, Subject
from statemodel.servers.signature import is_same, v4, v4_parts
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

EXPIRES: Final = timedelta(minutes=5)
JSON: Final = ("Content-Type", "application/json")
BAD: Final = "ValidationException"
UNKNOWN: Final = "UnknownOperationException"
ACCOUNT: Final = "arn:aws:lambda:us-east-1:123456789012:function"


@attrs.frozen
class Route:
    """One way to an operation: method, path with parameters in braces, and the status of its answer."""

    op: str
    method: str
    path: str
    status: int = 200


_ALL, _ONE = "/2015-03-31/functions", "/2015-03-31/functions/{FunctionName}"
_ALIAS: Final = f"{_ONE}/aliases/{{Name}}"
_LIMIT: Final = "/2017-10-31/functions/{FunctionName}/concurrency"
_PROVISIONED: Final = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency"
ROUTES: Final = (
    Route("CreateFunction", "POST", _ALL, 201),
    Route("ListFunctions", "GET", _ALL),
    Route("GetFunction", "GET", _ONE),
    Route("DeleteFunction", "DELETE", _ONE, 204),
    Route("GetFunctionConfiguration", "GET", f"{_ONE}/configuration"),
    Route("UpdateFunctionConfiguration", "PUT", f"{_ONE}/configuration"),
    Route("UpdateFunctionCode", "PUT", f"{_ONE}/code"),
    Route("Invoke", "POST", f"{_ONE}/invocations"),
    Route("PublishVersion", "POST", f"{_ONE}/versions", 201),
    Route("ListVersionsByFunction", "GET", f"{_ONE}/versions"),
    Route("CreateAlias", "POST", f"{_ONE}/aliases", 201),
    Route("ListAliases", "GET", f"{_ONE}/aliases"),
    Route("GetAlias", "GET", _ALIAS),
    Route("UpdateAlias", "PUT", _ALIAS),
    Route("DeleteAlias", "DELETE", _ALIAS, 204),
    Route("PutFunctionConcurrency", "PUT", _LIMIT),
    Route("DeleteFunctionConcurrency", "DELETE", _LIMIT, 204),
    Route("PutProvisionedConcurrencyConfig", "PUT", _PROVISIONED, 202),
)
CONFIGURATIONS: Final = ("CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion",
                         "GetFunctionConfiguration")  # fmt: skip
OF_ALIASES: Final = ("CreateAlias", "UpdateAlias", "GetAlias")
TOLD: Final = ("Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "PackageType", "Environment",
               "Architectures")  # fmt: skip
DEFAULTS: Final[Json] = {"Description": "", "Timeout": 3, "MemorySize": 128, "PackageType": "Zip",
                         "Architectures": ["x86_64"]}  # fmt: skip
LATEST: Final = "$LATEST"
MAIN: Final = ""
STATUSES: Final[Mapping[str, int]] = {
    "ResourceConflictException": 409, "SnapStartNotReadyException": 409, "CodeArtifactUserPendingException": 409,
    "PreconditionFailedException": 412, "RequestTooLargeException": 413, "TooManyRequestsException": 429,
    "ServiceException": 500, "ResourceNotReadyException": 502, "MissingAuthenticationTokenException": 403,
    "UnrecognizedClientException": 403, "InvalidSignatureException": 403, UNKNOWN: 404,
}  # fmt: skip


def status_of(code: str) -> int:
    """The HTTP status of an error code; 400 where the API states no other.

    >>> [status_of(code) for code in ("ResourceNotFoundException", "ResourceConflictException", "ValidationException")]
    [404, 409, 400]
    """
    return 404 if code.endswith("NotFoundException") else STATUSES.get(code, 400)


def read(request: Request, operations: Mapping[str, Operation]) -> Asked:
    """The call that a request makes.

    Raises:
        WireError: it makes none.
    """
    route, named = _route(request)
    operation = operations.get(route.op) if route else None
    if route is None or operation is None:
        raise WireError(UNKNOWN, f"No operation is at {request.method} {request.path[:200]}.")
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    sent: Json = {name: _typed(operation, name, value) for name, value in query.items()}
    if route.op == "Invoke":
        kind = request.headers.get("x-amz-invocation-type")
        sent.update({"InvocationType": kind} if kind else {})
    elif request.method in ("POST", "PUT"):
        sent.update(object_of(request.body, "InvalidRequestContentException"))
    sent.update(named)
    _check_names(operation, sent)
    if isinstance(sent.get("FunctionName"), str):
        sent = {**sent, **_addressed(sent["FunctionName"])}
    args = arguments(operation, {**sent, **_inner(sent), **_content(operation, sent)})
    if (missing := missing_name(operation, args)) is not None:
        raise WireError(BAD, f"{missing} must not be null.")
    return Asked(route.op, args, sent)


def _route(request: Request) -> tuple[Route | None, dict[str, str]]:
    given = request.path.rstrip("/").split("/")
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


def _addressed(name: str) -> Json:
    """The name in an ARN or a part of one, and the qualifier at its end.

    >>> _addressed("arn:aws:lambda:us-east-1:123456789012:function:f:live")
    {'FunctionName': 'f', 'Qualifier': 'live'}
    """
    own, colon, qualifier = name.rpartition("function:")[2].partition(":")
    return {"FunctionName": own, **({"Qualifier": qualifier} if colon else {})}


def _typed(operation: Operation, name: str, value: str) -> Any:
    parameter = operation.parameter(name)
    is_number = value.lstrip("-").isascii() and value.lstrip("-").isdigit() and len(value) < 16
    return int(value) if parameter is not None and parameter.minimum is not None and is_number else value


def _check_names(operation: Operation, sent: Mapping[str, Any]) -> None:
    for parameter in operation.parameters:
        is_name = parameter.subject in (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)
        value = sent.get(parameter.name)
        if is_name and value is not None and not isinstance(value, str):
            raise WireError("InvalidRequestContentException", f"{parameter.name} must be a string.")


def _inner(sent: Json) -> Json:
    """What the model names by a path, such as RoutingConfig.AdditionalVersionWeights."""
    parts = [(name, value) for name, value in sent.items() if isinstance(value, dict)]
    return {f"{outer}.{name}": value for outer, inner in parts for name, value in inner.items()}


def _content(operation: Operation, sent: Json) -> Json:
    """The content that code stands for, however it was sent; nothing where none was."""
    code = sent.get("Code") if operation.name == "CreateFunction" else sent
    if operation.parameter("content") is None or not isinstance(code, dict):
        return {}
    if code.get("ZipFile") is not None:
        content = content_of_zip(code["ZipFile"])
        if content is None:
            raise WireError("InvalidRequestContentException", "ZipFile is not base64.")
        return {"content": content}
    if code.get("S3Key"):
        return {"content": f"s3:{code.get('S3Bucket')}/{code['S3Key']}"}
    return {"content": str(code["ImageUri"])} if code.get("ImageUri") else {}


def write(answered: Answered) -> Response:
    """The answer of a call that was accepted."""
    op, result = answered.asked.op, answered.result
    headers = ("x-amzn-RequestId", answered.request_id)
    if op == "Invoke":
        return _invoked(answered)
    status = next(route.status for route in ROUTES if route.op == op)
    if status == 204:
        return Response(204, b"", (headers,))
    if op in CONFIGURATIONS:
        return Response(status, to_json({**_configuration(answered), **_present(result)}), (JSON, headers))
    if op == "GetFunction":
        own = {**_configuration(answered), **_present(result.get("Configuration", {}))}
        return Response(200, to_json({"Configuration": own, "Code": {"RepositoryType": "S3", "Location": ""}}),
                        (JSON, headers))  # fmt: skip
    return Response(status, to_json(_shown(answered)), (JSON, headers))


def _invoked(answered: Answered) -> Response:
    kind, result = answered.asked.args.get("InvocationType"), answered.result
    headers: tuple[tuple[str, str], ...] = (("x-amzn-RequestId", answered.request_id),)
    if kind in ("Event", "DryRun"):
        return Response(202 if kind == "Event" else 204, b"", headers)
    ran = result.get("ExecutedVersion")
    headers = (*headers, JSON, *((("X-Amz-Executed-Version", str(ran)),) if ran is not None else ()))
    return Response(200, json.dumps(str(result.get("content") or "")).encode(), headers)


def _configuration(answered: Answered) -> Json:
    """What a configuration shows besides what is modelled: what was sent, and defaults."""
    kept, name = answered.kept, str(answered.asked.sent.get("FunctionName"))
    told = {field: kept[field] for field in TOLD if kept.get(field) is not None}
    digest = hashlib.sha256(str(kept.get("Code", kept.get("ZipFile"))).encode()).hexdigest()
    return {**DEFAULTS, **told, "FunctionName": name, "FunctionArn": f"{ACCOUNT}:{name}", "CodeSize": 1,
            "CodeSha256": digest, "LastModified": _moment(answered.now)}  # fmt: skip


def _shown(answered: Answered) -> Json:
    asked, result, kept = answered.asked, answered.result, answered.kept
    name = str(asked.sent.get("FunctionName"))
    if asked.op in OF_ALIASES:
        alias = str(asked.sent.get("Name"))
        told: Json = {field: kept[field] for field in ("Description", "RoutingConfig") if field in kept}
        return {"Description": "", **told, "Name": alias, "AliasArn": f"{ACCOUNT}:{name}:{alias}", **result}
    match asked.op:
        case "PutFunctionConcurrency":
            return {"ReservedConcurrentExecutions": asked.sent.get("ReservedConcurrentExecutions")}
        case "PutProvisionedConcurrencyConfig":
            asked_for = asked.sent.get("ProvisionedConcurrentExecutions")
            return {"RequestedProvisionedConcurrentExecutions": asked_for, "Status": "IN_PROGRESS",
                    "LastModified": _moment(answered.now)}  # fmt: skip
        case "ListVersionsByFunction":
            return {**result, "Versions": [_entry(name, one) for one in result.get("Versions", ())]}
        case "ListFunctions":
            return {**result, "Functions": [_entry(str(one["FunctionName"]), one) for one in result["Functions"]]}
    return result


def _entry(name: str, one: Json) -> Json:
    return {"FunctionName": name, "FunctionArn": f"{ACCOUNT}:{name}", "Version": LATEST, **_present(one)}


def _moment(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _present(result: Json) -> Json:
    """What is shown without what is shown empty: the service leaves such fields out."""
    return {name: value for name, value in result.items() if value is not None}


def refuse(code: str, text: str, request_id: str) -> Response:
    """The answer of a call that was not accepted.

    >>> refuse("ResourceNotFoundException", "Function not found.", "1").body
    b'{"Type": "User", "Message": "Function not found."}'
    """
    status = status_of(code)
    body = to_json({"Type": "User" if status < 500 else "Service", "Message": text})
    return Response(status, body, (JSON, ("x-amzn-ErrorType", code), ("x-amzn-RequestId", request_id)))


def verify(request: Request, key: Key, now: float) -> None:
    """Check who sent a request.

    Raises:
        WireError: the signature is missing, expired, of another key, or wrong.
    """
    parts = v4_parts(request.headers.get("authorization", ""))
    if parts is None:
        raise WireError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if parts["id"] != key.id:
        raise WireError("UnrecognizedClientException", "The security token included in the request is invalid.")
    told = request.headers.get("x-amz-date", "")
    try:
        moment = datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        moment = datetime.fromtimestamp(0, UTC)
    is_fresh = abs(moment - datetime.fromtimestamp(now, UTC)) <= EXPIRES and told.startswith(parts["date"])
    has_signed = {"host", "x-amz-date"} <= set(parts["headers"].split(";"))
    is_right = is_same(parts["signature"].lower(), v4(request, key, parts))
    if not (is_fresh and has_signed and is_right):
        raise WireError("InvalidSignatureException", "The request signature we calculated does not match.")


def place(asked: Asked, result: Json) -> Places:
    """What is remembered of which."""
    name = str(asked.sent.get("FunctionName"))
    main, alias = (name, MAIN), (name, f"alias {asked.sent.get('Name')}")
    match asked.op:
        case "CreateFunction":
            return Places(main, main)
        case "UpdateFunctionCode" | "UpdateFunctionConfiguration":
            return Places(main, main, main)
        case "PublishVersion":
            return Places(main, (name, str(result.get("Version"))), main)
        case "CreateAlias":
            return Places(alias, alias)
        case "UpdateAlias":
            return Places(alias, alias, alias)
        case "GetAlias":
            return Places(alias)
    qualifier = asked.sent.get("Qualifier")
    return Places(main if qualifier in (None, LATEST) else (name, str(qualifier)))


AWS: Final = Dialect(
    "lambda", read, write, refuse, verify, place,
    too_large="RequestTooLargeException", too_slow="InvalidRequestContentException", broken="ServiceException",
)  # fmt: skip
__all__ = ["AWS", "ROUTES", "read", "refuse", "status_of", "verify", "write"]
