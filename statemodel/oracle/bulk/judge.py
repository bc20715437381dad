"""From positions to verdicts: most are read off, some are judged again by the careful monitor."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import attrs
import numpy as np

from statemodel.oracle.bulk.again import Explanations, Shelf, judged
from statemodel.oracle.bulk.automaton import CAREFUL, VIOLATED
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.engine import Read
from statemodel.oracle.bulk.follow import Follower
from statemodel.oracle.bulk.late import retaken
from statemodel.oracle.bulk.positions import FILES
from statemodel.oracle.bulk.report import BulkReport
from statemodel.oracle.verdict import Outcome, Verdict

Reader = Callable[[], Iterable[tuple[Chunk, Read | None]]]
GONE_CODE: Final = "SM106"
GONE: Final = "records of it stand in files that are gone"


class Judge:
    """Tells what was found by a follower that has read everything.

    Args:
        follower: where all histories stand.
        reader: reads all records once more, as far as they are still there.
    """

    def __init__(self, follower: Follower, reader: Reader) -> None:
        self.follower = follower
        self.reader = reader
        self.size = size = follower.size
        positions = follower.positions
        entries = positions.entries[:size]
        self.explained = Explanations(follower.encoder.symbol)
        self.entries, self.finding, self.place = entries, positions.finding[:size], positions.place[:size]
        late = np.flatnonzero(positions.is_late[:size])
        self.late = len(late)
        if self.late:
            self._take_in_order(late)
        entries = self.entries
        self.is_careful = entries["state"] == CAREFUL
        self.is_wrong = entries["state"] == VIOLATED
        self.strengths: Any = np.divide(
            entries["strength"], entries["reads"], out=np.zeros(size), where=entries["reads"] > 0
        )
        self.known = dict(self._again(np.flatnonzero(self.is_careful)))
        for resource, verdict in self.known.items():
            self.strengths[resource] = verdict.strength

    def _take_in_order(self, late: Any) -> None:
        """Let some histories stand where they do when their records are taken in the order of their times.

        Those of which records are missing are left to be read again. What the follower holds stays as it is: a state
        that is kept goes on with it.
        """
        self.entries, self.finding, self.place = self.entries.copy(), self.finding.copy(), self.place.copy()
        counts = self.entries["records"][late]
        for one in retaken(late, counts, self.reader(), self.follower.encoder):
            which, found = one.resources, one.positions
            for name in ("state", "reads", "skipped", "strength"):
                self.entries[name][which] = found.entries[name]
            self.finding[which], self.place[which] = found.finding, found.place
            self.entries["state"][which[one.records != self.entries["records"][which]]] = CAREFUL

    def _again(self, wanted: Any) -> Iterator[tuple[int, Verdict]]:
        """The verdicts of the careful monitor about some resources, in order."""
        if not len(wanted):
            return
        watching = self.follower.automaton.monitor
        counts = self.entries["records"][wanted]
        with Shelf(wanted, counts) as shelf:
            shelf.fill(self.reader(), self.follower.encoder)
            for (resource, records), count in zip(shelf.histories(), counts.tolist(), strict=True):
                if len(records) == count:
                    yield resource, judged(watching, self.follower.name(resource), records, self.explained)
                else:
                    yield resource, self._gone(resource)

    def _gone(self, resource: int) -> Verdict:
        """What can be said of a history that cannot be read again."""
        plain = self._plain(resource)
        if self.is_wrong[resource]:
            return attrs.evolve(plain, outcome=Outcome.VIOLATES, reason=GONE)
        return attrs.evolve(plain, outcome=Outcome.INCONCLUSIVE, code=GONE_CODE, reason=GONE)

    def _plain(self, resource: int) -> Verdict:
        """The verdict as positions have it."""
        follower = self.follower
        entry = self.entries[resource]
        finding, place = int(self.finding[resource]), int(self.place[resource])
        verdict = Verdict(
            follower.name(resource), Outcome.CONFORMS, strength=float(self.strengths[resource]),
            records=int(entry["records"]), skipped=int(entry["skipped"]),
        )
        step = follower.automaton.steps[finding] if finding >= 0 else None
        if step is None:
            return verdict
        file, line = follower.reached[place >> FILES].name, place & ((1 << FILES) - 1)
        return attrs.evolve(
            verdict, outcome=Outcome.INCONCLUSIVE, code=step.code, reason=step.reason, file=file, line=line
        )

    def verdicts(self, everything: bool) -> Iterator[Verdict]:  # noqa: FBT001 - as a report asks
        """The verdicts of all histories, or of those that do not conform, in order of first mention."""
        told = (self.finding >= 0) | self.is_careful
        wrong = self._again(np.flatnonzero(self.is_wrong))
        for resource in (np.arange(len(told)) if everything else np.flatnonzero(told)).tolist():
            verdict = self.known.get(resource)
            if verdict is None and self.is_wrong[resource]:
                _, verdict = next(wrong)
            verdict = verdict or self._plain(resource)
            if everything or verdict.outcome is not Outcome.CONFORMS:
                yield verdict

    def report(self, weaker: str | None) -> BulkReport:
        """What was found; verdicts are made when they are asked for."""
        follower, size = self.follower, self.size
        counts = Counter(one.outcome for one in self.known.values())
        counts[Outcome.VIOLATES] += int(self.is_wrong.sum())
        counts[Outcome.INCONCLUSIVE] += int(((self.finding >= 0) & ~self.is_wrong & ~self.is_careful).sum())
        counts[Outcome.CONFORMS] = size - counts[Outcome.VIOLATES] - counts[Outcome.INCONCLUSIVE]
        states, symbols = follower.automaton.size
        return BulkReport(
            model=follower.automaton.monitor.system.service.name,
            records=follower.records,
            histories=size,
            totals=counts,
            mean_strength=float(self.strengths.sum()) / size if size else 0.0,
            careful=len(self.known),
            late=self.late,
            states=states,
            symbols=symbols,
            tell=self.verdicts,
            bad=tuple(follower.bad),
            bad_rows=follower.bad_rows,
            left_out=follower.left_out,
            weaker=weaker,
        )
