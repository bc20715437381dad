"""What cannot be read is refused with file, line, the text found and what was expected; what can be is read whole."""

import json

import pytest

from statemodel.errors import HistoryError
from statemodel.model.history import read_file
from statemodel.oracle.check import check, judge
from statemodel.registry import model

ONE = 'exactly one of "result", "error" and "lost"'
SHAPE = f'an object with "resource" and either "op" with {ONE}, or "event", or "silence"'
ONE_A_LINE = "To mend it: write every record as one object on a line of its own."
KEYS = '"resource", "at", "op", "args", "as", "result", "error", "lost", "event", "silence"'.replace('"', "")
ADD = 'add "result": {} if the call was accepted, "error": "*" if refused, "lost": true if nobody knows'
SPELL = f"To mend it: spell it as one of {KEYS}, or"
ANSWER = f"{ONE}. To mend it: {ADD}."
RESULT = ('an object under "result". To mend it: write what was shown by the names of the fields, {} for nothing.')
ARGS = 'an object under "args". To mend it: write the arguments by their names, or leave it out.'
CODE = 'a code, or "*", under "error". To mend it: write the code, "*" where it was not recorded.'
LOST = '"lost" to be true. To mend it: leave it out where the answer is known, and write "result" or "error".'
WHOSE = "name the resource whose history it belongs to"
RESOURCE = f'a text under "resource". To mend it: {WHOSE}.'
TIME = ('RFC 3339 or seconds under "at". To mend it: write a time with its zone, such as "2026-05-01T12:00:00Z", '
        "or seconds, or leave it out.")
OP = 'a text under "op". To mend it: write the name of the operation.'
HAPPENED = 'say what happened: "op" for a call, "event" or "silence" for anything else'
NOTHING = f"{SHAPE}. To mend it: {HAPPENED}."
EVENT = 'a text under "event". To mend it: write the name of the event.'
SILENCE = ('seconds, not negative, under "silence". To mend it: write for how long nothing happened, '
           'such as "silence": 60.')
KEEP = "To mend it: keep what was answered and leave the others out."
APART = "To mend it: write a record for each."
OF_CALL = 'To mend it: only a call has them: write it with "op".'
GOOD = '{"resource": "a", "op": "GetFunction", "result": {}}\n'
HEAD = "resource,at,op,args,result,error\n"
CALL = {"resource": "a", "op": "GetFunction"}


def shown(record):
    """How a record stands in a message: as in the file, not longer than 120 characters, quoted."""
    text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
    return f"'{text if len(text) <= 120 else text[:117] + '...'}'"


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
    text = shown(line).replace("\0", "\\x00")
    message = f"x.jsonl:2: found {text}, expected one JSON object a line: {SHAPE}. {ONE_A_LINE}"
    assert refusal(GOOD + line + "\n" + GOOD) == (message, 2)


@pytest.mark.parametrize("line", ["[1]", "3", "null", "true", '"text"', "[]"])
def test_line_that_is_no_object(refusal, line):
    assert refusal(GOOD + line + "\n") == (f"x.jsonl:2: found '{line}', expected {SHAPE}. {ONE_A_LINE}", 2)


def test_line_that_is_no_utf_8(refusal):
    line = b'{"resource": "\xff"}\n'
    expected = f"one JSON object a line: {SHAPE}. {ONE_A_LINE}"
    assert refusal(GOOD.encode() + line) == (f"x.jsonl:2: found '{{\"resource\": \"�\"}}', expected {expected}", 2)


