"""What has changed between two models, and whom each change breaks. Reads the documents of the contract alone.

A change breaks
    waiters             who wait by a table of the first model wait for ever, give up early, or meet an unlisted status
    drivers             a call that was accepted may be refused now, leads elsewhere, or cannot be made as before
    exhaustive matches  a status or code is answered that a match over all known ones does not have
    oracles             something can happen that the first model forbids, so that its oracle cries wolf

What takes behaviour away and keeps everybody's promises breaks nobody: it is listed all the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import attrs

Document = Mapping[str, Any]
Pair = tuple[str, str]


class Breaks(StrEnum):
    """Whom a change breaks."""

    WAITERS = "waiters"
    DRIVERS = "drivers"
    MATCHES = "exhaustive matches"
    ORACLES = "oracles"


@attrs.frozen
class Change:
    """One difference.

    Attributes:
        graph: name of the graph, or of the service.
        what: such as "state added".
        where: what it is about, in words.
        before, after: what was and is said, None where nothing is.
        breaks: whom it breaks; empty for nobody.
    """

    graph: str
    what: str
    where: str
    before: str | None = None
    after: str | None = None
    breaks: tuple[Breaks, ...] = ()

    def __str__(self) -> str:
        said = f": {self.before} → {self.after}" if self.before is not None or self.after is not None else ""
        return f"{self.what}: {self.where}{said}"

    def document(self) -> dict[str, Any]:
        """The change by name."""
        return {**attrs.asdict(self, recurse=False), "breaks": [str(one) for one in self.breaks]}


def diff(before: Document, after: Document) -> tuple[Change, ...]:
    """Every difference between two models.

    Args:
        before: the document of the first, as `statemodel.show.document` gives it.
        after: that of the second; two models of one graph are compared whatever their names.
    """
    first, second = _graphs(before), _graphs(after)
    if len(first) == len(second) == 1:
        [one], [other] = first.values(), second.values()
        return tuple(_graph(one, other))
    changes = [Change(str(before["name"]), "part removed", name, breaks=(Breaks.WAITERS, Breaks.DRIVERS))
               for name in first if name not in second]
    known = {operation["name"] for graph in first.values() for operation in graph["operations"]}
    changes.extend(Change(str(after["name"]), "part added", name, breaks=_of_part(graph, known))
                   for name, graph in second.items() if name not in first)
    for name, one in first.items():
        if name in second:
            changes.extend(_graph(one, second[name]))
    return tuple(changes)


def _of_part(graph: Document, known: set[str]) -> tuple[Breaks, ...]:
    """A part that is new may refuse what the others share with it."""
    refuses = any(row["operation"] in known for row in graph["refusals"])
    return (Breaks.DRIVERS, Breaks.ORACLES) if refuses else ()


def _graphs(document: Document) -> dict[str, Document]:
    graphs = document.get("graphs", [document])
    return {str(graph["name"]).rpartition(".")[2]: graph for graph in graphs}


def _graph(before: Document, after: Document) -> Iterator[Change]:
    name = str(after["name"])
    for changes in (_initial, _states, _operations, _transitions, _refusals):
        yield from changes(name, before, after)


def _initial(name: str, before: Document, after: Document) -> Iterator[Change]:
    if before["initial"] != after["initial"]:
        yield Change(name, "initial state changed", "", before["initial"], after["initial"],
                     (Breaks.DRIVERS, Breaks.ORACLES))


# ------------------------------------------------------------------------------------------------- states


def _states(name: str, before: Document, after: Document) -> Iterator[Change]:
    first, second = _by_name(before["states"]), _by_name(after["states"])
    shown = {_shown(state) for state in first.values()}
    for state in first:
        if state not in second:
            yield Change(name, "state removed", state, breaks=(Breaks.WAITERS,))
    for state, said in second.items():
        if state not in first:
            new = _shown(said) not in shown
            yield Change(name, "state added", state, None, f"{said['kind']}, shows {_shown(said)}",
                         (Breaks.WAITERS, Breaks.MATCHES, Breaks.ORACLES) if new else (Breaks.ORACLES,))
            continue
        old = first[state]
        if old["kind"] != said["kind"]:
            yield Change(name, "kind changed", state, old["kind"], said["kind"], (Breaks.WAITERS,))
        if _shown(old) != _shown(said):
            new = _shown(said) not in shown
            yield Change(name, "status changed", state, _shown(old), _shown(said),
                         (Breaks.WAITERS, *((Breaks.MATCHES,) if new else ()), Breaks.ORACLES))


def _shown(state: Document) -> str:
    fields = state.get("fields") or {}
    if fields:
        return ", ".join(f"{field}={value}" for field, value in fields.items())
    return str(state["status"])


def _by_name(listed: Iterable[Document]) -> dict[str, Document]:
    return {str(each["name"]): each for each in listed}


# ------------------------------------------------------------------------------------------------- operations


def _operations(name: str, before: Document, after: Document) -> Iterator[Change]:
    first, second = _by_name(before["operations"]), _by_name(after["operations"])
    for operation, said in first.items():
        if operation not in second:
            reads = (Breaks.WAITERS,) if said["kind"] == "read" else ()
            yield Change(name, "operation removed", operation, breaks=(*reads, Breaks.DRIVERS))
    for operation, said in second.items():
        if operation not in first:
            yield Change(name, "operation added", operation)
        else:
            yield from _parameters(name, operation, first[operation], said)
            yield from _shows(name, operation, first[operation], said)


def _parameters(name: str, operation: str, before: Document, after: Document) -> Iterator[Change]:
    first, second = _by_name(before["parameters"]), _by_name(after["parameters"])
    for parameter in first:
        if parameter not in second:
            yield Change(name, "parameter removed", f"{operation}.{parameter}", breaks=(Breaks.DRIVERS,))
    for parameter, said in second.items():
        where, required = f"{operation}.{parameter}", bool(said["required"])
        if parameter not in first:
            yield Change(name, "parameter added", where, None, "required" if required else "optional",
                         (Breaks.DRIVERS,) if required else ())
            continue
        old = first[parameter]
        for key in ("required", "default", "values", "limits"):
            if old[key] != said[key]:
                loosened = (key == "required" and not required) or (key == "values" and _is_within(old[key], said[key]))
                yield Change(name, f"{key} of a parameter changed", where, _plain(old[key]), _plain(said[key]),
                             (Breaks.ORACLES,) if loosened else (Breaks.DRIVERS, Breaks.ORACLES))


def _is_within(old: list[Any], new: list[Any]) -> bool:
    """Whether every value that was allowed still is; no list allows any."""
    return not new or bool(old and all(value in new for value in old))


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _shows(name: str, operation: str, before: Document, after: Document) -> Iterator[Change]:
    """What a read shows in the states that both have."""
    first, second = before.get("shows") or {}, after.get("shows") or {}
    for state, said in second.items():
        if state in first and first[state] != said:
            yield Change(name, "what a read shows changed", f"{operation} in {state}", str(first[state]), str(said),
                         (Breaks.WAITERS, Breaks.ORACLES))


# ------------------------------------------------------------------------------------------------- transitions


def _transitions(name: str, before: Document, after: Document) -> Iterator[Change]:
    first, second = _rows(before), _rows(after)
    known = set(_by_name(before["states"]))
    operations = set(_by_name(before["operations"]))
    for key, row in first.items():
        if key not in second:
            yield Change(name, "transition removed", _arrow(row), breaks=_of_removed(row, before, after))
    for key, row in second.items():
        if key not in first:
            is_new = row["source"] not in known or (row["initiator"] == "caller" and row["event"] not in operations)
            yield Change(name, "transition added", _arrow(row), breaks=() if is_new else _of_added(row, before, after))
            continue
        yield from _altered(name, first[key], row)


def _rows(document: Document) -> dict[tuple[str, str, str], Document]:
    """Transitions by source, event and target; guards of several that share these are joined."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in document["transitions"]:
        key = (row["source"], row["event"], row["target"])
        if key in found:
            guards, effects = found[key]["guards"], found[key]["effects"]
        else:
            guards, effects = [], []
            found[key] = {**row, "guards": guards, "effects": effects}
        guards.append(row["guard"] or "always")
        effects.append(row["effect"] or "none")
        if row["modality"] == "must":
            found[key]["modality"] = "must"
    return dict(found)


