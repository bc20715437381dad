"""One finding in plain words, for messages of tests that failed."""

from statemodel.testing.report import Finding
from statemodel.testing.script import to_lines


def told(finding: Finding) -> str:
    """What was done, what came, what was expected, and the script to do it again."""
    lines = [f"{finding.code}: {finding.got}"]
    if finding.reason:
        lines.append(f"  {finding.reason}")
    for title, some in (("expected", finding.expected), ("it could have been", finding.belief)):
        if some:
            lines += [f"  {title}:", *(f"    {one}" for one in some)]
    lines += ["  what was done:", *(f"    {number}. {step}" for number, step in enumerate(finding.script, 1))]
    for row in finding.rows:
        lines += [f"  because {row.row}", *(f"    {source}" for source in row.sources)]
    if not finding.is_reproduced:
        lines.append("  it did not come again when the same was done again")
    lines += ["  the same as JSON lines:", *(f"    {line}" for line in to_lines(finding.script).splitlines())]
    return "\n".join(lines)
