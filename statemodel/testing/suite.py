"""The whole suite: a deterministic cover, then random walks; every answer judged by what may be true."""

import time
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

import attrs

from statemodel.coverage.chart import Chart, sendable
from statemodel.coverage.goals import Covered
from statemodel.model.service import Model
from statemodel.oracle.monitor import Monitor, monitor
from statemodel.semantics import System, prepare
from statemodel.testing.adapter import ABILITIES, Link, open_link
from statemodel.testing.cover import Cover, Found
from statemodel.testing.findings import finding
from statemodel.testing.judge import Judge
from statemodel.testing.report import Finding, Known, Report, tallied
from statemodel.testing.session import POLLS, Session

COVER_CALLS: Final = 6_000
REPLAYS: Final = 300
FINDINGS: Final = 5

Progress = Callable[[str, int, int], None]


@attrs.frozen
class Settings:
    """How thorough a run is.

    Attributes:
        seed: fixes everything that is drawn.
        examples: random walks.
        patience: polls, or with a clock 72 advanced seconds each, that a working state may last.
        cover_calls: greatest number of calls of the deterministic cover.
        replays: how often the client may be reset to shorten one finding's script.
        findings: how many different findings are enough.
        known: deviations that are put up with.
    """

    seed: int = 0
    examples: int = 100
    patience: int = POLLS
    cover_calls: int = COVER_CALLS
    replays: int = REPLAYS
    findings: int = FINDINGS
    known: tuple[Known, ...] = ()


def make_session(system: System, link: Link, *, patience: int = POLLS) -> Session:
    """A client with its judge, from an absent start; a client that steers its environment promises to leave it alone."""
    environment = "recorded" if "environment" in link.abilities else "open"
    watching: Monitor = monitor(system, start="absent", environment=environment)
    return Session(link, Judge(watching, Covered()), patience=patience)


def make_chart(system: System, link: Link, progress: Callable[[int], None] | None = None) -> Chart:
    """What there is to cover with a client of these abilities."""
    return Chart(
        system,
        frozenset(name for name in system.operations if name in link.abilities),
        sendable(link.abilities),
        has_environment="environment" in link.abilities,
        progress=progress,
    )