def _altered(name: str, old: Document, new: Document) -> Iterator[Change]:
    where = _arrow(new)
    if sorted(old["guards"]) != sorted(new["guards"]):
        tighter, looser = "always" in old["guards"], "always" in new["guards"]
        breaks = (Breaks.ORACLES,) if looser else (Breaks.DRIVERS,) if tighter else (Breaks.DRIVERS, Breaks.ORACLES)
        yield Change(name, "guard changed", where, " or ".join(old["guards"]), " or ".join(new["guards"]), breaks)
    if sorted(old["effects"]) != sorted(new["effects"]):
        yield Change(name, "effect changed", where, " or ".join(old["effects"]), " or ".join(new["effects"]),
                     (Breaks.ORACLES,))
    if old["modality"] != new["modality"]:
        yield Change(name, "modality changed", where, old["modality"], new["modality"],
                     (Breaks.DRIVERS,) if new["modality"] == "may" and new["initiator"] == "caller" else ())


def _of_removed(row: Document, before: Document, after: Document) -> tuple[Breaks, ...]:
    if row["initiator"] == "caller":
        return (Breaks.DRIVERS,)
    return (Breaks.WAITERS,) if _reached(before) != _reached(before, without=row) or _is_gone(row, after) else ()


def _is_gone(row: Document, after: Document) -> bool:
    return row["source"] not in _by_name(after["states"])


