"""Proof by exhaustion: every invariant of a model, on every configuration up to a number of versions.

An invariant is proved on the parts it speaks of; what the parts left out would refuse, and what guards would see of
them, is open there, so that everything the whole service can do is covered. Goals (sometimes) and debts (leads to) need
the parts they name to be enough by themselves.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any

import attrs

from statemodel.configuration import Configuration
from statemodel.counting import Counting, is_countable
from statemodel.explore import Explorer, Passage
from statemodel.look import Look
from statemodel.model.data import spell
from statemodel.model.service import Claim, Invariant, Model, Service, as_service
from statemodel.semantics import System, prepare
from statemodel.unfold import Scope, begun

FEW = 3


@attrs.frozen
class Proof:
    """What came of one invariant.

    Attributes:
        invariant: the statement.
        holds: whether it was proved.
        path: a shortest run of real steps that breaks it, or that reaches the goal of a `sometimes`.
        replay: the same run as records, calls with arguments and events by name.
        configurations: how many were visited, versions merged.
        passages: the same run as edges of the model it was proved on, see `settled`.
    """

    invariant: Invariant
    holds: bool
    path: tuple[str, ...] = ()
    replay: tuple[dict[str, Any], ...] = ()
    configurations: int = 0
    passages: tuple[Passage, ...] = ()

    def document(self) -> dict[str, Any]:
        """The proof as plain data."""
        return {
            "invariant": self.invariant.name,
            "claim": str(self.invariant.claim),
            "holds": self.holds,
            "about": list(self.invariant.about),
            "under": [str(choice) for choice in self.invariant.under],
            "configurations": self.configurations,
            "path": list(self.path),
            "replay": list(self.replay),
        }


@attrs.frozen
class Verification:
    """What came of a model.

    Attributes:
        model: its name.
        versions: greatest number of versions at one time.
        configurations, moves: visited, versions merged, over all groups of parts.
        seconds: how long it took.
        parts: the parts of the model.
        proofs: one for each invariant.
    """

    model: str
    versions: int
    configurations: int
    moves: int
    seconds: float
    parts: tuple[str, ...]
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Whether everything was proved."""
        return all(proof.holds for proof in self.proofs)

    def document(self) -> dict[str, Any]:
        """The result as plain data, without the time it took."""
        return {
            "model": self.model,
            "versions": self.versions,
            "configurations": self.configurations,
            "moves": self.moves,
            "parts": list(self.parts),
            "holds": self.holds,
            "proofs": [proof.document() for proof in self.proofs],
        }

    def text(self) -> str:
        """The result for people."""
        head = (
            f"{self.model}: {self.configurations} configurations, {self.moves} moves, up to {self.versions} versions, "
            f"{self.seconds:.1f} s"
        )
        lines = [head]
        for proof in self.proofs:
            under = f" (under {', '.join(map(str, proof.invariant.under))})" if proof.invariant.under else ""
            lines.append(f"  {'✓' if proof.holds else '✗'} {proof.invariant.claim}: {proof.invariant.name}{under}")
            if not proof.holds:
                lines.append(f"    {_reason(proof)}")
                lines.extend(f"    {number}. {line}" for number, line in enumerate(proof.path, 1))
        return "\n".join(lines)


def _reason(proof: Proof) -> str:
    if proof.invariant.claim is Claim.SOMETIMES:
        return "it was never reached"
    return "a shortest run that breaks it:" if proof.path else "it does not hold at the very beginning"


def verify(model: Model, *, versions: int = 2, progress: Callable[[int], None] | None = None) -> Verification:
    """Check every invariant of a model, or only explore it if it has none.

    Args:
        model: a graph or a service.
        versions: greatest number of versions at one time, at least 1.
        progress: called now and then with the number of configurations visited.
    """
    service = as_service(model)
    begun = time.perf_counter()
    groups: dict[tuple[Any, ...], list[Invariant]] = {}
    for invariant in service.invariants:
        needed = max(min(versions, FEW) if invariant.is_exact else versions, invariant.versions)
        groups.setdefault((invariant.about, invariant.under, needed), []).append(invariant)
    if not groups:
        groups[tuple(graph.part for graph in service.parts), (), versions] = []
    proofs: dict[Invariant, Proof] = {}
    configurations = moves = 0
    for (about, under, needed), invariants in groups.items():
        run = _Run(settled(service, about, under), needed, invariants)
        run.go(progress)
        configurations += len(run.space.parents)
        moves += run.space.passages
        proofs.update(run.proofs())
    parts = tuple(graph.part for graph in service.parts)
    found = tuple(proofs[invariant] for invariant in service.invariants)
    return Verification(service.name, versions, configurations, moves, time.perf_counter() - begun, parts, found)


def settled(service: Service, about: tuple[str, ...], under: tuple[Any, ...]) -> Service:
    """What an invariant is proved on: the parts it speaks of, with policies set as it asks."""
    part = service if set(about) == {graph.part for graph in service.parts} else service.restricted(*about)
    known = {policy.name for policy in part.policies}
    return part.with_policies(**{choice.policy: choice.option for choice in under if choice.policy in known})


