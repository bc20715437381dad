"""Following any number of resources through chunks of records, once and in order."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Final

import attrs

from statemodel.errors import HistoryError
from statemodel.oracle.bulk.automaton import Automaton
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.engine import Read
from statemodel.oracle.bulk.positions import Positions, fresh
from statemodel.oracle.bulk.sources import Source
from statemodel.oracle.bulk.state import Identity, Kept, load, save
from statemodel.oracle.bulk.stream import Reached

EVERY_S = 60.0
SHOWN: Final = 10
"""Number of records that cannot be read of which more is said."""


@attrs.frozen
class Keeping:
    """Where positions are kept between runs.

    Attributes:
        path: the file.
        identity: what it belongs to.
        every_s: seconds after which it is written again during a run.
    """

    path: Path
    identity: Identity
    every_s: float = attrs.field(factory=lambda: EVERY_S)


class Follower:
    """Follows any number of resources through chunks of records.

    Attributes:
        automaton: the model.
        positions: where the history of each resource stands.
        encoder: numbers resources and what is said of them.
        records: number of records read.
        bad: what is wrong with the first records that cannot be read; bad_rows: how many there are.
        left_out: number of events of audit logs that are no records.

    Args:
        automaton: the model.
        encoder: numbers resources and what is said of them.
        shown: how many of the records that cannot be read are kept in `bad`.
    """

    def __init__(self, automaton: Automaton, encoder: Encoder, *, shown: int = SHOWN) -> None:
        self.automaton = automaton
        self.encoder = encoder
        self.shown = shown
        self.positions: Positions = fresh(1 << 10)
        self.records = 0
        self.bad: list[HistoryError] = []
        self.bad_rows = 0
        self.left_out = 0
        self.reached: list[Reached] = []

    def begin(
        self, names: list[str], keeping: Keeping | None, aliases: Mapping[str, str], log: str | None
    ) -> list[Source]:
        """The files to read: those that were read before, as far as there is a state, then new ones.

        Args:
            names: the new ones.
            keeping: where the state is.
            aliases: where to read files that are not read where their names say.
            log: the kind of audit log they are, or None for records.

        Raises:
            HistoryError: there is a state, and it cannot be gone on with.
        """
        if keeping is not None and keeping.path.exists():
            kept = load(keeping.path, keeping.identity, self.automaton, self.encoder)
            self.positions, self.reached = kept.positions, kept.reached
            self.records, self.bad_rows = kept.records, kept.bad_rows
        known = {one.name for one in self.reached}
        self.reached.extend(Reached(name) for name in names if name not in known)
        named = enumerate(one.name for one in self.reached)
        return [Source(name, number, aliases.get(name, name), log) for number, name in named]

    def follow_all(
        self, found: Iterable[tuple[Chunk, Read | None]], keeping: Keeping | None
    ) -> Iterable[int]:
        """Take all chunks; gives the number of records read so far after each."""
        written = monotonic()
        for chunk, read in found:
            self.follow(chunk, read)
            yield self.records
            if keeping is not None and monotonic() - written >= keeping.every_s:
                self.keep(keeping)
                written = monotonic()
        if keeping is not None:
            self.keep(keeping)

    def keep(self, keeping: Keeping) -> None:
        """Write the state."""
        kept = Kept(self.positions, self.reached, self.records, self.bad_rows)
        save(keeping.path, keeping.identity, self.automaton, self.encoder, kept)

    def follow(self, chunk: Chunk, read: Read | None) -> None:
        """Take the records of a chunk."""
        self.left_out += chunk.left_out
        if not len(chunk):
            return
        found = self.encoder.encode(chunk, read)
        self.positions.grow(len(self.encoder.resources))
        self.encoder.engine.move(self.automaton, self.positions, found.coded)
        self.records += len(chunk) - found.empty_rows
        self.bad.extend(found.bad[: self.shown - len(self.bad)])
        self.bad_rows += found.bad_rows
        if self.reached:
            self.reached[chunk.number].rows = chunk.first + len(chunk) - 1

    @property
    def size(self) -> int:
        """Number of resources."""
        return len(self.encoder.resources)

    def name(self, resource: int) -> str:
        """The name of a resource."""
        return self.encoder.resources.text(resource).decode("utf-8", "surrogatepass")
