"""The operations of SCF functions, versions and aliases, as the API of 2018-04-16 spells them."""

from typing import Any

from statemodel.catalogue.choices import both, holds
from statemodel.catalogue.qualifiers import resolved
from statemodel.catalogue.tencent_scf import codes
from statemodel.catalogue.tencent_scf.policies import publish_with_update, versions_of_a_leaving_function
from statemodel.catalogue.tencent_scf.sources import QDOC_ALIAS, QDOC_VERSION, SDKGO, SDKPY, STATE
from statemodel.model.data import read_key, spell
from statemodel.model.evidence import documented, inferred
from statemodel.model.guard import Guard
from statemodel.model.operation import (
    ALL_GO,
    ANY,
    EVERY,
    NEW,
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

LATEST, DEFAULT = "$LATEST", "$DEFAULT"

STATUSES = ("Creating", "CreateFailed", "Active", "Updating", "UpdateFailed", "Publishing", "PublishFailed",
            "Deleting", "DeleteFailed")
AVAILABLE_STATUSES = ("Available", "InsufficientBalance")

# ------------------------------------------------------------------------------------------------- shared guards


def _as_source(view: Any) -> bool | None:
    return _role(view, "source")


def _as_target(view: Any) -> bool | None:
    return _role(view, "target")


def _role(view: Any, role: str) -> bool | None:
    return None if view.role in (None, UNRECORDED) else bool(view.role == role)


def _overrides(view: Any) -> bool:
    return view.arg("Override") is True


def _of_whole(view: Any) -> bool:
    return view.arg("Qualifier") is None


def _of_latest(view: Any) -> bool:
    return bool(view.arg("Qualifier") == LATEST)


def _of_version(view: Any) -> bool:
    return view.arg("Qualifier") not in (None, LATEST)


SIDES = ("as source", "as target")
as_source = Guard("as source", _as_source, SIDES)
as_target = Guard("as target", _as_target, SIDES)
override = Guard("Override", _overrides)
EXTENTS = ("the whole function", "of $LATEST", "of a version")
whole = Guard("the whole function", _of_whole, EXTENTS)
of_latest = Guard("of $LATEST", _of_latest, EXTENTS)
of_version = Guard("of a version", _of_version, EXTENTS)


# ------------------------------------------------------------------------------------------------- what is addressed


def by_qualifier(view: Any) -> tuple[Target, ...]:
    """$LATEST, a version, or through an alias the versions it may lead to."""
    return resolved(view, view.arg("Qualifier"), LATEST)


def whole_or_version(view: Any) -> tuple[Target, ...]:
    """Without a qualifier the function with all versions and aliases, else the version it names."""
    qualifier = view.arg("Qualifier")
    if qualifier is None:
        return ({"version": (EVERY,), "alias": (EVERY,)},)
    return ({"version": (qualifier,)},) if isinstance(qualifier, int) else ({},)


def named_version(view: Any) -> tuple[Target, ...]:
    """The version that the qualifier names; $LATEST is no version of its own."""
    qualifier = view.arg("Qualifier")
    return ({"version": (qualifier,)},) if isinstance(qualifier, int) else ({},)


def new_version(_view: Any) -> tuple[Target, ...]:
    """A version with the next number."""
    return ({"version": (NEW,)},)


def new_version_if_published(view: Any) -> tuple[Target, ...]:
    """A version with the next number where the update is to be published, else nothing."""
    return ({"version": (NEW,)},) if view.arg("Publish") == "TRUE" else ({},)


def new_life(_view: Any) -> tuple[Target, ...]:
    """The function, its first alias, and whatever an earlier life left."""
    return ({"version": (ALL_GO,), "alias": (ALL_GO, DEFAULT)},)


def copied(view: Any) -> tuple[Target, ...]:
    """As target a new life, as source nothing but the function."""
    return new_life(view) if view.role == "target" else ({},)


def by_name(view: Any) -> tuple[Target, ...]:
    """The alias of that name."""
    return ({"alias": (view.arg("Name"),)},)


# ------------------------------------------------------------------------------------------------- what is shown


def shown_status(view: Any) -> Any:
    """Status of the version addressed, or of the function."""
    part = "version" if view.target.get("version") else "function"
    key = view.target["version"][0] if part == "version" else None
    return status_of(view, part, key)


def status_of(view: Any, part: str, key: Any = None) -> Any:
    """The status a member shows; anything where it is not in the model, or half deleted, of which nothing is said."""
    state = view.state(part, key)
    if state in (None, "HalfDeleted"):
        return ANY
    return ("Publishing",) if state == "Awaited" else (state,)


def available_status(view: Any) -> Any:
    """AvailableStatus; what it reads during a manual freeze is nowhere stated."""
    return {"Available": ("Available",), "InsufficientBalance": ("InsufficientBalance",),
            "Restoring": ("InsufficientBalance",)}.get(view.state("billing"), ANY)


def served(view: Any) -> Any:
    """The content that answers an invocation: while updating, the old or the new."""
    if view.target.get("version"):
        version = view.data("version", view.target["version"][0])
        return ANY if version is None else (version.content,)
    function = view.data("function")
    if function is None:
        return ANY
    return (function.content,) if function.staged is None else (function.content, function.staged)


def new_number(view: Any) -> Any:
    """The number the service gave."""
    return (spell(view.target["version"][0]),) if view.has("version") else ANY


def is_listed(view: Any) -> bool | None:
    """Whether ListFunctions shows the function: open in the window in which it is half deleted."""
    return {"Absent": False, "HalfDeleted": None}.get(view.state("function"), True)


def is_version_listed(view: Any) -> bool | None:
    """Whether a list shows a version: a policy says while it is only awaited, or leaves with the function."""
    is_seen = holds(view, publish_with_update, "at once") if view.here == "Awaited" else True
    return both(is_seen, is_alias_listed(view))


def is_alias_listed(view: Any) -> bool | None:
    """Whether a list shows an alias: a policy says while it leaves with the function."""
    is_leaving = view.own is not None and view.own.leaving
    return holds(view, versions_of_a_leaving_function, "readable") if is_leaving else True


def entry_status(view: Any) -> Any:
    """Status of one entry of a list of versions."""
    return status_of(view, "version", view.key)


def alias_version(view: Any) -> Any:
    """Main version of an alias."""
    return _alias_field(view, "version")


def _alias_field(view: Any, name: str) -> Any:
    bound = view.data("alias", view.key if view.key is not None else view.arg("Name"))
    return ANY if bound is None else (spell(getattr(bound, name)),)


def additional_version(routing: Any) -> Any:
    """The additional version in a RoutingConfig, or None; None as well where it has not the shape of one."""
    try:
        version = dict(dict(routing or ())["AdditionalVersionWeights"][0])["Version"]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return read_key(version) if isinstance(version, str) else None


def share(version: str) -> dict[str, Any]:
    """A RoutingConfig that gives one version half of the calls."""
    return {"AdditionalVersionWeights": [{"Version": version, "Weight": 0.5}]}


def keeps_one_main(args: Any) -> bool | None:
    """The additional version of an alias differs from the main one."""
    extra = additional_version(args.get("RoutingConfig"))
    return None if extra is None else bool(extra != args.get("FunctionVersion"))


# ------------------------------------------------------------------------------------------------- parameters

_ANY_NAME = documented(SDKPY)
FUNCTION_NAME = Parameter("FunctionName", Subject.IDENTITY, required=True, evidence=_ANY_NAME)
NAMESPACE = Parameter("Namespace", Subject.IDENTITY, default="default", evidence=_ANY_NAME)
CONTENT = Parameter("content", Subject.CONTENT, required=True, missing=("MissingParameter.Code",), evidence=_ANY_NAME)
PUBLISH = Parameter("Publish", Subject.FLAG, default="FALSE", values=("TRUE", "FALSE"), evidence=documented(SDKPY))
NAME = Parameter("Name", Subject.ALIAS, required=True, codes=("InvalidParameterValue.Name",),
                 evidence=documented(SDKPY))
BOUND_VERSION = Parameter("FunctionVersion", Subject.VERSION, required=True, tried=(LATEST,),
                          evidence=documented(SDKPY))
ROUTING = Parameter("RoutingConfig", sharing=share, evidence=documented(SDKPY))
SIDE = Parameter("as", values=("source", "target"), required=True, tried=("source", "target"),
                 evidence=inferred(SDKPY, note="which of the two functions a record of a copy speaks of"))
OVERRIDE = Parameter("Override", Subject.FLAG, default=False, values=(True, False), evidence=documented(SDKPY))


def qualifier(default: str | None, *, required: bool = False) -> Parameter:
    """A Qualifier with its default."""
    return Parameter("Qualifier", Subject.QUALIFIER, default=default, required=required, tried=(LATEST,),
                     evidence=documented(SDKPY))


def version_to_delete(*, required: bool = False) -> Parameter:
    """A Qualifier that names a version; an alias cannot be deleted through it."""
    return Parameter("Qualifier", Subject.VERSION, required=required, tried=(LATEST,), pattern=r"\$LATEST|[0-9]+",
                     codes=("InvalidParameterValue.Qualifier", "ResourceNotFound.Qualifier"),
                     evidence=documented(SDKPY, SDKGO))


LIMIT = Parameter("Limit", minimum=1, maximum=100, codes=("InvalidParameterValue", "InvalidParameterValue.Limit"),
                  evidence=inferred(SDKPY))
_STATUS = Field("Status", shown_status, STATUSES)
_AVAILABLE = Field("AvailableStatus", available_status, AVAILABLE_STATUSES)
_ADDITIONAL = Rule("the additional version differs from the main one", keeps_one_main,
                   ("InvalidParameterValue.AdditionalVersionWeights", "InvalidParameterValue.RoutingConfig",
                    "InvalidParameter.RoutingConfig"), evidence=documented(QDOC_ALIAS, SDKGO))


def _operation(name: str, action: Action, *parameters: Parameter, **more: Any) -> Operation:
    evidence = more.pop("evidence", documented(SDKPY, SDKGO))
    parameters = (FUNCTION_NAME, NAMESPACE, *parameters)
    return Operation(name, action, parameters, request_codes=codes.REQUEST.get(name, ()), evidence=evidence, **more)


def call(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that may change something."""
    return _operation(name, Action.CALL, *parameters, **more)


def read(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that changes nothing."""
    return _operation(name, Action.READ, *parameters, **more)


# ------------------------------------------------------------------------------------------------- operations

CreateFunction = call("CreateFunction", CONTENT, targets=new_life,
                      doc="Creates a function; the outcome is read from Status.")
UpdateFunctionCode = call("UpdateFunctionCode", CONTENT, PUBLISH, targets=new_version_if_published,
                          doc="Replaces the code of $LATEST, and publishes it if asked.")
UpdateFunctionConfiguration = call("UpdateFunctionConfiguration", PUBLISH, targets=new_version_if_published,
                                   doc="Changes the configuration of $LATEST, layers included.")
PublishVersion = call("PublishVersion", targets=new_version, fields=(Field("FunctionVersion", new_number),),
                      doc="Freezes $LATEST as a version with the next number.")
DeleteFunction = call("DeleteFunction", version_to_delete(), targets=whole_or_version,
                      doc="Deletes the function with all versions and aliases, or the version that Qualifier names.")
DeleteFunctionVersion = call("DeleteFunctionVersion", version_to_delete(required=True),
                             Parameter("ForceDelete", evidence=documented(SDKPY)), targets=named_version,
                             doc="Deletes one version; ForceDelete stops running executions at once.")
CopyFunction = call("CopyFunction", Parameter("content", Subject.CONTENT, evidence=_ANY_NAME), OVERRIDE, SIDE,
                    targets=copied,
                    doc="Copies $LATEST to another name, namespace or region, without versions and triggers.")
Invoke = read("Invoke", qualifier(LATEST), targets=by_qualifier, fields=(Field("content", served),),
              doc="Runs a function; without Qualifier $LATEST.", evidence=documented(SDKPY, QDOC_VERSION))
InvokeFunction = read("InvokeFunction", qualifier(DEFAULT), targets=by_qualifier, fields=(Field("content", served),),
                      doc="Runs a function synchronously; without Qualifier the alias $DEFAULT.",
                      evidence=documented(SDKPY, QDOC_VERSION))
GetFunction = read("GetFunction", qualifier(LATEST), targets=by_qualifier, fields=(_STATUS, _AVAILABLE),
                   doc="Shows a function or one version of it.", evidence=documented(STATE, SDKPY))
ListFunctions = Operation(
    "ListFunctions", Action.READ, (NAMESPACE, LIMIT, Parameter("Offset", minimum=0, evidence=inferred(SDKPY))),
    listing=Listing("Functions", "FunctionName", None, (_STATUS,),
                    present=is_listed, total="TotalCount", paging=("Limit", "Offset", "SearchKey", "Filters"), page=20,
                    limit="Limit", offset="Offset"),
    request_codes=codes.REQUEST.get("ListFunctions", ()), doc="Lists functions of a namespace.",
    evidence=documented(SDKPY))
ListVersionByFunction = read(
    "ListVersionByFunction", LIMIT, Parameter("Offset", minimum=0, evidence=inferred(SDKPY)),
    listing=Listing("Versions", "Version", "version", (Field("Status", entry_status, STATUSES),),
                    besides=(LATEST,), present=is_version_listed, total="TotalCount", paging=("Limit", "Offset"),
                    page=20, limit="Limit", offset="Offset"),
    doc="Lists the versions of a function.", evidence=documented(STATE, SDKPY))
CreateAlias = call("CreateAlias", NAME, BOUND_VERSION, ROUTING, targets=by_name, rules=(_ADDITIONAL,),
                   doc="Binds a new name to a version and at most one additional version.")
UpdateAlias = call("UpdateAlias", NAME, BOUND_VERSION, ROUTING, targets=by_name, rules=(_ADDITIONAL,),
                   doc="Binds an alias to another version.")
DeleteAlias = call("DeleteAlias", NAME, targets=by_name, doc="Takes a name away; versions stay.")
GetAlias = read("GetAlias", NAME, targets=by_name, fields=(Field("FunctionVersion", alias_version),),
                doc="Shows what an alias is bound to.")
ListAliases = read(
    "ListAliases", LIMIT, Parameter("Offset", evidence=inferred(SDKPY)),
    listing=Listing("Aliases", "Name", "alias", (Field("FunctionVersion", alias_version),), present=is_alias_listed,
                    total="TotalCount", paging=("Limit", "Offset", "FunctionVersion"), page=20,
                    limit="Limit", offset="Offset"),
    doc="Lists the aliases of a function.")

UPDATES = (UpdateFunctionCode, UpdateFunctionConfiguration)
INVOCATIONS = (Invoke, InvokeFunction)
ALIAS_OPERATIONS = (CreateAlias, UpdateAlias, DeleteAlias, GetAlias, ListAliases)
