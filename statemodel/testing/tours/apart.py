"""Two resources of one name in two namespaces: what is done to one must leave the other as it was.

For every model whose operations have an optional parameter that tells resources apart and has a documented default. A
client need not know more than the default: one that refuses other values, or that takes no notice of them, is told so
and no more. What it does is looked at first without being judged; where it keeps two resources apart when they are
made, both are judged from then on, each by a history of its own.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import attrs

from statemodel.configuration import Member
from statemodel.coverage.chart import Edge
from statemodel.model.graph import Initiator, Kind
from statemodel.model.operation import Action, Operation, Subject
from statemodel.testing.reply import Reply
from statemodel.testing.session import Found, Session, TroubleError
from statemodel.testing.tours.naming import identity, keyed, spaces
from statemodel.testing.tours.sweep import Sweep

CALLS: Final = 140
NAME: Final = "fn-1"
OTHER: Final = "other"
LONG_S: Final = 600.0


@attrs.frozen
class Shape:
    """What of a model tells whether a resource is there.

    Attributes:
        make: the step that makes a resource, and is refused once there is one.
        read: the read that is refused until there is one.
        there: places of the chart where it is, and nothing is under way.
        gone: places where it is not, and nothing is under way.
    """

    make: Edge
    read: Edge
    there: frozenset[int]
    gone: frozenset[int]


class Apart:
    """Tells whether a client keeps resources of one name apart, for each parameter that does.

    Args:
        session: the client and its judge.
        walker: knows the ways on the chart.
        meet: called with trouble that was met; what it calls is not counted.

    Attributes:
        missed: cases that were not sent, in words.
        twins: keys of resources that the client keeps apart from the one of the same name.
    """

    def __init__(self, session: Session, walker: Sweep, meet: Callable[[Found], object]) -> None:
        self.session = session
        self.walker = walker
        self.chart = walker.chart
        self.meet = meet
        self.missed: tuple[str, ...] = ()
        self.twins: tuple[str, ...] = ()
        self._stop = 0

    def run(self) -> None:
        """Try another value of each parameter, if the client takes parameters and the model can tell."""
        found = {spaces(one) for one in self._operations if one.parameter("as") is None}
        if "parameters" not in self.session.link.abilities or len(found) != 1 or self._shape is None:
            return
        [own] = found
        for place, (name, default) in enumerate(own):
            values = [value for _, value in own]
            values[place] = self._another(name, default)
            self._stop = self.session.link.calls + CALLS
            try:
                self._try(name, keyed(tuple(values), NAME), self._shape)
            except TroubleError as error:
                self.meet(Found(error.trouble, tuple(self.session.script)))
            self.session.reset()

    @cached_property
    def _operations(self) -> list[Operation]:
        """What the client can do that names resources, or lists them."""
        every = self.session.system.operations.values()
        able = [one for one in every if one.name in self.session.link.abilities]
        return [one for one in able if identity(one, NAME) or (one.listing and one.listing.part is None)]

    def _another(self, name: str, default: str) -> str:
        """A value that is not the default and keeps all limits."""
        parameters = [one.parameter(name) for one in self._operations]
        for value in (OTHER, *(value for one in parameters if one for value in one.values)):
            if value != default and not any(one and one.problem(value) for one in parameters):
                return str(value)
        return f"{default}2"

    def _try(self, name: str, key: str, shape: Shape) -> None:
        """Look what the client makes of a value, and judge it where it keeps resources apart."""
        self.session.reset()
        reason = None
        if self._made(NAME, shape):
            is_seen, reason = self._seen(name, key, shape)
        else:
            reason = "none of the default was ever made"
        if reason is not None:
            self.missed = (*self.missed, f"cases of another {name}: {reason}")
            return
        self.twins = (*self.twins, key)
        self.session.reset()
        if is_seen and self._made(NAME, shape):
            self.session.call(key, shape.read.name, dict(shape.read.args or ()))
            self.session.reset()
        if late := self._pair(key, shape):
            self.missed = (*self.missed, f"cases of another {name}: never reached {' and '.join(late)}")

    # ------------------------------------------------------------------------------------------- looking

    def _seen(self, name: str, key: str, shape: Shape) -> tuple[bool, str | None]:
        """Whether a resource is read under another value before it was made there; why that says nothing, or None."""
        make = shape.make.name
        read, made = self._asked(key, shape.read), self._asked(key, shape.make)
        for what, reply in ((shape.read.name, read), (make, made)):
            if reply.error is not None and self._is_put_off(what, reply.error):
                return False, f"{what} there was put off with {reply.error}"
        again = self._asked(NAME, shape.make)
        is_shown = read.error is None
        if is_shown and made.error == again.error:  # the second one is accepted or refused as the first one is again
            return False, f"this client takes a resource of another {name} for the same one"
        is_unknown = made.error is not None and "NotFound" in made.error and name in made.error
        if made.error is None or (is_shown and is_unknown) or (not is_shown and made.error == again.error):
            return is_shown, None
        return False, f"{make} there was refused with {made.error}"

    def _asked(self, key: str, edge: Edge) -> Reply:
        """What a call is answered, nothing of it judged; asked again where it is put off."""
        return self.walker.ask(edge.name, self._sent(key, edge))

    def _is_put_off(self, operation: str, code: str) -> bool:
        return self.session.monitor.reasoner.codes.is_skipped(operation, code)

    def _sent(self, key: str, edge: Edge) -> dict[str, Any]:
        return {**identity(self.session.system.operations[edge.name], key), **self._args(edge)}

    def _args(self, edge: Edge) -> dict[str, Any]:
        args = dict(edge.args or ())
        if "content" in args:
            args["content"] = f"code-{self.session.link.calls}"
        return args

    # ------------------------------------------------------------------------------------------- judging

    def _pair(self, key: str, shape: Shape) -> list[str]:
        """Make two, twice: let each go in turn, and change one in every way there is. Gives what was left out."""
        making, others = self._changes(shape)
        first = next((one for one in making if any(each.subject is Subject.CONTENT for each in one.parameters)), None)
        if not (self._made(NAME, shape) and self._made(key, shape)):
            return ["two of them"]
        self._read(NAME, key)
        if first is not None and self._changed(key, first, is_sure=True):
            making.remove(first)
        for going, staying in ((key, NAME), (NAME, key)):
            is_gone = self._brought(going, shape.gone, self._ending(going, shape))
            self._read(staying, going)
            if not is_gone or (going == key and not self._made(key, shape)):
                return [f"where {going} is gone and comes again"]
        self.session.reset()
        if not (self._has_budget() and self._made(NAME, shape) and self._made(key, shape)):
            return [one.name for one in (*making, *others)]
        left = self._all_changed(key, making)
        for name, args in self.session.every_read(key) if self._has_budget() else ():
            self.session.call(key, name, args)
        return [one.name for one in self._all_changed(key, [*others, *left])]

    def _all_changed(self, key: str, operations: list[Operation]) -> list[Operation]:
        """Make calls that change one of the two, in whichever order they can be made; those that could not be."""
        left = operations
        for is_sure in (True, True, False):
            left = [one for one in left if not (self._has_budget() and self._changed(key, one, is_sure=is_sure))]
        return left

    def _has_budget(self) -> bool:
        return self.session.link.calls < self._stop

    def _made(self, key: str, shape: Shape) -> bool:
        """Make a resource; whether it is there."""
        return self._brought(key, shape.there, shape.make)

    def _brought(self, key: str, places: frozenset[int], edge: Edge | None) -> bool:
        """Bring a resource to one of some places, by one call if that will do; whether it came there."""
        if edge is not None:
            self.session.call(key, edge.name, self._args(edge))
            self._rest(key)
        found = self.walker.go(key, lambda place: self.chart.edges[place][0] if place in places else None)
        return found is not None

    def _ending(self, key: str, shape: Shape) -> Edge | None:
        """A call by which a resource goes."""
        for edge in self._edges(key):
            if edge.name in self._ends(shape) and not shape.gone.isdisjoint(self._quiet(edge.after)):
                return edge
        return None

    def _changed(self, key: str, operation: Operation, *, is_sure: bool) -> bool:
        """Make a call that changes one of the two, and read the other; whether it can be made there.

        Args:
            key: the one to change.
            operation: what to call.
            is_sure: whether it must be sure that the call is accepted.
        """
        for edge in self._edges(key):
            if edge.name == operation.name and (self._is_sure(key, edge) or not is_sure):
                self.session.call(key, operation.name, self._args(edge))
                self._read(NAME, is_listed=False)
                self._rest(key)
                return True
        return False

    def _edges(self, key: str) -> list[Edge]:
        """Calls that change a resource where it is."""
        here = self.walker.place(key)
        edges = () if here is None else self.chart.edges[here]
        own = (one for one in edges if one.is_accepted and one.args is not None and one.after != here)
        return [one for one in own if "as" not in dict(one.args or ())]

    def _is_sure(self, key: str, edge: Edge) -> bool:
        """Whether nothing may refuse a call, in which case it would tell nothing."""
        here = self.walker.place(key)
        edges = () if here is None else self.chart.edges[here]
        return not any(one.name == edge.name and one.args == edge.args and not one.is_accepted for one in edges)

    def _rest(self, key: str) -> None:
        """Let what is under way come to its end: at once, where the client has a clock."""
        if self.session.has_clock:
            self.session.advance(LONG_S)
            self.session.look(key)
        else:
            self.session.settle(key)

    def _read(self, *keys: str, is_listed: bool = True) -> None:
        """Whatever is shown of the resources themselves, once; their members are left aside, and so may lists be."""
        for key in keys:
            done: set[object] = set()
            for name, args in self.session.every_read(key):
                operation = self.session.system.operations[name]
                listing = operation.listing
                shown = (tuple(field.name for field in operation.fields), listing and listing.name)
                if shown not in done and (is_listed or listing is None or listing.part is not None):
                    done.add(shown)
                    self.session.call(key, name, args)

    # ------------------------------------------------------------------------------------------- the model

    @cached_property
    def _shape(self) -> Shape | None:
        """How the model tells whether a resource is there; None where it does not."""
        own = [one for one in self._operations if identity(one, NAME)]
        reads = {one.name for one in own if one.action is Action.READ} - self._accepted[0]
        makes = {one.name for one in own if one.action is Action.CALL and one.parameter("as") is None}
        for make in self.chart.edges[0]:
            if make.is_accepted and make.name in makes:
                for place in self._quiet(make.after):
                    shown = (one for one in self.chart.edges[place] if one.is_accepted and one.name in reads)
                    read = next(shown, None)
                    if read is not None and make.name not in self._accepted[place]:
                        return self._shaped(make, read)
        return None

    def _shaped(self, make: Edge, read: Edge) -> Shape:
        quiet = [(place, self._accepted[place]) for place in range(len(self.chart.edges)) if not self._is_busy(place)]
        well = self._well
        there = frozenset(one for one, some in quiet if read.name in some and make.name not in some and well[one])
        gone = frozenset(one for one, some in quiet if make.name in some and read.name not in some)
        return Shape(make, read, there, gone)

    def _quiet(self, start: int) -> list[int]:
        """Places that the service comes to by itself, where nothing more is under way."""
        found = {start: None}
        for here in (ahead := [start]):
            for edge in self.chart.edges[here]:
                if edge.initiator is Initiator.SERVICE and edge.after not in found:
                    found[edge.after] = None
                    ahead.append(edge.after)
        return [place for place in found if not self._is_busy(place)]

    def _is_busy(self, place: int) -> bool:
        return any(edge.initiator is Initiator.SERVICE for edge in self.chart.edges[place])

    @cached_property
    def _accepted(self) -> list[frozenset[str]]:
        """Calls that may be accepted, place by place."""
        return [
            frozenset(edge.name for edge in edges if edge.is_accepted and edge.args is not None)
            for edges in self.chart.edges
        ]

    @cached_property
    def _well(self) -> list[bool]:
        """Whether nothing has failed, place by place."""
        kinds = self.session.system.kinds
        return [
            not any(isinstance(one, Member) and kinds[place].get(one.state) is Kind.FAILED
                    for place, one in enumerate(configuration))
            for configuration in self.chart.numbers
        ]  # fmt: skip

    def _changes(self, shape: Shape) -> tuple[list[Operation], list[Operation]]:
        """Calls that change what is there: those that may make a member, then the others, what takes members last."""
        grown: dict[str, set[int]] = {}
        for here, edges in enumerate(self.chart.edges):
            for edge in edges:
                if edge.is_accepted and edge.args is not None and edge.after != here:
                    more = self.walker.members[edge.after] - self.walker.members[here]
                    grown.setdefault(edge.name, set()).add(more)
        names = grown.keys() - {shape.make.name} - self._ends(shape)
        alone = [one for one in self._operations if one.name in names and one.parameter("as") is None]
        others = [one for one in alone if max(grown[one.name]) <= 0]
        return [one for one in alone if one not in others], sorted(others, key=lambda one: -min(grown[one.name]))

    def _ends(self, shape: Shape) -> set[str]:
        """Operations by which a resource goes."""
        return {
            edge.name
            for here in shape.there
            for edge in self.chart.edges[here]
            if edge.args is not None and not shape.gone.isdisjoint(self._quiet(edge.after))
        }
