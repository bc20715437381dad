"""CSV in blocks: read by Arrow where every row can be placed exactly, by the standard library elsewhere.

Arrow does not tell the line of a row. Where all quotes stand at the edges of fields or are doubled, as the standard
library demands of them, rows end at those line ends that have an even number of quotes before them, and the line of a
row is the number of line ends up to there. Anything else is left to the standard library, which knows what is wrong.
"""

import csv
import io
import sys
from collections.abc import Iterator
from typing import IO, Any, Final

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from statemodel.errors import HistoryError
from statemodel.oracle.bulk.chunks import COLUMNS, Rows
from statemodel.oracle.bulk.engine import is_utf8

AT_ONCE: Final = 1 << 15
LONGEST: Final = 1 << 25
"""Number of bytes beyond which the end of a row is left to the standard library to find."""
BOM: Final = b"\xef\xbb\xbf"
QUOTE, COMMA, RETURN, FEED = 34, 44, 13, 10


@attrs.frozen
class Cut:
    """Where the rows of some bytes end.

    Attributes:
        ends: behind the line end of each row, empty ones included.
        lines: number of line ends up to there.
        is_empty: whether a row is an empty line.
    """

    ends: Any
    lines: Any
    is_empty: Any


def cut(data: Any) -> Cut | None:
    """Where the rows of some bytes end, the last of which need not be whole; None where that cannot be told."""
    last = len(data) - 1
    returns = np.flatnonzero(data == RETURN)
    returns = returns[returns < last]
    quotes = np.flatnonzero(data == QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = data[opening[opening > 0] - 1], data[closing[closing < last] + 1]
    is_plain = (
        data.all()
        and (data[returns + 1] == FEED).all()
        and ((before == COMMA) | (before == FEED) | (before == QUOTE)).all()
        and ((after == COMMA) | (after == FEED) | (after == QUOTE) | (after == RETURN)).all()
    )
    if not is_plain:
        return None
    breaks = np.flatnonzero(data == FEED)
    lines = np.arange(1, len(breaks) + 1)
    if len(quotes):
        is_end = np.searchsorted(quotes, breaks) % 2 == 0
        breaks, lines = breaks[is_end], lines[is_end]
    lengths = np.diff(np.r_[0, breaks + 1]) - 1
    is_empty = (lengths == 0) | ((lengths == 1) & (data[breaks - 1] == RETURN))
    return Cut(breaks + 1, lines, is_empty)


class Reader:
    """Reads one file of CSV.

    Args:
        name: name of the file; number: its number among all files.
        block: number of bytes read at a time.
    """

    def __init__(self, name: str, number: int, block: int) -> None:
        self._name = name
        self._number = number
        self._block = block
        self._names: list[str] = []
        self._first = 1
        self._line = 0

    def rows(self, file: IO[bytes]) -> Iterator[Rows]:
        """The rows of the file, some at a time.

        Raises:
            HistoryError: it is no CSV of records.
        """
        rest = b""
        while block := file.read(self._block):
            data = rest + block
            if not self._names:
                data = data.removeprefix(BOM)
            found = cut(np.frombuffer(data, np.uint8))
            if found is None or (not len(found.ends) and len(data) > LONGEST):
                yield from self._carefully(io.BufferedReader(_Joined(data, file)))
                return
            end = int(found.ends[-1]) if len(found.ends) else 0
            if end:
                yield from self._whole(data[:end], found)
            rest = data[end:]
        if rest or not self._names:
            yield from self._carefully(io.BytesIO(rest))

    def _whole(self, data: bytes, found: Cut) -> Iterator[Rows]:
        """The rows of some bytes that end where a row does."""
        if not self._names:
            begin, line = int(found.ends[0]), int(found.lines[0])
            header = csv.reader(io.StringIO(self._text(data[:begin]), newline=""), strict=True)
            self._names = self._header(next(header, []))
            data, self._line = data[begin:], line
            found = Cut(found.ends[1:] - begin, found.lines[1:] - line, found.is_empty[1:])
        if not len(found.ends):
            return
        last, lines = int(found.lines[-1]), found.lines[~found.is_empty]
        columns = self._by_arrow(data, len(lines), has_breaks=last > len(found.lines))
        if columns is None:
            yield from self._carefully(io.BytesIO(data))
        elif len(lines):
            yield Rows(self._name, self._number, self._first, columns, lines + self._line)
            self._first += len(lines)
        self._line += last

    def _by_arrow(self, data: bytes, count: int, *, has_breaks: bool) -> dict[str, Any] | None:
        """The columns of some rows as Arrow reads them; None where it cannot, or finds other rows."""
        kept = [name for name in self._names if name in COLUMNS]
        if len(set(self._names)) < len(self._names) or not is_utf8(np.frombuffer(data, np.uint8)):
            return None
        if not count:
            return {}
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=self._names),
                arrow_csv.ParseOptions(newlines_in_values=has_breaks),
                arrow_csv.ConvertOptions(
                    include_columns=kept, column_types=dict.fromkeys(kept, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        if len(table) != count:
            return None
        return {name: table.column(name).combine_chunks() for name in kept}

    # ------------------------------------------------------------------------------------------- the standard library

    def _carefully(self, file: IO[bytes]) -> Iterator[Rows]:
        """The rows of a file from where one begins, as the standard library reads them."""
        csv.field_size_limit(sys.maxsize)
        line = base = self._line
        try:
            with io.TextIOWrapper(file, "utf-8", newline="") as text:
                rows = csv.reader(text, strict=True)
                if not self._names:
                    self._names = self._header(next(rows, []))
                    line = base + rows.line_num
                held: list[list[str]] = []
                lines: list[int] = []
                for row in rows:
                    line = base + rows.line_num
                    if len(row) > len(self._names):
                        mend = "put fields with a comma into quotes, and double the quotes in them"
                        expected = "no more fields than the header has"
                        raise HistoryError(self._name, line, ",".join(row), expected, mend)
                    if not row:
                        continue
                    held.append(row + [""] * (len(self._names) - len(row)))
                    lines.append(line)
                    if len(held) == AT_ONCE:
                        yield self._table(held, lines)
                        held, lines = [], []
                if held:
                    yield self._table(held, lines)
        except csv.Error as error:
            mend = "put fields with a comma, a quote or a line end into quotes, and double the quotes in them"
            raise HistoryError(self._name, line + 1, "", f"CSV in UTF-8: {error}", mend) from error
        except UnicodeDecodeError as error:
            raise self._no_text(error) from error

    def _table(self, held: list[list[str]], lines: list[int]) -> Rows:
        columns = dict(zip(self._names, zip(*held, strict=True), strict=True))
        kept = {name: pa.array(column, pa.string()) for name, column in columns.items() if name in COLUMNS}
        first = self._first
        self._first += len(held)
        return Rows(self._name, self._number, first, kept, np.array(lines, np.int64))

    def _header(self, names: list[str]) -> list[str]:
        if "resource" not in names:
            raise HistoryError(self._name, 1, ",".join(names), 'a header with "resource" and the other columns')
        return names

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise self._no_text(error) from error

    def _no_text(self, error: UnicodeDecodeError) -> HistoryError:
        return HistoryError(self._name, None, "", f"CSV in UTF-8: {error}")


class _Joined(io.RawIOBase):
    """Some bytes, and behind them a file."""

    def __init__(self, data: bytes, file: IO[bytes]) -> None:
        self._data = memoryview(data)
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        room = len(into)
        if not len(self._data):
            self._data = memoryview(self._file.read(room))
        found, self._data = self._data[:room], self._data[room:]
        into[: len(found)] = found
        return len(found)
