"""What a model says, as a page for people: plain text and Markdown. Reads the model; must not know who asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap

import attrs

from statemodel.drawing.table import to_table
from statemodel.model.cells import cell
from statemodel.model.evidence import Confidence, Policy, Source, Support
from statemodel.model.graph import Refusal, Row, State, Transition, TransitionGraph
from statemodel.model.guard import in_words
from statemodel.model.service import Model, Service
from statemodel.show import (
    chosen_in,
    graphs_of,
    is_composed,
    is_may,
    missing_from,
    modality_of,
    shares_of,
    total_shares,
)

WIDTH = 100
LEGEND = (
    ("yes", "accepted"),
    ("no", "refused"),
    ("if", "accepted or refused, as the guards say"),
    ("yes*", "accepted in some cases; others are open"),
    ("no*", "refused in some cases; others are open"),
    ("if*", "as the guards say, and open in some cases"),
    ("?", "open: nothing that could be found says whether it is accepted"),
)


@attrs.frozen
class Style:
    """How the pieces of a page are laid out.

    Attributes:
        heading: level (1 to 3) and text -> lines.
        paragraph: text -> lines.
        table: header and rows -> lines.
        item: head and details -> lines.
    """

    heading: Callable[[int, str], list[str]]
    paragraph: Callable[[str], list[str]]
    table: Callable[[Sequence[str], Sequence[Sequence[str]]], list[str]]
    item: Callable[[str, Sequence[str]], list[str]]


# ------------------------------------------------------------------------------------------------- plain text


def wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    """A text in lines of at most 100 columns, the first indented one way and all others another."""
    return wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )


def _text_heading(level: int, text: str) -> list[str]:
    if level == 1:
        return [text, "=" * len(text), ""]
    return ["", text, ("-" if level == 2 else ".") * len(text), ""]


def _text_paragraph(text: str) -> list[str]:
    return [*wrapped(text), ""]


def _text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side; the last one wraps."""
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header) - 1)]
    indent = "  " + "".join(" " * (width + 2) for width in widths)
    lines: list[str] = []
    for row in (header, *rows):
        first = "  " + "".join(value.ljust(width + 2) for value, width in zip(row, widths, strict=False))
        room = max(WIDTH - len(indent), 20)
        parts = wrap(row[-1], room, break_long_words=False, break_on_hyphens=False) or [""]
        lines.append((first + parts[0]).rstrip())
        lines.extend(indent + part for part in parts[1:])
    return lines


def _text_item(head: str, details: Sequence[str]) -> list[str]:
    lines = wrapped(head, "  ", "    ")
    for detail in details:
        lines.extend(wrapped(detail, "      ", "        "))
    return lines


TEXT = Style(_text_heading, _text_paragraph, _text_table, _text_item)

# ------------------------------------------------------------------------------------------------- Markdown


def _escaped(text: str) -> str:
    for mark in "\\|*_<>[]`$":
        text = text.replace(mark, f"\\{mark}")
    return text


def _md_heading(level: int, text: str) -> list[str]:
    return [] if not text else [*([""] if level > 1 else []), f"{'#' * level} {_escaped(text)}", ""]


def _md_paragraph(text: str) -> list[str]:
    return [_escaped(text), ""]


def _md_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    shown = [f"| {' | '.join(map(_escaped, row))} |" for row in (header, *rows)]
    return [shown[0], "|" + " --- |" * len(header), *shown[1:]]


def _md_item(head: str, details: Sequence[str]) -> list[str]:
    return [
        f"- {_escaped(head)}" + ("  " if details else ""),
        *(f"  {_escaped(detail)}" + ("  " if place < len(details) else "") for place, detail in enumerate(details, 1)),
    ]


MARKDOWN = Style(_md_heading, _md_paragraph, _md_table, _md_item)

# ------------------------------------------------------------------------------------------------- the page


