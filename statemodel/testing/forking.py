"""How a search comes back to a state of a client: by a copy of it, or by doing everything again. Judges nothing."""

from collections.abc import Awaitable, Hashable
from inspect import iscoroutinefunction
from typing import Any, Final, Protocol

import attrs

from statemodel.testing.adapter import Factory, Link
from statemodel.testing.deeds import Deed
from statemodel.testing.script import Step

FORKS: Final = ("fingerprint", "copy")


class UnsteadyError(Exception):
    """A client answered otherwise when the same was done again. Never leaves the suite."""


class Reached(Protocol):
    """Where a client is."""

    @property
    def state(self) -> Hashable:
        """What tells it from others."""
        ...

    def script(self) -> tuple[Step, ...]:
        """Everything done since the reset."""
        ...


@attrs.frozen
class Done:
    """What a deed did: its steps with their answers, these in words, and the state after it."""

    steps: tuple[Step, ...]
    told: str
    state: Hashable


class Held:
    """An adapter that stands for another, which can be exchanged.

    Attributes:
        client: the one it stands for.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    @property
    def can_fork(self) -> bool:
        """Whether the client can be copied here and now, and tells its states apart."""
        methods = [getattr(self.client, name, None) for name in FORKS]
        return all(callable(one) and not iscoroutinefunction(one) for one in methods)


class Maker:
    """A factory of adapters that can be exchanged, where the client can be copied; else the client itself is made."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.held: Held | None = None

    def __call__(self) -> object:
        """An adapter."""
        made = self.factory()
        if isinstance(made, Awaitable) or not Held(made).can_fork:
            return made
        self.held = Held(made)
        return self.held


class Forked:
    """A client that is copied: each of its states is kept, and what was done in it once is not done again."""

    told_by = "fingerprint"

    def __init__(self, link: Link, held: Held) -> None:
        self.link = link
        self.held = held
        self._kept: dict[Hashable, Any] = {}
        self._done: dict[tuple[Hashable, int], Done | None] = {}

    def begin(self) -> Hashable:
        """The state after a reset."""
        self.link.reset()
        return self._keep()

    def do(self, here: Reached, deed: Deed) -> Done | None:
        """Do a deed; None where the client cannot."""
        key = (here.state, deed.number)
        if key not in self._done:
            self.held.client = self._kept[here.state].copy()
            steps = perform(self.link, deed.steps)
            self._done[key] = None if steps is None else Done(steps, told(steps), self._keep())
        return self._done[key]

    def _keep(self) -> Hashable:
        state = self.link.fingerprint()
        self._kept.setdefault(state, self.held.client)
        return state


class Replayed:
    """A client that is reset and led again to where it was."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.told_by = "fingerprint" if link.has_fingerprint else "belief"

    def begin(self) -> Hashable:
        """The state after a reset."""
        self.link.reset()
        return self.link.fingerprint()

    def do(self, here: Reached, deed: Deed) -> Done | None:
        """Do a deed; None where the client cannot.

        Raises:
            UnsteadyError: on the way it answered otherwise than before.
        """
        self.link.reset()
        script = here.script()
        if perform(self.link, script) != script:
            raise UnsteadyError
        steps = perform(self.link, deed.steps)
        return None if steps is None else Done(steps, told(steps), self.link.fingerprint())


def told(steps: tuple[Step, ...]) -> str:
    """The answers of some steps in words, the same for the same."""
    return repr([step.reply for step in steps])


def perform(link: Link, steps: tuple[Step, ...]) -> tuple[Step, ...] | None:
    """Do some steps; with their answers, or None where the client cannot do one of them."""
    found: list[Step] = []
    for step in steps:
        match step.do:
            case "call":
                found.append(attrs.evolve(step, reply=link.call(str(step.what), step.args)))
                continue
            case "advance":
                is_done = link.advance(step.seconds)
            case "outcome":
                is_done = link.outcome(str(step.what))
            case _:
                is_done = link.happen(str(step.what))
        if not is_done:
            return None
        found.append(step)
    return tuple(found)
