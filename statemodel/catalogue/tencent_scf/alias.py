"""scf.alias: one alias of a function; $DEFAULT exists from the beginning and is bound to $LATEST."""

from typing import Any

import attrs

from statemodel.catalogue.choices import both, holds
from statemodel.catalogue.tencent_scf.events import delete_failed, deleted, left_no_trace, vanished
from statemodel.catalogue.tencent_scf.function import TAKEN
from statemodel.catalogue.tencent_scf.function_data import is_leaving
from statemodel.catalogue.tencent_scf.operations import (
    DEFAULT,
    INVOCATIONS,
    LATEST,
    CopyFunction,
    CreateAlias,
    CreateFunction,
    DeleteAlias,
    DeleteFunction,
    GetAlias,
    GetFunction,
    ListAliases,
    UpdateAlias,
    additional_version,
    as_source,
    as_target,
    whole,
)
from statemodel.catalogue.tencent_scf.policies import (
    ghost_delete,
    publish_with_update,
    versions_of_a_leaving_function,
)
from statemodel.catalogue.tencent_scf.sources import QDOC_ALIAS, QDOC_CODES, SDKGO, SDKPY, STATE, T22
from statemodel.model.data import one_of, reference_field
from statemodel.model.evidence import Policy, documented, inferred, observed
from statemodel.model.graph import Effect, Kind, Named, Refusal, State, Transition, TransitionGraph
from statemodel.model.guard import Guard


@attrs.frozen(cache_hash=True)
class AliasData:
    """What an alias carries.

    Attributes:
        version: the main version, a number or $LATEST.
        additional: a second version that takes a share of the calls, or None.
        leaving: whether the whole function is being deleted.
    """

    version: int | str = reference_field("version", LATEST)
    additional: int | str | None = reference_field("version", None, LATEST, apart_from="version")
    leaving: bool = one_of(False, True)  # noqa: FBT003 - the values themselves


alias_to_unready_version = Policy(
    "alias_to_unready_version", "Can an alias be bound to a version that is not Active?", ("accepted", "refused"),
    evidence=documented(QDOC_ALIAS, note="an additional version must be usable; nothing is said of the main one"))

read_by_alias = Policy(
    "read_by_alias", "Does GetFunction take an alias as its Qualifier?", ("accepted", "refused"),
    evidence=inferred(SDKPY, SDKGO, note="it is said to be a version; InvalidParameterValue.Qualifier is listed"))


def _exists(view: Any, wanted: Any) -> bool | None:
    """Whether a version is there to be bound: open where it is only awaited, or leaves with the function."""
    if wanted in (LATEST, None):
        return True
    state, data = view.state("version", wanted), view.data("version", wanted)
    if state == "Absent":
        return False
    is_seen = holds(view, publish_with_update, "at once") if state == "Awaited" else True
    is_left = holds(view, versions_of_a_leaving_function, "readable") if data is not None and data.leaving else True
    return both(is_seen, is_left)


def _versions_exist(view: Any) -> bool | None:
    additional = additional_version(view.arg("RoutingConfig"))
    return both(_exists(view, view.arg("FunctionVersion")), _exists(view, additional))


def _ready(view: Any, wanted: Any) -> bool:
    return wanted in (LATEST, None) or view.state("version", wanted) == "Active"


def _are_ready(view: Any) -> bool:
    return _ready(view, view.arg("FunctionVersion")) and _ready(view, additional_version(view.arg("RoutingConfig")))


def _versions_ready(view: Any) -> bool | None:
    return both(_are_ready(view), _versions_exist(view))


def _versions_unready(view: Any) -> bool | None:
    return both(not _are_ready(view), _versions_exist(view))


def _is_missing(view: Any) -> bool | None:
    exist = _versions_exist(view)
    return None if exist is None else not exist


