"""Random walks on Hypothesis, which shrinks and replays what it finds. The only importer of Hypothesis."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeVar

from statemodel.coverage.goals import Goal
from statemodel.errors import MissingExtraError, StateModelError
from statemodel.testing.options import SWARMS, Options
from statemodel.testing.session import Found, Session, Trouble, TroubleError
from statemodel.testing.walk import STEPS, Walker, Walks, seeded_walks

try:
    from hypothesis import HealthCheck, Phase, Verbosity, find, settings
    from hypothesis import strategies as st
    from hypothesis.database import DirectoryBasedExampleDatabase
    from hypothesis.errors import Flaky, NoSuchExample
except ModuleNotFoundError as error:
    raise MissingExtraError("walking at random", "testing") from error

T = TypeVar("T")
CODES: Final = 1 << 24  # numbers up to here are drawn evenly
SHRINKS: Final = 100


class Coded:
    """Decides by numbers, one for each step; 0 decides for the simplest.

    Args:
        swarm: the number that decides before the first step.
        codes: the others.
    """

    def __init__(self, swarm: int, codes: Sequence[int]) -> None:
        self._codes = codes
        self._left = swarm

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""
        self._left, place = divmod(self._left, len(options))
        return options[place]

    def goes_on(self, done: int) -> bool:
        """Whether there is one more step after so many."""
        if done < len(self._codes):
            self._left = self._codes[done]
            return True
        return False


@st.composite
def _codes(draw: st.DrawFn, steps: int) -> tuple[int, list[int]]:
    """The steps of a walk, any of which can be left out; most walks are neither short nor long.

    A number for each step means nearly the same wherever it comes, so that what is left keeps its meaning. They are
    unlike each other, or Hypothesis would walk the same way five times with one step repeated.
    """
    code = st.integers(0, CODES - 1)
    least = 0 if draw(st.integers(0, 7)) == 0 else steps * 3 // 5
    swarm = draw(st.integers(0, SWARMS - 1))
    return swarm, draw(st.lists(code, min_size=least, max_size=steps * 9 // 5, unique=True))


class _Walking:
    """Walks of one client: what they need, and what came of them."""

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


def random_walks(
    session: Session,
    *,
    examples: int,
    steps: int = STEPS,
    seed: int | str = 0,
    left: frozenset[Goal] = frozenset(),
    is_old: Callable[[Trouble], bool] = lambda _: False,
    tell: Callable[[int], object] = lambda _: None,
    shrinks: int = SHRINKS,
    database: str | None = None,
    key: str = "",
) -> Walks:
    """Walk at random until trouble is met, and shorten the walk that met it.

    What a walk does depends on nothing but what is drawn, on `left` and on the client. Where a client answers the same
    calls in two ways, the trouble met is given as it is; if there was none yet, the rest is walked by the seed alone.

    Args:
        session: the client and its judge.
        examples: greatest number of walks.
        steps: how long a walk is on average.
        seed: fixes everything that is drawn.
        left: goals to be preferred.
        is_old: whether trouble is known, so that it ends a walk and does not fail it.
        tell: called with the number of walks begun.
        shrinks: greatest number of walks to shorten one.
        database: directory in which walks that failed are kept, to be tried first the next time; None for none.
        key: what tells clients apart there.

    Raises:
        AdapterError: the adapter itself fails.
    """
    walking = _Walking(session, left=left, shrinks=shrinks, is_old=is_old, tell=tell)
    is_flaky = False
    try:
        find(
            _codes(steps).map(walking.walk),
            walking.is_wanted,
            settings=_settings(examples, database),
            random=Random(str(seed)),  # noqa: S311  # nothing secret
            database_key=f"statemodel {key}".encode(),
        )
    except NoSuchExample:
        pass
    except Flaky:
        is_flaky = True
    if walking.stop is not None:
        raise walking.stop
    walks = Walks(walking.best, walking.done, walking.open_ended)
    if not is_flaky or walking.best is not None:
        return walks
    rest = seeded_walks(session, examples=examples - walking.done, steps=steps, seed=seed, left=left, is_old=is_old,
                        tell=lambda more: tell(walking.done + more))
    return rest.after(walks)


def _settings(examples: int, database: str | None) -> settings:
    return settings(
        max_examples=examples,
        database=None if database is None else DirectoryBasedExampleDatabase(database),
        deadline=None,
        derandomize=False,
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
