"""The monitor: beliefs memoised, one record a step; what a record does to a belief is worked out once."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import attrs

from statemodel.configuration import LOOSE, apart
from statemodel.model.graph import Numbered
from statemodel.model.operation import ANY, UNRECORDED, Action, Operation, Subject
from statemodel.oracle.belief import Configurations, Reasoner, contents_of
from statemodel.oracle.seen import Seen, is_strange, read
from statemodel.semantics import Accepted, Refused, System, UndecidedError, answers, initial, look_up, prepare

MANY: Final = 500
TOO_MANY: Final = 4_000


class Node:
    """A closed belief, and what each record made of it so far.

    Attributes:
        core: the belief, as few configurations as stand for all of it.
        held: content in it that stands for something recorded.
        next: what records made of it.
    """

    __slots__ = ("_reasoner", "core", "held", "next")

    def __init__(self, core: Configurations, reasoner: Reasoner) -> None:
        self.core = core
        self._reasoner = reasoner
        self.held = contents_of(core)
        self.next: dict[Any, Step] = {}

    @property
    def belief(self) -> Configurations:
        """The belief with every part in a state."""
        return self._reasoner.decided(self.core)


@attrs.frozen
class Step:
    """What one record comes to.

    Attributes:
        node: the belief after it; None where nothing is left.
        code: of the finding, or None.
        reason: why it is inconclusive, or None.
        is_skipped: whether the record was left out.
        strength: share of the statuses that were excluded before a read, or None where it was no read of a status.
    """

    node: Node | None
    code: str | None = None
    reason: str | None = None
    is_skipped: bool = False
    strength: float | None = None


@attrs.frozen
class Plan:
    """How records of one operation are told apart quickly.

    Attributes:
        name: of the operation.
        arguments: names of the arguments that matter.
        identity: name of the resource, of which it only matters that it was sent; None where there is none.
        fields: names of the fields that matter.
        content: whether content is an argument; serves: whether it is a field.
    """

    name: str
    arguments: tuple[str, ...]
    identity: str | None
    fields: tuple[str, ...]
    content: bool
    serves: bool


def plan(operation: Operation) -> Plan | None:
    """How to tell records of an operation apart quickly; None where names are nested, limited, or there is a list."""
    identities = [one for one in operation.parameters if one.subject is Subject.IDENTITY and one.required]
    arguments = tuple(
        one.name for one in operation.parameters if one.subject not in (Subject.IDENTITY, Subject.CONTENT)
    )
    fields = tuple(field.name for field in operation.fields if field.name != "content")
    nested = any("." in name for name in (*arguments, *fields)) or "as" in arguments
    limited = any(one.subject is Subject.IDENTITY and one.is_limited for one in operation.parameters)
    is_boolean = any(isinstance(value, bool) for one in operation.parameters for value in one.values)
    if nested or limited or is_boolean or operation.listing is not None or len(identities) > 1:
        return None
    return Plan(
        operation.name,
        arguments,
        identities[0].name if identities else None,
        fields,
        any(one.subject is Subject.CONTENT for one in operation.parameters),
        any(field.name == "content" for field in operation.fields),
    )


class Monitor:
    """Steps of beliefs for one model and one way of reading histories.

    Attributes:
        is_measuring: whether the strength of reads is worked out.
        is_going_on: whether there is a wider belief to go on with where too much is possible.
        most: greatest number of configurations that is not too much.

    Args:
        system: the model, made ready.
        start: "unknown", or "absent" for resources that nobody touched before.
        is_recorded: whether moves of the environment only happen where they are recorded.
        is_partial: whether other callers may have acted unseen.
    """

    def __init__(self, system: System, *, start: str, is_recorded: bool, is_partial: bool) -> None:
        self.system = system
        self.reasoner = Reasoner(system, is_recorded=is_recorded, is_partial=is_partial)
        self.quick = {
            name: one for name, operation in system.operations.items() if (one := plan(operation)) is not None
        }
        self.events = frozenset(event.name for event in system.service.events)
        self.numbered = frozenset(graph.part for graph in system.service.parts if isinstance(graph.many, Numbered))
        self.is_measuring = True
        self.is_going_on = True
        self.most = TOO_MANY
        self._nodes: dict[Configurations, Node] = {}
        self._without: dict[frozenset[str], Monitor] = {}
        self._afresh: Node | None = None
        absent = frozenset({initial(system)})
        self.start = self.node(absent) if start == "absent" else self.afresh()

    def without(self, events: Collection[str]) -> "Monitor":
        """The same of a service where some hidden moves do not come, because others were promised."""
        gone = frozenset(events)
        if not gone:
            return self
        found = self._without.get(gone)
        if found is None:
            reasoner, start = self.reasoner, "unknown" if self.start is self._afresh else "absent"
            left = tuple(one for one in self.system.events if one.name not in gone)
            found = Monitor(
                attrs.evolve(self.system, events=left),
                start=start, is_recorded=reasoner.is_recorded, is_partial=reasoner.is_partial,
            )  # fmt: skip
            found.is_measuring, found.is_going_on, found.most = self.is_measuring, self.is_going_on, self.most
            self._without[gone] = found
        return found

    def node(self, configurations: Configurations) -> Node:
        """The belief of these configurations, closed."""
        closed = self.reasoner.closed(configurations)
        return self._nodes.setdefault(closed, Node(closed, self.reasoner))

    def afresh(self) -> Node:
        """The belief of somebody who has seen nothing."""
        if self._afresh is None:
            self._afresh = self.node(self.reasoner.unknown.start)
        return self._afresh

    def read(self, record: Mapping[str, Any], content: Mapping[str, int], names: frozenset[str]) -> Seen:
        """What a record of a known operation says."""
        return read(self.system.operations[record["op"]], record, content, names, self.numbered)

    def call(self, node: Node, seen: Seen) -> Step:
        """What a call comes to."""
        operation = self.system.operations[seen.call.name]
        if seen.error is not None and self.reasoner.codes.is_skipped(operation.name, seen.error):
            return Step(node, is_skipped=True)
        if seen.unknown is not None and not self.may_show_anything(node.core, seen):
            return Step(self.afresh(), "SM101", seen.unknown)
        if not self.reasoner.concerns(node.core, seen):
            return Step(node, "SM103", f"{operation.name} speaks of a part that was not asked about", is_skipped=True)
        left = self.reasoner.after(node.core, seen)
        if not left:
            return Step(None, self._violation(operation, seen))
        strength = self._strength(node, seen)
        if len(left) > MANY:
            left = self.reasoner.fewer(left)
        if len(left) > MANY and not contents_of(left):
            left = frozenset(apart(one, -1, -1) for one in left)
        if len(left) > self.most:
            wider = self.node(self.reasoner.widened(left, self.most)) if self.is_going_on else node
            return Step(wider, "SM104", f"more than {self.most} configurations were possible", strength=strength)
        return Step(self.node(left), strength=strength)

    def event(self, node: Node, name: str) -> Step:
        """What a recorded event comes to."""
        if name not in self.events:
            return Step(self.afresh(), "SM102", f"the model knows no event {name!r}")
        left = self.reasoner.after_event(node.core, name)
        return Step(self.node(left)) if left else Step(None, "SM204")

    def may_show_anything(self, belief: Configurations, seen: Seen) -> bool:
        """Whether a field that shows a value which the model does not know may show any, wherever the belief is right.

        So it is with AvailableStatus of SCF while the account is frozen by hand: what it then reads is not stated.
        """
        operation = self.system.operations[seen.call.name]
        known = {field.name: field.known for field in operation.fields}
        strange = [name for name, value in seen.shown if is_strange(known[name], value)]
        if not strange or (seen.listed is not None and seen.listed.entries):
            return False
        try:
            ways = [answers(self.system, before, seen.call) for before in self.reasoner.decided(belief)]
            accepted = [step.answer for steps in ways for step in steps if isinstance(step.answer, Accepted)]
            return bool(accepted) and all(answer.shows(name) is ANY for answer in accepted for name in strange)
        except UndecidedError:
            return False

    def _violation(self, operation: Operation, seen: Seen) -> str:
        if operation.action is Action.READ and operation.fields and seen.error is None:
            return "SM203"
        if operation.action is Action.READ and (operation.listing is not None or operation.fields):
            return "SM203"
        return "SM202" if seen.error is not None else "SM201"

    def _strength(self, node: Node, seen: Seen) -> float | None:
        """Share of the statuses a read could show that the belief excluded; a refusal counts as one of them."""
        operation = self.system.operations[seen.call.name]
        field = next((one for one in operation.fields if one.known), None) if self.is_measuring else None
        if operation.action is not Action.READ or field is None or seen.is_lost:
            return None
        possible: set[Any] = set()
        every = len(field.known) + 1
        pending = list(node.core)
        while pending:
            before = pending.pop()
            try:
                for step in answers(self.system, before, seen.call):
                    possible.update(shown(step.answer, field.name))
            except UndecidedError as asked:
                if asked.question is not LOOSE:
                    return 0.0
                pending.extend(self.reasoner.decided((before,)))
            if ANY in possible or len(possible) >= every:
                return 0.0
        return 1 - len(possible) / every


def shown(answer: Accepted | Refused, name: str) -> tuple[Any, ...]:
    """What a field of an answer may show; a refusal is one thing of its own."""
    if isinstance(answer, Refused):
        return (UNRECORDED,)
    values = answer.shows(name)
    return (ANY,) if values is ANY else tuple(values)


def called(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The name a record calls its function by, if it does."""
    args = record.get("args") or {}
    found = (look_up(args, name) for name in ("FunctionName", "functionName"))
    return tuple(name for name in found if isinstance(name, str))


def names_of(resource: str, record: Mapping[str, Any]) -> frozenset[str]:
    """Names under which lists may show a resource: its key, the end of its key, the name it was called by."""
    return frozenset({resource, resource.rpartition("/")[2], *called(record)})


def monitor(model: Any, *, start: str = "unknown", calls: str = "complete", environment: str = "open") -> Monitor:
    """A monitor of a model.

    Args:
        model: a graph or a service.
        start: "unknown" or "absent".
        calls: "complete", or "partial" where other callers may have acted unseen.
        environment: "open", or "recorded" where nothing happens that is not recorded.
    """
    system = model if isinstance(model, System) else prepare(model)
    return Monitor(system, start=start, is_recorded=environment == "recorded", is_partial=calls == "partial")
