"""The whole suite: a deterministic cover, then random walks; every answer judged by what may be true."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from statemodel.coverage.chart import ONE, Chart, sendable
from statemodel.coverage.goals import Covered, Goal
from statemodel.errors import AdapterError
from statemodel.model.graph import Initiator
from statemodel.model.operation import Subject
from statemodel.model.service import Model
from statemodel.oracle.monitor import Monitor, monitor
from statemodel.semantics import System, prepare
from statemodel.testing.adapter import ABILITIES, Link, open_link
from statemodel.testing.cover import Cover, Found
from statemodel.testing.findings import finding, name_of, where_of
from statemodel.testing.judge import Judge
from statemodel.testing.report import Finding, Known, Report, tallied
from statemodel.testing.script import answer
from statemodel.testing.session import POLLS, Session, TroubleError
from statemodel.testing.walk import Seeded, Walker

COVER_CALLS: Final = 10_000
PLAIN_SHARE: Final = 0.6
EXAMPLES: Final = 60
REPLAYS: Final = 200
FINDINGS: Final = 5
STEPS: Final = 40

Progress = Callable[[str, int, int], None]


@attrs.frozen
class Settings:
    """How thorough a run is.

    Attributes:
        seed: fixes everything that is drawn.
        examples: random walks.
        patience: polls, or with a clock 72 advanced seconds each, that a working state may last.
        cover_calls: greatest number of calls of the deterministic cover, contexts included.
        replays: how often the client may be reset to shorten one finding's script.
        findings: how many different findings are enough.
        known: deviations that are put up with.
        is_slow: whether calls are dear, so that nothing is spent on shorter random walks.
    """

    seed: int = 0
    examples: int = EXAMPLES
    patience: int = POLLS
    cover_calls: int = COVER_CALLS
    replays: int = REPLAYS
    findings: int = FINDINGS
    known: tuple[Known, ...] = ()
    is_slow: bool = False


def make_session(system: System, link: Link, *, patience: int = POLLS) -> Session:
    """A client with its judge, from an absent start; who steers its environment promises to leave it alone."""
    environment = "recorded" if "environment" in link.abilities else "open"
    watching: Monitor = monitor(system, start="absent", environment=environment)
    return Session(link, Judge(watching, Covered()), patience=patience)


def make_chart(
    system: System, link: Link, progress: Callable[[int], None] | None = None, *, versions: int = 1
) -> Chart:
    """What there is to cover with a client of these abilities; with several versions without names and environment."""
    names = [name for name in system.operations if name in link.abilities]
    if versions > 1:
        names = [
            name
            for name in names
            if all(one.subject is not Subject.ALIAS for one in system.operations[name].parameters)
        ]
    return Chart(
        system,
        frozenset(names),
        sendable(link.abilities),
        has_environment="environment" in link.abilities and versions == 1,
        scope=attrs.evolve(ONE, versions=versions),
        progress=progress,
    )


def useful(system: System) -> frozenset[str]:
    """The abilities that make a difference with a model."""
    parameters = [one for operation in system.operations.values() for one in operation.parameters]
    fields = [field.name for operation in system.operations.values() for field in operation.fields]
    initiators = {event.initiator for event in system.service.events}
    subjects = {one.subject for one in parameters}
    found = {
        "clock": Initiator.SERVICE in initiators,
        "outcome": Initiator.SERVICE in initiators,
        "environment": Initiator.ENVIRONMENT in initiators,
        "content": Subject.CONTENT in subjects or "content" in fields,
        "parameters": bool(subjects & {Subject.VALUE, Subject.FLAG}),
        "paging": any(one.listing is not None and one.listing.paging for one in system.operations.values()),
        "publish": any(one.name in ("Publish", "publish") for one in parameters),
    }
    return frozenset(ability for ability, is_useful in found.items() if is_useful)


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
        self.chart = make_chart(self.system, link, self._tells("chart"))
        self.findings: list[Finding] = []
        self.known: list[tuple[Finding, Known]] = []
        self.met: Counter[str] = Counter()
        self.told: dict[str, str] = {}
        self.contexts: dict[Goal, None] = {}
        self.open_ended = 0
        self.examples = 0
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

    def cover(self) -> None:
        """Walk over the chart until nothing is left that can be hoped for; then through contexts, with two versions."""
        left = self.settings.cover_calls
        left -= self._covered("cover", self.chart, self.chart.goals, round(left * PLAIN_SHARE))
        wide = make_chart(self.system, self.link, versions=2)
        left -= self._covered("contexts", wide, wide.contexts(), left // 2)
        self._covered("contexts", self.chart, self.chart.contexts(), left)
        self.contexts.update(dict.fromkeys((*wide.contexts(), *self.chart.contexts())))

    def _covered(self, phase: str, chart: Chart, goals: tuple[Goal, ...], budget: int) -> int:
        """Walk over a chart; the calls that took, without those of replays."""
        tell = self.progress
        walks = Cover(
            self.session,
            chart,
            goals=goals,
            budget=budget,
            enough=self._has_enough,
            meet=lambda found: self.take(found, phase),
            progress=None if tell is None else lambda done, of: tell(phase, done, of),
        )
        walks.run()
        return walks.calls

    def random(self) -> None:
        """Walk at random."""
        for number in range(self.settings.examples):
            if self._has_enough():
                return
            self.examples += 1
            self.session.reset()
            try:
                Walker(self.session, Seeded(f"{self.settings.seed}:{number}")).walk(STEPS)
            except TroubleError as error:
                self.take(Found(error.trouble, tuple(self.session.script)), "random")
            if self.progress is not None:
                self.progress("random", number + 1, self.settings.examples)

    def _has_enough(self) -> bool:
        return len(self.findings) >= self.settings.findings

    def report(self) -> Report:
        """Everything so far, as a value."""
        met = self.session.judge.covered.met
        used = {declared for _, declared in self.known}
        return Report(
            model=self.system.service.name,
            abilities=tuple(sorted(self.link.abilities)),
            beyond=self.link.beyond,
            findings=tuple(attrs.evolve(one, times=max(self.met[one.name], 1)) for one in self.findings),
            known=tuple((attrs.evolve(one, times=max(self.met[one.name], 1)), by) for one, by in self.known),
            gone=tuple(one for one in self.settings.known if one not in used) if not self._has_enough() else (),
            tallies=tallied((*self.chart.goals, *self.contexts), met),
            not_run=tuple(self._not_run()),
            never_shown=tuple(self._never_shown()),
            unsupported=tuple(sorted(self.session.unsupported)),
            calls=self.link.calls,
            examples=self.examples,
            throttled=self.session.throttled,
            open_ended=self.open_ended,
            seed=self.settings.seed,
            seconds=time.monotonic() - self._began,
            is_complete=not self._has_enough(),
        )

    def _not_run(self) -> Iterable[str]:
        for ability in ABILITIES:
            if ability not in self.link.abilities and ability in useful(self.system):
                yield f"cases that need {ability}"
        for name in self.system.operations:
            if name not in self.link.abilities:
                yield f"calls of {name}"

    def _never_shown(self) -> Iterable[str]:
        for name, operation in self.system.operations.items():
            if name in self.session.accepted:
                shown = self.session.shown.get(name, set())
                fields = [field.name for field in operation.fields]
                if operation.listing is not None:
                    fields.append(operation.listing.name)
                yield from (f"{name}.{field}" for field in fields if field not in shown)


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
        if not run.findings:
            run.random()
        return run.report()


__all__ = ["Finding", "Report", "Run", "Sequence", "Settings", "conformance", "make_chart", "make_session"]
