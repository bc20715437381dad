"""A report as plain text."""

from statemodel.testing.report import Report
from statemodel.testing.told import told


def to_text(report: Report, *, colour: bool = False) -> str:  # noqa: ARG001  # plain as yet
    """A report as text: what was found, then the totals."""
    lines = [told(finding) for finding in report.findings]
    lines += [f"known: {finding.name} ({known.reason})" for finding, known in report.known]
    lines += [f"gone: {known.name} ({known.reason})" for known in report.gone]
    lines += [f"not run: {words}" for words in report.not_run]
    lines += [f"{one.kind}: {one.covered} of {one.reachable}" for one in report.tallies]
    lines.append(f"{report.model}: {report.result}, {report.calls} calls, {report.examples} walks, seed {report.seed}")
    return "\n".join(lines)
