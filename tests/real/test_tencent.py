"""The published SDK of SCF against the simulated service, over a real socket."""

import json
import time

import pytest

pytest.importorskip("tencentcloud", reason="the extra `tencent` is not installed")

from faces import face_of, served
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models, scf_client

from statemodel.adapters import tencent
from statemodel.adapters.control import Control, package
from statemodel.cli import main
from statemodel.registry import model
from statemodel.servers.wire import Key
from statemodel.simulator import FakeService, Simulator
from statemodel.testing.report import Result
from statemodel.testing.suite import Settings, conformance

F = {"FunctionName": "f"}
KEY = Key("AKID", "secret")
QUICK = Settings(examples=5, cover_calls=400)


class Sdk:
    """The client of the SDK, called by names."""

    def __init__(self, place, *, key=KEY, method="POST", sign=None):
        http = HttpProfile(protocol="http", endpoint="{}:{}".format(*place), reqMethod=method)
        profile = ClientProfile(signMethod=sign, httpProfile=http)
        self.client = scf_client.ScfClient(credential.Credential(key.id, key.secret), "ap-guangzhou", profile)
        self.control = Control(*place)

    def __call__(self, op, **sent):
        request = getattr(models, f"{op}Request")()
        request.from_json_string(json.dumps(sent))
        return getattr(self.client, op)(request)

    def code(self, op, **sent):
        """The code of the exception that a call raises."""
        with pytest.raises(TencentCloudSDKException) as raised:
            self(op, **sent)
        assert raised.value.get_request_id()
        return raised.value.get_code()

    def wait(self, **given):
        """The statuses read until nothing moves any more."""
        seen = []
        for _ in range(200):
            status = self("GetFunction", **F, **given).Status
            seen += [status] if seen[-1:] != [status] else []
            if not status.endswith("ing"):
                return seen
            time.sleep(0.05)
        raise AssertionError(seen)


def judged(sdk, tmp_path, capsys, *, code=0):
    """The recorded history holds against the model, as `check` says."""
    file = tmp_path / "history.jsonl"
    file.write_text(sdk.control.history(), encoding="utf-8")
    assert main(["check", "scf", str(file), "--start", "absent", "--environment", "recorded"]) == code
    return capsys.readouterr().out


def test_a_life(tmp_path, capsys):
    """Create, poll to Active, update, publish, invoke, delete; the time that passes is real, requests are signed."""
    with served(face_of("scf", key=KEY, passing=time.monotonic, now=time.time, delay_s=0.3)) as place:
        sdk = Sdk(place)
        sdk("CreateFunction", **F, Code={"ZipFile": package("one")}, Runtime="Python3.9", MemorySize=256)
        assert sdk.wait() == ["Creating", "Active"]
        assert sdk("GetFunction", **F).MemorySize == 256
        sdk("UpdateFunctionCode", **F, ZipFile=package("two"))
        assert sdk.code("UpdateFunctionCode", **F, ZipFile=package("three")).startswith("FailedOperation.")
        assert sdk.wait() == ["Updating", "Active"]
        assert sdk("PublishVersion", **F).FunctionVersion == "1"
        assert sdk.wait(Qualifier="1") == ["Publishing", "Active"]
        assert sdk("Invoke", **F, Qualifier="1").Result.RetMsg == "two"
        assert [one.Version for one in sdk("ListVersionByFunction", **F).Versions] == ["$LATEST", "1"]
        assert [one.FunctionName for one in sdk("ListFunctions").Functions] == ["f"]
        sdk("DeleteFunction", **F)
        time.sleep(0.4)
        assert sdk.code("GetFunction", **F) in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
        assert "1 conforms" in judged(sdk, tmp_path, capsys)


def test_injected_failures(tmp_path, capsys):
    """Failures and arrears that the control path asks for are what the SDK sees."""
    with served(face_of("scf")) as place:
        sdk = Sdk(place)

        def failing(event, op, **sent):
            sdk.control.steer("outcome", {"event": event})
            sdk(op, **F, **sent)
            sdk.control.steer("advance", {"seconds": 10})

        failing("create failed", "CreateFunction", Code={"ZipFile": package("one")})
        assert sdk("GetFunction", **F).Status == "CreateFailed"
        assert sdk.code("UpdateFunctionCode", **F, ZipFile=package("two")).startswith("FailedOperation")
        failing("delete done", "DeleteFunction")
        failing("create succeeded", "CreateFunction", Code={"ZipFile": package("one")})
        failing("update failed", "UpdateFunctionCode", ZipFile=package("two"))
        assert sdk("GetFunction", **F).Status == "UpdateFailed"
        assert sdk("Invoke", **F).Result.RetMsg == "one"
        failing("update succeeded", "UpdateFunctionCode", ZipFile=package("two"))
        failing("publish failed", "PublishVersion")
        assert sdk("GetFunction", **F, Qualifier="1").Status == "PublishFailed"
        sdk.control.steer("happen", {"event": "balance exhausted"})
        assert sdk("GetFunction", **F).AvailableStatus == "InsufficientBalance"
        assert sdk.code("InvokeFunction", **F) == "ResourceUnavailable.InsufficientBalance"
        assert "1 conforms" in judged(sdk, tmp_path, capsys)


