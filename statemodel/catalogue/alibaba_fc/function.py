"""fc.function: LATEST of one function, from creation to deletion.

The runtime tells the kind, and no source shows that an update changes it: only functions that run in a container of
their own are prepared, updated in the background and put to rest; those of every other runtime are ready at once, and
their status fields read null. state, lastUpdateStatus and what went before make up one state here: Pending has two
histories that fail into different states.
"""

from typing import Any

from statemodel.catalogue.alibaba_fc.function_data import (
    RECOVERING,
    UPDATING,
    FunctionData,
    brought,
    changed,
    either,
    fell_back,
    fell_forward,
    has_versions,
    kept,
    last_failed,
    left,
    published,
    replaced,
    rested,
    staged,
    switched,
)
from statemodel.catalogue.alibaba_fc.operations import (
    ALIAS_OPERATIONS,
    SWITCHES,
    CreateFunction,
    DeleteFunction,
    DeleteFunctionVersion,
    GetFunction,
    GetFunctionCode,
    InvokeFunction,
    ListFunctions,
    ListFunctionVersions,
    PublishFunctionVersion,
    UpdateFunction,
    async_while_not_invocable,
    asynchronous,
    becomes_container,
    becomes_zip,
    calls_version,
    is_container,
    is_zip,
    of_latest,
    update_status_while_pending,
)
from statemodel.catalogue.alibaba_fc.policies import (
    ACCEPTED,
    REFUSED,
    alias_while_working,
    code_of_container,
    content_after_failed_reactivation,
    delete_while_working,
    delete_with_versions,
    failed_update,
    invoke_version_while_unready,
    invoke_while_recovering,
    invoke_while_updating,
    publish_unusable,
    publish_while_pending,
    publish_while_updating,
    recovery_reads,
    runtime_change,
    update_while_pending,
    update_while_updating,
    woken_after_failure_reads,
    woken_by_other_calls,
)
from statemodel.catalogue.alibaba_fc.sources import (
    DEPLOY,
    ERR2,
    ERR3,
    ERRT,
    FC3,
    FC3_E2E,
    FCDOC_024,
    GV,
    MB,
    PR3690,
    PYSDK2,
    SDK,
    SHOT1,
    SHOT2,
    SHOT3,
    SI,
    STATE,
    TF,
)
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import (
    Kind,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
from statemodel.model.operation import Action

# ------------------------------------------------------------------------------------------------- events

prepared = service("image ready", "The first preparation ended well.")
preparation_failed = service("preparation failed", "Of a function just created.")
updated = service("update succeeded")
update_failed = service("update failed")
reactivated = service("reactivation succeeded")
reactivation_failed = service("reactivation failed", "Back to rest, not to Failed.")
recovered = service("recovery succeeded", "The update of a failed function ended well.")
recovery_failed = service("recovery failed")
image_deleted = environment("image deleted", "The original image is gone, or its tag has another digest.")
idle = environment("idle", "Not called for long, weeks for example: the cached image is released.")
woken = environment("called while inactive", "By a client or a trigger: the call fails, and the image is prepared.",
                    asked_by=(InvokeFunction.name,))

# ------------------------------------------------------------------------------------------------- the graph


def _state(name: str, kind: Kind, doc: str, state: str | None, *update: str | None) -> State:
    fields = (("state", state), *(("lastUpdateStatus", one) for one in update))
    return State(name, kind, doc, state, fields)


STATES = (
    State("Absent", Kind.ABSENT, "No such function."),
    _state("Pending", Kind.WORKING, "A container just created, its image being prepared.", "Pending", None),
    _state("Active", Kind.RESTING, "A container ready to be called.", "Active", "Successful"),
    _state("Updating", Kind.WORKING, "A container with an update in progress.", "Active", "InProgress"),
    _state("UpdateFailed", Kind.FAILED, "The last update failed; the code before it serves.", "Active", "Failed"),
    _state("Failed", Kind.FAILED, "Cannot be called; an update with a valid image recovers it.", "Failed"),
    _state("Inactive", Kind.RESTING, "Its image was released; a call fails and wakes it.", "Inactive"),
    _state("Reactivating", Kind.WORKING, "Prepared again after Inactive, where it falls back on failure.", "Pending"),
    _state("Recovering", Kind.WORKING, "A failed function being updated, over Pending.", "Pending"),
    State("RecoveringInPlace", Kind.WORKING, "The same, over InProgress; what state reads is not stated.", None,
          (("lastUpdateStatus", "InProgress"),)),
    _state("Ready", Kind.RESTING, "A function of another runtime: ready at once, its fields read null.", None, None),
)
EXISTING = tuple(state.name for state in STATES if state.name != "Absent")
CONTAINERS = tuple(name for name in EXISTING if name != "Ready")
WORKING = tuple(state.name for state in STATES if state.kind is Kind.WORKING)
SETTLED = tuple(name for name in EXISTING if name not in WORKING)
UNREADY = ("Pending", "Failed", "Inactive", "Reactivating")
GONE = ("FunctionNotFound",)
TAKEN = ("FunctionAlreadyExists",)
AT_ONCE = ("ConcurrentUpdateError",)
UNCHANGED = ("VersionPublishError",)
ALIAS_CHANGES = tuple(each for each in ALIAS_OPERATIONS if each.action is Action.CALL)
NO_GATE = inferred(SDK, note="no source ties it to a status of the function")
PENDING = ("Pending", "Reactivating")
_UNUSABLE = ("UpdateFailed", "Failed", "Inactive")
_SAME = observed(PR3690) + client_code(GV, note="FC 3.0: VersionPublishError") + client_code(PYSDK2)
_PUBLISHING = ((PENDING, publish_while_pending), (UPDATING, publish_while_updating), (_UNUSABLE, publish_unusable))


def _under(policy: Policy, option: str) -> dict[str, Any]:
    return {"under": policy[option], "evidence": policy.evidence}


TRANSITIONS = (
    # creation
    Transition("Absent", CreateFunction, "Pending", guard=is_container, effect=brought,
               evidence=documented(STATE, SDK) + observed(SHOT1)),
    Transition("Absent", CreateFunction, "Ready", guard=is_zip, effect=brought,
               evidence=observed(SI, note="null in steady state") + client_code(GV)),
    Transition("Pending", prepared, "Active", evidence=documented(STATE, SDK) + observed(DEPLOY)),
    Transition("Pending", preparation_failed, "Failed", evidence=documented(STATE)),
    # updates
    Transition("Active", UpdateFunction, "Updating", guard=~becomes_zip, effect=staged,
               evidence=documented(STATE) + observed(SHOT2)),
    Transition("UpdateFailed", UpdateFunction, "Updating", guard=~becomes_zip, effect=staged,
               evidence=inferred(STATE, note="state is Active")),
    Transition("Updating", updated, "Active", effect=switched, evidence=documented(STATE) + observed(SHOT3)),
    Transition("Updating", update_failed, "UpdateFailed", effect=kept, **_under(failed_update, "keeps serving")),
    Transition("Updating", update_failed, "Failed", effect=either, **_under(failed_update, "fails")),
    *(Transition(states, UpdateFunction, guard=~becomes_zip, effect=effect, **_under(policy, ACCEPTED))
      for states, effect, policy in (
          ("Pending", replaced, update_while_pending), ("Reactivating", staged, update_while_pending),
          (UPDATING, staged, update_while_updating))),
    Transition("Ready", UpdateFunction, guard=~becomes_container, effect=replaced,
               evidence=inferred(FCDOC_024, note="changes of the function act at once")),
    *(Transition(CONTAINERS, UpdateFunction, "Ready", guard=becomes_zip, effect=replaced,
                 **_under(runtime_change, option)) for option in ("over InProgress", "over Pending")),
    Transition("Ready", UpdateFunction, "Updating", guard=becomes_container, effect=staged,
               **_under(runtime_change, "over InProgress")),
    Transition("Ready", UpdateFunction, "Pending", guard=becomes_container, effect=replaced,
               **_under(runtime_change, "over Pending")),
    # failure and rest
    Transition(("Active", "UpdateFailed"), image_deleted, "Failed", evidence=documented(STATE)),
    Transition("Updating", image_deleted, "Failed", effect=either, evidence=inferred(STATE, note="state is Active")),
    *(Transition("Failed", UpdateFunction, target, guard=~becomes_zip, effect=staged, under=recovery_reads[option],
                 evidence=documented(STATE, note="it recovers; over which value is not stated"))
      for target, option in zip(RECOVERING, ("Pending", "InProgress"), strict=True)),
    Transition(RECOVERING, recovered, "Active", effect=switched, evidence=documented(STATE)),
    Transition(RECOVERING, recovery_failed, "Failed", effect=either,
               evidence=inferred(STATE, note="nothing it could be called by is left")),
    Transition("Active", idle, "Inactive", evidence=documented(STATE)),
    Transition("UpdateFailed", idle, "Inactive", effect=rested, evidence=documented(STATE, note="state reads Active")),
    Transition("Inactive", UpdateFunction, "Reactivating", guard=~becomes_zip, effect=staged,
               evidence=documented(STATE)),
    Transition("Inactive", woken, "Reactivating", guard=~calls_version & ~asynchronous, evidence=documented(STATE)),
    *(Transition("Inactive", woken, "Reactivating", guard=guard, **_under(woken_by_other_calls, "yes"))
      for guard in (calls_version, ~calls_version & asynchronous)),
    Transition("Reactivating", reactivated, "Active", guard=~last_failed, effect=switched, evidence=documented(STATE)),
    *(Transition("Reactivating", reactivated, target, guard=last_failed, effect=switched,
                 **_under(woken_after_failure_reads, option))
      for target, option in (("UpdateFailed", "Failed"), ("Active", "Successful"))),
    *(Transition("Reactivating", reactivation_failed, "Inactive", effect=effect,
                 under=content_after_failed_reactivation[option], evidence=documented(STATE))
      for effect, option in ((fell_back, "old"), (fell_forward, "new"))),
    # publishing
    Transition(("Active", "Ready"), PublishFunctionVersion, guard=changed, effect=published,
               evidence=documented(FCDOC_024)),
    *(Transition(states, PublishFunctionVersion, guard=changed, effect=published, **_under(policy, ACCEPTED))
      for states, policy in _PUBLISHING),
    Transition(EXISTING, DeleteFunctionVersion, guard=~of_latest, effect=left,
               evidence=documented(FCDOC_024) + client_code(FC3_E2E, note="publish, remove the newest, publish")),
    # deletion
    Transition(("Active", "Ready"), DeleteFunction, "Absent", guard=~has_versions, evidence=documented(SDK)),
    Transition(_UNUSABLE, DeleteFunction, "Absent", guard=~has_versions,
               evidence=inferred(STATE, SDK, note="no source ties it to a status, and nothing is under way")),
    Transition(SETTLED, DeleteFunction, "Absent", guard=has_versions, **_under(delete_with_versions, ACCEPTED)),
    Transition(WORKING, DeleteFunction, "Absent", **_under(delete_while_working, ACCEPTED)),
    # calls and reads that move nothing
    Transition(("Active", "UpdateFailed", "Ready"), InvokeFunction, evidence=documented(STATE) + observed(DEPLOY)),
    Transition("Updating", InvokeFunction, **_under(invoke_while_updating, "served")),
    Transition(RECOVERING, InvokeFunction, guard=~calls_version, **_under(invoke_while_recovering, "served")),
    Transition(UNREADY, InvokeFunction, guard=~calls_version & asynchronous,
               **_under(async_while_not_invocable, "queued")),
    Transition((*UNREADY, *RECOVERING), InvokeFunction, guard=calls_version,
               **_under(invoke_version_while_unready, "served")),
    Transition(EXISTING, GetFunction, evidence=documented(SDK, STATE) + observed(SHOT1, SHOT2, SHOT3)),
    Transition(("Absent", *EXISTING), ListFunctions, evidence=documented(SDK)),
    Transition("Ready", GetFunctionCode, evidence=documented(SDK)),
    Transition(CONTAINERS, GetFunctionCode, **_under(code_of_container, ACCEPTED)),
    Transition(EXISTING, ListFunctionVersions, evidence=documented(SDK)),
    *(Transition(EXISTING, each, evidence=client_code(TF, FC3, note="switched in one go with other changes"))
      for each in SWITCHES),
    *(Transition(EXISTING if each.action is Action.READ else SETTLED, each, evidence=NO_GATE)
      for each in ALIAS_OPERATIONS),
    *(Transition(WORKING, each, **_under(alias_while_working, ACCEPTED)) for each in ALIAS_CHANGES),
)

REFUSALS = (
    *(Refusal("Absent", each, GONE, evidence=documented(ERR3) + client_code(TF, FC3, PYSDK2))
      for each in (UpdateFunction, DeleteFunction, GetFunction, GetFunctionCode, PublishFunctionVersion,
                   DeleteFunctionVersion, ListFunctionVersions, InvokeFunction, *SWITCHES, *ALIAS_OPERATIONS)),
    Refusal(EXISTING, CreateFunction, TAKEN, evidence=documented(ERR3) + client_code(FC3, MB)),
    *(Refusal(states, UpdateFunction, None, guard=guard, **_under(runtime_change, REFUSED))
      for states, guard in ((CONTAINERS, becomes_zip), ("Ready", becomes_container))),
    *(Refusal(states, UpdateFunction, AT_ONCE, guard=~becomes_zip, under=policy[REFUSED],
              evidence=inferred(ERR2, ERR3, ERRT, note="the only candidate: two updates at once"))
      for states, policy in ((PENDING, update_while_pending), (UPDATING, update_while_updating))),
    Refusal(("Active", "Ready"), PublishFunctionVersion, UNCHANGED, guard=~changed, evidence=_SAME),
    *(Refusal(states, PublishFunctionVersion, UNCHANGED, guard=~changed, under=policy[ACCEPTED], evidence=_SAME)
      for states, policy in _PUBLISHING),
    *(Refusal(states, PublishFunctionVersion, None, **_under(policy, REFUSED)) for states, policy in _PUBLISHING),
    Refusal(EXISTING, DeleteFunctionVersion, None, guard=of_latest,
            evidence=documented(FCDOC_024, note="LATEST cannot be deleted; the code is not stated")),
    Refusal(SETTLED, DeleteFunction, None, guard=has_versions, **_under(delete_with_versions, REFUSED)),
    Refusal(WORKING, DeleteFunction, None, **_under(delete_while_working, REFUSED)),
    Refusal("Updating", InvokeFunction, ("PreconditionFailed",), **_under(invoke_while_updating, "refused")),
    Refusal(RECOVERING, InvokeFunction, None, guard=~calls_version, **_under(invoke_while_recovering, "refused")),
    Refusal(UNREADY, InvokeFunction, None, guard=~calls_version & ~asynchronous,
            evidence=documented(STATE, note="calls fail; the code is not stated")),
    Refusal(UNREADY, InvokeFunction, None, guard=~calls_version & asynchronous,
            **_under(async_while_not_invocable, "refused")),
    Refusal((*UNREADY, *RECOVERING), InvokeFunction, None, guard=calls_version,
            **_under(invoke_version_while_unready, "refused")),
    *(Refusal(WORKING, each, AT_ONCE, under=alias_while_working[REFUSED],
              evidence=inferred(ERR2, ERR3, ERRT, note="the only candidate: two changes at once"))
      for each in ALIAS_CHANGES),
    Refusal(CONTAINERS, GetFunctionCode, None, **_under(code_of_container, REFUSED)),
)

FUNCTION = TransitionGraph(
    "fc.function",
    "LATEST of one FC 3.0 function; its runtime tells whether it is a container.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=FunctionData,
    policies=(
        update_status_while_pending, failed_update, invoke_while_updating, update_while_pending, update_while_updating,
        publish_while_pending, publish_while_updating, publish_unusable, delete_while_working, delete_with_versions,
        content_after_failed_reactivation, woken_after_failure_reads, woken_by_other_calls, recovery_reads,
        invoke_while_recovering, invoke_version_while_unready, async_while_not_invocable, runtime_change,
        alias_while_working, code_of_container,
    ),
)