@attrs.frozen
class Additions:
    """What a page of reference shows besides.

    Attributes:
        drawing: lines of Markdown that show the drawing, below what the model is.
        proofs: by statement, what came of it in words; None where nobody tried to prove anything.
    """

    drawing: tuple[str, ...] = ()
    proofs: Mapping[str, str] | None = None


def text(model: Model) -> str:
    """A model as plain text of at most 100 columns, names that are longer excepted."""
    return _joined(_page(model, TEXT))


def markdown(model: Model, additions: Additions | None = None) -> str:
    """A model as Markdown; with additions as a page of reference, recorded evidence included."""
    return _joined(_page(model, MARKDOWN, additions))


SECTIONS = ("states", "transitions", "refusals", "operations", "invariants", "policies", "sources")


def section(model: Model, name: str) -> str:
    """One of the SECTIONS of a page as Markdown without its heading; those of parts follow each other.

    Raises:
        KeyError: there is no such section.
    """
    graphs = graphs_of(model)
    present = tuple(graph.part for graph in graphs)
    of_graph: dict[str, Callable[[TransitionGraph], list[str]]] = {
        "states": lambda graph: _states(graph, MARKDOWN),
        "transitions": lambda graph: _transitions(graph, present, MARKDOWN),
        "refusals": lambda graph: _items(graph, _refusals(graph), present, MARKDOWN),
        "operations": lambda graph: _cells(graph, present, MARKDOWN, None),
    }
    if name in of_graph:
        several = len(graphs) > 1
        lines = [
            line
            for graph in graphs
            for line in ([f"**{_escaped(graph.name)}**", ""] if several else []) + of_graph[name](graph) + [""]
        ]
    else:
        whole = {
            "invariants": lambda: _invariants(model, MARKDOWN, None),
            "policies": lambda: _policies(_points(graphs), chosen_in(graphs), MARKDOWN),
            "sources": lambda: _sources(model, MARKDOWN),
        }
        lines = whole[name]()[3:]  # without the heading
    return _joined(lines)


def _joined(lines: Sequence[str]) -> str:
    kept = (line for place, line in enumerate(lines) if line or place == 0 or lines[place - 1])
    return "\n".join(kept).strip() + "\n"


def _points(graphs: Iterable[TransitionGraph]) -> tuple[Policy, ...]:
    return tuple(dict.fromkeys(each for graph in graphs for each in graph.policies))


def _page(model: Model, style: Style, additions: Additions | None = None) -> list[str]:
    more = additions or Additions()
    graphs = graphs_of(model)
    present = tuple(graph.part for graph in graphs)
    lines: list[str] = []
    if isinstance(model, Service) and is_composed(model):
        lines += style.heading(1, model.name) + style.paragraph(model.doc)
        lines += style.paragraph(f"Parts: {', '.join(graph.name for graph in graphs)}")
        lines += [*style.paragraph(f"Operations by states: {total_shares(model).text()}"), *more.drawing]
        for graph in graphs:
            lines += style.heading(2, graph.name) + _about(graph, present, style) + _graph(graph, present, style, 3)
        lines += _invariants(model, style, more.proofs)
    else:
        lines += style.heading(1, graphs[0].name) + _about(graphs[0], present, style) + [*more.drawing]
        lines += _graph(graphs[0], present, style, 2)
    lines += _policies(_points(graphs), chosen_in(graphs), style)
    lines += _recorded(model, style) if additions else []
    return lines + _sources(model, style)


def _about(graph: TransitionGraph, present: tuple[str, ...], style: Style) -> list[str]:
    shares = shares_of(graph, present).text()
    return style.paragraph(graph.doc) + style.paragraph(f"Operations by states: {shares}")


def _graph(graph: TransitionGraph, present: tuple[str, ...], style: Style, below: int) -> list[str]:
    lines = style.heading(below, "States") + _states(graph, style)
    moving, staying = _sorted(graph)
    for title, rows in (("Transitions", moving), ("Accepted without a move", staying), ("Refusals", _refusals(graph))):
        if rows:
            lines += style.heading(below, title) + _items(graph, rows, present, style)
    return lines + _cells(graph, present, style, below)


