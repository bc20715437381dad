"""What polls leave possible of one member, with its open policies settled one way, and what that means to a waiter.

A node of a waiter is a node of the member, and whether the call before it may still bring about what it asked for: a
function that is called while it is at rest is woken once by that call, and a second time only by another.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from statemodel.life import Life
from statemodel.model.graph import Initiator, Kind
from statemodel.reading import Reading

Nodes = frozenset[int]
Belief = tuple[Nodes, ...]


class Verdict(StrEnum):
    """What a reading means to somebody who waits."""

    SUCCESS = "success"
    FAILURE = "failure"
    RETRY = "retry"
    UNKNOWN = "unknown"


@attrs.frozen
class Told:
    """What a reading means in one case.

    Attributes:
        verdict: success, failure, retry or unknown.
        nodes: what is possible after it; none where the reading is not possible.
        is_passed: whether every way there led through a target.
    """

    verdict: Verdict
    nodes: Nodes
    is_passed: bool = False


@attrs.frozen(eq=False)
class Case:
    """One way to settle the open policies of a member's own moves, and what is waited for.

    Attributes:
        settled: the option of each of those policies.
        life: the member under these options.
        targets: numbers of the nodes waited for.
        start: what is possible before the first reading.
        asked: names of the hidden events that the call before may still bring about.
    """

    settled: Mapping[str, str]
    life: Life
    targets: Nodes
    start: Nodes
    asked: frozenset[str]

    @property
    def everywhere(self) -> Nodes:
        """All nodes there are."""
        return frozenset(range(2 * len(self.life.nodes))) if self.asked else frozenset(range(len(self.life.nodes)))

    def member(self, node: int) -> int:
        """The node of the member: those where what was asked for is used up are counted on from the others."""
        return node % len(self.life.nodes)

    @cached_property
    def _edges(self) -> tuple[tuple[tuple[int, bool, bool], ...], ...]:
        """By node: where a hidden move leads, whether the service makes it, and whether it can be counted on."""
        size = len(self.life.nodes)
        found = []
        for node in range(2 * size if self.asked else size):
            is_used = node >= size
            here = []
            for move in self.life.hidden[self.member(node)]:
                is_asked = move.event.name in self.asked
                by_service = is_asked or move.event.initiator is Initiator.SERVICE
                counts = by_service and not (is_asked and is_used)
                here.append((move.to + (size if is_used or is_asked else 0), by_service, counts))
            found.append(tuple(here))
        return tuple(found)

    @cached_property
    def _reach(self) -> Nodes:
        """The nodes from which the service may reach a target by moves that can be counted on."""
        found = {node for node in self.everywhere if self.member(node) in self.targets}
        while True:
            more = {node for node in self.everywhere - found
                    if any(counts and to in found for to, _, counts in self._edges[node])}
            if not more:
                return frozenset(found)
            found |= more

    def came(self, nodes: Iterable[int], *, by_service: bool = False, past: bool = True) -> Nodes:
        """The nodes, and those that hidden moves may have made of them.

        Args:
            nodes: where to begin.
            by_service: whether only moves of the service count.
            past: whether the way may lead through targets, and begin there.
        """
        found = {node for node in nodes if past or self.member(node) not in self.targets}
        frontier = list(found)
        while frontier:
            for to, is_service, _ in self._edges[frontier.pop()]:
                if to not in found and (is_service or not by_service) and (past or self.member(to) not in self.targets):
                    found.add(to)
                    frontier.append(to)
        return frozenset(found)

    def verdict(self, before: Nodes, reading: Reading) -> Told:
        """What a reading means where this was possible before."""
        fitting = frozenset(node for node in self.came(before) if self._fits(node, reading))
        if not fitting:
            return Told(Verdict.UNKNOWN, fitting)
        shown = frozenset(node for node in fitting if self.member(node) in self.targets)
        kinds = {self.life.kinds[self.member(node)] for node in fitting}
        if shown and (shown == fitting or len(kinds) == 1):
            return Told(Verdict.SUCCESS, fitting)
        judged, is_passed = fitting, False
        if shown:
            judged = frozenset(node for node in fitting if self._is_sure(node, reading)) or fitting
            if judged <= shown:
                return Told(Verdict.SUCCESS, fitting)
            if judged & shown:
                return Told(Verdict.UNKNOWN, fitting)
        elif not fitting & self.came(before, past=False):
            is_passed = True
            if fitting & self.came(before, by_service=True) and Kind.FAILED not in kinds:
                return Told(Verdict.SUCCESS, fitting, is_passed)
        return Told(Verdict.RETRY if judged & self._reach else Verdict.FAILURE, fitting, is_passed)

    def _fits(self, node: int, reading: Reading) -> bool:
        return any(one.fits(reading) for one in self.life.readings[self.member(node)])

    def _is_sure(self, node: int, reading: Reading) -> bool:
        """Whether nothing else can be read there: what one poll shows of a refusal is one of its codes."""
        shown = self.life.readings[self.member(node)]
        if reading.fields is None:
            return all(one.fields is None for one in shown)
        return len(shown) == 1 and all(one == reading for one in shown)


def case_of(
    settled: Mapping[str, str], life: Life, targets: Iterable[str], after: str | None, args: Mapping[str, Any] | None
) -> Case:
    """A case of a waiter.

    Args:
        settled: the options that make it up.
        life: the member under these options.
        targets: the states waited for.
        after: an operation that was accepted just before, or None.
        args: its arguments.
    """
    asked = frozenset(event.name for event in life.graph.events if after is not None and after in event.asked_by)
    every = range(len(life.nodes))
    if after is None:
        start = frozenset(every)
    else:
        start = frozenset(
            node if one.to is None else one.to
            for node in every
            for one in life.made(node, after, args)
            if one.to is not None or asked
        )
    return Case(settled, life, life.among(targets), start, asked)
