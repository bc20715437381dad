"""Histories in a Spark data frame, judged where its rows are."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyspark.sql import DataFrame

from statemodel.model.service import Model
from statemodel.oracle.bulk.parts import POSITION, verdicts_of

SCHEMA: Final = (
    "resource string, verdict string, code string, file string, line long, record string, expected array<string>, "
    "belief array<string>, explanation array<string>, reason string, strength double, records long, skipped long"
)


def check(
    frame: DataFrame, model: Model, *, start: str = "unknown", calls: str = "complete", environment: str = "open"
) -> DataFrame:
    """The verdict about every history in a frame of records.

    Args:
        frame: columns as in Parquet: resource, op, and args, result, error, at as far as there are such. Records stand
            in the log in the order of columns `file` and `line`, or of `line` alone; without these they are put in the
            order of `at`, and those of one resource with the same time, or none, in any.
        model: a graph or a service.
        start: as for `statemodel.oracle.check.check`.
        calls: as there.
        environment: as there.

    Returns:
        A frame with one row a resource and the columns of the contract, worked out when it is asked for. A record that
        cannot be read has a row too: without a resource, its verdict is `unreadable`, its code SM105.
    """
    options = {"start": start, "calls": calls, "environment": environment}
    order = [name for name in POSITION if name in frame.columns] or [name for name in ("at",) if name in frame.columns]

    def judged(batches: Iterable[Any]) -> Iterator[Any]:
        return verdicts_of(model, batches, **options)

    parted = frame.repartition("resource").sortWithinPartitions("resource", *order)
    return parted.mapInArrow(judged, SCHEMA)
