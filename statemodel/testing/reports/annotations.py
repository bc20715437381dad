"""A report as annotations of a GitHub workflow. Reads reports; must not know where they are shown."""

from collections.abc import Iterator

from statemodel.testing.report import Report, Result
from statemodel.testing.reports.sentence import sentence
from statemodel.testing.reports.sides import expected


def to_annotations(report: Report) -> list[str]:
    """One line for every finding, for every declared deviation that is gone, and for every doubt.

    >>> to_annotations(Report("mq.queue"))[0].partition("::")[2].partition("::")[2]
    'This says little: no operation was called: the client offers none that the model knows.'
    """
    return list(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for found in report.findings:
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(found.script[-20:], 1))
        right = " or ".join(expected(found))
        told = f"{sentence(found)}\n{steps}" + (f"\nexpected {right}" if right else "")
        yield _line("error", f"{report.model}: {found.name}", told)
    for one in report.gone:
        yield _line("error", f"{report.model}: SM304", f"Nothing was found for the known deviation {one.name}.")
    if report.result is Result.INCONCLUSIVE:
        for doubt in report.doubts:
            yield _line("warning", f"{report.model}: inconclusive", f"This says little: {doubt}.")


def _line(level: str, title: str, text: str) -> str:
    title = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={title}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
