"""Services made from models with one fault each, and the right one they are made from."""

import attrs

from statemodel.catalogue import SCF
from statemodel.configuration import GONE
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator

SYSTEM = prepare(SCF)
SIMULATOR = Simulator.of(SYSTEM)
VERSIONS = SYSTEM.service.index("version")


class Right(FakeService):
    """A service that does as the model says."""

    def __init__(self):
        super().__init__(SIMULATOR)


class Dropping(Right):
    """A failed publish drops the first live version."""

    def call(self, op, args=None):
        return self._dropped(super().call, op, args)

    def advance(self, seconds):
        return self._dropped(super().advance, seconds)

    def _dropped(self, do, *given):
        before = self._versions()
        done = do(*given)
        for owner, versions in self._versions().items():
            live = [key for key, one in versions.items() if one.state == "Active"]
            was = before.get(owner, {})
            has_failed = any(
                one.state == "PublishFailed" and was.get(key, GONE).state == "Publishing"
                for key, one in versions.items()
            )
            if live and has_failed:
                self._drop(owner, live[0])
        return done

    def _versions(self):
        return {owner: dict(slots[VERSIONS].present()) for owner, slots in self.world.resources}

    def _drop(self, owner, key):
        slots = list(dict(self.world.resources)[owner])
        slots[VERSIONS] = slots[VERSIONS].put(key, GONE)
        kept = {**dict(self.world.resources), owner: tuple(slots)}
        self.world = attrs.evolve(self.world, resources=tuple(kept.items()))


class Lost(Right):
    """Loses sight of a function that was updated."""

    def reset(self):
        super().reset()
        self.is_lost = False

    def call(self, op, args=None):
        answer = super().call(op, args)
        self.is_lost = self.is_lost or (op.startswith("Update") and "result" in answer)
        return {"error": "ResourceNotFound.Function"} if op == "GetFunction" and self.is_lost else answer


class Once(Right):
    """Takes a deleted function for a living one, once in the life of its process."""

    is_done = False

    def call(self, op, args=None):
        answer = super().call(op, args)
        if op == "GetFunction" and "error" in answer and not self.is_done:
            self.is_done = True
            return {"result": {"Status": "Active"}}
        return answer


class Paging(Right):
    """Counts the pages of its lists wrongly: `fault` says how."""

    fault = "loses"

    def call(self, op, args=None):
        answer = super().call(op, args)
        if op == "ListVersionByFunction" and "result" in answer and "Limit" in args:
            offset = args.get("Offset") or 0
            if self.fault == "repeats" and offset:
                answer = super().call(op, {**args, "Offset": offset - 1})
            if self.fault == "loses" and offset:
                answer["result"]["Versions"] = []
            if self.fault == "floods":
                answer = super().call(op, {**args, "Limit": 100})
            if self.fault == "counts":
                answer["result"]["TotalCount"] += 1
        return answer
