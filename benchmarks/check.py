"""Checking histories beside parsing them, in one run: microseconds a record, and records a second beyond parsing.

Exits with 1 if fewer than 300,000 records a second are checked beyond what parsing costs.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from statemodel.catalogue import SCF
from statemodel.oracle.check import check

RESOURCES = 30_000
ROUNDS = 5
WANTED = 300_000
LIFE = (
    {"op": "CreateFunction", "result": {"RequestId": "r"}},
    {"op": "GetFunction", "result": {"Status": "Creating", "AvailableStatus": "Available", "Runtime": "Python3.9"}},
    {"op": "GetFunction", "result": {"Status": "Active"}},
    {"op": "UpdateFunctionCode", "result": {}},
    {"op": "GetFunction", "result": {"Status": "Updating"}},
    {"op": "UpdateFunctionConfiguration", "error": "FailedOperation.UpdateFunctionConfiguration"},
    {"op": "GetFunction", "result": {"Status": "Active"}},
    {"op": "PublishVersion", "result": {"FunctionVersion": "1"}},
    {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "Publishing"}},
    {"op": "GetFunction", "args": {"Qualifier": "1"}, "result": {"Status": "Active"}},
    {"op": "Invoke", "args": {"Qualifier": "1"}, "result": {}},
    {"op": "DeleteFunction", "result": {}},
    {"op": "GetFunction", "error": "ResourceNotFound.Function"},
)


def write(path: Path) -> int:
    """Write the histories, interleaved, and return how many records there are."""
    with path.open("w", encoding="utf-8") as file:
        for step, record in enumerate(LIFE):
            for number in range(RESOURCES):
                name = f"fn-{number}"
                args = {"FunctionName": name, "Namespace": "default", **record.get("args", {})}
                at = f"2026-05-01T12:{step:02}:{number % 60:02}Z"
                file.write(json.dumps({"resource": name, "at": at, **record, "args": args}) + "\n")
    return len(LIFE) * RESOURCES


def timed(run: Callable[[], object]) -> float:
    """Seconds one run takes."""
    begun = perf_counter()
    run()
    return perf_counter() - begun


def parse(path: Path) -> None:
    """What every reader of the file pays."""
    with path.open("rb") as file:
        for line in file:
            json.loads(line)


def main() -> int:
    """Print the figures; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "histories.jsonl"
        count = write(path)
        rounds = [
            (timed(lambda: parse(path)), timed(lambda: check(SCF, [str(path)], start="absent"))) for _ in range(ROUNDS)
        ]
    parsing, checking = median(one[0] for one in rounds), median(one[1] for one in rounds)
    beyond = median(one[1] - one[0] for one in rounds)
    print(f"{count:,} records of {RESOURCES:,} resources, medians of {ROUNDS} interleaved rounds")
    print(f"parsing {parsing / count * 1e6:.2f} us a record, checking {checking / count * 1e6:.2f} us a record")
    print(f"ratio {checking / parsing:.2f}; beyond parsing {count / beyond:,.0f} records a second")
    return 0 if count / beyond >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
