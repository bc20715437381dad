"""`conform`: a client held against a model."""

import argparse
import shlex
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, say_json, say_part
from statemodel.errors import HistoryError, UsageError
from statemodel.model.service import Model
from statemodel.testing.adapter import load_factory
from statemodel.testing.child import ChildAdapter
from statemodel.testing.exhaustive import BUDGET, exhaustive
from statemodel.testing.garbage import left_at_exit
from statemodel.testing.play import play
from statemodel.testing.report import Result
from statemodel.testing.reports.annotations import to_annotations
from statemodel.testing.reports.document import played_document, to_document
from statemodel.testing.reports.junit import to_junit
from statemodel.testing.reports.known import read_known
from statemodel.testing.reports.text import played_text, to_text
from statemodel.testing.script import Step, from_lines
from statemodel.testing.suite import Settings, conformance

CODES = {Result.PASSED: 0, Result.FAILED: 1, Result.INCONCLUSIVE: 3}
QUICK_REPLAYS = 30


def conform(asked: argparse.Namespace) -> int:
    """Run the suite, an exhaustive search, or one script, against a client."""
    _check(asked)
    chosen = named(asked.model)
    settings = settings_of(asked)
    factory = factory_of(asked, chosen)
    if asked.script is not None:
        return _played(asked, chosen, factory, settings)
    if asked.junit is not None:
        with Path(asked.junit).open("a", encoding="utf-8"):
            pass  # what cannot be written is said before the run, not after it
    telling = _progress()
    left_at_exit()
    try:
        with redirect_stdout(sys.stderr):
            if asked.lockstep is None:
                report = conformance(chosen, factory, settings=settings, timeout_s=asked.timeout, progress=telling)
            else:
                report = exhaustive(chosen, factory, depth=asked.lockstep, budget=asked.budget or BUDGET,
                                    settings=settings, timeout_s=asked.timeout, progress=telling)  # fmt: skip
    finally:
        clear_progress(telling and (lambda _: None))
    if asked.junit is not None:
        Path(asked.junit).write_text(to_junit(report, command=command(asked)), encoding="utf-8")
    if asked.json:
        say_json(to_document(report, command(asked)))
    else:
        say_part(to_text(report, colour=_has_colour(), command=command(asked)))
    if asked.github:
        _annotated(to_annotations(report), is_aside=asked.json)
    return CODES[report.result]


def _check(asked: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if asked.budget is not None and asked.lockstep is None:
        raise UsageError("use of --budget without --lockstep:", str(asked.budget), ("--lockstep --budget N",))
    for option, given in (("--script", asked.script), ("--examples", asked.examples)):
        if given is not None and asked.lockstep is not None:
            raise UsageError(f"use of --lockstep with {option}:", str(given), (f"--lockstep or {option}, not both",))


def settings_of(asked: argparse.Namespace) -> Settings:
    """How thorough to be, as the options say."""
    known = () if asked.known is None else read_known(asked.known)
    defaults = Settings()
    return Settings(
        seed=asked.seed,
        examples=defaults.examples if asked.examples is None else asked.examples,
        patience=defaults.patience if asked.patience is None else asked.patience,
        replays=QUICK_REPLAYS if asked.slow else defaults.replays,
        is_slow=asked.slow,
        known=known,
    )


def factory_of(asked: argparse.Namespace, chosen: Model) -> Callable[[], object]:
    """What makes the client that was named."""
    if asked.exec is not None:
        return partial(ChildAdapter, asked.exec, chosen.name, asked.timeout)
    with redirect_stdout(sys.stderr):
        return load_factory(asked.python, "--python")


def command(asked: argparse.Namespace) -> str:
    """The command that reaches the same client again."""
    client = ("--exec", asked.exec) if asked.exec is not None else ("--python", asked.python)
    patience = () if asked.patience is None else ("--patience", str(asked.patience))
    return shlex.join(("statemodel", "conform", asked.model, *client, *patience))


def _played(asked: argparse.Namespace, chosen: Model, factory: Callable[[], object], settings: Settings) -> int:
    script = _script(asked.script)
    with redirect_stdout(sys.stderr):
        played = play(chosen, factory, script, settings=settings, timeout_s=asked.timeout)
    if asked.json:
        say_json(played_document(played, command(asked)))
    else:
        say_part(played_text(played, colour=_has_colour(), command=command(asked)))
    return CODES[played.result]


def _script(file: str) -> tuple[Step, ...]:
    name = "standard input" if file == "-" else file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryError(name, None, "", "text in UTF-8") from None
    script = from_lines(text, name)
    if not script:
        raise HistoryError(name, None, "", "at least one step")
    return script


def _annotated(lines: list[str], *, is_aside: bool) -> None:
    if is_aside:
        sys.stderr.write("".join(f"{line}\n" for line in lines))
    else:
        say_part("".join(f"{line}\n" for line in lines))


def _has_colour() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _progress() -> Callable[[str, int, int], None] | None:
    """What tells of progress on standard error, or None where that is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def tell(phase: str, done: int, of: int) -> None:
        sys.stderr.write(f"\r{phase}: {done:,}" + (f" of {of:,}" if of else "") + "\x1b[K")
        sys.stderr.flush()

    return tell
