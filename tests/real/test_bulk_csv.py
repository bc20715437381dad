"""CSV read in blocks gives the rows, lines and refusals of the standard library, whatever stands in it."""

import csv
import io

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
pytest.importorskip("numpy", reason="the extra `bulk` is not installed")

from hypothesis import example, given, settings
from hypothesis import strategies as st
from logs import log, write_csv

from statemodel.errors import HistoryError
from statemodel.oracle import bulk
from statemodel.oracle.bulk import quoted
from statemodel.oracle.bulk.quoted import Reader
from statemodel.oracle.check import check
from statemodel.registry import model

NAME = "scf.function"
HEADER = b"resource,op,result\n"


def by_blocks(data, block):
    """(line, cells) of each row, and what ended it."""
    found = []
    try:
        for rows in Reader("x.csv", 0, block).rows(io.BytesIO(data)):
            assert rows.first == len(found) + 1
            columns = [rows.columns[name].to_pylist() for name in ("resource", "op", "result")]
            found.extend(zip(rows.lines.tolist(), *columns, strict=True))
    except HistoryError as error:
        return found, (error.line, error.expected)
    return found, None


def by_the_library(data):
    """The same by the module `csv` alone."""
    found, line = [], 1
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""), strict=True)
    try:
        assert next(rows) == ["resource", "op", "result"]
        for row in rows:
            line = rows.line_num
            if len(row) > 3:
                return found, (line, "no more fields than the header has")
            if row:
                found.append((line, *row, *[""] * (3 - len(row))))
    except csv.Error as error:
        return found, (line + 1, f"CSV in UTF-8: {error}")
    except UnicodeDecodeError:
        return found, (None, "CSV in UTF-8")
    return found, None


def agree(data, block):
    rows, end = by_blocks(data, block)
    expected, wrong = by_the_library(data)
    if wrong is None:
        assert (rows, end) == (expected, None)
    else:
        assert end is not None
        assert end[0] == wrong[0]
        assert end[1].startswith(wrong[1])
        assert rows == expected[: len(rows)]


PIECES = st.sampled_from(
    ["a", ",", '"', '""', "\n", "\r\n", "\r", "\n\n", " ", "\u00e9", '"a,b"', '"a\nb"', '"a\r\nb"', '"a""b"', "x,y,z\n",
     '"x","y","z"\n', "x,y\n", '"",\n', "\0", "NULL", "1,2,3\r\n"]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([5, 30, 1_000]))
@example('a,b,c\n"a', 1_000)
@example('a,b,c\n"a\n\n', 1_000)
@example("a,b,c\r", 25)
@example('a,"b\r\nc",d\r\n\r\n\ne,f,g', 1_000)
@example('a,b,c\nx"y,b,c\n"p\nq",r\n', 1_000)
@settings(deadline=None, max_examples=400)
def test_rows_are_those_of_the_standard_library(text, block):
    """Quotes, line ends in fields, empty lines, rows too short or too long, in blocks of any size."""
    agree(HEADER + text.encode(), block)


@given(st.lists(st.lists(st.text(st.sampled_from('ab,"\n \u00e9'), max_size=6), min_size=3, max_size=3), max_size=12),
       st.sampled_from(["\n", "\r\n"]), st.sampled_from([20, 1_000]))
@settings(deadline=None, max_examples=200)
def test_what_was_written_is_read(rows, end, block):
    """Any texts that the standard library writes come back."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end).writerows([["resource", "op", "result"], *rows])
    data = written.getvalue().encode()
    agree(data, block)
    assert [row for _, *row in by_blocks(data, block)[0]] == [row for row in rows if any(row) or len(row) > 1]


@pytest.mark.parametrize("data", [b"\xff,b,c\n", b"a,b,c\n\xff,b,c\n", b'a,b,"\xff\n"\n'])
@pytest.mark.parametrize("block", [8, 1_000])
def test_what_is_no_text_is_refused(data, block):
    """Bytes that are not UTF-8 end the file."""
    agree(HEADER + data, block)


@pytest.mark.parametrize("data", [b"", b"\n", b"op,result\n", b"\xef\xbb\xbf"])
def test_a_header_without_resources_is_refused(data):
    with pytest.raises(HistoryError, match='a header with "resource"'):
        list(Reader("x.csv", 0, 100).rows(io.BytesIO(data)))


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + HEADER + b"a,b,c\n",
                                  b'\xef\xbb\xbf"resource",op,"result"\r\na,b,c'])
@pytest.mark.parametrize("block", [2, 5, 100])
def test_a_mark_of_the_order_of_bytes_is_left_out(data, block):
    assert by_blocks(data, block) == ([(2, "a", "b", "c")], None)


def test_columns_may_have_any_names():
    """Twice the same one is read as the standard library does; a column that nobody knows is passed over."""
    assert by_blocks(b"resource,op,x,result,op\na,b,1,c,d\n", 100) == ([(2, "a", "d", "c")], None)


def test_arrow_reads_what_is_usual(tmp_path, monkeypatch):
    """A log with quotes and line ends in fields never comes to the slow way, and lines of verdicts are right."""
    records = [{**one, "args": {**one.get("args", {}), "Text": "a\nb"}} if "op" in one else one for one in log(NAME, 3)]
    path = write_csv(tmp_path / "x.csv", records)
    path.write_text(path.read_text().replace('{""Text"": ""a\\nb""}', '{""Text"":\n""ab""}'))
    assert path.read_text().count("\n") > len(records) + 1
    expected = [one.document() for one in check(model(NAME), [str(path)]).verdicts]
    monkeypatch.setattr(quoted.Reader, "_carefully", None)
    report = bulk.check(model(NAME), [str(path)])
    assert [one.document() for one in report.verdicts(everything=True)] == expected
    assert any(one["line"] for one in expected)
