"""Waiting for simulated services: every outcome steered, every target, beside what is true of the service."""

import asyncio
import itertools
import pickle
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_waiters import Graph, reaches

from statemodel.errors import UsageError
from statemodel.registry import model
from statemodel.simulator import FakeService, Simulator
from statemodel.waiters import waiter
from statemodel.waiters.ending import Ending, WaitError
from statemodel.waiters.runner import wait, wait_async
from statemodel.waiters.watch import Limit, Pace, Patience

F = {"FunctionName": "f"}
G = {"functionName": "f"}
NEW = {**G, "runtime": "custom-container", "handler": "h", "content": "one"}
TASK = {**G, "invocationType": "Async", "asyncTaskId": "t"}
LAYER = {"LayerName": "l"}
ONE = {**LAYER, "LayerVersion": 1}
# By model: the read, and for each sequence of calls and moves of the environment what it ends with.
DEEDS = {
    "scf.function": (("GetFunction", F), (
        [("CreateFunction", F)],
        [("CreateFunction", F), 60, ("UpdateFunctionCode", F)],
        [("CreateFunction", F), 60, ("PublishVersion", F)],
        [("CreateFunction", F), 60, ("DeleteFunction", F)],
    )),
    "fc.function": (("getFunction", G), (
        [("createFunction", NEW)],
        [("createFunction", {**NEW, "runtime": "python3.12"})],
        [("createFunction", NEW), 60, ("updateFunction", {**G, "content": "two"})],
        [("createFunction", NEW), 60, "idle", ("updateFunction", {**G, "content": "two"})],
        [("createFunction", NEW), 60, "idle", ("invokeFunction", G)],
        [("createFunction", NEW), 60, "image deleted", ("updateFunction", {**G, "content": "two"})],
        [("createFunction", NEW), 60, ("deleteFunction", G)],
    )),
    "scf.layer": (("GetLayerVersion", ONE), (
        [("PublishLayerVersion", LAYER)],
        [("PublishLayerVersion", LAYER), 60, ("DeleteLayerVersion", ONE)],
    )),
    "fc.async_task": (("getAsyncTask", {**G, "taskId": "t"}), (
        [("invokeFunction", TASK)],
        [("invokeFunction", TASK), ("stopAsyncTask", {**G, "taskId": "t"})],
    )),
}
SLOW = ("Dequeued", "Retrying", "Stopping", "Expired")  # targets of tasks like others, left out to save time
POLLED = Pace(first_s=1, factor=1, jitter=0)


@cache
def simulator(name, seed, delay_s):
    """A simulator, made once."""
    return Simulator.of(model(name), seed=seed, delay_s=delay_s)


class Played:
    """A fake service with one resource, and every state it has been in since the waiting began."""

    def __init__(self, name, seed, delay_s):
        self.fake = FakeService(simulator(name, seed, delay_s))
        self.trail = []

    def true(self):
        """The state it is in."""
        if not self.fake.world.resources:
            return "Absent"
        slot = self.fake.world.resources[0][1][0]
        if hasattr(slot, "state"):
            return slot.state
        return slot.members[0][1].state if slot.members else "Absent"

    def advance(self, seconds):
        """Let time pass in small steps, and look after each."""
        while seconds > 1e-9:
            step = min(seconds, 1.0)
            self.fake.advance(step)
            self.trail.append(self.true())
            seconds -= step

    def clock(self):
        return self.fake.world.clock


def prepared(name, deeds, event, seed, delay_s=3.0):
    """A service to which some things were done, and the last call; None where the service refused it."""
    played = Played(name, seed, delay_s)
    for number, deed in enumerate(deeds):
        is_last = number == len(deeds) - 1
        if isinstance(deed, tuple):
            answer = played.fake.call(*deed)
            if "error" in answer and not (is_last and deed[0].startswith("invoke")):
                return None
        elif isinstance(deed, str):
            if not played.fake.happen(deed):
                return None
        else:
            played.fake.advance(deed)
    if event is not None:
        played.fake.outcome(event)
    played.trail = [played.true()]
    return played


