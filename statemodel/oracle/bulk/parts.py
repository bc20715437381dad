"""The histories of some resources out of many: from Arrow batches to Arrow batches, for engines that spread a log out.

Each part must have all records of its resources. Where records have columns `file` and `line`, verdicts name them, and
records count as standing in the log in that order; a column `line` alone does as well.

A row tells of a history, or of a record that cannot be read: then it has no resource, and its verdict is `unreadable`.
"""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa

from statemodel.errors import HistoryError
from statemodel.model.service import Model
from statemodel.oracle.bulk.automaton import UNREAD_CODE, Automaton
from statemodel.oracle.bulk.chunks import Rows
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.engine import engine
from statemodel.oracle.bulk.follow import Follower
from statemodel.oracle.bulk.judge import Judge
from statemodel.oracle.bulk.sources import ROWS, rows_of
from statemodel.oracle.bulk.stream import Reached
from statemodel.oracle.monitor import monitor
from statemodel.oracle.verdict import Verdict

TEXTS: Final = pa.list_(pa.string())
SCHEMA: Final = pa.schema(
    [
        ("resource", pa.string()), ("verdict", pa.string()), ("code", pa.string()), ("file", pa.string()),
        ("line", pa.int64()), ("record", pa.string()), ("expected", TEXTS), ("belief", TEXTS), ("explanation", TEXTS),
        ("reason", pa.string()), ("strength", pa.float64()), ("records", pa.int64()), ("skipped", pa.int64()),
    ]
)
"""The columns of verdicts: those of the contract."""
UNREADABLE: Final = "unreadable"
"""The verdict of rows that tell of a record that cannot be read, beside those of `Outcome`."""
POSITION: Final = ("file", "line")
UNNAMED: Final = "records"
AT_ONCE: Final = 10_000


def verdicts_of(model: Model, batches: Iterable[Any], *, by: str | None = None, **options: str) -> Iterator[Any]:
    """The verdicts about all histories in some batches, and all records that cannot be read, as batches.

    Args:
        model: a graph or a service.
        batches: records as in Parquet, in the order of the log as far as one resource is concerned.
        by: "numba" or "numpy"; None takes Numba if it is installed.
        options: start, calls and environment, as for `check`.

    Raises:
        HistoryError: the columns are not those of records.
    """
    automaton = Automaton(monitor(model, **options))
    follower = Follower(automaton, Encoder(automaton, engine(by), shown=ROWS), shown=ROWS)
    names: list[str] = []
    with tempfile.TemporaryFile(prefix="statemodel-") as kept:
        is_placed = False
        for chunk in _rows(_written(batches, kept), names):
            follower.follow(chunk, None)
            is_placed = chunk.lines is not None
            if follower.bad:
                yield _unreadable(follower.bad, is_placed=is_placed)
                follower.bad.clear()
        if not follower.size:
            return
        follower.reached = [Reached(name) for name in names] or [Reached(UNNAMED)]
        judge = Judge(follower, lambda: ((chunk, None) for chunk in _rows(_read(kept), names)))
        held: list[Verdict] = []
        for verdict in judge.verdicts(everything=True):
            held.append(verdict if is_placed else attrs.evolve(verdict, file=None, line=None))
            if len(held) == AT_ONCE:
                yield _batch(held)
                held = []
        if held:
            yield _batch(held)


def _written(batches: Iterable[Any], file: Any) -> Iterator[Any]:
    """The batches, each written to a file too."""
    writer = None
    for batch in batches:
        if not len(batch):
            continue
        if writer is None:
            writer = pa.ipc.new_stream(file, batch.schema)
        writer.write_batch(batch)
        yield batch
    if writer is not None:
        writer.close()


def _read(file: Any) -> Iterator[Any]:
    file.seek(0)
    yield from pa.ipc.open_stream(file)


def _rows(batches: Iterable[Any], names: list[str]) -> Iterator[Rows]:
    first = 1
    for whole in batches:
        for begin in range(0, len(whole), ROWS):
            batch = whole.slice(begin, ROWS)
            plain = rows_of(batch, UNNAMED, 0, first)
            first += len(batch)
            lines = batch.column("line").cast(pa.int64()).to_numpy() if "line" in batch.schema.names else None
            files = None
            if "file" in batch.schema.names:
                column = batch.column("file")
                coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
                said = list(map(str, coded.dictionary.to_pylist()))
                names.extend(one for one in said if one not in names)
                numbers = [names.index(one) for one in said]
                files = np.array(numbers, np.int64)[np.asarray(coded.indices)]
            yield attrs.evolve(plain, lines=lines, files=files, names=names)


def _unreadable(errors: list[HistoryError], *, is_placed: bool) -> Any:
    """Rows that tell of records that cannot be read: where they stand, their text, what was expected, what to do."""
    rows = [
        {
            "verdict": UNREADABLE, "code": UNREAD_CODE, "file": one.file if is_placed else None,
            "line": one.line if is_placed else None, "record": one.text, "expected": [one.expected], "belief": [],
            "explanation": [], "reason": one.mend,
        }
        for one in errors
    ]
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def _batch(verdicts: list[Verdict]) -> Any:
    return pa.RecordBatch.from_pylist([one.document() for one in verdicts], SCHEMA)