def _states(graph: TransitionGraph, style: Style) -> list[str]:
    rows = [(state.name, _shown(state), str(state.kind), state.doc) for state in graph.states]
    return style.table(("state", "shows", "kind", "what it is"), rows)


def _items(graph: TransitionGraph, rows: Iterable[Row], present: tuple[str, ...], style: Style) -> list[str]:
    return [line for row in rows for line in style.item(headline(row), details_of(graph, row, present))]


def _transitions(graph: TransitionGraph, present: tuple[str, ...], style: Style) -> list[str]:
    """Moves as a table: where from, what, where to, under what conditions, and who says so."""
    rows = []
    for row in _sorted(graph)[0]:
        assert isinstance(row, Transition)
        *conditions, evidence = details_of(graph, row, present)
        by = "" if row.initiator == "caller" else f" (by the {row.initiator})"
        ends = ", ".join(row.source), row.target or "the same"
        rows.append((ends[0], row.event.name + by, ends[1], "; ".join(conditions), evidence))
    return style.table(("from", "event", "to", "conditions", "evidence"), rows)


def _shown(state: State) -> str:
    if state.fields:
        return ", ".join(f"{name} {value or 'nothing'}" for name, value in state.fields)
    return "-" if state.status is None else state.status


def _sorted(graph: TransitionGraph) -> tuple[list[Row], list[Row]]:
    """Rows that move something, and rows that accept an operation where it stays."""
    rows = [row for row in graph.rows if isinstance(row, Transition)]
    moving: list[Row] = [row for row in rows if row.effect or _moves(row)]
    return moving, [row for row in rows if row not in moving]


def _moves(row: Transition) -> bool:
    return any(row.target not in (None, each) for each in row.source)


def _refusals(graph: TransitionGraph) -> list[Row]:
    return [row for row in graph.rows if isinstance(row, Refusal)]


def headline(row: Row) -> str:
    """What a row says, in one line."""
    states = " | ".join(row.source)
    if isinstance(row, Refusal):
        return f"{row.operation.name} in {states}: {' | '.join(row.codes) if row.codes else 'an undocumented code'}"
    initiator = "" if row.initiator == "caller" else f" (by the {row.initiator})"
    return f"{states} → {row.target or 'the same'}: {row.event.name}{initiator}"


def details_of(graph: TransitionGraph, row: Row, present: tuple[str, ...]) -> list[str]:
    """What a row adds to that: guard, effect, what makes it `may` where these parts are present, and evidence."""
    details = [in_words(row.guard)] if row.guard else []
    if isinstance(row, Transition) and row.effect:
        details.append(f"then {row.effect.name}")
    if is_may(graph, row, present):
        reasons = [f"policy {row.under}"] if row.under and graph.is_open(row) else []
        reasons += [f"not seen from here: {', '.join(missing)}"] if (missing := missing_from(row, present)) else []
        details.append(f"may: {'; '.join(reasons)}")
    elif row.under is not None:
        details.append(f"under policy {row.under}")
    details.append(support(row.evidence))
    return details


def support(evidence: Support) -> str:
    """Who says so, by confidence."""
    said = []
    for each in evidence:
        keys = ", ".join(source.key for source in each.sources)
        said.append(f"{each.confidence}: {keys}" + (f" ({each.note})" if each.note else ""))
    return "; ".join(said)


