"""fc.account: what overdue bills of the account allow; no field shows it, and no status of a function moves for it."""

from statemodel.catalogue.alibaba_fc.operations import InvokeFunction, async_while_not_invocable, asynchronous
from statemodel.catalogue.alibaba_fc.sources import FCDOC_ARREARS
from statemodel.model.evidence import documented
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph, environment, service

account_frozen = environment("account frozen", "A bill is overdue: no new calls, timers stop, the queue is paused.")
account_restored = environment("account restored", "The bill was paid.")
stopped = service("account stopped", "Overdue for more than 7 days; code and configuration are kept.")

STATES = (
    State("Normal", Kind.RESTING, "In service.", None),
    State("Frozen", Kind.FAILED, "Overdue for less than 7 days: running calls finish, new ones fail.", None),
    State("Stopped", Kind.FAILED, "Overdue for more than 7 days; code and configuration are kept.", None),
)
OVERDUE = ("Frozen", "Stopped")

TRANSITIONS = (
    Transition("Normal", account_frozen, "Frozen", evidence=documented(FCDOC_ARREARS)),
    Transition("Frozen", stopped, "Stopped", evidence=documented(FCDOC_ARREARS)),
    Transition(OVERDUE, account_restored, "Normal", evidence=documented(FCDOC_ARREARS)),
    Transition("Normal", InvokeFunction, evidence=documented(FCDOC_ARREARS)),
    Transition(OVERDUE, InvokeFunction, guard=asynchronous, under=async_while_not_invocable["queued"],
               evidence=documented(FCDOC_ARREARS, note="the queue is paused, and dropped after 96 h")),
)

REFUSALS = (
    Refusal(OVERDUE, InvokeFunction, None, guard=~asynchronous,
            evidence=documented(FCDOC_ARREARS, note="no new calls; the code is not stated")),
    Refusal(OVERDUE, InvokeFunction, None, guard=asynchronous, under=async_while_not_invocable["refused"],
            evidence=documented(FCDOC_ARREARS, note="no new calls; the code is not stated")),
)

ACCOUNT = TransitionGraph(
    "fc.account",
    "Whether overdue bills keep the functions of an account from being called.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    initial="Normal",
    is_shared=True,
    policies=(async_while_not_invocable,),
)
