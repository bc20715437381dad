"""scf.layer: one version of one layer, from its publication to its deletion; numbers run from 1.

The functions that use a layer are no part of this graph: whether one does is open wherever it matters.
"""

from typing import Any

from statemodel.catalogue.tencent_scf import codes
from statemodel.catalogue.tencent_scf.sources import QDOC_LAYER, SDKGO, SDKPY, STATE, T24, TCBC, TCBM, TCCLI, TF, TKT
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import Kind, Numbered, Refusal, State, Transition, TransitionGraph, service
from statemodel.model.guard import Guard
from statemodel.model.operation import ANY, NEW, Action, Field, Listing, Operation, Parameter, Subject, Target

STATUSES = ("Publishing", "PublishFailed", "Active", "Deleting", "DeleteFailed", "Deleted")

# ------------------------------------------------------------------------------------------------- operations


def new_version(_view: Any) -> tuple[Target, ...]:
    """A version with the next number."""
    return ({"layer": (NEW,)},)


def named_version(view: Any) -> tuple[Target, ...]:
    """The version that LayerVersion names."""
    return ({"layer": (view.arg("LayerVersion"),)},)


def new_number(view: Any) -> Any:
    """The number the service gave, an integer."""
    number = view.target["layer"][0]
    return (number,) if isinstance(number, int) and number > 0 else ANY


def asked_number(view: Any) -> Any:
    """The number asked for, an integer."""
    number = view.arg("LayerVersion")
    return (number,) if isinstance(number, int) and number > 0 else ANY


def shown_status(view: Any) -> Any:
    """Status of the version asked for."""
    return (view.state("layer", view.arg("LayerVersion")),)


def entry_status(view: Any) -> Any:
    """Status of one entry of a list of versions."""
    return (view.here,)


def is_listed(view: Any) -> bool | None:
    """Whether a list shows a version: open once its deletion has begun, and where the list is filtered."""
    is_open = view.here in ("Deleting", "Deleted") or bool(view.arg("CompatibleRuntime"))
    return None if is_open else True


LAYER_NAME = Parameter("LayerName", Subject.IDENTITY, required=True, evidence=documented(SDKPY))
NEW_LAYER_NAME = Parameter(
    "LayerName", Subject.IDENTITY, required=True, pattern="[A-Za-z]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?", longest=64,
    codes=("InvalidParameterValue.LayerName", "InvalidParameterValue.Name"), evidence=documented(SDKPY, SDKGO))
LAYER_VERSION = Parameter("LayerVersion", Subject.VERSION, required=True, evidence=documented(SDKPY, note="an integer"))

PublishLayerVersion = Operation(
    "PublishLayerVersion", Action.CALL, (NEW_LAYER_NAME,), new_version, fields=(Field("LayerVersion", new_number),),
    request_codes=(*codes.REQUEST["PublishLayerVersion"], "ResourceInUse"),
    doc="Makes a new version of a layer and answers its number at once; ResourceInUse is listed without a meaning.",
    evidence=documented(SDKPY, SDKGO))
DeleteLayerVersion = Operation(
    "DeleteLayerVersion", Action.CALL, (LAYER_NAME, LAYER_VERSION), named_version,
    request_codes=codes.REQUEST["DeleteLayerVersion"],
    doc="Deletes one version of a layer; functions that use it are said to keep it.", evidence=documented(SDKPY, SDKGO))
GetLayerVersion = Operation(
    "GetLayerVersion", Action.READ, (LAYER_NAME, LAYER_VERSION), named_version,
    fields=(Field("Status", shown_status, STATUSES), Field("LayerVersion", asked_number)),
    request_codes=codes.REQUEST["GetLayerVersion"], doc="Shows one version of a layer.",
    evidence=documented(STATE, SDKPY))
ListLayerVersions = Operation(
    "ListLayerVersions", Action.READ,
    (LAYER_NAME, Parameter("CompatibleRuntime", evidence=documented(SDKPY, note="a filter, a list of runtimes"))),
    listing=Listing("LayerVersions", "LayerVersion", "layer", (Field("Status", entry_status, STATUSES),),
                    present=is_listed, paging=("CompatibleRuntime",)),
    request_codes=codes.REQUEST["ListLayerVersions"], doc="Lists all versions of a layer, in one answer.",
    evidence=documented(SDKPY, SDKGO))

# ------------------------------------------------------------------------------------------------- open points

layer_deleted_readable = Policy(
    "layer_deleted_readable", "Is a version still read once it is deleted, with the status Deleted?",
    ("readable", "not found"),
    evidence=documented(STATE, TCCLI, note="Deleted is one of the values of Status")
    + observed(T24, note="not found straight away") + client_code(TCBC, note="knows Deleted"))
layer_deleting_visible = Policy(
    "layer_deleting_visible", "Is a version read while it is being deleted?", ("readable", "not found"),
    evidence=documented(STATE, note="Deleting is one of the values")
    + documented(TCCLI, note="an older list of values had neither Deleting nor DeleteFailed")
    + observed(T24, note="not found straight away"))
layer_in_use_delete = Policy(
    "layer_in_use_delete", "Is a version deleted that a function uses?", ("accepted", "refused"),
    evidence=documented(SDKPY, QDOC_LAYER, note="functions that use a deleted version go on working")
    + documented(SDKGO, note="ResourceInUse.LayerVersion is listed for the action"))
layer_delete_while_publishing = Policy(
    "layer_delete_while_publishing", "Is a version deleted while it is being published?", ("accepted", "refused"),
    evidence=inferred(SDKGO, note="FailedOperation.OperationConflict is listed, without saying when"))
