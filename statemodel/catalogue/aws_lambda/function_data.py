"""What $LATEST carries beside its state, which version a publication makes or shows, and what moves make of it.

Whether an update changed anything is only sure where contents differ; else it is left open, one way or the other.
"""

from typing import Any

import attrs

from statemodel.model.data import content_field, one_of
from statemodel.model.graph import Effect
from statemodel.model.guard import Guard
from statemodel.model.operation import NEW, Target


@attrs.frozen(cache_hash=True)
class FunctionData:
    """What $LATEST carries.

    Attributes:
        content: what it serves.
        staged: what an update under way will make of it.
        changed: whether it differs from the newest version, so that it can be published.
    """

    content: int | None = content_field()
    staged: int | None = content_field()
    changed: str = one_of("yes", "no")


NOBODY = 0


def publishing(view: Any) -> bool:
    """Whether the call asks for a version as well."""
    return bool(view.arg("Publish") is True)


def _family(view: Any) -> Any:
    return view.configuration[view.system.service.index("version")]


def newest(view: Any, besides: int = NOBODY) -> int | None:
    """The greatest number of a version but for one; NOBODY where there is none, None where there may be unseen ones."""
    family = _family(view)
    keys = [key for key, _ in family.present() if key != besides]
    return None if family.is_open or any(key < 0 for key in keys) else max(keys, default=NOBODY)


def _seen(symbol: Any) -> bool:
    return isinstance(symbol, int) and symbol >= 0


def _is_other(view: Any, content: Any, number: int | None) -> bool | None:
    """Whether a content surely differs from that of the newest version; there may be none to compare it with."""
    if number is None:
        return None
    if number == NOBODY:
        return True
    kept = view.data("version", number).content
    return True if _seen(content) and _seen(kept) and content != kept else None


def _differs(view: Any) -> bool | None:
    function = view.data("function")
    if function is None or not view.has("version"):
        return None
    return _is_other(view, view.args.get("content", function.content), newest(view))


def when_published(view: Any) -> tuple[Target, ...]:
    """What a publication addresses: a version with the next number, or the newest where $LATEST is the same.

    Where versions may exist that nobody has seen, the newest may be one of those too.
    """
    fresh: Target = {"version": (NEW,)}
    is_new = _is_new(view) if view.has("version") else True
    if is_new is True:
        return (fresh,)
    family, number = _family(view), newest(view)
    if number is not None:
        old: tuple[Target, ...] = () if number == NOBODY else ({"version": (number,)},)
        return old if is_new is False else (fresh, *old)
    known = [key for key, _ in family.present()]
    seen = dict.fromkeys([*(key for key in known if key < 0 or key == max(known)), _stranger(view, family)])
    counted = family.high == family.low and not family.is_blind
    return (*((fresh,) if is_new is None and counted else ()), *({"version": (key,)} for key in seen))


def _stranger(view: Any, family: Any) -> int:
    """A number that stands for a version nobody has seen, and that no alias is bound to."""
    pairs = ((member.data.version, member.data.additional) for _, member in view.members("alias"))
    bound = {one for pair in pairs for one in pair if isinstance(one, int)}
    listed = [key for key, _ in family.members]
    found: int = min([key for key in listed if key < 0 and key not in bound], default=min([0, *listed, *bound]) - 1)
    return found


def _is_new(view: Any) -> bool | None:
    function = view.data("function")
    if "content" in view.args:
        return _differs(view)
    return None if function is None else bool(function.changed == "yes")


def _leaving(view: Any) -> Any:
    key = view.target.get("version", (None,))[0]
    return key if isinstance(key, int) else None


def _deletes_newest(view: Any) -> bool | None:
    key = _leaving(view)
    if key is None or not view.has("version"):
        return False if key is None else None
    if view.state("version", key) == "Absent" or any(other > key for other, _ in view.members("version")):
        return False
    number = newest(view)
    return None if number is None else bool(number == key)


def _is_left_apart(view: Any) -> bool | None:
    key = _leaving(view)
    if key is None or not view.has("version"):
        return None
    own = view.own
    return _is_other(view, own.content if own.staged is None else own.staged, newest(view, key))


def is_updating(view: Any) -> bool:
    """Whether an update is in progress."""
    return bool(view.state("update") == "InProgress")


# These ask about versions, and are open by themselves where there are none in the model: what they are joined with
# (Publish, the whole function) still decides.
publishes = Guard("Publish", publishing)
differs = Guard("it differs from the newest version", _differs)
deletes_newest = Guard("it is the newest version", _deletes_newest)
left_apart = Guard("$LATEST differs from the newest left", _is_left_apart)
updating = Guard("an update is in progress", is_updating, looks_at=("update",))

# ------------------------------------------------------------------------------------------------- effects


def _bring(view: Any) -> FunctionData:
    return FunctionData(view.content(), None, "no" if publishing(view) else "yes")


def _stage(view: Any, changed: str) -> Any:
    return attrs.evolve(view.own, staged=view.content() if "content" in view.args else None, changed=changed)


def _stage_apart(view: Any) -> Any:
    return _stage(view, "yes")


def _stage_alike(view: Any) -> Any:
    return _stage(view, "no")


def _switch(view: Any) -> Any:
    return attrs.evolve(view.own, content=view.own.content if view.own.staged is None else view.own.staged, staged=None)


def _keep_apart(view: Any) -> Any:
    return attrs.evolve(view.own, staged=None, changed="yes")


def _keep_alike(view: Any) -> Any:
    return attrs.evolve(view.own, staged=None, changed="no")


def _set_apart(view: Any) -> Any:
    return attrs.evolve(view.own, changed="yes")


def _set_alike(view: Any) -> Any:
    return attrs.evolve(view.own, changed="no")


brought = Effect("takes the content", _bring)
staged_apart = Effect("stages a change", _stage_apart)
staged_alike = Effect("stages what the newest version has", _stage_alike)
switched = Effect("serves what was staged", _switch)
kept_apart = Effect("keeps the old content, which is unpublished", _keep_apart)
kept_alike = Effect("keeps the old content, which is published", _keep_alike)
set_apart = Effect("differs from the newest version", _set_apart)
set_alike = Effect("is the same as the newest version", _set_alike)
