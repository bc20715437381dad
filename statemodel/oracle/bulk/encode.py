"""Records as whole numbers: one for the resource, one for what is said, and a time."""

import json
from collections.abc import Callable
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from statemodel.errors import HistoryError
from statemodel.model.history import Record, check_record, moment
from statemodel.oracle.bulk.automaton import BAD, Automaton
from statemodel.oracle.bulk.chunks import AS_JSON, LEGEND, SAID, Chunk, Lines, Rows, times, wrong
from statemodel.oracle.bulk.engine import Engine, Read
from statemodel.oracle.bulk.keys import keys_of
from statemodel.oracle.bulk.names import Names
from statemodel.oracle.bulk.positions import Coded
from statemodel.oracle.bulk.texts import Spans, spans_of

MOST_TEXTS: Final = 1 << 20
UNKNOWN: Final = -1


@attrs.frozen
class Encoded:
    """What a chunk says.

    Attributes:
        coded: the records, without those that have no resource.
        rows: row of the chunk by row of `coded`; None where they are the same.
        bad: what is wrong with rows that cannot be read, the first few of them.
        bad_rows: how many cannot be read.
        empty_rows: how many are empty lines.
    """

    coded: Coded
    rows: Any
    bad: tuple[HistoryError, ...]
    bad_rows: int
    empty_rows: int


class Meanings:
    """Texts that say something, and the symbol of each, worked out once.

    Args:
        texts: numbers them.
        symbol_of: the symbol of what a text says.
    """

    def __init__(self, texts: Any, symbol_of: Callable[[Record | None], int]) -> None:
        self._texts = texts
        self._symbol_of = symbol_of
        self._symbols: Any = np.full(1 << 10, UNKNOWN, np.int32)
        self._done = 0

    def symbols(self, spans: Spans, read: Callable[[bytes], Record | None]) -> Any:
        """The symbol of each text, UNKNOWN for none and for those for which there is no room."""
        numbers = self._texts.number(spans, most=MOST_TEXTS)
        size = len(self._texts)
        if size >= len(self._symbols):
            self._symbols = np.concatenate([self._symbols, np.full(max(size, len(self._symbols)), UNKNOWN, np.int32)])
        for number in range(self._done, size):
            self._symbols[number] = self._symbol_of(read(self._texts.text(number)))
        self._done = size
        return self._symbols[numbers]  # the last one, which -1 stands for, is never used


