"""Which steps of a script may be enough to show what its last step shows, by what the model makes of each of them.

Slices of a run, as of a program (Weiser, Program Slicing, 1984): a step that left everything believed as it was can
hardly matter, nor can steps that led back to where they began. What is proposed is tried; nothing here is sure.
Calls nobody.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import attrs

from statemodel.configuration import Configuration, Member
from statemodel.model.graph import Kind
from statemodel.model.operation import Action
from statemodel.semantics import System
from statemodel.testing.script import Step

Script = tuple[Step, ...]
RETURNS: Final = 3


@attrs.frozen
class Run:
    """A script that was done, and what was believed of one resource after each of its steps.

    Attributes:
        steps: what was done, with answers.
        places: for each step, the configuration that each resource most likely was in as the step left it.
        owners: for each step, the resources that it speaks of, the source of a copy first; none for a steer.
        start: the configuration of a resource before anybody spoke of it.
    """

    steps: Script
    places: tuple[Mapping[str, Configuration], ...]
    owners: tuple[tuple[str, ...], ...]
    start: Configuration

    def is_telling(self, place: int) -> bool:
        """Whether any resource most likely was elsewhere after a step than before."""
        before = self.places[place - 1] if place else {}
        return any(before.get(name, self.start) != here for name, here in self.places[place].items())

    def here(self, place: int, names: Iterable[str]) -> tuple[Configuration, ...]:
        """Where some resources were after a step."""
        return tuple(self.places[place].get(name, self.start) for name in names)


def guesses(system: System, run: Run, resource: str) -> list[Script]:
    """Scripts that may be enough, shortest first; pages that a script ends with are kept together.

    Args:
        system: the model.
        run: what was done.
        resource: whom the last step is about.
    """
    last = _begun(system, run.steps)
    kin = _kin(run, resource)
    own = {place for place in range(last) if not run.owners[place] or kin.keys() & run.owners[place]}
    born = _born(system, run, own, resource)
    alive = {place for place in own if place >= born}
    changing = [place for place in range(last) if is_change(system, run.steps[place])]
    telling = [place for place in range(last) if run.is_telling(place) or is_change(system, run.steps[place])]
    kept = [
        *(_direct(run, kin, [place for place in telling if place in among]) for among in (alive, own)),
        *([place for place in some if place in among] for some in (changing, telling, _fresh(run))
          for among in (alive, own)),
        changing,
        telling,
        sorted(alive),
        sorted(own),
    ]  # fmt: skip
    found = [(*(run.steps[place] for place in places), *run.steps[last:]) for places in kept]
    return sorted((one for one in found if len(one) < len(run.steps)), key=len)


def _begun(system: System, script: Script) -> int:
    """The place of the first of the pages that a script ends with; that of its last step where that is no later one."""
    place = len(script) - 1
    while place > 0 and script[place - 1].what == script[place].what and _is_later(system, script[place]):
        place -= 1
    return place


def _is_later(system: System, step: Step) -> bool:
    """Whether a step turns to a page after the first."""
    listing = system.operations[str(step.what)].listing if step.do == "call" else None
    if listing is None:
        return False
    return any(step.args.get(name) not in (None, "", 0) for name in (listing.offset, listing.marker) if name)


def is_change(system: System, step: Step) -> bool:
    """Whether a step is meant to change something, and was not refused."""
    if step.do != "call":
        return True
    is_call = system.operations[str(step.what)].action is Action.CALL
    return is_call and (step.reply is None or step.reply.error is None)


def _fresh(run: Run) -> list[int]:
    """Steps that nobody took before since something last changed, and steers."""
    done: set[str] = set()
    found = []
    for place, step in enumerate(run.steps[:-1]):
        if run.is_telling(place):
            done.clear()
        called = str(attrs.evolve(step, reply=None))
        if step.do != "call" or called not in done:
            found.append(place)
        done.add(called)
    return found


def _kin(run: Run, resource: str) -> dict[str, None]:
    """A resource and those that it was made from, in turn."""
    found = {resource: None}
    for step, owners in zip(reversed(run.steps), reversed(run.owners), strict=True):
        if len(owners) > 1 and owners[-1] in found and step.reply is not None and step.reply.error is None:
            found[owners[0]] = None
    return found


def _born(system: System, run: Run, own: Iterable[int], resource: str) -> int:
    """The first place after which the resource was never absent."""
    absent = [place for place in own if _is_absent(system, *run.here(place, (resource,)))]
    return max(absent, default=-1) + 1


def _is_absent(system: System, configuration: Configuration) -> bool:
    first = configuration[0]
    return isinstance(first, Member) and system.kinds[0].get(first.state) is Kind.ABSENT


def _direct(run: Run, names: Iterable[str], places: Sequence[int]) -> list[int]:
    """Places without the ways that lead back to where they began; what is steered goes with the step after it."""
    blocks: list[list[int]] = [[]]
    for place in places:
        blocks[-1].append(place)
        if run.steps[place].do == "call" or run.is_telling(place):
            blocks.append([])
    *done, rest = blocks
    after = [run.here(block[-1], names) for block in done]
    kept: list[int] = []
    number, here = 0, tuple(run.start for _ in names)
    while number < len(done):
        number = max((each + 1 for each in range(number, len(done)) if after[each] == here), default=number)
        if number < len(done):
            kept.extend(done[number])
            here = after[number]
            number += 1
    return [*kept, *rest]


def by_operation(system: System, script: Script) -> list[frozenset[int]]:
    """Steps that changed nothing and did the same, with arguments of the same names."""
    found: dict[Hashable, list[int]] = {}
    for place, step in enumerate(script):
        if not is_change(system, step):
            found.setdefault((step.what, *sorted(step.args)), []).append(place)
    return [frozenset(places) for places in found.values()]


def by_resource(run: Run, resource: str) -> list[frozenset[int]]:
    """Steps that speak of the same other resources, and not of this one."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, owners in enumerate(run.owners):
        if owners and resource not in owners:
            found.setdefault(owners, []).append(place)
    return [frozenset(places) for places in found.values()]


def by_return(run: Run, resource: str) -> Iterator[list[frozenset[int]]]:
    """Ways that lead back to where they began, one list for each of the places most often returned to."""
    found: dict[Hashable, list[int]] = {}
    for place, step in enumerate(run.steps):
        if step.do == "call":
            found.setdefault(run.here(place, (resource,)), []).append(place)
    for places in sorted(found.values(), key=len, reverse=True)[:RETURNS]:
        yield [frozenset(range(one + 1, other + 1)) for one, other in pairwise(places)]
