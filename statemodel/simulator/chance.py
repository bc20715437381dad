"""Seeded choices: the same seed and the same number of choices before give the same choice. Knows no model."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A run of choices.

    Args:
        seed: what tells runs apart.
        decisions: how many choices were made before.
    """

    __slots__ = ("decisions", "seed")

    def __init__(self, seed: int, decisions: int = 0) -> None:
        self.seed = seed
        self.decisions = decisions

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; where there is but one, nothing is chosen.

        >>> [Chance(7).pick("abc"), Chance(7).pick("abc"), Chance(7, 4).pick("abc")]
        ['b', 'b', 'c']
        """
        if len(options) == 1:
            return options[0]
        self.decisions += 1
        text = f"{self.seed}/{self.decisions}".encode()
        return options[int.from_bytes(blake2b(text, digest_size=8).digest(), "big") % len(options)]
