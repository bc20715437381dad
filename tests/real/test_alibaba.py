"""The published SDK of FC 3.0 against the simulated service, over a real socket."""

import json
import time

import pytest

pytest.importorskip("alibabacloud_fc20230330", reason="the extra `alibaba` is not installed")

from alibabacloud_fc20230330 import models as m
from alibabacloud_fc20230330.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from faces import face_of, served

from statemodel.adapters import alibaba
from statemodel.adapters.control import Control, package
from statemodel.cli import main
from statemodel.registry import model
from statemodel.servers.wire import Key
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.report import Result
from statemodel.testing.suite import Settings, conformance

KEY = Key("AKID", "secret")
STEPS = (
    {"do": "call", "op": "createFunction", "args": {"functionName": "fn-1", "content": "code-1"}},
    {"do": "advance", "seconds": 60},
    {"do": "call", "op": "getFunction", "args": {"functionName": "fn-1"}},
    {"do": "call", "op": "invokeFunction", "args": {"functionName": "fn-1"}},
)
QUICK = Settings(examples=5, cover_calls=400)


def client(place, key=KEY):
    """The client of the SDK."""
    return Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint="{}:{}".format(*place),
                         protocol="HTTP", region_id="cn-hangzhou"))


def refused(call, *args):
    """Code and status of the exception that a call raises."""
    with pytest.raises(AlibabaCloudException) as raised:
        call(*args)
    return raised.value.code, raised.value.status_code


def create(sdk, image="repo/one:1"):
    """A container function."""
    config = m.CustomContainerConfig(image=image)
    sdk.create_function(m.CreateFunctionRequest(body=m.CreateFunctionInput(
        function_name="f", runtime="custom-container", handler="h", custom_container_config=config)))


def update(sdk, image):
    """The same with another image."""
    config = m.CustomContainerConfig(image=image)
    sdk.update_function("f", m.UpdateFunctionRequest(body=m.UpdateFunctionInput(custom_container_config=config)))


def shown(sdk):
    """State and lastUpdateStatus."""
    body = sdk.get_function("f", m.GetFunctionRequest()).body
    return body.state, body.last_update_status


def waited(sdk):
    """What is read until nothing moves any more."""
    seen = []
    for _ in range(200):
        now = shown(sdk)
        seen += [now] if seen[-1:] != [now] else []
        if now[0] != "Pending" and now[1] != "InProgress":
            return seen
        time.sleep(0.05)
    raise AssertionError(seen)


def invoked(sdk, **given):
    """What an invocation answers with."""
    return sdk.invoke_function("f", m.InvokeFunctionRequest(**given)).body.read()


def judged(place, tmp_path, capsys, *, code=0):
    """The recorded history holds against the model, as `check` says."""
    file = tmp_path / "history.jsonl"
    file.write_text(Control(*place).history(), encoding="utf-8")
    assert main(["check", "fc", str(file), "--start", "absent", "--environment", "recorded"]) == code
    return capsys.readouterr().out


def test_a_life(tmp_path, capsys):
    """Create, poll to Active, update, publish, invoke, switch, delete; time is real, requests are signed."""
    with served(face_of("fc", key=KEY, passing=time.monotonic, now=time.time, delay_s=0.3)) as place:
        sdk = client(place)
        create(sdk)
        assert [one[0] for one in waited(sdk)] == ["Pending", "Active"]
        update(sdk, "repo/two:1")
        assert waited(sdk) == [("Active", "InProgress"), ("Active", "Successful")]
        published = sdk.publish_function_version("f", m.PublishFunctionVersionRequest()).body
        assert (published.version_id, invoked(sdk, qualifier="1")) == ("1", b"repo/two:1")
        assert refused(sdk.publish_function_version, "f", m.PublishFunctionVersionRequest())[0] == "VersionPublishError"
        sdk.create_alias("f", m.CreateAliasRequest(body=m.CreateAliasInput(alias_name="live", version_id="1")))
        assert sdk.get_alias("f", "live").body.version_id == "1"
        listed = sdk.list_function_versions("f", m.ListFunctionVersionsRequest(limit=10)).body.versions
        assert [one.version_id for one in listed] == ["LATEST", "1"]
        assert sdk.disable_function_invocation("f", m.DisableFunctionInvocationRequest(reason="r")).body.success
        assert sdk.get_function("f", m.GetFunctionRequest()).body.invocation_restriction.disable
        assert sdk.enable_function_invocation("f").body.success
        sdk.delete_alias("f", "live")
        sdk.delete_function_version("f", "1")
        assert sdk.delete_function("f").status_code == 204
        assert refused(sdk.get_function, "f", m.GetFunctionRequest()) == ("FunctionNotFound", 404)
        assert "1 conforms" in judged(place, tmp_path, capsys)


