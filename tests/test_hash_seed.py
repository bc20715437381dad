"""What is printed never depends on the order of a set: the same bytes under every hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = ("0", "1", "42")
HISTORIES = Path(__file__).parent / "histories"
LOST, DELETED, UPDATED = (str(HISTORIES / f"scf-{case}.jsonl") for case in ("T06d", "T22", "T10"))
COMMANDS = (
    ("list", "--json"),
    ("show", "scf", "--format", "json"),
    ("show", "fc", "--format", "json"),
    ("show", "scf.version", "--format", "lts"),
    ("draw", "scf", "--format", "dot"),
    ("draw", "fc.function", "--format", "mermaid"),
    ("check", "scf", LOST, DELETED, UPDATED, "--all", "--json"),
    ("check", "scf", LOST, DELETED, UPDATED, "--all", "--json", "--calls", "partial"),
    ("explain", "ResourceNotFound.Function"),
    ("explore", "scf", "--history", DELETED, "--configurations", "20", "--out", "/dev/stdout"),
    ("draw", "scf", "--format", "scxml"),
    ("show", "fc", "--section", "policies"),
)


def printed(seed, *argv):
    """What an interpreter with a hash seed prints."""
    done = subprocess.run([sys.executable, *argv], capture_output=True, check=False,  # noqa: S603
                          env={**os.environ, "PYTHONHASHSEED": seed})
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: " ".join(Path(word).name for word in argv))
def test_the_same_bytes_under_every_seed(argv):
    """Documents, drawings and verdicts do not depend on the hash seed."""
    first, *others = (printed(seed, "-m", "statemodel", *argv) for seed in SEEDS)
    assert first
    assert others == [first] * len(others)


def test_what_should_have_come_stands_in_the_order_of_the_fields(tmp_path):
    """Though some of them may show anything in some of what is believed."""
    history = tmp_path / "history.jsonl"
    history.write_text(
        '{"resource": "f", "op": "createFunction", "args": {"content": "a"}, "result": {}}\n'
        '{"resource": "f", "op": "getFunction", "args": {}, "error": "FunctionNotFound"}\n',
        encoding="utf-8",
    )
    told = {printed(seed, "-m", "statemodel", "check", "fc", str(history), "--start", "absent") for seed in SEEDS}
    assert len(told) == 1


def test_the_order_of_a_set_would_be_noticed():
    """The seeds order a set of names differently, so that one that decides an output is seen."""
    assert len({printed(seed, "-c", "print({'scf', 'fc', 'alias', 'billing', 'function'})") for seed in SEEDS}) > 1
