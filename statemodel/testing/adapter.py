"""How a client under test is reached: any plain class with a few methods. Knows no model and judges no answer."""

import json
import os
import sys
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

import attrs

from statemodel.errors import AdapterError
from statemodel.loading import Sort, loaded
from statemodel.testing.reply import ANSWER, NotJsonError, Reply, copied, shown, to_reply

if TYPE_CHECKING:
    import asyncio

# What a client may be able to do besides operations, and the method that each needs.
STEERS: Final[Mapping[str, str]] = {"clock": "advance", "outcome": "outcome", "environment": "happen"}
ABILITIES: Final = (*STEERS, "content", "parameters", "paging", "publish")
TIMEOUT_S: Final = 30.0


class Adapter(Protocol):
    """What leads to a client: any class of this shape, nothing to inherit. Every method may be `async def` as well.

    These are optional: `abilities`, a tuple of names: operations the client offers, and whichever hold of "clock",
    "outcome", "environment", "content", "parameters", "paging" and "publish" (left out: every operation of the model,
    and those of the first three that have a method); `advance(seconds)`, hidden moves that are due happen;
    `outcome(event)`, the next hidden move of this kind ends so; `happen(event)`, an environment move happens now;
    `fingerprint()`, anything hashable that tells two states of the client apart; `close()`. The three that steer
    return False where the client cannot do what was asked.
    """

    def reset(self) -> object:
        """Make the world as if nobody had ever called."""

    def call(self, op: str, args: dict[str, object], /) -> object:
        """Do one operation; gives {"result": {...}} or {"error": "Code"}, or an awaitable of it."""


Factory = Callable[[], object]


class LateError(Exception):
    """Something awaited took longer than the limit."""


class Loop:
    """One event loop for the life of an adapter, made when something is first awaited."""

    def __init__(self, timeout_s: float | None) -> None:
        self.timeout_s = timeout_s
        self._runner: asyncio.Runner | None = None
        self._thread: ThreadPoolExecutor | None = None

    def value(self, found: object) -> object:
        """The value itself, or what it comes to when it is awaited.

        Raises:
            LateError: awaiting took longer than the limit.
        """
        if isinstance(found, dict) or not isinstance(found, Awaitable):
            return found
        import asyncio

        async def waited() -> object:
            try:
                async with asyncio.timeout(self.timeout_s) as limit:
                    return await found
            except TimeoutError as error:
                if limit.expired():
                    raise LateError from error
                raise

        self._runner = self._runner or asyncio.Runner()
        if not _is_in_a_loop():
            return self._runner.run(waited())
        # Whoever calls runs a loop already, and one thread runs but one: ours goes on in a thread of its own.
        self._thread = self._thread or ThreadPoolExecutor(1)
        return self._thread.submit(self._runner.run, waited()).result()

    def close(self) -> None:
        """End the loop."""
        runner, self._runner = self._runner, None
        thread, self._thread = self._thread, None
        if runner is not None and _is_in_a_loop():
            thread = thread or ThreadPoolExecutor(1)
            thread.submit(runner.close).result()
        elif runner is not None:
            runner.close()
        if thread is not None:
            thread.shutdown()


