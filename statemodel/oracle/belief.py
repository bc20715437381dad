"""Beliefs: the configurations that a history leaves possible, and what one more record does to them.

The set construction is that of diagnosers of discrete event systems (Sampath et al., Diagnosability of
Discrete-Event Systems, 1995), with members nobody has seen split off only when a record asks about them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from statemodel.configuration import LOOSE, Configuration, Family, Member, held, replace, tidy
from statemodel.model.graph import ABSENT, THERE, Initiator, Named, Transition
from statemodel.model.operation import UNRECORDED, Action, Operation, Subject
from statemodel.oracle.cover import fewer, loose_parts, loosened
from statemodel.oracle.matching import Matching
from statemodel.oracle.seen import Codes, Seen
from statemodel.oracle.split import settled, split
from statemodel.oracle.unknown import Unknown, shape, there, unlisted
from statemodel.semantics import (
    Call,
    Move,
    Step,
    System,
    UndecidedError,
    answers,
    certain_refusals,
    concerns,
    find,
    hidden,
    is_born_unseen,
    joint,
)

Configurations = frozenset[Configuration]


class Reasoner:
    """The steps of a monitor for one model.

    Attributes:
        system: the model.
        unknown: what may be there that nobody has seen.
        is_recorded: whether moves of the environment only happen where they are recorded.
        is_partial: whether other callers may have acted unseen.
    """

    def __init__(self, system: System, *, is_recorded: bool = False, is_partial: bool = False) -> None:
        self.system = system
        self.unknown = Unknown(system)
        self.matching = Matching(system, self.unknown)
        self.codes = Codes(system)
        self.is_recorded = is_recorded
        self.is_partial = is_partial
        self.loose = loose_parts(system, is_recorded=is_recorded)
        self._moves: dict[Configuration, tuple[Configuration, ...]] = {}
        self._answers: dict[Seen, dict[Configuration, tuple[Configuration, ...]]] = {}

    # ------------------------------------------------------------------------------------------- hidden moves

    def closed(self, configurations: Iterable[Configuration]) -> Configurations:
        """Everything that hidden moves may have made of some configurations, as few as stand for all of it."""
        found = {self.kept(one) for one in configurations}
        if self.is_partial:
            found = {self.kept(one) for one in self._overtaken(found)}
        return self.fewer(self._come(self.fewer(found)))

    def fewer(self, belief: Iterable[Configuration]) -> Configurations:
        """The belief without configurations that others of it cover."""
        return fewer(belief, lambda one, place, member: shape(member) in self.unknown.shapes(one, place))

    def _come(self, configurations: Iterable[Configuration]) -> set[Configuration]:
        """The configurations, and what hidden moves may have made of them."""
        found = set(configurations)
        frontier = list(found)
        while frontier:
            for after in self._moved(frontier.pop()):
                if after not in found:
                    found.add(after)
                    frontier.append(after)
        return found

    def _moved(self, configuration: Configuration) -> tuple[Configuration, ...]:
        """What one hidden move may make of a configuration; worked out once."""
        found = self._moves.get(configuration)
        if found is None:
            found = tuple({self.kept(move.after) for _, move in self.moves(configuration)})
            self._moves[configuration] = found
        return found

    def moves(self, configuration: Configuration) -> Iterator[tuple[Configuration, Move]]:
        """Every hidden move that may go unrecorded, each with the configuration it starts from."""
        for before, move in self.all_moves(configuration):
            if not (self.is_recorded and move.event.initiator is Initiator.ENVIRONMENT):
                yield before, move

    def all_moves(self, configuration: Configuration) -> Iterator[tuple[Configuration, Move]]:
        """Every hidden move."""
        try:
            for move in (*hidden(self.system, configuration), *self._led_by_others(configuration)):
                yield configuration, move
        except UndecidedError as asked:
            for one in split(self.unknown, configuration, asked, None):
                yield from self.all_moves(one)

    def _led_by_others(self, configuration: Configuration) -> Iterator[Move]:
        """Moves of followers where a member nobody has seen may lead."""
        for event in self.system.events:
            for place in self.system.leaders[event.name]:
                slot = configuration[place]
                if isinstance(slot, Family) and slot.is_open and self.system.followers[event.name]:
                    states = {state for state, _ in self.unknown.shapes(configuration, place)}
                    if any((place, state, event.name) in self.system.cells for state in states):
                        yield from joint(self.system, configuration, event, None)

    def _overtaken(self, configurations: set[Configuration]) -> set[Configuration]:
        """What other callers may have made of it: anything their graphs allow."""
        found: set[Configuration] = set()
        for one in self.unknown.start:
            if any(self.may_become(before, one) for before in configurations):
                found.add(one)
        return found

    def may_become(self, before: Configuration, after: Configuration) -> bool:
        """Whether calls of others may lead from one configuration to another."""
        return all(
            _leads(self.system, place, old.state, new.state)
            for place, (old, new) in enumerate(zip(before, after, strict=True))
            if isinstance(old, Member) and isinstance(new, Member) and old.state is not LOOSE
        )

    def tidied(self, configuration: Configuration) -> Configuration:
        """The configuration without what only held for a moment, symbols in order."""
        return tidy(settled(self.system, configuration), self.system.parts)

    def kept(self, configuration: Configuration) -> Configuration:
        """The configuration as beliefs keep it: tidied, parts that may be in any state left so."""
        return loosened(self.tidied(configuration), self.loose)

    def decided(self, belief: Iterable[Configuration]) -> Configurations:
        """The belief with every state of parts that may be in any."""
        found = list(belief)
        for place in self.loose:
            asked = UndecidedError(place, LOOSE)
            found = [other for one in found for other in split(self.unknown, one, asked, None)]
        return frozenset(found)

    # ------------------------------------------------------------------------------------------- calls

    def after(self, belief: Configurations, seen: Seen) -> Configurations:
        """What a call with its answer leaves of a closed belief; not closed again."""
        if self.codes.says_nothing(seen) and not self.system.brought[seen.call.name]:
            return belief
        found = set(belief if seen.is_lost or self.codes.says_nothing(seen) else ())
        known = self._answers.setdefault(seen, {})
        for before in belief:
            afters = known.get(before)
            if afters is None:
                afters = tuple({self.kept(after) for _, after, _ in self.conforming(before, seen)})
                known[before] = afters
            found.update(afters)
        return frozenset(found)

    def note_moves(self, before: Configuration, afters: Iterable[Configuration]) -> None:
        """Take over what somebody else found out with `moves`: what one hidden move makes of a configuration."""
        self._moves[before] = tuple(set(afters))

    def note(self, before: Configuration, seen: Seen, afters: Iterable[Configuration]) -> None:
        """Take over what somebody else found out with `conforming`: what a record makes of one configuration."""
        self._answers.setdefault(seen, {})[before] = tuple(set(afters))

    def conforming(self, before: Configuration, seen: Seen) -> Iterator[tuple[Configuration, Configuration, Step]]:
        """The steps from a configuration that give the recorded answer: (split configuration, after, step)."""
        is_unnamed = _is_unnamed(self.system.operations[seen.call.name], seen.call)
        for made in self._recorded(before, seen.call):
            for start, after, step in self._conforming(before, made, seen):
                yield start, self._forgotten(after) if is_unnamed else after, step

    def _conforming(
        self, before: Configuration, made: Call, seen: Seen
    ) -> Iterator[tuple[Configuration, Configuration, Step]]:
        try:
            self._list_known(before, made)
            found = [
                (before, after, step)
                for step in answers(self.system, before, made)
                for after in self.matching.matches(step, seen)
            ]
        except UndecidedError as asked:
            plain = self._refused_anyway(before, made, seen)
            found = [(before, before, plain)] if plain is not None else self._split(before, made, seen, asked)
        yield from found

    def _list_known(self, before: Configuration, made: Call) -> None:
        """Ask about every member of which no more is known than that it is there, where a list is shown."""
        listing = self.system.operations[made.name].listing
        place = self.system.service.index(listing.part) if listing is not None and listing.part is not None else None
        if place is None:
            return
        slot = before[place]
        for query, value in slot.facts if isinstance(slot, Family) else ():
            if query.name is THERE and value:
                raise UndecidedError(place, query.about)

    def _refused_anyway(self, before: Configuration, made: Call, seen: Seen) -> Step | None:
        """A refusal as recorded that does not depend on members nobody has seen."""
        if seen.error is None:
            return None
        for step in certain_refusals(self.system, before, made):
            if any(True for _ in self.matching.matches(step, seen)):
                return step
        return None

    def _split(
        self, before: Configuration, made: Call, seen: Seen, asked: UndecidedError
    ) -> list[tuple[Configuration, Configuration, Step]]:
        """The steps from every answer to a question; where no answer excludes any, the question stays open."""
        number = _number(self.system.operations[made.name], seen)
        found: list[tuple[Configuration, Configuration, Step]] = []
        unmoved: list[Step] = []
        moved: list[tuple[Configuration, Configuration, Step]] = []
        alternatives = split(self.unknown, before, asked, number)
        family = before[asked.position]
        if isinstance(family, Family) and family.is_unborn:
            alternatives = sorted(self._come(alternatives), key=repr)
        for one in alternatives:
            steps = list(self._conforming(one, made, seen))
            found.extend(steps)
            staying = [step for _, after, step in steps if after == one]
            if staying and asked.question is LOOSE and self._moves_nothing(made.name, seen):
                return [(before, before, staying[0])]
            unmoved.extend(staying[:1])
            moved.extend(step for step in steps if step[1] != one)
        if len(unmoved) == len(alternatives) and unmoved:
            return [(before, before, unmoved[0]), *moved]
        return self._left_there(before, asked, alternatives, found)

    def _moves_nothing(self, name: str, seen: Seen) -> bool:
        is_read = self.system.operations[name].action is Action.READ
        return (seen.error is not None or is_read) and not self.system.brought[name]

    def _left_there(
        self,
        before: Configuration,
        asked: UndecidedError,
        alternatives: list[Configuration],
        found: list[tuple[Configuration, Configuration, Step]],
    ) -> list[tuple[Configuration, Configuration, Step]]:
        """The same steps; where all that matters of a named member is that it is there, no more is said of it."""
        place, key = asked.position, asked.question
        if key is LOOSE or not isinstance(key, str) or not self.unknown.stays[place]:
            return found
        present = {one for one in alternatives if find(one, place, key).state != ABSENT}
        staying = {after: step for start, after, step in found if start == after and after in present}
        if len(staying) < max(len(present), 2):
            return found
        family = before[place]
        assert isinstance(family, Family)
        if family.is_unborn:
            return found
        fact = replace(before, place, attrs.evolve(family, facts=family.facts | {(there(key), True)}))
        rest = [one for one in found if one[1] not in staying or one[0] != one[1]]
        return [(fact, fact, next(iter(staying.values()))), *rest]

    def _recorded(self, before: Configuration, made: Call) -> Iterator[Call]:
        """The call with every value that an unrecorded name may have had."""
        operation = self.system.operations[made.name]
        for name, value in made.args:
            parameter = operation.parameter(name)
            if (
                value is UNRECORDED
                and parameter
                and parameter.subject in (Subject.VERSION, Subject.QUALIFIER, Subject.ALIAS)
            ):
                for one in self._possible(before, parameter.subject, parameter.tried):
                    args = tuple((other, one if other == name else given) for other, given in made.args)
                    yield from self._recorded(before, Call(made.name, args, made.invalid))
                return
        yield made

    def _possible(self, before: Configuration, subject: Subject, tried: tuple[Any, ...]) -> Iterator[Any]:
        yield from tried
        for place in self.unknown.families:
            slot = before[place]
            assert isinstance(slot, Family)
            is_named = isinstance(self.system.graph(place).many, Named)
            if subject is Subject.QUALIFIER or is_named is (subject is Subject.ALIAS):
                yield from (key for key, _ in slot.members)
                yield f"?{place}" if is_named else unlisted(before, place)

    def _forgotten(self, configuration: Configuration) -> Configuration:
        """The configuration when a name that was not recorded may have been any: families of names are open again."""
        for place in self.unknown.families:
            slot = configuration[place]
            if isinstance(slot, Family) and isinstance(self.system.graph(place).many, Named):
                members = tuple(pair for pair in slot.members if not str(pair[0]).startswith("?"))
                configuration = replace(configuration, place, Family(members, slot.low, slot.high, is_open=True))
        return configuration

    def widened(self, belief: Configurations, most: int) -> Configurations:
        """A belief no greater than `most`, if need be with everything forgotten about the members of families.

        Only ever wider: what it still excludes is excluded for good reason.
        """
        named = [place for place in self.unknown.families if isinstance(self.system.graph(place).many, Named)]
        for places in (named, list(self.unknown.families)):
            if len(belief) <= most:
                break
            belief = self.closed({self._blurred(one, places) for one in belief})
        return belief

    def _blurred(self, configuration: Configuration, places: list[int]) -> Configuration:
        for place in places:
            configuration = replace(configuration, place, self.unknown.opened(configuration, place))
        return configuration

    # ------------------------------------------------------------------------------------------- others

    def concerns(self, belief: Configurations, seen: Seen) -> bool:
        """Whether the model can say anything about a call; a part alone leaves calls of other parts out."""
        for before in belief:
            try:
                return all(concerns(self.system, before, made) for made in self._recorded(before, seen.call))
            except UndecidedError:
                continue
        return True

    def after_event(self, belief: Configurations, name: str) -> Configurations:
        """What a recorded hidden move leaves of a closed belief; not closed again."""
        return frozenset(
            self.tidied(after) for before in self.decided(belief) for _, after in self.happened(before, name)
        )

    def happened(self, before: Configuration, name: str) -> Iterator[tuple[Configuration, Configuration]]:
        """What a recorded hidden move makes of a configuration: (split configuration, after)."""
        for start, move in self.all_moves(before):
            if move.event.name == name:
                yield start, move.after
        for place in self.unknown.families:
            if is_born_unseen(self.system.graph(place)) and self._is_birth(place, name):
                yield before, self._born(before, place)
        if any(self._moves_unseen(before, place, name) for place in self.system.leaders[name]):
            yield before, before

    def _moves_unseen(self, configuration: Configuration, place: int, name: str) -> bool:
        """Whether an event may move a member that nobody has seen and nothing else: of such a one nothing is known."""
        slot = configuration[place]
        if not isinstance(slot, Family) or not slot.is_open or self.system.followers[name]:
            return False
        if slot.is_unborn and self.is_recorded:
            return False
        states = {state for state, _ in self.unknown.shapes(configuration, place) if state != ABSENT}
        return any((place, state, name) in self.system.cells for state in states)

    def _is_birth(self, place: int, name: str) -> bool:
        return any(isinstance(row, Transition) for row, _ in self.system.cells.get((place, ABSENT, name), ()))

    def _born(self, configuration: Configuration, place: int) -> Configuration:
        """The configuration after a member that nobody has named came into being."""
        family = configuration[place]
        assert isinstance(family, Family)
        unborn = family.is_unborn and not self.is_recorded
        return replace(configuration, place, attrs.evolve(family, is_unborn=unborn))


def contents_of(belief: Configurations) -> frozenset[int]:
    """Content that some configuration holds, as symbols that stand for something recorded."""
    return frozenset(symbol for one in belief for symbol in held(one) if symbol >= 0)


def _is_unnamed(operation: Operation, made: Call) -> bool:
    """Whether a call that may change something leaves a name unrecorded."""
    parameters = [operation.parameter(name) for name, value in made.args if value is UNRECORDED]
    return operation.action is Action.CALL and any(one and one.subject is Subject.ALIAS for one in parameters)


def _number(operation: Operation, seen: Seen) -> int | None:
    """The number an accepted answer shows for a new member."""
    if operation.action is not Action.CALL:
        return None
    for _, value in seen.shown:
        if isinstance(value, str) and value.isdigit():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _leads(system: System, place: int, source: str, target: str) -> bool:
    """Whether a graph leads from one state to another, whoever moves it."""
    graph = system.graph(place)
    reached, frontier = {source}, [source]
    while frontier:
        here = frontier.pop()
        for row in graph.transitions:
            if here in row.source and row.target is not None and row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
    return target in reached
