"""How a finding is shown once more: a command with its script. Reads findings; runs nothing."""

from statemodel.testing.report import Finding
from statemodel.testing.script import to_lines


def in_shell(found: Finding, command: str | None) -> str | None:
    """What a shell does to show a finding again, its script with it; None where no command reaches the client.

    >>> from statemodel.testing.script import Step
    >>> stuck = Finding("SM302", "SM302:queue:Creating", (), "fn-1", (Step("advance", seconds=60.0),), "GetQueue: ...")
    >>> print(in_shell(stuck, "statemodel conform mq:QUEUE --python mq:Stuck"))
    statemodel conform mq:QUEUE --python mq:Stuck --script - <<'END'
    {"do": "advance", "seconds": 60.0}
    END

    Args:
        found: what to show.
        command: the command line that reaches the same client, or None.
    """
    if command is None or not found.script:
        return None
    return f"{command} --script - <<'END'\n{to_lines(found.script)}END"
