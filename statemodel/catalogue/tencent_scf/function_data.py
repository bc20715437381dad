"""What $LATEST carries beside its state, what can be asked of others, and what the moves of scf.function make of it."""

from typing import Any

import attrs

from statemodel.catalogue.choices import holds
from statemodel.catalogue.tencent_scf.operations import DEFAULT
from statemodel.catalogue.tencent_scf.policies import latest_shows_publishing
from statemodel.model.data import content_field, one_of
from statemodel.model.graph import Effect, Query
from statemodel.model.guard import Guard


@attrs.frozen(cache_hash=True)
class FunctionData:
    """What $LATEST carries.

    Attributes:
        content: what it serves.
        staged: what an update under way will make of it.
        failed: whether the last update had failed when $LATEST began to mirror a publication.
    """

    content: int | None = content_field()
    staged: int | None = content_field()
    failed: bool = one_of(False, True)  # noqa: FBT003 - the values themselves


# ------------------------------------------------------------------------------------------------- guards, effects


def _publishing(_key: Any, member: Any, _about: Any) -> bool:
    return member.state in ("Publishing", "Awaited")


def _named(key: Any, _member: Any, _about: Any) -> bool:
    return bool(key != DEFAULT)


def _is_version_publishing(view: Any) -> bool | None:
    found: bool | None = view.some("version", Query("is being published", None, _publishing, lasting=False))
    return found


def _mirrors(view: Any) -> bool | None:
    return holds(view, latest_shows_publishing, "mirrored")


def _has_named_alias(view: Any) -> bool | None:
    found: bool | None = view.some("alias", Query("is named", None, _named))
    return found


a_version_publishing = Guard("a version is being published", _is_version_publishing, looks_at=("version",))
# looks at no other part by name, so that a copy without Override stays refused where versions are left out
over_publishing = Guard("one of its versions is being published", _is_version_publishing)
mirrors = Guard("$LATEST mirrors publications", _mirrors, only_under=latest_shows_publishing["mirrored"])
named_alias = Guard("a named alias exists", _has_named_alias, looks_at=("alias",))


def _has_content(view: Any) -> bool:
    return view.own is not None and view.own.content is not None


def _is_staged(view: Any) -> bool:
    return view.own is not None and view.own.staged is not None


def _had_failed(view: Any) -> bool:
    return view.own is not None and bool(view.own.failed)


had_failed = Guard("the last update had failed", _had_failed)
was_created = Guard("it was once created", _has_content)
amid_update = Guard("an update was accepted meanwhile", _is_staged)


def is_leaving(view: Any) -> bool:
    """Whether the whole function is being deleted, so that what begins now leaves with it."""
    return view.state("function") in ("Deleting", "HalfDeleted")


def _bring(view: Any) -> FunctionData:
    return FunctionData(view.content())


def _stage(view: Any) -> FunctionData:
    return FunctionData(view.own.content, view.content())


def _unstage(view: Any) -> FunctionData:
    return FunctionData(view.own.content)


def _switch(view: Any) -> FunctionData:
    return FunctionData(view.own.staged if view.own.staged is not None else view.own.content)


def _keep(view: Any) -> FunctionData:
    return FunctionData(view.own.content)


def _fall(view: Any) -> FunctionData:
    return FunctionData(view.own.content, failed=True)


def _empty(_view: Any) -> FunctionData:
    return FunctionData()


brought = Effect("takes the content", _bring)
staged = Effect("stages the content", _stage)
unstaged = Effect("stages the configuration", _unstage)
switched = Effect("serves the staged content", _switch)
kept = Effect("keeps the old content", _keep)
fallen = Effect("remembers that the update failed", _fall)
settled = Effect("forgets what was before", _keep)
emptied = Effect("serves nothing", _empty)
