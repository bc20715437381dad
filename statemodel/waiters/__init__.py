"""Waiters worked out from a graph: what each status means to somebody who waits for another. Must not know who waits.

    success   a target is shown, or was passed on the way to what is shown
    failure   the service can no longer reach a target by moves of its own
    retry     it still may
    unknown   open policies decide, or nothing can be said of what is shown

>>> from statemodel.registry import model
>>> made = waiter(model("scf.function"), until="Active", after="CreateFunction")
>>> [(row.shown, str(row.verdict)) for row in made.rows if row.is_expected][2:]
[('Creating', 'retry'), ('Active', 'success'), ('CreateFailed', 'failure')]
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import attrs

from statemodel.errors import UsageError
from statemodel.life import Life, lives, part_of, states_named
from statemodel.model.graph import Kind, State, TransitionGraph
from statemodel.model.operation import ANY, Action, Operation
from statemodel.model.service import Model, Service, as_service
from statemodel.oracle.monitor import Monitor, monitor
from statemodel.oracle.seen import Codes
from statemodel.reading import Reading
from statemodel.semantics import prepare
from statemodel.waiters.belief import Belief, Case, Told, Verdict, case_of

__all__ = ["Judgement", "Row", "Verdict", "Waiter", "waiter"]


@attrs.frozen
class Judgement:
    """What a reading means, given what was seen before it.

    Attributes:
        verdict: success, failure, retry or unknown.
        states: the states it may stand for, in the order of the graph.
        reason: why, in words.
        belief: what is possible after it.
        is_passed: whether a target was reached and left again before this reading.
        is_expected: whether what was seen before leaves the reading possible.
        policies: open policies that decide, where the verdict is unknown for that.
    """

    verdict: Verdict
    states: tuple[str, ...]
    reason: str
    belief: Belief
    is_passed: bool = False
    is_expected: bool = True
    policies: tuple[str, ...] = ()


@attrs.frozen
class Row:
    """One row of the table of a waiter: a reading, and what it means when it is the first.

    Attributes:
        reading: what a poll shows.
        shown: the same in words.
        judgement: what it means.
    """

    reading: Reading
    shown: str
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """Success, failure, retry or unknown."""
        return self.judgement.verdict

    @property
    def is_expected(self) -> bool:
        """Whether it can be read at all after the operation that the waiter is for."""
        return self.judgement.is_expected


@attrs.frozen(eq=False)
class Waiter:
    """What each status means to somebody who waits for some of them.

    Attributes:
        service: the model.
        graph: the graph whose status is read.
        until: the states that end the waiting well.
        after: the operation that was made before, or None.
        args: its arguments.
        read: the operation that shows the status.
        names: the fields that make it up.
        codes: which codes of a refusal say nothing of a status.
        cases: the graph under every combination of the open policies that its moves hang on.
        rows: every reading that the model knows, with what it means.
        start: what is possible before the first reading.
        known: judgements worked out before.
    """

    service: Service
    graph: TransitionGraph
    until: tuple[State, ...]
    after: str | None
    args: Mapping[str, Any]
    read: Operation
    names: tuple[str, ...]
    codes: Codes = attrs.field(repr=False)
    cases: tuple[Case, ...] = attrs.field(repr=False)
    start: Belief = attrs.field(repr=False)
    known: dict[tuple[Belief, Reading], Judgement] = attrs.field(init=False, repr=False, factory=dict)
    rows: tuple[Row, ...] = attrs.field(init=False, repr=False)

    @rows.default
    def _rows(self) -> tuple[Row, ...]:
        found = (Row(reading, reading.words(self.names), self.judge(self.start, reading)) for reading in _known(self))
        return tuple(found)

    @property
    def monitor(self) -> Monitor:
        """What judges the records of an error."""
        return _monitor(self.service)

    @property
    def model(self) -> str:
        """Name of the model."""
        return self.service.name

    @property
    def is_called(self) -> bool:
        """Whether the operation before is a call that was accepted, not one that may have been refused."""
        known = {each.name: each.action for each in self.graph.operations}
        return self.after is not None and known[self.after] is Action.CALL and not any(one.asked for one in self.cases)

    @property
    def title(self) -> str:
        """What it waits for, in words."""
        wanted = " or ".join(state.name for state in self.until)
        return f"{self.model} until {wanted}" + (f" after {self.after}" if self.after else "")

    def row(self, reading: Reading) -> Row | None:
        """The row a reading falls under, or None where the model does not know it."""
        fitting = [row for row in self.rows if row.reading.fits(reading)]
        exact = [row for row in fitting if row.reading.error != "*"]
        return next(iter(exact or fitting), None)

    def judge(self, before: Belief, reading: Reading) -> Judgement:
        """What a reading means.

        Args:
            before: what was possible before: `start`, or the belief of the judgement before.
            reading: what a poll shows.
        """
        found = self.known.get((before, reading))
        if found is None:
            found = self.known[before, reading] = self._judged(before, reading)
        return found

    def _judged(self, before: Belief, reading: Reading) -> Judgement:
        told = [case.verdict(nodes, reading) for case, nodes in zip(self.cases, before, strict=True)]
        if any(one.nodes for one in told):
            return self._possible(told)
        return self._unexpected([case.verdict(case.everywhere, reading) for case in self.cases])

    def _possible(self, told: list[Told]) -> Judgement:
        belief = tuple(one.nodes for one in told)
        states = self._states(belief)
        kept = [(case, one) for case, one in zip(self.cases, told, strict=True) if one.nodes]
        if len({one.verdict for _, one in kept}) == 1:
            first = kept[0][1]
            return Judgement(first.verdict, states, self._reason(first, states), belief, first.is_passed)
        policies = tuple(name for name in kept[0][0].settled if _decides(name, kept))
        ways = {", ".join(f"{name} = {case.settled[name]}" for name in policies): one.verdict for case, one in kept}
        reason = "open, " + "; ".join(f"with {option}: {verdict}" for option, verdict in ways.items())
        return Judgement(Verdict.UNKNOWN, states, reason, belief, policies=policies)

    def _unexpected(self, told: list[Told]) -> Judgement:
        belief = tuple(one.nodes for one in told)
        states = self._states(belief)
        if not states:
            reason = "the model knows no such status"
            return Judgement(Verdict.UNKNOWN, (), reason, self.everywhere, is_expected=False)
        kinds = {self.graph.state(name).kind for name in states}
        is_lost = kinds == {Kind.FAILED} and all(one.verdict is Verdict.FAILURE for one in told if one.nodes)
        before = f"after {self.after}" if self.after else "after what was read before"
        reason = f"cannot be read {before}: somebody else acted, or the read is stale"
        verdict = Verdict.FAILURE if is_lost else Verdict.UNKNOWN
        return Judgement(verdict, states, reason, belief, is_expected=False)

    @property
    def everywhere(self) -> Belief:
        """What is possible where nothing is known."""
        return tuple(case.everywhere for case in self.cases)

    def _states(self, belief: Belief) -> tuple[str, ...]:
        present = {case.life.nodes[node].state for case, nodes in zip(self.cases, belief, strict=True)
                   for node in map(case.member, nodes)}
        return tuple(state.name for state in self.graph.states if state.name in present)

    def _reason(self, one: Told, states: tuple[str, ...]) -> str:
        wanted, here = _or(state.name for state in self.until), _or(states)
        match one.verdict:
            case Verdict.SUCCESS:
                return f"{wanted} was passed on the way to {here}" if one.is_passed else f"it is {here}"
            case Verdict.RETRY:
                return f"the service may reach {wanted} from {here}"
            case Verdict.FAILURE if one.is_passed:
                return f"{wanted} was passed, and {here} is where it is now"
            case Verdict.FAILURE:
                return f"the service does not reach {wanted} from {here} by itself"
        return f"it may be {here}, which nothing tells apart"


@lru_cache(maxsize=16)
def _monitor(service: Service) -> Monitor:
    return monitor(service)


def _or(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} or {last}" if some else last


def _decides(name: str, kept: list[tuple[Case, Told]]) -> bool:
    """Whether an option of a policy changes the verdict, all others left as they are."""
    seen: dict[tuple[Any, ...], set[str]] = {}
    for case, one in kept:
        rest = tuple(pair for pair in case.settled.items() if pair[0] != name)
        seen.setdefault(rest, set()).add(one.verdict)
    return any(len(verdicts) > 1 for verdicts in seen.values())


def _known(made: Waiter) -> tuple[Reading, ...]:
    """Every reading the model knows, in the order of the states that show it, with no field left open."""
    listed = made.read.listing.fields if made.read.listing else ()
    known = {field.name: field.known for field in (*made.read.fields, *listed)}
    found: dict[Reading, None] = {}
    for case in made.cases:
        for shown in case.life.readings:
            for reading in sorted(shown, key=repr):
                found |= dict.fromkeys(_spread(reading, [known[name] for name in made.names]))
    return tuple(found)


def _spread(reading: Reading, known: list[tuple[Any, ...]]) -> list[Reading]:
    if reading.fields is None:
        return [reading]
    whole: list[tuple[Any, ...]] = [()]
    for value, values in zip(reading.fields, known, strict=True):
        whole = [(*half, one) for half in whole for one in (values if value is ANY else (value,))]
    return [Reading.of_fields(values) for values in whole]


def waiter(
    model: Model,
    *,
    until: str | Iterable[str],
    after: str | None = None,
    args: Mapping[str, Any] | None = None,
    part: str | None = None,
) -> Waiter:
    """What each status of a model means to somebody who waits.

    Args:
        model: a graph or a service, with the policies its user has chosen.
        until: a state or status to wait for, or several; "Absent" or "deleted" for absence.
        after: an operation that was accepted just before; only what it can lead to is then expected.
        args: arguments of that operation, where they tell what it leads to, such as the runtime of a new function.
        part: the part of a service whose status is read; None for its first.

    Raises:
        UsageError: there is no such status, operation, argument or part; or no poll can ever show a target.
    """
    graph = part_of(model, part)
    given = (until,) if isinstance(until, str) else tuple(until)
    states = tuple(dict.fromkeys(state for name in given for state in states_named(graph, name)))
    if not states:
        raise UsageError(f"status of {graph.name}:", "", tuple(state.name for state in graph.states))
    names = tuple(each.name for each in graph.operations)
    if after is not None and after not in names:
        raise UsageError(f"operation of {graph.name}:", after, names)
    targets = tuple(state.name for state in states)
    cases = tuple(case_of(settled, each, targets, after, args) for settled, each in lives(graph))
    first = cases[0].life
    if first.read is None:
        raise UsageError("model with a read that shows a status:", graph.name)
    service = as_service(model)
    made = Waiter(
        service, graph, states, after, dict(args or {}), first.read, first.shown, Codes(prepare(service)), cases,
        tuple(case.start for case in cases),
    )
    if not any(row.verdict is not Verdict.FAILURE and row.is_expected for row in made.rows):
        where = f"status that {first.read.name} can come to show" + (f" after {after}" if after else "")
        raise UsageError(where, ", ".join(targets), tuple(name for name in _reachable(cases) if name not in targets))
    return made


def _reachable(cases: tuple[Case, ...]) -> tuple[str, ...]:
    first: Life = cases[0].life
    present = {case.life.nodes[case.member(node)].state for case in cases for node in case.came(case.start)}
    return tuple(state.name for state in first.graph.states if state.name in present)
