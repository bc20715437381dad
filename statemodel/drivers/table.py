"""A compiled driver: one look into a table a step, one guard where there is one. Must not know callbacks.

A step that is sure by one unconditional row, or by one row whose guard holds, is taken from the table; every other step
is decided as the rows say. What a member carries is worked out when somebody asks: a step notes the effect that is due.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

import attrs

from statemodel.configuration import Configuration, Member
from statemodel.drivers import Arguments, Candidate, Plan, plan
from statemodel.model.data import Key
from statemodel.model.graph import ABSENT, Transition, TransitionGraph
from statemodel.model.operation import Target
from statemodel.semantics import View

MOST_DUE: Final = 64


class Ends(Enum):
    """What becomes of the data of a member that goes."""

    ENDS = "ends"


_ENDS: Final = Ends.ENDS

# A step that is sure, as a plain tuple because that is what the interpreter takes apart fastest: target, the cells of
# the target, guard, what the guard must say, arguments where none are given, what becomes of the data (a row with an
# effect, ENDS where they go, None where they stay), and the next such step, for when the guard does not hold.
Test = Callable[[Any], bool | None]
Cell = tuple[str, "dict[str, Cell]", Test | None, bool, Arguments, Transition | Ends | None, "Cell | None"]


@attrs.frozen(eq=False)
class Table:
    """A graph compiled; as many machines as are wanted share it. It can be pickled where its graph can.

    Attributes:
        plan: the rows it was made from.
        cells: by state, then by event, the first step that is sure; an event that is not there takes thought.
    """

    plan: Plan
    cells: Mapping[str, dict[str, Cell]] = attrs.field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_table, (self.plan.graph, self.plan.settle, self.plan.key)

    def arguments(self, event: str, args: Mapping[str, Any] | None = None) -> Arguments:
        """Arguments bound to an event once, to be fired again and again.

        Raises:
            UsageError: the graph knows no such event, or not with such arguments.
        """
        return self.plan.arguments(event, args)


def compile_table(graph: TransitionGraph, settle: Mapping[str, bool] | None = None, key: Key | None = None) -> Table:
    """A graph compiled.

    Args:
        graph: the graph, with the policies its user has chosen.
        settle: guards by name, with the value they keep; for those that ask about parts that are not there.
        key: number or name of the member, where the graph has many; None for number 1, or a name of its own.

    Raises:
        UsageError: no row has a guard of such a name.
    """
    made = plan(graph, settle, key)
    cells: dict[str, dict[str, Cell]] = {state.name: {} for state in graph.states}
    for (state, event), candidates in made.cells.items():
        cell = _cell(made, state, event, candidates, cells)
        if cell is not None:
            cells[state][event] = cell
    return Table(made, cells)


def _cell(
    made: Plan, state: str, event: str, candidates: tuple[Candidate, ...], cells: Mapping[str, dict[str, Cell]]
) -> Cell | None:
    """The sure steps of an event; their guards exclude every row besides, as the graph's own check makes certain."""
    bare = made.arguments(event)
    if bare.fit is None or any(one.truth is None for one in candidates):
        return None
    if event not in made.system.operations and len(candidates) > 1 and any(one.truth is True for one in candidates):
        return None  # what the service does by itself may go several ways; no check keeps its rows apart
    cell: Cell | None = None
    for one in reversed(candidates):
        if isinstance(one.row, Transition) and not one.is_may:
            guard = one.truth if callable(one.truth) else None
            target = state if made.is_read(event) else one.row.target or state
            cell = (target, cells[target], guard, one.wanted, bare, _becomes(made, state, one.row), cell)
    return cell


def _becomes(made: Plan, state: str, row: Transition) -> Transition | Ends | None:
    """What a row does to the data: the row itself where it is to be asked, None where it leaves them."""
    if made.is_read(row.event.name):
        return None
    if (row.target or state) == ABSENT:
        return _ENDS
    return row if row.effect is not None or (state == ABSENT and made.graph.data is not None) else None


