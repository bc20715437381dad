"""What may go wrong with a log of any size ends in right verdicts or in one clear line."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from array import array
from itertools import accumulate

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
pytest.importorskip("numpy", reason="the extra `bulk` is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
from logs import log, write_gzip, write_lines, write_parquet

from statemodel.cli import main
from statemodel.errors import HistoryError
from statemodel.oracle import bulk
from statemodel.oracle.bulk import sources
from statemodel.oracle.bulk.automaton import Automaton
from statemodel.oracle.bulk.follow import Keeping
from statemodel.oracle.bulk.parts import verdicts_of
from statemodel.oracle.bulk.state import Identity
from statemodel.oracle.check import check, judge
from statemodel.oracle.monitor import monitor
from statemodel.registry import model

NAME = "scf.function"
GOOD = {"resource": "a", "op": "GetFunction", "result": {"Status": "Active"}}


@pytest.fixture(params=["numpy", "numba"])
def by(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="Numba is not installed")
    return request.param


def documents(report):
    return [one.document() for one in report.verdicts(everything=True)]


def same(path, by, **how):
    """The verdicts of the columnar oracle, which are those of the careful one."""
    found = documents(bulk.check(model(NAME), [str(path)], by=by, **how))
    assert found == [one.document() for one in check(model(NAME), [str(path)]).verdicts]
    return found


def refusal(capsys, *argv):
    """The one line that a command ends with when it cannot read what it was given."""
    assert main(["check", NAME, *map(str, argv)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    return said.err, said.out


# ------------------------------------------------------------------------------------------------- rows that are bad


BAD = ["no JSON", "[1]", '{"op": "GetFunction", "result": {}}', '{"resource": "a", "op": "GetFunction"}',
       '{"resource": "a", "op": "GetFunction", "result": {}, "at": "yesterday"}',
       '{"resource": "a", "op": "X", "result": 1}', '{"resource": "a", "op": "GetFunction", "result": {"Status": "Act',
       '{"resource": "a", "op": "G", "result": {"x": tru}}']


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_counted_and_shown(bad, tmp_path, by):
    """It is named with file and line, and what came before and beside it is judged."""
    path = tmp_path / "x.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{bad}\n" + json.dumps({**GOOD, "resource": "b"}) + "\n")
    report = bulk.check(model(NAME), [str(path)], by=by)
    with pytest.raises(HistoryError) as plain:
        check(model(NAME), [str(path)])
    assert (report.bad_rows, [str(one) for one in report.bad]) == (1, [str(plain.value)])
    found = {one["resource"]: (one["verdict"], one["code"]) for one in documents(report)}
    is_known = '"resource"' in bad and not bad.endswith("Act") and "tru}" not in bad
    assert found == {"a": ("inconclusive", "SM105") if is_known else ("conforms", None), "b": ("conforms", None)}


def test_bad_rows_decide_the_exit_code(tmp_path, capsys):
    """The report is written all the same, and the last word says how many there are."""
    path = tmp_path / "x.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n" + "wrong\n" * 12)
    error, out = refusal(capsys, path, "--bulk")
    assert f"{path}:2: found 'wrong', expected one JSON object a line" in error
    assert error.endswith("; 11 more cannot be read.\n")
    assert "12 records cannot be read:\n" in out
    assert "  and 2 more\n" in out


def test_a_bad_row_of_columns_is_shown(tmp_path, by):
    """Parquet is told of by the number of its row."""
    path = tmp_path / "x.parquet"
    table = pa.table({"resource": ["a", None, "b"], "op": ["GetFunction"] * 3, "result": ["{}", "{}", "{"]})
    pq.write_table(table, path)
    report = bulk.check(model(NAME), [str(path)], by=by)
    told = [(one.line, one.expected) for one in report.bad]
    assert told == [(2, 'a text under "resource"'), (3, 'JSON under "result"')]


@pytest.mark.parametrize("is_coded", [False, True])
@pytest.mark.parametrize("name", ["resource", "at", "op", "result"])
def test_a_text_that_is_not_utf8_is_a_bad_row(name, is_coded, tmp_path, by):
    """Arrow lets any bytes pass; the row is shown and counted, and ends its history alone."""
    cells = {"resource": ["a", "b", "b"], "at": ["1", "2", "3"], "op": ["GetFunction"] * 3, "result": ["{}"] * 3}
    table = pa.table({one: column_of([text.encode() for text in texts]) for one, texts in cells.items()})
    texts = [b"{}" if name == "result" else b"1", b"\xff", b"\xfe"]
    column = column_of(texts).dictionary_encode() if is_coded else column_of(texts)
    table = table.set_column(table.schema.get_field_index(name), name, column)
    pq.write_table(table, tmp_path / "x.parquet")
    report = bulk.check(model(NAME), [str(tmp_path / "x.parquet")], by=by)
    assert [(one.line, one.expected, "\ufffd" in one.text) for one in report.bad] == [
        (2, f'UTF-8 under "{name}"', True), (3, f'UTF-8 under "{name}"', True)]
    found = [(one["resource"], one["code"], one["line"]) for one in documents(report) if one["resource"] == "b"]
    assert found == ([] if name == "resource" else [("b", "SM105", 2)])
    rows = [row for one in verdicts_of(model(NAME), table.to_batches(), by=by) for row in one.to_pylist()]
    assert [row["verdict"] for row in rows].count("unreadable") == 2


def column_of(texts):
    """Any bytes as a column of texts, which nobody looks at while it is made."""
    offsets = pa.py_buffer(array("i", [0, *accumulate(map(len, texts))]).tobytes())
    return pa.StringArray.from_buffers(len(texts), offsets, pa.py_buffer(b"".join(texts)))


def test_a_part_without_places_shows_what_cannot_be_read(by):
    """Where no column tells of places, the text is what there is, even if no row has a resource."""
    columns = {"resource": pa.array([None, ""], pa.string()), "op": ["X", "Y"], "result": ["{}"] * 2}
    batch = pa.RecordBatch.from_pydict(columns)
    rows = [row for one in verdicts_of(model(NAME), [batch], by=by) for row in one.to_pylist()]
    assert [(row["verdict"], row["resource"], row["file"], row["line"], row["record"]) for row in rows] == [
        ("unreadable", None, None, None, '{"op": "X", "result": "{}"}'),
        ("unreadable", None, None, None, '{"resource": "", "op": "Y", "result": "{}"}')]


# ------------------------------------------------------------------------------------------------- files that are bad


def test_a_truncated_gzip_is_refused(tmp_path, capsys):
    """What is cut off is not taken for the end."""
    path = write_gzip(tmp_path / "x.jsonl.gz", log(NAME, 1))
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(capsys, path)[0] == (
        f"statemodel: error: {path}: expected compressed data with an end; it is cut off\n")


def test_a_truncated_zstandard_is_refused(tmp_path, capsys):
    """As with gzip."""
    path = write_lines(tmp_path / "x.jsonl", log(NAME, 1))
    packed = pa.compress(path.read_bytes(), codec="zstd", asbytes=True)
    (tmp_path / "x.jsonl.zst").write_bytes(packed[:-20])
    assert "x.jsonl.zst: expected" in refusal(capsys, tmp_path / "x.jsonl.zst")[0]


def test_a_corrupt_page_is_refused(tmp_path, capsys):
    """A page of Parquet whose sum is wrong is not read."""
    path = write_parquet(tmp_path / "x.parquet", log(NAME, 1), write_page_checksum=True, compression="none",
                         use_dictionary=False)
    path.write_bytes(path.read_bytes().replace(b"fn-1", b"fn-2"))
    assert "x.parquet: expected a file that can be read: " in refusal(capsys, path)[0]


def test_a_file_that_is_not_parquet_is_refused(tmp_path, capsys):
    (tmp_path / "x.parquet").write_text("{}")
    assert "expected a Parquet file" in refusal(capsys, tmp_path / "x.parquet")[0]


def test_a_long_line_is_read(tmp_path, by, monkeypatch):
    """A line much longer than what is read at a time, here in small, gives the right verdict."""
    monkeypatch.setattr(sources, "BLOCK", 1 << 12)
    long = {**GOOD, "result": {"Status": "CreateFailed", "Noise": "x" * 100_000}}
    wrong = {"resource": "a", "op": "UpdateFunctionCode", "result": {}}
    path = write_lines(tmp_path / "x.jsonl", [long, wrong])
    assert [(one["code"], one["line"]) for one in same(path, by)] == [("SM201", 2)]


def test_a_line_too_long_is_refused(tmp_path, capsys, monkeypatch):
    """There is an end to what is held in memory."""
    monkeypatch.setattr(sources, "BLOCK", 1 << 12)
    monkeypatch.setattr(sources, "LONGEST_LINE", 1 << 14)
    path = write_lines(tmp_path / "x.jsonl", [{**GOOD, "result": {"Noise": "x" * 100_000}}])
    assert "expected lines of at most" in refusal(capsys, path, "--bulk")[0]


# ------------------------------------------------------------------------------------------------- shapes of logs


def test_many_resources_of_one_record(tmp_path, by):
    """Tables grow while they are read."""
    path = write_lines(tmp_path / "x.jsonl", [{**GOOD, "resource": f"fn-{number}"} for number in range(9_000)])
    assert len(same(path, by)) == 9_000


def test_one_resource_of_many_records(tmp_path, by):
    """What is wrong with its last record is found."""
    records = [GOOD] * 9_000 + [{"resource": "a", "op": "CreateFunction", "result": {}}]
    [found] = same(write_lines(tmp_path / "x.jsonl", records), by)
    assert (found["code"], found["line"], found["records"]) == ("SM201", 9_001, 9_001)


def test_late_records_are_sorted(tmp_path, by):
    """Records of one resource are judged in the order of their times."""
    records = [{**GOOD, "resource": f"fn-{number % 20}", "at": 1_000 - number} for number in range(400)]
    report = bulk.check(model(NAME), [str(write_lines(tmp_path / "x.jsonl", records))], by=by)
    assert (report.late, report.careful) == (20, 0)
    assert documents(report) == [one.document() for one in check(model(NAME), [str(tmp_path / "x.jsonl")]).verdicts]


@pytest.mark.parametrize("most", [{"most_states": 2}, {"most_symbols": 4}], ids=str)
def test_what_needs_too_many_numbers_is_read_again(most, tmp_path, by, monkeypatch):
    """A small automaton gives the same verdicts; more histories are read again."""
    path = write_lines(tmp_path / "x.jsonl", log(NAME, 3))
    usual = bulk.check(model(NAME), [str(path)], by=by)
    monkeypatch.setattr(bulk, "Automaton", lambda watching: Automaton(watching, **most))
    small = bulk.check(model(NAME), [str(path)], by=by)
    assert documents(small) == documents(usual)
    assert small.careful > usual.careful


def test_whole_numbers_with_a_legend(tmp_path, by):
    """Resources and records may be numbers, where the file says what they stand for."""
    legend = [{"op": "GetFunction", "result": {"Status": "Active"}}, {"op": "CreateFunction", "result": {}}]
    table = pa.table({"resource": pa.array([7, 3, 7], pa.int32()), "record": pa.array([0, 0, 1], pa.int8())})
    described = table.replace_schema_metadata({"statemodel.records": json.dumps(legend)})
    pq.write_table(described, tmp_path / "x.parquet")
    found = documents(bulk.check(model(NAME), [str(tmp_path / "x.parquet")], by=by))
    assert [(one["resource"], one["code"], one["line"]) for one in found] == [("7", "SM201", 3), ("3", None, None)]


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    read_bytes = 0

    def read(self, size=-1):
        found = super().read(size)
        self.read_bytes += len(found)
        return found


def test_parquet_is_read_as_far_as_it_is_needed(tmp_path, monkeypatch):
    """The first rows come before a file much larger than memory has been read."""
    count, noise = 16_000, [os.urandom(500).hex() for _ in range(16_000)]
    columns = {"resource": ["a"] * count, "op": ["GetFunction"] * count, "args": [f'{{"N": "{one}"}}' for one in noise]}
    table = pa.table({**columns, "result": ["{}"] * count})
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=1_000, compression="none")
    file = Counted((tmp_path / "x.parquet").read_bytes())
    monkeypatch.setattr(sources, "PART", 1 << 20)
    rows = sources.Source("x.parquet", 0, "x.parquet")._parquet(file)  # noqa: SLF001 - no other way to hand it a file
    first = len(next(rows))
    assert file.read_bytes < len(file.getvalue()) / 3
    assert first + sum(map(len, rows)) == count


# ------------------------------------------------------------------------------------------------- going on


def keeping(path, every_s=0.0, name=NAME, digest="one"):
    return Keeping(path, Identity(name, digest, ("--start unknown",)), every_s)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_tomorrow_goes_on_where_today_ended(share, tmp_path, by):
    """Two files, one after the other with a state, give the verdicts of both at once."""
    records = log(NAME, 5)
    cut = int(len(records) * share)
    parts = [str(write_lines(tmp_path / f"{number}.jsonl", one))
             for number, one in enumerate((records[:cut], records[cut:]))]
    bulk.check(model(NAME), parts[:1], by=by, keeping=keeping(tmp_path / "state"))
    second = bulk.check(model(NAME), parts[1:], by=by, keeping=keeping(tmp_path / "state"))
    assert documents(second) == [one.document() for one in check(model(NAME), parts).verdicts]


def test_a_run_that_was_killed_is_gone_on_with(tmp_path, by, monkeypatch):
    """What a run had written when it stopped in the middle of a file is enough."""
    monkeypatch.setattr(sources, "BLOCK", 1 << 12)
    path = write_lines(tmp_path / "x.jsonl", log(NAME, 6, 100))
    stopped = keeping(tmp_path / "state")

    def stop(_records, share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.check(model(NAME), [str(path)], by=by, keeping=stopped, progress=stop, jobs=1)
    assert stopped.path.exists()
    report = bulk.check(model(NAME), [str(path)], by=by, keeping=stopped)
    assert report.records == len(log(NAME, 6, 100))
    assert documents(report) == [one.document() for one in check(model(NAME), [str(path)]).verdicts]


def test_a_process_that_was_killed_is_gone_on_with(tmp_path, capsys):
    """The signal that nothing can catch, while the command waits for more of its input."""
    records, first, second = log(NAME, 7), tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    write_lines(first, records[: len(records) // 2])
    os.mkfifo(second)
    argv = ["check", NAME, str(first), str(second), "--bulk", "--json", "--all", "--state", str(tmp_path / "state"),
            "--jobs", "1"]
    program = ("import sys, statemodel.oracle.bulk.follow as follow\nfollow.EVERY_S = 0.0\n"
               "from statemodel.cli import main\nsys.exit(main(sys.argv[1:]))")
    child = subprocess.Popen([sys.executable, "-c", program, *argv], stdout=subprocess.DEVNULL)  # noqa: S603
    deadline = time.monotonic() + 60
    while not (tmp_path / "state").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert (tmp_path / "state").exists()
    second.unlink()
    write_lines(second, records[len(records) // 2 :])
    capsys.readouterr()
    assert main(argv) in {1, 3}
    found = json.loads(capsys.readouterr().out)["verdicts"]
    assert found == [one.document() for one in check(model(NAME), [str(first), str(second)]).verdicts]


def test_a_state_of_another_model_is_refused(tmp_path):
    """So is that of another version, another way of judging, and what is no state."""
    path = write_lines(tmp_path / "x.jsonl", [GOOD])
    bulk.check(model(NAME), [str(path)], keeping=keeping(tmp_path / "state"))
    for other, message in (({"name": "fc"}, "a state of the model fc"), ({"digest": "two"}, "as this version")):
        with pytest.raises(HistoryError, match=message):
            bulk.check(model(NAME), [str(path)], keeping=keeping(tmp_path / "state", **other))
    with pytest.raises(HistoryError, match="a state that `statemodel check --state` has written"):
        bulk.check(model(NAME), [str(path)], keeping=keeping(path))


def test_what_stands_in_files_that_are_gone_is_said(tmp_path, by):
    """A violation is found by positions alone, without an explanation; what must be read again is inconclusive."""
    first = write_lines(tmp_path / "1.jsonl", [
        {"resource": "a", "op": "GetFunction", "result": {"Status": "CreateFailed"}},
        {"resource": "b", "op": "CreateFunction", "args": {"content": "x"}, "result": {}}])
    second = write_lines(tmp_path / "2.jsonl", [
        {"resource": "a", "op": "UpdateFunctionCode", "result": {}},
        {"resource": "b", "op": "GetFunction", "result": {"Status": "Active"}}])
    bulk.check(model(NAME), [str(first)], by=by, keeping=keeping(tmp_path / "state"))
    first.unlink()
    report = bulk.check(model(NAME), [str(second)], by=by, keeping=keeping(tmp_path / "state"))
    assert [(one["verdict"], one["code"], one["line"], one["reason"]) for one in documents(report)] == [
        ("violates", "SM201", 1, "records of it stand in files that are gone"),
        ("inconclusive", "SM106", None, "records of it stand in files that are gone")]


# ------------------------------------------------------------------------------------------------- names of files


def test_folders_and_patterns_are_read_in_order(tmp_path):
    """All files below a folder, or those that fit; marks of other programs are passed over."""
    records = log(NAME, 8)
    (tmp_path / "logs" / "day").mkdir(parents=True)
    write_lines(tmp_path / "logs" / "day" / "1.jsonl", records[:50])
    write_gzip(tmp_path / "logs" / "day" / "2.jsonl.gz", records[50:])
    (tmp_path / "logs" / "_SUCCESS").write_text("")
    whole = judge(model(NAME), records).counts()
    for name in (str(tmp_path / "logs"), str(tmp_path / "logs" / "*" / "*.jsonl*")):
        assert bulk.check(model(NAME), [name]).counts() == whole


def test_a_folder_with_something_else_is_refused(tmp_path, capsys):
    """Nothing is passed over in silence."""
    write_lines(tmp_path / "x.jsonl", [GOOD])
    (tmp_path / "notes.txt").write_text("")
    assert f"{tmp_path / 'notes.txt'}: expected files ending in" in refusal(capsys, tmp_path)[0]


def test_standard_input_is_read():
    """A dash stands for it; what violates is explained as from a file."""
    wrong = {"resource": "a", "op": "UpdateFunctionCode", "result": {}}
    records = [{**GOOD, "result": {"Status": "CreateFailed"}}, wrong]
    done = subprocess.run([sys.executable, "-m", "statemodel", "check", NAME, "-", "--json"],  # noqa: S603
                          input="".join(f"{json.dumps(one)}\n" for one in records), capture_output=True, text=True,
                          check=False)
    [found] = json.loads(done.stdout)["verdicts"]
    assert (done.returncode, found["file"], found["line"], len(found["explanation"])) == (1, "-", 2, 1)


def test_the_automaton_is_that_of_the_monitor():
    """Every step of the automaton leads where the monitor leads."""
    watching = monitor(model(NAME))
    automaton = Automaton(watching)
    symbol = automaton.symbol({"op": "GetFunction", "result": {"Status": "Active"}})
    step = automaton.work_out(automaton.start, symbol)
    assert automaton.steps[step] == watching.call(watching.start, automaton._symbols[symbol].said)  # noqa: SLF001
