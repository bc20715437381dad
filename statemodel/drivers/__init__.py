"""One member of one graph, moved by the names of events: what the drivers share. Must not know how one steps.

A driver says what an event leads to by the rows of one graph: the name of an operation stands for a call, that of a
hidden event for the move. It never guesses. Where policies are open, or a guard asks about a part that is not there,
an event may go several ways; then the caller chooses policies of the graph, settles the guard, or says where `to`.
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import attrs

from statemodel.configuration import GONE, Family, Member, Slot
from statemodel.errors import StateModelError, UsageError
from statemodel.model.data import Key
from statemodel.model.graph import ABSENT, Numbered, Refusal, Row, Transition, TransitionGraph
from statemodel.model.guard import Guard
from statemodel.model.operation import Action, Target
from statemodel.semantics import System, View, call, prepare

Truth = bool | Callable[[Any], bool | None] | None
Codes = tuple[str, ...] | None


class AmbiguousError(StateModelError):
    """An event that may go several ways, fired without saying which; nothing has moved.

    Attributes:
        model: name of the graph.
        state: where it was fired.
        event: the operation or hidden event.
        ways: the rows that may apply, in words.
        targets: states it may lead to, for `to`.
        policies: open policies behind it, to be chosen with the graph's `with_policies`.
        guards: guards that cannot be decided, to be settled when the driver is made.
    """

    def __init__(
        self,
        model: str,
        state: str,
        event: str,
        ways: tuple[str, ...],
        targets: tuple[str, ...] = (),
        policies: tuple[str, ...] = (),
        guards: tuple[str, ...] = (),
    ) -> None:
        super().__init__(model, state, event, ways, targets, policies, guards)
        self.model = model
        self.state = state
        self.event = event
        self.ways = ways
        self.targets = targets
        self.policies = policies
        self.guards = guards

    def __str__(self) -> str:
        mends = []
        if self.targets:
            mends.append("say " + " or ".join(f"to={target!r}" for target in self.targets))
        if self.policies:
            mends.append("choose " + ", ".join(self.policies))
        if self.guards:
            mends.append("settle " + ", ".join(map(repr, self.guards)))
        ways = "".join(f"\n  {way}" for way in self.ways)
        mend = f"\nTo decide it: {'; '.join(mends)}." if mends else ""
        return f"{self.model} in {self.state!r}: {self.event!r} may go several ways:{ways}{mend}"


class NotPossibleError(StateModelError):
    """An event that cannot happen in the state it was fired in, or a call that is refused; nothing has moved.

    Attributes:
        model: name of the graph.
        state: where it was fired.
        event: the operation or hidden event.
        is_refused: whether it is a call that a row or a limit refuses.
        codes: documented codes of the refusal.
        possible: events that may happen here, reads left out.
    """

    def __init__(
        self,
        model: str,
        state: str,
        event: str,
        is_refused: bool,  # noqa: FBT001
        codes: tuple[str, ...],
        possible: tuple[str, ...],
    ) -> None:
        super().__init__(model, state, event, is_refused, codes, possible)
        self.model = model
        self.state = state
        self.event = event
        self.is_refused = is_refused
        self.codes = codes
        self.possible = possible

    def __str__(self) -> str:
        codes = " | ".join(self.codes) or "an undocumented code"
        said = f"is refused with {codes}" if self.is_refused else "cannot happen"
        possible = ", ".join(map(repr, self.possible)) or "nothing"
        return f"{self.model} in {self.state!r}: {self.event!r} {said}; possible here: {possible}"


@attrs.frozen(eq=False)
class Arguments:
    """The arguments of one event, bound: made once they may be fired again and again.

    Attributes:
        event: the operation or hidden event.
        values: by parameter, defaults filled in.
        invalid: what is wrong with them, as in `statemodel.semantics.Call`.
        ask: the value of a parameter.
        fit: the event that can be stepped with them at once, None where something is wrong with them.
    """

    event: str
    values: Mapping[str, Any]
    invalid: tuple[tuple[Codes, bool], ...] = ()
    ask: Callable[[str], Any] = attrs.field(init=False, repr=False)
    fit: str | None = attrs.field(init=False, repr=False)

    @ask.default
    def _ask(self) -> Callable[[str], Any]:
        return self.values.get

    @fit.default
    def _fit(self) -> str | None:
        return None if self.invalid else self.event


@attrs.frozen(eq=False)
class Candidate:
    """A row of one cell, ready to be asked.

    Attributes:
        row: the row.
        is_may: whether its policy is open.
        truth: of its guard: known, a test of a view, or None where it is open.
        wanted: what the test must say for the guard to hold.
    """

    row: Row
    is_may: bool
    truth: Truth
    wanted: bool = True

    def holds(self, view: Any) -> bool | None:
        """Whether the guard holds; None where it cannot be decided."""
        value = self.truth(view) if callable(self.truth) else self.truth
        return value if self.wanted or value is None else not value


@attrs.frozen(eq=False)
class Outcome:
    """One way an event may go: `after` is the member after it, or None where a call is refused with these codes."""

    candidate: Candidate | None
    view: Any
    after: Member | None
    codes: Codes = ()


@attrs.frozen(eq=False)
class Plan:
    """A graph made ready to be driven.

    Attributes:
        graph: the graph.
        settle: guards by name, with the value they have as long as the driver lives.
        key: which member it is, where the graph has many.
        system: the graph as the semantics runs it.
        cells: rows by state and event; those that never hold are left out.
        events: every operation and hidden event, by name.
    """

    graph: TransitionGraph
    settle: Mapping[str, bool]
    key: Key | None
    system: System
    cells: Mapping[tuple[str, str], tuple[Candidate, ...]]
    events: tuple[str, ...]

    def start(self, state: str | None = None, data: Any = None) -> Member:
        """A member to begin with.

        Args:
            state: where it stands; None for the initial state.
            data: what it carries; None for what a member has that nobody has touched.

        Raises:
            UsageError: there is no such state.
        """
        name = self.known_state(self.graph.initial if state is None else state)
        if name == ABSENT:
            return GONE
        return Member(name, self.graph.data() if data is None and self.graph.data is not None else data)

    def known_state(self, name: str) -> str:
        """The name, if it is that of a state; a UsageError otherwise."""
        names = tuple(state.name for state in self.graph.states)
        if name not in names:
            raise UsageError(f"state of {self.graph.name}:", name, names)
        return name

    def arguments(self, event: str, args: "Mapping[str, Any] | Arguments | None" = None) -> Arguments:
        """Arguments bound to an event.

        Args:
            event: the operation or hidden event.
            args: as sent; parameters that the model does not speak of are passed over. A hidden event has none.

        Raises:
            UsageError: the graph knows no such event, or not with such arguments.
        """
        if event not in self.events:
            raise UsageError(f"event of {self.graph.name}:", event, self.events)
        if isinstance(args, Arguments):
            if args.event != event:
                raise UsageError(f"arguments for {event!r}: those of", args.event, (event,))
            return args
        operation = self.system.operations.get(event)
        if operation is not None:
            made = call(operation, args)
            return Arguments(event, dict(made.args), made.invalid)
        if args:
            raise UsageError(f"argument of the hidden event {event!r}:", next(iter(args)))
        return Arguments(event, {})

    def views(self, member: Member, made: Arguments) -> list[View]:
        """What guards and effects see before the move, for each alternative of what a call addresses."""
        family = () if self.key is None or member.state == ABSENT else ((self.key, member),)
        slot: Slot = member if self.key is None else Family(family)
        looking = View(self.system, (slot,), made.values, {}, 0, self.key)
        operation = self.system.operations.get(made.event)
        targets: tuple[Target, ...] = ({},) if operation is None else operation.targets(looking)
        return [View(self.system, (slot,), made.values, target, 0, self.key) for target in targets]

    def moved(self, row: Transition, member: Member, view: Any) -> Member:
        """The member after a row."""
        if self.is_read(row.event.name):
            return member
        target = row.target or member.state
        if target == ABSENT:
            return GONE
        if row.effect is not None:
            return Member(target, row.effect.apply(view))
        if member.data is None and self.graph.data is not None:
            return Member(target, self.graph.data())
        return Member(target, member.data)

    def is_read(self, event: str) -> bool:
        """Whether it is an operation that changes nothing."""
        return event in self.system.operations and self.system.operations[event].action is Action.READ

    def outcomes(self, member: Member, made: Arguments) -> list[Outcome]:
        """Every way an event may go, in the order of rows."""
        found = [Outcome(None, None, None, codes) for codes, _ in made.invalid]
        is_forbidden = any(sure for _, sure in made.invalid)
        candidates = self.cells.get((member.state, made.event), ())
        for view in self.views(member, made) if candidates else ():
            for one in candidates:
                if one.holds(view) is False:
                    continue
                if isinstance(one.row, Refusal):
                    found.append(Outcome(one, view, None, one.row.codes))
                elif not is_forbidden:
                    found.append(Outcome(one, view, self.moved(one.row, member, view)))
        return found

    def choose(self, member: Member, made: Arguments, to: str | None = None) -> Outcome:
        """The one way an event goes.

        Args:
            member: where it is fired.
            made: its arguments.
            to: the state it leads to, where it may go several ways; a call is then taken to be accepted.

        Raises:
            NotPossibleError: it cannot happen, or is refused.
            AmbiguousError: it may go several ways, and `to` does not tell them apart.
            UsageError: it may happen, and never leads to `to`.
        """
        found = self.outcomes(member, made)
        accepted = [one for one in found if one.after is not None]
        if not accepted:
            raise self._not_possible(member, made, found)
        targets = tuple(dict.fromkeys(one.after.state for one in accepted if one.after is not None))
        if to is not None:
            if to not in targets:
                raise UsageError(f"target of {made.event!r} in {member.state!r}:", to, targets)
            found = accepted = [one for one in accepted if one.after is not None and one.after.state == to]
        if len(accepted) < len(found) or any(one.after != accepted[0].after for one in accepted):
            raise self._ambiguous(member, made, found, targets if to is None else ())
        return accepted[0]

    def _not_possible(self, member: Member, made: Arguments, found: list[Outcome]) -> NotPossibleError:
        codes = tuple(dict.fromkeys(code for one in found for code in one.codes or ()))
        possible = dict.fromkeys(
            event
            for (state, event), candidates in self.cells.items()
            if state == member.state and not self.is_read(event)
            if any(isinstance(one.row, Transition) for one in candidates)
        )
        return NotPossibleError(self.graph.name, member.state, made.event, bool(found), codes, tuple(possible))

    def _ambiguous(
        self, member: Member, made: Arguments, found: list[Outcome], targets: tuple[str, ...]
    ) -> AmbiguousError:
        ways, policies, guards = dict[str, None](), dict[str, None](), dict[str, None]()
        for one in found:
            if one.candidate is None:
                ways[f"refused for its arguments with {' | '.join(one.codes or ('an undocumented code',))}"] = None
                continue
            row = one.candidate.row
            ways[str(attrs.evolve(row, source=member.state))] = None
            if row.under is not None and one.candidate.is_may:
                policies[row.under.policy] = None
            if row.guard is not None and one.candidate.holds(one.view) is None:
                guards |= dict.fromkeys(self._undecided(row.guard, one.view))
        said = (tuple(ways), targets, tuple(policies), tuple(guards))
        return AmbiguousError(self.graph.name, member.state, made.event, *said)

    def _undecided(self, guard: Guard, view: Any) -> list[str]:
        free = [atom for atom in guard.atoms() if atom.name not in self.settle]
        missing = [atom.name for atom in free if _is_missing(atom, self.system)]
        return missing or [atom.name for atom in free if atom.test(view) is None]


def plan(graph: TransitionGraph, settle: Mapping[str, bool] | None = None, key: Key | None = None) -> Plan:
    """A graph made ready to be driven.

    Args:
        graph: the graph, with the policies its user has chosen.
        settle: guards by name, with the value they keep; for those that ask about parts that are not there.
        key: number or name of the member, where the graph has many; None for number 1, or a name of its own.

    Raises:
        UsageError: no row has a guard of such a name.
    """
    fixed = dict(settle or {})
    every: tuple[Row, ...] = (*graph.transitions, *graph.refusals)
    known = dict.fromkeys(atom.name for row in every if row.guard is not None for atom in row.guard.atoms())
    for name in fixed:
        if name not in known:
            raise UsageError(f"guard of {graph.name}:", name, tuple(known))
    system = prepare(graph)
    cells: dict[tuple[str, str], tuple[Candidate, ...]] = {}
    for (_, state, event), rows in system.cells.items():
        candidates = [Candidate(row, is_may, *_truth(row.guard, fixed, system)) for row, is_may in rows]
        cells[state, event] = tuple(one for one in candidates if one.truth is not False)
    if graph.many is None:
        key = None
    elif key is None:
        key = 1 if isinstance(graph.many, Numbered) else graph.part
    return Plan(graph, fixed, key, system, cells, (*system.operations, *(event.name for event in graph.events)))


def _is_missing(guard: Guard, system: System) -> bool:
    return any(part not in system.parts for part in guard.looks_at)


def _truth(guard: Guard | None, settle: Mapping[str, bool], system: System) -> tuple[Truth, bool]:
    """What is left of a guard when some of its atoms are settled, and what that must say for the guard to hold."""
    if guard is None:
        return True, True
    atoms = {atom.name: atom for atom in guard.atoms()}
    free = {name: atom for name, atom in atoms.items() if name not in settle}
    fixed = {name: settle[name] for name in atoms if name in settle}
    table = [(truth, guard.under({**fixed, **truth})) for truth in _cases(tuple(free))]
    if fixed and len({value for _, value in table}) == 1:
        return table[0][1], True
    if any(_is_missing(atom, system) for atom in free.values()):
        return None, True
    for name, atom in free.items():
        for wanted in (True, False):
            if all((truth[name] is wanted) == value for truth, value in table):
                return atom.test, wanted
    return (_Remainder(guard, fixed) if fixed else guard.test), True


def _cases(names: tuple[str, ...]) -> list[dict[str, bool]]:
    return [dict(zip(names, values, strict=True)) for values in product((True, False), repeat=len(names))]


@attrs.frozen(eq=False)
class _Remainder:
    """A guard of which some atoms are settled."""

    guard: Guard
    fixed: Mapping[str, bool]

    def __call__(self, view: Any) -> bool | None:
        free = {atom.name: atom.test(view) for atom in self.guard.atoms() if atom.name not in self.fixed}
        known = {name: bool(value) for name, value in free.items() if value is not None}
        cases = _cases(tuple(name for name in free if name not in known))
        values = {self.guard.under({**self.fixed, **known, **case}) for case in cases}
        return values.pop() if len(values) == 1 else None
