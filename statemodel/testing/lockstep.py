"""Exhaustive lockstep: model and client side by side, breadth first over every pair of states they can be in together.

The first finding is reached by the fewest deeds there are, and silence is a proof within the bound: no script of these
calls, waits and outcomes, however long, is answered as no conforming service would. A deed is one call, one wait with
a look at every status, for one of the outcomes under way if the client can be asked for it, or one move of the
environment. States of the client are told apart by its `fingerprint()`; without one, by what may be believed of it,
which is no proof, and the result says so.
"""

import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

import attrs

from statemodel.model.graph import Initiator
from statemodel.model.service import Model
from statemodel.oracle.monitor import Monitor, Node, monitor, names_of
from statemodel.semantics import System, prepare
from statemodel.testing.adapter import Factory, open_link
from statemodel.testing.deeds import PROBE_S, Alphabet, Deed
from statemodel.testing.forking import Forked, Maker, Replayed, UnsteadyError
from statemodel.testing.judge import working
from statemodel.testing.script import Step
from statemodel.testing.searched import Lockstep
from statemodel.testing.session import Trouble, record
from statemodel.unfold import Scope, is_within

CHECKS: Final = 200_000
DEPTH: Final = 64
WAITS: Final = (5.0, 600.0)
RESOURCES: Final = ("fn-1", "fn-2")

Contents = tuple[tuple[str, int], ...]
Belief = tuple[Node, Contents]
Beliefs = tuple[Belief, ...]


@attrs.frozen(eq=False)
class Place:
    """One pair of a belief and a state of the client, and how it was come to."""

    beliefs: Beliefs
    state: Hashable
    depth: int
    before: "Place | None"
    steps: tuple[Step, ...]

    def script(self) -> tuple[Step, ...]:
        """Everything done since the reset."""
        parts: list[tuple[Step, ...]] = []
        here: Place | None = self
        while here is not None:
            parts.append(here.steps)
            here = here.before
        return tuple(step for steps in reversed(parts) for step in steps)


@attrs.frozen
class Ruled:
    """What a deed comes to: the beliefs after it, or trouble, and how many answers were judged."""

    beliefs: Beliefs
    checks: int
    trouble: Trouble | None = None
    steps: tuple[Step, ...] = ()
    is_vague: bool = False


