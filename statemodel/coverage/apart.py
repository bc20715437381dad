"""What shows late that a transition had its effect: the way to where a call is answered otherwise without it.

An effect on data that no answer shows is seen only by what it makes of later calls. The way there is a separating
sequence, as in the testing of finite state machines (Lee & Yannakakis, Principles and Methods of Testing Finite State
Machines, 1996), of the configuration that has had the effect and the one that has not.
"""

from collections import Counter, deque
from collections.abc import Callable, Container, Iterator
from functools import partial
from typing import Final

import attrs

from statemodel.configuration import Configuration, Member, replace
from statemodel.coverage.chart import Chart, Edge
from statemodel.model.graph import Initiator, Transition
from statemodel.semantics import Accepted, Move, Step, answers, hidden

TRIED: Final = 4
PAIRS: Final = 40
Way = tuple[Edge, ...]
Row = tuple[str, ...]
Found = tuple[tuple[bool, Configuration], ...]


def late_effects(chart: Chart, closed: Container[int] = (), done: Container[Row] = ()) -> Iterator[tuple[Row, Way]]:
    """Rows of the model with an effect that shows late, each with ways from the beginning by which it does.

    Args:
        chart: the map.
        closed: sorts of edges that are not to be hoped for; it may grow meanwhile.
        done: rows of which no more ways are wanted; it may grow meanwhile.
    """
    asked = _Asked(chart)
    tried: Counter[Row] = Counter()
    for here, edge, way in _shortest(chart, closed):
        rows = {one.goal.words for one in edge.taken if one.is_move and one.key is None}
        if any(tried[row] < TRIED and row not in done for row in rows):
            for row, other in _without(chart, chart.configurations[here], edge):
                if tried[row] < TRIED and row not in done:
                    tried[row] += 1
                    rest = asked.apart(edge.after, other, closed)
                    whole = (*way(), edge, *(rest or ()))
                    if rest and all(one.sort not in closed for one in whole):
                        yield row, whole


def _shortest(chart: Chart, closed: Container[int]) -> Iterator[tuple[int, Edge, Callable[[], Way]]]:
    """Every edge that speaks of one resource only, the nearest to the beginning first, and the way to where it is."""
    parents: dict[int, tuple[int, Edge] | None] = {0: None}
    queue = deque([0])

    def way(here: int) -> Way:
        found: list[Edge] = []
        while (step := parents[here]) is not None:
            here, edge = step
            found.append(edge)
        return tuple(reversed(found))

    while queue:
        here = queue.popleft()
        for edge in chart.edges[here]:
            if edge.sort not in closed and "as" not in dict(edge.args or ()):
                yield here, edge, partial(way, here)
                if edge.after not in parents:
                    parents[edge.after] = (here, edge)
                    queue.append(edge.after)


def _without(chart: Chart, before: Configuration, edge: Edge) -> Iterator[tuple[Row, Configuration]]:
    """The configurations that an edge would lead to if one of its effects were left out, each with its row."""
    for step in _steps(chart, before, edge.name, edge.args):
        if chart.place(step.after) == edge.after:
            for row, (place, key) in zip(step.rows, step.places, strict=True):
                old, new = before[place], step.after[place]
                has_effect = isinstance(row, Transition) and row.effect is not None and key is None
                if has_effect and isinstance(old, Member) and isinstance(new, Member) and old.data is not None:
                    left = chart.canonical(replace(step.after, place, attrs.evolve(new, data=old.data)))
                    words = next((one.goal.words for one in edge.taken if (one.place, one.key) == (place, key)), ())
                    if left != chart.canonical(step.after):
                        yield words, left


def _steps(chart: Chart, before: Configuration, name: str, args: object) -> list[Step | Move]:
    if args is None:
        return [move for move in hidden(chart.system, before) if move.event.name == name]
    made = (made for operation, own, made in chart.made if (operation.name, own) == (name, args))
    return [step for one in made for step in answers(chart.system, before, one)]


class _Asked:
    """What calls and moves come to in configurations that no conforming service is in; each is worked out once."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._found: dict[tuple[Configuration, str, object], Found] = {}

    def answered(self, here: Configuration, name: str, args: object) -> Found:
        """Each way it may go: whether it is accepted, and where it leads."""
        found = self._found.get((here, name, args))
        if found is None:
            steps = _steps(self.chart, here, name, args)
            found = self._found[here, name, args] = tuple(
                (isinstance(step, Move) or isinstance(step.answer, Accepted), self.chart.canonical(step.after))
                for step in steps
            )
        return found

    def apart(self, one: int, other: Configuration, closed: Container[int]) -> Way | None:
        """The shortest way from the first that ends with an answer, or a status, that the second cannot have.

        Only calls that can be answered in one way are on it, and moves that the client may be asked for.
        """
        start = (one, other)
        parents: dict[tuple[int, Configuration], tuple[tuple[int, Configuration], Edge] | None] = {start: None}
        queue = deque([start])

        def way(here: tuple[int, Configuration]) -> Way:
            found: list[Edge] = []
            while (step := parents[here]) is not None:
                here, edge = step
                found.insert(0, edge)
            return tuple(found)

        while queue and len(parents) < PAIRS:
            here = queue.popleft()
            for edge in _certain(self.chart, here[0], closed):
                likewise = self.answered(here[1], edge.name, edge.args)
                if likewise and all(is_accepted != edge.is_accepted for is_accepted, _ in likewise):
                    return (*way(here), edge)
                if len(likewise) == 1:
                    pair = (edge.after, likewise[0][1])
                    if self.chart.configurations[pair[0]] != pair[1] and pair not in parents:
                        parents[pair] = (here, edge)
                        queue.append(pair)
                        mine = self.chart.configurations[pair[0]]
                        if edge.args is None and self._shown(mine) != self._shown(pair[1]):
                            return way(pair)
        return None

    def _shown(self, configuration: Configuration) -> tuple[object, ...]:
        """What statuses read, as far as states tell."""
        graph = self.chart.system.graph
        slots = ((place, slot) for place, slot in enumerate(configuration) if isinstance(slot, Member))
        return tuple(graph(place).state(slot.state).fields for place, slot in slots if isinstance(slot.state, str))


def _certain(chart: Chart, here: int, closed: Container[int]) -> list[Edge]:
    """Edges of calls that are answered in one way there, and of moves of the service."""
    found: dict[tuple[str, object], list[Edge]] = {}
    for edge in chart.edges[here]:
        if edge.initiator is not Initiator.ENVIRONMENT and "as" not in dict(edge.args or ()):
            found.setdefault((edge.name, edge.args), []).append(edge)
    sure = (edges[0] for call, edges in found.items() if len(edges) == 1 and call not in chart.beyond[here])
    return [edge for edge in sure if edge.sort not in closed]
