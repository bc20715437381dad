"""From trouble to a finding: the shortest script that shows it, what was expected, and the rows that say so."""

from collections.abc import Callable, Iterable
from typing import Final

import attrs

from statemodel.configuration import words
from statemodel.semantics import UndecidedError, answers
from statemodel.show import sources_of
from statemodel.testing.report import Finding, Said
from statemodel.testing.script import Step, answer
from statemodel.testing.session import Session, Trouble, TroubleError

ROWS: Final = 6
SHOWN: Final = 6


def replay(session: Session, script: tuple[Step, ...]) -> Trouble | None:
    """Do a script again from a reset; the trouble it comes to, if any."""
    try:
        session.replayed(script)
    except TroubleError as error:
        return error.trouble
    return None


def reduced(session: Session, script: tuple[Step, ...], code: str, *, replays: int) -> tuple[tuple[Step, ...], bool]:
    """A shorter script that shows trouble of the same code, and whether it does so when replayed.

    Delta debugging (Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002), within a number of
    replays; what is left is what the client was really sent.
    """

    def shown(candidate: tuple[Step, ...]) -> tuple[Step, ...] | None:
        trouble = replay(session, candidate)
        return tuple(session.script) if trouble is not None and trouble.code == code else None

    found = shown(script)
    if found is None:
        return script, False
    best, left, size = found, replays, max(len(found) // 2, 1)
    while left > 0:
        place, is_shorter = 0, False
        while place < len(best) - 1 and left > 0:
            candidate = (*best[:place], *best[min(place + size, len(best) - 1) :])
            left -= 1
            smaller = shown(candidate)
            if smaller is not None and len(smaller) < len(best):
                best, is_shorter = smaller, True
            else:
                place += size
        if size == 1 and not is_shorter:
            break
        size = size if is_shorter and size == 1 else max(size // 2, 1)
    return best, True


def finding(session: Session, trouble: Trouble, script: tuple[Step, ...], *, phase: str, replays: int) -> Finding:
    """What is to be told of trouble: its script made as short as the budget of replays allows.

    Args:
        session: the client and its judge.
        trouble: what was met.
        script: everything that was done since the last reset.
        phase: which part of the suite met it.
        replays: how often the client may be reset and asked again.
    """
    is_timed = trouble.code == "SM302" and not session.has_clock
    best, is_reproduced = (script, True) if is_timed or not replays else reduced(
        session, script, trouble.code, replays=replays)
    if is_reproduced and not is_timed and replays:
        again = replay(session, best)
        trouble = again or trouble
        best = tuple(session.script) if again else best
    return _told(session, trouble, best, phase, is_reproduced=is_reproduced)


def _told(
    session: Session, trouble: Trouble, script: tuple[Step, ...], phase: str, *, is_reproduced: bool
) -> Finding:
    step = trouble.step
    track = session.judge.follow(trouble.resource)
    expected: tuple[str, ...] = ()
    belief: tuple[str, ...] = ()
    if track.records and step.do == "call" and trouble.code not in ("SM302", "SM303"):
        told = session.judge.told(track)
        expected, belief = told.expected, told.belief[:SHOWN]
    said = answer(step.reply) if step.reply is not None else "nothing"
    got = f"{step.what}: {said}"
    return Finding(
        trouble.code,
        name_of(session, trouble),
        trouble.resource,
        script,
        got,
        expected,
        belief,
        trouble.reason,
        tuple(_rows(session, trouble)),
        phase,
        is_reproduced,
    )


def name_of(session: Session, trouble: Trouble) -> str:
    """A name that stays the same from run to run: code, operation, answer, and the states it was met in."""
    track = session.judge.follow(trouble.resource)
    first = session.system.parts[0]
    states = sorted({words(one, session.system.parts).partition(",")[0].removeprefix(f"{first} ")
                     for one in track.origin})
    reply = trouble.step.reply
    how = "" if reply is None else f":{reply.error}" if reply.error is not None else ":accepted"
    return f"{trouble.code}:{trouble.step.what}{how}:{'|'.join(states[:3])}"


def _rows(session: Session, trouble: Trouble) -> Iterable[Said]:
    """Rows of the model that speak of the call where it was made, must before may."""
    track = session.judge.follow(trouble.resource)
    if trouble.step.do != "call" or not track.records or trouble.code in ("SM302", "SM303"):
        return
    made = session.judge.read(track, track.records[-1]).call
    found: dict[str, Said] = {}
    for one in sorted(track.origin, key=repr):
        try:
            steps = answers(session.system, one, made)
        except UndecidedError:
            continue
        for step in sorted(steps, key=lambda each: each.modality, reverse=True):
            for row in step.rows:
                found.setdefault(str(row), Said(str(row), tuple(sources_of(row.evidence))))
    yield from list(found.values())[:ROWS]


Progress = Callable[[str, int, int], None]
__all__ = ["Finding", "Progress", "attrs", "finding", "reduced", "replay"]
