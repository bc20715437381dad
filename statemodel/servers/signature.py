"""Signatures of requests: TC3-HMAC-SHA256 and the older HmacSHA1 and HmacSHA256, ACS3-HMAC-SHA256. Pure.

The algorithms are those of the published SDKs: `tencentcloud-sdk-python-common` and `alibabacloud-tea-openapi`.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, quote

from statemodel.servers.wire import Key, Request

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_TC3 = re.compile(
    r"TC3-HMAC-SHA256\s+Credential=(?P<id>[^/,\s]+)/(?P<date>[^/,\s]+)/(?P<service>[^/,\s]+)/tc3_request\s*,"
    r"\s*SignedHeaders=(?P<headers>[^,\s]+)\s*,\s*Signature=(?P<signature>[0-9a-fA-F]+)\s*"
)
_ACS3 = re.compile(
    r"ACS3-HMAC-SHA256\s+Credential=(?P<id>[^,\s]+)\s*,\s*SignedHeaders=(?P<headers>[^,\s]*)\s*,"
    r"\s*Signature=(?P<signature>[0-9a-fA-F]+)\s*"
)


def tc3_parts(authorization: str) -> dict[str, str] | None:
    """Key id, date, service, signed headers and signature of an Authorization header, or None where it is none."""
    found = _TC3.fullmatch(authorization.strip())
    return found.groupdict() if found else None


def tc3(request: Request, key: Key, *, date: str, service: str, signed: str) -> str:
    """The signature a request should have."""
    payload = UNSIGNED.encode() if request.headers.get("x-tc-content-sha256") == UNSIGNED else request.body
    canonical = "\n".join(
        (
            request.method,
            request.path or "/",
            request.query,
            _canonical_headers(request.headers, signed.split(";")),
            signed,
            hashlib.sha256(payload).hexdigest(),
        )
    )
    scope = f"{date}/{service}/tc3_request"
    told = request.headers.get("x-tc-timestamp", "")
    text = "\n".join(("TC3-HMAC-SHA256", told, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    secret = ("TC3" + key.secret).encode()
    for step in (date, service, "tc3_request"):
        secret = _mac(secret, step)
    return _mac(secret, text).hex()


def day_of(timestamp: int) -> str:
    """The day of a moment, in UTC.

    >>> day_of(0)
    '1970-01-01'
    """
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")


def older(request: Request, parameters: Mapping[str, str], key: Key) -> str:
    """The signature that the form-encoded protocol puts among its parameters."""
    given = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    text = f"{request.method}{request.headers.get('host', '')}{request.path or '/'}?"
    text += "&".join(f"{name}={value}" for name, value in given)
    algorithm = hashlib.sha256 if parameters.get("SignatureMethod") == "HmacSHA256" else hashlib.sha1
    return base64.b64encode(hmac.new(key.secret.encode(), text.encode(), algorithm).digest()).decode()


def acs3_parts(authorization: str) -> dict[str, str] | None:
    """Key id, signed headers and signature of an Authorization header, or None where it is none."""
    found = _ACS3.fullmatch(authorization.strip())
    return found.groupdict() if found else None


def acs3(request: Request, key: Key, *, signed: str) -> str:
    """The signature a request should have."""
    query = sorted(parse_qsl(request.query, keep_blank_values=True))
    canonical = "\n".join(
        (
            request.method,
            request.path or "/",
            "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in query),
            _canonical_headers(request.headers, signed.split(";")),
            signed,
            request.headers.get("x-acs-content-sha256", ""),
        )
    )
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return _mac(key.secret.encode(), text).hex()


def is_same(one: str, other: str) -> bool:
    """Whether two signatures agree, told in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _canonical_headers(headers: Mapping[str, str], names: Iterable[str]) -> str:
    return "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in names)


def _mac(secret: bytes, text: str) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
