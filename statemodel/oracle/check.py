"""Checking files of histories: records stream through, one small track a resource."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from statemodel.errors import HistoryError
from statemodel.model.history import Record, check_record, moment, text_at
from statemodel.model.history import read_file as read_records
from statemodel.model.service import Model
from statemodel.oracle.explain import Told, explain
from statemodel.oracle.monitor import Monitor, Node, Step, called, monitor, names_of
from statemodel.oracle.verdict import Outcome, Report, Verdict

Place = tuple[str, int, Record]
Explainer = Callable[[Monitor, frozenset[str], list[Place], tuple[Any, Any]], Told]
_MISSING: Any = object()


class Track:
    """Where the history of one resource stands."""

    __slots__ = (
        "at",
        "code",
        "content",
        "file",
        "is_late",
        "is_named",
        "line",
        "names",
        "node",
        "reads",
        "reason",
        "records",
        "skipped",
        "strength",
    )

    def __init__(self, node: Node, names: frozenset[str]) -> None:
        self.node: Node | None = node
        self.names = names
        self.is_named = False
        self.content: dict[str, int] = {}
        self.at: float | None = None
        self.is_late = False
        self.code: str | None = None
        self.reason: str | None = None
        self.file: str | None = None
        self.line: int | None = None
        self.records = 0
        self.skipped = 0
        self.reads = 0
        self.strength = 0.0

    def name_by(self, record: Record) -> None:
        """Learn the name the resource is called by, which need not be the key of its history."""
        if isinstance(record.get("args"), dict) and isinstance(record.get("resource"), str):
            names = names_of(record["resource"], record)
            self.is_named = bool(called(record))
            self.names |= names


class Checker:
    """Follows any number of resources through a stream of records."""

    def __init__(self, watching: Monitor) -> None:
        self.monitor = watching
        self.tracks: dict[str, Track] = {}
        self.records = 0

    def follow(self, file: str, line: int, record: Record) -> None:
        """Take one record.

        Raises:
            HistoryError: the record has not the shape of one.
        """
        resource = record.get("resource")
        track = self.tracks.get(resource) if isinstance(resource, str) else None
        if track is None:
            _check(file, line, record)
            assert isinstance(resource, str)
            track = self.tracks[resource] = Track(self.monitor.start, names_of(resource, record))
        self.records += 1
        track.records += 1
        if not track.is_named:
            track.name_by(record)
        at = record.get("at")
        if at is not None:
            seconds = moment(at) if isinstance(at, str | int | float) else None
            if seconds is None:
                _check(file, line, record)
            assert seconds is not None
            if track.at is not None and seconds < track.at:
                track.is_late = True
            track.at = seconds
        node = track.node
        if node is None:
            _check(file, line, record)
            return
        key = self._key(record, track)
        step = node.next.get(key) if key is not None else None
        if step is None:
            step = self._slow(file, line, record, track, node, key)
        self._took(track, step, file, line)

    def _took(self, track: Track, step: Step, file: str, line: int) -> None:
        track.node = step.node
        if step.strength is not None:
            track.reads += 1
            track.strength += step.strength
        elif step.is_skipped:
            track.skipped += 1
        if step.code is not None and (track.code is None or step.node is None):
            track.code, track.reason, track.file, track.line = step.code, step.reason, file, line
        if track.content and step.node is not None and len(track.content) > len(step.node.held):
            track.content = {name: one for name, one in track.content.items() if one in step.node.held}

    def follow_all(self, file: str, records: Iterable[tuple[int, Record]]) -> None:
        """Take all records of a file: the usual ones by the shortest way, all others one by one.

        Raises:
            HistoryError: a record has not the shape of one.
        """
        tracks, plans, follow = self.tracks, self.monitor.quick, self.follow
        for line, record in records:
            try:
                track = tracks[record["resource"]]
                plan = plans[record["op"]]
                node = track.node
                known = node.next  # type: ignore[union-attr]
                size = 3
                given = shown = None
                args = record.get("args")
                if args is not None:
                    size = 4
                    if not track.is_named and plan.identity in args:
                        raise KeyError
                    if plan.identity is not None and args.get(plan.identity, 0) is None:
                        raise KeyError
                    if plan.arguments:
                        given = tuple([args.get(name, _MISSING) for name in plan.arguments])
                    if plan.content and "content" in args:
                        given = (given, track.content[args["content"]])
                error = record.get("error")
                if error is None:
                    result = record["result"]
                    if result.__class__ is not dict:
                        raise TypeError
                    if result:
                        shown = tuple([result.get(name, _MISSING) for name in plan.fields])
                        if plan.serves and "content" in result:
                            shown = (shown, track.content[result["content"]])
                at = record.get("at")
                if at is not None:
                    size += 1
                    at = moment(at)
                    if at is None or (track.at is not None and at < track.at):
                        raise KeyError
                if len(record) != size:
                    raise KeyError
                step = known[plan.name, error, given, shown]
            except (KeyError, TypeError, AttributeError):
                follow(file, line, record)
                continue
            self.records += 1
            track.records += 1
            if at is not None:
                track.at = at
            if step.code is not None or step.is_skipped or track.content:
                self._took(track, step, file, line)
                continue
            track.node = step.node
            if step.strength is not None:
                track.reads += 1
                track.strength += step.strength

    def _key(self, record: Record, track: Track) -> Any:
        """The key under which `follow_all` looks for a step, where that can be told quickly; else None."""
        name, args, result, error = (record.get(key) for key in ("op", "args", "result", "error"))
        plan = self.monitor.quick.get(name) if isinstance(name, str) else None
        is_answer = isinstance(result, dict) if error is None else isinstance(error, str) and error != ""
        size = 3 + (args is not None) + (record.get("at") is not None)
        if plan is None or not is_answer or len(record) != size:
            return None
        try:
            given = (
                tuple([args.get(name, _MISSING) for name in plan.arguments])
                if args is not None and plan.arguments
                else None
            )
            if args is not None:
                if plan.identity is not None and args.get(plan.identity, 0) is None:
                    return None
                if plan.content and "content" in args:
                    given = (given, track.content[args["content"]])
            shown = tuple([result.get(name, _MISSING) for name in plan.fields]) if result else None
            if result and plan.serves and "content" in result:
                shown = (shown, track.content[result["content"]])
            key = (plan.name, error, given, shown)
            hash(key)
        except (AttributeError, TypeError, KeyError):
            return None
        return key

    def _slow(self, file: str, line: int, record: Record, track: Track, node: Node, key: Any) -> Step:
        _check(file, line, record)
        step, key = self._worked_out(record, track, node, key)
        node.next[key] = step
        return step

    def _worked_out(self, record: Record, track: Track, node: Node, key: Any) -> tuple[Step, Any]:
        if "event" in record:
            key = ("event", record["event"])
            return node.next.get(key) or self.monitor.event(node, record["event"]), key
        if "silence" in record:
            return Step(node), ("silence",)
        if record["op"] not in self.monitor.system.operations:
            reason = f"the model knows no operation {record['op']!r}"
            return Step(self.monitor.afresh(), "SM102", reason), ("op", record["op"])
        self._learn(record, track)
        seen = self.monitor.read(record, track.content, track.names)
        key = self._key(record, track) if key is None else key
        key = seen if key is None else key
        return node.next.get(key) or self.monitor.call(node, seen), key

    def _learn(self, record: Mapping[str, Any], track: Track) -> None:
        """Give content that was not held before the lowest symbol that is free."""
        for side in ("args", "result"):
            content = (record.get(side) or {}).get("content")
            if isinstance(content, str) and content not in track.content:
                taken = set(track.content.values())
                track.content[content] = next(number for number in range(len(taken) + 1) if number not in taken)


def _check(file: str, line: int, record: Record) -> None:
    """Raise a HistoryError unless it has the shape of a record; it is shown as it would stand in a file."""
    wrong = check_record(record)
    if wrong is not None:
        text = json.dumps(record, ensure_ascii=False, default=repr, skipkeys=True)
        raise HistoryError(file, line, text, *wrong)


def _as_it_stands(error: HistoryError) -> HistoryError:
    """The error with the text that stands in the file, where the file can be read again."""
    text = text_at(error.file, error.line) if error.line is not None else ""
    return HistoryError(error.file, error.line, text or error.text, error.expected, error.mend)


def check(
    model: Model,
    files: Iterable[str],
    *,
    start: str = "unknown",
    calls: str = "complete",
    environment: str = "open",
    progress: Callable[[int], None] | None = None,
) -> Report:
    """What the histories in some files come to.

    Args:
        model: a graph or a service.
        files: names of JSON-lines or CSV files.
        start: "unknown", or "absent" for resources that nobody touched before.
        calls: "complete", or "partial" where other callers may have acted unseen.
        environment: "open", or "recorded" where nothing happens that is not recorded.
        progress: called now and then with the number of records read so far.

    Raises:
        HistoryError: a file cannot be read, or a record has not the shape of one.
    """
    files = list(files)
    watching = monitor(model, start=start, calls=calls, environment=environment)
    checker = Checker(watching)
    for name in files:
        try:
            checker.follow_all(name, _counted(read_records(name), checker, progress))
        except HistoryError as error:
            raise _as_it_stands(error) from error
    late = {resource for resource, track in checker.tracks.items() if track.is_late}
    wrong = {resource for resource, track in checker.tracks.items() if track.node is None}
    found = _records_of(files, late | wrong) if late or wrong else {}
    for resource in late:
        again = Checker(watching)
        for file, line, record in found[resource]:
            again.follow(file, line, record)
        checker.tracks[resource] = again.tracks[resource]
    verdicts = tuple(
        verdict_of(watching, resource, track, found.get(resource, [])) for resource, track in checker.tracks.items()
    )
    return Report(watching.system.service.name, checker.records, verdicts, weaker(calls))


def weaker(calls: str) -> str | None:
    """Why verdicts are weaker where calls are partial, or None."""
    return "other callers may have acted unseen, so that little can be excluded" if calls == "partial" else None


def _counted(
    records: Iterable[tuple[int, Record]], checker: Checker, progress: Callable[[int], None] | None
) -> Iterable[tuple[int, Record]]:
    if progress is None:
        return records

    def counted() -> Iterator[tuple[int, Record]]:
        for one in records:
            if not checker.records & 0xFFFF:
                progress(checker.records)
            yield one

    return counted()


def judge(model: Model | Monitor, records: Iterable[Record], **options: Any) -> Report:
    """What histories in memory come to; options as for `check`. A monitor made before saves making it again.

    >>> from statemodel.catalogue import SCF
    >>> judge(SCF, [{"resource": "f", "op": "GetFunction", "result": {"Status": "CreateFailed"}},
    ...             {"resource": "f", "op": "UpdateFunctionCode", "result": {}}]).verdicts[0].code
    'SM201'
    """
    watching = model if isinstance(model, Monitor) else monitor(model, **options)
    checker = Checker(watching)
    found: dict[str, list[Place]] = {}
    for line, record in enumerate(records, 1):
        checker.follow("records", line, record)
        found.setdefault(record["resource"], []).append(("records", line, record))
    for resource, track in list(checker.tracks.items()):
        if track.is_late:
            again = Checker(watching)
            for place in sorted_by_time(found[resource]):
                again.follow(*place)
            checker.tracks[resource] = again.tracks[resource]
            found[resource] = sorted_by_time(found[resource])
    verdicts = tuple(
        verdict_of(watching, resource, track, found.get(resource, [])) for resource, track in checker.tracks.items()
    )
    return Report(watching.system.service.name, checker.records, verdicts, weaker(options.get("calls", "complete")))


def _records_of(files: Iterable[str], wanted: set[str]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {resource: [] for resource in wanted}
    for name in files:
        for line, record in read_records(name):
            if record.get("resource") in wanted:
                found[record["resource"]].append((name, line, record))
    return {resource: sorted_by_time(records) for resource, records in found.items()}


def sorted_by_time(records: list[Place]) -> list[Place]:
    """Records in the order of their times; one without a time stays behind the one before it."""
    last = float("-inf")
    keyed = []
    for place, (file, line, record) in enumerate(records):
        if "at" in record:
            last = moment(record["at"]) or 0.0
        keyed.append((last, place, (file, line, record)))
    return [entry for _, _, entry in sorted(keyed, key=lambda one: one[:2])]


def verdict_of(
    watching: Monitor, resource: str, track: Track, records: list[Place], explained: Explainer = explain
) -> Verdict:
    """The verdict about one history, explained by its records in the order of their times where it violates."""
    strength = track.strength / track.reads if track.reads else 0.0
    plain = Verdict(
        resource,
        Outcome.CONFORMS,
        track.code,
        track.file,
        track.line,
        strength=strength,
        records=track.records,
        skipped=track.skipped,
    )
    if track.node is not None:
        outcome = Outcome.CONFORMS if track.code is None else Outcome.INCONCLUSIVE
        return attrs.evolve(plain, outcome=outcome, reason=track.reason)
    told = explained(watching, track.names, records, (track.file, track.line))
    return attrs.evolve(
        plain,
        outcome=Outcome.VIOLATES,
        record=told.record,
        expected=told.expected,
        belief=told.belief,
        explanation=told.explanation,
    )