RECORDS = {
    "result and error": ({**CALL, "result": {}, "error": "X"}, f'{ONE}, not "result" and "error". {KEEP}'),
    "result and lost": ({**CALL, "result": {}, "lost": True}, f'{ONE}, not "result" and "lost". {KEEP}'),
    "neither": (CALL, ANSWER),
    "not lost": ({**CALL, "lost": False}, LOST),
    "lost null": ({**CALL, "lost": None}, LOST),
    "lost 0": ({**CALL, "lost": 0}, LOST),
    "error null beside a result": ({**CALL, "result": {}, "error": None}, f'{ONE}, not "result" and "error". {KEEP}'),
    "no resource": ({"op": "GetFunction", "result": {}}, RESOURCE),
    "resource a number": ({**CALL, "resource": 3, "result": {}}, RESOURCE),
    "resource a list": ({**CALL, "resource": [], "result": {}}, RESOURCE),
    "at a word": ({**CALL, "at": "noon", "result": {}}, TIME),
    "at without a zone": ({**CALL, "at": "2026-05-01T12:00:00", "result": {}}, TIME),
    "at a day": ({**CALL, "at": "2026-05-01", "result": {}}, TIME),
    "at true": ({**CALL, "at": True, "result": {}}, TIME),
    "at null": ({**CALL, "at": None, "result": {}}, TIME),
    "at a list": ({**CALL, "at": [], "result": {}}, TIME),
    "at not a number": ({**CALL, "at": float("nan"), "result": {}}, TIME),
    "at without end": ({**CALL, "at": float("inf"), "result": {}}, TIME),
    "op a number": ({**CALL, "op": 3, "result": {}}, OP),
    "op a list": ({**CALL, "op": [], "result": {}}, OP),
    "no op": ({"resource": "a", "result": {}}, NOTHING),
    "nothing else": ({"resource": "a"}, NOTHING),
    "args a list": ({**CALL, "args": [], "result": {}}, ARGS),
    "args a text": ({**CALL, "args": "x", "result": {}}, ARGS),
    "args null": ({**CALL, "args": None, "result": {}}, ARGS),
    "result a list": ({**CALL, "result": []}, RESULT),
    "result a text": ({**CALL, "result": ""}, RESULT),
    "result null": ({**CALL, "result": None}, RESULT),
    "result 0": ({**CALL, "result": 0}, RESULT),
    "error empty": ({**CALL, "error": ""}, CODE),
    "error null": ({**CALL, "error": None}, CODE),
    "error a number": ({**CALL, "error": 404}, CODE),
    "as neither": ({**CALL, "as": "x", "result": {}},
                   '"source" or "target" under "as". To mend it: say which side of the call the resource was.'),
    "event a number": ({"resource": "a", "event": 3}, EVENT),
    "event null": ({"resource": "a", "event": None}, EVENT),
    "silence below zero": ({"resource": "a", "silence": -1}, SILENCE),
    "silence a text": ({"resource": "a", "silence": "60"}, SILENCE),
    "silence true": ({"resource": "a", "silence": True}, SILENCE),
    "silence null": ({"resource": "a", "silence": None}, SILENCE),
    "silence not a number": ({"resource": "a", "silence": float("nan")}, SILENCE),
    "result, error and lost": ({**CALL, "result": {}, "error": "X", "lost": False},
                               f'{ONE}, not "result" and "error" and "lost". {KEEP}'),
    "event and call": ({**CALL, "result": {}, "event": "idle"},
                       f'one of "op", "event" and "silence", not "op" and "event". {APART}'),
    "silence and call": ({**CALL, "error": "X", "silence": 60},
                         f'one of "op", "event" and "silence", not "op" and "silence". {APART}'),
    "event and silence": ({"resource": "a", "event": "idle", "silence": 60},
                          f'one of "op", "event" and "silence", not "event" and "silence". {APART}'),
    "event and result": ({"resource": "a", "event": "idle", "result": {}}, f'no "result" beside "event". {OF_CALL}'),
    "silence and lost": ({"resource": "a", "silence": 60, "lost": True}, f'no "lost" beside "silence". {OF_CALL}'),
    "event, args and error": ({"resource": "a", "event": "idle", "error": "X", "args": {}},
                              f'no "args" or "error" beside "event". {OF_CALL}'),
    "result misspelt": ({**CALL, "reslut": {}},
                        f'{ONE}; "reslut" unknown. {SPELL} {ADD}.'),
    "op and result misspelt": ({"resource": "a", "Op": "GetFunction", "Result": {}},
                               f'{SHAPE}; "Op" and "Result" unknown. {SPELL} {HAPPENED}.'),
    "resource misspelt": ({"ressource": "a", "op": "GetFunction", "result": {}},
                          f'a text under "resource"; "ressource" unknown. {SPELL} {WHOSE}.'),
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


def test_line_is_shown_as_it_stands(refusal):
    """Spaces, escapes and the order of keys are those of the file, so that it can be searched for."""
    line = '{"op":"Get\\u0046unction",  "resource":"it\'s ä\\n", "errors":"\u202e"}'
    found = line.replace("\u202e", "\\u202e")
    expected = f'{ONE}; "errors" unknown. {SPELL} {ADD}.'
    assert refusal(GOOD + line + "\n" + GOOD) == (f"x.jsonl:2: found '{found}', expected {expected}", 2)


def test_keys_that_are_not_known_are_passed_over():
    """Recorders may note more, as long as nothing that a record needs is missing."""
    assert judge(model("scf.function"), [{**CALL, "result": {}, "note": 3, "lost": False}]).records == 1


@pytest.mark.parametrize("result", [["x"], "x", 3])
def test_answer_without_known_fields_is_an_object_too(refusal, result):
    """An operation whose answer shows nothing that the model knows is read no less strictly."""
    good = {"resource": "a", "op": "DeleteFunction", "result": {"RequestId": "1"}}
    expected = f"x.jsonl:4: found {shown({**good, 'result': result})}, expected {RESULT}"
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

QUOTES = "put fields with a comma into quotes, and double the quotes in them"
JSON = "To mend it: write JSON in the columns args, result, lost and silence, or nothing."
ROWS = {
    "more fields than the header": ("a,1,GetFunction,,{},,more,evenmore",
                                    f"no more fields than the header has. To mend it: {QUOTES}."),
    "args no JSON": ("a,1,GetFunction,{x,{},", f'JSON under "args". {JSON}'),
    "result no JSON": ("a,1,GetFunction,,Active,", f'JSON under "result". {JSON}'),
    "result a list": ("a,1,GetFunction,,[1],", RESULT),
    "result and error": ("a,1,GetFunction,,{},X", f'{ONE}, not "result" and "error". {KEEP}'),
    "neither": ("a,1,GetFunction,,,", ANSWER),
    "no resource": (",1,GetFunction,,{},", RESOURCE),
    "at a word": ("a,noon,GetFunction,,{},", TIME),
}


@pytest.mark.parametrize(("row", "expected"), ROWS.values(), ids=ROWS)
def test_row_that_cannot_be_read(refusal, row, expected):
    good = "a,1,GetFunction,,{},\n"
    message = f"x.csv:3: found '{row}', expected {expected}"
    assert refusal(HEAD + good + row + "\n" + good, "x.csv") == (message, 3)


def test_row_of_several_lines(refusal):
    """It is shown from its beginning, the line is that of its end, and line ends are made visible."""
    row = 'a,1,GetFunction,,"{""Status"":\n\n""Active""}",X\n'
    found = row.strip().replace("\n", "\\n")
    expected = f'{ONE}, not "result" and "error". {KEEP}'
    assert refusal(HEAD + "\n" + row, "x.csv") == (f"x.csv:5: found '{found}', expected {expected}", 5)


def test_column_that_is_misspelt(refusal):
    head = HEAD.replace("result", "reslut")
    expected = f'{ONE}; "reslut" unknown. {SPELL} {ADD}.'
    row = "a,1,GetFunction,,{},"
    assert refusal(f"{head}{row}\n", "x.csv") == (f"x.csv:2: found '{row}', expected {expected}", 2)


def test_deep_nesting_in_a_column(refusal):
    row = "a,1,GetFunction," + "[" * 100_000 + ",{},\n"
    expected = f"x.csv:2: found '{row[:117]}...', expected JSON under \"args\". {JSON}"
    assert refusal(HEAD + row, "x.csv") == (expected, 2)


@pytest.mark.parametrize("text", ["", HEAD])
def test_csv_without_a_record(refusal, text):
    assert refusal(text, "x.csv") == ("x.csv: expected a header and at least one record", None)


def test_csv_that_is_none(refusal):
    """Quotes that do not end where a field ends are refused, with the line they stand in."""
    row = 'a,1,"Get"Function,,{},'
    expected = "CSV in UTF-8: ',' expected after '\"'. To mend it: put fields with a comma, a quote or a line end into "
    message = f"x.csv:2: found '{row}', expected {expected}quotes, and double the quotes in them."
    assert refusal(f"{HEAD}{row}\n", "x.csv") == (message, 2)


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
