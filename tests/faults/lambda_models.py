"""Broken copies of Lambda: for every invariant of it a service that breaks it."""

import attrs
from faults.models import FAULT, broken, never

from statemodel.catalogue import LAMBDA
from statemodel.catalogue.alibaba_fc.version import numbering_after_deletion
from statemodel.catalogue.aws_lambda import alias, function, function_data, operations, update, version
from statemodel.model.graph import Effect, Query, Refusal, Transition, environment
from statemodel.model.guard import Guard


def _row(source, event, target=None, **more):
    return Transition(source, event, target, evidence=FAULT, **more)


def _no(source, operation, codes=None, **more):
    return Refusal(source, operation, codes, evidence=FAULT, **more)


def _exists(_key, _member, _about):
    return True


def _is_left(view):
    return view.some("version", Query("exists", None, _exists))


def _takes_staged(view):
    return attrs.evolve(view.own, content=view.data("function").staged)


def _takes_nothing(_view):
    return version.VersionData()


def _takes_latest(_view):
    return alias.AliasData()


a_version_left = Guard("a version is left", _is_left, looks_at=("version",))
takes_staged = Effect("takes what the update brought", _takes_staged)
takes_nothing = Effect("holds nothing", _takes_nothing)
takes_latest = Effect("is bound to $LATEST", _takes_latest)
early = environment("updated early")
PRESENT = version.PRESENT


def _next_number(_view):
    return ({"version": (operations.NEW,)},)


def publishes_unchanged():
    """A version is published although nothing changed."""
    fresh = attrs.evolve(operations.PublishVersion, targets=_next_number)
    return attrs.evolve(LAMBDA, parts=tuple(
        attrs.evolve(graph, **{rows: tuple(_other(row, fresh) for row in getattr(graph, rows))
                               for rows in ("transitions", "refusals")})
        for graph in LAMBDA.parts
    ))


def _other(row, operation):
    if row.event.name != operation.name:
        return row
    return attrs.evolve(row, **{"event" if isinstance(row, Transition) else "operation": operation})


def reads_after_deletion():
    """Versions outlive the function, and it is found as long as there is one."""
    left = broken(LAMBDA, "version", change={(PRESENT, "DeleteFunction", "if of the whole"): {"target": None}})
    left = broken(left, "update", drop=[("Absent", "GetFunction")], add=[_row("Absent", operations.GetFunction)])
    return broken(
        left, "function", drop=[("Absent", "GetFunction")],
        add=[_row("Absent", operations.GetFunction, guard=a_version_left),
             _no("Absent", operations.GetFunction, function.GONE, guard=~a_version_left)],
    )


def alias_is_no_obstacle():
    """A version is deleted even where an alias is bound to it."""
    return broken(
        LAMBDA, "version", drop=[(PRESENT, "DeleteFunction", "if an alias is bound to it, unless of the whole")],
        change={(PRESENT, "DeleteFunction", "unless of the whole or an alias"): {"guard": ~operations.of_whole}},
    )


def starts_anew():
    """The numbers of another function of the name begin with 1 again."""
    graph = LAMBDA.parts[LAMBDA.index("version")]
    many = attrs.evolve(graph.many, survives=attrs.evolve(numbering_after_deletion, default="restarts"))
    other = attrs.evolve(graph, many=many, policies=(*graph.policies, many.survives))
    return attrs.evolve(LAMBDA, parts=tuple(other if one is graph else one for one in LAMBDA.parts))


LAMBDA_FAULTS = {
    "a failed update or creation leaves every version as it is": lambda: broken(
        LAMBDA, "version", add=[_row("Active", function.update_failed, "Failed")], follows=(function.update_failed,)),
    "after a failed update $LATEST serves what it served before": lambda: broken(
        LAMBDA, "function", change={("Active", "update failed"): {"effect": function_data.switched}}),
    "published content never changes": lambda: broken(
        LAMBDA, "version", add=[_row("Active", function.updated, effect=takes_staged)], follows=(function.updated,)),
    "numbers only grow, and none is used again, even by another function of the name": lambda: broken(
        LAMBDA, "version", change={("Absent", "DeleteFunction", "unless of the whole"):
                                   {"target": "Active", "effect": version.frozen}}),
    "nothing is updated or published while an update is in progress": lambda: broken(
        LAMBDA, "update", drop=[("InProgress", "UpdateFunctionConfiguration")],
        add=[_row("InProgress", operations.UpdateFunctionConfiguration)]),
    "what has not changed is not published again": publishes_unchanged,
    "after deletion every read says not found": reads_after_deletion,
    "State and LastUpdateStatus come and go together": lambda: broken(
        LAMBDA, "update", change={(update.IDLE, "DeleteFunction", "if of the whole"): {"target": "Unset"}}),
    "no update is in progress before the function is created": lambda: broken(
        LAMBDA, "update", add=[_row("Unset", early, "Successful")]),
    "from everywhere a settled state is reached, if the service keeps its debts": lambda: broken(
        LAMBDA, "update",
        change={("InProgress", name): {"guard": ~a_version_left} for name in ("update succeeded", "update failed")}),
    "there are two versions with different content": lambda: broken(
        LAMBDA, "version", change={("Absent", name, "-->"): {"effect": takes_nothing}
                                   for name in ("PublishVersion", "UpdateFunctionCode")}
        | {("Absent", "CreateFunction", "if Publish"): {"effect": takes_nothing}}),
    "a version is at rest": lambda: never(LAMBDA, "version", "Inactive"),
    "the numbers given out outlive the function": starts_anew,
    "no version is left of a function that is gone": lambda: broken(
        LAMBDA, "version", change={("Active", "DeleteFunction", "if of the whole"): {"target": None}}),
    "no alias is left of a function that is gone": lambda: broken(
        LAMBDA, "alias", change={("Bound", "DeleteFunction", "if of the whole"): {"target": None}}),
    "what an alias is bound to exists": alias_is_no_obstacle,
    "an alias is bound to a version": lambda: broken(
        LAMBDA, "alias", change={("Absent", "CreateAlias", "-->"): {"effect": takes_latest},
                                 ("Bound", "UpdateAlias", "-->"): {"effect": takes_latest}}),
    **{f"the function is {state}": lambda state=state: never(LAMBDA, "function", state)
       for state in ("Active", "Inactive", "Reactivating", "Failed")},
    **{f"the last update is {state}": lambda state=state: never(LAMBDA, "update", state)
       for state in ("Successful", "Failed")},
}
