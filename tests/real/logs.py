"""Logs of many resources, right and wrong, interleaved and spoilt in every way that a reader must tell apart."""

import csv
import gzip
import json
from functools import cache
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from brute import Brute

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.unfold import Scope, document, unfold

COLUMNS = ("resource", "at", "op", "args", "result", "error", "lost", "as", "event", "silence")
EVENTS = {"scf": ("balance exhausted", "account frozen", "no such event"), "fc": ("account frozen", "idle")}
CREATE = {"scf": "CreateFunction", "fc": "createFunction"}
NAMED = {"scf": "FunctionName", "fc": "functionName"}
LIST = {"scf": ("ListFunctions", "Functions", "FunctionName"), "fc": ("listFunctions", "functions", "functionName")}
STRANGE = ("f n", "1x", "x-", "\u540d", 'q"q', "a\\b", "a" * 70, None, 7)


@cache
def source(name):
    return Brute(document(unfold(prepare(model(name)), Scope(1))))


def log(name, seed, resources=40, longest=10):
    """Records of many resources in the order of a log; the same for the same seed."""
    random, family = Random(f"{name} {seed}"), name.partition(".")[0]
    histories = []
    for number in range(resources):
        start = random.choice(("absent", "unknown"))
        records = source(name).history(random, start, random.randint(1, longest))
        key = f"fn-{number}" if number % 7 else f"ns/{number} \u540d"
        called = random.choice(STRANGE) if random.random() < 0.1 else f"fn-{number}"
        if random.random() < 0.85:
            records = [without_content(one) for one in records]
        histories.append([dressed(random, family, dict(one), key, called) for one in records])
        spoil(random, family, histories[-1], key)
    return interleaved(random, histories)


def without_content(record):
    """A record as most logs have it: nothing is said of the code."""
    sides = {side: {name: value for name, value in record[side].items() if name != "content"}
             for side in ("args", "result") if side in record}
    return {**record, **sides}


def dressed(random, family, record, key, called):
    """A record as logs have it: named, with members that no model reads."""
    record["resource"] = key
    if random.random() < 0.8:
        record["args"] = {NAMED[family]: called, "Noise": {"list": [1, -2.5e3, {"deep": None}], "t": '\\"\u00e9'},
                          **record["args"]}
    elif not record["args"]:
        del record["args"]
    if "result" in record:
        record["result"] = {**record["result"], "RequestId": f"{random.getrandbits(64):x}"}
    return record


def spoil(random, family, records, key):
    """Put in what makes a history hard to read, seldom."""
    extra = [
        {"op": "NoSuchOperation", "result": {}}, {"silence": random.choice((0, 60, 1.5))},
        {"event": random.choice(EVENTS[family])}, {"op": CREATE[family], "lost": True},
        {"op": CREATE[family], "args": {"content": random.choice("ab")}, "result": {}},
        {"op": CREATE[family], "error": random.choice(("*", "RequestLimitExceeded", "NoSuchCode"))},
        {"op": LIST[family][0], "result": {LIST[family][1]: [{LIST[family][2]: key}, {LIST[family][2]: "other"}]}},
    ]
    for one in extra:
        if random.random() < 0.06:
            records.insert(random.randint(0, len(records)), {"resource": key, **one})


def interleaved(random, histories):
    """All records, each history in order; times rise, are equal or missing, and seldom go back."""
    left = [list(reversed(one)) for one in histories if one]
    found, now = [], 1_700_000_000
    while left:
        place = random.randrange(len(left))
        record = left[place].pop()
        if not left[place]:
            del left[place]
        now += random.choice((0, 1, 30))
        when = now - 5_000 if random.random() < 0.003 else now
        kind = random.random()
        if kind < 0.7:
            stamp = f"2026-05-{1 + when // 86400 % 28:02}T{when // 3600 % 24:02}:{when // 60 % 60:02}:{when % 60:02}"
            record["at"] = stamp + random.choice(("Z", ".250Z", "+00:00"))
        found.append(record)
    return found


def write_lines(path, records):
    text = "".join(json.dumps(one, ensure_ascii=len(one["resource"]) % 2 == 0) + "\n" for one in records)
    path.write_text(text, encoding="utf-8")
    return path


def write_gzip(path, records):
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in records)
    return path


def cells(record):
    """A record with JSON as text where columns have it so."""
    asked = ("args", "result", "lost", "silence")
    return {name: json.dumps(one) if name in asked else one for name, one in record.items()}


def write_csv(path, records):
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(map(cells, records))
    return path


def table(records):
    rows = [cells(one) for one in records]
    return pa.table({name: pa.array([one.get(name) for one in rows], pa.string()) for name in COLUMNS})


def write_parquet(path, records, **how):
    pq.write_table(table(records), path, **how)
    return path
