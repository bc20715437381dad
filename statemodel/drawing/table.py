"""What every operation does in every state, as a Markdown table. Must not know any drawing language."""

from collections.abc import Iterable

import attrs

from statemodel.model.evidence import Policy
from statemodel.model.graph import Refusal, Row, TransitionGraph
from statemodel.model.guard import condition

LEGEND = (
    "✓ accepted, and the state stays; → accepted, and leads to that state; ✗ refused, with the codes of that letter; "
    "? open: what is known does not settle it, the service may do either. A number in brackets names a condition."
)
UNDOCUMENTED = "an undocumented code"


@attrs.frozen
class _Notes:
    """What the cells refer to, in order of first mention: lists of codes, and conditions."""

    codes: tuple[tuple[str, ...] | None, ...]
    conditions: tuple[str, ...]


def to_table(graph: TransitionGraph) -> str:
    """The table of a graph, with what its letters and numbers mean below it."""
    cells = [
        (operation.name, [_cell(graph, operation.name, state.name) for state in graph.states])
        for operation in graph.operations
    ]
    notes = _notes(graph, [row for _, line in cells for rows in line for row in rows])
    header = ["operation", *(state.name for state in graph.states)]
    lines = [
        _line(map(_escaped, header)),
        _line("---" for _ in header),
        *(_line([_escaped(name), *(_shown(graph, rows, notes) for rows in line)]) for name, line in cells),
        "",
        LEGEND,
        *_explained(notes),
    ]
    return "\n".join(lines) + "\n"


def _cell(graph: TransitionGraph, operation: str, state: str) -> tuple[Row, ...]:
    return tuple(row for row in graph.rows if row.event.name == operation and state in row.source)


def _notes(graph: TransitionGraph, rows: Iterable[Row]) -> _Notes:
    listed = tuple(rows)
    codes = dict.fromkeys(row.codes for row in listed if isinstance(row, Refusal))
    conditions = dict.fromkeys(_condition(graph, row) for row in listed)
    return _Notes(tuple(codes), tuple(filter(None, conditions)))


def _condition(graph: TransitionGraph, row: Row) -> str:
    guard = condition(row.guard) if row.guard else ""
    policies = {policy.name: policy for policy in graph.policies}
    point = _question(policies[row.under.policy], row.under.option) if row.under and graph.is_open(row) else ""
    return "; ".join(filter(None, (guard, point)))


def _question(policy: Policy, option: str) -> str:
    return f"open point {policy.name}, if {option}: {policy.question}"


def _shown(graph: TransitionGraph, rows: Iterable[Row], notes: _Notes) -> str:
    return "<br>".join(_entry(graph, row, notes) for row in rows)


def _entry(graph: TransitionGraph, row: Row, notes: _Notes) -> str:
    mark = "? " if graph.is_open(row) else ""
    condition = _condition(graph, row)
    number = f" ({notes.conditions.index(condition) + 1})" if condition else ""
    if isinstance(row, Refusal):
        return f"{mark}✗ {_letter(notes.codes.index(row.codes))}{number}"
    return f"{mark}{f'→ {_escaped(row.target)}' if row.target else '✓'}{number}"


def _letter(position: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    rest, last = divmod(position, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def _explained(notes: _Notes) -> list[str]:
    codes = [
        f"- {_letter(position)}: {', '.join(f'`{code}`' for code in codes) if codes else UNDOCUMENTED}"
        for position, codes in enumerate(notes.codes)
    ]
    conditions = [f"- ({number}) {_escaped(text)}" for number, text in enumerate(notes.conditions, 1)]
    return [
        *(["", "Codes:", "", *codes] if codes else []),
        *(["", "Conditions:", "", *conditions] if conditions else []),
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    for mark in "\\|*_<>[]`$":
        text = text.replace(mark, f"\\{mark}")
    return text
