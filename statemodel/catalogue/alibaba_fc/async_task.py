"""fc.async_task: one asynchronous call of a function for which tasks are switched on, by the id its caller gave it.

A call without an id gets one from the service and is followed by nobody here.
"""

from typing import Any

import attrs

from statemodel.catalogue.alibaba_fc.operations import FUNCTION_NAME, LIMIT, NEXT_TOKEN, PREFIX, QUALIFIER, call, read
from statemodel.catalogue.alibaba_fc.sources import ERR2, FCDOC_002, FCDOC_064, FCDOC_135, SDK
from statemodel.model.data import one_of
from statemodel.model.evidence import Policy, documented, inferred
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
from statemodel.model.operation import ANY, Field, Listing, Parameter, Subject, Target

MOST_RETRIES = 8


@attrs.frozen(cache_hash=True)
class TaskData:
    """What a task carries.

    Attributes:
        retries: how often it was run again after an error of its own.
    """

    retries: int = one_of(*range(MOST_RETRIES + 1))


system_retries = Policy(
    "system_retries", "Does a run that is repeated after throttling or a system error show Retrying?",
    ("shown", "hidden"), evidence=inferred(FCDOC_064, note="not counted as retries; what they show is not stated"))
stop_again = Policy(
    "stop_again", "What does stopAsyncTask answer while the task is being stopped?", ("accepted", "refused"),
    evidence=inferred(FCDOC_135, note="silent"))
stop_finished = Policy(
    "stop_finished", "What does stopAsyncTask answer for a task that ended by itself?", ("accepted", "refused"),
    evidence=inferred(ERR2, note="a code is listed for a task that was stopped only"))

# ------------------------------------------------------------------------------------------------- operations

STATUSES = ("Enqueued", "Dequeued", "Running", "Succeeded", "Failed", "Stopping", "Stopped", "Expired", "Invalid",
            "Retrying")


def started(view: Any) -> tuple[Target, ...]:
    """The task that an asynchronous call starts; another call starts none that has a known name."""
    named = view.arg("invocationType") != "Sync" and view.arg("asyncTaskId") is not None
    return ({"async_task": (view.arg("asyncTaskId"),)},) if named else ({},)


def by_id(view: Any) -> tuple[Target, ...]:
    """The task of that id."""
    return ({"async_task": (view.arg("taskId"),)},)


def shown_status(view: Any) -> Any:
    """Status of the task asked for, or of the entry of a list."""
    here = view.state("async_task", view.key if view.key is not None else view.arg("taskId"))
    return ANY if here is None else (here,)


_STATUS = Field("status", shown_status, STATUSES)
TASK_ID = Parameter("taskId", Subject.ALIAS, required=True, evidence=documented(SDK))
InvokeFunction = call(
    "invokeFunction", FUNCTION_NAME, QUALIFIER,
    Parameter("invocationType", default="Sync", values=("Sync", "Async"), codes=("InvalidArgument",), tried=("Async",),
              evidence=documented(SDK, FCDOC_002, note="the header X-Fc-Invocation-Type")),
    Parameter("asyncTaskId", Subject.ALIAS, pattern=r"[A-Za-z_][A-Za-z0-9_-]*", longest=128,
              codes=("InvalidArgument",), evidence=documented(SDK, note="the header X-Fc-Async-Task-Id")),
    targets=started, doc="Puts a call into the queue under an id of the caller.",
    evidence=documented(FCDOC_135, FCDOC_002))
StopAsyncTask = call("stopAsyncTask", FUNCTION_NAME, TASK_ID, QUALIFIER, targets=by_id, doc="Asks for a task to end.",
                     evidence=documented(SDK, FCDOC_135))
GetAsyncTask = read("getAsyncTask", FUNCTION_NAME, TASK_ID, QUALIFIER, targets=by_id, fields=(_STATUS,),
                    doc="Shows one task.", evidence=documented(SDK, FCDOC_135))
ListAsyncTasks = read(
    "listAsyncTasks", FUNCTION_NAME, Parameter("qualifier", Subject.QUALIFIER, evidence=documented(SDK)),
    LIMIT, NEXT_TOKEN, PREFIX,
    Parameter("status", values=STATUSES, codes=("InvalidArgument",), evidence=documented(SDK)),
    listing=Listing("tasks", "taskId", "async_task", (_STATUS,), page=20,
                    paging=("limit", "nextToken", "prefix", "qualifier", "status", "startedTimeBegin",
                            "startedTimeEnd"),
                    limit="limit", marker="nextToken", prefix="prefix"),
    doc="Lists the tasks of a function.", evidence=documented(SDK, FCDOC_135))

# ------------------------------------------------------------------------------------------------- the graph


def _has_retry_left(view: Any) -> bool | None:
    return None if view.own.retries < MOST_RETRIES else False


def _retry(view: Any) -> Any:
    return attrs.evolve(view.own, retries=min(view.own.retries + 1, MOST_RETRIES))


def _queue(_view: Any) -> TaskData:
    return TaskData()


