"""`check`: histories in files, judged."""

import argparse
from contextlib import suppress

from statemodel.cli.columns import check_columns, is_for_columns
from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, progress, say, say_json
from statemodel.cli.wording import heading, paragraph
from statemodel.errors import HistoryError
from statemodel.model.history import read_file
from statemodel.oracle.check import check
from statemodel.oracle.verdict import Outcome, Report

DEEPEST = 100


def check_files(asked: argparse.Namespace) -> int:
    """Judge the histories in some files."""
    if is_for_columns(asked):
        return check_columns(asked)
    chosen = named(asked.model)
    telling = progress("records")
    try:
        report = check(chosen, asked.files, start=asked.start, calls=asked.calls, environment=asked.environment,
                       progress=telling)
    except RecursionError:
        raise _too_deep(asked.files) from None
    finally:
        clear_progress(telling)
    if not report.verdicts:
        raise HistoryError(asked.files[0], None, "", "at least one record")
    if asked.json:
        say_json(report.document(everything=asked.all))
    else:
        say(text(report, everything=asked.all))
    return exit_code(report)


def exit_code(report: Report) -> int:
    """1 where a history violates, else 3 where one is inconclusive, else 0."""
    counts = report.counts()
    if counts[Outcome.VIOLATES]:
        return 1
    return 3 if counts[Outcome.INCONCLUSIVE] else 0


def text(report: Report, *, everything: bool) -> str:
    """A report for people: one line of totals, then each history that does not conform."""
    total = len(report.verdicts)
    strength = sum(verdict.strength for verdict in report.verdicts) / total if total else 0.0
    lines = [heading(report.model, total, report.records, report.counts(), strength, report.weaker)]
    for verdict in report.verdicts:
        if everything or verdict.outcome is not Outcome.CONFORMS:
            lines.extend(["", paragraph(verdict)])
    return "\n".join(lines)


def _too_deep(files: list[str]) -> HistoryError:
    """The first record nested so deeply that it cannot be followed."""
    name, expected = files[0], f"values nested at most {DEEPEST} deep"
    with suppress(RecursionError):
        for name in files:
            for line, record in read_file(name):
                if _depth(record) > DEEPEST:
                    return HistoryError(name, line, "", expected)
    return HistoryError(name, None, "", expected)


def _depth(value: object) -> int:
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return depth


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
