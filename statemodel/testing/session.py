"""A client and its judge together: whatever is done to the client is recorded and judged at once."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from zlib import crc32

import attrs

from statemodel.coverage.goals import Covered
from statemodel.coverage.sent import wishes_of
from statemodel.model.operation import Action, Operation, Subject
from statemodel.oracle.monitor import Monitor, Node, monitor
from statemodel.semantics import System
from statemodel.testing.adapter import Link
from statemodel.testing.judge import Followed, Judge, Ruling
from statemodel.testing.reply import Reply, names_in
from statemodel.testing.script import Step
from statemodel.testing.tours.naming import identity, is_listed, members, named, named_second, second
from statemodel.testing.tours.pages import Pages, first
from statemodel.testing.trouble import Found, Trouble, TroubleError

POLLS: Final = 50
PATIENCE_S: Final = 3_600.0
RETRIES: Final = 3
FREE_POLLS: Final = 10
ENOUGH: Final = 5
DENIALS: Final = 3
MOST: Final = 1_000


class Session:
    """One client, reset as often as one likes.

    Attributes:
        link: the client.
        judge: what may be true of its resources.
        script: everything done since the last reset.
        unsupported: steers the client said it cannot do.
        shown: fields that were shown at least once, by operation.
        throttled: how often it was asked to come again.

    Args:
        patience: polls, or with a clock 72 advanced seconds each, that a working state may last.
        pause: how to let real time pass between polls of a client without a clock.
    """

    def __init__(
        self, link: Link, judge: Judge, *, patience: int = POLLS, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.link = link
        self.judge = judge
        self.monitor: Monitor = judge.monitor
        self.system = self.monitor.system
        self.patience = patience
        self.pause = pause
        self.has_clock = "clock" in link.abilities
        self.script: list[Step] = []
        self.unsupported: set[str] = set()
        self._denied: dict[str, int] = {}
        self._brought: set[str] = set()
        self.shown: dict[str, set[str]] = {}
        self.accepted: set[str] = set()
        self.throttled = 0
        self.clock_s = 0.0
        self.pages = Pages()
        self._members: dict[tuple[Node, Subject], list[str]] = {}
        self._since: dict[tuple[str, Any, str], float] = {}

    def reset(self) -> None:
        """Begin again with nothing."""
        self.link.reset()
        self.judge.begin()
        self.script = []
        self.pages.clear()
        self._since = {}

    # ------------------------------------------------------------------------------------------- doing

    def call(self, resource: str, name: str, args: Mapping[str, Any], *, other: str | None = None) -> Reply:
        """Call an operation on a resource; `other` is the second one of an operation on two.

        Raises:
            TroubleError: the answer is none that the model allows.
        """
        operation = self.system.operations[name]
        sent = {**identity(operation, resource), **({} if other is None else second(operation, other)), **args}
        wishes = tuple(name for name in wishes_of(operation) if sent.get(name) is not None)
        return self.send(Step("call", name, sent, wishes=wishes))

    def send(self, step: Step) -> Reply:
        """Make a call as it stands in a script."""
        assert step.what is not None
        operation = self.system.operations[step.what]
        step = Step("call", step.what, step.args, reply=self._answer(step), wishes=step.wishes)
        self.script.append(step)
        assert step.reply is not None
        self._note(operation, step.reply)
        if operation.listing is not None and operation.listing.part is None:
            tracks = [one for one in self.judge.followed.values() if is_listed(operation, step.args, one.name)]
            for track in tracks:
                self._rule(track.name, step, self.judge.answered(track.name, record(step, track.name)))
            self._paged(operation, step, tracks)
            return step.reply
        resource = named(operation, step.args)
        other = named_second(operation, step.args)
        if other is not None:
            self._copied(resource, other, step)
        else:
            self._rule(resource, step, self.judge.answered(resource, record(step, resource)))
            self._paged(operation, step, [self.judge.follow(resource)])
        return step.reply

    def _paged(self, operation: Operation, step: Step, tracks: list[Followed]) -> None:
        """Judge the pages of a list as one, if nothing was at work while they were turned."""
        whole = self.pages.take(operation, step)
        if self.pages.following is None and whole is None:
            return
        assert operation.listing is not None
        if any(self.judge.may_vary(track, operation.listing) for track in tracks):
            self.pages.clear()
        elif whole is not None:
            for track in tracks:
                made = {"resource": track.name, "op": operation.name, "args": whole.args, "result": whole.result}
                ruling = self.judge.answered(track.name, made)
                if ruling.code is not None or whole.reason is not None:
                    shown = json.dumps(whole.result, ensure_ascii=False)
                    reason = whole.reason or ruling.reason or f"the pages together show {shown}"
                    raise TroubleError(Trouble(ruling.code or "SM203", track.name, step, reason))

    def turn(self, resource: str, operation: Operation, limit: int = 1) -> None:
        """Read a list page by page.

        Raises:
            TroubleError: a page is not possible, or they are not together.
        """
        assert operation.listing is not None
        args = first(operation.listing, limit)
        while args is not None:
            self.call(resource, operation.name, args)
            args = self.pages.following

    def _answer(self, step: Step) -> Reply:
        assert step.what is not None
        for _ in range(RETRIES + 1):
            reply = self.link.call(step.what, dict(step.args))
            if reply.error is None or not self.monitor.reasoner.codes.is_skipped(step.what, reply.error):
                return reply
            self.throttled += 1
        resource, step = named(self.system.operations[step.what], step.args), attrs.evolve(step, reply=reply)
        if self.judge.takes_any_code(resource, record(step, resource)):
            return reply
        self.script.append(step)
        raise TroubleError(Trouble("SM303", resource, self.script[-1]))

    def _note(self, operation: Operation, reply: Reply) -> None:
        if reply.result is not None:
            self.accepted.add(operation.name)
            self.shown.setdefault(operation.name, set()).update(names_in(reply.result))

    def _rule(self, resource: str, step: Step, ruling: Ruling) -> None:
        if ruling.code is not None:
            raise TroubleError(Trouble(ruling.code, resource, step, ruling.reason))
        is_call = self.system.operations[str(step.what)].action is Action.CALL
        is_new = step.reply is not None and step.reply.error is None and is_call
        if (self.has_clock or is_new) and not ruling.is_idle:
            self._count(self.judge.follow(resource), step, is_new=is_new)

    def _count(self, track: Followed, step: Step, *, is_new: bool) -> None:
        """How long members have been at work, in advanced seconds or polls; too long is trouble."""
        after = self.judge.unfinished(track)
        kept = frozenset() if is_new else self.judge.lingering(track)
        self._since = {key: at for key, at in self._since.items() if key[0] != track.name or key[1:] in kept}
        for one in sorted(after, key=repr):
            key = (track.name, *one)
            lasted = self.clock_s - self._since.setdefault(key, self.clock_s)
            if lasted >= self._limit:
                (place, member), state = one
                part = self.system.parts[place]
                who = part if member is None else f"{part} {member}"
                unit = "seconds" if self.has_clock else "polls"
                said = f"{who} stayed {state} for {lasted:,.0f} {unit}"
                raise TroubleError(Trouble("SM302", track.name, step, said, (part, state)))

    @property
    def _limit(self) -> float:
        """How long a member may be at work, in advanced seconds or polls."""
        return self.patience * (PATIENCE_S / POLLS if self.has_clock else 1.0)

    def _is_owed(self, resource: str) -> bool:
        """Whether a member was seen at work that may still be, and patience with it is not at its end."""
        return any(key[0] == resource and self.clock_s - at <= self._limit for key, at in self._since.items())

    def _copied(self, source: str, target: str, step: Step) -> None:
        """Judge both sides; a refusal is that of either."""
        content = self.judge.content_of(source)
        sides = {source: record(step, source, "source"), target: record(step, target, "target", content)}
        assert step.reply is not None
        if step.reply.error is None:
            for name, one in sides.items():
                self._rule(name, step, self.judge.answered(name, one))
            return
        possible = []
        for name, one in sides.items():
            track = self.judge.follow(name)
            ruling, node, _, _ = self.judge.ruled(track, self.judge.read(track, one))
            if ruling.code is None:
                possible.append((name, node is track.node))
        if not possible:
            self._rule(source, step, self.judge.answered(source, sides[source]))
        for name, is_unmoved in possible:
            if is_unmoved or len(possible) == 1:
                self.judge.answered(name, sides[name])

    def advance(self, seconds: float) -> None:
        """Let time pass on the client's clock."""
        self.pages.clear()
        self.link.advance(seconds)
        self.clock_s += seconds
        self.script.append(Step("advance", seconds=seconds))

    def steer(self, event: str, *, is_promise: bool = False) -> bool:
        """Ask for an outcome; False where the client cannot. A promise holds it to that, for what it last began."""
        if "outcome" not in self.link.abilities or event in self.unsupported:
            return False
        if not self._is_done(event, done=self.link.outcome(event)):
            return False
        self.script.append(Step("outcome", event, is_promise=is_promise))
        if is_promise:
            self.judge.promised(event)
        return True

    def _is_done(self, event: str, *, done: bool) -> bool:
        """Whether a steer was done; one that was denied several times and never done counts as unsupported."""
        if done:
            self._brought.add(event)
        elif event not in self._brought:
            self._denied[event] = self._denied.get(event, 0) + 1
            if self._denied[event] >= DENIALS:
                self.unsupported.add(event)
        return done

    def happen(self, event: str) -> bool:
        """Let an event of the environment happen; False where the client cannot, or where it might not be possible."""
        if "environment" not in self.link.abilities or event in self.unsupported or not self.judge.can_happen(event):
            return False
        if not self._is_done(event, done=self.link.happen(event)):
            return False
        self.pages.clear()
        self.script.append(Step("happen", event))
        self.judge.happened(event)
        return True

    def replayed(self, script: tuple[Step, ...], after: Callable[[], object] = lambda: None) -> None:
        """Do what a script says, from a reset on; what is no longer possible is left out.

        Args:
            script: what to do; answers in it are not looked at.
            after: called after every step.
        """
        kept = set(self.unsupported), dict(self._denied)
        self.unsupported.clear()
        try:
            self.reset()
            for step in script:
                self.again(step)
                after()
        finally:
            self.unsupported, self._denied = kept

    def again(self, step: Step) -> bool:
        """Do a step of a script, a later page where the client says now; False where that is not possible."""
        match step.do:
            case "call":
                args = self.pages.turned(self.system.operations[str(step.what)], step.args)
                self.send(attrs.evolve(step, args=args, reply=None))
            case "advance" if self.has_clock:
                self.advance(step.seconds)
            case "outcome":
                return self.steer(str(step.what), is_promise=step.is_promise)
            case "happen":
                return self.happen(str(step.what))
            case _:
                return False
        return True

    # ------------------------------------------------------------------------------------------- waiting

    def look(self, resource: str) -> None:
        """Read every status of a resource that may be moving, its own last: it tells most."""
        for name, args in reversed(self.status_reads(resource)):
            self.call(resource, name, args)

    def wait(self, resource: str, seconds: float) -> None:
        """Let some time pass and look.

        Raises:
            TroubleError: a working state has outlived patience, or what is read is not possible.
        """
        if self.has_clock:
            self.advance(seconds)
            self.look(resource)
            return
        self.clock_s += 1
        polls = max((self.clock_s - since for key, since in self._since.items() if key[0] == resource), default=0.0)
        if polls > FREE_POLLS:
            self.pause(min(0.01 * (polls - FREE_POLLS), 0.1))
        self.look(resource)
        if self.script:
            self._count(self.judge.follow(resource), self.script[-1], is_new=False)

    def settle(self, resource: str, seconds: float = 0.0) -> None:
        """Wait until nothing owes a move any more, or what only may owe one has stayed as it is for long.

        Args:
            resource: its name.
            seconds: how long to wait before looking for the first time, with a clock.

        Raises:
            TroubleError: as for `wait`.
        """
        track, same = self.judge.follow(resource), 0
        if seconds and self.has_clock and self.judge.may_move(track):
            self.advance(seconds)
        self.look(resource)
        seconds = max(seconds, 1.0)
        for _ in range(10 * self.patience):
            if not self.judge.may_move(track) or same >= ENOUGH:
                return
            before = track.origin
            self.wait(resource, seconds)
            same = same + 1 if track.origin == before and not self._is_owed(resource) else 0
            seconds = min(seconds * 2, 600.0)

    # ------------------------------------------------------------------------------------------- reading

    def status_reads(self, resource: str) -> list[tuple[str, dict[str, Any]]]:
        """Reads that show a status, of the resource and of each of its members that may exist."""
        return [
            (operation.name, args)
            for operation in self._reads()
            if any(field.known for field in operation.fields)
            for args in self.addressed(resource, operation)
        ]

    def every_read(self, resource: str) -> list[tuple[str, dict[str, Any]]]:
        """Every read of the resource and of each of its members that may exist, invocations and lists included."""
        return [(operation.name, args) for operation in self._reads() for args in self.addressed(resource, operation)]

    def _reads(self) -> list[Operation]:
        return [
            operation
            for name, operation in self.system.operations.items()
            if operation.action is Action.READ and name in self.link.abilities
        ]

    def addressed(self, resource: str, operation: Operation) -> list[dict[str, Any]]:
        """Arguments for the resource itself, its default spelled out as the script's length says, and its members."""
        track = self.judge.follow(resource)
        for parameter in operation.parameters:
            if parameter.subject in (Subject.QUALIFIER, Subject.VERSION, Subject.ALIAS):
                names = self.members(track, parameter.subject)
                is_odd = crc32(f"{operation.name} {len(self.script)}".encode()) % 2 == 1
                default = {parameter.name: parameter.default} if isinstance(parameter.default, str) and is_odd else {}
                plain = [] if parameter.required else [default]
                return [*plain, *({parameter.name: name} for name in names)]
        return [{}]

    def members(self, track: Followed, subject: Subject) -> list[str]:
        """Names of members that exist in some configuration believed in."""
        known = self._members.get((track.node, subject))
        if known is None:
            known = self._members[track.node, subject] = members(self.system, track.node.belief, subject)
        return list(known)


def make_session(system: System, link: Link, *, patience: int = POLLS) -> Session:
    """A client with its judge, from an absent start; who steers its environment promises to leave it alone."""
    environment = "recorded" if "environment" in link.abilities else "open"
    watching: Monitor = monitor(system, start="absent", environment=environment)
    watching.is_measuring = False
    watching.is_going_on = False
    watching.most = MOST
    return Session(link, Judge(watching, Covered()), patience=patience)


def record(step: Step, resource: str, side: str | None = None, brought: str | None = None) -> dict[str, Any]:
    """A call as the history of a resource holds it; with the content that it brings, though nobody sent it."""
    assert step.reply is not None
    sent = {**step.args, **({} if brought is None else {"content": brought})}
    args = {name: value for name, value in sent.items() if name not in step.wishes}
    role = {} if side is None else {"as": side}
    return {"resource": resource, "op": step.what, "args": args, **role, **step.reply.to_record()}


__all__ = ["Found", "Session", "Trouble", "TroubleError", "identity", "record"]
