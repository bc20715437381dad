"""All records of some files in order, prepared ahead by several threads, with what was read before left out."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import attrs

from statemodel.errors import HistoryError
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.sources import Source

AHEAD: Final = 2
T = TypeVar("T")


@attrs.define
class Reached:
    """How far a file has been read.

    Attributes:
        name: of the file.
        rows: number of rows or lines read of it.
    """

    name: str
    rows: int = 0


def chunks(
    sources: Iterable[Source], reached: list[Reached], heard: Callable[[int], None] | None = None
) -> Iterator[Chunk]:
    """The records of some files that were not read before.

    Args:
        sources: the files.
        reached: how far each has been read; by number of the file.
        heard: called before each chunk with the number of bytes read so far.
    """
    passed = 0
    for source in sources:
        done = reached[source.number].rows

        def hear(count: int, passed: int = passed) -> None:
            if heard is not None:
                heard(passed + count)

        for chunk in source.chunks(hear):
            last = chunk.first + len(chunk)
            if chunk.first > done:
                yield chunk
            elif last > done + 1:
                yield chunk.after(done + 1 - chunk.first)
        passed += Path(source.path).stat().st_size


def prepared(found: Iterable[Chunk], prepare: Callable[[Chunk], T], jobs: int) -> Iterator[tuple[Chunk, T]]:
    """Each chunk with what is made of it, by several threads, in order; only a few are held at a time."""
    if jobs < 2:
        for chunk in found:
            yield chunk, prepare(chunk)
        return
    waiting: deque[tuple[Chunk, Future[T]]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for chunk in found:
                waiting.append((chunk, pool.submit(prepare, chunk)))
                if len(waiting) >= AHEAD * jobs:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def sizes(sources: Iterable[Source]) -> int:
    """The bytes of some files together.

    Raises:
        HistoryError: one cannot be read.
    """
    found = 0
    for source in sources:
        try:
            found += Path(source.path).stat().st_size
        except OSError as error:
            raise HistoryError(source.name, None, "", f"a readable file: {error.strerror or error}") from error
    return found
