"""The suite as one line of a test: it raises where a client does not conform."""

from collections.abc import Callable
from typing import Any

from statemodel.model.service import Model
from statemodel.testing.adapter import TIMEOUT_S
from statemodel.testing.report import Report, Result
from statemodel.testing.reports.text import to_text
from statemodel.testing.suite import Settings, conformance


class ConformanceError(AssertionError):
    """A client that does not conform, or of which too little was seen.

    Attributes:
        report: what was found.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return to_text(self.report)


def assert_conforms(
    model: Model, factory: Callable[[], Any], *, timeout_s: float | None = TIMEOUT_S, **settings: Any
) -> Report:
    """Nothing, if a client behaves as a model says.

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once.
        timeout_s: how long anything awaited may take.
        settings: as for `Settings`, such as seed, examples or known.

    Returns:
        What was covered.

    Raises:
        ConformanceError: it does not, or nothing could be said.
        AdapterError: the adapter itself fails.
    """
    report = conformance(model, factory, settings=Settings(**settings), timeout_s=timeout_s)
    if report.result is not Result.PASSED:
        raise ConformanceError(report)
    return report
