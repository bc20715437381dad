"""One status machine as data: states, events, guards, effects and rows. Must not know how it is run.

A row says what one event does in one or several states. A row under a policy that is open is `may`; every other
row is `must`. The theory is that of modal transition systems (Larsen & Thomsen, A Modal Process Logic, 1988).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import attrs

from statemodel.model.evidence import OPEN, Choice, Policy, Support
from statemodel.model.guard import Guard, in_words

if TYPE_CHECKING:
    from statemodel.model.operation import Operation

ABSENT = "Absent"


class Kind(StrEnum):
    """What a state asks of whom."""

    ABSENT = "absent"
    WORKING = "working"
    RESTING = "resting"
    FAILED = "failed"


class Initiator(StrEnum):
    """Who starts a transition."""

    CALLER = "caller"
    SERVICE = "service"
    ENVIRONMENT = "environment"


@attrs.frozen
class State:
    """A node of one graph.

    Attributes:
        name: unique within the graph.
        kind: absent, working, resting or failed.
        doc: one sentence for people.
        status: what a caller reads; the name where nothing else is said, None for a status that reads as null or not
            at all.
        fields: for services that spread a status over several fields, what each shows.
        within_s: seconds after which a working state is overdue, where the service documents a bound.
    """

    name: str
    kind: Kind
    doc: str
    status: str | None = attrs.field(
        default=attrs.Factory(lambda self: None if self.kind is Kind.ABSENT else self.name, takes_self=True)
    )
    fields: tuple[tuple[str, str | None], ...] = ()
    within_s: float | None = None


@attrs.frozen
class Event:
    """A hidden move: something that happens without a call.

    Attributes:
        name: what happens, in words.
        initiator: the service, or its environment.
        doc: one sentence, where the name does not say it all.
        asked_by: operations of which every call brings it about, refused or not; without one nobody can count on it.
    """

    name: str
    initiator: Initiator
    doc: str = ""
    asked_by: tuple[str, ...] = ()


def service(name: str, doc: str = "", asked_by: tuple[str, ...] = ()) -> Event:
    """A hidden outcome of the service's own work."""
    return Event(name, Initiator.SERVICE, doc, asked_by)


def environment(name: str, doc: str = "", asked_by: tuple[str, ...] = ()) -> Event:
    """A hidden move that is owed to nobody."""
    return Event(name, Initiator.ENVIRONMENT, doc, asked_by)


THERE: Final = "is there"
"""Name of the question whether there is a member under a key."""


@attrs.frozen
class Query:
    """A question to all members of a family: does one stand in this relation to a key?

    Attributes:
        name: the relation in words.
        about: the key asked about.
        holds: (key of a member, the member, the key asked about) -> bool.
        lasting: whether the answer can only change by a call that names the member.
    """

    name: str
    about: Any
    holds: Callable[[Any, Any, Any], bool]
    lasting: bool = True


@attrs.frozen
class Effect:
    """A named pure function from what is seen before the move to the member's new data."""

    name: str
    apply: Callable[[Any], Any]


def _names(value: "str | tuple[str, ...]") -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _codes(value: "str | tuple[str, ...] | None") -> tuple[str, ...] | None:
    return None if value is None else _names(value)


@attrs.frozen
class Transition:
    """A row: in these states the event leads there.

    Attributes:
        source: one or several states.
        event: an operation (accepted) or a hidden event.
        target: the state it leads to; None stays where it is.
        guard: only where this holds.
        effect: new data of the member; None keeps it.
        under: only under this option of a policy.
        evidence: who says so.
    """

    source: tuple[str, ...] = attrs.field(converter=_names)
    event: "Event | Operation"
    target: str | None = None
    guard: Guard | None = attrs.field(default=None, kw_only=True)
    effect: Effect | None = attrs.field(default=None, kw_only=True)
    under: Choice | None = attrs.field(default=None, kw_only=True)
    evidence: Support = attrs.field(kw_only=True)

    @property
    def initiator(self) -> Initiator:
        """Who starts it; an operation is started by the caller."""
        return self.event.initiator if isinstance(self.event, Event) else Initiator.CALLER

    def __str__(self) -> str:
        return f"{' | '.join(self.source)} --{self.event.name}--> {self.target or 'the same'}" + _conditions(self)


