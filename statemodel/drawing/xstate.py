"""A model as a machine of XState 5 (https://stately.ai/docs/machines), in JSON, with a report of what is lost."""

import json
from typing import Any

from statemodel.drawing.rows import Exit, exits, left_out
from statemodel.model.graph import State, TransitionGraph
from statemodel.model.service import Model, as_service

CONDITION = "they stand as guards by their names, which whoever runs the machine must implement"


def to_xstate(model: Model) -> str:
    """The machine as JSON text, as `createMachine` takes it; a composed service has its parts side by side.

    What a format of plain machines cannot say stands under `meta.lost`.
    """
    service = as_service(model)
    meta = {"model": service.name, "lost": list(left_out(model, condition=CONDITION))}
    whole: dict[str, Any] = {"id": service.name, "description": service.doc, "meta": meta}
    if len(service.parts) == 1:
        whole |= _machine(service.parts[0])
    else:
        whole |= {
            "type": "parallel",
            "states": {graph.part: {"description": graph.doc, **_machine(graph)} for graph in service.parts},
        }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _machine(graph: TransitionGraph) -> dict[str, Any]:
    return {"initial": graph.initial, "states": {state.name: _state(graph, state) for state in graph.states}}


def _state(graph: TransitionGraph, state: State) -> dict[str, Any]:
    on: dict[str, list[dict[str, Any]]] = {}
    for one in exits(graph, state):
        on.setdefault(one.event, []).append(_transition(one))
    shown: dict[str, Any] = {"description": state.doc, "tags": [str(state.kind)], "meta": {"status": state.status}}
    return {**shown, "on": on} if on else shown


def _transition(one: Exit) -> dict[str, Any]:
    made: dict[str, Any] = {"target": one.target}
    if one.condition:
        made["guard"] = one.condition
    if one.effect:
        made["actions"] = [one.effect]
    modality = "may" if one.is_open else "must"
    return {**made, "meta": {"initiator": str(one.initiator), "modality": modality, "evidence": one.evidence}}
