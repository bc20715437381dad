"""What a run of the suite found and covered, as values. Knows nothing of how it is shown."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

import attrs

from statemodel.coverage.goals import KINDS, TRANSITION, Goal
from statemodel.testing.script import Step
from statemodel.testing.searched import Lockstep

FEW: Final = 5  # one walk in so many may be left, and still a run has said something


class Result(StrEnum):
    """What a run comes to."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


@attrs.frozen
class Said:
    """One row of the model that speaks of a finding, and who says so."""

    row: str
    sources: tuple[str, ...]


@attrs.frozen
class Finding:
    """One deviation of a client from the model.

    Attributes:
        code: what kind of deviation; `statemodel explain CODE` says more.
        name: a stable name of this deviation, by which it can be declared as known: code, operation and answer, or
            what stayed where.
        where: the states that were possible when it was seen, such as ("Creating",).
        resource: the resource it was seen on.
        script: the shortest script found, the last step of which shows it.
        got: what the client answered, in words.
        wrong: the fields that showed what they must not, where the answer as a whole was right.
        expected: what the model allows there, one line a kind of answer.
        belief: the configurations that were possible before, in words.
        explanation: how the answers before came about as the model sees it, hidden moves in brackets.
        reason: what it is, where the code alone does not say.
        rows: the rows of the model that say so.
        phase: which part of the suite met it first: cover, lockstep, random or replay.
        is_reproduced: whether the script showed it again when it was replayed from a reset.
        times: how often it was met, also by other ways.
        is_steady: whether the script showed it each time it was done again.
        changing: numbers, from 1, of the steps that may have changed something, waits left aside: what to read first
            where the script is long.
        against: numbers, from 1, of the reads without which the last step would be possible.
        afterwards: what the last step answered when it was done once more, where something stayed too long.
    """

    code: str
    name: str
    where: tuple[str, ...]
    resource: str
    script: tuple[Step, ...]
    got: str
    wrong: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    belief: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    reason: str | None = None
    rows: tuple[Said, ...] = ()
    phase: str = "cover"
    is_reproduced: bool = True
    times: int = 1
    is_steady: bool = True
    changing: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    afterwards: str = ""

    @property
    def full_name(self) -> str:
        """The name with where it was seen."""
        return full_name(self.name, self.where)


def full_name(name: str, where: Iterable[str]) -> str:
    """The name of a finding with where it was seen.

    >>> full_name("SM201:UpdateFunctionCode:accepted", ["Creating"])
    'SM201:UpdateFunctionCode:accepted in Creating'
    """
    return f"{name} in {'|'.join(where)}" if where else name


@attrs.frozen
class Known:
    """A deviation that is declared: it does not fail a run, until it is gone.

    Attributes:
        name: pattern of the names of findings, as for files; a name alone covers it wherever it is seen.
        reason: why it is put up with.
    """

    name: str
    reason: str

    def covers(self, name: str, where: Iterable[str]) -> bool:
        """Whether a finding is declared by this.

        >>> Known("SM201:*:accepted in Creating", "").covers("SM201:UpdateFunctionCode:accepted", ["Creating"])
        True
        """
        return fnmatchcase(name, self.name) or fnmatchcase(full_name(name, where), self.name)


@attrs.frozen
class Tally:
    """How much of one kind of goal was covered.

    Attributes:
        kind: states, transitions, pairs, outcomes, acceptances or refusals.
        covered, reachable: how many, of what this client may come to as far as it has shown.
        left: those that were never met, or not for certain, in words.
        elsewhere: those that only a client comes to that answers otherwise, where the model leaves a choice.
    """

    kind: str
    covered: int
    reachable: int
    left: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@attrs.frozen
class Report:
    """What a run of the suite found and covered.

    Attributes:
        model: name of the model.
        abilities: what the client declared, sorted.
        beyond: what it declared that the model does not know, so that it was not judged.
        findings: deviations, in the order in which they were met.
        known: findings that were declared, each with its declaration.
        gone: declarations that nothing was found for.
        tallies: what was covered, kind by kind.
        not_run: cases that need an ability which the client lacks, in words.
        never_shown: fields of accepted reads that the client never showed, as operation.field.
        unsupported: steers that the client said it cannot do.
        calls: operations called; examples: random walks; throttled: answers to come again.
        open_ended: how often a walk was left because too much was possible.
        seed: what it can be repeated with.
        seconds: how long it took.
        is_complete: whether everything was run; False where a budget or a finding ended it early.
        has_walks_left: whether random walks are all that was left out, because something was found before.
        spent: how many seconds each phase took, where that is known.
        searched: what came of it where it was an exhaustive search, which has no walks and no tallies.
    """

    model: str
    abilities: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: tuple[tuple[Finding, Known], ...] = ()
    gone: tuple[Known, ...] = ()
    tallies: tuple[Tally, ...] = ()
    not_run: tuple[str, ...] = ()
    never_shown: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    calls: int = 0
    examples: int = 0
    throttled: int = 0
    open_ended: int = 0
    seed: int = 0
    seconds: float = 0.0
    spent: tuple[tuple[str, float], ...] = ()
    is_complete: bool = True
    has_walks_left: bool = False
    searched: Lockstep | None = None

    @property
    def result(self) -> Result:
        """Whether the client passed; inconclusive where nothing was found and too little was judged."""
        if self.findings or self.gone:
            return Result.FAILED
        return Result.INCONCLUSIVE if self.doubts else Result.PASSED

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why a run that found nothing says little, in words."""
        found = []
        if self.calls == 0:
            found.append("no operation was called: the client offers none that the model knows")
        elif self.searched is not None:
            found.extend(_doubts(self.searched))
        elif not any(one.covered for one in self.tallies if one.kind == TRANSITION):
            found.append("nothing ever moved: no call that changes something was accepted")
        if self.open_ended * FEW > self.examples:
            walks = "one walk was" if self.open_ended == 1 else f"{self.open_ended} walks were"
            found.append(f"{walks} left, because too much was possible after what the client had shown")
        return tuple(found)


def _doubts(searched: Lockstep) -> Iterator[str]:
    """Why a search that found nothing says little."""
    if searched.states == 1:
        yield "nothing ever moved: no call, wait or event made a difference"
    if searched.is_cut:
        yield f"the budget ended the search before every script of {searched.reached + 1} deeds was tried"
    if not searched.is_steady:
        yield "the client answered otherwise when the same was done again, or too much was possible"


def tallied(goals: Mapping[Goal, bool], met: Iterable[Goal]) -> tuple[Tally, ...]:
    """What was covered of what, kind by kind.

    Args:
        goals: everything that the model allows, and whether the client may come to it, as far as it has shown.
        met: what was covered.
    """
    covered = set(met)
    found = []
    for kind in KINDS:
        of_kind = [goal for goal in goals if goal.kind == kind]
        missed = [goal for goal in of_kind if goal not in covered]
        left = tuple(str(goal) for goal in missed if goals[goal])
        elsewhere = tuple(str(goal) for goal in missed if not goals[goal])
        if of_kind:
            reachable = len(of_kind) - len(elsewhere)
            found.append(Tally(kind, reachable - len(left), reachable, left, elsewhere))
    return tuple(found)
