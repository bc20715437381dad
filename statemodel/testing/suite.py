"""The whole suite: a deterministic cover, then random walks; every answer judged by what may be true."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import attrs

from statemodel.coverage.bounds import Bounds
from statemodel.coverage.chart import Chart
from statemodel.coverage.goals import Covered
from statemodel.coverage.stages import Stage, stages
from statemodel.errors import AdapterError
from statemodel.model.service import Model
from statemodel.semantics import prepare
from statemodel.testing.abilities import useful
from statemodel.testing.adapter import ABILITIES, Link, open_link
from statemodel.testing.ahead import Ahead
from statemodel.testing.cover import TWINS, Cover
from statemodel.testing.findings import finding, name_of, where_of
from statemodel.testing.garbage import kept_apart
from statemodel.testing.report import Finding, Known, Report, tallied
from statemodel.testing.script import answer
from statemodel.testing.session import POLLS, Found, Trouble, make_session
from statemodel.testing.stopwatch import Stopwatch
from statemodel.testing.tours.apart import Apart
from statemodel.testing.tours.crowd import Crowd
from statemodel.testing.tours.interrupts import Interrupts
from statemodel.testing.tours.late import Late
from statemodel.testing.tours.lives import Lives
from statemodel.testing.tours.mishaps import Mishaps
from statemodel.testing.tours.promises import Promises
from statemodel.testing.tours.shares import Shares, sharing
from statemodel.testing.tours.sweep import Sweep
from statemodel.testing.walk import Walks, seeded_walks

COVER_CALLS: Final = 5_500
LIVES: Final = 0.85
CROWD: Final = 0.6
MISHAPS: Final = 0.4
SHARES: Final = 200
REPLAYS: Final = 200
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
    examples: int = 25
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
        self.met: Counter[str] = Counter()
        self.told: dict[str, str] = {}
        self.is_whole = False
        self.chart: Chart | None = None
        self.bounds = Bounds()
        self.open_ended = 0
        self.examples = 0
        self._has_shares = False
        self._stages = Ahead(stages(self.system, link.abilities, lambda: self._has_shares), self._tells("chart"))
        self.missed: tuple[str, ...] = ()
        self._old: set[str] = set()
        self._watch = Stopwatch()

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
        name, where = name_of(self.session, found.trouble), where_of(self.session, found.trouble)
        self.met[name] += 1
        known = self._declared(name, where)
        if known is None and name in self.told:
            self.met[self.told[name]] += self.told[name] != name
            return True
        made = self._finding(found, phase, replays=0 if known else self.settings.replays)
        known = known or self._declared(made.name, made.where)
        if known is None:
            self.told[name] = made.name
            if all(made.name != other.name for other in self.findings):
                self.findings.append(made)
        elif all(known != other for _, other in self.known):
            self.known.append((made, known))
        return known is None

    def _declared(self, name: str, where: tuple[str, ...]) -> Known | None:
        return next((one for one in self.settings.known if one.covers(name, where)), None)

    def _finding(self, found: Found, phase: str, *, replays: int) -> Finding:
        """What is told of trouble; whatever goes wrong in telling it, the trouble itself is told."""
        covered, self.session.judge.covered = self.session.judge.covered, Covered()
        name, where = name_of(self.session, found.trouble), where_of(self.session, found.trouble)
        try:
            return finding(self.session, found.trouble, found.script, phase=phase, replays=replays,
                           others={one.name for one in self.findings})  # fmt: skip
        except AdapterError:
            raise
        except Exception as error:  # noqa: BLE001  # a defect of ours must not hide one of the client
            trouble, step = found.trouble, found.trouble.step
            said = "nothing" if step.reply is None else answer(step.reply)
            reason = f"{trouble.reason or ''} (more cannot be told: {type(error).__name__}: {error})".strip()
            return Finding(trouble.code, name, where, trouble.resource, found.script, f"{step.what}: {said}",
                           reason=reason, phase=phase, is_reproduced=False)  # fmt: skip
        finally:
            self.session.judge.covered = covered

    @kept_apart()
    def cover(self) -> None:
        """Walk over every chart of the client until nothing is left that can be hoped for."""
        for stage in self._stages:
            if self.chart is None:
                self._open(stage.chart)
            self._covered(stage)
            self._watch.spend(stage.name)
            if self._has_enough():
                return

    def _open(self, chart: Chart) -> None:
        """Begin with the first chart; the others are drawn while the client is waited for."""
        self.chart = chart
        if "parameters" in self.link.abilities:
            self._has_shares = Shares(self.session, chart, budget=SHARES, is_thorough=False).are_taken()
        self.link.work_meanwhile(self._stages.work)

    def clear(self) -> None:
        """Forget what was found and covered, for another client of the same abilities."""
        self.findings.clear()
        self.known.clear()
        self.met.clear()
        self.told.clear()
        self._old.clear()
        self.bounds.clear()
        self.examples = self.open_ended = self.link.calls = 0
        self.session.judge.begin()
        self.session.judge.covered = Covered()
        self.session.unsupported.clear()

    def _covered(self, stage: Stage) -> None:
        before = self.link.calls
        budget = int(self.settings.cover_calls * stage.share)
        meet = partial(self.take, phase=stage.name)
        Interrupts(self.session, stage.chart, budget=budget // 4, enough=self._has_enough, meet=meet).run()
        walks = Cover(
            self.session,
            stage.chart,
            goals=stage.goals,
            has_twins=stage.chart is self.chart and stage.goals is self.chart.goals,
            budget=budget - (self.link.calls - before),
            enough=self._has_enough,
            meet=meet,
            progress=self._telling(stage.name),
        )
        walks.run()
        self.bounds.take(stage, walks.never_came)
        if stage.has_late and not self._has_enough():
            budget = self.settings.cover_calls // TWINS
            Late(
                self.session, stage.chart, budget=budget, is_thorough=False, enough=self._has_enough, meet=meet
            ).run()

    def sweep(self) -> None:
        """Try limits of parameters and pages of lists, tell resources of one name apart, and lead long lives."""
        if self.chart is None:
            return
        meet = partial(self.take, phase="cover")
        how: dict[str, Any] = {"budget": self.settings.cover_calls, "is_thorough": False, "meet": meet}
        how["enough"] = self._has_enough
        cases = Sweep(self.session, self.chart, progress=self._telling("limits"), **how)
        cases.run()
        promises = Promises(self.session, self.chart, **how)
        pair = Apart(self.session, cases, meet)
        crowd, mishaps = (partial(self._told, *one, twins=pair) for one in ((Crowd, CROWD), (Mishaps, MISHAPS)))
        for rest in (promises.run, pair.run, crowd, mishaps, self._lives):
            if not self._has_enough():
                rest()
        self.missed = (*cases.missed, *pair.missed)

    @kept_apart()
    def _told(self, stories: type[Crowd] | type[Mishaps], share: float, *, twins: Apart) -> None:
        """Tell stories, for a part of the calls that the cover may make."""
        stories(
            self.session,
            budget=int(self.settings.cover_calls * share),
            twins=twins.twins,
            has_shares=self._has_shares,
            enough=self._has_enough,
            meet=partial(self.take, phase="cover"),
            progress=self._telling(stories.__name__.lower()),
        ).run()

    @kept_apart()
    def _lives(self) -> None:
        """Do the same things again and again to one resource, for a part of the calls that the cover may make."""
        Lives(
            self.session,
            budget=int(self.settings.cover_calls * LIVES),
            seed=self.settings.seed,
            has_shares=self._has_shares,
            enough=self._has_enough,
            meet=partial(self.take, phase="cover"),
            progress=self._telling("lives"),
        ).run()

    def _telling(self, phase: str) -> Callable[[int, int], None]:
        """What is told of a phase, if anybody listens."""
        return partial(self.progress or (lambda _phase, _done, _of: None), phase)

    def random(self) -> None:
        """Walk at random, until as many walks are done as there are to be."""
        self._watch.spend("cover")
        tell = self.progress
        left = frozenset(self.bounds.goals) - frozenset(self.session.judge.covered.met)
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
        self.is_whole = not self._has_enough()

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
        name, where = name_of(self.session, trouble), where_of(self.session, trouble)
        return any(one.covers(name, where) for _, one in self.known)

    def _has_enough(self) -> bool:
        return len(self.findings) >= self.settings.findings

    def report(self) -> Report:
        """Everything so far, as a value."""
        self._watch.spend("random" if self.examples else "cover")
        met = self.session.judge.covered.met
        used = {declared for _, declared in self.known}
        return Report(
            model=self.system.service.name,
            abilities=tuple(sorted(self.link.abilities)),
            beyond=self.link.beyond,
            findings=tuple(
                attrs.evolve(one, times=max(self.met[one.name], 1)) for one in sorted(self.findings, key=_plainness)
            ),
            known=tuple((attrs.evolve(one, times=max(self.met[one.name], 1)), by) for one, by in self.known),
            gone=tuple(one for one in self.settings.known if one not in used) if self.is_whole else (),
            tallies=tallied(self.bounds.goals, met),
            not_run=tuple(self._not_run()),
            never_shown=tuple(self._never_shown()),
            unsupported=tuple(sorted(self.session.unsupported)),
            calls=self.link.calls,
            examples=self.examples,
            throttled=self.session.throttled,
            open_ended=self.open_ended,
            seed=self.settings.seed,
            seconds=self._watch.seconds,
            spent=self._watch.spent,
            is_complete=self.is_whole,
            has_walks_left=bool(self.findings) and not (self.is_whole or self.examples or self._has_enough()),
        )

    def _not_run(self) -> Iterable[str]:
        for ability in ABILITIES:
            if ability not in self.link.abilities and ability in useful(self.system):
                yield f"cases that need {ability}"
        for name in self.system.operations:
            if name not in self.link.abilities:
                yield f"calls of {name}"
        yield from self.missed
        if "parameters" in self.link.abilities and not self._has_shares:
            names = {one.name for operation in self.system.operations.values() if (one := sharing(operation))}
            yield from (f"cases of {name}: this client shows no notice of it" for name in sorted(names))

    def _never_shown(self) -> Iterable[str]:
        for name, operation in self.system.operations.items():
            if name in self.session.accepted:
                shown = self.session.shown.get(name, set())
                fields = [field.name for field in operation.fields]
                if operation.listing is not None:
                    fields.append(operation.listing.name)
                yield from (f"{name}.{field}" for field in fields if field not in shown)


def _plainness(one: Finding) -> tuple[bool, int]:
    """What comes first is best understood: what came again, and by a short script."""
    return not one.is_reproduced, len(one.script)


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
        if not (run.findings and run.settings.examples):
            run.random()
        return run.report()


__all__ = ["Finding", "Report", "Run", "Settings", "conformance", "make_session"]
