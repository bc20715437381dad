"""`diff`: what has changed between two models, and whom it breaks."""

import argparse
import json
from pathlib import Path
from typing import Any

from statemodel.cli.names import named
from statemodel.cli.output import say, say_json
from statemodel.diff import Breaks, diff
from statemodel.errors import HistoryError
from statemodel.show import document

EXPECTED = "a model document, as `statemodel show MODEL --format json` writes it"
MEND = "write it again from the model"
# What a graph of a document must have, and what each entry of its lists.
SHAPE: dict[str, dict[str, type]] = {
    "states": {"name": str, "kind": str},
    "transitions": {"source": str, "event": str, "initiator": str, "target": str, "modality": str},
    "refusals": {"state": str, "operation": str},
    "operations": {"name": str, "kind": str, "parameters": list},
}
KEYS = {"states": ("status",), "transitions": ("guard", "effect"), "refusals": ("codes",), "operations": ()}


def compare(asked: argparse.Namespace) -> int:
    """Compare two models; 1 where a change breaks somebody."""
    changes = diff(_document(asked.before), _document(asked.after))
    breaking = [change for change in changes if change.breaks]
    if asked.json:
        say_json({
            "contract": 1, "before": asked.before, "after": asked.after, "breaking": len(breaking),
            "breaks": {str(who): sum(who in change.breaks for change in changes) for who in Breaks},
            "changes": [change.document() for change in changes],
        })
    else:
        for change in changes:
            say(f"{change.graph}: {change}")
            say(f"  breaks {', '.join(map(str, change.breaks)) or 'nobody'}")
        say(f"{_counted(len(changes), 'change')}, {len(breaking)} of which break somebody" if changes else "no change")
    return 1 if breaking else 0


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _document(name: str) -> dict[str, Any]:
    """The document of a model: that of a file, where there is one of this name, else of a model named so."""
    place = Path(name)
    if place.suffix != ".json" and not place.is_file():
        return document(named(name))
    try:
        text = place.read_text(encoding="utf-8")
        found = json.loads(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if error.lineno <= len(text.splitlines()) else ""
        raise HistoryError(name, error.lineno, line, EXPECTED, MEND) from error
    except UnicodeDecodeError as error:
        raise HistoryError(name, None, "", f"{EXPECTED}, in UTF-8", MEND) from error
    if not isinstance(found, dict) or found.get("contract") != 1 or not isinstance(found.get("name"), str):
        raise HistoryError(name, None, text[:40], EXPECTED, MEND)
    graphs = found.get("graphs", [found])
    if not isinstance(graphs, list) or not graphs:
        raise HistoryError(name, None, "graphs", EXPECTED, MEND)
    for graph in graphs:
        wrong = _problem(graph)
        if wrong:
            raise HistoryError(name, None, wrong, EXPECTED, MEND)
    return found


def _problem(graph: Any) -> str | None:
    """Where a graph of a document has not the shape of one, or None."""
    if not isinstance(graph, dict) or not all(isinstance(graph.get(key), str) for key in ("name", "initial")):
        return "a graph without name and initial"
    for part, shape in SHAPE.items():
        entries = graph.get(part)
        if not isinstance(entries, list):
            return f"{graph['name']} without {part}"
        for entry in entries:
            if not isinstance(entry, dict) or any(not isinstance(entry.get(key), of) for key, of in shape.items()) or (
                any(key not in entry for key in KEYS[part])
            ):
                return json.dumps(entry, ensure_ascii=False)
            if not _is_sound(part, entry):
                return json.dumps(entry, ensure_ascii=False)
    return None


def _is_sound(part: str, entry: dict[str, Any]) -> bool:
    if part == "refusals":
        codes = entry["codes"]
        return codes is None or (isinstance(codes, list) and all(isinstance(code, str) for code in codes))
    if part == "operations":
        keys = ("name", "required", "default", "values", "limits")
        return isinstance(entry.get("shows") or {}, dict) and all(
            isinstance(one, dict) and all(key in one for key in keys) and isinstance(one["name"], str)
            and isinstance(one["values"], list) for one in entry["parameters"])
    if part == "transitions":
        return all(entry[key] is None or isinstance(entry[key], str) for key in ("guard", "effect"))
    return isinstance(entry.get("fields") or {}, dict)
