"""Texts and the numbers they get in order of first mention, many at a time."""

from collections.abc import Iterator
from typing import Any, Final

import attrs
import numpy as np

MOST_TEXTS: Final = 1 << 31


@attrs.frozen
class Spans:
    """Texts that stand in one run of bytes.

    Attributes:
        data: the bytes.
        starts, ends: where each text begins and ends; one that begins below 0 is no text.
    """

    data: Any
    starts: Any
    ends: Any

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, row: int) -> bytes:
        """One text."""
        return bytes(self.data[self.starts[row] : self.ends[row]])


def spans_of(texts: list[bytes | None]) -> Spans:
    """Some texts as spans."""
    lengths = np.fromiter((len(one or b"") for one in texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    is_none = np.fromiter((one is None for one in texts), np.bool_, len(texts))
    data = np.frombuffer(b"".join(one or b"" for one in texts) or b"\0", np.uint8)
    return Spans(data, np.where(is_none, -1, ends - lengths), ends)


class Texts:
    """Numbers of texts, by a table of hashes in compiled code.

    Args:
        steps: the compiled steps.
    """

    def __init__(self, steps: Any) -> None:
        self._steps = steps
        self._slots: Any = np.zeros(1 << 12, np.uint64)
        self._offsets: Any = np.zeros(1 << 11, np.int64)
        self._pool: Any = np.zeros(1 << 16, np.uint8)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def number(self, spans: Spans, *, most: int = MOST_TEXTS) -> Any:
        """The number of each text, -1 for none; new texts get the next one while there are less than `most`."""
        found: Any = np.empty(len(spans), np.int32)
        begin = 0
        while True:
            begin, self._size = self._steps.number_texts(
                spans.data, spans.starts, spans.ends, self._slots, self._offsets, self._pool, self._size, found, begin,
                self._size < most,
            )
            if begin == len(spans):
                return found
            self._grow(int(spans.ends[begin] - spans.starts[begin]))

    def _grow(self, length: int) -> None:
        if 2 * (self._size + 1) > len(self._slots):
            wider: Any = np.zeros(2 * len(self._slots), np.uint64)
            self._steps.rehash(self._slots, wider)
            self._slots = wider
        if self._size + 2 > len(self._offsets):
            self._offsets = np.concatenate([self._offsets, np.zeros_like(self._offsets)])
        if self._offsets[self._size] + length > len(self._pool):
            more = max(len(self._pool) // 2, length)
            self._pool = np.concatenate([self._pool, np.zeros(more, np.uint8)])

    def text(self, number: int) -> bytes:
        """The text of a number."""
        return bytes(self._pool[self._offsets[number] : self._offsets[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return map(self.text, range(self._size))


class PlainTexts:
    """The same with a dictionary."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._texts: list[bytes] = []

    def __len__(self) -> int:
        return len(self._texts)

    def number(self, spans: Spans, *, most: int = MOST_TEXTS) -> Any:
        """The number of each text, -1 for none; new texts get the next one while there are less than `most`."""
        data, numbers = bytes(spans.data), self._numbers
        found: Any = np.empty(len(spans), np.int32)
        for row, (start, end) in enumerate(zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)):
            if start < 0:
                found[row] = -1
                continue
            text = data[start:end]
            number = numbers.get(text)
            if number is None:
                number = -1
                if len(numbers) < most:
                    number = numbers[text] = len(numbers)
                    self._texts.append(text)
            found[row] = number
        return found

    def text(self, number: int) -> bytes:
        """The text of a number."""
        return self._texts[number]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._texts)
