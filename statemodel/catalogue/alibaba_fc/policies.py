"""What sources leave open of LATEST: whether it is served, changed, published and deleted, and when."""

from statemodel.catalogue.alibaba_fc.sources import DMLA, FC3, FCDOC_CLEAN, SDK, STATE
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed


def _open(name: str, question: str, *options: str, note: str = "no source tells") -> Policy:
    return Policy(name, question, options, evidence=inferred(STATE, note=note))


ACCEPTED, REFUSED = "accepted", "refused"
failed_update = Policy(
    "failed_update", "What becomes of a container function whose update failed?", ("keeps serving", "fails"),
    evidence=documented(STATE, note="zh and en: lastUpdateStatus Failed, the old code serves; newer en: state Failed"))
invoke_while_updating = Policy(
    "invoke_while_updating", "Are calls answered while an update is in progress?", ("served", "refused"),
    evidence=documented(STATE, note="served by the code from before it") + observed(DMLA, note="PreconditionFailed"))
update_while_pending = _open("update_while_pending", "Is an update accepted in Pending?", ACCEPTED, REFUSED)
update_while_updating = _open("update_while_updating", "Is an update accepted while another is in progress?",
                              ACCEPTED, REFUSED)
publish_while_pending = _open("publish_while_pending", "Is a version published in Pending?", ACCEPTED, REFUSED)
publish_while_updating = _open("publish_while_updating", "Is a version published while an update is in progress?",
                               ACCEPTED, REFUSED)
publish_unusable = _open("publish_unusable", "Is a version published from Failed, Inactive or after a failed update?",
                         ACCEPTED, REFUSED)
delete_while_working = _open("delete_while_working", "Is a function deleted while it is prepared or updated?",
                             ACCEPTED, REFUSED)
delete_with_versions = Policy(
    "delete_with_versions", "Does the service delete a function that has versions or aliases?", (ACCEPTED, REFUSED),
    evidence=documented(FCDOC_CLEAN, note="the console removes them itself")
    + client_code(FC3, note="removes aliases, then versions, first"))
content_after_failed_reactivation = _open(
    "content_after_failed_reactivation", "Which content is kept where the redeployment of an inactive function failed?",
    "old", "new")
woken_after_failure_reads = Policy(
    "woken_after_failure_reads",
    "What does lastUpdateStatus read of a function that was woken after its last update or redeployment had failed?",
    ("Failed", "Successful"),
    evidence=inferred(SDK, STATE, note="it speaks of the most recent update; whether waking ends that is not said"))
woken_by_other_calls = _open("woken_by_other_calls", "Does an asynchronous call, or one of a version, wake LATEST?",
                             "yes", "no", note="told of calls that fail")
recovery_reads = _open("recovery_reads", "What does a Failed function read while it is updated?",
                       "Pending", "InProgress")
invoke_while_recovering = _open("invoke_while_recovering", "Are calls answered while a Failed function is updated?",
                                "served", "refused")
invoke_version_while_unready = _open(
    "invoke_version_while_unready", "Are calls of a version served while LATEST cannot be called?", "served", "refused")
runtime_change = Policy(
    "runtime_change", "Does an update take a container function to another runtime or back, and over which values?",
    (REFUSED, "over InProgress", "over Pending"),
    evidence=inferred(SDK, STATE, note="updateFunction has the parameter runtime; no source shows such a change"))
alias_while_working = _open("alias_while_working", "Are aliases changed while the function is prepared or updated?",
                            ACCEPTED, REFUSED)
code_of_container = Policy(
    "code_of_container", "What does getFunctionCode answer for a container function, which has no code package?",
    (ACCEPTED, REFUSED), evidence=inferred(SDK, note="no source tells"))
