"""The same log judged in process, by Dask with one and two worker processes, and by Spark with one and two threads.

    python benchmarks/spread.py [--records 1000000]

Wall-clock seconds, the second of two runs, so that nothing starts or compiles while the clock runs.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from oracle import write

from statemodel.catalogue import SCF


def second(run):
    """Seconds of the second of two runs, which must give the same."""
    first = run()
    begun = perf_counter()
    again = run()
    assert first == again
    return perf_counter() - begun, again


def local(path):
    """In this process."""
    from statemodel.oracle import bulk

    return second(lambda: sum(1 for _ in bulk.check(SCF, [path], start="absent").verdicts()))


def by_dask(path, workers):
    """By processes of Dask."""
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    from statemodel.oracle.dask import check

    how = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**how) as cluster, Client(cluster):
        def run():
            verdicts = check(dd.read_parquet(path, split_row_groups=True), SCF, start="absent")
            return int((verdicts["verdict"] != "conforms").sum().compute())

        return second(run)


def by_spark(path, threads):
    """By Python workers of a local Spark."""
    from pyspark.sql import SparkSession

    from statemodel.oracle.spark import check

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "8").getOrCreate()
    )
    try:
        verdicts = check(session.read.parquet(path), SCF, start="absent")
        return second(verdicts.where("verdict != 'conforms'").count)
    finally:
        session.stop()


def main():
    """Print a line for each way."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    count = asked.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count)
        path = str(Path(folder) / "texts.parquet")
        alone, expected = local(path)
        print(f"in process: {alone:.1f} s")
        for name, run in (("Dask", by_dask), ("Spark", by_spark)):
            for workers in (1, 2):
                seconds, found = run(path, workers)
                assert found == expected, (found, expected)
                print(f"{name}, {workers}: {seconds:.1f} s, {seconds / alone:.1f} times", flush=True)


if __name__ == "__main__":
    main()
