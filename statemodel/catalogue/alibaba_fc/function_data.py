"""What LATEST carries beside its state, what can be asked of it, and what the moves of fc.function make of it."""

from typing import Any

import attrs

from statemodel.model.data import content_field, one_of
from statemodel.model.graph import Effect, Query
from statemodel.model.guard import Guard

RECOVERING = ("Recovering", "RecoveringInPlace")
UPDATING = ("Updating", *RECOVERING)
STAGING = (*UPDATING, "Reactivating")


@attrs.frozen(cache_hash=True)
class FunctionData:
    """What LATEST carries.

    Attributes:
        content: what it serves, or would serve; None where sources leave open which it is.
        staged: what an update under way will make of it.
        changed: whether anything differs from the last version left; "unpublished" while none was ever published.
        failed: whether the last update failed, of a function at rest or on its way back from there.
    """

    content: int | None = content_field()
    staged: int | None = content_field()
    changed: str = one_of("unpublished", "yes", "no", "perhaps")
    failed: str = one_of("no", "yes", "perhaps")


# ------------------------------------------------------------------------------------------------- guards


def _changed(view: Any) -> bool | None:
    known = {"unpublished": True, "yes": True, "no": False}.get(view.own.changed)
    return known if view.own.changed == "unpublished" or not is_staged(view) else None


def _any(_key: Any, _member: Any, _about: Any) -> bool:
    return True


def _has_versions(view: Any) -> bool | None:
    found = [view.some(part, Query("exists", None, _any)) for part in ("version", "alias")]
    return True if True in found else (None if None in found else False)


def _last_failed(view: Any) -> bool | None:
    return {"yes": True, "no": False}.get(view.own.failed)


changed = Guard("something changed since the last version", _changed)
last_failed = Guard("the last update failed", _last_failed)
has_versions = Guard("a version or alias exists", _has_versions, looks_at=("version", "alias"))

# ------------------------------------------------------------------------------------------------- effects


def _newer(key: Any, _member: Any, about: Any) -> bool:
    return isinstance(key, int) and 0 < about < key


def _other(key: Any, _member: Any, about: Any) -> bool:
    return bool(key != about)


def _seen(symbol: Any) -> bool:
    return isinstance(symbol, int) and symbol >= 0


def _updated(view: Any) -> Any:
    """After an update: only other content makes sure that something changed; a change may also take one back."""
    own = view.own
    if own.changed == "unpublished":
        return own
    given = view.arg("content")
    differs = own.changed == "no" and _seen(given) and _seen(own.content) and given != own.content
    return attrs.evolve(own, changed="yes" if differs else "perhaps")


def is_staged(view: Any) -> bool:
    """Whether an update of LATEST is under way."""
    function = view.data("function")
    return view.state("function") in STAGING and function is not None and function.staged is not None


def _in_doubt(view: Any) -> str:
    return "unpublished" if view.own.changed == "unpublished" else "perhaps"


def _left(view: Any) -> Any:
    """After a version went: what LATEST is compared with is the newest that is left."""
    own, key = view.own, view.target.get("version", (-1,))[0]
    if own.changed not in ("yes", "no"):
        return own
    if key > 0 and view.some("version", Query("is newer than", key, _newer)):
        return own
    before = next((member.data.content for name, member in view.members("version") if name == key - 1), None)
    differs = _seen(before) and _seen(own.content) and before != own.content
    sure = key == 1 or (own.changed == "no" and differs)
    sure = sure or (key > 0 and not view.some("version", Query("is another than", key, _other)))
    return attrs.evolve(own, changed="yes" if sure else "perhaps")


def _fallen(view: Any, content: int | None, failed: str) -> Any:
    if view.own.staged is None:
        return view.own
    return attrs.evolve(view.own, content=content, staged=None, changed=_in_doubt(view), failed=failed)


def _settled(view: Any) -> Any:
    return view.own.content if view.own.staged is None else view.own.staged


def _bring(view: Any) -> FunctionData:
    return FunctionData(view.content())


def _replace(view: Any) -> Any:
    return attrs.evolve(_updated(view), content=view.content(), staged=None, failed="no")


def _stage(view: Any) -> Any:
    return attrs.evolve(_updated(view), staged=view.content(), failed="no")


def _switch(view: Any) -> Any:
    return attrs.evolve(view.own, content=_settled(view), staged=None, failed="no")


def _keep(view: Any) -> Any:
    return attrs.evolve(view.own, staged=None, changed=_in_doubt(view))


def _fall_back(view: Any) -> Any:
    return _fallen(view, view.own.content, "yes")


def _fall_forward(view: Any) -> Any:
    return _fallen(view, _settled(view), "perhaps")


def _rest(view: Any) -> FunctionData:
    return FunctionData(None, None, _in_doubt(view), "yes")


def _keep_either(view: Any) -> FunctionData:
    return FunctionData(None, None, _in_doubt(view))


def _publish(view: Any) -> Any:
    return attrs.evolve(view.own, changed="perhaps" if is_staged(view) else "no")


brought = Effect("takes the content", _bring)
replaced = Effect("takes the new content at once", _replace)
staged = Effect("stages the new content", _stage)
switched = Effect("serves the staged content", _switch)
kept = Effect("keeps the old content", _keep)
fell_back = Effect("falls back to the old content", _fall_back)
fell_forward = Effect("keeps the staged content", _fall_forward)
rested = Effect("keeps one of the two", _rest)
either = Effect("keeps one of the two", _keep_either)
published = Effect("is unchanged since the new version", _publish)
left = Effect("is compared with the newest version left", _left)
