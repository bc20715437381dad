"""What a client answers, checked: nothing that JSON cannot hold, and nothing that it may change later."""

import math
from collections.abc import Mapping
from typing import Any, Final

import attrs

ANSWER: Final = 'either {"result": {...}} with a JSON object, or {"error": "Code"} with a code'


@attrs.frozen
class Reply:
    """What a client answered: the fields of a result, or the code of a refusal.

    Attributes:
        result: what it showed, or None where it refused.
        error: the code, or None where it accepted.
    """

    result: dict[str, object] | None = None
    error: str | None = None

    def to_record(self) -> dict[str, object]:
        """The part of a record that tells the answer.

        >>> Reply(error="NoSuchQueue").to_record()
        {'error': 'NoSuchQueue'}
        """
        return {"result": self.result} if self.error is None else {"error": self.error}


class NotJsonError(ValueError):
    """A value that JSON cannot hold, and where it was met."""


PLAIN: Final = frozenset({str, bool, int, type(None)})


def copied(value: object, place: str) -> object:
    """A copy of a JSON value, which later changes of the original leave as it is.

    Args:
        value: what to copy.
        place: where it was met, for the error.

    Raises:
        NotJsonError: it is none.
    """
    return value if type(value) in PLAIN else _copied(value, (place,))


def _copied(value: object, way: tuple[str, ...]) -> object:
    kind = type(value)
    if kind in PLAIN or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, list):
        return [
            inner if type(inner) in PLAIN else _copied(inner, (*way, f"[{number}]"))
            for number, inner in enumerate(value)
        ]
    if isinstance(value, dict):
        if (odd := next((key for key in value if not isinstance(key, str)), None)) is not None:
            raise NotJsonError(f"{''.join(way)} has the key {shown(odd)}")
        return {
            key: inner if type(inner) in PLAIN else _copied(inner, (*way, f".{key}")) for key, inner in value.items()
        }
    raise NotJsonError(f"{''.join(way)} is {shown(value)}")


def to_reply(answer: object) -> Reply:
    """The answer of a call, checked.

    Raises:
        NotJsonError: it is none; the text says what is wrong with it.
    """
    if not isinstance(answer, dict):
        raise NotJsonError(f"the answer is {shown(answer)}")
    given = [key for key in ("result", "error") if key in answer]
    if len(given) != 1:
        raise NotJsonError(f"the answer has {'both result and error' if given else 'neither result nor error'}")
    if given == ["error"]:
        if not isinstance(answer["error"], str) or not answer["error"]:
            raise NotJsonError(f"error is {shown(answer['error'])}")
        return Reply(error=answer["error"])
    if not isinstance(answer["result"], dict):
        raise NotJsonError(f"result is {shown(answer['result'])}")
    result = copied(answer["result"], "result")
    assert isinstance(result, dict)
    return Reply(result=result)


def shown(value: object, limit: int = 300) -> str:
    """A value in few words, whatever its repr does."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001  # it may raise whatever its author lets it
        text = f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def names_in(result: Mapping[str, Any], before: str = "") -> set[str]:
    """Names of all that an answer shows, those within others after a dot."""
    found: set[str] = set()
    for name, value in result.items():
        found.add(before + name)
        if isinstance(value, Mapping):
            found |= names_in(value, f"{before}{name}.")
    return found
