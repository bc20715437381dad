"""From trouble to a finding: the shortest script that shows it, what was expected, and the rows that say so."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import attrs

from statemodel.configuration import words
from statemodel.errors import AdapterError
from statemodel.model.graph import Initiator, Row, Transition
from statemodel.model.operation import ANY
from statemodel.oracle.explain import Told, spelled
from statemodel.semantics import Accepted, Refused, UndecidedError, answers
from statemodel.semantics import Step as Way
from statemodel.show import sources_of
from statemodel.testing.cited import MANY, limits
from statemodel.testing.contradiction import contradicted
from statemodel.testing.replays import Replays
from statemodel.testing.report import Finding, Said
from statemodel.testing.script import Step, answer
from statemodel.testing.session import Session, Trouble
from statemodel.testing.shrink import Script
from statemodel.testing.slices import is_change

ROWS: Final = 3
BELIEVED: Final = 100


def finding(
    session: Session,
    trouble: Trouble,
    script: Script,
    *,
    phase: str,
    replays: int,
    others: Container[str] = (),
) -> Finding:
    """What is to be told of trouble: its script made as short as the budget of replays allows.

    A service may refuse now with this code, now with that; so a shorter script may show another code than the first
    did, as long as nothing told before comes out.

    Args:
        session: the client and its judge.
        trouble: what was met.
        script: everything that was done since the last reset.
        phase: which part of the suite met it.
        replays: how often the client may be reset and asked again; 0 leaves the script as it is.
        others: names of what was told before.
    """
    is_slow = trouble.code == "SM302" and not session.has_clock
    if is_slow or not replays:
        then = "" if is_slow else _once_more(session, trouble)
        return attrs.evolve(_told(session, trouble, script, phase, is_reproduced=True), afterwards=then)
    plain = _told(session, trouble, script, phase, is_reproduced=False)
    kind = _kind(session, trouble)
    made = _shortened(session, plain, trouble, lambda one: _kind(session, one) == kind, replays)
    if made.name != plain.name and made.name in others:
        made = _shortened(session, plain, trouble, lambda one: name_of(session, one) == plain.name, replays)
    return made


def _shortened(
    session: Session, plain: Finding, trouble: Trouble, is_same: Callable[[Trouble], bool], replays: int
) -> Finding:
    again = Replays(session, trouble.resource, is_same, replays=replays)
    done = again.first(plain.script)
    if done is None:
        return plain
    seen = again.shortest(done)
    is_steady = again.is_steady(seen.run.steps)
    then = _once_more(session, seen.trouble) if is_steady else ""
    session.judge.followed, session.script = seen.followed, list(seen.run.steps)
    made = _told(session, seen.trouble, seen.run.steps, plain.phase, is_reproduced=True)
    return attrs.evolve(made, is_steady=is_steady, afterwards=then)


def _once_more(session: Session, trouble: Trouble) -> str:
    """What the read that showed something for too long answers right after that, in words."""
    if trouble.code != "SM302" or trouble.step.reply is None:
        return ""
    with suppress(AdapterError):
        return answer(session.link.call(str(trouble.step.what), dict(trouble.step.args)))
    return ""


def _kind(session: Session, trouble: Trouble) -> str:
    """The name, whatever the code of a refusal is, and whichever fields are told to be wrong."""
    reply = trouble.step.reply
    if trouble.about or reply is None:
        return name_of(session, trouble)
    return f"{trouble.code}:{trouble.step.what}:{'accepted' if reply.error is None else 'refused'}"


def name_of(session: Session, trouble: Trouble) -> str:
    """A name that stays the same from run to run: code, operation and answer, or what stayed where."""
    if trouble.about:
        return f"{trouble.code}:{':'.join(trouble.about)}"
    reply = trouble.step.reply
    if reply is None:
        return f"{trouble.code}:{trouble.step.what}"
    how = "accepted" if reply.error is None else reply.error
    if reply.error is None and trouble.code in ("SM101", "SM203"):
        how = ",".join(_never(session, trouble)) or how
    return f"{trouble.code}:{trouble.step.what}:{how}"


def where_of(session: Session, trouble: Trouble) -> tuple[str, ...]:
    """The states it was met in, as the record before left them; none where there are many, or the name tells."""
    track = session.judge.follow(trouble.resource)
    first = session.system.parts[0]
    said = {words(one, session.system.parts).partition(",")[0].removeprefix(f"{first} ") for one in track.origin}
    return () if trouble.about or len(said) > ROWS else tuple(sorted(said))


def _never(session: Session, trouble: Trouble) -> tuple[str, ...]:
    """The fields of an accepted answer that no accepted answer may show there."""
    if trouble.code == "SM101" and trouble.reason:
        return (trouble.reason.partition(" ")[0],)
    misses = _misses(session, trouble)
    return tuple(name for name in (misses[0] if misses else ()) if all(name in one for one in misses))


def _wrong(session: Session, trouble: Trouble) -> tuple[str, ...]:
    """The same, or where there are none those that do not go together."""
    apart = {name for one in _nearest(_misses(session, trouble)) for name in one}
    fields = session.system.operations[str(trouble.step.what)].fields
    return _never(session, trouble) or tuple(field.name for field in fields if field.name in apart)


def _nearest(misses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that the fewest fields keep apart from what was shown."""
    least = min(map(len, misses), default=0)
    return [one for one in misses if len(one) == least]


