"""What was found about the histories of a log of any size: counted at once, told one by one."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from statemodel.errors import HistoryError
from statemodel.oracle.verdict import Outcome, Verdict


@attrs.frozen
class BulkReport:
    """What was found; of the verdicts only those that something says more of are held in memory.

    Attributes:
        model: name of the model.
        records: number of records read.
        histories: number of resources.
        totals: how many histories there are of each outcome.
        mean_strength: strength, on average over all histories.
        careful: number of histories that were read again record by record, those that violate apart.
        late: number of histories with records out of the order of time, which were put in order.
        states, symbols: size of the automaton.
        tell: makes the verdicts, in order of first mention; conforming ones too if asked.
        bad: what is wrong with the first records that cannot be read.
        bad_rows: how many cannot be read.
        left_out: number of events of audit logs that are none of the service, or name no function.
        weaker: why the verdicts are weaker than they could be, or None.
    """

    model: str
    records: int
    histories: int
    totals: Counter[Outcome]
    mean_strength: float
    careful: int
    late: int
    states: int
    symbols: int
    tell: Callable[[bool], Iterator[Verdict]]
    bad: tuple[HistoryError, ...] = ()
    bad_rows: int = 0
    left_out: int = 0
    weaker: str | None = None

    def bad_error(self) -> HistoryError:
        """The first record that cannot be read, and how many more there are."""
        first = self.bad[0]
        more = f"; {self.bad_rows - 1} more cannot be read" if self.bad_rows > 1 else ""
        return HistoryError(first.file, first.line, first.text, first.expected, f"{first.mend or 'write it so'}{more}")

    def counts(self) -> Counter[Outcome]:
        """How many histories there are of each outcome."""
        return self.totals

    def verdicts(self, *, everything: bool = False) -> Iterator[Verdict]:
        """The verdicts of histories that do not conform, or of all, in order of first mention."""
        return self.tell(everything)

    def document(self, *, everything: bool) -> dict[str, Any]:
        """The report in the format of the contract, verdicts made one by one while they are written."""
        return {
            "contract": 1,
            "model": self.model,
            "records": self.records,
            "histories": self.histories,
            **{str(outcome): self.totals[outcome] for outcome in Outcome},
            "careful": self.careful,
            "late": self.late,
            "left_out": self.left_out,
            "unreadable": self.bad_rows,
            "unreadable_first": [str(one) for one in self.bad],
            "verdicts": (one.document() for one in self.verdicts(everything=everything)),
        }
