"""What $LATEST carries beside its state, what can be asked of others, and what the moves of scf.function make of it."""

from typing import Any

import attrs

from statemodel.catalogue.tencent_scf.operations import DEFAULT
from statemodel.model.data import content_field
from statemodel.model.graph import Effect, Guard, Query


@attrs.frozen(cache_hash=True)
class FunctionData:
    """What $LATEST carries.

    Attributes:
        content: what it serves.
        staged: what an update under way will make of it.
    """

    content: int | None = content_field()
    staged: int | None = content_field()


# ------------------------------------------------------------------------------------------------- guards, effects


def _publishing(_key: Any, member: Any, _about: Any) -> bool:
    return member.state in ("Publishing", "Awaited")


def _named(key: Any, _member: Any, _about: Any) -> bool:
    return bool(key != DEFAULT)


def _is_version_publishing(view: Any) -> bool | None:
    found: bool | None = view.some("version", Query("is being published", None, _publishing, lasting=False))
    return found


def _has_named_alias(view: Any) -> bool | None:
    found: bool | None = view.some("alias", Query("is named", None, _named))
    return found


a_version_publishing = Guard("a version is being published", _is_version_publishing, looks_at=("version",))
named_alias = Guard("a named alias exists", _has_named_alias, looks_at=("alias",))


def _has_content(view: Any) -> bool:
    return view.own is not None and view.own.content is not None


def _is_staged(view: Any) -> bool:
    return view.own is not None and view.own.staged is not None


was_created = Guard("it was once created", _has_content)
amid_update = Guard("an update was accepted meanwhile", _is_staged)


def is_leaving(view: Any) -> bool:
    """Whether the whole function is being deleted, so that what begins now leaves with it."""
    return view.state("function") in ("Deleting", "HalfDeleted")


def _bring(view: Any) -> FunctionData:
    return FunctionData(view.content())


def _stage(view: Any) -> Any:
    return attrs.evolve(view.own, staged=view.content())


def _unstage(view: Any) -> Any:
    return attrs.evolve(view.own, staged=None)


def _switch(view: Any) -> FunctionData:
    return FunctionData(view.own.staged if view.own.staged is not None else view.own.content)


def _keep(view: Any) -> FunctionData:
    return FunctionData(view.own.content)


def _empty(_view: Any) -> FunctionData:
    return FunctionData()


brought = Effect("takes the content", _bring)
staged = Effect("stages the content", _stage)
unstaged = Effect("stages the configuration", _unstage)
switched = Effect("serves the staged content", _switch)
kept = Effect("keeps the old content", _keep)
emptied = Effect("serves nothing", _empty)
