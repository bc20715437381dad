"""A fake service made from a model: pure, with a clock of its own, outcomes that can be steered, and seeded chance.

`Simulator` is pure: worlds in, worlds out. `FakeService` keeps one world and is what a client talks to.

>>> from statemodel.catalogue import SCF
>>> fake = FakeService(Simulator.of(SCF))
>>> fake.call("CreateFunction", {"FunctionName": "f", "content": "one"})
{'result': {}}
>>> fake.call("GetFunction", {"FunctionName": "f"})
{'result': {'Status': 'Creating', 'AvailableStatus': 'Available'}}
>>> fake.advance(5)
>>> fake.call("Invoke", {"FunctionName": "f"})
{'result': {'content': 'one'}}
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import attrs

from statemodel.configuration import Configuration
from statemodel.errors import UsageError
from statemodel.model.evidence import OPEN
from statemodel.model.operation import ANY, Operation
from statemodel.model.service import Model, as_service
from statemodel.semantics import Accepted, Refused, Step, System, View, answers, concerns, prepare
from statemodel.simulator import lists, moves, requests
from statemodel.simulator.chance import Chance
from statemodel.simulator.moves import Timing
from statemodel.simulator.world import NOBODY, Identity, Turn, World, begin, fingerprint

__all__ = ["ABILITIES", "UNDOCUMENTED", "FakeService", "Simulator", "Timing", "World"]

UNDOCUMENTED = "UndocumentedError"
ABILITIES = ("clock", "outcome", "environment", "content", "parameters", "paging", "publish")
Answer = dict[str, Any]
MOST_ODDS = 4


@attrs.frozen
class Simulator:
    """What a fake service is made of; each method takes a world and gives another.

    Attributes:
        system: the model, made ready.
        seed: tells apart services that differ in what the model leaves open.
        timing: how long the service takes, and whether it takes whatever way it likes.
        tick_s: seconds that pass at each call.
        throttled: share of the calls that are refused for their rate, from 0 to 1.
    """

    system: System
    seed: int = 0
    timing: Timing = attrs.field(factory=Timing)
    tick_s: float = attrs.field(default=0.0, kw_only=True)
    throttled: float = attrs.field(default=0.0, kw_only=True)

    @classmethod
    def of(
        cls,
        model: Model | System,
        *,
        seed: int = 0,
        is_adversarial: bool = False,
        delay_s: float = 5.0,
        delays_s: Mapping[str, float] | None = None,
        tick_s: float = 0.0,
        throttled: float = 0.0,
    ) -> "Simulator":
        """A simulator of a model.

        Args:
            model: a graph, a service, or one made ready; its options are kept.
            seed: fixes everything that the model leaves open.
            is_adversarial: whether open points stay open and are drawn anew each time, with times up to a minute, and
                moves that are not owed; else each is fixed once, and the first outcome that the model lists is taken.
            delay_s: seconds in a state that the service leaves by itself.
            delays_s: the same by state.
            tick_s: seconds that pass at each call, for clients without a clock.
            throttled: share of the calls that are refused for their rate.

        Raises:
            UsageError: a time or share that cannot be.
        """
        times = {"delay_s": delay_s, "tick_s": tick_s, **(delays_s or {})}
        for name, seconds in times.items():
            if not (isfinite(seconds) and seconds >= 0):
                raise UsageError(f"number of seconds for {name}", str(seconds), ("0 or more",))
        if not 0 <= throttled <= 1:
            raise UsageError("share of throttled calls", str(throttled), ("0 to 1",))
        service = model.service if isinstance(model, System) else as_service(model)
        if not is_adversarial:
            chance = Chance(seed)
            options = {}
            for policy in service.policies:
                chosen = {graph.chosen()[policy.name] for graph in service.parts if policy in graph.policies}
                if OPEN in chosen:
                    options[policy.name] = chance.pick(policy.options)
            service = service.with_policies(**options)
        system = prepare(service)
        if not is_adversarial:
            system = attrs.evolve(system, outside={})
        timing = Timing(delay_s, tuple(sorted((delays_s or {}).items())), is_adversarial)
        return cls(system, seed, timing, tick_s=tick_s, throttled=throttled)

    def start(self) -> World:
        """The world before anybody touched anything."""
        return begin(self.system)

    def call(self, world: World, name: str, args: Mapping[str, Any] | None = None) -> tuple[Answer, World]:
        """The answer to a call, `{"result": {...}}` or `{"error": code}`, and the world after it.

        Raises:
            UsageError: the model has no such operation.
        """
        operation = self.system.operations.get(name)
        if operation is None:
            raise UsageError("operation", name, tuple(self.system.operations))
        turn = Turn(self.system, self.seed, world)
        moves.advance(turn, self.tick_s, self.timing)
        if self._is_throttled(turn):
            return {"error": self._throttling()}, turn.world()
        answer = _Answering(turn, self.timing).answer(operation, args or {})
        moves.advance(turn, 0.0, self.timing)
        return answer, turn.world()

    def advance(self, world: World, seconds: float) -> World:
        """The world after some seconds, in which all that is due has happened in order.

        Raises:
            UsageError: time does not run so.
        """
        if isinstance(seconds, bool) or not (isinstance(seconds, int | float) and isfinite(seconds) and seconds >= 0):
            raise UsageError("number of seconds", str(seconds), ("0 or more",))
        turn = Turn(self.system, self.seed, world)
        moves.advance(turn, seconds, self.timing)
        return turn.world()

    def outcome(self, world: World, event: str) -> World | None:
        """The world in which the next hidden move that can be this event is; None where the service has no such."""
        turn = Turn(self.system, self.seed, world)
        return turn.world() if moves.steer(turn, event, self.timing) else None

    def happen(self, world: World, event: str) -> World | None:
        """The world after a move of the environment; None where it cannot happen now."""
        turn = Turn(self.system, self.seed, world)
        if not moves.happen(turn, event, self.timing):
            return None
        moves.advance(turn, 0.0, self.timing)
        return turn.world()

    def _is_throttled(self, turn: Turn) -> bool:
        return self.throttled > 0 and turn.chance.pick(range(1_000)) < self.throttled * 1_000

    def _throttling(self) -> str:
        codes = [code.rstrip("*") for code in self.system.service.skip_codes]
        return next((code for code in codes if "Limit" in code or "Throttl" in code), "RequestLimitExceeded")


class _Answering:
    """Answers one call within a turn."""

    def __init__(self, turn: Turn, timing: Timing) -> None:
        self.turn = turn
        self.timing = timing

    def answer(self, operation: Operation, args: Mapping[str, Any]) -> Answer:
        turn = self.turn
        owner = requests.identity(turn.system, operation, args)
        is_of_all = operation.listing is not None and operation.listing.part is None
        if owner == NOBODY and not is_of_all:
            owner = requests.holder(turn, operation, requests.bound(turn, operation, args, NOBODY))
        requests.adopt(turn, owner)
        self._hurry(owner)
        if requests.is_on_two(operation):
            return self._on_two(operation, args, owner)
        made = requests.bound(turn, operation, args, owner)
        before = turn.configuration(owner)
        if not is_of_all:
            looking = View(turn.system, before, dict(made.args), {})
            turn.last = owner, requests.named(operation, looking)
        step = self._chosen(answers(turn.system, before, made))
        if isinstance(step.answer, Refused):
            if step.after is not before:
                self._put(owner, step.after)
            return self._refused([step.answer])
        if not is_of_all and not concerns(turn.system, before, made):
            return {"result": {}}
        return self._accepted(operation, step, args, owner, is_of_all=is_of_all)

    def _chosen(self, steps: list[Step]) -> Step:
        """One way of those the model leaves: a concrete service accepts what only parts left out could refuse."""
        accepted = [step for step in steps if isinstance(step.answer, Accepted)]
        return self.turn.chance.pick(accepted if accepted and not self.timing.is_adversarial else steps)

    def _hurry(self, owner: Identity) -> None:
        """What is due of a resource may come at once, where the service does as it likes."""
        if self.timing.is_adversarial:
            for place, due in list(self.turn.due.items()):
                if due.owner in (owner, None) and self.turn.chance.pick(range(MOST_ODDS)) == 0:
                    self.turn.due[place] = attrs.evolve(due, at=self.turn.clock)
            moves.advance(self.turn, 0.0, self.timing)

    def _on_two(self, operation: Operation, args: Mapping[str, Any], source: Identity) -> Answer:
        """A call that speaks of two resources: both accept, or nothing moves."""
        turn = self.turn
        sent = _copied(turn, args, source)
        sent_to = requests.of_target(turn.system, sent)
        target = requests.identity(turn.system, operation, sent_to)
        self._hurry(target)
        chosen: list[Step] = []
        for owner, side, each in ((source, requests.SOURCE, sent), (target, requests.TARGET, sent_to)):
            made = requests.bound(turn, operation, each, owner, side)
            chosen.append(self._chosen(answers(turn.system, turn.configuration(owner), made)))
        turn.last = target, ()
        refused = [step.answer for step in chosen if isinstance(step.answer, Refused)]
        if refused:
            return self._refused(refused)
        if source != target:
            self._put(source, chosen[0].after)
        return self._accepted(operation, chosen[1], args, target, is_of_all=False)

    def _refused(self, refusals: list[Refused]) -> Answer:
        codes = self.turn.chance.pick(refusals).codes
        return {"error": self.turn.chance.pick(codes) if codes else UNDOCUMENTED}

    def _put(self, owner: Identity, after: Configuration) -> Configuration:
        before = dict(self.turn.shared)
        after = self.turn.put(owner, after)
        if before != self.turn.shared:
            moves.schedule_all(self.turn, self.timing)
        else:
            moves.schedule(self.turn, owner, self.timing)
        return after

    def _accepted(
        self, operation: Operation, step: Step, args: Mapping[str, Any], owner: Identity, *, is_of_all: bool
    ) -> Answer:
        turn = self.turn
        assert isinstance(step.answer, Accepted)
        after = step.after if is_of_all else self._put(owner, step.after)
        view = View(turn.system, after, step.answer.view.args, step.answer.view.target)
        shown = {field.name: value for field in operation.fields if (value := lists.pick(turn, field, view)) is not ANY}
        if operation.listing is not None:
            shown.update(lists.listed(turn, operation, view, requests.scope(turn.system, operation, args)))
        return {"result": _nested(shown)}


def _copied(turn: Turn, args: Mapping[str, Any], source: Identity) -> dict[str, Any]:
    """The arguments of a copy: it brings the content of its source."""
    symbol = turn.served(source)
    rest = {name: value for name, value in args.items() if name != "content"}
    return rest if symbol is None else {**rest, "content": turn.contents[symbol]}


def _nested(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names become nested objects."""
    whole: dict[str, Any] = {}
    for name, value in shown.items():
        *outer, last = name.split(".")
        place = whole
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = value
    return whole


