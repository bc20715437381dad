"""The operations of FC functions, versions and aliases, as the API of 2023-03-30 spells them."""

from collections.abc import Mapping
from typing import Any

from statemodel.catalogue.alibaba_fc import codes
from statemodel.catalogue.alibaba_fc.sources import (
    DIS,
    ENA,
    ERR2,
    FCDOC_002,
    FCDOC_024,
    FCDOC_135,
    FCDOC_QUOTA,
    GV,
    PUBLISH,
    SDK,
    SHOT1,
    STATE,
)
from statemodel.catalogue.qualifiers import resolved
from statemodel.model.data import read_key, spell
from statemodel.model.evidence import OPEN, Policy, client_code, documented, inferred, observed
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

LATEST = "LATEST"
CONTAINER = "custom-container"
STATE_VALUES = ("Pending", "Active", "Inactive", "Failed", None)
UPDATE_VALUES = ("InProgress", "Successful", "Failed", None)

update_status_while_pending = Policy(
    "update_status_while_pending", "What does lastUpdateStatus read while a container function is first created?",
    ("absent", "Successful"), evidence=documented(SDK, note="Successful when a function is created")
    + observed(SHOT1, note="the field is absent"))

async_while_not_invocable = Policy(
    "async_while_not_invocable", "Is an asynchronous call queued while synchronous ones fail?", ("queued", "refused"),
    evidence=inferred(STATE, FCDOC_135, note="answers to the call itself are not stated"))


def _is_asynchronous(view: Any) -> bool:
    return bool(view.arg("invocationType") == "Async")


def _calls_version(view: Any) -> bool:
    return bool(view.target.get("version"))


def _is_container(view: Any) -> bool | None:
    runtime = view.arg("runtime")
    return None if runtime in (None, UNRECORDED) else bool(runtime == CONTAINER)


def _is_zip(view: Any) -> bool | None:
    container = _is_container(view)
    return None if container is None else not container


def _becomes_container(view: Any) -> bool:
    return _is_container(view) is True


def _becomes_zip(view: Any) -> bool:
    return _is_zip(view) is True


def _of_latest(view: Any) -> bool | None:
    version = view.arg("versionId")
    return None if version is UNRECORDED else bool(version == LATEST)


asynchronous = Guard("asynchronous", _is_asynchronous)
calls_version = Guard("it calls a version", _calls_version)
KINDS = ("it is a container", "it is a zip runtime")
is_container = Guard(KINDS[0], _is_container, KINDS)
is_zip = Guard(KINDS[1], _is_zip, KINDS)
becomes_container = Guard("it names the container runtime", _becomes_container)
becomes_zip = Guard("it names a zip runtime", _becomes_zip)
of_latest = Guard("of LATEST", _of_latest)

# ------------------------------------------------------------------------------------------------- what is addressed


def by_qualifier(view: Any) -> tuple[Target, ...]:
    """LATEST, a version, or through an alias the versions it may lead to."""
    return resolved(view, view.arg("qualifier"), LATEST)


def named_version(view: Any) -> tuple[Target, ...]:
    """The version that versionId names; LATEST is no version of its own."""
    version = view.arg("versionId")
    return ({"version": (version,)},) if isinstance(version, int) else ({},)


def new_version(_view: Any) -> tuple[Target, ...]:
    """A version with the next number."""
    return ({"version": (NEW,)},)


def all_of_it(_view: Any) -> tuple[Target, ...]:
    """The function with all versions and aliases; none of them is left afterwards."""
    return ({"version": (ALL_GO,), "alias": (ALL_GO,)},)


def by_name(view: Any) -> tuple[Target, ...]:
    """The alias of that name."""
    return ({"alias": (view.arg("aliasName"),)},)


# ------------------------------------------------------------------------------------------------- what is shown


def _shown(view: Any, name: str) -> Any:
    position = view.system.service.index("function")
    if position is None or view.target.get("version"):
        return ANY
    graph, here = view.system.graph(position), view.state("function")
    fields = dict(graph.state(here).fields)
    if here == "Pending" and name == "lastUpdateStatus":
        option = graph.chosen().get(update_status_while_pending.name, OPEN)
        return {"absent": (None,), "Successful": ("Successful",)}.get(option, (None, "Successful"))
    return (fields[name],) if name in fields else ANY