layer_delete_while_deleting = Policy(
    "layer_delete_while_deleting", "What does a second deletion answer while the first one runs, or after it?",
    ("accepted", "refused"),
    evidence=inferred(SDKGO, note="FailedOperation.OperationConflict is listed, without saying when"))
layer_delete_again = Policy(
    "layer_delete_again", "Is a version deleted again after its deletion failed?", ("accepted", "refused"),
    evidence=inferred(STATE, SDKGO))

# ------------------------------------------------------------------------------------------------- the graph


def _in_use(_view: Any) -> bool | None:
    return None


in_use = Guard("a function uses it", _in_use)

published = service("layer published")
publish_failed = service("layer publish failed")
deleted = service("layer deleted")
delete_failed = service("layer delete failed")

STATES = (
    State("Absent", Kind.ABSENT, "Never published, or deleted and not to be read any more."),
    State("Publishing", Kind.WORKING, "Being published; its number is known."),
    State("PublishFailed", Kind.FAILED, "Publication failed."),
    State("Active", Kind.RESTING, "Published: functions can use it."),
    State("Deleting", Kind.WORKING, "Being deleted."),
    State("DeleteFailed", Kind.FAILED, "Deletion failed."),
    State("Deleted", Kind.RESTING, "Deleted and still to be read: settled as wished, nobody has to act."),
)
PRESENT = tuple(state.name for state in STATES if state.name != "Absent")
GONE = ("ResourceNotFound.LayerVersion",)
CONFLICT = ("FailedOperation.OperationConflict", "FailedOperation.DeleteLayerVersion")
IN_USE = ("ResourceInUse.LayerVersion",)

TRANSITIONS = (
    # publication
    Transition("Absent", PublishLayerVersion, "Publishing", evidence=documented(SDKPY, STATE) + client_code(TKT)),
    Transition(PRESENT, PublishLayerVersion, evidence=documented(SDKPY, note="every call makes a new version")),
    Transition("Publishing", published, "Active", evidence=documented(STATE) + client_code(TKT)),
    Transition("Publishing", publish_failed, "PublishFailed", evidence=documented(STATE) + client_code(TKT)),
    # deletion
    Transition("Active", DeleteLayerVersion, "Deleting", under=layer_in_use_delete["accepted"],
               evidence=layer_in_use_delete.evidence),
    Transition("Active", DeleteLayerVersion, "Deleting", guard=~in_use, under=layer_in_use_delete["refused"],
               evidence=documented(STATE, SDKPY)),
    Transition("PublishFailed", DeleteLayerVersion, "Deleting", evidence=documented(STATE)),
    Transition("Publishing", DeleteLayerVersion, "Deleting", under=layer_delete_while_publishing["accepted"],
               evidence=layer_delete_while_publishing.evidence),
    Transition(("Deleting", "Deleted"), DeleteLayerVersion, under=layer_delete_while_deleting["accepted"],
               evidence=layer_delete_while_deleting.evidence),
    Transition("DeleteFailed", DeleteLayerVersion, "Deleting", under=layer_delete_again["accepted"],
               evidence=layer_delete_again.evidence),
    Transition("Deleting", deleted, "Deleted", under=layer_deleted_readable["readable"],
               evidence=documented(STATE, TCCLI) + client_code(TCBM, TCBC)),
    Transition("Deleting", deleted, "Absent", under=layer_deleted_readable["not found"], evidence=observed(T24)),
    Transition("Deleting", delete_failed, "DeleteFailed", evidence=documented(STATE)),
    # reads
    Transition(("Publishing", "PublishFailed", "Active"), GetLayerVersion,
               evidence=documented(STATE, SDKPY) + client_code(TKT, TF)),
    Transition("DeleteFailed", GetLayerVersion, evidence=documented(STATE)),
    Transition("Deleting", GetLayerVersion, under=layer_deleting_visible["readable"],
               evidence=layer_deleting_visible.evidence),
    Transition("Deleted", GetLayerVersion, evidence=documented(STATE, TCCLI)),
    Transition(("Absent", *PRESENT), ListLayerVersions, evidence=documented(SDKPY)),
)

REFUSALS = (
    Refusal("Absent", DeleteLayerVersion, GONE, evidence=documented(SDKPY, SDKGO)),
    Refusal("Active", DeleteLayerVersion, IN_USE, guard=in_use, under=layer_in_use_delete["refused"],
            evidence=layer_in_use_delete.evidence),
    Refusal("Publishing", DeleteLayerVersion, CONFLICT, under=layer_delete_while_publishing["refused"],
            evidence=layer_delete_while_publishing.evidence),
    Refusal(("Deleting", "Deleted"), DeleteLayerVersion, (*CONFLICT, *GONE),
            under=layer_delete_while_deleting["refused"], evidence=layer_delete_while_deleting.evidence),
    Refusal("DeleteFailed", DeleteLayerVersion, (*CONFLICT, *IN_USE), under=layer_delete_again["refused"],
            evidence=layer_delete_again.evidence),
    Refusal("Absent", GetLayerVersion, GONE, evidence=documented(SDKPY, SDKGO) + observed(T24)),
    Refusal("Deleting", GetLayerVersion, GONE, under=layer_deleting_visible["not found"],
            evidence=layer_deleting_visible.evidence),
)

LAYER = TransitionGraph(
    "scf.layer",
    "Status of one version of an SCF layer, identified by the layer's name; numbers run from 1.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    many=Numbered(),
    policies=(layer_deleted_readable, layer_deleting_visible, layer_in_use_delete, layer_delete_while_publishing,
              layer_delete_while_deleting, layer_delete_again),
)
