"""A report for people. Reads reports; must not know where they are shown."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any, Final

import attrs

from statemodel.testing.play import Played
from statemodel.testing.report import Finding, Report, Result
from statemodel.testing.script import Step, answer, to_lines
from statemodel.testing.searched import Lockstep
from statemodel.testing.sentence import possible, sentence, shown

WIDTH: Final = 100
LEFT: Final = 8
CALLED: Final = 64
SOURCES: Final = 3
LONG: Final = 40
BELIEVED: Final = 6
COLOURS: Final = {Result.FAILED: "31;1", Result.PASSED: "32;1", Result.INCONCLUSIVE: "33;1"}
ANYWHERE: Final = "statemodel conform {model} (--exec COMMAND | --python module:factory)"


@attrs.frozen
class _Paint:
    """How words are marked: by colour, or not at all."""

    is_on: bool

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.is_on else text


def to_text(report: Report, *, colour: bool = False, command: str | None = None) -> str:
    """A report for people: the verdict, every finding, what was covered and what was not.

    Args:
        report: what a run found.
        colour: whether to mark words for a terminal.
        command: the command line that reaches the same client, to which options can be added; None leaves it open.
    """
    paint = _Paint(colour)
    again = command or ANYWHERE.format(model=report.model)
    blocks = [_verdict(report, paint)]
    for number, found in enumerate(report.findings, 1):
        blocks.append(_finding(found, f"{number}. ", again, paint))
    blocks.append(list(_known(report)))
    blocks.append(list(_covered(report)) if report.searched is None else list(_searched(report, report.searched)))
    blocks.append(list(_left_out(report)))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def played_text(played: Played, *, colour: bool = False, command: str | None = None) -> str:
    """What a script came to, for people."""
    paint = _Paint(colour)
    head = f"{paint(played.result.upper(), COLOURS[played.result])}  {played.model}: {_many(played.steps, 'step')}"
    head += f", {played.not_done} more not done" if played.not_done else ""
    lines = [head]
    if played.left_out:
        steps = ", ".join(map(str, played.left_out))
        lines.append(f"Left out, because the client cannot do them or they cannot happen there: {steps}.")
    if played.finding is not None:
        again = command or ANYWHERE.format(model=played.model)
        return "\n".join([*lines, "", *_finding(played.finding, "", again, paint)]) + "\n"
    if played.result is Result.INCONCLUSIVE:
        lines.append("Too much was possible after the last step to go on (statemodel explain SM104).")
    return "\n".join([*lines, *_script(played.steps, None, paint)]) + "\n"


def finding_text(found: Finding) -> str:
    """One finding for people."""
    return "\n".join(_finding(found, "", None, _Paint(is_on=False))) + "\n"


def _many(things: Sequence[object] | int, one: str, more: str | None = None) -> str:
    count = things if isinstance(things, int) else len(things)
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _verdict(report: Report, paint: _Paint) -> list[str]:
    seed = "" if report.searched else f"seed {report.seed}, "
    how = f"{_many(report.calls, 'call')}, {seed}{report.seconds:.1f} s"
    word = paint(report.result.upper(), COLOURS[report.result])
    wrong = [_many(report.findings, "finding")] if report.findings else []
    if report.gone:
        wrong.append(_many(report.gone, "known deviation is", "known deviations are") + " gone")
    lines = [f"{word}  {report.model}: {', '.join(wrong) or 'nothing found'} ({how})"]
    if report.result is Result.INCONCLUSIVE:
        lines.extend(f"This says little: {doubt}." for doubt in report.doubts)
    if report.findings and not report.is_complete:
        lines.append("The run ended early, because there is something to mend; there may be more to find.")
    return lines


# ------------------------------------------------------------------------------------------------- one finding


def _finding(found: Finding, number: str, again: str | None, paint: _Paint) -> list[str]:
    lines = _wrapped(sentence(found), number, " " * len(number))
    lines[0] = number + paint(lines[0].removeprefix(number), "1")
    met = f", met {found.times} times" if found.times > 1 else ""
    lines.append(f"   {found.name}{met}; `statemodel explain {found.code}` says more")
    if not found.is_reproduced:
        lines.extend(
            [
                "",
                *_wrapped(
                    "It did not come again when the same was done again from a reset: perhaps reset "
                    "leaves something behind, or the client depends on chance or real time.",
                    "   ",
                ),
            ]
        )
    lines.extend(["", "   What was done, from a reset on:", *_script(found.script, len(found.script), paint)])
    lines.extend(["", *_sides(found)])
    lines.extend(_belief(found))
    if found.rows:
        lines.extend(["", "   What the model says, and where that comes from:"])
        for said in found.rows:
            lines.extend(_wrapped(said.row, "     ", "       "))
            lines.extend(line for one in said.sources[:SOURCES] for line in _wrapped(one, "       - ", "         "))
            if len(said.sources) > SOURCES:
                lines.append(f"       - and {_many(len(said.sources) - SOURCES, 'more source')}")
    return [*lines, "", *_again(found, again)]


def _again(found: Finding, again: str | None) -> Iterator[str]:
    """How to do it again."""
    if len(found.script) > LONG:
        yield "   The whole script is in the document that --json gives."
        return
    yield "   To do it again:" if again else "   The script:"
    if again:
        yield f"     {again} --script - <<'END'"
    yield from (f"     {line}" for line in to_lines(found.script).splitlines())
    if again:
        yield "     END"


def _script(script: Sequence[Step], last: int | None, paint: _Paint) -> Iterator[str]:
    """The steps, numbered, with what was answered; steps that repeat themselves are one line."""
    runs = list(_runs(script))
    if len(runs) > LONG and last is not None:
        runs = runs[-LONG // 2 :]
        yield f"     ({runs[0][0] - 1} steps before these)"
    width = min(max((len(_called(step)) for _, _, step in runs), default=0), CALLED)
    digits = max((len(_numbers(first, final)) for first, final, _ in runs), default=0)
    for first, final, step in runs:
        is_last = final == last
        numbers = _numbers(first, final)
        said = "" if step.reply is None else answer(step.reply)
        called = _called(step)
        line = f"{'>' if is_last else ' '} {numbers.rjust(digits)}  {called.ljust(width) if said else called}"
        line += f"  {said}" if said else ""
        yield "   " + (paint(line, "31") if is_last else line).rstrip()


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
    expected = [line.partition(": ")[2] for line in found.expected]
    if found.wrong:
        expected = [line for line in expected if line.split(" ")[0] in found.wrong] or expected
    elif found.expected and possible(found)[0] and not found.got.partition(": ")[2].startswith("refused"):
        expected = [line for line in expected if not line.startswith("refused")] or expected
    match found.code:
        case "SM302":
            expected = ["another state by now, or none"]
        case "SM303":
            expected = ["an answer of the operation within four tries"]
        case "SM101":
            expected = [found.reason.partition(" is none of ")[2]] if found.reason else expected
    got = found.got.partition(": ")[2] or found.got
    if found.wrong:
        got = ", ".join(f"{name} {shown(found, name)}" for name in found.wrong)
    yield from _wrapped(got, "   got       ", "             ")
    for number, line in enumerate(expected):
        yield from _wrapped(line, "   expected  " if number == 0 else "   or        ", "             ")


def _belief(found: Finding) -> Iterator[str]:
    if not found.belief:
        return
    yield ""
    merged = list(_merged(found.belief))
    only = "can only have been this" if len(found.belief) == 1 else "was in one of these states"
    yield f"   Just before the last step {found.resource} {only}, after all that was answered:"
    for line in merged[:BELIEVED]:
        yield from _wrapped(line, "     ", "       ")
    if len(merged) > BELIEVED:
        yield f"     and {len(merged) - BELIEVED} more"
    if found.explanation:
        yield "   for example like this, moves that nobody sees in brackets:"
        for line in found.explanation[-LEFT:]:
            yield from _wrapped(line.strip(), "     ", "       ")


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


# ------------------------------------------------------------------------------------------------- the rest


def _known(report: Report) -> Iterator[str]:
    for found, by in report.known:
        yield from _wrapped(f"Known: {sentence(found)} {found.full_name}: {by.reason}", "", "  ")
    for one in report.gone:
        yield from _wrapped(f"Gone: nothing was found for {one.name} ({one.reason}); take it off the list of known "
                            "deviations (SM304).", "", "  ")  # fmt: skip


def _covered(report: Report) -> Iterator[str]:
    if not report.tallies:
        return
    walks = f", {_many(report.examples, 'random walk')}" if report.examples else ""
    yield f"Covered, of what can be reached with this client{walks}:"
    width = max(len(one.kind) for one in report.tallies)
    for one in report.tallies:
        yield f"  {one.kind.ljust(width)}  {one.covered:>5,} of {one.reachable:,}"
    left = [(one.kind, goal) for one in report.tallies if one.kind != "pairs" for goal in one.left]
    if left and report.findings:
        yield f"Never met, pairs left aside: {len(left)}; --json lists all"
    elif left:
        yield f"Never met, pairs left aside ({len(left)}):"
        yield from (f"  {goal}" for _, goal in left[:LEFT])
        if len(left) > LEFT:
            yield f"  and {len(left) - LEFT:,} more; --json lists all"


def _searched(report: Report, searched: Lockstep) -> Iterator[str]:
    """How far everything was seen."""
    bound = f"up to version {searched.versions}, {_many(searched.resources, 'resource')}"
    much = f"{_many(searched.states, 'state')}, {_many(searched.checks, 'answer')} judged, {bound}"
    if report.findings:
        yield from _wrapped(f"No script of fewer calls, waits and events that was tried shows anything: {much}.")
        return
    deep = "in any number of calls" if searched.is_exhaustive else f"within {_many(searched.reached, 'call')}"
    beyond = " but the known deviations, after which nothing was tried," if report.known else ""
    yield from _wrapped(f"Nothing{beyond} {deep}, waits and events: {much}.")
    if searched.is_sure:
        yield "That is a proof: every state that the client tells from others was seen."
    elif searched.told_by != "fingerprint":
        yield from _wrapped("That is no proof: the client does not tell its states apart (fingerprint()), so of "
                            "several ways to what looks the same one was tried.")  # fmt: skip


def _left_out(report: Report) -> Iterator[str]:
    yield from _list("Not run, because the client lacks the ability", report.not_run)
    yield from _list("Declared by the client and unknown to the model, so not judged", report.beyond)
    yield from _list("Asked for, and not possible with this client", report.unsupported)
    yield from _list("Shown by the model and never by the client, so not judged", report.never_shown)
    if report.throttled:
        yield f"Answers to come again later: {report.throttled:,}"
    if report.open_ended and report.result is not Result.INCONCLUSIVE:
        yield f"Walks left because too much was possible: {report.open_ended:,}"


def _list(head: str, names: Iterable[str]) -> list[str]:
    names = tuple(names)
    return _wrapped(f"{head}: {', '.join(names)}", "", "  ") if names else []


def _wrapped(text: str, first: str = "", then: str | None = None) -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=first if then is None else then,
                break_long_words=False, break_on_hyphens=False)  # fmt: skip
