"""Whether work that ends well when a client is asked for that, ends well at all, whatever call began it."""

from collections.abc import Iterator
from typing import Final

from statemodel.coverage.chart import Edge
from statemodel.coverage.goals import OUTCOME, TRANSITION
from statemodel.model.graph import Initiator, Kind
from statemodel.testing.cover import Cover
from statemodel.testing.judge import rivals
from statemodel.testing.session import TroubleError

TRIES: Final = 8


class Promises(Cover):
    """Asks for a good end of everything that a call begins at rest; takes the same arguments as the cover.

    A bad end proves nothing by itself: the model allows it, and a client may not be heard in time. Work that ends badly
    every time, though the client agrees to a good end and nothing else is at work, cannot succeed.
    """

    def run(self) -> None:
        """Ask for each good end, as far as the budget lasts."""
        self._stop = self.session.link.calls + self.budget
        for place, call, end in self._ends() if "outcome" in self.session.link.abilities else ():
            if not self._has_budget():
                break
            self._hear(place, call, end)
        self.session.reset()

    def _ends(self) -> Iterator[tuple[int, Edge, Edge]]:
        """A place at rest, a call that begins work there, and how that may end well, where it may end otherwise."""
        known: set[tuple[int, int]] = set()
        for place, edges in enumerate(self.chart.edges):
            for call in edges if place not in self._busy else ():
                if call.args is None or "as" in dict(call.args) or call.after not in self._busy:
                    continue
                for end in self.chart.edges[call.after]:
                    key = call.sort, end.sort
                    if end.initiator is Initiator.SERVICE and key not in known:
                        known.add(key)
                        if self._is_good(end):
                            yield place, call, end

    def _is_good(self, end: Edge) -> bool:
        system = self.session.system
        goals = [goal for one in end.taken for goal in one.goals if goal.kind == TRANSITION]
        kinds = [system.kinds[system.parts.index(goal.part)][goal.words[2]] for goal in goals]
        is_end = any(goal.kind == OUTCOME for one in end.taken for goal in one.goals)
        is_good = all(one is Kind.RESTING for one in kinds) and end.after not in self._busy
        return is_end and is_good and bool(rivals(system, end.name))

    def _hear(self, place: int, call: Edge, end: Edge) -> None:
        """Ask again and again until it comes; where it never does, the last time is what was found.

        Each time one more resource was there before, lest a client that draws its luck anew draws the same again.
        """
        broken: TroubleError | None = None
        for others in range(TRIES):
            resource = self._led(place, others)
            if resource is None:
                return
            broken = self._broken(resource, call, end)
            if broken is None:
                return
        if broken is not None:
            self._meet(broken)

    def _led(self, place: int, others: int) -> str | None:
        """The last of some resources that were led to a place, None where that cannot be done."""
        self._restart()
        resource = None
        try:
            for _ in range(others + 1):
                resource = self._new()
                if not self._has_budget() or self.go(resource, lambda here: here == place or None) is None:
                    return None
        except TroubleError as error:
            self._meet(error)
            return None
        return resource

    def _broken(self, resource: str, call: Edge, end: Edge) -> TroubleError | None:
        """What is met where the client agrees to an end that does not come."""
        try:
            self._call(resource, call)
            if self.session.steer(end.name, is_promise=True):
                self._disturb(resource, call.after)
                self.session.settle(resource, 1.0)
        except TroubleError as error:
            return error
        return None

    def _disturb(self, resource: str, place: int) -> None:
        """Make every call that must be refused meanwhile: taken, it only fits in after an end as was promised."""
        accepted = {(edge.name, edge.args) for edge in self.chart.edges[place] if edge.is_accepted}
        for edge in self.chart.edges[place]:
            is_forbidden = edge.name in self._calls and (edge.name, edge.args) not in accepted
            if is_forbidden and edge.args is not None and "as" not in dict(edge.args):
                accepted.add((edge.name, edge.args))
                self._call(resource, edge)
                reply = self.session.script[-1].reply
                if reply is not None and reply.error is None:
                    self._survey(resource)  # had the work just ended, as was promised, other content would serve
