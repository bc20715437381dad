"""The fake service does what it is told: calls, time, outcomes, events, copies, whatever the arguments."""

import pytest

from statemodel.catalogue import FC, SCF
from statemodel.errors import UsageError
from statemodel.registry import MODELS
from statemodel.simulator import ABILITIES, FakeService, Simulator
from statemodel.simulator.chance import Chance

CREATED = {"FunctionName": "f", "content": "one"}
CONTAINER = {"functionName": "f", "runtime": "custom-container", "handler": "h", "content": "one"}


def fake(model=SCF, **options):
    return FakeService(Simulator.of(model, **options))


def status(one, name="f"):
    answer = one.call("GetFunction", {"FunctionName": name})
    return answer["result"]["Status"] if "result" in answer else answer["error"]


# ------------------------------------------------------------------------------------------------- it is a value


def test_fingerprint_forgets_when_and_in_which_order():
    """Where only the clock and the order of unrelated things differ, the fingerprint is the same."""
    one, other = fake(), fake()
    one.advance(100)
    one.call("CreateFunction", {"FunctionName": "f", "content": "x"})
    one.call("CreateFunction", {"FunctionName": "g", "content": "y"})
    other.call("CreateFunction", {"FunctionName": "g", "content": "y"})
    other.call("CreateFunction", {"FunctionName": "f", "content": "x"})
    other.call("GetFunction", {"FunctionName": "g"})
    assert one.fingerprint() == other.fingerprint()
    other.advance(1)
    assert one.fingerprint() != other.fingerprint()


def test_reset_forgets_everything():
    """After a reset it is as new."""
    one = fake()
    one.call("CreateFunction", CREATED)
    one.happen("balance exhausted")
    one.reset()
    assert one.world == fake().world


def test_seeds_differ():
    """What the model leaves open is fixed by the seed, one way or the other."""
    chosen = {fake(seed=seed).simulator.system.service.parts[0].chosen()["delete_while_creating"] for seed in range(9)}
    assert chosen == {"accepted", "refused"}


def test_options_that_were_chosen_stay():
    """The seed only fixes what nobody chose."""
    model = SCF.with_policies(delete_while_creating="refused")
    chosen = {
        fake(model, seed=seed).simulator.system.service.parts[0].chosen()["delete_while_creating"] for seed in range(9)
    }
    assert chosen == {"refused"}


def test_chance_is_spread():
    """Each of four options is drawn about as often as the others."""
    chance = Chance(1)
    drawn = [chance.pick("abcd") for _ in range(4_000)]
    assert all(900 < drawn.count(one) < 1_100 for one in "abcd")


# ------------------------------------------------------------------------------------------------- functions apart


def test_the_account_is_one():
    """A balance that is exhausted shows at every function, also at one created before, and is restored for all."""
    one = fake()
    for name in ("f", "g"):
        one.call("CreateFunction", {"FunctionName": name, "content": "c"})
    one.advance(5)
    assert one.happen("balance exhausted")
    shown = [one.call("GetFunction", {"FunctionName": name})["result"]["AvailableStatus"] for name in ("f", "g")]
    assert shown == ["InsufficientBalance"] * 2
    assert not one.happen("balance exhausted")
    assert one.happen("balance restored")
    one.advance(5)
    assert one.call("GetFunction", {"FunctionName": "g"})["result"]["AvailableStatus"] == "Available"


def test_namespaces_tell_functions_apart():
    """The same name in another namespace is another function; none is the namespace default."""
    one = fake()
    one.call("CreateFunction", {**CREATED, "Namespace": "default"})
    assert status(one) == "Creating"
    other = one.call("GetFunction", {"FunctionName": "f", "Namespace": "other"})
    assert other["error"] in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
    shown = one.call("ListFunctions", {"Namespace": "other"})["result"]
    assert shown == {"Functions": [], "TotalCount": 0}


# ------------------------------------------------------------------------------------------------- time and outcomes


def test_time_moves_what_is_due():
    """A creation takes the delay, not less and not more."""
    one = fake(delay_s=10)
    one.call("CreateFunction", CREATED)
    one.advance(9.5)
    assert status(one) == "Creating"
    one.advance(0.5)
    assert status(one) == "Active"


def test_ticks_are_a_clock_for_who_has_none():
    """Where time passes at each call, polling is enough."""
    one = fake(tick_s=2)
    one.call("CreateFunction", CREATED)
    assert [status(one) for _ in range(4)] == ["Creating", "Creating", "Active", "Active"]


