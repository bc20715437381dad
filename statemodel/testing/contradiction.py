"""Which earlier answer a last one contradicts, where a script as it was answered is judged without each in turn."""

from typing import Final

from statemodel.coverage.goals import Covered
from statemodel.model.operation import Action
from statemodel.testing.adapter import Link
from statemodel.testing.judge import Judge
from statemodel.testing.replays import Recorded, replay
from statemodel.testing.script import Step
from statemodel.testing.session import Session, Trouble
from statemodel.testing.shrink import Script

LONGEST: Final = 60


def contradicted(session: Session, script: Script) -> tuple[int, ...]:
    """Numbers, from 1, of the reads without which the last step of a script would be possible.

    The client is not asked: it answers as it answered. Of a long script, or one that has no trouble, there are none.
    """
    if not 1 < len(script) <= LONGEST or _trouble(session, script) is None:
        return ()
    reads = [number for number, step in enumerate(script[:-1]) if _is_read(session, step)]
    return tuple(one + 1 for one in reads if _trouble(session, script[:one] + script[one + 1 :]) is None)


def _is_read(session: Session, step: Step) -> bool:
    return step.do == "call" and session.system.operations[str(step.what)].action is Action.READ


def _trouble(session: Session, script: Script) -> Trouble | None:
    link = Link(Recorded(script, session.link.abilities), tuple(session.system.operations))
    try:
        return replay(Session(link, Judge(session.monitor, Covered()), patience=session.patience), script)
    finally:
        link.close()
