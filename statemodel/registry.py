"""Models by name: those of the catalogue, and one's own as "package.module:attribute"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF
from statemodel.errors import UsageError
from statemodel.loading import Sort, loaded
from statemodel.model.graph import TransitionGraph
from statemodel.model.service import Model, Service, alone


def _parts(service: Service) -> dict[str, Model]:
    return {graph.name: alone(graph, service) for graph in service.parts}


def _independent(graph: TransitionGraph, skip_codes: tuple[str, ...]) -> dict[str, Model]:
    return {graph.name: attrs.evolve(alone(graph), skip_codes=skip_codes)}


MODELS: Final[Mapping[str, Model]] = MappingProxyType(
    {
        SCF.name: SCF,
        **_parts(SCF),
        **_independent(LAYER, SCF.skip_codes),
        **_independent(REQUEST, SCF.skip_codes),
        **_independent(ASYNC_EVENT, SCF.skip_codes),
        FC.name: FC,
        **_parts(FC),
        **_independent(ASYNC_TASK, FC.skip_codes),
        LAMBDA.name: LAMBDA,
        **_parts(LAMBDA),
    }
)
OWN: Final = Sort(
    "model", "package.module:attribute", "MODEL", "a TransitionGraph or a Service",
    lambda value: isinstance(value, TransitionGraph | Service),
)  # fmt: skip


def model(name: str) -> Model:
    """The model of that name.

    >>> model("scf.alias").doc
    'One alias of an SCF function: a name bound to a version; $DEFAULT is there from the beginning.'

    Args:
        name: a name of the catalogue, or "package.module:attribute" for a TransitionGraph or a Service of one's own.

    Raises:
        UsageError: there is no such model, or what the name leads to is none.
        DefinitionError: the module was found, and a model it builds contradicts itself.
    """
    if name in MODELS:
        return MODELS[name]
    if ":" not in name:
        raise UsageError("model", name, tuple(MODELS))
    found: Model = loaded(name, OWN)
    return found
