"""scf.request: one call of a function, as GetRequestStatus tells of it by its request id.

Requests are started by calls and by triggers alike, most of which no client sees: the start is a hidden move. Of a
failed asynchronous request the service repeats the run; a synchronous one is never repeated.
"""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from statemodel.catalogue.tencent_scf.operations import FUNCTION_NAME, NAMESPACE
from statemodel.catalogue.tencent_scf.sources import QDOC_RETRY, SDKGO, SDKPY, STATUS_API, T21, T27, TF
from statemodel.model.data import one_of
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import (
    Effect,
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


@attrs.frozen(cache_hash=True)
class RequestData:
    """What a request carries.

    Attributes:
        retries: how often its run was repeated, at most as often as configured (0 to 2, 2 by default); None where
            repeats that no configuration limits have been counted as well.
        age: recent, or old once it lies before the window that a query without times looks at.
    """

    retries: int | None = one_of(0, 1, 2, None)
    age: str = one_of("recent", "old")


# ------------------------------------------------------------------------------------------------- the operation

RET_CODES = {"Running": 1, "Waiting": 1, "WaitingFailed": -1, "Succeeded": 0, "Failed": -1}
TIME = "|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def by_id(view: Any) -> tuple[Target, ...]:
    """The request of that id."""
    return ({"request": (view.arg("FunctionRequestId"),)},)


def ret_code(view: Any) -> Any:
    """RetCode of a row: 0 success, 1 running, -1 exception; FunctionLog.RetCode has another scale."""
    return (RET_CODES[view.here],)


def retry_num(view: Any) -> Any:
    """RetryNum of a row."""
    return ANY if view.own.retries is None else (view.own.retries,)


def is_shown(view: Any) -> bool | None:
    """Whether a row is shown: only the request asked for; within times that were sent nobody knows."""
    asked = view.arg("FunctionRequestId")
    if asked is UNRECORDED:
        return None
    if view.key != asked:
        return False
    if view.arg("StartTime") or view.arg("EndTime"):
        return None
    return bool(view.own.age == "recent")


def has_end_with_start(args: Mapping[str, Any]) -> bool:
    """With StartTime there is an EndTime."""
    return bool(args.get("EndTime")) or not args.get("StartTime")


def has_start_with_end(args: Mapping[str, Any]) -> bool:
    """With EndTime there is a StartTime."""
    return bool(args.get("StartTime")) or not args.get("EndTime")


def ends_after_start(args: Mapping[str, Any]) -> bool | None:
    """EndTime is later than StartTime, None unless both have the format, which orders them as texts."""
    start, end = args.get("StartTime"), args.get("EndTime")
    if not (isinstance(start, str) and start and isinstance(end, str) and end):
        return None
    return end > start if re.fullmatch(TIME, start) and re.fullmatch(TIME, end) else None


REQUEST_ID = Parameter("FunctionRequestId", Subject.ALIAS, required=True,
                       codes=("InvalidParameterValue.FunctionRequestId",), evidence=documented(STATUS_API, SDKPY))
START_TIME = Parameter(
    "StartTime", pattern=TIME, codes=("InvalidParameterValue.StartTime", "InvalidParameterValue.DateTime"),
    evidence=documented(STATUS_API, SDKPY, note="empty: 15 minutes ago; which of the codes is not stated"))
END_TIME = Parameter(
    "EndTime", pattern=TIME, codes=("InvalidParameterValue.DateTime", "InvalidParameterValue.StartTimeOrEndTime"),
    evidence=documented(STATUS_API, SDKPY, note="empty with StartTime: now; which of the codes is not stated"))
RULES = (
    Rule("StartTime needs EndTime", has_end_with_start, ("InvalidParameterValue.StartTimeOrEndTime",),
         evidence=documented(STATUS_API, SDKPY)),
    Rule("EndTime needs StartTime", has_start_with_end, ("InvalidParameterValue.StartTimeOrEndTime",), sure=False,
         evidence=documented(SDKPY, note="the code says both are needed, the parameter that now is its default")),
    Rule("EndTime is later than StartTime", ends_after_start, None,
         evidence=documented(STATUS_API, SDKPY, note="no code is stated; InvalidParameterValue.StartTime or .DateTime "
                                                     "likely")),
)

# Not one of these speaks of the request: the function and the account are no part of this graph, nor are the logs.
# InvalidParameterValue.Function is on the page alone, FailedOperation.QueryError in the SDK alone; RetCode is no
# parameter. What makes an id well-formed is not stated.
REQUEST_CODES = (
    "FailedOperation", "FailedOperation.QueryError", "FailedOperation.TopicNotExist", "InvalidParameter.Cls",
    "InvalidParameterValue", "InvalidParameterValue.Function", "InvalidParameterValue.FunctionName",
    "InvalidParameterValue.FunctionRequestId", "InvalidParameterValue.RetCode", "OperationDenied.AccountIsolate",
    "OperationDenied.AccountNotExists", "ResourceNotFound.Function", "ResourceNotFound.FunctionName",
)

GetRequestStatus = Operation(
    "GetRequestStatus", Action.READ, (FUNCTION_NAME, REQUEST_ID, NAMESPACE, START_TIME, END_TIME), by_id,
    listing=Listing("Data", "RequestId", "request",
                    (Field("RetCode", ret_code, (0, 1, -1)), Field("RetryNum", retry_num)),
                    present=is_shown, total="TotalCount", filters=("FunctionRequestId",)),
    rules=RULES, request_codes=REQUEST_CODES, calls_per_s=20,
    doc="Shows how one request goes. Data and TotalCount may be null; TotalCount counts rows, running or not.",
    evidence=documented(STATUS_API, SDKPY, SDKGO) + observed(T27) + client_code(TF))

# ------------------------------------------------------------------------------------------------- open points

retcode_between_retries = Policy(
    "retcode_between_retries", "What does RetCode read while a failed request waits for its next run?",
    ("running", "failed"), evidence=inferred(SDKPY, QDOC_RETRY, note="silent; running is likely"))
repeats_counted = Policy(
    "repeats_counted", "Does RetryNum also count repeats after too many calls or a system error?",
    ("counted", "not counted"), evidence=inferred(SDKPY, QDOC_RETRY, note="silent; they go on until MsgTTL is over"))
unknown_request = Policy(
    "unknown_request", "What is answered to an id in good form that belongs to no request?", ("empty", "refused"),
    evidence=inferred(STATUS_API, note="not stated; an empty list with TotalCount 0 is likely"))
outside_default_window = Policy(
    "outside_default_window", "Is a request of more than 15 minutes ago left out where no times are sent?",
    ("left out", "listed"),
    evidence=documented(STATUS_API, SDKPY, note="the window is stated, not which moment of a request counts"))

# ------------------------------------------------------------------------------------------------- the graph

invoked = environment("invoked", "By a call or by a trigger.")
window_passed = environment("window passed", "Fifteen minutes have gone by since the request.")
succeeded = service("run succeeded")
failed = service("run failed", "For good: synchronous, no run left, or an error that is not retried.")
put_off = service("run put off", "A failed run of an asynchronous request that is to be repeated.")
retried = service("retried", "After one minute; counted, at most as often as configured.")
repeated = service("run repeated", "After too many calls each minute, after a system error with growing pauses.")
expired = service("message expired", "MsgTTL (60 to 21600 s, 6 hours by default) is over before the next run.")


def _has_retry_left(view: Any) -> bool:
    return view.own.retries in (0, 1)


def _count(view: Any) -> Any:
    return attrs.evolve(view.own, retries=view.own.retries + 1)


def _lose_count(view: Any) -> Any:
    return attrs.evolve(view.own, retries=None)


def _age(view: Any) -> Any:
    return attrs.evolve(view.own, age="old")


has_retry_left = Guard("fewer than two retries", _has_retry_left)
counted = Effect("counts the retry", _count)
uncountable = Effect("counts beyond the limit", _lose_count)
aged = Effect("lies before the window", _age)

STATES = (
    State("Absent", Kind.ABSENT, "No such request."),
    State("Running", Kind.WORKING, "Being run.", "1"),
    State("Waiting", Kind.WORKING, "A run failed, the next is due; shown as running.", "1", within_s=300),
    State("WaitingFailed", Kind.WORKING, "A run failed, the next is due; shown as failed.", "-1", within_s=300),
    State("Succeeded", Kind.RESTING, "Ended well.", "0"),
    State("Failed", Kind.FAILED, "Failed for good: goes to the dead letter queue, or is dropped.", "-1"),
)
PRESENT = tuple(state.name for state in STATES if state.name != "Absent")
WAITING = ("Waiting", "WaitingFailed")

TRANSITIONS = (
    Transition("Absent", invoked, "Running", evidence=documented(SDKPY, note="RetCode 1; RetryNum 0 is inferred")),
    Transition("Running", succeeded, "Succeeded", evidence=documented(SDKPY) + observed(T27)),
    Transition("Running", failed, "Failed", evidence=documented(SDKPY, QDOC_RETRY)),
    Transition("Running", put_off, "Waiting", under=retcode_between_retries["running"],
               evidence=documented(QDOC_RETRY, note="the retry is stated, RetCode is not") + observed(T21)),
    Transition("Running", put_off, "WaitingFailed", under=retcode_between_retries["failed"],
               evidence=documented(QDOC_RETRY, note="the retry is stated, RetCode is not") + observed(T21)),
    Transition(WAITING, retried, "Running", guard=has_retry_left, effect=counted,
               evidence=documented(QDOC_RETRY, note="two retries a minute apart; once: after 1 and 2 minutes")),
    Transition(WAITING, repeated, "Running", under=repeats_counted["not counted"], evidence=repeats_counted.evidence),
    Transition(WAITING, repeated, "Running", guard=~has_retry_left, effect=uncountable,
               under=repeats_counted["counted"], evidence=repeats_counted.evidence),
    Transition(WAITING, expired, "Failed", evidence=documented(QDOC_RETRY, note="RetCode -1 is inferred")),
    Transition(PRESENT, window_passed, effect=aged, under=outside_default_window["left out"],
               evidence=outside_default_window.evidence),
    Transition("Absent", GetRequestStatus, under=unknown_request["empty"], evidence=unknown_request.evidence),
    Transition(PRESENT, GetRequestStatus, evidence=documented(STATUS_API, SDKPY) + observed(T27)),
)

REFUSALS = (
    Refusal("Absent", GetRequestStatus, ("InvalidParameterValue.FunctionRequestId", "FailedOperation.QueryError"),
            under=unknown_request["refused"], evidence=unknown_request.evidence),
)

REQUEST = TransitionGraph(
    "scf.request",
    "RetCode and RetryNum of one request to an SCF function, identified by its request id.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=RequestData,
    many=Named(),
    policies=(retcode_between_retries, repeats_counted, unknown_request, outside_default_window),
)
