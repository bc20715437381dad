"""One finding for people, and the steps of a script. Reads findings; must not know where they are shown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any, Final

import attrs

from statemodel.testing.report import Finding
from statemodel.testing.reports.again import in_shell
from statemodel.testing.reports.sentence import sentence, shown
from statemodel.testing.reports.sides import expected
from statemodel.testing.script import Step, answer, to_lines

WIDTH: Final = 100
LEFT: Final = 8
CALLED: Final = 64
SOURCES: Final = 3
LONG: Final = 40
BELIEVED: Final = 6
CAUSES: Final = "perhaps reset leaves something behind, or the client depends on chance or real time."
UNSEEN: Final = f"It did not come again when the same was done again from a reset: {CAUSES}"
UNSTEADY: Final = f"It came now and then when the same was done again from a reset, and not each time: {CAUSES}"


@attrs.frozen
class Paint:
    """How words are marked: by colour, or not at all."""

    is_on: bool

    def __call__(self, text: str, colour: str) -> str:
        """The text, marked."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.is_on else text


PLAIN: Final = Paint(is_on=False)


def told(found: Finding) -> str:
    """A finding as a text of its own."""
    return "\n".join(finding_lines(found)) + "\n"


def finding_lines(found: Finding, number: str = "", again: str | None = None, paint: Paint = PLAIN) -> list[str]:
    """A finding line by line.

    Args:
        found: what to tell.
        number: what its first line begins with.
        again: the command line that reaches the same client; None leaves it out, and then the script is given whole.
        paint: marks words.
    """
    lines = wrapped(sentence(found), number, " " * len(number))
    lines[0] = number + paint(lines[0].removeprefix(number), "1")
    met = f", met {found.times} times" if found.times > 1 else ""
    lines.append(f"   {found.name}{met}; `statemodel explain {found.code}` says more")
    lines.extend(_against(found))
    if not (found.is_reproduced and found.is_steady):
        lines.extend(["", *wrapped(UNSTEADY if found.is_reproduced else UNSEEN, "   ")])
    lines.extend(["", "   What was done, from a reset on:"])
    lines.extend(script_lines(found.script, len(found.script), paint, found.changing))
    lines.extend(["", *_sides(found)])
    lines.extend(_belief(found))
    if found.rows:
        lines.extend(["", "   What the model says, and where that comes from:"])
        given: set[str] = set()
        for said in found.rows:
            lines.extend(wrapped(_named(said.row), "     ", "       "))
            for one in said.sources[:SOURCES]:
                once = f"{one.partition(': ')[0]}, as above" if one in given else one
                lines.extend(wrapped(once, "       - ", "         "))
            given.update(said.sources[:SOURCES])
            if len(said.sources) > SOURCES:
                lines.append(f"       - and {many(len(said.sources) - SOURCES, 'more source')}")
    return [*lines, "", *_again(found, again)]


def _named(row: str) -> str:
    """A row without codes that are bare numbers, where others have names.

    >>> _named("Frozen: Invoke refused with ServiceSuspended | 402")
    'Frozen: Invoke refused with ServiceSuspended'
    """
    before, refused, codes = row.partition(" refused with ")
    return before + refused + re.sub(r" \| \d+(?= |$)", "", codes)


def _again(found: Finding, again: str | None) -> Iterator[str]:
    """How to do it again."""
    if again and len(found.script) > LONG:
        yield "   The whole script is in the document that --json gives."
        return
    yield "   To do it again:" if again else "   The script:"
    yield from (in_shell(found, again) or to_lines(found.script)).splitlines()


def _against(found: Finding) -> list[str]:
    """The reads that the last step contradicts."""
    if not found.against:
        return []
    last, *before = reversed(found.against)
    others = "".join(f", or step {number}" for number in before)
    asked = [number for number, step in enumerate(found.script, 1)
             if number > last and (step.do == "happen" or step.is_promise)]  # fmt: skip
    never = f", or what step {' and '.join(map(str, asked))} asked for never came" if asked else ""
    text = f"It contradicts what step {last} answered{others}: either that answer is wrong, or the last{never}."
    return wrapped(text, "   ")