def _is_either(view: Any) -> bool:
    """Whether two versions are named, and one of them is there but not Active."""
    named = (view.arg("FunctionVersion"), additional_version(view.arg("RoutingConfig")))
    states = [view.state("version", one) for one in named if one not in (LATEST, None)]
    return len(states) == 2 and any(one not in ("Absent", "Active") for one in states)


def _version_missing(view: Any) -> bool | None:
    return both(not _is_either(view), _is_missing(view))


def _versions_mixed(view: Any) -> bool | None:
    return both(_is_either(view), _is_missing(view))


def _is_default(view: Any) -> bool:
    return bool(view.key == DEFAULT)


def _is_leaving(view: Any) -> bool:
    return view.own is not None and bool(view.own.leaving)


def _makes_way(view: Any) -> bool:
    return _is_leaving(view) or view.arg("Override") is True


def _is_gone(view: Any) -> bool | None:
    return both(_is_leaving(view), holds(view, versions_of_a_leaving_function, "gone"))


def _takes_aliases(view: Any) -> bool | None:
    return holds(view, read_by_alias, "accepted")


KINDS = ("its versions are Active", "a version of it is not Active", "a version of it does not exist",
         "one version of it does not exist, the other is not Active")
ready = Guard(KINDS[0], _versions_ready, KINDS, ("version",))
unready = Guard(KINDS[1], _versions_unready, KINDS, ("version",))
missing = Guard(KINDS[2], _version_missing, KINDS, ("version",))
mixed = Guard(KINDS[3], _versions_mixed, KINDS, ("version",))
is_default = Guard("$DEFAULT", _is_default)
leaving = Guard("the function is leaving", _is_leaving)
makes_way = Guard("Override, or the function is leaving", _makes_way)
gone = Guard("gone with its leaving function", _is_gone, only_under=versions_of_a_leaving_function["gone"])
takes_aliases = Guard("GetFunction takes aliases", _takes_aliases, only_under=read_by_alias["accepted"])


def _bind(view: Any) -> AliasData:
    additional = additional_version(view.arg("RoutingConfig"))
    return AliasData(view.arg("FunctionVersion"), additional, _is_leaving(view) or is_leaving(view))


def _bind_latest(_view: Any) -> AliasData:
    return AliasData()


def _leave(view: Any) -> Any:
    return attrs.evolve(view.own, leaving=True)


def _stay(view: Any) -> Any:
    return attrs.evolve(view.own, leaving=False)


bound = Effect("binds the version", _bind)
to_latest = Effect("binds $LATEST", _bind_latest)
leaves = Effect("leaves with the function", _leave)
stays = Effect("stays after all", _stay)

STATES = (
    State("Absent", Kind.ABSENT, "No such alias."),
    State("Bound", Kind.RESTING, "Bound to a version, and perhaps to an additional one."),
)
NO_VERSION = ("ResourceNotFound.FunctionVersion",)
ALIAS_TAKEN = ("ResourceInUse.Alias",)
NO_ALIAS = ("ResourceNotFound.Alias",)
NOT_TAKEN = ("InvalidParameterValue.Qualifier",)
NOT_SHOWN = ("ResourceNotFound.Version", *NOT_TAKEN)
NOT_INVOKED = ("ResourceNotFound.Qualifier", "ResourceNotFound.Function")

