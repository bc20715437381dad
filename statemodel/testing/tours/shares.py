"""Whether a client takes notice of a share of the calls that is given to a second version: looked at, not judged.

A client may fill in for itself whatever names no resource. One that takes the share and neither shows it nor keeps the
version that has it cannot be told from one that never looked, so it is not asked for shares and told so.
"""

from typing import Any

from statemodel.configuration import Family
from statemodel.coverage.chart import Edge
from statemodel.model.data import spell
from statemodel.model.graph import Kind, Numbered
from statemodel.model.operation import Action, Operation, Parameter, Subject
from statemodel.testing.cover import Cover
from statemodel.testing.session import TroubleError
from statemodel.testing.tours.naming import identity

RESOURCE = "fn-1"


def sharing(operation: Operation) -> Parameter | None:
    """The parameter that gives a share, or None."""
    return next((one for one in operation.parameters if one.sharing is not None), None)


class Shares(Cover):
    """Looks; takes the same arguments as the cover."""

    def are_taken(self) -> bool:
        """Whether a version that was given a share is shown with it, or is kept because of it."""
        self._stop = self.session.link.calls + self.budget
        made = [
            (operation, parameter)
            for operation in self.session.system.operations.values()
            if operation.name in self.session.link.abilities and (parameter := sharing(operation))
        ]
        try:
            return any(self._is_taken(*one) for one in made if self._has_budget())
        except TroubleError:  # it is met again by whoever judges
            return False
        finally:
            self.session.reset()

    def _is_taken(self, operation: Operation, parameter: Parameter) -> bool:
        self._restart()
        found = self.go(RESOURCE, lambda place: self._binding(place, operation))
        if found is None:
            return False
        edge, version = found
        assert parameter.sharing is not None
        if self._is_refused_twice(operation, parameter):
            return True
        if self._said(operation.name, {**dict(edge.args or ()), parameter.name: parameter.sharing(version)}) is None:
            return False
        reads = self.session.every_read(RESOURCE)
        names = [value for name, value in edge.args or () if isinstance(value, str)]
        reads.extend((one.name, dict(zip(_names(one), names, strict=False))) for one in self._alias_reads())
        if any(_shows(self._said(name, args), parameter.name) for name, args in reads):
            return True
        return any(self._said(one.name, {_names(one)[0]: version}) is None for one in self._removals())

    def _is_refused_twice(self, operation: Operation, parameter: Parameter) -> bool:
        """Whether a share for the very version that has the rest is refused, as it must be."""
        assert parameter.sharing is not None
        place = self.place(RESOURCE)
        for edge in () if place is None else self._sure(place, operation):
            args = dict(edge.args or ())
            main = next((args.get(one.name) for one in operation.parameters if one.subject is Subject.VERSION), None)
            if str(main).isdigit():
                return self._said(operation.name, {**args, parameter.name: parameter.sharing(str(main))}) is None
        return False

    def _binding(self, place: int, operation: Operation) -> tuple[Edge, str] | None:
        """A call that is accepted for certain where a version rests that it does not name, and that version."""
        numbers = [
            spell(key)
            for part, slot in enumerate(self.chart.configurations[place])
            if isinstance(slot, Family) and isinstance(self.session.system.graph(part).many, Numbered)
            for key, member in slot.present()
            if self.session.system.kinds[part].get(member.state) is Kind.RESTING
        ]
        for edge in self._sure(place, operation):
            free = [one for one in numbers if one not in dict(edge.args or ()).values()]
            if free:
                return edge, free[0]
        return None

    def _sure(self, place: int, operation: Operation) -> list[Edge]:
        """Calls that are accepted for certain."""
        own = [edge for edge in self.chart.edges[place] if edge.name == operation.name and edge.args is not None]
        refused = {edge.args for edge in own if not edge.is_accepted}
        return [edge for edge in own if edge.is_accepted and edge.args not in refused]

    def _alias_reads(self) -> list[Operation]:
        every = self.session.system.operations.values()
        return [
            one
            for one in every
            if one.action is Action.READ and one.name in self.session.link.abilities
            and [each.subject for each in one.parameters if each.subject is not Subject.IDENTITY] == [Subject.ALIAS]
        ]

    def _removals(self) -> list[Operation]:
        """Calls that name a version and nothing else."""
        every = self.session.system.operations.values()
        return [
            one
            for one in every
            if one.action is Action.CALL and one.name in self.session.link.abilities
            and [each.subject for each in one.parameters if each.required and each.subject is not Subject.IDENTITY]
            == [Subject.VERSION]
        ]

    def _said(self, name: str, args: dict[str, Any]) -> Any:
        """What a call gives, nothing of it judged; None where it is refused."""
        operation = self.session.system.operations[name]
        return self.ask(name, {**identity(operation, RESOURCE), **args}).result


def _names(operation: Operation) -> list[str]:
    wanted = (Subject.ALIAS, Subject.VERSION)
    return [one.name for one in operation.parameters if one.subject in wanted]


def _shows(result: Any, name: str) -> bool:
    """Whether a result shows something under a name."""
    return bool(isinstance(result, dict) and result.get(name))
