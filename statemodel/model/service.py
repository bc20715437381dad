"""Several graphs as one service, its invariants, and the model of a part seen alone."""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

import attrs

from statemodel.model.evidence import Choice, Policy, Support
from statemodel.model.graph import Event, Row, TransitionGraph
from statemodel.model.operation import Operation


class Claim(StrEnum):
    """What kind of statement an invariant makes."""

    ALWAYS = "always"
    STEP = "step"
    SOMETIMES = "sometimes"
    LEADS_TO = "leads to"


@attrs.frozen
class Invariant:
    """A statement about every run of a service.

    Attributes:
        name: the statement in words.
        claim: always (test of one configuration), step (test of the sides of a transition), sometimes (a
            configuration that must be reachable) or leads to (from everywhere, moves of the service reach one that
            passes the test).
        test: view -> bool; for step: (before, after, move) -> bool.
        about: the parts it speaks of; it is proved on these and the parts that can influence them.
        under: policies that are set while it is proved.
        versions: least number of versions it takes; fewer are not tried.
        is_exact: whether it speaks of the numbers themselves, so that versions cannot just be counted.
        evidence: who says so, where it is more than a consequence.
    """

    name: str
    claim: Claim
    test: Callable[..., bool]
    about: tuple[str, ...]
    under: tuple[Choice, ...] = ()
    versions: int = 1
    is_exact: bool = False
    evidence: Support = ()


@attrs.frozen
class Service:
    """Several graphs that move together: operations they share are accepted by all that are concerned, or by none.

    Attributes:
        name: such as "scf".
        doc: what it is.
        parts: the graphs, the very objects that are models of their own.
        invariants: what is claimed of it.
        around: graphs that are left out when a part is seen alone; they may refuse an operation they share, and what
            they know is open.
        compares_content: whether what the service does can depend on two contents being the same.
        skip_codes: codes, or beginnings of codes that end in "*", of throttling, authentication and internal errors.
    """

    name: str
    doc: str
    parts: tuple[TransitionGraph, ...]
    invariants: tuple[Invariant, ...] = ()
    around: tuple[TransitionGraph, ...] = ()
    skip_codes: tuple[str, ...] = ()
    compares_content: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        from statemodel.model.checks import check_service

        check_service(self)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every open point of its parts, once."""
        return tuple(dict.fromkeys(policy for graph in self.parts for policy in graph.policies))

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation of its parts, in order of first mention."""
        found: dict[str, Operation] = {}
        for graph in self.parts:
            for operation in graph.operations:
                found.setdefault(operation.name, operation)
        return tuple(found.values())

    @property
    def events(self) -> tuple[Event, ...]:
        """Every hidden event of its parts, in order of first mention."""
        return tuple(dict.fromkeys(event for graph in self.parts for event in graph.events))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row in force in its parts."""
        return tuple(row for graph in self.parts for row in graph.rows)

    def index(self, part: str) -> int | None:
        """Position of a part, or None."""
        return self._positions.get(part)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {graph.part: position for position, graph in enumerate(self.parts)}

    def with_policies(self, **options: str) -> "Service":
        """The same service with other options chosen in every part that knows the policy.

        Raises:
            UsageError: no part has such a policy, or the policy no such option.
        """
        from statemodel.model.checks import check_options

        check_options(self.policies, options)

        def settle(graph: TransitionGraph) -> TransitionGraph:
            own = {policy.name for policy in graph.policies}
            return graph.with_policies(**{name: option for name, option in options.items() if name in own})

        return attrs.evolve(self, parts=tuple(map(settle, self.parts)), around=tuple(map(settle, self.around)))

    def restricted(self, *names: str) -> "Service":
        """The service made of these parts only, with the others left around it."""
        inside = tuple(graph for graph in self.parts if graph.part in names)
        outside = tuple(graph for graph in self.parts if graph.part not in names)
        return attrs.evolve(self, parts=inside, around=(*self.around, *outside), invariants=())


Model = TransitionGraph | Service


def alone(graph: TransitionGraph, whole: Service | None = None) -> Service:
    """A graph as a service of its own; `whole` tells which graphs would stand around it."""
    around = tuple(other for other in whole.parts if other is not graph) if whole else ()
    return Service(graph.name, graph.doc, (graph,), (), around, whole.skip_codes if whole else ())


def as_service(model: Model) -> Service:
    """Any model as a service."""
    return alone(model) if isinstance(model, TransitionGraph) else model
