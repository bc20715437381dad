"""Broken copies of the catalogue: for every invariant of SCF and FC a service that breaks it."""

import attrs

from statemodel.catalogue import FC, SCF
from statemodel.catalogue.alibaba_fc import account as fc_account
from statemodel.catalogue.alibaba_fc import function as fc_function
from statemodel.catalogue.alibaba_fc import function_data as fc_data
from statemodel.catalogue.alibaba_fc import operations as fc_calls
from statemodel.catalogue.alibaba_fc import version as fc_version
from statemodel.catalogue.tencent_scf import alias, billing, function, function_data, operations, version
from statemodel.model.evidence import Source, inferred
from statemodel.model.graph import Effect, Event, Query, Refusal, Transition, environment
from statemodel.model.guard import Guard

FAULT = inferred(Source("fault", "made up for a test"))
NEVER = Guard("never", lambda _view: False)


# ------------------------------------------------------------------------------------------------- how to break one


def broken(service, part, *, drop=(), add=(), change=None, follows=()):
    """A copy of a service in which one part has other rows.

    Args:
        service: the service.
        part: the part to change; the others stay the very objects they are.
        drop: cells of which nothing is said any more: (state or states, name of the event), and if only rows with a
            text are meant, that text.
        add: rows to add.
        change: by cell as above, what becomes of its rows there.
        follows: hidden events that the part follows from now on.
    """
    graph = service.parts[service.index(part)]
    rows = [*graph.transitions, *graph.refusals]
    for cell in drop:
        rows = [one for row in rows for one in _split(row, *_found(rows, *cell), None)]
    for cell, fields in (change or {}).items():
        rows = [one for row in rows for one in _split(row, *_found(rows, *cell), fields)]
    rows.extend(add)
    other = attrs.evolve(
        graph,
        transitions=tuple(row for row in rows if isinstance(row, Transition)),
        refusals=tuple(row for row in rows if isinstance(row, Refusal)),
        follows=(*graph.follows, *follows),
    )
    return attrs.evolve(service, parts=tuple(other if one is graph else one for one in service.parts))


def _found(rows, states, event, text=""):
    states = (states,) if isinstance(states, str) else states
    meant = [row for row in rows if row.event.name == event and set(states) & set(row.source) and text in str(row)]
    assert meant, f"no row says anything of {event} in {states}"
    return states, meant


def _split(row, states, meant, fields):
    """A row apart from these states, and what becomes of it in them."""
    if not any(row is one for one in meant):
        return [row]
    rest = tuple(name for name in row.source if name not in states)
    there = tuple(name for name in row.source if name in states)
    changed = [] if fields is None else [attrs.evolve(row, source=there, **fields)]
    return [*([attrs.evolve(row, source=rest)] if rest else []), *changed]


def never(service, part, state):
    """A copy of a service in which a state of a part is drawn but never reached."""
    graph = service.parts[service.index(part)]
    into = [row for row in graph.transitions if row.target == state and row.source != (state,)]
    hidden = [row for row in into if isinstance(row.event, Event)]
    shut = [attrs.evolve(row, guard=row.guard & NEVER if row.guard else NEVER) for row in hidden]
    refused = [
        Refusal(row.source, row.event, None, guard=row.guard, under=row.under, evidence=FAULT)
        for row in into
        if row not in hidden
    ]
    door = [] if hidden else [Transition(graph.initial, environment("never"), state, guard=NEVER, evidence=FAULT)]
    rest = [row for row in graph.transitions if row not in into]
    other = attrs.evolve(
        graph, transitions=(*rest, *shut, *door), refusals=(*graph.refusals, *refused)
    )
    return attrs.evolve(service, parts=tuple(other if one is graph else one for one in service.parts))


def settled(service, **options):
    """The service with the first option of every open point, or another one where that is said: a small model."""
    return service.with_policies(**{policy.name: policy.options[0] for policy in service.policies} | options)


def _row(source, event, target=None, **more):
    return Transition(source, event, target, evidence=FAULT, **more)


def _no(source, operation, codes=None, **more):
    return Refusal(source, operation, codes, evidence=FAULT, **more)


def _exists(_key, _member, _about):
    return True


def _is_left(view):
    return view.some("version", Query("exists", None, _exists))


def _binds(_key, member, number):
    return number in (member.data.version, member.data.additional)


def _is_bound(view):
    return view.some("alias", Query("is bound to", view.key, _binds))


def _takes_staged(view):
    return attrs.evolve(view.own, content=view.data("function").staged)


def _takes_nothing(_view):
    return fc_version.VersionData()