def test_no_delay_is_an_immediate_outcome():
    """Without a delay the outcome is there before the next call."""
    one = fake(delay_s=0)
    one.outcome("create failed")
    one.call("CreateFunction", CREATED)
    assert status(one) == "CreateFailed"


def test_states_may_take_their_own_time():
    """A delay of one state leaves the others alone."""
    one = fake(delays_s={"Updating": 50})
    one.call("CreateFunction", CREATED)
    one.advance(5)
    one.call("UpdateFunctionCode", {**CREATED, "content": "two"})
    one.advance(49)
    assert status(one) == "Updating"
    one.advance(1)
    assert (status(one), one.call("Invoke", {"FunctionName": "f"})) == ("Active", {"result": {"content": "two"}})


@pytest.mark.parametrize(
    ("calls", "event", "shown"),
    [
        (["CreateFunction"], "create succeeded", "Active"),
        (["CreateFunction"], "create failed", "CreateFailed"),
        (["CreateFunction"], "create left no trace", None),
        (["CreateFunction", "UpdateFunctionCode"], "update succeeded", "Active"),
        (["CreateFunction", "UpdateFunctionCode"], "update failed", "UpdateFailed"),
        (["CreateFunction", "DeleteFunction"], "delete succeeded", None),
        (["CreateFunction", "DeleteFunction"], "delete failed", "DeleteFailed"),
    ],
)
def test_every_outcome_can_be_steered(calls, event, shown):
    """The next move of that kind is the one asked for, and the one after it is not."""
    one = fake(SCF.with_policies(create_leaves_no_trace="possible"))
    for name in calls[:-1]:
        one.call(name, CREATED)
        one.advance(5)
    assert one.outcome(event)
    assert "result" in one.call(calls[-1], CREATED if calls[-1] != "DeleteFunction" else {"FunctionName": "f"})
    one.advance(5)
    found = status(one)
    assert found == shown if shown else found.startswith("ResourceNotFound")
    assert one.world.steers == ()


def test_a_late_steer_overrides_an_early_one():
    """Of two steers of one kind the later holds, and the earlier is forgotten."""
    one = fake()
    one.outcome("create failed")
    one.outcome("create succeeded")
    one.call("CreateFunction", CREATED)
    one.advance(5)
    assert (status(one), one.world.steers) == ("Active", ())


@pytest.mark.parametrize("event", ["balance exhausted", "no such event"])
def test_what_cannot_be_steered(event):
    """Only what the service does itself can be steered, and nothing else changes."""
    one = fake()
    assert (one.outcome(event), one.world) == (False, fake().world)


@pytest.mark.parametrize("event", ["create failed", "no such event", "failed creation vanished"])
def test_what_cannot_happen(event):
    """Only a move of the environment that is possible happens, and nothing else changes."""
    one = fake()
    assert (one.happen(event), one.world) == (False, fake().world)


def test_what_is_not_owed_is_not_done():
    """An account that is frozen is only stopped where that is steered."""
    one = fake(FC)
    one.happen("account frozen")
    one.advance(1_000)
    assert dict(one.world.shared)[1].state == "Frozen"
    one.outcome("account stopped")
    one.advance(5)
    assert dict(one.world.shared)[1].state == "Stopped"


def test_the_environment_wakes_and_puts_to_rest():
    """Events of a function befall the one that was spoken of last."""
    one = fake(FC)
    for name in ("f", "g"):
        one.call("createFunction", {**CONTAINER, "functionName": name})
    one.advance(5)
    one.call("getFunction", {"functionName": "f"})
    assert one.happen("idle")
    shown = [one.call("getFunction", {"functionName": name})["result"]["state"] for name in ("f", "g")]
    assert shown == ["Inactive", "Active"]


@pytest.mark.parametrize("name", ["scf.request", "scf.async_event"])
def test_members_are_born_by_name(name):
    """What starts without a call takes the name that was asked for last."""
    one = fake(MODELS[name])
    read, key, event = {
        "scf.request": ("GetRequestStatus", "FunctionRequestId", "invoked"),
        "scf.async_event": ("GetAsyncEventStatus", "InvokeRequestId", "event started"),
    }[name]
    asked = {key: "r-1", **({"FunctionName": "f"} if name == "scf.request" else {})}
    before = one.call(read, asked)
    assert one.happen(event)
    after = one.call(read, asked)
    assert "result" in after
    assert after != before


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), True, "1"])
def test_time_runs_forward(seconds):
    """Anything that is no time is refused, and nothing moves."""
    one = fake()
    with pytest.raises(UsageError, match="unknown number of seconds"):
        one.advance(seconds)
    assert one.world == fake().world


