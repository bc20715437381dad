"""Exploration of function, billing and versions, by the number of versions: configurations, moves, seconds, growth.

Policies that only add states of their own are settled, as named below. Exits with 1 if 8 versions take more than two
seconds, or if the growth is not polynomial: doubling the versions may multiply configurations by no more than 2**5.
"""

import sys
from math import log2
from time import perf_counter

from statemodel.catalogue import SCF
from statemodel.counting import Counting
from statemodel.semantics import prepare

SETTLED = {
    "latest_shows_publishing": "separate",
    "version_passes_deleting": "no",
    "update_while_publishing": "refused",
    "publish_while_publishing": "accepted",
    "unready_version_delete": "refused",
    "delete_while_updating": "refused",
    "delete_while_publishing": "refused",
    "update_while_deleting": "refused",
}
VERSIONS = (1, 2, 4, 8, 16, 32)
LIMIT_S = 2.0
DEGREE = 5.0


def main() -> int:
    """Print the table; return the exit code."""
    system = prepare(SCF.with_policies(**SETTLED).restricted("function", "billing", "version"))
    settled = ", ".join(f"{name} = {option}" for name, option in SETTLED.items())
    print(f"function x billing x versions, settled: {settled}")
    print(f"{'versions':>8} {'configurations':>14} {'moves':>10} {'seconds':>8} {'degree':>7}")
    before, fine = 0, True
    for versions in VERSIONS:
        space = Counting(system, versions)
        begun = perf_counter()
        space.run(lambda _here, _passage: False)
        seconds = perf_counter() - begun
        degree = log2(len(space.parents) / before) if before else 0.0
        print(f"{versions:>8} {len(space.parents):>14,} {space.passages:>10,} {seconds:>8.2f} {degree:>7.2f}")
        fine = fine and degree <= DEGREE and (versions != VERSIONS[3] or seconds <= LIMIT_S)
        before = len(space.parents)
    print("degree: how many times configurations double when versions do; a constant means polynomial growth")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
