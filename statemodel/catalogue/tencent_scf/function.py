"""scf.function: the status of $LATEST of one function, from creation to deletion.

The two figures of the status page exist only as pictures; the arrows are put together from its tables, the error
texts of the SDK, clients and recorded answers. A function is identified by namespace and name.
"""



from statemodel.catalogue.tencent_scf.function_data import (
    FunctionData,
    a_version_publishing,
    amid_update,
    brought,
    emptied,
    kept,
    named_alias,
    staged,
    switched,
    unstaged,
    was_created,
)
from statemodel.catalogue.tencent_scf.operations import (
    ALIAS_OPERATIONS,
    INVOCATIONS,
    UPDATES,
    CopyFunction,
    CreateFunction,
    DeleteFunction,
    DeleteFunctionVersion,
    GetFunction,
    ListFunctions,
    ListVersionByFunction,
    PublishVersion,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
    as_source,
    as_target,
    of_latest,
    of_version,
    override,
    whole,
)
from statemodel.catalogue.tencent_scf.policies import (
    copy_from_unsettled,
    copy_over_unsettled,
    create_leaves_no_trace,
    create_while_deleting,
    delete_again,
    delete_while_creating,
    delete_while_deleting,
    delete_while_publishing,
    delete_while_updating,
    delete_with_aliases,
    ghost_delete,
    invoke_while_deleting,
    latest_shows_publishing,
    publish_from_failed,
    publish_while_publishing,
    read_half_deleted,
    update_after_publish_failed,
    update_while_deleting,
    update_while_publishing,
    version_delete_when_unsettled,
)
from statemodel.catalogue.tencent_scf.sources import (
    CLIENT_62097587939,
    CLIENT_65800499658,
    MAL,
    QDOC_CODES,
    QDOC_FAQ,
    SDKGO,
    SDKPY,
    STATE,
    T01,
    T02,
    T04,
    T05,
    T06,
    T06C,
    T07,
    T10,
    T12,
    T14,
    T18,
    T22,
    T26,
    TCBAI,
    TCBM,
    TF,
    TF_HALF,
    TKT,
)
from statemodel.model.evidence import client_code, documented, inferred, observed
from statemodel.model.graph import (
    Kind,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
from statemodel.model.operation import Operation

# ------------------------------------------------------------------------------------------------- events

created = service("create succeeded")
create_failed = service("create failed", "The function information had been generated.")
left_no_trace = service("create left no trace", "Creation failed before any information was generated.")
updated = service("update succeeded")
update_failed = service("update failed")
published = service("publish succeeded")
publish_failed = service("publish failed")
publish_abandoned = service("publish abandoned", "The version that was being published has been deleted.")
half_deleted = service("delete half done", "$LATEST is gone, the function is not yet.")
deleted = service("delete succeeded")
delete_failed = service("delete failed")
vanished = environment("failed creation vanished", "Reported once; see policy ghost_delete.")

# ------------------------------------------------------------------------------------------------- the graph

STATES = (
    State("Absent", Kind.ABSENT, "No such function."),
    State("Creating", Kind.WORKING, "Resources are being prepared."),
    State("Active", Kind.RESTING, "Ready: can be invoked, updated, published, deleted."),
    State("CreateFailed", Kind.FAILED, "Creation failed; the only way out is deletion."),
    State("Updating", Kind.WORKING, "An update is under way; old or new content may answer."),
    State("UpdateFailed", Kind.FAILED, "The last update failed; the content before it is served."),
    State("Publishing", Kind.WORKING, "$LATEST mirrors the publication of a version."),
    State("PublishFailed", Kind.FAILED, "$LATEST mirrors a publication that failed."),
    State("Deleting", Kind.WORKING, "Deletion is under way."),
    State("HalfDeleted", Kind.WORKING, "Short window of a deletion in which $LATEST is gone.", None),
    State("DeleteFailed", Kind.FAILED, "Deletion failed."),
)
GONE = ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
TAKEN = ("ResourceInUse.FunctionName", "ResourceInUse.Function")
NOT_DELETED = ("FailedOperation.DeleteFunction", "FailedOperation.FunctionStatusError",
               "FailedOperation.FunctionNameStatusError")
NOT_PUBLISHED = ("FailedOperation.PublishVersion", "UnsupportedOperation.PublishVersion")
NOT_READY = ("FailedOperation.FunctionStatusError", "FailedOperation.InvokeFunction", *GONE)
NOT_COPIED = ("UnsupportedOperation.CopyFunction", "FailedOperation.CopyFunction", "FailedOperation.CopyFailed")
EXISTING = tuple(state.name for state in STATES if state.name != "Absent")
READABLE = tuple(name for name in EXISTING if name != "HalfDeleted")
SERVING = ("Active", "Updating", "UpdateFailed", "Publishing", "PublishFailed")
LEAVING = ("Deleting", "HalfDeleted", "DeleteFailed")
SETTLED = ("Active", "CreateFailed", "UpdateFailed", "PublishFailed")
UNSETTLED = ("Creating", "Updating", "Publishing", "DeleteFailed")
NOT_UPDATED = {
    UpdateFunctionCode: ("FailedOperation.UpdateFunctionCode", "FailedOperation.FunctionStatusError",
                         "FailedOperation.OperationConflict"),
    UpdateFunctionConfiguration: ("FailedOperation.UpdateFunctionConfiguration",
                                  "UnauthorizedOperation.FunctionStatus"),
}
_REFUSED = {
    UpdateFunctionCode: documented(SDKPY) + observed(T04, T05, T06, T07, T10, T18, T22),
    UpdateFunctionConfiguration: observed(T18, T02, T01),
}
_STAGES = {UpdateFunctionCode: staged, UpdateFunctionConfiguration: unstaged}


def _updates(operation: Operation) -> tuple[tuple[Transition, ...], tuple[Refusal, ...]]:
    codes, stages, refused = NOT_UPDATED[operation], _STAGES[operation], _REFUSED[operation]
    busy = a_version_publishing
    accepted = documented(STATE) + observed(T10, T18, T26)
    return (
        Transition("Active", operation, "Updating", guard=~busy, effect=stages, evidence=accepted),
        Transition(("Active", "UpdateFailed", "PublishFailed"), operation, "Updating", guard=busy, effect=stages,
                   under=update_while_publishing["accepted"], evidence=update_while_publishing.evidence),
        Transition("UpdateFailed", operation, "Updating", guard=~busy, effect=stages,
                   evidence=client_code(TKT, TCBM, TCBAI, note=f"{CLIENT_62097587939.key} gives up here")),
        Transition("PublishFailed", operation, "Updating", guard=~busy, effect=stages,
                   under=update_after_publish_failed["accepted"], evidence=client_code(TKT)),
        Transition("Publishing", operation, "Updating", effect=stages,
                   under=update_while_publishing["accepted"], evidence=update_while_publishing.evidence),
        *(Transition(("Deleting", "HalfDeleted"), operation, effect=effect, under=update_while_deleting[option],
                     evidence=update_while_deleting.evidence)
          for option, effect in (("lost", None), ("taken", staged if operation is UpdateFunctionCode else None))),
        *(Transition("DeleteFailed", operation, "Updating", guard=was_created, effect=stages,
                     under=update_while_deleting[option], evidence=update_while_deleting.evidence)
          for option in ("lost", "taken")),
    ), (
        Refusal("Absent", operation, GONE, evidence=documented(SDKGO) + observed(T05)),
        Refusal(("Creating", "Updating", "CreateFailed"), operation, codes, evidence=refused),
        Refusal(("Active", "UpdateFailed", "PublishFailed"), operation, codes, guard=busy,
                under=update_while_publishing["refused"],
                evidence=update_while_publishing.evidence),
        Refusal("Publishing", operation, codes, under=update_while_publishing["refused"],
                evidence=update_while_publishing.evidence),
        Refusal("PublishFailed", operation, codes, guard=~busy, under=update_after_publish_failed["refused"],
                evidence=update_after_publish_failed.evidence),
        Refusal(("Deleting", "HalfDeleted"), operation, (*codes, *GONE), under=update_while_deleting["refused"],
                evidence=update_while_deleting.evidence),
        Refusal("DeleteFailed", operation, (*codes, *GONE), guard=was_created, under=update_while_deleting["refused"],
                evidence=update_while_deleting.evidence),
        Refusal("DeleteFailed", operation, (*codes, *GONE), guard=~was_created,
                evidence=inferred(T22, STATE, note="a creation that failed is never updated")),
    )


_CODE, _CONFIGURATION = map(_updates, UPDATES)

TRANSITIONS = (
    # creation
    Transition("Absent", CreateFunction, "Creating", effect=brought,
               evidence=documented(STATE, SDKGO, QDOC_FAQ) + observed(T06, T12)),
    Transition(("Deleting", "HalfDeleted"), CreateFunction, "Creating", effect=brought,
               under=create_while_deleting["accepted"], evidence=create_while_deleting.evidence),
    Transition("Creating", created, "Active", evidence=documented(STATE) + observed(T06, T07)),
    Transition("Creating", create_failed, "CreateFailed", effect=emptied,
               evidence=documented(STATE) + observed(T05, T22)),
    Transition("Creating", left_no_trace, "Absent", under=create_leaves_no_trace["possible"],
               evidence=create_leaves_no_trace.evidence),
    Transition("CreateFailed", vanished, "Absent", under=ghost_delete["on"], evidence=observed(T22)),
    Transition("Absent", CopyFunction, "Creating", guard=as_target, effect=brought, evidence=inferred(SDKPY)),
    Transition(SETTLED, CopyFunction, "Creating", guard=as_target & override, effect=brought,
               evidence=documented(SDKPY, note="Override deletes the function of that name")),
    Transition(UNSETTLED, CopyFunction, "Creating", guard=as_target & override, effect=brought,
               under=copy_over_unsettled["accepted"], evidence=copy_over_unsettled.evidence),
    Transition(("Deleting", "HalfDeleted"), CopyFunction, "Creating", guard=as_target, effect=brought,
               under=create_while_deleting["accepted"], evidence=create_while_deleting.evidence),
    Transition("Active", CopyFunction, guard=as_source, evidence=documented(SDKPY)),
    Transition(tuple(name for name in READABLE if name != "Active"), CopyFunction, guard=as_source,
               under=copy_from_unsettled["accepted"], evidence=copy_from_unsettled.evidence),
    # updates
    *_CODE[0],
    *_CONFIGURATION[0],
    Transition("Updating", updated, "Active", effect=switched, evidence=documented(STATE) + observed(T10)),
    Transition("Updating", update_failed, "UpdateFailed", effect=kept, evidence=documented(STATE) + observed(T14)),
    # publishing
    Transition("Active", PublishVersion, guard=~a_version_publishing, under=latest_shows_publishing["separate"],
               evidence=documented(STATE) + observed(T06C) + client_code(TF)),
    Transition("Active", PublishVersion, "Publishing", guard=~a_version_publishing,
               under=latest_shows_publishing["mirrored"], evidence=documented(STATE) + client_code(TKT)),
    Transition("Active", PublishVersion, guard=a_version_publishing, under=publish_while_publishing["accepted"],
               evidence=publish_while_publishing.evidence),
    Transition("Publishing", PublishVersion, under=publish_while_publishing["accepted"],
               evidence=publish_while_publishing.evidence),
    Transition(("UpdateFailed", "PublishFailed"), PublishVersion, under=publish_from_failed["accepted"],
               evidence=publish_from_failed.evidence),
    Transition("Publishing", published, "Active", evidence=documented(STATE)),
    Transition("Publishing", publish_failed, "PublishFailed", evidence=documented(STATE)),
    Transition("Publishing", publish_abandoned, "Active", guard=~a_version_publishing,
               evidence=inferred(SDKPY, note="the version was deleted while it was being published")),
    # deletion
    Transition("CreateFailed", DeleteFunction, "Deleting", guard=whole,
               evidence=documented(STATE) + observed(T05) + client_code(TKT, CLIENT_62097587939, CLIENT_65800499658)),
    Transition(("Active", "UpdateFailed", "PublishFailed"), DeleteFunction, "Deleting",
               guard=whole & ~named_alias & ~a_version_publishing, evidence=documented(STATE) + client_code(TKT)),
    Transition(("Active", "UpdateFailed", "PublishFailed"), DeleteFunction, "Deleting",
               guard=whole & named_alias & ~a_version_publishing, under=delete_with_aliases["accepted"],
               evidence=delete_with_aliases.evidence),
    Transition(("Active", "UpdateFailed", "PublishFailed"), DeleteFunction, "Deleting",
               guard=whole & a_version_publishing, under=delete_while_publishing["accepted"],
               evidence=delete_while_publishing.evidence),
    Transition("Creating", DeleteFunction, "Deleting", guard=whole, under=delete_while_creating["accepted"],
               evidence=delete_while_creating.evidence),
    Transition("Updating", DeleteFunction, "Deleting", guard=whole, effect=kept,
               under=delete_while_updating["accepted"], evidence=delete_while_updating.evidence),
    Transition("Publishing", DeleteFunction, "Deleting", guard=whole, under=delete_while_publishing["accepted"],
               evidence=delete_while_publishing.evidence),
    Transition(("Deleting", "HalfDeleted"), DeleteFunction, guard=whole, under=delete_while_deleting["accepted"],
               evidence=delete_while_deleting.evidence),
    Transition("DeleteFailed", DeleteFunction, "Deleting", guard=whole, under=delete_again["accepted"],
               evidence=delete_again.evidence),
    Transition("Deleting", deleted, "Absent", evidence=observed(T05) + client_code(TKT, TF)),
    Transition("Deleting", half_deleted, "HalfDeleted", evidence=client_code(TF_HALF, MAL)),
    Transition("HalfDeleted", deleted, "Absent", evidence=client_code(TF_HALF)),
    Transition("Deleting", delete_failed, "DeleteFailed", guard=~amid_update, evidence=documented(STATE)),
    Transition("Deleting", delete_failed, "DeleteFailed", guard=amid_update, effect=switched,
               evidence=documented(STATE)),
    # one version of it
    Transition("Active", DeleteFunction, guard=of_version, evidence=documented(SDKPY)),
    Transition(tuple(name for name in EXISTING if name != "Active"), DeleteFunction, guard=of_version,
               under=version_delete_when_unsettled["accepted"], evidence=version_delete_when_unsettled.evidence),
    Transition("Active", DeleteFunctionVersion, guard=~of_latest, evidence=documented(SDKPY)),
    Transition(tuple(name for name in EXISTING if name != "Active"), DeleteFunctionVersion, guard=~of_latest,
               under=version_delete_when_unsettled["accepted"], evidence=version_delete_when_unsettled.evidence),
    # calls and reads that move nothing
    *(Transition(SERVING, each, evidence=documented(STATE, QDOC_FAQ) + observed(T14)) for each in INVOCATIONS),
    *(Transition(LEAVING, each, under=invoke_while_deleting["served"], evidence=invoke_while_deleting.evidence)
      for each in INVOCATIONS),
    Transition(READABLE, GetFunction, evidence=documented(STATE, SDKPY) + observed(T06, T12)),
    Transition((*READABLE, "Absent", "HalfDeleted"), ListFunctions, evidence=documented(SDKPY) + observed(T06)),
    Transition(READABLE, ListVersionByFunction, evidence=documented(STATE, SDKPY)),
    Transition("HalfDeleted", ListVersionByFunction, under=read_half_deleted["found"],
               evidence=read_half_deleted.evidence),
    *(Transition(READABLE, each, evidence=documented(SDKGO, note="no status code in the list of any alias action"))
      for each in ALIAS_OPERATIONS),
    *(Transition("HalfDeleted", each, under=read_half_deleted["found"], evidence=read_half_deleted.evidence)
      for each in ALIAS_OPERATIONS),
)

REFUSALS = (
    Refusal(tuple(name for name in READABLE if name != "Deleting"), CreateFunction, TAKEN,
            evidence=documented(SDKGO) + client_code(TF, TCBM)),
    Refusal(("Deleting", "HalfDeleted"), CreateFunction, TAKEN, under=create_while_deleting["refused"],
            evidence=create_while_deleting.evidence),
    Refusal("Absent", CopyFunction, GONE, guard=as_source, evidence=documented(SDKGO)),
    Refusal((*SETTLED, *UNSETTLED), CopyFunction, ("ResourceInUse.FunctionName",), guard=as_target & ~override,
            evidence=documented(SDKGO)),
    Refusal(UNSETTLED, CopyFunction, None, guard=as_target & override, under=copy_over_unsettled["refused"],
            evidence=copy_over_unsettled.evidence),
    Refusal(("Deleting", "HalfDeleted"), CopyFunction, None, guard=as_target,
            under=create_while_deleting["refused"], evidence=create_while_deleting.evidence),
    Refusal("HalfDeleted", CopyFunction, None, guard=as_source,
            evidence=inferred(TF_HALF, note="$LATEST, which would be copied, is gone")),
    Refusal(tuple(name for name in READABLE if name != "Active"), CopyFunction, NOT_COPIED, guard=as_source,
            under=copy_from_unsettled["refused"], evidence=copy_from_unsettled.evidence),
    *_CODE[1],
    *_CONFIGURATION[1],
    Refusal("Absent", PublishVersion, GONE, evidence=documented(SDKGO)),
    Refusal(("Creating", "CreateFailed", "Updating"), PublishVersion, NOT_PUBLISHED,
            evidence=documented(SDKPY, note="status not normal")),
    Refusal(LEAVING, PublishVersion, (*NOT_PUBLISHED, *GONE), evidence=documented(SDKPY, note="status not normal")),
    Refusal("Active", PublishVersion, NOT_PUBLISHED, guard=a_version_publishing,
            under=publish_while_publishing["refused"], evidence=publish_while_publishing.evidence),
    Refusal("Publishing", PublishVersion, NOT_PUBLISHED, under=publish_while_publishing["refused"],
            evidence=publish_while_publishing.evidence),
    Refusal(("UpdateFailed", "PublishFailed"), PublishVersion, NOT_PUBLISHED, under=publish_from_failed["refused"],
            evidence=publish_from_failed.evidence),
    Refusal("Absent", DeleteFunction, GONE, evidence=documented(SDKGO) + client_code(TF)),
    Refusal(("Active", "UpdateFailed", "PublishFailed"), DeleteFunction, ("UnsupportedOperation.AliasBind",),
            guard=whole & named_alias & ~a_version_publishing, under=delete_with_aliases["refused"],
            evidence=delete_with_aliases.evidence),
    Refusal(("Active", "UpdateFailed", "PublishFailed"), DeleteFunction, NOT_DELETED,
            guard=whole & a_version_publishing, under=delete_while_publishing["refused"],
            evidence=delete_while_publishing.evidence),
    Refusal("Creating", DeleteFunction, NOT_DELETED, guard=whole, under=delete_while_creating["refused"],
            evidence=delete_while_creating.evidence),
    Refusal("Updating", DeleteFunction, NOT_DELETED, guard=whole, under=delete_while_updating["refused"],
            evidence=delete_while_updating.evidence),
    Refusal("Publishing", DeleteFunction, NOT_DELETED, guard=whole, under=delete_while_publishing["refused"],
            evidence=delete_while_publishing.evidence),
    Refusal(("Deleting", "HalfDeleted"), DeleteFunction, (*NOT_DELETED, *GONE), guard=whole,
            under=delete_while_deleting["refused"], evidence=delete_while_deleting.evidence),
    Refusal("DeleteFailed", DeleteFunction, NOT_DELETED, guard=whole, under=delete_again["refused"],
            evidence=delete_again.evidence),
    Refusal(EXISTING, DeleteFunction, None, guard=of_latest,
            evidence=documented(SDKPY, note="$LATEST cannot be deleted; with which code of its list is not stated")),
    Refusal(tuple(name for name in EXISTING if name != "Active"), DeleteFunction, (*NOT_DELETED, *GONE),
            guard=of_version, under=version_delete_when_unsettled["refused"],
            evidence=version_delete_when_unsettled.evidence),
    Refusal("Absent", DeleteFunctionVersion, GONE, evidence=documented(SDKGO)),
    Refusal(EXISTING, DeleteFunctionVersion, None, guard=of_latest,
            evidence=documented(SDKPY, note="$LATEST cannot be deleted; with which code of its list is not stated")),
    Refusal(tuple(name for name in EXISTING if name != "Active"), DeleteFunctionVersion, (*NOT_DELETED, *GONE),
            guard=~of_latest, under=version_delete_when_unsettled["refused"],
            evidence=version_delete_when_unsettled.evidence),
    *(Refusal("Absent", each, GONE, evidence=documented(SDKGO, QDOC_CODES)) for each in INVOCATIONS),
    *(Refusal("Creating", each, NOT_READY, evidence=documented(SDKGO, QDOC_CODES)) for each in INVOCATIONS),
    *(Refusal("CreateFailed", each, None,
              evidence=inferred(QDOC_CODES, note="nothing was created; 435 or 438 likely")) for each in INVOCATIONS),
    *(Refusal(LEAVING, each, None, under=invoke_while_deleting["refused"],
              evidence=invoke_while_deleting.evidence) for each in INVOCATIONS),
    Refusal("Absent", GetFunction, GONE, evidence=documented(SDKGO) + observed(T05) + client_code(TKT, TF)),
    Refusal("HalfDeleted", GetFunction, ("ResourceNotFound.Version",), evidence=client_code(TF_HALF, MAL)),
    Refusal("Absent", ListVersionByFunction, GONE, evidence=documented(SDKGO)),
    Refusal("HalfDeleted", ListVersionByFunction, (*GONE, "ResourceNotFound.Version"),
            under=read_half_deleted["not found"], evidence=read_half_deleted.evidence),
    *(Refusal("Absent", each, GONE, evidence=documented(SDKGO)) for each in ALIAS_OPERATIONS),
    *(Refusal("HalfDeleted", each, (*GONE, "ResourceNotFound.Version"), under=read_half_deleted["not found"],
              evidence=read_half_deleted.evidence) for each in ALIAS_OPERATIONS),
)

FUNCTION = TransitionGraph(
    "scf.function",
    "Status of $LATEST of one SCF function, identified by namespace and name.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=FunctionData,
    follows=(published, publish_failed),
    policies=(
        latest_shows_publishing, create_leaves_no_trace, ghost_delete, update_while_publishing,
        update_after_publish_failed, update_while_deleting,
        publish_from_failed, publish_while_publishing, delete_while_creating, delete_while_updating,
        delete_while_publishing, delete_while_deleting, delete_again, delete_with_aliases, create_while_deleting,
        copy_from_unsettled, copy_over_unsettled, invoke_while_deleting, version_delete_when_unsettled,
        read_half_deleted,
    ),
)
