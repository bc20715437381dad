"""What may be done where a resource may be: calls that may be accepted, the others, and names for arguments.

Every question is pure, of a belief and its likeliest configuration, and worked out once.
"""

from collections.abc import Container, Hashable, Iterable, Iterator
from enum import Enum
from random import Random
from typing import Any, Final

from statemodel.configuration import Configuration, Family
from statemodel.coverage.goals import Goal
from statemodel.model.data import spell
from statemodel.model.graph import ABSENT, Initiator, Named, Numbered
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.semantics import Accepted, Call, UndecidedError, answers, call
from statemodel.testing.judge import Followed
from statemodel.testing.session import Session
from statemodel.testing.tours.limits import Case, cases
from statemodel.testing.tours.pages import first

ALIASES: Final = ("live", "canary")
ORDERS: Final = 64
SWARMS: Final = 32
NAMING: Final = (Subject.VERSION, Subject.ALIAS, Subject.QUALIFIER)


class Sort(Enum):
    """Operations by what they may come to."""

    LEGAL = "a call that may be accepted"
    READ = "a read that may be accepted"
    FORBIDDEN = "refused for certain"


def choices(parameter: Parameter) -> tuple[Any, ...]:
    """What a flag or a plain value may be set to, besides not being sent; none where no value is known to be taken."""
    values = parameter.values if parameter.subject is Subject.FLAG else parameter.tried
    return values if values and isinstance(values[0], str | bool) else ()