class Search:
    """A search that can be done again for other clients; what was worked out of the model is kept.

    Args:
        model: a graph or a service, or one made ready.
        abilities: what the clients can do.
        versions: greatest number of a numbered family.
        contents: how many contents calls bring.
        resources: how many resources are spoken of, one or two.
        waits_s: seconds that a wait may last.
        is_bold: whether calls are also made with arguments that break a limit.
    """

    def __init__(
        self,
        model: Model | System,
        abilities: frozenset[str],
        *,
        versions: int = 1,
        contents: int = 2,
        resources: int = 1,
        waits_s: tuple[float, ...] = WAITS,
        is_bold: bool = False,
    ) -> None:
        self.system = model if isinstance(model, System) else prepare(model)
        self.scope = Scope(versions, tuple(range(contents)))
        self.names = RESOURCES[:resources]
        environment = "recorded" if "environment" in abilities else "open"
        self.monitor: Monitor = monitor(self.system, start="absent", environment=environment)
        self.alphabet = Alphabet(self.system, abilities, self.scope, self.names, waits_s, is_bold=is_bold)
        self.spoken = {name: names_of(name, {}) for name in self.names}
        self._ruled: dict[Any, Ruled] = {}
        self._moves: dict[Node, tuple[frozenset[str], frozenset[str]]] = {}
        self._deeds: dict[tuple[Node, ...], tuple[Deed, ...]] = {}

    def run(
        self,
        client: Forked | Replayed,
        *,
        depth: int,
        budget: int,
        calls: int | None = None,
        passes: Callable[[Trouble, tuple[Step, ...]], bool] = lambda _trouble, _script: False,
        tell: Callable[[int, int], object] = lambda _depth, _checks: None,
    ) -> Lockstep:
        """Search a client breadth first.

        Args:
            client: how to come back to its states.
            depth: greatest number of deeds of a script.
            budget: greatest number of answers to judge.
            calls: greatest number of calls to make; None for any.
            passes: whether to put up with trouble and go on elsewhere; it is given the script that leads there.
            tell: called before each state with (deeds that lead to it, answers judged).
        """
        began = time.perf_counter()
        stop = None if calls is None else client.link.calls + calls
        first = Place(tuple((self.monitor.start, ()) for _ in self.names), client.begin(), 0, None, ())
        seen = {(first.beliefs, first.state)}
        queue = deque([first])
        checks = deepest = reached = 0
        is_steady, is_cut, is_whole = True, False, True
        trouble: Trouble | None = None
        script: tuple[Step, ...] = ()
        while queue and trouble is None:
            here = queue.popleft()
            is_cut = checks >= budget or (stop is not None and client.link.calls >= stop)
            if here.depth >= depth or is_cut:
                is_whole, is_cut, reached = False, here.depth < depth, here.depth
                break
            reached, deepest = here.depth, here.depth + 1
            tell(here.depth, checks)
            for deed in self._deeds_at(here.beliefs):
                try:
                    done = client.do(here, deed)
                except UnsteadyError:
                    is_steady = False
                    continue
                if done is None:
                    continue
                ruled = self._rule(here.beliefs, deed, done.steps, done.told)
                checks += ruled.checks
                is_steady = is_steady and not ruled.is_vague
                if ruled.trouble is not None:
                    if passes(ruled.trouble, (*here.script(), *ruled.steps)):
                        continue
                    trouble, script = ruled.trouble, (*here.script(), *ruled.steps)
                    break
                key = (ruled.beliefs, done.state)
                if key not in seen and not deed.is_probe and self._is_near(ruled.beliefs):
                    seen.add(key)
                    queue.append(Place(ruled.beliefs, done.state, here.depth + 1, here, done.steps))
        return Lockstep(
            self.system.service.name,
            trouble,
            script,
            len(seen),
            checks,
            deepest,
            self.scope.versions,
            len(self.names),
            is_whole and is_steady and trouble is None,
            client.told_by,
            self.alphabet.left_out,
            time.perf_counter() - began,
            reached,
            is_cut,
            is_steady,
        )

    def _is_near(self, beliefs: Beliefs) -> bool:
        """Whether the bound may still be kept."""
        return all(any(is_within(one, self.scope) for one in node.belief) for node, _ in beliefs)

    # ------------------------------------------------------------------------------------------- what to do

    def _deeds_at(self, beliefs: Beliefs) -> tuple[Deed, ...]:
        nodes = tuple(node for node, _ in beliefs)
        found = self._deeds.get(nodes)
        if found is None:
            owed = frozenset().union(*(self._events(node)[0] for node in nodes))
            chances = [self._events(node)[1] for node in nodes]
            working_on = any(any(True for _ in working(self.monitor, one)) for node in nodes for one in node.belief)
            found = self._deeds[nodes] = self.alphabet.deeds(owed, self._sure(chances), is_working=working_on)
        return found

    def _events(self, node: Node) -> tuple[frozenset[str], frozenset[str]]:
        """Outcomes that may be under way, and moves of the environment that are possible whatever is true."""
        found = self._moves.get(node)
        if found is None:
            owed: set[str] = set()
            sure: set[str] | None = None
            for one in node.belief:
                moves = [move.event for _, move in self.monitor.reasoner.all_moves(one)]
                owed.update(event.name for event in moves if event.initiator is Initiator.SERVICE)
                here = {event.name for event in moves if event.initiator is Initiator.ENVIRONMENT}
                sure = here if sure is None else sure & here
            found = self._moves[node] = frozenset(owed), frozenset(sure or ())
        return found

    def _sure(self, chances: list[frozenset[str]]) -> frozenset[str]:
        """Moves of the environment of which it is sure whom they befall: the account, or the only resource."""
        every = frozenset().union(*chances)
        return frozenset(
            name
            for name in every
            if all(name in one for one in chances) and (len(chances) == 1 or self._is_of_account(name))
        )

    def _is_of_account(self, event: str) -> bool:
        return any(self.system.graph(place).is_shared for place in self.system.leaders.get(event, ()))

    # ------------------------------------------------------------------------------------------- what it comes to

    def _rule(self, beliefs: Beliefs, deed: Deed, steps: tuple[Step, ...], told: str) -> Ruled:
        key = (beliefs, deed.number, told)
        found = self._ruled.get(key)
        if found is None:
            found = self._ruled[key] = self._judge(beliefs, deed, steps)
        return found

    def _judge(self, beliefs: Beliefs, deed: Deed, steps: tuple[Step, ...]) -> Ruled:
        now = dict(zip(self.names, beliefs, strict=True))
        checks = 0
        is_vague = False
        stuck: dict[int, set[Any]] = {}
        half = len(steps) // 2
        for place, step in enumerate(steps):
            if step.do == "happen":
                now = {name: self._happened(one, str(step.what)) for name, one in now.items()}
            if step.reply is None:
                continue
            checks += 1
            before = now.get(deed.resource)
            for sides in deed.sides(step):
                code, reason, vague = self._answer(now, step, sides)
                is_vague = is_vague or vague
                if code is not None:
                    trouble = Trouble(code, sides[0][0], step, reason)
                    return Ruled(beliefs, checks, trouble, steps[: place + 1])
            if deed.is_probe and before is not None and now[deed.resource] is not before:
                owed = self._unfinished(before, deed.resource, step)
                if place < half:
                    stuck[place] = owed
                elif left := stuck.get(place - half - 1, set()) & owed:
                    (where, member), state = min(left, key=repr)
                    who = self.system.parts[where] + ("" if member is None else f" {member}")
                    reason = f"{who} stayed {state} for {PROBE_S:g} seconds"
                    return Ruled(beliefs, checks, Trouble("SM302", deed.resource, step, reason), steps[: place + 1])
        return Ruled(tuple(now[name] for name in self.names), checks, is_vague=is_vague)

    def _answer(
        self, now: dict[str, Belief], step: Step, sides: tuple[tuple[str, str | None], ...]
    ) -> tuple[str | None, str | None, bool]:
        """Take an answer; where it speaks of two resources, a refusal is that of either."""
        found = [(name, *self._after(now[name], name, record(step, name, side))) for name, side in sides]
        assert step.reply is not None
        fine = [one for one in found if one[1] is None]
        if len(fine) < len(found) and (step.reply.error is None or not fine):
            bad = next(one for one in found if one[1] is not None)
            return bad[1], bad[2], False
        for name, _, _, after, _ in fine:
            if step.reply.error is None or len(fine) == 1 or after[0] is now[name][0]:
                now[name] = after
        return None, None, any(one[4] for one in fine)

    def _after(self, belief: Belief, name: str, made: Mapping[str, Any]) -> tuple[str | None, str | None, Belief, bool]:
        node, contents = belief
        known = dict(contents)
        for side in ("args", "result"):
            content = (made.get(side) or {}).get("content")
            if isinstance(content, str) and content not in known:
                taken = set(known.values())
                known[content] = next(number for number in range(len(taken) + 1) if number not in taken)
        seen = self.monitor.read(made, known, self.spoken[name])
        step = node.next.get(seen)
        if step is None:
            step = node.next[seen] = self.monitor.call(node, seen)
        is_vague = step.code == "SM104"
        if step.code is not None and step.code != "SM103" and not is_vague:
            return step.code, step.reason, belief, False
        assert step.node is not None
        held = tuple(sorted((content, one) for content, one in known.items() if one in step.node.held))
        return None, None, (step.node, held), is_vague

    def _happened(self, belief: Belief, event: str) -> Belief:
        left = self.monitor.reasoner.after_event(belief[0].belief, event)
        node = self.monitor.node(left)
        return node, tuple(one for one in belief[1] if one[1] in node.held)

    def _unfinished(self, belief: Belief, name: str, step: Step) -> set[Any]:
        """Members at work whatever is true, as this answer left them."""
        node, contents = belief
        seen = self.monitor.read(record(step, name), dict(contents), self.spoken[name])
        every = [set(working(self.monitor, one)) for one in self.monitor.reasoner.after(node.belief, seen)]
        return set.intersection(*every) if every else set()


