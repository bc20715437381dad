"""The whole suite: a deterministic cover, then random walks; every answer judged by what may be true."""

import time
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

import attrs

from statemodel.coverage.goals import Covered, Goal
from statemodel.coverage.stages import Stage, stages
from statemodel.model.service import Model
from statemodel.semantics import prepare
from statemodel.testing.adapter import ABILITIES, Link, open_link
from statemodel.testing.cover import Cover
from statemodel.testing.findings import finding, name_of
from statemodel.testing.report import Finding, Known, Report, tallied
from statemodel.testing.script import answer
from statemodel.testing.session import POLLS, Found, Trouble, make_session
from statemodel.testing.sweep import Sweep
from statemodel.testing.walk import Walks, seeded_walks

COVER_CALLS: Final = 8_000
REPLAYS: Final = 300
FINDINGS: Final = 5

Progress = Callable[[str, int, int], None]


@attrs.frozen
class Settings:
    """How thorough a run is.

    Attributes:
        seed: fixes everything that is drawn.
        examples: random walks.
        patience: polls, or with a clock 72 advanced seconds each, that a working state may last.
        cover_calls: greatest number of calls of the deterministic cover.
        replays: how often the client may be reset to shorten one finding's script.
        findings: how many different findings are enough.
        is_slow: whether calls take long, so that walks are drawn by the seed alone, without Hypothesis.
        database: directory in which Hypothesis keeps walks that failed, to try them first; None for none.
        known: deviations that are put up with.
    """

    seed: int = 0
    examples: int = 60
    patience: int = POLLS
    cover_calls: int = COVER_CALLS
    replays: int = REPLAYS
    findings: int = FINDINGS
    is_slow: bool = False
    database: str | None = None
    known: tuple[Known, ...] = ()


