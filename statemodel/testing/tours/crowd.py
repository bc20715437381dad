"""One resource with many members: what is seldom tried by hand, in an order that does not depend on chance.

Versions by the dozen, every name moved forth and back, events while there is much to lose, a copy whose name begins
alike, members taken away from either end, and all of it begun anew; then resources that go while something of them is
still under way.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Final

from statemodel.model.operation import Action, Subject
from statemodel.testing.options import Sort
from statemodel.testing.tours.stories import MANY, RESOURCE, Kind, Stories, Story, number

ALIKE: Final = "fn-10"
LOOKS: Final = (3, 6, MANY)
EARLY: Final = 3


class Crowd(Stories):
    """Grows a resource, and takes it away again."""

    def run(self) -> None:
        """A life, then beginnings of every kind, then twins, as far as the budget lasts."""
        self.tell(self._stories(list(self._kinds())))

    def _stories(self, kinds: list[Kind]) -> Iterator[Story]:
        for kind in kinds:
            if kind is kinds[0]:
                yield kind, self._life
            yield kind, self._anew
            yield from ((kind, partial(self._soon, *each)) for each in product(range(EARLY), kinds))
        yield from ((kinds[0], partial(self._beside, twin)) for twin in self.twins)

    # ------------------------------------------------------------------------------------------- stories

    def _life(self) -> None:
        """Grow; give names, let things happen, move the names, take members away from either end, and grow on."""
        for size in range(1, MANY + 1):
            self._bring()
            self._bring()
            self._grow()
            if size == LOOKS[0]:
                self._name()
                self._look()
                self._switch()
                self._befall()
            if size == LOOKS[1]:
                self._move()
                for end in (-1, -1, 0, 1):
                    self._take(end)
                    self._look()
                    self._grow()
                    if end:
                        self._bring()
                        self._grow()
            if size in LOOKS[1:]:
                self._refused()
                self._look()
            is_most = size == LOOKS[1] and len(self.system.parts) == 1  # alone, too much may be true of them
            if is_most or not self._has_budget() or not self._sizes_of(self._numbered):
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

    def _soon(self, count: int, other: Kind) -> None:
        """Put a resource to work, take it away at once, and make another in its place."""
        begun: tuple[Callable[[], bool], ...] = (self._content, self._content, lambda: self._did(self._growing()))
        for step in begun[:count]:
            step()
            self._settle()
        if begun[count]() and self._has_budget() and self._end():
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

    def _move(self) -> None:
        """Every name is moved to the newest, back to the oldest, and on."""
        for name in self.session.members(self._track, Subject.ALIAS):
            for end in (-1, 0, -1, 1, 2):
                deeds = [deed for deed in self._deeds() if name in deed[1].values() and len(deed[1]) > 1]
                numbered = sorted((deed for deed in deeds if number(deed)), key=number)
                if numbered and self._did([numbered[min(end, len(numbered) - 1)]]):
                    self._read(name)

    def _unname(self) -> None:
        """Take one name away."""
        self._did(self._gone(self._named))

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
