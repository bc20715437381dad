"""How cloud function services behave, as data: the words a model is written in. Loads attrs and nothing heavier.

Everything that reads a model lives in a module of its own and is loaded where it is used: `statemodel.registry`
(models by name), `statemodel.oracle.check` (histories judged), `statemodel.verify` (invariants proved),
`statemodel.semantics` (what a model means), `statemodel.drivers` (live machines).
"""

from typing import Any

from statemodel.errors import DefinitionError, HistoryError, MissingExtraError, StateModelError, UsageError
from statemodel.model.evidence import Policy, Source, client_code, documented, inferred, observed
from statemodel.model.graph import (
    Effect,
    Guard,
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
from statemodel.model.operation import Action, Field, Listing, Operation, Parameter, Subject
from statemodel.model.service import Claim, Invariant, Service

# fmt: off
__all__ = [
    "Action", "Claim", "DefinitionError", "Effect", "Field", "Guard", "HistoryError", "Initiator", "Invariant", "Kind",
    "Listing", "MissingExtraError", "Named", "Numbered", "Operation", "Parameter", "Policy", "Query", "Refusal",
    "Service", "Source", "State", "StateModelError", "Subject", "Transition", "TransitionGraph", "UsageError",
    "__version__", "client_code", "documented", "environment", "inferred", "observed", "service",
]
# fmt: on


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("statemodel")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