def shown_state(view: Any) -> Any:
    """The field state of LATEST; what it reads for a version is nowhere stated."""
    return _shown(view, "state")


def shown_update_status(view: Any) -> Any:
    """The field lastUpdateStatus of LATEST; what it reads for a version is nowhere stated."""
    return _shown(view, "lastUpdateStatus")


def shown_runtime(view: Any) -> Any:
    """The field runtime of LATEST: what has a state runs a container; which runtime another one is, is its own."""
    here = None if view.target.get("version") else view.state("function")
    return ANY if here in (None, "Absent", "Ready") else (CONTAINER,)


def is_disabled(view: Any) -> Any:
    """invocationRestriction.disable: shown as false or not at all while calls are allowed."""
    if view.target.get("version"):
        return ANY
    return {"Enabled": (False, None), "Disabled": (True,)}.get(view.state("invocation"), ANY)


def served(view: Any) -> Any:
    """The content that answers a synchronous call: of LATEST the one before an update that has not ended."""
    if view.arg("invocationType") == "Async":
        return ANY
    if view.target.get("version"):
        version = view.data("version", view.target["version"][0])
        return ANY if version is None or version.content is None else (version.content,)
    function = view.data("function")
    if function is None or function.content is None:
        return ANY
    both = view.state("function") in ("Recovering", "RecoveringInPlace") and function.staged is not None
    return (function.content, function.staged) if both else (function.content,)


def new_number(view: Any) -> Any:
    """The number the service gave."""
    return (spell(view.target["version"][0]),) if view.has("version") else ANY


def is_listed(view: Any) -> bool | None:
    """Whether listFunctions shows the function."""
    here = view.state("function")
    return None if here is None else bool(here != "Absent")


def alias_version(view: Any) -> Any:
    """Main version of an alias."""
    bound = view.data("alias", view.key if view.key is not None else view.arg("aliasName"))
    return ANY if bound is None else (spell(bound.version),)


def additional_versions(weights: Any) -> tuple[Any, ...]:
    """The versions an additionalVersionWeight names; none where it has not the shape of one."""
    try:
        return tuple(read_key(name) for name in dict(weights)) if isinstance(weights, tuple) else ()
    except (TypeError, ValueError):
        return ()


def share(version: str) -> dict[str, float]:
    """An additionalVersionWeight that gives one version half of the calls."""
    return {version: 0.5}


# ------------------------------------------------------------------------------------------------- rules


def keeps_one_source(args: Mapping[str, Any]) -> bool | None:
    """Exactly one of code and customContainerConfig; where neither was recorded, content stands for either."""
    sent = [args.get(name) not in (None, UNRECORDED) for name in ("code", "customContainerConfig")]
    return None if not any(sent) else not all(sent)


def keeps_ratio(args: Mapping[str, Any]) -> bool | None:
    """Vcpu to memory in GB between 1:1 and 1:4."""
    cpu, memory = args.get("cpu"), args.get("memorySize")
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in (cpu, memory)):
        return None
    assert cpu is not None
    assert memory is not None
    return bool(cpu - 1e-9 <= memory / 1024 <= 4 * cpu + 1e-9)


def keeps_one_main(args: Mapping[str, Any]) -> bool | None:
    """The additional version of an alias differs from the main one."""
    versions = additional_versions(args.get("additionalVersionWeight"))
    main = args.get("versionId")
    return None if not versions or main in (None, UNRECORDED) else bool(main not in versions)


# ------------------------------------------------------------------------------------------------- parameters

_BAD = ("InvalidArgument",)
_SAID = documented(SDK)
FUNCTION_NAME = Parameter("functionName", Subject.IDENTITY, required=True, codes=_BAD, missing=_BAD, evidence=_SAID)
NEW_NAME = Parameter("functionName", Subject.IDENTITY, required=True, pattern=r"[A-Za-z_][A-Za-z0-9_-]*", longest=64,
                     codes=_BAD, missing=_BAD, evidence=_SAID)
HANDLER = Parameter("handler", required=True, codes=_BAD, missing=_BAD,
                    evidence=_SAID + client_code(GV, note="reads empty for custom runtimes, refused when sent empty"))
RUNTIME = Parameter("runtime", required=True, codes=_BAD, missing=_BAD, tried=(CONTAINER, "python3.12"),
                    evidence=_SAID)
