"""What may have been there before the first record: every configuration that is reachable, members left open.

Which members can stand beside which function is found by exploring one family at a time with a single member in it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, replace
from statemodel.model.data import CONTENT, REFERENCE, alternatives
from statemodel.model.graph import ABSENT, TransitionGraph
from statemodel.semantics import System, answers, hidden, initial, prepare
from statemodel.unfold import Scope, begun, calls, is_within

Shape = tuple[str, tuple[Any, ...]]
SCOPE = Scope(1, (0,), ("x",))


def shape(member: Member) -> Shape:
    """State and data of a member, content only as there or not, references left out."""
    if member.data is None:
        return member.state, ()
    values = tuple(
        getattr(member.data, one.name) is None if CONTENT in one.metadata else getattr(member.data, one.name)
        for one in attrs.fields(type(member.data))
        if REFERENCE not in one.metadata
    )
    return member.state, values


class Unknown:
    """Everything that may be there before the first record of a history.

    Attributes:
        system: the model.
        singles: positions of the parts of which there is one.
        families: positions of the others.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.singles = tuple(place for place, graph in enumerate(system.service.parts) if graph.many is None)
        self.families = tuple(place for place, graph in enumerate(system.service.parts) if graph.many is not None)

    @cached_property
    def _beside(self) -> dict[tuple[int, tuple[Shape, ...]], frozenset[Shape]]:
        """Shapes of members by family and by everything there is one of."""
        return {key: shapes for place in self.families for key, shapes in self._explore(place)}

    def _explore(self, place: int) -> Iterator[tuple[tuple[int, tuple[Shape, ...]], frozenset[Shape]]]:
        service = self.system.service
        names = [service.parts[one].part for one in (*self.singles, place)]
        found: dict[tuple[Shape, ...], set[Shape]] = {}
        for configuration in _reachable(prepare(service.restricted(*names))):
            core = tuple(shape(slot) for slot in configuration if isinstance(slot, Member))
            family = next(slot for slot in configuration if isinstance(slot, Family))
            found.setdefault(core, set()).update(shape(member) for _, member in family.members)
        for core, shapes in found.items():
            yield (place, core), frozenset(shapes)

    def core(self, configuration: Configuration) -> tuple[Shape, ...]:
        """Shapes of the parts of which there is one."""
        return tuple(shape(configuration[place]) for place in self.singles)  # type: ignore[arg-type]

    def shapes(self, configuration: Configuration, place: int) -> frozenset[Shape]:
        """Shapes that a member of a family may have beside the rest of a configuration."""
        return self._beside.get((place, self.core(configuration)), frozenset())

    def members(self, configuration: Configuration, place: int, fresh: int) -> Iterator[Member]:
        """Every member nobody has seen that may stand in a family; unseen content is numbered from `fresh` down."""
        graph = self.system.graph(place)
        wanted = self.shapes(configuration, place)
        names = self._names(graph, configuration)
        for state in graph.states:
            if state.name != ABSENT:
                for data in alternatives(graph.data, names, fresh):
                    member = Member(state.name, data)
                    if shape(member) in wanted:
                        yield member
                    else:
                        bare = _without_content(member)
                        if bare is not None and shape(bare) in wanted:
                            yield bare

    def _names(self, graph: TransitionGraph, configuration: Configuration) -> dict[str, tuple[Any, ...]]:
        names: dict[str, tuple[Any, ...]] = {}
        for place in self.families:
            other = self.system.graph(place)
            if other is not graph:
                family = configuration[place]
                assert isinstance(family, Family)
                names[other.part] = (*(key for key, _ in family.present()), unlisted(configuration, place))
        for part in referred(graph):
            names.setdefault(part, (unlisted(configuration, None),))
        return names

    @cached_property
    def start(self) -> frozenset[Configuration]:
        """Every configuration that may be there, families open where they can have members."""
        found: set[Configuration] = set()
        names = [self.system.parts[place] for place in self.singles]
        if not self.singles:
            return frozenset({self._opened(initial(self.system))})
        for small in _reachable(prepare(self.system.service.restricted(*names))):
            whole = list(initial(self.system))
            fresh = -1
            for place, slot in zip(self.singles, small, strict=True):
                assert isinstance(slot, Member)
                for member in _unseen(slot, fresh):
                    whole[place] = member
                fresh -= 4
            found.add(self._opened(tuple(whole)))
        return frozenset(found)

    def _opened(self, configuration: Configuration) -> Configuration:
        for place in self.families:
            is_open = bool(self.shapes(configuration, place))
            configuration = replace(configuration, place, Family((), 0, None, is_open))
        return configuration


def referred(graph: TransitionGraph) -> tuple[str, ...]:
    """The parts whose members a graph's data may name."""
    if graph.data is None:
        return ()
    return tuple(
        dict.fromkeys(one.metadata[REFERENCE][0] for one in attrs.fields(graph.data) if REFERENCE in one.metadata)
    )


def unlisted(configuration: Configuration, place: int | None) -> int:
    """A negative number that stands for a member nobody has seen, not in use anywhere."""
    lowest = 0
    for position, slot in enumerate(configuration):
        members = slot.members if isinstance(slot, Family) else ()
        if position == place:
            lowest = min([lowest, *(key for key, _ in members if isinstance(key, int))])
        for _, member in members:
            if member.data is not None:
                for one in attrs.fields(type(member.data)):
                    value = getattr(member.data, one.name)
                    if REFERENCE in one.metadata and isinstance(value, int):
                        lowest = min(lowest, value)
    return lowest - 1


def _unseen(member: Member, fresh: int) -> Iterator[Member]:
    if member.data is None:
        yield member
        return
    changes: dict[str, Any] = {}
    for one in attrs.fields(type(member.data)):
        if CONTENT in one.metadata and getattr(member.data, one.name) is not None:
            changes[one.name] = fresh
            fresh -= 1
    yield Member(member.state, attrs.evolve(member.data, **changes))


def _without_content(member: Member) -> Member | None:
    if member.data is None:
        return None
    gone = {one.name: None for one in attrs.fields(type(member.data)) if CONTENT in one.metadata}
    return Member(member.state, attrs.evolve(member.data, **gone)) if gone else None


def _reachable(system: System) -> list[Configuration]:
    made = [one for operation, _, one in calls(system, SCOPE) if operation.action.value == "call"]
    found = {begun(system, SCOPE): None}
    queue = list(found)
    while queue:
        here = queue.pop()
        afters = [step.after for one in made for step in answers(system, here, one)]
        afters.extend(move.after for move in hidden(system, here))
        for after in afters:
            if after not in found and is_within(after, SCOPE):
                found[after] = None
                queue.append(after)
    return list(found)
