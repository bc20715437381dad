"""Random walks on Hypothesis: found, shortened, replayed; clients that waver; a state machine to add rules to."""

import subprocess
import sys
import unittest
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from publishing import SYSTEM, Dropping, Lost, Once, Right

import statemodel
from statemodel.catalogue import SCF
from statemodel.errors import AdapterError
from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.machine import random_walks, spelled, state_machine
from statemodel.testing.replays import replay
from statemodel.testing.report import Known
from statemodel.testing.script import from_lines, to_lines
from statemodel.testing.session import make_session
from statemodel.testing.suite import Run, Settings
from statemodel.testing.walk import seeded_walks

HERE = Path(statemodel.__file__).parents[1]
SEED = 0  # finds the planted fault soon
FUNCTION = prepare(model("scf.function"))
TRIED = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


class Tiny(FakeService):
    """The graph of functions alone."""

    def __init__(self):
        super().__init__(Simulator.of(FUNCTION))


class Blind(Tiny):
    """Shows no function."""

    def call(self, op, args=None):
        answer = super().call(op, args)
        return {"error": "ResourceNotFound.Function"} if op == "GetFunction" else answer


LOST = (
    Known("SM203:GetFunction:ResourceNotFound*", "mends itself"),
    Known("SM203:ListAliases:accepted", "mends itself"),
    Known("SM203:ListFunctions:accepted", "mends itself"),  # what was lost is listed and called all the same
    Known("SM203:Invoke:accepted", "mends itself"),
)


class Wrong(Tiny):
    """Loses sight of a function that was updated."""

    def reset(self):
        super().reset()
        self.is_lost = False

    def call(self, op, args=None):
        answer = super().call(op, args)
        self.is_lost = self.is_lost or (op == "UpdateFunctionCode" and "result" in answer)
        return {"error": "ResourceNotFound.Function"} if op == "GetFunction" and self.is_lost else answer


def walked(client, walks=random_walks, *, system=FUNCTION, examples=20, **more):
    """What walks over a client come to, and the link."""
    with open_link(client, tuple(system.operations)) as link:
        more = {"shrinks": 20, "steps": 12, **more} if walks is random_walks else more
        return walks(make_session(system, link), examples=examples, **more), link


@pytest.fixture(scope="module")
def dropped():
    """The finding about a service with the planted fault, as a run tells it."""
    with open_link(Dropping, tuple(SYSTEM.operations)) as link:
        session = make_session(SYSTEM, link)
        walks = random_walks(session, examples=400, seed=SEED)
        run = Run(model("scf.function"), link, Settings())
        run.session = session
        run.take(walks.found, "random")
        return run.findings[0], session


# ------------------------------------------------------------------------------------------------- walks


@pytest.mark.parametrize("walks", [random_walks, seeded_walks])
def test_a_right_service_passes(walks):
    """Nothing is found in walks that call, and every walk is done."""
    came, link = walked(Right, walks, system=SYSTEM, examples=10)
    assert came.found is None
    assert came.done >= 10
    assert link.calls > 300


def test_the_planted_fault_ends_as_few_calls(dropped):
    """A failed publish that drops a live version is told by a function, two publishes and what asks for it."""
    finding, _ = dropped
    assert finding.is_reproduced
    calls = [step.what for step in finding.script if step.do == "call"]
    assert len(calls) <= 7
    assert calls.count("CreateFunction") == 1
    assert calls[-1] not in ("CreateFunction", "PublishVersion")


def test_a_script_is_done_again_from_its_lines(dropped):
    """The script as JSON lines shows the same trouble."""
    finding, _ = dropped
    with open_link(Dropping, tuple(SYSTEM.operations)) as link:
        trouble = replay(make_session(SYSTEM, link), from_lines(to_lines(finding.script)))
    assert trouble.code == finding.code


@pytest.mark.parametrize("walks", [random_walks, seeded_walks])
def test_the_same_seed_walks_the_same_way(walks):
    """Two runs of one seed make the same calls; another seed makes others."""

    def told(seed):
        said = []

        class Telling(Tiny):
            def call(self, op, args=None):
                said.append((op, str(args)))
                return super().call(op, args)

        walked(Telling, walks, seed=seed, examples=5)
        return said

    first, second, third = map(told, (1, 1, 2))
    assert first == second != third


def test_walks_are_shortened():
    """Hypothesis leaves out what is not needed."""
    long, short = (walked(Lost, system=SYSTEM, seed=1, shrinks=shrinks)[0] for shrinks in (1, 60))
    assert len(short.found.script) < len(long.found.script)


def test_a_walk_that_failed_is_tried_first_the_next_time(tmp_path):
    """With a database the first walk of the next run fails."""
    kept = {"database": str(tmp_path / "kept"), "key": "tiny"}
    first, _ = walked(Blind, seed=1, **kept)
    second, _ = walked(Blind, seed=2, **kept)
    other, _ = walked(Tiny, seed=1, examples=3, **kept)
    assert (first.found.trouble.code, second.done, other.found) == ("SM203", 1, None)


def test_a_failure_that_does_not_come_again_is_told():
    """A client that errs once is found; the finding says that nobody can show it again."""
    with open_link(Once, tuple(SYSTEM.operations)) as link:
        session = make_session(SYSTEM, link)
        walks = random_walks(session, examples=20)
        run = Run(model("scf.function"), link, Settings())
        run.session = session
        assert run.take(walks.found, "random")
    assert [(one.code, one.is_reproduced) for one in run.findings] == [("SM203", False)]


