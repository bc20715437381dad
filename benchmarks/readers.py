"""The same log read by several libraries, format by format, and by the readers of the columnar oracle.

    python benchmarks/readers.py [--records 1000000] [--rounds 3] [--only lines.jsonl,log.csv]

What is read are columns with the resource, the time, the operation, the arguments, the result and the error of every
record, arguments and results as texts of JSON: what is needed to tell what a record says. `ours` leaves the columns
where `encode` takes them from, `coded` has made three whole numbers of each record: the resource, what is said, and
the time. Processor and wall-clock seconds are medians of processes of their own, one thread where a library can be
told so; memory is the most that such a process held. Libraries that are not installed are left out.
"""

import argparse
import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pyarrow as pa
import pyarrow.parquet as pq
from oracle import write

HERE = Path(__file__).resolve()
COLUMNS = ("resource", "at", "op", "args", "result", "error")
AT_ONCE = 50_000
AS_JSON = ("args", "result")
FILES = ("ints.parquet", "texts.parquet", "lines.jsonl", "lines.jsonl.gz", "lines.jsonl.zst", "log.csv")


def make(folder, size):
    """One log in all formats; texts in Parquet and CSV are those of the lines."""
    write(folder, size)
    lines = folder / "lines.jsonl"
    columns = {name: [] for name in COLUMNS}
    with lines.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            for name, column in columns.items():
                value = record.get(name)
                column.append(json.dumps(value) if isinstance(value, dict) else value)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    pq.write_table(table, folder / "texts.parquet")
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows(zip(*columns.values(), strict=True))
    with gzip.open(folder / "lines.jsonl.gz", "wb", compresslevel=6) as packed:
        packed.write(lines.read_bytes())
    (folder / "lines.jsonl.zst").write_bytes(pa.compress(lines.read_bytes(), codec="zstd", asbytes=True))


# ------------------------------------------------------------------------------------------------- one reader each


def by_arrow(path):
    """Arrow, in batches where it reads in batches."""
    import pyarrow.csv
    import pyarrow.json

    if path.endswith(".parquet"):
        return sum(len(batch) for batch in pq.ParquetFile(path).iter_batches(use_threads=False))
    if path.endswith(".csv"):
        types = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
        with pyarrow.csv.open_csv(path, pyarrow.csv.ReadOptions(use_threads=False), convert_options=types) as file:
            return sum(len(batch) for batch in file)
    with pa.input_stream(path) as file:  # unpacks by the ending; objects become structs, which hold all fields of all
        return len(pyarrow.json.read_json(file, pyarrow.json.ReadOptions(use_threads=False)))


def by_polars(path):
    """Polars, whole files; objects become structs, which hold all fields of all."""
    import polars as pl

    if path.endswith(".parquet"):
        return len(pl.read_parquet(path))
    if path.endswith(".csv"):
        return len(pl.read_csv(path, schema=dict.fromkeys(COLUMNS, pl.String)))
    return len(pl.read_ndjson(path, infer_schema_length=1_000))


def by_duckdb(path):
    """DuckDB, to Arrow batches; arguments and results of lines stay texts."""
    return sum(map(len, batches_of_duckdb(path)))


def batches_of_duckdb(path):
    """What DuckDB makes of a file, on one thread."""
    import duckdb

    link = duckdb.connect()
    link.execute("set threads = 1")
    if path.endswith(".parquet"):
        source = f"read_parquet('{path}')"
    elif path.endswith(".csv"):
        source = f"read_csv('{path}', all_varchar = true, header = true)"
    else:
        kinds = ", ".join(f"'{name}': '{'JSON' if name in AS_JSON else 'VARCHAR'}'" for name in COLUMNS)
        source = f"read_ndjson('{path}', columns = {{{kinds}}})"
    return link.sql(f"select * from {source}").to_arrow_reader(100_000)  # noqa: S608 - a path of our own


def by_msgspec(path):
    """msgspec, a typed struct a line, arguments and results left as they stand; columns are made of so many."""
    import msgspec

    class Line(msgspec.Struct):
        resource: str
        op: str
        at: str | None = None
        args: msgspec.Raw = msgspec.Raw(b"{}")
        result: msgspec.Raw = msgspec.Raw(b"")
        error: str | None = None

    def columns(lines):
        return [pa.array([bytes(getattr(one, name)) if name in AS_JSON else getattr(one, name) for one in lines])
                for name in COLUMNS]

    count, decode = 0, msgspec.json.Decoder(Line).decode
    with opened(path) as file:
        while lines := [decode(line) for line in islice(file, AT_ONCE)]:
            count += len(columns(lines)[0])
    return count


def opened(path):
    """A file of lines as it was before it was compressed."""
    if path.endswith(".zst"):
        return io.BufferedReader(pa.input_stream(path))
    return (gzip.open if path.endswith(".gz") else open)(path, "rb")


