"""One configuration as an invariant looks at it: states, members, and what calls would answer."""

from collections.abc import Iterable
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, replace, words
from statemodel.model.data import Key, spell
from statemodel.model.operation import ANY
from statemodel.semantics import Accepted, Refused, Step, System, answers, call, find


@attrs.frozen
class Look:
    """A configuration of a system, with questions to it.

    Attributes:
        system: the model.
        configuration: the configuration.
    """

    system: System
    configuration: Configuration

    def has(self, part: str) -> bool:
        """Whether the part is in the model."""
        return part in self.system.parts

    def state(self, part: str, key: Key | None = None) -> str:
        """State of a member."""
        return find(self.configuration, self.system.parts.index(part), key).state

    def data(self, part: str, key: Key | None = None) -> Any:
        """What a member carries, or None."""
        return find(self.configuration, self.system.parts.index(part), key).data

    def members(self, part: str) -> tuple[tuple[Key, Member], ...]:
        """Members of a family that exist; none where the part is not in the model."""
        if not self.has(part):
            return ()
        family = self.configuration[self.system.parts.index(part)]
        assert isinstance(family, Family)
        return family.present()

    def last(self, part: str) -> int:
        """The number given out last."""
        family = self.configuration[self.system.parts.index(part)]
        assert isinstance(family, Family)
        return family.low

    def slot(self, part: str) -> Any:
        """Everything the configuration holds of a part."""
        return self.configuration[self.system.parts.index(part)]

    def put(self, part: str, state: str) -> "Look":
        """The same configuration with a part of which there is one in another state."""
        return Look(self.system, replace(self.configuration, self.system.parts.index(part), Member(state)))

    def steps(self, operation: str, **args: Any) -> list[Step]:
        """Every way a call may go; none where the model does not know the operation."""
        known = self.system.operations.get(operation)
        return [] if known is None else answers(self.system, self.configuration, call(known, args))

    def answers(self, operation: str, **args: Any) -> list[Accepted | Refused]:
        """Every answer a call may get."""
        return [step.answer for step in self.steps(operation, **args)]

    def may_accept(self, operation: str, **args: Any) -> bool:
        """Whether a call may be accepted."""
        return any(isinstance(answer, Accepted) for answer in self.answers(operation, **args))

    def must_accept(self, operation: str, **args: Any) -> bool:
        """Whether the parts of the model accept a call for sure."""
        found = [step.answer for step in self.steps(operation, **args) if step.rows]
        return bool(found) and all(isinstance(answer, Accepted) for answer in found)

    def shows(self, operation: str, field: str, **args: Any) -> frozenset[Any]:
        """What a field of an accepted answer may show."""
        found: set[Any] = set()
        for answer in self.answers(operation, **args):
            if isinstance(answer, Accepted) and (values := answer.shows(field)) is not ANY:
                found.update(values)
        return frozenset(found)

    def codes(self, operation: str, **args: Any) -> frozenset[str]:
        """Codes the parts of the model may refuse a call with; "*" for an undocumented one."""
        found = [
            step.answer.codes or ("*",)
            for step in self.steps(operation, **args)
            if step.rows and isinstance(step.answer, Refused)
        ]
        return frozenset(code for codes in found for code in codes)

    def served(self, operation: str, parameter: str, part: str, latest: str) -> frozenset[tuple[str, Any]]:
        """What surely answers an invocation: each qualifier that is sure to be accepted, with what it may serve."""
        return _served(self, operation, parameter, part, latest)

    def words(self) -> str:
        """The configuration for people."""
        return words(self.configuration, self.system.parts)


def _served(look: Look, operation: str, parameter: str, part: str, latest: str) -> frozenset[tuple[str, Any]]:
    qualifiers: Iterable[str] = (latest, *(spell(key) for key, _ in look.members(part)))
    return frozenset(
        (qualifier, look.shows(operation, "content", **{parameter: qualifier}))
        for qualifier in qualifiers
        if look.must_accept(operation, **{parameter: qualifier})
    )


@attrs.frozen
class Happening:
    """One move as a step invariant sees it.

    Attributes:
        name: operation or event.
        is_call: whether it is a call.
        is_accepted: whether a call was accepted; True for a hidden move.
        args: arguments of a call.
        initiator: who started it.
    """

    name: str
    is_call: bool
    is_accepted: bool
    args: tuple[tuple[str, Any], ...]
    initiator: str
