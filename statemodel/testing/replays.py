"""A script done again and again, each time a little less of it, for as long as it shows the same trouble."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from statemodel.configuration import Configuration
from statemodel.coverage.goals import Covered
from statemodel.testing.adapter import Link
from statemodel.testing.judge import Followed, Judge
from statemodel.testing.script import Step, to_lines
from statemodel.testing.session import Session, Trouble, TroubleError
from statemodel.testing.shrink import Script, shortest
from statemodel.testing.slices import RETURNS, Run, by_operation, by_resource, by_return, guesses
from statemodel.testing.tours.naming import is_listed, named, named_second

TRIES: Final = 3
CALLS_A_REPLAY: Final = 20
WEIGHED: Final = 150_000


def replay(session: Session, script: Script) -> Trouble | None:
    """Do a script again from a reset; the trouble it comes to, if any."""
    try:
        session.replayed(script)
    except TroubleError as error:
        return error.trouble
    return None


@attrs.frozen
class Seen:
    """A script that showed the trouble when it was done again.

    Attributes:
        trouble: what it came to.
        run: what was done, and what was believed of the resource.
        followed: what was believed of every resource at its end.
    """

    trouble: Trouble
    run: Run
    followed: dict[str, Followed]


class Replays:
    """What a client shows when it is asked again.

    A client that answers one and the same beginning now so, now otherwise depends on chance; from then on a script that
    does not show the trouble is done again before it is given up.

    Args:
        session: the client and its judge.
        resource: the resource that the trouble is about.
        is_same: whether trouble is the same.
        replays: greatest number of resets; of calls there are `CALLS_A_REPLAY` times as many, and what the first takes.
            Where much may be true after each step, `WEIGHED` configurations in all end it sooner.

    Attributes:
        seen: by the lines of a script that showed it.
        is_by_chance: whether the client answered the same otherwise.
    """

    def __init__(
        self, session: Session, resource: str, is_same: Callable[[Trouble], bool], *, replays: int
    ) -> None:
        self.session = session
        self.resource = resource
        self.is_same = is_same
        self.seen: dict[str, Seen] = {}
        self.is_by_chance = False
        self._left = replays
        self._calls = replays * CALLS_A_REPLAY
        self._weighed = 0
        self._stop: int | None = None
        self._last: Script = ()

    def has_budget(self) -> bool:
        """Whether the client may be asked again, and once more after that."""
        has_calls = self._stop is None or self.session.link.calls < self._stop
        return self._left > 1 and has_calls and self._weighed < WEIGHED

    def first(self, script: Script) -> Script | None:
        """What was done if a script shows the trouble again, at the latest the third time.

        Where the client depends on chance the less of it may show it that is likely to be enough.
        """
        self._last = script
        tries = min(TRIES, self._left)
        found = next(filter(None, (self._again(script) for _ in range(tries))), None)
        self._stop = self.session.link.calls + self._calls
        if found is None and self.is_by_chance:
            likely = guesses(self.session.system, recorded(self.session, script), self.resource)
            found = next(filter(None, (self.shows(one) for one in likely if self.has_budget())), None)
        return found

    def shows(self, script: Script) -> Script | None:
        """What was done if a script shows the trouble, else None."""
        tries = min(TRIES, self._left)
        for _ in range(tries):
            found = self._again(script)
            if found is not None or not self.is_by_chance:
                return found
        return None

    def shortest(self, script: Script) -> Seen:
        """The shortest script that was found to show the trouble, begun with one that does."""
        session = self.session
        best = shortest(
            script,
            self.shows,
            self.has_budget,
            _is_optional(session),
            lambda one: guesses(session.system, self.run(one), self.resource),
            (
                lambda one: by_resource(self.run(one), self.resource),
                lambda one: by_operation(session.system, one),
                *(self._returns(number) for number in range(RETURNS)),
            ),
        )
        return self.seen[to_lines(best)]

    def is_steady(self, script: Script) -> bool:
        """Whether a script shows the trouble each time it is done, of a few where the client depends on chance."""
        return all(self._again(script) for _ in range(TRIES if self.is_by_chance else 1))

    def _returns(self, number: int) -> Callable[[Script], list[frozenset[int]]]:
        def returns(script: Script) -> list[frozenset[int]]:
            ways = list(by_return(self.run(script), self.resource))
            return ways[number] if number < len(ways) else []

        return returns

    def run(self, script: Script) -> Run:
        """What a script did that showed the trouble."""
        return self.seen[to_lines(script)].run

    def _again(self, script: Script) -> Script | None:
        self._left -= 1
        session, notes, trouble = self.session, _Notes(self.session), None
        try:
            session.replayed(script, notes.take)
        except TroubleError as error:
            trouble = error.trouble
            notes.take()
        done = tuple(session.script)
        self._weighed += notes.weighed
        self._compare(done)
        if trouble is None or not self.is_same(trouble):
            return None
        self.seen[to_lines(done)] = Seen(trouble, notes.run(), session.judge.followed)
        return done

    def _compare(self, done: Script) -> None:
        """Find out whether the client answers the same in the same way, as far as this began as the last one did."""
        for step, before in zip(done, self._last, strict=False):
            if step.to_request() != before.to_request():
                break
            self.is_by_chance |= _said(self.session, step) != _said(self.session, before)
        self._last = done


class Recorded:
    """A client that answers what it answered before.

    Args:
        script: what was done, with answers.
        abilities: what the client can do.
    """

    def __init__(self, script: Script, abilities: Iterable[str]) -> None:
        self.abilities = tuple(abilities)
        self._replies = [step.reply for step in script if step.reply is not None]

    def reset(self) -> None:
        """Begin again."""
        self._left = iter(self._replies)

    def call(self, _op: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """The next answer."""
        return next(self._left).to_record()

    def advance(self, _seconds: float) -> None:
        """Done as it was."""

    def outcome(self, _event: str) -> None:
        """Done as it was."""

    def happen(self, _event: str) -> None:
        """Done as it was."""


def recorded(session: Session, script: Script) -> Run:
    """What the judge makes of a script as it was answered, up to its trouble; the client is not asked."""
    link = Link(Recorded(script, session.link.abilities), tuple(session.system.operations))
    again = Session(link, Judge(session.monitor, Covered()), patience=session.patience)
    notes = _Notes(again)
    try:
        again.replayed(script, notes.take)
    except TroubleError:
        notes.take()
    finally:
        link.close()
    return notes.run()


class _Notes:
    """Where every resource most likely is after each step of a script that is being done.

    Args:
        session: the client and its judge.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._places: list[dict[str, Configuration]] = []
        self._owners: list[tuple[str, ...]] = []
        self.weighed = 0

    def take(self) -> None:
        """Note the step that was done last, if one was."""
        session = self.session
        if len(session.script) > len(self._places):
            followed = session.judge.followed.items()
            self.weighed += sum(len(track.node.belief) for _, track in followed)
            self._places.append({name: track.explained.simplest() for name, track in followed})
            self._owners.append(tuple(_owners(session, session.script[-1])))

    def run(self) -> Run:
        """The steps noted so far."""
        [start] = self.session.judge.start
        return Run(tuple(self.session.script), tuple(self._places), tuple(self._owners), start)


def _said(session: Session, step: Step) -> tuple[Any, ...]:
    """What an answer says that the model knows, lists left aside."""
    if step.reply is None:
        return ()
    fields = session.system.operations[str(step.what)].fields
    return (step.reply.error, *(_at(step.reply.result or {}, field.name) for field in fields))


def _at(value: Any, name: str) -> Any:
    for word in name.split("."):
        value = value.get(word) if isinstance(value, Mapping) else None
    return value


def _owners(session: Session, step: Step) -> Iterator[str]:
    """The resources that a step speaks of."""
    if step.do != "call":
        return
    operation = session.system.operations[str(step.what)]
    if operation.listing is not None and operation.listing.part is None:
        yield from (one for one in session.judge.followed if is_listed(operation, step.args, one))
        return
    other = named_second(operation, step.args)
    yield from (named(operation, step.args), *([] if other is None else [other]))


def _is_optional(session: Session) -> Callable[[Step, str], bool]:
    def is_optional(step: Step, name: str) -> bool:
        operation = session.system.operations.get(str(step.what))
        parameter = None if operation is None else operation.parameter(name)
        return parameter is not None and not parameter.required

    return is_optional


__all__ = ["Recorded", "Replays", "replay"]
