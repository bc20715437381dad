"""scf.version: one published version, an immutable copy of $LATEST with a number and a status of its own."""

from typing import Any

import attrs

from statemodel.catalogue.choices import both, holds
from statemodel.catalogue.tencent_scf.events import (
    delete_failed,
    deleted,
    publish_failed,
    published,
    update_failed,
    updated,
)
from statemodel.catalogue.tencent_scf.function import NOT_DELETED, NOT_READY, TAKEN
from statemodel.catalogue.tencent_scf.function_data import is_leaving
from statemodel.catalogue.tencent_scf.operations import (
    INVOCATIONS,
    UPDATES,
    CopyFunction,
    CreateFunction,
    DeleteFunction,
    DeleteFunctionVersion,
    GetFunction,
    ListVersionByFunction,
    PublishVersion,
    UpdateFunctionCode,
    as_source,
    as_target,
    whole,
)
from statemodel.catalogue.tencent_scf.policies import publish_with_update, versions_of_a_leaving_function
from statemodel.catalogue.tencent_scf.sources import (
    QDOC_CODES,
    QDOC_VERSION,
    SDKGO,
    SDKPY,
    STATE,
    T06C,
    T25,
    TCBDOC,
    TCBM,
    TKT,
)
from statemodel.model.data import content_field, one_of
from statemodel.model.evidence import Policy, documented, inferred, observed
from statemodel.model.evidence import client_code as client
from statemodel.model.graph import (
    Effect,
    Kind,
    Numbered,
    Query,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    service,
)
from statemodel.model.guard import Guard
from statemodel.model.operation import Operation


@attrs.frozen(cache_hash=True)
class VersionData:
    """What a version carries.

    Attributes:
        content: what it serves; never changes.
        leaving: whether the whole function is being deleted.
    """

    content: int | None = content_field()
    leaving: bool = one_of(False, True)  # noqa: FBT003 - the values themselves


numbering_after_deletion = Policy(
    "numbering_after_deletion", "Do numbers start again from 1 when a function of the same name is created?",
    ("restarts", "continues"), evidence=inferred(QDOC_VERSION, note="silent"))
version_passes_deleting = Policy(
    "version_passes_deleting", "Does a version that is deleted pass through Deleting?", ("yes", "no"),
    evidence=inferred(SDKPY, note="the enumeration of its Status has Deleting and DeleteFailed"))
unready_version_delete = Policy(
    "unready_version_delete", "Is a version deleted that is not Active?", ("accepted", "refused"),
    evidence=documented(SDKPY, note="FailedOperation.DeleteFunction: status not normal, without saying whose"))
invoke_unready_version = Policy(
    "invoke_unready_version", "Is a version served while it is deleted, or after its deletion failed?",
    ("served", "refused"), evidence=inferred(QDOC_CODES))
invoke_publish_failed = Policy(
    "invoke_publish_failed", "Is a version served whose publication failed?", ("refused", "served"),
    evidence=inferred(QDOC_CODES, note="438: a status that is not normal, without saying which are"))
version_after_failed_update = Policy(
    "version_after_failed_update", "What becomes of a version that was to be published with an update that failed?",
    ("publish failed", "gone"), evidence=inferred(SDKPY, note="silent"))
number_of_a_gone_version = Policy(
    "number_of_a_gone_version", "Is the number given out again of a version whose update failed before there was one?",
    ("given out again", "used up"), evidence=inferred(QDOC_VERSION, note="silent"))


def _binds(_key: Any, member: Any, version: Any) -> bool:
    return member.data is not None and version in (member.data.version, member.data.additional)


def _is_bound(view: Any) -> bool | None:
    found: bool | None = view.some("alias", Query("is bound to", view.key, _binds))
    return found


def _is_leaving(view: Any) -> bool:
    return view.own is not None and bool(view.own.leaving)


def _makes_way(view: Any) -> bool:
    return _is_leaving(view) or view.arg("Override") is True


def _publishes(view: Any) -> bool:
    return bool(view.arg("Publish") == "TRUE")


def _is_unseen(view: Any) -> bool | None:
    return holds(view, publish_with_update, "after the update")


def _is_gone(view: Any) -> bool | None:
    return both(_is_leaving(view), holds(view, versions_of_a_leaving_function, "gone"))


