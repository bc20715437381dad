"""boto3 against the simulated Lambda, over a real socket, and the adapter that it makes."""

import base64
import json
import time

import pytest

boto3 = pytest.importorskip("boto3", reason="the extra `aws` is not installed")

from botocore.config import Config  # noqa: E402 - only where boto3 is there
from botocore.exceptions import ClientError, WaiterError  # noqa: E402 - only where boto3 is there
from faces import face_of, served  # noqa: E402 - only where boto3 is there

from statemodel.adapters import aws  # noqa: E402 - only where boto3 is there
from statemodel.adapters.control import Control, package  # noqa: E402 - only where boto3 is there
from statemodel.cli import main  # noqa: E402 - only where boto3 is there
from statemodel.errors import UsageError  # noqa: E402 - only where boto3 is there
from statemodel.registry import model  # noqa: E402 - only where boto3 is there
from statemodel.servers.wire import Key  # noqa: E402 - only where boto3 is there
from statemodel.simulator import FakeService, Simulator  # noqa: E402 - only where boto3 is there
from statemodel.testing.report import Result  # noqa: E402 - only where boto3 is there
from statemodel.testing.suite import Settings, conformance  # noqa: E402 - only where boto3 is there

KEY = Key("AKID", "secret")
QUICK = Settings(examples=3, cover_calls=250)
STEPS = (
    {"do": "call", "op": "CreateFunction", "args": {"FunctionName": "fn-1", "content": "code-1"}},
    {"do": "advance", "seconds": 60},
    {"do": "call", "op": "GetFunction", "args": {"FunctionName": "fn-1"}},
    {"do": "call", "op": "Invoke", "args": {"FunctionName": "fn-1"}},
)


def client(place, key=KEY):
    """The client of the SDK, as anybody makes one."""
    return boto3.client("lambda", endpoint_url="http://{}:{}".format(*place), region_name="us-east-1",
                        aws_access_key_id=key.id, aws_secret_access_key=key.secret,
                        config=Config(retries={"total_max_attempts": 1}))


def code(content):
    """An uploaded package."""
    return base64.b64decode(package(content))


def create(sdk, content="one"):
    """A function."""
    return sdk.create_function(FunctionName="f", Runtime="python3.12", Handler="index.handler",
                               Role="arn:aws:iam::123456789012:role/r", Code={"ZipFile": code(content)})


def statuses(sdk):
    """What is read until nothing moves any more."""
    seen = []
    for _ in range(200):
        shown = sdk.get_function_configuration(FunctionName="f")
        now = shown["State"], shown.get("LastUpdateStatus")
        seen += [now] if seen[-1:] != [now] else []
        if now[0] != "Pending" and now[1] != "InProgress":
            return seen
        time.sleep(0.05)
    raise AssertionError(seen)


def judged(place, tmp_path, capsys, *, code=0):
    """The recorded history holds against the model, as `check` says."""
    file = tmp_path / "history.jsonl"
    file.write_text(Control(*place).history(), encoding="utf-8")
    assert main(["check", "lambda", str(file), "--start", "absent", "--environment", "recorded"]) == code
    return capsys.readouterr().out


def test_a_life(tmp_path, capsys):
    """Create, poll to Active, update, publish, invoke, name, delete; time is real, requests are signed."""
    with served(face_of("lambda", key=KEY, passing=time.monotonic, now=time.time, delay_s=0.3)) as place:
        sdk = client(place)
        assert create(sdk)["State"] == "Pending"
        with pytest.raises(sdk.exceptions.ResourceConflictException):
            sdk.publish_version(FunctionName="f")
        assert statuses(sdk) == [("Pending", None), ("Active", "Successful")]
        sdk.update_function_code(FunctionName="f", ZipFile=code("two"))
        assert statuses(sdk) == [("Active", "InProgress"), ("Active", "Successful")]
        assert sdk.publish_version(FunctionName="f")["Version"] == "1"
        answer = sdk.invoke(FunctionName="f", Qualifier="1")
        assert (answer["ExecutedVersion"], json.load(answer["Payload"])) == ("1", "two")
        sdk.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
        with pytest.raises(sdk.exceptions.ResourceConflictException):
            sdk.delete_function(FunctionName="f", Qualifier="1")
        listing = sdk.get_paginator("list_versions_by_function")
        pages = listing.paginate(FunctionName="f", PaginationConfig={"PageSize": 1})
        assert [one["Version"] for page in pages for one in page["Versions"]] == ["$LATEST", "1"]
        sdk.delete_function(FunctionName="f")
        with pytest.raises(sdk.exceptions.ResourceNotFoundException):
            sdk.get_function(FunctionName="f")
        assert "1 conforms" in judged(place, tmp_path, capsys)


@pytest.mark.parametrize(("event", "is_well"), [("creation succeeded", True), ("creation failed", False)])
def test_its_own_waiters(event, is_well):
    """The waiters that the SDK brings end as they should, on the outcome that was asked for."""
    with served(face_of("lambda", passing=time.monotonic, delay_s=0.2)) as place:
        sdk = client(place)
        Control(*place).steer("outcome", {"event": event})
        create(sdk)
        waiter = sdk.get_waiter("function_active_v2")
        waiter.config.delay, waiter.config.max_attempts = 0.05, 100
        if is_well:
            waiter.wait(FunctionName="f")
        else:
            with pytest.raises(WaiterError, match="terminal failure"):
                waiter.wait(FunctionName="f")


