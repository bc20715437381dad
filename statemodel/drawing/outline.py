"""What a drawing of a model shows, as data: nodes, arrows, clusters and words. Must not know any drawing language."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from statemodel.model.graph import Event, Initiator, Kind, Refusal, State, Transition, TransitionGraph
from statemodel.model.guard import condition
from statemodel.model.service import Model, Service

MANY = 5


class Role(StrEnum):
    """What a node is that is no state."""

    SEVERAL = "several"
    PART = "part"
    SHARED = "shared"


class Link(StrEnum):
    """How the parts of a service act on each other."""

    TOGETHER = "together"
    REFUSES = "refuses"
    ASKS = "asks"


class Modality(StrEnum):
    """Whether every conforming service does it."""

    MUST = "must"
    MAY = "may"


LINES = (*Initiator, *Link)
KINDS = (*Kind, *Role)


@attrs.frozen
class Label:
    """What stands at an arrow.

    Attributes:
        events: names of the operations or hidden events.
        guard: the condition, in words.
        effect: what becomes of the data; said only where the state stays.
        point: the open point that it depends on.
        is_open: whether it may happen only.
    """

    events: tuple[str, ...]
    guard: str | None = None
    effect: str | None = None
    point: str | None = None
    is_open: bool = False

    @property
    def pieces(self) -> tuple[str, ...]:
        """The events, the condition, the effect and the open point, as far as there are any."""
        return (
            ", ".join(self.events) + (" ?" if self.is_open and not self.point else ""),
            *([f"[{self.guard}]"] if self.guard else []),
            *([f"/ {self.effect}"] if self.effect else []),
            *([f"? {self.point}"] if self.point else []),
        )


@attrs.frozen
class Node:
    """A state, or something that stands for several states or for a part.

    Attributes:
        id: unique within the diagram.
        label: its name, perhaps in several lines.
        kind: a state's kind, or what else it is.
        doc: one sentence for people.
        reads: what its status reads as, where that is not its name.
        is_initial: whether everything begins here.
        covers: the states it stands for, itself for a state.
    """

    id: str
    label: str
    kind: Kind | Role
    doc: str = ""
    reads: str | None = None
    is_initial: bool = False
    covers: tuple[str, ...] = ()


@attrs.frozen
class Arrow:
    """All that leads from one node to another in one manner."""

    source: str
    target: str
    labels: tuple[Label, ...]
    initiator: Initiator | Link
    modality: Modality = Modality.MUST


@attrs.frozen
class Cluster:
    """Nodes that belong together: the parts as a whole, or the states of one part."""

    id: str
    label: str
    nodes: tuple[str, ...]


@attrs.frozen
class Diagram:
    """Everything a drawing shows, in the order in which it is written; `alt` says it in words."""

    name: str
    title: str
    alt: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    clusters: tuple[Cluster, ...] = ()

    @property
    def kinds(self) -> tuple[Kind | Role, ...]:
        """The kinds of node that occur."""
        return tuple(kind for kind in KINDS if any(node.kind is kind for node in self.nodes))

    @property
    def lines(self) -> tuple[Initiator | Link, ...]:
        """The kinds of line that occur."""
        return tuple(line for line in LINES if any(arrow.initiator is line for arrow in self.arrows))

    @property
    def is_open(self) -> bool:
        """Whether anything drawn may happen only."""
        return any(arrow.modality is Modality.MAY for arrow in self.arrows)


def diagram(model: Model) -> Diagram:
    """The drawing of a model: of a composed service its overview, of anything else its one status machine."""
    if isinstance(model, TransitionGraph):
        return outline(model)
    return outline(model.parts[0]) if len(model.parts) == 1 else overview(model)


def drawings(model: Model) -> dict[str, Diagram]:
    """Every drawing of a model by name: a composed service's overview first, then each part."""
    parts = (model,) if isinstance(model, TransitionGraph) else model.parts
    return {model.name: diagram(model)} | {graph.name: outline(graph) for graph in parts}


# ------------------------------------------------------------------------------------------------- one graph


def outline(graph: TransitionGraph) -> Diagram:
    """The drawing of one status machine."""
    nodes = _nodes(graph)
    points = _points(graph)
    arrows = _bundled((_move(row, source, target, points) for row, source, target in _steps(graph)), nodes)
    return Diagram(graph.name, graph.name, _described(graph), nodes, arrows)


def drawn(graph: TransitionGraph) -> tuple[Transition, ...]:
    """The rows in force that are drawn: hidden moves, and calls that change the state or the data."""
    rows = (row for row in graph.rows if isinstance(row, Transition))
    return tuple(row for row in rows if any(_shows(row, name) for name in row.source))


def _shows(row: Transition, source: str) -> bool:
    return isinstance(row.event, Event) or row.effect is not None or row.target not in (None, source)


def _nodes(graph: TransitionGraph) -> tuple[Node, ...]:
    several = (
        Node(several, _crowd(graph, names), Role.SEVERAL, "Each of them has these arrows.", covers=names)
        for names, several in _crowds(graph).items()
    )
    return (*(_node(graph, state) for state in graph.states), *several)


