"""An emulator judged for real: what is known of it is put up with, and what is new or gone is told."""

import importlib.util
import json
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

pytest.importorskip("boto3", reason="the extra `aws` is not installed")
pytest.importorskip("moto", reason="the extra `real` is not installed")

from statemodel.cli import main

PLACE = Path(__file__).parents[2] / "benchmarks/emulators.py"
SPEC = importlib.util.spec_from_file_location("emulators", PLACE)
emulators = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(emulators)

MOTO = next(one for one in emulators.EMULATORS if one.name == "moto")
AT_FIRST, *_, BEYOND = MOTO.looks


@pytest.fixture
def conform(monkeypatch):
    """Runs `statemodel conform lambda` against moto, with something put aside."""
    with emulators.running(MOTO, Path(sys.executable).parent) as endpoint:

        def run(look, *options):
            for name, value in emulators.variables(MOTO, look, endpoint).items():
                monkeypatch.setenv(name, value)
            monkeypatch.setenv("STATEMODEL_LAMBDA_RUNS", "no")
            return main(["conform", "lambda", "--python", emulators.ADAPTER, *map(str, options)])

        yield run


def known(look):
    """The file with what is known."""
    return emulators.KNOWN / f"{look.name}.jsonl"


def test_the_version_judged_is_the_one_installed():
    """What the page says holds for this version."""
    assert MOTO.package.partition("==")[2] == version("moto")


def test_nothing_is_new(conform, capsys):
    """With what is known put up with, the whole suite passes."""
    assert conform(BEYOND, "--examples", 2, "--known", known(BEYOND)) == 0
    assert "PASSED" in capsys.readouterr().out


def test_one_that_is_gone_fails(conform, capsys, tmp_path):
    """A deviation that is declared and not met any more is told."""
    declared = tmp_path / "known.jsonl"
    gone = json.dumps({"name": "SM201:GetAlias:accepted", "reason": "mended long ago"})
    declared.write_text(f"{known(AT_FIRST).read_text(encoding='utf-8')}{gone}\n", encoding="utf-8")
    assert conform(AT_FIRST, "--examples", 1, "--known", declared) == 1
    assert "SM201:GetAlias:accepted" in capsys.readouterr().out


def test_one_that_is_new_fails(conform, capsys, tmp_path):
    """A deviation that is not declared is found."""
    declared = tmp_path / "known.jsonl"
    lines = known(AT_FIRST).read_text(encoding="utf-8").splitlines(keepends=True)
    declared.write_text("".join(line for line in lines if "CreateFunction" not in line), encoding="utf-8")
    assert conform(AT_FIRST, "--examples", 1, "--known", declared) == 1
    assert 'CreateFunction showed State "Active"' in capsys.readouterr().out
