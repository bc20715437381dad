"""scf.billing: what the account's balance and a manual freeze do to a function; no status ever moves for it."""

from statemodel.catalogue.tencent_scf.operations import (
    INVOCATIONS,
    CopyFunction,
    CreateAlias,
    CreateFunction,
    DeleteAlias,
    DeleteFunction,
    DeleteFunctionVersion,
    GetFunction,
    PublishVersion,
    UpdateAlias,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
)
from statemodel.catalogue.tencent_scf.sources import (
    QDOC_ARREARS,
    QDOC_CODES,
    QDOC_FAQ,
    QDOC_SUSPEND,
    SDKGO,
    SDKPY,
    STATE,
    T03,
    T11,
)
from statemodel.model.evidence import Policy, documented, inferred, observed
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph, environment, service

frozen_gates_changes = Policy(
    "frozen_gates_changes", "Are functions created and changed while the account is frozen by hand?",
    ("accepted", "refused"), evidence=inferred(QDOC_SUSPEND, note="code and configuration are kept; no more is said"))
copy_in_arrears = Policy(
    "copy_in_arrears", "Is a function copied while the account is in arrears?", ("accepted", "refused"),
    evidence=inferred(SDKGO, note="creation is refused; no code for arrears is listed for copies"))

publish_in_arrears = Policy(
    "publish_in_arrears", "Is a version published while the account is in arrears?", ("accepted", "refused"),
    evidence=inferred(SDKGO, note="no code for arrears is listed"))
delete_out_of_service = Policy(
    "delete_out_of_service", "Is a function, or a version, deleted while the account is in arrears or frozen by hand?",
    ("accepted", "refused"), evidence=inferred(SDKGO, note="no code for arrears is listed"))
aliases_out_of_service = Policy(
    "aliases_out_of_service", "Are aliases changed while the account is in arrears or frozen by hand?",
    ("accepted", "refused"), evidence=inferred(SDKGO, QDOC_SUSPEND, note="no code for arrears is listed"))

below_zero = environment("balance below zero", "Service goes on for 24 hours, with nothing to be seen.")
exhausted = environment("balance exhausted", "The 24 hours are over: AvailableStatus becomes InsufficientBalance.")
restored = environment("balance restored", "The balance is positive again.")
resumed = service("service resumed", "The payment has been noticed; hours later in one recorded case.")
account_frozen = environment("account frozen", "By hand: BatchSuspendService.")
account_unfrozen = environment("account unfrozen", "By hand: BatchResumeService.")

STATES = (
    State("Available", Kind.RESTING, "In service; the first 24 hours in arrears included."),
    State("InsufficientBalance", Kind.FAILED, "In arrears for more than 24 hours; somebody must pay."),
    State("Restoring", Kind.WORKING, "Paid, not yet noticed.", "InsufficientBalance"),
    State("Frozen", Kind.FAILED, "Frozen by hand; what AvailableStatus reads is not stated.", None),
    State("FrozenInArrears", Kind.FAILED, "Frozen by hand, and in arrears as well.", None),
    State("FrozenRestoring", Kind.WORKING, "Frozen by hand; paid, not yet noticed.", None),
)
ALL = tuple(state.name for state in STATES)
FROZEN = ("Frozen", "FrozenInArrears", "FrozenRestoring")
ARREARS = ("InsufficientBalance", "Restoring")
# Of no change it is stated what a frozen account answers: every listed code that speaks of the account, or the one
# that many actions list for whatever else fails.
UNPAID = ("FailedOperation.AccountInsufficient", "FailedOperation.InsufficientBalance")
FAILED = ("FailedOperation",)
SHUT = (*UNPAID, "FailedOperation.ServiceClosed", "FailedOperation.UnOpenedService", "OperationDenied.AccountIsolate",
        "ResourceUnavailable.InsufficientBalance", "ResourceUnavailable.ServiceSuspended", *FAILED)
DELETIONS = (DeleteFunction, DeleteFunctionVersion)
ALIASES = (CreateAlias, UpdateAlias, DeleteAlias)
CHANGES = (CreateFunction, UpdateFunctionCode, UpdateFunctionConfiguration, PublishVersion, CopyFunction)