def by_library(path):
    """The standard library; columns are made of so many rows."""
    count = 0
    if path.endswith(".csv"):
        with Path(path).open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            while held := list(islice(rows, AT_ONCE)):
                columns = [pa.array(column, pa.string()) for column in zip(*held, strict=True)]
                count += len(columns[0])
        return count
    with opened(path) as file:
        while held := [json.loads(line) for line in islice(file, AT_ONCE)]:
            columns = [pa.array([json.dumps(one[name]) if name in AS_JSON and name in one else one.get(name)
                                 for one in held], pa.string()) for name in COLUMNS]
            count += len(columns[0])
    return count


def encoder_of_ours():
    """What makes whole numbers of records."""
    from statemodel.catalogue import SCF
    from statemodel.oracle.bulk.automaton import Automaton
    from statemodel.oracle.bulk.encode import Encoder
    from statemodel.oracle.bulk.engine import engine
    from statemodel.oracle.monitor import monitor

    automaton = Automaton(monitor(SCF, start="absent"))
    return Encoder(automaton, engine())


def chunks_of(path):
    """What encodes the chunks of a file, and these with what is prepared of each."""
    from statemodel.oracle.bulk.sources import Source

    encoder = encoder_of_ours()
    return encoder, ((chunk, encoder.prepared(chunk)) for chunk in Source(path, 0, path).chunks())


def ours(path):
    """The readers of the columnar oracle."""
    return sum(len(chunk) for chunk, _ in chunks_of(path)[1])


def ours_coded(path):
    """The same and what makes whole numbers of it."""
    encoder, chunks = chunks_of(path)
    return sum(len(encoder.encode(chunk, read).coded.resource) for chunk, read in chunks)


def duckdb_coded(path):
    """The same with columns of DuckDB."""
    from statemodel.oracle.bulk.sources import rows_of

    encoder = encoder_of_ours()
    rows = (rows_of(batch, path, 0, 1) for batch in batches_of_duckdb(path))
    return sum(len(encoder.encode(one, None).coded.resource) for one in rows)


READERS = {
    "Arrow": by_arrow, "Polars": by_polars, "DuckDB": by_duckdb, "msgspec": by_msgspec,
    "standard library": by_library, "ours": ours, "ours, coded": ours_coded,
    "DuckDB, coded": duckdb_coded,
}
NEEDED = {"Polars": "polars", "DuckDB": "duckdb", "DuckDB, coded": "duckdb", "msgspec": "msgspec"}


def fits(reader, file):
    """Whether a reader reads a format at all, and is installed."""
    if reader in NEEDED and find_spec(NEEDED[reader]) is None:
        return False
    if reader == "msgspec":
        return file.startswith("lines")
    if reader == "DuckDB, coded":
        return not file.startswith("ints")
    if reader == "standard library":
        return not file.endswith(".parquet")
    return True


# ------------------------------------------------------------------------------------------------- measuring


def run(reader, path):
    """Read once after a first time on little data, so that nothing is compiled or loaded while the clock runs."""
    warm = Path(path).parent.parent / "warm" / Path(path).name
    READERS[reader](str(warm))
    begun, wall = process_time(), perf_counter()
    count = READERS[reader](path)
    seconds, wall = process_time() - begun, perf_counter() - wall
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    print(json.dumps({"seconds": seconds, "wall": wall, "megabytes": int(line.split()[1]) / 1024, "count": count}))


def measured(reader, path, rounds, size):
    """Median processor seconds, wall-clock seconds and the most megabytes of some processes."""
    found = []
    alone = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    for _ in range(rounds):
        ran = subprocess.run([sys.executable, str(HERE), "--run", reader, str(path)],  # noqa: S603
                              capture_output=True, text=True, check=True, env=alone)
        found.append(json.loads(ran.stdout))
    assert {one["count"] for one in found} == {size}, found
    return tuple(median(one[name] for one in found) for name in ("seconds", "wall")), max(
        one["megabytes"] for one in found)


def main():
    """Print a table, format by format, the quickest first."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", default=",".join(FILES))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="statemodel-") as place:
        for part, size in (("warm", 1_000), ("log", given.records)):
            (Path(place) / part).mkdir()
            make(Path(place) / part, size)
        print("| format | reader | processor, s | wall, s | peak MB |", "|---|---|--:|--:|--:|", sep="\n")
        for file in given.only.split(","):
            path = Path(place) / "log" / file
            rows = [(*measured(reader, path, given.rounds, given.records), reader)
                    for reader in READERS if fits(reader, file)]
            for (seconds, wall), held, reader in sorted(rows):
                name = f"`{file}`, {path.stat().st_size >> 20} MB"
                print(f"| {name} | {reader} | {seconds:.2f} | {wall:.2f} | {held:.0f} |", flush=True)


if __name__ == "__main__":
    if "--run" in sys.argv:
        run(*sys.argv[-2:])
    else:
        main()
