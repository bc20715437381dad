"""What a call is about, told without saying which: the states of what it names, and what names that."""

from collections.abc import Hashable, Iterable
from typing import Any

from statemodel.configuration import Configuration, Member
from statemodel.model.data import Key, read_key, references
from statemodel.system import System


def scene(system: System, here: Configuration, values: Iterable[Any]) -> Hashable:
    """Where a call takes place: calls of one scene are about the same, whatever number or name stands in them.

    Args:
        system: the model.
        here: where the resource is.
        values: names of versions and aliases in the call.

    Returns:
        The states of members there is but one of, and for each name that of its member, whether it is the newest,
        what it names itself, and by which references it is named.
    """
    kept = [(part, slot.present()) for part, slot in zip(system.parts, here, strict=True)
            if not isinstance(slot, Member)]  # fmt: skip
    single = tuple(slot.state for slot in here if isinstance(slot, Member))
    keys = [read_key(value) for value in values]
    return single, tuple(_told(kept, key, keys) for key in keys)


def _told(kept: list[tuple[str, tuple[tuple[Key, Member], ...]]], key: Any, keys: list[Any]) -> Hashable:
    """One name of a call."""
    own: list[Hashable] = []
    by: list[tuple[str, int]] = []
    for part, members in kept:
        newest = max((name for name, _ in members if isinstance(name, int)), default=0)
        for name, member in members:
            for target, _ in kept:
                named = references(member.data, target)
                by.extend((part, number) for number, one in enumerate(named) if one == key)
                if name == key:
                    own.append((part, member.state, name == newest, tuple(_role(one, keys) for one in named)))
    return key if isinstance(key, str) and not own else None, tuple(own), tuple(sorted(by))


def _role(one: Any, keys: list[Any]) -> Hashable:
    """What a name in the data is to a call: one of those in it, another member, or a word."""
    if one in keys:
        return keys.index(one)
    return "another" if isinstance(one, int) else one
