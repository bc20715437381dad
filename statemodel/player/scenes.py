"""What is possible at one moment, as plain data: the members, what calls would answer, what may move by itself.

A scene speaks of one configuration or of many: in a walk there is one, in a history all that are still possible. It
only repeats what the five functions say, so that the page that shows it decides nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from statemodel.configuration import LOOSE, Configuration, Family, Member, words
from statemodel.model.data import CONTENT, spell
from statemodel.model.graph import ABSENT, Row
from statemodel.model.operation import ANY, Operation
from statemodel.semantics import Accepted, Call, Refused, Step, System, UndecidedError, answers, concerns, hidden
from statemodel.show import Document
from statemodel.unfold import Scope, calls

SHOWN = 12
LEGAL, REFUSED, OPEN = "legal", "refused", "open"

Made = tuple[str, Operation, Call]
Place = Callable[[Configuration], int | None]


class Table:
    """Values told once each, by number in order of first mention; equal ones are told apart by what JSON makes of them.

    Attributes:
        values: the values.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any, *, key: Any = None) -> int:
        """The number of a value; `key` stands for it where it is dear to spell."""
        known = json.dumps(value, ensure_ascii=False, sort_keys=True) if key is None else key
        if known not in self._numbers:
            self._numbers[known] = len(self.values)
            self.values.append(value)
        return self._numbers[known]


@attrs.frozen
class Ledger:
    """What scenes refer to by number: rows of the model, and entries."""

    rows: Table = attrs.field(factory=Table)
    entries: Table = attrs.field(factory=Table)

    def number(self, row: Row) -> int:
        """The number of a row."""
        return self.rows.number(row, key=id(row))


def asked(system: System, scope: Scope, contents: Mapping[int, str] | None = None) -> tuple[Made, ...]:
    """The calls a scene tells of, each with how it is written.

    Args:
        system: the model.
        scope: which calls there are.
        contents: what content is called, where it has names; it is left out where it is never compared.
    """
    names = contents or {}
    found = []
    for operation, args, made in calls(system, scope):
        told = (f"{name}={_sent(name, value, names)}" for name, value in args.items() if _is_told(system, name))
        listed = ", ".join(told)
        found.append((f"{operation.name}({listed})" if listed else operation.name, operation, made))
    return tuple(found)


def _is_told(system: System, name: str) -> bool:
    return name != "content" or system.service.compares_content


def _sent(name: str, value: Any, contents: Mapping[int, str]) -> str:
    return contents.get(value, f"content {value + 1}") if name == "content" else str(value)


# ------------------------------------------------------------------------------------------------- a scene


def scene(
    system: System, configurations: Iterable[Configuration], made: Iterable[Made], ledger: Ledger, place: Place
) -> Document:
    """What is possible in some configurations.

    Args:
        system: the model.
        configurations: those that are possible, at least one.
        made: the calls to tell of.
        ledger: where rows and entries are numbered.
        place: the number of the scene that shows a configuration, None where none does.
    """
    listed = sorted(configurations, key=_order)
    leads = place if len(listed) == 1 else None
    said = sorted({words(one, system.parts) for one in listed})
    entries = [
        *_entries_of_calls(system, listed, made, ledger, leads),
        *_entries_of_moves(system, listed, ledger, leads),
    ]
    return {
        "parts": list(system.parts),
        "members": members(system, listed),
        "words": said[:SHOWN],
        "more": max(len(said) - SHOWN, 0),
        "carries": carried(system, listed[0]) if len(listed) == 1 else [],
        "entries": [ledger.entries.number(entry) for entry in entries],
    }


def _order(configuration: Configuration) -> tuple[str, ...]:
    """A sorting key that depends neither on the order of a set nor on where functions lie in memory."""
    return tuple(
        repr(attrs.evolve(slot, facts=frozenset()))
        + repr(sorted((query.name, str(query.about), value) for query, value in slot.facts))
        if isinstance(slot, Family)
        else repr(slot)
        for slot in configuration
    )


def members(system: System, configurations: Iterable[Configuration]) -> list[Document]:
    """By part and key, the states in which a member may be, in the order in which they are defined."""
    listed = list(configurations)
    found: list[Document] = []
    for position, graph in enumerate(system.service.parts):
        order = [state.name for state in graph.states]
        slots = [one[position] for one in listed]
        keys = dict.fromkeys(key for slot in slots if isinstance(slot, Family) for key, _ in slot.members)
        looked = [None] if graph.many is None else sorted(keys, key=lambda key: (isinstance(key, str), str(key)))
        for key in looked:
            states = {name for slot in slots for name in _states(slot, key, order)}
            name = None if key is None else spell(key)
            found.append({"part": graph.part, "key": name, "states": [each for each in order if each in states]})
        if any(isinstance(slot, Family) and slot.is_open and not slot.is_unborn for slot in slots):
            found.append({"part": graph.part, "key": "others", "states": order})
    return found


def _states(slot: Member | Family, key: Any, order: list[str]) -> Iterable[str]:
    if isinstance(slot, Member):
        return order if slot.state is LOOSE else (slot.state,)
    member = slot.get(key)
    if member is None:
        return order if slot.is_open else (ABSENT,)
    return (member.state,)


