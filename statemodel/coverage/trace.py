"""What records cover: the rows that the shortest explanation of them took, hidden moves included.

The shortest explanations are kept for every configuration that may be the true one, as in the Viterbi algorithm
(Forney, The Viterbi Algorithm, 1973); what they cover counts once only one configuration is left.
"""

from collections.abc import Iterable

import attrs

from statemodel.configuration import Configuration
from statemodel.coverage.goals import Taken, taken
from statemodel.oracle.belief import Configurations, Reasoner
from statemodel.oracle.seen import Seen
from statemodel.semantics import Refused, Step, UndecidedError

Trail = tuple[Taken, ...]


@attrs.frozen
class Way:
    """The shortest way from one configuration to another that one record leaves possible."""

    start: Configuration
    after: Configuration
    trail: Trail


class Tracer:
    """Finds out what records cover; each question is worked out once.

    Attributes:
        reasoner: the steps of beliefs.
    """

    def __init__(self, reasoner: Reasoner) -> None:
        self.reasoner = reasoner
        self._moves: dict[Configuration, tuple[tuple[Configuration, Trail], ...]] = {}
        self._trails: dict[Configuration, dict[Configuration, Trail]] = {}
        self._called: dict[Seen, dict[Configuration, tuple[tuple[Configuration, Trail], ...]]] = {}
        self._from: dict[Seen, dict[Configuration, tuple[Way, ...]]] = {}
        self._found: dict[tuple[Configurations, Seen | str], tuple[Way, ...]] = {}

    def call(self, origin: Configurations, seen: Seen) -> tuple[Way, ...]:
        """The ways that a call with its answer leaves, after hidden moves from `origin`."""
        found = self._found.get((origin, seen))
        if found is None:
            found = tuple(way for start in _sorted(origin) for way in self._ways(start, seen))
            self._found[origin, seen] = found
        return found

    def _ways(self, start: Configuration, seen: Seen) -> tuple[Way, ...]:
        """The shortest ways from one configuration."""
        known = self._from.setdefault(seen, {})
        found = known.get(start)
        if found is None:
            called = self._called.setdefault(seen, {})
            found = known[start] = _shortest(
                Way(start, after, trail + covers)
                for before, trail in self.trails(start).items()
                for after, covers in called.get(before) or self._calls(before, seen)
            )
        return found

    def stayed(self, origin: Configurations) -> tuple[Way, ...]:
        """The ways that a record leaves which says nothing of the state."""
        trails = ((start, self.trails(start)) for start in _sorted(origin))
        return tuple(Way(start, after, trail) for start, found in trails for after, trail in found.items())

    def event(self, origin: Configurations, name: str) -> tuple[Way, ...]:
        """The ways that a hidden move leaves that was asked for, after others from `origin`; it may be impossible."""
        found = self._found.get((origin, name))
        if found is None:
            found = _shortest(
                Way(start, after, trail + covers)
                for start in _sorted(origin)
                for before, trail in self.trails(start).items()
                for after, covers in self._asked(before, name)
            )
            self._found[origin, name] = found
        return found

    def _asked(self, before: Configuration, name: str) -> list[tuple[Configuration, Trail]]:
        moves = self.reasoner.all_moves(before)
        return [
            (self.reasoner.kept(move.after), taken(self.reasoner.system, split, move))
            for split, move in moves
            if move.event.name == name
        ] or [(before, ())]

    def trails(self, start: Configuration) -> dict[Configuration, Trail]:
        """The shortest hidden way from a configuration to each that it may have come to."""
        found = self._trails.get(start)
        if found is None:
            found = {start: ()}
            frontier = [start]
            for here in frontier:
                for after, covers in self._moved(here):
                    if after not in found:
                        found[after] = found[here] + covers
                        frontier.append(after)
            self._trails[start] = found
        return found

    def _moved(self, before: Configuration) -> tuple[tuple[Configuration, Trail], ...]:
        found = self._moves.get(before)
        if found is None:
            found = self._moves[before] = tuple(
                (self.reasoner.kept(move.after), taken(self.reasoner.system, split, move))
                for split, move in self.reasoner.moves(before)
            )
            self.reasoner.note_moves(before, (after for after, _ in found))
        return found

    def _calls(self, before: Configuration, seen: Seen) -> tuple[tuple[Configuration, Trail], ...]:
        """Each way a call may have gone; several refusals of one configuration are one way."""
        found = self._called[seen].get(before)
        if found is None:
            ways: list[tuple[Configuration, Trail]] = []
            refused: dict[Configuration, dict[Taken, None]] = {}
            for split, after, step in self.reasoner.conforming(before, seen):
                covers = self._covers(split, step) if step.places else ()
                if isinstance(step.answer, Refused):
                    refused.setdefault(self.reasoner.kept(after), {}).update(dict.fromkeys(covers))
                else:
                    ways.append((self.reasoner.kept(after), covers))
            found = (*ways, *((after, tuple(covers)) for after, covers in refused.items()))
            self._called[seen][before] = found
            self.reasoner.note(before, seen, (after for after, _ in found))
        return found

    def _covers(self, split: Configuration, step: Step) -> Trail:
        """What a step covers; nothing where that depends on members nobody has seen."""
        try:
            return taken(self.reasoner.system, split, step)
        except UndecidedError:
            return ()


def _sorted(origin: Configurations) -> list[Configuration]:
    """An order that does not depend on hashes."""
    return sorted(origin, key=repr) if len(origin) > 1 else list(origin)


def _shortest(ways: Iterable[Way]) -> tuple[Way, ...]:
    """The shortest way between each two configurations, the first of equals."""
    best: dict[tuple[Configuration, Configuration], Way] = {}
    for way in ways:
        known = best.get((way.start, way.after))
        if known is None or len(way.trail) < len(known.trail):
            best[way.start, way.after] = way
    return tuple(best.values())


@attrs.frozen
class Explained:
    """The shortest explanations of what was recorded since it was last sure: by configuration, what they took."""

    ways: tuple[tuple[Configuration, Trail], ...]

    def after(self, ways: tuple[Way, ...]) -> "Explained":
        """The explanations after one more record."""
        if len(self.ways) == 1:
            [(only, trail)] = self.ways
            return Explained(tuple((way.after, trail + way.trail) for way in ways if way.start == only))
        before = dict(self.ways)
        best: dict[Configuration, Trail] = {}
        for way in ways:
            if way.start in before:
                trail = before[way.start] + way.trail
                known = best.get(way.after)
                if known is None or len(trail) < len(known):
                    best[way.after] = trail
        return Explained(tuple(best.items()))

    def sure(self) -> tuple[Trail, "Explained"]:
        """What certainly happened, if only one configuration is left, and what is still to be told."""
        if len(self.ways) != 1:
            return (), self
        [(only, trail)] = self.ways
        return trail, Explained(((only, ()),))

    def likely(self) -> Trail:
        """The shortest of all explanations."""
        return dict(self.ways)[self.simplest()]

    def simplest(self) -> Configuration:
        """The configuration that the shortest of all explanations leads to."""
        if len(self.ways) == 1:
            return self.ways[0][0]
        return min(self.ways, key=lambda way: len(way[1]))[0]


def unexplained(origin: Configurations) -> Explained:
    """No explanation yet of any of these configurations."""
    return Explained(tuple((one, ()) for one in _sorted(origin)))
