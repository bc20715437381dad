"""One random walk: legal and forbidden calls, several resources, waits, steered outcomes, reads at any time.

Whoever walks draws from a `Chooser`, so that a walk can be driven by a seed as well as by Hypothesis, and depends on
nothing but what is drawn and what the client answers.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final, Protocol, TypeVar

from statemodel.coverage.goals import Goal
from statemodel.model.data import spell
from statemodel.model.graph import Initiator, Named, Numbered
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.semantics import Accepted, UndecidedError, answers, call
from statemodel.testing.judge import Followed
from statemodel.testing.session import Session, identity

T = TypeVar("T")
NAMES: Final = ("fn-1", "fn-2")
ALIASES: Final = ("live", "canary")
WAITS: Final = (1.0, 10.0, 120.0)


class Chooser(Protocol):
    """Who decides."""

    def pick(self, options: Sequence[T]) -> T:
        """One of some options; the first is the simplest."""
        ...


class Seeded:
    """Decides by a seed."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)  # noqa: S311  # nothing secret

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""
        return options[self.random.randrange(len(options))] if len(options) > 1 else options[0]


Deed = Callable[[], object]


class Walker:
    """Walks at random.

    Args:
        session: the client and its judge, just reset.
        chooser: who decides.
        left: goals that are to be preferred; fixed for a whole run, so that walks can be repeated.
    """

    def __init__(self, session: Session, chooser: Chooser, left: frozenset[Goal] = frozenset()) -> None:
        self.session = session
        self.chooser = chooser
        self.left = frozenset((goal.part, goal.words[0], word) for goal in left for word in _events(goal))
        self.system = session.system
        self.contents = 0
        abilities = session.link.abilities
        self.operations = [one for name, one in self.system.operations.items() if name in abilities]
        self.events = [one for one in self.system.events if one.initiator is Initiator.ENVIRONMENT]

    def walk(self, steps: int) -> None:
        """Do that many things, then settle everything and read it all over.

        Raises:
            TroubleError: the client did what no conforming one does.
        """
        for _ in range(steps):
            self.step()
        for name in list(self.session.judge.followed):
            self.session.settle(name)
            self.survey(name)

    def step(self) -> None:
        """Do one thing."""
        resource = self.chooser.pick((NAMES[0], NAMES[0], NAMES[0], NAMES[1]))
        self.chooser.pick(self._deeds(resource))()

    def _deeds(self, resource: str) -> list[Deed]:
        legal, forbidden = self._calls(resource)
        changes = [one for one in legal if one.action is Action.CALL]
        reads = [one for one in legal if one.action is Action.READ]
        deeds: list[Deed] = [lambda: self._call(resource, self.chooser.pick(changes))] * 6 if changes else []
        if self.session.judge.may_move(self.session.judge.follow(resource)):
            deeds.extend([lambda: self._steered(resource)] * 4)
            deeds.extend([lambda: self._wait(resource)] * 3)
        if forbidden:
            deeds.extend([lambda: self._call(resource, self.chooser.pick(forbidden))] * 2)
        if reads:
            deeds.append(lambda: self._call(resource, self.chooser.pick(reads)))
        deeds.append(lambda: self.survey(resource))
        if self.events and "environment" in self.session.link.abilities:
            deeds.append(lambda: self.session.happen(self.chooser.pick(self.events).name))
        return deeds

    def survey(self, resource: str) -> None:
        """Read a resource and each of its members all over."""
        self.session.look(resource)
        for name, args in self.session.every_read(resource):
            self.session.call(resource, name, args)

    def _wait(self, resource: str) -> None:
        self.session.wait(resource, self.chooser.pick(WAITS))

    def _steered(self, resource: str) -> None:
        """Ask for one of the outcomes that are under way, then wait for it."""
        track = self.session.judge.follow(resource)
        names = {
            move.event.name
            for one in track.origin
            for _, move in self.session.monitor.reasoner.moves(one)
            if move.event.initiator is Initiator.SERVICE
        }
        if names:
            self.session.steer(self.chooser.pick(sorted(names)))
        self._wait(resource)

    # ------------------------------------------------------------------------------------------- calls

    def _calls(self, resource: str) -> tuple[list[Operation], list[Operation]]:
        """Operations that may be accepted with some arguments where the resource most likely is, and the others."""
        track = self.session.judge.follow(resource)
        here = track.explained.simplest()
        legal: list[Operation] = []
        forbidden: list[Operation] = []
        for operation in self.operations:
            if not identity(operation, resource) and operation.listing is None:
                continue
            accepted = self._may_accept(track, operation)
            wanted = any((part, self._state(here, place), operation.name) in self.left
                         for place, part in enumerate(self.system.parts))
            (legal if accepted else forbidden).extend([operation] * (4 if wanted else 1))
        return legal, forbidden

    def _state(self, configuration: Any, place: int) -> str:
        return getattr(configuration[place], "state", "")

    def _may_accept(self, track: Followed, operation: Operation) -> bool:
        """Whether some arguments may be accepted in the likely configuration; worked out once for each."""
        here = track.explained.simplest()
        known = self.session.known.get((here, operation.name))
        if known is None:
            known = any(self._is_accepted(here, operation, args) for args in self._every(track, operation))
            self.session.known[here, operation.name] = known
        return known

    def _is_accepted(self, here: Any, operation: Operation, args: dict[str, Any]) -> bool:
        try:
            steps = answers(self.system, here, call(operation, args))
        except UndecidedError:
            return True
        return any(isinstance(step.answer, Accepted) for step in steps)

    def _every(self, track: Followed, operation: Operation) -> Iterator[dict[str, Any]]:
        names = [one for one in operation.parameters if one.subject in _NAMES]
        if not names:
            yield {"content": 0} if operation.parameter("content") else {}
            return
        first, *rest = names
        for value in self._named(track, first):
            more = {one.name: self._named(track, one)[0] for one in rest}
            yield {**more, **({} if value is None else {first.name: value})}

    def _call(self, resource: str, operation: Operation) -> None:
        track = self.session.judge.follow(resource)
        args: dict[str, Any] = {}
        other = None
        for parameter in operation.parameters:
            if parameter.name == "as":
                other = NAMES[1] if resource == NAMES[0] else NAMES[0]
            elif parameter.subject is Subject.CONTENT:
                if operation.name != "CopyFunction":
                    args[parameter.name] = self._content()
            elif parameter.subject in _NAMES:
                value = self.chooser.pick(self._named(track, parameter))
                if value is not None:
                    args[parameter.name] = value
            else:
                self._other(parameter, args)
        self.session.call(resource, operation.name, args, other=other)
        if operation.action is Action.CALL and self.chooser.pick((True, False)):
            self.session.look(resource)

    def _content(self) -> str:
        if self.contents and self.chooser.pick((False, False, True)):
            return f"code-{self.contents}"
        self.contents += 1
        return f"code-{self.contents}"

    def _other(self, parameter: Parameter, args: dict[str, Any]) -> None:
        """A flag or value, where the client takes it."""
        ability = "publish" if parameter.name in ("Publish", "publish") else "parameters"
        values = parameter.values if parameter.subject is Subject.FLAG else parameter.tried
        if values and ability in self.session.link.abilities and isinstance(values[0], str | bool):
            value = self.chooser.pick((None, *values))
            if value is not None:
                args[parameter.name] = value

    def _named(self, track: Followed, parameter: Parameter) -> list[Any]:
        """Names that a parameter may have: those that exist first, then one that does not."""
        found: list[Any] = [] if parameter.required else [None]
        found.extend(self.session.members(track, parameter.subject))
        here = track.explained.simplest()
        for place, graph in enumerate(self.system.service.parts):
            slot = here[place]
            if isinstance(graph.many, Numbered) and parameter.subject is not Subject.ALIAS:
                found.append(spell(getattr(slot, "low", 0) + 1))
            if isinstance(graph.many, Named) and parameter.subject is not Subject.VERSION:
                found.extend(ALIASES)
        found.extend(one for one in parameter.tried if isinstance(one, str))
        return list(dict.fromkeys(found)) or ["1"]


_NAMES = (Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)


def _events(goal: Goal) -> list[str]:
    return [word.removeprefix("--").removesuffix("-->") for word in goal.words[1:2]]
