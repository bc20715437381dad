"""The system as a walker sees it: contents are new, names are few, and every step is there with what it covers."""

from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from statemodel.configuration import LOOSE, Configuration, Member, held, numbers_in, renamed
from statemodel.coverage.goals import PAIR, REFUSAL, STATE, Goal, Taken, pair, taken
from statemodel.coverage.sent import NAMES, Takes, is_wish
from statemodel.model.graph import Event, Initiator, Kind
from statemodel.model.operation import Action, Operation, Subject
from statemodel.semantics import Accepted, Call, Move, Step, System, answers, concerns, hidden
from statemodel.unfold import Scope, begun, calls, is_within

NEW = 1_000
Asked = tuple[str, Any]
Sort = tuple[str, bool, tuple[Goal, ...]]
ONE = Scope(1, (NEW,), ("live",))


@attrs.frozen
class Edge:
    """One step a walker may hope for.

    Attributes:
        name: operation or event.
        args: arguments of a call without its identity, None for a hidden move.
        is_accepted: whether a call is accepted; True for a hidden move.
        initiator: who starts it.
        after: number of the configuration it leads to.
        taken: what it covers.
        sort: what it is told by: the same answer by the same rows, wherever the rest may be, and whether the call may
            be answered in another way there.
        bits: the goals it meets, as `Chart.mask` numbers them.
    """

    name: str
    args: tuple[tuple[str, Any], ...] | None
    is_accepted: bool
    initiator: Initiator
    after: int
    taken: tuple[Taken, ...]
    sort: int = 0
    bits: int = 0

    @property
    def is_move(self) -> bool:
        """Whether a member takes a transition."""
        return any(one.is_move for one in self.taken)


