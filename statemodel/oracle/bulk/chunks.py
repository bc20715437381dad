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
        spoilt: rows with a text that is not UTF-8: the column of it, and the row as far as it can be shown. Their
            columns are empty, but for the resource where that can be read.
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
    spoilt: Mapping[int, tuple[str, str]] = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self.columns["resource"])

    def after(self, count: int) -> "Rows":
        """The rows without the first ones."""
        columns = {name: column.slice(count) for name, column in self.columns.items()}
        lines = None if self.lines is None else self.lines[count:]
        files = None if self.files is None else self.files[count:]
        spoilt = {row - count: one for row, one in self.spoilt.items() if row >= count}
        return attrs.evolve(self, first=self.first + count, columns=columns, lines=lines, files=files, spoilt=spoilt)

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
        if row in self.spoilt:
            return self.spoilt[row][1]
        found = {name: column[row].as_py() for name, column in self.columns.items()}
        given = {name: one for name, one in found.items() if one is not None}
        return json.dumps(given, ensure_ascii=False, default=str)

    def record(self, row: int) -> Record | None:
        """The record of a row, its shape not yet checked.

        Raises:
            HistoryError: a column of JSON has none, or a text is not UTF-8.
        """
        if row in self.spoilt:
            name, text = self.spoilt[row]
            mend = "write all texts in UTF-8"
            raise HistoryError(self.file_of(row), self.line(row), text, f'UTF-8 under "{name}"', mend)
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


def sound(columns: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[int, tuple[str, str]]]:
    """Columns of Arrow without the rows that have a text that is not UTF-8, and these as `Rows.spoilt` has them."""
    wrong: dict[int, str] = {}
    for name, column in columns.items():
        try:
            (column.dictionary if pa.types.is_dictionary(column.type) else column).validate(full=True)
        except pa.ArrowInvalid:
            wrong |= {row: name for row, text in enumerate(_bytes_of(column)) if not _is_text(text)}
    if not wrong:
        return columns, {}
    plain = {name: _plain(column) for name, column in columns.items()}
    spoilt = {row: (name, _shown({one: column[row] for one, column in plain.items()})) for row, name in wrong.items()}
    size = len(plain["resource"])
    is_spoilt = pa.array([row in wrong for row in range(size)])
    is_nameless = pa.array([not _is_text(text) for text in _bytes_of(plain["resource"])])
    gone = {name: is_nameless if name == "resource" else is_spoilt for name in plain}
    kept = {name: pc.if_else(gone[name], pa.scalar(None, column.type), column) for name, column in plain.items()}
    return kept, spoilt


def _plain(column: Any) -> Any:
    """A column without a dictionary, with whole numbers wide enough for any."""
    column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    return column.cast(pa.int64()) if pa.types.is_integer(column.type) else column


def _bytes_of(column: Any) -> list[Any]:
    column = _plain(column)
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return list((column.cast(pa.large_binary()) if is_text else column).to_pylist())


def _is_text(value: Any) -> bool:
    try:
        return not isinstance(value, bytes) or value.decode() is not None
    except UnicodeDecodeError:
        return False


def _shown(cells: Mapping[str, Any]) -> str:
    found = {}
    for name, cell in cells.items():
        is_text = pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type)
        value = cell.cast(pa.large_binary()).as_py() if is_text else cell.as_py()
        if value is not None:
            found[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return json.dumps(found, ensure_ascii=False, default=str)


def times(column: Any) -> Any:
    """Seconds since the epoch of a column of times or numbers, NaN where there is none; not for texts."""
    if pa.types.is_timestamp(column.type):
        units = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
        whole = pc.cast(column, pa.int64())
        return whole.to_numpy(zero_copy_only=False) / units[column.type.unit]
    if pa.types.is_date(column.type):
        return times(pc.cast(column, pa.timestamp("s")))
    return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