class _Run:
    """One exploration, and all the invariants that are watched on it."""

    def __init__(self, service: Service, versions: int, invariants: list[Invariant], *, is_exact: bool = False) -> None:
        self.system = prepare(service)
        self.service = service
        self.versions = versions
        self.is_exact = is_exact
        self.space: Any = Explorer(self.system, versions, is_exact=is_exact)
        if versions > FEW and not is_exact and is_countable(self.system):
            self.space = Counting(self.system, versions)
        self.invariants = invariants
        self.watched = [one for one in invariants if one.claim in (Claim.ALWAYS, Claim.SOMETIMES)]
        self.steps = [one for one in invariants if one.claim is Claim.STEP]
        self.broken: dict[Invariant, tuple[Hashable, Passage | None]] = {}
        self.reached: dict[Invariant, tuple[Hashable, Passage | None]] = {}
        self.looked: dict[Hashable, Look] = {}
        self.owed: dict[Hashable, list[Passage]] = {}

    def go(self, progress: Callable[[int], None] | None) -> None:
        self.space.run(self._see, progress, self._arrive)

    def _arrive(self, here: Hashable, configuration: Configuration) -> None:
        look = self.looked[configuration] = Look(self.system, configuration)
        for invariant in self.watched:
            if invariant.claim is Claim.ALWAYS and invariant not in self.broken and not invariant.test(look):
                self.broken[invariant] = (here, None)
            elif invariant.claim is Claim.SOMETIMES and invariant not in self.reached and invariant.test(look):
                self.reached[invariant] = (here, None)

    def _see(self, here: Hashable, passage: Passage) -> bool:
        before = self.looked[passage.before]
        after = before if passage.after is passage.before else Look(self.system, passage.after)
        for invariant in self.steps:
            if not invariant.test(before, after, passage.happening):
                self.broken[invariant] = (here, passage)
                self.steps = [one for one in self.steps if one is not invariant]
        if not passage.happening.is_call and passage.happening.initiator == "service":
            self.owed.setdefault(passage.before, []).append(passage)
        return False

    def proofs(self) -> dict[Invariant, Proof]:
        """What came of each invariant."""
        for invariant in self.invariants:
            if invariant.claim is Claim.LEADS_TO:
                self._debts(invariant)
        return {invariant: self._proof(invariant) for invariant in self.invariants}

    def _debts(self, invariant: Invariant) -> None:
        """From every configuration, moves of the service alone must be able to reach one that passes the test."""
        merge: Callable[[Any], Hashable] = (
            self.space.canonical if isinstance(self.space, Explorer) else self.space.counted
        )
        ways: dict[Hashable, set[Hashable]] = {}
        fine: set[Hashable] = set()
        where: dict[Hashable, Hashable] = {}
        for configuration, look in self.looked.items():
            here = merge(configuration)
            where[here] = configuration
            if invariant.test(look):
                fine.add(here)
            for passage in self.owed.get(configuration, ()):
                ways.setdefault(merge(passage.after), set()).add(here)
        frontier = list(fine)
        while frontier:
            for before in ways.get(frontier.pop(), ()):
                if before not in fine:
                    fine.add(before)
                    frontier.append(before)
        for here in self.space.parents:
            if here in where and here not in fine:
                self.broken[invariant] = (here, None)
                return

    def _is_real(self, invariant: Invariant, path: list[Passage]) -> bool:
        """Whether the run breaks it as it really is; one put together from merged configurations may not."""
        if invariant.claim is Claim.LEADS_TO:
            return True
        return not _held_at_end(invariant, self.system, path, begun(self.system, Scope()))

    def _proof(self, invariant: Invariant) -> Proof:
        wanted = self.reached if invariant.claim is Claim.SOMETIMES else self.broken
        holds = (invariant in wanted) is (invariant.claim is Claim.SOMETIMES)
        path: list[Passage] = []
        if invariant in wanted:
            here, passage = wanted[invariant]
            path = self.space.path(here)
            if passage is not None:
                path = self.space.then(path, here, passage)
            if not holds and not self.is_exact and not self._is_real(invariant, path):
                again = _Run(self.service, min(self.versions, FEW), [invariant], is_exact=True)
                again.go(None)
                return again.proofs()[invariant]
        lines = tuple(f"{one.line} → {Look(self.system, one.after).words()}" for one in path)
        return Proof(invariant, holds, lines, tuple(map(_record, path)), len(self.space.parents), tuple(path))


def _held_at_end(invariant: Invariant, system: System, path: list[Passage], start: Configuration) -> bool:
    last = Look(system, path[-1].after if path else start)
    if invariant.claim is Claim.STEP:
        return bool(path) and invariant.test(Look(system, path[-1].before), last, path[-1].happening)
    return invariant.test(last)


def _record(passage: Passage) -> dict[str, Any]:
    """One step as data that can be replayed."""
    happening = passage.happening
    if not happening.is_call:
        return {"event": happening.name}
    args = {name: _sent(name, value) for name, value in happening.args if isinstance(value, str | int | float | bool)}
    return {"op": happening.name, "args": args, "accepted": happening.is_accepted}


def _sent(name: str, value: Any) -> Any:
    """An argument as a caller sends it: numbers of versions as text."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and name != "content"
    return spell(value) if is_number else value
