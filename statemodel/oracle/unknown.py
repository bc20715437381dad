"""What may have been there before the first record: every configuration that is reachable, members left open.

Which members can stand beside which function is found by exploring one family at a time with a single member in it.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, replace
from statemodel.model.data import CONTENT, REFERENCE, Key, alternatives, references
from statemodel.model.graph import ABSENT, THERE, Event, Named, Query, Transition, TransitionGraph
from statemodel.oracle.cover import free_parts
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


@attrs.frozen
class Beside:
    """What may stand in a family beside the parts of which there is one.

    Attributes:
        shapes: shapes that members may have.
        low: the least number that may have been given out last.
        always: names that are there in any case.
    """

    shapes: frozenset[Shape] = frozenset()
    low: int = 0
    always: tuple[str, ...] = ()


class Unknown:
    """Everything that may be there before the first record of a history.

    Attributes:
        system: the model.
        singles: positions of the parts of which there is one.
        free: those of them that may be in any state at any moment, so that nothing depends on them.
        families: positions of the others.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.singles = tuple(place for place, graph in enumerate(system.service.parts) if graph.many is None)
        self.free = free_parts(system)
        self._bound = tuple(system.parts[place] for place in self.singles if place not in self.free)
        self.families = tuple(place for place, graph in enumerate(system.service.parts) if graph.many is not None)

    @cached_property
    def _beside(self) -> dict[tuple[int, tuple[Shape, ...]], Beside]:
        """What may stand in a family, by family and by everything there is one of."""
        return {key: beside for place in self.families for key, beside in self._explore(place)}

    def _explore(self, place: int) -> Iterator[tuple[tuple[int, tuple[Shape, ...]], Beside]]:
        service = self.system.service
        names = [*self._bound, self.system.parts[place]]
        many = service.parts[place].many
        first = many.first if isinstance(many, Named) and self.stays[place] else ()
        found: dict[tuple[Shape, ...], tuple[set[Shape], set[int], set[str]]] = {}
        for configuration in _reachable(prepare(service.restricted(*names))):
            core = tuple(shape(slot) for slot in configuration if isinstance(slot, Member))
            family = next(slot for slot in configuration if isinstance(slot, Family))
            shapes, lows, always = found.setdefault(core, (set(), set(), set(first)))
            shapes.update(shape(member) for _, member in family.members)
            lows.add(family.low)
            always.intersection_update({name for name, member in family.members if member.state != ABSENT})
        for core, (shapes, lows, always) in found.items():
            yield (place, core), Beside(frozenset(shapes), min(lows), tuple(sorted(always)))

    def core(self, configuration: Configuration) -> tuple[Shape, ...]:
        """Shapes of the parts of which there is one and that others depend on."""
        return tuple(shape(configuration[place]) for place in self.singles if place not in self.free)  # type: ignore[arg-type]

    def shapes(self, configuration: Configuration, place: int) -> frozenset[Shape]:
        """Shapes that a member of a family may have beside the rest of a configuration."""
        return self.beside(configuration, place).shapes

    def beside(self, configuration: Configuration, place: int) -> Beside:
        """What may stand in a family beside the rest of a configuration."""
        return self._beside.get((place, self.core(configuration)), Beside())

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
                names[other.part] = (*self.nameable(configuration, place), unlisted(configuration, place))
        for part in referred(graph):
            names.setdefault(part, (unlisted(configuration, None),))
        return names

    def nameable(self, configuration: Configuration, place: int) -> Iterator[Key]:
        """Members of a family that data nobody has seen may name: not those that have come since."""
        family = configuration[place]
        assert isinstance(family, Family)
        for key, member in family.members:
            is_new = family.since is not None and isinstance(key, int) and key >= family.since
            if not is_new and (member.state != ABSENT or self.dangles[place]):
                yield key

    def _is_led_by_one(self, event: str) -> bool:
        leaders = self.system.leaders[event]
        return bool(leaders) and all(place in self.singles for place in leaders)

    @cached_property
    def dangles(self) -> dict[int, bool]:
        """By family, whether data may name a member of it that is gone."""
        return {place: self._dangles(place) for place in self.families}

    @cached_property
    def stays(self) -> dict[int, bool]:
        """By family, whether a member only goes by a call that names it, or with all others."""
        return {place: self._stays(place) for place in self.families}

    def _stays(self, place: int) -> bool:
        return all(
            place in self.system.ends[row.event.name] and self._is_led_by_one(row.event.name)
            for row in self.system.graph(place).rows
            if isinstance(row.event, Event) and isinstance(row, Transition) and row.target == ABSENT
        )

    def _dangles(self, place: int) -> bool:
        service = self.system.service
        part = self.system.parts[place]
        naming = [graph.part for graph in service.parts if part in referred(graph)]
        if not naming:
            return False
        small = prepare(service.restricted(*self._bound, part, *naming))
        position = small.parts.index(part)
        return any(_names_absent(configuration, position, part) for configuration in _reachable(small))

    @cached_property
    def start(self) -> frozenset[Configuration]:
        """Every configuration that may be there, families open where they can have members."""
        found: set[Configuration] = set()
        bound = [place for place in self.singles if place not in self.free]
        smalls = list(_reachable(prepare(self.system.service.restricted(*self._bound)))) if bound else [()]
        free = [[(place, Member(state.name)) for state in self.system.graph(place).states] for place in self.free]
        for small in smalls:
            whole = list(initial(self.system))
            fresh = -1
            for place, slot in zip(bound, small, strict=True):
                assert isinstance(slot, Member)
                for member in _unseen(slot, fresh):
                    whole[place] = member
                fresh -= 4
            for chosen in product(*free):
                for place, member in chosen:
                    whole[place] = member
                found.add(self._opened(tuple(whole)))
        return frozenset(found)

    def _opened(self, configuration: Configuration) -> Configuration:
        for place in self.families:
            configuration = replace(configuration, place, self.opened(configuration, place))
        return configuration

    def opened(self, configuration: Configuration, place: int) -> Family:
        """A family of which nothing is known but what it stands beside."""
        beside = self.beside(configuration, place)
        facts = frozenset((there(name), True) for name in beside.always)
        return Family((), beside.low, None, bool(beside.shapes), facts)


