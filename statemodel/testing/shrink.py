"""A shorter script that still shows the same thing. Calls nobody: whoever asks says what a script shows.

Delta debugging (Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002), by steps that belong
together first (Misherghi & Su, HDD: Hierarchical Delta Debugging, 2006), then by runs of steps; then single steps and
pairs of them, times, arguments and names.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import attrs

from statemodel.testing.script import Step

Script = tuple[Step, ...]
Shows = Callable[[Script], Script | None]
IsOptional = Callable[[Step, str], bool]
Guesses = Callable[[Script], Sequence[Script]]
Groups = Callable[[Script], Sequence[frozenset[int]]]

SECONDS: Final = (1.0, 10.0, 60.0, 600.0, 3_600.0)
PAIRS_UP_TO: Final = 14
SMALL: Final = 2
_OURS: Final = re.compile(r"(fn|code)-\d+|donor|donated")


def shortest(
    script: Script,
    shows: Shows,
    has_budget: Callable[[], bool],
    is_optional: IsOptional,
    guesses: Guesses = lambda _: (),
    groupings: Sequence[Groups] = (),
) -> Script:
    """The shortest script found that shows the same.

    Args:
        script: one that shows it by its last step.
        shows: does a script; what was really done if it shows the same, else None.
        has_budget: whether another script may be tried.
        is_optional: whether an argument of a step may be left out.
        guesses: gives scripts that may be enough instead of one, shortest first.
        groupings: each gives places of steps that belong together, so that they are left out together if at all.
    """
    return _Search(script, shows, has_budget, is_optional).run(guesses, groupings)


class _Search:
    """The best script so far, and what was tried."""

    def __init__(self, script: Script, shows: Shows, has_budget: Callable[[], bool], is_optional: IsOptional) -> None:
        self.best = script
        self.shows = shows
        self.has_budget = has_budget
        self.is_optional = is_optional
        self.tried: set[str] = {_key(script)}

    def run(self, guesses: Guesses, groupings: Sequence[Groups]) -> Script:
        any(self._try(guess) for guess in guesses(self.best))
        for groups in groupings:
            self._grouped(groups)
        self._chunks()
        while self.has_budget():
            before = self.best
            any(self._try(guess) for guess in guesses(self.best))
            for smaller in (
                self._joined,
                self._counted,
                self._singles,
                self._pairs,
                self._times,
                self._arguments,
                self._numbers,
            ):
                smaller()
            if self.best == before:
                break
        self._tried(_plain(self.best))
        return self.best

    def _try(self, candidate: Script) -> bool:
        """Take a candidate if it shows the same and is better, if there is budget to try it."""
        return self.has_budget() and self._tried(candidate)

    def _tried(self, candidate: Script) -> bool:
        key = _key(candidate)
        if key in self.tried or not candidate:
            return False
        self.tried.add(key)
        done = self.shows(candidate)
        if done is None or _cost(done) >= _cost(self.best):
            return False
        self.best = done
        self.tried.add(_key(done))
        return True

    def _joined(self) -> None:
        """Wait once instead of several times in a row."""
        steps: list[Step] = []
        for step in self.best:
            if steps and step.do == steps[-1].do == "advance":
                steps[-1] = attrs.evolve(step, seconds=steps[-1].seconds + step.seconds)
            else:
                steps.append(step)
        self._try(tuple(steps))

    def _grouped(self, groups: Groups) -> None:
        """Leave out ever fewer of the groups of steps at once, the last step excepted."""
        found = groups(self.best)
        size = len(found)
        while size and self.has_budget():
            place = 0
            while place < len(found) and self.has_budget():
                out = frozenset().union(*found[place : place + size]) - {len(self.best) - 1}
                if out and self._try(tuple(step for number, step in enumerate(self.best) if number not in out)):
                    found = groups(self.best)
                else:
                    place += size
            size = min(size, len(found)) // 2

    def _chunks(self) -> None:
        """Leave out ever smaller runs of steps, the last step excepted."""
        size = max((len(self.best) - 1) // 2, 1)
        while size > 1 and self.has_budget():
            place = 0
            while place < len(self.best) - 1 and self.has_budget():
                end = min(place + size, len(self.best) - 1)
                if not self._try((*self.best[:place], *self.best[end:])):
                    place += size
            size //= 2

    def _counted(self) -> None:
        """Leave out what brings a number, such as a version, with all since the one before; later ones count less."""
        place = 0
        while place < len(self.best) - 1 and self.has_budget():
            brought = _brought(self.best)
            begins = max((one for one in brought if one < place), default=-1) + 1
            if place not in brought or not any(
                self._try(_without(self.best, begin, place, brought[place])) for begin in (begins, place)
            ):
                place += 1

    def _singles(self) -> None:
        """Leave out single steps, the last ones first."""
        place = len(self.best) - 2
        while place >= 0 and self.has_budget():
            self._try((*self.best[:place], *self.best[place + 1 :]))
            place = min(place, len(self.best) - 1) - 1

    def _pairs(self) -> None:
        """Leave out two steps at once, such as a call and the one that undoes it."""
        found = len(self.best) <= PAIRS_UP_TO
        while found and self.has_budget():
            best = self.best
            found = any(
                self._try(tuple(step for number, step in enumerate(best) if number not in two))
                for two in combinations(range(len(best) - 1), 2)
            )

    def _times(self) -> None:
        """Wait no longer than needed."""
        for place, step in enumerate(self.best):
            if step.do == "advance" and place < len(self.best) and self.best[place] == step:
                for seconds in SECONDS:
                    if seconds < step.seconds and self._try(_with(self.best, place, seconds=seconds)):
                        break

    def _arguments(self) -> None:
        """Leave out arguments."""
        for place, step in enumerate(self.best):
            for name in step.args:
                if place < len(self.best) and name in self.best[place].args and self.is_optional(step, name):
                    rest = {one: value for one, value in self.best[place].args.items() if one != name}
                    self._try(_with(self.best, place, args=rest))

    def _numbers(self) -> None:
        """Smaller numbers: wherever an operation takes the same, entries on a page for one; a version in one place."""
        found = {(step.what, name, value) for step in self.best for name, value in step.args.items() if _is_much(value)}
        for what, name, value in sorted(found, key=repr):
            any(
                self._try(tuple(_replaced(step, what, name, value, less) for step in self.best))
                for less in range(1, SMALL + 1)
            )
        for place in range(len(self.best)):
            for name, value in self.best[place].args.items() if place < len(self.best) else ():
                least = min(int(value) if _is_number(value) else 0, SMALL + 1)
                any(
                    self._try(_with(self.best, place, args={**self.best[place].args, name: str(less)}))
                    for less in range(1, least)
                )


def _brought(script: Script) -> dict[int, int]:
    """Places of calls whose answers show a number that no step before them spoke of, with that number."""
    found: dict[int, int] = {}
    spoken: set[str] = set()
    for place, step in enumerate(script):
        spoken.update(_numbers(step.args))
        shown = [] if step.reply is None or step.do != "call" else list(_numbers(step.reply.result or {}))
        if len(shown) == 1 and shown[0] not in spoken:
            found[place] = int(shown[0])
        spoken.update(shown)
    return found


def _numbers(given: Mapping[str, Any]) -> list[str]:
    return [value for value in given.values() if _is_number(value)]


def _is_number(value: Any) -> bool:
    """Whether a text is a number, as that of a version is."""
    return isinstance(value, str) and value.isdecimal()


def _without(script: Script, begin: int, end: int, number: int) -> Script:
    """A script without some steps, the last of which brought a number; greater ones are one less after that."""

    def lowered(value: Any) -> Any:
        is_greater = _is_number(value) and int(value) > number
        return str(int(value) - 1) if is_greater else value

    later = (
        attrs.evolve(step, reply=None, args={name: lowered(value) for name, value in step.args.items()})
        for step in script[end + 1 :]
    )
    return (*script[:begin], *later)


def _is_much(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > SMALL


def _replaced(step: Step, what: str | None, name: str, value: int, less: int) -> Step:
    if step.what != what or step.args.get(name) != value:
        return step
    return attrs.evolve(step, reply=None, args={**step.args, name: less})


def _with(script: Script, place: int, **changes: Any) -> Script:
    return (*script[:place], attrs.evolve(script[place], reply=None, **changes), *script[place + 1 :])


def _key(script: Script) -> str:
    return json.dumps([step.to_request() for step in script], sort_keys=True)


def _cost(script: Script) -> tuple[int, int, float, int, int, int]:
    """What makes a script hard to read: steps, calls, waiting, arguments, great numbers, small numbers."""
    return (
        len(script),
        sum(step.do == "call" for step in script),
        sum(step.seconds for step in script),
        sum(len(step.args) for step in script),
        sum(value for step in script for value in step.args.values() if _is_much(value)),
        sum(int(number) for step in script for number in re.findall(r"\d+", " ".join(_counts(step.args)))),
    )


def _counts(args: Mapping[str, Any]) -> list[str]:
    return [*_names(args), *_numbers(args)]


def _names(args: Mapping[str, Any]) -> Iterator[str]:
    return (value for value in args.values() if isinstance(value, str) and _OURS.fullmatch(value))


def _plain(script: Script) -> Script:
    """The same with names of ours numbered from 1, in the order in which they come."""
    wanted: dict[str, str] = {}
    for step in script:
        for name in _names(step.args):
            stem = "code" if name.startswith(("code", "donated")) else "fn"
            taken = sum(one.startswith(stem) for one in wanted.values())
            wanted.setdefault(name, f"{stem}-{taken + 1}")
    return tuple(
        attrs.evolve(step, reply=None, args={name: wanted.get(value, value) if isinstance(value, str) else value
                                             for name, value in step.args.items()})
        for step in script
    )  # fmt: skip
