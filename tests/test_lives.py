"""Long lives of one resource show what the shortest way to every goal does not come by."""

import living
import pytest
from fc_service import Fc
from scf_service import Scf

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.session import make_session
from statemodel.testing.suite import COVER_CALLS, Run, Settings
from statemodel.testing.tours.lives import Lives

SYSTEMS = {name: prepare(model(name)) for name in ("scf", "fc")}
PLANTED = [("scf", fault) for fault in living.SCF_FAULTS] + [("fc", fault) for fault in living.FC_FAULTS]


def met(name, client, *, budget=COVER_CALLS, seed=0):
    """The codes of the trouble that long lives come to, the first one last, and how many calls were made."""
    system, found = SYSTEMS[name], []
    with open_link(lambda: client, tuple(system.operations)) as link:
        lives = Lives(make_session(system, link), budget=budget, seed=seed, has_shares=True, meet=found.append,
                      enough=lambda: bool(found))  # fmt: skip
        lives.run()
        return [one.trouble.code for one in found], link.calls


@pytest.mark.parametrize(("name", "fault"), PLANTED, ids=[fault.__name__ for _, fault in PLANTED])
def test_what_needs_a_longer_life_is_met(name, fault):
    """Each fault is met within what a run spends on lives."""
    assert [code[:3] for code in met(name, fault())[0]] == ["SM2"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "service"), [("scf", Scf), ("fc", Fc)])
def test_a_right_service_lives_without_trouble(name, service, seed):
    """Whatever is drawn, a right one comes to no trouble, and the budget is kept but for the last life's end."""
    codes, calls = met(name, service(lag=(0, 3, 10)[seed]), budget=2_000, seed=seed)
    assert codes == []
    assert 2_000 <= calls < 3_000


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_same_seed_leads_the_same_lives(name):
    """Everything that is drawn hangs on the seed alone."""

    def script(seed):
        system = SYSTEMS[name]
        with open_link(lambda: FakeService(Simulator.of(system)), tuple(system.operations)) as link:
            session = make_session(system, link)
            lives = Lives(session, budget=300, seed=seed)
            reset, told = session.reset, []
            session.reset = lambda: (told.extend(map(str, session.script)), reset())
            lives.run()
            return told

    assert script(1) == script(1)
    assert script(1) != script(2)


def test_a_version_that_never_ends_is_waited_for():
    """What is seen at work is waited for, though something else is read after it."""

    class NeverEnds(Scf):
        def end_publish(self, function, number, *, is_well):
            pass

    assert met("scf", NeverEnds())[0] == ["SM302"]


class Careless(Scf):
    """A service that takes no notice of shares at all."""

    def call(self, op, args):
        return super().call(op, {name: value for name, value in args.items() if name != "RoutingConfig"})


class Hurried(Careless):
    """The same, and whoever speaks of shares is told to come again at first."""

    times = 0

    def call(self, op, args):
        self.times += "RoutingConfig" in args
        if "RoutingConfig" in args and self.times % 2:
            return {"error": "RequestLimitExceeded"}
        return super().call(op, args)


@pytest.mark.parametrize(("service", "has_shares"), [(Scf, True), (Careless, False), (Hurried, False)])
def test_shares_are_only_given_where_they_are_noticed(service, has_shares):
    """A client that leaves RoutingConfig to itself is told so, and passes."""
    system = SYSTEMS["scf"]
    with open_link(service, tuple(system.operations)) as link:
        run = Run(model("scf"), link, Settings(cover_calls=600, examples=0))
        run.cover()
        report = run.report()
        assert report.findings == ()
        assert ("cases of RoutingConfig: this client shows no notice of it" in report.not_run) is not has_shares
