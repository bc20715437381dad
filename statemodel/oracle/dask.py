"""Histories in a Dask data frame, judged by its workers."""

from typing import Any

import pyarrow as pa
from dask.dataframe import DataFrame

from statemodel.model.service import Model
from statemodel.oracle.bulk.parts import POSITION, SCHEMA, verdicts_of


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
    import pandas as pd

    columns = tuple(name for name in (*POSITION, "at") if name in frame.columns)
    order = tuple(name for name in columns if name in POSITION) or columns
    options = {"start": start, "calls": calls, "environment": environment}
    empty = SCHEMA.empty_table().to_pandas(types_mapper=pd.ArrowDtype)
    return frame.shuffle("resource").map_partitions(_judged, model, order, options, meta=empty)


def _judged(part: Any, model: Model, order: tuple[str, ...], options: dict[str, str]) -> Any:
    """The verdicts about one part."""
    import pandas as pd

    table = pa.Table.from_pandas(part, preserve_index=False)
    if order:
        table = table.sort_by([(name, "ascending") for name in order])
    found = verdicts_of(model, table.to_batches(), **options)
    return pa.Table.from_batches(found, SCHEMA).to_pandas(types_mapper=pd.ArrowDtype)
