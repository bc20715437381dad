"""Somebody who goes about on a chart with one client: knows where a resource is, and takes it from place to place."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from statemodel.coverage.chart import Chart, Edge
from statemodel.model.graph import Initiator
from statemodel.oracle.belief import Configurations
from statemodel.testing.judge import Followed
from statemodel.testing.reply import Reply
from statemodel.testing.session import RETRIES, Session, TroubleError

T = TypeVar("T")
HOPES: Final = 4
HOPES_STEERED: Final = 2
WALK: Final = 60
MOST_WAITS: Final = 12
LONG_S: Final = 100.0


class Traveller:
    """Goes about on a chart.

    Args:
        session: the client and its judge.
        chart: the map.
        is_thorough: whether every configuration is read all over when it is first met.
    """

    def __init__(self, session: Session, chart: Chart, *, is_thorough: bool) -> None:
        self.session = session
        self.chart = chart
        self.is_thorough = is_thorough
        self.hopes = HOPES_STEERED if "outcome" in session.link.abilities else HOPES
        self._failed: Counter[int] = Counter()
        self._came: Counter[int] = Counter()
        self._is_there = False  # where it was hoped to be, before all was read there, which may wake a sleeper
        self._read: set[int] = set()
        self._surveyed: tuple[str, int] | None = None
        self._took_s: dict[int, float] = {}
        self._vague: set[Configurations] = set()
        self._names = 0

    @property
    def given_up(self) -> frozenset[int]:
        """Sorts of edges that are not to be hoped for any more: what came as often as not may come again."""
        return frozenset(
            sort for sort, times in self._failed.items() if times >= self.hopes and times > self._came[sort]
        )

    def ask(self, name: str, args: Mapping[str, Any]) -> Reply:
        """What a call is answered, nothing of it judged; asked again where it is put off."""
        reply = self.session.link.call(name, args)
        for _ in range(RETRIES):
            if reply.error is None or not self.session.monitor.reasoner.codes.is_skipped(name, reply.error):
                break
            reply = self.session.link.call(name, args)
        return reply

    def go(self, resource: str, is_there: Callable[[int], T | None]) -> T | None:
        """Go to the nearest place of a kind; what was found there, None where no way led to one.

        Raises:
            TroubleError: the client did what no conforming one does; the step that came to it is not taken again.
        """
        for _ in range(WALK):
            place = self.place(resource)
            path = None if place is None else self._way(place, is_there)
            if path is None:
                return None
            edges, found = path
            if not edges:
                return found
            try:
                came = self._take(resource, edges[0])
            except TroubleError:
                self._failed[edges[0].sort] += self.hopes
                raise
            if came != edges[0].after:
                self._failed[edges[0].sort] += 1
        return None

    def _way(self, start: int, is_there: Callable[[int], T | None]) -> tuple[list[Edge], T] | None:
        parents: dict[int, Any] = {start: None}
        queue, closed = deque([start]), self.given_up
        while queue:
            here = queue.popleft()
            found = is_there(here)
            if found is not None:
                path: list[Edge] = []
                while parents[here] is not None:
                    here, edge = parents[here]
                    path.insert(0, edge)
                return path, found
            for edge in self.chart.edges[here]:
                if edge.sort not in closed and edge.after not in parents and "as" not in dict(edge.args or ()):
                    parents[edge.after] = (here, edge)
                    queue.append(edge.after)
        return None

    def place(self, resource: str, hoped: int | None = None) -> int | None:
        """Where on the chart the resource is, None where off it; read all over where none has been before."""
        found = self._among(resource, hoped, is_sure=True)
        if found is None:
            found = self._looked(resource, hoped)
        self._is_there = hoped is not None and self._among(resource, None, is_sure=True) == hoped
        if found is not None and self.is_thorough and found not in self._read:
            self._read.add(found)
            self._survey(resource)
            if self._among(resource, found, is_sure=True) is None:
                found = self._looked(resource, found)
        return found

    def _looked(self, resource: str, hoped: int | None) -> int | None:
        """Where it is, by reading one status after the other until that is sure; not where that once told nothing."""
        track = self.session.judge.follow(resource)
        before = track.origin
        if before not in self._vague:
            for name, args in self.session.status_reads(resource):
                self.session.call(resource, name, args)
                found = self._among(resource, hoped, is_sure=True)
                if found is not None:
                    return found
            if track.origin == before and self.session.has_clock:
                self._vague.add(before)
        return self._among(resource, hoped)

    def _places(self, track: Followed) -> set[int | None]:
        return {self.chart.place(one) for one in track.origin}

    def _survey(self, resource: str) -> None:
        """Read a resource and each of its members all over, if anything was done since that was done last."""
        if self._surveyed != (resource, len(self.session.script)):
            for name, args in self.session.every_read(resource):
                self.session.call(resource, name, args)
            self._surveyed = resource, len(self.session.script)

    def _new(self) -> str:
        self._names += 1
        return f"fn-{self._names}"

    def _among(self, resource: str, hoped: int | None, *, is_sure: bool = False) -> int | None:
        """The one place it can be at; if there are several, the one hoped for, else the one explained most simply."""
        track = self.session.judge.follow(resource)
        places = self._places(track)
        if len(places) == 1:
            return places.pop()
        if is_sure:
            return None
        return hoped if hoped in places else self.chart.place(track.explained.simplest())

    def _take(self, resource: str, edge: Edge) -> int | None:
        """Do what an edge says; where that leads."""
        if edge.args is not None:
            self._call(resource, edge)
        elif edge.initiator is Initiator.SERVICE:
            self._await(resource, edge)
        else:
            self.session.happen(edge.name)
        came = self.place(resource, edge.after)
        if self._is_there and (edge.is_move or edge.args is None):
            self._came[edge.sort] += 1
        return came

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
        """Wait for a hidden move, which may not be the one hoped for: as long as it took the last time."""
        self.session.steer(edge.name)
        track = self.session.judge.follow(resource)
        begun = self._places(track)
        seconds, before = self._took_s.get(edge.sort, 1.0), self.session.clock_s
        for _ in range(MOST_WAITS):
            self.session.wait(resource, seconds)
            places = self._places(track)
            if not places & begun or (seconds > LONG_S and edge.after in places):
                self._took_s[edge.sort] = self.session.clock_s - before
                return
            seconds = min(2 * seconds, 600.0)
        self.session.settle(resource)
