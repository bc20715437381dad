"""A diagram as PlantUML."""

from collections.abc import Iterable, Iterator

from statemodel.drawing.dot import LINES, NODES, OPEN, WORDS, identifiers, laid_out, spoken, wrapped
from statemodel.drawing.losses import lost
from statemodel.drawing.outline import Arrow, Diagram, Modality, Node, Role
from statemodel.model.graph import Kind

WIDTH = 34
SPECIAL = '<>"\\~[]{}|%$_*/=-#&;'
RESERVED = ("state", "note", "end", "as", "left", "right", "up", "down", "of", "title", "legend", "caption",
            "skinparam", "hide", "show", "scale", "header", "footer", "root")  # fmt: skip
STROKES: dict[Kind | Role, str] = {
    Kind.ABSENT: ";line.dashed",
    Kind.RESTING: ";line.bold",
    Kind.FAILED: ";line.bold",
    Role.SEVERAL: ";line.dotted",
}


def to_plantuml(diagram: Diagram) -> str:
    """The diagram as PlantUML text."""
    lines = [
        "@startuml",
        *(f"' {line}" for line in wrapped(diagram.alt, 100)),
        *(f"' Left out: {each}" for each in lost(diagram, "plantuml")),
        f"title {_escaped(diagram.title)}",
        "hide empty description",
        *_body(diagram, identifiers(diagram, RESERVED)),
        *_legend(diagram),
        "@enduml",
    ]
    return "\n".join(lines) + "\n"


def _body(diagram: Diagram, plain: dict[str, str]) -> Iterator[str]:
    nodes = {node.id: node for node in diagram.nodes}
    inside = {name: cluster for cluster in diagram.clusters for name in cluster.nodes}
    for number, cluster in enumerate(diagram.clusters, 1):
        yield f'state "{_escaped(cluster.label)}" as cluster_{number} {{'
        own = [arrow for arrow in diagram.arrows if inside[arrow.source] is cluster]
        yield from (f"  {line}" for line in _machine([nodes[name] for name in cluster.nodes], own, plain))
        yield "}"
    loose = [node for node in diagram.nodes if node.id not in inside]
    yield from _machine(loose, [arrow for arrow in diagram.arrows if arrow.source not in inside], plain)


def _machine(nodes: Iterable[Node], arrows: Iterable[Arrow], plain: dict[str, str]) -> Iterator[str]:
    for node in nodes:
        yield f'state "{_label(node)}" as {plain[node.id]} {_look(node.kind)}'
        if node.is_initial:
            yield f"[*] --> {plain[node.id]}"
    for arrow in arrows:
        yield f"{plain[arrow.source]} -{_style(arrow)}-> {plain[arrow.target]}{_text(arrow)}"


def _look(kind: Kind | Role) -> str:
    return f"{NODES[kind]['fillcolor']};line:{NODES[kind]['color'].lstrip('#')}{STROKES.get(kind, '')}"


def _style(arrow: Arrow) -> str:
    look = LINES[arrow.initiator]
    stroke = "" if look["style"] == "solid" else f",{look['style']}"
    return f"[{OPEN if arrow.modality is Modality.MAY else look['color']}{stroke}]"


def _text(arrow: Arrow) -> str:
    lines = [line for pieces in spoken(arrow) for line in laid_out(pieces, WIDTH)]
    return " : " + "\\n".join(map(_escaped, lines)) if lines else ""


def _label(node: Node) -> str:
    lines = [line for part in node.label.splitlines() for line in wrapped(part, WIDTH)]
    if node.reads:
        lines.append(f"(reads {node.reads})")
    return "\\n".join(map(_escaped, lines))


def _legend(diagram: Diagram) -> Iterator[str]:
    yield "legend"
    for kind in diagram.kinds:
        yield f"  <back:{NODES[kind]['fillcolor']}> {WORDS[kind]} </back>"
    for line in diagram.lines:
        yield f"  <color:{LINES[line]['color']}>{LINES[line]['style']} line, {WORDS[line]}</color>"
    if diagram.is_open:
        yield f"  <color:{OPEN}>{WORDS[Modality.MAY]}</color>"
    yield "endlegend"


def _escaped(text: str) -> str:
    """Every character that means something to PlantUML, as its number."""
    return "".join(f"&#{ord(letter)};" if letter in SPECIAL else letter for letter in text)