class Encoder:
    """Numbers resources and what is said of them, chunk by chunk.

    Attributes:
        resources: names of resources in order of first mention.

    Args:
        automaton: knows the symbols.
        engine: does the work.
        shown: how many bad rows are told of.
    """

    def __init__(self, automaton: Automaton, engine: Engine, *, shown: int = 10) -> None:
        self.automaton = automaton
        self.engine = engine
        self.shown = shown
        self.args, self.fields = keys_of(automaton.monitor.system)
        self.resources = Names(engine)
        self._said = Meanings(engine.texts(), self._symbol_of)
        self._columns = {name: engine.texts() for name in SAID}
        self._joins: dict[tuple[str, ...], Meanings] = {}
        self._known: dict[str, int] = {}
        self._legends: dict[tuple[bytes, ...], Any] = {}

    def prepared(self, chunk: Chunk) -> Read | None:
        """What can be found out about a chunk beside others, in any thread."""
        return self.engine.read_lines(chunk.spans, self.args, self.fields) if isinstance(chunk, Lines) else None

    def encode(self, chunk: Chunk, read: Read | None) -> Encoded:
        """What a chunk says, new resources numbered; `read` is what was prepared of it."""
        at: Any
        if isinstance(chunk, Lines):
            assert read is not None
            resource, symbol, at, bad, empty = self._lines(chunk, read)
        else:
            resource, symbol, at, bad = self._rows_of(chunk)
            empty = np.zeros(0, np.int64)
        bad_rows = np.setdiff1d(np.concatenate([bad, np.flatnonzero(symbol == BAD)]), empty)
        errors = tuple(error for row in bad_rows[: self.shown].tolist() if (error := wrong(chunk, row)) is not None)
        rows = None
        if (resource < 0).any():
            rows = np.flatnonzero(resource >= 0)
            resource, symbol = resource[rows], symbol[rows]
            at = None if at is None else at[rows]
        coded = Coded(resource, symbol, at, chunk.first_place() if rows is None else chunk.places()[rows])
        return Encoded(coded, rows, errors, len(bad_rows), len(empty))

    def resources_of(self, chunk: Chunk, read: Read | None) -> Any:
        """The number of the resource of each row, -1 for rows without a known one."""
        if isinstance(chunk, Lines):
            assert read is not None
            return self._lines(chunk, read)[0]
        return self._resources(chunk.columns["resource"])

    # ------------------------------------------------------------------------------------------- lines of JSON

    def _lines(self, chunk: Lines, read: Read) -> tuple[Any, Any, Any, Any, Any]:
        symbol = np.r_[self._said.symbols(read.said, _loaded), np.int32(UNKNOWN)][read.saying]
        strange = np.flatnonzero(symbol == UNKNOWN)
        read.resource.starts[strange] = -1
        found: list[tuple[bytes | None, int, float]] = []
        bad, empty = [], []
        for row in strange.tolist():
            try:
                record = chunk.record(row)
            except HistoryError:
                record = {}
            if record is None:
                empty.append(row)
            elif not isinstance(record.get("resource"), str):
                bad.append(row)
            name, number, when = self._slow(record or {})
            found.append((name, number, when))
        # plain rows and strange ones are numbered together, in order of first mention
        if found:
            names, symbols, when_all = zip(*found, strict=True)
            more = spans_of(list(names))
            size = len(chunk.spans.data)
            joined = np.concatenate([chunk.spans.data, more.data])
            starts, ends = read.resource.starts.copy(), read.resource.ends.copy()
            starts[strange] = np.where(more.starts < 0, -1, more.starts + size)
            ends[strange] = more.ends + size
            symbol[strange], read.at[strange] = symbols, when_all
            resource = self.resources.number(Spans(joined, starts, ends))
        else:
            resource = self.resources.number(read.resource)
        return resource, symbol, read.at, np.array(bad, np.int64), np.array(empty, np.int64)

    def _slow(self, record: Record) -> tuple[bytes | None, int, float]:
        """Resource, symbol and time of one record; a time that is none makes it a bad one."""
        name = record.get("resource")
        if not isinstance(name, str):
            return None, BAD, np.nan
        at = record.get("at")
        when = moment(at) if isinstance(at, str | int | float) else None
        if check_record(record) is not None:
            return name.encode("utf-8", "surrogatepass"), BAD, np.nan if when is None else when
        return name.encode("utf-8", "surrogatepass"), self.symbol(record), np.nan if when is None else when

    def symbol(self, record: Record) -> int:
        """The symbol of one sound record."""
        said = {key: self._kept(key, one) for key, one in record.items() if key in SAID}
        key = repr(said)
        symbol = self._known.get(key)
        if symbol is None:
            symbol = self.automaton.symbol(said)
            if len(self._known) < MOST_TEXTS:
                self._known[key] = symbol
        return symbol

    def _kept(self, key: str, value: Any) -> Any:
        """What the model reads of a member of a record."""
        if key == "args":
            return self.args.kept(value)
        return self.fields.kept(value) if key == "result" else value

    # ------------------------------------------------------------------------------------------- columns

    def _rows_of(self, chunk: Rows) -> tuple[Any, Any, Any, Any]:
        size = len(chunk)
        resource = self._resources(chunk.columns["resource"])
        bad = np.flatnonzero(resource < 0)
        symbol = self._legend(chunk) if LEGEND in chunk.columns else self._said_in(chunk, size)
        at = None
        if "at" in chunk.columns:
            at = self._times(chunk.columns["at"])
            strange = np.flatnonzero(np.isinf(at))
            if len(strange):
                symbol, at = symbol.copy(), at.copy()
                symbol[strange], at[strange] = BAD, np.nan
        return resource, symbol, at, bad

    def _resources(self, column: Any) -> Any:
        if pa.types.is_integer(column.type) and not column.null_count:
            return self.resources.number_whole(column.to_numpy())
        if pa.types.is_dictionary(column.type):
            numbers = np.r_[self.resources.number(_spans(column.dictionary)), np.int32(-1)]
            return numbers[_indices(column)]
        return self.resources.number(_spans(column))

    def _times(self, column: Any) -> Any:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return self.engine.moments(_spans(column))
        found = times(column)
        is_none = np.asarray(column.is_null())
        return np.where(np.isnan(found) & ~is_none, np.inf, found) if np.isnan(found).any() else found

    def _legend(self, chunk: Rows) -> Any:
        symbols = self._legends.get(chunk.legend)
        if symbols is None:
            made = [self._symbol_of(one) for one in map(_loaded, chunk.legend)]
            symbols = self._legends[chunk.legend] = np.array([*made, BAD], np.int32)
        column = chunk.columns[LEGEND]
        return self.engine.spread(symbols, (column.fill_null(-1) if column.null_count else column).to_numpy())

    def _said_in(self, chunk: Rows, size: int) -> Any:
        names = tuple(name for name in SAID if name in chunk.columns)
        numbers = np.stack([self._numbers(name, chunk.columns[name]) for name in names], axis=1).astype(np.int32)
        width = 4 * len(names)
        starts = np.arange(size, dtype=np.int64) * width
        spans = Spans(np.ascontiguousarray(numbers).view(np.uint8).reshape(-1), starts, starts + width)
        known = self._joins.setdefault(names, Meanings(self.engine.texts(), self._symbol_of))
        symbol = known.symbols(spans, lambda text: self._joined(names, text))
        for row in np.flatnonzero(symbol == UNKNOWN).tolist():
            symbol[row] = self._symbol_of(self._joined(names, spans.at(row)))
        return symbol

    def _numbers(self, name: str, column: Any) -> Any:
        """The number of the text in each row of a column, -1 where there is none."""
        if pa.types.is_dictionary(column.type):
            numbers = np.r_[self._numbers(name, column.dictionary), np.int32(-1)]
            return numbers[_indices(column)]
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            column = pc.cast(column, pa.string())
        spans = _spans(column)
        if name in ("args", "result"):
            spans = self.engine.shortened(spans, self.args if name == "args" else self.fields)
        return self._columns[name].number(spans)

    def _joined(self, names: tuple[str, ...], text: bytes) -> Record | None:
        record: Record = {}
        for name, number in zip(names, np.frombuffer(text, np.int32).tolist(), strict=True):
            if number >= 0:
                value = self._columns[name].text(number)
                try:
                    record[name] = json.loads(value) if name in AS_JSON else value.decode()
                except (ValueError, RecursionError):
                    return None
        return record

    # ------------------------------------------------------------------------------------------- symbols

    def _symbol_of(self, record: Record | None) -> int:
        return BAD if record is None else self.automaton.symbol(record)


def _loaded(text: bytes) -> Record | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _indices(column: Any) -> Any:
    return np.asarray(column.indices.fill_null(len(column.dictionary)))


def _spans(column: Any) -> Spans:
    """The texts of an Arrow array; empty ones are none, as in CSV."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        column = pc.cast(column, pa.string())
    _, offsets, data = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    size = len(column)
    bounds = np.frombuffer(offsets, kind)[column.offset : column.offset + size + 1].astype(np.int64)
    bytes_of: Any = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    starts, ends = bounds[:-1].copy(), bounds[1:]
    starts[starts == ends] = -1
    if column.null_count:
        starts[np.asarray(column.is_null())] = -1
    return Spans(bytes_of, starts, ends)
