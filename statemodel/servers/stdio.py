"""An adapter behind two streams: one JSON object a line, each answered by one line. Knows no model.

What cannot be done is answered with `"unsupported": true` and a message; nothing that a client sends ends the service.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol, TextIO

from statemodel.errors import StateModelError

CONTRACT = 1
DOINGS = ("hello", "reset", "call", "outcome", "advance", "happen")
NEEDED = {"advance": "clock", "outcome": "outcome", "happen": "environment"}


class Adapter(Protocol):
    """What is served."""

    @property
    def abilities(self) -> Collection[str]:
        """Operations it answers, and what it can do besides."""

    def reset(self) -> None:
        """Forget everything."""

    def call(self, op: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """`{"result": {...}}` or `{"error": code}`."""

    def advance(self, seconds: float) -> None:
        """Let some seconds pass."""

    def outcome(self, event: str) -> bool:
        """Have the next hidden move that can be this event be it."""

    def happen(self, event: str) -> bool:
        """Have a move of the environment happen now."""


class _WrongError(Exception):
    """A line that asks for what cannot be done."""


def serve(adapter: Adapter, requests: TextIO, answers: TextIO, *, model: str, name: str | None = None) -> None:
    """Answer requests until they end.

    Args:
        adapter: what is served.
        requests: one JSON object a line.
        answers: one line for each.
        model: name of the model that the adapter is a service of.
        name: another name by which a client may ask for it, or None.
    """
    names = {model, name} - {None}
    for line in requests:
        if line.strip():
            answers.write(json.dumps(answer(adapter, line, names=names), ensure_ascii=False, default=str) + "\n")
            answers.flush()


def answer(adapter: Adapter, line: str, *, names: Collection[str | None]) -> dict[str, Any]:
    """The answer to one line."""
    number: Any = None
    try:
        request = _read(line)
        number = request.get("id")
        return {"id": number, **_done(adapter, request, names)}
    except (_WrongError, StateModelError) as error:
        return {"id": number, "unsupported": True, "message": str(error)}
    except RecursionError:
        return {"id": number, "unsupported": True, "message": "nested too deeply"}


def _read(line: str) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise _WrongError(f"not a line of JSON: {line.strip()[:120]!r}") from None
    if not isinstance(request, dict):
        raise _WrongError(f"not a JSON object: {line.strip()[:120]!r}")
    return request


def _done(adapter: Adapter, request: Mapping[str, Any], names: Collection[str | None]) -> Mapping[str, Any]:
    do = request.get("do")
    if do not in DOINGS:
        raise _WrongError(f"unknown do {do!r}; known: {', '.join(DOINGS)}")
    needed = NEEDED.get(do)
    if needed is not None and needed not in adapter.abilities:
        raise _WrongError(f"this client lacks the ability {needed!r}")
    match do:
        case "hello":
            return _greeted(adapter, request, names)
        case "reset":
            adapter.reset()
        case "call":
            return adapter.call(_text(request, "op"), _object(request, "args"))
        case "advance":
            adapter.advance(_seconds(request))
        case "outcome":
            return _steered(adapter.outcome, request)
        case _:
            return _steered(adapter.happen, request)
    return {}


def _greeted(adapter: Adapter, request: Mapping[str, Any], names: Collection[str | None]) -> Mapping[str, Any]:
    contract, model = request.get("contract", CONTRACT), request.get("model")
    if contract != CONTRACT or isinstance(contract, bool):
        raise _WrongError(f"contract {contract!r} is not spoken here, only {CONTRACT}")
    if model is not None and not (isinstance(model, str) and model in names):
        raise _WrongError(f"model {model!r} is not served here, only {', '.join(sorted(filter(None, names)))}")
    return {"abilities": list(adapter.abilities)}


def _steered(steer: Callable[[str], bool], request: Mapping[str, Any]) -> Mapping[str, Any]:
    event = _text(request, "event")
    if steer(event):
        return {}
    raise _WrongError(f"{event!r} is not known here, or cannot happen now")


def _text(request: Mapping[str, Any], name: str) -> str:
    given = request.get(name)
    if not isinstance(given, str):
        raise _WrongError(f"a text is needed under {name!r}, not {given!r}")
    return given


def _object(request: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    given = request.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _WrongError(f"an object is needed under {name!r}, not {given!r}")
    return given


def _seconds(request: Mapping[str, Any]) -> float:
    given = request.get("seconds")
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _WrongError(f"a number is needed under 'seconds', not {given!r}")
    return given
