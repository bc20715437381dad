"""Judging logs of any size beside reading them, in one run, with the misses and false alarms of simpler ways.

    python benchmarks/oracle.py [--largest 10000000] [--out docs] [--pm4py path/of/a/python/that/has/it]

Times are processor seconds of a process of its own, medians of several; memory is the most that such a process held.
Writes a page and a drawing of time against size. DuckDB and msgspec are measured where they are installed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from statemodel.catalogue import SCF
from statemodel.oracle.check import judge

HERE = Path(__file__).resolve()
ROUNDS = 3
SHARE_WRONG = 0.01
STEPS = 10
SMALL = 100_000
LARGE = 10_000_000
FORMATS = {"whole numbers": "ints.parquet", "texts": "texts.parquet", "JSON lines": "lines.jsonl"}


def done(name, shown=None, **args):
    """An accepted call."""
    return {"op": name, "args": args, "result": shown or {}}


def reads(status, **args):
    """A read that shows a status."""
    return done("GetFunction", {"Status": status}, **args)


GONE = {"op": "GetFunction", "args": {}, "error": "ResourceNotFound.Function"}
BUSY = {"op": "UpdateFunctionConfiguration", "args": {}, "error": "FailedOperation.UpdateFunctionConfiguration"}
LIVES = (
    (done("CreateFunction"), reads("Creating"), reads("Active"), done("UpdateFunctionCode"), reads("Updating"), BUSY,
     reads("Active"), done("PublishVersion", {"FunctionVersion": "1"}), reads("Active", Qualifier="1"), done("Invoke")),
    (done("CreateFunction"), reads("Active"), done("UpdateFunctionCode"), reads("UpdateFailed"),
     done("UpdateFunctionCode"), reads("Active"), done("Invoke"), done("DeleteFunction"), GONE, GONE),
    (done("CreateFunction"), reads("Creating"), reads("CreateFailed"), done("DeleteFunction"), GONE,
     done("CreateFunction"), reads("Active"), done("Invoke"), done("Invoke"), reads("Active")),
    # wrong: near, far apart, and beyond what two records can show
    (done("CreateFunction"), reads("CreateFailed"), done("UpdateFunctionCode"), *(reads("Active"),) * 7),
    (done("CreateFunction"), reads("Active"), done("Invoke"), done("DeleteFunction"), GONE, GONE, GONE,
     done("Invoke"), GONE, GONE),
    (done("CreateFunction"), reads("Active"), done("Invoke"), done("Invoke"), reads("Active"), done("Invoke"),
     done("Invoke"), reads("Creating"), done("Invoke"), reads("Active")),
    (done("CreateFunction"), reads("Active"), done("PublishVersion", {"FunctionVersion": "1"}), done("Invoke"),
     reads("Active"), reads("Active"), done("PublishVersion", {"FunctionVersion": "1"}), done("Invoke"),
     reads("Active"), done("Invoke")),
)
RIGHT = 3


def is_wrong(life):
    """Whether the careful oracle says that a life cannot have happened."""
    [verdict] = judge(SCF, [{"resource": "f", **one} for one in life], start="absent").verdicts
    return str(verdict.outcome) == "violates"


# ------------------------------------------------------------------------------------------------- logs


def write(folder, size):
    """Write one log in all formats, interleaved, in the order of time; gives the numbers of the wrong resources."""
    chance, resources = np.random.default_rng(0), size // STEPS
    life = np.where(chance.random(resources) < SHARE_WRONG, chance.integers(RIGHT, len(LIVES), resources),
                    chance.integers(0, RIGHT, resources))
    times = (chance.random((resources, 1)) * 36_000 + np.arange(STEPS) * 300).ravel()
    order = np.argsort(times, kind="stable")
    who = np.repeat(np.arange(resources, dtype=np.int32), STEPS)[order]
    what = (life[:, None] * STEPS + np.arange(STEPS)).ravel()[order].astype(np.int16)
    legend = [one for each in LIVES for one in each]
    coded = pa.table({"resource": who, "record": what})
    pq.write_table(coded.replace_schema_metadata({"statemodel.records": json.dumps(legend)}), folder / "ints.parquet")
    names = pa.array([f"function-{number}" for number in range(resources)]).take(pa.array(who))
    said = {
        "op": [one["op"] for one in legend],
        "result": [json.dumps(one["result"]) if "result" in one else None for one in legend],
        "error": [one.get("error") for one in legend],
    }
    texts = {name: pa.array(one, pa.string()).take(pa.array(what)) for name, one in said.items()}
    qualified = pa.array([json.dumps(one["args"]) if one["args"] else None for one in legend], pa.string())
    pq.write_table(pa.table({"resource": names, **texts, "args": qualified.take(pa.array(what))}),
                   folder / "texts.parquet")
    tails = [_tail(one) for one in legend]
    with (folder / "lines.jsonl").open("w", encoding="utf-8") as file:
        for number, code, at in zip(who.tolist(), what.tolist(), times[order].tolist(), strict=True):
            name, second = f"function-{number}", int(at)
            stamp = f"2026-05-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
            file.write(f'{{"resource": "{name}", "at": "{stamp}"{tails[code].replace("%", name, 1)}\n')
    return {f"function-{number}" for number in np.flatnonzero(life >= RIGHT).tolist()}


def _tail(one):
    """A line of JSON from its operation on; % stands for the name of the function."""
    more = ", " if one["args"] else ""
    answer = json.dumps({name: value for name, value in one.items() if name in {"result", "error"}})
    return f', "op": "{one["op"]}", "args": {{"FunctionName": "%"{more}{json.dumps(one["args"])[1:]}, {answer[1:]}'


# ------------------------------------------------------------------------------------------------- what is measured


def read_parquet(path):
    """What every reader of Parquet pays."""
    for _ in pq.ParquetFile(path).iter_batches():
        pass


def read_lines(path):
    """What every reader of lines pays."""
    import msgspec

    class Line(msgspec.Struct):
        resource: str
        op: str
        at: str | None = None
        args: msgspec.Raw = msgspec.Raw(b"{}")
        result: msgspec.Raw = msgspec.Raw(b"")
        error: str | None = None

    decode = msgspec.json.Decoder(Line).decode
    with Path(path).open("rb") as file:
        for line in file:
            decode(line)


def read(path):
    """Read a file and do nothing with it."""
    (read_lines if path.endswith(".jsonl") else read_parquet)(path)


def by_columns(path):
    """The columnar oracle: wrong resources, unless they are only to be counted."""
    from statemodel.oracle import bulk

    report = bulk.check(SCF, [path], start="absent", jobs=1)
    wrong = [] if "--count" in sys.argv else [one.resource for one in report.verdicts()]
    return {"wrong": wrong, "violates": report.counts()["violates"], "careful": report.careful}


def by_beliefs(path):
    """The careful oracle, record by record."""
    from statemodel.oracle.check import check

    return {"wrong": [one.resource for one in check(SCF, [path], start="absent").verdicts if one.line]}


def by_pairs(path):
    """Two reads that follow each other may show two statuses that an edge of the graph joins; DuckDB, one window."""
    import duckdb

    [graph] = [one for one in SCF.parts if one.part == "function"]
    names = {state.name: state.status for state in graph.states}
    edges = {(names.get(one), names.get(row.target)) for row in graph.transitions for one in row.source}
    allowed = {(one, other) for one, other in edges if one and other} | {(one, one) for one in names.values() if one}
    link = duckdb.connect()
    link.execute("create table allowed(one text, other text)")
    link.executemany("insert into allowed values (?, ?)", sorted(allowed))
    found = link.execute(f"""
        with read as (select resource, row_number() over () as place, result ->> '$.Status' as status
                      from '{path}' where op = 'GetFunction' and args is null and result is not null),
        pair as (select resource, status, lag(status) over (partition by resource order by place) as before from read)
        select distinct resource from pair anti join allowed on one = before and other = status
        where before is not null""").fetchall()  # noqa: S608 - a path of our own
    return {"wrong": [one for one, in found]}


TASKS = {"read": read, "columns": by_columns, "beliefs": by_beliefs, "pairs": by_pairs}


def measured(task, path, *options, rounds=ROUNDS):
    """Median processor seconds and megabytes of a task in processes of its own, and what it found."""
    found = []
    for _ in range(rounds):
        ran = subprocess.run([sys.executable, str(HERE), "--task", task, str(path), *options],  # noqa: S603
                              capture_output=True, text=True, check=True)
        found.append(json.loads(ran.stdout))
    return median(one["seconds"] for one in found), max(one["megabytes"] for one in found), found[0].get("found")


def run_task(task, path):
    """Do a task after a first one on little data, so that nothing is compiled while the clock runs."""
    from time import process_time

    warm = Path(path).parent.parent / "warm" / Path(path).name
    if warm.exists():
        TASKS[task](str(warm))
    begun = process_time()
    found = TASKS[task](path)
    seconds = process_time() - begun
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    held = int(line.split()[1]) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": held, "found": found}))


# ------------------------------------------------------------------------------------------------- the page


def sizes_up_to(largest):
    """Sizes of logs to measure."""
    return [size for size in (100_000, 1_000_000, 10_000_000) if size <= largest]


def compared(folder, wrong):
    """Rows of a table: who, seconds a million records, misses, false alarms."""
    rows = []
    for name, task, file in (("columns (this)", "columns", "texts.parquet"), ("beliefs in plain Python", "beliefs",
                             "lines.jsonl"), ("adjacent statuses, DuckDB", "pairs", "texts.parquet")):
        seconds, _, found = measured(task, folder / file, rounds=1)
        rows.append((name, f"{seconds * 1e6 / SMALL:.2f}", *_judged(set(found["wrong"]), wrong)))
    return rows


def _judged(found, wrong):
    return f"{len(wrong - found)} of {len(wrong)}", str(len(found - wrong))


def replayed(python, folder):
    """The row of PM4Py, a program of its own: a net mined from right lives, replayed on a small log."""
    wrong = write(folder, SMALL // 10)
    done = subprocess.run([python, str(HERE.with_name("oracle_pm4py.py")), str(folder / "texts.parquet"),  # noqa: S603
                           json.dumps([[_label(one) for one in life] for life in LIVES[:RIGHT]])],
                          capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return ("token replay, PM4Py", f"{said['seconds'] * 1e7 / SMALL:.0f}", *_judged(set(said["wrong"]), wrong))


def _label(one):
    return "|".join((one["op"], json.dumps(one["result"]) if "result" in one else one["error"]))


def plot(times, out):
    """An SVG of time against size, both logarithmic; one line a format, dashed for reading alone."""
    colours = dict(zip(FORMATS, ("#1b6ca8", "#c0392b", "#27804a"), strict=True))
    sizes = sorted({size for _, size, _, _, _ in times})
    low, high = -2.0, 3.0

    def place(size, seconds):
        x = 70 + 480 * (np.log10(size) - 5) / 2
        return f"{x:.1f},{330 - 300 * (np.log10(max(seconds, 10**low)) - low) / (high - low):.1f}"

    lines = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 380" font-family="sans-serif" font-size="12">',
             '<rect width="720" height="380" fill="white"/>']
    for size in sizes:
        x = place(size, 1).partition(",")[0]
        lines.append(f'<line x1="{x}" y1="30" x2="{x}" y2="330" stroke="#ddd"/>'
                     f'<text x="{x}" y="350" text-anchor="middle">{size:,}</text>')
    for power in range(int(low), int(high) + 1):
        y = place(1e5, 10.0**power).partition(",")[2]
        lines.append(f'<line x1="70" y1="{y}" x2="550" y2="{y}" stroke="#ddd"/>'
                     f'<text x="62" y="{y}" text-anchor="end" dominant-baseline="middle">{10.0**power:g} s</text>')
    for number, (name, colour) in enumerate(colours.items()):
        for column, dash in ((2, "5 4"), (3, "0")):
            points = " ".join(place(row[1], row[column]) for row in times if row[0] == name)
            lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-dasharray="{dash}"/>')
        lines.append(f'<text x="565" y="{60 + 20 * number}" fill="{colour}">{name}</text>')
    lines.append('<text x="565" y="130">dashed: reading alone</text><text x="310" y="372" text-anchor="middle">'
                 "records</text></svg>")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def page(times, rows, out):
    """The page with all figures."""
    lines = ["# How long logs take", "",
             f"One core, processor seconds, medians of {ROUNDS} processes (of {LARGE:,} records one);",
             f"resources of {STEPS} records, 1 % wrong, which are counted here and not explained.",
             "`benchmarks/oracle.py` writes this page; times differ from machine to machine, ratios less.",
             "Reading is what Arrow needs for Parquet, and msgspec, typed, for lines of JSON.", "",
             "![Time against size](log-speed.svg)", "",
             "| format | records | read, s | judge, s | times reading | peak MB |", "|---|--:|--:|--:|--:|--:|"]
    lines += [f"| {name} | {size:,} | {read_s:.2f} | {judged:.2f} | {judged / read_s:.1f} | {held:.0f} |"
              for name, size, read_s, judged, held in times]
    lines += ["", f"On {SMALL:,} records, the wrong ones known:", "",
              "| way | seconds a million records | wrong and missed | false alarms |", "|---|--:|--:|--:|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    (out / "log-speed.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    """Measure, print, and write the page if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--largest", type=int, default=1_000_000)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--pm4py")
    given = asked.parse_args()
    assert [is_wrong(life) for life in LIVES] == [False] * RIGHT + [True] * (len(LIVES) - RIGHT)
    times, rows = [], []
    with tempfile.TemporaryDirectory() as place:
        for part in ("warm", "log"):
            (Path(place) / part).mkdir()
        folder = Path(place) / "log"
        write(Path(place) / "warm", 1_000)
        for size in sizes_up_to(given.largest):
            wrong = write(folder, size)
            for name, file in FORMATS.items():
                rounds = ROUNDS if size < LARGE else 1
                read_s, _, _ = measured("read", folder / file, rounds=rounds)
                judged, held, found = measured("columns", folder / file, "--count", rounds=rounds)
                assert found["violates"] == len(wrong)
                times.append((name, size, read_s, judged, held))
                print(f"{name}, {size:,}: read {read_s:.2f} s, judge {judged:.2f} s, {judged / read_s:.1f} times, "
                      f"{held:.0f} MB", flush=True)
            if size == SMALL:
                rows = compared(folder, wrong)
        if given.pm4py:
            rows.append(replayed(given.pm4py, folder))
    for row in rows:
        print(*row, sep=", ")
    if given.out:
        plot(times, given.out / "log-speed.svg")
        page(times, rows, given.out)


if __name__ == "__main__":
    if "--task" in sys.argv:
        run_task(*sys.argv[2:4])
    else:
        main()