def test_a_client_that_never_does_the_same_twice_passes():
    """Chance that goes on over resets is no finding as long as every answer is right."""
    simulator = Simulator.of(FUNCTION, is_adversarial=True)

    class Wavering(FakeService):
        def reset(self):
            spent = self.world.decisions
            super().reset()
            self.world = attrs.evolve(self.world, decisions=spent)

    came, _ = walked(lambda: Wavering(simulator), examples=15)
    assert came.found is None
    assert came.done >= 15


def test_trouble_that_is_known_ends_a_walk_and_no_more():
    """Every walk is done all the same."""
    came, _ = walked(Wrong, is_old=lambda trouble: trouble.code == "SM203", seed=2)
    assert (came.found, came.done >= 20) == (None, True)


def test_a_declared_deviation_passes_and_is_named_once():
    """A run that meets it goes on; nothing fails."""
    with open_link(Wrong, tuple(FUNCTION.operations)) as link:
        run = Run(
            model("scf.function"),
            link,
            Settings(examples=20, replays=60, known=LOST),
        )
        run.random()
    assert run.findings == []
    assert {one.reason for _, one in run.known} == {"mends itself"}
    assert run.examples >= 20


def test_an_adapter_that_fails_is_no_finding():
    """Its error comes out as it is, and nothing is tried again and again."""

    class Broken(Tiny):
        calls = 0

        def call(self, op, args=None):
            Broken.calls += 1
            if Broken.calls > 30:
                raise OSError("no network")
            return super().call(op, args)

    with pytest.raises(AdapterError, match="no network"):
        walked(Broken)
    assert Broken.calls == 31


def test_an_async_client_is_walked_over_as_well():
    """Every method may be awaited."""

    class Waiting:
        def __init__(self):
            self.inner = Blind()
            self.abilities = self.inner.abilities

        async def reset(self):
            self.inner.reset()

        async def call(self, op, args):
            return self.inner.call(op, args)

        async def advance(self, seconds):
            self.inner.advance(seconds)

        async def outcome(self, event):
            return self.inner.outcome(event)

        async def happen(self, event):
            return self.inner.happen(event)

    assert walked(Waiting, seed=1)[0].found == walked(Blind, seed=1)[0].found is not None


WITHOUT = """
import sys
sys.modules["hypothesis"] = None
from statemodel.registry import model
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.suite import Settings, conformance
part = model("scf.function")
for is_slow in (True, False):
    try:
        chosen = Settings(examples=2, is_slow=is_slow)
        print(conformance(part, lambda: FakeService(Simulator.of(part)), settings=chosen).examples)
    except Exception as error:
        print(error)
"""


def test_slow_clients_need_no_hypothesis():
    """Where it is not installed, walks are drawn by the seed alone if asked for; else the extra is named."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WITHOUT],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(statemodel.__file__).parents[1],
    )
    assert done.stdout.splitlines() == ["2", "walking at random needs an extra: pip install 'statemodel[testing]'"]


# ------------------------------------------------------------------------------------------------- a state machine


def test_names_of_rules():
    """Rules are called as Python calls functions."""
    assert [spelled(name) for name in ("CreateFunction", "listFunctionVersions")] == [
        "create_function",
        "list_function_versions",
    ]


def test_a_machine_has_a_rule_for_each_operation():
    """And passes a right service, with rules and invariants added."""
    machine = state_machine(SCF, Right)
    done = []

    class Mine(machine):
        @rule(function=machine.functions, version=machine.versions)
        def move_alias(self, function, version):
            reply = self.call(function, "UpdateAlias", Name="live", FunctionVersion=version)
            done.append(reply.error is None)

        @invariant()
        def is_followed(self):
            assert len(self.session.judge.followed) <= 2

    assert all(callable(getattr(Mine, spelled(name))) for name in SYSTEM.operations)
    run_state_machine_as_test(Mine, settings=TRIED)
    assert len(done) > 3


def test_a_machine_tells_what_is_wrong_in_words():
    """The message is the finding, with the script to do it again."""
    case = state_machine(model("scf.function"), Blind).TestCase
    case.settings = TRIED
    assert issubclass(case, unittest.TestCase)
    with pytest.raises(AssertionError) as caught:
        case("runTest").runTest()
    lines = str(caught.value).splitlines()
    code, operation, _ = lines[1].strip().split(":", 2)
    assert code in ("SM201", "SM203")
    [last] = [line for line in lines if line.startswith("   > ")]
    assert last.split()[2].startswith(f"{operation}(")
    assert "   What was done, from a reset on:" in lines
    assert any(line.startswith('{"do": "call", "op": "CreateFunction"') for line in lines)


def test_a_broken_rule_of_ones_own_fails():
    """What a rule asserts is asserted."""
    machine = state_machine(model("scf.function"), Tiny)

    class Mine(machine):
        @rule(function=machine.functions)
        def never(self, function):
            assert self.call(function, "GetFunction").error is None, "there is none"

    with pytest.raises(AssertionError, match="there is none"):
        run_state_machine_as_test(Mine, settings=TRIED)