retry_left = Guard("a retry is left", _has_retry_left)
retried = Effect("counts the retry", _retry)
queued = Effect("starts with no retries", _queue)

dequeued = service("taken from the queue")
run_started = service("run started")
succeeded = service("run succeeded")
run_failed = service("run failed", "With a retry left.")
run_failed_for_good = service("last run failed", "With no retry left.")
system_failed = service("run hit by a system error", "Throttled or failed inside the service: not counted as a retry.")
run_repeated = service("run repeated")
ended = service("run stopped")
expired = service("too old to start", "Older than maxAsyncEventAgeInSeconds.")
invalidated = service("function no longer there", "Deleted, or for other reasons not to be run.")
forgotten = environment("task forgotten", "Kept for 7 days.")

STATES = (
    State("Absent", Kind.ABSENT, "No such task."),
    State("Enqueued", Kind.WORKING, "In the queue."),
    State("Dequeued", Kind.WORKING, "Taken from the queue, about to run; a list of values leaves it out."),
    State("Running", Kind.WORKING, "The code runs."),
    State("Retrying", Kind.WORKING, "About to run again after an error."),
    State("Stopping", Kind.WORKING, "Being stopped."),
    State("Succeeded", Kind.RESTING, "Ended well."),
    State("Stopped", Kind.RESTING, "Ended as asked."),
    State("Failed", Kind.FAILED, "Ended with an error, no retry left."),
    State("Expired", Kind.FAILED, "Too old before it could start."),
    State("Invalid", Kind.FAILED, "Not started: the function is gone, or for other reasons."),
)
PRESENT = tuple(state.name for state in STATES if state.name != "Absent")
FINAL = ("Succeeded", "Failed", "Stopped", "Expired", "Invalid")
_RETRIES = documented(SDK, FCDOC_135, note="0 to 8 retries, 3 by default, set by another operation")
ENDED_ITSELF = ("Succeeded", "Failed", "Expired", "Invalid")

TRANSITIONS = (
    Transition("Absent", InvokeFunction, "Enqueued", effect=queued, evidence=documented(FCDOC_135, FCDOC_002)),
    Transition("Enqueued", dequeued, "Dequeued", evidence=documented(FCDOC_135) + inferred(SDK, note="the edge")),
    Transition("Dequeued", run_started, "Running", evidence=documented(FCDOC_135) + inferred(SDK, note="the edge")),
    Transition("Enqueued", expired, "Expired", evidence=documented(SDK, FCDOC_135)),
    Transition("Enqueued", invalidated, "Invalid", evidence=documented(SDK, FCDOC_135)),
    Transition("Running", succeeded, "Succeeded", evidence=documented(SDK, FCDOC_135)),
    Transition("Running", run_failed, "Retrying", guard=retry_left, effect=retried, evidence=_RETRIES),
    Transition("Running", run_failed_for_good, "Failed", guard=~retry_left, evidence=_RETRIES),
    Transition("Running", system_failed, "Retrying", under=system_retries["shown"], evidence=system_retries.evidence),
    Transition("Retrying", run_repeated, "Running", evidence=documented(FCDOC_135)),
    Transition(("Enqueued", "Dequeued", "Running", "Retrying"), StopAsyncTask, "Stopping",
               evidence=documented(SDK, FCDOC_135) + inferred(FCDOC_135, note="from which states")),
    Transition("Stopping", StopAsyncTask, under=stop_again["accepted"], evidence=stop_again.evidence),
    Transition(ENDED_ITSELF, StopAsyncTask, under=stop_finished["accepted"], evidence=stop_finished.evidence),
    Transition("Stopping", ended, "Stopped", evidence=documented(SDK, FCDOC_135)),
    Transition(FINAL, forgotten, "Absent", evidence=documented(FCDOC_135, note="kept for 7 days")),
    # reads
    Transition(PRESENT, GetAsyncTask, evidence=documented(SDK, FCDOC_135)),
    Transition(("Absent", *PRESENT), ListAsyncTasks, evidence=documented(SDK, FCDOC_135)),
)

REFUSALS = (
    Refusal(PRESENT, InvokeFunction, None, evidence=documented(FCDOC_135, note="409; the code is not stated")),
    Refusal("Absent", StopAsyncTask, None, evidence=inferred(SDK, note="no code is listed")),
    Refusal("Absent", GetAsyncTask, None, evidence=inferred(SDK, note="no code is listed")),
    Refusal("Stopping", StopAsyncTask, None, under=stop_again["refused"], evidence=stop_again.evidence),
    Refusal("Stopped", StopAsyncTask, ("AsyncInvocationStopped",), evidence=documented(ERR2)),
    Refusal(ENDED_ITSELF, StopAsyncTask, None, under=stop_finished["refused"], evidence=stop_finished.evidence),
)

ASYNC_TASK = TransitionGraph(
    "fc.async_task",
    "One asynchronous task of an FC 3.0 function, by its id; kept for 7 days after its end.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=TaskData,
    many=Named(),
    policies=(system_retries, stop_again, stop_finished),
)
