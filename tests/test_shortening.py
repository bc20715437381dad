"""Findings are told with short scripts, however long the way was on which they were met."""

import pytest
import remembering

from statemodel.registry import model
from statemodel.semantics import initial, prepare
from statemodel.testing.adapter import open_link
from statemodel.testing.findings import finding
from statemodel.testing.replays import CALLS_A_REPLAY
from statemodel.testing.reply import Reply
from statemodel.testing.script import Step
from statemodel.testing.session import TroubleError, make_session
from statemodel.testing.slices import Run, by_operation, by_resource, by_return, guesses
from statemodel.testing.suite import REPLAYS

LONG = 100
SYSTEMS = {name: prepare(model(name)) for name in ("scf", "fc")}
ONE, TWO = "fn-1", "fn-2"
# (operation, what is sent besides the name) of the first function, or what is steered; all is waited for and read.
SCF_PAST = (
    ("CreateFunction", {"content": "code-1"}),
    ("PublishVersion", {}),
    ("CreateAlias", {"Name": "live", "FunctionVersion": "1"}),
    ("DeleteAlias", {"Name": "live"}),
    ("DeleteFunction", {}),
    ("CreateFunction", {"content": "code-2"}),
    ("outcome", "update failed"),
    ("UpdateFunctionCode", {"content": "code-3"}),
    ("UpdateFunctionConfiguration", {}),
    ("PublishVersion", {}),
    ("UpdateFunctionCode", {"content": "code-4"}),
    ("UpdateFunctionCode", {"content": "code-5"}),
    ("outcome", "update failed"),
    ("UpdateFunctionCode", {"content": "code-6"}),
    ("DeleteFunction", {}),
)
FC_PAST = (
    ("createFunction", {"runtime": "custom-container", "content": "code-1"}),
    ("publishFunctionVersion", {}),
    ("createAlias", {"aliasName": "live", "versionId": "1"}),
    ("updateFunction", {"content": "code-2"}),
    ("publishFunctionVersion", {}),
    ("publishFunctionVersion", {}),
    ("updateAlias", {"aliasName": "live", "versionId": "2"}),
    ("deleteAlias", {"aliasName": "live"}),
    ("deleteFunctionVersion", {"versionId": "1"}),
    ("deleteFunctionVersion", {"versionId": "2"}),
    ("deleteFunction", {}),
    ("createFunction", {"runtime": "custom-container", "content": "code-3"}),
    ("updateFunction", {"content": "code-4"}),
    ("at once", None),
    ("deleteFunction", {}),
    ("createFunction", {"runtime": "custom-container", "content": "code-5"}),
)


def lived(session, past):
    """Lead a function through a past, with another beside it; read both all over after every step.

    Raises:
        TroubleError: the fault was met.
    """
    session.reset()
    session.call(TWO, *past[0])
    for number, (what, given) in enumerate(past):
        if what == "outcome":
            session.steer(given)
        elif what != "at once":
            session.call(ONE, what, given)
            is_waited_for = past[number + 1 : number + 2] != (("at once", None),)
            read(session, ONE)
            for name in (ONE, TWO) if is_waited_for else ():
                session.settle(name)
                read(session, name)


def read(session, name):
    """Read a function and all its members all over."""
    for operation, args in session.every_read(name):
        session.call(name, operation, args)


def met(fault, replays=REPLAYS):
    """What is told of the trouble that a long past comes to, that past, and the calls that it took to shorten it."""
    is_scf = issubclass(fault, remembering.Scf)
    system = SYSTEMS["scf" if is_scf else "fc"]
    with open_link(fault, tuple(system.operations)) as link:
        session = make_session(system, link)
        with pytest.raises(TroubleError) as caught:
            lived(session, SCF_PAST if is_scf else FC_PAST)
        script, before = tuple(session.script), link.calls
        told = finding(session, caught.value.trouble, script, phase="cover", replays=replays)
        return told, script, link.calls - before


def calls_of(script):
    """The calls of a script, waits and other steers left aside."""
    return [step for step in script if step.do == "call"]


LATE = [
    remembering.ThirdUpdateIsLost,
    remembering.SecondFailureServesTheNewContent,
    remembering.ConfigurationBringsBackWhatFailed,
    remembering.SecondDeletionNeverEnds,
    remembering.UnchangedIsPublishedAfterTwoVersions,
    remembering.AliasLeadsWhereItFirstLed,
    remembering.WorkOutlivesItsFunction,
]
CHANCE = {
    remembering.WaveringThirdUpdateIsLost: True,
    remembering.ThirdUpdateIsLostUnlessRead: True,
    remembering.ThirdUpdateIsLostNowAndThen: False,
}


@pytest.mark.parametrize("fault", LATE)
def test_a_long_past_is_told_in_short(fault):
    """The script of a fault that shows late has at most one call more than the shortest there is."""
    told, past, spent = met(fault)
    assert (told.is_reproduced, told.is_steady, len(past) > LONG) == (True, True, True)
    assert len(calls_of(told.script)) <= fault.calls + 1, [str(one) for one in told.script]
    assert spent <= REPLAYS * CALLS_A_REPLAY + 2 * len(past)


