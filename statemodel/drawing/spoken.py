"""A diagram as an outline in words, for those who hear it: nested lists, and no sign that stands for a word."""

from collections.abc import Iterable, Iterator

from statemodel.drawing.dot import WORDS
from statemodel.drawing.losses import lost
from statemodel.drawing.outline import Arrow, Diagram, Label, Link, Modality, Node, Role
from statemodel.model.guard import clause


def to_outline(diagram: Diagram) -> str:
    """The diagram as nested lists, which are Markdown too: every node with every arrow that leaves it."""
    nodes = {node.id: node for node in diagram.nodes}
    inside = {name for cluster in diagram.clusters for name in cluster.nodes}
    lines = [diagram.alt, ""]
    for cluster in diagram.clusters:
        lines += [f"{cluster.label}:", ""]
        lines += [line for name in cluster.nodes for line in _node(diagram, nodes, nodes[name])]
        lines.append("")
    lines += [line for node in diagram.nodes if node.id not in inside for line in _node(diagram, nodes, node)]
    return "\n".join((*lines, *([""] if lines[-1] else []), f"Left out: {'; '.join(lost(diagram, 'outline'))}.")) + "\n"


def _node(diagram: Diagram, nodes: dict[str, Node], node: Node) -> Iterator[str]:
    name = ", ".join(node.label.splitlines())
    said = name if node.kind is Role.SEVERAL else f"{name} ({WORDS[node.kind]})"
    reads = f", reads {node.reads}" if node.reads else ""
    begins = ", where it begins" if node.is_initial else ""
    yield f"- {_plain(said)}{reads}{begins}." + (f" {_plain(node.doc)}" if node.doc else "")
    for arrow in diagram.arrows:
        if arrow.source == node.id:
            yield from (f"  - {_plain(line)}" for line in _arrow(arrow, nodes))


def _arrow(arrow: Arrow, nodes: dict[str, Node]) -> Iterable[str]:
    target = ", ".join(nodes[arrow.target].label.splitlines())
    where = "it stays" if arrow.source == arrow.target else f"to {target}"
    if arrow.initiator in Link:
        verb = WORDS[arrow.initiator]
        yield from (f"{verb} {target}: {', '.join(label.events)}" for label in arrow.labels)
        if not arrow.labels:
            yield f"{verb} {target}"
        return
    for label in arrow.labels:
        yield f"{WORDS[arrow.initiator]}: {', '.join(label.events)}; {where}{_conditions(arrow, label)}"


def _conditions(arrow: Arrow, label: Label) -> str:
    told = [clause(label.guard)] if label.guard else []
    told += [f"then {label.effect}"] if label.effect else []
    if label.point or arrow.modality is Modality.MAY:
        told.append(f"open, {label.point}" if label.point else "open")
    return "".join(f"; {each}" for each in told)


def _plain(text: str) -> str:
    """Text in which nothing means something to Markdown."""
    for mark in "\\*_<>[]`$":
        text = text.replace(mark, f"\\{mark}")
    return text