TRANSITIONS = (
    Transition("Available", below_zero, evidence=documented(QDOC_ARREARS)),
    Transition(("Available", "Restoring"), exhausted, "InsufficientBalance", evidence=documented(QDOC_ARREARS)),
    Transition(("Frozen", "FrozenRestoring"), exhausted, "FrozenInArrears",
               evidence=inferred(QDOC_ARREARS, QDOC_SUSPEND)),
    Transition("InsufficientBalance", restored, "Restoring", evidence=documented(QDOC_ARREARS) + observed(T11)),
    # a freeze is a condition of its own: it neither hastens nor undoes what the service has not yet noticed
    Transition("FrozenInArrears", restored, "FrozenRestoring", evidence=inferred(QDOC_ARREARS, QDOC_SUSPEND, T11)),
    Transition("Restoring", resumed, "Available", evidence=documented(QDOC_ARREARS)),
    Transition("FrozenRestoring", resumed, "Frozen", evidence=inferred(QDOC_ARREARS, QDOC_SUSPEND)),
    Transition("Available", account_frozen, "Frozen", evidence=documented(QDOC_SUSPEND)),
    Transition("Restoring", account_frozen, "FrozenRestoring", evidence=inferred(QDOC_SUSPEND, T11)),
    Transition("InsufficientBalance", account_frozen, "FrozenInArrears", evidence=inferred(QDOC_SUSPEND)),
    Transition("Frozen", account_unfrozen, "Available", evidence=documented(QDOC_SUSPEND)),
    Transition("FrozenInArrears", account_unfrozen, "InsufficientBalance", evidence=inferred(QDOC_SUSPEND)),
    Transition("FrozenRestoring", account_unfrozen, "Restoring", evidence=inferred(QDOC_SUSPEND, T11)),
    # what goes on in spite of it
    *(Transition("Available", each, evidence=documented(STATE)) for each in (*CHANGES, *INVOCATIONS)),
    Transition(ARREARS, UpdateFunctionCode, evidence=documented(SDKGO, note="no such code is listed") + observed(T11)),
    Transition(ARREARS, PublishVersion, under=publish_in_arrears["accepted"], evidence=publish_in_arrears.evidence),
    Transition(ARREARS, CopyFunction, under=copy_in_arrears["accepted"], evidence=copy_in_arrears.evidence),
    *(Transition(FROZEN, each, under=frozen_gates_changes["accepted"], evidence=frozen_gates_changes.evidence)
      for each in CHANGES),
    *(Transition("Available", each, evidence=documented(STATE)) for each in (*DELETIONS, *ALIASES)),
    *(Transition((*ARREARS, *FROZEN), each, under=policy["accepted"], evidence=policy.evidence)
      for policy, calls in ((delete_out_of_service, DELETIONS), (aliases_out_of_service, ALIASES)) for each in calls),
    Transition(ALL, GetFunction, evidence=documented(STATE) + observed(T11)),
)

REFUSALS = (
    Refusal(ARREARS, CreateFunction, UNPAID, evidence=documented(SDKPY, QDOC_FAQ)),
    Refusal(ARREARS, UpdateFunctionConfiguration, UNPAID, evidence=documented(SDKGO)),
    Refusal(ARREARS, PublishVersion, (*UNPAID, *FAILED), under=publish_in_arrears["refused"],
            evidence=publish_in_arrears.evidence),
    *(Refusal(states, each, codes, under=policy["refused"], evidence=policy.evidence)
      for policy, calls in ((delete_out_of_service, DELETIONS), (aliases_out_of_service, ALIASES)) for each in calls
      for states, codes in ((ARREARS, (*UNPAID, *FAILED)), (FROZEN, SHUT))),
    Refusal(ARREARS, CopyFunction, None, under=copy_in_arrears["refused"],
            evidence=copy_in_arrears.evidence),
    *(Refusal(FROZEN, each, None if each is CopyFunction else SHUT,
              under=frozen_gates_changes["refused"], evidence=frozen_gates_changes.evidence) for each in CHANGES),
    *(Refusal(ARREARS, each, ("ResourceUnavailable.InsufficientBalance", "410", "1"),
              evidence=documented(SDKGO, QDOC_CODES) + observed(T03, T11)) for each in INVOCATIONS),
    *(Refusal("Frozen", each, ("ResourceUnavailable.ServiceSuspended", "402"), evidence=documented(SDKPY, QDOC_CODES))
      for each in INVOCATIONS),
    *(Refusal(("FrozenInArrears", "FrozenRestoring"), each,
              ("ResourceUnavailable.ServiceSuspended", "402", "ResourceUnavailable.InsufficientBalance", "410"),
              evidence=documented(SDKPY, QDOC_CODES)) for each in INVOCATIONS),
)

BILLING = TransitionGraph(
    "scf.billing",
    "What the balance of the account and a manual freeze allow; AvailableStatus of its functions.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    initial="Available",
    is_shared=True,
    policies=(frozen_gates_changes, publish_in_arrears, copy_in_arrears, delete_out_of_service,
              aliases_out_of_service),
)
