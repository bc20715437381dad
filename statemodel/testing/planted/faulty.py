"""A fake service with one fault: rows of its own, or somebody who meddles with its calls. Judges nothing."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from statemodel.configuration import Family, Member
from statemodel.model.data import CONTENT, REFERENCE, Key, references, spell
from statemodel.model.graph import Initiator, Named, Numbered
from statemodel.model.operation import Action, Operation, Subject
from statemodel.semantics import System, is_born_unseen
from statemodel.simulator import FakeService, Simulator, World
from statemodel.simulator.requests import identity
from statemodel.simulator.world import Due, Identity, fingerprint

CRASHED: Final = "Crashed"
CHANCES: Final = 2
STEERS: Final = 2
Answer = dict[str, Any]
Memory = Any


class Meddler:
    """What a service may do wrong that no row says; as it stands it does nothing wrong.

    Every method gets what it remembers and gives what it remembers from then on: None at first, and always hashable.
    """

    def called(self, service: FakeService, memory: Memory, op: str, args: Mapping[str, Any]) -> tuple[Answer, Memory]:
        """Answer a call."""
        answer = service.call(op, args)
        return answer, self.moved(service, memory)

    def happened(self, service: FakeService, memory: Memory, event: str) -> tuple[bool, Memory]:
        """Let a move of the environment happen."""
        did = service.happen(event)
        return did, self.moved(service, memory)

    def moved(self, service: FakeService, memory: Memory) -> Memory:  # noqa: ARG002
        """Something may have moved."""
        return memory


class Faulty:
    """A fake service that somebody may meddle with; its chance comes round again, so that its states are few.

    Args:
        simulator: what it is made of.
        meddler: who meddles with it.
    """

    def __init__(self, simulator: Simulator, meddler: Meddler | None = None) -> None:
        self.service = FakeService(simulator)
        self.meddler = meddler or Meddler()
        self.memory: Memory = None
        self.abilities = self.service.abilities

    def reset(self) -> None:
        """Forget everything."""
        self.service.reset()
        self.memory = None

    def call(self, op: str, args: Mapping[str, Any]) -> Answer:
        """The answer to a call; a service that falls over refuses it."""
        world = self.service.world
        try:
            answer, self.memory = self.meddler.called(self.service, self.memory, op, args)
        except Exception:  # noqa: BLE001 - with rows of its own it may do anything
            self.service.world = world
            return {"error": CRASHED}
        self._turned()
        return answer

    def advance(self, seconds: float) -> None:
        """Let some seconds pass; a service that falls over stands still."""
        try:
            self.service.advance(seconds)
        except Exception:  # noqa: BLE001 - as above
            return
        self.memory = self.meddler.moved(self.service, self.memory)
        self._turned()

    def outcome(self, event: str) -> bool:
        """Have the next hidden move that can be this event be it."""
        steers = self.service.world.steers
        did = self.service.outcome(event)
        if steers.count(event) >= STEERS:
            self.service.world = attrs.evolve(self.service.world, steers=steers)
        return did

    def happen(self, event: str) -> bool:
        """Have a move of the environment happen now."""
        did, self.memory = self.meddler.happened(self.service, self.memory, event)
        self._turned()
        return did

    def _turned(self) -> None:
        world = self.service.world
        if world.decisions >= CHANCES:
            self.service.world = attrs.evolve(world, decisions=world.decisions % CHANCES)

    def fingerprint(self) -> tuple[Any, ...]:
        """What its future depends on, chance included."""
        world, system = self.service.world, self.service.simulator.system
        *told, last = fingerprint(world, system)
        return (*told, last if _is_last_told(system) else None, world.decisions, self.memory)

    def copy(self) -> "Faulty":
        """Another one in the same world."""
        other = Faulty.__new__(Faulty)
        other.service = self.service.copy()
        other.meddler, other.memory, other.abilities = self.meddler, self.memory, self.abilities
        return other


def _is_last_told(system: System) -> bool:
    """Whether it matters to what comes which resource was spoken of last: a move of the environment may befall it."""
    led = [
        system.graph(place)
        for event in system.events
        if event.initiator is Initiator.ENVIRONMENT
        for place in system.leaders[event.name]
    ]
    return any(graph.many is not None for graph in led) or any(is_born_unseen(one) for one in system.service.parts)


# ------------------------------------------------------------------------------------------------- what may go wrong


@attrs.frozen
class Leaks(Meddler):
    """An accepted call is done to every other resource as well."""

    operation: str

    def called(self, service: FakeService, memory: Memory, op: str, args: Mapping[str, Any]) -> tuple[Answer, Memory]:
        """Answer a call, and do it to the others."""
        answer = service.call(op, args)
        operation = service.simulator.system.operations[op]
        if op == self.operation and "result" in answer:
            here = identity(service.simulator.system, operation, args)
            for owner, _ in service.world.resources:
                if owner not in (here, ()):
                    service.call(op, {**args, **dict(owner)})
        return answer, memory


@attrs.frozen
class Follows(Meddler):
    """Members of a family serve what the resource serves now."""

    part: str

    def moved(self, service: FakeService, memory: Memory) -> Memory:
        """Every member takes the content of the resource."""
        system = service.simulator.system
        place = system.parts.index(self.part)
        resources = []
        for owner, configuration in service.world.resources:
            content = next(
                (found for slot in configuration if isinstance(slot, Member) and (found := _content(slot)) is not None),
                None,
            )
            family = configuration[place]
            assert isinstance(family, Family)
            if content is not None:
                members = tuple((key, _serving(one, content)) for key, one in family.members)
                family = attrs.evolve(family, members=members)
            resources.append((owner, (*configuration[:place], family, *configuration[place + 1 :])))
        service.world = attrs.evolve(service.world, resources=tuple(resources))
        return memory


def _content(member: Member) -> int | None:
    found: int | None = getattr(member.data, "content", None)
    return found


def _serving(member: Member, content: int) -> Member:
    if _content(member) is None:
        return member
    name = next(one.name for one in attrs.fields(type(member.data)) if CONTENT in one.metadata)
    return Member(member.state, attrs.evolve(member.data, **{name: content}))


@attrs.frozen
class Renumbers(Meddler):
    """A number is given out again once nobody has it."""

    part: str

    def moved(self, service: FakeService, memory: Memory) -> Memory:
        """The last number is that of the greatest that is there."""
        place = service.simulator.system.parts.index(self.part)
        resources = []
        for owner, configuration in service.world.resources:
            family = configuration[place]
            assert isinstance(family, Family)
            last = max((key for key, _ in family.members if isinstance(key, int)), default=0)
            changed = attrs.evolve(family, low=last, high=last)
            resources.append((owner, (*configuration[:place], changed, *configuration[place + 1 :])))
        service.world = attrs.evolve(service.world, resources=tuple(resources))
        return memory


@attrs.frozen
class Sticks(Meddler):
    """Whoever calls through a name is led to what it was bound to first."""

    part: str

    def called(self, service: FakeService, memory: Memory, op: str, args: Mapping[str, Any]) -> tuple[Answer, Memory]:
        """Answer a call, by another name where it goes through one that has been moved."""
        system = service.simulator.system
        operation = system.operations[op]
        here = identity(system, operation, args)
        first = {(owner, name): led for owner, name, led in memory or ()}
        given = dict(args)
        for parameter in operation.parameters:
            led = first.get((here, str(args.get(parameter.name))))
            if parameter.subject is Subject.QUALIFIER and led is not None and _serves(operation):
                given[parameter.name] = led
        answer = service.call(op, given)
        return answer, self.moved(service, memory)

    def moved(self, service: FakeService, memory: Memory) -> Memory:
        """Remember what every name was bound to first."""
        system = service.simulator.system
        place = system.parts.index(self.part)
        other = next(graph.part for graph in system.service.parts if isinstance(graph.many, Numbered))
        first = {(owner, name): led for owner, name, led in memory or ()}
        found = []
        for owner, configuration in service.world.resources:
            family = configuration[place]
            assert isinstance(family, Family)
            for name, member in family.present():
                led = next((spell(one) for one in references(member.data, other) if one is not None), None)
                found.append((owner, name, first.get((owner, name), led)))
        return tuple(found)


def _serves(operation: Operation) -> bool:
    return operation.action is Action.READ and any(field.name == "content" for field in operation.fields)


@attrs.frozen
class Lists(Meddler):
    """A list leaves its last entry out, or shows its first one twice."""

    operation: str
    is_double: bool

    def called(self, service: FakeService, memory: Memory, op: str, args: Mapping[str, Any]) -> tuple[Answer, Memory]:
        """Answer a call, with another list."""
        answer = service.call(op, args)
        listing = service.simulator.system.operations[op].listing
        if op == self.operation and listing is not None and (entries := answer.get("result", {}).get(listing.name)):
            real = [one for one in entries if one[listing.key] not in listing.besides]
            if real:
                place = entries.index(real[-1])
                entries[place : place + 1] = [real[-1]] * 2 if self.is_double else []
                if listing.total:
                    answer["result"][listing.total] += 1 if self.is_double else -1
        return answer, memory


Lost = tuple[Identity | None, int, Key | None, str]


@attrs.frozen
class Loses(Meddler):
    """A move of the environment makes the service forget what it had begun."""

    event: str

    def happened(self, service: FakeService, memory: Memory, event: str) -> tuple[bool, Memory]:
        """Let a move happen, and forget what is due."""
        did = service.happen(event)
        if did and event == self.event:
            memory = tuple(dict.fromkeys((*(memory or ()), *map(_lost, service.world.due))))
        return did, self.moved(service, memory)

    def moved(self, service: FakeService, memory: Memory) -> Memory:
        """What was forgotten is not due, as long as nobody moves it."""
        world: World = service.world
        lost = tuple(one for one in memory or () if one in {_lost(due) for due in world.due} or _is_there(world, one))
        if lost:
            service.world = attrs.evolve(world, due=tuple(due for due in world.due if _lost(due) not in lost))
        return lost or None


def _lost(due: Due) -> Lost:
    return (*due.place, due.state)


def _is_there(world: World, lost: Lost) -> bool:
    owner, place, key, state = lost
    configuration = dict(world.resources).get(owner) if owner is not None else None
    slot = None if configuration is None else configuration[place]
    member = slot.get(key) if isinstance(slot, Family) and key is not None else slot
    return isinstance(member, Member) and member.state == state


def families(system: System, sort: type[Named] | type[Numbered]) -> list[str]:
    """Names of the parts with many members of a sort."""
    return [graph.part for graph in system.service.parts if isinstance(graph.many, sort)]


def references_of(system: System, part: str, other: str) -> bool:
    """Whether members of a part name members of another."""
    place = system.service.index(part)
    data = None if place is None else system.graph(place).data
    return data is not None and any(one.metadata.get(REFERENCE, ("",))[0] == other for one in attrs.fields(data))
