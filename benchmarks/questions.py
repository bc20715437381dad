"""A question to a guide and to a waiter beside a bare look into a dictionary, all in one run: medians of rounds.

Exits with 1 if a question costs more than 10 microseconds.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from statemodel.questions import Legality, guide
from statemodel.reading import Reading
from statemodel.registry import model
from statemodel.standing import standing
from statemodel.waiters import waiter

LIMIT_US = 10.0
ROUNDS, COUNT = 21, 20_000
HISTORY = [
    {"resource": "f", "op": "CreateFunction", "result": {}},
    {"resource": "f", "op": "GetFunction", "result": {"Status": "Active", "AvailableStatus": "Available"}},
    {"resource": "f", "op": "PublishVersion", "result": {"FunctionVersion": "1"}},
]


def asked() -> dict[str, Callable[[], object]]:
    """What is measured, each made before and asked again and again."""
    scf, fc = guide(model("scf.function")), guide(model("fc.function"))
    service = standing(model("scf"), HISTORY, start="absent", environment="recorded")
    made = waiter(model("fc.function"), until="Active", after="createFunction")
    reading = Reading.of_fields(("Pending", None))
    bare = {"Active": {"UpdateFunctionCode": Legality.LEGAL}}
    return {
        "bare dictionary": lambda: bare["Active"]["UpdateFunctionCode"],
        "is a call legal": lambda: scf.at("Active").call("UpdateFunctionCode"),
        "what is legal here": lambda: fc.at("Active").named(Legality.LEGAL),
        "is it settled": lambda: scf.at("Creating").is_settled,
        "the shortest way": lambda: scf.at("CreateFailed").way_to("Active"),
        "what recovers": lambda: fc.at("Failed").recoveries,
        "a call after a history": lambda: service.calls["PublishVersion"],
        "qualifiers after a history": lambda: service.qualifiers,
        "what a poll means": lambda: made.judge(made.start, reading),
    }


def measured(questions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Microseconds a question, by name."""
    times: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(ROUNDS):
        for name, ask in questions.items():
            began = perf_counter()
            for _ in range(COUNT):
                ask()
            times[name].append((perf_counter() - began) / COUNT * 1e6)
    return {name: median(found) for name, found in times.items()}


def main() -> int:
    """Print microseconds and ratios."""
    found = measured(asked())
    bare = found["bare dictionary"]
    for name, spent in found.items():
        print(f"{name:28} {spent:7.2f} us  {spent / bare:5.1f} times a bare look-up")
    return 0 if max(found.values()) <= LIMIT_US else 1


if __name__ == "__main__":
    sys.exit(main())