def test_a_wrong_key_is_refused():
    """The codes of the service surface as the SDK's exceptions."""
    with served(face_of("lambda", key=KEY, now=time.time)) as place:
        for key, expected in ((Key("AKID", "x"), "InvalidSignatureException"),
                              (Key("nobody", "x"), "UnrecognizedClientException")):
            with pytest.raises(ClientError) as raised:
                client(place, key).get_function(FunctionName="a b", Qualifier="$LATEST")
            assert raised.value.response["Error"]["Code"] == expected
        with pytest.raises(ClientError) as raised:
            client(place).get_function(FunctionName="a b", Qualifier="$LATEST")
        assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"


# ------------------------------------------------------------------------------------------------- the adapter


@pytest.fixture
def endpoint(monkeypatch):
    """Names an endpoint for the adapter."""
    def name(place):
        monkeypatch.setenv("STATEMODEL_ENDPOINT", "http://{}:{}".format(*place))

    return name


def test_the_suite_through_the_adapter(endpoint):
    """The whole model, with few examples: nothing is found, and every ability is there."""
    with served(face_of("lambda")) as place:
        endpoint(place)
        report = conformance(model("lambda"), aws.adapter, settings=QUICK)
    assert (report.result, report.findings) == (Result.PASSED, ())
    assert {"clock", "outcome", "environment", "content", "parameters", "paging", "publish"} <= set(report.abilities)


def test_without_a_control_path(endpoint, monkeypatch):
    """At an endpoint that cannot be steered names are new at each reset, and functions are deleted at the end."""
    monkeypatch.setenv("STATEMODEL_LAMBDA_RUNS", "yes")
    face = face_of("lambda", has_control=False, passing=time.monotonic, delay_s=0.01)
    with served(face) as place:
        endpoint(place)
        adapter = aws.adapter()
        for _ in range(2):
            adapter.reset()
            made = adapter.call("CreateFunction", {"FunctionName": "fn-1", "content": "c", "Publish": True})
            assert made["result"]["Version"] == "1"
        listed = adapter.call("ListFunctions", {})["result"]["Functions"]
        assert [one["FunctionName"] for one in listed] == ["fn-1"]
        time.sleep(0.1)
        answer = adapter.call("Invoke", {"FunctionName": "fn-1"})
        assert answer == {"result": {"content": "c", "ExecutedVersion": "$LATEST"}}
        adapter.close()
        assert [one for one in face.recorder.state()["resources"].values() if one["function"] != "Absent"] == []
    assert not {"clock", "outcome", "environment"} & set(adapter.abilities)


def test_what_is_put_aside(endpoint, monkeypatch):
    """An operation is not offered, a field not shown; a name that is none is said to be none."""
    monkeypatch.setenv("STATEMODEL_LAMBDA_ASIDE", "ListAliases, CreateFunction.State,GetFunction.Configuration.State")
    with served(face_of("lambda")) as place:
        endpoint(place)
        adapter = aws.adapter()
        assert "ListAliases" not in adapter.abilities
        shown = adapter.call("CreateFunction", {"FunctionName": "fn-1", "content": "c"})["result"]
        assert (shown["LastUpdateStatus"], "State" in shown) == (None, False)
        assert "State" not in adapter.call("GetFunction", {"FunctionName": "fn-1"})["result"]["Configuration"]
        monkeypatch.setenv("STATEMODEL_LAMBDA_ASIDE", "Color")
        with pytest.raises(UsageError, match="Color"):
            aws.adapter()


def test_one_line(endpoint, tmp_path, capsys):
    """The command line reaches the adapter by its name."""
    script = tmp_path / "script.jsonl"
    with served(face_of("lambda")) as place:
        endpoint(place)
        script.write_text("".join(f"{json.dumps(step)}\n" for step in STEPS), encoding="utf-8")
        assert main(["conform", "lambda", "--python", "statemodel.adapters.aws:adapter", "--script", str(script)]) == 0
    assert "PASSED  lambda: 4 steps" in capsys.readouterr().out


class Hasty(FakeService):
    """A service that shows a new function as Active at once."""

    def call(self, op, args=None):
        answer = super().call(op, args)
        is_made = op == "CreateFunction" and "result" in answer
        return {"result": {**answer["result"], "State": "Active"}} if is_made else answer


def test_a_planted_fault_is_found(endpoint, tmp_path, capsys):
    """A wrong service behind the face is found out by the suite, and by the oracle from what was recorded."""
    with served(face_of("lambda", service=Hasty(Simulator.of(model("lambda"))))) as place:
        endpoint(place)
        report = conformance(model("lambda"), aws.adapter, settings=QUICK)
        Control(*place).steer("reset")
        create(client(place))
        assert "violates" in judged(place, tmp_path, capsys, code=1)
    assert report.result is Result.FAILED
    assert [one.name for one in report.findings] == ["SM201:CreateFunction:accepted"]
