"""One step of each driver beside a bare dictionary step, all in one run: medians of interleaved rounds.

Exits with 1 if a step of the compiled driver, guard included, costs more than 2.5 bare ones.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from itertools import repeat
from statistics import median
from time import perf_counter
from typing import Any

from statemodel.catalogue.tencent_scf.function import FUNCTION
from statemodel.drivers.pytransitions import LiveMachine
from statemodel.drivers.table import Machine, Table, compile_table

LIMIT = 2.5
ROUNDS = 31
STEPS = 24_000
ALONE = {"a version is being published": False, "a named alias exists": False}
NAME = {"FunctionName": "f"}
RING: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("CreateFunction", {**NAME, "content": 1}),
    ("create succeeded", None),
    ("UpdateFunctionCode", {**NAME, "content": 2}),
    ("update succeeded", None),
    ("DeleteFunction", NAME),
    ("delete succeeded", None),
)
Run = tuple[Callable[..., object], Sequence[tuple[str, Any]], bool]


class Bare:
    """The least a machine can do: a method call and a dictionary keyed by state and event."""

    __slots__ = ("_table", "state")

    def __init__(self, table: dict[tuple[str, str], str], state: str) -> None:
        self._table = table
        self.state = state

    def fire(self, event: str) -> str:
        """Move by one event."""
        self.state = target = self._table[self.state, event]
        return target


def drive(table: Table, state: str, *, reads_data: bool = False) -> Callable[..., object]:
    """The compiled driver's step, in a machine of its own."""
    machine = Machine(table, state)

    def step(event: str, args: Any = None) -> object:
        machine.fire(event, args)
        return machine.data

    return step if reads_data else machine.fire


def runs(table: Table) -> dict[str, tuple[Run, Run]]:
    """By name, what is measured and the bare steps beside it."""
    targets = {(state, event): cell[0] for state, cells in table.cells.items() for event, cell in cells.items()}
    bound = [(name, table.arguments(name, args) if args else None) for name, args in RING]

    def pair(
        state: str, steps: Sequence[tuple[str, Any]], *, with_args: bool = False, reads_data: bool = False
    ) -> tuple[Run, Run]:
        fire = drive(table, state, reads_data=reads_data)
        return (fire, steps, with_args), (Bare(targets, state).fire, steps, False)

    version = table.arguments("DeleteFunctionVersion", {**NAME, "Qualifier": "1"})
    live = LiveMachine(table.plan.graph, settle=table.plan.settle)
    return {
        "compiled, no guard": pair("Active", [("GetFunction", None)]),
        "compiled, one guard": pair("Deleting", [("DeleteFunction", None)]),
        "compiled, one guard, bound arguments": pair("Deleting", bound[4:5], with_args=True),
        "compiled, one guard, negated": pair("Active", [("DeleteFunctionVersion", version)], with_args=True),
        "compiled, life of a function": pair("Absent", RING),
        "compiled, life, bound arguments": pair("Absent", bound, with_args=True),
        "compiled, life, arguments as sent": pair("Absent", RING, with_args=True),
        "compiled, life, data asked each step": pair("Absent", bound, with_args=True, reads_data=True),
        "compiled, updates without end": pair("Active", bound[2:4], with_args=True),
        "transitions, life, bound arguments": (
            (live.fire, bound, True),
            (Bare(targets, "Absent").fire, bound, False),
        ),
    }


def nanoseconds(run: Run, steps: int) -> float:
    """Time of one step, the loop around it taken off."""
    fire, events, with_args = run
    rounds = steps // len(events)
    begin = perf_counter()
    if with_args:
        for _ in repeat(None, rounds):
            for event, args in events:
                fire(event, args)
    else:
        for _ in repeat(None, rounds):
            for event, _args in events:
                fire(event)
    middle = perf_counter()
    for _ in repeat(None, rounds):
        for _event, _args in events:
            pass
    return (2 * middle - begin - perf_counter()) / (rounds * len(events)) * 1e9


BOUNDED = ("compiled, no guard", "compiled, one guard", "compiled, one guard, bound arguments",
           "compiled, one guard, negated",
           "compiled, life of a function", "compiled, life, bound arguments")


def main() -> int:
    """Print the table; 1 if the compiled driver is too slow."""
    logging.disable(logging.INFO)
    graph = FUNCTION.with_policies(delete_while_deleting="accepted")
    measured = runs(compile_table(graph, ALONE))
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in measured}
    for _ in range(ROUNDS):
        for name, (run, bare) in measured.items():
            steps = STEPS if name.startswith("compiled") else STEPS // 40
            figures[name].append((nanoseconds(run, steps), nanoseconds(bare, STEPS)))
    slow = []
    print(f"{'one step':40}{'ns':>9}{'bare ns':>9}{'x bare':>9}")
    for name, pairs in figures.items():
        ratio = median(own / bare for own, bare in pairs)
        print(f"{name:40}{median(own for own, _ in pairs):9.0f}{median(bare for _, bare in pairs):9.0f}{ratio:9.2f}")
        if name in BOUNDED and ratio > LIMIT:
            slow.append(name)
    if slow:
        print(f"more than {LIMIT} times a bare step: {'; '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
