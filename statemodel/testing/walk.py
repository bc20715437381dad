"""One random walk: legal and forbidden calls, several resources, waits, steered outcomes, reads at any time.

Whoever walks draws from a `Chooser`, so that a walk can be driven by a seed as well as by Hypothesis, and depends on
nothing but what is drawn and what the client answers.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, Protocol, TypeVar
from zlib import crc32

import attrs

from statemodel.coverage.goals import Goal
from statemodel.coverage.sent import sendable
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.testing.garbage import kept_apart
from statemodel.testing.options import NAMING, ORDERS, Options, Sort, choices
from statemodel.testing.session import Found, Session, Trouble, TroubleError

T = TypeVar("T")
NAMES: Final = ("fn-1", "fn-2")
OTHER: Final = {NAMES[0]: NAMES[1], NAMES[1]: NAMES[0]}
RESOURCES: Final = (NAMES[0], NAMES[0], NAMES[0], NAMES[1])
WAITS: Final = (1.0, 10.0, 120.0)
STEPS: Final = 25


class Chooser(Protocol):
    """Who decides."""

    def pick(self, options: Sequence[T]) -> T:
        """One of some options; the first is the simplest."""
        ...

    def goes_on(self, done: int) -> bool:
        """Whether there is one more step after so many."""
        ...


class Seeded:
    """Decides by a seed.

    Args:
        seed: fixes every decision.
        steps: how long a walk is.
    """

    def __init__(self, seed: int | str, steps: int = STEPS) -> None:
        self.random = Random(seed)  # noqa: S311  # nothing secret
        self.steps = steps

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""
        return options[self.random.randrange(len(options))] if len(options) > 1 else options[0]

    def goes_on(self, done: int) -> bool:
        """Whether there is one more step after so many."""
        return done < self.steps


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


class Walker:
    """Walks at random.

    Args:
        options: what may be done with the client, which was just reset.
        chooser: who decides.
    """

    def __init__(self, options: Options, chooser: Chooser) -> None:
        self.options = options
        self.session: Session = options.session
        self.chooser = chooser
        self.contents = 0
        self.takes = sendable(self.session.link.abilities)
        self.deeds = self._kinds()
        self.swarm = options.swarms[0]

    def walk(self) -> None:
        """Take steps, then settle everything and read it all over.

        Raises:
            TroubleError: the client did what no conforming one does.
        """
        self.swarm = self.chooser.pick(self.options.swarms)
        done = 0
        while self.chooser.goes_on(done):
            self.step()
            done += 1
        self.finish()

    def finish(self, names: Sequence[str] = NAMES) -> None:
        """Settle the resources that were spoken of and read them all over.

        Raises:
            TroubleError: as for `walk`.
        """
        for name in names:
            if name in self.session.judge.followed:
                self.session.settle(name)
                self.survey(name)

    def step(self) -> None:
        """Do one thing."""
        resource = self.chooser.pick(RESOURCES)
        self.chooser.pick(self.deeds)(resource)

    def _kinds(self) -> list[Callable[[str], None]]:
        """What may be done, often what is done more often; always as many, so that a choice keeps its meaning."""
        options = self.options
        often: list[tuple[Callable[[str], None], int]] = [
            (self._legal, 6),
            (self._settle, 3),
            (self._outcome, 3),
            (self._forbidden, 2),
            (self._read, 2),
            (self._wait, 2),
            (self.survey, 1),
            (self._happen, bool(options.events)),
            (self._case, bool(options.cases)),
            (self._pages, bool(options.lists)),
        ]
        return [deed for deed, times in often for _ in range(times)]

    def _legal(self, resource: str) -> None:
        self._one_of(resource, Sort.LEGAL, Sort.READ, Sort.FORBIDDEN)

    def _read(self, resource: str) -> None:
        self._one_of(resource, Sort.READ, Sort.LEGAL, Sort.FORBIDDEN)

    def _forbidden(self, resource: str) -> None:
        self._one_of(resource, Sort.FORBIDDEN, Sort.LEGAL, Sort.READ)

    def _one_of(self, resource: str, *sorts: Sort) -> None:
        track = self.session.judge.follow(resource)
        operation = self.options.chosen(track, self.chooser.pick(range(ORDERS)), sorts, self.swarm)
        if operation is not None:
            self.call(resource, operation)

    def survey(self, resource: str) -> None:
        """Read a resource and each of its members all over."""
        for name, args in self.session.every_read(resource):
            self.session.call(resource, name, args)

    def _wait(self, resource: str) -> None:
        """Let time pass, and see what came of it; of a client without a clock every status, as its patience counts.

        Where nothing is under way, make a call.
        """
        if not self.options.outcomes(self.session.judge.follow(resource)):
            return self._legal(resource)
        seconds = self.chooser.pick(WAITS)
        if self.session.has_clock:
            self.session.advance(seconds)
            self._see(resource, (self.session.look, self._glance, self.session.look))
        else:
            self.session.wait(resource, seconds)
        return None

    def _see(self, resource: str, ways: Sequence[Callable[[str], object]]) -> None:
        self.chooser.pick(ways)(resource)

    def _glance(self, resource: str) -> None:
        """Read one status, if one can be read."""
        reads = self.session.status_reads(resource)
        if reads:
            name, args = self._kept(reads)
            self.session.call(resource, name, args)

    def _settle(self, resource: str) -> None:
        """Wait until nothing is under way; where nothing is, make a call."""
        if self.options.outcomes(self.session.judge.follow(resource)):
            self.session.settle(resource)
        else:
            self._legal(resource)

    def _outcome(self, resource: str) -> None:
        """Ask for one of the outcomes that are under way, then wait for it; where nothing is, make a call."""
        names = self.options.outcomes(self.session.judge.follow(resource))
        if names:
            self.session.steer(self._kept(names))
            self._wait(resource)
        else:
            self._legal(resource)

    def _kept(self, names: Sequence[T]) -> T:
        """One of some names, the same one as far as can be whatever the others are."""
        number = self.chooser.pick(range(16))
        return max(names, key=lambda name: crc32(f"{number} {name}".encode())) if number else names[0]

    def _happen(self, _resource: str) -> None:
        self.session.happen(self.chooser.pick(self.options.events))

    def _case(self, resource: str) -> None:
        """Call with arguments at a limit."""
        operation, case = self.chooser.pick(self.options.cases)
        self.session.call(resource, operation.name, {**self._args(resource, operation), **case.args})

    def _pages(self, resource: str) -> None:
        """Turn the pages of a list."""
        self.session.look(resource)
        self.session.turn(resource, self.chooser.pick(self.options.lists))

    # ------------------------------------------------------------------------------------------- calls

    def call(self, resource: str, operation: Operation) -> None:
        """Call an operation with some arguments; whatever it did may be read at once."""
        other = OTHER[resource] if operation.parameter("as") else None
        self.session.call(resource, operation.name, self._args(resource, operation), other=other)
        if operation.action is Action.CALL:
            self._see(resource, (self._glance, _not_at_all, self.session.look))

    def _args(self, resource: str, operation: Operation) -> dict[str, Any]:
        track = self.session.judge.follow(resource)
        fitting = self.options.fitting(track, operation)
        is_fitting = bool(fitting) and self.chooser.pick((True, True, True, False))
        args: dict[str, Any] = dict(self._kept(fitting)) if is_fitting else {}
        for parameter in operation.parameters:
            value = None
            if parameter.subject is Subject.CONTENT:
                value = None if operation.parameter("as") else self._content(is_needed=parameter.required)
            elif parameter.subject in NAMING:
                value = None if is_fitting else self._kept(self.options.named(track, parameter))
            elif parameter.subject is not Subject.IDENTITY and parameter.name != "as":
                value = self._value(operation, parameter)
            if value is not None:
                args[parameter.name] = value
        return args

    def _content(self, *, is_needed: bool) -> str | None:
        """New content, or the last one again; now and then none where none is needed."""
        how = self.chooser.pick(("new", "new", "again") if is_needed else ("new", "new", "again", "none"))
        if how == "none":
            return None
        if how == "new" or not self.contents:
            self.contents += 1
        return f"code-{self.contents}"

    def _value(self, operation: Operation, parameter: Parameter) -> Any:
        """A flag or value, where the client takes it."""
        values = choices(parameter)
        if values and self.takes(operation, parameter.name, values[0]):
            return self.chooser.pick((None, *values))
        return None


def _not_at_all(_resource: str) -> None:
    """Look later."""


@attrs.frozen
class Walks:
    """What some walks came to.

    Attributes:
        found: the trouble that ended them, or None.
        done: how many there were, without those that only shortened one.
        open_ended: how many were left because too much was possible.
    """

    found: Found | None = None
    done: int = 0
    open_ended: int = 0

    def after(self, before: "Walks") -> "Walks":
        """These walks and those before them."""
        return Walks(self.found, self.done + before.done, self.open_ended + before.open_ended)


@kept_apart()
def seeded_walks(
    session: Session,
    *,
    examples: int,
    steps: int = STEPS,
    seed: int | str = 0,
    left: frozenset[Goal] = frozenset(),
    is_old: Callable[[Trouble], bool] = lambda _: False,
    tell: Callable[[int], object] = lambda _: None,
) -> Walks:
    """Walk at random by a seed alone, until trouble is met; nothing is shortened.

    Args:
        session: the client and its judge.
        examples: greatest number of walks.
        steps: how long a walk is.
        seed: fixes everything that is drawn.
        left: goals to be preferred.
        is_old: whether trouble is known, so that it ends a walk and no more.
        tell: called with the number of walks begun.
    """
    options = Options(session, left)
    open_ended = 0
    for number in range(examples):
        tell(number + 1)
        session.reset()
        try:
            Walker(options, Seeded(f"{seed}:{number}", steps)).walk()
        except TroubleError as error:
            if error.trouble.code == "SM104":
                open_ended += 1
            elif not is_old(error.trouble):
                return Walks(Found(error.trouble, tuple(session.script)), number + 1, open_ended)
    return Walks(None, examples, open_ended)
