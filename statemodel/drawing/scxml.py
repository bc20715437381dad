"""A model as SCXML (https://www.w3.org/TR/scxml/), with a report of what is lost as its first comment."""

import re
from collections.abc import Iterator
from html import escape
from itertools import count

from statemodel.drawing.rows import Exit, conditions_of, exits, left_out
from statemodel.model.graph import State, TransitionGraph
from statemodel.model.service import Model, as_service

NAMESPACE = "http://www.w3.org/2005/07/scxml"
CONDITION = "each is a datum that holds until somebody sets it"
NAMES = "names of events: spaces, which SCXML does not allow there, are written as underscores"


def to_scxml(model: Model) -> str:
    """The machine as XML text; a composed service has its parts in parallel."""
    service = as_service(model)
    ids = _identifiers(model)
    data = {condition: f"condition_{number}" for number, condition in enumerate(conditions_of(model), 1)}
    begins = ids[service.parts[0].part, service.parts[0].initial] if len(service.parts) == 1 else "service"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!--",
        f"{_comment(service.name)}: {_comment(service.doc)}",
        "Left out:",
        *(f"- {_comment(each)}" for each in (*left_out(model, condition=CONDITION), NAMES)),
        "-->",
        f'<scxml xmlns="{NAMESPACE}" version="1.0" name="{escape(service.name)}" datamodel="ecmascript"',
        f'       initial="{begins}">',
    ]
    if data:
        lines.append("  <datamodel>")
        for condition, name in data.items():
            lines += [f"    <!-- {_comment(condition)} -->", f'    <data id="{name}" expr="true"/>']
        lines.append("  </datamodel>")
    if len(service.parts) == 1:
        lines += _states(service.parts[0], ids, data, "  ")
    else:
        lines.append('  <parallel id="service">')
        for graph in service.parts:
            lines.append(f'    <state id="{ids[graph.part, ""]}" initial="{ids[graph.part, graph.initial]}">')
            lines += [*_states(graph, ids, data, "      "), "    </state>"]
        lines.append("  </parallel>")
    return "\n".join((*lines, "</scxml>")) + "\n"


def _identifiers(model: Model) -> dict[tuple[str, str], str]:
    """A name for each part and each of its states that is an XML name and occurs once."""
    service = as_service(model)
    taken = {"service"}
    found: dict[tuple[str, str], str] = {}
    for graph in service.parts:
        prefix = "" if len(service.parts) == 1 else f"{graph.part}."
        for name in ("", *(state.name for state in graph.states)):
            plain = re.sub(r"[^A-Za-z0-9_.-]", "_", f"{prefix}{name}" if name else graph.part)
            plain = plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"
            plain = next(each for number in count() if (each := plain + "_" * number) not in taken)
            taken.add(plain)
            found[graph.part, name] = plain
    return found


def _states(
    graph: TransitionGraph, ids: dict[tuple[str, str], str], data: dict[str, str], indent: str
) -> Iterator[str]:
    for state in graph.states:
        yield f"{indent}<!-- {_comment(_said(state))} -->"
        leaving = exits(graph, state)
        if not leaving:
            yield f'{indent}<state id="{ids[graph.part, state.name]}"/>'
            continue
        yield f'{indent}<state id="{ids[graph.part, state.name]}">'
        for one in leaving:
            yield f"{indent}  <!-- {_comment(_noted(one))} -->"
            condition = f' cond="{data[one.condition]}"' if one.condition else ""
            event = escape(re.sub(r"\s+", "_", one.event))
            yield f'{indent}  <transition event="{event}"{condition} target="{ids[graph.part, one.target]}"/>'
        yield f"{indent}</state>"


def _said(state: State) -> str:
    return f"{state.kind}; reads {state.status or 'nothing'}. {state.doc}"


def _noted(one: Exit) -> str:
    noted = [f"by the {one.initiator}", "may" if one.is_open else "must"]
    noted += [f"if {one.condition}"] if one.condition else []
    noted += [f"then {one.effect}"] if one.effect else []
    return "; ".join((*noted, one.evidence))


def _comment(text: str) -> str:
    """Text that ends no comment."""
    return re.sub(r"-(?=-)|-$", "- ", " ".join(text.split()))
