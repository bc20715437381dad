"""Models by name: those of the catalogue, and one's own as "package.module:attribute"."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import attrs

from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF
from statemodel.errors import StateModelError, UsageError
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
    module, colon, attribute = name.partition(":")
    if not colon:
        raise UsageError("model", name, tuple(MODELS))
    return _own(name, module, attribute)


def _own(name: str, module: str, attribute: str) -> Model:
    try:
        place = import_module(module)
    except StateModelError:
        raise
    except Exception as error:  # it may raise whatever its author lets it
        raise UsageError(f"module (importing it raised {error!r})", module) from error
    try:
        found = getattr(place, attribute)
    except AttributeError as error:
        models = tuple(each for each, value in vars(place).items() if isinstance(value, TransitionGraph | Service))
        raise UsageError(f"attribute of module {module}", attribute, models) from error
    if not isinstance(found, TransitionGraph | Service):
        raise UsageError(f"kind of model at {name}", type(found).__name__, ("TransitionGraph", "Service"))
    return found