a_version_left = Guard("a version is left", _is_left, looks_at=("version",))
bound = Guard("an alias is bound to it", _is_bound, looks_at=("alias",))
takes_staged = Effect("takes what the update brought", _takes_staged)
takes_nothing = Effect("holds nothing", _takes_nothing)

# ------------------------------------------------------------------------------------------------- scf

PRESENT = version.PRESENT


def scf_reads_after_deletion():
    """Versions outlive the function, and it is found as long as there is one."""
    left = broken(SCF, "version", change={(PRESENT, "delete succeeded"): {"target": None}})
    return broken(
        left, "function", drop=[("Absent", "GetFunction")],
        add=[_row("Absent", operations.GetFunction, guard=a_version_left),
             _no("Absent", operations.GetFunction, function.GONE, guard=~a_version_left)],
    )


def scf_alias_is_no_obstacle():
    """A version is deleted even where an alias is bound to it."""
    return broken(
        SCF, "version", drop=[(PRESENT, "DeleteFunctionVersion", "AliasBind"),
                              (PRESENT, "DeleteFunctionVersion", "ResourceNotFound"),
                              (version.UNREADY[1:], "DeleteFunctionVersion", "--> Deleting")],
        change={(PRESENT, "DeleteFunctionVersion"): {"guard": None}},
    )


def scf_binds_only_latest():
    """Whatever version an alias is asked to name, it is bound to $LATEST."""
    return broken(
        SCF, "alias",
        change={("Absent", "CreateAlias", "-->"): {"effect": alias.to_latest},
                ("Bound", "UpdateAlias", "-->"): {"effect": alias.to_latest}},
    )


SCF_FAULTS = {
    "a failed publish or update keeps every version that was invocable invocable, with the same content":
        lambda: broken(SCF, "version", add=[_row("Active", function.update_failed, "PublishFailed")]),
    "after a failed update $LATEST serves what it served before": lambda: broken(
        SCF, "function", change={("Updating", "update failed"): {"effect": function_data.switched}}),
    "published content never changes": lambda: broken(
        SCF, "version", add=[_row("Active", function.updated, effect=takes_staged)]),
    "numbers only grow, and none is used again within one life of the function": lambda: broken(
        SCF, "version", drop=[("Absent", "DeleteFunctionVersion")],
        add=[_row("Absent", operations.DeleteFunctionVersion, "Active", effect=version.frozen)]),
    "CreateFailed is left only by deletion": lambda: broken(
        SCF, "function", drop=[("CreateFailed", "UpdateFunctionCode")],
        add=[_row("CreateFailed", operations.UpdateFunctionCode, "Updating", effect=function_data.staged)]),
    "after deletion every read says not found": scf_reads_after_deletion,
    "at most one job is unfinished across function and versions": lambda: broken(
        SCF, "function", drop=[("Publishing", "UpdateFunctionCode", "refused")],
        change={("Publishing", "UpdateFunctionCode"): {"under": None}}),
    "no update or publication starts while the function is at work": lambda: broken(
        SCF, "function", drop=[("Updating", "UpdateFunctionConfiguration")],
        add=[_row("Updating", operations.UpdateFunctionConfiguration, effect=function_data.unstaged)]),
    "from everywhere a settled state is reached, if the service keeps its debts": lambda: broken(
        SCF, "function",
        change={("Updating", name): {"guard": ~function_data.a_version_publishing}
                for name in ("update succeeded", "update failed")}),
    "two versions can be invoked": lambda: never(SCF, "version", "Active"),
    "nothing is left of a function that is gone": lambda: broken(
        SCF, "alias", change={("Bound", "delete succeeded"): {"target": None}}),
    "what an alias is bound to exists": scf_alias_is_no_obstacle,
    "$DEFAULT is there as long as the function": lambda: broken(
        SCF, "alias", drop=[("Bound", "DeleteAlias", "refused")], change={("Bound", "DeleteAlias"): {"guard": None}}),
    "an alias is bound to a version": scf_binds_only_latest,
    "nothing is invocable in arrears or while frozen": lambda: broken(
        SCF, "billing", drop=[(billing.ARREARS, "Invoke")], add=[_row(billing.ARREARS, operations.Invoke)]),
    "billing moves no status, and no call moves billing": lambda: broken(
        SCF, "function", add=[_row("Active", billing.exhausted, "UpdateFailed")], follows=(billing.exhausted,)),
    "calls leave billing as it is": lambda: broken(
        SCF, "billing", change={("InsufficientBalance", "DeleteFunction", "-->"): {"target": "Available"}}),
    "what was invocable before arrears or a freeze is again afterwards": lambda: broken(
        SCF, "version", add=[_row("Active", billing.exhausted, "PublishFailed")], follows=(billing.exhausted,)),
    "a function with versions is in arrears": lambda: never(SCF, "billing", "InsufficientBalance"),
    **{f"the function is {state}": lambda state=state: never(SCF, "function", state)
       for state in ("Active", "CreateFailed", "UpdateFailed", "PublishFailed", "DeleteFailed", "HalfDeleted")},
}