@pytest.mark.parametrize("fault", CHANCE)
def test_what_depends_on_chance_is_told_in_short(fault):
    """A script that does not show it is tried again; whether the one told shows it each time is said."""
    told, past, _ = met(fault)
    assert (told.is_reproduced, told.is_steady, len(past) > LONG) == (True, CHANCE[fault], True)
    assert len(calls_of(told.script)) <= fault.calls + 1, [str(one) for one in told.script]


def test_the_client_is_reset_no_more_often_than_allowed():
    """Few replays leave a script longer, and it still is one that was done."""
    resets = []

    class Counted(remembering.ThirdUpdateIsLost):
        def reset(self):
            resets.append(None)
            super().reset()

    told, past, _ = met(Counted, replays=20)
    assert (told.is_reproduced, len(told.script) < len(past), len(resets) <= 1 + 20 + 1) == (True, True, True)


def test_numbers_in_a_script_are_as_small_as_they_can_be():
    """Versions that nobody needs are left out, though later ones are then called otherwise."""
    alias = {"aliasName": "live"}
    with open_link(remembering.AliasMovedBackStays, tuple(SYSTEMS["fc"].operations)) as link:
        session = make_session(SYSTEMS["fc"], link)
        many_versions(session, 6)
        session.call(ONE, "createAlias", {**alias, "versionId": "2"})
        session.call(ONE, "updateAlias", {**alias, "versionId": "6"})
        session.call(ONE, "updateAlias", {**alias, "versionId": "3"})
        with pytest.raises(TroubleError) as caught:
            session.call(ONE, "invokeFunction", {"qualifier": "live"})
        told = finding(session, caught.value.trouble, tuple(session.script), phase="cover", replays=REPLAYS)
    assert (told.is_reproduced, told.is_steady) == (True, True)
    assert len(calls_of(told.script)) <= remembering.AliasMovedBackStays.calls + 1, [str(one) for one in told.script]


def many_versions(session, count):
    """Make a function and versions of it, each with new content."""
    session.reset()
    session.call(ONE, *FC_PAST[0])
    for number in range(count):
        session.settle(ONE)
        session.call(ONE, "publishFunctionVersion", {})
        session.call(ONE, "updateFunction", {"content": f"code-{number}"})
        session.settle(ONE)
        read(session, ONE)


def test_pages_that_overlap_are_told_in_short():
    """Fewer versions on smaller pages show it as well; a later page is where the client says now."""
    with open_link(remembering.PagesOverlap, tuple(SYSTEMS["fc"].operations)) as link:
        session = make_session(SYSTEMS["fc"], link)
        many_versions(session, 6)
        with pytest.raises(TroubleError) as caught:
            session.turn(ONE, session.system.operations["listFunctionVersions"], 4)
        told = finding(session, caught.value.trouble, tuple(session.script), phase="cover", replays=REPLAYS)
    assert (told.is_reproduced, told.is_steady, told.reason) == (True, True, "2 is on two pages")
    assert len(calls_of(told.script)) <= remembering.PagesOverlap.calls + 1, [str(one) for one in told.script]
    assert told.script[-1].args["limit"] == 1


# ------------------------------------------------------------------------------------------------- what is proposed


def run(*steps):
    """A run of one resource: for each step its operation, what was answered, and where the resource was after it."""
    done = tuple(
        Step("advance", seconds=1.0) if what == "wait" else Step("call", what, {"FunctionName": ONE}, reply=answer)
        for what, answer, _ in steps
    )
    owners = tuple(() if one.do == "advance" else (ONE,) for one in done)
    [start] = make_start()
    return Run(done, tuple({ONE: start if here is None else (here,)} for _, _, here in steps), owners, start)


def make_start():
    """What is believed of a resource before anybody spoke of it."""
    return {initial(SYSTEMS["scf"])}


FINE, NO = Reply(result={}), Reply(error="No")


def test_the_direct_way_is_proposed_first():
    """Without what led back to where it began; a wait goes with the step after it."""
    done = run(
        ("CreateFunction", FINE, "a"), ("GetFunction", FINE, "a"), ("UpdateFunctionCode", FINE, "b"),
        ("wait", None, "b"), ("GetFunction", FINE, "a"), ("wait", None, "a"), ("PublishVersion", FINE, "c"),
        ("DeleteFunction", NO, "c"), ("Invoke", FINE, "c"),
    )  # fmt: skip
    first = guesses(SYSTEMS["scf"], done, ONE)[0]
    assert [one.what or one.do for one in first] == ["CreateFunction", "advance", "PublishVersion", "Invoke"]


def test_what_belongs_together():
    """Reads and refused calls by what they ask, and ways that lead back to where they began."""
    done = run(
        ("CreateFunction", FINE, "a"), ("GetFunction", FINE, "a"), ("UpdateFunctionCode", FINE, "b"),
        ("GetFunction", FINE, "a"), ("DeleteFunction", NO, "a"), ("Invoke", FINE, "a"),
    )  # fmt: skip
    assert by_operation(SYSTEMS["scf"], done.steps) == [{1, 3}, {4}, {5}]
    assert next(by_return(done, ONE)) == [{1}, {2, 3}, {4}, {5}]
    assert by_resource(done, TWO) == [{0, 1, 2, 3, 4, 5}]
