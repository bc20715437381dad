"""False alarms: random walks over simulated services that do whatever the model allows, at any time it allows.

    python benchmarks/alarms.py [MODEL ...] [--walks N]

Every walk has a simulator of its own; half of them keep the same option of every open point, half draw it anew each
time. Exits with 1 if the suite calls anything a violation.
"""

import argparse
import sys
from time import perf_counter

from statemodel.registry import MODELS, model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import make_session
from statemodel.testing.walk import seeded_walks


def main() -> int:
    """Print a line a model; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=list(MODELS))
    parser.add_argument("--walks", type=int, default=700, help="so many of each model")
    asked = parser.parse_args()
    alarms = 0
    for name in asked.models:
        system = prepare(model(name))
        begun, calls, undecided = perf_counter(), 0, 0
        for number in range(asked.walks):
            simulator = Simulator.of(system, seed=number, is_adversarial=bool(number % 2), tick_s=float(number % 3))
            with open_link(lambda simulator=simulator: FakeService(simulator), tuple(system.operations)) as link:
                session = make_session(system, link)
                walks = seeded_walks(session, examples=1, seed=number)
                calls += link.calls
            undecided += walks.open_ended
            if walks.found is not None:
                alarms += 1
                print(f"{name}, walk {number}: {walks.found.trouble}")
        seconds = perf_counter() - begun
        print(f"{name}: {asked.walks} walks, {calls} calls, {undecided} undecided, {seconds:.0f} s", flush=True)
    print(f"{alarms} false alarms")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
