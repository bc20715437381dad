"""What can be asked of a member that was seen in some status: what may be called, what leads where. Answers are values.

A guide works everything out when it is made, for every state of one graph; a question is then a look into a table.
What is known of a service with several parts comes from a history: `statemodel.standing` tells it.

>>> from statemodel.registry import model
>>> here = guide(model("scf.function")).at("CreateFailed")
>>> here.is_settled, here.call("UpdateFunctionCode").codes[0]
(True, 'FailedOperation.UpdateFunctionCode')
>>> [way.calls for way in here.recoveries]
[('DeleteFunction',)]
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import attrs

from statemodel.errors import UsageError
from statemodel.life import Life, Made, life, part_of, states_named
from statemodel.model.graph import Kind, TransitionGraph
from statemodel.model.service import Model
from statemodel.ways import Legs, Way, legs_from, shortest


class Legality(StrEnum):
    """Whether a call is accepted."""

    LEGAL = "legal"
    REFUSED = "refused"
    OPEN = "open"


@attrs.frozen
class CallAnswer:
    """What is known of one call.

    Attributes:
        name: the operation.
        legality: legal, refused or open.
        codes: codes of a refusal that may be answered; empty where none is documented.
        policies: open policies that it hangs on.
    """

    name: str
    legality: Legality
    codes: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Place:
    """What can be asked of a member that is in one of some states.

    Attributes:
        states: the states.
        is_settled: whether the service owes no move; None where that differs among the states.
        is_failed: whether somebody must act; None where that differs.
        calls: by operation, in the order of the model.
        ways: by state, the shortest ways to it, one from each of the states that lead there.
        recoveries: the shortest ways from the failed ones among the states to one that is settled and has not failed.
    """

    states: tuple[str, ...]
    is_settled: bool | None
    is_failed: bool | None
    calls: Mapping[str, CallAnswer]
    ways: Mapping[str, tuple[Way, ...]]
    recoveries: tuple[Way, ...]

    def call(self, name: str) -> CallAnswer:
        """What is known of a call.

        Raises:
            UsageError: there is no such operation.
        """
        found = self.calls.get(name)
        if found is None:
            raise UsageError("operation", name, tuple(self.calls))
        return found

    def named(self, legality: Legality) -> tuple[str, ...]:
        """The operations that are legal, refused or open."""
        return tuple(each.name for each in self.calls.values() if each.legality is legality)

    def way_to(self, target: str) -> tuple[Way, ...]:
        """The shortest ways to a state or status, from each of the states that leads there.

        Raises:
            UsageError: there is no such state.
        """
        found = self.ways.get(target)
        if found is None:
            raise UsageError("status", target, tuple(self.ways))
        return found


@attrs.frozen(eq=False)
class Guide:
    """Answers about one graph, worked out.

    Attributes:
        graph: the graph.
        places: by state and by status, what can be asked there.
    """

    graph: TransitionGraph
    places: Mapping[str, Place]

    def at(self, status: str) -> Place:
        """What can be asked of a member that was seen in a state or status; several states may show one.

        Raises:
            UsageError: there is no such status.
        """
        found = self.places.get(status)
        if found is None:
            return self.places[states_named(self.graph, status)[0].name]
        return found


def guide(model: Model, part: str | None = None) -> Guide:
    """Answers about a model: a graph, or one part of a service.

    Args:
        model: a graph or a service, with the policies its user has chosen.
        part: the part of a service; None for its first.

    Raises:
        UsageError: there is no such part.
    """
    graph = part_of(model, part)
    lived = life(graph)
    legs = legs_from(lived)
    singles = {state.name: _place(lived, legs, (state.name,)) for state in graph.states}
    places = dict(singles)
    for state in graph.states:
        if state.status is not None and state.status not in singles:
            showing = tuple(one.name for one in graph.states if one.status == state.status)
            places[state.status] = _place(lived, legs, showing)
    return Guide(graph, places)


def _place(lived: Life, legs: Legs, states: tuple[str, ...]) -> Place:
    graph = lived.graph
    kinds = [graph.state(name).kind for name in states]
    healthy = tuple(state.name for state in graph.states if state.kind in (Kind.RESTING, Kind.ABSENT))
    names = dict.fromkeys(name for state in graph.states for name in (state.name, state.status) if name is not None)
    ways = {name: _ways(lived, legs, states, name) for name in names}
    failed = (name for name, kind in zip(states, kinds, strict=True) if kind is Kind.FAILED)
    recoveries = (shortest(lived, legs, name, healthy) for name in failed)
    return Place(
        states,
        _same(kind is not Kind.WORKING for kind in kinds),
        _same(kind is Kind.FAILED for kind in kinds),
        {each.name: _call(lived, each.name, states) for each in graph.operations},
        ways,
        tuple(way for way in recoveries if way is not None),
    )


def _ways(lived: Life, legs: Legs, states: Iterable[str], target: str) -> tuple[Way, ...]:
    targets = tuple(state.name for state in states_named(lived.graph, target))
    found = (shortest(lived, legs, name, targets) for name in states)
    return tuple(way for way in found if way is not None)


def _same(answers: Iterable[bool]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def answer_of(name: str, made: Iterable[Made]) -> CallAnswer:
    """What the ways a call may go come to."""
    ways = tuple(made)
    sides = {one.to is not None for one in ways}
    codes = tuple(dict.fromkeys(code for one in ways if one.to is None for code in one.codes or ()))
    policies = tuple(dict.fromkeys(one.policy for one in ways if one.policy is not None))
    if sides == {True}:
        return CallAnswer(name, Legality.LEGAL)
    return CallAnswer(name, Legality.REFUSED if sides == {False} else Legality.OPEN, codes, policies)


def _call(lived: Life, name: str, states: Iterable[str]) -> CallAnswer:
    return answer_of(name, (one for node in sorted(lived.among(states)) for one in lived.made(node, name)))