class Run:
    """One run of the suite against one client; results are gathered as it goes.

    Args:
        model: what the client should behave like.
        link: the client.
        settings: how thorough to be.
        progress: called with (phase, done, of how much).
    """

    def __init__(self, model: Model, link: Link, settings: Settings, progress: Progress | None = None) -> None:
        self.system = prepare(model)
        self.link = link
        self.settings = settings
        self.progress = progress
        self.session = make_session(self.system, link, patience=settings.patience)
        self.findings: list[Finding] = []
        self.known: list[tuple[Finding, Known]] = []
        self.goals: dict[Goal, None] = {}
        self.open_ended = 0
        self.examples = 0
        self.missed: tuple[str, ...] = ()
        self._old: set[str] = set()
        self._began = time.monotonic()

    def _tells(self, phase: str) -> Callable[[int], None] | None:
        if self.progress is None:
            return None
        tell = self.progress
        return lambda done: tell(phase, done, 0)

    def take(self, found: Found, phase: str) -> bool:
        """Take trouble that was met; whether it is a finding that nobody has declared."""
        if found.trouble.code == "SM104":
            self.open_ended += 1
            return False
        covered, self.session.judge.covered = self.session.judge.covered, Covered()
        made = finding(self.session, found.trouble, found.script, phase=phase, replays=self.settings.replays)
        self.session.judge.covered = covered
        known = next((one for one in self.settings.known if fnmatchcase(made.name, one.name)), None)
        if known is not None:
            if all(made.name != other.name for other, _ in self.known):
                self.known.append((made, known))
            return False
        if all((made.code, made.got) != (other.code, other.got) for other in self.findings):
            self.findings.append(made)
        return True

    def cover(self) -> None:
        """Walk over every chart of the client until nothing is left that can be hoped for."""
        for stage in stages(self.system, self.link.abilities, self._tells("chart")):
            self.goals.update(dict.fromkeys(stage.goals))
            self._covered(stage)
            if self._has_enough():
                return

    def _covered(self, stage: Stage) -> None:
        tell = self.progress
        walks = Cover(
            self.session,
            stage.chart,
            goals=stage.goals,
            budget=int(self.settings.cover_calls * stage.share),
            enough=self._has_enough,
            meet=lambda found: self.take(found, stage.name),
            progress=None if tell is None else lambda done, of: tell(stage.name, done, of),
        )
        walks.run()

    def sweep(self) -> None:
        """Send what is at the limits of parameters, and turn the pages of lists."""
        tell = self.progress
        cases = Sweep(
            self.session,
            self.chart,
            budget=self.settings.cover_calls,
            is_thorough=False,
            enough=self._has_enough,
            meet=lambda found: self.take(found, "cover"),
            progress=None if tell is None else lambda done, of: tell("limits", done, of),
        )
        cases.run()
        self.missed = cases.missed

    def random(self) -> None:
        """Walk at random, until as many walks are done as there are to be."""
        tell = self.progress
        left = frozenset(self.goals) - frozenset(self.session.judge.covered.met)
        while self.examples < self.settings.examples and not self._has_enough():
            done = self.examples
            walks = self._walks()(
                self.session,
                examples=self.settings.examples - done,
                seed=f"{self.settings.seed}:{done}",
                left=left,
                is_old=self._is_old,
                tell=lambda more, done=done: tell and tell("random", done + more, self.settings.examples),
            )
            self.examples += walks.done
            self.open_ended += walks.open_ended
            if walks.found is not None:
                self._old.add(_sort(walks.found.trouble))
                self.take(walks.found, "random")

    def _walks(self) -> Callable[..., Walks]:
        if self.settings.is_slow:
            return seeded_walks
        from statemodel.testing.machine import random_walks

        return partial(
            random_walks,
            shrinks=self.settings.replays // 3,
            database=self.settings.database,
            key=f"{self.system.service.name} {' '.join(sorted(self.link.abilities))}",
        )

    def _is_old(self, trouble: Trouble) -> bool:
        """Whether trouble was taken before, or is of a kind that is put up with and was seen before."""
        if _sort(trouble) in self._old:
            return True
        name = name_of(self.session, trouble)
        return any(fnmatchcase(name, one.name) for _, one in self.known)

    def _has_enough(self) -> bool:
        return len(self.findings) >= self.settings.findings

    def report(self) -> Report:
        """Everything so far, as a value."""
        met = self.session.judge.covered.met
        used = {one.name for _, one in self.known}
        return Report(
            self.system.service.name,
            tuple(sorted(self.link.abilities)),
            tuple(self.findings),
            tuple(self.known),
            tuple(one for one in self.settings.known if one.name not in used),
            tallied(self.goals, met),
            tuple(self._not_run()),
            tuple(self._never_shown()),
            tuple(sorted(self.session.unsupported)),
            self.link.calls,
            self.examples,
            self.session.throttled,
            self.open_ended,
            self.settings.seed,
            time.monotonic() - self._began,
            not self._has_enough(),
        )

    def _not_run(self) -> Iterable[str]:
        for ability in ABILITIES:
            if ability not in self.link.abilities:
                yield f"cases that need {ability}"
        for name in self.system.operations:
            if name not in self.link.abilities:
                yield f"calls of {name}"
        yield from self.missed

    def _never_shown(self) -> Iterable[str]:
        for name, operation in self.system.operations.items():
            if name in self.session.accepted:
                shown = self.session.shown.get(name, set())
                fields = [field.name for field in operation.fields]
                if operation.listing is not None:
                    fields.append(operation.listing.name)
                yield from (f"{name}.{field}" for field in fields if field not in shown)


def _sort(trouble: Trouble) -> str:
    """What trouble is told by."""
    said = "" if trouble.step.reply is None else answer(trouble.step.reply)
    return f"{trouble.code} {trouble.step.what} {said}"


def conformance(
    model: Model,
    factory: Callable[[], Any],
    *,
    settings: Settings | None = None,
    timeout_s: float | None = 30.0,
    progress: Progress | None = None,
) -> Report:
    """Whether a client behaves as a model says.

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once.
        settings: how thorough to be.
        timeout_s: how long anything awaited may take.
        progress: called with (phase, done, of how much).

    Returns:
        What was found and covered. Nothing is raised because of what the client does.

    Raises:
        AdapterError: the adapter itself fails.
    """
    system = prepare(model)
    with open_link(factory, tuple(system.operations), timeout_s=timeout_s) as link:
        run = Run(model, link, settings or Settings(), progress)
        run.cover()
        run.sweep()
        if not run.findings:
            run.random()
        return run.report()


__all__ = ["Finding", "Report", "Run", "Sequence", "Settings", "conformance", "make_session"]
