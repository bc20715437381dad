"""fc.version: one published version, an immutable copy of LATEST with a number.

Publishing and deleting take effect at once; what state and lastUpdateStatus read for a version is nowhere stated.
"""

from typing import Any

import attrs

from statemodel.catalogue.alibaba_fc.function import TAKEN
from statemodel.catalogue.alibaba_fc.function_data import is_staged
from statemodel.catalogue.alibaba_fc.operations import (
    CreateFunction,
    DeleteFunction,
    DeleteFunctionVersion,
    GetFunction,
    GetFunctionCode,
    InvokeFunction,
    ListFunctionVersions,
    PublishFunctionVersion,
)
from statemodel.catalogue.alibaba_fc.sources import (
    ERR3,
    ERRT,
    FCDOC_024,
    FCDOC_045,
    PUBLISH,
    PYSDK2,
    SDK,
    SHOT2,
    STATE,
    TF,
)
from statemodel.model.data import content_field
from statemodel.model.evidence import Policy, client_code, documented, inferred, observed
from statemodel.model.graph import Effect, Kind, Numbered, Refusal, State, Transition, TransitionGraph
from statemodel.model.guard import Guard


@attrs.frozen(cache_hash=True)
class VersionData:
    """What a version carries.

    Attributes:
        content: what it serves, which never changes; None where sources leave open which it is.
    """

    content: int | None = content_field()


numbering_after_deletion = Policy(
    "numbering_after_deletion", "Do numbers start again from 1 when a function of the same name is created?",
    ("restarts", "continues"), evidence=documented(FCDOC_024, note="never reused; speaks of one function"))
publish_amid_update = Policy(
    "publish_amid_update", "What does a version freeze that is published while an update is in progress?",
    ("old", "new"), evidence=documented(STATE, note="calls use the old code until then")
    + observed(SHOT2, note="getFunction seems to print the new configuration already"))


def _through_alias(view: Any) -> bool:
    return bool(view.target.get("alias"))


def _frozen(view: Any) -> VersionData:
    function = view.data("function")
    if function is None:
        return VersionData(view.unseen())
    return VersionData(None if view.state("function") == "UpdateFailed" else function.content)


def _frozen_new(view: Any) -> VersionData:
    function = view.data("function")
    return VersionData(view.unseen() if function is None else function.staged)


amid_update = Guard("an update is in progress", is_staged, looks_at=("function",))
through_alias = Guard("through an alias", _through_alias)
frozen = Effect("freezes LATEST", _frozen)
frozen_new = Effect("freezes what is being prepared", _frozen_new)

STATES = (
    State("Absent", Kind.ABSENT, "Never published, or deleted: a number is not used again."),
    State("Published", Kind.RESTING, "Can be called, bound and deleted.", None),
)
NO_VERSION = ("VersionNotFound",)
QUALIFIED = (GetFunction, GetFunctionCode)

TRANSITIONS = (
    Transition("Absent", PublishFunctionVersion, "Published", guard=~amid_update, effect=frozen,
               evidence=documented(FCDOC_024, FCDOC_045, PUBLISH) + client_code(PYSDK2)),
    Transition("Absent", PublishFunctionVersion, "Published", guard=amid_update, effect=frozen,
               under=publish_amid_update["old"], evidence=publish_amid_update.evidence),
    Transition("Absent", PublishFunctionVersion, "Published", guard=amid_update, effect=frozen_new,
               under=publish_amid_update["new"], evidence=publish_amid_update.evidence),
    Transition("Published", PublishFunctionVersion, evidence=documented(FCDOC_024, note="a version cannot be changed")),
    Transition("Published", DeleteFunctionVersion, "Absent",
               evidence=documented(FCDOC_024, note="even where an alias or trigger names it")),
    Transition("Published", DeleteFunction, "Absent", evidence=inferred(FCDOC_024)),
    Transition("Absent", DeleteFunction, evidence=documented(SDK)),
    Transition("Absent", CreateFunction, evidence=documented(FCDOC_024, note="LATEST is the only one at first")),
    # calls and reads that move nothing
    Transition("Published", InvokeFunction, evidence=documented(SDK, FCDOC_024)),
    *(Transition("Published", each, evidence=documented(SDK)) for each in QUALIFIED),
    Transition(("Absent", "Published"), ListFunctionVersions, evidence=documented(SDK)),
)

REFUSALS = (
    Refusal("Published", CreateFunction, TAKEN, evidence=documented(ERR3)),
    Refusal("Absent", DeleteFunctionVersion, NO_VERSION, evidence=documented(ERRT) + client_code(TF)),
    Refusal("Absent", InvokeFunction, None, evidence=documented(FCDOC_024, note="fails; the code is not stated")),
    *(Refusal("Absent", each, NO_VERSION, guard=~through_alias, evidence=documented(ERRT) + client_code(TF))
      for each in QUALIFIED),
    *(Refusal("Absent", each, None, guard=through_alias, evidence=inferred(FCDOC_024)) for each in QUALIFIED),
)

VERSION = TransitionGraph(
    "fc.version",
    "One published version of an FC 3.0 function; numbers run from 1.",
    STATES,
    TRANSITIONS,
    REFUSALS,
    data=VersionData,
    many=Numbered(numbering_after_deletion, is_ordered=True),
    policies=(numbering_after_deletion, publish_amid_update),
)
