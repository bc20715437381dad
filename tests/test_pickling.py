"""Models are literals and named functions: they survive pickling, into processes that hash otherwise too."""

import ast
import os
import pickle
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import statemodel.catalogue
from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF
from statemodel.catalogue.alibaba_fc import alias as fc_alias
from statemodel.catalogue.tencent_scf.function_data import FunctionData, a_version_publishing, named_alias
from statemodel.catalogue.tencent_scf.operations import as_target, override, whole
from statemodel.configuration import Family, Member
from statemodel.model import operation
from statemodel.model.graph import Query
from statemodel.model.guard import Guard
from statemodel.registry import MODELS

GRAPHS = (*SCF.parts, *FC.parts, *LAMBDA.parts, LAYER, REQUEST, ASYNC_EVENT, ASYNC_TASK)
MARKS = tuple(getattr(operation, name) for name in ("NEW", "EVERY", "ALL_GO", "ANY", "UNRECORDED"))
GUARDS = (
    ~whole, ~~whole, as_target & override, whole & ~named_alias & ~a_version_publishing,
    ~(as_target & ~override), fc_alias.known & ~fc_alias.weighs & fc_alias.clashes,
)
HELD = (
    FunctionData(3, -1),
    Member("Updating", FunctionData(3, 4)),
    Family(((1, Member("Active")),), 1, 1, facts=frozenset({(Query("is bound to", 1, named_alias.test), True)})),
)

# What the other process does: it builds everything itself, compares what this one sent, and sends its own back.
OTHER = """
import pickle, sys
from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF
from statemodel.catalogue.alibaba_fc import alias as fc_alias
from statemodel.catalogue.tencent_scf.function_data import FunctionData, a_version_publishing, named_alias
from statemodel.catalogue.tencent_scf.operations import as_target, override, whole
from statemodel.configuration import Family, Member
from statemodel.model.graph import Query
from statemodel.registry import MODELS

graphs = (*SCF.parts, *FC.parts, *LAMBDA.parts, LAYER, REQUEST, ASYNC_EVENT, ASYNC_TASK)
models = (SCF, FC, LAMBDA, *graphs, *MODELS.values())
guards = (
    ~whole, ~~whole, as_target & override, whole & ~named_alias & ~a_version_publishing,
    ~(as_target & ~override), fc_alias.known & ~fc_alias.weighs & fc_alias.clashes,
)
held = (
    FunctionData(3, -1),
    Member("Updating", FunctionData(3, 4)),
    Family(((1, Member("Active")),), 1, 1, facts=frozenset({(Query("is bound to", 1, named_alias.test), True)})),
)
own = (*models, *guards, *held)
sent = pickle.load(sys.stdin.buffer)
assert len(sent) == len(own)
for one, read in zip(own, sent, strict=True):
    assert one is not read, one
    assert one == read, one
    assert hash(one) == hash(read), one
pickle.dump((hash("seed"), own), sys.stdout.buffer)
"""
# The other process reads first and imports nothing before: unpickling has to bring every module along.
FRESH = """
import pickle, sys
assert not [name for name in sys.modules if name.startswith("statemodel")]
models = pickle.load(sys.stdin.buffer)
from statemodel.catalogue import FC, SCF
assert models == (SCF, FC)
assert list(map(hash, models)) == list(map(hash, (SCF, FC)))
"""


def copy(value, protocol=pickle.HIGHEST_PROTOCOL):
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - written here


def run(text, seed, given):
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", text], input=pickle.dumps(given), capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("model", [SCF, FC, LAMBDA, *GRAPHS, *MODELS.values()], ids=lambda model: model.name)
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_models(model, protocol):
    read = copy(model, protocol)
    assert read is not model
    assert read == model
    assert hash(read) == hash(model)


def test_models_under_policies():
    settled = SCF.with_policies(latest_shows_publishing="separate", ghost_delete="on")
    assert copy(settled) == settled != SCF
    assert hash(copy(settled)) == hash(settled)
    assert copy(SCF).with_policies(latest_shows_publishing="separate", ghost_delete="on") == settled


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_guards_made_of_others(guard):
    read = copy(guard)
    assert read == guard
    assert hash(read) == hash(guard)
    assert read.atoms() == guard.atoms()
    assert ~read == ~guard
    assert copy(~guard & read) == ~guard & guard


@pytest.mark.parametrize("value", HELD, ids=lambda value: type(value).__name__)
def test_what_members_hold(value):
    hash(value)
    assert copy(value) == value
    assert hash(copy(value)) == hash(value)


def test_marks_keep_their_identity():
    assert all(copy(mark) is mark for mark in MARKS)


@pytest.mark.parametrize("seed", [0, 1, 4242])
def test_another_process_with_another_hash_seed(seed):
    own = (SCF, FC, LAMBDA, *GRAPHS, *MODELS.values(), *GUARDS, *HELD)
    hashes = [hash(each) for each in own]  # which some keep, and must not take along
    seeded, read = pickle.loads(run(OTHER, seed, own))  # noqa: S301 - written by that process
    assert seeded != hash("seed") or os.environ.get("PYTHONHASHSEED") == str(seed)
    assert read == own
    assert [hash(each) for each in read] == hashes


def test_a_process_that_has_imported_nothing():
    run(FRESH, 7, (SCF, FC))


def callables(value):
    """Every function a model holds, however deep, with the way there."""
    pending, seen = [("", value)], set()
    while pending:
        path, here = pending.pop()
        if attrs.has(type(here)):
            if here in seen:
                continue
            seen.add(here)
            pending += [(f"{path}.{one.name}", getattr(here, one.name)) for one in attrs.fields(type(here))]
        if isinstance(here, tuple):
            pending += [(f"{path}[{position}]", each) for position, each in enumerate(here)]
        elif callable(here) and not isinstance(here, type) and not attrs.has(type(here)):
            yield path, here


@pytest.mark.parametrize("model", [SCF, FC, LAMBDA, LAYER, REQUEST, ASYNC_EVENT, ASYNC_TASK], ids=lambda one: one.name)
def test_every_function_has_a_name_of_its_own_module(model):
    found = list(callables(model))
    assert found
    for path, function in found:
        name = getattr(function, "__qualname__", type(function).__qualname__)
        assert getattr(sys.modules[function.__module__], name, None) in (function, type(function)), path


def test_no_lambda_in_the_catalogue():
    files = sorted(Path(statemodel.catalogue.__file__).parent.rglob("*.py"))
    assert files
    lambdas = [
        f"{file.name}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Lambda)
    ]
    assert lambdas == []


def test_a_lambda_would_be_noticed():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(Guard("nameless", lambda _view: True))
