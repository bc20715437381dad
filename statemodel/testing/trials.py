"""Walks by numbers, one after the other: what a property over walks needs. Knows nothing of who draws the numbers."""

from collections.abc import Callable
from typing import Final

from statemodel.coverage.goals import Goal
from statemodel.errors import StateModelError
from statemodel.testing.options import Options
from statemodel.testing.session import Found, Session, Trouble, TroubleError
from statemodel.testing.walk import Coded, Walker

CODES: Final = 1 << 24  # numbers up to here are drawn evenly
SHRINKS: Final = 100


class Trials:
    """Walks of one client by numbers that somebody draws, until there is trouble, and then shorter ones.

    Args:
        session: the client and its judge.
        left: goals to be preferred.
        shrinks: greatest number of walks to shorten one.
        is_old: whether trouble is known, so that it ends a walk and does not fail it.
        tell: called with the number of walks begun.
    """

    def __init__(
        self,
        session: Session,
        *,
        left: frozenset[Goal],
        shrinks: int,
        is_old: Callable[[Trouble], bool],
        tell: Callable[[int], object],
    ) -> None:
        self.session = session
        self.options = Options(session, left)
        self.shrinks = shrinks
        self.is_old = is_old
        self.tell = tell
        self.done = 0
        self.open_ended = 0
        self.best: Found | None = None
        self.stop: StateModelError | None = None

    def walk(self, drawn: tuple[int, list[int]]) -> Trouble | None:
        """One walk; the trouble it came to, if any."""
        if self.stop is not None:
            raise self.stop
        if self.best is None:
            self.done += 1
            self.tell(self.done)
        elif self.shrinks <= 0:
            return None
        else:
            self.shrinks -= 1
        self.session.reset()
        try:
            Walker(self.options, Coded(*drawn)).walk()
        except TroubleError as error:
            return error.trouble
        except StateModelError as error:
            self.stop = error
            raise
        return None

    def is_wanted(self, trouble: Trouble | None) -> bool:
        """Whether a walk came to new trouble; while it is shortened, to the same kind of trouble."""
        if trouble is None:
            return False
        if trouble.code == "SM104":
            self.open_ended += self.best is None
            return False
        if self.best is None:
            if self.is_old(trouble):
                return False
        elif trouble.code != self.best.trouble.code:
            return False
        script = tuple(self.session.script)
        if self.best is None or len(script) <= len(self.best.script):
            self.best = Found(trouble, script)
        return True
