"""A report as JUnit XML: a suite for each phase, a case for each finding. Reads reports; writes nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from statemodel.testing.report import Finding, Report, Result
from statemodel.testing.reports.sentence import sentence
from statemodel.testing.reports.told import LONG, finding_lines, told

PHASES: Final = ("cover", "random")
FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen
class _Case:
    """One case: passed, failed or skipped."""

    name: str
    verb: str | None = None
    kind: str = ""
    message: str = ""
    text: str = ""


def to_junit(report: Report, *, at: datetime | None = None, command: str | None = None) -> str:
    """The report as XML.

    Args:
        report: what a run found.
        at: when it ended; None for now.
        command: the command line that reaches the same client, or None.
    """
    time = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S")
    root = ET.Element("testsuites")
    suites = {
        **{phase: _phase(report, phase, command) for phase in _phases(report)},
        "known": list(_known(report)),
        "abilities": [_Case(one, "skipped", message="not run with this client") for one in report.not_run],
    }
    took = _took(report)
    for number, (name, cases) in enumerate((name, cases) for name, cases in suites.items() if cases):
        _suite(root, report, name, number, cases, time, took.get(name))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _phases(report: Report) -> list[str]:
    run = ("lockstep",) if report.searched is not None else PHASES[: 1 + bool(report.examples)]
    return list(dict.fromkeys((*run, *(found.phase for found in report.findings))))


def _took(report: Report) -> dict[str, float]:
    """Seconds that each phase took, where that is known; those that have no suite of their own count as the first."""
    phases = _phases(report)
    if not report.spent:
        return {phases[0]: report.seconds} if len(phases) == 1 else {}
    found: dict[str, float] = {}
    for phase, seconds in report.spent:
        place = phase if phase in phases else phases[0]
        found[place] = found.get(place, 0.0) + seconds
    return found


def _phase(report: Report, phase: str, command: str | None) -> list[_Case]:
    found = [_failed(one, command) for one in report.findings if one.phase == phase]
    if found:
        return found
    if report.result is Result.INCONCLUSIVE:
        return [_Case(phase, "skipped", message="; ".join(report.doubts))]
    return [_Case(phase)]


def _failed(found: Finding, command: str | None) -> _Case:
    text = told(found)
    if command is not None and len(found.script) > LONG:
        text += f"   To do it again, with the script in FILE:\n{command} --script FILE\n"
    elif command is not None:
        text = "\n".join(finding_lines(found, again=command)) + "\n"
    return _Case(found.name, "failure", found.code, sentence(found), text)


def _known(report: Report) -> Iterator[_Case]:
    for found, by in report.known:
        yield _Case(found.full_name, "skipped", message=f"known: {by.reason}")
    for one in report.gone:
        yield _Case(one.name, "failure", "SM304", "nothing was found for this known deviation", one.reason)


def _suite(
    root: ET.Element, report: Report, phase: str, number: int, cases: list[_Case], time: str, took: float | None
) -> None:
    """One suite; times that nobody knows are left out, and those of cases are known where there is but one."""
    name = _clean(f"{report.model}.{phase}")
    whole = {} if took is None else {"time": f"{took:.3f}"}
    suite = ET.SubElement(root, "testsuite", {
        "name": name, "id": str(number), "package": "statemodel", "hostname": "localhost", "timestamp": time,
        "tests": str(len(cases)), "failures": str(sum(one.verb == "failure" for one in cases)), "errors": "0",
        "skipped": str(sum(one.verb == "skipped" for one in cases)), **whole,
    })  # fmt: skip
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(report):
        ET.SubElement(properties, "property", {"name": key, "value": _clean(value)})
    for one in cases:
        alone = whole if len(cases) == 1 else {}
        case = ET.SubElement(suite, "testcase", {"name": _clean(one.name), "classname": name, **alone})
        if one.verb is not None:
            kind = {"type": one.kind} if one.verb == "failure" else {}
            ET.SubElement(case, one.verb, {**kind, "message": _clean(one.message)}).text = _clean(one.text) or None
    for stream in ("system-out", "system-err"):
        ET.SubElement(suite, stream)


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "model", report.model
    yield "result", str(report.result)
    yield "seed", str(report.seed)
    yield "calls", str(report.calls)
    for one in report.tallies:
        yield f"covered.{one.kind}", f"{one.covered} of {one.reachable}"


def _clean(text: str) -> str:
    """What XML can hold; anything else as an escape."""
    return FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
