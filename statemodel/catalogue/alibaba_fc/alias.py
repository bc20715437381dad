"""fc.alias: one alias of a function, a name bound to a version. It stays when that version is deleted, and dangles."""

from typing import Any

import attrs

from statemodel.catalogue.alibaba_fc.function import TAKEN
from statemodel.catalogue.alibaba_fc.operations import (
    LATEST,
    CreateAlias,
    CreateFunction,
    DeleteAlias,
    DeleteFunction,
    GetAlias,
    GetFunction,
    GetFunctionCode,
    InvokeFunction,
    ListAliases,
    UpdateAlias,
    additional_versions,
)
from statemodel.catalogue.alibaba_fc.sources import ERR2, ERR3, ERRT, FC3, FCDOC_023, FCDOC_024, SDK, TF
from statemodel.model.data import reference_field
from statemodel.model.evidence import Policy, client_code, documented, inferred
from statemodel.model.graph import Effect, Kind, Named, Refusal, State, Transition, TransitionGraph
from statemodel.model.guard import Guard


@attrs.frozen(cache_hash=True)
class AliasData:
    """What an alias carries.

    Attributes:
        version: the main version, a number or LATEST; it need not exist any more.
        additional: a second version that takes a share of the calls, or None.
    """

    version: int | str = reference_field("version", LATEST)
    additional: int | str | None = reference_field("version", None, LATEST)


alias_to_latest = Policy(
    "alias_to_latest", "Can an alias be bound to LATEST?", ("accepted", "refused"),
    evidence=inferred(FCDOC_023, FCDOC_024, note="silent"))
weights_unmentioned = Policy(
    "weights_unmentioned", "What becomes of an additional version that updateAlias does not mention?",
    ("kept", "cleared"), evidence=inferred(SDK, note="silent; both parameters are optional"))
weights_to_latest = Policy(
    "weights_to_latest", "What becomes of an additional version not mentioned when its alias is moved to LATEST?",
    ("kept", "cleared", "refused"), evidence=inferred(SDK, note="silent; whether LATEST can be named is open as well"))

weights_of_main = Policy(
    "weights_of_main", "Does updateAlias take weights of the main version, where it names no other main one?",
    ("refused", "accepted"), evidence=inferred(SDK, ERR2, note="refused where it names it; else silent"))


def _wanted(view: Any) -> tuple[Any, ...]:
    main = view.arg("versionId")
    return (*(() if main is None else (main,)), *additional_versions(view.arg("additionalVersionWeight")))


def _exist(view: Any) -> bool:
    return all(one == LATEST or view.state("version", one) != "Absent" for one in _wanted(view))


def _are_known(view: Any) -> bool:
    return LATEST not in _wanted(view) and _exist(view)


def _names_latest(view: Any) -> bool:
    return LATEST in _wanted(view) and _exist(view)


def _is_missing(view: Any) -> bool:
    return not _exist(view)


def _weighs(view: Any) -> bool:
    return view.arg("additionalVersionWeight") is not None or view.own is None or view.own.additional is None


def _clashes(view: Any) -> bool:
    return view.own is not None and view.own.additional is not None and view.own.additional == view.arg("versionId")


def _repeats(view: Any) -> bool:
    weighed = additional_versions(view.arg("additionalVersionWeight"))
    return view.own is not None and view.arg("versionId") is None and view.own.version in weighed


KINDS = ("its versions exist", "it names LATEST", "a version of it does not exist")
known = Guard(KINDS[0], _are_known, KINDS, ("version",))
names_latest = Guard(KINDS[1], _names_latest, KINDS, ("version",))
missing = Guard(KINDS[2], _is_missing, KINDS, ("version",))
weighs = Guard("all its weights are mentioned", _weighs)
clashes = Guard("the additional version becomes the main one", _clashes)
repeats = Guard("the main version becomes the additional one", _repeats)


def _bound(view: Any, *, keeps: bool) -> AliasData:
    own, weights = view.own, view.arg("additionalVersionWeight")
    main = view.arg("versionId")
    if main is None and own is not None:
        main = own.version
    if weights is None and own is not None and keeps:
        return AliasData(main, own.additional)
    return AliasData(main, next(iter(additional_versions(weights)), None))


def _bind(view: Any) -> AliasData:
    return _bound(view, keeps=False)


def _rebind(view: Any) -> AliasData:
    return _bound(view, keeps=True)


bound = Effect("binds the versions", _bind)
rebound = Effect("binds the version, keeps the other", _rebind)

STATES = (
    State("Absent", Kind.ABSENT, "No such alias."),
    State("Bound", Kind.RESTING, "Bound to a version, existing or not, and perhaps to an additional one.", None),
)
TAKEN_NAME = ("AliasAlreadyExists",)
NO_VERSION = ("VersionNotFound",)
NO_ALIAS = ("AliasNotFound",)
TWICE = ("AdditionalVersionContainsMajorVersion",)
QUALIFIED = (GetFunction, GetFunctionCode)
_BINDS = documented(SDK) + client_code(FC3, TF)

