"""The columnar oracle gives the verdicts of the careful one, whatever the log, the format and the engine."""

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
pytest.importorskip("numpy", reason="the extra `bulk` is not installed")

from logs import log, write_csv, write_gzip, write_lines, write_parquet

from statemodel.oracle import bulk
from statemodel.oracle.check import check
from statemodel.registry import model

ENGINES = ("numpy", "numba")
WRITERS = {
    "log.jsonl": write_lines, "log.jsonl.gz": write_gzip, "log.csv": write_csv, "log.parquet": write_parquet,
}
PARTS = ("scf.function", "scf.version", "scf.alias", "scf.billing", "scf.layer", "fc.function", "fc.version",
         "fc.invocation")


@pytest.fixture(params=ENGINES)
def by(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="Numba is not installed")
    return request.param


def placed(verdicts, name):
    """Documents of verdicts that stand in a file of another name."""
    return [{**one.document(), "file": one.file and name} for one in verdicts]


def compared(name, records, tmp_path, by, writer="log.jsonl", **how):
    """What both oracles say of one log: (careful, columnar)."""
    lines = write_lines(tmp_path / "plain.jsonl", records)
    path = WRITERS[writer](tmp_path / writer, records)
    careful = check(model(name), [str(lines)], **how)
    report = bulk.check(model(name), [str(path)], by=by, **how)
    assert report.counts() == careful.counts()
    assert (report.records, report.histories) == (careful.records, len(careful.verdicts))
    return careful, report


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("how", [{}, {"start": "absent"}, {"environment": "recorded"}, {"calls": "partial"}], ids=str)
def test_verdicts_are_those_of_the_careful_oracle(name, how, tmp_path, by):
    """Every verdict, line, explanation and strength of right and wrong histories is the same."""
    careful, report = compared(name, log(name, str(how)), tmp_path, by, **how)
    assert placed(report.verdicts(everything=True), "x") == placed(careful.verdicts, "x")


@pytest.mark.parametrize("writer", WRITERS)
def test_every_format_gives_the_same(writer, tmp_path, by):
    """Lines, CSV and Parquet, packed or not, are read alike; a row of CSV stands one line further down."""
    careful, report = compared("scf.function", log("scf.function", 1, 200), tmp_path, by, writer)
    shift = 1 if writer.endswith(".csv") else 0
    expected = [{**one, "line": one["line"] and one["line"] + shift} for one in placed(careful.verdicts, "x")]
    assert placed(report.verdicts(everything=True), "x") == expected
