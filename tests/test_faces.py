"""Each service is spoken to in its own protocol: operations, errors, signatures; and what was done is kept."""

import base64
import hashlib
import hmac
import json
from urllib.parse import quote, urlencode

import pytest
from faces import code_of, face_of, history, sent, steer, tc3

from statemodel.adapters.control import package
from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.registry import model
from statemodel.servers.alibaba import ROUTES
from statemodel.servers.aws import ROUTES as ROUTES_OF_LAMBDA
from statemodel.servers.face import DIALECTS
from statemodel.servers.wire import Key

F = {"FunctionName": "f"}
NOW = 1_700_000_000
KEY = Key("AKID", "secret")
FC = "/2023-03-30/functions"
FUNCTIONS = "/2015-03-31/functions"
CONTAINER = {"functionName": "f", "runtime": "custom-container", "handler": "h",
             "customContainerConfig": {"image": "repo/image:1"}}


def test_every_service_of_the_catalogue_with_versions_has_a_face():
    """SCF, FC and Lambda speak HTTP, and every operation of those that speak REST has a way to it."""
    assert sorted(DIALECTS) == ["fc", "lambda", "scf"]
    assert sorted({route.op for route in ROUTES_OF_LAMBDA}) == sorted(one.name for one in model("lambda").operations)
    assert sorted({route.op for route in ROUTES}) == sorted(one.name for one in model("fc").operations)


# ------------------------------------------------------------------------------------------------- SCF


def test_a_life_by_tc3():
    """A function is created, waited for, called, published, updated and deleted; statuses are the model's."""
    face = face_of("scf")
    assert tc3(face, "CreateFunction", {**F, "Code": {"ZipFile": package("one")}, "Timeout": 9}) == {}
    assert tc3(face, "GetFunction", F)["Status"] == "Creating"
    assert steer(face, "advance", seconds=5) == (200, {})
    shown = tc3(face, "GetFunction", F)
    assert (shown["Status"], shown["AvailableStatus"], shown["Timeout"]) == ("Active", "Available", 9)
    assert tc3(face, "Invoke", F)["Result"]["RetMsg"] == "one"
    assert tc3(face, "PublishVersion", F)["FunctionVersion"] == "1"
    steer(face, "advance", seconds=5)
    assert tc3(face, "UpdateFunctionCode", {**F, "ZipFile": package("two")}) == {}
    refused = code_of(tc3(face, "UpdateFunctionCode", {**F, "ZipFile": package("three")}))
    assert refused in ("FailedOperation.UpdateFunctionCode", "FailedOperation.FunctionStatusError")
    steer(face, "advance", seconds=5)
    assert tc3(face, "Invoke", F)["Result"]["RetMsg"] == "two"
    assert tc3(face, "Invoke", {**F, "Qualifier": "1"})["Result"]["RetMsg"] == "one"
    assert tc3(face, "ListVersionByFunction", F)["FunctionVersion"] == ["$LATEST", "1"]
    assert tc3(face, "CreateAlias", {**F, "Name": "live", "FunctionVersion": "1", "Description": "d"}) == {}
    assert tc3(face, "GetAlias", {**F, "Name": "live"})["Description"] == "d"
    assert tc3(face, "DeleteAlias", {**F, "Name": "live"}) == {}
    assert tc3(face, "DeleteFunction", F) == {}
    steer(face, "advance", seconds=5)
    assert code_of(tc3(face, "GetFunction", F)) in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
    [verdict] = judge(model("scf"), history(face), start="absent", environment="recorded").verdicts
    assert verdict.outcome is Outcome.CONFORMS, verdict.text()


