"""Every mutant of a fake service: the same service with a single fault, to measure what the suite would notice.

Mutation analysis (DeMillo, Lipton & Sayward, Hints on Test Data Selection, 1978). Points that a model leaves open are
settled first, so that each mutant is one concrete service. Nothing here tells mutants from the model: a mutant may
do what the model allows all the same.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import attrs

from statemodel.model.graph import Initiator, Named, Numbered
from statemodel.model.operation import Action, Operation
from statemodel.model.service import Model
from statemodel.semantics import System
from statemodel.simulator import Simulator
from statemodel.testing.planted import faulty
from statemodel.testing.planted.faulty import Faulty, Meddler
from statemodel.testing.planted.rows import Cells, row_faults
from statemodel.testing.planted.shown import Operations, shown_faults

LIMIT: Final = "limit not enforced"


@attrs.frozen
class Mutant:
    """A service with one fault.

    Attributes:
        kind: what kind of fault; `kinds` of a list of mutants names them all.
        words: where it is.
        make: makes an adapter of it.
        resources: how many resources it takes to see it.
    """

    kind: str
    words: str
    make: Callable[[], Faulty] = attrs.field(eq=False, repr=False)
    resources: int = 1

    @property
    def name(self) -> str:
        """What it is called, the same from run to run."""
        return f"{self.kind}: {self.words}"


def reference(model: Model, *, seed: int = 0) -> Faulty:
    """The service that all mutants of a model are made of, without a fault."""
    return Faulty(Simulator.of(model, seed=seed))


def mutants(model: Model, *, seed: int = 0) -> tuple[Mutant, ...]:
    """Every service with a single fault, in the order of kinds, parts, states and rows.

    Args:
        model: a graph or a service.
        seed: settles what the model leaves open.
    """
    simulator = Simulator.of(model, seed=seed)
    system = simulator.system
    found = [
        Mutant(kind, words, partial(_with_cells, simulator, cells), 2 if "CopyFunction" in words else 1)
        for kind, words, cells in row_faults(system)
    ]
    found.extend(
        Mutant(kind, words, partial(_with_operations, simulator, changed))
        for kind, words, changed in (*shown_faults(system), *_limits(system))
    )
    found.extend(
        Mutant(kind, words, partial(Faulty, simulator, meddler), resources)
        for kind, words, meddler, resources in _meddlers(system)
    )
    return _apart(sorted(found, key=lambda one: one.kind))


def _apart(found: list[Mutant]) -> tuple[Mutant, ...]:
    """The same mutants, those of one name told apart by a number."""
    seen: Counter[str] = Counter()
    named = []
    for one in found:
        seen[one.name] += 1
        times = seen[one.name]
        named.append(one if times == 1 else attrs.evolve(one, words=f"{one.words} ({times})"))
    return tuple(named)


def kinds(every: tuple[Mutant, ...]) -> tuple[str, ...]:
    """The kinds of some mutants, in their order."""
    return tuple(dict.fromkeys(one.kind for one in every))


def _with_cells(simulator: Simulator, cells: Cells) -> Faulty:
    system = simulator.system
    return Faulty(attrs.evolve(simulator, system=attrs.evolve(system, cells={**system.cells, **cells})))


def _with_operations(simulator: Simulator, changed: Operations) -> Faulty:
    system = simulator.system
    operations = {**system.operations, **changed}
    return Faulty(attrs.evolve(simulator, system=attrs.evolve(system, operations=operations)))


def _limits(system: System) -> Iterator[tuple[str, str, Operations]]:
    for name, operation in system.operations.items():
        for parameter in operation.parameters:
            if parameter.is_limited:
                free = attrs.evolve(
                    parameter, values=(), minimum=None, maximum=None, step=None, pattern=None, longest=None
                )
                parameters = tuple(free if one is parameter else one for one in operation.parameters)
                changed = {name: attrs.evolve(operation, parameters=parameters)}
                yield LIMIT, f"{name} {parameter.name}", changed
        for rule in operation.rules:
            rules = tuple(one for one in operation.rules if one is not rule)
            yield LIMIT, f"{name}: {rule.name}", {name: attrs.evolve(operation, rules=rules)}


def _meddlers(system: System) -> Iterator[tuple[str, str, Meddler, int]]:
    for name, operation in system.operations.items():
        if operation.action is Action.CALL and operation.parameter("as") is None and _is_named(operation):
            yield "state leaks between resources", name, faulty.Leaks(name), 2
        if operation.listing is not None:
            yield "list drops an entry", name, faulty.Lists(name, is_double=False), 1
            yield "list doubles an entry", name, faulty.Lists(name, is_double=True), 1
    numbered, named = faulty.families(system, Numbered), faulty.families(system, Named)
    for part in numbered:
        yield "number used again", part, faulty.Renumbers(part), 1
        if len(system.parts) > 1:
            yield "published content follows updates", part, faulty.Follows(part), 1
    for part in named if numbered else []:
        if any(faulty.references_of(system, part, other) for other in numbered):
            yield "name leads where it led first", part, faulty.Sticks(part), 1
    for event in system.events:
        is_shared = any(system.graph(place).is_shared for place in system.leaders[event.name])
        if event.initiator is Initiator.ENVIRONMENT and is_shared and len(system.parts) > 1:
            yield "unfinished job lost", event.name, faulty.Loses(event.name), 1


def _is_named(operation: Operation) -> bool:
    return any(one.subject == "identity" and one.required for one in operation.parameters)
