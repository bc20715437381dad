"""What a search may do to a client, deed by deed: calls within a scope, waits with a look, environment moves."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

import attrs

from statemodel.coverage.sent import Takes, is_wish, sendable, wishes_of
from statemodel.model.operation import UNRECORDED, Action, Operation
from statemodel.semantics import System
from statemodel.testing.script import Step
from statemodel.testing.session import identity
from statemodel.testing.tours.limits import cases
from statemodel.unfold import CONTENTS, Scope, calls

PROBE_S: Final = 3_600.0
Sides = tuple[tuple[tuple[str, str | None], ...], ...]


@attrs.frozen(eq=False)
class Deed:
    """One thing to do to a client, of one step or a few.

    Attributes:
        number: tells it from others.
        steps: what is done, one after the other.
        resource: whose it is; empty where it is nobody's.
        other: the second resource of an operation on two.
        everyone: resources that an answer speaks of, where it lists all there are.
        is_probe: whether it only finds out whether anything stays at work for ever: looks, waits long, and looks again.
    """

    number: int
    steps: tuple[Step, ...]
    resource: str = ""
    other: str | None = None
    everyone: tuple[str, ...] = ()
    is_probe: bool = False

    def sides(self, step: Step) -> Sides:
        """Whom an answer is judged for, each with its side of an operation on two; one tuple is judged together."""
        if self.other is not None:
            return (((self.resource, "source"), (self.other, "target")),)
        if self.everyone:
            return tuple(((name, None),) for name in self.everyone)
        if self.resource:
            return (((self.resource, None),),)
        return (((next(str(value) for value in step.args.values()), None),),)


class Alphabet:
    """Every deed there is.

    Args:
        system: the model.
        abilities: what the client can do.
        scope: which calls are made.
        names: names of the resources.
        waits_s: seconds that a wait may last.
        is_bold: whether calls are also made with arguments that break a limit.
    """

    def __init__(
        self,
        system: System,
        abilities: frozenset[str],
        scope: Scope,
        names: tuple[str, ...],
        waits_s: tuple[float, ...],
        *,
        is_bold: bool = False,
    ) -> None:
        self.system = system
        self.abilities = abilities
        self.names = names
        self.waits_s = waits_s if "clock" in abilities else ()
        self.is_bold = is_bold
        self._made: dict[Hashable, Deed] = {}
        left_out = [f"calls of {name}" for name in system.operations if name not in abilities]
        if len(names) == 1:
            two = [one.name for one in system.operations.values() if _two(one)]
            left_out.extend(f"calls of {name}, which speak of two" for name in two)
        self.left_out = tuple(left_out)
        self.calls = tuple(self._calls(scope))
        self.looks = {
            name: tuple(
                deed.steps[0]
                for deed in self.calls
                if deed.resource == name and deed.other is None and self._is_look(deed.steps[0])
            )
            for name in names
        }

    def _is_look(self, step: Step) -> bool:
        operation = self.system.operations[str(step.what)]
        return operation.action is Action.READ and any(field.known for field in operation.fields)

    def deeds(self, owed: frozenset[str], chances: frozenset[str], *, is_working: bool) -> tuple[Deed, ...]:
        """Every deed where these outcomes may be under way and these moves of the environment are possible."""
        found = list(self.calls)
        looks = tuple(step for name in self.names for step in self.looks[name])
        steers: list[str | None] = [None]
        if "outcome" in self.abilities:
            steers.extend(name for name in (event.name for event in self.system.events) if name in owed)
        for seconds in self.waits_s:
            found.extend(
                self._deed((*((Step("outcome", name),) if name else ()), Step("advance", seconds=seconds), *looks))
                for name in steers
            )
        if "environment" in self.abilities:
            ahead = [event.name for event in self.system.events if event.name in chances]
            found.extend(self._deed((Step("happen", name),)) for name in ahead)
        if is_working and "clock" in self.abilities:
            for name in self.names:
                if own := self.looks[name]:
                    steps = (*own, Step("advance", seconds=PROBE_S), *own)
                    found.append(self._deed(steps, resource=name, is_probe=True))
        return tuple(found)

    def _deed(self, steps: tuple[Step, ...], **more: Any) -> Deed:
        key = (*map(str, steps), str(sorted(more.items())))
        if key not in self._made:
            self._made[key] = Deed(len(self._made), steps, **more)
        return self._made[key]

    def _calls(self, scope: Scope) -> Iterator[Deed]:
        takes = sendable(self.abilities)
        found: dict[tuple[Any, ...], Deed] = {}
        for operation, args, _ in calls(self.system, scope):
            refused = [name for name, value in args.items() if not takes(operation, name, value)]
            if operation.name not in self.abilities or not all(_is_own(operation, name) for name in refused):
                continue
            sent = {name: value for name, value in args.items() if name not in refused and value is not UNRECORDED}
            if _two(operation):
                sent = {name: value for name, value in sent.items() if name not in ("as", "content")}
            elif isinstance(sent.get("content"), int):
                sent["content"] = CONTENTS[sent["content"]]
            for more in ({}, *(self._breaking(operation, takes))):
                for deed in self._of(operation, {**sent, **more}):
                    found.setdefault(tuple(map(str, deed.steps)), deed)
        for operation in self.system.operations.values():
            if operation.listing is not None and operation.listing.part is None and operation.name in self.abilities:
                for more in ({}, *self._breaking(operation, takes)):
                    yield self._deed((Step("call", operation.name, more),), everyone=self.names)
        yield from found.values()

    def _breaking(self, operation: Operation, takes: Takes) -> list[dict[str, Any]]:
        """Arguments that break a limit, where calls are to be made with them; another name is another resource."""
        own = identity(operation, "").keys()
        return [
            bad
            for bad in (_beyond(operation) if self.is_bold else [])
            if all(takes(operation, name, value) for name, value in bad.items()) and not bad.keys() & own
        ]

    def _of(self, operation: Operation, sent: dict[str, Any]) -> Iterator[Deed]:
        wishes = tuple(name for name in wishes_of(operation) if sent.get(name) is not None)
        for name in self.names:
            args = {**identity(operation, name), **sent}
            if not _two(operation):
                yield self._deed((Step("call", operation.name, args, wishes=wishes),), resource=name)
                continue
            for other in self.names:
                if other != name:
                    both = {**args, **{f"New{one}": other for one in identity(operation, "")}}
                    yield self._deed((Step("call", operation.name, both, wishes=wishes),), resource=name, other=other)


def _two(operation: Operation) -> bool:
    """Whether an operation speaks of two resources."""
    return operation.parameter("as") is not None


def _is_own(operation: Operation, name: str) -> bool:
    parameter = operation.parameter(name)
    return parameter is not None and is_wish(parameter)


def _beyond(operation: Operation) -> list[dict[str, Any]]:
    """Arguments just beyond each limit of an operation."""
    return [dict(case.args) for case in cases(operation) if not case.is_within]
