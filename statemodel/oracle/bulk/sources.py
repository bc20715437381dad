"""Where records come from: files of lines, CSV and Parquet, compressed or not, folders and patterns, standard input.

Lines are read by the compiled steps, which make nothing of what no model reads. Parquet is read by Arrow, and so is CSV
as far as the line of every row can be told.
"""

import glob
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from statemodel.errors import HistoryError
from statemodel.logs import READERS, events
from statemodel.model.history import Record
from statemodel.oracle.bulk import quoted
from statemodel.oracle.bulk.chunks import COLUMNS, LEGEND, Chunk, Lines, Rows, sound
from statemodel.oracle.bulk.texts import Spans

BLOCK: Final = 1 << 23
LONGEST_LINE: Final = 1 << 28
ROWS: Final = 1 << 17
PART: Final = 1 << 25
"""Number of bytes of Parquet, unpacked, that make a chunk if they have less than so many rows."""
BUFFER: Final = 1 << 20
"""Number of bytes of a column of Parquet that are read at a time; without it Arrow holds whole files in memory."""
EVENTS: Final = 1 << 15
SUFFIXES: Final = (".jsonl", ".ndjson", ".json", ".csv", ".parquet")
SQUEEZED: Final = (".gz", ".zst")
LEGEND_KEY: Final = b"statemodel.records"
GZIP, ZSTD, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
STDIN: Final = "-"


