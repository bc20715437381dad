"""What a member may carry beside its state. Must not know any service.

Data are frozen attrs classes whose fields have defaults and say in their metadata what they hold, so that engines can
rename versions, keep content symbolic and fill in what nobody has seen.

A part with many members says how they are told apart (`many=Numbered()` or `Named()`), and its operations say which of
them they address: a key, NEW, EVERY, or ALL_GO. Snapshots, numbered by the service, of which each keeps a content:

>>> import attrs
>>> from statemodel import (NEW, Action, Effect, Field, Kind, Listing, Numbered, Operation, Parameter, Refusal, Source,
...                         State, Subject, Transition, TransitionGraph, content_field, documented, spell)
>>> from statemodel.oracle.check import judge
>>> @attrs.frozen
... class SnapshotData:
...     content: int | None = content_field()
>>> PAGE = documented(Source("PAGE", "the service's page on snapshots", "2026-05"))
>>> NUMBER = Parameter("Number", Subject.VERSION, required=True)
>>> number = Field("Number", lambda view: (spell(view.target["snapshot"][0]),))
>>> Take = Operation("TakeSnapshot", Action.CALL, (Parameter("content", Subject.CONTENT),),
...                  lambda view: ({"snapshot": (NEW,)},), fields=(number,))
>>> Read = Operation("ReadSnapshot", Action.READ, (NUMBER,), lambda view: ({"snapshot": (view.arg("Number"),)},),
...                  fields=(Field("content", lambda view: (view.data("snapshot", view.arg("Number")).content,)),))
>>> List = Operation("ListSnapshots", Action.READ, listing=Listing("Snapshots", "Number", "snapshot"))
>>> SNAPSHOT = TransitionGraph(
...     "mq.snapshot", "One snapshot; numbers run from 1.",
...     states=(State("Absent", Kind.ABSENT, "Not taken."), State("Kept", Kind.RESTING, "There for good.")),
...     transitions=(
...         Transition("Absent", Take, "Kept", effect=Effect("keeps it", lambda view: SnapshotData(view.content())),
...                    evidence=PAGE),
...         Transition("Kept", Take, evidence=PAGE),
...         Transition("Kept", Read, evidence=PAGE),
...         Transition(("Absent", "Kept"), List, evidence=PAGE),
...     ),
...     refusals=(Refusal("Absent", Read, "NoSuchSnapshot", evidence=PAGE),),
...     data=SnapshotData, many=Numbered(),
... )
>>> judge(SNAPSHOT, [
...     {"resource": "q", "op": "TakeSnapshot", "args": {"content": "a"}, "result": {"Number": "1"}},
...     {"resource": "q", "op": "ReadSnapshot", "args": {"Number": "1"}, "result": {"content": "b"}},
... ], start="absent").verdicts[0].expected
('ReadSnapshot: content "a"',)
>>> judge(SNAPSHOT, [
...     {"resource": "q", "op": "TakeSnapshot", "result": {"Number": "1"}},
...     {"resource": "q", "op": "ListSnapshots", "result": {"Snapshots": []}},
... ], start="absent").verdicts[0].expected
('ListSnapshots: Snapshots 1',)
"""

from typing import Any

import attrs

CONTENT = "statemodel.content"
REFERENCE = "statemodel.reference"
VALUES = "statemodel.values"
APART = "statemodel.apart"

Key = int | str


def content_field() -> Any:
    """A field of data that holds content: an opaque symbol, or None where there is none."""
    return attrs.field(default=None, metadata={CONTENT: True})


def reference_field(part: str, *besides: str | None, apart_from: str | None = None) -> Any:
    """A field that names a member of a part, or one of the names `besides`, the first of which is the default.

    Args:
        part: the part.
        besides: other values it may have.
        apart_from: a field before it that never has the same value.
    """
    default = besides[0] if besides else None
    return attrs.field(default=default, metadata={REFERENCE: (part, besides), APART: apart_from})


def one_of(*values: Any) -> Any:
    """A field that holds one of a few values, the first of which is the default."""
    return attrs.field(default=values[0], metadata={VALUES: values})


def spell(key: Key) -> str:
    """A key as a service spells it; a number that nobody has seen begins with a question mark."""
    if isinstance(key, int):
        return str(key) if key >= 0 else f"?{-key}"
    return key


LONGEST = 18


def read_key(value: Any) -> Any:
    """The number of a version where a text is one, else the value as it is."""
    return (
        int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < LONGEST else value
    )


def contents(data: Any) -> tuple[int, ...]:
    """The content symbols some data hold, in order of their fields."""
    if data is None:
        return ()
    held = (getattr(data, name) for name in _fields(type(data), CONTENT))
    return tuple(value for value in held if value is not None)


def references(data: Any, part: str) -> tuple[Any, ...]:
    """The members of a part that some data name."""
    if data is None:
        return ()
    return tuple(getattr(data, name) for name, (target, _) in _marked(type(data), REFERENCE) if target == part)


def rename(data: Any, symbols: dict[int, int], keys: dict[str, dict[Any, Any]]) -> Any:
    """The same data with other content symbols and, by part, other keys."""
    if data is None:
        return None
    changes: dict[str, Any] = {}
    for name in _fields(type(data), CONTENT):
        old = getattr(data, name)
        if old is not None and symbols.get(old, old) != old:
            changes[name] = symbols[old]
    if keys:
        for name, (part, _) in _marked(type(data), REFERENCE):
            old = getattr(data, name)
            new = keys.get(part, {}).get(old, old)
            if new != old:
                changes[name] = new
    return attrs.evolve(data, **changes) if changes else data


_CACHE: dict[tuple[type, str], tuple[tuple[str, Any], ...]] = {}


def _marked(of: type, mark: str) -> tuple[tuple[str, Any], ...]:
    found = _CACHE.get((of, mark))
    if found is None:
        found = tuple((one.name, one.metadata[mark]) for one in attrs.fields(of) if mark in one.metadata)
        _CACHE[of, mark] = found
    return found


def _fields(of: type, mark: str) -> tuple[str, ...]:
    return tuple(name for name, _ in _marked(of, mark))


def alternatives(of: type | None, names: dict[str, tuple[Any, ...]], fresh: int) -> list[Any]:
    """Every content of a data class that nobody has seen: content is symbolic, from the symbol `fresh` downwards.

    Args:
        of: the class, or None.
        names: by part, the members a reference may name.
        fresh: a negative symbol that is not in use, nor any below it.
    """
    if of is None:
        return [None]
    built: list[dict[str, Any]] = [{}]
    for one in attrs.fields(of):
        if CONTENT in one.metadata:
            built = [{**half, one.name: fresh} for half in built]
            fresh -= 1
        else:
            if REFERENCE in one.metadata:
                part, besides = one.metadata[REFERENCE]
                values = (*besides, *(name for name in names.get(part, ()) if name not in besides))
            else:
                values = one.metadata.get(VALUES, (one.default,))
            other = one.metadata.get(APART)
            built = [
                {**half, one.name: value} for half in built for value in values if other is None or half[other] != value
            ]
    return [of(**whole) for whole in built]