TRANSITIONS = (
    Transition("Absent", CreateFunction, "Bound", effect=to_latest, evidence=documented(QDOC_ALIAS)),
    Transition("Bound", CreateFunction, "Bound", guard=leaving & is_default, effect=to_latest,
               evidence=inferred(SDKGO)),
    Transition("Bound", CreateFunction, "Absent", guard=leaving & ~is_default, evidence=inferred(SDKGO)),
    Transition("Absent", CopyFunction, "Bound", guard=as_target, effect=to_latest, evidence=inferred(QDOC_ALIAS)),
    Transition("Absent", CopyFunction, guard=as_source, evidence=documented(SDKPY)),
    Transition("Bound", CopyFunction, guard=as_source, evidence=documented(SDKPY)),
    Transition("Bound", CopyFunction, "Bound", guard=as_target & makes_way & is_default, effect=to_latest,
               evidence=documented(SDKPY)),
    Transition("Bound", CopyFunction, "Absent", guard=as_target & makes_way & ~is_default, evidence=documented(SDKPY)),
    Transition("Absent", CreateAlias, "Bound", guard=ready, effect=bound, evidence=documented(SDKPY, QDOC_ALIAS)),
    Transition("Absent", CreateAlias, "Bound", guard=unready, effect=bound, under=alias_to_unready_version["accepted"],
               evidence=alias_to_unready_version.evidence),
    Transition("Bound", CreateAlias, effect=bound, guard=ready & gone, under=versions_of_a_leaving_function["gone"],
               evidence=versions_of_a_leaving_function.evidence),
    Transition("Bound", CreateAlias, effect=bound, guard=unready & gone, under=alias_to_unready_version["accepted"],
               evidence=alias_to_unready_version.evidence),
    Transition("Bound", UpdateAlias, effect=bound, guard=ready & ~gone, evidence=documented(SDKPY, QDOC_ALIAS)),
    Transition("Bound", UpdateAlias, effect=bound, guard=unready & ~gone, under=alias_to_unready_version["accepted"],
               evidence=alias_to_unready_version.evidence),
    Transition("Bound", DeleteAlias, "Absent", guard=~is_default & ~gone, evidence=documented(SDKPY)),
    Transition("Absent", DeleteFunction, guard=whole, evidence=documented(SDKPY)),
    Transition("Bound", DeleteFunction, guard=whole, effect=leaves, evidence=inferred(SDKPY)),
    Transition(("Absent", "Bound"), DeleteFunction, guard=~whole, evidence=documented(SDKPY)),
    Transition("Bound", deleted, "Absent", guard=leaving, evidence=inferred(STATE)),
    Transition("Bound", left_no_trace, "Absent", evidence=inferred(STATE)),
    Transition("Bound", vanished, "Absent", under=ghost_delete["on"], evidence=observed(T22)),
    Transition("Bound", delete_failed, effect=stays, evidence=inferred(STATE)),
    Transition("Bound", GetAlias, guard=~leaving, evidence=documented(SDKPY)),
    Transition("Bound", GetAlias, guard=leaving, under=versions_of_a_leaving_function["readable"],
               evidence=versions_of_a_leaving_function.evidence),
    Transition(("Absent", "Bound"), ListAliases, evidence=documented(SDKPY)),
    *(Transition("Bound", each, guard=~leaving, evidence=documented(SDKPY, QDOC_ALIAS)) for each in INVOCATIONS),
    *(Transition("Bound", each, guard=leaving, under=versions_of_a_leaving_function["readable"],
                 evidence=versions_of_a_leaving_function.evidence) for each in INVOCATIONS),
    Transition("Bound", GetFunction, guard=~leaving, under=read_by_alias["accepted"], evidence=read_by_alias.evidence),
    Transition("Bound", GetFunction, guard=leaving & takes_aliases, under=versions_of_a_leaving_function["readable"],
               evidence=versions_of_a_leaving_function.evidence + read_by_alias.evidence),
)

