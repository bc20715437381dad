"""Some records of a file as they came: lines of JSON, or columns. Knows how records are spelt, not what they mean."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from statemodel.errors import HistoryError
from statemodel.model.history import ONE_A_LINE, SHAPE, Record, check_record
from statemodel.oracle.bulk.positions import FILES
from statemodel.oracle.bulk.texts import Spans

AS_JSON: Final = ("args", "result", "lost", "silence")
AS_TEXT: Final = ("op", "error", "as", "event")
SAID: Final = (*AS_TEXT, *AS_JSON)
LEGEND: Final = "record"
"""Name of a column of whole numbers that say which record of the legend of the file each row is."""
COLUMNS: Final = ("resource", "at", *SAID)


@attrs.frozen
class Lines:
    """Lines of JSON.

    Attributes:
        file: name of the file; number: its number among all files.
        first: number of the first line.
        left_out: none are.
        spans: the lines, without their ends.
    """

    file: str
    number: int
    first: int
    spans: Spans
    left_out: int = attrs.field(default=0, init=False)

    def __len__(self) -> int:
        return len(self.spans)

    def after(self, count: int) -> "Lines":
        """The lines without the first ones."""
        spans = Spans(self.spans.data, self.spans.starts[count:], self.spans.ends[count:])
        return Lines(self.file, self.number, self.first + count, spans)

    def first_place(self) -> int:
        """Where the first line stands; the others stand one after the other."""
        return (self.number << FILES) + self.first

    def places(self) -> Any:
        """Where each line stands."""
        return self.first_place() + np.arange(len(self), dtype=np.int64)

    def file_of(self, _row: int) -> str:
        """The name of the file."""
        return self.file

    def line(self, row: int) -> int:
        """The number of a line."""
        return self.first + row

    def text(self, row: int) -> str:
        """A line as it stands."""
        return self.spans.at(row).decode("utf-8-sig", "replace").strip()

    def record(self, row: int) -> Record | None:
        """The record of a line, its shape not yet checked; None for an empty line.

        Raises:
            HistoryError: it is no object of JSON.
        """
        line = self.spans.at(row)
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            if not line.strip():
                return None
            expected = f"one JSON object a line: {SHAPE}"
            raise HistoryError(self.file, self.line(row), self.text(row), expected, ONE_A_LINE) from None
        if not isinstance(record, dict):
            raise HistoryError(self.file, self.line(row), self.text(row), SHAPE, ONE_A_LINE)
        return record


@attrs.frozen
class Rows:
    """Rows of columns, from Parquet, CSV or an Arrow table.

    Attributes:
        file: name of the file; number: its number among all files.
        first: number of the first row.
        columns: by name; those that no record has are left out.
        lines: number of the last line of each row, where rows may have several; else None.
        legend: what whole numbers in the column `record` stand for, as texts of JSON.
        left_out: number of events of a log before these that are no records of histories.
        files: number of the file of each row, where rows of several stand together, and `names` what they are called.
    """

    file: str
    number: int
    first: int
    columns: Mapping[str, Any]
    lines: Any = None
    legend: tuple[bytes, ...] = ()
    left_out: int = 0
    files: Any = None
    names: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.columns["resource"])

    def after(self, count: int) -> "Rows":
        """The rows without the first ones."""
        columns = {name: column.slice(count) for name, column in self.columns.items()}
        lines = None if self.lines is None else self.lines[count:]
        files = None if self.files is None else self.files[count:]
        return attrs.evolve(self, first=self.first + count, columns=columns, lines=lines, files=files)

    def first_place(self) -> Any:
        """Where the first row stands, if the others stand one after the other; else where each does."""
        return (self.number << FILES) + self.first if self.lines is None and self.files is None else self.places()

    def places(self) -> Any:
        """Where each row stands."""
        lines = self.first + np.arange(len(self), dtype=np.int64) if self.lines is None else self.lines
        if self.files is not None:
            return (self.files.astype(np.int64) << FILES) + lines
        return (np.int64(self.number) << FILES) + lines

    def file_of(self, row: int) -> str:
        """The name of the file of a row."""
        return self.file if self.files is None else self.names[self.files[row]]

    def line(self, row: int) -> int:
        """The number of a row."""
        return self.first + row if self.lines is None else int(self.lines[row])

    def text(self, row: int) -> str:
        """A row as it would stand in a file of JSON lines."""
        found = {name: column[row].as_py() for name, column in self.columns.items()}
        given = {name: one for name, one in found.items() if one is not None}
        return json.dumps(given, ensure_ascii=False, default=str)

    def record(self, row: int) -> Record | None:
        """The record of a row, its shape not yet checked.

        Raises:
            HistoryError: a column of JSON has none.
        """
        record: Record = {}
        for name, column in self.columns.items():
            value = column[row].as_py()
            if value is None or value == "":
                continue
            if name == "at":
                record[name] = value if isinstance(value, str) else float(times(column.slice(row, 1))[0])
            elif name == LEGEND:
                record |= self._told(row, value)
            elif name in AS_JSON and isinstance(value, str):
                record[name] = self._parsed(row, name, value)
            else:
                record[name] = str(value) if name == "resource" else value
        return record

    def _told(self, row: int, number: int) -> Record:
        if not 0 <= number < len(self.legend):
            expected = f'a number below {len(self.legend)} under "{LEGEND}"'
            raise HistoryError(self.file_of(row), self.line(row), self.text(row), expected)
        told: Record = json.loads(self.legend[number])
        return told

    def _parsed(self, row: int, name: str, value: str) -> Any:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            mend = "write JSON in the columns args, result, lost and silence, or nothing"
            place = self.file_of(row), self.line(row), self.text(row)
            raise HistoryError(*place, f'JSON under "{name}"', mend) from None


Chunk = Lines | Rows


def wrong(chunk: Chunk, row: int) -> HistoryError | None:
    """What is wrong with a record, or None."""
    try:
        record = chunk.record(row)
    except HistoryError as error:
        return error
    if record is None:
        return None
    found = check_record(record)
    return None if found is None else HistoryError(chunk.file_of(row), chunk.line(row), chunk.text(row), *found)


def times(column: Any) -> Any:
    """Seconds since the epoch of a column of times or numbers, NaN where there is none; not for texts."""
    if pa.types.is_timestamp(column.type):
        units = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
        whole = pc.cast(column, pa.int64())
        return whole.to_numpy(zero_copy_only=False) / units[column.type.unit]
    if pa.types.is_date(column.type):
        return times(pc.cast(column, pa.timestamp("s")))
    return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
