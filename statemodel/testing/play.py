"""One script done again and judged step by step."""

from collections.abc import Callable
from typing import Any

import attrs

from statemodel.errors import UsageError
from statemodel.model.service import Model
from statemodel.semantics import prepare
from statemodel.testing.adapter import TIMEOUT_S, open_link
from statemodel.testing.findings import finding
from statemodel.testing.report import Finding, Result
from statemodel.testing.script import Step
from statemodel.testing.session import TroubleError, make_session
from statemodel.testing.suite import Settings


@attrs.frozen
class Played:
    """What a script came to.

    Attributes:
        model: name of the model.
        steps: what was done, with answers.
        left_out: positions in the script, from 1, of steps that the client could not do.
        finding: what no conforming client does, at the last of the steps; or None.
        result: failed with a finding, inconclusive where too much was possible to go on, else passed.
        not_done: how many steps came after the last one done.
    """

    model: str
    steps: tuple[Step, ...]
    left_out: tuple[int, ...] = ()
    finding: Finding | None = None
    result: Result = Result.PASSED
    not_done: int = 0


def play(
    model: Model,
    factory: Callable[[], Any],
    script: tuple[Step, ...],
    *,
    settings: Settings | None = None,
    timeout_s: float | None = TIMEOUT_S,
) -> Played:
    """Do a script from a reset on, up to the first step that no conforming client answers so.

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once.
        script: what to do; answers in it are not looked at.
        settings: only patience counts.
        timeout_s: how long anything awaited may take.

    Raises:
        UsageError: the model knows no such operation or event.
        AdapterError: the adapter itself fails.
    """
    system = prepare(model)
    _check(script, tuple(system.operations), tuple(event.name for event in system.service.events))
    with open_link(factory, tuple(system.operations), timeout_s=timeout_s) as link:
        session = make_session(system, link, patience=(settings or Settings()).patience)
        session.reset()
        steps: list[Step] = []
        left_out: list[int] = []
        for number, step in enumerate(script, 1):
            try:
                if session.again(step):
                    steps.append(session.script[-1] if step.do == "call" else step)
                else:
                    left_out.append(number)
            except TroubleError as error:
                trouble = error.trouble
                steps.append(trouble.step)
                rest = len(script) - number
                if trouble.code == "SM104":
                    return Played(model.name, tuple(steps), tuple(left_out), None, Result.INCONCLUSIVE, rest)
                found = finding(session, trouble, tuple(session.script), phase="script", replays=0)
                return Played(model.name, tuple(steps), tuple(left_out), found, Result.FAILED, rest)
        return Played(model.name, tuple(steps), tuple(left_out))


def _check(script: tuple[Step, ...], operations: tuple[str, ...], events: tuple[str, ...]) -> None:
    for step in script:
        if step.do == "call" and step.what not in operations:
            raise UsageError("operation", str(step.what), operations)
        if step.do in ("outcome", "happen") and step.what not in events:
            raise UsageError("event", str(step.what), events)
