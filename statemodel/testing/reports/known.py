"""Deviations that are put up with, read from a file."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from statemodel.errors import HistoryError
from statemodel.testing.report import Known

EXPECTED: Final = '"name" (of a finding, or a pattern such as SM201:*) and "reason", two texts'


def read_known(file: str) -> tuple[Known, ...]:
    """The deviations declared in a file: one JSON object a line, or TOML with [[known]] where its name ends in .toml.

    Raises:
        HistoryError: it cannot be read.
        OSError: it is not there.
    """
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryError(file, None, "", "text in UTF-8") from None
    entries = _toml(file, text) if file.endswith(".toml") else _lines(file, text)
    return tuple(dict.fromkeys(_known(file, line, entry) for line, entry in entries))


def _toml(file: str, text: str) -> Iterator[tuple[int | None, Any]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HistoryError(file, None, "", f"TOML ({error})") from None
    if set(found) - {"known"} or not isinstance(found.get("known", []), list):
        raise HistoryError(file, None, "", f"tables [[known]] with {EXPECTED}, and nothing else")
    for entry in found.get("known", []):
        yield None, entry


def _lines(file: str, text: str) -> Iterator[tuple[int | None, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                raise HistoryError(file, number, line, f"one JSON object a line with {EXPECTED}") from None


def _known(file: str, line: int | None, entry: Any) -> Known:
    if isinstance(entry, dict) and set(entry) == {"name", "reason"}:
        name, reason = entry["name"], entry["reason"]
        if isinstance(name, str) and name and isinstance(reason, str) and reason.strip():
            return Known(name, reason)
    raise HistoryError(file, line, json.dumps(entry, ensure_ascii=False, default=str), EXPECTED)
