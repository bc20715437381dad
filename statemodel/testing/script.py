"""What was done to a client, step by step: to be read, to be written down, and to be done again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from statemodel.errors import HistoryError
from statemodel.testing.reply import Reply

STEERS = ("advance", "outcome", "happen")


@attrs.frozen
class Step:
    """One thing done to a client, as the adapter protocol spells it.

    Attributes:
        do: call, advance, outcome or happen.
        what: the operation or event; None for advance.
        args: arguments of a call.
        seconds: how long, for advance.
        reply: what a call answered, or None.
        wishes: names of arguments that the client may overrule, so that they prove nothing.
        is_promise: whether a client that agrees to an outcome is held to it.
    """

    do: str
    what: str | None = None
    args: Mapping[str, Any] = attrs.field(factory=dict)
    seconds: float = 0.0
    reply: Reply | None = None
    wishes: tuple[str, ...] = ()
    is_promise: bool = False

    def to_request(self) -> dict[str, Any]:
        """The step in the words of the adapter protocol.

        >>> Step("call", "GetFunction", {"FunctionName": "f"}).to_request()
        {'do': 'call', 'op': 'GetFunction', 'args': {'FunctionName': 'f'}}
        """
        match self.do:
            case "call":
                wishes = {"wishes": list(self.wishes)} if self.wishes else {}
                return {"do": "call", "op": self.what, "args": dict(self.args), **wishes}
            case "advance":
                return {"do": "advance", "seconds": self.seconds}
        return {"do": self.do, "event": self.what, **({"promise": True} if self.is_promise else {})}

    def __str__(self) -> str:
        match self.do:
            case "call":
                args = ", ".join(f"{name}={_spelled(value)}" for name, value in self.args.items())
                return f"{self.what}({args})" + ("" if self.reply is None else f" -> {answer(self.reply)}")
            case "advance":
                return f"advance {self.seconds:g} s"
            case "outcome":
                agreed = ", to which the client agrees" if self.is_promise else ""
                return f"let the next outcome be {self.what!r}{agreed}"
        return f"let {self.what!r} happen"


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def answer(reply: Reply) -> str:
    """What was answered, in few words."""
    if reply.error is not None:
        return f"refused, {reply.error}"
    return f"accepted {_spelled(reply.result)}" if reply.result else "accepted"


def to_lines(script: Iterable[Step]) -> str:
    """A script as JSON lines, which `from_lines` reads again."""
    return "".join(json.dumps(step.to_request(), ensure_ascii=False) + "\n" for step in script)


def from_lines(text: str, file: str = "script") -> tuple[Step, ...]:
    """A script from JSON lines.

    Raises:
        HistoryError: a line is no step.
    """
    return tuple(_read(file, number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _read(file: str, number: int, line: str) -> Step:
    try:
        found = json.loads(line)
    except ValueError:
        raise HistoryError(file, number, line, "one JSON object a line") from None
    found = found if isinstance(found, dict) else {}
    do, args = found.get("do"), found.get("args", {})
    if do == "call" and isinstance(found.get("op"), str) and isinstance(args, dict):
        return Step("call", found["op"], args, wishes=tuple(map(str, found.get("wishes", ()))))
    if do == "advance" and isinstance(found.get("seconds"), int | float):
        return Step("advance", seconds=float(found["seconds"]))
    if do in ("outcome", "happen") and isinstance(found.get("event"), str):
        return Step(do, found["event"], is_promise=found.get("promise") is True)
    raise HistoryError(
        file, number, line, '"do" with call ("op", "args"), advance ("seconds"), outcome or happen ("event")'
    )