# ------------------------------------------------------------------------------------------------- copies


def test_a_copy_brings_the_content():
    """A copy has the content of its source, and goes its own way."""
    one = fake()
    one.call("CreateFunction", CREATED)
    one.advance(5)
    assert one.call("CopyFunction", {"FunctionName": "f", "NewFunctionName": "g"}) == {"result": {}}
    one.advance(5)
    one.call("UpdateFunctionCode", {**CREATED, "content": "two"})
    one.advance(5)
    served = [one.call("Invoke", {"FunctionName": name})["result"]["content"] for name in ("f", "g")]
    assert served == ["two", "one"]


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [("none", "g", "ResourceNotFound"), ("f", "f", "ResourceInUse.FunctionName"), ("f", None, "UndocumentedError")],
)
def test_a_copy_is_refused_by_either_side(source, target, code):
    """Where one side refuses, nothing moves."""
    one = fake()
    one.call("CreateFunction", CREATED)
    one.advance(5)
    before = one.world.resources
    answer = one.call("CopyFunction", {"FunctionName": source, "NewFunctionName": target})
    assert answer["error"].startswith(code)
    assert one.world.resources == before


# ------------------------------------------------------------------------------------------------- answers


def test_an_unknown_operation_is_named():
    """A misspelt operation is a mistake of the caller, with those that exist."""
    with pytest.raises(UsageError, match="unknown operation 'GetFuncton'; known: CreateFunction"):
        fake().call("GetFuncton")


def test_wrong_arguments_are_refused():
    """A limit that is broken is refused with its code, and nothing moves."""
    one = fake(FC)
    before = one.world
    assert one.call("createFunction", {**CONTAINER, "timeout": 0}) == {"error": "InvalidArgument"}
    assert one.call("createFunction", {"runtime": "x"}) == {"error": "InvalidArgument"}
    assert (one.world.resources, one.world.due) == (before.resources, ())


def test_no_argument_upsets_it():
    """Values of any type are answered."""
    values = [None, 0, -1, 1.5, True, [], {}, [[]], {"a": [1]}, "", "x" * 300, float("nan")]
    for model in (SCF, FC, *MODELS.values()):
        one = fake(model)
        for operation in one.simulator.system.service.operations:
            for value in values:
                answer = one.call(operation.name, {each.name: value for each in operation.parameters})
                assert list(answer) in (["result"], ["error"])


def test_throttling_only_where_it_is_chosen():
    """Refusals for the rate come as often as asked, never unasked, and move nothing."""
    one = fake(throttled=1.0)
    assert one.call("CreateFunction", CREATED) == {"error": "RequestLimitExceeded"}
    assert one.world.resources == ()
    half = fake(throttled=0.5)
    refused = sum("error" in half.call("ListFunctions") for _ in range(100))
    assert 30 < refused < 70


def test_content_that_nobody_named():
    """Who leaves content out gets some all the same, and a change without content keeps it."""
    one = fake(FC)
    one.call("createFunction", {name: value for name, value in CONTAINER.items() if name != "content"})
    one.advance(5)
    first = one.call("invokeFunction", {"functionName": "f"})
    one.call("updateFunction", {"functionName": "f", "timeout": 3})
    one.advance(5)
    assert first["result"]["content"].startswith("unnamed-")
    assert one.call("invokeFunction", {"functionName": "f"}) == first


def test_abilities():
    """It can do everything its model names, but for what it is to lack."""
    one = fake()
    assert one.abilities == (*one.simulator.system.operations, *ABILITIES)
    less = FakeService(one.simulator, without=("content", "Invoke"))
    assert set(one.abilities) - set(less.abilities) == {"content", "Invoke"}
    less.call("CreateFunction", CREATED)
    less.advance(5)
    assert less.call("InvokeFunction", {"FunctionName": "f"}) == {"result": {}}
    with pytest.raises(UsageError, match="unknown operation 'Invoke'"):
        less.call("Invoke", {"FunctionName": "f"})
    with pytest.raises(UsageError, match="unknown ability 'clocks'"):
        FakeService(one.simulator, without=("clocks",))
