"""Names of resources and the numbers they get in order of first mention; names that are whole numbers are kept so."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from statemodel.oracle.bulk.engine import Engine
from statemodel.oracle.bulk.texts import Spans, spans_of

MOST_WHOLE: Final = 1 << 28


class Names:
    """Names of resources. While all of them are whole numbers that are not too great, no text is made of any.

    Args:
        engine: does the work.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._texts = engine.texts()
        self._direct: Any = np.full(1 << 10, -1, np.int32)
        self._whole: Any = np.zeros(1 << 10, np.int64)
        self._size = 0

    def __len__(self) -> int:
        return self._size or len(self._texts)

    def number(self, spans: Spans) -> Any:
        """The number of each name, -1 for none."""
        self._settle()
        return self._texts.number(spans)

    def number_whole(self, values: Any) -> Any:
        """The number of each name, all of which are whole numbers; each is the same name as its digits."""
        if not len(values):
            return np.zeros(0, np.int32)
        least, most = int(values.min()), int(values.max())
        if least < 0 or most >= MOST_WHOLE:
            return self.number(_digits(values))
        known = len(self._direct)
        if most >= known:
            _widen(self._direct, most + 1)
            self._direct[known:] = -1
        if not len(self._texts):
            _widen(self._whole, self._size + len(values))
            found, self._size = self._engine.number_whole(values, self._direct, self._whole, self._size)
            return found
        found = self._direct[values]
        new = np.flatnonzero(found < 0)
        if len(new):
            self._direct[values[new]] = self._texts.number(_digits(values[new]))
            found = self._direct[values]
        return found

    def text(self, number: int) -> bytes:
        """The name that has a number."""
        return b"%d" % self._whole[number] if self._size else self._texts.text(number)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.text, range(len(self)))

    def _settle(self) -> None:
        """From now on there are texts."""
        if self._size:
            self._texts.number(_digits(self._whole[: self._size]))
            self._size = 0


def _digits(values: Any) -> Spans:
    return spans_of([b"%d" % one for one in values.tolist()])


def _widen(items: Any, size: int) -> None:
    """Make room for so many items in an array of which nobody holds a part."""
    if size > len(items):
        items.resize(max(size, 2 * len(items)), refcheck=False)
