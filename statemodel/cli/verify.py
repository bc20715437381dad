"""`verify`: every configuration explored, every invariant checked."""

import argparse
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, progress, say, say_json
from statemodel.registry import MODELS
from statemodel.verify import Verification, verify


def verify_models(asked: argparse.Namespace) -> int:
    """Verify some models, or all of them."""
    names = list(asked.models or MODELS)
    for name in names:
        named(name)
    found: list[Verification] = []
    for one in _verified(names, asked.max_versions):
        found.append(one)
        if not asked.json:
            say(("" if len(found) == 1 else "\n") + one.text())
    if asked.json:
        say_json({"contract": 1, "models": [one.document() for one in found]})
    return 0 if all(one.holds for one in found) else 1


def _verified(names: list[str], versions: int) -> Iterator[Verification]:
    """What came of each model, in their order; several processors take a model each."""
    workers = min(len(names), os.cpu_count() or 1)
    if workers > 1:
        yield from _side_by_side(names, versions, workers)
        return
    for name in names:
        telling = progress(f"configurations of {name}")
        try:
            yield verify(named(name), versions=versions, progress=telling)
        finally:
            clear_progress(telling)


def _side_by_side(names: list[str], versions: int, workers: int) -> Iterator[Verification]:
    telling = progress(f"of {len(names)} models verified")
    pool = ProcessPoolExecutor(workers, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        coming = [pool.submit(_verify, name, versions) for name in names]
        for place, each in enumerate(coming):
            if telling is not None:
                telling(place)
            found = each.result()
            clear_progress(telling)
            yield found
        pool.shutdown()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()


def _verify(name: str, versions: int) -> Verification:
    return verify(named(name), versions=versions)
