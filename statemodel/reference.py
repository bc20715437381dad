"""Pages of reference: one a model with its drawing and what was proved of it, and an index. Writes no file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from statemodel.drawing.mermaid import to_mermaid
from statemodel.drawing.outline import diagram
from statemodel.drawing.picture import picture
from statemodel.errors import StateModelError
from statemodel.model.service import Model, as_service
from statemodel.page import Additions, markdown
from statemodel.show import total_shares

SVG, MERMAID, NONE = "svg", "mermaid", "none"
DRAWINGS = (SVG, MERMAID, NONE)
WRITTEN = "Written by `statemodel docs`; `statemodel docs --check` tells whether the pages are fresh."

Proofs = Mapping[str, Mapping[str, Any]]


def pages(models: Sequence[Model], drawings: str, proofs: Proofs | None = None) -> dict[str, bytes]:
    """The pages of some models and their index, by name of file.

    Args:
        models: the models.
        drawings: "svg" for pictures beside the pages, "mermaid" for diagrams within them, "none".
        proofs: by model, what `verify --json` says of it; None where nobody tried.

    Raises:
        MissingExtraError: pictures are asked for, and what draws them is not installed.
    """
    files = {"index.md": _index(models).encode()}
    for each in models:
        files[f"{each.name}.md"] = page(each, drawings, proofs).encode()
        if drawings == SVG:
            files[f"{each.name}.svg"] = picture(diagram(each), "svg")
    return files


def page(model: Model, drawings: str, proofs: Proofs | None = None) -> str:
    """The page of one model; arguments as for `pages`."""
    known = (proofs or {}).get(model.name)
    return markdown(model, Additions(tuple(_drawn(model, drawings)), None if known is None else in_words(known)))


def _drawn(model: Model, drawings: str) -> Iterable[str]:
    if drawings == MERMAID:
        return ("```mermaid", *to_mermaid(diagram(model)).splitlines(), "```", "")
    return (f"![{_escaped(diagram(model).alt)}]({model.name}.svg)", "") if drawings == SVG else ()


def _index(models: Iterable[Model]) -> str:
    lines = ["# Models", "", WRITTEN, "", "| model | what it is | states | operations by states |", "|" + " --- |" * 4]
    for each in models:
        states = sum(len(graph.states) for graph in as_service(each).parts)
        shares = total_shares(each).text()
        lines.append(f"| [{each.name}]({each.name}.md) | {_escaped(each.doc)} | {states} | {shares} |")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    for mark in "\\|*_<>[]`$":
        text = text.replace(mark, f"\\{mark}")
    return text


# ------------------------------------------------------------------------------------------------- what was proved


def read_proofs(text: str, name: str, models: Iterable[Model]) -> Proofs:
    """What a saved document of `verify --json` says, by model.

    Args:
        text: the document.
        name: where it stands, for messages.
        models: those it is to speak of.

    Raises:
        StateModelError: it is no such document, or its statements are not those of a model.
    """
    try:
        found = {each["model"]: each for each in json.loads(text)["models"]}
        for each in found.values():
            in_words(each)
    except (ValueError, TypeError, LookupError):
        raise StateModelError(f"{name}: expected what `statemodel verify --json` writes") from None
    for model in models:
        if model.name in found:
            _compared(name, model, found[model.name])
    return found


def _compared(name: str, model: Model, found: Mapping[str, Any]) -> None:
    """Raise a StateModelError unless the proofs are of the model's own statements, all of them."""
    stated = {each.name: (str(each.claim), [*each.about], [*map(str, each.under)])
              for each in as_service(model).invariants}  # fmt: skip
    proved = {each["invariant"]: (each["claim"], each["about"], each["under"]) for each in found["proofs"]}
    other = [*(key for key in stated if proved.get(key) != stated[key]), *(key for key in proved if key not in stated)]
    if other:
        mend = "write it anew with `statemodel verify --json`"
        raise StateModelError(f"{name}: proofs of other statements than those of {model.name}: {other[0]!r}; {mend}")


def in_words(found: Mapping[str, Any]) -> dict[str, str]:
    """By statement, what came of it."""
    return {each["invariant"]: _in_words(each, found["versions"]) for each in found["proofs"]}


def _in_words(proof: Mapping[str, Any], versions: int) -> str:
    under = f", under {', '.join(proof['under'])}" if proof["under"] else ""
    scope = f"{proof['configurations']} configurations, up to {versions} versions{under}"
    if proof["claim"] == "sometimes":
        return f"reached in {len(proof['path'])} steps ({scope})" if proof["holds"] else f"never reached ({scope})"
    return f"holds ({scope})" if proof["holds"] else f"broken in {len(proof['path'])} steps ({scope})"
