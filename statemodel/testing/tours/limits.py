"""Arguments just outside and just inside the limits of an operation's parameters. Knows no client."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import attrs

from statemodel.model.evidence import Confidence
from statemodel.model.operation import Operation, Parameter, Rule, Subject
from statemodel.semantics import call

# Texts that break most patterns; not the empty one, which many clients take for nothing at all.
TEXTS: Final = ("-", "1 2", "a/b", "é")


@attrs.frozen
class Case:
    """Some arguments at a limit.

    Attributes:
        words: what is tried, in words.
        args: the arguments that matter; the others are up to whoever calls. None says that one is not sent.
        is_within: whether the limits are kept, so that the call is accepted where it would be without them.
    """

    words: str
    args: Mapping[str, Any]
    is_within: bool


@lru_cache(maxsize=256)
def cases(operation: Operation) -> tuple[Case, ...]:
    """Every case of an operation, in the order of its parameters and rules.

    >>> from statemodel import Action, Operation, Parameter, Source, documented
    >>> limit = Parameter("limit", minimum=1, maximum=100, evidence=documented(Source("DOC", "the page on lists")))
    >>> for case in cases(Operation("List", Action.READ, (limit,))):
    ...     print(case.words, "is within" if case.is_within else "is not")
    limit=0 is not
    limit=101 is not
    limit=1 is within
    limit=100 is within
    """
    found: list[Case] = []
    for parameter in operation.parameters:
        found.extend(_of(operation, parameter))
    found.extend(case for rule in operation.rules for case in _broken(operation, rule))
    first = {repr(sorted(case.args.items())): case for case in reversed(found)}
    return tuple(first.pop(key) for case in found if (key := repr(sorted(case.args.items()))) in first)


def is_checked(parameter: Parameter) -> bool:
    """Whether a client is held to the limits of a parameter: plain values that are documented and have no default.

    Names are what a client is told resources apart by; what is only inferred is no ground for a finding.
    """
    is_documented = any(one.confidence is Confidence.DOCUMENTED for one in parameter.evidence)
    return parameter.subject is Subject.VALUE and is_documented and parameter.default is None and parameter.name != "as"


def _of(operation: Operation, parameter: Parameter) -> Iterator[Case]:
    if not is_checked(parameter):
        return
    for value in _outside(parameter):
        if parameter.problem(value) is not None:
            yield Case(_words({parameter.name: value}), {parameter.name: value}, is_within=False)
    for value in _inside(parameter):
        args = _agreed(operation, {parameter.name: value})
        if args is not None and parameter.problem(value) is None:
            yield Case(_words(args), args, is_within=True)


def _words(args: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={_short(value)}" for name, value in args.items())


def _short(value: Any) -> str:
    text = str(value) if value != "" else "''"
    return text if len(text) <= 40 else f"{text[:12]}... of {len(text)} characters"


def _outside(parameter: Parameter) -> Iterator[Any]:
    """Values just outside; one for each limit."""
    grid = parameter.step or 1
    if parameter.minimum is not None:
        yield _plain(parameter.minimum - grid)
    if parameter.maximum is not None:
        yield _plain(parameter.maximum + grid)
    if parameter.step is not None and parameter.step != 1 and parameter.minimum is not None:
        yield _plain(parameter.minimum + parameter.step / 2)
    if parameter.values and all(isinstance(one, str) for one in parameter.values):
        yield f"{parameter.values[0]}-x"
    elif parameter.values and not any(isinstance(one, bool) for one in parameter.values):
        yield max(parameter.values) + 1
    if parameter.longest is not None:
        yield "a" * (parameter.longest + 1)
    if parameter.pattern is not None:
        yield from [text for text in TEXTS if parameter.problem(text) is not None][:2]


def _inside(parameter: Parameter) -> Iterator[Any]:
    """Values just inside; none for names, of which only some exist."""
    if parameter.minimum is not None:
        yield _plain(parameter.minimum)
    if parameter.maximum is not None:
        yield _plain(parameter.maximum)
    if parameter.subject is Subject.VALUE and not parameter.required:
        yield from parameter.values
    if parameter.longest is not None:
        yield "a" * parameter.longest


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else round(number, 9)


def _agreed(operation: Operation, args: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments with what rules over several of them need besides; None where a rule would be broken."""
    for rule in operation.rules:
        if rule.keeps(args) is None:
            partner = next(_partners(operation, rule, args), None)
            args = args if partner is None else partner
    return None if any(rule.keeps(args) is False for rule in operation.rules) else args


def _partners(operation: Operation, rule: Rule, args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The arguments with one more, so that the rule has something to say of both and is kept."""
    for parameter in operation.parameters:
        if parameter.name not in args and parameter.is_limited:
            for value in _inside(parameter):
                both = {**args, parameter.name: value}
                if rule.keeps({parameter.name: value}) is None and rule.keeps(both):
                    yield both


def _broken(operation: Operation, rule: Rule) -> Iterator[Case]:
    """The first pair of arguments that breaks a rule and nothing else."""
    if not rule.sure:
        return
    values = [(one.name, value) for one in operation.parameters for value in _candidates(one)]
    for place, (name, value) in enumerate(values):
        for other, second in values[place + 1 :]:
            args = {name: value, other: second}
            if other != name and rule.keeps(dict(call(operation, args).args)) is False and _breaks_one(operation, args):
                yield Case(f"against: {rule.name}", args, is_within=False)
                return


def _breaks_one(operation: Operation, args: Mapping[str, Any]) -> bool:
    return len(call(operation, args).invalid) == 1


def _candidates(parameter: Parameter) -> tuple[Any, ...]:
    return tuple(_inside(parameter)) if is_checked(parameter) and parameter.is_limited else ()
