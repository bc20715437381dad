"""The deterministic cover: walks to the nearest goal that is left, forbidden calls and reads on the way included."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import attrs

from statemodel.coverage.chart import Chart, Edge
from statemodel.coverage.goals import Goal
from statemodel.coverage.plan import Path, nearest
from statemodel.model.graph import Initiator
from statemodel.testing.session import Session, Trouble, TroubleError
from statemodel.testing.script import Step

HOPES: Final = 3
WALK: Final = 60


@attrs.frozen
class Found:
    """Trouble, and everything done since the last reset."""

    trouble: Trouble
    script: tuple[Step, ...]


class Cover:
    """Covers what a chart holds.

    Args:
        session: the client and its judge.
        chart: what there is to cover.
        budget: greatest number of calls.
        is_thorough: whether every configuration is read all over when it is first met.
        progress: called after every walk with (goals met, goals there are).
    """

    def __init__(
        self,
        session: Session,
        chart: Chart,
        *,
        budget: int,
        is_thorough: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.session = session
        self.chart = chart
        self.budget = budget
        self.is_thorough = is_thorough
        self.progress = progress
        self.steps = 0
        self.found: list[Found] = []
        self._failed: Counter[Any] = Counter()
        self._missed: Counter[Goal] = Counter()
        self._read: set[int] = set()
        self._names = 0
        self._stop = 0

    @property
    def met(self) -> dict[Goal, int]:
        """Goals met so far."""
        return self.session.judge.covered.met

    def run(self) -> None:
        """Walk until nothing is left that can be hoped for, or the budget is spent."""
        self._stop = self.session.link.calls + self.budget
        while self._has_budget():
            before = len(self.met), sum(self._missed.values()), len(self.found)
            if not self._walk():
                return
            if self.progress is not None:
                self.progress(sum(goal in self.met for goal in self.chart.goals), len(self.chart.goals))
            if before == (len(self.met), sum(self._missed.values()), len(self.found)):
                return

    def _has_budget(self) -> bool:
        return self.session.link.calls < self._stop

    def _walk(self) -> bool:
        """One walk from a reset; False if there was nowhere to go."""
        self.session.reset()
        self._names = 0
        resource = self._new()
        taken = 0
        edge: Edge | None = None
        try:
            while taken < WALK and self._has_budget():
                place = self._place(resource)
                path = None if place is None else self._plan(resource, place)
                if path is None or place is None:
                    return taken > 0
                for edge in path.edges:
                    taken += 1
                    self.steps += 1
                    came = self._take(resource, edge)
                    if came != edge.after:
                        self._failed[_key(edge)] += 1
                        break
                if path.goal not in self.met:
                    self._missed[path.goal] += 1
        except TroubleError as error:
            self.found.append(Found(error.trouble, tuple(self.session.script)))
            if edge is not None:
                self._failed[_key(edge)] += HOPES
        return True

    def _new(self) -> str:
        self._names += 1
        return f"fn-{self._names}"

    def _plan(self, resource: str, place: int) -> Path | None:
        last = self.session.judge.follow(resource).last
        given_up = {goal for goal, times in self._missed.items() if times >= HOPES}
        return nearest(self.chart, place, last, lambda edge: self._failed[_key(edge)] < HOPES, self.met, given_up)

    def _place(self, resource: str) -> int | None:
        """Where on the chart the resource is, looked up if need be; read all over if it has not been here before."""
        found = self._known(resource)
        if found is None:
            self.session.look(resource)
            found = self._known(resource) or self._guess(resource)
        if found is not None and self.is_thorough and found not in self._read:
            self._read.add(found)
            for name, args in self.session.every_read(resource):
                self.session.call(resource, name, args)
            found = self._known(resource) or self._guess(resource)
        return found

    def _places(self, resource: str) -> list[int | None]:
        origin = self.session.judge.follow(resource).origin
        return [self.chart.place(one) for one in origin]

    def _known(self, resource: str) -> int | None:
        """The one place it can be at, if there is one."""
        places = set(self._places(resource))
        return places.pop() if len(places) == 1 else None

    def _guess(self, resource: str) -> int | None:
        """The first of the places it may be at."""
        return min((place for place in self._places(resource) if place is not None), default=None)

    def _take(self, resource: str, edge: Edge) -> int | None:
        """Do what an edge says; where that leads."""
        if edge.args is not None:
            self._call(resource, edge)
        elif edge.initiator is Initiator.SERVICE:
            self._await(resource, edge)
        else:
            self.session.happen(edge.name)
        return self._place(resource)

    def _call(self, resource: str, edge: Edge) -> None:
        assert edge.args is not None
        args = {name: value for name, value in edge.args if name != "as"}
        if "content" in args:
            args["content"] = f"code-{self.session.link.calls}"
        side = dict(edge.args).get("as")
        if side is None:
            self.session.call(resource, edge.name, args)
        elif side == "source":
            args.pop("content", None)
            self.session.call(resource, edge.name, args, other=self._new())
        else:
            args.pop("content", None)
            self.session.call(self._donor(), edge.name, args, other=resource)

    def _donor(self) -> str:
        """A settled function to copy from."""
        name = "donor"
        if name not in self.session.judge.followed:
            for operation in self.session.system.operations.values():
                if operation.name == "CreateFunction":
                    self.session.call(name, operation.name, {"content": "donated"})
            self.session.settle(name)
        return name

    def _await(self, resource: str, edge: Edge) -> None:
        """Wait for a hidden move, which may not be the one hoped for."""
        self.session.steer(edge.name)
        before = self.session.judge.follow(resource).origin
        seconds = 1.0
        for _ in range(self.session.patience):
            self.session.wait(resource, seconds)
            if self.session.judge.follow(resource).origin != before:
                return
            seconds = min(2 * seconds, 600.0)


def _key(edge: Edge) -> Any:
    """What is given up together: the same answer of the same rows, wherever the rest may be."""
    return edge.name, edge.is_accepted, tuple(goal for one in edge.taken for goal in one.goals)
