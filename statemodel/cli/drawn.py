"""Drawings as bytes by format, and the pages that show them."""

from collections.abc import Iterable, Sequence

from statemodel.model.service import Model
from statemodel.show import graphs_of, is_composed, library_version

SUFFIXES = {"dot": "dot", "mermaid": "mmd", "plantuml": "puml", "svg": "svg", "png": "png"}
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
            lines += [f"- [{name}]({name}/README.md)", *(f"  - [{each.name}]({name}/README.md#{_anchor(each)})" for each in own)]
        return "\n".join(lines) + "\n"
    lines = [f"# {service}", "", _GENERATED, ""]
    for each in models:
        lines += [f"## {each.name}", "", each.doc, ""]
        picture = next((form for form in formats if form in PICTURES), None)
        if picture:
            lines += [f"![{alternative(each)}]({each.name}.{SUFFIXES[picture]})", ""]
        lines += [" · ".join(f"[{form}]({each.name}.{SUFFIXES[form]})" for form in formats), ""]
    return "\n".join(lines)


_GENERATED = "Drawn from the models by `statemodel draw --all`; `statemodel draw --all --check` tells whether they are fresh."


def _anchor(drawn_model: Model) -> str:
    return "".join(letter for letter in drawn_model.name.lower() if letter.isalnum() or letter in "-_")


def alternative(chosen: Model) -> str:
    """A drawing in words, for those who cannot see it."""
    graphs = graphs_of(chosen)
    if is_composed(chosen):
        return f"State diagram of {chosen.name}, composed of {', '.join(graph.name for graph in graphs)}"
    names = ", ".join(state.name for state in graphs[0].states)
    return f"State diagram of {chosen.name} with the states {names}"


def drawn(chosen: Model, form: str) -> bytes:
    """A model drawn in one format."""
    raise NotImplementedError(chosen.name, form, library_version())
