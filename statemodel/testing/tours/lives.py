"""Long lives of a resource or two: the same things done a second and a third time, and some of it read after each.

A fault may wait for the third version, for content that comes back, for a name that is moved again, or for a resource
that is made anew. The cover goes the shortest way to each goal and never comes by there. Here whatever was done least
often is done next, and what takes something away seldom.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from random import Random
from typing import Any, Final

from statemodel.coverage.sent import sendable
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.testing.options import NAMING, Options, Sort, choices
from statemodel.testing.session import Found, Session, TroubleError
from statemodel.testing.tours.scenes import scene

LIFE: Final = 30
RESOURCE: Final = "fn-1"
OTHER: Final = "fn-2"
SELDOM: Final = 3.0
REFUSED: Final = 4
ENOUGH: Final = 8
USUAL: Final = 0.85
RETURNS: Final = 0.4
SHARED: Final = 0.4
EVENTFUL: Final = 0.5
SUDDEN: Final = 0.35
SOON: Final = 0.7
AGAIN: Final = 0.5
AFTER: Final = 6
READ: Final = 0.6
SOME: Final = 0.4
COMPANY: Final = 0.3
SECOND: Final = 0.3
WAITS_S: Final = (0.0, 30.0, 300.0)
REFUSED_TOO: Final = 0.35
MANY: Final = 7
PAGES: Final = (1, 2)
BARREN: Final = 8
Deed = tuple[Operation, tuple[tuple[str, Any], ...]]


class Lives:
    """Leads a resource, now and then with a second one beside it, through long lives.

    Args:
        session: the client and its judge.
        budget: greatest number of calls.
        seed: fixes everything that is drawn.
        has_shares: whether the client takes notice of a share given to a second version.
        enough: whether to stop early.
        meet: called with trouble that was met; what it calls is not counted.
        progress: called after every step with (calls made, calls there may be).
    """

    def __init__(
        self,
        session: Session,
        *,
        budget: int,
        seed: int | str = 0,
        has_shares: bool = False,
        enough: Callable[[], bool] = lambda: False,
        meet: Callable[[Found], object] = lambda _: None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.session = session
        self.options = Options(session)
        self.takes = sendable(session.link.abilities)
        self.has_shares = has_shares
        self.budget = budget
        self.enough = enough
        self.meet = meet
        self.progress = progress
        self._random = Random(f"lives {seed}")  # noqa: S311  # nothing secret
        self._done: Counter[Hashable] = Counter()
        self._probed: Counter[Hashable] = Counter()
        self._costs: dict[Hashable, float] = {}
        self._contents: list[str] = []
        self._often: Counter[str] = Counter()
        self._left_out: frozenset[str] = frozenset()
        self._habits: dict[str, Any] = {}
        self._taken: Counter[tuple[Hashable, bool]] = Counter()
        self._events: tuple[str, ...] = ()
        self._one, self._second = RESOURCE, 0.0
        self._begun = self._stop = self._most = 0

    def run(self) -> None:
        """Lead one life after the other, as far as the budget lasts."""
        self._begun = self.session.link.calls
        self._stop = self._begun + self.budget
        barren = 0
        while self._has_budget() and barren < BARREN:
            self.session.reset()
            self._begin()
            try:
                barren = 0 if self._live() else barren + 1
            except TroubleError as error:
                barren += 1
                before = self.session.link.calls
                self.meet(Found(error.trouble, tuple(self.session.script)))
                self._stop += self.session.link.calls - before
        self.session.reset()

    def _has_budget(self) -> bool:
        return self.session.link.calls < self._stop and not self.enough()

    def _begin(self) -> None:
        """Choose what this life leaves out, and what it sends where nothing need be sent.

        The rest is done more often, as in swarm testing (Groce et al., Swarm Testing, 2012). What brings content is
        never left out.
        """
        self._contents = []
        self._often.clear()
        others = [one.name for one in self.options.operations if not one.parameter("content")]
        self._random.shuffle(others)
        self._left_out = frozenset(others[: len(others) // 2] if self._random.random() < 0.75 else ())
        self._events = self.options.events if self._random.random() < EVENTFUL else ()
        self._second = SECOND if self._random.random() < COMPANY else 0.0
        every = {one.name: choices(one) for operation in self.options.operations for one in operation.parameters}
        self._habits = {name: self._random.choice((None, *values)) for name, values in every.items() if values}

    def _live(self) -> bool:
        """One life, and now and then the beginning of another after it; whether there was anything to do."""
        if not self._led(LIFE):
            return False
        self._turn()
        if self._random.random() < AGAIN and self._end():
            self._often.clear()
            self._led(AFTER)
            self._turn()
        return True

    def _end(self) -> bool:
        """Take all away at once, or where that is refused first what it is made of; whether nothing is left."""
        self._one = RESOURCE
        for _ in range(MANY):
            if not self._has_budget():
                break
            taking = [deed for deed in self._deeds() if self._takes_away(_sort(deed))]
            if not taking:
                self._happen()
            self._random.shuffle(taking)
            for operation, names in sorted(taking, key=lambda deed: len(deed[1]))[:2]:
                self.session.call(self._one, operation.name, dict(names))
                self._settle(self._one)
        return not self._size(self._one)

    def _takes_away(self, sort: Hashable) -> bool:
        """Whether calls of a sort made less of what was there more often than not."""
        return self._taken[sort, True] > self._taken[sort, False]

    def _led(self, most: int) -> bool:
        """So many things done, or fewer where they would only repeat themselves; whether there was anything to do."""
        for number in range(most):
            self._one = OTHER if number and self._random.random() < self._second else RESOURCE
            deed = self._next() if self._has_budget() else None
            if deed is None and not number:
                return False
            if deed is None or self._often[deed[0].name] >= ENOUGH:
                break
            self._do(deed)
            if self._events and self._random.random() < (SUDDEN if self._sees() == self._most else SOON):
                self._happen()
            if self._size(self._one) >= MANY:  # what is read all over takes ever longer
                break
            if self.progress is not None:
                self.progress(self.session.link.calls - self._begun, self.budget)
        return True

    def _happen(self) -> None:
        """Let one of the events of the environment happen, the one that happened least often, and read some of all."""
        for event in sorted(self._events, key=lambda one: (self._done[one], self._random.random())):
            if self.session.happen(event):
                self._done[event] += 1
                for resource in self._present():
                    self._survey(resource)
                return

    def _turn(self) -> None:
        """Read some of all and turn the pages of what is listed, when nothing moves any more."""
        for resource in self._present():
            self._settle(resource)
            self._survey(resource)
            for operation in self.options.lists:
                if operation.listing is not None and operation.listing.part is not None and self._has_budget():
                    for limit in PAGES:
                        self.session.turn(resource, operation, limit)

    def _present(self) -> list[str]:
        """The resources that are there, the first in any case."""
        return [RESOURCE, *([OTHER] if self._size(OTHER) else [])]

    def _size(self, resource: str) -> int:
        """How many members a resource has, itself included, as far as is sure."""
        return min(map(self.options.size, self.session.judge.follow(resource).origin), default=0)

    def _settle(self, resource: str) -> None:
        self.session.settle(resource, self._random.choice(WAITS_S))

    def _survey(self, resource: str) -> None:
        """Read some of what can be read."""
        for name, args in self.session.every_read(resource):
            if self._random.random() < SOME:
                self.session.call(resource, name, args)

    def _refused(self) -> None:
        """Make a call that must be refused with the names it has, the one made least often."""
        track = self.session.judge.follow(self._one)
        deeds = [
            (operation, tuple(args.items()))
            for operation in self.options.operations
            if operation.action is Action.CALL and operation.parameter("as") is None
            for args in self.options.unfitting(track, operation)
        ]
        if deeds:
            operation, names = min(deeds, key=lambda deed: (self._probed[self._about(deed)], self._random.random()))
            self._probed[self._about((operation, names))] += 1
            content = {one.name: "code-refused" for one in operation.parameters if one.subject is Subject.CONTENT}
            self.session.call(self._one, operation.name, {**dict(names), **content})

    def _next(self) -> Deed | None:
        """What may be accepted and was done least often, as it counts."""
        deeds = (deed for deed in self._deeds() if deed[0].name not in self._left_out)
        return min(deeds, key=lambda deed: (self._weight(deed), self._random.random()), default=None)

    def _deeds(self) -> list[Deed]:
        """What may be accepted."""
        return [(one, tuple(names.items())) for one, names in self.options.deeds(self.session.judge.follow(self._one))]

    def _weight(self, deed: Deed) -> float:
        """How often the operation was done in this life, and a little how often just so in all."""
        operation, _ = deed
        cost = self._costs.get(_sort(deed), SELDOM if operation.parameter("as") else 1.0)
        return cost * (1 + self._often[operation.name]) + 0.25 * self._done[self._about(deed)]

    def _about(self, deed: Deed) -> Hashable:
        operation, names = deed
        here = self.session.judge.follow(self._one).explained.simplest()
        return operation.name, scene(self.session.system, here, (value for _, value in names))

    def _do(self, deed: Deed) -> None:
        """Do one thing, perhaps with an outcome asked for, and read some of it, mostly when nothing moves any more."""
        operation, names = deed
        track = self.session.judge.follow(self._one)
        size, sees = self._size(self._one), self._sees()
        self._often[operation.name] += 1
        about = self._about(deed)
        self._done[about] += 1
        other = (OTHER if self._one == RESOURCE else RESOURCE) if operation.parameter("as") else None
        args = {**dict(names), **self._more(operation)}
        reply = self.session.call(self._one, operation.name, args, other=other)
        if other is not None:
            self._settle(other)
            self._survey(other)
        if reply.error is not None:
            self._done[about] += REFUSED
        outcomes = self.options.outcomes(track)
        if outcomes and self._random.random() < 0.3:
            self.session.steer(self._random.choice(outcomes))
        if self._random.random() < 0.8:
            self._settle(self._one)
        if self._random.random() < READ:
            self._survey(self._one)
        if self._random.random() < REFUSED_TOO:
            self._refused()
        if (self._size(self._one) < size or self._sees() < sees) and operation.parameter("content") is None:
            self._costs[_sort(deed)] = SELDOM
        if reply.error is None:
            self._taken[_sort(deed), self._size(self._one) < size] += 1

    def _sees(self) -> int:
        """How many operations can be read by; of a function that may not be invoked little can be seen."""
        found = len(self.options.of_sort(self.session.judge.follow(self._one), Sort.READ))
        self._most = max(self._most, found)
        return found

    def _more(self, operation: Operation) -> dict[str, Any]:
        """What else is sent: content that is new, or was there before; flags and values now and then."""
        found: dict[str, Any] = {}
        for parameter in operation.parameters:
            if parameter.subject is Subject.CONTENT and operation.parameter("as") is None:
                found[parameter.name] = self._content()
            elif parameter.subject not in (*NAMING, Subject.IDENTITY) and parameter.name != "as":
                found.update(self._valued(operation, parameter))
        return found

    def _valued(self, operation: Operation, parameter: Parameter) -> dict[str, Any]:
        if parameter.sharing is not None and self.has_shares:
            versions = self.session.members(self.session.judge.follow(self._one), Subject.VERSION)
            is_shared = versions and self._random.random() < SHARED
            return {parameter.name: parameter.sharing(self._random.choice(versions))} if is_shared else {}
        values = choices(parameter)
        if not values or not self.takes(operation, parameter.name, values[0]):
            return {}
        usual = self._habits.get(parameter.name)
        is_usual = self._random.random() < USUAL and usual in (None, *values)
        value = usual if is_usual else self._random.choice((None, *values))
        return {} if value is None else {parameter.name: value}

    def _content(self) -> str:
        """New content, or what was there before, the last but one of all first."""
        *before, _ = self._contents or (None,)
        if before and self._random.random() < RETURNS:
            self._contents.append(self._random.choice((before[-1], *before)))
        else:
            self._contents.append(f"code-{self.session.link.calls}")
        return self._contents[-1]


def _sort(deed: Deed) -> Hashable:
    return deed[0].name, len(deed[1])
