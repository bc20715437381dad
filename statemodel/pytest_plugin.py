"""A client held against a model by pytest: `pytest --conform MODEL=module:factory`. The only importer of pytest.

Each client asked for is two tests, the deterministic cover and the random walks. Whoever does not ask is left alone:
nothing else is imported, no test is added and no line is printed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from statemodel.testing.suite import Run

PROPERTY: Final = "conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say what can be asked for."""
    group = parser.getgroup("statemodel", "whether clients behave as models of services say")
    group.addoption(
        "--conform",
        action="append",
        default=[],
        metavar="MODEL=MODULE:FACTORY",
        help="hold the client that FACTORY makes against MODEL; may be given more than once",
    )
    group.addoption("--conform-seed", type=int, default=0, metavar="N", help="fixes the random walks; default: 0")
    group.addoption("--conform-examples", type=int, default=25, metavar="N", help="random walks; default: 25")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the tests that were asked for, before others choose among all."""
    for asked in config.getoption("conform"):
        items.extend(Client.from_parent(session, name=f"conform {asked}", nodeid=f"conform::{asked}").collect())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the totals of each client."""
    if not terminalreporter.config.getoption("conform"):
        return
    told: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            told.update(value for name, value in getattr(report, "user_properties", ()) if name == PROPERTY)
    for asked, text in told.items():
        terminalreporter.section(f"conformance of {asked}")
        terminalreporter.write_line(text)


class Client(pytest.Collector):
    """One client, asked for as MODEL=module:factory."""

    _run: "Run | None" = None

    def collect(self) -> Iterator["Phase"]:
        """Its two tests."""
        for phase in ("cover", "random"):
            yield Phase.from_parent(self, name=phase)

    @property
    def asked(self) -> str:
        """What was asked for."""
        return self.name.removeprefix("conform ")

    def run(self) -> "Run":
        """The run of the suite that both tests share.

        Raises:
            UsageError: there is no such model or client.
        """
        if self._run is None:
            from statemodel.errors import UsageError
            from statemodel.registry import model
            from statemodel.semantics import prepare
            from statemodel.testing.adapter import load_factory, open_link
            from statemodel.testing.suite import Run, Settings

            name, equals, factory = self.asked.partition("=")
            if not equals:
                problem = "expected MODEL=MODULE:FACTORY, such as scf=my_module:Client"
                raise UsageError("--conform", self.asked, (), problem)
            found, option = model(name), self.config.getoption
            settings = Settings(seed=option("conform_seed"), examples=option("conform_examples"))
            link = open_link(load_factory(factory), tuple(prepare(found).operations))
            self.config.add_cleanup(link.close)
            self._run = Run(found, link, settings)
        return self._run


class Phase(pytest.Item):
    """One part of the suite, as a test."""

    def runtest(self) -> None:
        """Run it."""
        assert isinstance(self.parent, Client)
        run = self.parent.run()
        if run.findings:
            pytest.skip("the cover found deviations")
        if self.name == "cover":
            run.cover()
            run.sweep()
        else:
            run.random()
        from statemodel.testing.reports.text import to_text

        report = run.report()
        text = to_text(report)
        self.user_properties[:] = [(PROPERTY, (self.parent.asked, text))]
        if report.findings:
            raise ConformanceFailed(text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """The finding in words; a traceback would lead into this plugin."""
        from statemodel.errors import StateModelError

        if isinstance(excinfo.value, ConformanceFailed | StateModelError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[str, None, str]:
        """Where it comes from and what it is called."""
        assert self.parent is not None
        return "conform", None, f"{self.parent.name}: {self.name}"


class ConformanceFailed(AssertionError):  # noqa: N818  # a verdict, told as pytest tells them
    """A client that does not conform; holds the report as text."""
