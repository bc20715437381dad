"""Waiting without a clock: each answer of a poll makes of a watch the next one, which says what to do. Pure."""

from collections.abc import Mapping
from typing import Any

import attrs

from statemodel.errors import UsageError
from statemodel.oracle.check import judge
from statemodel.reading import Reading, reading_of
from statemodel.waiters import Judgement, Verdict, Waiter
from statemodel.waiters.belief import Belief
from statemodel.waiters.ending import Arrival, Ending, WaitError, advice

Answer = Mapping[str, Any]
Record = dict[str, Any]
RESOURCE = "waited for"
SHORTEST_S = 1e-6
_OF_CALLER = ("Unauthorized", "AuthFailure", "AccessDenied", "Forbidden", "Signature", "InvalidAccessKey")


@attrs.frozen
class Pace:
    """How long to sleep between polls: longer each time while nothing changes, and never quite the same.

    Attributes:
        first_s: seconds after the first poll, and after every change.
        factor: how much longer each sleep is than the one before.
        longest_s: seconds at most.
        jitter: share of each sleep that chance takes off, from 0 to 1.
    """

    first_s: float = 1.0
    factor: float = 1.5
    longest_s: float = 30.0
    jitter: float = 0.2

    def __attrs_post_init__(self) -> None:
        wrong = self.first_s <= 0 or self.factor < 1 or self.longest_s <= 0 or not 0 <= self.jitter < 1
        if wrong:
            raise UsageError("pace", str(self), ("seconds above 0, a factor from 1, a jitter from 0 to below 1",))

    def sleep_s(self, number: int, chance: float) -> float:
        """Seconds to sleep after as many polls that showed the same.

        >>> [Pace(jitter=0).sleep_s(number, 0.5) for number in (0, 1, 2, 100)]
        [1.0, 1.5, 2.25, 30.0]
        """
        whole = self.longest_s
        if number < 256:
            whole = min(whole, self.first_s * self.factor**number)
        return whole * (1 - self.jitter * chance)


@attrs.frozen
class Limit:
    """How long a status may last; None does not matter.

    Attributes:
        seconds: from the first poll that showed it to the last.
        polls: how many polls in a row; with that one it is over.
    """

    seconds: float | None = None
    polls: int | None = None

    def is_over(self, seconds: float, polls: int) -> bool:
        """Whether a status that lasted so long has outlived it."""
        return (self.seconds is not None and seconds > self.seconds - SHORTEST_S) or (
            self.polls is not None and polls >= self.polls
        )


@attrs.frozen
class Patience:
    """When to give up.

    Attributes:
        total_s: seconds from the beginning; no poll begins later.
        polls: polls at most, None for as many as there is time for.
        states: limits by state or status, for those that must not last.
        settle: how many polls in a row must say that the waiting is over, for services whose reads go back and forth.
        is_unknown_over: whether a status of which nothing can be said ends the waiting, instead of being polled on.
    """

    total_s: float = 600.0
    polls: int | None = attrs.field(default=None, kw_only=True)
    states: Mapping[str, Limit] = attrs.field(factory=dict)
    settle: int = 1
    is_unknown_over: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.total_s > 0 or self.settle < 1:
            raise UsageError("patience", str(self), ("seconds above 0, polls from 1",))


@attrs.frozen
class Watch:
    """Where the waiting stands.

    Attributes:
        waiter: what is waited for.
        patience: when to give up.
        pace: how long to sleep.
        began_s: time of the beginning, by the clock of whoever waits.
        belief: what is possible.
        history: records of what was seen, as the oracle reads them.
        args: arguments of the read, for the records.
        polls: how many answers there were.
        reading: the last one that spoke of the status.
        judgement: what it means.
        since_s: when that was first read without a change.
        same: how many polls in a row showed it; over: how many said that the waiting is over.
        arrival: the good end, once there is one.
        failure: the bad end, once there is one.
    """

    waiter: Waiter
    patience: Patience
    pace: Pace
    began_s: float
    belief: Belief
    history: tuple[Record, ...] = ()
    args: Mapping[str, Any] = attrs.field(factory=dict)
    polls: int = 0
    reading: Reading | None = None
    judgement: Judgement | None = None
    since_s: float = 0.0
    same: int = 0
    over: int = 0
    arrival: Arrival | None = None
    failure: WaitError | None = None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.arrival is not None or self.failure is not None

    def sleep_s(self, now_s: float, chance: float) -> float:
        """Seconds to sleep before the next poll, 0 where the time is up or the polls are used up."""
        left = self.began_s + self.patience.total_s - now_s
        limits = [limit.seconds for limit in self.limits()]
        pause = self.pace.sleep_s(max(self.same - 1, 0), chance)
        if left < SHORTEST_S or (self.patience.polls is not None and self.polls >= self.patience.polls):
            return 0.0
        if limits and all(seconds is not None for seconds in limits):
            due = self.since_s + max(seconds for seconds in limits if seconds is not None) - now_s
            pause = min(pause, max(due, SHORTEST_S))
        return max(0.0, min(left, pause))

    def heard(self, answer: Answer, now_s: float) -> "Watch":
        """The watch after an answer: `{"result": {...}}` or `{"error": code}`, heard at some time.

        Raises:
            UsageError: the answer is neither.
        """
        read = self.waiter.read
        if not (isinstance(answer, Mapping) and _is_answer(answer)):
            raise UsageError(f"answer of {read.name}", repr(answer), ('{"result": {...}}', '{"error": "code"}'))
        record = {"resource": RESOURCE, "at": now_s, "op": read.name, "args": dict(self.args), **answer}
        after = attrs.evolve(self, polls=self.polls + 1, history=(*self.history, record))
        code: str | None = answer.get("error")
        if code is not None and self.waiter.codes.is_skipped(read.name, code) and not is_of_caller(code):
            return after
        if code is not None and (is_of_caller(code) or self.waiter.codes.is_of_request(read, code)):
            return _ended(after, Ending.REFUSED, f"{read.name} is refused with {code}, which tells no status")
        return _read(after, answer, now_s)

    def out_of_time(self, now_s: float) -> "Watch":
        """The watch once the time is up."""
        shown = "nothing" if self.reading is None else self.reading.words(self.waiter.names)
        spent = f"{now_s - self.began_s:g} s and {self.polls} polls are over"
        return _ended(self, Ending.OUT_OF_TIME, f"{spent}, {shown} was read last")

    def limits(self) -> tuple[Limit, ...]:
        """The limits of what was read last; none where one of the states it may stand for may last."""
        names = () if self.judgement is None else self.judgement.states
        states = [self.waiter.graph.state(name) for name in names]
        limits = [self.patience.states.get(one.name) or self.patience.states.get(one.status or one.name)
                  for one in states]
        return tuple(one for one in limits if one is not None) if None not in limits else ()