NEW_RUNTIME = Parameter("runtime", tried=(CONTAINER, "python3.12"), evidence=_SAID)
CONTENT = Parameter("content", Subject.CONTENT, required=True, codes=_BAD, missing=_BAD, evidence=_SAID)
NEW_CONTENT = Parameter("content", Subject.CONTENT, evidence=_SAID)
SIZES = (
    Parameter("code", evidence=_SAID),
    Parameter("customContainerConfig", evidence=_SAID),
    Parameter("cpu", minimum=0.05, maximum=16, step=0.05, codes=_BAD, evidence=_SAID),
    Parameter("memorySize", minimum=128, maximum=32768, step=64, codes=_BAD, evidence=_SAID),
    Parameter("diskSize", values=(512, 10240), codes=_BAD, evidence=_SAID),
    Parameter("timeout", minimum=1, maximum=86400, step=1, codes=_BAD, evidence=_SAID),
    Parameter("instanceConcurrency", minimum=1, maximum=200, step=1, codes=_BAD, evidence=documented(FCDOC_QUOTA)),
)
RULES = (
    Rule("exactly one of code and customContainerConfig", keeps_one_source, _BAD, evidence=_SAID),
    Rule("cpu to memory in GB between 1:1 and 1:4", keeps_ratio, _BAD, evidence=_SAID),
)
QUALIFIER = Parameter("qualifier", Subject.QUALIFIER, default=LATEST, tried=(LATEST,),
                      evidence=documented(SDK, FCDOC_024))
VERSION_ID = Parameter("versionId", Subject.VERSION, required=True, codes=_BAD, missing=_BAD, tried=(LATEST,),
                       evidence=_SAID)
MOVED_VERSION = Parameter("versionId", Subject.VERSION, tried=(LATEST,), evidence=_SAID)
ALIAS_NAME = Parameter("aliasName", Subject.ALIAS, required=True, codes=_BAD, missing=_BAD, evidence=_SAID)
WEIGHTS = Parameter("additionalVersionWeight", sharing=share, evidence=_SAID)
DESCRIPTION = Parameter("description", evidence=_SAID)
LIMIT = Parameter("limit", minimum=1, maximum=100, step=1, codes=_BAD, evidence=_SAID)
NEXT_TOKEN = Parameter("nextToken", evidence=_SAID)
PREFIX = Parameter("prefix", evidence=_SAID)
INVOCATION_TYPE = Parameter("invocationType", default="Sync", values=("Sync", "Async"), codes=_BAD,
                            evidence=documented(SDK, FCDOC_002, note="the header X-Fc-Invocation-Type"))
_ONE_MAIN = Rule("the additional version differs from the main one", keeps_one_main,
                 ("AdditionalVersionContainsMajorVersion",), evidence=documented(ERR2))
PAGE = 20


def _operation(name: str, action: Action, *parameters: Parameter, **more: Any) -> Operation:
    evidence = more.pop("evidence", _SAID)
    return Operation(name, action, parameters, request_codes=codes.REQUEST[name], evidence=evidence, **more)


