"""What a run of the suite found and covered, as values. Knows nothing of how it is shown."""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from statemodel.coverage.goals import KINDS, Goal
from statemodel.testing.script import Step


class Result(StrEnum):
    """What a run comes to."""

    PASSED = "passed"
    FAILED = "failed"


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
        name: a stable name of this deviation, by which it can be declared as known: code, operation and states.
        resource: the resource it was seen on.
        script: the shortest script found, the last step of which shows it.
        got: what the client answered, in words.
        expected: what the model allows there, one line a kind of answer.
        belief: the configurations that were possible before, in words.
        reason: what it is, where the code alone does not say.
        rows: the rows of the model that say so.
        phase: which part of the suite met it first: cover, lockstep, random or replay.
        is_reproduced: whether the script showed it again when it was replayed from a reset.
    """

    code: str
    name: str
    resource: str
    script: tuple[Step, ...]
    got: str
    expected: tuple[str, ...] = ()
    belief: tuple[str, ...] = ()
    reason: str | None = None
    rows: tuple[Said, ...] = ()
    phase: str = "cover"
    is_reproduced: bool = True


@attrs.frozen
class Known:
    """A deviation that is declared: it does not fail a run, until it is gone.

    Attributes:
        name: pattern of the names of findings, as for files.
        reason: why it is put up with.
    """

    name: str
    reason: str


@attrs.frozen
class Tally:
    """How much of one kind of goal was covered.

    Attributes:
        kind: states, transitions, pairs, outcomes, acceptances or refusals.
        covered, reachable: how many.
        left: those that the client never offered, in words.
    """

    kind: str
    covered: int
    reachable: int
    left: tuple[str, ...] = ()


@attrs.frozen
class Report:
    """What a run of the suite found and covered.

    Attributes:
        model: name of the model.
        abilities: what the client declared, sorted.
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
    """

    model: str
    abilities: tuple[str, ...] = ()
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
    is_complete: bool = True

    @property
    def result(self) -> Result:
        """Whether the client passed."""
        return Result.FAILED if self.findings or self.gone else Result.PASSED


def tallied(goals: Iterable[Goal], met: Iterable[Goal]) -> tuple[Tally, ...]:
    """What was covered of what, kind by kind."""
    covered = set(met)
    every = list(dict.fromkeys(goals))
    found = []
    for kind in KINDS:
        of_kind = [goal for goal in every if goal.kind == kind]
        left = tuple(str(goal) for goal in of_kind if goal not in covered)
        if of_kind:
            found.append(Tally(kind, len(of_kind) - len(left), len(of_kind), left))
    return tuple(found)