def _passes(view: Any) -> bool | None:
    return holds(view, version_passes_deleting, "yes")


bound = Guard("an alias is bound to it", _is_bound, looks_at=("alias",))
unseen = Guard("unseen until the update ends", _is_unseen,
               only_under=publish_with_update["after the update"])
gone = Guard("gone with its leaving function", _is_gone,
             only_under=versions_of_a_leaving_function["gone"])
passes = Guard("deletions pass through Deleting", _passes, only_under=version_passes_deleting["yes"])
leaving = Guard("the function is leaving", _is_leaving)
makes_way = Guard("Override, or the function is leaving", _makes_way)
publishes = Guard("Publish is TRUE", _publishes)


def _freeze(view: Any) -> VersionData:
    function = view.data("function")
    content = view.unseen() if function is None or function.content is None else function.content
    return VersionData(content, is_leaving(view))


def _freeze_new(view: Any) -> VersionData:
    return VersionData(view.content(), is_leaving(view))


def _leave(view: Any) -> Any:
    return attrs.evolve(view.own, leaving=True)


def _stay(view: Any) -> Any:
    return attrs.evolve(view.own, leaving=False)


frozen = Effect("freezes $LATEST", _freeze)
brought = Effect("freezes the new content", _freeze_new)
leaves = Effect("leaves with the function", _leave)
stays = Effect("stays after all", _stay)


version_deleted = service("version deleted")
version_delete_failed = service("version delete failed")

STATES = (
    State("Absent", Kind.ABSENT, "Never published, or deleted: a number is not used again."),
    State("Awaited", Kind.WORKING, "Asked for together with an update that has not ended.", "Publishing"),
    State("Publishing", Kind.WORKING, "Being published."),
    State("Active", Kind.RESTING, "Published: can be invoked, bound and deleted."),
    State("PublishFailed", Kind.FAILED, "Publication failed; other versions are untouched."),
    State("Deleting", Kind.WORKING, "Being deleted on its own."),
    State("DeleteFailed", Kind.FAILED, "Its own deletion failed."),
)
PRESENT = tuple(state.name for state in STATES if state.name != "Absent")
UNREADY = tuple(name for name in PRESENT if name != "Active")
GONE = ("ResourceNotFound.Version", "ResourceNotFound.Qualifier", "InvalidParameterValue.Qualifier",
        "ResourceNotFound.Function")
ALIAS_BOUND = ("UnsupportedOperation.AliasBind",)
DELETIONS = (DeleteFunction, DeleteFunctionVersion)
WAYS = (("Absent", ~passes), ("Deleting", passes))


def _own(operation: Operation, guard: Guard) -> Guard:
    """DeleteFunction speaks of a version only where it has a qualifier."""
    return ~whole & guard if operation is DeleteFunction else guard


