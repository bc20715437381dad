"""lambda.alias: one alias of a function, a name bound to $LATEST or a version, which then cannot be deleted."""

from typing import Any

import attrs

from statemodel.catalogue.aws_lambda.function import CONFLICT, GONE, INVALID
from statemodel.catalogue.aws_lambda.operations import (
    LATEST,
    SHOWS,
    WEIGHTS_NAME,
    CreateAlias,
    CreateFunction,
    DeleteAlias,
    DeleteFunction,
    GetAlias,
    Invoke,
    ListAliases,
    PutProvisionedConcurrencyConfig,
    UpdateAlias,
    of_whole,
    weighed,
)
from statemodel.catalogue.aws_lambda.sources import (
    ALIFE,
    BOTO,
    MOVING,
    NO_ALIAS,
    PROVIDER,
    PROVISIONED,
    ROUTING,
)
from statemodel.model.data import reference_field
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import Effect, Kind, Named, Refusal, State, Transition, TransitionGraph
from statemodel.model.guard import Guard


@attrs.frozen(cache_hash=True)
class AliasData:
    """What an alias carries.

    Attributes:
        version: the main version, a number or $LATEST.
        additional: a second version that takes a share of the calls, or None.
    """

    version: int | str = reference_field("version", LATEST)
    additional: int | None = reference_field("version", None, apart_from="version")


weights_unmentioned = Policy(
    "weights_unmentioned", "What becomes of an additional version that UpdateAlias does not mention?",
    ("kept", "cleared"), evidence=observed(ALIFE, note="an empty map takes it away")
    + inferred(BOTO, note="silent; both parameters are optional"))


def _wanted(view: Any) -> tuple[Any, ...]:
    main = view.arg("FunctionVersion")
    return (*(() if main is None else (main,)), *weighed(view.arg(WEIGHTS_NAME)))


def _is_missing(view: Any) -> bool:
    return any(one != LATEST and view.state("version", one) == "Absent" for one in _wanted(view))


def _weighs(view: Any) -> bool:
    return view.arg(WEIGHTS_NAME) is not None or view.own is None or view.own.additional is None


def _clashes(view: Any) -> bool:
    bound = _rebind(view)
    return bound.additional is not None and bound.version in (LATEST, bound.additional)


missing = Guard("a version of it does not exist", _is_missing, looks_at=("version",))
weighs = Guard("all its weights are mentioned", _weighs)
clashes = Guard("the additional version is the main one, or beside $LATEST", _clashes)


def _bound(view: Any, *, keeps: bool) -> AliasData:
    own, weights, main = view.own, view.arg(WEIGHTS_NAME), view.arg("FunctionVersion")
    if main is None and own is not None:
        main = own.version
    if weights is None and own is not None and keeps:
        return AliasData(main, own.additional)
    return AliasData(main, next(iter(weighed(weights)), None))


def _bind(view: Any) -> AliasData:
    return _bound(view, keeps=False)


def _rebind(view: Any) -> AliasData:
    return _bound(view, keeps=True)


bound = Effect("binds the versions", _bind)
rebound = Effect("binds the version, keeps the other", _rebind)

STATES = (
    State("Absent", Kind.ABSENT, "No such alias."),
    State("Bound", Kind.RESTING, "Bound to a version, and perhaps to an additional one.", None),
)
_BINDS = documented(BOTO) + observed(ALIFE, MOVING, ROUTING)

TRANSITIONS = (
    Transition("Absent", CreateAlias, "Bound", guard=~missing, effect=bound, evidence=_BINDS),
    Transition("Bound", UpdateAlias, guard=~missing & weighs & ~clashes, effect=bound, evidence=_BINDS),
    Transition("Bound", UpdateAlias, guard=~missing & ~weighs & ~clashes, effect=rebound,
               under=weights_unmentioned["kept"], evidence=weights_unmentioned.evidence),
    Transition("Bound", UpdateAlias, guard=~missing & ~weighs, effect=bound, under=weights_unmentioned["cleared"],
               evidence=weights_unmentioned.evidence),
    Transition("Bound", DeleteAlias, "Absent", evidence=documented(BOTO) + observed(ALIFE)),
    Transition("Absent", DeleteAlias, evidence=observed(NO_ALIAS)),
    Transition(("Absent", "Bound"), DeleteFunction, "Absent", guard=of_whole, evidence=documented(BOTO)),
    Transition("Absent", CreateFunction, evidence=documented(BOTO, note="aliases go with their function")),
    # calls and reads that move nothing
    Transition("Bound", GetAlias, evidence=documented(BOTO) + observed(ALIFE)),
    Transition(("Absent", "Bound"), ListAliases, evidence=documented(BOTO) + observed(ALIFE)),
    *(Transition("Bound", each, evidence=documented(BOTO) + observed(ALIFE, MOVING)) for each in (Invoke, *SHOWS)),
    Transition("Bound", PutProvisionedConcurrencyConfig, evidence=documented(BOTO)),
)

REFUSALS = (
    Refusal("Bound", CreateFunction, CONFLICT, evidence=documented(BOTO, note="the resource already exists")),
    Refusal(("Absent", "Bound"), DeleteFunction, INVALID, guard=~of_whole, evidence=client_code(PROVIDER)),
    Refusal("Absent", CreateAlias, GONE, guard=missing, evidence=observed(ROUTING)),
    Refusal("Bound", CreateAlias, CONFLICT, guard=~missing, evidence=observed(ROUTING)),
    # which refusal comes first where two apply is nowhere stated
    Refusal("Bound", CreateAlias, (*CONFLICT, *GONE), guard=missing, evidence=observed(ROUTING)),
    Refusal("Bound", UpdateAlias, GONE, guard=missing, evidence=inferred(ROUTING, note="as on creation")),
    Refusal("Bound", UpdateAlias, INVALID, guard=~missing & weighs & clashes,
            evidence=inferred(ROUTING, note="as on creation")),
    Refusal("Bound", UpdateAlias, INVALID, guard=~missing & ~weighs & clashes, under=weights_unmentioned["kept"],
            evidence=inferred(ROUTING, note="as on creation")),
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO) + observed(NO_ALIAS, ROUTING))
      for each in (UpdateAlias, GetAlias)),
    *(Refusal("Absent", each, GONE, evidence=observed(ALIFE, MOVING)) for each in (Invoke, *SHOWS)),
    Refusal("Absent", PutProvisionedConcurrencyConfig, GONE, evidence=observed(PROVISIONED)),
)

ALIAS = TransitionGraph(
    "lambda.alias",
    "One alias of a Lambda function: a name bound to a version.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=AliasData,
    many=Named(),
    policies=(weights_unmentioned,),
)
