"""The verdicts of Dask's workers are those of one machine."""

import os
import signal
import threading
import time

import pytest

pytest.importorskip("dask.dataframe", reason="the extra `dask` is not installed")
pytest.importorskip("distributed", reason="the extra `dask` is not installed")
pytest.importorskip("pyarrow", reason="the extra `dask` is not installed")

import dask.dataframe as dd
from distributed import Client, LocalCluster
from spread import expected, found, of_one_machine, placed, planted, skewed, spoilt, unreadable

from statemodel.oracle import dask
from statemodel.registry import model

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def client():
    how = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**how) as cluster, Client(cluster) as one:
        yield one


def frame(records, parts=4):
    return dd.from_pandas(placed(records).to_pandas(), npartitions=parts, sort=False)


@pytest.mark.parametrize("log", [planted, skewed])
@pytest.mark.parametrize("how", [{}, {"start": "absent"}], ids=str)
def test_verdicts_are_those_of_one_machine(client, log, how):
    """Faults where they were planted, late records, many records of one resource."""
    records = log()
    verdicts = dask.check(frame(records), model("scf.function"), **how).compute()
    assert found(verdicts.to_dict("records")) == expected(records, **how)
    assert client.status == "running"


def test_records_that_cannot_be_read_are_told_of(client, tmp_path):
    """Each has a row with its place, their histories are inconclusive, and all others are judged."""
    spoilt_table = spoilt()
    known, bad = of_one_machine(spoilt_table, tmp_path)
    frame = dd.from_pandas(spoilt_table.to_pandas(), npartitions=4, sort=False)
    rows = dask.check(frame, model("scf.function")).compute().to_dict("records")
    assert found(rows) == known
    assert unreadable(rows) == bad
    assert len(bad) == 8
    assert client.status == "running"


def test_a_worker_that_is_killed_changes_nothing(client):
    """Its parts are judged again by another one."""
    records = planted(600)
    pids = client.run(os.getpid)
    killed = threading.Timer(0.5, lambda: os.kill(next(iter(pids.values())), signal.SIGKILL))
    killed.start()
    future = client.compute(dask.check(frame(records, 24), model("scf.function")))
    verdicts = future.result(timeout=300)
    killed.join()
    deadline = time.monotonic() + 60
    while set(client.run(os.getpid).values()) == set(pids.values()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert set(client.run(os.getpid).values()) != set(pids.values())
    assert found(verdicts.to_dict("records")) == expected(records)
