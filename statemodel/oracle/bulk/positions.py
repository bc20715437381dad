"""Where the histories of many resources stand: a few numbers each, and how records move them."""

from collections.abc import Callable
from typing import Any, Final

import attrs
import numpy as np

from statemodel.oracle.bulk.automaton import CODED, FIRST, SKIPPED, VIOLATED, Automaton

FEW: Final = 16
FILES: Final = 40
"""Places are whole numbers: the number of the file, shifted by so many bits, and the line."""


ENTRY: Final = np.dtype(
    [
        ("state", np.int32),
        ("records", np.int32),
        ("reads", np.int32),
        ("skipped", np.int32),
        ("strength", np.float64),
        ("at", np.float64),
    ]
)
"""What every record of a resource touches, together in half a line of the cache."""


@attrs.define
class Positions:
    """The histories of resources by their numbers.

    Attributes:
        entries: state of the automaton, number of records, of reads and of records skipped, sum of the strength of
            reads, time of the last record that had one (minus infinity before).
        is_late: whether a record was earlier than one before it.
        finding: number of the step that decided the verdict; -1 while there is none.
        place: where that record stands.
    """

    entries: Any
    is_late: Any
    finding: Any
    place: Any

    @property
    def size(self) -> int:
        """Number of resources there is room for."""
        return len(self.finding)

    def grow(self, size: int) -> None:
        """Make room for more resources, which begin afresh."""
        before = self.size
        if size > before:
            for items in (self.entries, self.is_late, self.finding, self.place):
                items.resize(max(size, 2 * before), refcheck=False)  # nobody holds a part of them meanwhile
            self._begin(before)

    def _begin(self, first: int) -> None:
        """From the first on, nothing has been read."""
        self.entries["state"][first:], self.entries["at"][first:] = FIRST, -np.inf
        self.finding[first:], self.place[first:] = -1, -1


def fresh(size: int) -> Positions:
    """Histories of which no record has been read."""
    blank = Positions(np.zeros(size, ENTRY), *(np.zeros(size, kind) for kind in (np.bool_, np.int32, np.int64)))
    blank._begin(0)  # noqa: SLF001 - made here
    return blank


@attrs.frozen
class Coded:
    """Some records as whole numbers, in the order of the log.

    Attributes:
        resource: number of the resource; negative for rows of which it cannot be told.
        symbol: symbol of the record.
        at: time in seconds, NaN where there is none; None where no record has one.
        place: where each stands, or where the first does and the others one after the other.
    """

    resource: Any
    symbol: Any
    at: Any
    place: Any

    def places(self, rows: Any) -> Any:
        """Where some of them stand."""
        return self.place + rows if isinstance(self.place, int) else self.place[rows]


Mover = Callable[[Automaton, Positions, Coded], None]


def move(automaton: Automaton, positions: Positions, coded: Coded) -> None:
    """Take some records, with NumPy alone: the first record of every resource, then the second of each, and so on."""
    order = np.argsort(coded.resource, kind="stable")
    resource = coded.resource[order]
    begins = np.flatnonzero(np.r_[True, resource[1:] != resource[:-1]]) if len(resource) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[begins, len(resource)])
    begins, lengths = begins[np.argsort(-lengths, kind="stable")], -np.sort(-lengths)
    done = 0
    while len(begins):
        left = int(np.searchsorted(-lengths, -done, side="left"))
        begins, lengths = begins[:left], lengths[:left]
        if left < FEW:
            break
        _move_each(automaton, positions, coded, order[begins + done])
        done += 1
    for begin, length in zip(begins, lengths, strict=True):
        _move_one(automaton, positions, coded, order[begin + done : begin + length])


def _move_each(automaton: Automaton, positions: Positions, coded: Coded, rows: Any) -> None:
    """Take one record of each of some resources, no two of the same."""
    resource = coded.resource[rows]
    positions.entries["records"][resource] += 1
    if coded.at is not None:
        at = coded.at[rows]
        timed = ~np.isnan(at)
        now, which = at[timed], resource[timed]
        positions.is_late[which] |= now < positions.entries["at"][which]
        positions.entries["at"][which] = now
    is_live = positions.entries["state"][resource] >= FIRST
    rows, resource = rows[is_live], resource[is_live]
    state, symbol = positions.entries["state"][resource], coded.symbol[rows]
    step = automaton.cells[state, symbol]
    missing = step < 0
    if missing.any():
        for one, other in np.unique(np.stack([state[missing], symbol[missing]]), axis=1).T.tolist():
            automaton.work_out(one, other)
        step = automaton.cells[state, symbol]
    after, flags = automaton.after[step], automaton.flags[step]
    positions.entries["state"][resource] = after
    positions.entries["reads"][resource] += automaton.reads[step]
    positions.entries["strength"][resource] += automaton.gain[step]
    positions.entries["skipped"][resource[(flags & SKIPPED) != 0]] += 1
    found = ((flags & CODED) != 0) & ((positions.finding[resource] < 0) | (after == VIOLATED))
    positions.finding[resource[found]] = step[found]
    positions.place[resource[found]] = coded.places(rows[found])


def _move_one(automaton: Automaton, positions: Positions, coded: Coded, rows: Any) -> None:
    """Take the records of one resource."""
    if not len(rows):
        return
    resource = coded.resource[rows[0]]
    positions.entries["records"][resource] += len(rows)
    if coded.at is not None:
        at = coded.at[rows]
        timed = np.r_[positions.entries["at"][resource], at[~np.isnan(at)]]
        positions.is_late[resource] |= bool((timed[1:] < timed[:-1]).any())
        positions.entries["at"][resource] = timed[-1]
    state = int(positions.entries["state"][resource])
    for row, symbol in zip(rows.tolist(), coded.symbol[rows].tolist(), strict=True):
        if state < FIRST:
            break
        step = int(automaton.cells[state, symbol])
        if step < 0:
            step = automaton.work_out(state, symbol)
        state, flags = int(automaton.after[step]), automaton.flags[step]
        positions.entries["reads"][resource] += automaton.reads[step]
        positions.entries["strength"][resource] += automaton.gain[step]
        if flags & SKIPPED:
            positions.entries["skipped"][resource] += 1
        if flags & CODED and (positions.finding[resource] < 0 or state == VIOLATED):
            positions.finding[resource] = step
            positions.place[resource] = coded.places(row)
    positions.entries["state"][resource] = state
