"""lambda.function: the State of $LATEST of one function, from creation to deletion.

LastUpdateStatus is a graph of its own, lambda.update, that moves beside this one. Pending has two histories that fail
into different states, so there are two states that read so. The states of functions with a capacity provider
(ActiveNonInvocable, Deactivating, Deactivated, Deleting) are not modelled: a history that shows one is inconclusive.
"""

from typing import Any

from statemodel.catalogue.aws_lambda.function_data import (
    FunctionData,
    brought,
    deletes_newest,
    differs,
    kept_alike,
    kept_apart,
    left_apart,
    publishes,
    set_alike,
    set_apart,
    staged_alike,
    staged_apart,
    switched,
    updating,
)
from statemodel.catalogue.aws_lambda.operations import (
    ALIAS_OPERATIONS,
    CONCURRENCY,
    SHOWS,
    UPDATES,
    CreateFunction,
    DeleteFunction,
    Invoke,
    ListFunctions,
    ListVersionsByFunction,
    PublishVersion,
    PutProvisionedConcurrencyConfig,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
    asynchronous,
    calls_version,
    of_latest,
    of_one,
    of_whole,
)
from statemodel.catalogue.aws_lambda.policies import (
    ACCEPTED,
    REFUSED,
    SERVED,
    alias_while_pending,
    async_while_not_invocable,
    delete_while_working,
    invoke_version_while_unready,
    invoke_while_pending,
    publish_unusable,
    redeploy_inactive,
    update_when_failed,
)
from statemodel.catalogue.aws_lambda.sources import (
    ARNS,
    BOTO,
    C7N,
    CHANGES,
    FAAST,
    IMAGES,
    LIFE,
    LISTS,
    NO_VERSION,
    NOWHERE,
    PROVIDER,
    PROVISIONED,
    RESERVED,
    SHA,
    STATES,
    VERSIONS,
    VLIFE,
)
from statemodel.catalogue.aws_lambda.sources import BORN as PUBLISHED_ON_CREATION
from statemodel.model.evidence import Policy, documented, inferred, observed
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph, environment, service
from statemodel.model.operation import Action

# ------------------------------------------------------------------------------------------------- events

created = service("creation succeeded")
creation_failed = service("creation failed", "Resources could not be configured or provisioned.")
updated = service("update succeeded")
update_failed = service("update failed", "The configuration before it goes on serving.")
reactivated = service("reactivation succeeded")
reactivation_failed = service("reactivation failed", "Back to Inactive, not to Failed.")
idle = environment("idle", "Not called for long: what was configured for it outside of Lambda is reclaimed.")
woken = environment("called while inactive", "By a client or an event source: the call fails, the function is Pending.")
image_deleted = environment("image deleted", "Its container image is gone, or may not be read any more.")

# ------------------------------------------------------------------------------------------------- the graph

STATES_OF_LATEST = (
    State("Absent", Kind.ABSENT, "No such function."),
    State("Pending", Kind.WORKING, "Just created, its resources being configured."),
    State("Active", Kind.RESTING, "Ready to be called, while it is updated too."),
    State("Inactive", Kind.RESTING, "Its resources were reclaimed; a call fails and wakes it."),
    State("Reactivating", Kind.WORKING, "Made ready again after Inactive, where it falls back on failure.", "Pending"),
    State("Failed", Kind.FAILED, "Could not be created, or its image is gone: cannot be called."),
)
EXISTING = tuple(state.name for state in STATES_OF_LATEST if state.name != "Absent")
PENDING = ("Pending", "Reactivating")
SETTLED = ("Active", "Inactive", "Failed")
GONE = ("ResourceNotFoundException",)
CONFLICT = ("ResourceConflictException",)
INVALID = ("InvalidParameterValueException",)
NOT_READY = ("ResourceNotReadyException", "ResourceConflictException", "CodeArtifactUserPendingException")
_SAID = documented(BOTO)
_MOVES = documented(STATES) + observed(LIFE)
_CHANGES = tuple(each for each in (*ALIAS_OPERATIONS, *CONCURRENCY, PutProvisionedConcurrencyConfig)
                 if each.action is Action.CALL)
