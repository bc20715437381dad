"""scf.async_event: one asynchronous execution of a function with AsyncRunEnable, identified by its request id.

It is started by an invocation or a trigger that need not be seen: the start is a hidden move. Calls refused for
arrears or for their rate leave no event.
"""

from collections.abc import Mapping
from typing import Any

from statemodel.catalogue.tencent_scf.operations import FUNCTION_NAME, NAMESPACE
from statemodel.catalogue.tencent_scf.sources import CLIENT_62458626297, QDOC_CODES, SDKGO, SDKPY, T20
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import (
    Kind,
    Named,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
from statemodel.model.guard import Guard
from statemodel.model.operation import (
    ANY,
    UNRECORDED,
    Action,
    Field,
    Listing,
    Operation,
    Parameter,
    Rule,
    Subject,
    Target,
)

STATES = (
    State("Absent", Kind.ABSENT, "No such event, or its end is more than three days ago."),
    State("RUNNING", Kind.WORKING, "Being run; EndTime is empty."),
    State("Terminating", Kind.WORKING, "Has been sent SIGTERM and may end in its own way.", "RUNNING"),
    State("Aborting", Kind.WORKING, "Is being stopped, and does not show it yet.", "RUNNING"),
    State("FINISHED", Kind.RESTING, "Ended well."),
    State("FAILED", Kind.FAILED, "Ended badly: whoever wants the work done must start it again."),
    State("ABORTED", Kind.RESTING,
          "Stopped because a caller asked for it (499): settled as wished, nobody has to act."),
)
STATUSES = ("RUNNING", "FINISHED", "ABORTED", "FAILED")
SHOWN = {state.name: state.status for state in STATES}
STOPPING = ("Terminating", "Aborting")
UNDER_WAY = ("RUNNING", *STOPPING)
ENDED = ("FINISHED", "FAILED", "ABORTED")
GONE = ("ResourceNotFound.AsyncEvent",)
UNSUITABLE = ("FailedOperation.AsyncEventStatus",)

# ------------------------------------------------------------------------------------------------- operations


def by_id(view: Any) -> tuple[Target, ...]:
    """The event of that id."""
    return ({"async_event": (view.arg("InvokeRequestId"),)},)


def shown_status(view: Any) -> Any:
    """Status of the event asked for."""
    return (SHOWN[view.state("async_event", view.arg("InvokeRequestId"))],)


def shown_id(view: Any) -> Any:
    """The id asked for."""
    asked = view.arg("InvokeRequestId")
    return ANY if asked is UNRECORDED else (asked,)


def entry_status(view: Any) -> Any:
    """Status of one entry of a list."""
    return (SHOWN[view.here],)


def entry_end(view: Any) -> Any:
    """EndTime of one entry of a list: empty until it has ended."""
    return ("",) if view.here in UNDER_WAY else ANY


def is_listed(view: Any) -> bool | None:
    """Whether the filters let an event through; open where they ask for what is not modelled."""
    statuses, wanted = view.arg("Status"), view.arg("InvokeRequestId")
    if isinstance(statuses, tuple) and statuses and SHOWN[view.here] not in statuses:
        return False
    if wanted and view.key != wanted:
        return False
    others = ("Qualifier", "InvokeType", "StartTimeInterval", "EndTimeInterval")
    return None if any(view.arg(name) for name in others) else True


def has_known_statuses(args: Mapping[str, Any]) -> bool | None:
    """Every status asked for exists; None where it is no list."""
    statuses = args.get("Status")
    if statuses is None:
        return True
    return all(one in STATUSES for one in statuses) if isinstance(statuses, tuple) else None


def asks_for_some(args: Mapping[str, Any]) -> bool | None:
    """Limit leaves room for an entry; None where it is no number."""
    limit = args.get("Limit")
    return limit >= 1 if isinstance(limit, int | float) else None


EVENT_ID = Parameter("InvokeRequestId", Subject.ALIAS, required=True, evidence=documented(SDKPY))
GRACE = Parameter("GraceShutdown", Subject.FLAG, default=False, values=(True, False), evidence=documented(SDKPY))
LIMIT = Parameter("Limit", maximum=100, codes=("InvalidParameterValue.Limit",),
                  evidence=documented(SDKPY, SDKGO, note="20 where it is not sent"))
ORDER = Parameter("Order", default="DESC", values=("ASC", "DESC"), codes=("InvalidParameterValue.Order",),
                  evidence=documented(SDKPY, SDKGO))
ORDER_BY = Parameter("Orderby", default="StartTime", values=("StartTime", "EndTime"),
                     evidence=documented(SDKPY, note="no code is stated"))
OFFSET = Parameter("Offset", evidence=documented(SDKPY, note="0 where it is not sent"))
FILTER_NAMES = ("Qualifier", "InvokeType", "Status", "StartTimeInterval", "EndTimeInterval", "InvokeRequestId")
FILTERS = tuple(Parameter(name, evidence=documented(SDKPY)) for name in FILTER_NAMES)
RULES = (
    Rule("every status asked for exists", has_known_statuses, ("InvalidParameterValue.Status",),
         evidence=documented(SDKPY, SDKGO)),
    Rule("Limit is at least 1", asks_for_some, ("InvalidParameterValue.Limit",), sure=False, evidence=inferred(SDKPY)),
)
# The function is no part of this graph.
NO_FUNCTION = ("ResourceNotFound.Function", "ResourceNotFound.Namespace")

TerminateAsyncEvent = Operation(
    "TerminateAsyncEvent", Action.CALL, (FUNCTION_NAME, EVENT_ID, NAMESPACE, GRACE), by_id,
    request_codes=(*NO_FUNCTION, "InvalidParameterValue.FunctionName"),
    doc="Stops an event under way; GraceShutdown sends it SIGTERM instead.", evidence=documented(SDKPY, SDKGO))
GetAsyncEventStatus = Operation(
    "GetAsyncEventStatus", Action.READ, (EVENT_ID,), by_id,
    fields=(Field("Result.Status", shown_status, STATUSES), Field("Result.InvokeRequestId", shown_id)),
    request_codes=(*NO_FUNCTION, *UNSUITABLE),
    doc="Shows the status of one event; FailedOperation.AsyncEventStatus is listed for it without a case.",
    evidence=documented(SDKPY, SDKGO) + observed(T20))
ListAsyncEvents = Operation(
    "ListAsyncEvents", Action.READ,
    (FUNCTION_NAME, NAMESPACE, *FILTERS, ORDER, ORDER_BY, LIMIT, OFFSET),
    listing=Listing("EventList", "InvokeRequestId", "async_event",
                    (Field("Status", entry_status, STATUSES), Field("EndTime", entry_end)), present=is_listed,
                    total="TotalCount", paging=("Limit", "Offset"), filters=FILTER_NAMES, page=20,
                    limit="Limit", offset="Offset"),
    rules=RULES,
    request_codes=(*NO_FUNCTION, "ResourceNotFound.Version", "InvalidParameterValue.FunctionName",
                   "InvalidParameterValue.InvokeType", "InvalidParameterValue.Namespace"),
    doc="Lists the events of a function that pass the filters; TotalCount counts all of them.",
    evidence=documented(SDKPY, SDKGO) + observed(T20))

# ------------------------------------------------------------------------------------------------- open points

abort_at_once = Policy(
    "abort_at_once", "Does an event read ABORTED as soon as its termination has been accepted?", ("at once", "later"),
    evidence=inferred(SDKPY, note="silent"))
graceful_end_aborted = Policy(
    "graceful_end_aborted", "Can an event that was sent SIGTERM end as ABORTED?", ("yes", "no"),
    evidence=documented(SDKPY, note="the signal is stated, the status after it is not")
    + documented(QDOC_CODES, note="439 where the signal is not handled, 499 where an event is terminated"))
terminate_again = Policy(
    "terminate_again", "Is a second termination accepted before the event has ended?", ("accepted", "refused"),
    evidence=inferred(SDKPY, note="silent; the status still reads RUNNING"))

# ------------------------------------------------------------------------------------------------- the graph

started = environment("event started", "By an asynchronous call or by a trigger.")
finished = service("event finished")
failed = service("event failed")
aborted = service("event aborted")
forgotten = environment("event forgotten", "Three days after the end.")


def _is_graceful(view: Any) -> bool:
    return view.arg("GraceShutdown") is True


graceful = Guard("GraceShutdown", _is_graceful)

TRANSITIONS = (
    Transition("Absent", started, "RUNNING", evidence=documented(SDKPY) + observed(T20)),
    Transition("RUNNING", finished, "FINISHED",
               evidence=documented(SDKPY) + observed(T20) + client_code(CLIENT_62458626297)),
    Transition("RUNNING", failed, "FAILED", evidence=documented(SDKPY) + client_code(CLIENT_62458626297)),
    Transition(STOPPING, finished, "FINISHED",
               evidence=inferred(SDKPY, note="ended before it was stopped, or by itself")),
    Transition(STOPPING, failed, "FAILED", evidence=inferred(QDOC_CODES, note="439 where SIGTERM is not handled")),
    Transition("Terminating", aborted, "ABORTED", under=graceful_end_aborted["yes"],
               evidence=graceful_end_aborted.evidence),
    Transition("Aborting", aborted, "ABORTED", evidence=documented(SDKPY, QDOC_CODES)),
    Transition(ENDED, forgotten, "Absent", evidence=documented(SDKPY, note="kept for 3 * 24 hours from the end")),
    Transition("RUNNING", TerminateAsyncEvent, "Terminating", guard=graceful, evidence=documented(SDKPY)),
    Transition("RUNNING", TerminateAsyncEvent, "ABORTED", guard=~graceful, under=abort_at_once["at once"],
               evidence=documented(SDKPY, QDOC_CODES, note="the end is stated, not when it is seen")),
    Transition("RUNNING", TerminateAsyncEvent, "Aborting", guard=~graceful, under=abort_at_once["later"],
               evidence=documented(SDKPY, QDOC_CODES, note="the end is stated, not when it is seen")),
    Transition(STOPPING, TerminateAsyncEvent, guard=graceful, under=terminate_again["accepted"],
               evidence=terminate_again.evidence),
    Transition(STOPPING, TerminateAsyncEvent, "Aborting", guard=~graceful, under=terminate_again["accepted"],
               evidence=terminate_again.evidence),
    Transition((*UNDER_WAY, *ENDED), GetAsyncEventStatus, evidence=documented(SDKPY) + observed(T20)),
    Transition(("Absent", *UNDER_WAY, *ENDED), ListAsyncEvents, evidence=documented(SDKPY) + observed(T20)),
)

REFUSALS = (
    Refusal("Absent", TerminateAsyncEvent, GONE, evidence=documented(SDKPY, SDKGO)),
    Refusal(STOPPING, TerminateAsyncEvent, UNSUITABLE, under=terminate_again["refused"],
            evidence=terminate_again.evidence),
    Refusal(ENDED, TerminateAsyncEvent, UNSUITABLE,
            evidence=documented(SDKPY, SDKGO, note="the status does not allow it; that an end is meant is inferred")),
    Refusal("Absent", GetAsyncEventStatus, GONE,
            evidence=documented(SDKPY, SDKGO) + client_code(CLIENT_62458626297)),
)

ASYNC_EVENT = TransitionGraph(
    "scf.async_event",
    "Status of one asynchronous execution of an SCF function, identified by its request id.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    many=Named(),
    policies=(abort_at_once, graceful_end_aborted, terminate_again),
)
