"""A fake service whose every call is written down as a history that `check` reads. Knows no wire format."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from statemodel.model.operation import Operation
from statemodel.semantics import Refused, answers
from statemodel.simulator import FakeService, World
from statemodel.simulator.requests import SOURCE, TARGET, bound, identity, is_on_two, naming, of_target
from statemodel.simulator.world import NOBODY, Identity, Turn

Record = dict[str, Any]


class Recorder:
    """An adapter of a fake service, which remembers what was done since the last reset.

    Attributes:
        service: what answers.
        codes: codes that reach no client as they stand, and what is answered and written down instead.
        records: one for each resource that a call or event speaks of, in order, with the service's clock under "at".
    """

    def __init__(self, service: FakeService, codes: Mapping[str, str] = MappingProxyType({})) -> None:
        self.service = service
        self.codes = codes
        self.records: list[Record] = []
        self._known: dict[str, Identity] = {}
        self._shared: list[Record] = []

    @property
    def abilities(self) -> tuple[str, ...]:
        """Those of the service."""
        return self.service.abilities

    def reset(self) -> None:
        """Forget everything, the history too."""
        self.service.reset()
        self.records, self._known, self._shared = [], {}, []

    def call(self, op: str, args: Mapping[str, Any]) -> Record:
        """The answer to a call, `{"result": {...}}` or `{"error": code}`."""
        before = self.service.world
        answer = self.service.call(op, args)
        if "error" in answer:
            answer = {"error": self.codes.get(answer["error"], answer["error"])}
        operation = self.service.simulator.system.operations[op]
        for resource, owner, role in self._concerned(operation, args, before, answer):
            self._follow(resource, owner)
            self._note({"resource": resource, "op": op, "args": dict(args), **role, **answer})
        return answer

    def advance(self, seconds: float) -> None:
        """Let some seconds pass."""
        self.service.advance(seconds)

    def outcome(self, event: str) -> bool:
        """Have the next hidden move that can be this event be it; False where there is no such event."""
        return self.service.outcome(event)

    def happen(self, event: str) -> bool:
        """Have a move of the environment happen now; False where it cannot."""
        before = self.service.world
        if not self.service.happen(event):
            return False
        after = self.service.world
        if before.shared != after.shared:
            self._shared.append({"event": event, "at": after.clock})
            touched = list(self._known)
        else:
            old = dict(before.resources)
            moved = {owner for owner, one in after.resources if old.get(owner) != one}
            touched = [name for name, owner in self._known.items() if owner in moved]
        for resource in touched:
            self._note({"resource": resource, "event": event})
        return True

    def state(self) -> Record:
        """Where everything is now: the clock, what is steered, and each resource part by part."""
        world, system = self.service.world, self.service.simulator.system
        resources = {}
        for owner, configuration in world.resources:
            slots = zip(system.parts, configuration, strict=True)
            resources[self._name(owner)] = {part: _spelled(slot) for part, slot in slots}
        return {"clock": world.clock, "outcomes": list(world.steers), "resources": resources}

    def _concerned(
        self, operation: Operation, args: Mapping[str, Any], before: World, answer: Mapping[str, Any]
    ) -> Iterator[tuple[str, Identity, Record]]:
        """Each resource that a call speaks of: its name, who it is, and its side where there are two."""
        system = self.service.simulator.system
        owner = identity(system, operation, args)
        if operation.listing is not None and operation.listing.part is None:
            scope = {name: args.get(name) or default for name, default in naming(system) if operation.parameter(name)}
            for name, one in list(self._known.items()):
                if all(dict(one)[key] == value for key, value in scope.items()):
                    yield name, one, {}
        elif not is_on_two(operation):
            if owner != NOBODY:
                yield self._name(owner), owner, {}
        else:
            sides = ((SOURCE, owner, dict(args)), (TARGET, identity(system, operation, of_target(system, args)),
                                                   of_target(system, args)))  # fmt: skip
            for side, one, own in sides:
                if "result" in answer or self._can_refuse(operation, own, before, one, side, answer["error"]):
                    yield self._name(one), one, {"as": side}

    def _can_refuse(
        self, operation: Operation, args: Mapping[str, Any], before: World, owner: Identity, side: str, code: str
    ) -> bool:
        """Whether one side of a call on two could have refused it so."""
        simulator = self.service.simulator
        turn = Turn(simulator.system, simulator.seed, before)
        made = bound(turn, operation, {**args, "content": None}, owner, side)
        found = [step.answer for step in answers(simulator.system, turn.configuration(owner), made)]
        return any(isinstance(one, Refused) and (not one.codes or code in one.codes) for one in found)

    def _name(self, owner: Identity) -> str:
        """A resource in few words: what tells it from others, what is as usual left out."""
        usual = dict(naming(self.service.simulator.system))
        return "/".join(value for name, value in reversed(owner) if value != usual.get(name)) or "nobody"

    def _follow(self, resource: str, owner: Identity) -> None:
        if resource not in self._known:
            self._known[resource] = owner
            self.records.extend({"resource": resource, **one} for one in self._shared)

    def _note(self, record: Record) -> None:
        self.records.append({**record, "at": self.service.world.clock})


def _spelled(slot: Any) -> Any:
    if hasattr(slot, "members"):
        return {str(key): member.state for key, member in slot.members}
    return slot.state