def lockstep(
    model: Model | System,
    factory: Factory,
    *,
    depth: int = DEPTH,
    versions: int = 1,
    budget: int = CHECKS,
    contents: int = 2,
    resources: int = 1,
    waits_s: tuple[float, ...] = WAITS,
    timeout_s: float | None = 30.0,
) -> Lockstep:
    """Search a client for the shortest script that no conforming one answers so.

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once. One with `fingerprint()` and `copy()`, neither of them
            async, is copied in every state; any other is reset and led there again.
        depth: greatest number of deeds of a script.
        versions: greatest number of a version.
        budget: greatest number of answers to judge.
        contents: how many contents calls bring, one or two.
        resources: how many resources are spoken of, one or two.
        waits_s: seconds that a wait may last; where a client moves more than once in the shortest of them, some of its
            states are passed over.
        timeout_s: how long anything awaited may take.

    Raises:
        AdapterError: the adapter itself fails.
    """
    system = model if isinstance(model, System) else prepare(model)
    maker = Maker(factory)
    with open_link(maker, tuple(system.operations), timeout_s=timeout_s) as link:
        search = Search(
            system, link.abilities, versions=versions, contents=contents, resources=resources, waits_s=waits_s
        )
        client = Forked(link, maker.held) if maker.held is not None else Replayed(link)
        return search.run(client, depth=depth, budget=budget)


__all__ = ["CHECKS", "DEPTH", "Lockstep", "Search", "lockstep"]