def test_the_older_protocol():
    """Forms and queries with dotted keys do the same."""
    face = face_of("scf")
    form = {"Action": "CreateFunction", "Version": "2018-04-16", "FunctionName": "f", "MemorySize": "256",
            "Code.ZipFile": package("one"), "Environment.Variables.0.Key": "K", "Environment.Variables.0.Value": "V"}
    status, answer = sent(face, "POST", "/", urlencode(form).encode(),
                          content_type="application/x-www-form-urlencoded")
    assert (status, set(answer["Response"])) == (200, {"RequestId"})
    shown = sent(face, "GET", "/?Action=GetFunction&FunctionName=f")[1]["Response"]
    assert (shown["Status"], shown["MemorySize"]) == ("Creating", 256)
    assert shown["Environment"] == {"Variables": [{"Key": "K", "Value": "V"}]}
    assert sent(face, "GET", "/?Action=ListFunctions&Limit=1")[1]["Response"]["TotalCount"] == 1
    refused = sent(face, "GET", "/?Action=ListFunctions&Limit=0")[1]["Response"]
    assert code_of(refused) in ("InvalidParameterValue", "InvalidParameterValue.Limit")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"method": "POST", "headers": {"x_tc_action": "Nonsense"}}, "InvalidAction"),
        ({"method": "POST", "headers": {"x_tc_action": "GetFunction"}}, "MissingParameter"),
        ({"method": "POST", "headers": {}}, "MissingParameter"),
        ({"method": "GET", "headers": {}}, "MissingParameter"),
        ({"method": "PUT", "headers": {"x_tc_action": "GetFunction"}}, "UnsupportedProtocol"),
        ({"method": "POST", "headers": {"x_tc_action": "GetFunction", "x_tc_version": "2000-01-01"}}, "NoSuchVersion"),
        ({"method": "POST", "body": b"{", "headers": {"x_tc_action": "GetFunction"}}, "InvalidParameter"),
        ({"method": "POST", "body": b"[1]", "headers": {"x_tc_action": "GetFunction"}}, "InvalidParameter"),
        ({"method": "POST", "body": b"\xff\xfe", "headers": {"x_tc_action": "GetFunction"}}, "InvalidParameter"),
        ({"method": "POST", "body": b"[" * 100_000, "headers": {"x_tc_action": "GetFunction"}}, "InvalidParameter"),
        ({"method": "POST", "body": {"FunctionName": 5}, "headers": {"x_tc_action": "GetFunction"}},
         "InvalidParameter"),
        ({"method": "POST", "body": {"FunctionName": ""}, "headers": {"x_tc_action": "GetFunction"}},
         "InvalidParameterValue.FunctionName"),
        ({"method": "POST", "body": F, "headers": {"x_tc_action": "CreateFunction"}}, "MissingParameter.Code"),
        ({"method": "POST", "body": {**F, "Code": {"ZipFile": "%"}}, "headers": {"x_tc_action": "CreateFunction"}},
         "InvalidParameterValue.Code"),
        ({"method": "POST", "body": F, "headers": {"x_tc_action": "CopyFunction"}}, "MissingParameter"),
        ({"method": "GET", "query": "Action=GetFunction&A.B=1&A=2", "headers": {}}, "InvalidParameter"),
        ({"method": "GET", "query": f"Action=GetFunction&{'A.' * 99}B=1", "headers": {}}, "InvalidParameter"),
    ],
)
def test_scf_refuses_what_is_malformed(asked, code):
    """Every malformed request gets a code of the service, and nothing has moved."""
    face = face_of("scf")
    before = face.recorder.state()
    status, answer = sent(face, asked["method"], f"/?{asked.get('query', '')}", asked.get("body", b""),
                          content_type="application/json" if asked["headers"] else "", **asked["headers"])
    assert (status, answer["Response"]["Error"]["Code"]) == (200, code)
    assert face.recorder.state() == before


