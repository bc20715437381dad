"""Logs for engines that spread them over workers, and what one machine says of them."""

import pyarrow as pa
from logs import log, table

from statemodel.oracle.check import judge
from statemodel.registry import model

FAULT = {"op": "GetFunction", "result": {"Status": "NoSuchStatus"}}
WRONG = [{"op": "GetFunction", "result": {"Status": "CreateFailed"}}, {"op": "UpdateFunctionCode", "result": {}}]


def planted(resources=120):
    """Histories right and wrong, records late, and a violation in every ninth resource of a second half."""
    records = log("scf.function", "spread", resources)
    for number in range(0, resources, 9):
        records[len(records) // 2 : len(records) // 2] = [{"resource": f"bad-{number}", **one} for one in WRONG]
    return records


def skewed():
    """Nine tenths of all records are of one resource, the last of which is wrong."""
    many = [{"resource": "many", "op": "GetFunction", "result": {"Status": "Active"}} for _ in range(4_000)]
    return [*many, *planted(40), *({"resource": "many", **one} for one in WRONG)]


def placed(records):
    """Records as an Arrow table with the file and line of each."""
    found = table(records)
    lines = pa.array(range(1, len(records) + 1), pa.int64())
    return found.append_column("line", lines).append_column("file", pa.array(["records"] * len(records)))


def expected(records, **how):
    """The verdicts of one machine by resource."""
    return {one.resource: comparable(one.document()) for one in judge(model("scf.function"), records, **how).verdicts}


def found(rows):
    """The verdicts of some rows by resource; each stands there once."""
    resources = [row["resource"] for row in rows]
    assert len(set(resources)) == len(resources)
    return {row["resource"]: comparable(row) for row in rows}


def comparable(row):
    """A verdict with lists as lists and nothing for what is missing, whichever engine it came from."""
    plain = {}
    for name, value in row.items():
        is_list = name in {"expected", "belief", "explanation"}
        is_none = not is_list and (value is None or value != value or str(value) == "<NA>")  # noqa: PLR0124 - NaN
        plain[name] = list(value) if is_list else None if is_none else value
    return plain