class FakeService:
    """A fake service that a client talks to; it is an adapter of itself.

    Args:
        simulator: what it is made of.
        without: abilities it is to lack.
    """

    def __init__(self, simulator: Simulator, *, without: Iterable[str] = ()) -> None:
        self.simulator = simulator
        self.without = frozenset(without)
        known = (*simulator.system.operations, *ABILITIES)
        for name in sorted(self.without - set(known)):
            raise UsageError("ability", name, known)
        self.world = simulator.start()

    @property
    def abilities(self) -> tuple[str, ...]:
        """Every operation, and what can be done besides."""
        return tuple(name for name in (*self.simulator.system.operations, *ABILITIES) if name not in self.without)

    def reset(self) -> None:
        """Forget everything."""
        self.world = self.simulator.start()

    def call(self, op: str, args: Mapping[str, Any] | None = None) -> Answer:
        """The answer to a call, `{"result": {...}}` or `{"error": code}`.

        Raises:
            UsageError: there is no such operation.
        """
        if op in self.without:
            raise UsageError("operation", op, self.abilities)
        answer, self.world = self.simulator.call(self.world, op, args)
        if "content" in self.without and "result" in answer:
            answer["result"].pop("content", None)
        return answer

    def advance(self, seconds: float) -> None:
        """Let some seconds pass."""
        self.world = self.simulator.advance(self.world, seconds)

    def outcome(self, event: str) -> bool:
        """Have the next hidden move that can be this event be it; False where the service has no such event."""
        after = self.simulator.outcome(self.world, event)
        self.world = self.world if after is None else after
        return after is not None

    def happen(self, event: str) -> bool:
        """Have a move of the environment happen now; False where it cannot."""
        after = self.simulator.happen(self.world, event)
        self.world = self.world if after is None else after
        return after is not None

    def fingerprint(self) -> tuple[Any, ...]:
        """What its future depends on, but for chance: equal where two services allow the same."""
        return fingerprint(self.world, self.simulator.system)

    def copy(self) -> "FakeService":
        """Another one in the same world."""
        other = FakeService(self.simulator, without=self.without)
        other.world = self.world
        return other
