"""One member of one graph in everything it may carry: its moves, and what a read of it shows. Must not know who asks.

A model with several parts is seen from one of them, its first unless another is named; guards that look at the other
parts are then open, so that whatever they may allow counts as possible.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import product
from types import MappingProxyType
from typing import Any

import attrs

from statemodel.configuration import GONE, Family, Member, Slot, apart, tidy
from statemodel.drivers import Arguments, Outcome, Plan, plan
from statemodel.errors import UsageError
from statemodel.model.data import alternatives, spell
from statemodel.model.evidence import OPEN
from statemodel.model.graph import ABSENT, Event, Initiator, Kind, Named, State, Transition, TransitionGraph
from statemodel.model.operation import ANY, Action, Field, Operation, Subject
from statemodel.model.service import Model, as_service
from statemodel.reading import Reading
from statemodel.semantics import Refused, View, answers, call

MOST_NODES = 20_000
Status = tuple[Operation | None, tuple[str, ...], tuple[frozenset[Reading], ...]]
_ADDRESSES = (Subject.VERSION, Subject.QUALIFIER, Subject.ALIAS)


@attrs.frozen
class Hidden:
    """A hidden move of one member.

    Attributes:
        event: what happens.
        to: number of the node it leads to.
        is_may: whether it hangs on an open policy, or on a guard that nobody can decide here.
        policy: name of that policy, if there is one.
    """

    event: Event
    to: int
    is_may: bool
    policy: str | None


@attrs.frozen
class Made:
    """A call of one member: `to` is the node it leads to where it is accepted, None where it is refused with `codes`.

    Attributes:
        is_may: whether it hangs on an open policy, or on a guard that nobody can decide here.
        policy: name of that policy, if there is one.
    """

    to: int | None
    codes: tuple[str, ...] | None
    is_may: bool
    policy: str | None


@attrs.frozen(eq=False)
class Life:
    """One member of a graph: every node it may be in, and what leads from one to the next.

    Attributes:
        plan: the graph, ready to be driven.
        nodes: state and data, in the order of the states.
        hidden: by node, its hidden moves in the order of rows.
        read: the operation that shows the status, None where none does.
        shown: names of the fields that make it up.
        readings: by node, what that operation may answer.
    """

    plan: Plan
    nodes: tuple[Member, ...]
    hidden: tuple[tuple[Hidden, ...], ...]
    read: Operation | None
    shown: tuple[str, ...]
    readings: tuple[frozenset[Reading], ...]

    @property
    def graph(self) -> TransitionGraph:
        """The graph it is a member of."""
        return self.plan.graph

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """By node, the kind of its state."""
        known = {state.name: state.kind for state in self.graph.states}
        return tuple(known[node.state] for node in self.nodes)

    @cached_property
    def numbers(self) -> Mapping[Member, int]:
        """The number of each node."""
        return {member: number for number, member in enumerate(self.nodes)}

    def among(self, states: Iterable[str]) -> frozenset[int]:
        """The nodes in some states."""
        wanted = frozenset(states)
        return frozenset(number for number, node in enumerate(self.nodes) if node.state in wanted)

    def made(self, node: int, name: str, args: Mapping[str, Any] | None = None) -> list[Made]:
        """Every way a call may go from a node; arguments that are not given are open where they are required."""
        bound = arguments(self.plan, name, args)
        found = []
        for one in self.plan.outcomes(self.nodes[node], bound):
            is_may, policy = one.candidate is None or is_open(one), policy_of(one)
            if one.after is None:
                found.append(Made(None, one.codes, is_may, policy))
            else:
                known = self.numbers.get(tidied(one.after))
                there = self.among((one.after.state,)) if known is None else (known,)
                found.extend(Made(to, one.codes, is_may, policy) for to in sorted(there))
        return list(dict.fromkeys(found))


def is_open(outcome: Outcome) -> bool:
    """Whether nobody can tell if a row applies: its policy is open, or its guard cannot be decided."""
    return outcome.candidate is not None and (
        outcome.candidate.is_may or outcome.candidate.holds(outcome.view) is None
    )


def policy_of(outcome: Outcome) -> str | None:
    """The open policy that a row hangs on, if it does."""
    if outcome.candidate is None or not outcome.candidate.is_may or outcome.candidate.row.under is None:
        return None
    return outcome.candidate.row.under.policy


def part_of(model: Model, part: str | None = None) -> TransitionGraph:
    """The graph of a model that is looked at: the first, or the part named.

    Raises:
        UsageError: there is no such part.
    """
    graphs = as_service(model).parts
    names = tuple(graph.part for graph in graphs)
    if part is None:
        return graphs[0]
    if part not in names:
        raise UsageError(f"part of {model.name}:", part, names)
    return graphs[names.index(part)]


def arguments(made: Plan, name: str, args: Mapping[str, Any] | None = None) -> Arguments:
    """The arguments of an event, with those that name the member filled in."""
    operation = made.system.operations.get(name)
    addressed = {} if operation is None else addressing(made, operation)
    return made.arguments(name, {**addressed, **(args or {})} if operation is not None else None)


def addressing(made: Plan, operation: Operation) -> dict[str, Any]:
    """Arguments that name the member, where the graph has many."""
    if made.key is None:
        return {}
    named = [each for each in operation.parameters if each.subject in _ADDRESSES]
    if not named and isinstance(made.graph.many, Named):
        named = [each for each in operation.parameters if each.subject is Subject.IDENTITY]
    name = spell(made.key)
    return {each.name: name for each in named[:1] if each.problem(name) is None}


def tidied(member: Member) -> Member:
    """The member with content of its own in every place that holds any: which it is decides nothing here."""
    slot = apart(tidy((member,), ("",)), -1, -1)[0]
    assert isinstance(slot, Member)
    return slot


@lru_cache(maxsize=64)
def life(graph: TransitionGraph) -> Life:
    """Everything one member of a graph may be, and where each leads.

    Args:
        graph: the graph, with the policies its user has chosen.

    Raises:
        UsageError: what it may carry has no end.
    """
    made = plan(graph)
    nodes = list(_born(graph))
    numbers = {member: number for number, member in enumerate(nodes)}
    events = {event.name: event for event in graph.events}
    hidden: list[tuple[Hidden, ...]] = []
    calls = [bound for operation in graph.operations for bound in _variants(made, operation)]
    for member in nodes:  # it grows while it is read
        moves: dict[Hidden, None] = {}
        for bound in (*calls, *(made.arguments(event.name) for event in graph.events)):
            for one in made.outcomes(member, bound):
                if one.after is None:
                    continue
                after = tidied(one.after)
                if after not in numbers:
                    if len(nodes) >= MOST_NODES:
                        bounded = "data with few values a field"
                        raise UsageError(f"end of what a member of {graph.name} may carry:", str(after), (bounded,))
                    numbers[after] = len(nodes)
                    nodes.append(after)
                if bound.event in events and after != member:
                    moves[Hidden(events[bound.event], numbers[after], is_open(one), policy_of(one))] = None
        hidden.append(tuple(moves))
    read, shown, readings = _status(made, nodes)
    return Life(made, tuple(nodes), tuple(hidden), read, shown, readings)


def _born(graph: TransitionGraph) -> Iterator[Member]:
    reached = _reached(graph)
    for state in graph.states:
        if state.name == ABSENT:
            yield GONE
        elif state.name in reached:
            every = alternatives(graph.data, {}, -1) or [graph.data and graph.data()]
            yield from dict.fromkeys(tidied(Member(state.name, data)) for data in every)


def _reached(graph: TransitionGraph) -> frozenset[str]:
    """The states that rows lead to under the options in force; some hang on options that are not."""
    found = {graph.initial}
    while True:
        ways = (row for row in graph.rows if isinstance(row, Transition) and not found.isdisjoint(row.source))
        more = {row.target for row in ways if row.target is not None} - found
        if not more:
            return frozenset(found)
        found |= more


def _variants(made: Plan, operation: Operation) -> Iterator[Arguments]:
    """A call that keeps to its defaults, and one more for every value that the model tells of."""
    if operation.action is Action.CALL:
        yield arguments(made, operation.name)
        for parameter in operation.parameters:
            for value in (*parameter.values, *parameter.tried):
                yield arguments(made, operation.name, {parameter.name: value})


@lru_cache(maxsize=64)
def lives(graph: TransitionGraph) -> tuple[tuple[Mapping[str, str], Life], ...]:
    """A life for every way to settle the open policies that the graph's own moves hang on, with the options chosen."""
    chosen = graph.chosen()
    asked = {
        row.under.policy
        for row in graph.transitions
        if row.under is not None and row.initiator is Initiator.SERVICE and chosen[row.under.policy] == OPEN
    }
    policies = [policy for policy in graph.policies if policy.name in asked]
    found = []
    for options in product(*(policy.options for policy in policies)):
        settled = {policy.name: option for policy, option in zip(policies, options, strict=True)}
        found.append((MappingProxyType(settled), life(graph.with_policies(**settled) if settled else graph)))
    return tuple(found)


