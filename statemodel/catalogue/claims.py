"""Statements that hold of every service with numbered versions: what an invariant of either catalogue is made of."""

from collections.abc import Callable
from typing import Any

from statemodel.model.service import Claim, Invariant

LIFE = ("function", "version")


def step(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    """A statement about both sides of every move."""
    return Invariant(name, Claim.STEP, test, about, **more)


def always(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    """A statement about every configuration."""
    return Invariant(name, Claim.ALWAYS, test, about, **more)


def sometimes(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    """A goal: a configuration that must be reachable."""
    return Invariant(name, Claim.SOMETIMES, test, about, **more)


def refusals_move_nothing(before: Any, after: Any, move: Any) -> bool:
    """A refused call leaves the configuration as it was."""
    return move.is_accepted or bool(before.configuration == after.configuration)


def content_stays(before: Any, after: Any) -> bool:
    """Every version that is still there serves what it served."""
    now = dict(after.members("version"))
    old = before.members("version")
    return all(key not in now or now[key].data.content == member.data.content for key, member in old)


def numbers_grow(before: Any, after: Any) -> bool:
    """The last number never falls, and new versions have greater ones than any before."""
    old = {key for key, _ in before.members("version")}
    new = {key for key, _ in after.members("version")} - old
    return after.last("version") >= before.last("version") and all(key > before.last("version") for key in new)


def nothing_is_left(look: Any) -> bool:
    """Where there is no function there are no versions and no aliases."""
    return look.state("function") != "Absent" or not (look.members("version") or look.members("alias"))


class Is:
    """A goal: a part is in a state."""

    def __init__(self, part: str, state: str) -> None:
        self.part, self.state = part, state

    def __call__(self, look: Any) -> bool:
        """Whether the part is in the state."""
        return bool(look.state(self.part) == self.state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Is) and (other.part, other.state) == (self.part, self.state)

    def __hash__(self) -> int:
        return hash((self.part, self.state))