def _is_in_a_loop() -> bool:
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Link:
    """A client under test, as the suite talks to it: whatever an adapter gives back is checked here.

    Attributes:
        abilities: what the client can do: names of operations of the model, and of `ABILITIES`.
        beyond: what it declared that the model does not know, each with what may have been meant.
        calls: how many operations were called so far.

    Raises:
        AdapterError: by every method, where the adapter fails or gives back what no client may.
    """

    def __init__(
        self,
        adapter: object,
        operations: Iterable[str],
        *,
        timeout_s: float | None = TIMEOUT_S,
        loop: Loop | None = None,
    ) -> None:
        """Reach a client through an adapter.

        Args:
            adapter: an object of the shape of `Adapter`.
            operations: names of the operations of the model.
            timeout_s: how long anything awaited may take; None for no limit. What is not awaited runs in the thread of
                the caller and keeps its own limits.
            loop: where the adapter was made, if that was awaited.
        """
        self._adapter = adapter
        self._loop = loop or Loop(timeout_s)
        self.calls = 0
        for method in ("reset", "call"):
            if not callable(getattr(adapter, method, None)):
                raise AdapterError(
                    "for its methods",
                    f"{_kind(adapter)} has no method {method!r}",
                    "a class with reset() and call(op, args)",
                    f"write {method!r}, or name the class that has it",
                )
        self.abilities, self.beyond = _abilities(adapter, tuple(operations))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reset(self) -> None:
        """Make the world as if nobody had ever called."""
        self._done("to reset", "reset")

    def call(self, op: str, args: Mapping[str, object] | None = None) -> Reply:
        """Call an operation.

        Args:
            op: its name.
            args: its arguments; the adapter gets a copy.
        """
        given = copied(dict(args or {}), "args")
        asked = _Asked(op, given)
        self.calls += 1
        answer = self._done(asked, "call", op, given)
        try:
            return to_reply(answer)
        except NotJsonError as wrong:
            raise AdapterError(
                str(asked), f"{wrong} in {shown(answer)}", ANSWER, "let call(op, args) give back one of the two"
            ) from None

    def advance(self, seconds: float) -> bool:
        """Let time pass on the client's clock; False where it cannot."""
        return self._steered(f"to advance {seconds} seconds", "clock", seconds)

    def outcome(self, event: str) -> bool:
        """Let the next hidden move of this kind end in this event; False where the client cannot."""
        return self._steered(f"for the outcome {event!r}", "outcome", event)

    def happen(self, event: str) -> bool:
        """Let an environment move happen now; False where the client cannot."""
        return self._steered(f"to let {event!r} happen", "environment", event)

    def fingerprint(self) -> Hashable | None:
        """What tells two states of the client apart, or None where the adapter cannot tell."""
        if not self.has_fingerprint:
            return None
        found = self._done("for its fingerprint", "fingerprint")
        try:
            hash(found)
        except TypeError as error:
            raise AdapterError(
                "for its fingerprint",
                f"{shown(found)} came back, which has no hash ({error})",
                "something hashable, such as a tuple or a text",
                "let fingerprint() give back tuples instead of lists and dictionaries",
            ) from None
        assert isinstance(found, Hashable)
        return found

    def work_meanwhile(self, work: Callable[[], bool]) -> None:
        """Let work be done while answers are waited for, where the adapter waits for another process.

        Args:
            work: does a little, a millisecond most times and less than a second ever; whether there is more to do.
        """
        if callable(take := getattr(self._adapter, "work_meanwhile", None)):
            take(work)

    @property
    def has_fingerprint(self) -> bool:
        """Whether the adapter tells states of the client apart."""
        return callable(getattr(self._adapter, "fingerprint", None))

    def close(self) -> None:
        """End the client; more than once is as good as once."""
        if (loop := self._loop) is None:
            return
        try:
            if callable(getattr(self._adapter, "close", None)):
                self._done("to close", "close")
        finally:
            self._loop = None  # type: ignore[assignment]
            loop.close()

    def _steered(self, asked: str, ability: str, value: object) -> bool:
        if ability not in self.abilities:
            return False
        found = self._done(asked, STEERS[ability], value)
        if found is not None and not isinstance(found, bool):
            raise AdapterError(
                asked,
                f"{shown(found)} came back",
                "nothing or True where it was done, False where the client cannot",
                f"let {STEERS[ability]}() return one of these",
            )
        return found is not False

    def _done(self, asked: object, method: str, *given: object) -> object:
        if self._loop is None:
            raise AdapterError(str(asked), "it is closed", "an open adapter", "open a new one")
        return _done(self._loop, asked, getattr(self._adapter, method), *given)