class Chart:
    """Every configuration that a walker can get to within a scope, by number, with its edges; empty until it is drawn.

    Attributes:
        configurations: every configuration, in the order of their numbers.
        firm: refusals that are sure somewhere, because nothing accepts the call there.
        beyond: for each configuration, calls that may lead out of the scope.

    Args:
        system: the model.
        operations: names of the operations that may be called.
        takes: (operation, name and value of an argument) -> whether the walker may send it.
        has_environment: whether moves of the environment can be asked for.
        is_fair: whether nothing fails, and calls that change something keep to their defaults, but for names.
        scope: how far to look.
    """

    def __init__(
        self,
        system: System,
        operations: frozenset[str],
        takes: Takes,
        *,
        has_environment: Callable[[Event], bool],
        is_fair: bool = False,
        scope: Scope = ONE,
    ) -> None:
        self.system = system
        self.scope = scope
        self.is_fair = is_fair
        self.events = frozenset(
            event.name
            for event in system.events
            if (has_environment(event) if event.initiator is Initiator.ENVIRONMENT else self._is_expected(event))
        )
        self.made = [
            (operation, tuple((name, value) for name, value in args.items() if takes(operation, name, value)), made)
            for operation, args, made in calls(system, scope)
            if operation.name in operations and self._is_tried(operation, args, takes)
        ]
        self.numbers: dict[Configuration, int] = {}
        self.firm: frozenset[Goal] = frozenset()
        self.edges: list[tuple[Edge, ...]] = []
        self._sorts: dict[Sort, int] = {}
        self._keys: tuple[Sort, ...] = ()
        self._bits: dict[Goal, int] = {}
        self._plain: dict[Configuration, Configuration] = {}
        self.beyond: list[set[Asked]] = []
        self.configurations: tuple[Configuration, ...] = ()
        self._begun = begun(system, scope)
        self.bits: list[int] = []
        self.moves: list[tuple[Edge, ...]] = []

    def draw(self) -> Iterator[int]:
        """Draw the chart, a call at a time, so that it can be done while others are waited for.

        Yields:
            How many configurations there are so far.
        """
        yield from self._explore()
        self.configurations = tuple(self.numbers)
        self._keys = tuple(self._sorts)
        self._purify()
        self.bits = [_all(edges) for edges in self.edges]
        self.moves = [_elsewhere(here, edges) for here, edges in enumerate(self.edges)]

    def company(self, place: int) -> tuple[Hashable, ...]:
        """The states that stand together, those of a family without saying whose, and how many numbers are named."""
        return tuple(
            slot.state
            if isinstance(slot, Member)
            else frozenset((member.state, len(tuple(numbers_in(member.data)))) for _, member in slot.present())
            for slot in self.configurations[place]
        )

    def weight(self, place: int) -> int:
        """How many members there are, and how many numbers they name."""
        families = (slot for slot in self.configurations[place] if not isinstance(slot, Member))
        return sum(1 + len(tuple(numbers_in(one.data))) for slot in families for _, one in slot.present())

    def sure_refusals(self, edge: Edge) -> frozenset[Goal]:
        """The refusals that an edge shows where they are sure."""
        if edge.is_accepted:
            return frozenset()
        goals = (goal for one in edge.taken for goal in one.goals)
        return frozenset(goal for goal in goals if goal in self.firm and edge.bits & self._bits[goal])

    def told(self, sort: int) -> Hashable:
        """What a sort of edges is told by on every chart."""
        return self._keys[max(sort, ~sort)], sort < 0

    def sorts(self, told: Container[Hashable]) -> frozenset[int]:
        """The sorts of edges that are told by any of these."""
        each = (sort for number in range(len(self._keys)) for sort in (number, ~number))
        return frozenset(sort for sort in each if self.told(sort) in told)

    def mask(self, goals: Iterable[Goal]) -> int:
        """Goals as one number, a bit each."""
        found = 0
        for goal in goals:
            found |= self._bits.get(goal, 0)
        return found

    def _is_expected(self, event: Event) -> bool:
        """Whether a move of the service is on the chart: where nothing fails, one that need not lead to a failure."""
        if not self.is_fair:
            return True
        comes: dict[tuple[str, str], bool] = {}
        for graph in self.system.service.parts:
            for row in graph.transitions:
                if row.event == event:
                    is_well = graph.is_shared or row.target is None or graph.state(row.target).kind is not Kind.FAILED
                    for state in row.source:
                        comes[graph.part, state] = comes.get((graph.part, state), False) or is_well
        return all(comes.values())

    def _is_tried(self, operation: Operation, args: Mapping[str, Any], takes: Takes) -> bool:
        """Whether a call is on the chart: what cannot be sent must be the client's own choice."""
        for name, value in args.items():
            parameter = operation.parameter(name)
            assert parameter is not None
            if not takes(operation, name, value) and not is_wish(parameter):
                return False
            is_kept = parameter.required or parameter.subject in NAMES or parameter.sharing is not None
            if self.is_fair and operation.action is Action.CALL and not is_kept:
                return False
            if parameter.subject is Subject.ALIAS and len(self.system.parts) > 1 and value not in self.scope.names:
                return False
        return True

    def _explore(self) -> Iterator[int]:
        queue: deque[Configuration] = deque()

        def number(configuration: Configuration) -> int:
            found = self.numbers.get(configuration)
            if found is None:
                found = self.numbers[configuration] = len(self.numbers)
                queue.append(configuration)
            return found

        number(self.canonical(self._begun))
        while queue:
            before = queue.popleft()
            found: dict[Any, Edge] = {}
            self.beyond.append(set())
            for operation, args, made in self.made:
                self._calls(before, operation, args, made, number, found)
                yield len(self.edges)
            for move in hidden(self.system, before):
                if move.event.name in self.events:
                    self._add(found, before, move, move.event.name, None, move.event.initiator, number)
            self.edges.append(tuple(found.values()))

    def _purify(self) -> None:
        """Look for a refusal where it says most, if there is such a place.

        Best is where nothing else answers the call, then where nothing accepts it; elsewhere it says little.
        """
        mixed = [_mixed(edges) | beyond for edges, beyond in zip(self.edges, self.beyond, strict=True)]
        open_ = [_open(edges) | beyond for edges, beyond in zip(self.edges, self.beyond, strict=True)]
        every = self.mask(goal for goal in self._bits if goal.kind == REFUSAL)
        pure = self._outside(mixed) & every
        sure = self._outside(open_) & every
        self.firm = frozenset(goal for goal, bit in self._bits.items() if sure & bit)
        self.edges = [
            tuple(self._weighed(edge, pure, sure, more, less) for edge in edges)
            for edges, more, less in zip(self.edges, mixed, open_, strict=True)
        ]

    def _weighed(self, edge: Edge, pure: int, sure: int, more: set[Asked], less: set[Asked]) -> Edge:
        """An edge without the refusals that are shown better elsewhere; one that is open is of another sort."""
        if edge.args is None or (edge.name, edge.args) not in more:
            return edge
        lost = pure | (sure if (edge.name, edge.args) in less else 0)
        return attrs.evolve(edge, bits=edge.bits & ~lost, sort=~edge.sort)

    def _outside(self, calls: list[set[Asked]]) -> int:
        """What edges meet that are of none of these calls, which are given for every configuration."""
        found = 0
        for edges, own in zip(self.edges, calls, strict=True):
            for edge in edges:
                if (edge.name, edge.args) not in own:
                    found |= edge.bits
        return found

    def _calls(
        self,
        before: Configuration,
        operation: Operation,
        args: tuple[tuple[str, Any], ...],
        made: Call,
        number: Callable[[Configuration], int],
        found: dict[Any, Edge],
    ) -> None:
        if self.system.service.around and not concerns(self.system, before, made):
            return
        for step in answers(self.system, before, made):
            if is_within(step.after, self.scope):
                self._add(found, before, step, operation.name, args, Initiator.CALLER, number)
            else:
                self.beyond[-1].add((operation.name, args))

    def _add(
        self,
        found: dict[Any, Edge],
        before: Configuration,
        step: Step | Move,
        name: str,
        args: tuple[tuple[str, Any], ...] | None,
        initiator: Initiator,
        number: Callable[[Configuration], int],
    ) -> None:
        """One more edge, if it is not there already."""
        covers = taken(self.system, before, step) if step.places else ()
        is_accepted = isinstance(step, Move) or isinstance(step.answer, Accepted)
        there = number(before if step.after is before else self.canonical(step.after))
        key = (name, args, is_accepted, there, covers)
        if key not in found:
            goals = tuple(goal for one in covers for goal in one.goals)
            sort = self._sorts.setdefault((name, is_accepted, goals), len(self._sorts))
            bits = 0
            for goal in (*goals, *(goal for one in covers for goal in one.contexts)):
                bits |= self._bits.setdefault(goal, 1 << len(self._bits))
            found[key] = Edge(name, args, is_accepted, initiator, there, covers, sort, bits)

    def canonical(self, configuration: Configuration) -> Configuration:
        """The configuration with content told apart only as far as the service does."""
        found = self._plain.get(configuration)
        if found is None:
            found = self._plain[configuration] = self._without_content(configuration)
        return found

    def _without_content(self, configuration: Configuration) -> Configuration:
        symbols = held(configuration)
        if self.system.service.compares_content:
            wanted = {symbol: number for number, symbol in enumerate(symbols)}
        else:
            wanted = dict.fromkeys(symbols, 0)
        return renamed(configuration, wanted, {}, self.system.parts)

    def place(self, configuration: Configuration) -> int | None:
        """The number of a real configuration; None where it is off the chart.

        A part nobody has looked at counts as where it began: without an environment to ask for it stays there.
        """
        looked_at = tuple(
            first if isinstance(slot, Member) and slot.state is LOOSE else slot
            for slot, first in zip(configuration, self._begun, strict=True)
        )
        return self.numbers.get(self.canonical(looked_at))

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Everything that can be covered, in the order in which it comes up."""
        goals = {Goal(STATE, part, (graph.initial,)): None for part, graph in zip(
            self.system.parts, self.system.service.parts, strict=True) if graph.many is None}
        for edges in self.edges:
            for edge in edges:
                for step in edge.taken:
                    goals.update(dict.fromkeys(step.goals))
        goals.update(dict.fromkeys(self._pairs(())))
        return tuple(goals)

    def within(self, goals: Iterable[Goal], closed: Container[int]) -> frozenset[Goal]:
        """Those of some goals that can be come to without edges of some sorts."""
        seen, queue, mask = {0}, deque([0]), 0
        while queue:
            for edge in self.edges[queue.popleft()]:
                if edge.sort not in closed:
                    mask |= edge.bits
                    if edge.after not in seen:
                        seen.add(edge.after)
                        queue.append(edge.after)
        wanted = tuple(goals)
        pairs = frozenset(self._pairs(closed) if any(goal.kind == PAIR for goal in wanted) else ())
        return frozenset(goal for goal in wanted if (self._bits[goal] & mask if goal in self._bits else goal in pairs))

    def contexts(self) -> tuple[Goal, ...]:
        """Every transition with every state that another member can be in meanwhile."""
        steps = (step for edges in self.edges for edge in edges for step in edge.taken)
        return tuple(dict.fromkeys(goal for step in steps for goal in step.contexts))

    def _pairs(self, closed: Container[int]) -> Iterable[Goal]:
        """Pairs of transitions that some walk takes one right after the other, member by member."""
        found: dict[Goal, None] = {}
        steps = (step for edges in self.edges for edge in edges for step in edge.taken)
        members = {(step.place, step.key) for step in steps if step.is_move}
        for place, key in sorted(members, key=repr):
            found.update(dict.fromkeys(self._pairs_of(place, key, closed)))
        return found

    def _pairs_of(self, place: int, key: Any, closed: Container[int]) -> Iterable[Goal]:
        own: list[list[tuple[int, Goal | None]]] = []
        for edges in self.edges:
            steps: dict[tuple[int, Goal | None], None] = {}
            for edge in [edge for edge in edges if edge.sort not in closed]:
                goals = (one.goal for one in edge.taken if one.is_move and (one.place, one.key) == (place, key))
                steps[edge.after, next(goals, None)] = None
            own.append(list(steps))
        start: tuple[int, Goal | None] = (0, None)
        seen = {start}
        queue = deque(seen)
        found: dict[Goal, None] = {}
        while queue:
            here, last = queue.popleft()
            for after, moved in own[here]:
                if moved is not None and last is not None:
                    found[pair(last, moved)] = None
                one = (after, moved or last)
                if one not in seen:
                    seen.add(one)
                    queue.append(one)
        return found


def _mixed(edges: Iterable[Edge]) -> set[Asked]:
    """Calls that may be answered in several ways in one configuration."""
    seen: set[Asked] = set()
    found: set[Asked] = set()
    for edge in edges:
        if edge.args is not None:
            call = (edge.name, edge.args)
            (found if call in seen else seen).add(call)
    return found


def _open(edges: Iterable[Edge]) -> set[Asked]:
    """Calls that may be accepted in one configuration."""
    return {(edge.name, edge.args) for edge in edges if edge.args is not None and edge.is_accepted}


def _all(edges: Iterable[Edge]) -> int:
    found = 0
    for edge in edges:
        found |= edge.bits
    return found


def _elsewhere(here: int, edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The edges that lead elsewhere, one of each sort."""
    return tuple({(edge.after, edge.sort): edge for edge in edges if edge.after != here}.values())