def referred(graph: TransitionGraph) -> tuple[str, ...]:
    """The parts whose members a graph's data may name."""
    if graph.data is None:
        return ()
    return tuple(
        dict.fromkeys(one.metadata[REFERENCE][0] for one in attrs.fields(graph.data) if REFERENCE in one.metadata)
    )


def there(key: Key) -> Query:
    """The question whether there is a member under a key."""
    return Query(THERE, key, _is_there)


def _is_there(key: Any, member: Any, about: Any) -> bool:
    return bool(key == about and member.state != ABSENT)


def _names_absent(configuration: Configuration, position: int, part: str) -> bool:
    family = configuration[position]
    assert isinstance(family, Family)
    there = {key for key, _ in family.members}
    return any(
        isinstance(name, int) and name not in there
        for slot in configuration
        for _, member in (slot.members if isinstance(slot, Family) else ())
        for name in references(member.data, part)
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


def _reachable(system: System) -> Iterator[Configuration]:
    """Every configuration that can be reached within a small scope, as it is found."""
    made = [one for operation, _, one in calls(system, SCOPE) if operation.action.value == "call"]
    found = {begun(system, SCOPE)}
    queue = list(found)
    while queue:
        here = queue.pop()
        yield here
        afters = [step.after for one in made for step in answers(system, here, one)]
        afters.extend(move.after for move in hidden(system, here))
        for after in afters:
            if after not in found and is_within(after, SCOPE):
                found.add(after)
                queue.append(after)
