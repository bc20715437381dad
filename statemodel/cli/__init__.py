"""The command line: what was asked, who does it, and the exit code. Must not know how anything is done.

Exit codes: 0 nothing wrong; 1 a violation, a failed proof, a stale drawing; 2 bad usage or input that cannot be read;
3 nothing violated but something inconclusive; 130 stopped from the keyboard; 141 nobody reads the output any more.
"""

import os
import sys
from contextlib import suppress

from statemodel.errors import StateModelError

FINE, WRONG, UNUSABLE, INCONCLUSIVE, INTERRUPTED, UNREAD = 0, 1, 2, 3, 130, 141


def main(argv: list[str] | None = None) -> int:
    """Do what the arguments ask.

    Args:
        argv: arguments without the name of the program; None takes those of the process.

    Returns:
        The exit code. Nothing is raised: what goes wrong is one message on standard error.
    """
    _speak_utf8()
    try:
        code = _done(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        code = UNREAD
    except KeyboardInterrupt:
        code = INTERRUPTED
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a traceback helps nobody at the command line
        code = _failed(_message(error))
    return code


def run() -> None:
    """Do what the arguments of the process ask, and end it."""
    sys.exit(main())


def _done(argv: list[str] | None) -> int:
    from statemodel.cli.arguments import parser

    try:
        asked = parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else UNUSABLE
    return int(asked.do(asked))


def _message(error: BaseException) -> str:
    """One line about whatever went wrong."""
    match error:
        case StateModelError():
            return str(error)
        case RecursionError():
            return "the input is nested too deeply"
        case MemoryError():
            return "out of memory; a smaller --max-versions needs less"
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return f"{place}{error.strerror or error}"
    return f"a defect of statemodel, please report it: {type(error).__name__}: {error}"


def _failed(message: str) -> int:
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"statemodel: error: {message}\n")
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        _drop_output()
    return UNUSABLE


def _speak_utf8() -> None:
    """UTF-8 whatever the locale; what UTF-8 cannot hold is written as an escape, which JSON reads too."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _drop_output() -> None:
    """Let the interpreter flush into nothing when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
