"""What a step of a random walk costs, the client's own time left out, beside a bare state machine of Hypothesis.

The state machine has six rules with preconditions that do nothing. Both run in one process, one after the other, a few
times; what counts is the ratio of the least times. A step is one thing done to a client: a call, a wait, an outcome
asked for, an event.

In a run of the suite the random walks come after the cover, which has worked out much of what they come to; walks
that begin cold have everything yet to work out.

    python benchmarks/suite.py [MODEL ...]
"""

import sys
from time import process_time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.machine import random_walks
from statemodel.testing.suite import Run, Settings
from statemodel.testing.walk import seeded_walks

EXAMPLES = 50
TIMES = 3


class Timed(FakeService):
    """A fake service that knows how long it took and how often it was asked."""

    def __init__(self, simulator):
        super().__init__(simulator)
        self.seconds = 0.0
        self.steps = 0

    def _timed(self, name, *given):
        began = process_time()
        found = getattr(super(), name)(*given)
        self.seconds += process_time() - began
        self.steps += name != "reset"
        return found

    def reset(self):
        return self._timed("reset")

    def call(self, op, args=None):
        return self._timed("call", op, args)

    def advance(self, seconds):
        return self._timed("advance", seconds)

    def outcome(self, event):
        return self._timed("outcome", event)

    def happen(self, event):
        return self._timed("happen", event)


def bare():
    """Microseconds a step of a state machine that does nothing."""
    done = [0]

    class Machine(RuleBasedStateMachine):
        state = 0

    def step(number):
        def move(self):
            done[0] += 1
            self.state = (self.state + number) % 4

        move.__name__ = f"move_{number}"
        return precondition(lambda self: (self.state + number) % 3 != 0)(rule()(move))

    members = {f"move_{number}": step(number) for number in range(1, 7)}
    machine = type("Bare", (Machine,), members)
    chosen = settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None, database=None, derandomize=True,
                      suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
    began = process_time()
    run_state_machine_as_test(machine, settings=chosen)
    return (process_time() - began) / done[0] * 1e6


def walked(name, walks, *, is_cold):
    """Microseconds a step of walks, after the cover or from a cold start; the client's own time is left out."""
    system = prepare(model(name))
    client = Timed(Simulator.of(system))
    with open_link(lambda: client, tuple(system.operations)) as link:
        run = Run(model(name), link, Settings())
        if not is_cold:
            run.cover()
        client.seconds = client.steps = 0
        began = process_time()
        came = walks(run.session, examples=EXAMPLES, seed=0)
        spent = process_time() - began - client.seconds
        assert came.found is None, came.found
    return spent / client.steps * 1e6, client.seconds / client.steps * 1e6, client.steps


def main(names):
    """Print the figures; rounds take turns, so that a busy machine is busy for all."""
    bares, found = [], {}
    for _ in range(TIMES):
        bares.append(bare())
        for name in names:
            for walks in (random_walks, seeded_walks):
                for is_cold in (False, True):
                    way = f"{name} {walks.__name__}, {'from a cold start' if is_cold else 'after the cover'}"
                    found.setdefault(way, []).append(walked(name, walks, is_cold=is_cold))
    print(f"bare state machine: {min(bares):.0f} us a step (of {', '.join(f'{one:.0f}' for one in bares)})")
    for way, some in found.items():
        best, service, steps = min(some)
        print(
            f"{way}: {best:.0f} us a step, {best / min(bares):.2f} of bare;"
            f" {steps} steps, the fake service {service:.0f} us a step"
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["scf", "fc"])
