"""Logs for engines that spread them over workers, and what one machine says of them."""

import pyarrow as pa
import pyarrow.parquet as pq
from logs import log, table

from statemodel.oracle import bulk
from statemodel.oracle.bulk.parts import UNREADABLE
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


def spoilt():
    """Histories right and wrong, as an Arrow table in which records cannot be read, with or without a resource."""
    found = placed(planted(60))
    bad = [
        {"resource": "bad-0", "op": "GetFunction", "result": "{"}, {"op": "GetFunction", "result": "{}"},
        {"resource": "", "op": "GetFunction", "result": "{}"}, {"resource": "bad-9", "op": "GetFunction"},
        {"resource": "worse", "op": "GetFunction", "result": "{}", "at": "yesterday"}, {"resource": "worse"},
        {"resource": "fn-1", "event": "account frozen", "error": "X"}, {"resource": "fn-2", "result": "[1]", "op": "X"},
    ]
    size, parts = len(found) // len(bad), []
    for number, one in enumerate(bad):
        cells = {name: pa.array([one.get(name)], found.schema.field(name).type) for name in found.schema.names}
        parts += [found.slice(number * size, size), pa.table({**cells, "file": pa.array(["records"])})]
    whole = pa.concat_tables([*parts, found.slice(len(bad) * size)]).drop_columns(["line"])
    return whole.append_column("line", pa.array(range(1, len(whole) + 1), pa.int64()))


def of_one_machine(spoilt, folder):
    """What one machine says of a table as a file: its verdicts by resource, and its records that cannot be read."""
    path = folder / "records.parquet"
    pq.write_table(spoilt.drop_columns(["line", "file"]), path)
    report = bulk.check(model("scf.function"), [str(path)])
    verdicts = [one.document() for one in report.verdicts(everything=True)]
    known = {one["resource"]: comparable({**one, "file": one["file"] and "records"}) for one in verdicts}
    assert report.bad_rows == len(report.bad)
    return known, sorted((one.line, one.text, one.expected, one.mend) for one in report.bad)


def unreadable(rows):
    """The records that cannot be read, of rows that tell of some."""
    rows = [comparable(row) for row in rows if row["verdict"] == UNREADABLE]
    assert {(row["resource"], row["code"], row["file"], row["records"]) for row in rows} == {
        (None, "SM105", "records", None)}
    return sorted((row["line"], row["record"], row["expected"][0], row["reason"]) for row in rows)


def placed(records):
    """Records as an Arrow table with the file and line of each."""
    found = table(records)
    lines = pa.array(range(1, len(records) + 1), pa.int64())
    return found.append_column("line", lines).append_column("file", pa.array(["records"] * len(records)))


def expected(records, **how):
    """The verdicts of one machine by resource."""
    return {one.resource: comparable(one.document()) for one in judge(model("scf.function"), records, **how).verdicts}


def found(rows):
    """The verdicts of some rows by resource; each stands there once. Those of single records are left out."""
    rows = [row for row in rows if row["verdict"] != UNREADABLE]
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
