"""The way to what is left to cover: the nearest unmet goal, on the chart, hoping for the answers that lead there."""

from collections import deque
from collections.abc import Callable, Collection, Container, Hashable, Mapping
from typing import Any

import attrs

from statemodel.configuration import Member as One
from statemodel.configuration import Slot
from statemodel.coverage.chart import Chart, Edge
from statemodel.coverage.goals import PAIR, Goal, Member, pair
from statemodel.model.graph import Initiator, Kind


@attrs.frozen
class Path:
    """Edges one after the other, and the goal that the last of them meets."""

    edges: tuple[Edge, ...]
    goal: Goal



def nearest(
    chart: Chart,
    start: int,
    last: Mapping[Member, Goal],
    closed: Container[Hashable],
    wanted: Collection[Goal],
) -> Path | None:
    """The shortest path to an edge that meets an unmet goal, that edge included; None where there is none.

    Args:
        chart: the map.
        start: number of the configuration to start from.
        last: the last transition of each member so far.
        closed: sorts of edges that are not to be hoped for any more.
        wanted: goals to go for.
    """
    if not wanted:
        return None
    plain = {goal for goal in wanted if goal.kind != PAIR}
    if plain and (path := _search(chart, start, closed, plain)):
        return path
    if len(plain) == len(wanted):
        return None
    return _nearest_pair(chart, start, last, closed, {goal for goal in wanted if goal.kind == PAIR})


def _search(chart: Chart, start: int, closed: Container[Hashable], wanted: set[Goal]) -> Path | None:
    """Breadth first to an edge that meets something."""
    mask = chart.mask(wanted)
    parents: dict[int, tuple[int, Edge] | None] = {start: None}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if chart.bits[here] & mask:
            for edge in chart.edges[here]:
                if edge.bits & mask and edge.sort not in closed:
                    met = (goal for one in edge.taken for goal in (*one.goals, *one.contexts) if goal in wanted)
                    return Path((*_back(parents, here), edge), next(met))
        for edge in chart.moves[here]:
            if edge.after not in parents and edge.sort not in closed:
                parents[edge.after] = (here, edge)
                queue.append(edge.after)
    return None


def to_call(
    chart: Chart, name: str, closed: Container[Hashable], weight: Callable[[int], int] = lambda _: 0
) -> tuple[Edge, ...]:
    """The shortest path from the beginning to a call that is accepted and changes something; empty where there is none.

    It takes no move of the environment, and nothing that speaks of a second resource. The call is not the very first
    thing, if there is another way. Of several places the one of most weight is preferred.
    """
    best: tuple[int, Edge] | None = None
    parents: dict[int, tuple[int, Edge] | None] = {0: None}
    queue = deque([0])
    while queue:
        here = queue.popleft()
        for edge in chart.edges[here]:
            is_lonely = edge.initiator is not Initiator.ENVIRONMENT and "as" not in dict(edge.args or ())
            if not is_lonely or edge.sort in closed:
                continue
            is_wanted = edge.name == name and edge.is_accepted and edge.after != here
            if is_wanted and (best is None or (here and (not best[0] or weight(here) > weight(best[0])))):
                best = (here, edge)
            if edge.after not in parents:
                parents[edge.after] = (here, edge)
                queue.append(edge.after)
    return () if best is None else (*_back(parents, best[0]), best[1])


def busy(chart: Chart) -> frozenset[int]:
    """The places at which a resource itself is at work, whatever its account does."""
    return _where(chart, frozenset({Kind.WORKING}))


def empty(chart: Chart) -> frozenset[int]:
    """The places at which there is nothing of a resource."""
    return frozenset(range(len(chart.numbers))) - _where(chart, frozenset(Kind) - {Kind.ABSENT})


def _where(chart: Chart, kinds: frozenset[Kind]) -> frozenset[int]:
    """The places at which a member that is not shared is in a state of some kinds."""
    own = [place for place, graph in enumerate(chart.system.service.parts) if not graph.is_shared]
    known = chart.system.kinds
    return frozenset(
        number
        for configuration, number in chart.numbers.items()
        if any(known[place].get(state) in kinds for place in own for state in _states(configuration[place]))
    )


def _states(slot: Slot) -> tuple[str, ...]:
    return (slot.state,) if isinstance(slot, One) else tuple(member.state for _, member in slot.present())


def to_event(
    chart: Chart, name: str, places: Container[int], closed: Container[Hashable]
) -> tuple[Edge, ...]:
    """The shortest path from the beginning to an event at one of some places; empty where there is none.

    It takes nothing that speaks of a second resource.
    """
    parents: dict[int, tuple[int, Edge] | None] = {0: None}
    queue = deque([0])
    while queue:
        here = queue.popleft()
        for edge in chart.edges[here]:
            if edge.sort in closed or "as" in dict(edge.args or ()):
                continue
            if edge.name == name and edge.args is None and here in places:
                return (*_back(parents, here), edge)
            if edge.after not in parents:
                parents[edge.after] = (here, edge)
                queue.append(edge.after)
    return ()


def _back(parents: Mapping[Any, tuple[Any, Edge] | None], here: Any) -> tuple[Edge, ...]:
    path: list[Edge] = []
    while (step := parents[here]) is not None:
        here, edge = step
        path.append(edge)
    return tuple(reversed(path))


def _nearest_pair(
    chart: Chart, start: int, last: Mapping[Member, Goal], closed: Container[Hashable], wanted: set[Goal]
) -> Path | None:
    """Breadth first over configurations and the last transition of every member that has wanted pairs."""
    parts = {goal.part for goal in wanted}
    places = [place for place, part in enumerate(chart.system.parts) if part in parts]
    best: Path | None = None
    for place in places:
        path = _pair_of(chart, start, last, closed, wanted, place, None if best is None else len(best.edges))
        if path is not None and (best is None or len(path.edges) < len(best.edges)):
            best = path
    return best


State = tuple[int, tuple[tuple[Member, Goal], ...]]


def _pair_of(
    chart: Chart,
    start: int,
    last: Mapping[Member, Goal],
    closed: Container[Hashable],
    wanted: set[Goal],
    place: int,
    limit: int | None,
) -> Path | None:
    first: State = (start, _in_order({one: goal for one, goal in last.items() if one[0] == place}))
    parents: dict[State, tuple[State, Edge] | None] = {first: None}
    depth = {first: 0}
    queue = deque([first])
    while queue:
        here = queue.popleft()
        if limit is not None and depth[here] + 1 >= limit:
            return None
        lasts = dict(here[1])
        for edge in chart.edges[here[0]]:
            if edge.sort in closed:
                continue
            if not any(one.is_move and one.place == place for one in edge.taken):
                after = (edge.after, here[1])
                if after not in parents:
                    parents[after] = (here, edge)
                    depth[after] = depth[here] + 1
                    queue.append(after)
                continue
            now = dict(lasts)
            is_met: Goal | None = None
            for one in edge.taken:
                member = (one.place, one.key)
                if one.is_move and one.place == place:
                    if member in now and pair(now[member], one.goal) in wanted:
                        is_met = is_met or pair(now[member], one.goal)
                    now[member] = one.goal
            if is_met is not None:
                return Path((*_back(parents, here), edge), is_met)
            after = (edge.after, _in_order(now))
            if after not in parents:
                parents[after] = (here, edge)
                depth[after] = depth[here] + 1
                queue.append(after)
    return None


def _in_order(last: Mapping[Member, Goal]) -> tuple[tuple[Member, Goal], ...]:
    return tuple(sorted(last.items(), key=lambda one: str(one[0]))) if len(last) > 1 else tuple(last.items())
