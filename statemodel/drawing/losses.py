"""What each language of drawings leaves out of a diagram, in words, so that nobody takes a drawing for the whole."""

from statemodel.drawing.dot import by_pair
from statemodel.drawing.outline import Diagram, Link
from statemodel.model.graph import Kind

NEVER_DRAWN = "refusals, reads, evidence and sources are in no drawing; `statemodel show` writes them"


def lost(diagram: Diagram, form: str) -> tuple[str, ...]:
    """What a form leaves out of this very diagram; what no drawing shows comes last.

    >>> from statemodel.drawing.outline import diagram
    >>> from statemodel.registry import model
    >>> lost(diagram(model("scf.request")), "mermaid")[0]
    'what a state means (6 sentences)'

    Args:
        diagram: what is drawn.
        form: "mermaid", "plantuml" or "outline"; any other one shows all of the diagram.
    """
    found: list[str] = []
    docs = sum(node.kind in Kind and bool(node.doc) for node in diagram.nodes)
    if form in ("mermaid", "plantuml") and docs:
        found.append(f"what a state means ({docs} sentences)")
    if form == "mermaid":
        bundles = [arrows for arrows in by_pair(diagram.arrows).values() if len(arrows) > 1]
        if bundles:
            found.append(f"which lines are apart: {sum(map(len, bundles))} arrows are drawn as {len(bundles)}")
        loops = sum(arrow.source == arrow.target for arrow in diagram.arrows)
        if loops:
            found.append(f"moves that stay, within their state: {loops} stand at a loop beside it")
        if any(line not in Link for line in diagram.lines):
            found.append("line styles: who starts a move and what is open is told by words at the arrow")
    if form == "outline" and diagram.clusters:
        found.append("the layout: which parts stand side by side")
    return (*found, NEVER_DRAWN)
