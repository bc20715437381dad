"""The system as a walker sees it: every content is a new one, names are few, and from each configuration every step with what it covers."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import attrs

from statemodel.configuration import Configuration, held, renamed
from statemodel.coverage.goals import STATE, Goal, Taken, pair, taken
from statemodel.model.graph import Initiator
from statemodel.model.operation import UNRECORDED, Operation, Parameter, Subject
from statemodel.semantics import Accepted, Call, System, answers, concerns, hidden
from statemodel.unfold import Scope, begun, calls, is_within

NEW = 1_000
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
        sort: what it is told by: the same answer by the same rows, wherever the rest may be.
    """

    name: str
    args: tuple[tuple[str, Any], ...] | None
    is_accepted: bool
    initiator: Initiator
    after: int
    taken: tuple[Taken, ...]
    sort: Hashable = None


class Chart:
    """Every configuration that a walker can get to within a scope, by number, with its edges.

    Args:
        system: the model.
        operations: names of the operations that may be called.
        takes: (operation, name and value of an argument) -> whether the walker may send it.
        has_environment: whether moves of the environment can be asked for.
        scope: how far to look.
        progress: called now and then with the number of configurations so far.
    """

    def __init__(
        self,
        system: System,
        operations: frozenset[str],
        takes: "Takes",
        *,
        has_environment: bool,
        scope: Scope = ONE,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.system = system
        self.scope = scope
        self.has_environment = has_environment
        self.made = [
            (operation, tuple((name, value) for name, value in args.items() if takes(operation, name, value)), made)
            for operation, args, made in calls(system, scope)
            if operation.name in operations and self._is_tried(operation, args, takes)
        ]
        self.numbers: dict[Configuration, int] = {}
        self.edges: list[tuple[Edge, ...]] = []
        self._sorts: dict[Hashable, int] = {}
        self._explore(progress)
        self.goals = self._goals()

    def _is_tried(self, operation: Operation, args: Mapping[str, Any], takes: "Takes") -> bool:
        """Whether a call is on the chart: what cannot be sent must be the client's own choice."""
        for name, value in args.items():
            parameter = operation.parameter(name)
            assert parameter is not None
            if not takes(operation, name, value) and not is_wish(parameter):
                return False
            if parameter.subject is Subject.ALIAS and len(self.system.parts) > 1 and value not in self.scope.names:
                return False
        return True

    def _explore(self, progress: Callable[[int], None] | None) -> None:
        queue: deque[Configuration] = deque()

        def number(configuration: Configuration) -> int:
            found = self.numbers.get(configuration)
            if found is None:
                found = self.numbers[configuration] = len(self.numbers)
                queue.append(configuration)
            return found

        number(self.canonical(begun(self.system, self.scope)))
        while queue:
            before = queue.popleft()
            if progress is not None and not len(self.edges) & 0xFF:
                progress(len(self.edges))
            found: dict[Any, Edge] = {}
            for operation, args, made in self.made:
                self._calls(before, operation, args, made, number, found)
            for move in hidden(self.system, before):
                if move.event.initiator is Initiator.SERVICE or self.has_environment:
                    covers = taken(self.system, before, move)
                    there = number(self.canonical(move.after))
                    key = (move.event.name, None, True, there, covers)
                    if key not in found:
                        initiator = move.event.initiator
                        found[key] = Edge(
                            move.event.name, None, is_accepted=True, initiator=initiator, after=there, taken=covers,
                            sort=self._sort(move.event.name, True, covers),  # noqa: FBT003
                        )
            self.edges.append(tuple(found.values()))

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
            covers = taken(self.system, before, step) if step.rows else ()
            is_accepted = isinstance(step.answer, Accepted)
            if is_within(step.after, self.scope):
                there = number(self.canonical(step.after))
                key = (operation.name, args, is_accepted, there, covers)
                if key not in found:
                    sort = self._sort(operation.name, is_accepted, covers)
                    found[key] = Edge(operation.name, args, is_accepted, Initiator.CALLER, there, covers, sort)

    def _sort(self, name: str, is_accepted: bool, covers: tuple[Taken, ...]) -> Hashable:  # noqa: FBT001
        key = (name, is_accepted, tuple(goal for one in covers for goal in one.goals))
        return self._sorts.setdefault(key, len(self._sorts))

    def canonical(self, configuration: Configuration) -> Configuration:
        """The configuration with content told apart only as far as the service does."""
        symbols = held(configuration)
        if self.system.service.compares_content:
            wanted = {symbol: number for number, symbol in enumerate(symbols)}
        else:
            wanted = dict.fromkeys(symbols, 0)
        return renamed(configuration, wanted, {}, self.system.parts)

    def place(self, configuration: Configuration) -> int | None:
        """The number of a real configuration; None where it is off the chart."""
        return self.numbers.get(self.canonical(configuration))

    def _goals(self) -> tuple[Goal, ...]:
        """Everything that can be covered, in the order in which it comes up."""
        goals = {Goal(STATE, part, (graph.initial,)): None for part, graph in zip(
            self.system.parts, self.system.service.parts, strict=True) if graph.many is None}
        for edges in self.edges:
            for edge in edges:
                for step in edge.taken:
                    goals.update(dict.fromkeys(step.goals))
        goals.update(dict.fromkeys(self._pairs()))
        return tuple(goals)

    def contexts(self) -> tuple[Goal, ...]:
        """Every transition with every state that another member can be in meanwhile."""
        steps = (step for edges in self.edges for edge in edges for step in edge.taken)
        return tuple(dict.fromkeys(goal for step in steps for goal in step.contexts))

    def _pairs(self) -> Iterable[Goal]:
        """Pairs of transitions that some walk takes one right after the other, member by member."""
        found: dict[Goal, None] = {}
        members = {(step.place, step.key) for edges in self.edges for edge in edges for step in edge.taken if step.is_move}
        for place, key in sorted(members, key=repr):
            found.update(dict.fromkeys(self._pairs_of(place, key)))
        return found

    def _pairs_of(self, place: int, key: Any) -> Iterable[Goal]:
        own: list[list[tuple[int, Goal | None]]] = []
        for edges in self.edges:
            steps: dict[tuple[int, Goal | None], None] = {}
            for edge in edges:
                moved = next((one.goal for one in edge.taken if one.is_move and (one.place, one.key) == (place, key)), None)
                steps[edge.after, moved] = None
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


Takes = Callable[[Operation, str, Any], bool]


def is_wish(parameter: Parameter) -> bool:
    """Whether a client must fill a parameter in by itself, so that a value sent is a wish and what counts is seen."""
    return parameter.required and parameter.subject is Subject.VALUE and parameter.name != "as"


def sendable(abilities: frozenset[str]) -> Takes:
    """Which arguments a client of these abilities takes: names and content always, the rest if it says so."""

    def takes(operation: Operation, name: str, value: Any) -> bool:
        parameter = operation.parameter(name)
        assert parameter is not None
        if value is UNRECORDED or parameter.subject in _NAMES or name == "as":
            return True
        return ("publish" if name in ("Publish", "publish") else "parameters") in abilities

    return takes


_NAMES = (Subject.IDENTITY, Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER, Subject.CONTENT)
