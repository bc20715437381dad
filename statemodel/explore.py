"""Exhaustive exploration, versions merged up to their numbers.

Versions are interchangeable, so configurations that differ only in which number has which state are one (symmetry
reduction, Ip & Dill, Better Verification Through Symmetry, 1996). A service that does not say so never compares
content, so that every place may hold content of its own (data independence, Wolper 1986). Numbers of deleted versions
are closed up, but for one bit: whether the next number follows the greatest one there is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, apart, held, renamed, replace, words
from statemodel.errors import StateModelError
from statemodel.look import Happening
from statemodel.model.data import CONTENT, references, spell
from statemodel.model.graph import Numbered
from statemodel.model.operation import Action, Operation
from statemodel.semantics import Accepted, Call, System, answers, hidden
from statemodel.unfold import Scope, begun, calls, grounded

BROUGHT = 1_000


@attrs.frozen
class Passage:
    """One edge of the real system, from a configuration to the next, not merged."""

    happening: Happening
    before: Configuration
    after: Configuration
    line: str


class Explorer:
    """Everything reachable in a system up to a number of versions.

    Args:
        system: the model.
        versions: greatest number of versions that exist at one time.
        is_exact: whether it is kept in mind which content is the same, though the service never compares it.
    """

    def __init__(self, system: System, versions: int, *, is_exact: bool = False) -> None:
        self.system = system
        self.versions = versions
        self.compares = system.service.compares_content or is_exact
        given = (0, 1) if system.service.compares_content else (BROUGHT,)
        self.scope = Scope(versions, given)
        self.made = [one for one in calls(system, self.scope) if one[0].action is Action.CALL]
        self._made: dict[int, list[tuple[Operation, dict[str, Any], Call]]] = {}
        self._merged: dict[Configuration, Configuration] = {}
        self.numbered = tuple(
            (place, graph.many) for place, graph in enumerate(system.service.parts) if isinstance(graph.many, Numbered)
        )
        self.parents: dict[Configuration, Configuration | None] = {}
        self.passages = 0

    def start(self) -> Configuration:
        """The configuration everything begins with."""
        return self.canonical(begun(self.system, self.scope))

    def run(
        self,
        seen: Callable[[Configuration, Passage], bool],
        progress: Callable[[int], None] | None = None,
        arrived: Callable[[Configuration, Configuration], None] | None = None,
    ) -> bool:
        """Visit every edge once, breadth first.

        Args:
            seen: gets the merged configuration an edge starts from, and the edge; may stop it all.
            progress: called now and then with the number of configurations found so far.
            arrived: gets every configuration, merged and as it is, whether or not anything leads out of it.

        Returns:
            Whether everything was visited.
        """
        start = self.start()
        self.parents = {start: None}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            if arrived is not None:
                arrived(here, here)
            if progress is not None and not len(self.parents) & 0x3FF:
                progress(len(self.parents))
            for passage in self.out(here):
                self.passages += 1
                after = passage.after
                if after is not here:
                    after = self.canonical(after)
                    if after not in self.parents and self._is_within(after):
                        self.parents[after] = here
                        queue.append(after)
                if seen(here, passage):
                    return False
        return True

    def _is_within(self, configuration: Configuration) -> bool:
        return all(
            slot.low <= self.versions + 1 and len(slot.members) <= self.versions
            for place, _ in self.numbered
            if isinstance(slot := configuration[place], Family)
        )

    def out(self, here: Configuration) -> Iterator[Passage]:
        """Every edge out of a configuration that calls within the scope and hidden moves make."""
        for operation, _, made in self._calls(here):
            for step in answers(self.system, here, made):
                accepted = isinstance(step.answer, Accepted)
                if step.after is here and accepted:
                    continue
                for after in grounded(self.system, step.after, self.scope) if accepted else (step.after,):
                    happening = Happening(operation.name, True, accepted, made.args, "caller")  # noqa: FBT003
                    yield Passage(happening, here, after, "")
        for move in hidden(self.system, here):
            for after in grounded(self.system, move.after, self.scope):
                happening = Happening(move.event.name, False, True, (), move.event.initiator)  # noqa: FBT003
                yield Passage(happening, here, after, "")

    def _calls(self, here: Configuration) -> list[tuple[Operation, dict[str, Any], Call]]:
        """Calls that speak of no number beyond the next one."""
        most = 1 + max((slot.low for place, _ in self.numbered if isinstance(slot := here[place], Family)), default=0)
        if most >= self.versions:
            return self.made
        if most not in self._made:
            scope = attrs.evolve(self.scope, versions=most)
            self._made[most] = [one for one in calls(self.system, scope) if one[0].action is Action.CALL]
        return self._made[most]

    def canonical(self, configuration: Configuration) -> Configuration:
        """The representative of all configurations that differ only in numbers and content."""
        merged = self._merged.get(configuration)
        if merged is None:
            merged = self._merged[configuration] = self._representative(configuration)
        return merged

    def _representative(self, configuration: Configuration) -> Configuration:
        for place, many in self.numbered:
            configuration = self._renumbered(configuration, place, is_ordered=many.is_ordered)
        if not self.compares:
            return apart(configuration, 0, 1)
        return configuration if self.system.service.compares_content else first_come(configuration, self.system.parts)

    def _renumbered(self, configuration: Configuration, place: int, *, is_ordered: bool) -> Configuration:
        family = configuration[place]
        assert isinstance(family, Family)
        if not family.members and family.low <= 1:
            return configuration
        part = self.system.parts[place]
        keys = [key for key, _ in family.members]
        greatest, low = max((key for key in keys if isinstance(key, int)), default=0), family.low
        if not is_ordered and len(keys) > 1:
            looks = {key: (_look(member), self._referrers(configuration, part, key)) for key, member in family.members}
            keys.sort(key=lambda key: (key == greatest == low, looks[key], key))
        wanted = {key: number for number, key in enumerate(keys, 1)}
        last = len(keys) + (low > greatest)
        changes = {key: number for key, number in wanted.items() if key != number}
        if changes:
            configuration = renamed(configuration, {}, {part: changes}, self.system.parts)
            family = configuration[place]
            assert isinstance(family, Family)
        if family.low != last:
            configuration = replace(configuration, place, attrs.evolve(family, low=last, high=last))
        return configuration

    def _referrers(self, configuration: Configuration, part: str, key: Any) -> tuple[Any, ...]:
        found: list[tuple[int, str]] = []
        for position, slot in enumerate(configuration):
            for name, member in slot.members if isinstance(slot, Family) else ():
                found.extend((position, str(name)) for one in references(member.data, part) if one == key)
        return tuple(found)

    # ------------------------------------------------------------------------------------------- paths

    def path(self, last: Configuration) -> list[Passage]:
        """The shortest run of real edges from the start to a merged configuration."""
        merged: list[Configuration] = []
        here: Configuration | None = last
        while here is not None:
            merged.append(here)
            here = self.parents[here]
        merged.reverse()
        return self.walk(merged[1:], self.canonical)

    def then(self, path: list[Passage], here: Configuration, last: Passage) -> list[Passage]:
        """A path with one more edge, told as it really is."""
        del here
        return self.and_then(path, last, self.canonical)

    def walk(self, merged: list[Any], merge: Callable[[Configuration], Any]) -> list[Passage]:
        """The run of real edges that passes through these merged configurations.

        Raises:
            StateModelError: two merged configurations were not alike after all.
        """
        real = begun(self.system, self.scope)
        found: list[Passage] = []
        for number, wanted in enumerate(merged):
            passages = self._real_out(real, self._real_calls(number))
            passage = next((one for one in passages if merge(one.after) == wanted), None)
            if passage is None:
                raise StateModelError(
                    f"{self.system.service.name}: no real step leads on from {words(real, self.system.parts)}"
                )
            found.append(passage)
            real = passage.after
        return found

    def and_then(self, path: list[Passage], last: Passage, merge: Callable[[Configuration], Any]) -> list[Passage]:
        """A path with one more edge that does as `last` did."""
        real = path[-1].after if path else begun(self.system, self.scope)
        wanted = merge(last.after), last.happening.name, last.happening.is_accepted
        for one in self._real_out(real, self._real_calls(len(path))):
            if (merge(one.after), one.happening.name, one.happening.is_accepted) == wanted:
                return [*path, one]
        return [*path, last]

    def _real_calls(self, brought: int) -> list[tuple[Operation, dict[str, Any], Call]]:
        if self.compares:
            return self.made
        last = Scope(self.versions + brought, (brought,))
        return [one for one in calls(self.system, last) if one[0].action is Action.CALL]

    def _real_out(self, here: Configuration, made: list[tuple[Operation, dict[str, Any], Call]]) -> Iterator[Passage]:
        for operation, args, one in made:
            for step in answers(self.system, here, one):
                accepted = isinstance(step.answer, Accepted)
                happening = Happening(operation.name, True, accepted, one.args, "caller")  # noqa: FBT003
                told = ", ".join(f"{name}={_told(name, value)}" for name, value in args.items())
                answer = "accepted" if accepted else f"refused with {' | '.join(step.answer.codes or ('any code',))}"  # type: ignore[union-attr]
                for after in self._known(step.after):
                    yield Passage(happening, here, after, f"{operation.name}({told}): {answer}")
        for move in hidden(self.system, here):
            happening = Happening(move.event.name, False, True, (), move.event.initiator)  # noqa: FBT003
            member = f" of {spell(move.key)}" if move.key is not None else ""
            for after in self._known(move.after):
                yield Passage(happening, here, after, f"({move.event.name}{member}, by the {move.event.initiator})")

    def _known(self, configuration: Configuration) -> Iterable[Configuration]:
        """The configuration with content that nobody has seen made known, where contents are compared."""
        return grounded(self.system, configuration, self.scope) if self.compares else (configuration,)


def first_come(configuration: Configuration, parts: tuple[str, ...]) -> Configuration:
    """The configuration with its content numbered in order of places, the same where it is the same."""
    symbols = {symbol: number for number, symbol in enumerate(held(configuration))}
    return renamed(configuration, symbols, {}, parts) if any(a != b for a, b in symbols.items()) else configuration


def _told(name: str, value: Any) -> str:
    return f"content {value + 1}" if name == "content" and isinstance(value, int) else str(value)


def _look(member: Member) -> tuple[Any, ...]:
    """What tells a member from another, content and references left out."""
    if member.data is None:
        return (member.state,)
    plain = [
        repr(getattr(member.data, one.name)) for one in attrs.fields(type(member.data)) if CONTENT not in one.metadata
    ]
    return (member.state, *plain)