@attrs.frozen
class Refusal:
    """A row: in these states the operation is refused, with one of these codes (None: an undocumented one)."""

    source: tuple[str, ...] = attrs.field(converter=_names)
    operation: "Operation"
    codes: tuple[str, ...] | None = attrs.field(converter=_codes)
    guard: Guard | None = attrs.field(default=None, kw_only=True)
    under: Choice | None = attrs.field(default=None, kw_only=True)
    evidence: Support = attrs.field(kw_only=True)

    @property
    def event(self) -> "Operation":
        """The operation, under the name that transitions use."""
        return self.operation

    def __str__(self) -> str:
        codes = " | ".join(self.codes) if self.codes else "an undocumented code"
        return f"{' | '.join(self.source)}: {self.operation.name} refused with {codes}" + _conditions(self)


def _conditions(row: "Transition | Refusal") -> str:
    return (f" {in_words(row.guard)}" if row.guard else "") + (f" under {row.under}" if row.under else "")


Row = Transition | Refusal


@attrs.frozen
class Numbered:
    """A part with many members, numbered by the service from 1.

    Attributes:
        survives: whether the counter survives the end of the whole family, as a policy with the options "restarts"
            and "continues"; None where there is no such end.
        is_ordered: whether it matters which of two members is the newer one.
        provisional: states of a member that has a number and may yet come to nothing.
        spared: what becomes of the last number where it does, as a policy with the options "given out again" and
            "used up"; None where no number is given out twice.
    """

    survives: Policy | None = None
    is_ordered: bool = False
    provisional: tuple[str, ...] = ()
    spared: Policy | None = None


@attrs.frozen
class Named:
    """A part with many members, named by the caller; `first` are those that exist from the beginning."""

    first: tuple[str, ...] = ()


@attrs.frozen
class TransitionGraph:
    """One status machine.

    Attributes:
        name: such as "scf.function".
        doc: what it is, in a sentence or two.
        states: every state, the absent one included where the resource can be absent.
        transitions: what moves it, hidden or called; an accepted read is a row that stays.
        refusals: what is refused where.
        initial: state of a resource nobody has touched.
        data: what a member carries beside its state, as a class of frozen data with defaults, or None.
        many: how members are told apart, or None where there is only one.
        follows: hidden events that another part leads.
        policies: open points its rows refer to.
        settings: the option chosen for each policy that does not stand on its default.
        is_shared: whether all resources of an account share the one instance.
    """

    name: str
    doc: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    refusals: tuple[Refusal, ...] = ()
    initial: str = ABSENT
    data: type | None = None
    many: Numbered | Named | None = None
    follows: tuple[Event, ...] = ()
    policies: tuple[Policy, ...] = ()
    settings: tuple[Choice, ...] = ()
    is_shared: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        from statemodel.model.checks import check_graph

        check_graph(self)

    @property
    def part(self) -> str:
        """The name within its service: what follows the last dot."""
        return self.name.rpartition(".")[2]

    @property
    def every_row(self) -> tuple[Row, ...]:
        """Every row, whatever the options, transitions first."""
        rows: list[Row] = [*self.transitions]
        rows.extend(self.refusals)
        return tuple(rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row that holds under the chosen options, transitions first."""
        chosen = self.chosen()
        return tuple(
            row for row in self.every_row if row.under is None or chosen[row.under.policy] in (OPEN, row.under.option)
        )

    @property
    def operations(self) -> "tuple[Operation, ...]":
        """Every operation a row mentions, in order of first mention."""
        found: dict[str, Operation] = {}
        for row in self.every_row:
            if not isinstance(row.event, Event):
                found.setdefault(row.event.name, row.event)
        return tuple(found.values())

    @property
    def events(self) -> tuple[Event, ...]:
        """Every hidden event, in order of first mention."""
        return tuple(dict.fromkeys(row.event for row in self.transitions if isinstance(row.event, Event)))

    def state(self, name: str) -> State:
        """The state of that name.

        Raises:
            KeyError: there is none.
        """
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def chosen(self) -> dict[str, str]:
        """The option in force for each policy, "open" included."""
        options = {policy.name: policy.default for policy in self.policies}
        options.update((choice.policy, choice.option) for choice in self.settings)
        return options

    def is_open(self, row: Row) -> bool:
        """Whether the row is `may`: its policy is open."""
        return row.under is not None and self.chosen()[row.under.policy] == OPEN

    def with_policies(self, **options: str) -> "TransitionGraph":
        """The same graph with other options chosen; "open" opens a point again.

        Raises:
            UsageError: the graph has no such policy, or the policy no such option.
        """
        from statemodel.model.checks import check_options

        check_options(self.policies, options)
        settings = {choice.policy: choice for choice in self.settings}
        settings.update((name, Choice(name, option)) for name, option in options.items())
        return attrs.evolve(self, settings=tuple(settings[name] for name in sorted(settings)))
