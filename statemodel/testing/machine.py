"""Random walks on Hypothesis, which shrinks and replays what it finds. The only importer of Hypothesis."""

import atexit
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from statemodel.coverage.goals import Goal
from statemodel.coverage.sent import sendable
from statemodel.errors import MissingExtraError
from statemodel.model.operation import Operation, Parameter, Subject
from statemodel.model.service import Model
from statemodel.semantics import prepare
from statemodel.testing.adapter import TIMEOUT_S, Factory, open_link
from statemodel.testing.findings import finding
from statemodel.testing.garbage import kept_apart
from statemodel.testing.judge import Followed
from statemodel.testing.options import ALIASES, ORDERS, SWARMS, Options, Sort, choices
from statemodel.testing.reply import Reply
from statemodel.testing.reports.told import told
from statemodel.testing.session import POLLS, Session, Trouble, TroubleError, make_session
from statemodel.testing.trials import CODES, SHRINKS, Trials
from statemodel.testing.walk import NAMES, OTHER, STEPS, WAITS, Coded, Walker, Walks, seeded_walks

try:
    from hypothesis import HealthCheck, Phase, Verbosity, given, reject, settings
    from hypothesis import seed as seed_of
    from hypothesis import strategies as st
    from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase
    from hypothesis.errors import Flaky
    from hypothesis.stateful import (
        Bundle,
        MultipleResults,
        RuleBasedStateMachine,
        initialize,
        multiple,
        precondition,
        rule,
    )
except ModuleNotFoundError as error:
    raise MissingExtraError("walking at random", "testing") from error

T = TypeVar("T")


