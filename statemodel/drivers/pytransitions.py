"""A live machine with callbacks, run by the package `transitions`: the only importer of it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import attrs
from transitions import EventData, Machine, State

from statemodel.configuration import Member
from statemodel.drivers import Arguments, Outcome, plan
from statemodel.errors import StateModelError
from statemodel.model.data import Key
from statemodel.model.graph import Row, Transition, TransitionGraph

PREFIX: Final = "event:"


@attrs.frozen
class Change:
    """What a callback is told.

    Attributes:
        event: the operation or hidden event.
        source: the state left.
        target: the state entered.
        args: arguments of the call, defaults filled in; read only.
    """

    event: str
    source: str
    target: str
    args: Mapping[str, Any]


Callback = Callable[[Change], object]
Callbacks = Mapping[str | None, Callback]


class _Seat:
    """What `transitions` moves and attaches its names to, so that nobody else's object is touched."""

    state: str
    trigger: Callable[..., bool]
    may_trigger: Callable[..., bool]


@attrs.frozen(eq=False)
class _Step:
    """What one event brings along: the rows that may apply, and for a move the change and the data after it."""

    rows: tuple[Row, ...]
    change: Change
    data: Any = None


class LiveMachine:
    """One member that moves by the names of events and tells those who want to know.

    A row that stays where it is leaves and enters nothing.

    Args:
        graph: the graph, with the policies its user has chosen.
        settle: guards by name, with the value they keep; for those that ask about parts that are not there.
        key: number or name of the member, where the graph has many; None for number 1, or a name of its own.
        state: where it stands; None for the initial state.
        data: what it carries; None for what a member has that nobody has touched.
        on_enter, on_leave: first callbacks by state, None for every state; more may be added.

    Raises:
        UsageError: there is no such guard or state.
    """

    def __init__(
        self,
        graph: TransitionGraph,
        *,
        settle: Mapping[str, bool] | None = None,
        key: Key | None = None,
        state: str | None = None,
        data: Any = None,
        on_enter: Callbacks | None = None,
        on_leave: Callbacks | None = None,
    ) -> None:
        self._plan = plan(graph, settle, key)
        start = self._plan.start(state, data)
        self._data = start.data
        self._is_leaving = False
        self._entering: list[tuple[str | None, Callback]] = []
        self._leaving: list[tuple[str | None, Callback]] = []
        for name, callback in (on_enter or {}).items():
            self.on_enter(name, callback)
        for name, callback in (on_leave or {}).items():
            self.on_leave(name, callback)
        self._seat = _Seat()
        self._inside = Machine(
            model=self._seat,
            states=[State(one.name, on_enter=self._arrive, on_exit=self._leave) for one in graph.states],
            transitions=list(self._transitions()),
            initial=start.state,
            auto_transitions=False,
            send_event=True,
        )

    def _transitions(self) -> Iterable[dict[str, Any]]:
        for (state, event), candidates in self._plan.cells.items():
            for one in candidates:
                if isinstance(one.row, Transition):
                    stays = self._plan.is_read(event) or one.row.target in (None, state)
                    yield {
                        "trigger": PREFIX + event,
                        "source": state,
                        "dest": None if stays else one.row.target,
                        "conditions": partial(_applies, one.row),
                        "after": self._keep if stays else (),
                    }

    @property
    def state(self) -> str:
        """Where it stands."""
        return self._seat.state

    @property
    def data(self) -> Any:
        """What it carries."""
        return self._data

    @property
    def member(self) -> Member:
        """State and data together."""
        return Member(self.state, self.data)

    def on_enter(self, state: str | None, callback: Callback) -> None:
        """Call back when a state is entered, in the order in which callbacks were added.

        Args:
            state: which state; None for every one.
            callback: told of the change once state and data have moved, which stands even if it raises. It may fire
                the next event.

        Raises:
            UsageError: there is no such state.
        """
        self._entering.append((None if state is None else self._plan.known_state(state), callback))

    def on_leave(self, state: str | None, callback: Callback) -> None:
        """Call back when a state is left, in the order in which callbacks were added.

        Args:
            state: which state; None for every one.
            callback: told of the change before anything has moved; if it raises, nothing moves. It must not fire.

        Raises:
            UsageError: there is no such state.
        """
        self._leaving.append((None if state is None else self._plan.known_state(state), callback))

    def may(self, event: str, args: Mapping[str, Any] | Arguments | None = None) -> bool:
        """Whether an event may happen here: a call may be accepted.

        Raises:
            UsageError: the graph has no such event or argument.
        """
        made = self._plan.arguments(event, args)
        found = self._plan.outcomes(self.member, made)
        change = Change(event, self.state, self.state, MappingProxyType(made.values))
        return self._seat.may_trigger(PREFIX + event, _Step(_rows(found), change))

    def fire(self, event: str, args: Mapping[str, Any] | Arguments | None = None, *, to: str | None = None) -> str:
        """Move by one event.

        Args:
            event: an operation, for a call that is made, or a hidden event.
            args: arguments of the call as sent, or bound to it.
            to: the state it leads to, where the model leaves a choice.

        Returns:
            The state it led to.

        Raises:
            NotPossibleError: it cannot happen here, or is refused; nothing has moved.
            AmbiguousError: it may go several ways; nothing has moved.
            UsageError: the graph has no such event, argument or target.
            StateModelError: fired by a callback while a state is being left.
        """
        if self._is_leaving:
            raise StateModelError(
                f"{self._plan.graph.name} in {self.state!r}: {event!r} was fired while this state is being left; "
                "fire it when the next state is entered"
            )
        made = self._plan.arguments(event, args)
        chosen = self._plan.choose(self.member, made, to)
        after = chosen.after
        assert after is not None
        change = Change(event, self.state, after.state, MappingProxyType(made.values))
        self._seat.trigger(PREFIX + event, _Step(_rows([chosen]), change, after.data))
        return after.state

    def _leave(self, data: EventData) -> None:
        self._is_leaving = True
        try:
            change = _step(data).change
            _tell(self._leaving, change.source, change)
        finally:
            self._is_leaving = False

    def _arrive(self, data: EventData) -> None:
        self._keep(data)
        change = _step(data).change
        _tell(self._entering, change.target, change)

    def _keep(self, data: EventData) -> None:
        self._data = _step(data).data


def _rows(found: Iterable[Outcome]) -> tuple[Row, ...]:
    return tuple(one.candidate.row for one in found if one.candidate is not None and one.after is not None)


def _step(data: EventData) -> _Step:
    step = next(iter(data.args))
    assert isinstance(step, _Step)
    return step


def _applies(row: Transition, data: EventData) -> bool:
    """The condition of one row: it is among those whose guards were found to hold."""
    return any(one is row for one in _step(data).rows)


def _tell(callbacks: Iterable[tuple[str | None, Callback]], state: str, change: Change) -> None:
    for name, callback in tuple(callbacks):
        if name in (None, state):
            callback(change)