def runs(name):
    """Every target after every deed, with every event of the service steered, and some seeds."""
    graph = Graph(name)
    events = list(dict.fromkeys(row["event"] for row in graph.said["transitions"] if row["initiator"] == "service"))
    read, sequences = DEEDS[name]
    for deeds in sequences:
        after, args = deeds[-1]
        for target in graph.kinds:
            if target in SLOW:
                continue
            try:
                made = waiter(model(name), until=target, after=after, args=args)
            except UsageError:
                continue
            for event in (None, *events):
                for seed in (1,) if event else (1, 2):
                    played = prepared(name, deeds, event, seed)
                    if played is not None:
                        yield graph, made, target, read, played


def ended(made, played, read, **options):
    """How waiting ends: an arrival or an error."""
    try:
        return wait(made, lambda: played.fake.call(*read), clock=played.clock, sleep=played.advance, **options)
    except WaitError as error:
        return error


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_every_outcome_of_a_service_ends_the_waiting_rightly(name):
    """Success only where it is true or was; failure only where it cannot come; and never past the bound."""
    endings = {}
    for graph, made, target, read, played in runs(name):
        began = played.clock()
        end = ended(made, played, read, pace=POLLED, patience=Patience(30))
        true, seen = played.true(), (made.title, played.trail)
        ending = getattr(end, "ending", "arrived")
        assert played.clock() - began <= 30 + 1e-6
        if ending is Ending.FAILED:
            settled = Graph(name, played.fake.simulator.system.service.parts[0])
            assert not reaches(settled.all_moves(), true, target), seen
        elif ending == "arrived" and end.is_passed:
            assert target in played.trail, seen
            assert graph.kinds[true] != "failed"
        elif ending == "arrived":
            assert true == target or (graph.kinds[true] == graph.kinds[target] and target in end.states), seen
        else:
            # What one poll shows may be several states, one of which lasts; and no call wakes the simulated function.
            assert len(end.states) > 1 or (end.states, made.after) == (("Inactive",), "invokeFunction"), seen
        if ending != "arrived":
            assert str(end.finding.outcome) == "conforms", str(end)
        endings[str(ending)] = end
    assert set(endings) >= {"arrived", "failed"}
    assert str(pickle.loads(pickle.dumps(endings["failed"]))) == str(endings["failed"])  # noqa: S301


def first_waiter(name, after, args):
    """A waiter for the first of some states that an operation can lead to."""
    for target in ("Active", "Succeeded", "Stopped", "Ready", "Absent"):
        try:
            return waiter(model(name), until=target, after=after, args=args)
        except UsageError:
            continue
    raise AssertionError(after)


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_service_that_does_as_it_likes(name):
    """Whatever is drawn, of times, outcomes and open points, the end is an end and its records can have happened."""
    read, sequences = DEEDS[name]
    endings = set()
    for number, deeds in enumerate(sequences):
        after, args = deeds[-1]
        made = first_waiter(name, after, args)
        for seed in range(12):
            played = Played(name, seed, 7.0)
            played.fake = FakeService(Simulator.of(model(name), seed=seed + 100 * number, is_adversarial=True))
            if any("error" in played.fake.call(*deed) for deed in deeds if isinstance(deed, tuple)):
                continue
            began = played.clock()
            end = ended(made, played, read, pace=POLLED, patience=Patience(100), args=read[1])
            assert played.clock() - began <= 100 + 1e-6
            ending = getattr(end, "ending", "arrived")
            if ending == "arrived":
                assert end.is_passed or set(end.states) & {state.name for state in made.until}
            else:
                assert str(end.finding.outcome) == "conforms", str(end)
            endings.add(str(ending))
    assert endings >= {"arrived", "failed"}


# ------------------------------------------------------------------------------------------------- how it ends

CREATED = [("CreateFunction", F)]
READ_F = DEEDS["scf.function"][0]