# ------------------------------------------------------------------------------------------------- fc

USABLE = ("Active", "Ready")


def fc_publishes_unchanged():
    """A version is published although nothing changed."""
    return broken(
        FC, "function", drop=[(USABLE, "publishFunctionVersion", "refused")],
        add=[_row(USABLE, fc_calls.PublishFunctionVersion, guard=~fc_data.changed, effect=fc_data.published)],
    )


def fc_reads_after_deletion():
    """Versions outlive the function, and it is found as long as there is one."""
    left = broken(FC, "version", change={("Published", "deleteFunction"): {"target": None}})
    return broken(
        left, "function", drop=[("Absent", "getFunction")],
        add=[_row("Absent", fc_calls.GetFunction, guard=a_version_left),
             _no("Absent", fc_calls.GetFunction, fc_function.GONE, guard=~a_version_left)],
    )


def fc_alias_is_an_obstacle():
    """A version is kept as long as an alias is bound to it."""
    return broken(
        FC, "version", change={("Published", "deleteFunctionVersion"): {"guard": ~bound}},
        add=[_no("Published", fc_calls.DeleteFunctionVersion, guard=bound)],
    )


def fc_calls_go_through(part, states):
    """Synchronous calls are answered in states in which they must fail."""
    return broken(
        FC, part, drop=[(states, "invokeFunction", "unless asynchronous")],
        add=[_row(states, fc_calls.InvokeFunction, guard=~fc_calls.asynchronous)],
    )


FC_FAULTS = {
    "a failed update or preparation keeps every version that was invocable invocable, with the same content":
        lambda: broken(FC, "version", add=[_row("Published", fc_function.update_failed, "Absent")],
                       follows=(fc_function.update_failed,)),
    "after a failed update LATEST serves what it served before": lambda: broken(
        FC, "function", change={("Updating", "update failed", "UpdateFailed"): {"effect": fc_data.switched}}),
    "published content never changes": lambda: broken(
        FC, "version", add=[_row("Published", fc_function.updated, effect=takes_staged)],
        follows=(fc_function.updated,)),
    "numbers only grow, and none is used again within one life of the function": lambda: broken(
        FC, "version", drop=[("Absent", "deleteFunctionVersion")],
        add=[_row("Absent", fc_calls.DeleteFunctionVersion, "Published", effect=fc_version.frozen)]),
    "the kind of runtime is fixed for life": lambda: broken(
        FC, "function", change={("Updating", "update succeeded"): {"target": "Ready"}}),
    "what has not changed is not published again": fc_publishes_unchanged,
    "after deletion every read says not found": fc_reads_after_deletion,
    "from everywhere a settled state is reached, if the service keeps its debts": lambda: broken(
        FC, "function",
        change={("Updating", name): {"guard": ~a_version_left} for name in ("update succeeded", "update failed")}),
    "there are two versions with different content": lambda: broken(
        FC, "version", change={("Absent", "publishFunctionVersion"): {"effect": takes_nothing}}),
    "nothing is left of a function that is gone": lambda: broken(
        FC, "alias", change={("Bound", "deleteFunction"): {"target": None}}),
    "an alias dangles": fc_alias_is_an_obstacle,
    "nothing is invocable while the account is frozen or stopped":
        lambda: fc_calls_go_through("account", fc_account.OVERDUE),
    "the account moves nothing else, and what was invocable before is again afterwards": lambda: broken(
        FC, "function", add=[_row("Active", fc_account.account_frozen, "Inactive")],
        follows=(fc_account.account_frozen,)),
    "a function with versions is frozen": lambda: never(FC, "account", "Frozen"),
    "nothing is invocable while invocation is disabled": lambda: fc_calls_go_through("invocation", "Disabled"),
    "the switch moves nothing else, and what was invocable before is again afterwards": lambda: broken(
        FC, "function", change={("Active", "disableFunctionInvocation"): {"target": "Inactive"}}),
    "nothing but the switch disables and enables": lambda: broken(
        FC, "invocation", change={("Disabled", "updateFunction"): {"target": "Enabled"}}),
    "a function with versions is disabled": lambda: never(FC, "invocation", "Disabled"),
    **{f"the function is {state}": lambda state=state: never(FC, "function", state)
       for state in ("Active", "UpdateFailed", "Failed", "Inactive", "Reactivating", "Ready")},
}
