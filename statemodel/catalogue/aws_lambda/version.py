"""lambda.version: one published version, an immutable copy of $LATEST with a number and a State of its own."""

from typing import Any

import attrs

from statemodel.catalogue.aws_lambda.function import CONFLICT, GONE
from statemodel.catalogue.aws_lambda.function_data import publishes
from statemodel.catalogue.aws_lambda.operations import (
    SHOWS,
    CreateFunction,
    DeleteFunction,
    Invoke,
    ListVersionsByFunction,
    PublishVersion,
    PutProvisionedConcurrencyConfig,
    UpdateFunctionCode,
    asynchronous,
    of_whole,
)
from statemodel.catalogue.aws_lambda.policies import (
    ACCEPTED,
    REFUSED,
    SERVED,
    async_while_not_invocable,
    delete_while_working,
    invoke_while_pending,
    published_state,
    version_update_status,
)
from statemodel.catalogue.aws_lambda.sources import (
    BORN,
    BOTO,
    C7N,
    CHANGES,
    CLEANUP,
    FLOCI,
    NO_VERSION,
    NOWHERE,
    PROVISIONED,
    QUALIFIED,
    SNAP,
    VERSIONS,
    VLIFE,
    WAIT,
    WITH_UPDATE,
)
from statemodel.model.data import content_field
from statemodel.model.evidence import documented, inferred, observed
from statemodel.model.graph import (
    Effect,
    Kind,
    Numbered,
    Query,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
from statemodel.model.guard import Guard
from statemodel.model.operation import NEW


@attrs.frozen(cache_hash=True)
class VersionData:
    """What a version carries.

    Attributes:
        content: what it serves, which never changes; None where nobody knows which it is.
    """

    content: int | None = content_field()


def _binds(_key: Any, member: Any, version: Any) -> bool:
    return member.data is not None and version in (member.data.version, member.data.additional)


def _is_bound(view: Any) -> bool | None:
    found: bool | None = view.some("alias", Query("is bound to", view.key, _binds))
    return found


def _freeze(view: Any) -> VersionData:
    function = view.data("function")
    return VersionData(view.unseen() if function is None else function.content)


def _freeze_new(view: Any) -> VersionData:
    return VersionData(view.content())


def _is_numbered(view: Any) -> bool:
    return NEW in view.target.get("version", ())


numbered = Guard("it gets the next number", _is_numbered)
bound = Guard("an alias is bound to it", _is_bound, looks_at=("alias",))
frozen = Effect("freezes $LATEST", _freeze)
brought = Effect("freezes the new content", _freeze_new)

version_ready = service("version ready")
version_failed = service("version failed", "Its resources or its snapshot could not be made.")
version_idle = environment("version idle", "Not called for long, 14 days with SnapStart: what was kept for it is gone.")
version_woken = environment("version called while inactive", "The call fails, and it is made ready again.")

STATES = (
    State("Absent", Kind.ABSENT, "Never published, or deleted: a number is not used again."),
    State("Pending", Kind.WORKING, "Being made ready, for the first time or again."),
    State("Active", Kind.RESTING, "Can be called and bound, and deleted where no alias is bound to it."),
    State("Inactive", Kind.RESTING, "Not called for long; a call fails and wakes it."),
    State("Failed", Kind.FAILED, "Could not be made ready."),
)
PRESENT = ("Pending", "Active", "Inactive", "Failed")
SETTLED = PRESENT[1:]
NOT_READY = ("ResourceConflictException", "ResourceNotReadyException", "SnapStartNotReadyException",
             "CodeArtifactUserPendingException")

TRANSITIONS = (
    # publication
    Transition("Absent", PublishVersion, "Active", guard=numbered, effect=frozen, under=published_state["at once"],
               evidence=documented(VERSIONS) + observed(VLIFE, CHANGES, FLOCI)),
    Transition("Absent", PublishVersion, "Pending", guard=numbered, effect=frozen, under=published_state["later"],
               evidence=documented(WAIT, SNAP)),
    Transition("Absent", CreateFunction, "Pending", guard=publishes, effect=brought,
               evidence=observed(BORN, C7N, QUALIFIED)),
    Transition("Absent", CreateFunction, guard=~publishes, evidence=documented(BOTO) + observed(VLIFE)),
    Transition("Absent", UpdateFunctionCode, "Pending", effect=brought, evidence=observed(WITH_UPDATE, CHANGES)),
    Transition("Pending", version_ready, "Active", evidence=documented(WAIT, SNAP) + observed(BORN, CHANGES)),
    Transition("Pending", version_failed, "Failed", evidence=documented(WAIT, SNAP)),
    Transition(PRESENT, PublishVersion, evidence=documented(BOTO) + observed(VLIFE, BORN, FLOCI)),
    Transition(PRESENT, UpdateFunctionCode,
               evidence=documented(BOTO, note="Publish as PublishVersion: an unchanged one is shown again")),
    # rest
    Transition("Active", version_idle, "Inactive", evidence=documented(SNAP)),
    Transition("Inactive", version_woken, "Pending", evidence=documented(SNAP)),
    # deletion
    Transition(SETTLED, DeleteFunction, "Absent", guard=~of_whole & ~bound,
               evidence=documented(BOTO) + observed(VLIFE)),
    Transition("Pending", DeleteFunction, "Absent", guard=~of_whole & ~bound, under=delete_while_working[ACCEPTED],
               evidence=delete_while_working.evidence),
    Transition("Absent", DeleteFunction, guard=~of_whole, evidence=observed(NO_VERSION)),
    Transition((*PRESENT, "Absent"), DeleteFunction, "Absent", guard=of_whole, evidence=documented(BOTO)),
    # calls and reads that move nothing
    Transition("Active", Invoke, evidence=documented(BOTO, VERSIONS) + observed(QUALIFIED, CHANGES)),
    Transition("Pending", Invoke, guard=~asynchronous, under=invoke_while_pending[SERVED],
               evidence=invoke_while_pending.evidence),
    Transition(("Pending", "Inactive", "Failed"), Invoke, guard=asynchronous, under=async_while_not_invocable["queued"],
               evidence=async_while_not_invocable.evidence),
    *(Transition(PRESENT, each, evidence=documented(BOTO) + observed(BORN, WITH_UPDATE)) for each in SHOWS),
    Transition(("Absent", *PRESENT), ListVersionsByFunction, evidence=documented(BOTO) + observed(VLIFE)),
    Transition(PRESENT, PutProvisionedConcurrencyConfig, evidence=documented(BOTO) + observed(PROVISIONED)),
)

REFUSALS = (
    Refusal("Absent", PublishVersion, GONE, guard=~numbered,
            evidence=inferred(BOTO, note="no version is shown again that is not there")),
    Refusal(PRESENT, CreateFunction, CONFLICT, evidence=documented(BOTO, note="the resource already exists")),
    Refusal(PRESENT, DeleteFunction, CONFLICT, guard=~of_whole & bound, evidence=documented(BOTO) + observed(CLEANUP)),
    Refusal("Pending", DeleteFunction, CONFLICT, guard=~of_whole & ~bound, under=delete_while_working[REFUSED],
            evidence=delete_while_working.evidence),
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO) + observed(NOWHERE)) for each in SHOWS),
    Refusal("Absent", Invoke, GONE, evidence=documented(BOTO)),
    Refusal("Absent", PutProvisionedConcurrencyConfig, GONE, evidence=observed(PROVISIONED)),
    Refusal("Pending", Invoke, NOT_READY, guard=~asynchronous, under=invoke_while_pending[REFUSED],
            evidence=invoke_while_pending.evidence),
    Refusal("Inactive", Invoke, NOT_READY, guard=~asynchronous, evidence=documented(SNAP, BOTO)),
    Refusal("Failed", Invoke, None, guard=~asynchronous, evidence=inferred(SNAP, note="the code is not stated")),
    Refusal(("Pending", "Inactive", "Failed"), Invoke, None, guard=asynchronous,
            under=async_while_not_invocable[REFUSED], evidence=async_while_not_invocable.evidence),
)

VERSION = TransitionGraph(
    "lambda.version",
    "State of one published version of a Lambda function; numbers run from 1 and survive the function.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=VersionData,
    many=Numbered(is_ordered=True),
    policies=(published_state, version_update_status, delete_while_working, invoke_while_pending,
              async_while_not_invocable),
)
