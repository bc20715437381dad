"""Histories with records out of the order of time: put in order as whole numbers, and taken once more from the start.

The order is that of `statemodel.oracle.check.sorted_by_time`: by time, equal times as they came, and a record without a
time behind the one before it. Records stand in temporary files, a share of the histories in memory at a time.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, Any, Final

import attrs
import numpy as np

from statemodel.oracle.bulk.automaton import BAD
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.engine import Read
from statemodel.oracle.bulk.positions import Coded, Positions, fresh

AT_ONCE: Final = 1 << 20
"""Number of records held in memory at a time; a longer history is held as a whole."""
RECORD: Final = np.dtype(
    [("resource", np.int32), ("symbol", np.int32), ("at", np.float64), ("place", np.int64)]
)
LOW: Final = (1 << 32) - 1


@attrs.frozen
class Retaken:
    """Where some histories stand when their records are taken in the order of their times.

    Attributes:
        resources: their numbers.
        positions: where each stands, in the order of `resources`.
        records: number of records that were found of each.
    """

    resources: Any
    positions: Positions
    records: Any


def retaken(
    wanted: Any, counts: Any, chunks: Iterable[tuple[Chunk, Read | None]], encoder: Encoder
) -> Iterator[Retaken]:
    """Some histories, taken in the order of their times.

    Args:
        wanted: numbers of the resources, rising, at least one.
        counts: number of records of each.
        chunks: all records once more.
        encoder: the one that numbered the resources.
    """
    share = (np.cumsum(counts) - counts) // AT_ONCE
    begins = np.r_[np.flatnonzero(np.r_[True, share[1:] != share[:-1]]), len(wanted)].astype(np.int64)
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile(prefix="statemodel-")) for _ in begins[1:]]
        _fill(files, begins, wanted, chunks, encoder)
        for file, begin, end in zip(files, begins[:-1], begins[1:], strict=True):
            file.seek(0)
            records: Any = np.fromfile(file, RECORD)
            records["resource"] -= begin
            size = int(end - begin)
            positions = fresh(size)
            found = np.bincount(records["resource"], minlength=size)
            records = in_order(records)
            coded = [np.ascontiguousarray(records[name]) for name in ("resource", "symbol", "place")]
            encoder.engine.move(encoder.automaton, positions, Coded(coded[0], coded[1], None, coded[2]))
            yield Retaken(wanted[begin:end], positions, found)


def _fill(
    files: Sequence[IO[bytes]], begins: Any, wanted: Any, chunks: Iterable[tuple[Chunk, Read | None]], encoder: Encoder
) -> None:
    """Write the records of each share of the resources to a file of its own; resources by their place in `wanted`."""
    place_of = np.full(len(encoder.resources), -1, np.int32)
    place_of[wanted] = np.arange(len(wanted), dtype=np.int32)
    for chunk, read in chunks:
        if not len(chunk):
            continue
        coded = encoder.encode(chunk, read).coded
        known = np.flatnonzero(coded.resource < len(place_of))  # a file may have grown since it was read first
        place = np.full(len(coded.resource), -1, np.int32)
        place[known] = place_of[coded.resource[known]]
        rows = np.flatnonzero(place >= 0)
        if not len(rows):
            continue
        records = np.empty(len(rows), RECORD)
        records["resource"], records["symbol"], records["place"] = place[rows], coded.symbol[rows], coded.places(rows)
        records["at"] = np.nan if coded.at is None else coded.at[rows]
        shares = np.searchsorted(begins, records["resource"], side="right") - 1
        bounds = np.r_[0, np.cumsum(np.bincount(shares, minlength=len(files)))]
        if len(files) > 1:
            records = records[_grouped(shares)]
        for number in np.flatnonzero(np.diff(bounds)).tolist():
            files[number].write(records[bounds[number] : bounds[number + 1]].tobytes())


def in_order(records: Any) -> Any:
    """Records by resource, and those of each in the order of their times.

    What comes after a record that cannot be read, as the log has it, is left out, and that record comes last.
    """
    records = records[_grouped(records["resource"])]
    is_bad = records["symbol"] == BAD
    if is_bad.any():
        before = np.cumsum(is_bad) - is_bad
        records = records[before == before[_begins(records["resource"])]]
    at, row = records["at"], np.arange(len(records))
    timed = np.maximum.accumulate(np.where(np.isnan(at), -1, row))
    at = np.where(timed >= _begins(records["resource"]), at[timed], -np.inf)
    at[records["symbol"] == BAD] = np.inf
    order = np.argsort(at, kind="stable")
    return records[order[_grouped(records["resource"][order])]]


def _begins(resource: Any) -> Any:
    """For each row of grouped resources the first row of its group."""
    row = np.arange(len(resource))
    return np.maximum.accumulate(np.where(np.r_[True, resource[1:] != resource[:-1]][: len(resource)], row, 0))


def _grouped(numbers: Any) -> Any:
    """The rows in the order of some numbers from 0 on, equal ones as they came."""
    keys = (numbers.astype(np.int64) << 32) | np.arange(len(numbers))
    keys.sort()
    return keys & LOW