@attrs.frozen
class _Asked:
    """What a call asks for, put into words only where it fails."""

    op: str
    args: object

    def __str__(self) -> str:
        return f"to call {self.op} {json.dumps(self.args, ensure_ascii=False)}"


def _done(loop: Loop, asked: object, method: Callable[..., object], *given: object) -> object:
    try:
        return loop.value(method(*given))
    except AdapterError:
        raise
    except LateError as error:
        mend = "let the adapter answer sooner, or raise the time limit"
        raise AdapterError(str(asked), f"no answer within {loop.timeout_s:g} s", "an answer", mend) from error
    except Exception as error:  # an adapter is other people's code
        mend = "mend the adapter; a refusal by the service is given back as an error code, never raised"
        raise AdapterError(str(asked), f"raised {shown(error)}", "an answer", mend) from error


def _kind(adapter: object) -> str:
    return f"the class {adapter.__name__}" if isinstance(adapter, type) else f"a {type(adapter).__name__}"


def _abilities(adapter: object, operations: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a client can do, and what it offers beyond the model; a name that is nearly one of ours gets a hint."""
    able = {name for name, method in STEERS.items() if callable(getattr(adapter, method, None))}
    declared = getattr(adapter, "abilities", None)
    if declared is None:
        return frozenset({*operations, *able}), ()
    names = tuple(declared) if isinstance(declared, tuple | list | set | frozenset) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise AdapterError(
            "for its abilities", f"{shown(declared)} came back", "a tuple of names", "name operations and abilities"
        )
    known = (*operations, *ABILITIES)
    for name in sorted(names):
        if name in STEERS and name not in able:
            raise AdapterError(
                "for its abilities",
                f"it declares {name!r} and has no method {STEERS[name]!r}",
                "a method for every ability that steers",
                f"write {STEERS[name]!r}, or leave {name!r} out",
            )
    beyond = tuple(_stranger(name, [one for one in known if one not in names]) for name in sorted({*names} - {*known}))
    return frozenset(names) & frozenset(known), beyond


def _stranger(name: str, missing: list[str]) -> str:
    near = get_close_matches(name, missing, 2, 0.75)
    return f"{name}: did you mean {' or '.join(near)}?" if near else name


def open_link(factory: Factory, operations: Iterable[str], *, timeout_s: float | None = TIMEOUT_S) -> Link:
    """A client made by a factory, ready to be talked to; it is closed by whoever opened it.

    >>> class Client:
    ...     def reset(self): pass
    ...     def call(self, op, args): return {"error": "NoSuchQueue"}
    >>> with open_link(Client, ["GetQueue"]) as link:
    ...     link.call("GetQueue", {"QueueName": "q"})
    Reply(result=None, error='NoSuchQueue')

    Args:
        factory: called without arguments; gives an adapter, or an awaitable of one.
        operations: names of the operations of the model.
        timeout_s: how long anything awaited may take; None for no limit.

    Raises:
        AdapterError: the factory fails, or what it makes is no adapter.
    """
    loop = Loop(timeout_s)
    adapter = None
    try:
        adapter = _done(loop, "to be made", factory)
        return Link(adapter, operations, timeout_s=timeout_s, loop=loop)
    except BaseException:
        if callable(close := getattr(adapter, "close", None)) and not isinstance(adapter, type):
            loop.value(close())
        loop.close()
        raise


def load_factory(name: str, what: str = "client") -> Factory:
    """The factory named "module:factory"; modules are also looked for in the current directory.

    Args:
        name: how it is named.
        what: what a message begins with, such as the option it was given with.

    Raises:
        UsageError: there is none of that name, or it cannot be called.
    """
    if "" not in sys.path and str(here := os.getcwd()) not in sys.path:  # noqa: PTH109
        sys.path.insert(0, here)
    sort = Sort(what, "MODULE:FACTORY", "Client", "a class or a function that makes a client", callable)
    found: Factory = loaded(name, sort)
    return found
