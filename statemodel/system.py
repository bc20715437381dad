"""A model made ready to run: its rows by part, state and event. Says nothing of what they mean."""

from collections.abc import Mapping

import attrs

from statemodel.model.graph import ABSENT, Event, Kind, Refusal, Row, Transition, TransitionGraph
from statemodel.model.operation import Operation
from statemodel.model.service import Model, Service, as_service


@attrs.frozen(eq=False)
class System:
    """A model made ready to run: rows by part, state and event.

    Attributes:
        service: the model.
        parts: names of the parts, in order.
        cells: (part, state, event) -> rows in force, each with whether it is open.
        operations: by name.
        stirring: by part and state, the hidden events that may move a member there.
        leaders: by event, positions of the parts that start it; followers: of those that go along.
        ends: by event, positions of the families of which it leaves no member.
        outside: by operation, the refusals of parts left out: the family that a call must name to be refused by it, or
            None; and the codes, or None for any.
        events: every hidden event.
        brought: by operation, the events that calls of it bring about.
        kinds: by part, the kind of each state.
    """

    service: Service
    parts: tuple[str, ...]
    cells: Mapping[tuple[int, str, str], tuple[tuple[Row, bool], ...]]
    stirring: Mapping[tuple[int, str], frozenset[str]]
    operations: Mapping[str, Operation]
    concerned: Mapping[str, tuple[int, ...]]
    leaders: Mapping[str, tuple[int, ...]]
    followers: Mapping[str, tuple[int, ...]]
    ends: Mapping[str, tuple[int, ...]]
    outside: Mapping[str, tuple[tuple[str | None, tuple[str, ...] | None], ...]]
    events: tuple[Event, ...]
    brought: Mapping[str, tuple[Event, ...]]
    kinds: tuple[Mapping[str, Kind], ...]

    def graph(self, position: int) -> TransitionGraph:
        """The graph of a part."""
        return self.service.parts[position]


def prepare(model: Model) -> System:
    """A model made ready to run."""
    service = as_service(model)
    cells: dict[tuple[int, str, str], list[tuple[Row, bool]]] = {}
    concerned: dict[str, list[int]] = {operation.name: [] for operation in service.operations}
    leaders: dict[str, list[int]] = {event.name: [] for event in service.events}
    followers: dict[str, list[int]] = {event.name: [] for event in service.events}
    for position, graph in enumerate(service.parts):
        follows = {event.name for event in graph.follows}
        for operation in graph.operations:
            concerned[operation.name].append(position)
        for event in graph.events:
            (followers if event.name in follows else leaders)[event.name].append(position)
        for row in graph.rows:
            for state in row.source:
                cells.setdefault((position, state, row.event.name), []).append((row, graph.is_open(row)))
    stirring: dict[tuple[int, str], set[str]] = {}
    for position, state, name in cells:
        if name in leaders:
            stirring.setdefault((position, state), set()).add(name)
    return System(
        service,
        tuple(graph.part for graph in service.parts),
        {place: tuple(rows) for place, rows in cells.items()},
        {place: frozenset(names) for place, names in stirring.items()},
        {operation.name: operation for operation in service.operations},
        {name: tuple(positions) for name, positions in concerned.items()},
        {name: tuple(positions) for name, positions in leaders.items()},
        {name: tuple(positions) for name, positions in followers.items()},
        {
            event.name: tuple(place for place, graph in enumerate(service.parts) if _ends(graph, event.name))
            for event in service.events
        },
        _outside(service),
        service.events,
        {
            operation.name: tuple(event for event in service.events if operation.name in event.asked_by)
            for operation in service.operations
        },
        tuple({state.name: state.kind for state in graph.states} for graph in service.parts),
    )


def is_born_unseen(graph: TransitionGraph) -> bool:
    """Whether members come into being without a call, so that there may always be some that nobody has seen."""
    return graph.many is not None and any(
        isinstance(row.event, Event) and ABSENT in row.source and row.target not in (None, ABSENT)
        for row in graph.transitions
    )


def _ends(graph: TransitionGraph, event: str) -> bool:
    """Whether the event takes every member that exists away."""
    if graph.many is None or event not in {one.name for one in graph.follows}:
        return False
    rows = [row for row in graph.rows if row.event.name == event and isinstance(row, Transition)]
    present = {state.name for state in graph.states if state.name != ABSENT}
    taken = {state for row in rows for state in row.source if row.target == ABSENT}
    return taken == present and all(row.target == ABSENT for row in rows)


def _outside(service: Service) -> dict[str, tuple[tuple[str | None, tuple[str, ...] | None], ...]]:
    found: dict[str, list[tuple[str | None, tuple[str, ...] | None]]] = {}
    for graph in service.around:
        for row in graph.rows:
            if isinstance(row, Refusal):
                asked = graph.part if graph.many is not None else None
                found.setdefault(row.operation.name, []).append((asked, row.codes))
    return {name: tuple(dict.fromkeys(refusals)) for name, refusals in found.items()}
