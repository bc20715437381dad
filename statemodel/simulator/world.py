"""The world of a fake service as a value, and as what one turn works on. Must not know what moves or answers."""

from collections.abc import Iterable
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, Slot, held, renamed, replace
from statemodel.model.data import Key, contents
from statemodel.model.graph import ABSENT
from statemodel.semantics import System, initial
from statemodel.simulator.chance import Chance

Identity = tuple[tuple[str, str], ...]
NOBODY: Identity = ()


@attrs.frozen(cache_hash=True)
class Due:
    """A move of the service that is to come.

    Attributes:
        at: when, by the clock of the world.
        owner: whose it is; None for what all resources share.
        position, key: the member that moves.
        state: the state it moves from; once it has left that, nothing is due any more.
    """

    at: float
    owner: Identity | None
    position: int
    key: Key | None
    state: str

    @property
    def place(self) -> tuple[Identity | None, int, Key | None]:
        """What tells it from others."""
        return self.owner, self.position, self.key


@attrs.frozen(cache_hash=True)
class World:
    """Everything a fake service remembers.

    Attributes:
        clock: seconds since the beginning.
        resources: identity and configuration of each resource that somebody touched, sorted.
        shared: the slots that all resources share, by position.
        due: moves of the service that are to come, the next one first.
        steers: events that are to happen when they can, the latest last.
        contents: name of each content by its symbol.
        decisions: how many choices were made by chance.
        last: the resource that the last call spoke of, and the names in it that no call creates.
    """

    clock: float = 0.0
    resources: tuple[tuple[Identity, Configuration], ...] = ()
    shared: tuple[tuple[int, Slot], ...] = ()
    due: tuple[Due, ...] = ()
    steers: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    decisions: int = 0
    last: tuple[Identity, tuple[tuple[str, Key], ...]] | None = None


def begin(system: System) -> World:
    """The world before anybody touched anything."""
    shared = [place for place, graph in enumerate(system.service.parts) if graph.is_shared]
    blank = initial(system)
    return World(shared=tuple((place, blank[place]) for place in shared))


def urgency(due: Due) -> tuple[Any, ...]:
    """Sorting key: what comes first, then whose it is."""
    return due.at, due.owner or (), due.position, isinstance(due.key, str), due.key or 0


class Turn:
    """A world being worked on, from one value of it to the next."""

    def __init__(self, system: System, seed: int, world: World) -> None:
        self.system = system
        self.clock = world.clock
        self.resources = dict(world.resources)
        self.shared = dict(world.shared)
        self.due = {due.place: due for due in world.due}
        self.steers = list(world.steers)
        self.contents = list(world.contents)
        self.chance = Chance(seed, world.decisions)
        self.last = world.last

    def world(self) -> World:
        """The value it has come to."""
        return World(
            self.clock,
            tuple(sorted(self.resources.items())) if len(self.resources) > 1 else tuple(self.resources.items()),
            tuple(self.shared.items()),
            tuple(sorted(self.due.values(), key=urgency)),
            tuple(self.steers),
            tuple(self.contents),
            self.chance.decisions,
            self.last,
        )

    # --------------------------------------------------------------------------------------------- configurations

    def blank(self) -> Configuration:
        """The configuration of a resource that nobody has touched: whoever was not seen is not there."""
        slots = [
            attrs.evolve(slot, is_open=False, is_unborn=False) if isinstance(slot, Family) else slot
            for slot in initial(self.system)
        ]
        for place, slot in self.shared.items():
            slots[place] = slot
        return tuple(slots)

    def configuration(self, owner: Identity | None) -> Configuration:
        """The configuration of a resource; None: of one that nobody has touched."""
        found = None if owner is None else self.resources.get(owner)
        return self.blank() if found is None else found

    def put(self, owner: Identity, after: Configuration) -> Configuration:
        """Give a resource another configuration, with every content made certain; what is shared moves everywhere."""
        after = self.certain(after)
        changed = False
        for place, slot in self.shared.items():
            changed = changed or after[place] != slot
            self.shared[place] = after[place]
        if changed:
            for other, configuration in self.resources.items():
                for place, slot in self.shared.items():
                    configuration = replace(configuration, place, slot)  # noqa: PLW2901 - put back below
                self.resources[other] = configuration
        self.resources[owner] = after
        if after == self.blank():
            del self.resources[owner]
        return after

    def certain(self, configuration: Configuration) -> Configuration:
        """The configuration with a content of its own for each that nobody has named, and no absent members."""
        slots = [
            attrs.evolve(slot, members=present)
            if isinstance(slot, Family)
            and len(present := tuple(one for one in slot.members if one[1].state != ABSENT)) != len(slot.members)
            else slot
            for slot in configuration
        ]
        unseen = [symbol for symbol in held(configuration) if symbol < 0]
        tidied = tuple(slots)
        if not unseen:
            return tidied
        symbols: dict[int, int] = {}
        for symbol in unseen:
            symbols[symbol] = self.symbol(self.unnamed(), [*held(configuration), *symbols.values()])
        return renamed(tidied, symbols, {}, self.system.parts)

    # --------------------------------------------------------------------------------------------- content

    def symbol(self, name: str, besides: Iterable[int] = ()) -> int:
        """The symbol of a content, the lowest that is free where it has none."""
        if name in self.contents:
            return self.contents.index(name)
        taken = {one for configuration in self.resources.values() for one in held(configuration)} | set(besides)
        symbol = next(number for number in range(len(taken) + 1) if number not in taken)
        self.contents[symbol : symbol + 1] = [name]
        return symbol

    def unnamed(self) -> str:
        """A name for content that nobody has named."""
        return next(
            name for number in range(1, len(self.contents) + 2) if (name := f"unnamed-{number}") not in self.contents
        )

    def served(self, owner: Identity) -> int | None:
        """The content a resource holds, or None."""
        for slot in self.configuration(owner):
            if isinstance(slot, Member) and (found := contents(slot.data)):
                return found[0]
        return None


def fingerprint(world: World, system: System) -> tuple[Any, ...]:
    """The world without what does not matter to it: times relative to its clock, contents by name.

    Worlds with the same fingerprint allow the same; what is left to chance may be chosen otherwise.
    """
    symbols = {one for _, configuration in world.resources for one in held(configuration)}
    names = sorted(world.contents[symbol] for symbol in symbols)
    canonical = {symbol: names.index(world.contents[symbol]) for symbol in symbols}
    return (
        tuple(names),
        tuple((owner, renamed(one, canonical, {}, system.parts)) for owner, one in world.resources),
        world.shared,
        tuple(attrs.evolve(due, at=due.at - world.clock) for due in world.due),
        world.steers,
        world.last,
    )
