"""A report for people. Reads reports; must not know where they are shown."""

from collections.abc import Iterable, Iterator
from typing import Final

from statemodel.testing.play import Played
from statemodel.testing.report import Report, Result
from statemodel.testing.reports.sentence import sentence
from statemodel.testing.reports.told import LEFT, Paint, finding_lines, many, script_lines, wrapped
from statemodel.testing.searched import Lockstep

COLOURS: Final = {Result.FAILED: "31;1", Result.PASSED: "32;1", Result.INCONCLUSIVE: "33;1"}
ANYWHERE: Final = "statemodel conform {model} (--exec COMMAND | --python module:factory)"


def to_text(report: Report, *, colour: bool = False, command: str | None = None) -> str:
    """A report for people: the verdict, every finding, what was covered and what was not.

    Args:
        report: what a run found.
        colour: whether to mark words for a terminal.
        command: the command line that reaches the same client, to which options can be added; None leaves it open.
    """
    paint = Paint(colour)
    again = command or ANYWHERE.format(model=report.model)
    blocks = [_verdict(report, paint)]
    for number, found in enumerate(report.findings, 1):
        blocks.append(finding_lines(found, f"{number}. ", again, paint))
    blocks.append(list(_known(report)))
    blocks.append(list(_covered(report)) if report.searched is None else list(_searched(report, report.searched)))
    blocks.append(list(_left_out(report)))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def played_text(played: Played, *, colour: bool = False, command: str | None = None) -> str:
    """What a script came to, for people."""
    paint = Paint(colour)
    head = f"{paint(played.result.upper(), COLOURS[played.result])}  {played.model}: {many(played.steps, 'step')}"
    head += f", {played.not_done} more not done" if played.not_done else ""
    lines = [head]
    if played.left_out:
        steps = ", ".join(map(str, played.left_out))
        lines.append(f"Left out, because the client cannot do them or they cannot happen there: {steps}.")
    if played.finding is not None:
        again = command or ANYWHERE.format(model=played.model)
        return "\n".join([*lines, "", *finding_lines(played.finding, "", again, paint)]) + "\n"
    if played.result is Result.INCONCLUSIVE:
        lines.append("Too much was possible after the last step to go on (statemodel explain SM104).")
    return "\n".join([*lines, *script_lines(played.steps, None, paint)]) + "\n"


def _verdict(report: Report, paint: Paint) -> list[str]:
    seed = "" if report.searched else f"seed {report.seed}, "
    how = f"{many(report.calls, 'call')}, {seed}{report.seconds:.1f} s"
    word = paint(report.result.upper(), COLOURS[report.result])
    wrong = [many(report.findings, "finding")] if report.findings else []
    if report.gone:
        wrong.append(many(report.gone, "known deviation is", "known deviations are") + " gone")
    lines = [f"{word}  {report.model}: {', '.join(wrong) or 'nothing found'} ({how})"]
    if report.result is Result.INCONCLUSIVE:
        lines.extend(f"This says little: {doubt}." for doubt in report.doubts)
    if report.result is Result.FAILED:
        lines.extend(f"Besides: {doubt}." for doubt in report.doubts)
    if report.has_walks_left:
        lines.append("Random walks were left out, because there is something to mend first.")
    elif report.findings and not report.is_complete:
        lines.append("The run ended early, because there is something to mend first; there may be more to find.")
    return lines


def _known(report: Report) -> Iterator[str]:
    for found, by in report.known:
        yield from wrapped(f"Known: {sentence(found)} {found.full_name}: {by.reason}", "", "  ")
    for one in report.gone:
        yield from wrapped(f"Gone: nothing was found for {one.name} ({one.reason}); take it off the list of known "
                            "deviations (SM304).", "", "  ")  # fmt: skip


def _covered(report: Report) -> Iterator[str]:
    if not report.tallies:
        return
    walks = f", {many(report.examples, 'random walk')}" if report.examples else ""
    yield f"Covered, of what can be reached with this client{walks}:"
    width = max(len(one.kind) for one in report.tallies)
    for one in report.tallies:
        yield f"  {one.kind.ljust(width)}  {one.covered:>5,} of {one.reachable:,}"
    if elsewhere := sum(len(one.elsewhere) for one in report.tallies):
        yield from wrapped(f"Not counted: {elsewhere:,} more that only a client comes to that answers otherwise, where "
                            "the model leaves a choice; --json lists all.")  # fmt: skip
    left = [goal for one in report.tallies if one.kind != "pairs" for goal in one.left]
    if left and report.findings:
        yield f"What may be reached and was never met, pairs left aside: {len(left):,}; --json lists all."
    elif left:
        yield f"What may be reached and was never met, pairs left aside ({len(left):,}):"
        yield from (f"  {goal}" for goal in left[:LEFT])
        if len(left) > LEFT:
            yield f"  and {len(left) - LEFT:,} more; --json lists all"


def _searched(report: Report, searched: Lockstep) -> Iterator[str]:
    """How far everything was seen."""
    bound = f"up to version {searched.versions}, {many(searched.resources, 'resource')}"
    much = f"{many(searched.states, 'state')}, {many(searched.checks, 'answer')} judged, {bound}"
    if report.findings:
        yield from wrapped(f"No script of fewer calls, waits and events that was tried shows anything: {much}.")
        return
    deep = "in any number of calls" if searched.is_exhaustive else f"within {many(searched.reached, 'call')}"
    beyond = " but the known deviations, after which nothing was tried," if report.known else ""
    yield from wrapped(f"Nothing{beyond} {deep}, waits and events: {much}.")
    if searched.is_sure:
        yield "That is a proof: every state that the client tells from others was seen."
    elif searched.told_by != "fingerprint":
        yield from wrapped("That is no proof: the client does not tell its states apart (fingerprint()), so of "
                            "several ways to what looks the same one was tried.")  # fmt: skip


def _left_out(report: Report) -> Iterator[str]:
    yield from _list("Not run", report.not_run)
    yield from _list("Declared by the client and unknown to the model, so not judged", report.beyond)
    yield from _list("Outcomes and events that this client was asked for and cannot bring about", report.unsupported)
    yield from _list("Shown by the model and never by the client, so not judged", report.never_shown)
    if report.throttled:
        yield f"Answers to come again later: {report.throttled:,}"
    if report.open_ended and report.result is not Result.INCONCLUSIVE:
        yield f"Walks left because too much was possible: {report.open_ended:,}"


def _list(head: str, names: Iterable[str]) -> list[str]:
    names = tuple(names)
    return wrapped(f"{head}: {', '.join(names)}", "", "  ") if names else []
