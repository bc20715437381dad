"""The same log judged in process, by Dask with one and two worker processes, and by Spark with one and two threads.

    python benchmarks/spread.py [--records 1000000]
    python benchmarks/spread.py --large 5000000 --ways spark-1,spark-2,dask-1,dask-2

Wall-clock seconds, the second of two runs, so that nothing starts or compiles while the clock runs; beside them how
many processors others kept busy meanwhile, for ratios of one and two workers mean little where that is not nothing.

With `--large` records carry 600 bytes that no model reads, as those of audit logs do. The heap of Spark's driver, which
does all the work of the JVM here, and each worker of Dask are held to 1 GiB; the log is larger. One run each; every
verdict that is not `conforms` must be that of one process, with code, file and line.
"""

import argparse
import os
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from oracle import write

from statemodel.catalogue import SCF

GROUP = 50_000
NOISE = 600
KEYS = ("resource", "verdict", "code", "file", "line")


def second(run):
    """Seconds of the second of two runs, which must give the same."""
    first = run()
    begun = perf_counter()
    again = run()
    assert first == again
    return perf_counter() - begun, again


def once(run):
    """Seconds of one run."""
    begun = perf_counter()
    found = run()
    return perf_counter() - begun, found


# ------------------------------------------------------------------------------------------------- a large log


def write_large(path, count):
    """A log of large records, one group of rows after the other; no two groups have a resource in common."""
    chance = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), GROUP)
        base = pq.read_table(Path(folder) / "texts.parquet")
    writer, size = None, len(base)
    for number in range(count // size):
        said = chance.bytes(size * NOISE // 2).hex().encode()
        offsets = np.arange(0, size * NOISE + 1, NOISE, dtype=np.int32)
        noise = pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(said))
        args = pc.if_else(pc.is_valid(base["args"]), pc.utf8_slice_codeunits(base["args"], 1), "}")
        more = pc.if_else(pc.is_valid(base["args"]), ", ", "")
        columns = {
            "resource": pc.binary_join_element_wise(base["resource"], str(number), "-"),
            "op": base["op"], "result": base["result"], "error": base["error"],
            "args": pc.binary_join_element_wise('{"Noise": "', noise, '"', more, args, ""),
            "file": pa.array(["log"] * size),
            "line": pa.array(np.arange(number * size + 1, (number + 1) * size + 1)),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="none", use_dictionary=["op", "file"])
        writer.write_table(table)
    writer.close()


def plain(rows):
    """What some verdicts say, in an order of its own."""
    return sorted(tuple(row[name] for name in KEYS) for row in rows)


class Watch:
    """Megabytes of processes below this one, by a word of their command line, and processors that others keep busy."""

    def __enter__(self):
        self.most, self._is_over = {}, threading.Event()
        self._begun, self._used, self._own = perf_counter(), self._all(), {}
        self._before = {place: self._spent(fields) for fields, _, place in self._below()}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()
        self.others = max(0.0, self._all() - self._used - sum(self._own.values())) / (perf_counter() - self._begun)

    def _all(self):
        """Processor seconds that the machine has spent."""
        ticks = [int(one) for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
        return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")

    def _spent(self, fields):
        """Processor seconds of a process."""
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _below(self):
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
                line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            found[int(place.name)] = fields, line, place

        def is_below(pid):
            while pid in found and pid != os.getpid():
                pid = int(found[pid][0][1])
            return pid == os.getpid()

        return [one for pid, one in found.items() if is_below(pid)]

    def _look(self):
        while not self._is_over.wait(0.5):
            for fields, line, place in self._below():
                self._own[place] = self._spent(fields) - self._before.get(place, 0.0)
                kind = "JVM" if "java" in line else "Python worker" if "daemon" in line or "spawn" in line else "driver"
                try:
                    held = [one for one in (place / "status").read_text().splitlines() if one.startswith("VmHWM")]
                except OSError:
                    continue
                if held:
                    self.most[kind] = max(self.most.get(kind, 0), int(held[0].split()[1]) >> 10)


# ------------------------------------------------------------------------------------------------- ways


def local(path, clock=second):
    """In this process: seconds and all that does not conform."""
    from statemodel.oracle import bulk

    def run():
        found = bulk.check(SCF, [path], start="absent").verdicts()
        return plain({**one.document(), "file": "log"} for one in found)

    return clock(run)


def by_dask(path, workers, clock=second, memory="auto", folder=None):
    """By processes of Dask."""
    import dask
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    from statemodel.oracle.dask import check

    how = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None,
           "memory_limit": memory, "local_directory": folder}
    with dask.config.set({"distributed.logging.distributed": "error"}), LocalCluster(**how) as cluster, Client(cluster):
        def run():
            verdicts = check(dd.read_parquet(path, split_row_groups=True), SCF, start="absent")
            return plain(verdicts[verdicts["verdict"] != "conforms"].compute().to_dict("records"))

        return clock(run)


def by_spark(path, threads, clock=second, memory="4g", folder=None):
    """By Python workers of a local Spark."""
    from pyspark.sql import SparkSession

    from statemodel.oracle.spark import check

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", memory)
    )
    made = made.config("spark.local.dir", folder) if folder else made.config("spark.sql.shuffle.partitions", "8")
    session = made.getOrCreate()
    try:
        verdicts = check(session.read.parquet(path), SCF, start="absent").where("verdict != 'conforms'")
        return clock(lambda: plain(row.asDict() for row in verdicts.select(*KEYS).collect()))
    finally:
        session.stop()


