"""Verdicts: what was found about one history, as values and in words."""

from collections import Counter
from enum import StrEnum
from typing import Any

import attrs

CODES = {
    "SM101": "A status or another value that the model does not know was shown.",
    "SM102": "An operation or event that the model does not know was recorded; the belief started afresh.",
    "SM103": "Calls of other parts of the service were left out, because one part alone was asked about.",
    "SM104": "Too many configurations were possible; what was known of versions or aliases was forgotten.",
    "SM105": "A record of the history cannot be read; what came after it was not judged.",
    "SM106": "The history must be read once more, and files that it stands in are gone.",
    "SM201": "A call was accepted where the model refuses it, or with arguments that must be refused.",
    "SM202": "A call was refused where the model accepts it, or with a code that does not belong there.",
    "SM203": "A read showed something that is not possible after what came before it.",
    "SM204": "A recorded event cannot have happened there.",
    "SM302": "Work of the service outlived the patience of a run: a state that must be left was not left.",
    "SM303": "A call was refused four times in a row with an error that should pass: throttling, or an internal one.",
    "SM304": "A deviation was declared as known, and a whole run found nothing of it.",
}


class Outcome(StrEnum):
    """The three verdicts."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


@attrs.frozen
class Verdict:
    """What was found about one history.

    Attributes:
        resource: whose history it is.
        outcome: conforms, violates or inconclusive.
        code: what kind of finding it is, or None where it conforms.
        file, line: where the record stands that decided it.
        record: that record in words.
        expected: what would have been acceptable instead.
        belief: the configurations that were still possible, in words.
        explanation: the longest conforming prefix as a shortest run of the model, hidden moves marked.
        reason: why nothing could be said, where it is inconclusive.
        strength: share of statuses that the history excluded, on average over its reads; 0 could not have failed.
        records: number of records.
        skipped: number of records left out: noise of the service, and calls of other parts.
    """

    resource: str
    outcome: Outcome
    code: str | None = None
    file: str | None = None
    line: int | None = None
    record: str | None = None
    expected: tuple[str, ...] = ()
    belief: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    reason: str | None = None
    strength: float = 0.0
    records: int = 0
    skipped: int = 0

    def document(self) -> dict[str, Any]:
        """The verdict in the format of the contract."""
        return {
            "resource": self.resource,
            "verdict": str(self.outcome),
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "record": self.record,
            "expected": list(self.expected),
            "belief": list(self.belief),
            "explanation": list(self.explanation),
            "reason": self.reason,
            "strength": round(self.strength, 4),
            "records": self.records,
            "skipped": self.skipped,
        }

    def text(self) -> str:
        """The verdict for people."""
        place = f" at {self.file}:{self.line}" if self.line is not None else ""
        head = f"{self.resource}: {self.outcome}" + (f" {self.code}{place}" if self.code else "")
        lines = [head]
        if self.code:
            lines.append(f"  {CODES[self.code]}")
        if self.record:
            lines.append(f"  recorded   {self.record}")
        lines.extend(
            f"  {'expected' if place_of == 0 else '        '}   {one}" for place_of, one in enumerate(self.expected)
        )
        if self.reason:
            lines.append(f"  reason     {self.reason}")
        lines.extend(
            f"  {'before it' if number == 0 else '         '}  {one}" for number, one in enumerate(self.belief)
        )
        if self.explanation:
            lines.append("  the records before it can be explained so:")
            lines.extend(f"    {one}" for one in self.explanation)
        return "\n".join(lines)


@attrs.frozen
class Report:
    """What was found about all histories of some files.

    Attributes:
        model: name of the model.
        records: number of records read.
        verdicts: one for each resource, in order of first mention.
        weaker: why the verdicts are weaker than they could be, or None.
    """

    model: str
    records: int
    verdicts: tuple[Verdict, ...]
    weaker: str | None = None

    def counts(self) -> Counter[Outcome]:
        """How many histories there are of each outcome."""
        return Counter(verdict.outcome for verdict in self.verdicts)

    def document(self, *, everything: bool) -> dict[str, Any]:
        """The report in the format of the contract; `everything` lists conforming histories too."""
        counts = self.counts()
        return {
            "contract": 1,
            "model": self.model,
            "records": self.records,
            "histories": len(self.verdicts),
            **{str(outcome): counts[outcome] for outcome in Outcome},
            "verdicts": [one.document() for one in self.verdicts if everything or one.outcome is not Outcome.CONFORMS],
        }