def test_a_zip_runtime_is_ready_at_once():
    """A function of a package shows no state and answers with what was uploaded."""
    with served(face_of("fc")) as place:
        sdk = client(place)
        sdk.create_function(m.CreateFunctionRequest(body=m.CreateFunctionInput(
            function_name="f", runtime="python3.12", handler="h", code=m.InputCodeLocation(zip_file=package("one")))))
        assert (shown(sdk), invoked(sdk)) == ((None, None), b"one")


def test_injected_failures(tmp_path, capsys):
    """Failures that the control path asks for are what the SDK sees."""
    with served(face_of("fc")) as place:
        sdk, control = client(place), Control(*place)
        control.steer("outcome", {"event": "preparation failed"})
        create(sdk)
        control.steer("advance", {"seconds": 10})
        assert shown(sdk)[0] == "Failed"
        with pytest.raises(AlibabaCloudException):
            invoked(sdk)
        sdk.delete_function("f")
        create(sdk)
        control.steer("advance", {"seconds": 10})
        control.steer("outcome", {"event": "update failed"})
        update(sdk, "repo/two:1")
        control.steer("advance", {"seconds": 10})
        assert shown(sdk) == ("Active", "Failed")
        assert invoked(sdk) == b"repo/one:1"
        assert control.steer("happen", {"event": "idle"})
        assert shown(sdk)[0] == "Inactive"
        assert "1 conforms" in judged(place, tmp_path, capsys)


def test_a_wrong_key_is_refused():
    """The codes of the service surface as the SDK's exceptions."""
    with served(face_of("fc", key=KEY, now=time.time)) as place:
        wrong, nobody = client(place, Key("AKID", "wrong")), client(place, Key("nobody", "wrong"))
        asked = m.ListFunctionsRequest(limit=5, prefix="a b")
        assert refused(wrong.list_functions, asked) == ("SignatureNotMatch", 403)
        assert refused(nobody.list_functions, asked) == ("InvalidAccessKeyID", 403)
        assert client(place).list_functions(asked).body.functions == []


# ------------------------------------------------------------------------------------------------- the adapter


@pytest.fixture
def endpoint(monkeypatch):
    """Names an endpoint for the adapter."""
    def name(place):
        monkeypatch.setenv("STATEMODEL_ENDPOINT", "http://{}:{}".format(*place))

    return name


def test_the_suite_through_the_adapter(endpoint):
    """The whole model, with few examples: nothing is found, and every ability is there."""
    with served(face_of("fc")) as place:
        endpoint(place)
        report = conformance(model("fc"), alibaba.adapter, settings=QUICK)
    assert (report.result, report.findings) == (Result.PASSED, ())
    assert {"clock", "outcome", "environment", "content", "parameters", "paging"} <= set(report.abilities)


def test_one_line(endpoint, tmp_path, capsys):
    """The command line reaches the adapter by its name."""
    script = tmp_path / "script.jsonl"
    with served(face_of("fc")) as place:
        endpoint(place)
        script.write_text("".join(f"{json.dumps(step)}\n" for step in STEPS), encoding="utf-8")
        assert main(["conform", "fc", "--python", "statemodel.adapters.alibaba:adapter", "--script", str(script)]) == 0
    assert "PASSED  fc: 4 steps" in capsys.readouterr().out


class Forgetful(FakeService):
    """A service that publishes a version although nothing has changed, and does not remember it."""

    def call(self, op, args=None):
        answer = super().call(op, args)
        return {"result": {"versionId": "9"}} if answer.get("error") == "VersionPublishError" else answer


def test_a_planted_fault_is_found(endpoint, tmp_path, capsys):
    """A wrong service behind the face is found out by the suite, and by the oracle from what was recorded."""
    with served(face_of("fc", service=Forgetful(Simulator.of(model("fc"))))) as place:
        endpoint(place)
        report = conformance(model("fc"), alibaba.adapter, settings=QUICK)
        Control(*place).steer("reset")
        sdk = client(place)
        create(sdk)
        Control(*place).steer("advance", {"seconds": 10})
        numbers = [sdk.publish_function_version("f", m.PublishFunctionVersionRequest()).body.version_id
                   for _ in range(2)]
        said = judged(place, tmp_path, capsys, code=1)
    assert (report.result, numbers) == (Result.FAILED, ["1", "9"])
    assert any("publishFunctionVersion" in one.name for one in report.findings)
    assert "violates" in said
