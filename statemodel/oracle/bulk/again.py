"""Reading again, record by record, the histories of which numbers do not say enough; a share of them at a time."""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final, Self

import attrs
import numpy as np

from statemodel.errors import HistoryError
from statemodel.model.history import Record, check_record
from statemodel.oracle.bulk.automaton import HARD, UNREAD, UNREAD_CODE
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.engine import Read
from statemodel.oracle.check import Checker, Place, Track, sorted_by_time, verdict_of
from statemodel.oracle.explain import Outline, Told, outline
from statemodel.oracle.monitor import Monitor
from statemodel.oracle.verdict import Outcome, Verdict

MOST_KNOWN: Final = 20_000
AT_ONCE: Final = 100_000
"""Number of records held in memory at a time."""


class Shelf:
    """The records of some resources on disk, in the order of the log; those of neighbours stand together.

    Args:
        wanted: numbers of the resources, rising.
        counts: number of records of each.
    """

    def __init__(self, wanted: Any, counts: Any) -> None:
        self.wanted = wanted
        before = np.cumsum(counts) - counts
        self._boxes = (before // AT_ONCE).astype(np.int64)
        self._files: list[IO[bytes]] = []
        size = int(self._boxes[-1]) + 1 if len(wanted) else 0
        self._files = [tempfile.TemporaryFile(prefix="statemodel-") for _ in range(size)]  # noqa: SIM115 - as long as this
        self._held: list[list[tuple[int, str, int, Record | None]]] = [[] for _ in range(size)]

    def fill(self, chunks: Iterable[tuple[Chunk, Read | None]], encoder: Encoder) -> None:
        """Take the records of the resources out of all."""
        for chunk, read in chunks:
            resources = encoder.resources_of(chunk, read)
            found = np.searchsorted(self.wanted, resources)
            found[found == len(self.wanted)] = 0
            for row in np.flatnonzero(self.wanted[found] == resources).tolist():
                self._put(int(found[row]), chunk, row)

    def _put(self, place: int, chunk: Chunk, row: int) -> None:
        try:
            record = chunk.record(row)
        except HistoryError:
            record = {}
        box = int(self._boxes[place])
        is_sound = record is not None and check_record(record) is None
        held = self._held[box]
        held.append((int(self.wanted[place]), chunk.file_of(row), chunk.line(row), record if is_sound else None))
        if len(held) >= 4_096:
            self._write(box)

    def _write(self, box: int) -> None:
        pickle.dump(self._held[box], self._files[box], pickle.HIGHEST_PROTOCOL)
        self._held[box] = []

    def histories(self) -> Iterator[tuple[int, list[tuple[str, int, Record | None]]]]:
        """The number of each resource and its records, None for those that cannot be read."""
        for box, file in enumerate(self._files):
            self._write(box)
            end = file.tell()
            file.seek(0)
            found: dict[int, list[tuple[str, int, Record | None]]] = {
                int(one): [] for one in self.wanted[self._boxes == box]
            }
            while file.tell() < end:
                for resource, name, line, record in pickle.load(file):  # noqa: S301 - written above, by this process
                    found[resource].append((name, line, record))
            yield from found.items()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()


class Explanations:
    """Explanations worked out once for all histories whose records say the same.

    Args:
        symbol: the symbol of a record.
    """

    def __init__(self, symbol: Callable[[Record], int]) -> None:
        self._symbol = symbol
        self._known: dict[tuple[int, ...], Outline] = {}

    def __call__(self, watching: Monitor, names: frozenset[str], records: list[Place], at: tuple[Any, Any]) -> Told:
        """What can be told of the record at `at`."""
        place = next(number for number, (file, line, _) in enumerate(records) if (file, line) == at)
        key = tuple(self._symbol(record) for _, _, record in records[: place + 1])
        known = self._known.get(key)
        if known is None:
            known = outline(watching, names, records, at)
            if HARD not in key and len(self._known) < MOST_KNOWN:
                self._known[key] = known
        return known.told([record for _, _, record in records])


def judged(
    watching: Monitor, resource: str, records: Sequence[tuple[str, int, Record | None]], explained: Explanations
) -> Verdict:
    """The verdict of the careful monitor about one history; a record that cannot be read ends it."""
    sound: list[Place] = []
    broken: tuple[str, int] | None = None
    for file, line, record in records:
        if record is None:
            broken = file, line
            break
        sound.append((file, line, record))
    ordered = sorted_by_time(sound)
    checker = Checker(watching)
    for place in ordered:
        checker.follow(*place)
    [(name, track)] = checker.tracks.items() or [(resource, Track(watching.start, frozenset()))]
    verdict = verdict_of(watching, name, track, ordered, explained)
    if broken is None:
        return verdict
    verdict = attrs.evolve(verdict, records=len(records))
    if verdict.outcome is not Outcome.CONFORMS:
        return verdict
    file, line = broken
    return attrs.evolve(
        verdict, outcome=Outcome.INCONCLUSIVE, code=UNREAD_CODE, reason=UNREAD, file=file, line=line
    )
