"""The control path of a simulated service, and the code that adapters upload. Knows no SDK."""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from statemodel.errors import MissingExtraError, UsageError

CONTROL: Final = "/_statemodel"
STEERED: Final = ("clock", "outcome", "environment")
CODE: Final = """import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "content.txt")) as file:
    CONTENT = file.read()


def handler(event, context):
    return CONTENT
"""
EPOCH: Final = (2020, 1, 1, 0, 0, 0)
TIMEOUT_S: Final = 30.0
MOST_ATTEMPTS: Final = 3


class Control:
    """What steers a simulated service from outside, over one connection.

    Args:
        host: name or address.
        port: its number.
    """

    def __init__(self, host: str, port: int) -> None:
        self._connection = HTTPConnection(host, port, timeout=TIMEOUT_S)

    def ask(self, method: str, what: str, given: Mapping[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body of what the control path answers."""
        body = None if given is None else json.dumps(given)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                self._connection.request(method, f"{CONTROL}/{what}", body)
                response = self._connection.getresponse()
                return response.status, response.read()
            except (ConnectionError, HTTPException):  # an idle connection may have been closed; a new one is made
                self._connection.close()
                if attempt == MOST_ATTEMPTS:
                    raise
        raise AssertionError(what)

    def abilities(self) -> tuple[str, ...]:
        """What the service can do; nothing where it is not a simulated one."""
        try:
            status, body = self.ask("POST", "hello", {})
            told = json.loads(body) if status == 200 else {}
        except (OSError, HTTPException, ValueError):
            return ()
        names = told.get("abilities") if isinstance(told, dict) else None
        return tuple(map(str, names)) if isinstance(names, list) else ()

    def steer(self, what: str, given: Mapping[str, Any] | None = None) -> bool:
        """Reset, advance, or ask for an event; False where the service cannot."""
        status, _ = self.ask("POST", what, given or {})
        return status == 200

    def history(self) -> str:
        """What was done since the last reset, one record a line."""
        return self.ask("GET", "history")[1].decode()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def package(content: str) -> str:
    """A package whose function answers with a content, as base64; the same content gives the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        for name, text in (("content.txt", content), ("index.py", CODE)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, text)
    return base64.b64encode(whole.getvalue()).decode()


def place_of(endpoint: str, usual: str) -> tuple[str, str, int]:
    """Scheme, host and port of an endpoint: a URL, or a host with or without a port.

    >>> place_of("http://127.0.0.1:8080", "scf.tencentcloudapi.com")
    ('http', '127.0.0.1', 8080)
    >>> place_of("", "scf.tencentcloudapi.com")
    ('https', 'scf.tencentcloudapi.com', 443)

    Raises:
        UsageError: it is neither.
    """
    given = endpoint or usual
    try:
        parts = urlsplit(given if "//" in given else f"https://{given}")
        port = parts.port
    except ValueError:
        raise UsageError("form of an endpoint", endpoint, ("http://HOST:PORT", "https://HOST")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("form of an endpoint", endpoint, ("http://HOST:PORT", "https://HOST"))
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}[parts.scheme]


def control_at(scheme: str, host: str, port: int) -> Control | None:
    """The control path of an endpoint, or None where there is none; only plain HTTP is asked."""
    if scheme != "http":
        return None
    control = Control(host, port)
    if control.abilities():
        return control
    control.close()
    return None


def loaded(load: Callable[[], Any], feature: str, extra: str) -> Any:
    """What an extra brings.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return load()
    except ImportError:
        raise MissingExtraError(feature, extra) from None
