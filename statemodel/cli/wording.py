"""How `check` puts totals and verdicts into words."""

from collections import Counter

from statemodel.oracle.verdict import Outcome, Verdict


def heading(
    model: str, histories: int, records: int, counts: Counter[Outcome], strength: float, weaker: str | None
) -> str:
    """The totals of a report, and why its verdicts are weaker than they could be."""
    outcomes = ", ".join(f"{counts[outcome]} {_verb(outcome, counts[outcome])}" for outcome in Outcome)
    read = f"{many(histories, 'history', 'histories')} of {many(records, 'record', 'records')}"
    line = f"{model}: {read}: {outcomes}; strength {strength:.2f} on average"
    return f"{line}\nThese verdicts are weaker: {weaker}." if weaker else line


def paragraph(verdict: Verdict) -> str:
    """One verdict for people, with its strength."""
    return f"{verdict.text()}\n  strength   {verdict.strength:.2f}"


def _verb(outcome: Outcome, count: int) -> str:
    singular = {Outcome.CONFORMS: "conforms", Outcome.VIOLATES: "violates", Outcome.INCONCLUSIVE: "inconclusive"}
    plural = {Outcome.CONFORMS: "conform", Outcome.VIOLATES: "violate", Outcome.INCONCLUSIVE: "inconclusive"}
    return (singular if count == 1 else plural)[outcome]


def many(count: int, one: str, more: str) -> str:
    """A count with its noun."""
    return f"{count} {one if count == 1 else more}"
