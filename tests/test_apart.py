"""Resources of one name in two namespaces: who mixes them is caught, who knows but one namespace is not blamed."""

from functools import cache, partial

import pytest
import scf_faults
from mq import QUEUE, Queues
from scf_parts import key_of
from scf_service import Scf

from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.adapter import open_link
from statemodel.testing.play import play
from statemodel.testing.report import Result
from statemodel.testing.reports.text import to_text
from statemodel.testing.script import Step
from statemodel.testing.suite import Run, Settings, conformance
from statemodel.testing.tours.naming import identity, is_listed, named, named_second, second

MIXED = (
    "DeletionForgetsTheNamespace", "DeletionReachesEveryNamespace", "ListShowsEveryNamespace",
    "NamespacesShareTheirContent", "ReadFallsBackToTheDefaultNamespace", "NameIsTakenInEveryNamespace",
    "AliasesForgetTheNamespace",
)  # fmt: skip
OF_FUNCTION = MIXED[:5]  # what the part of the function alone can tell
IGNORES = "cases of another Namespace: this client takes a resource of another Namespace for the same one"
QUICK = Settings(cover_calls=0)  # neither cover nor limits: what is left of a sweep is what this is about


@cache
def chart(name, abilities):
    """The chart of a model for clients of some abilities."""
    with open_link(lambda: FakeService(Simulator.of(model(name))), tuple(prepare(model(name)).operations)) as link:
        link.abilities = frozenset(abilities)
        return next(iter(Run(model(name), link, QUICK)._stages)).chart  # noqa: SLF001


def swept(factory, name="scf"):
    """The report of a sweep alone, without limits and pages."""
    with open_link(factory, tuple(prepare(model(name)).operations)) as link:
        run = Run(model(name), link, QUICK)
        run.chart = chart(name, tuple(sorted(link.abilities)))
        run.sweep()
        run.missed = tuple(one for one in run.missed if one.startswith("cases of another"))
        return run.report(), run.missed


class OnlyDefault(Scf):
    """There is no other namespace."""

    code = "ResourceNotFound.Namespace"

    def call(self, op, args):
        return super().call(op, args) if key_of(args)[0] == "default" else {"error": self.code}


class OnlyDefaultInItsOwnWords(OnlyDefault):
    """There is no other namespace, which is said by a code of its own."""

    code = "NoSuchNamespace"


class Forbidden(OnlyDefault):
    """Other namespaces belong to somebody else."""

    code = "UnauthorizedOperation"


class Busy(OnlyDefault):
    """Calls to other namespaces are put off for ever."""

    code = "RequestLimitExceeded"


class Hurried(Scf):
    """Every third call is put off once."""

    def begin(self):
        super().begin()
        self.count = 0

    def call(self, op, args):
        self.count += 1
        return {"error": "RequestLimitExceeded"} if self.count % 3 == 0 else super().call(op, args)


class ReadsWithoutNamespace(scf_faults.ReadFallsBackToTheDefaultNamespace):
    """A function is shown in a namespace that does not exist."""

    def call(self, op, args):
        is_change = key_of(args)[0] != "default" and not op.startswith(("Get", "Invoke", "List"))
        return {"error": "ResourceNotFound.Namespace"} if is_change else super().call(op, args)


# ------------------------------------------------------------------------------------------------- those that mix


@pytest.mark.parametrize("fault", MIXED)
def test_who_mixes_namespaces_is_caught(fault):
    """Whatever leaks from one namespace to the other is one finding, with a short script that shows it again."""
    wrong = getattr(scf_faults, fault)
    report, missed = swept(wrong)
    assert (len(report.findings), missed) == (1, ())
    [found] = report.findings
    assert (found.is_reproduced, len(found.script) <= 8) == (True, True)
    assert play(model("scf"), wrong, found.script).result is Result.FAILED
    assert play(model("scf"), Scf, found.script).result is Result.PASSED


@pytest.mark.parametrize("fault", OF_FUNCTION)
def test_who_mixes_namespaces_is_caught_with_default_settings(fault):
    """The whole suite as it comes fails it, too."""
    report = conformance(model("scf.function"), getattr(scf_faults, fault))
    assert report.result is Result.FAILED
    assert any(step.args.get("Namespace") == "other" for one in report.findings for step in one.script)


def test_a_function_in_no_namespace_is_a_finding():
    """A client that refuses to make one there because there is no such namespace must not show one there."""
    report, missed = swept(ReadsWithoutNamespace)
    assert ([one.name for one in report.findings], missed) == (["SM203:Invoke:accepted"], ())


# ------------------------------------------------------------------------------------------------- those that do not