def call(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that may change something."""
    return _operation(name, Action.CALL, *parameters, **more)


def read(name: str, *parameters: Parameter, **more: Any) -> Operation:
    """An operation that changes nothing."""
    return _operation(name, Action.READ, *parameters, **more)


# ------------------------------------------------------------------------------------------------- operations

CreateFunction = call("createFunction", NEW_NAME, RUNTIME, HANDLER, CONTENT, *SIZES, targets=all_of_it, rules=RULES,
                      doc="Creates a function; of a container the outcome is read from state.")
UpdateFunction = call("updateFunction", FUNCTION_NAME, NEW_RUNTIME,
                      Parameter("handler", evidence=_SAID), NEW_CONTENT, *SIZES, rules=RULES,
                      doc="Changes code and configuration of LATEST; without content it may or may not have changed.")
DeleteFunction = call("deleteFunction", FUNCTION_NAME, targets=all_of_it, doc="Deletes the function at once.")
GetFunction = read("getFunction", FUNCTION_NAME, QUALIFIER, targets=by_qualifier,
                   fields=(Field("state", shown_state, STATE_VALUES),
                           Field("lastUpdateStatus", shown_update_status, UPDATE_VALUES,
                                 (update_status_while_pending,)),
                           Field("invocationRestriction.disable", is_disabled, (True, False, None)),
                           Field("runtime", shown_runtime)),
                   doc="Shows a function or one version of it.", evidence=documented(SDK, STATE))
GetFunctionCode = read("getFunctionCode", FUNCTION_NAME, QUALIFIER, targets=by_qualifier,
                       doc="Shows where the code package can be fetched.")
ListFunctions = read(
    "listFunctions", LIMIT, NEXT_TOKEN, PREFIX,
    listing=Listing("functions", "functionName", None, present=is_listed, page=PAGE,
                    paging=("limit", "nextToken", "prefix", "description", "fcVersion", "functionName", "gpuType",
                            "resourceGroupId", "runtime", "tags"),
                    limit="limit", marker="nextToken", prefix="prefix"),
    doc="Lists functions, without state and lastUpdateStatus.")
PublishFunctionVersion = call("publishFunctionVersion", FUNCTION_NAME, DESCRIPTION, targets=new_version,
                              fields=(Field("versionId", new_number),), evidence=documented(PUBLISH, SDK),
                              doc="Freezes code and configuration of LATEST as a version with the next number.")
DeleteFunctionVersion = call("deleteFunctionVersion", FUNCTION_NAME, VERSION_ID, targets=named_version,
                             doc="Deletes one version; aliases and triggers that name it stay.")
ListFunctionVersions = read(
    "listFunctionVersions", FUNCTION_NAME,
    Parameter("direction", values=("BACKWARD", "FORWARD"), codes=_BAD, evidence=_SAID), LIMIT, NEXT_TOKEN,
    listing=Listing("versions", "versionId", "version", besides=(LATEST,), page=PAGE, paging=("limit", "nextToken"),
                    limit="limit", marker="nextToken", forward=("direction", "FORWARD")),
    doc="Lists the versions of a function.")
InvokeFunction = read("invokeFunction", FUNCTION_NAME, QUALIFIER, INVOCATION_TYPE, targets=by_qualifier,
                      fields=(Field("content", served),), doc="Runs LATEST, a version, or what an alias leads to.",
                      evidence=documented(SDK, FCDOC_024))
DisableFunctionInvocation = call(
    "disableFunctionInvocation", FUNCTION_NAME, Parameter("reason", evidence=_SAID),
    Parameter("abortOngoingRequest", Subject.FLAG, default=False, values=(True, False), codes=_BAD,
              evidence=documented(DIS)),
    doc="Forbids calls of the whole function; running requests end only if asked.", evidence=documented(DIS, SDK))
EnableFunctionInvocation = call("enableFunctionInvocation", FUNCTION_NAME, doc="Allows calls again.",
                                evidence=documented(ENA, SDK))
CreateAlias = call("createAlias", FUNCTION_NAME, ALIAS_NAME, VERSION_ID, WEIGHTS, DESCRIPTION, targets=by_name,
                   rules=(_ONE_MAIN,), doc="Binds a new name to a version and an additional one.")
UpdateAlias = call("updateAlias", FUNCTION_NAME, ALIAS_NAME, MOVED_VERSION, WEIGHTS, DESCRIPTION, targets=by_name,
                   rules=(_ONE_MAIN,), doc="Binds an alias to another version.")
DeleteAlias = call("deleteAlias", FUNCTION_NAME, ALIAS_NAME, targets=by_name, doc="Takes a name away; versions stay.")
GetAlias = read("getAlias", FUNCTION_NAME, ALIAS_NAME, targets=by_name, fields=(Field("versionId", alias_version),),
                doc="Shows what an alias is bound to.")
ListAliases = read(
    "listAliases", FUNCTION_NAME, LIMIT, NEXT_TOKEN, PREFIX,
    listing=Listing("aliases", "aliasName", "alias", (Field("versionId", alias_version),), page=PAGE,
                    paging=("limit", "nextToken", "prefix"), limit="limit", marker="nextToken", prefix="prefix"),
    doc="Lists the aliases of a function.", evidence=_SAID + inferred(SDK, note="the default of limit is not stated"))

ALIAS_OPERATIONS = (CreateAlias, UpdateAlias, DeleteAlias, GetAlias, ListAliases)
SWITCHES = (DisableFunctionInvocation, EnableFunctionInvocation)