def script(*answers):
    """Polls that answer one thing after another, and a clock that only sleep moves."""
    left, now = list(answers), [0.0]

    def read():
        shown = left.pop(0) if len(left) > 1 else left[0]
        return {"error": shown} if "." in shown or "Limit" in shown else {"result": {"Status": shown}}

    def sleep(seconds):
        now[0] += seconds

    return {"read": read, "clock": lambda: now[0], "sleep": sleep, "chance": lambda: 0.0}


def active(**options):
    return waiter(model("scf.function"), until="Active", **options)


def test_the_error_says_what_was_seen_and_what_to_do():
    """The whole message: what was waited for, why it is over, the records, the oracle's word, the next step."""
    played = prepared("scf.function", CREATED, "create failed", 1)
    end = ended(active(after="CreateFunction"), played, READ_F, pace=POLLED)
    assert str(end) == """\
scf.function until Active after CreateFunction: failed: the service does not reach Active from CreateFailed by itself.
  seen  CreateFunction accepted
  seen  GetFunction accepted Status=Creating, 3 times
  seen  GetFunction accepted Status=CreateFailed
  The model says of these records: conforms.
  next  from CreateFailed: call DeleteFunction, then wait for 'delete succeeded', then call CreateFunction, then wait \
for 'create succeeded'"""


def test_a_state_that_was_passed_between_polls_ends_the_waiting_at_once():
    """Who waits for an update to begin and finds it done has not to wait; who finds it failed is told so."""
    made = waiter(model("scf.function"), until="Updating", after="UpdateFunctionCode")
    arrival = wait(made, **script("Active"))
    assert (arrival.is_passed, arrival.polls, arrival.shown) == (True, 1, "Active")
    with pytest.raises(WaitError, match="failed: Updating was passed, and UpdateFailed is where it is now"):
        wait(made, **script("UpdateFailed"))
    tracked = waiter(model("fc.async_task"), until="Dequeued")
    polls = iter(["Enqueued", "Running"])
    found = wait(tracked, lambda: {"result": {"status": next(polls)}}, clock=lambda: 0.0, sleep=lambda _: None)
    assert (found.is_passed, found.polls) == (True, 2)


def test_reads_that_go_back_and_forth_are_settled_first():
    """With a settle count one stray status decides nothing, good or bad."""
    steady = Patience(settle=2)
    polls = script("Creating", "CreateFailed", "Creating", "Active", "Creating", "Active", "Active")
    assert wait(active(), patience=steady, **polls).polls == 7
    with pytest.raises(WaitError, match="CreateFailed"):
        wait(active(), patience=steady, **script("Creating", "CreateFailed", "CreateFailed"))


def test_a_function_at_rest_is_waited_for_only_after_a_call():
    """A call wakes it once: who made none does not wait, and who made one waits until it is at rest again."""
    polls = [{"result": {"state": state, "lastUpdateStatus": "Successful"}} for state in ("Inactive", "Pending")]
    without = waiter(model("fc.function"), until="Active")
    with pytest.raises(WaitError, match="the service does not reach Active from Inactive by itself"):
        wait(without, lambda: polls[0], clock=lambda: 0.0, sleep=lambda _: None)
    called = waiter(model("fc.function"), until="Active", after="invokeFunction")
    seen = iter([polls[0], polls[1], polls[0]])
    with pytest.raises(WaitError, match="Inactive") as caught:
        wait(called, lambda: next(seen), clock=lambda: 0.0, sleep=lambda _: None)
    assert len(caught.value.history) == 3


def test_a_status_that_the_model_does_not_know():
    """It is polled on, or ends the waiting where that is asked for; either way it is no success."""
    assert wait(active(), **script("Migrating", "Active")).polls == 2
    with pytest.raises(WaitError, match="unknown: the model knows no such status"):
        wait(active(), patience=Patience(is_unknown_over=True), **script("Migrating", "Active"))


def test_noise_of_the_service_tells_no_status():
    """Throttling is polled on; a request that is wrong is not."""
    assert wait(active(), **script("RequestLimitExceeded", "Creating", "Active")).polls == 3
    with pytest.raises(WaitError, match="refused: GetFunction is refused with UnauthorizedOperation") as caught:
        wait(active(), **script("UnauthorizedOperation.CAM"))
    assert caught.value.advice == ("mend the request, or the rights of whoever makes it",)


