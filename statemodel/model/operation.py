"""What a client may call: operations, their parameters and limits, and what their answers show."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import attrs

from statemodel.errors import DefinitionError
from statemodel.model.evidence import Policy, Support


class Subject(StrEnum):
    """What a parameter speaks of."""

    IDENTITY = "identity"
    VERSION = "version"
    ALIAS = "alias"
    QUALIFIER = "qualifier"
    CONTENT = "content"
    FLAG = "flag"
    VALUE = "value"


class _Mark:
    """A value unlike every other, that keeps its identity when pickled."""

    def __init__(self, name: str, doc: str) -> None:
        self.name = name
        self.__doc__ = doc

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


NEW: Final = _Mark("NEW", "A target: the member that comes into being with the next number.")
EVERY: Final = _Mark("EVERY", "A target: every member there is.")
ALL_GO: Final = _Mark("ALL_GO", "A target: every member there is, none of which an accepted call leaves.")
ANY: Final = _Mark("ANY", "What a field shows of which nothing is known.")
UNRECORDED: Final = _Mark("UNRECORDED", "The value of an argument or field that was not recorded.")


@attrs.frozen(cache_hash=True)
class Parameter:
    """One parameter of an operation, with the limits its values must keep.

    Attributes:
        name: as the service spells it; dots lead into nested objects.
        subject: what it speaks of.
        required: whether a call without it is refused.
        default: value of a parameter that was not sent.
        values: the only values allowed, where there is a list of them.
        minimum, maximum, step: limits of a number, inclusive, with the grid counted from zero.
        pattern: regular expression that the whole of a text must match.
        longest: greatest number of characters.
        codes: codes that refuse a broken limit; None where they are not documented, so that any will do.
        missing: codes that refuse its absence, as above.
        tried: values that an unfolding tries besides the default: names that are no members, or one value of a kind.
        sharing: the value that gives a version, by its number, a share of the calls; None where there is none.
        evidence: who says so.
    """

    name: str
    subject: Subject = Subject.VALUE
    required: bool = attrs.field(default=False, kw_only=True)
    default: Any = attrs.field(default=None, kw_only=True)
    values: tuple[Any, ...] = attrs.field(default=(), kw_only=True)
    minimum: float | None = attrs.field(default=None, kw_only=True)
    maximum: float | None = attrs.field(default=None, kw_only=True)
    step: float | None = attrs.field(default=None, kw_only=True)
    pattern: str | None = attrs.field(default=None, kw_only=True)
    longest: int | None = attrs.field(default=None, kw_only=True)
    codes: tuple[str, ...] | None = attrs.field(default=None, kw_only=True)
    missing: tuple[str, ...] | None = attrs.field(default=None, kw_only=True)
    tried: tuple[Any, ...] = attrs.field(default=(), kw_only=True)
    sharing: Callable[[str], Mapping[str, Any]] | None = attrs.field(default=None, kw_only=True)
    evidence: Support = attrs.field(kw_only=True, default=())

    @property
    def is_limited(self) -> bool:
        """Whether there are limits that a value can break."""
        return bool(self.pattern or self.longest or self.values or self.minimum is not None or self.maximum is not None)

    def contradiction(self) -> tuple[str, str] | None:
        """What is wrong with the parameter itself, and how to mend it, or None."""
        if self.required and self.default is not None:
            return f"is required and has the default {self.default!r}", "take one of the two out"
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            return f"has the minimum {self.minimum:g} above the maximum {self.maximum:g}", "swap them"
        if self.step is not None and self.step <= 0:
            return f"has the step {self.step:g}", "give a step above zero"
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                return f"has the pattern {self.pattern!r}: {error}", "write a regular expression"
        wrong = None if self.default is None else self.problem(self.default)
        if wrong is not None:
            return f"has the default {self.default!r}: {wrong}", "choose one that keeps the limits"
        return None

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value that was sent, or None; a value of another type is wrong too."""
        if self.subject in (Subject.VERSION, Subject.QUALIFIER, Subject.ALIAS) and not _is_name(value):
            return "neither a text nor a number from 1"
        if self.values and not any(value == one and type(value) is type(one) for one in self.values):
            return f"not one of {', '.join(map(str, self.values))}"
        if self.minimum is not None or self.maximum is not None or self.step is not None:
            return self._off_scale(value)
        if self.pattern is None and self.longest is None:
            return None
        if not isinstance(value, str):
            return "not a text"
        if self.longest is not None and len(value) > self.longest:
            return f"longer than {self.longest} characters"
        if self.pattern is not None and re.fullmatch(self.pattern, value) is None:
            return f"does not match {self.pattern}"
        return None

    def _off_scale(self, value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
            return "not a number"
        if self.minimum is not None and value < self.minimum:
            return f"below {self.minimum:g}"
        if self.maximum is not None and value > self.maximum:
            return f"above {self.maximum:g}"
        if self.step is not None and abs(value / self.step - round(value / self.step)) > 1e-6:
            return f"not a multiple of {self.step:g}"
        return None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


@attrs.frozen
class Rule:
    """A limit on several parameters together.

    Attributes:
        name: the rule in words.
        keeps: arguments as sent, by name -> whether they keep it; None where it cannot be told.
        codes: codes that refuse a broken rule; None where they are not documented.
        sure: False where sources leave open whether the service refuses at all.
        evidence: who says so.
    """

    name: str
    keeps: Callable[[Mapping[str, Any]], bool | None]
    codes: tuple[str, ...] | None
    sure: bool = True
    evidence: Support = ()


@attrs.frozen
class Field:
    """One field of an accepted answer.

    Attributes:
        name: as the service spells it; dots lead into nested objects.
        shows: view -> the values it may show, None for shown empty; ANY where nothing is known.
        known: every value the service is known to use; another one makes a history inconclusive. Empty: any.
        reads: policies that decide what is shown; rows may be under their options or not.
    """

    name: str
    shows: Callable[[Any], Any]
    known: tuple[Any, ...] = ()
    reads: tuple[Policy, ...] = ()


@attrs.frozen
class Listing:
    """A field that lists members of a family, or the one resource itself.

    Attributes:
        name: field that holds the list.
        key: field of an entry that names it.
        part: the family listed, or None where entries are resources of which the history follows one.
        fields: what an entry shows, given a view of its member.
        besides: names of entries that are no members and may be listed, such as the version that is never published.
        present: view of an entry's member -> whether it is listed, None where that is open.
        total: field that counts all entries, or None.
        paging: arguments and fields that tell that a list may go on.
        filters: arguments that make a list show some members only.
        page: number of entries from which a list may have been cut, where no limit was sent.
        limit: argument with the greatest number of entries of an answer.
        offset: argument with the number of entries to pass over.
        marker: argument that tells where to go on.
        following: field that says where; None where it has the name of that argument.
        prefix: argument that names the beginning of the names to list.
        forward: argument and value with which a list begins with the lowest key; None where it always does.
    """

    name: str
    key: str
    part: str | None
    fields: tuple[Field, ...] = ()
    besides: tuple[str, ...] = ()
    present: Callable[[Any], bool | None] | None = None
    total: str | None = None
    paging: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    page: int | None = None
    limit: str | None = attrs.field(default=None, kw_only=True)
    offset: str | None = attrs.field(default=None, kw_only=True)
    marker: str | None = attrs.field(default=None, kw_only=True)
    following: str | None = attrs.field(default=None, kw_only=True)
    prefix: str | None = attrs.field(default=None, kw_only=True)
    forward: tuple[str, str] | None = attrs.field(default=None, kw_only=True)


class Action(StrEnum):
    """Whether an operation may change anything."""

    CALL = "call"
    READ = "read"


Target = Mapping[str, tuple[Any, ...]]


def whole(view: Any) -> tuple[Target, ...]:  # noqa: ARG001
    """The target of an operation that addresses no member of a family."""
    return ({},)


@attrs.frozen(cache_hash=True)
class Operation:
    """A named API action.

    Attributes:
        name: as the service spells it.
        action: call or read.
        parameters: its parameters; identity first.
        targets: view -> the alternatives of what it addresses: members by part, NEW and EVERY included; ALL_GO is
            EVERY where an accepted call leaves none.
        fields: what an accepted answer shows.
        listing: the list an accepted answer shows, if any.
        rules: limits on several parameters together.
        request_codes: documented codes that say nothing about the state (limits of parameters not modelled, quotas,
            permissions of the caller): such a refusal is always possible and moves nothing.
        calls_per_s: documented limit of calls a second.
        doc: one sentence.
        evidence: who says so.
    """

    name: str
    action: Action
    parameters: tuple[Parameter, ...] = ()
    targets: Callable[[Any], tuple[Target, ...]] = whole
    fields: tuple[Field, ...] = attrs.field(default=(), kw_only=True)
    listing: Listing | None = attrs.field(default=None, kw_only=True)
    rules: tuple[Rule, ...] = attrs.field(default=(), kw_only=True)
    request_codes: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    calls_per_s: float | None = attrs.field(default=None, kw_only=True)
    doc: str = attrs.field(default="", kw_only=True)
    evidence: Support = attrs.field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        parameters = [one.name for one in self.parameters]
        for parameter in self.parameters:
            where = f"parameter {parameter.name!r}"
            if parameters.count(parameter.name) > 1:
                raise DefinitionError(self.name, where, "is defined twice", "keep one definition")
            wrong = parameter.contradiction()
            if wrong is not None:
                raise DefinitionError(self.name, where, *wrong)
        fields = [field.name for field in self.fields]
        for name in fields:
            if fields.count(name) > 1:
                raise DefinitionError(self.name, f"field {name!r}", "is defined twice", "keep one definition")
        for one in self.evidence:
            if not one.sources:
                problem = f"has evidence, {one.confidence}, without a source"
                raise DefinitionError(self.name, str(self.action), problem, "name the page, package or recorded case")

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if it has one."""
        return next((one for one in self.parameters if one.name == name), None)
