"""What sources leave open of Lambda functions and their versions."""

from statemodel.catalogue.aws_lambda.sources import (
    ACK,
    BORN,
    BOTO,
    IMAGES,
    PROVIDER,
    SNAP,
    STATES,
    VLIFE,
    WITH_UPDATE,
)
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed

ACCEPTED, REFUSED, SERVED = "accepted", "refused", "served"


def _open(name: str, question: str, *options: str, note: str = "no source tells") -> Policy:
    return Policy(name, question, options, evidence=inferred(STATES, note=note))


invoke_while_pending = Policy(
    "invoke_while_pending", "Are calls answered while a function is Pending?", (SERVED, REFUSED),
    evidence=documented(STATES, note="invocations fail")
    + documented(IMAGES, note="it can be invoked, other operations fail"))
async_while_not_invocable = _open(
    "async_while_not_invocable", "Is a call with the InvocationType Event queued while synchronous ones fail?",
    "queued", REFUSED)
invoke_version_while_unready = _open(
    "invoke_version_while_unready", "Are calls of a version served while $LATEST cannot be called?", SERVED, REFUSED)
redeploy_inactive = Policy(
    "redeploy_inactive", "What does an update make of an Inactive function?", ("in place", "over Pending", REFUSED),
    evidence=documented(STATES, note="may have to be redeployed to be Active again; over which values is not stated")
    + observed(ACK, note="clients stumble over it"))
update_when_failed = Policy(
    "update_when_failed", "Can an update recover a Failed function?", (ACCEPTED, REFUSED),
    evidence=documented(STATES, IMAGES, note="only deletion and creation are told"))
publish_unusable = _open("publish_unusable", "Is a version published from an Inactive or Failed function?",
                         ACCEPTED, REFUSED)
delete_while_working = Policy(
    "delete_while_working", "Is a function deleted, or a version of it, while it is Pending or being updated?",
    (ACCEPTED, REFUSED), evidence=documented(STATES, note="operations on a Pending function fail")
    + client_code(PROVIDER, note="deletes whatever the state"))
alias_while_pending = Policy(
    "alias_while_pending", "Are aliases and reserved concurrency changed while the function is Pending?",
    (ACCEPTED, REFUSED), evidence=documented(STATES, note="operations on a Pending function fail")
    + client_code(PROVIDER, note="changes them whatever the state"))
published_state = Policy(
    "published_state", "Is a version that PublishVersion makes ready at once?", ("at once", "later"),
    evidence=documented(BOTO, SNAP, note="Pending with SnapStart, which is not modelled")
    + observed(VLIFE, note="Active at once without it"))
version_update_status = Policy(
    "version_update_status", "What does LastUpdateStatus read of a version that is Pending or Inactive?",
    ("absent", "Successful"), evidence=observed(BORN, WITH_UPDATE, note="absent of a new one"))
