"""What other languages of state machines take over of a graph: its moves, and what they leave out of the rest."""

import attrs

from statemodel.drawing.outline import drawn
from statemodel.model.graph import Initiator, Refusal, State, Transition, TransitionGraph
from statemodel.model.service import Model, as_service


@attrs.frozen
class Exit:
    """One way out of a state, or one that changes what it carries.

    Attributes:
        source, target: names of states.
        event: an operation or a hidden event.
        initiator: who starts it.
        condition: in words: the guard, and the open point it depends on; None where there is none.
        effect: what becomes of the data, by name.
        is_open: whether it may happen only.
        evidence: who says so, by confidence and key.
    """

    source: str
    target: str
    event: str
    initiator: Initiator
    condition: str | None
    effect: str | None
    is_open: bool
    evidence: str


def exits(graph: TransitionGraph, state: State) -> tuple[Exit, ...]:
    """The ways out of a state, in the order of the rows, those with conditions first for each event."""
    found = [_exit(graph, row, state.name) for row in drawn(graph) if state.name in row.source]
    kept = [one for one in found if one.target != state.name or one.effect or one.initiator is not Initiator.CALLER]
    events = list(dict.fromkeys(one.event for one in kept))
    return tuple(sorted(kept, key=lambda one: (events.index(one.event), one.condition is None)))


def _exit(graph: TransitionGraph, row: Transition, source: str) -> Exit:
    is_open = graph.is_open(row)
    conditions = [row.guard.name] if row.guard else []
    conditions += [f"policy {row.under}"] if is_open else []
    evidence = "; ".join(f"{each.confidence}: {', '.join(one.key for one in each.sources)}" for each in row.evidence)
    effect = row.effect.name if row.effect else None
    condition = " and ".join(conditions) or None
    return Exit(source, row.target or source, row.event.name, row.initiator, condition, effect, is_open, evidence)


def conditions_of(model: Model) -> tuple[str, ...]:
    """Every condition of a model's moves, once each."""
    every = (one for graph in as_service(model).parts for state in graph.states for one in exits(graph, state))
    return tuple(dict.fromkeys(one.condition for one in every if one.condition))


def left_out(model: Model, *, condition: str) -> tuple[str, ...]:
    """What a language of plain state machines leaves out of a model, in words.

    Args:
        model: the model.
        condition: what the language makes of a condition.
    """
    service = as_service(model)
    states = [(graph, state) for graph in service.parts for state in graph.states]
    every = [one for graph, state in states for one in exits(graph, state)]
    kept = {id(row) for graph in service.parts for row in drawn(graph)}
    counts = {
        f"conditions: {condition}": len(conditions_of(model)),
        "effects: only their names are kept": len({one.effect for one in every if one.effect}),
        "open moves: it is only noted that they are; the first that fits is taken": sum(one.is_open for one in every),
        "policies: an option in force leaves no trace, an open one is part of a condition": len(service.policies),
        "hidden moves: they are events that somebody must send": sum(
            one.initiator is not Initiator.CALLER for one in every
        ),
        "refusals with their codes: a call that no transition takes is passed over": sum(
            isinstance(row, Refusal) for row in service.rows
        ),
        "operations that are accepted and move nothing, reads among them, and what they show": len(
            {row.event.name for row in service.rows if isinstance(row, Transition) and id(row) not in kept}
        ),
        "families: one member stands for all": sum(graph.many is not None for graph in service.parts),
        "parts besides the first: each is moved for itself by a call they share, even where another refuses it": (
            len(service.parts) - 1
        ),
        "bounds of time": sum(state.within_s is not None for _, state in states),
        "sources: only their keys are kept, and none of what is left out": len(
            {source.key for row in service.rows for each in row.evidence for source in each.sources}
        ),
    }
    return tuple(f"{count} {what}" for what, count in counts.items() if count)