def signed_tc3(body, *, secret="secret", id_="AKID", at=NOW, host="h", shown="h"):  # noqa: S107
    """Headers of a request signed as the page on TC3 tells, worked out here a second time."""
    kind, day = "application/json", "2023-11-14"
    canonical = f"POST\n/\n\ncontent-type:{kind}\nhost:{host}\n\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/scf/tc3_request"
    text = f"TC3-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    mac = ("TC3" + secret).encode()
    for step in (day, "scf", "tc3_request", text):
        mac = hmac.new(mac, step.encode(), hashlib.sha256).digest()
    told = f"TC3-HMAC-SHA256 Credential={id_}/{scope}, SignedHeaders=content-type;host, Signature={mac.hex()}"
    return {"authorization": told, "x_tc_timestamp": str(at), "host": shown}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "ResourceNotFound.Function"),
        ({"shown": "H"}, "ResourceNotFound.Function"),
        ({"shown": "h:8080"}, "ResourceNotFound.Function"),
        ({"shown": "other"}, "AuthFailure.SignatureFailure"),
        ({"secret": "other"}, "AuthFailure.SignatureFailure"),
        ({"id_": "other"}, "AuthFailure.SecretIdNotFound"),
        ({"at": NOW - 301}, "AuthFailure.SignatureExpire"),
    ],
)
def test_tc3_signatures(change, code):
    """With a key only what it signed a short while ago is taken."""
    face = face_of("scf", key=KEY)
    body = json.dumps(F).encode()
    assert code_of(tc3(face, "GetFunction", body, **signed_tc3(body, **change))) == code


def test_a_request_without_signature():
    """No header, one that is none, and a body changed on the way are refused."""
    face = face_of("scf", key=KEY)
    assert code_of(tc3(face, "GetFunction", F)) == "AuthFailure.InvalidAuthorization"
    assert code_of(tc3(face, "GetFunction", F, authorization="TC3 x")) == "AuthFailure.InvalidAuthorization"
    assert code_of(tc3(face, "GetFunction", F, **signed_tc3(b"{}"))) == "AuthFailure.SignatureFailure"


def test_older_signatures():
    """The form-encoded protocol is signed over its sorted parameters."""
    face = face_of("scf", key=KEY)
    form = {"Action": "GetFunction", "FunctionName": "f", "Nonce": "1", "SecretId": "AKID", "Timestamp": str(NOW)}
    text = "GETh/?" + "&".join(f"{name}={value}" for name, value in sorted(form.items()))
    good = base64.b64encode(hmac.new(b"secret", text.encode(), hashlib.sha1).digest()).decode()
    codes = [code_of(sent(face, "GET", f"/?{urlencode(form)}&Signature={quote(one)}", host="h")[1]["Response"])
             for one in (good, "wrong")]
    assert codes == ["ResourceNotFound.Function", "AuthFailure.SignatureFailure"]


# ------------------------------------------------------------------------------------------------- FC


