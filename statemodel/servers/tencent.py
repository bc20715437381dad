"""How SCF speaks HTTP: TC3 with JSON, and the older protocol with forms. Pure; knows the API of 2018-04-16.

Sources: the published SDKs (`tencentcloud-sdk-python-common`, `tencentcloud-sdk-python-scf` 3.1.100: parameters,
answers, `Response` envelope), the API's pages on common parameters and common error codes. Every status is 200.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs

from statemodel.model.operation import Operation, Subject
from statemodel.servers import tencent_shown
from statemodel.servers.signature import UNSIGNED, day_of, is_same, older, tc3, tc3_parts
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

VERSION: Final = "2018-04-16"
EXPIRES_S: Final = 300
DEEPEST: Final = 32
AS_SENT: Final = ("x-tc-timestamp", "x-tc-content-sha256")
OF_TARGET: Final = ("NewFunctionName", "TargetNamespace")
COMMON: Final = frozenset(
    ("Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token",
     "RequestClient", "Language")
)  # fmt: skip
NAMES: Final = (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)
JSON: Final = (("Content-Type", "application/json"),)  # the Python SDK looks for errors under exactly this type
MAIN: Final = ""


def read(request: Request, operations: Mapping[str, Operation]) -> Asked:
    """The call that a request makes.

    Raises:
        WireError: it makes none.
    """
    if request.method not in ("GET", "POST"):
        raise WireError("UnsupportedProtocol", f"The method {request.method} is not supported, only GET and POST.")
    form = _form(request)
    headers = request.headers
    action = headers.get("x-tc-action") or (form or {}).get("Action")
    if not action:
        raise WireError("MissingParameter", "The request is missing a required parameter `Action`.")
    version = headers.get("x-tc-version") or (form or {}).get("Version")
    if version not in (None, VERSION):
        raise WireError("NoSuchVersion", f"The API version `{version}` does not exist; known: {VERSION}.")
    operation = operations.get(action)
    if operation is None:
        raise WireError("InvalidAction", f"The requested action `{action}` is invalid or does not exist.")
    sent = object_of(request.body, "InvalidParameter") if form is None else unfolded(form, operation)
    return Asked(action, _arguments(operation, sent), sent)


def _form(request: Request) -> dict[str, str] | None:
    """The parameters of a form, or None where the body is JSON."""
    if request.method == "GET":
        text = request.query
    elif request.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS or (
        "x-tc-action" not in request.headers
    ):
        text = request.body.decode("utf-8", "replace")
    else:
        return None
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=10_000))
    except ValueError:
        raise WireError("InvalidParameter", "The form has too many fields.") from None


FORMS: Final = ("application/x-www-form-urlencoded",)


def unfolded(form: Mapping[str, str], operation: Operation) -> Json:
    """What dotted keys stand for, lists by their numbers; numbers and flags as the model has them.

    >>> from statemodel.catalogue import SCF
    >>> listing = next(one for one in SCF.operations if one.name == "ListFunctions")
    >>> unfolded({"Limit": "5", "Filters.0.Name": "Status", "Filters.0.Values.0": "Active"}, listing)
    {'Limit': 5, 'Filters': [{'Name': 'Status', 'Values': ['Active']}]}

    Raises:
        WireError: two keys contradict each other.
    """
    whole: Json = {}
    for name, value in form.items():
        if name in COMMON:
            continue
        *outer, last = name.split(".")
        if len(outer) > DEEPEST:
            raise WireError("InvalidParameter", "A parameter is nested too deeply.")
        place: Any = whole
        for step in outer:
            place = place.setdefault(step, {}) if isinstance(place, dict) else None
        if not isinstance(place, dict) or isinstance(place.get(last), dict):
            raise WireError("InvalidParameter", f"The parameter `{name[:80]}` contradicts another one.")
        place[last] = value
    folded = _lists(whole)
    assert isinstance(folded, dict)
    return {name: _typed(operation, name, value) for name, value in folded.items()}


def _lists(value: Any, *, is_top: bool = True) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one, is_top=False) for name, one in value.items()}
    if inner and not is_top and all(name.isascii() and name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=lambda name: (len(name), name))]
    return inner


def _typed(operation: Operation, name: str, value: Any) -> Any:
    parameter = operation.parameter(name)
    if parameter is None or not isinstance(value, str):
        return value
    digits = value.removeprefix("-")
    if parameter.minimum is not None and digits.isascii() and digits.isdigit() and len(value) < 16:
        return int(value)
    if any(isinstance(one, bool) for one in parameter.values):
        return {"true": True, "TRUE": True, "false": False, "FALSE": False}.get(value, value)
    return value


def _arguments(operation: Operation, sent: Json) -> Json:
    known = {**sent, **_content(operation, sent)}
    for parameter in operation.parameters:
        value = known.get(parameter.name)
        if parameter.subject in NAMES and value is not None and not isinstance(value, str):
            raise WireError("InvalidParameter", f"The type of `{parameter.name}` should be String.")
    args = arguments(operation, known)
    name = missing_name(operation, args)
    if name is None and operation.parameter("as") is not None:
        name = None if isinstance(sent.get("NewFunctionName"), str) else "NewFunctionName"
        args.update({one: sent[one] for one in OF_TARGET if isinstance(sent.get(one), str)})
    if name is not None and args.get(name) == "":
        raise WireError(f"InvalidParameterValue.{name}", f"The parameter `{name}` must not be empty.")
    if name is not None:
        raise WireError("MissingParameter", f"The request is missing a required parameter `{name}`.")
    return args


def _content(operation: Operation, sent: Json) -> Json:
    """The content that code stands for, however it was sent; nothing where none was."""
    if operation.parameter("content") is None or operation.parameter("as") is not None:
        return {}
    code = sent.get("Code") if isinstance(sent.get("Code"), dict) else {}
    assert isinstance(code, dict)
    given = {**{name: sent[name] for name in CODE if name in sent}, **code}
    if given.get("ZipFile") is not None:
        content = content_of_zip(given["ZipFile"])
        if content is None:
            raise WireError("InvalidParameterValue.Code", "ZipFile is not base64.")
        return {"content": content}
    image = given.get("ImageConfig")
    parts = {
        "image": (image.get("ImageUri"),) if isinstance(image, dict) else (None,),
        "cos": (given.get("CosBucketName"), given.get("CosObjectName")),
        "temporary": (given.get("TempCosObjectName"),),
        "git": (given.get("GitUrl"), given.get("GitBranch", ""), given.get("GitCommitId", "")),
        "demo": (given.get("DemoId"),),
    }
    return next(({"content": f"{how}:{'/'.join(map(str, one))}"} for how, one in parts.items() if one[0]), {})


CODE: Final = ("ZipFile", "CosBucketName", "CosObjectName", "ImageConfig")


def write(answered: Answered) -> Response:
    """The answer of a call that was accepted."""
    shown = {**tencent_shown.fields(answered), "RequestId": answered.request_id}
    return Response(200, to_json({"Response": shown}), JSON)


def refuse(code: str, text: str, request_id: str) -> Response:
    """The answer of a call that was not.

    >>> refuse("InvalidAction", "No such action.", "1").body
    b'{"Response": {"Error": {"Code": "InvalidAction", "Message": "No such action."}, "RequestId": "1"}}'
    """
    error = {"Code": code, "Message": text}
    return Response(200, to_json({"Response": {"Error": error, "RequestId": request_id}}), JSON)


def verify(request: Request, key: Key, now: float) -> None:
    """Check who sent a request.

    Raises:
        WireError: the signature is missing, expired, of another key, or wrong.
    """
    authorization = request.headers.get("authorization", "")
    form = _form(request) if request.method in ("GET", "POST") else {}
    if not authorization and form and "Signature" in form:
        id_, told = form.get("SecretId", ""), form.get("Timestamp", "")
        given, wanted = form["Signature"], {older(one, form, key) for one in _as_signed(request)}
    else:
        parts = tc3_parts(authorization)
        if parts is None:
            raise WireError("AuthFailure.InvalidAuthorization", "The Authorization header is missing or malformed.")
        id_, told, given = parts["id"], request.headers.get("x-tc-timestamp", ""), parts["signature"]
        if not {"content-type", "host"} <= set(parts["headers"].split(";")):
            raise WireError("AuthFailure.InvalidAuthorization", "content-type and host must be signed.")
        wanted = {tc3(one, key, date=parts["date"], service=parts["service"], signed=parts["headers"])
                  for one in _as_signed(request)}  # fmt: skip
    if id_ != key.id:
        raise WireError("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    if not (told.isascii() and told.isdigit() and len(told) < 12 and abs(int(told) - now) <= EXPIRES_S):
        raise WireError("AuthFailure.SignatureExpire", "The timestamp of the signature has expired.")
    if authorization and day_of(int(told)) != tc3_day(authorization):
        raise WireError("AuthFailure.InvalidAuthorization", "The date of the credential is not that of the timestamp.")
    if not any(is_same(given, one) for one in wanted):
        raise WireError("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")


def _as_signed(request: Request) -> Iterator[Request]:
    """A request as clients may have signed it: SDKs differ in capitals, and in whether the port belongs to the host."""
    told = request.headers.get("host", "")
    for host in dict.fromkeys((told, told.rpartition(":")[0] or told)):
        headers = {**request.headers, "host": host}
        yield attrs.evolve(request, headers=headers)
        small = {name: value.lower() for name, value in headers.items() if name not in AS_SENT}
        yield attrs.evolve(request, headers={**headers, **small})


def tc3_day(authorization: str) -> str | None:
    """The day of the credential."""
    parts = tc3_parts(authorization)
    return parts["date"] if parts else None


def place(asked: Asked, result: Json) -> Places:
    """What is remembered of which."""
    sent = asked.sent
    own = f"{sent.get('Namespace') or 'default'}/{sent.get('FunctionName')}"
    main, member = (own, MAIN), (own, str(sent.get("Qualifier") or MAIN))
    if asked.op == "CreateFunction":
        return Places(main, main)
    if asked.op in ("UpdateFunctionCode", "UpdateFunctionConfiguration"):
        return Places(main, main, main)
    if asked.op == "PublishVersion":
        return Places(main, (own, str(result.get("FunctionVersion"))), main)
    if asked.op in ("CreateAlias", "UpdateAlias"):
        return Places(main, (own, f"alias {sent.get('Name')}"))
    if asked.op == "GetAlias":
        return Places((own, f"alias {sent.get('Name')}"))
    if asked.op == "CopyFunction":
        target = f"{sent.get('TargetNamespace') or sent.get('Namespace') or 'default'}/{sent.get('NewFunctionName')}"
        return Places(main, (target, MAIN), main)
    return Places(main if member[1] == "$LATEST" else member)


# Status codes of an invocation through a trigger or a function URL, and the codes that the API has for the same.
CODES: Final = {"1": "ResourceUnavailable.InsufficientBalance", "410": "ResourceUnavailable.InsufficientBalance",
                "402": "ResourceUnavailable.ServiceSuspended"}  # fmt: skip
TENCENT: Final = Dialect(
    "scf", read, write, refuse, verify, place,
    too_large="RequestSizeLimitExceeded", too_slow="InvalidRequest", broken="InternalError",
    codes=CODES,
)  # fmt: skip
__all__ = ["TENCENT", "UNSIGNED", "read", "refuse", "unfolded", "verify", "write"]