def _instead(session: Session, trouble: Trouble) -> tuple[str, ...]:
    """What would have been right of fields that do not go together, one line for each that may have been another."""
    if trouble.reason is not None and trouble.reason.startswith(MANY):
        most = trouble.reason.partition(" where ")[2].partition(" ")[0]
        return (f"{trouble.step.what}: {MANY}at most {most}",)
    if _never(session, trouble):
        return ()
    contents = {symbol: name for name, symbol in session.judge.follow(trouble.resource).content.items()}
    said = (
        ", ".join(
            f"{name} {' | '.join(spelled(name, value, contents) for value in values)}" for name, values in one.items()
        )
        for one in _nearest(_misses(session, trouble))
    )
    return tuple(sorted({f"{trouble.step.what}: {one}" for one in said if one}))


def _misses(session: Session, trouble: Trouble) -> list[dict[str, Any]]:
    """For each accepted answer that there may be, the fields that were shown otherwise, with what they would show."""
    track = session.judge.follow(trouble.resource)
    if not track.records:
        return []
    seen = session.judge.read(track, track.records[-1])
    accepted = [one.answer for one in _ways(session, trouble, track.node.belief) if isinstance(one.answer, Accepted)]
    found: list[dict[str, Any]] = []
    for one in accepted:
        might = {name: one.shows(name) for name, _ in seen.shown}
        miss = {name: might[name] for name, value in seen.shown if might[name] is not ANY and value not in might[name]}
        if miss not in found:
            found.append(miss)
    return found


def _ways(session: Session, trouble: Trouble, belief: Iterable[Any]) -> Iterator[Way]:
    """Every way the call may go in a belief."""
    track = session.judge.follow(trouble.resource)
    made = session.judge.read(track, track.records[-1]).call
    for one in sorted(belief, key=repr):
        try:
            yield from answers(session.system, one, made)
        except UndecidedError:
            continue


# ------------------------------------------------------------------------------------------------- telling