@pytest.mark.parametrize("lag", [0, 3, 25])
@pytest.mark.parametrize("unit", ["seconds", "calls"])
@pytest.mark.parametrize("luck", [None, 1, 2])
def test_who_keeps_them_apart_passes(lag, unit, luck):
    """Whatever time it takes, and whatever fails there."""
    report, _ = swept(partial(Scf, lag=lag, unit=unit, luck=luck))
    assert report.findings == ()


@pytest.mark.parametrize("seed", range(6))
def test_open_points_make_no_difference(seed):
    """However a service settles what is left open, the two are kept apart."""
    choices = {point: some[seed % len(some)] for point, some in Scf.CHOICES.items()}
    report, _ = swept(partial(Scf, choices=choices, order="last", luck=seed or None))
    assert report.findings == ()


@pytest.mark.parametrize("factory", [Scf, lambda: FakeService(Simulator.of(model("scf")))])
def test_nothing_is_left_out_and_it_costs_little(factory):
    """Of a service that settles everything as it comes every case is run, in fewer than 150 calls."""
    report, missed = swept(factory)
    assert (report.findings, missed, report.calls < 150) == ((), (), True)


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (scf_faults.NamespacesAreMixed, IGNORES),
        (OnlyDefault, "cases of another Namespace: CreateFunction there was refused with ResourceNotFound.Namespace"),
        (OnlyDefaultInItsOwnWords, "cases of another Namespace: CreateFunction there was refused with NoSuchNamespace"),
        (Forbidden, "cases of another Namespace: Invoke there was put off with UnauthorizedOperation"),
        (Busy, "cases of another Namespace: Invoke there was put off with RequestLimitExceeded"),
    ],
)
def test_who_knows_one_namespace_is_told_so(factory, said):
    """It is no finding, and the report says what was not run."""
    report, missed = swept(factory)
    assert (report.findings, missed) == ((), (said,))
    assert said in report.not_run
    assert said in " ".join(to_text(report).split())


def test_who_ignores_namespaces_passes_as_a_whole():
    """The whole suite says that it could not tell, and finds nothing."""
    report = conformance(model("scf.function"), scf_faults.NamespacesAreMixed)
    assert (report.result, IGNORES in report.not_run) == (Result.PASSED, True)


def test_who_puts_calls_off_now_and_then_passes():
    """An answer to come again later is asked again."""
    report, missed = swept(Hurried)
    assert (report.findings, report.throttled > 10, [one for one in missed if "put off" in one]) == ((), True, [])


def test_without_parameters_nothing_is_tried():
    """A client that does not take parameters may fill in a namespace of its own."""
    report, missed = swept(partial(scf_faults.DeletionForgetsTheNamespace, without=("parameters",)))
    assert (report.findings, missed, report.calls) == ((), (), 0)


def test_a_model_without_namespaces_has_no_such_cases():
    """Where nothing but the name tells resources apart, nothing is said of it."""
    report = conformance(QUEUE, Queues, settings=Settings(examples=1))
    assert [one for one in report.not_run if "another" in one] == []


# ------------------------------------------------------------------------------------------------- names


def test_a_key_names_a_resource_and_its_namespace():
    """The default is left out; arguments and key give each other."""
    read, listing, copy = (prepare(model("scf")).operations[one] for one in
                           ("GetFunction", "ListFunctions", "CopyFunction"))  # fmt: skip
    assert identity(read, "fn-1") == {"FunctionName": "fn-1"}
    assert identity(read, "other/fn-1") == {"FunctionName": "fn-1", "Namespace": "other"}
    assert identity(listing, "other/fn-1") == {"Namespace": "other"}
    given = ({"Namespace": "other"}, {"Namespace": "default"}, {"Namespace": None}, {})
    assert [named(read, {"FunctionName": "f", **one}) for one in given] == ["other/f", "f", "f", "f"]
    assert [is_listed(listing, {"Namespace": "other"}, one) for one in ("f", "other/f", "third/f")] == [0, 1, 0]
    assert [is_listed(listing, {}, one) for one in ("f", "other/f")] == [1, 0]
    assert second(copy, "other/g") == {"NewFunctionName": "g", "TargetNamespace": "other"}
    assert [named_second(copy, one) for one in ({}, {"NewFunctionName": "g"}, second(copy, "other/g"))] == [
        None, "g", "other/g"]  # fmt: skip


def test_a_script_may_name_a_namespace():
    """One function in each of two namespaces are two functions."""
    steps = [Step("call", "CreateFunction", {"FunctionName": "f", "content": "a", **one}) for one in
             ({}, {"Namespace": "default"}, {"Namespace": "other"})]  # fmt: skip
    played = play(model("scf"), Scf, (*steps, Step("call", "ListFunctions", {"Namespace": "other"})))
    assert played.result is Result.PASSED
    assert [step.reply.error for step in played.steps] == [None, "ResourceInUse.FunctionName", None, None]