_READS = tuple(each for each in (*ALIAS_OPERATIONS, ListVersionsByFunction) if each.action is Action.READ)
_WAYS = (
    (UpdateFunctionCode, publishes, staged_alike), (UpdateFunctionCode, ~publishes & differs, staged_apart),
    (UpdateFunctionCode, ~publishes & ~differs, staged_alike), (UpdateFunctionConfiguration, differs, staged_apart),
    (UpdateFunctionConfiguration, ~differs, staged_alike),
)
_OF_LATEST = ~of_whole & of_latest
_LEFT = ((of_one & deletes_newest & left_apart, set_apart), (of_one & deletes_newest & ~left_apart, set_alike),
         (of_one & ~deletes_newest, None))


def _under(policy: Policy, option: str) -> dict[str, Any]:
    return {"under": policy[option], "evidence": policy.evidence}


def _updates(states: str | tuple[str, ...], target: str | None, **more: Any) -> tuple[Transition, ...]:
    return tuple(Transition(states, each, target, guard=guard, effect=effect, **more)
                 for each, guard, effect in _WAYS)


TRANSITIONS = (
    # creation
    Transition("Absent", CreateFunction, "Pending", effect=brought,
               evidence=documented(STATES) + observed(LIFE, C7N, PUBLISHED_ON_CREATION)),
    Transition("Pending", created, "Active", evidence=_MOVES),
    Transition("Pending", creation_failed, "Failed", evidence=documented(STATES)),
    # updates
    *_updates("Active", None, evidence=_MOVES),
    *_updates("Inactive", None, **_under(redeploy_inactive, "in place")),
    *_updates("Inactive", "Reactivating", **_under(redeploy_inactive, "over Pending")),
    *_updates("Failed", None, **_under(update_when_failed, ACCEPTED)),
    Transition("Active", updated, effect=switched, evidence=_MOVES),
    Transition(("Inactive", "Reactivating"), updated, "Active", effect=switched,
               evidence=documented(STATES, note="redeployed, it is Active again")),
    Transition("Failed", updated, "Active", effect=switched, **_under(update_when_failed, ACCEPTED)),
    *(Transition(("Active", "Failed"), update_failed, guard=guard, effect=effect, evidence=documented(STATES))
      for guard, effect in ((differs, kept_apart), (~differs, kept_alike))),
    *(Transition(("Inactive", "Reactivating"), update_failed, "Inactive", guard=guard, effect=effect,
                 evidence=documented(STATES))
      for guard, effect in ((differs, kept_apart), (~differs, kept_alike))),
    # rest and failure
    Transition("Active", idle, "Inactive", guard=~updating, evidence=documented(STATES, IMAGES)),
    Transition("Inactive", woken, "Reactivating", guard=~updating, evidence=documented(STATES, IMAGES)),
    Transition("Reactivating", reactivated, "Active", guard=~updating, evidence=documented(STATES, IMAGES)),
    Transition("Reactivating", reactivation_failed, "Inactive", guard=~updating, evidence=documented(STATES)),
    Transition("Active", image_deleted, "Failed", guard=~updating, evidence=documented(IMAGES)),
    # publishing
    Transition("Active", PublishVersion, effect=set_alike, evidence=documented(BOTO, VERSIONS) + observed(VLIFE, SHA)),
    Transition(("Inactive", "Failed"), PublishVersion, effect=set_alike, **_under(publish_unusable, ACCEPTED)),
    # deletion
    Transition(SETTLED, DeleteFunction, "Absent", guard=of_whole, evidence=documented(BOTO) + observed(LIFE, C7N)),
    Transition(PENDING, DeleteFunction, "Absent", guard=of_whole, **_under(delete_while_working, ACCEPTED)),
    *(Transition(SETTLED, DeleteFunction, guard=guard, effect=effect, evidence=_SAID + observed(NO_VERSION, VLIFE))
      for guard, effect in _LEFT),
    *(Transition(PENDING, DeleteFunction, guard=guard, effect=effect, **_under(delete_while_working, ACCEPTED))
      for guard, effect in _LEFT),
    # calls and reads that move nothing
    Transition("Active", Invoke, evidence=documented(STATES) + observed(CHANGES)),
    Transition(PENDING, Invoke, guard=~calls_version & ~asynchronous, **_under(invoke_while_pending, SERVED)),
    Transition(PENDING, Invoke, guard=~calls_version & asynchronous, **_under(async_while_not_invocable, "queued")),
    Transition(("Inactive", "Failed"), Invoke, guard=~calls_version & asynchronous,
               **_under(async_while_not_invocable, "queued")),
    Transition((*PENDING, "Inactive", "Failed"), Invoke, guard=calls_version,
               **_under(invoke_version_while_unready, SERVED)),
    *(Transition(EXISTING, each, evidence=documented(STATES, BOTO) + observed(LIFE)) for each in SHOWS),
    *(Transition(EXISTING, each, evidence=_SAID) for each in _READS),
    Transition(("Absent", *EXISTING), ListFunctions, evidence=_SAID + observed(LISTS)),
    *(Transition(SETTLED, each, evidence=inferred(PROVIDER, note="no source ties it to a state"))
      for each in _CHANGES if each is not PutProvisionedConcurrencyConfig),
    Transition(SETTLED, PutProvisionedConcurrencyConfig, guard=~of_latest,
               evidence=documented(BOTO) + observed(PROVISIONED)),
    *(Transition(PENDING, each, **_under(alias_while_pending, ACCEPTED))
      for each in _CHANGES if each is not PutProvisionedConcurrencyConfig),
    Transition(PENDING, PutProvisionedConcurrencyConfig, guard=~of_latest, **_under(alias_while_pending, ACCEPTED)),
)