def _told(session: Session, trouble: Trouble, script: Script, phase: str, *, is_reproduced: bool) -> Finding:
    track = session.judge.follow(trouble.resource)
    step = trouble.step
    told = Told("", (), (), ())
    if track.records and step.do == "call" and trouble.code not in ("SM302", "SM303"):
        told = session.judge.told(track)
    said = answer(step.reply) if step.reply is not None else "nothing"
    is_accepted = step.reply is not None and step.reply.error is None and bool(told.record)
    instead = _instead(session, trouble) if is_accepted and trouble.code == "SM203" else ()
    if instead:
        told = attrs.evolve(told, expected=instead)
    return Finding(
        trouble.code,
        name_of(session, trouble),
        where_of(session, trouble),
        trouble.resource,
        script,
        f"{step.what}: {said}",
        _wrong(session, trouble) if is_accepted else (),
        told.expected,
        _believed(session, trouble) if told.record else (),
        told.explanation if any(line.startswith("  (") for line in told.explanation) else (),
        trouble.reason,
        tuple(_said(session, trouble, is_told=bool(told.record))),
        phase,
        is_reproduced,
        against=_against(session, step, script, told) if told.record and is_reproduced else (),
        changing=tuple(
            number
            for number, one in enumerate(script, 1)
            if one.do != "advance" and is_change(session.system, one)
        ),
    )


def _against(session: Session, last: Step, script: Script, told: Told) -> tuple[int, ...]:
    """The reads that a last answer contradicts; none where it had to be a refusal, and only the code is wrong."""
    is_refused = last.reply is not None and last.reply.error is not None
    had_to_be = all(line.partition(": ")[2].startswith("refused with ") for line in told.expected)
    return () if told.expected and is_refused and had_to_be else contradicted(session, script)


def _believed(session: Session, trouble: Trouble) -> tuple[str, ...]:
    track = session.judge.follow(trouble.resource)
    said = sorted({words(one, session.system.parts) for one in track.node.belief})
    return tuple(said[:BELIEVED])


def _said(session: Session, trouble: Trouble, *, is_told: bool) -> Iterable[Said]:
    """Rows of the model that speak of it."""
    if trouble.code == "SM302" and trouble.about:
        part, state = trouble.about
        graph = session.system.graph(session.system.parts.index(part))
        owed = [row for row in graph.transitions if state in row.source and row.initiator is Initiator.SERVICE]
        return [Said(str(row), tuple(sources_of(row.evidence))) for row in owed[:ROWS]]
    if not is_told or trouble.code == "SM101":
        return ()
    step = trouble.step
    cited = limits(session.system.operations[str(step.what)], step, trouble.reason)
    is_refused = step.reply is not None and step.reply.error is not None
    return cited if cited and not is_refused else [*cited, *_rows(session, trouble)][:ROWS]


def _rows(session: Session, trouble: Trouble) -> Iterable[Said]:
    """Rows of the model that speak of it: those that answer the call, and how the resource came to be where it is."""
    found: dict[Row, None] = {}
    reply = trouble.step.reply
    track = session.judge.follow(trouble.resource)
    ways = sorted(_ways(session, trouble, track.node.belief), key=lambda each: each.modality, reverse=True)
    is_refused = reply is not None and reply.error is not None
    if not is_refused and ways and all(isinstance(each.answer, Refused) for each in ways):
        found.update(dict.fromkeys(row for each in ways for row in each.rows))  # what refuses it, before what led there
    if trouble.code == "SM203":
        likely = {(one.place, one.key): one.goal for one in track.explained.likely() if one.is_move}
        found.update(dict.fromkeys(_last(session, {**track.last, **likely})))
    if not _never(session, trouble):
        ways.sort(key=lambda each: isinstance(each.answer, Refused) == is_refused and trouble.code == "SM201")
        for step in ways:
            found.update(dict.fromkeys(step.rows))
    for row in list(found)[:ROWS]:
        yield Said(str(row), tuple(sources_of(row.evidence)))


def _last(session: Session, last: Mapping[Any, Any]) -> Iterator[Row]:
    """The rows of the last transition of each member."""
    for (place, _), goal in last.items():
        source, arrow, target = goal.words[:3]
        rows = [row for row in session.system.graph(place).transitions if isinstance(row, Transition)]
        named = (row for row in rows if source in row.source and arrow == f"--{row.event.name}-->")
        yield from [row for row in named if (row.target or source) == target][:1]


__all__ = ["Finding", "finding", "name_of", "where_of"]
