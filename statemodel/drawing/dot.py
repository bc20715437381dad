"""A diagram as DOT, for Graphviz; the words and the layout of labels, which all drawing languages share."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import pairwise

from statemodel.drawing.outline import (
    Arrow,
    Cluster,
    Diagram,
    Link,
    Modality,
    Node,
    Role,
)
from statemodel.model.graph import Initiator, Kind

FONT = "Helvetica"
WIDTH = 30
INNER_WIDTH = 44
OPEN = "#8250a8"
FRAME = "#1f4e79"
INK = "#1b1b1b"
NODES: dict[Kind | Role, dict[str, str]] = {
    Kind.ABSENT: {"style": "rounded,filled,dashed", "fillcolor": "#ffffff", "color": "#8a8a8a", "fontcolor": "#5f5f5f"},
    Kind.WORKING: {"style": "rounded,filled", "fillcolor": "#fff1c2", "color": "#a8740a", "fontcolor": INK},
    Kind.RESTING: {"style": "rounded,filled,bold", "fillcolor": "#d8f0d8", "color": "#2c7a33", "fontcolor": INK},
    Kind.FAILED: {"style": "filled", "fillcolor": "#fbd8d6", "color": "#b3261e", "fontcolor": INK, "peripheries": "2"},
    Role.SEVERAL: {"style": "filled,dotted", "fillcolor": "#ffffff", "color": "#5f5f5f", "fontcolor": "#404040"},
    Role.PART: {"style": "filled", "fillcolor": "#d6e6f7", "color": FRAME, "fontcolor": INK, "fontsize": "16"},
    Role.SHARED: {"style": "filled", "fillcolor": "#eef4fb", "color": FRAME, "fontcolor": INK, "fontsize": "11"},
}
LINES: dict[Initiator | Link, dict[str, str]] = {
    Initiator.CALLER: {"style": "solid", "color": "#222222"},
    Initiator.SERVICE: {"style": "dashed", "color": "#1d5fa8"},
    Initiator.ENVIRONMENT: {"style": "dotted", "color": "#9a5200", "penwidth": "1.6"},
    Link.TOGETHER: {"style": "solid", "color": "#1f4e79", "arrowhead": "open"},
    Link.REFUSES: {"style": "bold", "color": "#b3261e", "arrowhead": "tee"},
    Link.ASKS: {"style": "dashed", "color": "#5f5f5f", "arrowhead": "odiamond"},
}


WORDS: dict[Kind | Role | Initiator | Link | Modality, str] = {
    Kind.ABSENT: "absent",
    Kind.WORKING: "working",
    Kind.RESTING: "resting",
    Kind.FAILED: "failed",
    Role.SEVERAL: "from each of several states",
    Role.PART: "part",
    Role.SHARED: "moves several parts at once",
    Initiator.CALLER: "by a call",
    Initiator.SERVICE: "by the service, hidden",
    Initiator.ENVIRONMENT: "by the environment, hidden",
    Link.TOGETHER: "moves",
    Link.REFUSES: "can refuse",
    Link.ASKS: "asks for a condition",
    Modality.MUST: "must",
    Modality.MAY: "? open: may happen",
}


def to_dot(diagram: Diagram) -> str:
    """The diagram as DOT text."""
    spacing = "nodesep=0.3, ranksep=0.4" if diagram.clusters else "nodesep=0.35, ranksep=0.5"
    loops = {source: arrows for (source, target), arrows in by_pair(diagram.arrows).items() if source == target}
    lines = [
        f"digraph {_quoted(diagram.name)} {{",
        f"  graph [rankdir=TB, {spacing}, fontname={FONT}, labelloc=t, label={_heading(diagram)}]",
        f'  node [shape=box, fontname={FONT}, fontsize=13, margin="0.14,0.06", height=0.4]',
        f"  edge [fontname={FONT}, fontsize=10, arrowsize=0.7]",
        *_clusters(diagram),
        *(_node(node, loops.get(node.id, ())) for node in _loose(diagram)),
        *_beginnings(diagram),
        *map(_edge, diagram.arrows),
        *_stacked(diagram),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _attributes(values: dict[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items())


def _node(node: Node, loops: tuple[Arrow, ...]) -> str:
    style = _attributes({"tooltip": node.doc, **NODES[node.kind]})
    return f"  {_quoted(node.id)} [label={_label(node, loops)}, {style}]"


def _label(node: Node, loops: tuple[Arrow, ...]) -> str:
    """Its name, and what leaves it as it is: the labels of loops would run into other arrows."""
    lines = [line for part in node.label.splitlines() for line in wrapped(part, WIDTH)]
    if node.reads:
        lines.append(f"(reads {node.reads})")
    if not loops:
        return _quoted("\n".join(lines))
    return f"<{''.join(f'{_escaped(line)}<BR/>' for line in lines)}{''.join(map(_staying, loops))}>"


def _staying(loop: Arrow) -> str:
    lines = (line for pieces in spoken(loop) for line in laid_out(pieces, INNER_WIDTH))
    text = "<BR/>".join(map(_escaped, lines))
    return f'<FONT POINT-SIZE="10" COLOR="{_colour(loop)}">{text}<BR/></FONT>'


def _edge(arrow: Arrow) -> str:
    style = {**LINES[arrow.initiator], "color": _colour(arrow), "fontcolor": _colour(arrow)}
    if arrow.source == arrow.target:
        return _line(arrow, style)
    return _line(arrow, {"label": _text(arrow), **style})


def _text(arrow: Arrow) -> str:
    """Centred lines, a little apart from the arrow."""
    lines = (line for label in arrow.labels for line in laid_out(label.pieces, WIDTH))
    return "\n".join(f"  {line} " for line in lines)


def _colour(arrow: Arrow) -> str:
    return OPEN if arrow.modality is Modality.MAY else LINES[arrow.initiator]["color"]


def _line(arrow: Arrow, style: dict[str, str]) -> str:
    return f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} [{_attributes(style)}]"


def _loose(diagram: Diagram) -> tuple[Node, ...]:
    inside = {name for cluster in diagram.clusters for name in cluster.nodes}
    return tuple(node for node in diagram.nodes if node.id not in inside)


def _clusters(diagram: Diagram) -> Iterator[str]:
    nodes = {node.id: node for node in diagram.nodes}
    for cluster in diagram.clusters:
        yield f"  subgraph {_quoted(f'cluster {cluster.id}')} {{"
        yield f"    graph [label={_quoted(cluster.label)}, fontsize=16, style=rounded, color={_quoted(FRAME)}]"
        yield from (f"  {_node(nodes[name], ())}" for name in cluster.nodes)
        yield "  }"


def _beginnings(diagram: Diagram) -> Iterator[str]:
    """A dot before the initial state of one machine."""
    for node in diagram.nodes:
        if node.is_initial and not diagram.clusters:
            start = _quoted(f"before {node.id}")
            yield f'  {start} [shape=point, width=0.12, label="", tooltip="beginning"]'
            yield f"  {start} -> {_quoted(node.id)} [weight=20]"


def _stacked(diagram: Diagram) -> Iterator[str]:
    """Invisible edges that put clusters below each other in columns, the first one above all others."""
    nodes = {node.id: node for node in diagram.nodes}
    forward = {arrow.source for arrow in diagram.arrows if _is_forward(diagram, arrow)}
    for column in _columns(diagram.clusters[1:]):
        for upper, lower in pairwise((diagram.clusters[0], *column)):
            for source in (name for name in upper.nodes if name not in forward):
                for target in (name for name in lower.nodes if _is_top(nodes[name])):
                    yield f"  {_quoted(source)} -> {_quoted(target)} [style=invis, weight=0]"


def _is_forward(diagram: Diagram, arrow: Arrow) -> bool:
    """Whether an arrow leads to a node defined later."""
    place = {node.id: position for position, node in enumerate(diagram.nodes)}
    return place[arrow.source] < place[arrow.target]


def _is_top(node: Node) -> bool:
    return node.is_initial or node.kind is Role.SEVERAL


def _columns(clusters: tuple[Cluster, ...]) -> list[tuple[Cluster, ...]]:
    """Clusters side by side, small ones below each other as long as they are no taller than the tallest."""
    tallest = max((len(cluster.nodes) for cluster in clusters), default=0)
    columns: list[tuple[Cluster, ...]] = []
    for cluster in clusters:
        heights = [sum(len(one.nodes) for one in (*column, cluster)) for column in columns]
        place = next((number for number, height in enumerate(heights) if height <= tallest), None)
        if place is None:
            columns.append((cluster,))
        else:
            columns[place] = (*columns[place], cluster)
    return columns


# ------------------------------------------------------------------------------------------------- title and legend


def _heading(diagram: Diagram) -> str:
    kinds = "".join(map(_kind_sample, (*Kind, *(kind for kind in diagram.kinds if kind not in Kind))))
    lines = "".join(_line_sample(LINES[line], WORDS[line]) for line in diagram.lines)
    is_open = _line_sample({"style": "solid", "color": OPEN}, WORDS[Modality.MAY]) if diagram.is_open else ""
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2">'
        f'<TR><TD><FONT POINT-SIZE="18"><B>{_escaped(diagram.title)}</B></FONT></TD></TR>'
        f"<TR><TD>{_table(kinds)}</TD></TR><TR><TD>{_table(lines + is_open)}</TD></TR></TABLE>>"
    )


def _table(cells: str) -> str:
    cells = cells or "<TD></TD>"
    return f'<TABLE ALIGN="CENTER" BORDER="0" CELLBORDER="0" CELLSPACING="5" CELLPADDING="3"><TR>{cells}</TR></TABLE>'


def _kind_sample(kind: Kind | Role) -> str:
    style = NODES[kind]
    outline = next((word for word in ("dashed", "dotted") if word in style["style"]), "solid")
    corners = "rounded," if "rounded" in style["style"] else ""
    return (
        f'<TD BORDER="1" STYLE="{corners}{outline}" COLOR="{style["color"]}" '
        f'BGCOLOR="{style.get("fillcolor", "#ffffff")}"><FONT POINT-SIZE="11">{_escaped(WORDS[kind])}</FONT></TD>'
    )


def _line_sample(style: dict[str, str], words: str) -> str:
    stroke = "solid" if style["style"] == "bold" else style["style"]
    return (
        f'<TD BORDER="2" SIDES="B" STYLE="{stroke}" COLOR="{style["color"]}">'
        f'<FONT POINT-SIZE="11" COLOR="{style["color"]}">{_escaped(words)}</FONT></TD>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


# ------------------------------------------------------------------------------------------------- labels


def by_pair(arrows: Iterable[Arrow]) -> dict[tuple[str, str], tuple[Arrow, ...]]:
    """Arrows by their two ends, for languages that draw only one of them."""
    pairs: dict[tuple[str, str], tuple[Arrow, ...]] = {}
    for arrow in arrows:
        pairs[arrow.source, arrow.target] = (*pairs.get((arrow.source, arrow.target), ()), arrow)
    return pairs


def spoken(arrow: Arrow) -> tuple[tuple[str, ...], ...]:
    """The pieces of each label, with the initiator in words where it is not a caller."""
    marker = "" if arrow.initiator in (Initiator.CALLER, Link.TOGETHER) else f"{arrow.initiator}: "
    return tuple((marker + label.pieces[0], *label.pieces[1:]) for label in arrow.labels)


def laid_out(pieces: Iterable[str], width: int) -> tuple[str, ...]:
    """The pieces of a label in one line if it is short, else each in lines of its own, a name never broken."""
    listed = tuple(pieces)
    if len(" ".join(listed)) <= width:
        return (" ".join(listed),)
    return tuple(line for piece in listed for line in ((piece,) if piece.startswith("?") else wrapped(piece, width)))


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """A text in lines of at most this many characters; longer words stay whole."""
    return tuple(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def identifiers(diagram: Diagram, reserved: Iterable[str] = ()) -> dict[str, str]:
    """A plain name for each node, made of letters, digits and underscores, for languages that need one."""
    taken = {word.lower() for word in reserved}
    plain: dict[str, str] = {}
    for node in diagram.nodes:
        name = re.sub(r"[^A-Za-z0-9]+", "_", node.id).strip("_") or "node"
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        plain[node.id] = name
    return plain
