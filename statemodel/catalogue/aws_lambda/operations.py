"""The operations of Lambda functions, versions and aliases, as the API of 2015-03-31 spells them."""

from collections.abc import Mapping
from typing import Any

from statemodel.catalogue.aws_lambda import codes
from statemodel.catalogue.aws_lambda.function_data import publishing, when_published
from statemodel.catalogue.aws_lambda.policies import version_update_status
from statemodel.catalogue.aws_lambda.sources import (
    ARNS,
    BOTO,
    LIFE,
    LISTS,
    NAMING,
    PROVISIONED,
    RESERVED,
    ROUTING,
    STATES,
    VERSIONS,
)
from statemodel.catalogue.qualifiers import resolved
from statemodel.model.data import read_key, spell
from statemodel.model.evidence import OPEN, documented, observed
from statemodel.model.guard import Guard
from statemodel.model.operation import (
    ALL_GO,
    ANY,
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

LATEST = "$LATEST"
STATE_VALUES = ("Pending", "Active", "Inactive", "Failed", None)
UPDATE_VALUES = ("InProgress", "Successful", "Failed", None)
WEIGHTS_NAME = "RoutingConfig.AdditionalVersionWeights"


def _is_asynchronous(view: Any) -> bool:
    return bool(view.arg("InvocationType") == "Event")


def _calls_version(view: Any) -> bool:
    return bool(view.target.get("version"))


def _of_whole(view: Any) -> bool:
    return view.arg("Qualifier") is None


def _of_latest(view: Any) -> bool:
    return bool(view.arg("Qualifier") == LATEST)


asynchronous = Guard("asynchronous", _is_asynchronous)
calls_version = Guard("it calls a version", _calls_version)
of_whole = Guard("of the whole", _of_whole)
of_latest = Guard("of $LATEST", _of_latest)
of_one = ~of_whole & ~of_latest

# ------------------------------------------------------------------------------------------------- what is addressed


def by_qualifier(view: Any) -> tuple[Target, ...]:
    """$LATEST, a version, or through an alias the versions it may lead to."""
    return resolved(view, view.arg("Qualifier"), LATEST)


def going(view: Any) -> tuple[Target, ...]:
    """The function with all versions and aliases, or what the qualifier names; $LATEST is no version of its own."""
    qualifier = view.arg("Qualifier")
    if qualifier is None:
        return ({"version": (ALL_GO,), "alias": (ALL_GO,)},)
    if qualifier == LATEST:
        return ({},)
    return ({"version": (qualifier,)},) if isinstance(qualifier, int) else ({"alias": (qualifier,)},)


def new_life(view: Any) -> tuple[Target, ...]:
    """The function and whatever an earlier life left; with Publish a version with the next number as well."""
    born = (ALL_GO, NEW) if publishing(view) else (ALL_GO,)
    return ({"version": born, "alias": (ALL_GO,)},)


def published(view: Any) -> tuple[Target, ...]:
    """A version with the next number, or the newest there is where nothing has changed since."""
    return when_published(view)


def published_if_asked(view: Any) -> tuple[Target, ...]:
    """The same where the update is to be published, else nothing."""
    return when_published(view) if publishing(view) else ({},)


def by_name(view: Any) -> tuple[Target, ...]:
    """The alias of that name."""
    return ({"alias": (view.arg("Name"),)},)


# ------------------------------------------------------------------------------------------------- what is shown


def _version(view: Any) -> Any:
    """The version an answer speaks of, None for $LATEST."""
    keys = view.target.get("version", ())
    return keys[-1] if keys else None


def _is_vague(view: Any) -> bool:
    return bool(view.target.get("version")) and not view.has("version")


def _states(view: Any, part: str, key: Any = None) -> Any:
    graph = view.system.graph(view.system.parts.index(part))
    return graph.state(view.state(part, key))


def shown_state(view: Any) -> Any:
    """State of the version addressed, or of $LATEST."""
    key = _version(view)
    part = "function" if key is None else "version"
    return ANY if _is_vague(view) or not view.has(part) else (_states(view, part, key).status,)


def shown_update_status(view: Any) -> Any:
    """LastUpdateStatus of the version addressed, or of $LATEST; of one whose creation failed nothing is stated."""
    key = _version(view)
    if _is_vague(view):
        return ANY
    if key is None:
        vague = not view.has("update") or (view.state("update"), view.state("function")) == ("Unset", "Failed")
        return ANY if vague else (_states(view, "update").status,)
    state = view.state("version", key)
    if state in ("Pending", "Inactive"):
        option = view.system.graph(view.system.parts.index("version")).chosen().get(version_update_status.name, OPEN)
        return {"absent": (None,), "Successful": ("Successful",)}.get(option, (None, "Successful"))
    return ("Successful",) if state == "Active" else ANY


def shown_version(view: Any) -> Any:
    """The number of the version addressed, or $LATEST."""
    key = _version(view)
    return ANY if _is_vague(view) else (LATEST if key is None else spell(key),)


def executed_version(view: Any) -> Any:
    """The version that ran; an asynchronous answer and a dry run show none."""
    return shown_version(view) if view.arg("InvocationType") == "RequestResponse" else ANY


def served(view: Any) -> Any:
    """The content that answers a synchronous call: of $LATEST the one before an update that has not ended."""
    if view.arg("InvocationType") != "RequestResponse" or _is_vague(view):
        return ANY
    key = _version(view)
    found = view.data("function") if key is None else view.data("version", key)
    return ANY if found is None or found.content is None else (found.content,)


def is_listed(view: Any) -> bool | None:
    """Whether ListFunctions shows the function."""
    here = view.state("function")
    return None if here is None else bool(here != "Absent")


def alias_version(view: Any) -> Any:
    """Main version of an alias."""
    bound = view.data("alias", view.key if view.key is not None else view.arg("Name"))
    return ANY if bound is None else (spell(bound.version),)


def weighed(weights: Any) -> tuple[Any, ...]:
    """The versions that AdditionalVersionWeights names; none where it has not the shape of one."""
    try:
        return tuple(read_key(name) for name in dict(weights)) if isinstance(weights, tuple) else ()
    except (TypeError, ValueError):
        return ()


# ------------------------------------------------------------------------------------------------- rules


def keeps_one(args: Mapping[str, Any]) -> bool:
    """At most one additional version."""
    return len(weighed(args.get(WEIGHTS_NAME))) <= 1


def keeps_numbers(args: Mapping[str, Any]) -> bool:
    """$LATEST is no additional version."""
    return LATEST not in weighed(args.get(WEIGHTS_NAME))


def keeps_apart(args: Mapping[str, Any]) -> bool | None:
    """The additional version differs from the main one, which is not $LATEST."""
    versions, main = weighed(args.get(WEIGHTS_NAME)), args.get("FunctionVersion")
    return None if not versions or main in (None, UNRECORDED) else bool(main != LATEST and main not in versions)


# ------------------------------------------------------------------------------------------------- parameters

_BAD = ("ValidationException", "InvalidParameterValueException")
_SAID = documented(BOTO)
_NAMED = r"(arn:[a-zA-Z-]+:lambda:)?([a-z0-9-]+:)?(\d{12}:)?(function:)?[a-zA-Z0-9-_.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?"
FUNCTION_NAME = Parameter("FunctionName", Subject.IDENTITY, required=True, pattern=_NAMED, longest=256, codes=_BAD,
                          missing=_BAD, evidence=_SAID + observed(ARNS))
CONTENT = Parameter("content", Subject.CONTENT, required=True, codes=_BAD, missing=_BAD, evidence=_SAID)
PUBLISH = Parameter("Publish", Subject.FLAG, default=False, values=(True, False), codes=_BAD, evidence=_SAID)
SIZES = (
    Parameter("MemorySize", minimum=128, maximum=32768, step=1, codes=_BAD, evidence=_SAID),
    Parameter("Timeout", minimum=1, maximum=5400, step=1, codes=_BAD, evidence=_SAID),
)
PACKAGE = Parameter("PackageType", values=("Zip", "Image"), codes=_BAD, evidence=_SAID)
QUALIFIER = Parameter("Qualifier", Subject.QUALIFIER, default=LATEST, tried=(LATEST,),
                      evidence=documented(BOTO, VERSIONS))
WHICH = Parameter("Qualifier", Subject.QUALIFIER, tried=(LATEST,), evidence=_SAID)
PROVISIONED_OF = Parameter("Qualifier", Subject.QUALIFIER, required=True, codes=_BAD, missing=_BAD, tried=(LATEST,),
                           evidence=_SAID)
NAME = Parameter("Name", Subject.ALIAS, required=True, pattern=r"(?![0-9]+$)[a-zA-Z0-9-_]+", longest=128, codes=_BAD,
                 missing=_BAD, evidence=_SAID + observed(NAMING))
VERSION = Parameter("FunctionVersion", Subject.VERSION, required=True, codes=_BAD, missing=_BAD, tried=(LATEST,),
                    evidence=_SAID)
MOVED = Parameter("FunctionVersion", Subject.VERSION, tried=(LATEST,), evidence=_SAID)
WEIGHTS = Parameter(WEIGHTS_NAME, evidence=_SAID)
MARKER = Parameter("Marker", evidence=_SAID)
MAX_ITEMS = Parameter("MaxItems", minimum=1, maximum=10000, step=1, codes=_BAD, evidence=_SAID)
INVOCATION_TYPE = Parameter("InvocationType", default="RequestResponse", values=("RequestResponse", "Event", "DryRun"),
                            codes=_BAD, evidence=_SAID)
RULES = (
    Rule("at most one additional version", keeps_one, ("InvalidParameterValueException",), evidence=observed(ROUTING)),
    Rule("$LATEST is no additional version", keeps_numbers, ("ValidationException",), evidence=observed(ROUTING)),
    Rule("the additional version differs from the main one, which is not $LATEST", keeps_apart,
         ("InvalidParameterValueException",), evidence=observed(ROUTING)),
)
PAGE = 50
PAGING = ("Marker", "MaxItems", "NextMarker")


def _operation(name: str, action: Action, *parameters: Parameter, **more: Any) -> Operation:
    every = (FUNCTION_NAME, *parameters)
    evidence = more.pop("evidence", _SAID)
    return Operation(name, action, every, request_codes=codes.of(name), evidence=evidence, **more)


def call(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that may change something."""
    return _operation(name, Action.CALL, *parameters, **more)


def read(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that changes nothing."""
    return _operation(name, Action.READ, *parameters, **more)


def shown(prefix: str = "") -> tuple[Field, ...]:
    """The fields of a function configuration."""
    return (
        Field(f"{prefix}State", shown_state, STATE_VALUES),
        Field(f"{prefix}LastUpdateStatus", shown_update_status, UPDATE_VALUES, (version_update_status,)),
        Field(f"{prefix}Version", shown_version),
    )


# ------------------------------------------------------------------------------------------------- operations

CreateFunction = call("CreateFunction", CONTENT, PUBLISH, *SIZES, PACKAGE, targets=new_life, fields=shown(),
                      doc="Creates a function, and publishes it if asked; the outcome is read from State.",
                      evidence=_SAID + observed(LIFE))
UpdateFunctionCode = call("UpdateFunctionCode", CONTENT, PUBLISH, targets=published_if_asked, fields=shown(),
                          doc="Replaces the code of $LATEST, and publishes it if asked.",
                          evidence=_SAID + observed(LIFE))
UpdateFunctionConfiguration = call("UpdateFunctionConfiguration", *SIZES, fields=shown(),
                                   doc="Changes the settings of $LATEST.", evidence=_SAID + observed(LIFE))
PublishVersion = call("PublishVersion", targets=published, fields=shown(),
                      doc="Freezes $LATEST as a version with the next number; an unchanged one is shown again.")
DeleteFunction = call("DeleteFunction", WHICH, targets=going,
                      doc="Deletes the function, or with a qualifier a version.")
GetFunction = read("GetFunction", QUALIFIER, targets=by_qualifier, fields=shown("Configuration."),
                   doc="Shows a function or one version of it.", evidence=documented(BOTO, STATES))
GetFunctionConfiguration = read("GetFunctionConfiguration", QUALIFIER, targets=by_qualifier, fields=shown(),
                                doc="Shows the configuration of a function or of one version of it.",
                                evidence=documented(BOTO, STATES))
ListVersionsByFunction = read(
    "ListVersionsByFunction", MARKER, MAX_ITEMS,
    listing=Listing("Versions", "Version", "version", besides=(LATEST,), page=PAGE, paging=PAGING,
                    limit="MaxItems", marker="Marker", following="NextMarker"),
    doc="Lists $LATEST and the versions of a function, without their states.")
ListFunctions = Operation(
    "ListFunctions", Action.READ, (MARKER, MAX_ITEMS),
    listing=Listing("Functions", "FunctionName", None, present=is_listed, page=PAGE,
                    paging=(*PAGING, "MasterRegion"), limit="MaxItems", marker="Marker", following="NextMarker"),
    request_codes=codes.of("ListFunctions"), doc="Lists functions, without their states.",
    evidence=_SAID + observed(LISTS))
Invoke = read("Invoke", QUALIFIER, INVOCATION_TYPE, targets=by_qualifier,
              fields=(Field("content", served), Field("ExecutedVersion", executed_version)),
              doc="Runs $LATEST, a version, or what an alias leads to.")
CreateAlias = call("CreateAlias", NAME, VERSION, WEIGHTS, targets=by_name, rules=RULES,
                   fields=(Field("FunctionVersion", alias_version),), doc="Binds a new name to a version.")
UpdateAlias = call("UpdateAlias", NAME, MOVED, WEIGHTS, targets=by_name, rules=RULES,
                   fields=(Field("FunctionVersion", alias_version),), doc="Binds an alias to another version.")
DeleteAlias = call("DeleteAlias", NAME, targets=by_name, doc="Takes a name away; versions stay.")
GetAlias = read("GetAlias", NAME, targets=by_name, fields=(Field("FunctionVersion", alias_version),),
                doc="Shows what an alias is bound to.")
ListAliases = read(
    "ListAliases", Parameter("FunctionVersion", evidence=_SAID), MARKER, MAX_ITEMS,
    listing=Listing("Aliases", "Name", "alias", (Field("FunctionVersion", alias_version),), page=PAGE,
                    paging=(*PAGING, "FunctionVersion"), limit="MaxItems", marker="Marker", following="NextMarker"),
    doc="Lists the aliases of a function.")
PutFunctionConcurrency = call(
    "PutFunctionConcurrency", Parameter("ReservedConcurrentExecutions", minimum=0, step=1, codes=_BAD, evidence=_SAID),
    doc="Limits how many calls run at once; what is beyond is throttled.", evidence=_SAID + observed(RESERVED))
DeleteFunctionConcurrency = call("DeleteFunctionConcurrency", doc="Takes that limit away.",
                                 evidence=_SAID + observed(RESERVED))
PutProvisionedConcurrencyConfig = call(
    "PutProvisionedConcurrencyConfig", PROVISIONED_OF,
    Parameter("ProvisionedConcurrentExecutions", minimum=1, step=1, codes=_BAD, evidence=_SAID),
    targets=by_qualifier, doc="Keeps instances of a version or alias ready.", evidence=_SAID + observed(PROVISIONED))

UPDATES = (UpdateFunctionCode, UpdateFunctionConfiguration)
SHOWS = (GetFunction, GetFunctionConfiguration)
ALIAS_OPERATIONS = (CreateAlias, UpdateAlias, DeleteAlias, GetAlias, ListAliases)
CONCURRENCY = (PutFunctionConcurrency, DeleteFunctionConcurrency)