@pytest.mark.parametrize(("method", "sign"), [("POST", "TC3-HMAC-SHA256"), ("GET", "TC3-HMAC-SHA256"),
                                              ("POST", "HmacSHA1"), ("POST", "HmacSHA256"), ("GET", "HmacSHA256")])
def test_every_way_the_sdk_signs(method, sign):
    """Both protocols are read and their signatures verified; a wrong key is refused."""
    with served(face_of("scf", key=KEY, now=time.time)) as place:
        sdk = Sdk(place, method=method, sign=sign)
        sdk("CreateFunction", **F, Code={"ZipFile": package("one")},
            Environment={"Variables": [{"Key": "K", "Value": "V"}]})
        assert sdk("GetFunction", **F).Environment.Variables[0].Value == "V"
        stranger = Sdk(place, key=Key("AKID", "wrong"), method=method, sign=sign)
        assert stranger.code("GetFunction", **F) == "AuthFailure.SignatureFailure"
        nobody = Sdk(place, key=Key("nobody", "wrong"), method=method, sign=sign)
        assert nobody.code("GetFunction", **F) == "AuthFailure.SecretIdNotFound"


# ------------------------------------------------------------------------------------------------- the adapter


@pytest.fixture
def endpoint(monkeypatch):
    """Names an endpoint for the adapter."""
    def name(place):
        monkeypatch.setenv("STATEMODEL_ENDPOINT", "http://{}:{}".format(*place))

    return name


def test_the_suite_through_the_adapter(endpoint):
    """The whole model, with few examples: nothing is found, and every ability is there."""
    with served(face_of("scf")) as place:
        endpoint(place)
        report = conformance(model("scf"), tencent.adapter, settings=QUICK)
    assert (report.result, report.findings) == (Result.PASSED, ())
    assert {"clock", "outcome", "environment", "content", "parameters", "paging", "publish"} <= set(report.abilities)


def test_one_line(endpoint, capsys):
    """The command line reaches the adapter by its name."""
    with served(face_of("scf")) as place:
        endpoint(place)
        reached = ["--python", "statemodel.adapters.tencent:adapter"]
        assert main(["conform", "scf.billing", *reached, "--examples", "3"]) == 0
    assert capsys.readouterr().out.startswith("PASSED  scf.billing: nothing found")


class Hasty(FakeService):
    """A service that says Active while it is still updating."""

    def call(self, op, args=None):
        answer = super().call(op, args)
        shown = answer.get("result", {})
        if op == "GetFunction" and shown.get("Status") == "Updating":
            shown["Status"] = "Active"
        return answer


def test_a_planted_fault_is_found(endpoint, tmp_path, capsys):
    """A wrong service behind the face is found out by the suite, and by the oracle from what was recorded."""
    with served(face_of("scf", service=Hasty(Simulator.of(model("scf"))))) as place:
        endpoint(place)
        report = conformance(model("scf"), tencent.adapter, settings=QUICK)
        sdk = Sdk(place)
        sdk.control.steer("reset")
        sdk("CreateFunction", **F, Code={"ZipFile": package("one")})
        sdk.control.steer("advance", {"seconds": 10})
        sdk("UpdateFunctionCode", **F, ZipFile=package("two"))
        assert sdk("GetFunction", **F).Status == "Active"
        refused = sdk.code("UpdateFunctionCode", **F, ZipFile=package("three"))
        said = judged(sdk, tmp_path, capsys, code=1)
    assert report.result is Result.FAILED
    assert report.findings[0].where == ("Active",)
    assert refused.startswith("FailedOperation.")
    assert "violates" in said


def test_elsewhere_functions_have_names_of_their_own():
    """Where there is no control path nothing is steered, names begin with our own word, and nothing is left behind."""
    face = face_of("scf", has_control=False)
    with served(face) as place:
        key = {"secret_id": KEY.id, "secret_key": KEY.secret, "region": "ap-guangzhou"}
        reached = tencent.TencentAdapter("http://{}:{}".format(*place), **key)
        assert not {"clock", "outcome", "environment"} & set(reached.abilities)
        names = set()
        for _ in range(2):
            reached.reset()
            assert reached.call("CreateFunction", {**F, "content": "one"}) == {"result": {}}
            shown = reached.call("ListFunctions", {})["result"]["Functions"]
            assert "f" in [one["FunctionName"] for one in shown]
            names |= set(face.recorder.state()["resources"])
            face.recorder.advance(10)
        reached.close()
        face.recorder.advance(10)
    assert (len(names), {name[:11] for name in names}) == (2, {"statemodel-"})
    assert face.recorder.state()["resources"] == {}
