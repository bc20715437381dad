"""What fails twice, and what several share: right services pass, and what shows only there is met."""

import sys
from pathlib import Path

import pytest
from scf_service import Scf

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.child import ChildAdapter
from statemodel.testing.session import make_session
from statemodel.testing.tours.mishaps import Mishaps

FAULTS = Path(__file__).parent / "faults"
MOST = 3_000


def met(name, client, twins=(), *, has_shares=True):
    """The trouble that one client gives."""
    system = prepare(model(name))
    found = []
    with open_link(client, tuple(system.operations)) as link:
        session = make_session(system, link)
        Mishaps(
            session, budget=MOST, twins=twins, has_shares=has_shares, meet=found.append, enough=lambda: bool(found)
        ).run()
        assert 0 < link.calls < MOST
    return found


@pytest.mark.parametrize("name", ["scf", "fc", "lambda", "scf.function", "scf.version", "fc.alias"])
def test_a_simulated_service_passes(name):
    """Nothing is met, whatever the model leaves open."""
    for seed in range(3):
        assert met(name, lambda seed=seed: FakeService(Simulator.of(model(name), seed=seed))) == []


@pytest.mark.parametrize("name", ["scf", "fc"])
@pytest.mark.parametrize("how", ["", "--lag 0", "--unit calls --lag 3", "--order last --spelling last", "--luck 5"])
def test_a_right_service_passes(name, how):
    """One that was written from the facts, with other lags, orders and outcomes."""
    command = f"{sys.executable} {FAULTS / f'{name}_service.py'} {how}"
    assert met(name, lambda: ChildAdapter(command, name), ("other/fn-1",) if name == "scf" else ()) == []


class TakesNoNotice(Scf):
    """Fills in for itself what is not a name: nobody ever gets a share."""

    def call(self, op, args):
        return super().call(op, {name: value for name, value in args.items() if name != "RoutingConfig"})


def test_shares_are_sent_to_those_only_who_take_notice():
    """What deletes a version that was given a share is wrong only if it took notice of the share."""
    assert met("scf", TakesNoNotice, has_shares=False) == []
    [found] = met("scf", TakesNoNotice)
    assert (found.trouble.code, found.trouble.step.what) == ("SM201", "DeleteFunction")


class SecondFailureServesTheFirst(Scf):
    """Each failed update but the first brings back what the function was made with."""

    def begin(self):
        super().begin()
        self.first, self.failures = {}, 0

    def end_create(self, key, function, at):
        super().end_create(key, function, at)
        self.first[key] = function.content

    def end_update(self, key, function, at):
        super().end_update(key, function, at)
        self.failures = self.failures + 1 if function.status == "UpdateFailed" else 0
        if self.failures > 1:
            function.content = self.first[key]


class FailedUpdateForgetsArrears(Scf):
    """A function whose update failed is served while the account is in arrears."""

    def call(self, op, args):
        function = self.functions.get((args.get("Namespace", "default"), args.get("FunctionName")))
        if op == "Invoke" and function is not None and function.status == "UpdateFailed":
            kept, self.is_in_arrears = self.is_in_arrears, False
            try:
                return super().call(op, args)
            finally:
                self.is_in_arrears = kept
        return super().call(op, args)


class SecondFailedVersionHurtsTheFirst(Scf):
    """The second version in a row whose publication fails makes version 1 read so too."""

    def end_version_work(self, function, number, version, at):
        super().end_version_work(function, number, version, at)
        failed = [one for one, each in function.versions.items() if each.status == "PublishFailed"]
        if len(failed) > 1 and 1 in function.versions:
            function.versions[1].status = "PublishFailed"


class OneNameUnbindsAll(Scf):
    """Of several names of one version only the first is looked at before it goes."""

    def call(self, op, args):
        function = self.functions.get((args.get("Namespace", "default"), args.get("FunctionName")))
        if op in ("DeleteFunction", "DeleteFunctionVersion") and args.get("Qualifier") and function is not None:
            kept = function.aliases
            function.aliases = dict(list(kept.items())[:2])
            try:
                return super().call(op, args)
            finally:
                function.aliases = kept
        return super().call(op, args)


class GoneVersionIsServed(Scf):
    """A version that is gone still answers when it is invoked."""

    def begin(self):
        super().begin()
        self.memory = {}

    def call(self, op, args):
        made = super().call(op, args)
        key = args.get("FunctionName"), args.get("Qualifier")
        if op == "Invoke" and "result" in made:
            self.memory[key] = made
        return self.memory.get(key, made) if op == "Invoke" and "NotFound" in made.get("error", "") else made


class DepartureStopsPublication(Scf):
    """Work on a version is lost when another version goes."""

    def call(self, op, args):
        made = super().call(op, args)
        function = self.functions.get((args.get("Namespace", "default"), args.get("FunctionName")))
        if op.startswith("DeleteFunction") and args.get("Qualifier") and "result" in made and function:
            for version in function.versions.values():
                version.work = None
        return made


class ThirdFunctionServesTheSecond(Scf):
    """From the third function on, all serve what the newest has."""

    def call(self, op, args):
        made = super().call(op, args)
        if op == "Invoke" and "result" in made and len(self.functions) > 2:
            *_, newest = self.functions.values()
            made["result"]["content"] = newest.content
        return made


class CopyIsOfTheNewestVersion(Scf):
    """A copy gets the content of the newest version, not of $LATEST."""

    def call(self, op, args):
        made = super().call(op, args)
        if op == "CopyFunction" and "result" in made:
            space = args.get("Namespace", "default")
            source = self.functions[space, args["FunctionName"]]
            copy = self.functions[space, args["NewFunctionName"]]
            if source.versions:
                copy.content = source.versions[max(source.versions)].content
        return made


class OtherNamespaceIsFree(Scf):
    """Arrears do not reach another namespace."""

    def call(self, op, args):
        kept, self.is_in_arrears = self.is_in_arrears, self.is_in_arrears and args.get("Namespace") in (None, "default")
        made = super().call(op, args)
        self.is_in_arrears = kept or self.is_in_arrears
        return made


@pytest.mark.parametrize(("faulty", "code"), [
    (SecondFailureServesTheFirst, "SM203"), (FailedUpdateForgetsArrears, "SM203"),
    (SecondFailedVersionHurtsTheFirst, "SM203"), (OneNameUnbindsAll, "SM201"), (GoneVersionIsServed, "SM203"),
    (DepartureStopsPublication, "SM302"), (ThirdFunctionServesTheSecond, "SM203"), (CopyIsOfTheNewestVersion, "SM203"),
    (OtherNamespaceIsFree, "SM203"),
])  # fmt: skip
def test_what_shows_only_after_a_mishap_is_met(faulty, code):
    """Each fault is met by itself, whatever the seed is."""
    [found] = met("scf", faulty, ("other/fn-1",))
    assert found.trouble.code == code
