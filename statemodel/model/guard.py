"""Conditions of rows: named predicates, put together by and and not. Must not know what they are asked about."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from statemodel.model.evidence import Choice


@attrs.frozen
class Guard:
    """A named pure predicate on arguments and configuration.

    Attributes:
        name: as it appears in drawings and messages.
        test: True, False, or None where it cannot be decided from what the sources say.
        group: names of guards that exclude each other and leave no case out, its own among them.
        looks_at: other parts the test reads; where one is missing the guard is open.
        only_under: the option of a policy without which it never holds; where the policy is open, so is the guard.
    """

    name: str
    test: Callable[[Any], bool | None]
    group: tuple[str, ...] = ()
    looks_at: tuple[str, ...] = ()
    only_under: Choice | None = None

    def __invert__(self) -> "Guard":
        return Guard(f"not {self.name}", _Negation(self), (), self.looks_at)

    def __and__(self, other: "Guard") -> "Guard":
        return Guard(f"{self.name} and {other.name}", _Both(self, other), (), self.looks_at + other.looks_at)

    def atoms(self) -> tuple["Guard", ...]:
        """The guards it is made of."""
        match self.test:
            case _Both(left, right):
                return left.atoms() + right.atoms()
            case _Negation(inner):
                return inner.atoms()
        return (self,)

    def conjuncts(self) -> tuple["Guard", ...]:
        """The guards all of which must hold."""
        match self.test:
            case _Both(left, right):
                return left.conjuncts() + right.conjuncts()
        return (self,)

    def under(self, truth: Mapping[str, bool]) -> bool:
        """Its value when the atoms have these values, by name."""
        match self.test:
            case _Both(left, right):
                return left.under(truth) and right.under(truth)
            case _Negation(inner):
                return not inner.under(truth)
        return truth[self.name]


@attrs.frozen
class _Negation:
    inner: Guard

    def __call__(self, view: Any) -> bool | None:
        value = self.inner.test(view)
        return None if value is None else not value


@attrs.frozen
class _Both:
    left: Guard
    right: Guard

    def __call__(self, view: Any) -> bool | None:
        first = self.left.test(view)
        if first is False:
            return False
        second = self.right.test(view)
        return second if first else (False if second is False else None)


def in_words(guard: Guard) -> str:
    """A condition as a sentence has it.

    >>> paid, late = Guard("it is paid", bool), Guard("the shop has closed", bool)
    >>> in_words(paid & ~late), in_words(~late)
    ('if it is paid, unless the shop has closed', 'unless the shop has closed')
    """
    return clause(condition(guard))


def clause(told: str) -> str:
    """What stands in brackets, as a sentence has it."""
    return told if told.startswith("unless ") else f"if {told}"


def condition(guard: Guard) -> str:
    """A condition as it stands in brackets: what must hold, and what must not.

    >>> paid, late = Guard("it is paid", bool), Guard("the shop has closed", bool)
    >>> condition(paid & ~late)
    'it is paid, unless the shop has closed'
    """
    must: list[str] = []
    never: list[str] = []
    for one in guard.conjuncts():
        if isinstance(one.test, _Negation):
            never.append(one.test.inner.name)
        else:
            must.append(one.name)
    return ", ".join([*([" and ".join(must)] if must else []), *([f"unless {' or '.join(never)}"] if never else [])])