def test_a_life_by_rest():
    """A container function is created, waited for, called, published, switched off and deleted."""
    face = face_of("fc")
    assert sent(face, "POST", FC, CONTAINER)[0] == 200
    status, shown = sent(face, "GET", f"{FC}/f")
    assert (status, shown["state"], shown["runtime"]) == (200, "Pending", "custom-container")
    steer(face, "advance", seconds=5)
    assert sent(face, "GET", f"{FC}/f")[1]["state"] == "Active"
    assert sent(face, "POST", f"{FC}/f/invocations", b"event") == (200, b"repo/image:1")
    assert sent(face, "POST", f"{FC}/f/invocations", b"", x_fc_invocation_type="Async") == (202, b"")
    assert sent(face, "POST", f"{FC}/f/versions", {"description": "d"})[1]["versionId"] == "1"
    assert sent(face, "POST", f"{FC}/f/versions")[1]["Code"] == "VersionPublishError"
    assert sent(face, "POST", f"{FC}/f/aliases", {"aliasName": "live", "versionId": "1"})[0] == 200
    assert sent(face, "GET", f"{FC}/f/aliases/live")[1]["versionId"] == "1"
    assert [one["versionId"] for one in sent(face, "GET", f"{FC}/f/versions?limit=5")[1]["versions"]] == ["LATEST", "1"]
    assert sent(face, "POST", f"{FC}/f/invoke/disable", {"reason": "r"}) == (200, {"success": True})
    assert sent(face, "GET", f"{FC}/f")[1]["invocationRestriction"] == {"disable": True}
    assert sent(face, "POST", f"{FC}/f/invoke/enable") == (200, {"success": True})
    assert sent(face, "DELETE", f"{FC}/f/aliases/live") == (204, b"")
    assert sent(face, "DELETE", f"{FC}/f/versions/1") == (204, b"")
    assert sent(face, "DELETE", f"{FC}/f") == (204, b"")
    status, refusal = sent(face, "GET", f"{FC}/f")
    assert (status, refusal["Code"]) == (404, "FunctionNotFound")
    assert refusal["RequestId"]
    [verdict] = judge(model("fc"), history(face), start="absent", environment="recorded").verdicts
    assert verdict.outcome is Outcome.CONFORMS, verdict.text()


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/", b"", (400, "PathNotSupported")),
        ("GET", "/2023-03-30/nonsense", b"", (400, "PathNotSupported")),
        ("PATCH", f"{FC}/f", b"", (400, "PathNotSupported")),
        ("POST", FC, b"{", (400, "InvalidArgument")),
        ("POST", FC, {}, (400, "InvalidArgument")),
        ("POST", FC, {"functionName": 5}, (400, "InvalidArgument")),
        ("POST", FC, {"functionName": "f"}, (400, "InvalidArgument")),
        ("POST", FC, {**CONTAINER, "memorySize": 100}, (400, "InvalidArgument")),
        ("POST", FC, {**CONTAINER, "code": {"zipFile": package("one")}}, (400, "InvalidArgument")),
        ("POST", FC, {"functionName": "f", "runtime": "python3.12", "handler": "h", "code": {"zipFile": "%"}},
         (400, "InvalidArgument")),
        ("GET", f"{FC}?limit=0", b"", (400, "InvalidArgument")),
        ("GET", f"{FC}/f", b"", (404, "FunctionNotFound")),
        ("GET", f"{FC}/%FF%2F", b"", (404, "FunctionNotFound")),
    ],
)
def test_fc_refuses_what_is_malformed(method, path, body, expected):
    """Every malformed request gets a code of the service and its status, and nothing has moved."""
    face = face_of("fc")
    before = face.recorder.state()
    status, answer = sent(face, method, path, body)
    assert ((status, answer["Code"]), set(answer)) == (expected, {"Code", "Message", "RequestId"})
    assert face.recorder.state() == before


def signed_acs3(path, body=b"", *, secret="secret", id_="AKID", at="2023-11-14T22:13:20Z"):  # noqa: S107
    """Headers of a GET signed as the page on ACS3 tells, worked out here a second time."""
    headers = {"host": "h", "x-acs-content-sha256": hashlib.sha256(body).hexdigest(), "x-acs-date": at}
    names = ";".join(sorted(headers))
    told = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"GET\n{path}\nlimit=5\n{told}\n{names}\n{headers['x-acs-content-sha256']}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential={id_},SignedHeaders={names},Signature={mac}"
    return {name.replace("-", "_"): value for name, value in headers.items()}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (200, None)),
        ({"secret": "other"}, (403, "SignatureNotMatch")),
        ({"id_": "other"}, (403, "InvalidAccessKeyID")),
        ({"at": "2023-11-14T20:13:20Z"}, (403, "SignatureNotMatch")),
        ({"body": b"another"}, (403, "SignatureNotMatch")),
    ],
)
def test_acs3_signatures(change, expected):
    """With a key only what it signed is taken."""
    face = face_of("fc", key=KEY)
    status, answer = sent(face, "GET", f"{FC}?limit=5", **signed_acs3(FC, **change))
    assert (status, answer.get("Code")) == expected
    assert sent(face, "GET", f"{FC}?limit=5")[1]["Code"] == "MissingRequiredHeader"


