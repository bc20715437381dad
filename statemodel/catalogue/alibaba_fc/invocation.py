"""fc.invocation: the switch that forbids calls of one function, all its versions and aliases included.

Calls show it only by failing; getFunction shows it as invocationRestriction.disable. It is in preview or beta.
"""

from statemodel.catalogue.alibaba_fc.function import GONE, TAKEN
from statemodel.catalogue.alibaba_fc.operations import (
    CreateFunction,
    DeleteFunction,
    DisableFunctionInvocation,
    EnableFunctionInvocation,
    GetFunction,
    InvokeFunction,
    UpdateFunction,
    async_while_not_invocable,
    asynchronous,
)
from statemodel.catalogue.alibaba_fc.sources import DIS, ENA, ERR3, FC3, SDK, TF
from statemodel.model.evidence import Policy, client_code, documented, inferred
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph

disable_again = Policy(
    "disable_again", "What does disableFunctionInvocation answer for a function that is disabled?",
    ("accepted", "refused"), evidence=inferred(DIS, note="silent"))
enable_again = Policy(
    "enable_again", "What does enableFunctionInvocation answer for a function that is enabled?",
    ("accepted", "refused"), evidence=inferred(ENA, note="silent"))

STATES = (
    State("Absent", Kind.ABSENT, "No such function."),
    State("Enabled", Kind.RESTING, "Calls are allowed."),
    State("Disabled", Kind.RESTING, "Calls fail; provisioned instances are gone until it is enabled again."),
)
PRESENT = ("Enabled", "Disabled")
_FAILS = documented(DIS, note="calls fail; the code is not stated")

TRANSITIONS = (
    Transition("Absent", CreateFunction, "Enabled", evidence=client_code(TF, note="creates, then disables")),
    Transition("Enabled", DisableFunctionInvocation, "Disabled", evidence=documented(DIS, SDK) + client_code(FC3, TF)),
    Transition("Disabled", DisableFunctionInvocation, under=disable_again["accepted"], evidence=disable_again.evidence),
    Transition("Disabled", EnableFunctionInvocation, "Enabled", evidence=documented(ENA, SDK) + client_code(FC3, TF)),
    Transition("Enabled", EnableFunctionInvocation, under=enable_again["accepted"], evidence=enable_again.evidence),
    Transition("Enabled", UpdateFunction, evidence=documented(SDK)),
    Transition("Disabled", UpdateFunction, evidence=client_code(TF, note="disables, then updates")),
    Transition("Enabled", DeleteFunction, "Absent", evidence=documented(SDK)),
    Transition("Disabled", DeleteFunction, "Absent", evidence=client_code(FC3, note="disables before it retries")),
    Transition("Enabled", InvokeFunction, evidence=documented(SDK)),
    Transition("Disabled", InvokeFunction, guard=asynchronous, under=async_while_not_invocable["queued"],
               evidence=async_while_not_invocable.evidence),
    Transition(PRESENT, GetFunction, evidence=documented(SDK) + client_code(TF)),
)

REFUSALS = (
    *(Refusal("Absent", each, GONE, evidence=documented(ERR3))
      for each in (DisableFunctionInvocation, EnableFunctionInvocation, UpdateFunction, DeleteFunction, InvokeFunction,
                   GetFunction)),
    Refusal(PRESENT, CreateFunction, TAKEN, evidence=documented(ERR3)),
    Refusal("Disabled", DisableFunctionInvocation, None, under=disable_again["refused"],
            evidence=disable_again.evidence),
    Refusal("Enabled", EnableFunctionInvocation, None, under=enable_again["refused"], evidence=enable_again.evidence),
    Refusal("Disabled", InvokeFunction, None, guard=~asynchronous, evidence=_FAILS),
    Refusal("Disabled", InvokeFunction, None, guard=asynchronous, under=async_while_not_invocable["refused"],
            evidence=async_while_not_invocable.evidence),
)

INVOCATION = TransitionGraph(
    "fc.invocation",
    "Whether calls of one FC 3.0 function are allowed.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    policies=(disable_again, enable_again, async_while_not_invocable),
)