TRANSITIONS = (
    Transition("Absent", CreateAlias, "Bound", guard=known, effect=bound, evidence=_BINDS),
    Transition("Absent", CreateAlias, "Bound", guard=names_latest, effect=bound, under=alias_to_latest["accepted"],
               evidence=alias_to_latest.evidence),
    Transition("Bound", UpdateAlias, guard=known & weighs & ~repeats, effect=bound, evidence=_BINDS),
    Transition("Bound", UpdateAlias, guard=known & weighs & repeats, effect=bound, under=weights_of_main["accepted"],
               evidence=weights_of_main.evidence),
    Transition("Bound", UpdateAlias, guard=known & ~weighs & ~clashes, effect=rebound,
               under=weights_unmentioned["kept"], evidence=weights_unmentioned.evidence),
    Transition("Bound", UpdateAlias, guard=known & ~weighs, effect=bound, under=weights_unmentioned["cleared"],
               evidence=weights_unmentioned.evidence),
    Transition("Bound", UpdateAlias, guard=names_latest & weighs, effect=bound, under=alias_to_latest["accepted"],
               evidence=alias_to_latest.evidence),
    Transition("Bound", UpdateAlias, guard=names_latest & ~weighs & ~clashes, effect=rebound,
               under=weights_to_latest["kept"], evidence=weights_to_latest.evidence),
    Transition("Bound", UpdateAlias, guard=names_latest & ~weighs, effect=bound, under=weights_to_latest["cleared"],
               evidence=weights_to_latest.evidence),
    Transition("Bound", DeleteAlias, "Absent", evidence=documented(FCDOC_023)),
    Transition("Bound", DeleteFunction, "Absent", evidence=inferred(FCDOC_024)),
    Transition("Absent", DeleteFunction, evidence=documented(SDK)),
    Transition("Absent", CreateFunction, evidence=inferred(FCDOC_024)),
    # calls and reads that move nothing
    Transition("Bound", GetAlias, evidence=documented(SDK)),
    Transition(("Absent", "Bound"), ListAliases, evidence=documented(SDK)),
    *(Transition("Bound", each, evidence=documented(SDK, FCDOC_024)) for each in (InvokeFunction, *QUALIFIED)),
)

REFUSALS = (
    Refusal("Bound", CreateFunction, TAKEN, evidence=documented(ERR3)),
    Refusal("Absent", CreateAlias, NO_VERSION, guard=missing, evidence=documented(ERRT)),
    Refusal("Absent", CreateAlias, None, guard=names_latest, under=alias_to_latest["refused"],
            evidence=alias_to_latest.evidence),
    # which refusal comes first where two apply is nowhere stated
    Refusal("Bound", CreateAlias, TAKEN_NAME, guard=known, evidence=documented(ERR2) + client_code(FC3, TF)),
    Refusal("Bound", CreateAlias, (*TAKEN_NAME, *NO_VERSION), guard=missing, evidence=documented(ERR2, ERRT)),
    Refusal("Bound", CreateAlias, None, guard=names_latest, evidence=documented(ERR2)),
    *(Refusal("Bound", UpdateAlias, NO_VERSION, guard=missing & each, evidence=documented(ERRT))
      for each in (weighs & ~repeats, ~weighs & ~clashes)),
    *(Refusal("Bound", UpdateAlias, codes, guard=missing & each, under=choice, evidence=documented(ERRT, ERR2))
      for each, choice, codes in (
          (weighs & repeats, weights_of_main["accepted"], NO_VERSION),
          (weighs & repeats, weights_of_main["refused"], (*NO_VERSION, *TWICE)),
          (~weighs & clashes, weights_unmentioned["cleared"], NO_VERSION),
          (~weighs & clashes, weights_unmentioned["kept"], (*NO_VERSION, *TWICE)))),
    Refusal("Bound", UpdateAlias, None, guard=names_latest & weighs, under=alias_to_latest["refused"],
            evidence=alias_to_latest.evidence),
    Refusal("Bound", UpdateAlias, None, guard=names_latest & ~weighs, under=weights_to_latest["refused"],
            evidence=weights_to_latest.evidence),
    Refusal("Bound", UpdateAlias, TWICE, guard=names_latest & ~weighs & clashes,
            under=weights_to_latest["kept"], evidence=documented(ERR2)),
    Refusal("Bound", UpdateAlias, TWICE, guard=known & ~weighs & clashes,
            under=weights_unmentioned["kept"], evidence=documented(ERR2)),
    Refusal("Bound", UpdateAlias, TWICE, guard=known & weighs & repeats,
            under=weights_of_main["refused"], evidence=documented(ERR2)),
    Refusal("Absent", UpdateAlias, NO_ALIAS, guard=known, evidence=documented(ERR2) + client_code(FC3, TF)),
    Refusal("Absent", UpdateAlias, (*NO_ALIAS, *NO_VERSION), guard=missing, evidence=documented(ERR2, ERRT)),
    Refusal("Absent", UpdateAlias, None, guard=names_latest, evidence=documented(ERR2)),
    *(Refusal("Absent", each, NO_ALIAS, evidence=documented(ERR2) + client_code(FC3, TF))
      for each in (DeleteAlias, GetAlias, InvokeFunction)),
    *(Refusal("Absent", each, None, evidence=inferred(ERR2, note="the qualifier names nothing")) for each in QUALIFIED),
)

ALIAS = TransitionGraph(
    "fc.alias",
    "One alias of an FC 3.0 function: a name bound to a version.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=AliasData,
    many=Named(),
    policies=(alias_to_latest, weights_unmentioned, weights_to_latest, weights_of_main),
)
