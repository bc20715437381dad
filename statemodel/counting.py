"""Exploration by counting: how many versions are in which state, not which ones.

For a service with one family of interchangeable members a configuration is what there is one of, and a count for each
state of a member (counter abstraction, Pnueli, Xu and Zuck, Liveness with (0,1,infinity)-Counter Abstraction, 2002).
What a move does depends only on which states occur at all; so each such case is worked out once, on a real
configuration with one member of each kind, and the counts do the rest.
"""

from collections import Counter, deque
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, replace
from statemodel.explore import Explorer, Passage
from statemodel.model.data import CONTENT
from statemodel.model.graph import Numbered
from statemodel.model.operation import ALL_GO, EVERY
from statemodel.semantics import System, View

Counts = tuple[int, ...]
Counted = tuple[int, Counts]
ALL = -1
NOBODY = -1


@attrs.frozen
class Change:
    """What a move does to the counts.

    Attributes:
        rest: number of everything there is one of, afterwards.
        shifts: (number of the kind before or NOBODY, of the kind after or NOBODY, 1 or ALL).
    """

    rest: int
    shifts: tuple[tuple[int, int, int], ...]


def is_countable(system: System) -> bool:
    """Whether the model has one family, numbered, of interchangeable members, and never compares content."""
    many = [graph.many for graph in system.service.parts if graph.many is not None]
    return (
        len(many) == 1
        and isinstance(many[0], Numbered)
        and not many[0].is_ordered
        and not system.service.compares_content
    )


def most_kinds(system: System) -> int:
    """The greatest number of members that a case can need: one of each kind there is."""
    place = next(place for place, graph in enumerate(system.service.parts) if graph.many is not None)
    return 2 * len(system.graph(place).states)