class Machine:
    """One member that moves by the names of events.

    Args:
        table: the compiled graph.
        state: where it stands; None for the initial state.
        data: what it carries; None for what a member has that nobody has touched.

    Raises:
        UsageError: there is no such state.
    """

    __slots__ = ("_data", "_due", "_eye", "_here", "_state", "table")

    def __init__(self, table: Table, state: str | None = None, data: Any = None) -> None:
        member = table.plan.start(state, data)
        self.table = table
        self._here = table.cells[member.state]
        self._state = member.state
        self._data = member.data
        self._due: list[tuple[Transition, str, Arguments]] = []
        self._eye = _Eye(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Machine, (self.table, self._state, self.data)

    def __repr__(self) -> str:
        return f"<{self.table.plan.graph.name} in {self._state!r}>"

    @property
    def state(self) -> str:
        """Where it stands."""
        return self._state

    @property
    def data(self) -> Any:
        """What it carries, all effects applied."""
        if self._due:
            self._work_off()
        return self._data

    @property
    def member(self) -> Member:
        """State and data together."""
        return Member(self._state, self.data)

    # A keyword-only parameter would cost a fifth of the step, and so would taking it apart into methods.
    def fire(
        self, event: str, args: Mapping[str, Any] | Arguments | None = None, to: str | None = None
    ) -> str:
        """Move by one event.

        Args:
            event: an operation, for a call that is made, or a hidden event.
            args: arguments of the call as sent, or bound to it by the table.
            to: the state it leads to, where the model leaves a choice.

        Returns:
            The state it led to.

        Raises:
            NotPossibleError: it cannot happen here, or is refused; nothing has moved.
            AmbiguousError: it may go several ways; nothing has moved.
            UsageError: the graph has no such event, argument or target.
        """
        try:
            target, there, guard, wanted, made, becomes, further = self._here[event]
        except KeyError:
            return self._decide(event, args, to)
        if to is not None:
            return self._decide(event, args, to)
        if args is not None:
            if type(args) is not Arguments or args.fit != event:
                return self._decide(event, args, to)
            made = args
        if guard is not None:
            eye = self._eye
            eye.made = made
            eye.arg = made.ask
            while (value := guard(eye)) is not wanted:
                if further is None or not isinstance(value, bool):
                    return self._decide(event, made, to)
                target, there, guard, wanted, _, becomes, further = further
                if guard is None:
                    break
        if becomes is not None:
            due = self._due
            if becomes is _ENDS:
                self._data = None
                due.clear()
            else:
                due.append((becomes, self._state, made))
                if len(due) >= MOST_DUE:
                    self._work_off()
        self._state = target
        self._here = there
        return target

    def may(self, event: str, args: Mapping[str, Any] | Arguments | None = None) -> bool:
        """Whether an event may happen here: a call may be accepted.

        Raises:
            UsageError: the graph has no such event or argument.
        """
        rules = self.table.plan
        return any(one.after is not None for one in rules.outcomes(self.member, rules.arguments(event, args)))

    def _work_off(self) -> None:
        """Apply the effects that are due."""
        rules = self.table.plan
        data = self._data
        for row, state, made in self._due:
            member = Member(state, data)
            data = rules.moved(row, member, rules.views(member, made)[0]).data
        self._data = data
        self._due.clear()

    def _decide(self, event: str, args: Mapping[str, Any] | Arguments | None, to: str | None) -> str:
        rules = self.table.plan
        after = rules.choose(self.member, rules.arguments(event, args), to).after
        assert after is not None
        self._state = after.state
        self._here = self.table.cells[after.state]
        self._data = after.data
        return after.state


class _Eye(View):
    """What a guard sees: arguments at hand, the rest made up when it is looked at."""

    __slots__ = ("_machine", "arg", "made")

    arg: Callable[[str], Any]  # type: ignore[assignment]
    made: Arguments

    def __init__(self, machine: Machine) -> None:
        rules = machine.table.plan
        self._machine = machine
        self.system = rules.system
        self.position = 0
        self.key = rules.key

    def _view(self) -> View:
        return self._machine.table.plan.views(self._machine.member, self.made)[0]

    @property
    def args(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Arguments of the call."""
        return self.made.values

    @property
    def configuration(self) -> Configuration:  # type: ignore[override]
        """The member alone."""
        return self._view().configuration

    @property
    def target(self) -> Target:  # type: ignore[override]
        """What the call addresses."""
        return self._view().target

    @property
    def here(self) -> str:
        """State of the member."""
        return self._machine.state

    @property
    def own(self) -> Any:
        """What the member carries."""
        return self._machine.data
