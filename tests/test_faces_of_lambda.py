"""Lambda is spoken to in its own protocol: operations, errors, signatures."""

import hashlib
import hmac
import json

import pytest
from faces import face_of, history, sent, steer

from statemodel.adapters.control import package
from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.registry import model
from statemodel.servers.wire import Key, Request

NOW = 1_700_000_000
KEY = Key("AKID", "secret")
FUNCTIONS = "/2015-03-31/functions"


def test_a_life_of_lambda():
    """A function is created, waited for, called, published, named and deleted; statuses are left out, not null."""
    face = face_of("lambda")
    code = {"FunctionName": "f", "Code": {"ZipFile": package("one")}, "MemorySize": 256}
    status, shown = sent(face, "POST", FUNCTIONS, code)
    assert (status, shown["State"], shown.get("LastUpdateStatus", "left out")) == (201, "Pending", "left out")
    steer(face, "advance", seconds=5)
    status, shown = sent(face, "GET", f"{FUNCTIONS}/f")
    own = shown["Configuration"]
    assert (own["State"], own["LastUpdateStatus"], own["Version"], own["MemorySize"]) == (
        "Active", "Successful", "$LATEST", 256)
    assert sent(face, "POST", f"{FUNCTIONS}/f/invocations", b"{}") == (200, b'"one"')
    assert sent(face, "POST", f"{FUNCTIONS}/f/invocations", b"", x_amz_invocation_type="Event") == (202, b"")
    assert sent(face, "POST", f"{FUNCTIONS}/f/versions")[1]["Version"] == "1"
    assert sent(face, "POST", f"{FUNCTIONS}/f/aliases", {"Name": "live", "FunctionVersion": "1"})[0] == 201
    assert sent(face, "GET", f"{FUNCTIONS}/f/aliases/live")[1]["FunctionVersion"] == "1"
    assert sent(face, "PUT", f"{FUNCTIONS}/f/code", {"ZipFile": package("two")})[1]["LastUpdateStatus"] == "InProgress"
    status, page = sent(face, "GET", f"{FUNCTIONS}/f/versions?MaxItems=1")
    assert ([one["Version"] for one in page["Versions"]], page["NextMarker"]) == (["$LATEST"], "1")
    steer(face, "advance", seconds=5)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f:live"
    assert sent(face, "GET", f"{FUNCTIONS}/{arn}/configuration")[1]["Version"] == "1"
    assert sent(face, "DELETE", f"{FUNCTIONS}/f/aliases/live") == (204, b"")
    assert sent(face, "DELETE", f"{FUNCTIONS}/f") == (204, b"")
    assert refused(face, "GET", f"{FUNCTIONS}/f") == (404, "ResourceNotFoundException")
    [verdict] = judge(model("lambda"), history(face), start="absent", environment="recorded").verdicts
    assert verdict.outcome is Outcome.CONFORMS, verdict.text()


def refused(face, method, path, body=b"", **headers):
    """Status and code of a refusal of Lambda, which stands in a header."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    where, _, query = path.partition("?")
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    answer = face.respond(Request(method, where, query, named, raw))
    return answer.status, dict(answer.headers).get("x-amzn-ErrorType")


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/", b"", (404, "UnknownOperationException")),
        ("PATCH", f"{FUNCTIONS}/f", b"", (404, "UnknownOperationException")),
        ("POST", FUNCTIONS, b"[", (400, "InvalidRequestContentException")),
        ("POST", FUNCTIONS, {}, (400, "ValidationException")),
        ("POST", FUNCTIONS, {"FunctionName": 5}, (400, "InvalidRequestContentException")),
        ("POST", FUNCTIONS, {"FunctionName": "f"}, (400, "ValidationException")),
        ("POST", FUNCTIONS, {"FunctionName": "f", "Code": {"ZipFile": "%"}}, (400, "InvalidRequestContentException")),
        ("POST", FUNCTIONS, {"FunctionName": "f", "Code": {"ZipFile": package("one")}, "MemorySize": 127},
         (400, "ValidationException")),
        ("GET", f"{FUNCTIONS}?MaxItems=0", b"", (400, "ValidationException")),
        ("GET", f"{FUNCTIONS}/f", b"", (404, "ResourceNotFoundException")),
    ],
)
def test_lambda_refuses_what_is_malformed(method, path, body, expected):
    """Every malformed request gets a code of the service and its status, and nothing has moved."""
    face = face_of("lambda")
    before = face.recorder.state()
    assert refused(face, method, path, body) == expected
    assert face.recorder.state() == before


def signed_v4(path, *, secret="secret", id_="AKID", at="20231114T221320Z", body=b""):  # noqa: S107
    """Headers of a GET signed as the pages on Signature Version 4 tell, worked out here a second time."""
    scope = f"{at[:8]}/us-east-1/lambda/aws4_request"
    told = f"host:h\nx-amz-date:{at}\n\nhost;x-amz-date"
    canonical = f"GET\n{path}\nMaxItems=5\n{told}\n{hashlib.sha256(body).hexdigest()}"
    text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    mac = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    told = f"AWS4-HMAC-SHA256 Credential={id_}/{scope}, SignedHeaders=host;x-amz-date, Signature={mac}"
    return {"host": "h", "x_amz_date": at, "authorization": told}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (200, None)),
        ({"secret": "other"}, (403, "InvalidSignatureException")),
        ({"id_": "other"}, (403, "UnrecognizedClientException")),
        ({"at": "20231114T201320Z"}, (403, "InvalidSignatureException")),
        ({"body": b"another"}, (403, "InvalidSignatureException")),
    ],
)
def test_v4_signatures(change, expected):
    """With a key only what it signed is taken."""
    face = face_of("lambda", key=KEY)
    assert refused(face, "GET", f"{FUNCTIONS}?MaxItems=5", **signed_v4(FUNCTIONS, **change)) == expected
    assert refused(face, "GET", FUNCTIONS) == (403, "MissingAuthenticationTokenException")
