"""The monitor as an automaton of whole numbers, worked out as far as records ask for it.

A subset construction (Rabin and Scott, Finite Automata and Their Decision Problems, 1959) done lazily: a state stands
for a belief, a symbol for what a record says, and what a symbol makes of a state is worked out by the monitor, once.
"""

from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np

from statemodel.model.history import Record, check_record
from statemodel.model.operation import Operation
from statemodel.oracle.monitor import Monitor, Node, Step
from statemodel.oracle.seen import Seen
from statemodel.semantics import look_up

VIOLATED: Final = 0
"""State of a history of which nothing is left possible."""
CAREFUL: Final = 1
"""State of a history that is read again, record by record."""
BROKEN: Final = 2
"""State of a history of which a record cannot be read; what comes after it is not judged."""
FIRST: Final = 3
"""The first state that stands for a belief; those below it are never left."""

HARD: Final = 0
"""Symbol of records that no symbol of their own stands for: they send their resource to the careful monitor."""
BAD: Final = 1
"""Symbol of records that cannot be read."""

SKIPPED, CODED = 1, 2
UNREAD_CODE: Final = "SM105"
UNREAD: Final = "a record of it cannot be read"
MOST_STATES, MOST_SYMBOLS, MOST_CELLS = 20_000, 200_000, 1 << 25


@attrs.frozen
class Symbol:
    """What records of one symbol have in common.

    Attributes:
        kind: "call", "op" for an unknown operation, "event" or "silence".
        said: the call with its answer, or the name of the event or operation.
    """

    kind: str
    said: Seen | str | None


