"""Stories of one resource: what is done step by step, in an order that does not depend on chance, and read as it goes.

What comes next is what the model would accept where the resource most likely is.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, Final

from statemodel.coverage.sent import sendable
from statemodel.model.graph import Named, Numbered
from statemodel.model.operation import Operation, Subject
from statemodel.semantics import Accepted, UndecidedError, answers, call
from statemodel.testing.options import ALIASES, Options, choices
from statemodel.testing.session import Found, Session, TroubleError

RESOURCE: Final = "fn-1"
MANY: Final = 11
NAMES: Final = (*ALIASES, "third")
PAGES: Final = (1, 4)
LONG_S: Final = 300.0
Deed = tuple[Operation, dict[str, Any]]
Kind = dict[str, Any]
Story = tuple[Kind, Callable[[], object]]


class Stories:
    """What all stories have in common.

    Args:
        session: the client and its judge.
        budget: greatest number of calls.
        twins: keys of resources that are kept apart from the one of the same name.
        has_shares: whether the client takes notice of shares of the calls.
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
        has_shares: bool = False,
        enough: Callable[[], bool] = lambda: False,
        meet: Callable[[Found], object] = lambda _: None,
        progress: Callable[[int, int], object] = lambda _done, _of: None,
    ) -> None:
        self.session = session
        self.system = session.system
        self.options = Options(session)
        self.budget = budget
        self.twins = twins
        self.has_shares = has_shares
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

    def tell(self, stories: Iterable[Story]) -> None:
        """Each story from a reset, as far as the budget lasts; trouble ends one story, not the others.

        Args:
            stories: each with what its resource is made like.
        """
        self._stop = self.session.link.calls + self.budget
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
        for place, name in enumerate(NAMES if deeds else ()):
            self._bind(deeds[min(place, len(deeds) - 1)], name)

    def _bind(self, deed: Deed, name: str) -> bool:
        """Give a name as a call would give another; whether that was done."""
        operation, names = deed
        aliases = [one.name for one in operation.parameters if one.subject is Subject.ALIAS]
        return self._did([(operation, {**names, **dict.fromkeys(aliases, name)})])

    def _gone(self, places: list[int]) -> list[Deed]:
        """Calls by which one member goes."""
        return [deed for deed in self._deeds() if len(deed[1]) == 1 and self._is_less(deed, places)]

    def _take(self, end: int) -> None:
        """Take one version away."""
        fewer = sorted(self._gone(self._numbered), key=number)
        if fewer and self._did([fewer[min(end, len(fewer) - 1)]]):
            self._settle()

    def _end(self) -> bool:
        """Take all away, or first what it is made of where it must be; whether nothing is left."""
        for _ in range(2 * MANY):
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
            if self._has_budget() and all(value == default(operation, one) for one, value in args.items()):
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


def default(operation: Operation, name: str) -> Any:
    """What a parameter is where it is not sent, or None."""
    parameter = operation.parameter(name)
    return None if parameter is None else parameter.default


def number(deed: Deed) -> int:
    """The number of what a deed names, 0 where it names none."""
    return max((int(name) for name in map(str, deed[1].values()) if name.isdecimal()), default=0)
