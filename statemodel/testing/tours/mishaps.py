"""What fails twice, what fails while the account is out of service, and what several names or resources share.

Each story is short, costs a few dozen calls, and tells apart what the cover meets only one at a time: a second failure
in a row, an event after a failure, two names of one version, a third resource, a copy of what is new.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from statemodel.configuration import Family, Member
from statemodel.model.data import spell
from statemodel.model.graph import Initiator, Kind
from statemodel.model.operation import Action, Operation, Subject
from statemodel.testing.tours.limits import is_checked
from statemodel.testing.tours.shares import sharing
from statemodel.testing.tours.stories import NAMES, RESOURCE, Deed, Stories, Story, number

OTHERS: Final = ("fn-2", "fn-3")
CALLS: Final = 6


class Mishaps(Stories):
    """Lets things go wrong."""

    def run(self) -> None:
        """Every story for resources of each kind, as far as the budget lasts."""
        self.tell(self._stories())

    def _stories(self) -> Iterator[Story]:
        for kind in self._kinds():
            for story in (self._updates, self._versions, self._bound, self._shared, self._three, self._copies):
                yield kind, story
            yield kind, self._among

    # ------------------------------------------------------------------------------------------- stories

    def _updates(self) -> None:
        """New content fails again and again, with other changes, versions and events of the account in between."""
        self._bring()
        self._bring()
        for _ in range(2):
            self._fail_content()
            self._read()
        self._others()
        self._grow()
        self._read()
        self._bring()
        self._fail_content()
        for event in self.options.events:
            if self.session.happen(event):
                self._read()
                self._fail_content()
                self._read()
        self._bring()
        self._fail_content()
        if self._others(is_published=True):
            self._read()
            self._bring()
            self._read()

    def _versions(self) -> None:
        """Versions fail one after the other; events of the account and departures come while one is at work."""
        self._bring()
        self._grow()
        self._read()
        for _ in range(2):
            if self._did(self._growing()):
                self._fail()
                self._read()
                self._bring()
        self._grow()
        for event in self.options.events:
            is_seen = self._did(self._growing()) and self.session.happen(event)
            self._settle()
            if is_seen:
                self._read()
            self._bring()
        self._grow()
        if self._did(self._growing()):
            self._take(0)
            self._read()

    def _bound(self) -> None:
        """Two names of one version: it stays bound until neither is left; what has gone is asked for by its number."""
        for _ in range(3):
            self._bring()
            self._grow()
        self._bring()
        makes = [deed for deed in self._deeds() if self._is_more(deed, self._named)]
        one, other, third = NAMES
        if not all(self._binding(makes, *each) for each in ((one, 0), (other, 0), (third, -1))):
            return
        self._refuse()
        self._move_to(one, -1)
        self._read()
        self._refuse()
        self._did(deed for deed in self._gone(self._named) if third in deed[1].values())
        self._read()
        self._refuse()
        self._move_to(other, 1)
        self._read()
        self._refuse()
        self._take(0)
        self._read()
        self._strangers()

    def _shared(self) -> None:
        """Calls of a name are shared by two versions, neither of which is what is newest; then one of them goes."""
        if not self.has_shares:
            return
        for _ in range(2):
            self._bring()
            self._grow()
        self._bring()
        for operation in self.options.operations:
            share = sharing(operation)
            deeds = [deed for deed in self._deeds() if deed[0] is operation and self._is_more(deed, self._named)]
            oldest = min(filter(number, deeds), key=number, default=None)
            newest = max(deeds, key=number, default=None)
            if share is None or share.sharing is None or oldest is None or newest is None or oldest == newest:
                continue
            version = spell(number(newest))
            reply = self.session.call(self._one, operation.name, {**oldest[1], share.name: share.sharing(version)})
            for _ in range(CALLS if reply.error is None else 0):
                self._read(next(iter(value for value in oldest[1].values() if not str(value).isdecimal())))
            self._refuse()
            self._take(-1)
            self._read()

    def _three(self) -> None:
        """Three resources, each with content of its own."""
        every = (RESOURCE, *OTHERS)
        for _ in range(2):
            for name in every:
                self._one = name
                self._bring()
            self._read_all(every)
        self._one = RESOURCE
        self._end()
        self._read_all(every)

    def _copies(self) -> None:
        """What is copied is what is newest, and nothing of what the source has besides."""
        copying = [one for one in self.options.operations if one.parameter("as") is not None]
        if not copying:
            return
        self._bring()
        self._grow()
        self._move_to(None, 0)
        for name in OTHERS:
            self._bring()
            self._read()
            self._copied(copying, name)
        self._fail_content()
        self._others()
        self._read()
        self._copied(copying, f"{OTHERS[-1]}-again")

    def _among(self) -> None:
        """Events of the account, seen by every resource of it, those of another name space included."""
        every = (RESOURCE, OTHERS[0], *self.twins)
        for name in every:
            self._one = name
            self._bring()
            self._grow()
        for event in self.options.events:
            if self.session.happen(event):
                self._read_all(every)

    # ------------------------------------------------------------------------------------------- what is done

    def _read_all(self, names: Iterable[str]) -> None:
        for name in names:
            self._one = name
            self._read()

    def _fail_content(self) -> None:
        if self._content():
            self._fail()

    def _fail(self) -> None:
        """Let what is under way fail, if the client can be asked for that, and wait for it."""
        for event in self._failures():
            if self.session.steer(event):
                break
        self._settle()

    def _failures(self) -> Iterator[str]:
        """Moves of the service by which something fails, where the resource most likely is."""
        here = self._track.explained.simplest()
        for _, move in self.session.monitor.reasoner.moves(here):
            if move.event.initiator is Initiator.SERVICE and self._has_failed(move.after) > self._has_failed(here):
                yield move.event.name

    def _has_failed(self, configuration: Any) -> int:
        """How many members have failed."""
        slots = ((place, slot) for place, slot in enumerate(configuration))
        members = (
            (place, one)
            for place, slot in slots
            for one in ([slot] if isinstance(slot, Member) else [one for _, one in slot.present()])
        )
        return sum(self.system.kinds[place].get(one.state) is Kind.FAILED for place, one in members)

    def _others(self, *, is_published: bool = False) -> bool:
        """Every change that is neither new content nor a member, or that makes a version besides; whether one was."""
        is_done = False
        for operation, names in self._deeds():
            flag = next((one for one in operation.parameters if one.name in ("Publish", "publish")), None)
            is_plain = not names and not operation.parameter("content") and not self._is_less((operation, names))
            if not is_plain or self._is_more((operation, names), self._numbered) or (is_published and flag is None):
                continue
            more = {flag.name: flag.values[0]} if flag is not None and is_published and flag.values else {}
            if is_published and not all(self._takes(operation, *one) for one in more.items()):
                continue
            is_done = self._did([(operation, more)]) or is_done
            self._settle()
        return is_done

    def _binding(self, deeds: list[Deed], name: str, end: int) -> bool:
        """Bind a name to the version at one end; whether that was done."""
        numbered = sorted((deed for deed in deeds if number(deed)), key=number)
        return bool(numbered) and self._bind(numbered[end], name)

    def _move_to(self, name: str | None, end: int) -> None:
        """Move one name, or each that the model brings, to the version at one end."""
        for one in [name] if name is not None else self.session.members(self._track, Subject.ALIAS):
            deeds = [deed for deed in self._deeds() if one in deed[1].values() and len(deed[1]) > 1]
            self._did(sorted((deed for deed in deeds if number(deed)), key=number)[end:][:1])

    def _refuse(self) -> None:
        """Every call that names a version, and every way to make it, where it must be refused."""
        for operation in self.options.operations:
            naming = [one for one in operation.parameters if one.subject in (Subject.VERSION, Subject.QUALIFIER)]
            if operation.action is not Action.CALL or len(naming) != 1 or operation.parameter("as") is not None:
                continue
            for names in self.options.unfitting(self._track, operation):
                if names.get(naming[0].name) in self.session.members(self._track, naming[0].subject):
                    for more in ({}, *self._wishes(operation)):
                        if self._has_budget():
                            self.session.call(self._one, operation.name, {**names, **more})

    def _wishes(self, operation: Operation) -> Iterator[dict[str, Any]]:
        """Values of what may be sent besides, one by one."""
        for one in operation.parameters:
            if one.subject is Subject.VALUE and not one.required and not is_checked(one) and one.values:
                for value in one.values:
                    if value != one.default and self._takes(operation, one.name, value):
                        yield {one.name: value}

    def _strangers(self) -> None:
        """Read by the numbers of versions that have gone, for certain and for good."""
        kept = set(self.session.members(self._track, Subject.VERSION))
        highs = [slot.high or 0 for one in self._track.origin for slot in one if isinstance(slot, Family)]
        for one in [spell(each) for each in range(1, max(highs, default=0) + 1)]:
            for operation in self.system.operations.values() if one not in kept else ():
                is_read = operation.action is Action.READ and operation.name in self.session.link.abilities
                for parameter in operation.parameters if is_read else ():
                    if parameter.subject in (Subject.VERSION, Subject.QUALIFIER) and self._has_budget():
                        self.session.call(self._one, operation.name, {parameter.name: one})

    def _copied(self, copying: list[Operation], name: str) -> None:
        """A copy, looked at."""
        for operation in copying:
            self.session.call(RESOURCE, operation.name, {}, other=name)
            self._one = name
            self._settle()
            self._read()
            self._one = RESOURCE