def _node(graph: TransitionGraph, state: State) -> Node:
    reads = ", ".join(f"{name} {value or 'nothing'}" for name, value in state.fields)
    if not reads and state.kind is not Kind.ABSENT and state.status != state.name:
        reads = state.status or "nothing"
    is_initial = state.name == graph.initial
    return Node(state.name, state.name, state.kind, state.doc, reads or None, is_initial, (state.name,))


def _in_order(graph: TransitionGraph, names: Iterable[str]) -> tuple[str, ...]:
    listed = tuple(names)
    return tuple(state.name for state in graph.states if state.name in listed)


def _crowds(graph: TransitionGraph) -> dict[tuple[str, ...], str]:
    """The id of the node that stands for each set of sources too big for an arrow each."""
    sets = dict.fromkeys(_in_order(graph, row.source) for row in drawn(graph) if len(row.source) >= MANY)
    return {names: f"several {number}" for number, names in enumerate(sets, 1)}


def _crowd(graph: TransitionGraph, names: tuple[str, ...]) -> str:
    others = _in_order(graph, (state.name for state in graph.states if state.name not in names))
    if len(others) >= len(names):
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"every state but {' and '.join(filter(None, (', '.join(others[:-1]), others[-1])))}"
        if others
        else "every state"
    )


def _steps(graph: TransitionGraph) -> Iterator[tuple[Transition, str, str]]:
    crowds = _crowds(graph)
    for row in drawn(graph):
        names = _in_order(graph, row.source)
        if names in crowds:
            yield row, crowds[names], row.target or crowds[names]
            continue
        yield from ((row, source, row.target or source) for source in names if _shows(row, source))


def _points(graph: TransitionGraph) -> dict[str, str]:
    """How to name each open choice: by its policy, with the option where several options of it are drawn."""
    choices = dict.fromkeys(row.under for row in drawn(graph) if row.under and graph.is_open(row))
    policies = [choice.policy for choice in choices]
    return {str(choice): choice.policy if policies.count(choice.policy) == 1 else str(choice) for choice in choices}


def _move(row: Transition, source: str, target: str, points: dict[str, str]) -> Arrow:
    point = points.get(str(row.under)) if row.under else None
    guard = condition(row.guard) if row.guard else None
    effect = row.effect.name if row.effect and source == target else None
    label = Label((row.event.name,), guard, effect, point, point is not None)
    return Arrow(source, target, (label,), row.initiator, Modality.MAY if point else Modality.MUST)


def _bundled(arrows: Iterable[Arrow], nodes: tuple[Node, ...]) -> tuple[Arrow, ...]:
    """One arrow for all that go the same way in the same manner, in the order of the nodes."""
    place = {node.id: position for position, node in enumerate(nodes)}
    bundles: dict[tuple[int, int, int, int], list[Arrow]] = {}
    for arrow in arrows:
        way = place[arrow.source], place[arrow.target]
        manner = LINES.index(arrow.initiator), tuple(Modality).index(arrow.modality)
        bundles.setdefault((*way, *manner), []).append(arrow)
    return tuple(
        attrs.evolve(bundles[key][0], labels=_joined(label for arrow in bundles[key] for label in arrow.labels))
        for key in sorted(bundles)
    )


