"""Token replay by PM4Py, run by `benchmarks/oracle.py` with an interpreter that has it; no part of the package.

    python benchmarks/oracle_pm4py.py LOG.parquet '[["label", ...], ...]'

Mines a net from the right lives given, replays the log, and prints the seconds and the resources that do not fit.
"""

import json
import sys
from time import process_time

import pandas as pd
import pm4py


def log(lives):
    """A log of PM4Py from lists of labels by case."""
    rows = [(case, label) for case, labels in lives.items() for label in labels]
    frame = pd.DataFrame(rows, columns=["case:concept:name", "concept:name"])
    frame["time:timestamp"] = pd.to_datetime(range(len(frame)), unit="s", utc=True)
    return frame


def main():
    """Print what was found."""
    path, right = sys.argv[1], json.loads(sys.argv[2])
    net = pm4py.discover_petri_net_inductive(log({f"right {place}": one for place, one in enumerate(right)}))
    frame = pd.read_parquet(path)
    labels = frame["op"] + "|" + frame["result"].fillna(frame["error"])
    lives = labels.groupby(frame["resource"], sort=False).agg(list).to_dict()
    whole = log(lives)
    begun = process_time()
    found = pm4py.conformance_diagnostics_token_based_replay(whole, *net)
    seconds = process_time() - begun
    order = list(dict.fromkeys(whole["case:concept:name"]))
    wrong = [case for case, one in zip(sorted(order), found, strict=True) if not one["trace_is_fit"]]
    print(json.dumps({"seconds": seconds, "wrong": wrong}))


if __name__ == "__main__":
    main()
