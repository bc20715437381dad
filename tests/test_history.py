"""What cannot be read is refused with file, line, the text found and what was expected; what can be is read whole."""

import json

import pytest

from statemodel.errors import HistoryError
from statemodel.model.history import read_file
from statemodel.oracle.check import check, judge
from statemodel.registry import model

ANSWER = 'exactly one of "result", "error" and "lost"'
SHAPE = f'an object with "resource" and either "op" with {ANSWER}, or "event", or "silence"'
TIME = 'RFC 3339 or seconds under "at"'
GOOD = '{"resource": "a", "op": "GetFunction", "result": {}}\n'
HEAD = "resource,at,op,args,result,error\n"
CALL = {"resource": "a", "op": "GetFunction"}


def shown(record):
    """How a record stands in a message: not longer than 120 characters, quoted."""
    text = str(record)
    return repr(text if len(text) <= 120 else text[:117] + "...")


@pytest.fixture
def refusal(tmp_path, monkeypatch):
    """Writes a file, checks it, and gives the message and the line of the refusal."""
    monkeypatch.chdir(tmp_path)

    def refuse(text, name="x.jsonl"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(HistoryError) as caught:
            check(model("scf.function"), [name])
        return str(caught.value), caught.value.line

    return refuse


@pytest.fixture
def records(tmp_path):
    """Writes a file and gives its records with their lines."""

    def read(text, name="x.jsonl"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(read_file(str(tmp_path / name)))

    return read


# ------------------------------------------------------------------------------------------------- JSON lines

LINES = {
    "no JSON": "nonsense",
    "two objects": GOOD.strip() + GOOD.strip(),
    "a number too long to read": '{"resource": "a", "silence": ' + "9" * 5000 + "}",
    "a zero byte": "\0",
    "deep nesting": "[" * 100_000 + "]" * 100_000,
    "deep nesting of objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_line_that_is_no_json(refusal, line):
    text = repr(line if len(line) <= 120 else line[:117] + "...")
    message = f"x.jsonl:2: found {text}, expected one JSON object a line: {SHAPE}"
    assert refusal(GOOD + line + "\n" + GOOD) == (message, 2)


@pytest.mark.parametrize("line", ["[1]", "3", "null", "true", '"text"', "[]"])
def test_line_that_is_no_object(refusal, line):
    assert refusal(GOOD + line + "\n") == (f"x.jsonl:2: found {line!r}, expected {SHAPE}", 2)


def test_line_that_is_no_utf_8(refusal):
    line = b'{"resource": "\xff"}\n'
    text = repr('{"resource": "�"}')
    assert refusal(GOOD.encode() + line) == (f"x.jsonl:2: found {text}, expected one JSON object a line: {SHAPE}", 2)


RECORDS = {
    "result and error": ({**CALL, "result": {}, "error": "X"}, ANSWER),
    "result and lost": ({**CALL, "result": {}, "lost": True}, ANSWER),
    "neither": (CALL, ANSWER),
    "not lost": ({**CALL, "lost": False}, ANSWER),
    "lost null": ({**CALL, "lost": None}, ANSWER),
    "lost 0": ({**CALL, "lost": 0}, ANSWER),
    "error null beside a result": ({**CALL, "result": {}, "error": None}, ANSWER),
    "no resource": ({"op": "GetFunction", "result": {}}, 'a text under "resource"'),
    "resource a number": ({**CALL, "resource": 3, "result": {}}, 'a text under "resource"'),
    "resource a list": ({**CALL, "resource": [], "result": {}}, 'a text under "resource"'),
    "at a word": ({**CALL, "at": "noon", "result": {}}, TIME),
    "at without a zone": ({**CALL, "at": "2026-05-01T12:00:00", "result": {}}, TIME),
    "at a day": ({**CALL, "at": "2026-05-01", "result": {}}, TIME),
    "at true": ({**CALL, "at": True, "result": {}}, TIME),
    "at null": ({**CALL, "at": None, "result": {}}, TIME),
    "at a list": ({**CALL, "at": [], "result": {}}, TIME),
    "at not a number": ({**CALL, "at": float("nan"), "result": {}}, TIME),
    "at without end": ({**CALL, "at": float("inf"), "result": {}}, TIME),
    "op a number": ({**CALL, "op": 3, "result": {}}, SHAPE),
    "op a list": ({**CALL, "op": [], "result": {}}, SHAPE),
    "no op": ({"resource": "a", "result": {}}, SHAPE),
    "nothing else": ({"resource": "a"}, SHAPE),
    "args a list": ({**CALL, "args": [], "result": {}}, 'an object under "args"'),
    "args a text": ({**CALL, "args": "x", "result": {}}, 'an object under "args"'),
    "args null": ({**CALL, "args": None, "result": {}}, 'an object under "args"'),
    "result a list": ({**CALL, "result": []}, 'an object under "result"'),
    "result a text": ({**CALL, "result": ""}, 'an object under "result"'),
    "result null": ({**CALL, "result": None}, 'an object under "result"'),
    "result 0": ({**CALL, "result": 0}, 'an object under "result"'),
    "error empty": ({**CALL, "error": ""}, 'a code, or "*", under "error"'),
    "error null": ({**CALL, "error": None}, 'a code, or "*", under "error"'),
    "error a number": ({**CALL, "error": 404}, 'a code, or "*", under "error"'),
    "as neither": ({**CALL, "as": "x", "result": {}}, '"source" or "target" under "as"'),
    "event a number": ({"resource": "a", "event": 3}, 'a text under "event"'),
    "event null": ({"resource": "a", "event": None}, 'a text under "event"'),
    "silence below zero": ({"resource": "a", "silence": -1}, 'seconds, not negative, under "silence"'),
    "silence a text": ({"resource": "a", "silence": "60"}, 'seconds, not negative, under "silence"'),
    "silence true": ({"resource": "a", "silence": True}, 'seconds, not negative, under "silence"'),
    "silence null": ({"resource": "a", "silence": None}, 'seconds, not negative, under "silence"'),
    "silence not a number": ({"resource": "a", "silence": float("nan")}, 'seconds, not negative, under "silence"'),
}


@pytest.mark.parametrize(("record", "expected"), RECORDS.values(), ids=RECORDS)
def test_record_of_another_shape(refusal, record, expected):
    message = f"x.jsonl:1: found {shown(record)}, expected {expected}"
    assert refusal(json.dumps(record)) == (message, 1)


@pytest.mark.parametrize(("record", "expected"), RECORDS.values(), ids=RECORDS)
def test_record_of_another_shape_after_good_ones(refusal, record, expected):
    """What is wrong with a record does not hang on what was read before it, so that nothing is taken for granted."""
    message = f"x.jsonl:6: found {shown(record)}, expected {expected}"
    assert refusal(GOOD * 5 + json.dumps(record)) == (message, 6)


@pytest.mark.parametrize("result", [["x"], "x", 3])
def test_answer_without_known_fields_is_an_object_too(refusal, result):
    """An operation whose answer shows nothing that the model knows is read no less strictly."""
    good = {"resource": "a", "op": "DeleteFunction", "result": {"RequestId": "1"}}
    expected = f"x.jsonl:4: found {shown({**good, 'result': result})}, expected an object under \"result\""
    assert refusal((json.dumps(good) + "\n") * 3 + json.dumps({**good, "result": result})) == (expected, 4)


@pytest.mark.parametrize(("first", "second"), [(1, True), (1.0, True), (0, False)])
def test_time_that_is_true_after_one_that_is_1(refusal, first, second):
    """Python takes the two for equal; the reader does not."""
    record = {**CALL, "at": second, "result": {}}
    lines = json.dumps({**record, "at": first}) + "\n" + json.dumps(record)
    assert refusal(lines) == (f"x.jsonl:2: found {shown(record)}, expected {TIME}", 2)


def test_record_of_another_shape_after_a_violation(refusal):
    """A history that has violated is read to its end all the same."""
    wrong = '{"resource": "a", "op": "GetFunction", "error": "ResourceInUse.Alias"}\n'
    message = f"x.jsonl:2: found {shown(CALL)}, expected {ANSWER}"
    assert refusal(wrong + json.dumps(CALL)) == (message, 2)


def test_record_of_another_shape_in_memory():
    with pytest.raises(HistoryError) as caught:
        judge(model("scf.function"), [json.loads(GOOD), CALL])
    assert str(caught.value) == f"records:2: found {shown(CALL)}, expected {ANSWER}"


# ------------------------------------------------------------------------------------------------- files


def test_empty_file(refusal):
    assert refusal("") == ("x.jsonl: expected at least one record", None)


def test_file_of_empty_lines(refusal):
    """A file in which nothing is recorded is not one in which everything conforms."""
    assert refusal("\n  \n") == ("x.jsonl: expected at least one record", None)


@pytest.mark.parametrize(("name", "problem"), [
    ("nowhere.jsonl", "No such file or directory"), ("nowhere.csv", "No such file or directory"),
    (".", "Is a directory"),
])
def test_file_that_cannot_be_read(tmp_path, monkeypatch, name, problem):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HistoryError) as caught:
        check(model("scf.function"), [name])
    assert str(caught.value) == f"{name}: expected a readable file: {problem}"


def test_empty_lines_are_counted_and_skipped(records):
    assert [line for line, _ in records("\n" + GOOD + "  \n" + GOOD)] == [2, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_nothing_is_lost(records, end):
    """Every record comes with its line, byte-order mark, line ends and a last line without one notwithstanding."""
    args = [{"ä": [number, None, 1.5]} for number in range(100)]
    expected = [{"resource": "r", "op": "x", "args": one, "result": {}} for one in args]
    text = "\ufeff" + end.join(json.dumps(one, ensure_ascii=False) for one in expected)
    assert records(text) == list(enumerate(expected, 1))


def test_line_of_a_verdict_counts_in_its_file(tmp_path):
    """Several files are one stream; file and line of a verdict are those of the record that decided it."""
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    first.write_text(GOOD * 3, encoding="utf-8")
    second.write_text("\n\n" + GOOD + GOOD.replace("GetFunction", "GotFunction"), encoding="utf-8")
    report = check(model("scf.function"), [str(first), str(second)])
    assert report.records == 5
    assert [(one.code, one.file, one.line, one.records) for one in report.verdicts] == [("SM102", str(second), 4, 5)]


# ------------------------------------------------------------------------------------------------- CSV

ROWS = {
    "more fields than the header": (
        "a,1,GetFunction,,{},,more,evenmore",
        """"['more', 'evenmore']", expected no more fields than the header has"""),
    "args no JSON": ("a,1,GetFunction,{x,{},",
                     "'args={x', expected JSON in the columns args, result, lost and silence"),
    "result no JSON": ("a,1,GetFunction,,Active,",
                       "'result=Active', expected JSON in the columns args, result, lost and silence"),
    "result a list": ("a,1,GetFunction,,[1],", shown({"resource": "a", "at": "1", "op": "GetFunction", "result": [1]})
                      + ', expected an object under "result"'),
    "result and error": ("a,1,GetFunction,,{},X",
                         shown({"resource": "a", "at": "1", "op": "GetFunction", "result": {}, "error": "X"})
                         + f", expected {ANSWER}"),
    "neither": ("a,1,GetFunction,,,",
                shown({"resource": "a", "at": "1", "op": "GetFunction"}) + f", expected {ANSWER}"),
    "no resource": (",1,GetFunction,,{},", shown({"at": "1", "op": "GetFunction", "result": {}})
                    + ', expected a text under "resource"'),
    "at a word": ("a,noon,GetFunction,,{},", shown({"resource": "a", "at": "noon", "op": "GetFunction", "result": {}})
                  + f", expected {TIME}"),
}


@pytest.mark.parametrize(("row", "found"), ROWS.values(), ids=ROWS)
def test_row_that_cannot_be_read(refusal, row, found):
    good = "a,1,GetFunction,,{},\n"
    assert refusal(HEAD + good + row + "\n" + good, "x.csv") == (f"x.csv:3: found {found}", 3)


def test_deep_nesting_in_a_column(refusal):
    row = "a,1,GetFunction," + "[" * 100_000 + ",{},\n"
    text = repr("args=" + "[" * 112 + "...")
    expected = f"x.csv:2: found {text}, expected JSON in the columns args, result, lost and silence"
    assert refusal(HEAD + row, "x.csv") == (expected, 2)


@pytest.mark.parametrize("text", ["", HEAD])
def test_csv_without_a_record(refusal, text):
    assert refusal(text, "x.csv") == ("x.csv: expected a header and at least one record", None)


def test_csv_that_is_none(refusal):
    """Quotes that do not end where a field ends are refused, with the line they stand in."""
    message = "x.csv:2: expected CSV in UTF-8: ',' expected after '\"'"
    assert refusal(HEAD + 'a,1,"Get"Function,,{},\n', "x.csv") == (message, 2)


def test_csv_that_is_no_utf_8(refusal):
    message = "x.csv: expected CSV in UTF-8: 'utf-8' codec can't decode byte 0xff in position 33: invalid start byte"
    assert refusal(HEAD.encode() + b"\xff,1,GetFunction,,{},\n", "x.csv")[0] == message


def test_csv_holds_the_same_as_json_lines(records):
    """Columns that hold JSON are read as such, empty fields are absent, and lines count as an editor counts them."""
    text = (
        "\ufeffresource,at,op,args,result,error,lost,event,silence\n"
        'a,1,CreateFunction,"{""content"": ""x""}",{},,,,\n'
        "\n"
        'a,2,GetFunction,,"{""Status"":\n ""Active""}",,,,\n'
        "a,,DeleteFunction,,,FailedOperation.DeleteFunction,,,\n"
        "a,,DeleteFunction,,,,true,,\n"
        "b,,,,,,,balance exhausted,\n"
        "b,,,,,,,,60\n"
    )
    assert records(text, "x.csv") == [
        (2, {"resource": "a", "at": "1", "op": "CreateFunction", "args": {"content": "x"}, "result": {}}),
        (5, {"resource": "a", "at": "2", "op": "GetFunction", "result": {"Status": "Active"}}),
        (6, {"resource": "a", "op": "DeleteFunction", "error": "FailedOperation.DeleteFunction"}),
        (7, {"resource": "a", "op": "DeleteFunction", "lost": True}),
        (8, {"resource": "b", "event": "balance exhausted"}),
        (9, {"resource": "b", "silence": 60}),
    ]


def test_verdict_of_a_csv_file(tmp_path):
    file = tmp_path / "x.csv"
    rows = 'a,1,GetFunction,,"{""Status"": ""CreateFailed""}",\na,2,UpdateFunctionCode,,{},\n'
    file.write_text(HEAD + rows, encoding="utf-8")
    [verdict] = check(model("scf.function"), [str(file)]).verdicts
    assert (str(verdict.outcome), verdict.code, verdict.line) == ("violates", "SM201", 3)
