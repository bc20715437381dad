"""What every HTTP face shares: requests and answers as values, and what a dialect makes of them. Does no I/O."""

import base64
import binascii
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from statemodel.model.operation import Operation, Subject

Json = dict[str, Any]
CONTENT_FILE: Final = "content.txt"
MOST_CONTENT: Final = 4096


@attrs.frozen
class Request:
    """A request as it came in.

    Attributes:
        method: in capitals.
        path: still percent-encoded, without the query.
        query: what follows the question mark, as it came.
        headers: names in small letters.
        body: all of it.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = b""


@attrs.frozen
class Response:
    """What goes out."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Asked:
    """A call as a request makes it.

    Attributes:
        op: the operation, as the model spells it.
        args: what the model knows of the arguments; None under a required one says that it was not sent.
        sent: everything that was sent, as the service spells it.
        target: where an operation speaks of two resources, the arguments that name the second one.
    """

    op: str
    args: Json
    sent: Json = attrs.field(factory=dict)


class WireError(Exception):
    """A request that the service refuses before it looks at any resource.

    Attributes:
        code: the service's own code.
        text: what is wrong, for people.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


@attrs.frozen
class Answered:
    """What is known when an answer is written.

    Attributes:
        asked: the call.
        result: what the model shows.
        kept: what was sent earlier about the same resource, version or alias, as the service spells it.
        request_id: a fresh one.
        now: seconds since the epoch.
    """

    asked: Asked
    result: Json
    kept: Json
    request_id: str
    now: float


@attrs.frozen
class Key:
    """An access key: its id, and the secret that signs."""

    id: str
    secret: str


@attrs.frozen
class Dialect:
    """How one service speaks HTTP: pure functions, and the codes of what goes wrong before any call.

    Attributes:
        name: of the service.
        read: a request and the operations of the model give the call; raises WireError.
        write: the answer of a call that was accepted.
        refuse: code, text and request id give the answer of one that was not.
        verify: request, key and seconds since the epoch; raises WireError where the signature is not right.
        place: what is remembered of which: resource and member ("" for the resource itself) of a call and its result.
        too_large, too_slow: codes of a body beyond the limit, and of one that does not come.
        broken: code of a failure of our own.
        codes: codes that the service gives elsewhere than over this protocol, and what it gives here.
    """

    name: str
    read: Callable[[Request, Mapping[str, Operation]], Asked]
    write: Callable[[Answered], Response]
    refuse: Callable[[str, str, str], Response]
    verify: Callable[[Request, Key, float], None]
    place: Callable[[Asked, Json], "Places"]
    too_large: str
    too_slow: str
    broken: str
    codes: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Places:
    """Where what was sent is looked up and put down.

    Attributes:
        reads: the place that holds what an answer shows besides what the model knows.
        writes: the place that an accepted call changes, or None.
        starts: the place that it starts from; None starts from nothing.
    """

    reads: tuple[str, str]
    writes: tuple[str, str] | None = None
    starts: tuple[str, str] | None = None


def to_json(value: Any) -> bytes:
    """A value as it goes over the wire; what UTF-8 cannot hold is escaped."""
    return json.dumps(value).encode()


def object_of(body: bytes, code: str) -> Json:
    """The JSON object of a body; an empty body is an empty object.

    Raises:
        WireError: it is none.
    """
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise WireError(code, "The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise WireError(code, "The request body is not a JSON object.")
    return value


def arguments(operation: Operation, sent: Mapping[str, Any]) -> Json:
    """What the model knows of what was sent; a required parameter that was not sent is known to be missing.

    >>> from statemodel.catalogue import FC
    >>> operation = next(one for one in FC.operations if one.name == "createAlias")
    >>> arguments(operation, {"functionName": "f", "aliasName": "live", "color": "red"})
    {'functionName': 'f', 'aliasName': 'live', 'versionId': None}
    """
    args: Json = {}
    for parameter in operation.parameters:
        value = sent.get(parameter.name)
        if value is not None:
            args[parameter.name] = value
        elif parameter.required and parameter.name != "as":
            args[parameter.name] = None
    return args


def missing_name(operation: Operation, args: Mapping[str, Any]) -> str | None:
    """The parameter that should name the resource and was not sent, or None."""
    names = [one.name for one in operation.parameters if one.subject is Subject.IDENTITY and one.required]
    return next((name for name in names if args.get(name) in (None, "")), None)


def content_of_zip(encoded: Any) -> str | None:
    """What content stands for an uploaded package: the text of its content.txt, else a digest of its bytes.

    >>> content_of_zip(base64.b64encode(b"no package at all").decode())[:14]
    'sha256:fe7ab53'

    Args:
        encoded: base64 of the package.

    Returns:
        The content; None where nothing that base64 could be was sent.
    """
    if not isinstance(encoded, str):
        return None
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            found = package.getinfo(CONTENT_FILE)
            if found.file_size <= MOST_CONTENT:
                return package.read(found).decode()
    except Exception:  # noqa: BLE001, S110  # a package may be broken in any way; then its bytes stand for it
        pass
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