def _joined(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Labels that differ only in their events become one."""
    found: dict[Label, list[str]] = {}
    for label in labels:
        found.setdefault(attrs.evolve(label, events=()), []).extend(label.events)
    return tuple(attrs.evolve(label, events=tuple(dict.fromkeys(events))) for label, events in found.items())


def _described(graph: TransitionGraph) -> str:
    states = ", ".join(f"{state.name} ({state.kind})" for state in graph.states)
    rows = drawn(graph)
    counts = ", ".join(f"{sum(row.initiator is each for row in rows)} by the {each}" for each in Initiator)
    left = {name for row in rows for name in row.source if row.target not in (None, name)}
    final = [state.name for state in graph.states if state.name not in left]
    return (
        f"State diagram of {graph.name}. {graph.doc} It has {len(graph.states)} states: {states}. It begins in "
        f"{graph.initial}. {len(rows)} moves are drawn: {counts}; {sum(map(graph.is_open, rows))} of them are open. "
        + (f"Final: {', '.join(final)}." if final else "No state is final.")
    )


# ------------------------------------------------------------------------------------------------- a service


def overview(service: Service) -> Diagram:
    """The drawing of a composed service: how its parts act on each other, and the states of each."""
    heads = tuple(
        Node(graph.part, f"{graph.part} (many)" if graph.many else graph.part, Role.PART, graph.doc)
        for graph in service.parts
    )
    insides = tuple(_inside(graph) for graph in service.parts)
    shared = _shared(service)
    nodes = (*shared, *heads, *(node for inside in insides for node in inside.nodes))
    together = (Arrow(node.id, part, (), Link.TOGETHER) for node in shared for part in node.covers)
    within = (arrow for inside in insides for arrow in inside.arrows)
    arrows = _bundled((*together, *_refusing(service), *_asking(service), *within), nodes)
    clusters = (
        Cluster("parts", "How the parts act on each other", tuple(node.id for node in (*shared, *heads))),
        *(
            Cluster(f"{head.id} states", head.label, tuple(node.id for node in inside.nodes))
            for head, inside in zip(heads, insides, strict=True)
        ),
    )
    return Diagram(service.name, service.name, _summed_up(service, arrows, shared), nodes, arrows, clusters)


def _inside(graph: TransitionGraph) -> Diagram:
    """The states of a part and what leads from one to another, without conditions."""
    whole = outline(graph)
    moves = [arrow for arrow in whole.arrows if arrow.source != arrow.target]
    sure = {
        (arrow.source, arrow.target): _events(arrow)
        for arrow in moves
        if arrow.modality is Modality.MUST and arrow.initiator is Initiator.CALLER
    }
    arrows = []
    for arrow in moves:
        is_open = arrow.modality is Modality.MAY
        known = sure.get((arrow.source, arrow.target), ()) if is_open else ()
        events = tuple(name for name in _events(arrow) if name not in known)
        if events:
            label = Label(events, is_open=is_open)
            ends = f"{graph.part}.{arrow.source}", f"{graph.part}.{arrow.target}"
            arrows.append(attrs.evolve(arrow, source=ends[0], target=ends[1], labels=(label,)))
    ends_used = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    nodes = (attrs.evolve(node, id=f"{graph.part}.{node.id}", reads=None) for node in whole.nodes)
    kept = tuple(node for node in nodes if node.kind is not Role.SEVERAL or node.id in ends_used)
    return attrs.evolve(whole, nodes=kept, arrows=tuple(arrows))


def _events(arrow: Arrow) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for label in arrow.labels for name in label.events))


def _movers(service: Service) -> dict[str, tuple[str, ...]]:
    """The parts each operation or event moves."""
    found: dict[str, dict[str, None]] = {}
    for graph in service.parts:
        for row in drawn(graph):
            found.setdefault(row.event.name, {})[graph.part] = None
    return {name: tuple(parts) for name, parts in found.items()}


def _shared(service: Service) -> tuple[Node, ...]:
    sets: dict[tuple[str, ...], list[str]] = {}
    for name, parts in _movers(service).items():
        if len(parts) > 1:
            sets.setdefault(parts, []).append(name)
    return tuple(
        Node(f"together {number}", _listed(service, names), Role.SHARED, f"Moves {' and '.join(parts)}.", covers=parts)
        for number, (parts, names) in enumerate(sets.items(), 1)
    )


def _listed(service: Service, names: Iterable[str]) -> str:
    """Operations in one line, hidden events in another."""
    known = {operation.name for operation in service.operations}
    listed = tuple(names)
    calls = ", ".join(name for name in listed if name in known)
    hidden = ", ".join(name for name in listed if name not in known)
    return "\n".join(filter(None, (calls, hidden and f"hidden: {hidden}")))


def _refusing(service: Service) -> Iterator[Arrow]:
    """What a part that there is only one of refuses, though it is for others and never moves it."""
    movers = _movers(service)
    for graph in service.parts:
        refused = {row.operation.name for row in graph.rows if isinstance(row, Refusal)}
        for operation in graph.operations:
            name = operation.name
            owners = movers.get(name) or _accepting(service, name)
            if name in refused and owners and not graph.many and graph.part not in (*movers.get(name, ()), owners[0]):
                yield Arrow(graph.part, owners[0], (Label((name,)),), Link.REFUSES)


def _accepting(service: Service, name: str) -> tuple[str, ...]:
    return tuple(
        graph.part
        for graph in service.parts
        if any(row.event.name == name for row in graph.rows if isinstance(row, Transition))
    )


def _asking(service: Service) -> Iterator[Arrow]:
    parts = [graph.part for graph in service.parts]
    for graph in service.parts:
        for row in graph.rows:
            for atom in row.guard.atoms() if row.guard else ():
                for other in atom.looks_at:
                    if other in parts:
                        yield Arrow(graph.part, other, (Label((atom.name,)),), Link.ASKS)


def _summed_up(service: Service, arrows: tuple[Arrow, ...], shared: tuple[Node, ...]) -> str:
    parts = ", ".join(f"{graph.part} ({len(graph.states)} states)" for graph in service.parts)
    together = "".join(
        f" {' and '.join(node.covers)} move together by {', '.join(node.label.splitlines())}." for node in shared
    )
    across = "".join(
        f" {arrow.source} {arrow.initiator} {arrow.target}: {', '.join(_events(arrow))}."
        for arrow in arrows
        if arrow.initiator in (Link.REFUSES, Link.ASKS)
    )
    return f"Overview of {service.name}. {service.doc} It has {len(service.parts)} parts: {parts}.{together}{across}"