def _cells(graph: TransitionGraph, present: tuple[str, ...], style: Style, level: int | None) -> list[str]:
    """What every operation does in every state; without a level without a heading."""
    if not graph.operations:
        return []
    lines = style.heading(level, "Operations by states") if level else []
    if style is MARKDOWN:
        return [*lines, *to_table(graph).splitlines()]
    names = [state.name for state in graph.states]
    rows = [
        [operation.name, *(_mark(graph, cell(graph, name, operation.name), present) for name in names)]
        for operation in graph.operations
    ]
    used = {mark for row in rows for mark in row[1:]}
    legend = ", ".join(f"{mark} = {meaning}" for mark, meaning in LEGEND if mark in used)
    numbered = "  ".join(f"{number}\N{NO-BREAK SPACE}{name}" for number, name in enumerate(names, 1))
    lines += [line.replace("\N{NO-BREAK SPACE}", " ") for line in style.paragraph(numbered)]
    header = ["operation", *(str(number) for number in range(1, len(names) + 1))]
    return [*lines, *style.table(header, rows), "", *style.paragraph(legend)]


def _mark(graph: TransitionGraph, rows: tuple[Row, ...], present: tuple[str, ...]) -> str:
    """One cell: accepted, refused, as the guards say, or open; a star where some cases of it are open."""
    sides = {isinstance(row, Refusal) for row in rows}
    sure = {isinstance(row, Refusal) for row in rows if not is_may(graph, row, present)}
    modality = modality_of(graph, rows, present)
    if not sure and modality == "open":
        return "?"
    word = "if" if len(sure or sides) > 1 else "no" if True in (sure or sides) else "yes"
    return word if modality == "must" else f"{word}*"


def _invariants(model: Model, style: Style, proofs: Mapping[str, str] | None) -> list[str]:
    stated = model.invariants if isinstance(model, Service) else ()
    if not stated:
        return []
    header, rows = ["claim", "statement"], [[str(each.claim), each.name] for each in stated]
    if proofs is not None:
        header.append("what was proved")
        for each, row in zip(stated, rows, strict=True):
            row.append(proofs.get(each.name, "nothing: nobody tried"))
    return [*style.heading(2, "Invariants"), *style.table(header, rows)]


def _policies(policies: tuple[Policy, ...], chosen: dict[str, str], style: Style) -> list[str]:
    if not policies:
        return []
    lines = style.heading(2, "Policies: what the sources leave open")
    for policy in policies:
        options = f"options: {', '.join(policy.options)}; default: {policy.default}"
        now = chosen.get(policy.name, policy.default)
        settled = [options if now == policy.default else f"{options}; chosen here: {now}"]
        lines += style.item(
            f"{policy.name}: {policy.question}", [*settled, *([support(policy.evidence)] if policy.evidence else [])]
        )
    return lines


def _sources(model: Model, style: Style) -> list[str]:
    found: dict[str, Source] = {}
    for evidence in _evidence(model):
        for each in evidence:
            for source in each.sources:
                found.setdefault(source.key, source)
    rows = [(key, source.place + (f" ({source.date})" if source.date else "")) for key, source in sorted(found.items())]
    return [*style.heading(2, "Sources"), *style.table(("key", "place"), rows)] if rows else []


def _recorded(model: Model, style: Style) -> list[str]:
    """Real answers that were recorded, and what each of them bears out."""
    found: dict[Source, dict[str, None]] = {}
    for graph in graphs_of(model):
        for row in graph.rows:
            for each in row.evidence:
                for source in each.sources if each.confidence is Confidence.OBSERVED else ():
                    found.setdefault(source, {})[headline(row)] = None
    rows = [
        (source.key, source.place + (f" ({source.date})" if source.date else ""), "; ".join(heads))
        for source, heads in sorted(found.items(), key=lambda pair: pair[0].key)
    ]
    title = style.heading(2, "Recorded evidence")
    return [*title, *style.table(("key", "recorded in", "bears out"), rows)] if rows else []


def _evidence(model: Model) -> list[Support]:
    graphs = graphs_of(model)
    found = [row.evidence for graph in graphs for row in graph.rows]
    found += [policy.evidence for graph in graphs for policy in graph.policies]
    found += [operation.evidence for graph in graphs for operation in graph.operations]
    return found + ([each.evidence for each in model.invariants] if isinstance(model, Service) else [])
