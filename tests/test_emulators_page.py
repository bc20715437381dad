"""The page on emulators is what the results say, and every deviation on it has evidence that is there."""

import importlib.util
import json
import re
from pathlib import Path

from statemodel.testing.reports.known import read_known

TOP = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("emulators", TOP / "benchmarks/emulators.py")
emulators = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(emulators)

RESULTS = json.loads(emulators.RESULTS.read_text(encoding="utf-8"))
DEVIATIONS = [one for emulator in RESULTS for one in emulator["deviations"]]


def test_the_page_is_fresh():
    """Rendered again it is the same, byte by byte."""
    assert emulators.PAGE.read_text(encoding="utf-8") == emulators.rendered(RESULTS)


def test_the_versions_are_those_that_are_judged():
    """Results and definitions name the same packages in the same order, each pinned."""
    packages = [one["package"] for one in RESULTS]
    assert packages == [one.package for one in emulators.EMULATORS]
    assert all(re.fullmatch(r"[a-z-]+(\[[a-z]+\])?==[0-9.]+", one) for one in packages)


def test_every_script_that_is_kept_stands_on_the_page():
    """As many deviations as scripts, with their evidence."""
    kept = [one["evidence"] for emulator in emulators.EMULATORS for one in emulators.scripts(emulator)]
    assert sorted(kept) == sorted(one["evidence"] for one in DEVIATIONS)
    assert len(DEVIATIONS) >= 10


def test_histories_that_are_named_exist():
    """Recorded answers that evidence points to are there."""
    texts = [one["evidence"] for one in DEVIATIONS]
    texts += [one.reason for look in looks() for one in read_known(str(emulators.KNOWN / f"{look.name}.jsonl"))]
    named = {name for text in texts for name in re.findall(r"tests/histories/\S+\.jsonl", text)}
    assert named
    assert [name for name in sorted(named) if not (TOP / name).exists()] == []


def looks():
    """Every run of every emulator."""
    return [look for emulator in emulators.EMULATORS for look in emulator.looks]
