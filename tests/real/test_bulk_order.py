"""Logs out of the order of time get the verdicts of the careful oracle, without being read again record by record."""

import json
from random import Random

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
pytest.importorskip("numpy", reason="the extra `bulk` is not installed")

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import log, write_lines, write_parquet

from statemodel.cli import main
from statemodel.oracle import bulk
from statemodel.oracle.bulk import late
from statemodel.oracle.bulk.automaton import BAD
from statemodel.oracle.bulk.follow import Keeping
from statemodel.oracle.bulk.late import RECORD, in_order
from statemodel.oracle.bulk.state import Identity
from statemodel.oracle.check import check, judge, sorted_by_time
from statemodel.registry import model

NAME = "scf.function"
ACTIVE = {"resource": "a", "op": "GetFunction", "result": {"Status": "Active"}}
FAILED = {"resource": "a", "op": "GetFunction", "result": {"Status": "CreateFailed"}}
UPDATE = {"resource": "a", "op": "UpdateFunctionCode", "result": {}}


@pytest.fixture(params=["numpy", "numba"])
def by(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="Numba is not installed")
    return request.param


def stirred(name, seed, missing, latest):
    """A log in any order, with times that are equal or missing now and then."""
    random, records = Random(f"{name} {seed} {missing} {latest}"), [dict(one) for one in log(name, seed)]
    random.shuffle(records)
    for one in records:
        one.pop("at", None)
        if random.random() >= missing:
            second = random.randrange(latest)
            stamp = f"1970-01-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
            one["at"] = random.choice((second, stamp))
    return records


def documents(report):
    return [one.document() for one in report.verdicts(everything=True)]


@pytest.mark.parametrize("name", ["scf.function", "fc.version", "scf.alias"])
@pytest.mark.parametrize("missing", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("latest", [3, 10_000])
def test_verdicts_are_those_of_the_careful_oracle(name, missing, latest, tmp_path, by, monkeypatch):
    """Whatever the times, in one share or in many."""
    records = stirred(name, "order", missing, latest)
    lines = str(write_lines(tmp_path / "x.jsonl", records))
    careful = check(model(name), [lines])
    for share in (1 << 20, 7):
        monkeypatch.setattr(late, "AT_ONCE", share)
        report = bulk.check(model(name), [lines], by=by)
        assert documents(report) == [one.document() for one in careful.verdicts]
        assert report.counts() == careful.counts()
        assert report.mean_strength == pytest.approx(sum(one.strength for one in careful.verdicts) / report.histories)


def test_columns_give_the_same(tmp_path, by):
    """Parquet out of order is judged like lines out of order."""
    records = stirred(NAME, "columns", 0.2, 1_000)
    texts = [{**one, "at": str(one["at"])} if "at" in one else one for one in records]
    path = write_parquet(tmp_path / "x.parquet", texts)
    lines = write_lines(tmp_path / "x.jsonl", records)
    expected = [{**one.document(), "file": None} for one in check(model(NAME), [str(lines)]).verdicts]
    assert [{**one, "file": None} for one in documents(bulk.check(model(NAME), [str(path)], by=by))] == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(-2, 2)))))
@settings(deadline=None)
def test_the_order_is_that_of_the_careful_oracle(rows):
    """Missing times stay behind the record before them, equal ones keep their order."""
    records = np.array([(resource, 2, np.nan if at is None else at, place)
                        for place, (resource, at) in enumerate(rows)], RECORD)
    expected = []
    for resource in range(4):
        own = [("x", place, {} if at is None else {"at": at})
               for place, (one, at) in enumerate(rows) if one == resource]
        expected.extend(place for _, place, _ in sorted_by_time(own))
    assert in_order(records)["place"].tolist() == expected


@given(st.lists(st.tuples(st.integers(2, 3), st.integers(0, 3), st.booleans()), max_size=12))
@settings(deadline=None)
def test_a_record_that_cannot_be_read_ends_its_history(rows):
    """Of what stands before it in the log all is judged, of what stands behind it nothing."""
    records = np.array([(0, BAD if is_bad else symbol, at, place)
                        for place, (symbol, at, is_bad) in enumerate(rows)], RECORD)
    first = next((place for place, (_, _, is_bad) in enumerate(rows) if is_bad), len(rows))
    expected = sorted(range(first), key=lambda place: rows[place][1])
    assert in_order(records)["place"].tolist() == [*expected, *([first] if first < len(rows) else [])]