def script_lines(
    script: Sequence[Step], last: int | None, paint: Paint, changing: Sequence[int] = ()
) -> Iterator[str]:
    """The steps, numbered, with what was answered; steps that repeat themselves are one line.

    Args:
        script: what was done.
        last: number of the step to be marked; of a long script it is the end that is shown.
        paint: marks words.
        changing: numbers of steps that are shown of a long script besides its end.
    """
    runs = list(_runs(script))
    if len(runs) > LONG and last is not None:
        wanted = {number for number, (first, _, _) in enumerate(runs) if first in changing}
        end = len(runs) - (LEFT if wanted else LONG // 2)
        wanted = set(sorted(one for one in wanted if one < end)[-LONG // 2 :])
        runs = [run for number, run in enumerate(runs) if number in wanted or number >= end]
    width = min(max((len(_called(step)) for _, _, step in runs), default=0), CALLED)
    digits = max((len(_numbers(first, final)) for first, final, _ in runs), default=0)
    before = 0
    for first, final, step in runs:
        if first > before + 1:
            yield _left_out(first - before - 1, is_first=not before, is_read=bool(changing))
        before = final
        is_last = final == last
        numbers = _numbers(first, final)
        said = "" if step.reply is None else answer(step.reply)
        called = _called(step)
        line = f"{'>' if is_last else ' '} {numbers.rjust(digits)}  {called.ljust(width) if said else called}"
        line += f"  {said}" if said else ""
        yield "   " + (paint(line, "31") if is_last else line).rstrip()


def _left_out(count: int, *, is_first: bool, is_read: bool) -> str:
    if is_read and not is_first:
        return f"     ({many(count, 'step')}: reads, waits and refused calls)"
    return f"     ({many(count, 'step')} before {'this' if count == 1 else 'these'})"


def _numbers(first: int, final: int) -> str:
    return f"{first}" if first == final else f"{first}-{final}"


def _runs(script: Sequence[Step]) -> Iterator[tuple[int, int, Step]]:
    """Steps with the numbers of the first and the last of equals in a row."""
    first = 0
    for place, step in enumerate(script):
        if place + 1 == len(script) or script[place + 1] != step:
            yield first + 1, place + 1, step
            first = place + 1


def _called(step: Step) -> str:
    return str(attrs.evolve(step, reply=None))


def _sides(found: Finding) -> Iterator[str]:
    """What came beside what could have come."""
    right = expected(found)
    got = found.got.partition(": ")[2] or found.got
    if found.wrong:
        got = ", ".join(f"{name} {shown(found, name)}{_kind(found, name, right)}" for name in found.wrong)
    yield from wrapped(got, "   got       ", "             ")
    for number, line in enumerate(right):
        yield from wrapped(line, "   expected  " if number == 0 else "   or        ", "             ")


def _kind(found: Finding, name: str, right: Sequence[str]) -> str:
    """What kind of value was shown, where that alone is wrong."""
    said = shown(found, name)
    return " (a number, and no text)" if said.isdecimal() and f"{name} {said}" in right else ""


def _belief(found: Finding) -> Iterator[str]:
    if not found.belief:
        return
    yield ""
    merged = list(_merged(found.belief))
    said = f"Just before the last step {found.resource} can only have been in this state, after all that was answered:"
    if len(found.belief) > 1:
        said = (f"Just before the last step {found.resource} can have been in any of these states, after all that was "
                "answered; what nobody saw may have failed or succeeded:")  # fmt: skip
    yield from wrapped(said, "   ")
    for line in merged[:BELIEVED]:
        yield from wrapped(line, "     ", "       ")
    if len(merged) > BELIEVED:
        yield f"     and {len(merged) - BELIEVED} more"
    if found.explanation:
        yield "   for example like this, moves that nobody sees in brackets:"
        for line in _moving(found.explanation)[-LEFT:]:
            yield from wrapped(line.strip(), "     ", "       ")


def _moving(lines: Sequence[str]) -> Sequence[str]:
    """Of a long explanation what nobody saw, each with what came just before it, and the end."""
    if len(lines) <= LEFT:
        return lines
    hidden = {number for number, line in enumerate(lines) if line.startswith("  (")}
    wanted = hidden | {number - 1 for number in hidden} | {len(lines) - 1}
    return [line for number, line in enumerate(lines) if number in wanted]


def _merged(belief: Iterable[str]) -> Iterator[str]:
    """Configurations in words; those that differ in the state of one part are one line.

    >>> list(_merged(["function Active, billing Available", "function Active, billing Frozen"]))
    ['function Active, billing Available or Frozen']
    """
    rows = [tuple((*one.rpartition(" ")[::2],) for one in line.split(", ")) for line in belief]
    for place in reversed(range(max(map(len, rows), default=0))):
        alike: dict[object, list[str]] = {}
        for row in rows:
            if place >= len(row):
                alike[row] = []
                continue
            states = alike.setdefault((row[:place], row[place][0], row[place + 1 :]), [])
            states.append(row[place][1])
        rows = [_together(key, states) for key, states in alike.items()]
    yield from (", ".join(" ".join(filter(None, one)) for one in row) for row in rows)


def _together(key: Any, states: list[str]) -> tuple[tuple[str, str], ...]:
    if not states:
        return tuple(key)
    before, name, after = key
    return (*before, (name, " or ".join(states)), *after)


def many(things: Sequence[object] | int, one: str, more: str | None = None) -> str:
    """How many there are, with the word for one or for more."""
    count = things if isinstance(things, int) else len(things)
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def wrapped(text: str, first: str = "", then: str | None = None) -> list[str]:
    """A text in lines, those after the first indented as said, or alike."""
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=first if then is None else then,
                break_long_words=False, break_on_hyphens=False)  # fmt: skip
