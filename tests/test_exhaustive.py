"""`conform --lockstep`: every script within a bound, the shortest first; what it says when it finds nothing."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import toy

from statemodel.cli import main
from statemodel.cli.conform import CODES
from statemodel.errors import AdapterError
from statemodel.registry import model
from statemodel.testing.exhaustive import exhaustive
from statemodel.testing.lockstep import lockstep
from statemodel.testing.mutants import mutants, reference
from statemodel.testing.play import play
from statemodel.testing.report import Known, Result
from statemodel.testing.reports.text import to_text
from statemodel.testing.suite import Settings

HERE = Path(__file__).parent / "faults"
BROKEN = "a broken one cannot be dropped"
WRONG = {
    "fc.account": "guard negated: account Frozen invokeFunction: asynchronous",
    "scf.billing": "refusal accepted: billing FrozenInArrears Invoke, nothing changes",
}


class Broken(toy.Toy):
    """A toy with a fault, as the command line makes it."""

    def __init__(self):
        super().__init__(BROKEN)


class Unsteerable(toy.Toy):
    """A toy that cannot be told how things end."""

    abilities = tuple(one for one in toy.Toy.abilities if one != "outcome")


class Still(toy.Toy):
    """A toy that can neither be told how things end nor when."""

    abilities = ("Make", "Change", "Drop", "Look", "Use", "content")


class Reading(toy.Toy):
    """A toy that nobody can make."""

    abilities = ("Look", "Use", "clock", "outcome", "content")


def ran(capsys, client, *argv):
    """Exit code, standard output and standard error of a search of a client."""
    code = main(["conform", "toy:TOY", "--python", client, "--lockstep", *argv])
    return code, *capsys.readouterr()


# ------------------------------------------------------------------------------------------------- findings


@pytest.mark.parametrize("fault", toy.FAULTS)
def test_a_fault_is_told_with_its_shortest_script(fault):
    """The script is no longer than what was searched for, shows the same again, and is right for the right service."""
    report = exhaustive(toy.TOY, lambda: toy.Toy(fault))
    [found] = report.findings
    steps, code = toy.FAULTS[fault]
    assert (report.result, found.code, found.is_reproduced, found.phase) == (Result.FAILED, code, True, "lockstep")
    assert len(found.script) <= steps
    assert play(toy.TOY, lambda: toy.Toy(fault), found.script).result is Result.FAILED
    assert play(toy.TOY, toy.Toy, found.script).result is Result.PASSED


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_of_a_part_is_found_by_as_few_steps_as_can_be(name):
    """With one step less nothing is found, and that is proved."""
    [wrong] = [one for one in mutants(model(name)) if one.name == WRONG[name]]
    report = exhaustive(model(name), wrong.make)
    [found] = report.findings
    assert found.is_reproduced
    shorter = exhaustive(model(name), wrong.make, depth=report.searched.depth - 1)
    assert (shorter.findings, shorter.result, shorter.searched.is_sure) == ((), Result.PASSED, True)
    assert shorter.searched.reached == report.searched.depth - 1
    assert len(found.script) <= len(report.searched.script)


def test_a_client_that_is_led_there_again_is_found_out_too():
    """Without a copy or a fingerprint, by as short a script."""
    report = exhaustive(toy.TOY, lambda: toy.Bare(BROKEN))
    assert [(len(one.script) <= 8, one.code, one.is_reproduced) for one in report.findings] == [(True, "SM202", True)]


def test_what_does_not_come_again_is_told_as_it_was_met():
    """An answer that was wrong once is told, and that it did not come again."""

    class Once(toy.Bare):
        was_wrong = False

        def call(self, op, args):
            is_wrong, self.was_wrong = op == "Drop" and not self.was_wrong, self.was_wrong or op == "Drop"
            return {"result": {}} if is_wrong else super().call(op, args)

    [found] = exhaustive(toy.TOY, Once).findings
    assert (found.name, found.is_reproduced, len(found.script)) == ("SM201:Drop", False, 1)


def test_known_deviations_are_passed_by():
    """A declared one does not end the search; what else there is is found, and nothing is claimed of what follows."""
    known = (Known("SM202:Drop:Busy in Broken", "will be mended"),)
    report = exhaustive(toy.TOY, lambda: toy.Toy(BROKEN), settings=Settings(known=known))
    assert (report.result, report.findings) == (Result.PASSED, ())
    assert [(one.name, by) for one, by in report.known] == [("SM202:Drop:Busy", known[0])]
    assert "Nothing but the known deviations, after which nothing was tried, in any number of calls" in to_text(report)
    report = exhaustive(toy.TOY, lambda: toy.Toy("a change ends at once"), settings=Settings(known=known))
    assert [one.code for one in report.findings] == ["SM202"]


# ------------------------------------------------------------------------------------------------- silence


@pytest.mark.parametrize("name", ["scf.billing", "fc.account"])
def test_a_right_part_is_proved(name):
    """Everything there is was seen, and that is said to be a proof."""
    report = exhaustive(model(name), lambda: reference(model(name)))
    assert (report.result, report.searched.is_proof) == (Result.PASSED, True)
    assert "Nothing in any number of calls, waits and events: " in to_text(report)
    assert "\nThat is a proof: " in to_text(report)


def test_a_depth_is_a_bound():
    """Nothing that deep is proved, and no more is said."""
    report = exhaustive(toy.TOY, lambda: toy.Toy("the third change is lost"), depth=5)
    assert (report.result, report.searched.reached, report.searched.is_exhaustive) == (Result.PASSED, 5, False)
    assert "\nNothing within 5 calls, waits and events: " in to_text(report)
    assert "\nThat is a proof: " in to_text(report)


def test_a_budget_that_ends_leaves_it_open():
    """How deep everything was seen is said, and that the rest was not; it agrees with a search to that depth."""
    report = exhaustive(toy.TOY, toy.Toy, budget=300)
    reached = report.searched.reached
    assert (report.result, report.searched.is_cut, 0 < reached < 8) == (Result.INCONCLUSIVE, True, True)
    wanted = f"This says little: the budget ended the search before every script of {reached + 1} deeds was tried."
    assert wanted in to_text(report)
    assert lockstep(toy.TOY, toy.Toy, depth=reached).checks <= report.searched.checks
    assert report.calls < 350


def test_without_a_fingerprint_nothing_is_proved():
    """All scripts that lead elsewhere pass, and the report says why that is no proof."""
    report = exhaustive(toy.TOY, toy.Bare)
    assert (report.result, report.searched.is_sure) == (Result.PASSED, False)
    assert "That is no proof: the client does not tell its states apart (fingerprint())" in to_text(report)


def test_answers_that_change_leave_it_open():
    """A client that answers otherwise when asked again is told so."""

    class Moody(toy.Bare):
        def call(self, op, args):
            answer = super().call(op, args)
            is_moody = op == "Look" and self.resets % 3 == 0 and answer == {"result": {"Status": "Ready"}}
            return {"result": {"Status": "Making"}} if is_moody else answer

    report = exhaustive(toy.TOY, Moody, depth=4)
    assert (report.result is Result.PASSED, report.searched.is_sure) == (False, False)


# ------------------------------------------------------------------------------------------------- clients


@pytest.mark.parametrize(
    ("client", "said"),
    [(Unsteerable, "the client has not the ability outcome; expected one that"),
     (Still, "the client has not the abilities clock and outcome; expected one that")],
)  # fmt: skip
def test_a_client_that_cannot_be_steered_is_refused(client, said):
    """It is said what is missing, and what to do."""
    with pytest.raises(AdapterError) as refused:
        exhaustive(toy.TOY, client)
    assert said in str(refused.value)
    assert str(refused.value).endswith(
        "To mend it: give the adapter advance(seconds) and outcome(event), or run the suite without --lockstep."
    )


def test_a_client_that_never_moves_says_little():
    """Who can only be read has shown nothing."""
    report = exhaustive(toy.TOY, Reading)
    assert (report.result, report.findings) == (Result.INCONCLUSIVE, ())
    assert "nothing ever moved" in to_text(report)


def test_progress_is_told():
    """How deep the search is, how much was judged, and how much may be."""
    told = []
    exhaustive(toy.TOY, toy.Toy, budget=900, progress=lambda *one: told.append(one))
    assert told[0] == ("lockstep, 1 deep", 0, 900)
    assert told == sorted(told, key=lambda one: one[1])
    assert int(told[-1][0].split()[1]) > 5


# ------------------------------------------------------------------------------------------------- command line


@pytest.mark.parametrize(
    ("client", "argv", "code", "begins"),
    [
        ("toy:Toy", (), 0, "PASSED  test.toy: nothing found ("),
        ("toy:Toy", ("3",), 0, "PASSED  test.toy: nothing found ("),
        ("toy:Toy", ("--budget", "60"), 3, "INCONCLUSIVE  test.toy: nothing found ("),
        ("test_exhaustive:Broken", (), 1, "FAILED  test.toy: 1 finding ("),
        ("test_exhaustive:Broken", ("3",), 0, "PASSED  test.toy: nothing found ("),
    ],
)
def test_exit_codes(capsys, client, argv, code, begins):
    """As of the suite: 0 nothing found, 1 a finding, 3 where the budget ended it."""
    found, out, err = ran(capsys, client, *argv)
    assert (found, out[:len(begins)], err) == (code, begins, "")


def test_who_cannot_be_steered_exits_2(capsys):
    """One line says what is missing."""
    code, out, err = ran(capsys, "test_exhaustive:Unsteerable")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("statemodel: error: the adapter was asked to be searched exhaustively: ")


def test_outputs(capsys, tmp_path):
    """JSON, JUnit and annotations as of the suite."""
    code, out, err = ran(capsys, "test_exhaustive:Broken", "--json", "--github", "--junit", str(tmp_path / "x.xml"))
    document = json.loads(out)
    assert (code, document["result"], document["findings"][0]["phase"]) == (1, "failed", "lockstep")
    assert err.startswith("::error title=test.toy%3A SM202%3ADrop%3ABusy::")
    root = ET.parse(tmp_path / "x.xml").getroot()  # noqa: S314  # it is our own
    assert [(one.get("name"), one.get("failures")) for one in root] == [("test.toy.lockstep", "1")]
    _, out, _ = ran(capsys, "toy:Toy", "4", "--json")
    bound = json.loads(out)["lockstep"]
    assert (bound["depth"], bound["proof"], bound["told_by"], bound["versions"]) == (4, True, "fingerprint", 1)
    _, out, _ = ran(capsys, "toy:Toy", "--json", "--junit", str(tmp_path / "y.xml"))
    assert (json.loads(out)["lockstep"]["depth"], json.loads(out)["lockstep"]["proof"]) == (None, True)
    root = ET.parse(tmp_path / "y.xml").getroot()  # noqa: S314  # it is our own
    assert [(one.get("name"), one.get("failures"), one.get("skipped")) for one in root] == [
        ("test.toy.lockstep", "0", "0")]  # fmt: skip


def test_a_child_is_searched(capsys):
    """A client behind standard input and output is led to each of its states again."""
    child = f"{sys.executable} -m statemodel simulate scf.billing --stdio"
    code = main(["conform", "scf.billing", "--exec", child, "--lockstep", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert (code, document["result"], document["lockstep"]["told_by"]) == (CODES[Result.PASSED], "passed", "belief")
    assert document["lockstep"]["states"] > 3


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--budget", "9"], "unknown use of --budget without --lockstep: '9'; known: --lockstep --budget N"),
        (["--lockstep", "0"], "'0' is not a whole number from 1 to 1000"),
        (["--lockstep", "--budget", "x"], "'x' is not a whole number from 1 to"),
        (["--lockstep", "--script", "s"], "unknown use of --lockstep with --script: 's'; known: --lockstep or"),
        (["--lockstep", "--examples", "3"], "unknown use of --lockstep with --examples: '3'; known: --lockstep or"),
    ],
)
def test_bad_usage(capsys, argv, said):
    """Options that do not go together exit 2."""
    code, (out, err) = main(["conform", "toy:TOY", "--python", "toy:Toy", *argv]), capsys.readouterr()
    assert (code, out, said in err) == (2, "", True)