def carried(system: System, configuration: Configuration) -> list[str]:
    """What members carry beside their state; of content only where it is."""
    found: list[str] = []
    for graph, slot in zip(system.service.parts, configuration, strict=True):
        held = ((None, slot),) if isinstance(slot, Member) else slot.present()
        for key, member in held:
            name = graph.part if key is None else f"{graph.part} {spell(key)}"
            if member.data is not None and (told := list(_told(member.data))):
                found.append(f"{name}: {', '.join(told)}")
    return found


def _told(data: Any) -> Iterator[str]:
    for one in attrs.fields(type(data)):
        value = getattr(data, one.name)
        if CONTENT in one.metadata:
            yield f"{one.name} {'there' if value is not None else 'none'}"
        else:
            yield f"{one.name} {'none' if value is None else value}"


# ------------------------------------------------------------------------------------------------- entries


def _entries_of_calls(
    system: System, configurations: list[Configuration], made: Iterable[Made], ledger: Ledger, place: Place | None
) -> Iterator[Document]:
    for label, operation, one in made:
        ways: list[Document] = []
        found: list[Step] = []
        sides: set[bool] = set()
        is_sure = True
        for before in configurations:
            try:
                if not concerns(system, before, one):
                    continue
                steps = answers(system, before, one)
            except UndecidedError:
                is_sure = False
                continue
            for step in steps:
                sides.add(isinstance(step.answer, Accepted))
                found.append(step)
                if place:
                    ways.append(_way(system, before, step, ledger, place))
        if sides or not is_sure:
            verdict = OPEN if len(sides) != 1 or not is_sure else LEGAL if True in sides else REFUSED
            yield {
                "label": label, "name": operation.name, "initiator": "caller", "kind": str(operation.action),
                "verdict": verdict, "ways": _once(ways) if place else _summed_up(found, ledger),
                "undecided": not is_sure,
            }  # fmt: skip


def _way(system: System, before: Configuration, step: Step, ledger: Ledger, place: Place) -> Document:
    told = {
        "says": _said((step,)), "may": step.modality == "may", "rows": [ledger.number(row) for row in step.rows],
        "to": None,
    }  # fmt: skip
    return {**told, **(_after(system, step.after, place) if step.after != before else {})}


def _summed_up(steps: Iterable[Step], ledger: Ledger) -> list[Document]:
    """What many configurations answer: one way for all that accept, one for all that refuse."""
    ways: list[Document] = []
    listed = list(steps)
    for is_accepted in (True, False):
        own = [step for step in listed if isinstance(step.answer, Accepted) is is_accepted]
        if own:
            rows = dict.fromkeys(ledger.number(row) for step in own for row in step.rows)
            is_may = any(step.modality == "may" for step in own)
            ways.append({"says": _said(own), "may": is_may, "rows": list(rows), "to": None})
    return ways


def _said(steps: Iterable[Step]) -> str:
    """Answers of one kind in words: the fields of those that accept, the codes of those that refuse."""
    shown: dict[str, dict[str, None]] = {}
    codes: dict[str, None] = {}
    for step in steps:
        if isinstance(step.answer, Refused):
            codes.update(dict.fromkeys(step.answer.codes or ("an undocumented code",)))
            continue
        for field in step.answer.operation.fields:
            values: Any = step.answer.shows(field.name) if field.known else ANY
            if values is not ANY:
                told = ("nothing" if value is None else str(value) for value in values)
                shown.setdefault(field.name, {}).update(dict.fromkeys(told))
    if codes:
        return f"refused with {' or '.join(codes)}"
    fields = ", ".join(f"{name} {' | '.join(values)}" for name, values in shown.items())
    return f"accepted: {fields}" if fields else "accepted"


def _after(system: System, after: Configuration, place: Place | None) -> Document:
    """Where a step leads; of many configurations it is not told."""
    return {"to": place(after), "after": words(after, system.parts)} if place else {}


def _entries_of_moves(
    system: System, configurations: list[Configuration], ledger: Ledger, place: Place | None
) -> Iterator[Document]:
    found: dict[str, Document] = {}
    for before in configurations:
        try:
            moves = hidden(system, before)
        except UndecidedError:
            continue
        for move in moves:
            label = move.event.name + (f" of {spell(move.key)}" if move.key is not None else "")
            rows = [ledger.number(row) for row in move.rows]
            entry = found.setdefault(label, {
                "label": label, "name": move.event.name, "initiator": str(move.event.initiator), "kind": "hidden",
                "verdict": "hidden", "ways": [], "undecided": False,
            })
            told = {"says": "happens", "may": move.modality == "may", "rows": rows, "to": None}
            entry["ways"].append({**told, **_after(system, move.after, place)})
    for entry in found.values():
        yield {**entry, "ways": _once(entry["ways"])}


def _once(ways: Iterable[Document]) -> list[Document]:
    """Ways that differ, in order of first mention."""
    found: dict[str, Document] = {}
    for way in ways:
        found.setdefault(json.dumps(way, sort_keys=True), way)
    return list(found.values())
