"""What a model says, as a document in the format of the contract. Must not know how it is printed."""

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

import attrs

from statemodel.configuration import GONE, Configuration, Family, Member
from statemodel.model.cells import cell
from statemodel.model.data import Key, alternatives, spell
from statemodel.model.evidence import Policy, Support
from statemodel.model.graph import Event, Kind, Named, Numbered, Refusal, Row, State, Transition, TransitionGraph
from statemodel.model.operation import ANY, UNRECORDED, Action, Field, Listing, Operation, Parameter, Rule, Subject
from statemodel.model.service import Invariant, Model, Service, as_service
from statemodel.semantics import Refused, System, UndecidedError, View, answers, call, prepare

Document = dict[str, Any]


def library_version() -> str:
    """Version of the installed library."""
    try:
        return version_of("statemodel")
    except PackageNotFoundError:
        return "unknown"


def is_composed(model: Model) -> bool:
    """Whether a model has more than one part."""
    return isinstance(model, Service) and len(model.parts) != 1


def graphs_of(model: Model) -> tuple[TransitionGraph, ...]:
    """The graphs a model is made of."""
    return as_service(model).parts


def missing_from(row: Row, present: Iterable[str]) -> tuple[str, ...]:
    """The parts that a row's guard looks at and that are not there, so that nobody can tell whether it holds."""
    looks_at = dict.fromkeys(part for atom in row.guard.atoms() for part in atom.looks_at) if row.guard else {}
    there = set(present)
    return tuple(part for part in looks_at if part not in there)


def is_may(graph: TransitionGraph, row: Row, present: Iterable[str]) -> bool:
    """Whether a row is `may` where these parts are present: its policy is open, or its guard looks at others."""
    return graph.is_open(row) or bool(missing_from(row, present))


def sources_of(evidence: Support) -> tuple[str, ...]:
    """The sources of some evidence, once each, spelled out."""
    return tuple(dict.fromkeys(str(source) for each in evidence for source in each.sources))


# ------------------------------------------------------------------------------------------------- shares


@attrs.frozen
class Shares:
    """How much of a model is sure: cells are operations by states.

    Attributes:
        must: cells of which every row is must.
        may: other cells with a may row.
        open: cells that an open policy lets be accepted as well as refused.
    """

    must: int = 0
    may: int = 0
    open: int = 0

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(self.must + other.must, self.may + other.may, self.open + other.open)

    def document(self) -> Document:
        """The three numbers by name."""
        return {"must": self.must, "may": self.may, "open": self.open}

    def text(self) -> str:
        """The three numbers with percentages."""
        total = self.must + self.may + self.open
        parts = (f"{name} {count} ({count / total:.0%})" for name, count in self.document().items()) if total else ()
        return f"{total} cells: {', '.join(parts)}" if total else "no cells"


def shares_of(graph: TransitionGraph, present: Iterable[str]) -> Shares:
    """How much of one graph is sure where these parts are present."""
    there = tuple(present)
    counts = {"must": 0, "may": 0, "open": 0}
    for operation in graph.operations:
        for state in graph.states:
            counts[modality_of(graph, cell(graph, state.name, operation.name), there)] += 1
    return Shares(**counts)


def modality_of(graph: TransitionGraph, rows: Iterable[Row], present: Iterable[str]) -> str:
    """Whether the rows of one cell are must, open, or else may."""
    there, rows = tuple(present), tuple(rows)
    if not any(is_may(graph, row, there) for row in rows):
        return "must"
    sides = {isinstance(row, Refusal) for row in rows if graph.is_open(row)}
    return "open" if len(sides) > 1 else "may"


def total_shares(model: Model) -> Shares:
    """How much of a whole model is sure."""
    graphs = graphs_of(model)
    present = tuple(graph.part for graph in graphs)
    return sum((shares_of(graph, present) for graph in graphs), Shares())


# ------------------------------------------------------------------------------------------------- documents


def document(model: Model) -> Document:
    """A model in the format of the contract; a part seen alone is the document of its graph."""
    graphs = graphs_of(model)
    if not is_composed(model):
        return {"contract": 1, **_graph(graphs[0], (graphs[0].part,))}
    service = as_service(model)
    present = tuple(graph.part for graph in graphs)
    return {
        "contract": 1,
        "name": service.name,
        "version": library_version(),
        "doc": service.doc,
        "shares": total_shares(service).document(),
        "graphs": [_graph(graph, present) for graph in graphs],
        "operations": [_operation(each, _shows_by_part(graphs, each)) for each in service.operations],
        "invariants": [_invariant(each) for each in service.invariants],
        "policies": [_policy(each, chosen_in(graphs)[each.name]) for each in service.policies],
    }