# ------------------------------------------------------------------------------------------------- what reads show


def _status(made: Plan, nodes: list[Member]) -> Status:
    """The operation that tells most of the statuses apart, the fields it does so by, and what it answers."""
    best: tuple[int, Operation, tuple[str, ...], tuple[frozenset[Reading], ...]] | None = None
    for operation in made.graph.operations:
        if operation.action is not Action.READ or any(field.name == "content" for field in operation.fields):
            continue
        fields = _fields(operation)
        readings = [_read(made, operation, fields, member) for member in nodes]
        told = [
            place for place in range(len(fields))
            if any(each.fields and each.fields[place] is not ANY for one in readings for each in one)
        ]
        names = tuple(fields[place].name for place in told)
        kept = tuple(frozenset(each.only(told) for each in one) for one in readings)
        count = len(set(kept))
        if count > 1 and (best is None or count > best[0]):
            best = count, operation, names, kept
    if best is None:
        return None, (), tuple(frozenset() for _ in nodes)
    return best[1:]


def _fields(operation: Operation) -> tuple[Field, ...]:
    found = operation.fields if operation.listing is None else operation.listing.fields
    return tuple(field for field in found if field.known)


def _read(made: Plan, operation: Operation, fields: tuple[Field, ...], member: Member) -> frozenset[Reading]:
    slot: Slot = member
    if made.key is not None:
        slot = Family() if member.state == ABSENT else Family(((made.key, member),), 1, 1)
    asked = attrs.evolve(call(operation, addressing(made, operation)), invalid=())
    found: set[Reading] = set()
    for step in answers(made.system, (slot,), asked):
        if isinstance(step.answer, Refused):
            found.update(Reading.of_error(code) for code in step.answer.codes or ("*",))
        else:
            found.update(_accepted(made, operation, fields, member, step.answer.view))
    return frozenset(found)


