"""How waiting ends: an arrival, or an error that says what was seen, whether it can be, and what to do next."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import attrs

from statemodel.errors import StateModelError
from statemodel.model.graph import Initiator, Kind
from statemodel.oracle.verdict import Verdict as Finding
from statemodel.waiters import Waiter
from statemodel.ways import Way, legs_from, shortest

Record = dict[str, Any]


class Ending(StrEnum):
    """Why waiting ended without an arrival."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    STUCK = "stuck"
    OUT_OF_TIME = "out of time"
    REFUSED = "refused"


@attrs.frozen
class Arrival:
    """The good end.

    Attributes:
        shown: what the last poll showed, in words.
        states: the states it may stand for.
        is_passed: whether a target was reached and left again, so that it is no longer shown.
        polls: how many polls it took.
        seconds: how long it took.
        history: records of what was seen.
    """

    shown: str
    states: tuple[str, ...]
    is_passed: bool
    polls: int
    seconds: float
    history: tuple[Record, ...]


class WaitError(StateModelError):
    """Waiting that ended without an arrival.

    Attributes:
        title: what was waited for.
        ending: failed, unknown, stuck, out of time or refused.
        reason: why, in words.
        shown: what the last poll showed of a status, in words; None where none did.
        states: the states it may stand for.
        history: records of what was seen, as `statemodel check` reads them.
        finding: what the oracle says of them; None where there are none.
        advice: what to do next, a line each.
    """

    def __init__(
        self,
        title: str,
        ending: Ending,
        reason: str,
        shown: str | None,
        states: tuple[str, ...],
        history: tuple[Record, ...],
        finding: Finding | None,
        advice: tuple[str, ...],
    ) -> None:
        super().__init__(title, ending, reason, shown, states, history, finding, advice)
        self.title = title
        self.ending = ending
        self.reason = reason
        self.shown = shown
        self.states = states
        self.history = history
        self.finding = finding
        self.advice = advice

    def __str__(self) -> str:
        lines = [f"{self.title}: {self.ending}: {self.reason}."]
        lines.extend(f"  seen  {seen}" for seen in told(self.history))
        if self.finding is not None:
            said = f" {self.finding.code}" if self.finding.code else ""
            lines.append(f"  The model says of these records: {self.finding.outcome}{said}.")
        lines.extend(f"  next  {line}" for line in self.advice)
        return "\n".join(lines)


def told(history: Iterable[Record]) -> list[str]:
    """Records for people; those that repeat the one before are counted."""
    found: list[tuple[str, int]] = []
    for record in history:
        answer = f"refused with {record['error']}" if "error" in record else f"accepted {_plain(record.get('result'))}"
        line = f"{record['op']} {answer}".rstrip()
        if found and found[-1][0] == line:
            found[-1] = line, found[-1][1] + 1
        else:
            found.append((line, 1))
    return [line if count == 1 else f"{line}, {count} times" for line, count in found]


def _plain(result: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in result.items()) if isinstance(result, dict) else ""


def advice(waiter: Waiter, ending: Ending, states: tuple[str, ...]) -> tuple[str, ...]:
    """What to do next, a line for each state it may be in."""
    if ending is Ending.REFUSED:
        return ("mend the request, or the rights of whoever makes it",)
    life = waiter.cases[0].life
    legs = legs_from(life)
    targets = tuple(state.name for state in waiter.until)
    lines: list[str] = []
    for name in states:
        if name in targets:
            continue
        if waiter.graph.state(name).kind is Kind.RESTING and ending is Ending.FAILED:
            lines.append(f"{name} is settled: wait for it too, if it will do")
        way = shortest(life, legs, name, targets)
        if way is None:
            lines.append(f"nothing leads from {name} to {' or '.join(targets)}: give up")
        else:
            lines.append(f"from {name}: {_steps(way)}")
    return tuple(lines) or ("look the status up: the model knows nothing of it",)


def _steps(way: Way) -> str:
    said = {Initiator.CALLER: "call {}", Initiator.SERVICE: "wait for {!r}", Initiator.ENVIRONMENT: "see to {!r}"}
    return ", then ".join(
        said[leg.initiator].format(leg.name) + (f" ({leg.policy} is open)" if leg.policy else "") for leg in way.legs
    )
