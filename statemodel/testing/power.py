"""The power of the suite, measured: it runs against every mutant, and each that survives is searched for a reason.

A mutant that no script within the bound can tell from a conforming service is equivalent to it: its rows show that
all it does is allowed, or every script was tried. One that a script does tell apart and the suite did not is a
survivor, and the script says what the suite lacks.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from random import Random

import attrs

from statemodel.errors import StateModelError
from statemodel.model.service import Model
from statemodel.registry import model as named_model
from statemodel.semantics import prepare
from statemodel.testing.adapter import open_link
from statemodel.testing.forking import Forked, Held
from statemodel.testing.lockstep import DEPTH, Lockstep, Search
from statemodel.testing.mutants import LIMIT, Mutant, mutants, reference
from statemodel.testing.planted.faulty import Meddler
from statemodel.testing.planted.inclusion import BUDGET as COMPARED
from statemodel.testing.planted.inclusion import Compared, Inclusion
from statemodel.testing.script import Step
from statemodel.testing.suite import Run, Settings

BUDGET = 60_000
WAITS_S = (5.0,)


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"
    UNDECIDED = "undecided"


@attrs.frozen
class Fated:
    """One mutant and what became of it.

    Attributes:
        mutant: which.
        fate: killed by the suite; else equivalent within the bound, survived, or undecided within the budget.
        how: phase and code of the finding that killed it, or what the comparison or the search says.
        calls: operations that the suite called.
        seconds: how long the suite took.
        script: the shortest script that tells a survivor apart.
    """

    mutant: Mutant
    fate: Fate
    how: str
    calls: int
    seconds: float
    script: tuple[Step, ...] = ()


class Bench:
    """The suite and the search, made once for a model, for one mutant after the other.

    Args:
        model: a graph or a service.
        settings: how thorough the suite is; it ends at the first finding and shortens nothing.
        seed: settles what the model leaves open.
        budget: greatest number of answers that one search judges.
    """

    def __init__(self, model: Model, *, settings: Settings | None = None, seed: int = 0, budget: int = BUDGET) -> None:
        self.model = model
        self.system = prepare(model)
        self.budget = budget
        self.seed = seed
        self.settings = attrs.evolve(settings or Settings(), findings=1, replays=0)
        self.held = Held(reference(model, seed=seed))
        self.link = open_link(lambda: self.held, tuple(self.system.operations))
        self.run = Run(model, self.link, self.settings)
        self._searches: dict[tuple[int, bool], Search] = {}
        self._inclusion: Inclusion | None = None

    def close(self) -> None:
        """End everything."""
        self.link.close()

    def fate(self, mutant: Mutant) -> Fated:
        """What becomes of a mutant."""
        began = time.perf_counter()
        how = self.suite(mutant.make())
        calls, seconds = self.link.calls, time.perf_counter() - began
        if how is not None:
            return Fated(mutant, Fate.KILLED, how, calls, seconds)
        if (compared := self.compared(mutant)) is not None and compared.is_proof:
            return Fated(mutant, Fate.EQUIVALENT, str(compared), calls, seconds)
        found = self.search(mutant)
        fate = Fate.SURVIVED if found.trouble else Fate.EQUIVALENT if found.is_proof else Fate.UNDECIDED
        return Fated(mutant, fate, str(found), calls, seconds, found.script)

    def suite(self, client: object) -> str | None:
        """The phase and code of what the suite finds first, or None."""
        self.held.client = client
        run = self.run
        run.clear()
        run.cover()
        run.sweep()
        if not run.findings:
            run.random()
        return f"{run.findings[0].phase} {run.findings[0].code}" if run.findings else None

    def compared(self, mutant: Mutant) -> Compared | None:
        """Whether all that a mutant can do is allowed; None where its fault is not one of rows or of what is shown."""
        made = mutant.make()
        if mutant.kind == LIMIT or type(made.meddler) is not Meddler:
            return None
        if self._inclusion is None:
            self._inclusion = Inclusion(self.system, reference(self.model, seed=self.seed).service.simulator.system)
        return self._inclusion.compare(made.service.simulator.system, budget=min(self.budget, COMPARED))

    def search(self, mutant: Mutant) -> Lockstep:
        """The shortest script that tells a mutant apart: of one resource, and where it takes two, of both."""
        found = self._search(mutant, 1)
        if mutant.resources == 1 or found.trouble is not None:
            return found
        return self._search(mutant, 2)

    def _search(self, mutant: Mutant, resources: int) -> Lockstep:
        is_bold = mutant.kind == LIMIT
        if (resources, is_bold) not in self._searches:
            abilities = self.link.abilities
            contents = 2 if len(self.system.parts) == 1 or resources == 2 else 1
            self._searches[resources, is_bold] = Search(
                self.system, abilities, contents=contents, resources=resources, waits_s=WAITS_S, is_bold=is_bold
            )
        self.held.client = mutant.make()
        client = Forked(self.link, self.held)
        return self._searches[resources, is_bold].run(client, depth=DEPTH, budget=self.budget)


def power(
    model: Model,
    *,
    chosen: Iterable[Mutant] | None = None,
    settings: Settings | None = None,
    seed: int = 0,
    budget: int = BUDGET,
    progress: Callable[[Fated], object] | None = None,
) -> tuple[Fated, ...]:
    """What becomes of the mutants of a model.

    Args:
        model: a graph or a service.
        chosen: mutants of it; all of them where none are given.
        settings: how thorough the suite is.
        seed: settles what the model leaves open.
        budget: greatest number of answers that one search judges.
        progress: called with every mutant and its fate.
    """
    bench = Bench(model, settings=settings, seed=seed, budget=budget)
    found = []
    try:
        for mutant in mutants(model, seed=seed) if chosen is None else chosen:
            found.append(bench.fate(mutant))
            if progress is not None:
                progress(found[-1])
    finally:
        bench.close()
    return tuple(found)


def table(found: Sequence[Fated]) -> list[str]:
    """Fates by kind, one line each, and a line for all."""
    lines = [f"{'kind':32} {'mutants':>7} {'killed':>7} {'equiv.':>7} {'survived':>8} {'undecided':>9} {'s each':>7}"]
    kinds = dict.fromkeys(one.mutant.kind for one in found)
    for name, own in [*((kind, [one for one in found if one.mutant.kind == kind]) for kind in kinds), ("all", found)]:
        counts = {fate: sum(one.fate is fate for one in own) for fate in Fate}
        each = sum(one.seconds for one in own) / max(len(own), 1)
        lines.append(
            f"{name:32} {len(own):>7} {counts[Fate.KILLED]:>7} {counts[Fate.EQUIVALENT]:>7} "
            f"{counts[Fate.SURVIVED]:>8} {counts[Fate.UNDECIDED]:>9} {each:>7.2f}"
        )
    return lines


def sampled(every: Sequence[Mutant], sample: int | None, seed: int) -> list[Mutant]:
    """So many of some mutants, drawn by a seed, in their order; all where there are no more."""
    if sample is None or sample >= len(every):
        return list(every)
    drawn = Random(seed).sample(range(len(every)), sample)  # noqa: S311 - nothing secret
    return [every[place] for place in sorted(drawn)]


def sampled_each(every: Sequence[Mutant], each: int, seed: int) -> list[Mutant]:
    """So many of each kind, drawn by a seed, in their order; all of kinds that have no more."""
    own = {kind: [one for one in every if one.kind == kind] for kind in dict.fromkeys(one.kind for one in every)}
    return [one for number, some in enumerate(own.values()) for one in sampled(some, each, seed + number)]


def main(argv: Sequence[str] | None = None) -> int:
    """Print what becomes of the mutants of a model; return 1 if one survives."""
    parser = argparse.ArgumentParser(prog="python -m statemodel.testing.power", description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--kinds", nargs="+", help="only mutants of these kinds, or beginnings of kinds")
    parser.add_argument("--sample", type=int, help="so many, drawn at random")
    parser.add_argument("--each", type=int, help="so many of each kind, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=int, default=BUDGET, help="answers that one search judges at most")
    asked = parser.parse_args(argv)
    out = sys.stdout
    try:
        model = named_model(asked.model)
    except StateModelError as error:
        parser.error(str(error))
    every = [
        one
        for one in mutants(model, seed=asked.seed)
        if not asked.kinds or any(one.kind.startswith(kind) for kind in asked.kinds)
    ]

    def tell(one: Fated) -> None:
        if one.fate in (Fate.SURVIVED, Fate.UNDECIDED):
            out.write(f"{one.fate}: {one.mutant.name}\n  {one.how}\n")
            out.writelines(f"  {step}\n" for step in one.script)
            out.flush()

    drawn = every if asked.each is None else sampled_each(every, asked.each, asked.seed)
    chosen = sampled(drawn, asked.sample, asked.seed)
    found = power(model, chosen=chosen, seed=asked.seed, budget=asked.budget, progress=tell)
    out.write("\n".join(table(found)) + "\n")
    return 1 if any(one.fate is Fate.SURVIVED for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
