"""Random plays of the fake service: nothing its model forbids, the same again, and functions that stay apart."""

import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playing import Recorder, plays

from statemodel.catalogue import SCF
from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.registry import MODELS
from statemodel.simulator import FakeService, Simulator

SOME = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
CREATED = {"FunctionName": "f", "content": "one"}


def fake(model=SCF, **options):
    return FakeService(Simulator.of(model, **options))


def status(one, name="f"):
    answer = one.call("GetFunction", {"FunctionName": name})
    return answer["result"]["Status"] if "result" in answer else answer["error"]


@pytest.mark.parametrize("is_adversarial", [False, True], ids=["settled", "adversarial"])
@pytest.mark.parametrize("name", MODELS)
@SOME
@given(data=st.data())
def test_every_play_conforms(name, is_adversarial, data):
    """Whatever it is asked, the oracle finds nothing that its model forbids."""
    resources = ("f", "g") if name in ("scf", "fc") else ("f",)
    recorder = data.draw(plays(name, resources=resources, is_adversarial=is_adversarial))
    report = judge(MODELS[name], recorder.records, start="absent", environment="recorded")
    for verdict in report.verdicts:
        assert verdict.outcome is not Outcome.VIOLATES, (verdict.text(), recorder.records)


@SOME
@given(data=st.data(), is_adversarial=st.booleans())
def test_equal_worlds_go_on_equally(data, is_adversarial):
    """The same seed and calls give the same answers and equal worlds, also in a copy that was pickled."""
    recorder = data.draw(plays("scf", resources=("f", "g"), is_adversarial=is_adversarial))
    other = recorder.fake.copy()
    assert pickle.loads(pickle.dumps(other.world)) == recorder.fake.world  # noqa: S301 - our own
    for _ in range(5):
        assert status(other) == status(recorder.fake)
        other.advance(7)
        recorder.fake.advance(7)
    assert (hash(other.world), other.fingerprint()) == (hash(recorder.fake.world), recorder.fake.fingerprint())
    assert other.world == recorder.fake.world


@SOME
@given(data=st.data())
def test_functions_do_not_disturb_each_other(data):
    """Whatever is done to one function, another reads as it would alone."""
    alone = fake()
    alone.call("CreateFunction", {"FunctionName": "g", "content": "g"})
    recorder = data.draw(plays("scf", resources=("f",)))
    recorder.fake.reset()
    recorder.fake.call("CreateFunction", {"FunctionName": "g", "content": "g"})
    for record in recorder.records:
        if "op" in record:
            recorder.fake.call(record["op"], record["args"])
    assert status(recorder.fake, "g") == status(alone, "g") == "Creating"
    recorder.fake.advance(5)
    assert status(recorder.fake, "g") == "Active"
    assert recorder.fake.call("Invoke", {"FunctionName": "g"}) == {"result": {"content": "g"}}


def test_the_oracle_would_see_a_fault():
    """A play with one answer forged is a violation: the check above can fail."""
    recorder = Recorder(SCF)
    recorder.call("CreateFunction", "f", **CREATED)
    recorder.records.append({"resource": "f", "op": "GetFunction", "result": {"Status": "Updating"}})
    report = judge(SCF, recorder.records, start="absent", environment="recorded")
    assert [verdict.outcome for verdict in report.verdicts] == [Outcome.VIOLATES]