TRANSITIONS = (
    # publication
    Transition("Absent", PublishVersion, "Publishing", effect=frozen,
               evidence=documented(SDKPY, QDOC_VERSION) + observed(T06C, T25)),
    Transition("Absent", UpdateFunctionCode, "Awaited", effect=brought, guard=publishes, evidence=documented(SDKPY)),
    Transition("Absent", UPDATES[1], "Awaited", effect=frozen, guard=publishes, evidence=documented(SDKPY)),
    *(Transition("Absent", each, guard=~publishes, evidence=documented(SDKPY)) for each in UPDATES),
    Transition("Awaited", updated, "Publishing", evidence=documented(SDKPY)),
    Transition("Awaited", update_failed, "PublishFailed", under=version_after_failed_update["publish failed"],
               evidence=version_after_failed_update.evidence),
    Transition("Awaited", update_failed, "Absent", under=version_after_failed_update["gone"],
               evidence=version_after_failed_update.evidence),
    Transition("Publishing", published, "Active", evidence=documented(STATE) + observed(T25) + client(TCBM, TKT)),
    Transition("Publishing", publish_failed, "PublishFailed", evidence=documented(STATE)),
    # updates and publications leave every other version as it is
    *(Transition(PRESENT, each, evidence=documented(QDOC_VERSION, STATE)) for each in (PublishVersion, *UPDATES)),
    # deletion of its own
    *(Transition("Active", each, "Absent", guard=_own(each, ~bound & ~gone), under=version_passes_deleting["no"],
                 evidence=documented(SDKPY, TCBDOC)) for each in DELETIONS),
    *(Transition("Active", each, "Deleting", guard=_own(each, ~bound & ~gone), under=version_passes_deleting["yes"],
                 evidence=documented(SDKPY, TCBDOC)) for each in DELETIONS),
    *(Transition("Awaited", each, "Absent", guard=_own(each, ~bound & ~gone & ~unseen),
                 under=unready_version_delete["accepted"], evidence=unready_version_delete.evidence)
      for each in DELETIONS),
    *(Transition(("Publishing", "PublishFailed", "DeleteFailed"), each, to, guard=_own(each, ~bound & ~gone & way),
                 under=unready_version_delete["accepted"], evidence=unready_version_delete.evidence)
      for to, way in WAYS for each in DELETIONS),
    *(Transition("Deleting", each, guard=_own(each, ~bound & ~gone), under=unready_version_delete["accepted"],
                 evidence=unready_version_delete.evidence) for each in DELETIONS),
    Transition("Deleting", version_deleted, "Absent", evidence=inferred(SDKPY)),
    Transition("Deleting", version_delete_failed, "DeleteFailed", evidence=inferred(SDKPY)),
    # deletion of the whole function
    Transition("Absent", DeleteFunction, guard=whole, evidence=documented(SDKPY)),
    Transition(PRESENT, DeleteFunction, guard=whole, effect=leaves, evidence=documented(SDKPY, note="all versions go")),
    Transition(PRESENT, deleted, "Absent", guard=leaving, evidence=documented(SDKPY, note="all versions go")),
    Transition(PRESENT[1:], delete_failed, effect=stays, evidence=inferred(STATE)),
    Transition("Awaited", delete_failed, "PublishFailed", effect=stays,
               under=version_after_failed_update["publish failed"], evidence=version_after_failed_update.evidence),
    Transition("Awaited", delete_failed, "Absent", under=version_after_failed_update["gone"],
               evidence=version_after_failed_update.evidence),
    # a new life of the function has no versions
    Transition("Absent", CreateFunction, evidence=documented(QDOC_VERSION)),
    Transition(PRESENT, CreateFunction, "Absent", guard=leaving, evidence=inferred(SDKGO)),
    Transition("Absent", CopyFunction, evidence=documented(SDKPY)),
    Transition(PRESENT, CopyFunction, guard=as_source,
               evidence=documented(SDKPY, note="other versions are not copied")),
    Transition(PRESENT, CopyFunction, "Absent", guard=as_target & makes_way,
               evidence=documented(SDKPY, note="Override deletes the function of that name")),
    # reads
    *(Transition("Active", each, guard=~leaving, evidence=documented(SDKPY, QDOC_VERSION)) for each in INVOCATIONS),
    *(Transition("Active", each, guard=leaving, under=versions_of_a_leaving_function["readable"],
                 evidence=versions_of_a_leaving_function.evidence) for each in INVOCATIONS),
    *(Transition("PublishFailed", each, guard=~gone, under=invoke_publish_failed["served"],
                 evidence=invoke_publish_failed.evidence) for each in INVOCATIONS),
    *(Transition(("Deleting", "DeleteFailed"), each, guard=~gone, under=invoke_unready_version["served"],
                 evidence=invoke_unready_version.evidence) for each in INVOCATIONS),
    Transition("Awaited", GetFunction, guard=~gone, under=publish_with_update["at once"],
               evidence=publish_with_update.evidence),
    Transition(PRESENT[1:], GetFunction, guard=~leaving, evidence=documented(STATE) + client(TKT)),
    Transition(PRESENT[1:], GetFunction, guard=leaving, under=versions_of_a_leaving_function["readable"],
               evidence=versions_of_a_leaving_function.evidence),
    Transition((*PRESENT, "Absent"), ListVersionByFunction, evidence=documented(STATE) + client(TCBM)),
)

