"""The power of the suite: how many mutants of a model default settings kill, by kind, and how long it takes.

    python benchmarks/power.py [MODEL ...] [--sample N]

Exits with 1 if a mutant survives that can be told apart.
"""

import argparse
import sys
from time import perf_counter

from statemodel.registry import model
from statemodel.testing.lockstep import lockstep
from statemodel.testing.mutants import mutants, reference
from statemodel.testing.power import BUDGET, Fate, power, sampled, table

DEFAULT = ("fc.account", "fc.invocation", "fc.version", "fc.alias", "scf.billing")


def main() -> int:
    """Print the tables; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=DEFAULT)
    parser.add_argument("--sample", type=int, help="so many mutants of each model, drawn at random")
    parser.add_argument("--budget", type=int, default=BUDGET, help="answers that one search judges at most")
    asked = parser.parse_args()
    survivors = 0
    for name in asked.models:
        one = model(name)
        print(lockstep(one, lambda one=one: reference(one), waits_s=(5.0,), budget=asked.budget))
        begun = perf_counter()
        found = power(one, chosen=sampled(mutants(one), asked.sample, 0), budget=asked.budget)
        print("\n".join(table(found)))
        print(f"{name}: {perf_counter() - begun:.0f} s\n")
        survivors += sum(each.fate is Fate.SURVIVED for each in found)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
