"""What a qualifier leads to: the function as it is, a version, or through an alias the versions it is bound to."""

from typing import Any

from statemodel.model.operation import Target


def resolved(view: Any, qualifier: Any, latest: str) -> tuple[Target, ...]:
    """The alternatives of what a qualifier addresses; none, or the name of the function as it is, is no member."""
    if qualifier in (None, latest):
        return ({},)
    if isinstance(qualifier, int):
        return ({"version": (qualifier,)},)
    bound = view.data("alias", qualifier)
    if bound is None:
        return ({"alias": (qualifier,)},)
    return tuple(
        {"alias": (qualifier,)} if version == latest else {"alias": (qualifier,), "version": (version,)}
        for version in (bound.version, *((bound.additional,) if bound.additional is not None else ()))
    )
