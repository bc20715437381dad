"""What does the work on columns: compiled steps where Numba is installed, else NumPy and plain Python."""

import json
from typing import Any

import attrs
import numpy as np

from statemodel.model.history import moment
from statemodel.oracle.bulk import positions as plain
from statemodel.oracle.bulk.automaton import Automaton
from statemodel.oracle.bulk.keys import Keys
from statemodel.oracle.bulk.positions import Coded, Positions
from statemodel.oracle.bulk.texts import PlainTexts, Spans, Texts, spans_of

STRANGE = -1
NOWHERE: Any = np.zeros(0, np.int64)


@attrs.frozen
class Read:
    """Lines of JSON as a compiled reader has read them.

    Attributes:
        resource: where the name of each resource stands.
        at: times in seconds, NaN where there is none.
        saying: number of what else is said of each; -1 for lines that are left to the reader in Python.
        said: what is said, by number, each as one JSON object.
    """

    resource: Spans
    at: Any
    saying: Any
    said: Spans


class Plain:
    """NumPy and plain Python."""

    def texts(self) -> PlainTexts:
        """An empty numbering of texts."""
        return PlainTexts()

    def move(self, automaton: Automaton, positions: Positions, coded: Coded) -> None:
        """Take some records."""
        plain.move(automaton, positions, coded)

    def number_whole(self, values: Any, direct: Any, named: Any, size: int) -> tuple[Any, int]:
        """The number of each of some whole numbers, and how many there are then; see `compiled.number_whole`."""
        found = direct[values]
        new = values[found < 0]
        if len(new):
            each, first = np.unique(new, return_index=True)
            each = each[np.argsort(first)]
            direct[each] = np.arange(size, size + len(each))
            named[size : size + len(each)] = each
            size += len(each)
            found = direct[values]
        return found, size

    def spread(self, symbols: Any, numbers: Any) -> Any:
        """The symbol by each number; the last one where there is none."""
        last = len(symbols) - 1
        return symbols[np.where((numbers < 0) | (numbers >= last), last, numbers)]

    def shortened(self, spans: Spans, keys: Keys) -> Spans:
        """JSON objects without members that nobody reads; anything else as it stands."""
        return spans_of([None if spans.starts[row] < 0 else _short(spans.at(row), keys) for row in range(len(spans))])

    def moments(self, spans: Spans) -> Any:
        """Times in seconds, NaN where there is none, infinity where the text is none."""
        found: Any = np.full(len(spans), np.nan)
        for row in range(len(spans)):
            if spans.starts[row] >= 0:
                found[row] = seconds(spans.at(row))
        return found

    def read_lines(self, lines: Spans, _args: Keys, _shown: Keys) -> Read:
        """No line is read here: all are left to the reader in Python."""
        nothing = np.full(len(lines), STRANGE, np.int64)
        none = Spans(lines.data, nothing, nothing)
        return Read(none, np.full(len(lines), np.nan), nothing, spans_of([]))


class Compiled:
    """Steps compiled with Numba."""

    def __init__(self) -> None:
        from statemodel.oracle.bulk import compiled, lines, stamps

        self.steps, self.lines, self.stamps = compiled, lines, stamps

    def texts(self) -> Texts:
        """An empty numbering of texts."""
        return Texts(self.steps)

    def move(self, automaton: Automaton, positions: Positions, coded: Coded) -> None:
        """Take some records."""
        at = np.zeros(0) if coded.at is None else coded.at
        first, places = (coded.place, NOWHERE) if isinstance(coded.place, int) else (0, coded.place)
        row = 0
        while True:
            row = self.steps.move(
                automaton.cells, automaton.after, automaton.gain, automaton.reads, automaton.flags,
                positions.entries, positions.is_late, positions.finding, positions.place,
                coded.resource, coded.symbol, at, places, first, row,
            )
            if row == len(coded.resource):
                return
            automaton.work_out(int(positions.entries[coded.resource[row]]["state"]), int(coded.symbol[row]))

    def number_whole(self, values: Any, direct: Any, named: Any, size: int) -> tuple[Any, int]:
        """The number of each of some whole numbers, and how many there are then; see `compiled.number_whole`."""
        found: Any = np.empty(len(values), np.int32)
        return found, self.steps.number_whole(values, direct, named, size, found)

    def spread(self, symbols: Any, numbers: Any) -> Any:
        """The symbol by each number; the last one where there is none."""
        found: Any = np.empty(len(numbers), symbols.dtype)
        self.steps.spread(symbols, numbers, found)
        return found

    def shortened(self, spans: Spans, keys: Keys) -> Spans:
        """JSON objects without members that nobody reads; anything else as it stands."""
        starts, ends = np.empty(len(spans), np.int64), np.empty(len(spans), np.int64)
        out: Any = np.empty(int((spans.ends - spans.starts)[spans.starts >= 0].sum()) + 1, np.uint8)
        self.lines.shorten_all(spans.data, spans.starts, spans.ends, keys.data, keys.bounds, keys.slots, keys.kinds,
                               keys.longest, out, starts, ends)
        return Spans(out, starts, ends)

    def moments(self, spans: Spans) -> Any:
        """Times in seconds, NaN where there is none, infinity where the text is none."""
        found: Any = np.empty(len(spans))
        self.stamps.moments(spans.data, spans.starts, spans.ends, found)
        for row in np.flatnonzero(np.isinf(found)):
            found[row] = seconds(spans.at(row))
        return found

    def read_lines(self, lines: Spans, args: Keys, shown: Keys) -> Read:
        """Lines of JSON, read where they are plain."""
        size = len(lines)
        at: Any = np.empty(size)
        out: Any = np.empty(int((lines.ends - lines.starts).sum()) + 2 * size + 1, np.uint8)
        resource = Spans(lines.data, np.empty(size, np.int64), np.empty(size, np.int64))
        saying: Any = np.empty(size, np.int32)
        starts, ends = np.empty(size, np.int64), np.empty(size, np.int64)
        count = self.lines.read_lines(
            lines.data, lines.starts, lines.ends, MEMBERS.data, MEMBERS.bounds, MEMBERS.slots,
            args.data, args.bounds, args.slots, args.kinds, shown.data, shown.bounds, shown.slots, shown.kinds,
            args.longest,
            resource.starts, resource.ends, at, saying, out, starts, ends,
        )
        if not is_utf8(lines.data):
            for row in np.flatnonzero(saying >= 0).tolist():
                if not is_utf8(lines.data[lines.starts[row] : lines.ends[row]]):
                    saying[row] = STRANGE
        return Read(resource, at, saying, Spans(out, starts[:count], ends[:count]))


Engine = Plain | Compiled
MEMBERS = Keys.of(("resource", "at", "args", "result", "op", "error", "lost", "as", "event", "silence"))


def engine(name: str | None = None) -> Engine:
    """What does the work: "numba", "numpy", or where None is given Numba if it is installed."""
    if name == "numpy":
        return Plain()
    try:
        return Compiled()
    except ImportError:
        if name == "numba":
            raise
        return Plain()


def is_utf8(data: Any) -> bool:
    """Whether some bytes are text in UTF-8."""
    if not len(data) or data.max() < 128:
        return True
    try:
        str(data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def seconds(text: bytes) -> float:
    """Seconds since the epoch, infinity where the text is no time."""
    found = moment(text.decode("utf-8", "replace"))
    return np.inf if found is None else found


def _short(text: bytes, keys: Keys) -> bytes:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(found, dict):
        return text
    return json.dumps(keys.kept(found)).encode()
