"""The drawing of a part for a page: the renderer's picture with states and arrows that can be pointed at."""

import re
from xml.etree import ElementTree as ET

from statemodel.drawing.dot import FRAME, INK, LINES, NODES, OPEN
from statemodel.drawing.outline import Diagram, outline
from statemodel.drawing.picture import picture
from statemodel.model.graph import TransitionGraph
from statemodel.show import Document

SVG = "http://www.w3.org/2000/svg"
# What each colour of a drawing becomes on a dark page; every text keeps a contrast of 4.5 to 1 with what is behind it.
DARK = {
    "#ffffff": "#1d2127", "white": "none", "#8a8a8a": "#9aa0a6", "#5f5f5f": "#b4bac1", "#fff1c2": "#4a3908",
    "#a8740a": "#e0ac3f", INK: "#f1f3f5", "#d8f0d8": "#173f1c", "#2c7a33": "#6fc777", "#fbd8d6": "#551a16",
    "#b3261e": "#f2857d", "#404040": "#c8ccd1", "#d6e6f7": "#16344f", FRAME: "#8fbbe6", "#eef4fb": "#1a2938",
    "#222222": "#e3e6e9", "#1d5fa8": "#82b6f2", "#9a5200": "#f0a860", OPEN: "#c9a0ea", "black": "#e3e6e9",
}  # fmt: skip


def colours() -> frozenset[str]:
    """Every colour that drawings are made of."""
    given = (style.get(name) for style in (*NODES.values(), *LINES.values()) for name in ("color", "fillcolor"))
    letters = (style.get("fontcolor") for style in NODES.values())
    return frozenset({*filter(None, given), *filter(None, letters), OPEN, INK, FRAME})


def dark_rules(scope: str) -> str:
    """CSS that gives a drawing its colours for the dark, within what a selector names."""
    lines = []
    for light, dark in DARK.items():
        lines.append(f'{scope} [fill="{light}"] {{ fill: {dark}; }}')
        if dark != "none":
            lines.append(f'{scope} [stroke="{light}"] {{ stroke: {dark}; }}')
    return "\n".join([*lines, f"{scope} text:not([fill]) {{ fill: {DARK['black']}; }}"])


def drawing(graph: TransitionGraph) -> str:
    """The picture of a part as an element of a page.

    Raises:
        MissingExtraError: the renderer is not installed.
    """
    diagram = outline(graph)
    return marked(picture(diagram, "svg"), diagram, graph.part)


def marked(svg: bytes, diagram: Diagram, part: str) -> str:
    """The same picture without what a page has no use for, its states as buttons and its arrows named by their ends."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314 - our own renderer wrote it
    nodes = {node.id: node for node in diagram.nodes}
    width = float(root.attrib.pop("width").removesuffix("pt"))
    root.attrib.pop("height")
    root.attrib.update({"role": "group", "class": "drawing", "data-width": f"{width:.0f}"})
    for group in root.iter(f"{{{SVG}}}g"):
        group.attrib.pop("id", None)
        title = group.find(f"{{{SVG}}}title")
        name = (title.text or "") if title is not None else ""
        if title is not None:
            group.remove(title)
        if group.get("class") == "node" and name in nodes and name in nodes[name].covers:
            node = nodes[name]
            words = f"{part} {node.label}, {node.kind}: {node.doc}"
            for shape in (*group.iter(f"{{{SVG}}}path"), *group.iter(f"{{{SVG}}}polygon")):
                shape.set("class", "shape")
            group.attrib.update({"data-part": part, "data-state": name, "role": "button", "tabindex": "0",
                                 "aria-label": words})  # fmt: skip
        elif group.get("class") == "edge" and "->" in name:
            source, _, target = name.partition("->")
            if source in nodes:
                group.attrib.update({"data-part": part, "data-from": "|".join(nodes[source].covers),
                                     "data-to": "|".join(nodes[target].covers) if target in nodes else ""})  # fmt: skip
    for link in root.iter(f"{{{SVG}}}a"):
        link.tag = f"{{{SVG}}}g"
        link.attrib.clear()
    text = ET.tostring(root, encoding="unicode")
    return re.sub(r"\n\s*\n", "\n", text).strip()


def nodes_of(graph: TransitionGraph) -> Document:
    """By state, what a page says of it."""
    return {
        state.name: {"kind": str(state.kind), "doc": state.doc, "status": state.status, "within_s": state.within_s}
        for state in graph.states
    }
