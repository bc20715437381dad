"""What a run can cover: states, transitions, pairs of them, outcomes, acceptances and refusals of single members."""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from statemodel.configuration import Configuration
from statemodel.model.data import Key
from statemodel.model.graph import Initiator, Kind, Refusal, Row
from statemodel.model.operation import Action
from statemodel.semantics import Move, Step, System, find

STATE: Final = "states"
TRANSITION: Final = "transitions"
PAIR: Final = "pairs"
OUTCOME: Final = "outcomes"
ACCEPTANCE: Final = "acceptances"
REFUSAL: Final = "refusals"
KINDS: Final = (STATE, TRANSITION, PAIR, OUTCOME, ACCEPTANCE, REFUSAL)


@attrs.frozen(cache_hash=True)
class Goal:
    """One thing to be covered.

    Attributes:
        kind: states, transitions, pairs, outcomes (hidden moves out of a working state), acceptances (reads and calls
            that leave a member where it is) or refusals.
        part: the graph it belongs to.
        words: what it is: states and events in the order in which they come.
    """

    kind: str
    part: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.part}: " + " ".join(self.words)


@attrs.frozen(cache_hash=True)
class Taken:
    """One row that one member took.

    Attributes:
        place: position of the part.
        key: the member of a family, or None.
        goals: what it covers by itself, the transition, acceptance or refusal first.
        is_move: whether it counts as a transition, so that pairs are made of it.
    """

    place: int
    key: Key | None
    goals: tuple[Goal, ...]
    is_move: bool

    @property
    def goal(self) -> Goal:
        """The transition, acceptance or refusal."""
        return self.goals[0]


def taken(system: System, before: Configuration, step: Step | Move) -> tuple[Taken, ...]:
    """What a step covers, member by member."""
    return tuple(
        _taken(system, before, step.after, row, place, key)
        for row, (place, key) in zip(step.rows, step.places, strict=True)
    )


def _taken(
    system: System, before: Configuration, after: Configuration, row: Row, place: int, key: Key | None
) -> Taken:
    part = system.parts[place]
    source = find(before, place, key).state
    is_told = row.guard is not None and all(other in system.parts for other in row.guard.looks_at)
    condition = (f"if {row.guard.name}",) if row.guard is not None and is_told else ()
    if isinstance(row, Refusal):
        return Taken(place, key, (Goal(REFUSAL, part, (source, row.operation.name, "refused", *condition)),), is_move=False)
    target = find(after, place, key).state
    action = getattr(row.event, "action", None)
    if action is Action.READ or (action is not None and row.target is None and row.effect is None):
        return Taken(place, key, (Goal(ACCEPTANCE, part, (source, row.event.name, *condition)),), is_move=False)
    goals = [
        Goal(TRANSITION, part, (source, f"--{row.event.name}-->", target, *condition)),
        Goal(STATE, part, (source,)),
        Goal(STATE, part, (target,)),
    ]
    if row.initiator is Initiator.SERVICE and system.kinds[place][source] is Kind.WORKING:
        goals.append(Goal(OUTCOME, part, (source, row.event.name)))
    return Taken(place, key, tuple(goals), is_move=True)


def pair(first: Goal, second: Goal) -> Goal:
    """The goal of taking one transition of a member right after another."""
    return Goal(PAIR, first.part, (*first.words, "then", *second.words))


Member = tuple[int, Key | None]


class Covered:
    """Goals met so far, and how often."""

    def __init__(self) -> None:
        self.met: dict[Goal, int] = {}

    def take(self, steps: Iterable[Taken], last: dict[Member, Goal]) -> list[Goal]:
        """Goals that these steps meet for the first time; `last` is the last transition of each member, kept up."""
        fresh = []
        for step in steps:
            for goal in (*step.goals, *_pairs(step, last)):
                if goal not in self.met:
                    fresh.append(goal)
                self.met[goal] = self.met.get(goal, 0) + 1
        return fresh


def _pairs(step: Taken, last: dict[Member, Goal]) -> Iterator[Goal]:
    if step.is_move:
        before = last.get((step.place, step.key))
        if before is not None:
            yield pair(before, step.goal)
        last[step.place, step.key] = step.goal
