"""Arguments at the limits of parameters, pages of lists put together, and the sweep that sends them all."""

import pytest
from publishing import SYSTEM, Paging, Right

from statemodel import Action, Operation, Parameter, Source, Subject, documented, inferred
from statemodel.catalogue import FC
from statemodel.coverage.stages import stages
from statemodel.model.operation import Rule
from statemodel.registry import model
from statemodel.semantics import call, prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.ahead import Ahead
from statemodel.testing.session import TroubleError, make_session
from statemodel.testing.suite import Run, Settings
from statemodel.testing.tours.limits import cases
from statemodel.testing.tours.sweep import Sweep


def together(args):
    """Whether both were sent, and are the same."""
    one, two = args.get("low"), args.get("high")
    return None if one is None or two is None else one != two


SAID = documented(Source("DOC", "the page on Make"))
MADE = Operation(
    "Make",
    Action.CALL,
    (
        Parameter("name", Subject.IDENTITY, required=True, pattern="[a-z]+", longest=4, evidence=SAID),
        Parameter("size", minimum=0.5, maximum=2, step=0.5, evidence=SAID),
        Parameter("guess", minimum=1, evidence=inferred(Source("DOC", "the page on Make"))),
        Parameter("way", values=("a", "b"), default="a", evidence=SAID),
        Parameter("kind", values=("one", "two"), evidence=SAID),
        Parameter("low", values=(1, 2), evidence=SAID),
        Parameter("high", values=(1, 2), evidence=SAID),
    ),
    rules=(Rule("low is not high", together, None),),
)


def test_cases_lie_on_both_sides_of_each_limit():
    """Each documented limit of a plain value is tried just outside and just inside, a rule is broken once."""
    assert [(case.words, case.is_within) for case in cases(MADE)] == [
        ("size=0", False),
        ("size=2.5", False),
        ("size=0.75", False),
        ("size=0.5", True),
        ("size=2", True),
        ("kind=one-x", False),
        ("kind=one", True),
        ("kind=two", True),
        ("low=3", False),
        ("low=1 high=2", True),
        ("low=2 high=1", True),
        ("high=3", False),
        ("against: low is not high", False),
    ]


def test_the_model_refuses_what_is_outside_and_nothing_else():
    """A call is wrong by its arguments alone exactly where a case says that it is not within limits."""
    found = [
        (operation.name, case.words, case.is_within, bool(call(operation, case.args).invalid))
        for operation in FC.operations
        for case in cases(operation)
    ]
    assert len(found) > 40
    assert [one for one in found if one[2] is one[3]] == []


# ------------------------------------------------------------------------------------------------- pages


def turned(client, **more):
    """What comes of turning the pages of two versions."""
    with open_link(lambda: client, tuple(SYSTEM.operations)) as link:
        session = make_session(SYSTEM, link)
        session.reset()
        session.call("f", "CreateFunction", {"content": "one"})
        session.settle("f")
        for _ in range(2):
            session.call("f", "PublishVersion", {})
            session.settle("f")
        session.turn("f", SYSTEM.operations["ListVersionByFunction"], **more)
        return session.script


@pytest.mark.parametrize(("limit", "pages"), [(1, 3), (2, 2), (3, 1)])
def test_the_pages_of_a_right_list_are_the_whole_list(limit, pages):
    """Two versions and the one that is never published are shown on as many pages as it takes."""
    script = turned(Right(), limit=limit)
    assert [step.what for step in script[-pages:]] == ["ListVersionByFunction"] * pages
    assert script[-pages - 1].what != "ListVersionByFunction" or "Limit" not in script[-pages - 1].args


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("repeats", "$LATEST is on two pages"),
        ("loses", "TotalCount is 3 and the pages show 1"),
        ("floods", "a page of 3 where 1 was asked for"),
        ("counts", "TotalCount is 4 and the pages show 3"),
    ],
)
def test_wrong_pages_are_told(fault, reason):
    """Pages that are not together what the list is are a finding about a read."""
    client = Paging()
    client.fault = fault
    with pytest.raises(TroubleError) as caught:
        turned(client)
    assert (caught.value.trouble.code, caught.value.trouble.reason) == ("SM203", reason)


def test_pages_turned_while_something_is_under_way_are_not_put_together():
    """A version that is being published may come between two pages."""
    with open_link(Right, tuple(SYSTEM.operations)) as link:
        session = make_session(SYSTEM, link)
        session.reset()
        session.call("f", "CreateFunction", {"content": "one"})
        session.call("f", "ListVersionByFunction", {"Limit": 1})
        assert session.pages.following is None


# ------------------------------------------------------------------------------------------------- the sweep


@pytest.mark.parametrize("name", ["fc.function", "fc.version"])
def test_a_right_service_passes_every_case(name):
    """Nothing is found, and every case was sent."""
    system = prepare(model(name))
    with open_link(lambda: FakeService(Simulator.of(system)), tuple(system.operations)) as link:
        session = make_session(system, link)
        sweep = Sweep(session, next(iter(Ahead(stages(system, link.abilities)))).chart, budget=2_000, is_thorough=False)
        sweep.run()
    assert (sweep.found, sweep.missed) == ([], ())
    assert link.calls > 10


class Lenient(FakeService):
    """Takes any limit of a list."""

    def call(self, op, args=None):
        return super().call(op, {**args, "limit": 100} if (args or {}).get("limit") == 101 else args)


class Strict(FakeService):
    """Takes no list of a hundred, as if there were no function."""

    def call(self, op, args=None):
        is_long = (args or {}).get("limit") == 100 and op == "listFunctionVersions"
        return {"error": "FunctionNotFound"} if is_long else super().call(op, args)


@pytest.mark.parametrize(
    ("client", "got"),
    [
        (Lenient, "listFunctions: accepted"),
        (Lenient, "listFunctionVersions: accepted"),
        (Strict, "listFunctionVersions: refused, FunctionNotFound"),
    ],
)
def test_a_wrong_limit_is_found(client, got):
    """A service that takes too much, and one that takes too little; nothing is done but what shows it."""
    part = model("fc.function")
    with open_link(lambda: client(Simulator.of(part)), tuple(prepare(part).operations)) as link:
        run = Run(part, link, Settings())
        run.cover()
        run.sweep()
    found = {one.got.partition(" {")[0]: one for one in run.findings}
    assert (found[got].code, len(found[got].script) <= 4, found[got].is_reproduced) == ("SM203", True, True)


def test_a_client_that_takes_no_parameters_is_left_alone():
    """Without the abilities nothing is sent."""
    system = prepare(model("fc.function"))
    client = FakeService(Simulator.of(system), without=("parameters", "paging"))
    with open_link(lambda: client, tuple(system.operations)) as link:
        sweep = Sweep(make_session(system, link), next(iter(Ahead(stages(system, link.abilities)))).chart, budget=2_000)
        sweep.run()
    assert (link.calls, sweep.missed) == (0, ())
