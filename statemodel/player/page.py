"""The page itself: one HTML file that needs nothing else, neither a network nor another file."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from statemodel.model.graph import Refusal
from statemodel.model.service import Model, as_service
from statemodel.page import details_of, headline
from statemodel.player.drawn import dark_rules, drawing, nodes_of
from statemodel.player.runs import Stage
from statemodel.show import Document, graphs_of, library_version


def html(model: Model, stage: Stage, runs: list[Document]) -> str:
    """The page of a model.

    Args:
        model: the model.
        stage: what its walk and its runs show.
        runs: what can be played besides walking freely.

    Raises:
        MissingExtraError: what draws pictures is not installed.
    """
    style = f"{_file('play.css')}\n@media (prefers-color-scheme: dark) {{\n{dark_rules('.drawing')}\n}}\n"
    script = _file("play.js")
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    graphs = graphs_of(model)
    figures = "\n".join(
        f'<figure data-figure="{escape(graph.part)}">\n<figcaption><b>{escape(graph.name)}</b> '
        f'<span class="doc">{escape(graph.doc)}</span></figcaption>\n{drawing(graph)}\n</figure>'
        for graph in graphs
    )
    words = {
        "TITLE": escape(model.name),
        "DOC": escape(model.doc),
        "VERSION": escape(library_version()),
        "POLICY": escape(policy, quote=True),
        "STYLE": style,
        "FIGURES": figures,
        "DOCUMENT": embedded(document(model, stage, runs)),
        "SCRIPT": script,
    }
    return "".join(words[piece] if place % 2 else piece for place, piece in enumerate(_file("play.html").split("@@")))


def document(model: Model, stage: Stage, runs: list[Document]) -> Document:
    """Everything the page shows, as plain data."""
    graphs = graphs_of(model)
    present = tuple(graph.part for graph in graphs)
    place = {id(row): graph for service in (as_service(model),) for graph in service.parts for row in graph.every_row}
    rows, keys = [], set()
    for row in stage.ledger.rows.values:
        graph = place[id(row)]
        sources = [source.key for each in row.evidence for source in each.sources]
        keys.update(sources)
        rows.append({
            "part": graph.part, "head": headline(row), "details": details_of(graph, row, present),
            "from": list(row.source), "to": None if isinstance(row, Refusal) else row.target,
            "refuses": isinstance(row, Refusal), "sources": list(dict.fromkeys(sources)),
        })  # fmt: skip
    known = {source.key: source for row in stage.ledger.rows.values for each in row.evidence for source in each.sources}
    return {
        "model": model.name,
        "parts": [{"part": graph.part, "name": graph.name, "is_many": graph.many is not None,
                   "states": nodes_of(graph)} for graph in graphs],
        "is_whole": stage.walk.is_whole,
        "versions": stage.walk.scope.versions,
        "walk": len(stage.walk.configurations),
        "rows": rows,
        "sources": {key: known[key].place + (f" ({known[key].date})" if known[key].date else "")
                    for key in sorted(keys)},
        "entries": stage.ledger.entries.values,
        "scenes": stage.scenes,
        "runs": runs,
    }  # fmt: skip


def embedded(value: Any) -> str:
    """A value as JSON that no parser of HTML can take for markup, the end of a script included."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _file(name: str) -> str:
    return (files("statemodel.player") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
