"""Random walks on Hypothesis: found, shortened, replayed; clients that waver."""

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
            failed = {key for key, one in versions.items() if one.state == "PublishFailed"}
            live = [key for key, one in versions.items() if one.state == "Active"]
            if live and any(before.get(owner, {}).get(key, GONE).state == "Publishing" for key in failed):
                self._drop(owner, live[0])
        return done

    def _versions(self):
        return {owner: dict(slots[VERSIONS].present()) for owner, slots in self.world.resources}

    def _drop(self, owner, key):
        slots = list(dict(self.world.resources)[owner])
        slots[VERSIONS] = slots[VERSIONS].put(key, GONE)
        kept = {**dict(self.world.resources), owner: tuple(slots)}
        self.world = attrs.evolve(self.world, resources=tuple(kept.items()))