def _accepted(
    made: Plan, operation: Operation, fields: tuple[Field, ...], member: Member, view: View
) -> Iterator[Reading]:
    listing = operation.listing
    if listing is not None:
        if made.key is not None and listing.part == made.graph.part:
            view = view.at(0, made.key)
        elif listing.part is not None:
            yield Reading.of_fields((ANY,) * len(fields))
            return
        is_listed = False if member.state == ABSENT else (listing.present(view) if listing.present else True)
        if is_listed is not True:
            yield Reading.not_listed()
        if is_listed is False:
            return
    shown = [field.shows(view) for field in fields]
    for values in product(*((ANY,) if one is ANY else tuple(one) for one in shown)):
        yield Reading.of_fields(values)


def states_named(graph: TransitionGraph, name: str) -> tuple[State, ...]:
    """The states a word stands for: that of this name, else those of this status; for absence several words will do.

    Raises:
        UsageError: there is none.
    """
    named = tuple(state for state in graph.states if state.name == name)
    showing = tuple(state for state in graph.states if state.status == name)
    gone = tuple(state for state in graph.states if _is_gone(state, name))
    if found := named or showing or gone:
        return found
    raise UsageError(f"status of {graph.name}:", name, tuple(state.name for state in graph.states))


def _is_gone(state: State, name: str) -> bool:
    return state.kind is Kind.ABSENT and name.casefold() in ("absent", "deleted", "gone")