class Options:
    """What may be done with the resources of one client.

    Args:
        session: the client and its judge.
        left: goals that are to be preferred, fixed for a whole run, so that walks can be repeated.
    """

    def __init__(self, session: Session, left: frozenset[Goal] = frozenset()) -> None:
        self.session = session
        self.system = session.system
        self.left = frozenset(
            (goal.part, goal.words[0], word.removeprefix("--").removesuffix("-->"))
            for goal in left
            for word in goal.words[1:2]
        )
        abilities = session.link.abilities
        self.operations = [
            one
            for name, one in self.system.operations.items()
            if name in abilities and (self.system.concerned[name] or one.listing is not None)
        ]
        has = "parameters" in abilities
        self.cases: tuple[tuple[Operation, Case], ...] = tuple(
            (one, case) for one in self.operations for case in (cases(one) if has else ()) if "as" not in _names(one)
        )
        self.lists = tuple(
            one for one in self.operations if "paging" in abilities and one.listing and first(one.listing, 1)
        )
        events = [one for one in self.system.events if one.initiator is Initiator.ENVIRONMENT]
        self.events = tuple(one.name for one in events) if "environment" in abilities else ()
        self.orders = tuple(self._shuffled(number) for number in range(ORDERS))
        # Swarm testing (Groce et al., Swarm Testing, 2012): a walk that leaves half of the operations out goes further.
        names = [[one.name for one in order] for order in self.orders[:SWARMS]]
        self.swarms = tuple(frozenset(each[: len(each) // 2 if number else None]) for number, each in enumerate(names))
        self._found: dict[Hashable, Any] = {}
        self._made: dict[Hashable, Call] = {}

    def _shuffled(self, number: int) -> tuple[Operation, ...]:
        """The operations in one of many orders, the first of which is their own."""
        found = list(self.operations)
        if number:
            Random(number).shuffle(found)  # noqa: S311  # nothing secret
        return tuple(found)

    def sort(self, track: Followed, operation: Operation) -> Sort:
        """What an operation may come to where a resource most likely is."""
        key = (track.node, track.explained.simplest(), operation.name, Sort)
        found: Sort | None = self._found.get(key)
        if found is None:
            is_accepted = any(self._is_accepted(key[1], operation, args) for args in self._tried(track, operation))
            found = Sort.FORBIDDEN if not is_accepted else Sort.READ if operation.action is Action.READ else Sort.LEGAL
            self._found[key] = found
        return found

    def of_sort(self, track: Followed, sort: Sort) -> tuple[Operation, ...]:
        """Every operation of one sort where a resource most likely is."""
        return tuple(one for one in self.operations if self.sort(track, one) is sort)

    def chosen(
        self, track: Followed, place: int, sorts: Iterable[Sort], swarm: frozenset[str] | None = None
    ) -> Operation | None:
        """The operation that a number stands for; as far as can be the same one wherever a resource is.

        Of the first sort that there is, of the swarm if it has one, and every other time what is left to be covered.
        """
        order = self.orders[place]
        favoured = [one for one in order if swarm is None or one.name in swarm]
        wanted = self._wanted(track.explained.simplest()) if place % 2 else frozenset()
        first = [one for one in favoured if one.name in wanted]
        last = [one for one in order if one.name in wanted]
        ways = ((sort, one) for sort in sorts for among in (first, favoured, last, order) for one in among)
        return next((one for sort, one in ways if self.sort(track, one) is sort), None)

    def deeds(self, track: Followed) -> list[tuple[Operation, dict[str, Any]]]:
        """Calls that may be accepted where a resource most likely is, with the names of members in them."""
        return [(one, names) for one in self.of_sort(track, Sort.LEGAL) for names in self.fitting(track, one)]

    def size(self, configuration: Configuration, places: Container[int] | None = None) -> int:
        """How many members are there, in some parts or in all but those that resources share."""
        return sum(
            len(slot.present()) if isinstance(slot, Family) else slot.state != ABSENT
            for place, slot in enumerate(configuration)
            if (not self.system.graph(place).is_shared if places is None else place in places)
        )

    def fitting(self, track: Followed, operation: Operation) -> tuple[dict[str, Any], ...]:
        """Names of members with which an operation may be accepted where a resource most likely is."""
        here = track.explained.simplest()
        found: tuple[dict[str, Any], ...] | None = self._found.get((track.node, here, operation.name))
        if found is None:
            tried = [args for args in self._tried(track, operation) if self._is_accepted(here, operation, args)]
            naming = {one.name for one in operation.parameters if one.subject in NAMING}
            found = tuple({name: value for name, value in args.items() if name in naming} for args in tried)
            self._found[track.node, here, operation.name] = found
        return found

    def unfitting(self, track: Followed, operation: Operation) -> tuple[dict[str, Any], ...]:
        """Names with which an operation is not accepted where a resource most likely is."""
        here = track.explained.simplest()
        tried = [args for args in self._tried(track, operation) if not self._is_accepted(here, operation, args)]
        naming = {one.name for one in operation.parameters if one.subject in NAMING}
        return tuple({name: value for name, value in args.items() if name in naming} for args in tried)

    def outcomes(self, track: Followed) -> tuple[str, ...]:
        """Names of the moves that the service may owe."""
        found: tuple[str, ...] | None = self._found.get(track.origin)
        if found is None:
            reasoner = self.session.monitor.reasoner
            names = {
                move.event.name
                for one in track.origin
                for _, move in reasoner.moves(one)
                if move.event.initiator is Initiator.SERVICE
            }
            is_moving = self.session.judge.may_move(track)
            found = self._found[track.origin] = tuple(sorted(names)) if is_moving else ()
        return found

    def named(self, track: Followed, parameter: Parameter) -> tuple[Any, ...]:
        """Names that a parameter may have: none if it may be left out, those that exist, then some that do not."""
        here = track.explained.simplest()
        found: tuple[Any, ...] | None = self._found.get((track.node, here, parameter))
        if found is None:
            found = self._found[track.node, here, parameter] = tuple(self._named(track, here, parameter))
        return found

    # ------------------------------------------------------------------------------------------- working it out

    def _wanted(self, here: Configuration) -> frozenset[str]:
        """Operations by which something is left to be covered."""
        found: frozenset[str] | None = self._found.get((here, "wanted"))
        if found is None:
            states = [(part, getattr(slot, "state", "")) for part, slot in zip(self.system.parts, here, strict=True)]
            wanted = (one.name for one in self.operations if any((*each, one.name) in self.left for each in states))
            found = self._found[here, "wanted"] = frozenset(wanted)
        return found

    def _is_accepted(self, here: Configuration, operation: Operation, args: dict[str, Any]) -> bool:
        asked = operation.name, tuple(args.items())
        key = (here, *asked)
        found: bool | None = self._found.get(key)
        if found is None:
            made = self._made.get(asked)
            if made is None:
                made = self._made[asked] = call(operation, args)
            try:
                steps = answers(self.system, here, made)
                found = any(isinstance(step.answer, Accepted) for step in steps)
            except UndecidedError:
                found = True
            self._found[key] = found
        return found

    def _tried(self, track: Followed, operation: Operation) -> Iterator[dict[str, Any]]:
        plain: dict[str, Any] = {"content": 0} if operation.parameter("content") else {}
        if operation.parameter("as"):
            plain = {"as": "source"}
        naming = [one for one in operation.parameters if one.subject in NAMING]
        if not naming:
            yield plain
            return
        main, *rest = naming
        for value in self.named(track, main):
            for other in self.named(track, rest[0]) if rest else (None,):
                more = {rest[0].name: other} if rest else {}
                given = {**plain, main.name: value, **more}
                yield {name: one for name, one in given.items() if one is not None}

    def _named(self, track: Followed, here: Configuration, parameter: Parameter) -> list[Any]:
        found: list[Any] = [] if parameter.required else [None]
        found.extend(self.session.members(track, parameter.subject))
        for place, graph in enumerate(self.system.service.parts):
            if isinstance(graph.many, Numbered) and parameter.subject is not Subject.ALIAS:
                low = getattr(here[place], "low", 0)
                found.extend(spell(number) for number in (low + 1, *([low] if low else [])))
            if isinstance(graph.many, Named) and parameter.subject is not Subject.VERSION:
                found.extend((*graph.many.first, *ALIASES))
        found.extend(one for one in parameter.tried if isinstance(one, str))
        return list(dict.fromkeys(found)) or ["1"]


def _names(operation: Operation) -> set[str]:
    return {one.name for one in operation.parameters}
