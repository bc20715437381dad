"""Histories as files: JSON lines and CSV, one record a line, checked as they are read. Knows no model."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

from statemodel.errors import HistoryError

Record = dict[str, Any]

SHAPE = (
    'an object with "resource" and either "op" with exactly one of "result", "error" and "lost", '
    'or "event", or "silence"'
)
ANSWER = 'exactly one of "result", "error" and "lost"'
OF_CALLS = ("args", "as", "result", "error", "lost")
KEYS = ("resource", "at", "op", *OF_CALLS, "event", "silence")
ONE_A_LINE = "write every record as one object on a line of its own"


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
            raise HistoryError(name, number, _text(line), f"one JSON object a line: {SHAPE}", ONE_A_LINE) from None
        if record.__class__ is not dict:
            raise HistoryError(name, number, _text(line), SHAPE, ONE_A_LINE)
        is_empty = False
        yield number, record
    if is_empty:
        raise HistoryError(name, None, "", "at least one record")


def _text(line: bytes) -> str:
    return line.decode("utf-8-sig", "replace").strip()


def text_at(name: str, line: int) -> str:
    """The text of a record as it stands in a file, or nothing where the file cannot be read again.

    Args:
        name: name of the file.
        line: number of the line, the last one of a CSV row.
    """
    if not Path(name).is_file():
        return ""
    if name.endswith(".csv"):
        return _row_at(name, line)
    with Path(name).open("rb") as file:
        return _text(next(islice(file, line - 1, None), b""))


def _row_at(name: str, line: int) -> str:
    held: list[str] = []

    def lines(file: Iterable[str]) -> Iterator[str]:
        for one in file:
            held.append(one)
            yield one

    with Path(name).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(lines(file), strict=True)
        with suppress(csv.Error):
            for _ in rows:
                if rows.line_num >= line:
                    break
                held.clear()
    return "".join(held).strip()


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
        mend = "put fields with a comma, a quote or a line end into quotes, and double the quotes in them"
        raise HistoryError(name, line, text_at(name, line or 1), f"CSV in UTF-8: {error}", mend) from error
    except UnicodeDecodeError as error:
        raise HistoryError(name, None, "", f"CSV in UTF-8: {error}") from error


def _record(name: str, line: int, row: Mapping[str | None, Any]) -> Record:
    record: Record = {}
    for key, value in row.items():
        if key is None:
            mend = "put fields with a comma into quotes, and double the quotes in them"
            raise HistoryError(name, line, text_at(name, line), "no more fields than the header has", mend)
        if value in (None, ""):
            continue
        if key in ("args", "result", "lost", "silence"):
            try:
                record[key] = json.loads(value)
            except (ValueError, RecursionError):
                mend = "write JSON in the columns args, result, lost and silence, or nothing"
                raise HistoryError(name, line, text_at(name, line), f'JSON under "{key}"', mend) from None
        else:
            record[key] = value
    return record


Wrong = tuple[str, str]


def check_record(record: Mapping[str, Any]) -> Wrong | None:
    """What a record should have been and how to mend it, or None for a sound one.

    Keys that are not known are passed over, unless it seems that one of them stands for a known one that is missing.
    """
    if not isinstance(record.get("resource"), str):
        return _missing(record, 'a text under "resource"', "name the resource whose history it belongs to")
    if "at" in record and (not isinstance(record["at"], str | int | float) or moment(record["at"]) is None):
        mend = 'write a time with its zone, such as "2026-05-01T12:00:00Z", or seconds, or leave it out'
        return 'RFC 3339 or seconds under "at"', mend
    kinds = [name for name in ("op", "event", "silence") if name in record]
    if not kinds:
        return _missing(record, SHAPE, 'say what happened: "op" for a call, "event" or "silence" for anything else')
    if len(kinds) > 1:
        return f'one of "op", "event" and "silence", not {_listed(kinds, "and")}', "write a record for each"
    if "op" not in record and (given := [name for name in OF_CALLS if name in record]):
        return f'no {_listed(given, "or")} beside "{kinds[0]}"', 'only a call has them: write it with "op"'
    if "event" in record:
        return None if isinstance(record["event"], str) else ('a text under "event"', "write the name of the event")
    if "silence" in record:
        given_s = record["silence"]
        fine = isinstance(given_s, int | float) and not isinstance(given_s, bool) and given_s >= 0
        wanted = 'seconds, not negative, under "silence"'
        return None if fine else (wanted, 'write for how long nothing happened, such as "silence": 60')
    return _check_call(record)


def _check_call(record: Mapping[str, Any]) -> Wrong | None:
    if not isinstance(record["op"], str):
        return 'a text under "op"', "write the name of the operation"
    if not isinstance(record.get("args", {}), dict):
        return 'an object under "args"', "write the arguments by their names, or leave it out"
    if record.get("as", "source") not in ("source", "target"):
        return '"source" or "target" under "as"', "say which side of the call the resource was"
    given = [name for name in ("result", "error", "lost") if name in record]
    if not given:
        mend = 'add "result": {} if the call was accepted, "error": "*" if refused, "lost": true if nobody knows'
        return _missing(record, ANSWER, mend)
    if len(given) > 1 and not ("lost" in given and record["lost"] is False and len(given) == 2):
        return f"{ANSWER}, not {_listed(given, 'and')}", "keep what was answered and leave the others out"
    if given == ["lost"] and record["lost"] is not True:
        return '"lost" to be true', 'leave it out where the answer is known, and write "result" or "error"'
    if given[0] == "result" and not isinstance(record["result"], dict):
        return 'an object under "result"', "write what was shown by the names of the fields, {} for nothing"
    if given[0] == "error" and not (isinstance(record["error"], str) and record["error"]):
        return 'a code, or "*", under "error"', 'write the code, "*" where it was not recorded'
    return None


def _missing(record: Mapping[str, Any], expected: str, mend: str) -> Wrong:
    """What is expected where something is missing; a key that is not known may be it, misspelt."""
    strange = [str(name) for name in record if name not in KEYS]
    if not strange:
        return expected, mend
    return f"{expected}; {_listed(strange, 'and')} unknown", f"spell it as one of {', '.join(KEYS)}, or {mend}"


def _listed(names: Iterable[str], word: str) -> str:
    return f" {word} ".join(f'"{name}"' for name in names)


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
