"""A diagram as Mermaid, which draws only one of several arrows between two states: all labels share it."""

from collections.abc import Iterable, Iterator

from statemodel.drawing.dot import NODES, WORDS, by_pair, identifiers, laid_out, spoken, wrapped
from statemodel.drawing.losses import lost
from statemodel.drawing.outline import Arrow, Cluster, Diagram, Modality, Node, Role
from statemodel.model.graph import Initiator, Kind

WIDTH = 22
SPECIAL = '#;:"<>{}%|\\`*$&~'
RESERVED = (
    "state", "note", "end", "class", "classdef", "style", "direction", "default", "as", "left", "right", "of", "fork",
    "join", "choice", "click", "href", "hide", "empty", "description", "scale", "root", "tb", "bt", "lr", "rl",
    "legend", "statediagram", "acctitle", "accdescr",
)  # fmt: skip
STROKES: dict[Kind | Role, str] = {
    Kind.ABSENT: "stroke-dasharray:5 3",
    Kind.WORKING: "stroke-width:1px",
    Kind.RESTING: "stroke-width:3px",
    Kind.FAILED: "stroke-width:3px",
    Role.SEVERAL: "stroke-dasharray:1 4",
    Role.PART: "font-weight:bold",
    Role.SHARED: "stroke-width:1px",
}


def to_mermaid(diagram: Diagram) -> str:
    """The diagram as Mermaid text of the type stateDiagram-v2."""
    plain = identifiers(diagram, RESERVED)
    lines = [
        "stateDiagram-v2",
        f"  accTitle: {_line(diagram.title)}",
        f"  accDescr: {_line(diagram.alt)}",
        *(f"  %% Left out: {_line(each)}" for each in lost(diagram, "mermaid")),
        f"  direction {'LR' if diagram.clusters else 'TB'}",
        *(f"  classDef is_{kind} {_style(kind)}" for kind in diagram.kinds),
        *_legend(diagram),
        *_body(diagram, plain),
        *(f"  class {_members(diagram, plain, kind)} is_{kind}" for kind in diagram.kinds),
    ]
    return "\n".join(lines) + "\n"


def _body(diagram: Diagram, plain: dict[str, str]) -> Iterator[str]:
    nodes = {node.id: node for node in diagram.nodes}
    inside = {name: cluster for cluster in diagram.clusters for name in cluster.nodes}
    for cluster in diagram.clusters:
        yield f'  state "{_escaped(cluster.label)}" as {_cluster_name(cluster)} {{'
        yield "    direction TB"
        own = [arrow for arrow in diagram.arrows if inside[arrow.source] is cluster]
        yield from (f"  {line}" for line in _machine([nodes[name] for name in cluster.nodes], own, plain))
        yield "  }"
    loose = [node for node in diagram.nodes if node.id not in inside]
    yield from _machine(loose, [arrow for arrow in diagram.arrows if arrow.source not in inside], plain)


def _cluster_name(cluster: Cluster) -> str:
    return "in_" + "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in cluster.id)


def _machine(nodes: Iterable[Node], arrows: Iterable[Arrow], plain: dict[str, str]) -> Iterator[str]:
    for node in nodes:
        yield f'  state "{_label(node)}" as {plain[node.id]}'
        if node.is_initial:
            yield f"  [*] --> {plain[node.id]}"
    for (source, target), bundle in by_pair(arrows).items():
        lines = [line for arrow in bundle for pieces in spoken(arrow) for line in laid_out(pieces, WIDTH)]
        label = f": {'<br/>'.join(map(_escaped, lines))}" if lines else ""
        yield f"  {plain[source]} --> {plain[target]}{label}"


def _label(node: Node) -> str:
    lines = [line for part in node.label.splitlines() for line in wrapped(part, WIDTH)]
    if node.reads:
        lines.append(f"(reads {node.reads})")
    return "<br/>".join(map(_escaped, lines))


def _legend(diagram: Diagram) -> Iterator[str]:
    """A box of its own that says what colours and markers mean; calls have no marker."""
    lines = [f"{line}: {WORDS[line]}" for line in diagram.lines if line in Initiator and line is not Initiator.CALLER]
    lines = ["no marker: by a call", *lines, *([WORDS[Modality.MAY]] if diagram.is_open else [])]
    yield '  state "Legend" as legend {'
    yield f'    state "{"<br/>".join(map(_escaped, lines))}" as legend_arrows'
    for kind in diagram.kinds:
        yield f'    state "{_escaped(WORDS[kind])}" as legend_{kind}'
    yield "  }"


def _style(kind: Kind | Role) -> str:
    look = NODES[kind]
    return f"fill:{look['fillcolor']},stroke:{look['color']},color:{look['fontcolor']},{STROKES[kind]}"


def _members(diagram: Diagram, plain: dict[str, str], kind: Kind | Role) -> str:
    return ",".join((f"legend_{kind}", *(plain[node.id] for node in diagram.nodes if node.kind is kind)))


def _line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Every character that means something to Mermaid, as its number."""
    return "".join(f"#{ord(letter)};" if letter in SPECIAL else letter for letter in text)
