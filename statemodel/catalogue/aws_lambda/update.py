"""lambda.update: LastUpdateStatus of $LATEST of one function, which moves beside its State."""

from statemodel.catalogue.aws_lambda.function import CONFLICT, GONE, created, update_failed, updated
from statemodel.catalogue.aws_lambda.operations import (
    SHOWS,
    UPDATES,
    CreateFunction,
    DeleteFunction,
    PublishVersion,
    of_whole,
)
from statemodel.catalogue.aws_lambda.policies import ACCEPTED, REFUSED, delete_while_working
from statemodel.catalogue.aws_lambda.sources import (
    BORN,
    BOTO,
    CLI,
    LIFE,
    NEXT,
    NOWHERE,
    REDUNDANT,
    STATES,
    TWICE,
    VLIFE,
    WITH_UPDATE,
)
from statemodel.model.evidence import documented, inferred, observed
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph

STATES_OF_UPDATE = (
    State("Absent", Kind.ABSENT, "No such function."),
    State("Unset", Kind.RESTING, "The function was never ready: the field is absent.", None),
    State("Successful", Kind.RESTING, "Created, or the last update ended well."),
    State("InProgress", Kind.WORKING, "Being updated; calls run what was there before."),
    State("Failed", Kind.FAILED, "The last update failed; what was there before it serves."),
)
IDLE = ("Unset", "Successful", "Failed")
EXISTING = (*IDLE, "InProgress")

TRANSITIONS = (
    Transition("Absent", CreateFunction, "Unset", evidence=observed(LIFE, BORN)),
    Transition("Unset", created, "Successful", evidence=documented(STATES) + observed(LIFE, BORN)),
    *(Transition(IDLE, each, "InProgress", evidence=documented(STATES) + observed(LIFE, REDUNDANT, WITH_UPDATE))
      for each in UPDATES),
    Transition("InProgress", updated, "Successful", evidence=documented(STATES) + observed(LIFE, REDUNDANT)),
    Transition("InProgress", update_failed, "Failed", evidence=documented(STATES)),
    Transition(IDLE, PublishVersion, evidence=documented(BOTO) + observed(VLIFE)),
    Transition(IDLE, DeleteFunction, "Absent", guard=of_whole, evidence=documented(BOTO) + observed(LIFE)),
    Transition("InProgress", DeleteFunction, "Absent", guard=of_whole, under=delete_while_working[ACCEPTED],
               evidence=delete_while_working.evidence),
    Transition(IDLE, DeleteFunction, guard=~of_whole, evidence=documented(BOTO) + observed(VLIFE)),
    Transition("InProgress", DeleteFunction, guard=~of_whole, under=delete_while_working[ACCEPTED],
               evidence=delete_while_working.evidence),
    *(Transition(EXISTING, each, evidence=documented(STATES, BOTO) + observed(LIFE)) for each in SHOWS),
)

REFUSALS = (
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO) + observed(NOWHERE, LIFE))
      for each in (DeleteFunction, *SHOWS)),
    *(Refusal("Absent", each, GONE, evidence=documented(BOTO)) for each in (*UPDATES, PublishVersion)),
    Refusal(EXISTING, CreateFunction, CONFLICT, evidence=documented(BOTO, note="the resource already exists")),
    *(Refusal("InProgress", each, CONFLICT, evidence=documented(STATES) + observed(TWICE, NEXT, CLI))
      for each in (*UPDATES, PublishVersion)),
    Refusal("InProgress", DeleteFunction, CONFLICT, under=delete_while_working[REFUSED],
            evidence=inferred(STATES, note="as other operations")),
)

UPDATE = TransitionGraph(
    "lambda.update",
    "LastUpdateStatus of $LATEST of one Lambda function.",
    STATES_OF_UPDATE,
    TRANSITIONS,
    REFUSALS,
    follows=(created,),
    policies=(delete_while_working,),
)
