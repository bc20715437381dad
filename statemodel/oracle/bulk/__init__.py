"""Histories of any size: the verdicts of `statemodel.oracle.check`, at the speed of columns and in bounded memory.

Every record becomes three numbers: its resource, what it says, its time. What it says moves the resource along an
automaton that the careful monitor works out step by step, as far as records ask for it. Histories that numbers cannot
decide (content, lists of resources, records out of the order of time, too many beliefs) are read a second time and
judged by the careful monitor itself, and so is what violates, to explain it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from statemodel.model.service import Model
from statemodel.oracle.bulk.automaton import Automaton
from statemodel.oracle.bulk.chunks import Chunk
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.engine import Read, engine
from statemodel.oracle.bulk.follow import SHOWN, Follower, Keeping
from statemodel.oracle.bulk.judge import Judge
from statemodel.oracle.bulk.report import BulkReport
from statemodel.oracle.bulk.sources import Source, expanded
from statemodel.oracle.bulk.stream import Reached, chunks, prepared, sizes
from statemodel.oracle.check import weaker
from statemodel.oracle.monitor import monitor

Progress = Callable[[int, float], None]


def check(
    model: Model,
    files: Iterable[str],
    *,
    start: str = "unknown",
    calls: str = "complete",
    environment: str = "open",
    by: str | None = None,
    jobs: int | None = None,
    keeping: Keeping | None = None,
    aliases: Mapping[str, str] | None = None,
    log: str | None = None,
    progress: Progress | None = None,
) -> BulkReport:
    """What the histories in some files come to.

    Args:
        model: a graph or a service.
        files: names of files, folders and patterns: Parquet, JSON lines, CSV, compressed or not.
        start: "unknown", or "absent" for resources that nobody touched before.
        calls: "complete", or "partial" where other callers may have acted unseen.
        environment: "open", or "recorded" where nothing happens that is not recorded.
        by: "numba" or "numpy"; None takes Numba if it is installed. The verdicts are the same.
        jobs: number of threads that read ahead; None takes one for each processor.
        keeping: where positions are kept between runs; files read before are not read again.
        aliases: where to read files that are not read where their names say, such as standard input.
        log: "cloudtrail", "cloudaudit" or "actiontrail" for audit logs; None for records.
        progress: called now and then with the number of records and the share of the bytes read so far.

    Raises:
        HistoryError: a file cannot be read. Single records that cannot be read are in the report.
    """
    watching = monitor(model, start=start, calls=calls, environment=environment)
    automaton = Automaton(watching)
    follower = Follower(automaton, Encoder(automaton, engine(by), shown=SHOWN))
    sources = follower.begin(expanded(files), keeping, aliases or {}, log)
    threads = jobs or os.cpu_count() or 1
    asked = [one for one in sources if not follower.reached[one.number].rows or Path(one.path).exists()]
    total = sizes(asked)
    heard = [0]

    def read(reached: list[Reached], present: list[Source]) -> Iterator[tuple[Chunk, Read | None]]:
        found = chunks(present, reached, lambda count: heard.__setitem__(0, count))
        return prepared(found, follower.encoder.prepared, threads)

    for records in follower.follow_all(read(follower.reached, asked), keeping):
        if progress is not None:
            progress(records, heard[0] / total if total else 1.0)

    def again() -> Iterator[tuple[Chunk, Read | None]]:
        present = [one for one in sources if Path(one.path).exists()]
        return read([Reached(one.name) for one in sources], present)

    return Judge(follower, again).report(weaker(calls))
