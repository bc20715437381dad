"""A log in the order of time beside the same records in no order at all, judged by columns and record by record.

    python benchmarks/order.py [--records 1000000] [--careful 100000]

Processor seconds and the most memory of processes of their own. `careful` is the oracle in plain Python, on fewer
records; it puts histories in order too.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from oracle import write

from statemodel.catalogue import SCF

HERE = Path(__file__).resolve()
WAYS = ("ordered", "shuffled")


def make(folder, size):
    """The log as Parquet and as lines of JSON, in order and shuffled."""
    folder.mkdir()
    write(folder, size)
    lines = (folder / "lines.jsonl").read_bytes().splitlines(keepends=True)
    texts = pq.read_table(folder / "texts.parquet")
    texts = texts.append_column("at", pa.array([json.loads(line)["at"] for line in lines]))
    order = np.random.default_rng(1).permutation(size)
    for way, rows in (("ordered", np.arange(size)), ("shuffled", order)):
        pq.write_table(texts.take(pa.array(rows)), folder / f"{way}.parquet")
        (folder / f"{way}.jsonl").write_bytes(b"".join(lines[row] for row in rows.tolist()))


def judge(path):
    """What a file comes to: by columns if it is Parquet, else record by record."""
    if path.endswith(".parquet"):
        from statemodel.oracle import bulk

        report = bulk.check(SCF, [path], start="absent", jobs=1)
        return {"wrong": report.counts()["violates"], "late": report.late, "careful": report.careful}
    from statemodel.oracle.check import check

    return {"wrong": check(SCF, [path], start="absent").counts()["violates"]}


def run(path):
    """Judge after a first time on little data, so that nothing is compiled while the clock runs."""
    judge(str(Path(path).parent.parent / "warm" / f"ordered{Path(path).suffix}"))
    judge(str(Path(path).parent.parent / "warm" / f"shuffled{Path(path).suffix}"))
    begun = process_time()
    found = judge(path)
    seconds = process_time() - begun
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    print(json.dumps({**found, "seconds": round(seconds, 2), "megabytes": int(line.split()[1]) >> 10}))


def main():
    """Print a line for each file."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--careful", type=int, default=100_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="statemodel-") as place:
        for part, size in (("warm", 1_000), ("log", given.records), ("small", given.careful)):
            if size:
                make(Path(place) / part, size)
        for part, size, kind in (("log", given.records, "parquet"), ("small", given.careful, "jsonl")):
            for way in WAYS if size else ():
                path = Path(place) / part / f"{way}.{kind}"
                done = subprocess.run([sys.executable, str(HERE), "--run", str(path)],  # noqa: S603
                                      capture_output=True, text=True, check=True)
                print(f"{size:,} records, {kind}, {way}: {done.stdout.strip()}", flush=True)


if __name__ == "__main__":
    if "--run" in sys.argv:
        run(sys.argv[-1])
    else:
        main()
