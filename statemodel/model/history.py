"""Histories as files: JSON lines and CSV, one record a line, checked as they are read. Knows no model."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from statemodel.errors import HistoryError

Record = dict[str, Any]

SHAPE = (
    'an object with "resource" and either "op" with exactly one of "result", "error" and "lost", '
    'or "event", or "silence"'
)


def read_file(name: str) -> Iterator[tuple[int, Record]]:
    """The records of one file with their line numbers, shapes not yet checked.

    Raises:
        HistoryError: the file cannot be read, or a line is not a JSON object.
    """
    if name.endswith(".csv"):
        yield from _read_csv(name)
    else:
        try:
            with Path(name).open("rb") as file:
                yield from _read_lines(name, iter(file))
        except OSError as error:
            raise HistoryError(name, None, "", f"a readable file: {error.strerror or error}") from error


def _read_lines(name: str, lines: Iterator[bytes]) -> Iterator[tuple[int, Record]]:
    loads = json.loads
    is_empty = True
    for number, line in enumerate(lines, 1):
        try:
            record = loads(line)
        except (ValueError, RecursionError):
            if not line.strip():
                continue
            raise HistoryError(name, number, _text(line), f"one JSON object a line: {SHAPE}") from None
        if record.__class__ is not dict:
            raise HistoryError(name, number, _text(line), SHAPE)
        is_empty = False
        yield number, record
    if is_empty:
        raise HistoryError(name, None, "", "at least one record")


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _read_csv(name: str) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(sys.maxsize)
    line: int | None = None
    try:
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            line = 1
            is_empty = not rows.fieldnames
            line = 2
            for row in rows:
                line = rows.line_num + 1
                yield rows.line_num, _record(name, rows.line_num, row)
            if is_empty or line == 2:
                raise HistoryError(name, None, "", "a header and at least one record")
    except OSError as error:
        raise HistoryError(name, None, "", f"a readable file: {error.strerror or error}") from error
    except csv.Error as error:
        raise HistoryError(name, line, "", f"CSV in UTF-8: {error}") from error
    except UnicodeDecodeError as error:
        raise HistoryError(name, None, "", f"CSV in UTF-8: {error}") from error


def _record(name: str, line: int, row: Mapping[str | None, Any]) -> Record:
    record: Record = {}
    for key, value in row.items():
        if key is None:
            raise HistoryError(name, line, str(value), "no more fields than the header has")
        if value in (None, ""):
            continue
        if key in ("args", "result", "lost", "silence"):
            try:
                record[key] = json.loads(value)
            except (ValueError, RecursionError):
                raise HistoryError(
                    name, line, f"{key}={value}", "JSON in the columns args, result, lost and silence"
                ) from None
        else:
            record[key] = value
    return record


def check_record(record: Mapping[str, Any]) -> str | None:
    """What is wrong with the shape of a record, or None."""
    if not isinstance(record.get("resource"), str):
        return 'a text under "resource"'
    if "at" in record and (not isinstance(record["at"], str | int | float) or moment(record["at"]) is None):
        return 'RFC 3339 or seconds under "at"'
    if "event" in record:
        return None if isinstance(record["event"], str) else 'a text under "event"'
    if "silence" in record:
        given = record["silence"]
        fine = isinstance(given, int | float) and not isinstance(given, bool) and given >= 0
        return None if fine else 'seconds, not negative, under "silence"'
    return _check_call(record)


def _check_call(record: Mapping[str, Any]) -> str | None:
    if not isinstance(record.get("op"), str):
        return SHAPE
    if not isinstance(record.get("args", {}), dict):
        return 'an object under "args"'
    if record.get("as", "source") not in ("source", "target"):
        return '"source" or "target" under "as"'
    given = [name for name in ("result", "error") if name in record]
    if record.get("lost") is True:
        given.append("lost")
    if len(given) != 1 or not isinstance(record.get("lost", False), bool):
        return 'exactly one of "result", "error" and "lost"'
    if given[0] == "result" and not isinstance(record["result"], dict):
        return 'an object under "result"'
    if given[0] == "error" and not (isinstance(record["error"], str) and record["error"]):
        return 'a code, or "*", under "error"'
    return None


@lru_cache(maxsize=1 << 16, typed=True)
def moment(at: Any) -> float | None:
    """Seconds since the epoch, of RFC 3339 or of seconds; None where it is neither."""
    if isinstance(at, str):
        try:
            when = datetime.fromisoformat(at)
        except ValueError:
            return _seconds(at)
        return when.timestamp() if when.tzinfo else None
    return None if isinstance(at, bool) or not isinstance(at, int | float) else _seconds(at)


def _seconds(at: Any) -> float | None:
    try:
        seconds = float(at)
    except (ValueError, OverflowError):
        return None
    return seconds if isfinite(seconds) else None
