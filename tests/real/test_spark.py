"""The verdicts of Spark's workers are those of one machine."""

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
pytest.importorskip("pyarrow", reason="the extra `spark` is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

from pyspark.sql import SparkSession
from spread import expected, found, of_one_machine, placed, planted, skewed, spoilt, unreadable

from statemodel.oracle import spark
from statemodel.registry import model

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def session():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "6").config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    )
    yield made
    made.stop()


def frame(session, records):
    return session.createDataFrame(placed(records))


def dicts(verdicts):
    return [row.asDict() for row in verdicts.collect()]


@pytest.mark.parametrize("log", [planted, skewed])
@pytest.mark.parametrize("how", [{}, {"start": "absent"}], ids=str)
def test_verdicts_are_those_of_one_machine(session, log, how):
    """Faults where they were planted, late records, many records of one resource."""
    records = log()
    assert found(dicts(spark.check(frame(session, records), model("scf.function"), **how))) == expected(records, **how)


def test_records_that_cannot_be_read_are_told_of(session, tmp_path):
    """Each has a row with its place, their histories are inconclusive, and all others are judged."""
    spoilt_table = spoilt()
    known, bad = of_one_machine(spoilt_table, tmp_path)
    rows = dicts(spark.check(session.createDataFrame(spoilt_table), model("scf.function")))
    assert found(rows) == known
    assert unreadable(rows) == bad
    assert len(bad) == 8


def workers():
    """Processes of Python workers below this process: those that a daemon below it has forked."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = (int((place / "stat").read_text().rpartition(")")[2].split()[1]),
                                        (place / "cmdline").read_bytes())
        except OSError:
            continue

    def is_below(pid):
        while pid in parents and pid != os.getpid():
            pid = parents[pid][0]
        return pid == os.getpid()

    daemons = {pid for pid, (_, line) in parents.items() if b"pyspark.daemon" in line}
    return [pid for pid, (parent, _) in parents.items() if parent in daemons and is_below(pid)]


def test_a_worker_that_is_killed_changes_nothing(session):
    """Its task is done again by another one."""
    records, killed = planted(600), []
    made = spark.check(frame(session, records), model("scf.function"))
    before = set(workers())

    def kill():
        deadline = time.monotonic() + 120
        while not killed and time.monotonic() < deadline:
            for pid in set(workers()) - before or set(workers()):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                break
            time.sleep(0.05)

    killer = threading.Timer(1.0, kill)
    killer.start()
    verdicts = dicts(made)
    killer.join()
    assert killed
    assert found(verdicts) == expected(records)
