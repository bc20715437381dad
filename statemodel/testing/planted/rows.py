"""Faults of single rows: what one event does in one state, done wrong. Must not know how a service is run."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

import attrs

from statemodel.model.graph import ABSENT, Event, Initiator, Refusal, Row, Transition
from statemodel.model.guard import Guard
from statemodel.model.operation import Action, Operation
from statemodel.semantics import System

OTHER_CODE: Final = "OperationDenied"
Cell = tuple[int, str, str]
Cells = Mapping[Cell, tuple[tuple[Row, bool], ...]]
Fault = tuple[str, str, Cells]


def row_faults(system: System) -> Iterator[Fault]:
    """Every fault of a row: its kind, where it is, and the cells that are otherwise."""
    for cell, rows in system.cells.items():
        for place, (row, _) in enumerate(rows):
            for kind, more, changed in _of_row(system, cell, row):
                put = () if changed is None else (changed,)
                yield kind, _words(system, cell, row) + more, {cell: _put(rows, place, put)}
        yield from _guards(system, cell, rows)
        yield from _gates(system, cell, rows)
    yield from _swapped(system)


def _words(system: System, cell: Cell, row: Row) -> str:
    guard = f" if {row.guard.name}" if row.guard is not None else ""
    return f"{system.parts[cell[0]]} {cell[1]} {cell[2]}{guard}"


def _put(rows: tuple[tuple[Row, bool], ...], place: int, put: tuple[Row, ...]) -> tuple[tuple[Row, bool], ...]:
    return (*rows[:place], *((row, False) for row in put), *rows[place + 1 :])


def _of_row(system: System, cell: Cell, row: Row) -> Iterator[tuple[str, str, Row | None]]:
    if isinstance(row, Refusal):
        yield from _of_refusal(system, cell, row)
    elif isinstance(row.event, Event):
        yield "move never comes", "", None
        yield from _retargeted(system, cell, row)
    else:
        codes = _code(system, cell, ())
        yield (
            "acceptance refused",
            f" with {codes[0]}",
            Refusal((cell[1],), row.event, codes, guard=row.guard, evidence=row.evidence),
        )
        if row.event.action is Action.CALL:
            if row.target not in (None, cell[1]):
                yield "acceptance changes nothing", "", attrs.evolve(row, target=None, effect=None)
            yield from _retargeted(system, cell, row)


def _retargeted(system: System, cell: Cell, row: Transition) -> Iterator[tuple[str, str, Row]]:
    """The same row into every other state; one that stays into one state of every other kind."""
    graph = system.graph(cell[0])
    meant = row.target or cell[1]
    others = [state for state in graph.states if state.name != meant]
    if row.target in (None, cell[1]):
        own = graph.state(meant).kind
        others = [
            next(one for one in others if one.kind is kind)
            for kind in dict.fromkeys(one.kind for one in others)
            if kind is not own
        ]
    for state in others:
        yield "leads elsewhere", f" to {state.name}", attrs.evolve(row, target=state.name)
    if row.effect is not None and row.target != ABSENT:
        yield "effect skipped", f": {row.effect.name}", attrs.evolve(row, effect=None)


def _of_refusal(system: System, cell: Cell, row: Refusal) -> Iterator[tuple[str, str, Row]]:
    wrong = _code(system, cell, row.codes or ())
    yield "wrong code", f": {wrong[0]}", attrs.evolve(row, codes=wrong)
    same: dict[str, Any] = {"guard": row.guard, "evidence": row.evidence}
    yield "refusal accepted", ", nothing changes", Transition(cell[1], row.operation, **same)
    if row.operation.action is Action.CALL:
        for state, other in _similar(system, cell):
            taken = Transition(cell[1], row.operation, other.target, effect=other.effect, **same)
            yield "refusal accepted", f", as in {state}", taken


def _similar(system: System, cell: Cell) -> Iterator[tuple[str, Transition]]:
    """How the call changes something in other states, each way once."""
    seen = set()
    for (position, state, event), rows in system.cells.items():
        if (position, event) == (cell[0], cell[2]):
            for row, _ in rows:
                if isinstance(row, Transition) and (row.target or row.effect):
                    key = (row.target, None if row.effect is None else row.effect.name)
                    if key not in seen:
                        seen.add(key)
                        yield state, row


def _code(system: System, cell: Cell, but: tuple[str, ...]) -> tuple[str, ...]:
    """A code that the call is refused with elsewhere, and not here."""
    for (_, state, event), rows in system.cells.items():
        if event == cell[2] and state != cell[1]:
            for row, _ in rows:
                if isinstance(row, Refusal):
                    for code in row.codes or ():
                        if code not in but and code not in _here(system, cell):
                            return (code,)
    return (OTHER_CODE,)


def _here(system: System, cell: Cell) -> set[str]:
    """Codes that the call may be refused with for this very state."""
    return {code for row, _ in system.cells[cell] if isinstance(row, Refusal) for code in row.codes or ()}


# ------------------------------------------------------------------------------------------------- guards


def _guards(system: System, cell: Cell, rows: tuple[tuple[Row, bool], ...]) -> Iterator[Fault]:
    """Guards taken for their contrary, or for true."""
    guarded = [place for place, (row, _) in enumerate(rows) if row.guard is not None]
    atoms = {atom.name: atom for place in guarded for atom in rows[place][0].guard.atoms()}  # type: ignore[union-attr]
    where = f"{system.parts[cell[0]]} {cell[1]} {cell[2]}"
    for name, atom in atoms.items():
        if not atom.group:
            changed = tuple((attrs.evolve(row, guard=_flipped(row.guard, name)), may) for row, may in rows)
            yield "guard negated", f"{where}: {name}", {cell: changed}
    for one, two in combinations(guarded, 2):
        first, second = rows[one][0], rows[two][0]
        if first.guard is not None and second.guard is not None and second.guard.name in first.guard.group:
            changed = _put(rows, one, (attrs.evolve(first, guard=second.guard),))
            changed = _put(changed, two, (attrs.evolve(second, guard=first.guard),))
            yield "guard negated", f"{where}: {first.guard.name}, {second.guard.name}", {cell: changed}
    for place in guarded:
        row = rows[place][0]
        if len(rows) > 1 or isinstance(row.event, Event):
            yield (
                "guard ignored",
                _words(system, cell, row) + f" ({place})",
                {cell: ((attrs.evolve(row, guard=None), False),)},
            )


def _flipped(guard: Guard | None, name: str) -> Guard | None:
    if guard is None or all(atom.name != name for atom in guard.atoms()):
        return guard
    return Guard(f"{guard.name} with {name} negated", _Flipped(guard, name), (), guard.looks_at)


@attrs.frozen
class _Flipped:
    guard: Guard
    name: str

    def __call__(self, view: Any) -> bool | None:
        truth: dict[str, bool] = {}
        for atom in self.guard.atoms():
            value = atom.test(view)
            if value is None:
                return None
            truth[atom.name] = value is not (atom.name == self.name)
        return self.guard.under(truth)


# ------------------------------------------------------------------------------------------------- gates, outcomes


def _gates(system: System, cell: Cell, rows: tuple[tuple[Row, bool], ...]) -> Iterator[Fault]:
    """Refusals of a part that there is one of, forgotten for calls by one kind of name."""
    operation = system.operations.get(cell[2])
    families = [graph.part for graph in system.service.parts if graph.many is not None]
    if operation is None or system.graph(cell[0]).many is not None or not _is_addressed(operation):
        return
    for place, (row, _) in enumerate(rows):
        if isinstance(row, Refusal) and row.guard is None and cell[1] != ABSENT:
            for part in (*families, ""):
                through = Guard(f"through {part or 'no name'}", _Through(part))
                put = (
                    attrs.evolve(row, guard=~through),
                    Transition(cell[1], operation, guard=through, evidence=row.evidence),
                )
                words = f"{_words(system, cell, row)} {through.name}"
                yield "gate forgotten for a name", words, {cell: _put(rows, place, put)}


def _is_addressed(operation: Operation) -> bool:
    return operation.action is Action.READ and any(one.subject == "qualifier" for one in operation.parameters)


@attrs.frozen
class _Through:
    """Whether a call goes through a member of a part; with no part, through none at all."""

    part: str

    def __call__(self, view: Any) -> bool:
        named = [part for part, keys in view.target.items() if keys]
        return self.part in named if self.part else not named


def _swapped(system: System) -> Iterator[Fault]:
    """Two outcomes of the same work that lead where the other should, with their effects or without."""
    working = dict.fromkeys((place, state) for place, state, _ in system.cells)
    for place, state in working:
        ends = [
            (cell, rows)
            for cell, rows in system.cells.items()
            if cell[:2] == (place, state)
            and len(rows) == 1
            and isinstance(rows[0][0], Transition)
            and rows[0][0].initiator is Initiator.SERVICE
        ]
        for (one, first), (two, second) in combinations(ends, 2):
            a, b = first[0][0], second[0][0]
            assert isinstance(a, Transition)
            assert isinstance(b, Transition)
            if a.target != b.target:
                words = f"{system.parts[place]} {state}: {one[2]}, {two[2]}"
                yield (
                    "outcomes swapped",
                    words,
                    {
                        one: ((attrs.evolve(a, target=b.target), False),),
                        two: ((attrs.evolve(b, target=a.target), False),),
                    },
                )
                if a.effect != b.effect:
                    yield (
                        "outcomes swapped",
                        f"{words}, with their effects",
                        {
                            one: ((attrs.evolve(a, target=b.target, effect=b.effect), False),),
                            two: ((attrs.evolve(b, target=a.target, effect=a.effect), False),),
                        },
                    )