class Counting:
    """Everything reachable in a countable system up to a number of versions."""

    def __init__(self, system: System, versions: int) -> None:
        self.system = system
        self.versions = versions
        self.explorer = Explorer(system, most_kinds(system))
        self.place = next(place for place, graph in enumerate(system.service.parts) if graph.many is not None)
        self.parents: dict[Counted, Counted | None] = {}
        self.passages = 0
        self._rests: list[Configuration] = []
        self._numbers: dict[Configuration, int] = {}
        self._kinds: list[Member] = []
        self._places: dict[Member, int] = {}
        self._cases: dict[tuple[int, tuple[bool, ...]], tuple[Change, ...]] = {}

    def run(
        self,
        seen: Callable[[Counted, Passage], bool],
        progress: Callable[[int], None] | None = None,
        arrived: Callable[[Counted, Configuration], None] | None = None,
    ) -> bool:
        """Visit everything, breadth first.

        Args:
            seen: gets each edge of each case once, with the counts it was first met at; may stop it all.
            progress: called now and then with the number of configurations found so far.
            arrived: gets a real configuration of each case, whether or not anything leads out of it.

        Returns:
            Whether everything was visited.
        """
        start = self.counted(self.explorer.start())
        self.parents = {start: None}
        queue = deque([start])
        parents, cases, versions = self.parents, self._cases, self.versions
        while queue:
            here = queue.popleft()
            rest, counts = here
            case = (rest, tuple(map(bool, counts)))
            changes = cases.get(case)
            if changes is None:
                if arrived is not None:
                    arrived(here, self.real((rest, tuple(map(int, case[1])))))
                if self._work_out(here, case, seen):
                    return False
                changes = cases[case]
            self.passages += len(changes)
            if progress is not None and not len(parents) & 0x3FFF:
                progress(len(parents))
            for change in changes:
                after = (change.rest, _shifted(counts, change.shifts) if change.shifts else counts)
                if after not in parents and sum(after[1]) <= versions:
                    parents[after] = here
                    queue.append(after)
        return True

    def _work_out(
        self, here: Counted, case: tuple[int, tuple[bool, ...]], seen: Callable[[Counted, Passage], bool]
    ) -> bool:
        real = self.real((case[0], tuple(map(int, case[1]))))
        changes: dict[Change, None] = {}
        for passage in self.explorer.out(real):
            if seen(here, passage):
                return True
            if passage.after is not real:
                changes[self._change(real, passage)] = None
        unmoved = Change(case[0], ())
        self._cases[case] = tuple(change for change in changes if change != unmoved)
        return False

    def _change(self, before: Configuration, passage: Passage) -> Change:
        old, new = before[self.place], passage.after[self.place]
        assert isinstance(old, Family)
        assert isinstance(new, Family)
        how = ALL if self._moves_all(before, passage) else 1
        targets = dict(new.members)
        shifts: list[tuple[int, int, int]] = []
        for key, member in old.members:
            kind, target = self._kind(member), targets.pop(key, None)
            goes = NOBODY if target is None else self._kind(target)
            if goes != kind:
                shifts.append((kind, goes, how))
        shifts.extend((NOBODY, self._kind(member), 1) for member in targets.values())
        return Change(self._rest(passage.after), tuple(shifts))

    def _moves_all(self, before: Configuration, passage: Passage) -> bool:
        """Whether the move takes every member of a kind along, or the one it speaks of."""
        happening = passage.happening
        if not happening.is_call:
            return self.place not in self.system.leaders[happening.name]
        view = View(self.system, before, dict(happening.args), {})
        targets = self.system.operations[happening.name].targets(view)
        part = self.system.parts[self.place]
        return any(key is EVERY or key is ALL_GO for target in targets for key in target.get(part, ()))

    def real(self, counted: Counted) -> Configuration:
        """A real configuration with these counts."""
        rest, counts = counted
        kinds = [self._kinds[kind] for kind, count in enumerate(counts) for _ in range(count)]
        family = Family(tuple(enumerate(kinds, 1)), len(kinds), len(kinds))
        return self.explorer.canonical(replace(self._rests[rest], self.place, family))

    def counted(self, configuration: Configuration) -> Counted:
        """The counts of a configuration."""
        family = configuration[self.place]
        assert isinstance(family, Family)
        counts = Counter(self._kind(member) for _, member in family.members)
        return self._rest(configuration), tuple(counts[kind] for kind in range(max(counts, default=-1) + 1))

    def _rest(self, configuration: Configuration) -> int:
        """The number of everything there is one of."""
        rest = tuple(Family() if isinstance(slot, Family) else _blank(slot) for slot in configuration)
        if rest not in self._numbers:
            self._numbers[rest] = len(self._rests)
            self._rests.append(rest)
        return self._numbers[rest]

    def _kind(self, member: Member) -> int:
        """The number of the kind of a member."""
        kind = _blank(member)
        if kind not in self._places:
            self._places[kind] = len(self._kinds)
            self._kinds.append(kind)
        return self._places[kind]

    def path(self, last: Counted) -> list[Passage]:
        """The shortest run of real edges from the start to a count."""
        steps: list[Counted] = []
        here: Counted | None = last
        while here is not None:
            steps.append(here)
            here = self.parents[here]
        steps.reverse()
        return self.explorer.walk(steps[1:], self.counted)

    def then(self, path: list[Passage], here: Counted, last: Passage) -> list[Passage]:
        """A path with one more edge, told as it really is."""
        del here
        return self.explorer.and_then(path, last, self.counted)


def _shifted(counts: Counts, shifts: tuple[tuple[int, int, int], ...]) -> Counts:
    new = list(counts)
    moved = []
    for kind, goes, how in shifts:
        number = 1
        if kind != NOBODY:
            if how == ALL:
                number = new[kind]
            new[kind] -= number
        moved.append((goes, number))
    for goes, number in moved:
        if goes != NOBODY:
            if goes >= len(new):
                new.extend([0] * (goes + 1 - len(new)))
            new[goes] += number
    while new and not new[-1]:
        new.pop()
    return tuple(new)


@lru_cache(maxsize=1 << 12)
def _blank(member: Member) -> Member:
    """A member with its content only as there or not."""
    data: Any = member.data
    if data is None:
        return member
    names = [one.name for one in attrs.fields(type(data)) if CONTENT in one.metadata]
    return Member(member.state, attrs.evolve(data, **{name: 0 for name in names if getattr(data, name) is not None}))
