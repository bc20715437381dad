"""Which charts a client is walked over, one after the other: small ones, each of which leaves something out."""

from collections.abc import Callable, Iterator

import attrs

from statemodel.coverage.chart import ONE, Chart
from statemodel.coverage.goals import Goal
from statemodel.coverage.sent import sendable
from statemodel.model.graph import Event, Named
from statemodel.model.operation import Subject
from statemodel.semantics import System


@attrs.frozen
class Stage:
    """One chart and what to cover of it.

    Attributes:
        name: for people.
        chart: the map.
        goals: what to go for.
        share: of the calls that a run can spend on one stage.
        has_late: whether effects are looked for that show late.
    """

    name: str
    chart: Chart
    goals: tuple[Goal, ...]
    share: float = 1.0
    has_late: bool = False


def stages(
    system: System, abilities: frozenset[str], takes_shares: Callable[[], bool] = lambda: False
) -> Iterator[Stage | int]:
    """The charts for a client of these abilities; `takes_shares` is asked when a second version may have a share.

    The first has one version and nothing of what all resources share, such as billing; the next has that, and nothing
    that fails; then come two versions without names, with one that callers choose and with those that
    the model brings, where nothing fails. Transitions are then taken
    again while other members are in each of their states.

    Yields:
        The stages, and before each how many configurations its chart has so far, again and again, so that it can be
        drawn while something else is waited for.
    """
    takes = sendable(abilities)
    known = frozenset(name for name in system.operations if name in abilities)
    has_environment = "environment" in abilities
    shared = frozenset(
        event.name
        for event in system.events
        if any(system.graph(place).is_shared for place in system.leaders[event.name])
    )

    def is_own(event: Event) -> bool:
        return has_environment and not is_shared(event)

    def is_shared(event: Event) -> bool:
        return event.name in shared

    first = Chart(system, known, takes, has_environment=is_own)
    yield from first.draw()
    has_families = any(graph.many is not None for graph in system.service.parts)
    yield Stage("cover", first, first.goals, 1.05, has_late=not has_families)
    if has_environment and shared:
        fair = Chart(system, known, takes, has_environment=is_shared, is_fair=True)
        yield from fair.draw()
        yield Stage("account", fair, fair.goals, 0.4)
    unnamed = frozenset(
        name for name in known if all(one.subject is not Subject.ALIAS for one in system.operations[name].parameters)
    )
    two = attrs.evolve(ONE, versions=2)
    if has_families:
        second = Chart(system, unnamed, takes, has_environment=is_own, scope=two)
        yield from second.draw()
        yield Stage("versions", second, second.contexts(), 0.65, has_late=True)
    if unnamed != known:
        has_shares = "parameters" in abilities and takes_shares()
        for name, names, share in (("names", ONE.names, 0.5), ("first names", _brought(system), 0.25)):
            scope = attrs.evolve(two, names=names, has_shares=has_shares)
            if names:
                named = Chart(system, known, takes, has_environment=lambda _: False, is_fair=True, scope=scope)
                yield from named.draw()
                yield Stage(name, named, named.contexts(), share)
    yield Stage("contexts", first, first.contexts(), 0.2)


def _brought(system: System) -> tuple[str, ...]:
    """Names that a model brings."""
    return tuple(
        name for graph in system.service.parts if isinstance(graph.many, Named) for name in graph.many.first
    )