REFUSALS = (
    Refusal("Bound", CreateFunction, TAKEN, guard=~leaving, evidence=documented(SDKGO)),
    Refusal("Bound", CopyFunction, ("ResourceInUse.FunctionName",), guard=as_target & ~makes_way,
            evidence=documented(SDKGO)),
    Refusal("Absent", CreateAlias, NO_VERSION, guard=missing, evidence=documented(SDKGO)),
    Refusal(("Absent", "Bound"), CreateAlias, None, guard=mixed, evidence=documented(SDKGO)),
    Refusal(("Absent", "Bound"), UpdateAlias, None, guard=mixed, evidence=documented(SDKGO)),
    Refusal("Absent", CreateAlias, None, guard=unready, under=alias_to_unready_version["refused"],
            evidence=alias_to_unready_version.evidence),
    # which refusal comes first where two apply is nowhere stated
    Refusal("Bound", CreateAlias, ALIAS_TAKEN, guard=ready & ~gone, evidence=documented(SDKGO)),
    Refusal("Bound", CreateAlias, (*ALIAS_TAKEN, *NO_VERSION), guard=missing & ~gone, evidence=documented(SDKGO)),
    Refusal("Bound", CreateAlias, None, guard=unready & ~gone, evidence=documented(SDKGO)),
    Refusal("Bound", CreateAlias, NO_VERSION, guard=missing & gone, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal("Bound", CreateAlias, None, guard=unready & gone, under=alias_to_unready_version["refused"],
            evidence=alias_to_unready_version.evidence),
    Refusal("Absent", UpdateAlias, NO_ALIAS, guard=ready, evidence=documented(SDKGO)),
    Refusal("Absent", UpdateAlias, (*NO_ALIAS, *NO_VERSION), guard=missing, evidence=documented(SDKGO)),
    Refusal("Absent", UpdateAlias, None, guard=unready, evidence=documented(SDKGO)),
    Refusal("Bound", UpdateAlias, NO_VERSION, guard=missing & ~gone, evidence=documented(SDKGO)),
    Refusal("Bound", UpdateAlias, None, guard=unready & ~gone, under=alias_to_unready_version["refused"],
            evidence=alias_to_unready_version.evidence),
    Refusal("Bound", UpdateAlias, NO_ALIAS, guard=ready & gone, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal("Bound", UpdateAlias, (*NO_ALIAS, *NO_VERSION), guard=missing & gone,
            under=versions_of_a_leaving_function["gone"], evidence=versions_of_a_leaving_function.evidence),
    Refusal("Bound", UpdateAlias, None, guard=unready & gone, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal("Absent", DeleteAlias, NO_ALIAS, evidence=documented(SDKGO)),
    Refusal("Bound", DeleteAlias, ("InvalidParameterValue.Alias",), guard=is_default & ~gone,
            evidence=documented(SDKPY)),
    Refusal("Bound", DeleteAlias, (*NO_ALIAS, "InvalidParameterValue.Alias"), guard=is_default & gone,
            under=versions_of_a_leaving_function["gone"], evidence=versions_of_a_leaving_function.evidence),
    Refusal("Bound", DeleteAlias, NO_ALIAS, guard=~is_default & gone, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal("Absent", GetAlias, NO_ALIAS, evidence=documented(SDKGO)),
    Refusal("Bound", GetAlias, NO_ALIAS, guard=leaving, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    *(Refusal("Bound", each, None, guard=leaving, under=versions_of_a_leaving_function["gone"],
              evidence=versions_of_a_leaving_function.evidence) for each in INVOCATIONS),
    *(Refusal("Absent", each, NOT_INVOKED, evidence=documented(SDKGO, QDOC_CODES)) for each in INVOCATIONS),
    Refusal("Bound", GetFunction, NOT_TAKEN, guard=~leaving, under=read_by_alias["refused"],
            evidence=read_by_alias.evidence),
    Refusal("Bound", GetFunction, NOT_TAKEN, guard=leaving & ~takes_aliases,
            under=versions_of_a_leaving_function["readable"],
            evidence=versions_of_a_leaving_function.evidence + read_by_alias.evidence),
    Refusal("Bound", GetFunction, NOT_SHOWN, guard=leaving, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal("Absent", GetFunction, NOT_SHOWN, evidence=documented(SDKGO)),
)

ALIAS = TransitionGraph(
    "scf.alias",
    "One alias of an SCF function: a name bound to a version; $DEFAULT is there from the beginning.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=AliasData,
    many=Named((DEFAULT,)),
    follows=(delete_failed, deleted, left_no_trace, vanished),
    policies=(alias_to_unready_version, read_by_alias, versions_of_a_leaving_function, ghost_delete),
)
