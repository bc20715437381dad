"""What may be true of every resource of a client, record by record, and what its records cover. Calls nobody."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member
from statemodel.coverage.goals import Covered, Goal
from statemodel.coverage.goals import Member as Place
from statemodel.coverage.trace import Tracer, Way, unexplained
from statemodel.model.data import Key, contents
from statemodel.model.graph import Initiator, Kind, Transition
from statemodel.model.operation import Action, Listing
from statemodel.oracle.belief import Configurations
from statemodel.oracle.explain import Told, explain
from statemodel.oracle.monitor import Monitor, Node, names_of
from statemodel.oracle.seen import Seen
from statemodel.semantics import System, View, initial

Record = Mapping[str, Any]


class Followed:
    """One resource: what is believed of it, and how it came to that.

    Attributes:
        name: the resource.
        node: the belief, closed over hidden moves.
        origin: the belief as the last record left it, before any hidden move.
        explained: the shortest explanations of what is not yet sure.
        last: the last transition of each of its members.
        records: every record of it, in order.
        without: hidden moves that do not come while it is at work, as another was promised.
    """

    __slots__ = ("content", "explained", "last", "name", "names", "node", "origin", "records", "without")

    def __init__(self, name: str, node: Node, origin: Configurations) -> None:
        self.name = name
        self.names = names_of(name, {})
        self.node = node
        self.origin = origin
        self.content: dict[str, int] = {}
        self.explained = unexplained(origin)
        self.last: dict[Place, Goal] = {}
        self.records: list[Record] = []
        self.without: frozenset[str] = frozenset()


@attrs.frozen
class Ruling:
    """What one record comes to.

    Attributes:
        code: of what is wrong, or None.
        reason: what it is, where the code alone does not say.
        fresh: goals met for the first time.
        is_idle: whether the record says nothing of the resource.
    """

    code: str | None = None
    reason: str | None = None
    fresh: tuple[Goal, ...] = ()
    is_idle: bool = False


FINE = Ruling()
IDLE = Ruling(is_idle=True)
UNHEARD_OF = "a code that no service has"
Outcome = tuple[Ruling, Node, Configurations, tuple[Way, ...]]


class Judge:
    """Beliefs about the resources of one client.

    Args:
        monitor: the oracle, from an absent start.
        covered: what is covered so far; records add to it.

    Attributes:
        start: what is believed of a resource that nobody has spoken of.
    """

    def __init__(self, monitor: Monitor, covered: Covered) -> None:
        self.monitor = monitor
        self.covered = covered
        self.tracer = Tracer(monitor.reasoner)
        self.followed: dict[str, Followed] = {}
        self._account: list[str] = []
        self._last: Followed | None = None
        self._unfinished: dict[Configurations, frozenset[tuple[Place, str]]] = {}
        self._lingering: dict[Configurations, frozenset[tuple[Place, str]]] = {}
        self._varying: dict[tuple[Node, str], bool] = {}
        self._ruled: dict[tuple[Node, Configurations, Seen, frozenset[str]], Outcome] = {}
        self.start = frozenset({initial(monitor.system)})

    def begin(self) -> None:
        """Everything was reset; what is not sure by now counts as its shortest explanation says."""
        for track in self.followed.values():
            self.covered.take(track.explained.likely(), track.last)
        self.followed = {}
        self._account = []
        self._last = None

    def follow(self, resource: str) -> Followed:
        """A resource; one that is new knows what happened to the account before."""
        found = self.followed.get(resource)
        if found is None:
            found = Followed(resource, self.monitor.start, self.start)
            self.followed[resource] = found
            for event in self._account:
                self._happened(found, event)
        return found

    def answered(self, resource: str, record: Record) -> Ruling:
        """Take the record of a call."""
        track = self.follow(resource)
        seen = self.read(track, record)
        ruling, node, origin, ways = self.ruled(track, seen)
        track.records.append({**record, "without": sorted(track.without)} if track.without else record)
        self._last = track
        if ruling.code is not None:
            return ruling
        track.node, track.origin = node, origin
        if track.without and (self._begins(record) or not self.may_move(track)):
            self._hold(track, ())
        if len(track.content) > len(node.held):
            track.content = {name: one for name, one in track.content.items() if one in node.held}
        fresh = self._covers(track, ways) if ways else ()
        return attrs.evolve(ruling, fresh=fresh) if fresh else ruling

    def _covers(self, track: Followed, ways: tuple[Way, ...]) -> tuple[Goal, ...]:
        explained = track.explained.after(ways)
        if not explained.ways:  # what is covered is told less well, which is no reason to stop
            explained = unexplained(track.origin)
        trail, track.explained = explained.sure()
        return tuple(self.covered.take(trail, track.last)) if trail else ()

    def read(self, track: Followed, record: Record) -> Seen:
        """What a record says of a resource."""
        for side in ("args", "result"):
            content = (record.get(side) or {}).get("content")
            if isinstance(content, str) and content not in track.content:
                taken = set(track.content.values())
                track.content[content] = next(number for number in range(len(taken) + 1) if number not in taken)
        return self.monitor.read(record, track.content, track.names)

    def ruled(self, track: Followed, seen: Seen) -> Outcome:
        """What a record would come to; nothing of it is kept but the answer to the question."""
        key = (track.node, track.origin, seen, track.without)
        found = self._ruled.get(key)
        if found is None:
            found = self._ruled[key] = self._worked_out(track, seen)
        return found

    def _worked_out(self, track: Followed, seen: Seen) -> Outcome:
        node, watching = track.node, self.monitor.without(track.without)
        step = node.next.get(seen)
        ways = self.tracer.call(track.origin, seen)  # first, as it works out what the monitor asks for next
        if step is None:
            step = node.next[seen] = watching.call(node, seen)
        if step.code is not None and step.code != "SM103":
            return Ruling(step.code, step.reason), node, track.origin, ()
        assert step.node is not None
        if step.node is node and (step.is_skipped or step.code is not None):
            return IDLE, node, track.origin, ()
        ways = ways or self.tracer.stayed(track.origin)
        return FINE, step.node, watching.reasoner.after(node.belief, seen), ways

    def promised(self, event: str) -> None:
        """The client agreed to an outcome: what the last call set to work does not end in another, until it rests."""
        if self._last is not None and self.may_move(self._last):
            self._hold(self._last, rivals(self.monitor.system, event))
            self._last.records[-1] = {**self._last.records[-1], "without": sorted(self._last.without)}

    def _begins(self, record: Record) -> bool:
        """Whether a call was taken that may begin other work, of which nothing was promised."""
        return "error" not in record and self.monitor.system.operations[record["op"]].action is Action.CALL

    def _hold(self, track: Followed, without: Iterable[str]) -> None:
        track.without = frozenset(without)
        track.node = self.monitor.without(track.without).node(track.origin)

    def takes_any_code(self, resource: str, record: Record) -> bool:
        """Whether a refusal may have any code there, so that one that says nothing elsewhere is as good as others."""
        track = self.followed.get(resource)
        return track is not None and self.ruled(track, self.read(track, {**record, "error": UNHEARD_OF}))[0] is FINE

    def can_happen(self, event: str) -> bool:
        """Whether an event may be possible, and it is sure which resources it would move."""
        chances = [self._chance(track.origin, event) for track in self.followed.values()]
        if self.is_of_account(event):
            return not chances or any(chance is not False for chance in chances)
        return chances.count(False) == len(chances) - 1

    def is_of_account(self, event: str) -> bool:
        """Whether an event moves something that all resources share."""
        system = self.monitor.system
        return any(system.graph(place).is_shared for place in system.leaders.get(event, ()))

    def _chance(self, origin: Configurations, event: str) -> bool | None:
        """Whether an event is possible: None where that is not sure."""
        found = {bool(self._moved(one, event)) for start in origin for one in self.tracer.trails(start)}
        return found.pop() if len(found) == 1 else None

    def _moved(self, configuration: Configuration, event: str) -> list[Configuration]:
        reasoner = self.monitor.reasoner
        moves = reasoner.all_moves(configuration)
        return [reasoner.tidied(move.after) for _, move in moves if move.event.name == event]

    def happened(self, event: str) -> tuple[Goal, ...]:
        """Take an event of the environment that was asked for; where it is not possible it does nothing.

        One of the account is seen by every resource, those to come included.
        """
        if self.is_of_account(event):
            self._account.append(event)
            hit = list(self.followed.values())
        else:
            hit = [track for track in self.followed.values() if self._chance(track.origin, event) is not False]
        return tuple(goal for track in hit for goal in self._happened(track, event))

    def _happened(self, track: Followed, event: str) -> tuple[Goal, ...]:
        ways = self.tracer.event(track.origin, event)
        origin = frozenset(
            after for one in track.node.belief for after in (self._moved(one, event) or [one])
        )
        track.records.append({"resource": track.name, "event": event, "asked": True})
        track.origin = origin
        self._hold(track, ())
        return self._covers(track, ways)

    # ------------------------------------------------------------------------------------------- questions

    def unfinished(self, track: Followed) -> frozenset[tuple[Place, str]]:
        """Members that are in one and the same working state whatever is true, as the last record left them."""
        found = self._unfinished.get(track.origin)
        if found is None:
            every = [frozenset(working(self.monitor, one)) for one in track.origin]
            found = self._unfinished[track.origin] = frozenset.intersection(*every) if every else frozenset()
        return found

    def lingering(self, track: Followed) -> frozenset[tuple[Place, str]]:
        """Members that may be in a working state, and could not have come back to it if they are not."""
        found = self._lingering.get(track.origin)
        if found is None:
            every = {one: frozenset(working(self.monitor, one)) for one in track.origin}
            found = frozenset().union(*every.values())
            for one, own in every.items():
                for after in self.tracer.trails(one):
                    found -= frozenset(working(self.monitor, after)) - own
            self._lingering[track.origin] = found
        return found

    def may_move(self, track: Followed) -> bool:
        """Whether some member may be in a working state."""
        return any(True for one in track.origin for _ in working(self.monitor, one))

    def content_of(self, resource: str) -> str | None:
        """The content that a resource serves whatever is true, by which the client calls it; None where not sure."""
        track = self.follow(resource)
        found = {contents(slot.data) for one in track.node.belief for slot in one if isinstance(slot, Member)} - {()}
        symbols = found.pop() if len(found) == 1 else ()
        return next((name for name, one in track.content.items() if set(symbols) == {one}), None)

    def may_vary(self, track: Followed, listing: Listing) -> bool:
        """Whether a list may show other members the next time, whatever has moved meanwhile or was never sure."""
        known = self._varying.get((track.node, listing.name))
        if known is None:
            found = {_listed(self.monitor.system, one, listing) for one in track.node.belief}
            known = self._varying[track.node, listing.name] = len(found) > 1 or None in found
        return known

    def told(self, track: Followed) -> Told:
        """Why the last record of a resource violates."""
        records = [("script", number, record) for number, record in enumerate(track.records, 1)]
        return explain(self.monitor, track.names, records, ("script", len(records)))


def rivals(system: System, event: str) -> frozenset[str]:
    """Other moves of the service that may end the same work."""
    places = {place[:2] for place in system.cells if place[2] == event}
    return frozenset(
        name for (place, state, name), rows in system.cells.items()
        if name != event and (place, state) in places
        for row, _ in rows
        if isinstance(row, Transition) and row.initiator is Initiator.SERVICE
        and system.kinds[place][row.target or state] is not Kind.WORKING
    )  # fmt: skip


def _listed(system: System, configuration: Configuration, listing: Listing) -> tuple[Key | None, ...] | None:
    """The members that a list shows, None as the resource itself; None where that is open."""
    view = View(system, configuration, {}, {})
    views: list[tuple[Key | None, View]] = [(None, view)]
    if listing.part is not None:
        if not view.has(listing.part):
            return ()
        place = system.parts.index(listing.part)
        views = [(key, view.at(place, key)) for key, _ in view.members(listing.part)]
    shown = [(key, True if listing.present is None else listing.present(each)) for key, each in views]
    return None if any(one is None for _, one in shown) else tuple(key for key, one in shown if one)


def working(monitor: Monitor, configuration: Configuration) -> list[tuple[Place, str]]:
    """Members in a working state, each with that state."""
    found: list[tuple[Place, str]] = []
    for place, slot in enumerate(configuration):
        kinds = monitor.system.kinds[place]
        if isinstance(slot, Member):
            if kinds.get(slot.state) is Kind.WORKING:
                found.append(((place, None), slot.state))
        elif isinstance(slot, Family):
            present = slot.present()
            found.extend(((place, key), one.state) for key, one in present if kinds.get(one.state) is Kind.WORKING)
    return found