@pytest.mark.parametrize(
    ("limit", "said"),
    [(Limit(seconds=50), "stuck: Creating has lasted for 50 s and"), (Limit(polls=3), "s and 3 polls.")],
)
def test_a_working_state_that_outlives_its_limit(limit, said):
    """The waiting ends on the second, or with the poll, that the caller set for that state."""
    with pytest.raises(WaitError) as caught:
        wait(active(), patience=Patience(states={"Creating": limit}), **script("Creating"))
    assert caught.value.ending is Ending.STUCK
    assert said in str(caught.value)


def test_a_caller_that_awaits():
    """The same ends for a caller whose polls and sleeps are awaited."""
    played = prepared("scf.function", CREATED, None, 1)

    async def read():
        return played.fake.call(*READ_F)

    async def sleep(seconds):
        played.advance(seconds)

    arrival = asyncio.run(wait_async(active(), read, clock=played.clock, sleep=sleep, pace=POLLED))
    assert (arrival.shown, arrival.seconds) == ("Active", 3.0)
    again = prepared("scf.function", CREATED, "create failed", 1)
    played.fake = again.fake
    with pytest.raises(WaitError, match="CreateFailed"):
        asyncio.run(wait_async(active(), read, clock=played.clock, sleep=sleep, pace=POLLED))


@settings(deadline=None, max_examples=60)
@given(
    total=st.floats(0.01, 1000), first=st.floats(0.001, 100), factor=st.floats(1, 10), longest=st.floats(0.001, 500),
    jitter=st.floats(0, 0.99), draws=st.lists(st.floats(0, 0.999), min_size=1, max_size=5),
    limits=st.none() | st.floats(0.01, 1000),
)
def test_no_pace_outlives_the_bound(total, first, factor, longest, jitter, draws, limits):
    """Whatever the pace and the draws, no poll begins after the bound, and none follows at once on another."""
    now, polls, number = [0.0], [], itertools.count()

    def read():
        polls.append(now[0])
        return {"result": {"Status": "Creating"}}

    def sleep(seconds):
        assert seconds > 0
        now[0] += seconds

    patience = Patience(total, polls=60, states={} if limits is None else {"Creating": Limit(seconds=limits)})
    with pytest.raises(WaitError) as caught:
        wait(active(), read, clock=lambda: now[0], sleep=sleep, pace=Pace(first, factor, longest, jitter),
             patience=patience, chance=lambda: draws[next(number) % len(draws)])
    assert caught.value.ending in (Ending.OUT_OF_TIME, Ending.STUCK)
    assert polls[-1] <= total * (1 + 1e-9) + 1e-6
    assert len(polls) <= 60


@pytest.mark.parametrize("answer", [{}, {"result": 1}, {"error": ""}, {"result": {}, "error": "x"}, None, "Active"])
def test_an_answer_that_is_none(answer):
    """What a poll may answer is said where it answers something else."""
    with pytest.raises(UsageError, match="unknown answer of GetFunction"):
        wait(active(), lambda: answer, clock=lambda: 0.0, sleep=lambda _: None)


def test_a_status_that_is_no_text():
    """Whatever a field holds is told by its text, and known by no model."""
    polls = iter([["Active"], {"a": 1}, True, None, "Active"])
    arrival = wait(active(), lambda: {"result": {"Status": next(polls)}}, clock=lambda: 0.0, sleep=lambda _: None)
    assert arrival.polls == 5


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Pace(first_s=0), "unknown pace"),
        (lambda: Pace(jitter=1), "unknown pace"),
        (lambda: Patience(0), "unknown patience"),
        (lambda: Patience(settle=0), "unknown patience"),
        (lambda: wait(active(), patience=Patience(states={"Craeting": Limit(1)}), **script("Active")),
         "unknown status of scf.function: 'Craeting'; known: Absent, Creating, Active"),
    ],
)
def test_what_cannot_be_waited_with(made, message):
    """A pace or patience that makes no sense is named, with what would."""
    with pytest.raises(UsageError, match=message):
        made()
