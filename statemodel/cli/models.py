"""`list` and `show`."""

import argparse

from statemodel import page
from statemodel.cli.files import into
from statemodel.cli.names import named
from statemodel.cli.output import note, say, say_json, say_lines
from statemodel.errors import StateModelError
from statemodel.model.service import Model, as_service
from statemodel.registry import MODELS
from statemodel.semantics import prepare
from statemodel.show import document, graphs_of, is_composed
from statemodel.unfold import Scope, streamed, unfold


def list_models(asked: argparse.Namespace) -> int:
    """Name the models there are."""
    if asked.json:
        say_json({"contract": 1, "models": [_entry(name, each) for name, each in MODELS.items()]})
        return 0
    width = max(map(len, MODELS), default=0)
    for name, each in MODELS.items():
        say(f"{name.ljust(width)}  {each.doc}")
    return 0


def _entry(name: str, listed: Model) -> dict[str, object]:
    service = as_service(listed)
    return {
        "name": name, "kind": "service" if is_composed(listed) else "graph", "doc": listed.doc,
        "parts": [graph.name for graph in service.parts] if is_composed(listed) else [],
        "states": sum(len(graph.states) for graph in service.parts), "operations": len(service.operations),
    }


def show_model(asked: argparse.Namespace) -> int:
    """Show one model in one of four formats, or one section of its page."""
    chosen = named(asked.model)
    if asked.section or asked.into or asked.check:
        return _section(chosen, asked)
    match asked.format:
        case "json":
            say_json(document(chosen))
        case "lts":
            note(f"unfolding {chosen.name} up to version {asked.max_versions}")
            say_lines(streamed(unfold(prepare(chosen), scope_of(chosen, asked.max_versions))))
        case "md":
            say(page.markdown(chosen))
        case _:
            say(page.text(chosen))
    return 0


def _section(chosen: Model, asked: argparse.Namespace) -> int:
    """Show a section as Markdown, or put it into a file."""
    if not asked.section:
        raise StateModelError("--into and --check need --section: which part of the page is meant?")
    if asked.format not in (None, "md"):
        raise StateModelError(f"a section is Markdown: leave --format {asked.format} away")
    if asked.check and not asked.into:
        raise StateModelError("--check needs --into FILE#MARK: which region is meant?")
    text = page.section(chosen, asked.section)
    if asked.into:
        return into(asked.into, text, is_check=asked.check)
    say(text)
    return 0


def scope_of(chosen: Model, versions: int) -> Scope:
    """How far a model is unfolded: a composed one with one content, and with calls that keep to their defaults."""
    return Scope(versions, contents=(0,), is_plain=True) if len(graphs_of(chosen)) > 1 else Scope(versions)