WAYS = {"dask": by_dask, "spark": by_spark}


def compared(count, ways):
    """Ways side by side, as ratios to this process and to their own first one."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count)
        whole = pq.read_table(Path(folder) / "texts.parquet")
        whole = whole.append_column("line", pa.array(np.arange(1, len(whole) + 1)))
        whole = whole.append_column("file", pa.array(["log"] * len(whole)))
        path = str(Path(folder) / "placed.parquet")
        pq.write_table(whole, path, row_group_size=max(1, count // 16))
        with Watch() as watch:
            alone, expected = local(path)
        print(f"in process: {alone:.1f} s, {watch.others:.1f} processors busy with others")
        first = {}
        for way in ways:
            name, _, workers = way.partition("-")
            with Watch() as watch:
                seconds, found = WAYS[name](path, int(workers))
            assert found == expected
            first.setdefault(name, seconds)
            print(f"{way}: {seconds:.1f} s, {seconds / alone:.1f} times this process, {first[name] / seconds:.2f} "
                  f"times as fast as the first of {name}, {watch.others:.1f} processors busy with others", flush=True)


def judged_large(count, ways):
    """A log that is larger than the memory of those who judge it."""
    with tempfile.TemporaryDirectory(prefix="statemodel-") as folder:
        path = str(Path(folder) / "large.parquet")
        write_large(path, count)
        rows = pq.read_metadata(path).num_rows
        print(f"{rows:,} records, {Path(path).stat().st_size / 2**30:.1f} GiB", flush=True)
        with Watch() as watch:
            seconds, expected = local(path, once)
        print(f"in process: {seconds:.0f} s, {len(expected)} verdicts, {watch.most} MB, {watch.others:.1f} processors "
              "busy with others", flush=True)
        for way in ways:
            name, _, workers = way.partition("-")
            with Watch() as watch:
                seconds, found = WAYS[name](path, int(workers), once, {"dask": "1GiB", "spark": "1g"}[name], folder)
            assert found == expected, (len(found), len(expected))
            print(f"{way}: {seconds:.0f} s, the same verdicts, most MB {watch.most}, {watch.others:.1f} processors "
                  "busy with others", flush=True)


def main():
    """Print a line for each way."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--large", type=int)
    asked.add_argument("--ways", default="dask-1,dask-2,spark-1,spark-2")
    given = asked.parse_args()
    if given.large:
        judged_large(given.large, given.ways.split(","))
    else:
        compared(given.records, given.ways.split(","))


if __name__ == "__main__":
    main()
