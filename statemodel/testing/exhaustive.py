"""Exhaustive lockstep as a run with a report: every script within a bound, the shortest that shows something first."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from statemodel.errors import AdapterError
from statemodel.model.service import Model
from statemodel.semantics import prepare
from statemodel.testing.abilities import useful
from statemodel.testing.adapter import ABILITIES, TIMEOUT_S, Link, open_link
from statemodel.testing.findings import finding, name_of, where_of
from statemodel.testing.forking import Forked, Maker, Replayed
from statemodel.testing.lockstep import DEPTH, Lockstep, Search
from statemodel.testing.replays import replay
from statemodel.testing.report import Finding, Known, Report
from statemodel.testing.script import Step, answer
from statemodel.testing.session import Trouble, make_session
from statemodel.testing.suite import Progress, Settings

BUDGET: Final = 50_000
NEEDED: Final = ("clock", "outcome")

Script = tuple[Step, ...]


class Told:
    """Findings of what a search meets, each with its script done again by the client.

    Args:
        model: what the client should behave like.
        link: the client.
        maker: what made it; one that is copied is copied before it is reset.
        settings: patience, and what is known.
    """

    def __init__(self, model: Model, link: Link, maker: Maker, settings: Settings) -> None:
        self.session = make_session(prepare(model), link, patience=settings.patience)
        self.maker = maker
        self.settings = settings
        self.known: dict[str, tuple[Finding, Known]] = {}

    def is_known(self, trouble: Trouble, script: Script) -> bool:
        """Whether trouble is a deviation that is declared."""
        if not self.settings.known:
            return False
        again = self._again(script) or trouble
        name, where = name_of(self.session, again), where_of(self.session, again)
        declared = next((one for one in self.settings.known if one.covers(name, where)), None)
        if declared is not None and name not in self.known:
            self.known[name] = self.finding(trouble, script), declared
        return declared is not None

    def finding(self, trouble: Trouble, script: Script) -> Finding:
        """What is told of trouble: the script without looks and arguments that it does not take."""
        again = self._again(script)
        if again is None or again.code != trouble.code:
            said = "nothing" if trouble.step.reply is None else answer(trouble.step.reply)
            return Finding(
                trouble.code,
                f"{trouble.code}:{trouble.step.what}",
                (),
                trouble.resource,
                script,
                f"{trouble.step.what}: {said}",
                reason=trouble.reason,
                phase="lockstep",
                is_reproduced=False,
            )
        done = tuple(self.session.script)
        return finding(self.session, again, done, phase="lockstep", replays=self.settings.replays)

    def _again(self, script: Script) -> Trouble | None:
        """Do a script again from a reset."""
        if (held := self.maker.held) is not None:
            held.client = held.client.copy()
        return replay(self.session, script)


def exhaustive(
    model: Model,
    factory: Callable[[], Any],
    *,
    depth: int = DEPTH,
    budget: int = BUDGET,
    settings: Settings | None = None,
    timeout_s: float | None = TIMEOUT_S,
    progress: Progress | None = None,
) -> Report:
    """Whether any script within a bound is answered by a client as no conforming one does.

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once. One with `fingerprint()` and `copy()`, neither of them
            async, is copied in every state; any other is reset and led there again.
        depth: greatest number of calls, waits and events of a script.
        budget: greatest number of calls of the client, and of answers to judge.
        settings: replays, patience and what is known count.
        timeout_s: how long anything awaited may take.
        progress: called with (phase, done, of how much).

    Returns:
        What was found, and how far everything was seen.

    Raises:
        AdapterError: the adapter itself fails, or lacks what a search needs.
    """
    system = prepare(model)
    settings = settings or Settings()
    maker = Maker(factory)
    with open_link(maker, tuple(system.operations), timeout_s=timeout_s) as link:
        needed = useful(system)
        _check(link.abilities, needed)
        told = Told(model, link, maker, settings)
        search = Search(system, link.abilities)
        found = search.run(
            Forked(link, maker.held) if maker.held is not None else Replayed(link),
            depth=depth,
            budget=budget,
            calls=budget,
            passes=told.is_known,
            tell=_telling(progress, budget),
        )
        calls = link.calls
        findings = () if found.trouble is None else (told.finding(found.trouble, found.script),)
        lacking = (one for one in ABILITIES if one in needed - link.abilities)
        return Report(
            model=system.service.name,
            abilities=tuple(sorted(link.abilities)),
            beyond=link.beyond,
            findings=findings,
            known=tuple(told.known.values()),
            not_run=(*(f"cases that need {one}" for one in lacking), *found.left_out),
            calls=calls,
            seed=settings.seed,
            seconds=found.seconds,
            is_complete=not (findings or found.is_cut),
            searched=found,
        )


def _check(abilities: Iterable[str], needed: frozenset[str]) -> None:
    """Refuse a client of which a search would see next to nothing."""
    missing = [one for one in NEEDED if one in needed and one not in abilities]
    if missing:
        raise AdapterError(
            "to be searched exhaustively",
            f"the client has not the {'ability' if len(missing) == 1 else 'abilities'} {' and '.join(missing)}",
            "one that lets time pass (clock) and lets the next hidden move end as it is told (outcome)",
            "give the adapter advance(seconds) and outcome(event), or run the suite without --lockstep",
        )


def _telling(progress: Progress | None, budget: int) -> Callable[[int, int], object]:
    if progress is None:
        return lambda _depth, _checks: None
    tell = progress
    return lambda depth, checks: tell(f"lockstep, {depth + 1} deep", min(checks, budget), budget)


__all__ = ["BUDGET", "DEPTH", "Lockstep", "exhaustive"]