@st.composite
def _codes(draw: st.DrawFn, steps: int) -> tuple[int, list[int]]:
    """The steps of a walk, any of which can be left out; most walks are neither short nor long.

    A number for each step means nearly the same wherever it comes, so that what is left keeps its meaning. They are
    unlike each other, or Hypothesis would walk the same way five times with one step repeated.
    """
    code = st.integers(0, CODES - 1)
    least = draw(st.sampled_from((0, *([steps * 3 // 5] * 7))))
    swarm = draw(st.integers(0, SWARMS - 1))
    return swarm, draw(st.lists(code, min_size=least, max_size=steps * 9 // 5, unique=True))


@kept_apart()
def random_walks(
    session: Session,
    *,
    examples: int,
    steps: int = STEPS,
    seed: int | str = 0,
    left: frozenset[Goal] = frozenset(),
    is_old: Callable[[Trouble], bool] = lambda _: False,
    tell: Callable[[int], object] = lambda _: None,
    shrinks: int = SHRINKS,
    database: str | None = None,
    key: str = "",
) -> Walks:
    """Walk at random until trouble is met, and shorten the walk that met it.

    What a walk does depends on nothing but what is drawn, on `left` and on the client. Where a client answers the same
    calls in two ways, the trouble met is given as it is; if there was none yet, the rest is walked by the seed alone.

    Args:
        session: the client and its judge.
        examples: greatest number of walks.
        steps: how long a walk is on average.
        seed: fixes everything that is drawn.
        left: goals to be preferred.
        is_old: whether trouble is known, so that it ends a walk and does not fail it.
        tell: called with the number of walks begun.
        shrinks: greatest number of walks to shorten one.
        database: directory in which walks that failed are kept, to be tried first the next time; None for none.
        key: what tells clients apart there.

    Raises:
        AdapterError: the adapter itself fails.
    """
    walking = Trials(session, left=left, shrinks=shrinks, is_old=is_old, tell=tell)
    is_flaky = False

    @_settings(examples, None if database is None else _Kept(database, key))
    @seed_of(Random(str(seed)).getrandbits(64))  # noqa: S311  # nothing secret
    @given(_codes(steps).map(walking.walk))
    def conforms(trouble: Trouble | None) -> None:
        if walking.is_wanted(trouble):
            raise _FailedWalkError

    try:
        conforms()
    except _FailedWalkError:
        pass
    except Flaky:
        is_flaky = True
    if walking.stop is not None:
        raise walking.stop
    walks = Walks(walking.best, walking.done, walking.open_ended)
    if not is_flaky or walking.best is not None:
        return walks
    rest = seeded_walks(
        session,
        examples=examples - walking.done,
        steps=steps,
        seed=seed,
        left=left,
        is_old=is_old,
        tell=lambda more: tell(walking.done + more),
    )
    return rest.after(walks)


class _FailedWalkError(Exception):
    """A walk came to new trouble."""


class _Kept(ExampleDatabase):
    """Walks that failed, in a directory, apart for each client."""

    def __init__(self, directory: str, key: str) -> None:
        super().__init__()
        self._inner = DirectoryBasedExampleDatabase(directory)
        self._key = key.encode()

    def save(self, key: bytes, value: bytes) -> None:
        self._inner.save(self._key + key, value)

    def fetch(self, key: bytes) -> Iterable[bytes]:
        return self._inner.fetch(self._key + key)

    def delete(self, key: bytes, value: bytes) -> None:
        self._inner.delete(self._key + key, value)


def _settings(examples: int, database: ExampleDatabase | None) -> settings:
    return settings(
        max_examples=examples,
        database=database,
        deadline=None,
        derandomize=False,
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )


# ------------------------------------------------------------------------------------------------- a state machine


class ModelMachine(RuleBasedStateMachine):
    """What every state machine made of a model can do; see `state_machine`.

    Attributes:
        session: the client and its judge; every call goes through it.
        names: the functions there may be.
    """

    functions = Bundle("functions")
    versions = Bundle("versions")
    names = NAMES
    opened: Callable[[], Options]

    def __init__(self) -> None:
        super().__init__()
        self.options = type(self).opened()
        self.session = self.options.session
        self._is_over = False
        self._guarded(self.session.reset)

    def call(self, function: str, operation: str, **args: Any) -> Reply:
        """Call an operation and judge its answer; for rules of one's own.

        Args:
            function: the function that is spoken of.
            operation: name of the operation.
            args: its arguments, without the name of the function.
        """
        other = args.pop("other", None)
        return self._guarded(lambda: self.session.call(function, operation, args, other=other))

    def _guarded(self, do: Callable[[], T]) -> T:
        try:
            return do()
        except TroubleError as error:
            self._is_over = True
            trouble = error.trouble
        if trouble.code == "SM104":
            reject()
        message = told(finding(self.session, trouble, tuple(self.session.script), phase="random", replays=0))
        raise AssertionError(message)

    def _track(self, function: str) -> Followed:
        return self.session.judge.follow(function)

    def may_accept(self, operation: str) -> bool:
        """Whether an operation may be accepted for some function, as far as is believed."""
        asked = next((one for one in self.options.operations if one.name == operation), None)
        tracks = (self._track(name) for name in self.names)
        return asked is not None and any(self.options.sort(one, asked) is not Sort.FORBIDDEN for one in tracks)

    def _is_moving(self) -> bool:
        return any(self.options.outcomes(self._track(name)) for name in self.names)

    def _act(self, operation: Operation, function: str, given: dict[str, Any]) -> MultipleResults[str]:
        before = self.session.members(self._track(function), Subject.VERSION)
        sent = ((name, value) for name, value in given.items() if value is not None)
        args = {name: value for name, value in sent if self._takes(operation, name, value)}
        other = OTHER[function] if operation.parameter("as") else None
        self.call(function, operation.name, other=other, **args)
        after = self.session.members(self._track(function), Subject.VERSION)
        return multiple(*(name for name in after if name not in before))

    def _takes(self, operation: Operation, name: str, value: Any) -> bool:
        """Whether an argument that was drawn is sent: a copy has the content of what it is made from."""
        parameter = operation.parameter(name)
        if parameter is not None and parameter.subject is Subject.CONTENT and operation.parameter("as") is not None:
            return False
        return sendable(self.session.link.abilities)(operation, name, value)

    @initialize(target=functions)
    def some_functions(self) -> MultipleResults[str]:
        """Names to begin with."""
        return multiple(*self.names)

    @initialize(target=versions)
    def some_versions(self) -> MultipleResults[str]:
        """A version to ask for before there is any."""
        return multiple("1")

    @rule(function=functions, code=st.integers(0, CODES - 1))
    def forbidden_call(self, function: str, code: int) -> None:
        """Call what is refused for certain, if anything is."""
        walker = Walker(self.options, Coded(code, ()))
        place = walker.chooser.pick(range(ORDERS))
        operation = self.options.chosen(self._track(function), place, (Sort.FORBIDDEN,))
        if operation is not None:
            self._guarded(lambda: walker.call(function, operation))

    @rule(function=functions, seconds=st.sampled_from(WAITS))
    def wait(self, function: str, seconds: float) -> None:
        """Let time pass, and look."""
        self._guarded(lambda: self.session.wait(function, seconds))

    @precondition(_is_moving)
    @rule(function=functions)
    def settle(self, function: str) -> None:
        """Wait until nothing is under way."""
        self._guarded(lambda: self.session.settle(function))

    @precondition(_is_moving)
    @rule(function=functions, code=st.integers(0, 15))
    def steer(self, function: str, code: int) -> None:
        """Ask for one of the outcomes that are under way."""
        names = self.options.outcomes(self._track(function))
        if names:
            self.session.steer(names[code % len(names)])

    @precondition(lambda self: bool(self.options.events))
    @rule(code=st.integers(0, 15))
    def happen(self, code: int) -> None:
        """Let something happen that nobody asked for."""
        self.session.happen(self.options.events[code % len(self.options.events)])

    def teardown(self) -> None:
        """Settle everything and read it all over, unless something failed."""
        if not self._is_over:
            self._guarded(lambda: Walker(self.options, Coded(0, ())).finish(self.names))


def state_machine(
    model: Model, factory: Factory, *, timeout_s: float | None = TIMEOUT_S, patience: int = POLLS
) -> type[ModelMachine]:
    """A state machine of Hypothesis to add rules and invariants to: one rule for each operation, and for what befalls.

    A rule is enabled where some configuration that is believed in may accept its operation; what must be refused is
    called by a rule of its own. `random_walks` finds the same in less time and shortens it better; this is for those
    who add to it.

    >>> from statemodel.catalogue import SCF
    >>> from statemodel.simulator import FakeService, Simulator
    >>> Base = state_machine(SCF, lambda: FakeService(Simulator.of(SCF)))
    >>> class Aliases(Base):
    ...     @rule(function=Base.functions, version=Base.versions)
    ...     def move_alias(self, function, version):
    ...         self.call(function, "UpdateAlias", Name="live", FunctionVersion=version)
    >>> TestAliases = Aliases.TestCase

    Args:
        model: a graph or a service.
        factory: makes an adapter of the client; called once, when the first walk begins.
        timeout_s: how long anything awaited may take.
        patience: polls, or with a clock 72 advanced seconds each, that a working state may last.
    """
    system = prepare(model)

    @lru_cache(maxsize=1)
    def opened() -> Options:
        link = open_link(factory, tuple(system.operations), timeout_s=timeout_s)
        atexit.register(link.close)
        return Options(make_session(system, link, patience=patience))

    rules = {spelled(name): _rule_of(operation) for name, operation in system.operations.items()}
    name = f"{system.service.name} machine".title().replace(" ", "").replace(".", "")
    return type(name, (ModelMachine,), {"opened": staticmethod(opened), **rules})


def _rule_of(operation: Operation) -> Any:
    def act(self: ModelMachine, function: str, **given: Any) -> MultipleResults[str]:
        return self._act(operation, function, given)

    act.__name__ = spelled(operation.name)
    act.__doc__ = operation.doc
    drawn = {one.name: found for one in operation.parameters if (found := _drawn(one)) is not None}
    makes: Any = rule  # whose types do not know rules made from data
    made = makes(target=ModelMachine.versions, function=ModelMachine.functions, **drawn)(act)
    return precondition(lambda self: bool(self.may_accept(operation.name)))(made)


def _drawn(parameter: Parameter) -> st.SearchStrategy[Any] | None:
    if parameter.name == "as" or "." in parameter.name:
        return None
    left_out = [] if parameter.required else [st.none()]
    aliases = st.sampled_from(ALIASES)
    match parameter.subject:
        case Subject.CONTENT:
            return st.sampled_from(("code-1", "code-2", "code-3"))
        case Subject.VERSION:
            return st.one_of(*left_out, ModelMachine.versions)
        case Subject.ALIAS:
            return st.one_of(*left_out, aliases)
        case Subject.QUALIFIER:
            return st.one_of(*left_out, ModelMachine.versions, aliases)
    values = choices(parameter)
    return st.sampled_from((None, *values)) if values else None


def spelled(name: str) -> str:
    """The name of an operation as Python spells names of functions."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
