"""One resource with many members: what is seldom tried by hand, in an order that does not depend on chance.

Versions by the dozen, every name moved forth and back, events while there is much to lose, a copy whose name begins
alike, members taken away from either end, and all of it begun anew; then resources that go while something of them is
still under way.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, Final

from statemodel.coverage.sent import sendable
from statemodel.model.graph import Named, Numbered
from statemodel.model.operation import Action, Operation, Subject
from statemodel.semantics import Accepted, UndecidedError, answers, call
from statemodel.testing.options import ALIASES, Options, Sort, choices
from statemodel.testing.session import Found, Session, TroubleError

RESOURCE: Final = "fn-1"
ALIKE: Final = "fn-10"
MOST: Final = 11
LOOKS: Final = (3, 6, MOST)
EARLY: Final = 3
NAMES: Final = (*ALIASES, "third")
PAGES: Final = (1, 4)
LONG_S: Final = 300.0
Deed = tuple[Operation, dict[str, Any]]
Kind = dict[str, Any]


class Crowd:
    """Grows a resource, and takes it away again.

    Args:
        session: the client and its judge.
        budget: greatest number of calls.
        twins: keys of resources that are kept apart from the one of the same name.
        enough: whether to stop early.
        meet: called with trouble that was met; what it calls is not counted.
        progress: called after every call that is no read, with (calls made, calls there may be).
    """

    def __init__(
        self,
        session: Session,
        *,
        budget: int,
        twins: tuple[str, ...] = (),
        enough: Callable[[], bool] = lambda: False,
        meet: Callable[[Found], object] = lambda _: None,
        progress: Callable[[int, int], object] = lambda _done, _of: None,
    ) -> None:
        self.session = session
        self.system = session.system
        self.options = Options(session)
        self.budget = budget
        self.twins = twins
        self.enough = enough
        self.meet = meet
        self.progress = progress
        self._takes = sendable(session.link.abilities)
        self._stop = 0
        self._one = RESOURCE
        self._kind: Kind = {}
        self._contents = 0
        parts = list(enumerate(self.system.service.parts))
        self._numbered = [place for place, one in parts if isinstance(one.many, Numbered)]
        self._named = [place for place, one in parts if isinstance(one.many, Named)]

    def run(self) -> None:
        """Each story from a reset, as far as the budget lasts; trouble ends one story, not the others."""
        self._stop = self.session.link.calls + self.budget
        kinds = list(self._kinds())
        stories: list[tuple[Kind, Callable[[], None]]] = []
        for kind in kinds:
            stories.extend([(kind, self._life)] if kind is kinds[0] else [])
            stories.append((kind, self._anew))
            stories.extend((kind, partial(self._soon, *each)) for each in product(range(EARLY), kinds))
        stories.extend((kinds[0], partial(self._beside, twin)) for twin in self.twins)
        for kind, story in stories:
            if not self._has_budget():
                break
            self._one, self._kind = RESOURCE, kind
            self.session.reset()
            try:
                story()
            except TroubleError as error:
                before = self.session.link.calls
                self.meet(Found(error.trouble, tuple(self.session.script)))
                self._stop += self.session.link.calls - before
        self.session.reset()

    def _has_budget(self) -> bool:
        return self.session.link.calls < self._stop and not self.enough()

    def _kinds(self) -> Iterator[Kind]:
        """What resources may be made like: every value of what must be given when one is made."""
        given: dict[str, tuple[Any, ...]] = {}
        for operation in self.options.operations:
            for one in operation.parameters:
                if operation.parameter("content") and one.required and one.name != "as" and choices(one):
                    given[one.name] = choices(one)
        yield from (dict(zip(given, values, strict=True)) for values in product(*given.values()))

    # ------------------------------------------------------------------------------------------- stories

    def _life(self) -> None:
        """Grow; give names, let things happen, move the names, take members away from either end, and grow on."""
        for number in range(1, MOST + 1):
            self._bring()
            self._bring()
            self._grow()
            if number == LOOKS[0]:
                self._name()
                self._look()
                self._switch()
                self._befall()
            if number == LOOKS[1]:
                self._move()
                for end in (-1, -1, 0, 1):
                    self._take(end)
                    self._look()
                    self._grow()
                    if end:
                        self._bring()
                        self._grow()
            if number in LOOKS[1:]:
                self._refused()
                self._look()
            if not self._has_budget() or not self._sizes_of(self._numbered):
                break

    def _anew(self) -> None:
        """Take all away beside a copy whose name begins alike, and begin anew."""
        for _ in range(LOOKS[0]):
            self._bring()
            self._grow()
        self._name()
        self._copy()
        if self._end():
            self._bring()
            self._look()
            self._grow()
            self._name()
            self._look()
        self._one = ALIKE
        self._look()

    def _soon(self, number: int, other: Kind) -> None:
        """Put a resource to work, take it away at once, and make another in its place."""
        begun: tuple[Callable[[], bool], ...] = (self._content, self._content, lambda: self._did(self._growing()))
        for step in begun[:number]:
            step()
            self._settle()
        if begun[number]() and self._has_budget() and self._end():
            self._kind = other
            self._bring()
            self._look()

    def _beside(self, twin: str) -> None:
        """Whatever is done to one of two of a name, the other is looked at."""
        for each in (RESOURCE, twin):
            self._one = each
            for _ in range(2):
                self._bring()
                self._grow()
            self._name()
        for step in (self._move, self._unname, partial(self._take, -1), self._bring, self._end):
            self._one = twin
            step()
            self._one = RESOURCE
            self._look()

    # ------------------------------------------------------------------------------------------- what is done

    def _bring(self) -> None:
        """Make the resource, or bring new content, and wait for it."""
        if self._content():
            self._settle()

    def _content(self) -> bool:
        return self._did(deed for deed in self._deeds() if deed[0].parameter("content"))

    def _grow(self) -> None:
        """One more version."""
        if self._did(self._growing()):
            self._settle()

    def _growing(self) -> Iterator[Deed]:
        plain = (deed for deed in self._deeds() if not deed[0].parameter("content"))
        return (deed for deed in plain if self._is_more(deed, self._numbered))

    def _name(self) -> None:
        """Every name is given, each to another version where there is one."""
        deeds = [deed for deed in self._deeds() if self._is_more(deed, self._named)]
        for number, name in enumerate(NAMES if deeds else ()):
            operation, names = deeds[min(number, len(deeds) - 1)]
            aliases = [one.name for one in operation.parameters if one.subject is Subject.ALIAS]
            self._did([(operation, {**names, **dict.fromkeys(aliases, name)})])

    def _move(self) -> None:
        """Every name is moved to the newest, back to the oldest, and on."""
        for name in self.session.members(self._track, Subject.ALIAS):
            for end in (-1, 0, -1, 1, 2):
                deeds = [deed for deed in self._deeds() if name in deed[1].values() and len(deed[1]) > 1]
                numbered = sorted((deed for deed in deeds if _number(deed)), key=_number)
                if numbered and self._did([numbered[min(end, len(numbered) - 1)]]):
                    self._read(name)

    def _unname(self) -> None:
        """Take one name away."""
        fewer = [deed for deed in self._deeds() if len(deed[1]) == 1 and self._is_less(deed, self._named)]
        self._did(fewer)

    def _befall(self) -> None:
        """Every event of the environment, while new content is on its way and when nothing is."""
        most = self._seeing()
        for is_busy, event in product((True, False), self.options.events):
            is_seen = self._seeing() == most
            if is_seen and is_busy:
                self._content()
            if self.session.happen(event):
                self._settle()
                (self._glance if is_busy else self._look)()
                if self.session.judge.may_move(self._track):  # what was read set it to work
                    self._settle()
                    self._glance()
                if not is_busy:
                    self._bring()
        self._bring()
        self._look()

    def _seeing(self) -> int:
        """How many operations can be read by."""
        return len(self.options.of_sort(self._track, Sort.READ))

    def _switch(self) -> None:
        """What changes neither content nor members is done, new content brought, and the same done again."""
        for _ in range(2):
            for operation, names in self._deeds():
                deed = operation, names
                is_plain = not names and not operation.parameter("content") and not self._is_less(deed)
                if is_plain and not self._is_more(deed, self._numbered) and self._did([deed]):
                    self._settle()
                    self._look()
                    self._bring()
                    self._glance()

    def _refused(self) -> None:
        """Every call that must be refused."""
        for operation in self.options.of_sort(self._track, Sort.FORBIDDEN):
            if operation.action is Action.CALL and operation.parameter("as") is None and self._has_budget():
                for names in self.options.unfitting(self._track, operation)[:1]:
                    self._did([(operation, names)])

    def _copy(self) -> None:
        """A copy under a name that begins alike, and a version of that."""
        for operation in self.options.of_sort(self._track, Sort.LEGAL):
            if operation.parameter("as") is not None:
                self.session.call(self._one, operation.name, {}, other=ALIKE)
        self._one = ALIKE
        self._settle()
        if not self._sizes_of():
            self._bring()
        self._grow()
        self._look()
        self._one = RESOURCE

    def _take(self, end: int) -> None:
        """Take one version away."""
        fewer = [deed for deed in self._deeds() if len(deed[1]) == 1 and self._is_less(deed, self._numbered)]
        if fewer and self._did([sorted(fewer, key=_number)[min(end, len(fewer) - 1)]]):
            self._settle()

    def _end(self) -> bool:
        """Take all away, or first what it is made of where it must be; whether nothing is left."""
        for _ in range(2 * MOST):
            less = [deed for deed in self._deeds() if self._is_less(deed)]
            for deed in sorted(less, key=lambda one: len(one[1]))[:2]:
                if self._did([deed]):
                    self._settle()
            if not less or not self._sizes_of():
                break
        return not self._sizes_of()

    def _did(self, deeds: Iterable[Deed]) -> bool:
        """Do the first of some; whether it was accepted."""
        for operation, names in deeds:
            self.progress(self.budget - (self._stop - self.session.link.calls), self.budget)
            args = dict(names)
            for one in operation.parameters:
                if one.subject is Subject.CONTENT:
                    self._contents += 1
                    args[one.name] = f"code-{self._contents}"
                elif one.required and one.name in self._kind and self._takes(operation, one.name, self._kind[one.name]):
                    args[one.name] = self._kind[one.name]
            return self.session.call(self._one, operation.name, args).error is None
        return False

    def _settle(self) -> None:
        self.session.settle(self._one, LONG_S)

    def _look(self) -> None:
        """Read all there is, and turn the pages of what is listed."""
        self._read()
        for operation in self.options.lists:
            for limit in PAGES if self._has_budget() else ():
                self.session.turn(self._one, operation, limit)

    def _glance(self) -> None:
        """Read what names no member."""
        for name, args in self.session.every_read(self._one):
            operation = self.system.operations[name]
            if self._has_budget() and all(value == _default(operation, one) for one, value in args.items()):
                self.session.call(self._one, name, args)

    def _read(self, by: str | None = None) -> None:
        """Read all there is, or what a name leads to."""
        for name, args in self.session.every_read(self._one):
            if (by is None or by in args.values()) and self._has_budget():
                self.session.call(self._one, name, args)

    # ------------------------------------------------------------------------------------------- what it would come to

    @property
    def _track(self) -> Any:
        return self.session.judge.follow(self._one)

    def _deeds(self) -> list[Deed]:
        """Calls that may be accepted, but those on two."""
        if not self._has_budget():
            return []
        return [deed for deed in self.options.deeds(self._track) if deed[0].parameter("as") is None]

    def _is_more(self, deed: Deed, places: list[int]) -> bool:
        return max(self._sizes_after(deed, places), default=0) > self._sizes_of(places)

    def _is_less(self, deed: Deed, places: list[int] | None = None) -> bool:
        return min(self._sizes_after(deed, places), default=self._sizes_of(places)) < self._sizes_of(places)

    def _sizes_of(self, places: list[int] | None = None) -> int:
        """How many members there are at the least, as far as is known."""
        return min((self.options.size(one, places) for one in self._track.origin), default=0)

    def _sizes_after(self, deed: Deed, places: list[int] | None) -> list[int]:
        """How many members a call may leave in the end, where the resource most likely is."""
        operation, names = deed
        content = {one.name: 0 for one in operation.parameters if one.subject is Subject.CONTENT}
        here = self._track.explained.simplest()
        try:
            steps = answers(self.system, here, call(operation, {**names, **content}))
        except UndecidedError:
            return []
        after = [step.after for step in steps if isinstance(step.answer, Accepted)]
        return [self.options.size(one, places) for one in self.session.monitor.reasoner.closed(after)]


def _default(operation: Operation, name: str) -> Any:
    parameter = operation.parameter(name)
    return None if parameter is None else parameter.default


def _number(deed: Deed) -> int:
    """The number of what a deed names, 0 where it names none."""
    return max((int(name) for name in map(str, deed[1].values()) if name.isdecimal()), default=0)