# ------------------------------------------------------------------------------------------------- control


def test_outcomes_and_billing_are_steered():
    """A steered failure comes, arrears stop invocations, and the history tells it all."""
    face = face_of("scf")
    steer(face, "outcome", event="create failed")
    tc3(face, "CreateFunction", {**F, "Code": {"ZipFile": package("one")}})
    steer(face, "advance", seconds=5)
    assert tc3(face, "GetFunction", F)["Status"] == "CreateFailed"
    assert steer(face, "happen", event="balance exhausted") == (200, {})
    tc3(face, "CreateFunction", {"FunctionName": "g", "Code": {"ZipFile": package("one")}})
    assert tc3(face, "GetFunction", F)["AvailableStatus"] == "InsufficientBalance"
    events = [(one["resource"], one["event"]) for one in history(face) if "event" in one]
    assert events == [("f", "balance exhausted"), ("g", "balance exhausted")]
    report = judge(model("scf"), history(face), start="absent", environment="recorded")
    assert [one.outcome for one in report.verdicts] == [Outcome.CONFORMS] * 2
    assert steer(face, "reset") == (200, {})
    assert (history(face), face.recorder.state()["resources"]) == ([], {})


def test_both_sides_of_a_copy_are_recorded():
    """An accepted copy stands in two histories, a refused one in that of whoever could refuse it."""
    face = face_of("scf")
    assert code_of(tc3(face, "CopyFunction", {**F, "NewFunctionName": "g"})) is not None
    for name in ("f", "h"):
        tc3(face, "CreateFunction", {"FunctionName": name, "Code": {"ZipFile": package("one")}})
    steer(face, "advance", seconds=5)
    assert tc3(face, "CopyFunction", {**F, "NewFunctionName": "g"}) == {}
    assert code_of(tc3(face, "CopyFunction", {**F, "NewFunctionName": "h"})) is not None
    copies = [(one["resource"], one["as"], "result" in one) for one in history(face) if "as" in one]
    assert copies == [("f", "source", False), ("f", "source", True), ("g", "target", True), ("h", "target", False)]
    report = judge(model("scf"), history(face), start="absent", environment="recorded")
    assert [one.outcome for one in report.verdicts] == [Outcome.CONFORMS] * 3, [one.text() for one in report.verdicts]


@pytest.mark.parametrize(
    ("method", "what", "body", "status"),
    [
        ("POST", "outcome", {"event": "nonsense"}, 400), ("POST", "outcome", {}, 400), ("POST", "outcome", b"{", 400),
        ("POST", "advance", {"seconds": -1}, 400), ("POST", "advance", {"seconds": "5"}, 400),
        ("POST", "happen", {"event": ["x"]}, 400), ("POST", "nonsense", {}, 404), ("GET", "reset", b"", 404),
        ("GET", "", b"", 404), ("POST", "reset", b"[" * 100_000, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_steered_is_said(method, what, body, status):
    """A wrong word to the control path is answered, and nothing has moved."""
    face = face_of("scf")
    before = face.recorder.state()
    answered, told = sent(face, method, f"/_statemodel/{what}", body)
    assert (answered, bool(told["message"])) == (status, True)
    assert face.recorder.state() == before


def test_time_passes_by_itself():
    """Without a tick the clock of the service follows a steady one, so that whoever polls sees it move."""
    moment = [100.0]
    face = face_of("scf", passing=lambda: moment[0])
    tc3(face, "CreateFunction", {**F, "Code": {"ZipFile": package("one")}})
    statuses = []
    for moment[0] in (104.0, 106.0):
        statuses.append(tc3(face, "GetFunction", F)["Status"])
    assert statuses == ["Creating", "Active"]


def test_a_defect_of_ours_is_an_error_of_the_service():
    """Whatever breaks within is answered in the form of the service, without a trace of it."""
    face = face_of("scf")
    face.recorder.service = None
    assert code_of(tc3(face, "GetFunction", F)) == "InternalError"
