"""Which members of arguments and answers a model reads, and which of them only name the resource."""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from random import Random
from typing import Any, Final

import attrs
import numpy as np

from statemodel.model.operation import Parameter, Subject
from statemodel.semantics import System

PLAIN: Final = re.compile("[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?")
LONGEST: Final = 48
TRIES: Final = 2_000


@attrs.frozen
class Keys:
    """Names of members, as compiled steps read them.

    Attributes:
        names: whether each name is that of the resource, of which nothing matters while it is plain.
        data, bounds, kinds: the same as bytes, where each begins and ends, and 1 for those of the resource.
        slots: the first name by its length and two letters, then the next one after each; -1 ends.
        longest: greatest length of a name that is plain.
    """

    names: Mapping[str, bool] = attrs.field(hash=False)
    data: Any = attrs.field(eq=False)
    bounds: Any = attrs.field(eq=False)
    kinds: Any = attrs.field(eq=False)
    slots: Any = attrs.field(eq=False)
    longest: int = LONGEST

    @classmethod
    def of(cls, kept: Iterable[str], named: Iterable[str] = ()) -> "Keys":
        """The members to keep, some of which only name the resource."""
        names = {**dict.fromkeys(kept, False), **dict.fromkeys(named, True)}
        texts = [name.encode() for name in names]
        return cls(
            names,
            np.frombuffer(b"".join(texts) or b"\0", np.uint8),
            np.cumsum([0, *map(len, texts)]).astype(np.int64),
            np.array(list(names.values()), np.uint8),
            _slots(texts),
        )

    def is_plain(self, name: str) -> bool:
        """Whether a name is made of letters, digits, - and _ alone, and not too long."""
        return len(name) <= self.longest and PLAIN.fullmatch(name) is not None

    def kept(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """The members that are read; a plain name of the resource is replaced by one that stands for all."""
        return {
            name: "x" if self.names[name] and isinstance(value, str) and self.is_plain(value) else value
            for name, value in members.items()
            if name in self.names
        }


def _slots(texts: list[bytes]) -> Any:
    slots: Any = np.full(256 + len(texts), -1, np.int16)
    for number, text in enumerate(texts):
        head = (len(text) + text[0] * 7 + text[-1] * 31) & 255
        slots[256 + number], slots[head] = slots[head], number
    return slots


def keys_of(system: System) -> tuple[Keys, Keys]:
    """The members of arguments and of answers that some operation of a model reads."""
    operations = system.operations.values()
    args, shown = {"content"}, {"content"}
    named: dict[str, bool] = {}
    for operation in operations:
        for parameter in operation.parameters:
            args.add(parameter.name.partition(".")[0])
            is_named = parameter.subject is Subject.IDENTITY and "." not in parameter.name and takes_any(parameter)
            first = parameter.name.partition(".")[0]
            named[first] = named.get(first, True) and is_named
        shown.update(field.name.partition(".")[0] for field in operation.fields)
        if operation.listing is not None:
            one = operation.listing
            also = (*one.paging, *one.filters, one.limit, one.offset, one.marker, one.prefix, one.total)
            both = {name.partition(".")[0] for name in also if name}
            args |= both
            shown |= both | {one.name.partition(".")[0]}
    whole = [name for name, is_named in named.items() if is_named]
    return Keys.of(sorted(args), sorted(whole)), Keys.of(sorted(shown))


def takes_any(parameter: Parameter) -> bool:
    """Whether every plain name keeps the limits of a parameter, as far as many tries can tell.

    Patterns that look ahead or behind, or refer to themselves, are taken to have exceptions.
    """
    if not parameter.is_limited:
        return True
    if parameter.pattern is not None and re.search(r"\(\?|\\[0-9]", parameter.pattern):
        return False
    letters = "aZm09-_"
    short = ("".join(one) for size in range(1, 5) for one in product(letters, repeat=size))
    chance = Random(0)  # noqa: S311 - not for secrets
    every = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    drawn = ("".join(chance.choices(every, k=chance.randint(1, LONGEST))) for _ in range(TRIES))
    singles = (f"a{one}{other}b" for one, other in product(every, repeat=2))
    longest = ("a" * LONGEST, "Z" * LONGEST, "a" + "-" * (LONGEST - 2) + "9", "a" + "_" * (LONGEST - 2) + "9")
    every_try = (*short, *drawn, *singles, *every, *longest)
    return all(parameter.problem(name) is None for name in every_try if PLAIN.fullmatch(name))
