"""A client held against a model by pytest: two tests for each asked for, and nothing for whoever does not ask."""

import re
import subprocess
import sys

import pytest

CLIENTS = """
from statemodel.registry import model
from statemodel.simulator import FakeService, Simulator

LAYER = Simulator.of(model("scf.layer"))


class Right(FakeService):
    def __init__(self):
        super().__init__(LAYER)


class Wrong(Right):
    def call(self, op, args=None):
        answer = super().call(op, args)
        return {"error": "NoSuchThing"} if "result" in answer else answer
"""
TESTS = """
from clients import Wrong
from statemodel.registry import model
from statemodel.testing.conforms import assert_conforms

def test_own():
    assert True

def test_one_line():
    assert_conforms(model("scf.layer"), Wrong, examples=1)
"""
LOADED = """
import sys
import statemodel
before = set(sys.modules)
import pytest
within = set(sys.modules)
import statemodel.pytest_plugin
print(*sorted(set(sys.modules) - within))
"""


@pytest.fixture
def place(tmp_path):
    """A directory with clients and tests of somebody."""
    (tmp_path / "clients.py").write_text(CLIENTS, encoding="utf-8")
    (tmp_path / "test_own.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


def ran(place, *argv):
    """What pytest says, and its exit code."""
    plugin = () if "no:statemodel" in argv else ("-p", "statemodel.pytest_plugin", "-p", "no:statemodel")
    options = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *plugin)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *options, *argv], capture_output=True, text=True, check=False, cwd=place
    )
    return done.stdout, done.returncode


def test_each_client_is_two_tests(place):
    """They are chosen, counted and told like any others, with the totals at the end."""
    out, code = ran(place, "-v", "-k", "not test_", "--conform", "scf.layer=clients:Right", "--conform-examples", "1")
    assert code == 0
    assert "conform::scf.layer=clients:Right::cover PASSED" in out
    assert "conform::scf.layer=clients:Right::random PASSED" in out
    assert "= conformance of scf.layer=clients:Right =" in out
    assert "2 passed" in out


def test_a_wrong_client_fails(place):
    """The failure is the finding in words, without a traceback; random walks are not worth while then."""
    out, code = ran(place, "--conform", "scf.layer=clients:Wrong", "-k", "cover or random")
    assert code == 1
    assert "SM202" in out
    assert "pytest_plugin.py" not in out
    assert "1 failed, 1 skipped" in out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("scf.nothing=clients:Right", "unknown model 'scf.nothing'; known: scf, "),
        ("scf.layer=clients:Nobody", "client clients:Nobody: module clients has no 'Nobody'; it has "),
        ("scf.layer", "--conform scf.layer: expected MODEL=MODULE:FACTORY, such as scf=my_module:Client."),
    ],
)
def test_what_is_not_there_is_named(place, asked, said):
    """In one line."""
    out, code = ran(place, "--conform", asked, "-k", "cover")
    assert code == 1
    assert said in out


def test_whoever_does_not_ask_sees_nothing(place):
    """The same output, but for how long it took, with the plugin and without."""
    both = [ran(place, "-q", "-k", "not one_line", *more) for more in ((), ("-p", "no:statemodel"))]
    with_plugin, without = ((re.sub(r"in [0-9.]+s", "", out), code) for out, code in both)
    assert with_plugin == without
    assert without[1] == 0


def test_the_plugin_brings_nothing_of_its_own():
    """Importing it imports itself and what names errors and models have, no suite and no Hypothesis."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["statemodel.pytest_plugin"]


def test_one_line_of_a_test_fails_with_the_report(place):
    """`assert_conforms` raises what a test understands."""
    out, code = ran(place, "-q", "-k", "one_line")
    assert code == 1
    assert "ConformanceError" in out
    assert "SM202" in out