def expanded(names: Iterable[str]) -> list[str]:
    """The files that some names stand for: files, patterns, folders with all below them; those of one name in order.

    Raises:
        HistoryError: a pattern or folder has no file, or a folder has one that cannot be a history.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name != STDIN and path.is_dir():
            found.extend(_inside(path))
        elif name != STDIN and not path.exists() and glob.has_magic(name):
            several = sorted(one for one in glob.glob(name, recursive=True) if Path(one).is_file())  # noqa: PTH207 - any pattern
            if not several:
                raise HistoryError(name, None, "", "a pattern that some file fits")
            found.extend(several)
        else:
            found.append(name)
    return list(dict.fromkeys(found))


def _inside(folder: Path) -> list[str]:
    files = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    files = [one for one in files if not any(part.startswith((".", "_")) for part in one.relative_to(folder).parts)]
    for one in files:
        if not is_known(one.name):
            expected = f"files ending in {', '.join(SUFFIXES)}, or with {' or '.join(SQUEEZED)} behind it, in a folder"
            raise HistoryError(str(one), None, "", expected, "name the files by a pattern, such as logs/*.log")
    if not files:
        raise HistoryError(str(folder), None, "", "a folder with at least one file of records")
    return [str(one) for one in files]


def is_known(name: str) -> bool:
    """Whether a name ends like that of a file of records."""
    for suffix in SQUEEZED:
        name = name.removesuffix(suffix)
    return name.endswith(SUFFIXES)


@attrs.frozen
class Source:
    """One file of records, which can be read more than once.

    Attributes:
        name: as it was given.
        number: its number among all files.
        log: the kind of audit log it is, or None for records.
        path: where it is read; None for standard input while nothing is kept of it.
    """

    name: str
    number: int
    path: str
    log: str | None = None

    def chunks(self, heard: Callable[[int], None] | None = None) -> Iterator[Chunk]:
        """The records, some at a time.

        Args:
            heard: called before each chunk with the number of bytes read so far.

        Raises:
            HistoryError: the file cannot be read.
        """
        try:
            with Path(self.path).open("rb") as file:
                for chunk in self._chunks(file):
                    if heard is not None:
                        heard(0 if file.closed else file.tell())
                    yield chunk
        except EOFError as error:
            raise HistoryError(self.name, None, "", "compressed data with an end; it is cut off") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise HistoryError(self.name, None, "", f"gzip data that can be read: {error}") from error
        except pa.ArrowException as error:
            raise self._unreadable(error) from error
        except OSError as error:
            if error.errno is None:
                raise self._unreadable(error) from error
            raise HistoryError(self.name, None, "", f"a readable file: {error.strerror or error}") from error

    def _chunks(self, file: IO[bytes]) -> Iterator[Chunk]:
        head = file.read(4)
        file.seek(0)
        plain = self.name.removesuffix(".gz").removesuffix(".zst")
        if self.log is not None:
            yield from self._events(unpacked(file, head))
        elif head == PARQUET:
            yield from self._parquet(file)
        elif plain.endswith(".parquet"):
            raise HistoryError(self.name, None, "", "a Parquet file: it does not begin as one")
        elif plain.endswith(".csv"):
            yield from quoted.Reader(self.name, self.number, BLOCK).rows(unpacked(file, head))
        else:
            yield from self._lines(unpacked(file, head))

    def _unreadable(self, error: Exception) -> HistoryError:
        said = " ".join(str(error).split())
        return HistoryError(self.name, None, "", f"a file that can be read: {said[:200]}")

    # ------------------------------------------------------------------------------------------- lines

    def _lines(self, file: IO[bytes]) -> Iterator[Lines]:
        first, rest = 1, b""
        while True:
            block = file.read(BLOCK)
            data = rest + block if rest else block
            if not data:
                return
            end = len(data) if not block else data.rfind(b"\n") + 1
            if not end:
                if len(data) > LONGEST_LINE:
                    raise HistoryError(self.name, first, data[:200].decode("utf-8", "replace"),
                                       f"lines of at most {LONGEST_LINE >> 20} MiB")
                rest = data
                continue
            rest = data[end:]
            chunk = Lines(self.name, self.number, first, split(np.frombuffer(data, np.uint8, end)))
            yield chunk
            first += len(chunk)

    # ------------------------------------------------------------------------------------------- audit logs

    def _events(self, file: IO[bytes]) -> Iterator[Rows]:
        assert self.log is not None
        read = READERS[self.log]
        found: list[dict[str, str | None]] = []
        lines: list[int] = []
        first, left_out = 1, 0
        try:
            for number, event in enumerate(events(file), 1):
                record = read(event) if isinstance(event, Mapping) else {}
                if record is None:
                    left_out += 1
                    continue
                found.append(_cells(record))
                lines.append(number)
                if len(found) == EVENTS:
                    yield self._told(found, lines, first, left_out)
                    first, found, lines, left_out = first + len(found), [], [], 0
        except (ValueError, RecursionError) as error:
            raise HistoryError(self.name, None, "", f"JSON with the events of {self.log}: {error}") from error
        if found or left_out:
            yield self._told(found, lines, first, left_out)

    def _told(self, found: list[dict[str, str | None]], lines: list[int], first: int, left_out: int) -> Rows:
        names = ("resource", "at", "op", "args", "result", "error")
        columns = {name: pa.array([one.get(name) for one in found], pa.string()) for name in names}
        return Rows(self.name, self.number, first, columns, np.array(lines, np.int64), left_out=left_out)

    # ------------------------------------------------------------------------------------------- Parquet

    def _parquet(self, file: IO[bytes]) -> Iterator[Rows]:
        how: Any = {"page_checksum_verification": True, "pre_buffer": False, "buffer_size": BUFFER}
        plain = pq.ParquetFile(file, **how)
        coded = _repeating(plain)
        parquet = pq.ParquetFile(file, read_dictionary=coded, **how) if coded else plain
        first = 1
        kept = [name for name in parquet.schema_arrow.names if name in (*COLUMNS, LEGEND)]
        legend = legend_of(parquet.schema_arrow.metadata)
        for batch in parquet.iter_batches(batch_size=_rows_at_once(parquet.metadata), columns=kept):
            yield rows_of(batch, self.name, self.number, first, legend)
            first += len(batch)


def _rows_at_once(metadata: Any) -> int:
    """Number of rows that take a moderate number of bytes, and are not too many."""
    size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    return max(1, min(ROWS, PART * metadata.num_rows // max(size, 1)))


def _repeating(file: Any) -> list[str]:
    """Columns of texts that take so little room that they must repeat themselves."""
    found: dict[str, list[int]] = {}
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group)
        for place in range(rows.num_columns):
            column = rows.column(place)
            if column.physical_type == "BYTE_ARRAY":
                sums = found.setdefault(column.path_in_schema, [0, 0])
                sums[0] += column.total_uncompressed_size
                sums[1] += column.num_values
    return [name for name, (size, count) in found.items() if size < 4 * count + 4096]


def legend_of(metadata: Any) -> tuple[bytes, ...]:
    """The records that whole numbers stand for, from the metadata of a schema."""
    text = (metadata or {}).get(LEGEND_KEY)
    return () if text is None else tuple(json.dumps(one).encode() for one in json.loads(text))


def rows_of(batch: Any, name: str, number: int, first: int, legend: tuple[bytes, ...] = ()) -> Rows:
    """An Arrow record batch as rows.

    Raises:
        HistoryError: it has not the columns of records.
    """
    columns = {one: batch.column(one) for one in batch.schema.names if one in (*COLUMNS, LEGEND)}
    if "resource" not in columns or not ({"op", "event", "silence", LEGEND} & set(columns)):
        found = ", ".join(batch.schema.names)
        raise HistoryError(name, None, found, 'the columns "resource" and "op", and the others of records')
    for one, column in columns.items():
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if not _is_fit(one, kind):
            raise HistoryError(name, None, f"{one}: {kind}", "args and result as JSON text, times or numbers under at, "
                               "numbers under record, and texts elsewhere")
    kept, spoilt = sound(columns)
    return Rows(name, number, first, kept, legend=legend, spoilt=spoilt)


def _is_fit(name: str, kind: Any) -> bool:
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if name == "at":
        return is_text or is_number or pa.types.is_timestamp(kind)
    if name in ("resource", LEGEND):
        return pa.types.is_integer(kind) or (is_text and name == "resource")
    if name == "silence":
        return is_text or is_number
    return is_text or (name == "lost" and pa.types.is_boolean(kind))


def unpacked(file: IO[bytes], head: bytes) -> IO[bytes]:
    """A file as it was before it was compressed, by how it begins."""
    if head.startswith(GZIP):
        return io.BufferedReader(gzip.GzipFile(fileobj=file), BLOCK)
    if head == ZSTD:
        made: IO[bytes] = pa.CompressedInputStream(file, "zstd")
        return made
    return file


def _cells(record: Record) -> dict[str, str | None]:
    """A record with JSON as text where columns have it so."""
    return {name: one if isinstance(one, str) else json.dumps(one) for name, one in record.items()}


def split(data: Any) -> Spans:
    """The lines of some bytes, the last of which need not have an end."""
    breaks = np.flatnonzero(data == 10)
    starts = np.r_[0, breaks + 1]
    ends = np.r_[breaks, len(data)]
    if starts[-1] == len(data):
        starts, ends = starts[:-1], ends[:-1]
    return Spans(data, starts, ends)