def chosen_in(graphs: Iterable[TransitionGraph]) -> dict[str, str]:
    """The option in force for each policy of some graphs."""
    return {name: option for graph in graphs for name, option in graph.chosen().items()}


def _graph(graph: TransitionGraph, present: tuple[str, ...]) -> Document:
    rows = [(state, row) for row in graph.rows for state in row.source]
    return {
        "name": graph.name,
        "version": library_version(),
        "doc": graph.doc,
        "initial": graph.initial,
        "shares": shares_of(graph, present).document(),
        "states": [_state(state) for state in graph.states],
        "transitions": [_transition(graph, state, row, present) for state, row in rows if isinstance(row, Transition)],
        "refusals": [_refusal(graph, state, row, present) for state, row in rows if isinstance(row, Refusal)],
        "operations": [_operation(each, _shows(graph, each)) for each in graph.operations],
        "policies": [_policy(each, graph.chosen()[each.name]) for each in graph.policies],
    }


def _state(state: State) -> Document:
    shown: Document = {"name": state.name, "status": state.status, "kind": str(state.kind), "doc": state.doc}
    if state.fields:
        shown["fields"] = dict(state.fields)
    if state.within_s is not None:
        shown["within_s"] = state.within_s
    return shown


def _transition(graph: TransitionGraph, state: str, row: Transition, present: tuple[str, ...]) -> Document:
    asked_by = list(row.event.asked_by) if isinstance(row.event, Event) else []
    return {
        "source": state,
        "event": row.event.name,
        "initiator": str(row.initiator),
        "target": row.target or state,
        "guard": row.guard.name if row.guard else None,
        "effect": row.effect.name if row.effect else None,
        **({"asked_by": asked_by} if asked_by else {}),
        **_support(graph, row, present),
    }


def _refusal(graph: TransitionGraph, state: str, row: Refusal, present: tuple[str, ...]) -> Document:
    return {
        "state": state,
        "operation": row.operation.name,
        "guard": row.guard.name if row.guard else None,
        "codes": None if row.codes is None else list(row.codes),
        **_support(graph, row, present),
    }


def _support(graph: TransitionGraph, row: Row, present: tuple[str, ...]) -> Document:
    """What both kinds of rows say of themselves; every `may` names what it comes from."""
    said: Document = {
        "modality": "may" if is_may(graph, row, present) else "must",
        "confidence": str(row.evidence[0].confidence),
        "sources": list(sources_of(row.evidence)),
    }
    if row.under is not None:
        said["policy"] = str(row.under)
    if missing := missing_from(row, present):
        said["missing"] = list(missing)
    if notes := [each.note for each in row.evidence if each.note]:
        said["notes"] = notes
    return said


def _policy(policy: Policy, chosen: str) -> Document:
    return {
        "name": policy.name,
        "question": policy.question,
        "options": list(policy.options),
        "default": policy.default,
        "chosen": chosen,
        "sources": list(sources_of(policy.evidence)),
        "notes": [each.note for each in policy.evidence if each.note],
    }


def _invariant(invariant: Invariant) -> Document:
    return {
        "name": invariant.name,
        "claim": str(invariant.claim),
        "about": list(invariant.about),
        "under": [str(choice) for choice in invariant.under],
        "sources": list(sources_of(invariant.evidence)),
    }


def _operation(operation: Operation, shows: Document) -> Document:
    shown: Document = {
        "name": operation.name,
        "kind": str(operation.action),
        "doc": operation.doc,
        "parameters": [_parameter(each) for each in operation.parameters],
        "rules": [_rule(each) for each in operation.rules],
        "request_codes": list(operation.request_codes),
        "sources": list(sources_of(operation.evidence)),
    }
    if operation.action is Action.READ:
        shown["shows"] = shows
    return shown


def _rule(rule: Rule) -> Document:
    codes = None if rule.codes is None else list(rule.codes)
    return {"name": rule.name, "codes": codes, "sources": list(sources_of(rule.evidence))}


