"""Why a history violates: what was expected, what was believed, and the shortest run that explains the rest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from statemodel.configuration import Configuration, words
from statemodel.model.operation import ANY, Operation
from statemodel.oracle.belief import Configurations, Reasoner
from statemodel.oracle.entries import Alternative, alternative, listed
from statemodel.oracle.monitor import Monitor
from statemodel.oracle.seen import Seen, shown_value
from statemodel.semantics import Accepted, Refused, UndecidedError, answers

SHOWN = 12
ANY_CODE = "any code"


@attrs.frozen
class Told:
    """What can be told of the record at which a history stopped conforming."""

    record: str
    expected: tuple[str, ...]
    belief: tuple[str, ...]
    explanation: tuple[str, ...]


@attrs.frozen
class Outline:
    """What can be told of any histories whose records say the same, whatever names stand in them.

    Attributes:
        place: number of the record, from 0.
        expected, belief: as in `Told`.
        steps: the explanation: hidden moves in words, records by their numbers.
    """

    place: int
    expected: tuple[str, ...]
    belief: tuple[str, ...]
    steps: tuple[str | int, ...]

    def told(self, records: Sequence[Mapping[str, Any]]) -> Told:
        """The outline with the records of one history."""
        lines = tuple(one if isinstance(one, str) else in_words(records[one]) for one in self.steps)
        return Told(in_words(records[self.place]), self.expected, self.belief, lines)


@attrs.frozen
class _Way:
    """The cheapest way to a configuration: hidden moves so far, where it came from, and what led from there.

    Attributes:
        line: hidden moves in words, a record by its number.
    """

    cost: int
    before: "_Way | None"
    line: str | int | None


Ways = dict[Configuration, _Way]


def explain(
    watching: Monitor, names: frozenset[str], records: Iterable[tuple[str, int, Mapping[str, Any]]], at: tuple[Any, Any]
) -> Told:
    """What can be told of the record at `at` (file, line), the first that leaves nothing possible."""
    kept = list(records)
    return outline(watching, names, kept, at).told([record for _, _, record in kept])


def outline(
    watching: Monitor, names: frozenset[str], records: Iterable[tuple[str, int, Mapping[str, Any]]], at: tuple[Any, Any]
) -> Outline:
    """What can be told of that record, without what only these records have."""
    reasoner = watching.reasoner
    content: dict[str, int] = {}
    ways: Ways = {one: _Way(0, None, None) for one in _start(watching)}
    ways = _closed(reasoner, ways)
    for place, (file, line, record) in enumerate(records):
        if (file, line) == at:
            return _outlined(watching, ways, place, record, content, names)
        ways = _after(watching, ways, place, record, content, names)
    raise AssertionError(at)


def _start(watching: Monitor) -> Configurations:
    return watching.start.belief


def _closed(reasoner: Reasoner, ways: Ways) -> Ways:
    found = _overtaken(reasoner, ways) if reasoner.is_partial else dict(ways)
    frontier = sorted(found, key=lambda one: (found[one].cost, repr(one)))
    for here in frontier:
        for _, move in reasoner.moves(here):
            after = reasoner.tidied(move.after)
            cost = found[here].cost + 1
            if after not in found or found[after].cost > cost:
                found[after] = _Way(cost, found[here], f"  ({move.event.name}, by the {move.event.initiator})")
                frontier.append(after)
    return found


def _overtaken(reasoner: Reasoner, ways: Ways) -> Ways:
    """The ways, and those on which other callers acted unseen."""
    found = dict(ways)
    known = sorted(ways, key=lambda one: (ways[one].cost, repr(one)))
    for one in sorted(map(reasoner.tidied, reasoner.decided(reasoner.unknown.start)), key=repr):
        before = next((other for other in known if reasoner.may_become(other, one)), None)
        if one not in found and before is not None:
            found[one] = _Way(ways[before].cost + 1, ways[before], "  (calls by others, not recorded)")
    return found


def _after(
    watching: Monitor, ways: Ways, place: int, record: Mapping[str, Any], content: dict[str, int], names: frozenset[str]
) -> Ways:
    watching = watching.without(record.get("without", ()))
    reasoner = watching.reasoner
    if "silence" in record:
        return ways
    if "event" in record:
        if record["event"] not in watching.events:
            return _afresh(watching)
        return _stepped(
            reasoner,
            ways,
            place,
            lambda one: list(reasoner.happened(one, record["event"])) or ([(one, one)] if record.get("asked") else []),
        )
    if record["op"] not in watching.system.operations:
        return _afresh(watching)
    seen = _seen(watching, record, content, names)
    if seen.error is not None and reasoner.codes.is_skipped(record["op"], seen.error):
        return ways
    says_nothing = reasoner.codes.says_nothing(seen)
    if says_nothing and not watching.system.brought[record["op"]]:
        return ways
    if seen.unknown is not None and not watching.may_show_anything(frozenset(ways), seen):
        return _afresh(watching)
    if not reasoner.concerns(frozenset(ways), seen):
        return ways
    found = _stepped(
        reasoner, ways, place, lambda one: ((one, after) for _, after, _ in reasoner.conforming(one, seen))
    )
    if seen.is_lost or says_nothing:
        for one, way in ways.items():
            found.setdefault(one, _Way(way.cost, way, place))
        found = _closed(reasoner, found)
    return found


def _afresh(watching: Monitor) -> Ways:
    return _closed(watching.reasoner, {one: _Way(0, None, None) for one in watching.afresh().belief})


def _stepped(reasoner: Reasoner, ways: Ways, place: int, step: Any) -> Ways:
    found: Ways = {}
    for one in sorted(ways, key=lambda each: (ways[each].cost, repr(each))):
        for _, after in step(one):
            tidied = reasoner.tidied(after)
            if tidied not in found:
                found[tidied] = _Way(ways[one].cost, ways[one], place)
    return _closed(reasoner, found)


def _seen(watching: Monitor, record: Mapping[str, Any], content: dict[str, int], names: frozenset[str]) -> Seen:
    for side in ("args", "result"):
        given = (record.get(side) or {}).get("content")
        if isinstance(given, str):
            content.setdefault(given, len(content))
    return watching.read(record, content, names)


def _outlined(
    watching: Monitor,
    ways: Ways,
    place: int,
    record: Mapping[str, Any],
    content: dict[str, int],
    names: frozenset[str],
) -> Outline:
    expected: tuple[str, ...] = ()
    if "op" in record:
        seen = _seen(watching, record, content, names)
        expected = expectations(
            watching, frozenset(ways), seen, {number: name for name, number in content.items()}, min(names)
        )
    best = min(ways, key=lambda one: (ways[one].cost, repr(one)))
    lines: list[str | int] = []
    way: _Way | None = ways[best]
    while way is not None:
        if way.line is not None:
            lines.append(way.line)
        way = way.before
    lines.reverse()
    if len(lines) > SHOWN * 3:
        lines = ["...", *lines[-SHOWN * 3 :]]
    return Outline(place, expected, _believed(watching, ways), tuple(lines))


def _believed(watching: Monitor, ways: Ways) -> tuple[str, ...]:
    said = sorted({words(one, watching.system.parts) for one in ways})
    more = len(said) - SHOWN
    return (*said[:SHOWN], f"and {more} more") if more > 0 else tuple(said)


def expectations(
    watching: Monitor, belief: Configurations, seen: Seen, contents: Mapping[int, str], own: str
) -> tuple[str, ...]:
    """What a call might have answered in a belief, one line a kind of answer; `own` is the name of the resource."""
    operation = watching.system.operations[seen.call.name]
    shown: dict[str, set[str]] = {}
    lists: list[Alternative] = []
    codes: set[str] = set()
    accepted = False
    for before in belief:
        try:
            steps = answers(watching.system, before, seen.call)
        except UndecidedError:
            continue
        for step in steps:
            if isinstance(step.answer, Refused):
                codes.update(step.answer.codes or (ANY_CODE,))
            else:
                accepted = True
                _collect(operation, step.answer, shown, contents)
                if operation.listing is not None:
                    lists.append(alternative(operation.listing, step.answer.view, own))
    names = [field.name for field in operation.fields if field.name in shown]
    lines = [f"{operation.name}: {name} {' | '.join(sorted(shown[name]))}" for name in names]
    if operation.listing is not None and lists:
        lines.extend(f"{operation.name}: {one}" for one in listed(operation.listing, lists, seen.listed))
    if accepted and not lines:
        lines.append(f"{operation.name}: accepted")
    if codes:
        lines.append(f"{operation.name}: refused with {_codes(codes)}")
    return tuple(lines)


def _codes(codes: set[str]) -> str:
    """Codes in words; numbers only where there are no names."""
    known = sorted(codes - {ANY_CODE})
    told = " | ".join([code for code in known if not code.isdecimal()] or known)
    if ANY_CODE not in codes:
        return told
    return f"{told} as far as is known, or any other code" if told else ANY_CODE


def _collect(operation: Operation, answer: Accepted, shown: dict[str, set[str]], contents: Mapping[int, str]) -> None:
    for field in operation.fields:
        values = answer.shows(field.name)
        if values is ANY:
            continue
        shown.setdefault(field.name, set()).update(spelled(field.name, value, contents) for value in values)


def spelled(field: str, value: Any, contents: Mapping[int, str]) -> str:
    """A value of a field for people, content by the name it was recorded under."""
    if field != "content" or not isinstance(value, int):
        return shown_value(value)
    return json.dumps(contents[value], ensure_ascii=False) if value in contents else "content that was not recorded"


def in_words(record: Mapping[str, Any]) -> str:
    """A record for people."""
    if "event" in record:
        return f"event {record['event']}"
    args = dict(record.get("args") or {})
    called = record["op"] + (f" {json.dumps(args, ensure_ascii=False)}" if args else "")
    if record.get("lost"):
        return f"{called}: answer lost"
    if "error" in record:
        return f"{called}: refused with {record['error']}"
    return f"{called}: accepted" + (
        f" {json.dumps(record['result'], ensure_ascii=False)}" if record.get("result") else ""
    )