def test_only_what_numbers_cannot_decide_is_read_again(tmp_path, by):
    """Of a log that runs backwards no history goes to the careful monitor but the one with content."""
    records = [{**ACTIVE, "resource": f"fn-{number % 20}", "at": 1_000 - number} for number in range(400)]
    records[200]["result"] = {"Status": "Active"}
    records.append({"resource": "fn-3", "op": "UpdateFunctionCode", "args": {"content": "x"}, "result": {}, "at": 0})
    path = str(write_lines(tmp_path / "x.jsonl", records))
    report = bulk.check(model(NAME), [path], by=by)
    assert (report.late, report.careful) == (20, 1)
    assert documents(report) == [one.document() for one in check(model(NAME), [path]).verdicts]


def test_histories_put_in_order_are_counted(tmp_path, capsys):
    """The report says how many there were, in words and in the document."""
    records = [{**ACTIVE, "at": 2}, {**ACTIVE, "at": 1}, {**ACTIVE, "resource": "b"}]
    path = str(write_lines(tmp_path / "x.jsonl", records))
    assert main(["check", NAME, path, "--bulk"]) == 0
    assert "1 history with records out of the order of time put in order.\n" in capsys.readouterr().out
    assert main(["check", NAME, path, "--bulk", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["late"] == 1


def test_a_violation_is_explained_in_the_order_of_time(tmp_path, by):
    """What is wrong only in the order of time is found, with its line; what is wrong only in that of the log is not."""
    gone = {"op": "DeleteFunction", "result": {}, "resource": "a"}
    records = [{**ACTIVE, "at": 20}, {**gone, "at": 10},
               {**gone, "resource": "b", "at": 20}, {**ACTIVE, "resource": "b", "at": 10}]
    path = str(write_lines(tmp_path / "x.jsonl", records))
    found = documents(bulk.check(model(NAME), [path], by=by))
    assert found == [one.document() for one in check(model(NAME), [path]).verdicts]
    told = [(one["resource"], one["verdict"], one["line"]) for one in found]
    assert told == [("a", "violates", 1), ("b", "conforms", None)]
    without = [{name: value for name, value in one.items() if name != "at"} for one in records]
    assert [str(one.outcome) for one in judge(model(NAME), without).verdicts] == ["conforms", "violates"]


def test_a_late_history_with_a_record_that_cannot_be_read(tmp_path, by):
    """It is inconclusive where all before that record is right, and violates where it is not."""
    broken = {"resource": "a", "op": "GetFunction", "at": 1}
    for sound in ([{**ACTIVE, "at": 9}, {**ACTIVE, "at": 3}], [{**UPDATE, "at": 9}, {**FAILED, "at": 3}]):
        path = write_lines(tmp_path / "x.jsonl", [*sound, broken, FAILED])
        [expected] = [one.document() for one in judge(model(NAME), sound).verdicts]
        [found] = documents(bulk.check(model(NAME), [str(path)], by=by))
        assert found["records"] == 4
        if expected["verdict"] == "violates":
            assert {**found, "records": 2, "file": "records"} == expected
        else:
            assert (found["verdict"], found["code"], found["line"]) == ("inconclusive", "SM105", 3)
            assert found["strength"] == expected["strength"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_tomorrow_may_be_late_for_today(is_gone, tmp_path, by):
    """With a state, histories that are late across two files are judged anew, as long as both are there."""
    records = stirred(NAME, "state", 0.1, 5_000)
    parts = [str(write_lines(tmp_path / f"{number}.jsonl", one))
             for number, one in enumerate((records[:120], records[120:]))]
    keeping = Keeping(tmp_path / "state", Identity(NAME, "one", ()), 0.0)
    bulk.check(model(NAME), parts[:1], by=by, keeping=keeping)
    expected = [one.document() for one in check(model(NAME), parts).verdicts]
    first = {one["resource"] for one in records[:120]}
    if is_gone:
        (tmp_path / "0.jsonl").unlink()
    report = bulk.check(model(NAME), parts[1:], by=by, keeping=keeping)
    assert report.late > 20
    found = documents(report)
    if not is_gone:
        assert found == expected
        return
    whole = [one for one in found if one["resource"] not in first]
    assert whole == [one for one in expected if one["resource"] not in first]
    codes = {one["code"] for one in found if one["resource"] in first}
    assert "SM106" in codes
