"""What guards, effects and fields see: the arguments of a call, and a configuration from one of its members."""

from collections.abc import Mapping
from typing import Any

from statemodel.configuration import GONE, LOOSE, Configuration, Family, Member, fresh, replace
from statemodel.model.data import Key
from statemodel.model.graph import Query
from statemodel.model.operation import Target
from statemodel.system import System


class UndecidedError(Exception):
    """A question about members that nobody has seen: the asker must split the configuration and ask again.

    Attributes:
        position: the part asked about.
        question: a key (is there such a member?), a Query (is there one like this?), NEW (which number is next?) or
            LOOSE (which state is it in?).
    """

    def __init__(self, position: int, question: Any) -> None:
        super().__init__(position, question)
        self.position = position
        self.question = question


class View:
    """A configuration as guards and effects see it, from one member of one part."""

    __slots__ = ("args", "configuration", "key", "position", "system", "target")

    def __init__(
        self,
        system: System,
        configuration: Configuration,
        args: Mapping[str, Any],
        target: Target,
        position: int = -1,
        key: Key | None = None,
    ) -> None:
        self.system = system
        self.configuration = configuration
        self.args = args
        self.target = target
        self.position = position
        self.key = key

    def arg(self, name: str) -> Any:
        """An argument of the call."""
        return self.args.get(name)

    @property
    def role(self) -> Any:
        """Which side of an operation on two resources this is: "source", "target" or None."""
        return self.args.get("as")

    def member(self, part: str, key: Key | None = None) -> Member | None:
        """A member of a part: None where the part is not in the model."""
        position = self.system.service.index(part)
        return None if position is None else find(self.configuration, position, key)

    def has(self, part: str) -> bool:
        """Whether the part is in the model."""
        return part in self.system.parts

    def state(self, part: str, key: Key | None = None) -> str | None:
        """State of a member; None where the part is not in the model."""
        member = self.member(part, key)
        return member.state if member else None

    def data(self, part: str, key: Key | None = None) -> Any:
        """What a member carries; None where it is absent or the part is not in the model."""
        member = self.member(part, key)
        return member.data if member else None

    @property
    def here(self) -> str:
        """State of the member looked from."""
        return find(self.configuration, self.position, self.key).state

    @property
    def own(self) -> Any:
        """What the member looked from carries."""
        return find(self.configuration, self.position, self.key).data

    def some(self, part: str, query: Query) -> bool | None:
        """Whether a member of a part satisfies a query; None where the part is not in the model."""
        position = self.system.service.index(part)
        if position is None:
            return None
        family = self.configuration[position]
        assert isinstance(family, Family)
        if any(query.holds(key, member, query.about) for key, member in family.present()):
            return True
        if not family.is_open:
            return False
        for known, value in family.facts:
            if known == query:
                return bool(value)
        raise UndecidedError(position, query)

    def members(self, part: str) -> tuple[tuple[Key, Member], ...]:
        """Members of a part that are known to exist."""
        position = self.system.service.index(part)
        if position is None:
            return ()
        family = self.configuration[position]
        assert isinstance(family, Family)
        return family.present()

    def unseen(self) -> int:
        """Content that nobody has seen."""
        return fresh(self.configuration)

    def content(self) -> int:
        """The content this call brings; one that nobody has seen where it was not recorded."""
        given = self.args.get("content")
        return given if isinstance(given, int) else fresh(self.configuration)

    def at(self, position: int, key: Key | None) -> "View":
        """The same view from another member."""
        return View(self.system, self.configuration, self.args, self.target, position, key)

    def among(self, position: int, key: Key, member: Member) -> "View":
        """The same view from a member put there."""
        slot = self.configuration[position]
        assert isinstance(slot, Family)
        configuration = replace(self.configuration, position, slot.put(key, member))
        return View(self.system, configuration, self.args, self.target, position, key)


def find(configuration: Configuration, position: int, key: Key | None) -> Member:
    """The member of a part, GONE where it does not exist.

    Raises:
        UndecidedError: nobody has seen whether it exists.
    """
    slot = configuration[position]
    if isinstance(slot, Member):
        if slot.state is LOOSE:
            raise UndecidedError(position, LOOSE)
        return slot
    if key is None:
        return GONE
    member = slot.get(key)
    if member is not None:
        return member
    if isinstance(key, int) and slot.high is not None and key > slot.high:
        return GONE
    unseen = (isinstance(key, int) and key < 0) or any(
        isinstance(key, int) and isinstance(name, int) and name < 0 for name, _ in slot.members
    )
    if slot.is_open or unseen:
        raise UndecidedError(position, key)
    return GONE
