"""Whether all that a service with rows of its own can do is something that the model allows; calls no client.

A service that moves as the model may move and answers as it may answer from there can never be told apart. Where one
of its moves leads elsewhere, what the model allows is followed from there beside it, as a set of configurations
(subset construction), until the two meet again or an answer shows the difference. Whoever compares is taken to know
where the service was before: that makes a proof harder, and never wrong.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final

import attrs

from statemodel.configuration import Configuration, Family, Member, held, renamed
from statemodel.model.graph import ABSENT, Initiator, Kind
from statemodel.semantics import (
    Accepted,
    Call,
    Refused,
    Step,
    System,
    UndecidedError,
    View,
    answers,
    call,
    concerns,
    hidden,
    initial,
)
from statemodel.testing.planted.answered import Told, told
from statemodel.testing.planted.symbols import Belief, apart, in_order
from statemodel.unfold import Scope, begun, calls, is_within

NEW: Final = 1_000
SCOPE: Final = Scope(1, (NEW,), ("live",))
BUDGET: Final = 40_000
Cell = tuple[int, str, str]


@attrs.frozen
class Deed:
    """What a service did: a call with what was told, or a hidden move; and where it is then."""

    words: str
    after: Configuration
    made: Call | None = None
    told: Told | None = None
    event: str | None = None
    initiator: Initiator = Initiator.CALLER


@attrs.frozen
class Compared:
    """What a comparison came to.

    Attributes:
        is_proof: whether all that the service can do within the scope is allowed.
        steps: how many of its steps were compared.
        way: what it did up to the first step that may not be allowed, in words, and from where.
    """

    is_proof: bool
    steps: int
    way: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.is_proof:
            return f"all it does is allowed, {self.steps} steps compared"
        return f"it may show: {'; '.join(self.way) or 'not everything compared'}"


@attrs.frozen(eq=False)
class _Pair:
    """Where the service is, what may be believed of it, and how it came to that."""

    here: Configuration
    belief: Belief
    before: "_Pair | None" = None
    words: str = ""
    is_answered: bool = True

    def way(self, last: str) -> tuple[str, ...]:
        found = [last]
        one: _Pair | None = self
        while one is not None:
            found.append(one.words)
            one = one.before
        return tuple(word for word in reversed(found) if word)


class Inclusion:
    """Compares services with the model, one after the other.

    Args:
        system: the model, open points and all.
        fixed: the service that others are made of: everything it does is allowed.
        scope: how far to look.

    Attributes:
        known: every configuration that the service without a fault comes to.
    """

    def __init__(self, system: System, fixed: System, scope: Scope = SCOPE) -> None:
        self.system = system
        self.fixed = fixed
        self.scope = scope
        self._blank = initial(fixed)
        self._plain: dict[Configuration, Configuration] = {}
        self._closed: dict[Configuration, Belief] = {}
        self._allowed: dict[Hashable, list[Step]] = {}
        lists = [one for one in fixed.service.operations if one.listing is not None and one.listing.part is None]
        self._calls = (*((one, call(one, {})) for one in lists),
                       *((operation, made) for operation, _, made in calls(fixed, scope)))  # fmt: skip
        self.known = self._explored()

    def _explored(self) -> dict[Configuration, None]:
        """Every configuration of the service without a fault."""
        first = self.canonical(begun(self.fixed, self.scope))
        found = {first: None}
        queue = deque([first])
        while queue:
            for deed in self.deeds(self.fixed, queue.popleft(), None):
                after = self.canonical(deed.after)
                if after not in found and is_within(after, self.scope):
                    found[after] = None
                    queue.append(after)
        return found

    def canonical(self, configuration: Configuration) -> Configuration:
        """The configuration with every content told apart, unless the service compares them."""
        found = self._plain.get(configuration)
        if found is None:
            if self.system.service.compares_content:
                wanted = {symbol: number for number, symbol in enumerate(held(configuration))}
                found = renamed(configuration, wanted, {}, self.system.parts)
            else:
                found = apart(configuration)
            self._plain[configuration] = found
        return found

    def compare(self, changed: System, *, budget: int = BUDGET) -> Compared:
        """Whether all that a service does is allowed; the operations of it take the same arguments.

        Args:
            changed: its rows and operations.
            budget: greatest number of steps to compare.
        """
        try:
            return _Comparison(self, changed, budget).run()
        except UndecidedError:
            return Compared(is_proof=False, steps=0, way=("what it does depends on members nobody has seen",))

    # ------------------------------------------------------------------------------------------- what is done

    def deeds(self, system: System, here: Configuration, touched: frozenset[str] | None) -> Iterator[Deed]:
        """What a service may do in a configuration; where names are given, only calls and moves of these."""
        for operation, made in self._calls:
            if touched is None or operation.name in touched:
                yield from self._answered(system, here, made)
        if touched is None or any(event.name in touched for event in system.events):
            for move in hidden(system, here):
                if touched is None or move.event.name in touched:
                    name = move.event.name
                    yield Deed(f"({name})", move.after, event=name, initiator=move.event.initiator)

    def _answered(self, system: System, here: Configuration, made: Call) -> Iterator[Deed]:
        operation = system.operations[made.name]
        is_of_all = operation.listing is not None and operation.listing.part is None
        if system.service.around and not is_of_all and not concerns(system, here, made):
            return
        steps = answers(system, self._empty(here) if is_of_all else here, made)
        words = f"{made.name}({', '.join(f'{k}={v}' for k, v in made.args if isinstance(v, int | str))})"
        accepted = [step for step in steps if isinstance(step.answer, Accepted)]
        for step in accepted or steps:
            if isinstance(step.answer, Refused):
                for code in step.answer.codes or ("?",):
                    yield Deed(f"{words}: {code}", here if is_of_all else step.after, made, Told(code))
                continue
            view = View(system, here, dict(made.args), {}) if is_of_all else step.answer.view
            shown = told(operation, view)
            after = here if is_of_all else step.after
            yield Deed(f"{words}: {shown.fields}{shown.entries or ''}", after, made, shown)

    def _empty(self, here: Configuration) -> Configuration:
        """A resource nobody has touched, beside what all share."""
        return tuple(
            slot if self.fixed.graph(place).is_shared else self._blank[place] for place, slot in enumerate(here)
        )

    # ------------------------------------------------------------------------------------------- what is allowed

    def closed(self, belief: Belief) -> Belief:
        """All that may be true after moves of the service."""
        found: set[Configuration] = set()
        for one in belief:
            found |= self._after_moves(one)
        return frozenset(found)

    def _after_moves(self, start: Configuration) -> Belief:
        known = self._closed.get(start)
        if known is None:
            found = {start}
            queue = [start]
            while queue:
                for move in hidden(self.system, queue.pop()):
                    if move.event.initiator is Initiator.SERVICE and move.after not in found:
                        found.add(move.after)
                        queue.append(move.after)
            known = self._closed[start] = frozenset(found)
        return known

    def after(self, belief: Belief, deed: Deed) -> Belief:
        """What may be believed after a deed; nothing where the model does not allow it."""
        if deed.made is not None and deed.told is not None:
            steps = (found for one in self.closed(belief) for found in self._steps(one, deed.made))
            return frozenset(after for step, after in steps if deed.told.fits(step))
        if deed.initiator is Initiator.SERVICE:
            return belief
        found: set[Configuration] = set()
        for one in self.closed(belief):
            moved = [move.after for move in hidden(self.system, one) if move.event.name == deed.event]
            found.update(moved or [one])
        return frozenset(found)

    def _steps(self, here: Configuration, made: Call) -> list[tuple[Step, Configuration]]:
        key = here, made
        found: Any = self._allowed.get(key)
        if found is None:
            operation = self.system.operations[made.name]
            if operation.listing is not None and operation.listing.part is None:
                found = [(_seen_from(self.system, step, here, made), here)
                         for step in answers(self.system, self._empty(here), made)]  # fmt: skip
            else:
                found = [(step, step.after) for step in answers(self.system, here, made)]
            self._allowed[key] = found
        return found  # type: ignore[no-any-return]


def _seen_from(system: System, step: Step, here: Configuration, made: Call) -> Step:
    if isinstance(step.answer, Refused):
        return step
    view = View(system, here, dict(made.args), {})
    return attrs.evolve(step, answer=attrs.evolve(step.answer, view=view), after=here)


class _Comparison:
    """One comparison."""

    def __init__(self, inclusion: Inclusion, changed: System, budget: int) -> None:
        self.inclusion = inclusion
        self.changed = changed
        self.budget = budget
        fixed = inclusion.fixed
        cells = [cell for cell, rows in changed.cells.items() if fixed.cells.get(cell) != rows]
        self.cells = tuple(cells)
        self.operations = frozenset(
            name for name, one in changed.operations.items() if fixed.operations[name] != one
        )
        self.known: dict[Configuration, None] = dict(inclusion.known)
        self.new: deque[Configuration] = deque()
        self.pairs: deque[_Pair] = deque()
        self.seen: set[Hashable] = set()
        self.steps = 0

    def run(self) -> Compared:
        for here in list(self.known):
            if self.steps > self.budget:
                return Compared(is_proof=False, steps=self.steps)
            touched = self._touched(here)
            if touched and (bad := self._tried(here, touched)):
                return self._shown(bad)
        while (self.new or self.pairs) and self.steps <= self.budget:
            if self.new:
                here = self.new.popleft()
                bad = self._tried(here, None)
            else:
                bad = self._followed(self.pairs.popleft())
            if bad:
                return self._shown(bad)
        return Compared(is_proof=self.steps <= self.budget, steps=self.steps)

    def _shown(self, way: tuple[str, ...]) -> Compared:
        return Compared(is_proof=False, steps=self.steps, way=way)

    def _touched(self, here: Configuration) -> frozenset[str]:
        """Calls and moves by which a configuration may do something else than it should."""
        found = set(self.operations)
        for place, state, event in self.cells:
            slot = here[place]
            if isinstance(slot, Member):
                is_there = slot.state == state
            else:
                is_there = state == ABSENT or any(one.state == state for _, one in slot.members)
            operation = self.changed.operations.get(event)
            if operation is not None and operation.listing is not None and operation.listing.part is None:
                is_there = True
            if is_there:
                found.add(event)
        return frozenset(found)

    def _tried(self, here: Configuration, touched: frozenset[str] | None) -> tuple[str, ...]:
        """Compare where it is known where the service is; what shows a difference, or nothing."""
        pair = _Pair(here, frozenset({here}), None, _in_words(self.changed, here))
        return self._done(pair, touched)

    def _followed(self, pair: _Pair) -> tuple[str, ...]:
        return self._done(pair, None)

    def _done(self, pair: _Pair, touched: frozenset[str] | None) -> tuple[str, ...]:
        inclusion = self.inclusion
        try:
            deeds = list(inclusion.deeds(self.changed, pair.here, touched))
        except UndecidedError:
            raise
        except Exception as error:  # noqa: BLE001 - with rows of its own it may do anything
            return pair.way(f"falls over: {error}")
        if stuck := self._stuck(pair):
            return pair.way(stuck)
        for deed in deeds:
            self.steps += 1
            belief = inclusion.after(pair.belief, deed)
            if not belief:
                return pair.way(deed.words)
            if not is_within(deed.after, inclusion.scope):
                continue
            if deed.after in inclusion.closed(belief):
                self._meets(deed.after)
                continue
            found = _Pair(*in_order(deed.after, belief, self.changed), pair, deed.words, deed.made is not None)
            key = found.here, found.belief, found.is_answered
            if key not in self.seen:
                self.seen.add(key)
                self.pairs.append(found)
        return ()

    def _meets(self, after: Configuration) -> None:
        one = self.inclusion.canonical(after)
        if one not in self.known:
            self.known[one] = None
            self.new.append(one)

    def _stuck(self, pair: _Pair) -> str:
        """Whatever is at work for certain and nothing the service owes moves, in words."""
        owed = [set(_working(self.inclusion.system, one)) for one in pair.belief]
        left = set.intersection(*owed)
        if not left or not pair.is_answered:
            return ""
        moves = [move for move in hidden(self.changed, pair.here) if move.event.initiator is Initiator.SERVICE]
        for place, key, state in sorted(left, key=repr):
            if not any(_state(move.after, place, key) != state for move in moves):
                return f"{self.changed.parts[place]} stays {state}"
        return ""


def _state(configuration: Configuration, place: int, key: Any) -> str:
    slot = configuration[place]
    if isinstance(slot, Family):
        member = slot.get(key)
        return ABSENT if member is None else member.state
    return slot.state


def _working(system: System, configuration: Configuration) -> Iterator[tuple[int, Any, str]]:
    for place, slot in enumerate(configuration):
        members: Iterable[tuple[Any, Member]] = slot.members if isinstance(slot, Family) else ((None, slot),)
        for key, member in members:
            if system.kinds[place].get(member.state) is Kind.WORKING:
                yield place, key, member.state


def _in_words(system: System, configuration: Configuration) -> str:
    found = []
    for part, slot in zip(system.parts, configuration, strict=True):
        if isinstance(slot, Member):
            found.append(f"{part} {slot.state}{'' if slot.data is None else ' ' + str(slot.data)}")
        else:
            found.extend(f"{part} {key} {one.state} {one.data}" for key, one in slot.members)
    return "[" + ", ".join(found) + "]"
