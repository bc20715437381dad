"""Writing to standard output and telling of progress. The only place that writes."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any


def say(text: str) -> None:
    """Write some text and end the line."""
    if sys.stdout is not None:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say_json(document: Any) -> None:
    """Write one JSON document, indented."""
    say(json.dumps(document, ensure_ascii=False, indent=1))


def say_lines(document: dict[str, Any]) -> None:
    """Write one JSON document with each entry of what it iterates over on a line of its own, as it is made."""
    for place, (name, value) in enumerate(document.items()):
        opening = "{" if place == 0 else ",\n "
        if isinstance(value, Iterator):
            say_part(f"{opening}{json.dumps(name)}: [")
            _entries(value)
            say_part("]")
        else:
            say_part(f"{opening}{json.dumps(name)}: {_line(value)}")
    say("}")


def _entries(entries: Iterable[Any]) -> None:
    for place, entry in enumerate(entries):
        say_part(("\n" if place == 0 else ",\n") + _line(entry))


_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def say_part(text: str) -> None:
    """Write some text as it is."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def progress(what: str) -> Callable[[int], None] | None:
    """What tells of progress on standard error, or None where that is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def tell(count: int) -> None:
        sys.stderr.write(f"\r{count:,} {what}\x1b[K")
        sys.stderr.flush()

    return tell


def rate(what: str) -> Callable[[int, float], None] | None:
    """What tells of progress with its rate and the time left, or None where standard error is no terminal.

    It is called with what was done so far: how many, and which share of all.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    begun = told = monotonic()

    def tell(count: int, share: float) -> None:
        nonlocal told
        now = monotonic()
        if now - told < 0.2:
            return
        told = now
        left = f", {round((now - begun) * (1 - share) / share)} s left" if 0 < share < 1 else ""
        sys.stderr.write(f"\r{count:,} {what}, {count / (now - begun):,.0f} a second{left}\x1b[K")
        sys.stderr.flush()

    return tell


def note(text: str) -> None:
    """Say on standard error what takes long, where that is a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"{text}\n")


def clear_progress(telling: Callable[..., None] | None) -> None:
    """Take the line of progress away."""
    if telling is not None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
