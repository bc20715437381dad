"""What sources leave open: whether and when $LATEST is served, changed, published, deleted; and what lists show."""

from statemodel.catalogue.tencent_scf.sources import (
    CLIENT_65800499658,
    MAL,
    QDOC_CODES,
    SDKGO,
    SDKPY,
    STATE,
    T06C,
    T15,
    T22,
    TF,
    TF_HALF,
    TKT,
)
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed

latest_shows_publishing = Policy(
    "latest_shows_publishing", "Does $LATEST itself show Publishing while one of its versions is being published?",
    ("mirrored", "separate"), evidence=observed(T06C, note="$LATEST kept all traffic")
    + client_code(TKT, note="2020: waited for it on $LATEST") + client_code(TF, note="would fail on it"))
create_leaves_no_trace = Policy(
    "create_leaves_no_trace", "Can a creation fail so early that no function is to be seen?",
    ("possible", "impossible"),
    evidence=inferred(STATE, note="CreateFailed is shown if the information was generated; else nothing is said"))
ghost_delete = Policy(
    "ghost_delete", "Can a function whose creation failed vanish by itself, so that its deletion answers not found?",
    ("on", "off"), default="off", evidence=observed(T22, note="one report"))
update_while_publishing = Policy(
    "update_while_publishing", "Is an update accepted while a version is being published?", ("accepted", "refused"),
    evidence=inferred(SDKPY, note="texts speak of a status that is not normal; no answer was ever recorded"))
update_after_publish_failed = Policy(
    "update_after_publish_failed", "Is an update accepted where $LATEST shows PublishFailed?", ("accepted", "refused"),
    evidence=client_code(TKT, note="falls through to an update"))
update_while_deleting = Policy(
    "update_while_deleting", "What becomes of an update of a function that is deleted, or whose deletion failed?",
    ("refused", "lost", "taken"),
    evidence=inferred(SDKPY, note="texts speak of a status that is not normal; no answer was ever recorded"))
publish_from_failed = Policy(
    "publish_from_failed", "Is PublishVersion accepted in UpdateFailed or PublishFailed?", ("accepted", "refused"),
    evidence=inferred(SDKPY, note="the error speaks of a status that is not normal"))
publish_while_publishing = Policy(
    "publish_while_publishing", "Is PublishVersion accepted while another version is being published?",
    ("accepted", "refused"), evidence=inferred(SDKPY, note="the error speaks of a status that is not normal"))
delete_while_creating = Policy(
    "delete_while_creating", "Is a function deleted while it is being created?", ("accepted", "refused"),
    evidence=inferred(SDKPY, note="FailedOperation.DeleteFunction speaks of a status that is not normal"))
delete_while_updating = Policy(
    "delete_while_updating", "Is a function deleted while it is being updated?", ("accepted", "refused"),
    evidence=documented(SDKPY, note="the error text says no") + observed(T15, note="a stuck one was deleted"))
delete_while_publishing = Policy(
    "delete_while_publishing", "Is a function deleted while a version is being published?", ("accepted", "refused"),
    evidence=inferred(SDKPY))
delete_while_deleting = Policy(
    "delete_while_deleting", "What does a second deletion answer while the first one runs?",
    ("accepted", "refused"), evidence=inferred(SDKPY))
delete_again = Policy(
    "delete_again", "Is a function deleted again after its deletion failed?", ("accepted", "refused"),
    evidence=client_code(CLIENT_65800499658, note="deletes again") + client_code(TKT, note="stops with an error"))
delete_with_aliases = Policy(
    "delete_with_aliases", "Does a named alias keep a whole function from being deleted?", ("accepted", "refused"),
    evidence=documented(SDKPY, note="AliasBind is listed for the action, and all versions are said to go"))
create_while_deleting = Policy(
    "create_while_deleting", "Can a name be used again before its deletion has ended?", ("accepted", "refused"),
    evidence=inferred(SDKGO))
copy_from_unsettled = Policy(
    "copy_from_unsettled", "Can a function be copied that is not Active?", ("accepted", "refused"),
    evidence=documented(SDKPY, note="UnsupportedOperation.CopyFunction: not copyable, without saying when"))
copy_over_unsettled = Policy(
    "copy_over_unsettled",
    "Does a copy with Override replace a function that is at work, has a version at work, or failed to be deleted?",
    ("accepted", "refused"),
    evidence=documented(SDKPY, note="Override deletes the function of that name, without saying in which status"))
invoke_while_deleting = Policy(
    "invoke_while_deleting",
    "Is $LATEST or a version still served while the function is deleted, or after that failed?", ("served", "refused"),
    evidence=inferred(QDOC_CODES, note="435 or 438 likely"))
version_delete_when_unsettled = Policy(
    "version_delete_when_unsettled", "Is a version deleted while $LATEST is not Active?", ("accepted", "refused"),
    evidence=documented(SDKPY, note="FailedOperation.DeleteFunction: status not normal, without saying whose"))
publish_with_update = Policy(
    "publish_with_update", "When is a version that is published with an update first seen: at once, or after it?",
    ("at once", "after the update"), evidence=inferred(SDKPY, note="Publish=TRUE says nothing about the order"))
versions_of_a_leaving_function = Policy(
    "versions_of_a_leaving_function", "Can versions and aliases still be read while the whole function is deleted?",
    ("readable", "gone"), evidence=inferred(STATE))
read_half_deleted = Policy(
    "read_half_deleted", "What do lists and calls answer in the window in which a function is half deleted?",
    ("found", "not found"), evidence=client_code(TF_HALF) + client_code(MAL))
