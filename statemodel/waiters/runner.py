"""Waiting in time: polls, sleeps and a clock, each given by the caller. All that is decided is decided by the watch.

>>> from statemodel.registry import model
>>> from statemodel.simulator import FakeService, Simulator
>>> from statemodel.waiters import waiter
>>> fake = FakeService(Simulator.of(model("scf.function"), delay_s=20))
>>> fake.call("CreateFunction", {"FunctionName": "f"})
{'result': {}}
>>> made = waiter(model("scf.function"), until="Active", after="CreateFunction")
>>> arrival = wait(made, lambda: fake.call("GetFunction", {"FunctionName": "f"}),
...                clock=lambda: fake.world.clock, sleep=fake.advance)
>>> arrival.shown, arrival.seconds >= 20
('Active', True)
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any

from statemodel.waiters import Waiter
from statemodel.waiters.ending import Arrival
from statemodel.waiters.watch import Answer, Pace, Patience, Watch, watch


def wait(
    waiter: Waiter,
    read: Callable[[], Answer],
    *,
    patience: Patience | None = None,
    pace: Pace | None = None,
    args: Mapping[str, Any] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    chance: Callable[[], float] | None = None,
) -> Arrival:
    """Poll until the waiting is over.

    Args:
        waiter: what is waited for.
        read: makes one poll; answers `{"result": {...}}`, or `{"error": code}` for a refusal.
        patience: when to give up; 600 s by default.
        pace: how long to sleep between polls.
        args: arguments that `read` sends, for the records of an error.
        clock: seconds, from any beginning.
        sleep: sleeps some seconds.
        chance: from 0 to below 1, for the jitter.

    Returns:
        The good end.

    Raises:
        WaitError: there is none, and why.
        UsageError: a limit is set for a status that there is not.
    """
    drawn = chance or Random().random  # noqa: S311 - keeps clients apart, guards nothing
    now = watch(waiter, clock(), patience=patience, pace=pace, args=args)
    while True:
        now = now.heard(read(), clock())
        if now.is_over:
            return _end(now)
        pause = now.sleep_s(clock(), drawn())
        if pause <= 0:
            return _end(now.out_of_time(clock()))
        sleep(pause)


async def wait_async(
    waiter: Waiter,
    read: Callable[[], Awaitable[Answer]],
    *,
    patience: Patience | None = None,
    pace: Pace | None = None,
    args: Mapping[str, Any] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    chance: Callable[[], float] | None = None,
) -> Arrival:
    """The same for callers whose polls and sleeps are awaited."""
    drawn = chance or Random().random  # noqa: S311 - keeps clients apart, guards nothing
    now = watch(waiter, clock(), patience=patience, pace=pace, args=args)
    while True:
        now = now.heard(await read(), clock())
        if now.is_over:
            return _end(now)
        pause = now.sleep_s(clock(), drawn())
        if pause <= 0:
            return _end(now.out_of_time(clock()))
        await sleep(pause)


def _end(now: Watch) -> Arrival:
    if now.failure is not None:
        raise now.failure
    assert now.arrival is not None
    return now.arrival