def _parameter(parameter: Parameter) -> Document:
    limits = ("minimum", "maximum", "step", "pattern", "longest")
    return {
        "name": parameter.name,
        "subject": str(parameter.subject),
        "required": parameter.required,
        "default": _plain(parameter.default),
        "values": [_plain(value) for value in parameter.values],
        "limits": {name: getattr(parameter, name) for name in limits if getattr(parameter, name) is not None},
        "pattern": parameter.pattern,
        "sources": list(sources_of(parameter.evidence)),
    }


def _plain(value: Any) -> Any:
    """A value as JSON holds it; None where it is no value at all."""
    if value is UNRECORDED or value is ANY:
        return None
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str | dict) else str(value)


# ------------------------------------------------------------------------------------------------- what reads show


def _shows(graph: TransitionGraph, operation: Operation) -> Document:
    """By state, what a read with its defaults shows of a graph: values that fields may have, codes that may refuse it.

    Only fields of which the service's values are known are told of; one that is left out may show anything.
    """
    if operation.action is not Action.READ:
        return {}
    system = prepare(graph)
    return {state.name: _shown_in(system, operation, state) for state in graph.states}


def _shows_by_part(graphs: Iterable[TransitionGraph], operation: Operation) -> Document:
    return {graph.part: _shows(graph, operation) for graph in graphs if operation in graph.operations}


def _shown_in(system: System, operation: Operation, state: State) -> Document:
    graph = system.graph(0)
    key = _key(graph)
    made = attrs.evolve(call(operation, _addressing(graph, operation, key)), invalid=())
    views: list[View] = []
    codes: dict[str, None] = {}
    for configuration in _configurations(graph, state, key):
        for step in answers(system, configuration, made):
            if isinstance(step.answer, Refused):
                codes.update(dict.fromkeys(step.answer.codes or ("*",)))
            else:
                views.append(step.answer.view)
    shown: Document = {}
    if views:
        shown["result"] = _fields(operation.fields, views)
        if (listing := operation.listing) is not None and listing.part in (None, graph.part):
            shown["result"][listing.name] = _entry(listing, views, state, key)
    return {**shown, "error": list(codes)} if codes else shown


def _key(graph: TransitionGraph) -> Key | None:
    """A member of a family to look at, or None where there is only one."""
    if graph.many is None:
        return None
    return 1 if isinstance(graph.many, Numbered) else "name"


def _addressing(graph: TransitionGraph, operation: Operation, key: Key | None) -> dict[str, Any]:
    """Arguments that address the member."""
    if key is None:
        return {}
    subjects = (Subject.VERSION, Subject.QUALIFIER, Subject.ALIAS)
    named = [each for each in operation.parameters if each.subject in subjects]
    if not named and isinstance(graph.many, Named):
        named = [each for each in operation.parameters if each.subject is Subject.IDENTITY]
    return {each.name: spell(key) for each in named}


def _configurations(graph: TransitionGraph, state: State, key: Key | None) -> list[Configuration]:
    """The graph alone in one state, with everything that one member may carry there."""
    if state.kind is Kind.ABSENT:
        return [(GONE,) if key is None else (Family(),)]
    members = [Member(state.name, data) for data in alternatives(graph.data, {}, -1)]
    if key is None:
        return [(member,) for member in members]
    return [(Family(((key, member),), 1, 1),) for member in members]


def _entry(listing: Listing, views: list[View], state: State, key: Key | None) -> Document:
    """Whether a list shows the member, None where that is open, and what it shows of it."""
    if key is not None:
        if state.kind is Kind.ABSENT:
            return {"listed": False}
        views = [view.at(0, key) for view in views]
    listed = {_told(listing.present, view) for view in views} if listing.present else {True}
    if listed == {False}:
        return {"listed": False}
    return {"listed": True if listed == {True} else None, **_fields(listing.fields, views)}


def _fields(fields: Iterable[Field], views: list[View]) -> Document:
    found: Document = {}
    for field in fields:
        shown = [_told(field.shows, view) for view in views] if field.known else []
        if shown and not any(values is ANY or values is None for values in shown):
            found[field.name] = list(dict.fromkeys(value for values in shown for value in values))
    return found


def _told(asked: Callable[[Any], Any], view: View) -> Any:
    """What a function of a view says; None where it depends on members that nobody has seen."""
    try:
        return asked(view)
    except UndecidedError:
        return None