REFUSALS = (
    Refusal(PRESENT, CreateFunction, TAKEN, guard=~leaving, evidence=documented(SDKGO)),
    Refusal(PRESENT, CopyFunction, ("ResourceInUse.FunctionName",), guard=as_target & ~makes_way,
            evidence=documented(SDKGO)),
    Refusal("Absent", DeleteFunction, GONE, guard=~whole, evidence=documented(SDKGO)),
    Refusal("Absent", DeleteFunctionVersion, GONE, evidence=documented(SDKGO)),
    *(Refusal("Active", each, ALIAS_BOUND, guard=_own(each, bound & ~gone), evidence=documented(SDKPY))
      for each in DELETIONS),
    *(Refusal(states, each, codes, guard=_own(each, shown & ~gone), under=unready_version_delete[option],
              evidence=documented(SDKPY, note="whichever of the reasons is looked at first"))
      for states, shown in (("Awaited", bound & ~unseen), (UNREADY[1:], bound))
      for option, codes in (("accepted", ALIAS_BOUND), ("refused", (*ALIAS_BOUND, *NOT_DELETED)))
      for each in DELETIONS),
    *(Refusal("Awaited", each, NOT_DELETED, guard=_own(each, ~bound & ~gone & ~unseen),
              under=unready_version_delete["refused"], evidence=unready_version_delete.evidence) for each in DELETIONS),
    *(Refusal(UNREADY[1:], each, NOT_DELETED, guard=_own(each, ~bound & ~gone),
              under=unready_version_delete["refused"], evidence=unready_version_delete.evidence) for each in DELETIONS),
    *(Refusal("Awaited", each, GONE, guard=_own(each, unseen & ~gone), under=publish_with_update["after the update"],
              evidence=publish_with_update.evidence) for each in DELETIONS),
    *(Refusal(PRESENT, each, GONE, guard=_own(each, gone), under=versions_of_a_leaving_function["gone"],
              evidence=versions_of_a_leaving_function.evidence) for each in DELETIONS),
    *(Refusal("Absent", each, GONE, evidence=documented(SDKGO, QDOC_CODES)) for each in INVOCATIONS),
    *(Refusal("Awaited", each, codes, guard=~gone, under=publish_with_update[option],
              evidence=documented(SDKGO, QDOC_CODES) + publish_with_update.evidence)
      for option, codes in (("at once", NOT_READY), ("after the update", GONE)) for each in INVOCATIONS),
    *(Refusal("Publishing", each, NOT_READY, guard=~gone, evidence=documented(SDKGO, QDOC_CODES))
      for each in INVOCATIONS),
    *(Refusal("PublishFailed", each, None, guard=~gone, under=invoke_publish_failed["refused"],
              evidence=invoke_publish_failed.evidence) for each in INVOCATIONS),
    *(Refusal("Active", each, None, guard=leaving, under=versions_of_a_leaving_function["gone"],
              evidence=versions_of_a_leaving_function.evidence) for each in INVOCATIONS),
    *(Refusal(UNREADY, each, None, guard=gone, under=versions_of_a_leaving_function["gone"],
              evidence=versions_of_a_leaving_function.evidence) for each in INVOCATIONS),
    *(Refusal(("Deleting", "DeleteFailed"), each, None, guard=~gone, under=invoke_unready_version["refused"],
              evidence=invoke_unready_version.evidence) for each in INVOCATIONS),
    Refusal("Absent", GetFunction, GONE, evidence=documented(SDKGO)),
    Refusal("Awaited", GetFunction, GONE, guard=~gone, under=publish_with_update["after the update"],
            evidence=publish_with_update.evidence),
    Refusal("Awaited", GetFunction, GONE, guard=gone, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
    Refusal(PRESENT[1:], GetFunction, GONE, guard=leaving, under=versions_of_a_leaving_function["gone"],
            evidence=versions_of_a_leaving_function.evidence),
)

VERSION = TransitionGraph(
    "scf.version",
    "Status of one published version of an SCF function; numbers run from 1.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=VersionData,
    many=Numbered(numbering_after_deletion, provisional=("Awaited",), spared=number_of_a_gone_version),
    follows=(updated, update_failed, delete_failed, deleted),
    policies=(numbering_after_deletion, publish_with_update, version_passes_deleting, versions_of_a_leaving_function,
              unready_version_delete, invoke_unready_version, invoke_publish_failed, version_after_failed_update,
              number_of_a_gone_version),
)