REFUSALS = (
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO) + observed(NOWHERE, LIFE)) for each in SHOWS),
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO))
      for each in (*UPDATES, PublishVersion, *_READS, Invoke)),
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO) + observed(RESERVED))
      for each in _CHANGES if each is not PutProvisionedConcurrencyConfig),
    Refusal("Absent", PutProvisionedConcurrencyConfig, (*GONE, *INVALID), evidence=observed(PROVISIONED)),
    Refusal("Absent", DeleteFunction, GONE, guard=~_OF_LATEST, evidence=documented(BOTO) + observed(LIFE, NO_VERSION)),
    Refusal("Absent", DeleteFunction, (*GONE, *INVALID), guard=_OF_LATEST, evidence=inferred(PROVIDER)),
    Refusal(EXISTING, CreateFunction, CONFLICT, evidence=documented(BOTO, note="the resource already exists")
            + observed(ARNS)),
    *(Refusal(PENDING, each, CONFLICT, evidence=documented(STATES) + observed(FAAST))
      for each in (*UPDATES, PublishVersion)),
    *(Refusal("Inactive", each, CONFLICT, **_under(redeploy_inactive, REFUSED)) for each in UPDATES),
    *(Refusal("Failed", each, None, **_under(update_when_failed, REFUSED)) for each in UPDATES),
    Refusal(("Inactive", "Failed"), PublishVersion, None, **_under(publish_unusable, REFUSED)),
    *(Refusal(PENDING, DeleteFunction, CONFLICT, guard=guard, **_under(delete_while_working, REFUSED))
      for guard in (of_whole, of_one)),
    Refusal(EXISTING, DeleteFunction, INVALID, guard=_OF_LATEST, evidence=inferred(PROVIDER)),
    Refusal(PENDING, Invoke, NOT_READY, guard=~calls_version & ~asynchronous, **_under(invoke_while_pending, REFUSED)),
    Refusal("Inactive", Invoke, NOT_READY, guard=~calls_version & ~asynchronous,
            evidence=documented(STATES, BOTO, note="ResourceNotReadyException: inactive")),
    Refusal("Failed", Invoke, None, guard=~calls_version & ~asynchronous,
            evidence=documented(IMAGES, note="calls fail; the code is not stated")),
    Refusal((*PENDING, "Inactive", "Failed"), Invoke, None, guard=~calls_version & asynchronous,
            **_under(async_while_not_invocable, REFUSED)),
    Refusal((*PENDING, "Inactive", "Failed"), Invoke, None, guard=calls_version,
            **_under(invoke_version_while_unready, REFUSED)),
    *(Refusal(PENDING, each, CONFLICT, **_under(alias_while_pending, REFUSED))
      for each in _CHANGES if each is not PutProvisionedConcurrencyConfig),
    Refusal(PENDING, PutProvisionedConcurrencyConfig, CONFLICT, guard=~of_latest,
            **_under(alias_while_pending, REFUSED)),
    Refusal(EXISTING, PutProvisionedConcurrencyConfig, INVALID, guard=of_latest, evidence=observed(PROVISIONED)),
)

FUNCTION = TransitionGraph(
    "lambda.function",
    "State of $LATEST of one Lambda function.",
    STATES_OF_LATEST,
    TRANSITIONS,
    REFUSALS,
    data=FunctionData,
    follows=(updated, update_failed),
    policies=(
        invoke_while_pending, async_while_not_invocable, invoke_version_while_unready, redeploy_inactive,
        update_when_failed, publish_unusable, delete_while_working, alias_while_pending,
    ),
)
