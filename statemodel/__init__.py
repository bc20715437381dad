"""How cloud function services behave, as data: the words a model is written in. Loads attrs and nothing heavier.

Everything that reads a model lives in a module of its own and is loaded where it is used: `statemodel.registry`
(models by name), `statemodel.oracle.check` (histories judged), `statemodel.verify` (invariants proved),
`statemodel.semantics` (what a model means), `statemodel.drivers` (live machines).
"""

from typing import Any

from statemodel.errors import DefinitionError, HistoryError, MissingExtraError, StateModelError, UsageError
from statemodel.model.data import content_field, one_of, read_key, reference_field, spell
from statemodel.model.evidence import OPEN, Policy, Source, client_code, documented, inferred, observed
from statemodel.model.graph import (
    Effect,
    Event,
    Initiator,
    Kind,
    Named,
    Numbered,
    Query,
    Refusal,
    State,
    Transition,
    TransitionGraph,
    environment,
    service,
)
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
from statemodel.model.service import Claim, Invariant, Service

# fmt: off
__all__ = [
    "ALL_GO", "ANY", "EVERY", "NEW", "OPEN", "UNRECORDED", "Action", "Claim", "DefinitionError", "Effect", "Event",
    "Field", "Guard", "HistoryError", "Initiator", "Invariant", "Kind", "Listing", "MissingExtraError", "Named",
    "Numbered", "Operation", "Parameter", "Policy", "Query", "Refusal", "Rule", "Service", "Source", "State",
    "StateModelError", "Subject", "Target", "Transition", "TransitionGraph", "UsageError", "__version__", "client_code",
    "content_field", "documented", "environment", "inferred", "observed", "one_of", "read_key", "reference_field",
    "service", "spell",
]
# fmt: on


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("statemodel")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
