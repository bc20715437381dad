"""Lines that are like those before are read as if each stood alone, and names that are whole numbers are names."""

import json
from random import Random

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
pytest.importorskip("numba", reason="Numba is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from statemodel.catalogue import SCF
from statemodel.oracle import bulk
from statemodel.registry import model

SHAPES = (
    {"resource": "f", "at": "2026-05-01T00:00:00Z", "op": "CreateFunction", "args": {"FunctionName": "f"},
     "result": {}},
    {"op": "GetFunction", "resource": "f", "result": {"Status": "Active", "RequestId": "r-1"}, "took": 12},
    {"resource": "f", "took": "a", "at": 17.5, "op": "Invoke", "args": {"FunctionName": "f", "Size": 3}, "error": "*"},
    {"resource": "f", "op": "PublishVersion", "args": {"Size": -1, "FunctionName": "f", "More": {"a": [1]}, "T": "x"},
     "result": {"RequestId": "q", "FunctionVersion": "1"}},
)
TEXTS = ("f", "g1", "g-", "1g", "", "a b", "\u00e9", 'q"q', "b\\b", "x" * 49, "2026-05-01T00:00:01Z", "yesterday",
         "Active")
NUMBERS = ("0", "7", "-3", "01", "1.5", "1.", "-", "1e3", "2E", "true", "null", "{}", "[1, 2]", '"7"')
BYTES = '{}[]",:\\ 0a-.\t\u00e9'


def changed(record, random):
    """A record with other texts and numbers somewhere in it."""
    if isinstance(record, dict):
        return {name: changed(one, random) for name, one in record.items() if random.random() > 0.02}
    if random.random() < 0.7 or isinstance(record, list):
        return record
    return random.choice(TEXTS) if isinstance(record, str) else f"#{random.choice(NUMBERS)}#"


def spelt(record, number, random):
    """A line of JSON, or nearly, most often of a resource of its own; blanks differ, and now and then a byte."""
    known = changed(record, random)
    if "resource" in known and random.random() < 0.9:
        known["resource"] = f"f-{number}"
    line = json.dumps(known, ensure_ascii=random.random() < 0.5)
    for one in NUMBERS:
        line = line.replace(json.dumps(f"#{one}#"), one)
    if random.random() < 0.1:
        line = line.replace(", ", random.choice((",", " , ", ",\t")))
    if random.random() < 0.05:
        place = random.randrange(len(line))
        line = line[:place] + random.choice(BYTES) + line[place + random.choice((0, 1)) :]
    return line


@pytest.mark.parametrize("seed", range(5))
def test_lines_of_few_shapes_are_read_as_by_python(seed, tmp_path):
    """Whatever differs between lines of one shape, the compiled reader and that of Python agree about every record."""
    random = Random(seed)
    lines = [spelt(random.choice(SHAPES), number, random) for number in range(800)]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    quick, plain = (bulk.check(SCF, [str(path)], by=by) for by in ("numba", "numpy"))
    documents = [{**one.document(everything=True), "verdicts": None} for one in (quick, plain)]
    assert documents[0] == documents[1]
    assert 0 < quick.bad_rows < quick.records / 2
    told = [[one.document() for one in report.verdicts(everything=True)] for report in (quick, plain)]
    assert told[0] == told[1]


def test_a_name_that_must_be_refused_is_seen_behind_others(tmp_path):
    """Names that fit stand for each other; one that does not, in a line like the others, is looked at."""
    names = ("first", "second", "1g", "third", "g h")
    lines = [json.dumps({"resource": f"r-{one}", "op": "createFunction", "args": {"functionName": one}, "result": {}})
             for one in names]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = bulk.check(model("fc"), [str(path)], by="numba", start="absent")
    assert [one.resource for one in report.verdicts()] == ["r-1g", "r-g h"]


@pytest.mark.parametrize("members", [50, 57, 58, 59, 60, 200])
def test_a_line_with_many_members_is_read(members, tmp_path):
    """Lines with more members than are noted say the same as others, each of its own resource."""
    noise = {f"m{number}": "x" for number in range(members)}
    lines = [json.dumps({**noise, "op": "GetFunction", "result": {"Status": "Active"}, "resource": f"f-{number}"})
             for number in range(20)]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(3 * lines), encoding="utf-8")
    report = bulk.check(SCF, [str(path)], by="numba")
    found = {one.resource: one.records for one in report.verdicts(everything=True)}
    assert found == {f"f-{number}": 3 for number in range(20)}
    assert report.bad_rows == 0


def test_more_shapes_than_are_remembered_are_read(tmp_path):
    """Beyond what the tree holds, lines are read one by one."""
    lines = [json.dumps({f"key-{number}": "x", "resource": f"f-{number}", "op": "GetFunction", "result": {}})
             for number in range(3_000)]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(2 * lines), encoding="utf-8")
    report = bulk.check(SCF, [str(path)], by="numba")
    assert (report.records, report.histories, report.bad_rows) == (6_000, 3_000, 0)
    assert {one.records for one in report.verdicts(everything=True)} == {2}


@pytest.mark.parametrize("by", ["numba", "numpy"])
@pytest.mark.parametrize("order", [("whole", "text"), ("text", "whole"), ("whole", "text", "whole", "great")])
def test_names_that_are_whole_numbers_are_those_of_their_digits(order, by, tmp_path):
    """Columns of numbers and of texts name the same resources, in order of first mention."""
    names = {
        "whole": pa.array([7, 3, 7, 5], pa.int32()), "text": pa.array(["5", "f", "7", "03"]),
        "great": pa.array([1 << 40, -1, 3, 7], pa.int64()),
    }
    expected = {}
    for number, kind in enumerate(order):
        table = pa.table({"resource": names[kind], "op": ["GetFunction"] * 4, "result": ['{"Status": "Active"}'] * 4})
        pq.write_table(table, tmp_path / f"{number}.parquet")
        for one in names[kind].to_pylist():
            expected[str(one)] = expected.get(str(one), 0) + 1
    report = bulk.check(SCF, [str(tmp_path)], by=by)
    assert {one.resource: one.records for one in report.verdicts(everything=True)} == expected
    assert [one.resource for one in report.verdicts(everything=True)] == list(expected)