def _of_added(row: Document, before: Document, after: Document) -> tuple[Breaks, ...]:
    if row["initiator"] == "caller":
        elsewhere = any(one["source"] == row["source"] and one["event"] == row["event"]
                        for one in before["transitions"])
        return (Breaks.DRIVERS, Breaks.ORACLES) if elsewhere else (Breaks.ORACLES,)
    if row["initiator"] == "service" and _reached(after) != _reached(after, without=row):
        return (Breaks.WAITERS, Breaks.ORACLES)
    return (Breaks.ORACLES,)


def _reached(document: Document, without: Document | None = None) -> set[Pair]:
    """Pairs of states of which the service may reach the second from the first, perhaps without one of its moves."""
    left = None if without is None else (without["source"], without["event"], without["target"])
    moves = {(row["source"], row["target"]) for row in document["transitions"]
             if row["initiator"] == "service" and (row["source"], row["event"], row["target"]) != left}
    found, size = set(moves), -1
    while size < len(found):
        size = len(found)
        found |= {(start, end) for start, middle in found for source, end in moves if source == middle}
    return found


def _arrow(row: Document) -> str:
    return f"{row['source']} --{row['event']}--> {row['target']}"


# ------------------------------------------------------------------------------------------------- refusals


def _refusals(name: str, before: Document, after: Document) -> Iterator[Change]:
    first, second = _codes(before), _codes(after)
    states, operations = set(_by_name(before["states"])), set(_by_name(before["operations"]))
    known: dict[str, set[str]] = {}
    for (_, operation), codes in first.items():
        known.setdefault(operation, set()).update(codes)
    accepted = {(row["source"], row["event"]) for row in before["transitions"]}
    for cell in first:
        if cell not in second:
            yield Change(name, "refusal removed", _cell(cell), _plain(list(first[cell])))
    for cell, codes in second.items():
        state, operation = cell
        is_new = state not in states or operation not in operations
        fresh = [code for code in codes if code not in known.get(operation, ()) and code != "*"]
        unmatched = (Breaks.MATCHES,) if fresh and operation in operations else ()
        if cell not in first:
            drivers = (Breaks.DRIVERS,) if cell in accepted else ()
            yield Change(name, "refusal added", _cell(cell), None, _plain(codes),
                         () if is_new else (*drivers, *unmatched, Breaks.ORACLES))
        elif sorted(first[cell]) != sorted(codes):
            old = first[cell]
            wider = "*" not in old and any(code not in old for code in codes)
            disjoint = "*" not in codes and not set(old) & set(codes)
            yield Change(name, "codes changed", _cell(cell), _plain(old), _plain(codes),
                         (*((Breaks.DRIVERS,) if disjoint else ()), *unmatched,
                          *((Breaks.ORACLES,) if wider else ())))


def _codes(document: Document) -> dict[Pair, list[str]]:
    """The codes of each cell that refuses; "*" stands for one that is not documented."""
    found: dict[Pair, dict[str, None]] = {}
    for row in document["refusals"]:
        codes = ["*"] if row["codes"] is None else row["codes"]
        found.setdefault((row["state"], row["operation"]), {}).update(dict.fromkeys(codes))
    return {cell: list(codes) for cell, codes in found.items()}


def _cell(cell: Pair) -> str:
    return f"{cell[1]} in {cell[0]}"
