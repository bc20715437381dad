"""Drawings as bytes by format, and the pages that show them."""

from collections.abc import Iterable, Sequence

from statemodel.drawing.dot import to_dot
from statemodel.drawing.outline import Diagram, outline, overview
from statemodel.model.service import Model, Service
from statemodel.show import graphs_of, is_composed

SUFFIXES = {
    "dot": "dot", "mermaid": "mmd", "plantuml": "puml", "svg": "svg", "png": "png", "outline": "txt",
    "xstate": "xstate.json", "scxml": "scxml",
}  # fmt: skip
LANGUAGES = {"dot": "dot", "mermaid": "mermaid", "plantuml": "plantuml", "xstate": "json", "scxml": "xml"}
PICTURES = ("svg", "png")


def service_of(name: str) -> str:
    """The service a model belongs to: what stands before the first dot of its name."""
    return name.partition(".")[0]


def services_of(models: Iterable[Model]) -> dict[str, tuple[Model, ...]]:
    """Models by service, in order of first mention."""
    found: dict[str, tuple[Model, ...]] = {}
    for each in models:
        service = service_of(each.name)
        found[service] = (*found.get(service, ()), each)
    return found


def index(service: str | None, models: Sequence[Model], formats: Sequence[str]) -> str:
    """A page: of one service its drawings, or without one of all services what there is."""
    if service is None:
        lines = ["# Diagrams", "", _GENERATED, ""]
        for name, own in services_of(models).items():
            lines.append(f"- [{name}]({name}/README.md)")
            lines.extend(f"  - [{each.name}]({name}/README.md#{_anchor(each)})" for each in own)
        return "\n".join(lines) + "\n"
    lines = [f"# Diagrams of {service}", "", _GENERATED, ""]
    for each in models:
        lines += [f"## {each.name}", "", _escaped(each.doc), ""]
        picture = next((form for form in formats if form in PICTURES), None)
        if picture:
            lines += [f"![{_escaped(diagram_of(each).alt)}]({each.name}.{SUFFIXES[picture]})", ""]
        lines += [" · ".join(f"[{form}]({each.name}.{SUFFIXES[form]})" for form in formats), ""]
    return "\n".join(lines)


_GENERATED = "Drawn by `statemodel draw --all`; `statemodel draw --all --check` tells whether the files are fresh."


def _anchor(drawn_model: Model) -> str:
    return "".join(letter for letter in drawn_model.name.lower() if letter.isalnum() or letter in "-_")


def _escaped(text: str) -> str:
    return text.replace("[", "\\[").replace("]", "\\]").replace("$", "\\$").replace("_", "\\_")


def diagram_of(chosen: Model) -> Diagram:
    """The drawing of a model: the overview of a composed one, else the one graph it has."""
    if isinstance(chosen, Service) and is_composed(chosen):
        return overview(chosen)
    return outline(graphs_of(chosen)[0])


def drawn(chosen: Model, form: str) -> bytes:
    """A model drawn in one format.

    Raises:
        MissingExtraError: a picture is asked for, and what makes pictures is not installed.
    """
    diagram = diagram_of(chosen)
    match form:  # each language is loaded where it is used
        case "mermaid":
            from statemodel.drawing.mermaid import to_mermaid

            return to_mermaid(diagram).encode()
        case "plantuml":
            from statemodel.drawing.plantuml import to_plantuml

            return to_plantuml(diagram).encode()
        case "outline":
            from statemodel.drawing.spoken import to_outline

            return to_outline(diagram).encode()
        case "xstate":
            from statemodel.drawing.xstate import to_xstate

            return to_xstate(chosen).encode()
        case "scxml":
            from statemodel.drawing.scxml import to_scxml

            return to_scxml(chosen).encode()
        case "svg" | "png":
            from statemodel.drawing.picture import picture

            return picture(diagram, "svg" if form == "svg" else "png")
    return to_dot(diagram).encode()


def fenced(chosen: Model, form: str) -> str:
    """A model drawn within Markdown: an outline as it is, anything else as a block of code in its language."""
    text = drawn(chosen, form).decode()
    return text if form == "outline" else f"```{LANGUAGES[form]}\n{text.rstrip()}\n```\n"
