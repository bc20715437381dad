"""What a run can cover: what single members do, pairs of it, and what they do while others are in some state."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

import attrs

from statemodel.configuration import LOOSE, Configuration, numbers_in
from statemodel.configuration import Member as One
from statemodel.model.data import Key
from statemodel.model.graph import Initiator, Kind, Refusal, Row
from statemodel.model.guard import in_words
from statemodel.model.operation import Action
from statemodel.semantics import Move, Step, System, UndecidedError, find

STATE: Final = "states"
TRANSITION: Final = "transitions"
PAIR: Final = "pairs"
OUTCOME: Final = "outcomes"
ACCEPTANCE: Final = "acceptances"
REFUSAL: Final = "refusals"
CONTEXT: Final = "contexts"
KINDS: Final = (STATE, TRANSITION, PAIR, OUTCOME, ACCEPTANCE, REFUSAL, CONTEXT)


@attrs.frozen(cache_hash=True)
class Goal:
    """One thing to be covered.

    Attributes:
        kind: states, transitions, pairs, outcomes (hidden moves out of a working state), acceptances (reads and calls
            that leave a member where it is), refusals, or contexts (transitions while another member is in
            a state, or by which a member comes to name an earlier or a later one).
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
        contexts: for a transition, the goals of taking it while others are where they are.
    """

    place: int
    key: Key | None
    goals: tuple[Goal, ...]
    is_move: bool
    contexts: tuple[Goal, ...] = attrs.field(default=(), eq=False)

    @property
    def goal(self) -> Goal:
        """The transition, acceptance or refusal."""
        return self.goals[0]


def taken(system: System, before: Configuration, step: Step | Move) -> tuple[Taken, ...]:
    """What a step covers, member by member; nothing for a member nobody has looked at."""
    found = []
    for row, (place, key) in zip(step.rows, step.places, strict=True):
        with suppress(UndecidedError):
            found.append(_taken(system, before, step.after, row, place, key))
    return tuple(found)


def _taken(
    system: System, before: Configuration, after: Configuration, row: Row, place: int, key: Key | None
) -> Taken:
    one, other = find(before, place, key), find(after, place, key)
    source, target = one.state, other.state
    known = _TOLD.get((id(row), place, source, target, system.parts))
    if known is None:
        known = row, *_told(system, row, place, source, target)
        _TOLD[id(row), place, source, target, system.parts] = known
    _, goals, is_move = known
    if not is_move:
        return Taken(place, key, goals, is_move=False)
    among: tuple[tuple[str, ...], ...] = tuple(("while", *words) for words in _others(system, before, place, key))
    if one.data is not None and other.data is not None:
        now, then = tuple(numbers_in(one.data)), tuple(numbers_in(other.data))
        if now != then:
            among = (*among, ("naming an earlier one" if then < now else "naming a later one",))
    contexts = _AMONG.get((goals[0], among))
    if contexts is None:
        first = goals[0]
        contexts = tuple(Goal(CONTEXT, first.part, (*first.words, *words)) for words in among)
        _AMONG[first, among] = contexts
    return Taken(place, key, goals, is_move=True, contexts=contexts)


# What one row covers is asked over and over again; rows are kept alive here, so that their identities stay their own.
_TOLD: dict[tuple[int, int, str, str, tuple[str, ...]], tuple[Row, tuple[Goal, ...], bool]] = {}
_AMONG: dict[tuple[Goal, tuple[tuple[str, ...], ...]], tuple[Goal, ...]] = {}


def _told(system: System, row: Row, place: int, source: str, target: str) -> tuple[tuple[Goal, ...], bool]:
    """What a row covers, and whether it counts as a transition."""
    part = system.parts[place]
    is_told = row.guard is not None and all(other in system.parts for other in row.guard.looks_at)
    condition = (in_words(row.guard),) if row.guard is not None and is_told else ()
    if isinstance(row, Refusal):
        return (Goal(REFUSAL, part, (source, row.operation.name, "refused", *condition)),), False
    action = getattr(row.event, "action", None)
    if action is Action.READ or (action is not None and row.target is None and row.effect is None):
        return (Goal(ACCEPTANCE, part, (source, row.event.name, *condition)),), False
    goals = [
        Goal(TRANSITION, part, (source, f"--{row.event.name}-->", target, *condition)),
        Goal(STATE, part, (source,)),
        Goal(STATE, part, (target,)),
    ]
    if row.initiator is Initiator.SERVICE and system.kinds[place][source] is Kind.WORKING:
        goals.append(Goal(OUTCOME, part, (source, row.event.name)))
    return tuple(goals), True


def _others(system: System, before: Configuration, place: int, key: Key | None) -> tuple[tuple[str, str], ...]:
    """Part and state of every other member, and how many numbers it names; a number given out before may be gone."""
    found: dict[tuple[str, str], None] = {}
    for other, slot in enumerate(before):
        if system.graph(other).is_shared:
            continue
        part = system.parts[other]
        if isinstance(slot, One):
            if other != place and slot.state is not LOOSE:
                found[part, slot.state] = None
            continue
        kept = 0
        for name, member in slot.present():
            kept += isinstance(name, int)
            if other != place or name != key:
                found[part, member.state] = None
                if named := len(tuple(numbers_in(member.data))):
                    found[part, f"naming {named}"] = None
        if slot.low > kept:
            found[part, "gone"] = None
    return tuple(found)


def pair(first: Goal, second: Goal) -> Goal:
    """The goal of taking one transition of a member right after another."""
    return Goal(PAIR, first.part, (*first.words, "then", *second.words))


Member = tuple[int, Key | None]


class Covered:
    """Goals met so far, and how often.

    Attributes:
        met: how often each goal was met.
        tried: refusals that were tried where they are sure; they may have been met where they are not.
    """

    def __init__(self) -> None:
        self.met: dict[Goal, int] = {}
        self.tried: set[Goal] = set()

    def take(self, steps: Iterable[Taken], last: dict[Member, Goal]) -> list[Goal]:
        """Goals that these steps meet for the first time; `last` is the last transition of each member, kept up."""
        fresh = []
        for step in steps:
            for goal in (*step.goals, *step.contexts, *_pairs(step, last)):
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