class Automaton:
    """A monitor, determinised lazily.

    Attributes:
        monitor: whose steps these are.
        start: the state every history begins in.
        cells: number of the step by state and symbol; -1 where it is not worked out yet.
        after: state after a step, by its number.
        gain: strength of a read by the number of its step; 0 where it was no read of a status.
        reads: 1 by the number of a step that was one, else 0.
        flags: SKIPPED and CODED, by the number of the step.
        steps: the steps by number; None for those that lead to the careful monitor.

    Args:
        monitor: the monitor.
        most_states: number of states beyond which records go to the careful monitor.
        most_symbols: number of symbols beyond which they do.
    """

    def __init__(
        self, monitor: Monitor, *, most_states: int = MOST_STATES, most_symbols: int = MOST_SYMBOLS
    ) -> None:
        self.monitor = monitor
        self.most_states = most_states
        self.most_symbols = most_symbols
        self.cells: Any = np.full((64, 64), -1, np.int32)
        self.after: Any = np.zeros(64, np.int32)
        self.gain: Any = np.zeros(64)
        self.reads: Any = np.zeros(64, np.int32)
        self.flags: Any = np.zeros(64, np.uint8)
        self.steps: list[Step | None] = []
        self.paths: list[tuple[int, int] | None] = [None, None, None]
        self.examples: list[Record | None] = [None, None]
        self._nodes: list[Node | None] = [None, None, None]
        self._states: dict[Node, int] = {}
        self._symbols: list[Symbol | None] = [None, None]
        self._numbers: dict[Symbol, int] = {}
        self._kinds: dict[tuple[int, Step | None], int] = {}
        self._careful = self._step(CAREFUL, None)
        self._broken = self._step(BROKEN, Step(None, UNREAD_CODE, UNREAD))
        start = self.state(monitor.start, None)
        assert start == FIRST
        self.start = start

    @property
    def size(self) -> tuple[int, int]:
        """Number of states and symbols so far."""
        return len(self._nodes) - FIRST, len(self._symbols) - 2

    # ------------------------------------------------------------------------------------------- symbols

    def symbol(self, record: Record) -> int:
        """The symbol of a record, whose resource and time do not matter."""
        if check_record({"resource": "", **record}) is not None:
            return BAD
        symbol = self._said(record)
        if symbol is None:
            return HARD
        number = self._numbers.get(symbol)
        if number is None:
            number, (rows, columns) = len(self._symbols), self.cells.shape
            if number >= self.most_symbols or (number >= columns and 2 * rows * columns > MOST_CELLS):
                return HARD
            self._numbers[symbol] = number
            self._symbols.append(symbol)
            self.examples.append(record)
            if number >= columns:
                self._widen(rows, 2 * columns)
        return number

    def _said(self, record: Record) -> Symbol | None:
        if "event" in record:
            return Symbol("event", record["event"])
        if "silence" in record:
            return Symbol("silence", None)
        operation = self.monitor.system.operations.get(record["op"])
        if operation is None:
            return Symbol("op", record["op"])
        if _has_content(record) or _lists_resources(operation, record):
            return None
        try:
            symbol = Symbol("call", self.monitor.read(record, {}, frozenset()))
            hash(symbol)
        except (KeyError, TypeError, RecursionError):
            return None
        return symbol

    # ------------------------------------------------------------------------------------------- steps

    def noted(self, code: str, reason: str | None) -> int:
        """The number of a step that only says what was found elsewhere."""
        return self._step(BROKEN, Step(None, code, reason))

    def work_out(self, state: int, number: int) -> int:
        """The number of the step that a symbol is in a state; from now on it stands in `cells`."""
        step = self._worked_out(state, number)
        self.cells[state, number] = step
        return step

    def _worked_out(self, state: int, number: int) -> int:
        if number == HARD:
            return self._careful
        if number == BAD:
            return self._broken
        node, symbol = self._nodes[state], self._symbols[number]
        assert node is not None
        assert symbol is not None
        step = self._made(node, symbol)
        if step.node is None:
            return self._step(VIOLATED, step)
        after = self.state(step.node, (state, number))
        return self._careful if after == CAREFUL else self._step(after, step)

    def _made(self, node: Node, symbol: Symbol) -> Step:
        if isinstance(symbol.said, Seen):
            return self.monitor.call(node, symbol.said)
        if symbol.kind == "silence":
            return Step(node)
        assert symbol.said is not None
        if symbol.kind == "event":
            return self.monitor.event(node, symbol.said)
        return Step(self.monitor.afresh(), "SM102", f"the model knows no operation {symbol.said!r}")

    def state(self, node: Node, path: tuple[int, int] | None) -> int:
        """The state of a belief, reached from a state by a symbol; CAREFUL where there would be too many."""
        found = self._states.get(node)
        if found is not None:
            return found
        rows, columns = self.cells.shape
        number = len(self._nodes)
        if number - FIRST >= self.most_states or (number >= rows and 2 * rows * columns > MOST_CELLS):
            return CAREFUL
        self._states[node] = number
        self._nodes.append(node)
        self.paths.append(path)
        if number >= rows:
            self._widen(2 * rows, columns)
        return number

    def _step(self, after: int, step: Step | None) -> int:
        """The number of a step; steps that do the same have one."""
        shape = None if step is None else attrs.evolve(step, node=None)
        number = self._kinds.setdefault((after, shape), len(self.steps))
        if number == len(self.steps):
            self.steps.append(step)
            if number >= len(self.after):
                self.after = np.concatenate([self.after, np.zeros_like(self.after)])
                self.gain = np.concatenate([self.gain, np.zeros_like(self.gain)])
                self.reads = np.concatenate([self.reads, np.zeros_like(self.reads)])
                self.flags = np.concatenate([self.flags, np.zeros_like(self.flags)])
            self.after[number] = after
            if step is not None:
                self.gain[number] = step.strength or 0.0
                self.reads[number] = step.strength is not None
                self.flags[number] = SKIPPED * step.is_skipped + CODED * (step.code is not None)
        return number

    def _widen(self, rows: int, columns: int) -> None:
        wider = np.full((rows, columns), -1, np.int32)
        wider[: self.cells.shape[0], : self.cells.shape[1]] = self.cells
        self.cells = wider


def _has_content(record: Mapping[str, Any]) -> bool:
    """Whether it speaks of content, which has a symbol of its own in every history."""
    return any(isinstance((record.get(side) or {}).get("content"), str) for side in ("args", "result"))


def _lists_resources(operation: Operation, record: Mapping[str, Any]) -> bool:
    """Whether it shows a list in which only the name of the resource itself matters."""
    listing = operation.listing
    if listing is None or listing.part is not None:
        return False
    return isinstance(look_up(record.get("result") or {}, listing.name), list)
