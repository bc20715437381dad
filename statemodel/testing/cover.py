"""The deterministic cover: walks to the nearest goal that is left, forbidden calls and reads on the way included."""

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any, Final

from statemodel.coverage.chart import Chart, Edge
from statemodel.coverage.goals import CONTEXT, TRANSITION, Goal
from statemodel.coverage.plan import Path, busy, empty, nearest, to_call
from statemodel.model.graph import Initiator
from statemodel.model.operation import Action
from statemodel.testing.session import Found, Session, TroubleError, identity
from statemodel.testing.traveller import WALK, Traveller

TWINS: Final = 8
STRANGE: Final = 8


class Cover(Traveller):
    """Covers what a chart holds.

    Args:
        session: the client and its judge.
        chart: what there is to cover.
        goals: what to cover of it; None for all but contexts.
        budget: greatest number of calls.
        is_thorough: whether every configuration is read all over when it is first met.
        has_twins: whether every call is also made on one of two resources of one history.
        enough: whether to stop early.
        meet: called with trouble that was met; what it calls is not counted.
        progress: called after every walk with (goals met, goals there are).

    Attributes:
        never_came: sorts of edges that walks have hoped for in vain.
    """

    def __init__(
        self,
        session: Session,
        chart: Chart,
        *,
        goals: tuple[Goal, ...] | None = None,
        budget: int,
        is_thorough: bool = True,
        has_twins: bool = False,
        enough: Callable[[], bool] = lambda: False,
        meet: Callable[["Found"], object] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        super().__init__(session, chart, is_thorough=is_thorough)
        self.goals = chart.goals if goals is None else goals
        self.budget = budget
        self.has_twins = has_twins
        self._has_company = len(session.system.parts) > 1
        self.enough = enough
        self.meet = meet
        self.progress = progress
        self.steps = 0
        self.found: list[Found] = []
        self.never_came: frozenset[int] = frozenset()
        self._missed: Counter[Goal] = Counter()
        self._wanted = frozenset(self.goals)
        self._moving = frozenset(goal for goal in self.goals if goal.kind in (TRANSITION, CONTEXT))
        self._skipped: set[Goal | int] = set()
        self._probed: set[Hashable] = set()
        self._asked: set[Hashable] = set()
        self._served: set[tuple[int | None, Any]] = set()
        self._supposed: set[Goal] = set()
        self._gone: set[Hashable] = set()
        self._paired: set[Hashable] = set()
        self._empty = empty(chart)
        self._busy = busy(chart)
        self._is_owed = False
        self._calls = {one.name for one in session.system.operations.values() if one.action is Action.CALL}
        self._stop = 0

    @property
    def met(self) -> dict[Goal, int]:
        """Goals met so far."""
        return self.session.judge.covered.met

    def run(self) -> None:
        """Walk until nothing is left that can be hoped for, or the budget is spent."""
        strange = self.budget // STRANGE if self._has_company and self.is_thorough else 0
        twins = self.budget // TWINS if self.has_twins else 0
        self._stop = self.session.link.calls + self.budget - strange - twins
        while self._has_budget():
            before = self._state()
            if not self._walk():
                break
            if self.progress is not None:
                self.progress(len(self._wanted) - len(self._wanted.difference(self.met)), len(self._wanted))
            if before == self._state():
                break
        self.never_came = self.given_up
        self._stop += strange
        if strange:
            self._companies()
        self._stop += twins
        if self.has_twins:
            self._twins()
        self.session.reset()

    def _state(self) -> tuple[int, int, int]:
        met = len(self.met) + len(self.session.judge.covered.tried)
        return met, sum(self._failed.values()) + sum(self._missed.values()), len(self.found)

    def _has_budget(self) -> bool:
        return self.session.link.calls < self._stop and not self.enough()

    def _walk(self) -> bool:
        """One walk from a reset; False if there was nowhere to go."""
        self._restart()
        resource = self._new()
        taken = 0
        edge: Edge | None = None
        try:
            while taken < WALK and self._has_budget():
                place = self.place(resource)
                path = None if place is None else self._plan(resource, place)
                if path is None or place is None:
                    return taken > 0
                came: int | None = place
                for edge in path.edges:
                    before = came
                    taken += 1
                    self.steps += 1
                    moves, met = self._moves(), len(self.met)
                    came = self._take(resource, edge)
                    self.session.judge.covered.tried |= self.chart.sure_refusals(edge)
                    if self.is_thorough and (self._moves() > moves or self._is_supposed(path, edge, came)):
                        self._survey(resource)
                        self._is_owed = came in self._busy
                    elif len(self.met) > met and self.is_thorough and edge.name in self._calls and not edge.is_move:
                        self.session.look(resource)
                    elif edge.initiator is Initiator.SERVICE and (
                        self._is_owed or (came, edge.sort) not in self._served
                    ):
                        self._served.add((came, edge.sort))
                        self._is_owed = self._is_owed and came in self._busy
                        self._serve(resource)
                    if came == edge.after and not self._is_probed(resource, edge):
                        return True
                    if came != edge.after:
                        self._failed[edge.sort] += 1
                        break
                    if edge is path.edges[-1]:
                        self._reborn(resource, edge, before)
                else:
                    if path.goal not in self.met:
                        self._miss(path)
        except TroubleError as error:
            self._meet(error)
            if edge is not None:
                self._failed[edge.sort] += self.hopes
        return True

    def _miss(self, path: Path) -> None:
        """Think less of what did not meet a goal: of a call that is answered otherwise here, or of the goal itself."""
        last = path.edges[-1]
        if last.initiator is Initiator.CALLER and not last.is_move:
            self._failed[last.sort] += 1
            self._skipped.add(last.sort)
        else:
            self._missed[path.goal] += 1
            self._skipped.add(path.goal)

    def _reborn(self, resource: str, edge: Edge, before: int | None) -> None:
        """Begin anew where everything is gone, once for each way and company: nothing may be left over."""
        gone = (edge.sort, None if before is None else self.chart.company(before))
        if edge.after in self._empty and gone not in self._gone and self.is_thorough:
            self._gone.add(gone)
            calls = [one for one in self.chart.edges[edge.after] if one.args is not None and one.after != edge.after]
            first = next((one for one in calls if "as" not in dict(one.args or ())), None)
            if first is not None:
                self._take(resource, first)
                self._survey(resource)

    def _is_supposed(self, path: Path, edge: Edge, came: int | None) -> bool:
        """Whether a transition may have been taken for the first time, where nothing tells for certain."""
        is_move = path.goal.kind in (TRANSITION, CONTEXT) and edge is path.edges[-1] and came == edge.after
        if not is_move or path.goal in self._supposed:
            return False
        self._supposed.add(path.goal)
        return path.goal not in self.met

    def _serve(self, resource: str) -> None:
        """Ask for whatever is served, where it was come to in a new way: the same status may hide another content."""
        for name, args in self.session.every_read(resource) if self.is_thorough else ():
            if any(field.name == "content" for field in self.session.system.operations[name].fields):
                self.session.call(resource, name, args)

    def _is_probed(self, resource: str, edge: Edge) -> bool:
        """Make every call that must be refused after a move of the environment, and in each company; False on trouble.

        For the first time members stand together in just these states: who refuses may be another.
        Trouble is not that of the edge: the calls that are left are made the next time.
        """
        marks: list[Hashable] = [edge.sort] if edge.initiator is Initiator.ENVIRONMENT else []
        if self._has_company:
            marks.append(self.chart.company(edge.after))
        for mark in [one for one in marks if one not in self._probed]:
            try:
                self._probe(resource, edge.after, mark)
            except TroubleError as error:
                self._meet(error)
                return False
            self._probed.add(mark)
        return True

    def _companies(self) -> None:
        """Go to each company that no walk has come to, and make every call there that must be refused."""
        before = None
        while self._has_budget() and before != (before := (len(self._asked), sum(self._failed.values()))):
            self._restart()
            resource = self._new()
            try:
                while self._has_budget() and (place := self.go(resource, self._strange)) is not None:
                    company = self.chart.company(place)
                    self._probe(resource, place, company)
                    self._probed.add(company)
            except TroubleError as error:
                self._meet(error)

    def _strange(self, place: int) -> int | None:
        """A place in whose company nothing has been tried."""
        return None if self.chart.company(place) in self._probed else place

    def _probe(self, resource: str, place: int, mark: Hashable) -> None:
        """Make every call that must be refused: the same status may hide another state, which accepts one of them."""
        accepted = {(edge.name, edge.args) for edge in self.chart.edges[place] if edge.is_accepted}
        for edge in self.chart.edges[place] if self.is_thorough else ():
            asked = (edge.name, edge.args)
            if edge.args is not None and asked not in accepted and "as" not in dict(edge.args):
                accepted.add(asked)
                if (mark, asked) not in self._asked:
                    self._asked.add((mark, asked))
                    self._call(resource, edge)
        if mark not in self._asked:
            self._asked.add(mark)
            self._serve(resource)

    def _meet(self, error: TroubleError) -> None:
        self.found.append(Found(error.trouble, tuple(self.session.script)))
        before = self.session.link.calls
        if self.meet is not None:
            self.meet(self.found[-1])
        self._stop += self.session.link.calls - before

    def _restart(self) -> None:
        self.session.reset()
        self._names = 0
        self._skipped = set()
        self._surveyed = None
        self._is_owed = False

    def _twins(self) -> None:
        """Two resources of one history: whatever is done to one of them must leave the other as it was."""
        for name, operation in self.session.system.operations.items():
            if operation.action is Action.CALL and identity(operation, "") and operation.parameter("as") is None:
                for weight in (lambda _: 0, self.chart.weight):
                    is_done, hopes = False, self.hopes
                    while not is_done and hopes and self._has_budget():
                        hopes -= 1
                        try:
                            is_done = self._twin(name, weight)
                        except TroubleError as error:
                            self._meet(error)
                            is_done = True

    def _twin(self, name: str, weight: Callable[[int], int]) -> bool:
        """Lead two to where a call changes something and make it on one; whether it came to that, or never can."""
        self._restart()
        *before, last = to_call(self.chart, name, self.given_up, weight) or (None,)
        if last is None or (tuple(before), last) in self._paired:
            return True
        one, two = self._new(), self._new()
        for edge in before:
            assert edge is not None
            for each in (one, two):
                if edge.args is not None:
                    self._call(each, edge)
                elif each is one:
                    self.session.steer(edge.name)
                    self._await(one, edge)
                if self.place(each, edge.after) != edge.after:
                    self._failed[edge.sort] += 1
                    return False
        self._call(one, last)
        for _ in range(2):
            for read, args in self.session.every_read(two):
                self.session.call(two, read, args)
            self.session.settle(two)
        self._paired.add((tuple(before), last))
        return True

    def _plan(self, resource: str, place: int) -> Path | None:
        last = self.session.judge.follow(resource).last
        given_up = {goal for goal, times in self._missed.items() if times >= self.hopes} | self._skipped
        unsure = self.chart.firm - self.session.judge.covered.tried
        wanted = (self._wanted.difference(self.met) | (self._wanted & unsure)) - given_up
        return nearest(self.chart, place, last, self.given_up | self._skipped, wanted)

    def _moves(self) -> int:
        """How many of the transitions wanted were met, or of them in their contexts."""
        return len(self._moving) - len(self._moving.difference(self.met))
