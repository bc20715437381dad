"""The system unfolded: every configuration up to a number of versions, nothing merged, and the document of it.

Unfolding speaks of two contents, `a` and `b`, and of one name besides those that a model brings.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from typing import Any

import attrs

from statemodel.configuration import GONE, Configuration, Family, Member, held, renamed, replace
from statemodel.model.data import spell
from statemodel.model.graph import Named, Numbered
from statemodel.model.operation import ANY, UNRECORDED, Action, Listing, Operation, Parameter, Subject
from statemodel.semantics import Accepted, Call, Refused, System, View, answers, call, concerns, hidden, initial

CONTENTS = ("a", "b")
NAMES = ("live",)


@attrs.frozen
class Scope:
    """How far an unfolding goes.

    Attributes:
        versions: greatest number of a numbered family.
        contents: content symbols that calls may bring.
        names: names that callers may choose.
        is_plain: whether calls keep to their defaults where they may, and never speak of members that a model brings.
        has_shares: whether calls give a second version a share.
    """

    versions: int = 2
    contents: tuple[int, ...] = (0, 1)
    names: tuple[str, ...] = NAMES
    is_plain: bool = False
    has_shares: bool = False


class Sent(dict[str, Any]):
    """An object to be sent that can be told from others."""

    def __hash__(self) -> int:  # type: ignore[override]
        """The hash of how it is spelt."""
        return hash(repr(self))


def calls(system: System, scope: Scope) -> list[tuple[Operation, dict[str, Any], Call]]:
    """Every call within a scope, in the order of operations and parameters; lists of other resources are left out."""
    found: list[tuple[Operation, dict[str, Any], Call]] = []
    for operation in system.service.operations:
        if operation.listing is not None and operation.listing.part is None:
            continue
        found.extend((operation, args, call(operation, args)) for args in _arguments(system, operation, scope))
    return found


def _arguments(system: System, operation: Operation, scope: Scope) -> Iterator[dict[str, Any]]:
    choices = [
        [(parameter.name, value) for value in _values(system, parameter, scope)] for parameter in operation.parameters
    ]
    for chosen in product(*choices):
        yield {name: value for name, value in chosen if value is not UNRECORDED}


def _values(system: System, parameter: Parameter, scope: Scope) -> list[Any]:
    omitted = [] if parameter.required else [UNRECORDED]
    numbers: list[Any] = []
    names: list[Any] = []
    for graph in (*system.service.parts, *system.service.around):
        if isinstance(graph.many, Numbered):
            numbers = [str(number) for number in range(1, scope.versions + 1)]
        if isinstance(graph.many, Named):
            names = list(dict.fromkeys((*(() if scope.is_plain else graph.many.first), *scope.names)))
            if scope.is_plain and parameter.default in graph.many.first:
                omitted = []
    tried = [value for value in parameter.tried if value != parameter.default]
    match parameter.subject:
        case Subject.IDENTITY:
            return [UNRECORDED]
        case Subject.CONTENT:
            return list(scope.contents)
        case Subject.VERSION:
            return [*omitted, *tried, *numbers]
        case Subject.QUALIFIER:
            return [*omitted, *tried, *numbers, *(name for name in names if name != parameter.default)]
        case Subject.ALIAS:
            return [*omitted, *names]
        case Subject.FLAG:
            return [
                *omitted,
                *(value for value in parameter.values if value != parameter.default and not scope.is_plain),
            ]
    if parameter.sharing is not None and scope.has_shares:
        return [*omitted, *(Sent(parameter.sharing(number)) for number in numbers)]
    if scope.is_plain and omitted:
        return omitted
    return [*omitted, *tried] or [UNRECORDED]


def begun(system: System, scope: Scope) -> Configuration:
    """The initial configuration, with the names of the scope listed where members come into being by themselves."""
    configuration = initial(system)
    for place, slot in enumerate(configuration):
        if isinstance(slot, Family) and slot.is_open:
            listed = attrs.evolve(slot, members=tuple((name, GONE) for name in sorted(scope.names)))
            configuration = replace(configuration, place, listed)
    return configuration


def is_within(configuration: Configuration, scope: Scope) -> bool:
    """Whether no number lies beyond the scope."""
    return all(slot.low <= scope.versions for slot in configuration if isinstance(slot, Family))


def grounded(system: System, configuration: Configuration, scope: Scope) -> list[Configuration]:
    """The configuration with every unseen content replaced by each content of the scope."""
    unseen = [symbol for symbol in held(configuration) if symbol < 0]
    if not unseen:
        return [configuration]
    return [
        renamed(configuration, dict(zip(unseen, chosen, strict=True)), {}, system.parts)
        for chosen in product(scope.contents, repeat=len(unseen))
    ]


@attrs.frozen
class Edge:
    """One edge of an unfolded system; `args` and `answer` for a call, `event` for a hidden move."""

    before: int
    after: int
    name: str
    modality: str
    initiator: str
    args: tuple[tuple[str, Any], ...] | None = None
    answer: Any = None


@attrs.frozen
class Unfolding:
    """Configurations by number and the edges between them."""

    system: System
    configurations: tuple[Configuration, ...]
    edges: tuple[Edge, ...]


def unfold(system: System, scope: Scope) -> Unfolding:
    """Everything reachable within a scope, breadth first."""
    numbers: dict[Configuration, int] = {}
    queue: deque[Configuration] = deque()

    def number(configuration: Configuration) -> int:
        if configuration not in numbers:
            numbers[configuration] = len(numbers)
            queue.append(configuration)
        return numbers[configuration]

    number(begun(system, scope))
    made = [(operation, _letters(args), one) for operation, args, one in calls(system, scope)]
    edges: list[Edge] = []
    while queue:
        before = queue.popleft()
        here = numbers[before]
        for operation, args, one in made:
            if concerns(system, before, one):
                found: dict[tuple[int, str], Edge] = {}
                for step in answers(system, before, one):
                    if isinstance(step.answer, Refused):
                        there = number(step.after)
                        for code in step.answer.codes or ("*",):
                            edge = Edge(here, there, operation.name, step.modality, "caller", args, _refused(code))
                            found.setdefault((there, code), edge)
                        continue
                    for after in grounded(system, step.after, scope):
                        if is_within(after, scope):
                            there = number(after)
                            for answer in _spelled(step.answer, operation, after):
                                edge = Edge(here, there, operation.name, step.modality, "caller", args, answer)
                                found.setdefault((there, repr(answer)), edge)
                edges.extend(found.values())
        moved: dict[tuple[int, str], Edge] = {}
        for move in hidden(system, before):
            for after in grounded(system, move.after, scope):
                there = number(after)
                edge = Edge(here, there, move.event.name, move.modality, move.event.initiator)
                moved.setdefault((there, move.event.name), edge)
        edges.extend(moved.values())
    return Unfolding(system, tuple(numbers), tuple(edges))


def _letters(args: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, content_name(value) if name == "content" else value) for name, value in args.items())


def content_name(symbol: int) -> str:
    """A content symbol as a letter."""
    return CONTENTS[symbol]


@cache
def _refused(code: str) -> dict[str, str]:
    return {"error": code}


def _spelled(answer: Accepted, operation: Operation, after: Configuration) -> list[dict[str, Any]]:
    view = View(answer.view.system, after, answer.view.args, answer.view.target)
    choices: list[list[tuple[str, Any]]] = []
    for field in operation.fields:
        shown = field.shows(view)
        if shown is not ANY:
            choices.append([(field.name, _value(field.name, value)) for value in dict.fromkeys(shown)])
    if operation.listing is not None:
        choices.append([(operation.listing.name, entries) for entries in _entries(operation.listing, view)])
    return [{"result": _nested(chosen)} for chosen in product(*choices)]


def _value(name: str, value: Any) -> Any:
    return content_name(value) if name == "content" and isinstance(value, int) else value


def _nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Dotted names become nested objects."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        *outer, last = name.split(".")
        place = whole
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = value
    return whole


def _entries(listing: Listing, view: View) -> list[list[dict[str, Any]]]:
    """Every list that may be shown: entries that may be left out are there or not."""
    if listing.part is None or listing.part not in view.system.parts:
        return []
    position = view.system.parts.index(listing.part)
    looked_from = [(spell(key), view.at(position, key)) for key, _ in view.members(listing.part)]
    is_paged = any(view.args.get(name) not in (None, UNRECORDED, "", 0) for name in listing.paging)
    alternatives: list[list[dict[str, Any]]] = []
    for name, each in looked_from:
        present = True if listing.present is None else listing.present(each)
        may_lack = is_paged or present is not True
        shown = [(field.name, field.shows(each)) for field in listing.fields]
        choices = [[(field, value) for value in values] for field, values in shown if values is not ANY]
        entries = [{listing.key: name, **dict(chosen)} for chosen in product(*choices)]
        alternatives.append([*([{}] if may_lack else []), *(entries if present is not False else [])])
    return [[entry for entry in chosen if entry] for chosen in product(*alternatives)]


# ------------------------------------------------------------------------------------------------- the document


def document(unfolding: Unfolding) -> dict[str, Any]:
    """The unfolded system in the format of the contract."""
    return {name: list(value) if isinstance(value, Iterator) else value for name, value in streamed(unfolding).items()}


def streamed(unfolding: Unfolding) -> dict[str, Any]:
    """The same document with iterators in place of its long lists."""
    return {
        "contract": 1,
        "name": unfolding.system.service.name,
        "initial": [0],
        "configurations": _configurations(unfolding),
        "edges": map(_edge, unfolding.edges),
    }


def _configurations(unfolding: Unfolding) -> Iterator[dict[str, Any]]:
    system = unfolding.system
    shown: dict[int, dict[str, list[Any]]] = {place: {} for place in range(len(unfolding.configurations))}
    for edge in unfolding.edges:
        operation = system.operations.get(edge.name)
        if operation and operation.action is Action.READ and edge.args == () and edge.initiator == "caller":
            shown[edge.before].setdefault(edge.name, []).append(edge.answer)
    for place, each in enumerate(unfolding.configurations):
        visible = {name: _one(answered) for name, answered in shown[place].items()}
        yield {"id": place, "states": _states(system, each), "visible": visible}


def _one(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else {"any": found}


def _states(system: System, configuration: Configuration) -> dict[str, Any]:
    states: dict[str, Any] = {}
    for part, slot in zip(system.parts, configuration, strict=True):
        if isinstance(slot, Member):
            states[part] = slot.state
        else:
            states.update((f"{part} {spell(key)}", member.state) for key, member in slot.members)
    return states


def _edge(edge: Edge) -> dict[str, Any]:
    ends = {"from": edge.before, "to": edge.after}
    if edge.args is None:
        return {**ends, "event": edge.name, "initiator": edge.initiator, "modality": edge.modality}
    return {
        **ends,
        "op": edge.name,
        "args": dict(edge.args),
        "answer": edge.answer,
        "initiator": edge.initiator,
        "modality": edge.modality,
    }