def _is_answer(answer: Answer) -> bool:
    """Whether it is a result or the code of a refusal, and nothing else."""
    if set(answer) == {"result"}:
        return isinstance(answer["result"], dict)
    return set(answer) == {"error"} and isinstance(answer["error"], str) and answer["error"] != ""


def is_of_caller(code: str) -> bool:
    """Whether a code speaks of who calls: no time mends that.

    >>> is_of_caller("AuthFailure.SignatureExpire"), is_of_caller("RequestLimitExceeded")
    (True, False)
    """
    return any(word in code for word in _OF_CALLER)


def _read(now: Watch, answer: Answer, now_s: float) -> Watch:
    """The watch after an answer that speaks of the status."""
    waiter = now.waiter
    reading = reading_of(waiter.read, waiter.names, answer, None)
    judgement = waiter.judge(now.belief, reading)
    is_same = reading == now.reading
    is_over = judgement.verdict in (Verdict.SUCCESS, Verdict.FAILURE) or (
        judgement.verdict is Verdict.UNKNOWN and now.patience.is_unknown_over
    )
    was = None if now.judgement is None else now.judgement.verdict
    over = (now.over + 1 if judgement.verdict is was else 1) if is_over else 0
    is_settled = over >= now.patience.settle
    after = attrs.evolve(
        now,
        # What is not yet taken for true leaves the belief as it is: it may have been a stale read.
        belief=now.belief if is_over and not is_settled else judgement.belief,
        reading=reading,
        judgement=judgement,
        since_s=now.since_s if is_same else now_s,
        same=now.same + 1 if is_same else 1,
        over=over,
    )
    if not is_settled:
        return _limited(after, now_s)
    if judgement.verdict is not Verdict.SUCCESS:
        ending = Ending.FAILED if judgement.verdict is Verdict.FAILURE else Ending.UNKNOWN
        return _ended(after, ending, judgement.reason)
    shown, seconds = reading.words(waiter.names), now_s - now.began_s
    arrival = Arrival(shown, judgement.states, judgement.is_passed, now.polls, seconds, now.history)
    return attrs.evolve(after, arrival=arrival)


def _limited(now: Watch, now_s: float) -> Watch:
    """The end, where the states a reading may stand for have all outlived their limits."""
    lasted = now_s - now.since_s
    limits = now.limits()
    if now.judgement is None or not limits or not all(limit.is_over(lasted, now.same) for limit in limits):
        return now
    here = " or ".join(now.judgement.states)
    return _ended(now, Ending.STUCK, f"{here} has lasted for {lasted:g} s and {now.same} polls")


def _ended(now: Watch, ending: Ending, reason: str) -> Watch:
    """The bad end."""
    waiter = now.waiter
    states = () if now.judgement is None else now.judgement.states
    shown = None if now.reading is None else now.reading.words(waiter.names)
    [finding] = judge(waiter.monitor, now.history).verdicts
    said = advice(waiter, ending, states)
    return attrs.evolve(now, failure=WaitError(
        waiter.title, ending, reason, shown, states, now.history, finding, said))


def watch(
    waiter: Waiter,
    now_s: float,
    *,
    patience: Patience | None = None,
    pace: Pace | None = None,
    args: Mapping[str, Any] | None = None,
) -> Watch:
    """A watch that has heard nothing yet.

    Args:
        waiter: what is waited for.
        now_s: seconds by the clock of whoever waits.
        patience: when to give up.
        pace: how long to sleep.
        args: arguments that each read is made with, for the records.

    Raises:
        UsageError: a limit is set for a status that there is not.
    """
    limits = Patience() if patience is None else patience
    known = [name for state in waiter.graph.states for name in (state.name, state.status) if name is not None]
    for name in limits.states:
        if name not in known:
            raise UsageError(f"status of {waiter.graph.name}:", name, tuple(dict.fromkeys(known)))
    history: tuple[Record, ...] = ()
    if waiter.is_called:
        history = ({"resource": RESOURCE, "at": now_s, "op": waiter.after, "args": dict(waiter.args), "result": {}},)
    return Watch(waiter, limits, pace or Pace(), now_s, waiter.start, history, dict(args or {}), since_s=now_s)
