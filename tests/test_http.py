"""A face behind a socket bears with every client: many at once, slow ones, huge ones, garbage; and stops when told."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

from faces import asked, face_of, sent, served

import statemodel
from statemodel.cli import main
from statemodel.servers.http import application

PLACE = Path(statemodel.__file__).parents[1]
GET = ("POST", "/", json.dumps({"FunctionName": "f"}), {"X-TC-Action": "GetFunction",
                                                        "Content-Type": "application/json"})
MISSING = ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")


def code(body):
    """The code in an SCF error envelope."""
    return json.loads(body)["Response"]["Error"]["Code"]


def is_alive(place):
    """Whether a call is answered as ever."""
    status, body = asked(place, *GET)
    return status == 200 and code(body) in MISSING


def raw(place, data, *, seconds=5.0):
    """What comes back to some bytes, until the other side closes."""
    with socket.create_connection(place, timeout=seconds) as connection:
        connection.sendall(data)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


def test_the_application_by_itself():
    """The ASGI application answers without any server, whatever parts the body comes in."""
    face = face_of("scf")
    parts = [{"type": "http.request", "body": b'{"Function', "more_body": True},
             {"type": "http.request", "body": b'Name": "f"}'}]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"",
             "headers": [(b"x-tc-action", b"GetFunction"), (b"content-type", b"application/json")]}
    out = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        out.append(message)

    asyncio.run(application(face)(scope, receive, send))
    assert (out[0]["status"], code(out[1]["body"]) in MISSING) == (200, True)


def test_a_connection_is_kept():
    """Several calls over one connection are answered in order."""
    with served(face_of("fc")) as place:
        connection = http.client.HTTPConnection(*place, timeout=5)
        statuses = []
        for path in ("/2023-03-30/functions", "/2023-03-30/functions/f", "/nonsense"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
    assert statuses == [200, 404, 400]


def test_two_hundred_at_once():
    """200 connections that call at the same time are all answered, each function once."""
    face = face_of("scf")
    with served(face) as place, ThreadPoolExecutor(200) as many:
        def create(number):
            body = json.dumps({"FunctionName": f"f-{number % 100}", "Code": {"DemoId": "d"}})
            return json.loads(asked(place, "POST", "/", body, {"X-TC-Action": "CreateFunction"})[1])["Response"]

        answers = list(many.map(create, range(200)))
    assert sum("Error" not in one for one in answers) == 100
    assert {one["Error"]["Code"] for one in answers if "Error" in one} <= {
        "ResourceInUse.FunctionName", "ResourceInUse.Function", "ResourceInUse"}
    assert len({one["RequestId"] for one in answers}) == 200
    assert len(face.recorder.state()["resources"]) == 100


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02garbage\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\r\n" + b"A" * 200_000,
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n",
    ],
)  # fmt: skip
def test_garbage(data):
    """Bytes that are no request get an answer of four hundred or none, and the next client is served."""
    with served(face_of("scf"), headers_s=0.3, body_s=0.3) as place:
        try:
            answer = raw(place, data)
        except ConnectionError:
            answer = b""
        assert answer[:10] in (b"", b"HTTP/1.1 4", b"HTTP/1.1 2")
        assert b"Traceback" not in answer
        assert is_alive(place)


@pytest.mark.parametrize(("name", "status", "said"), [("scf", 200, b"RequestSizeLimitExceeded"),
                                                      ("fc", 400, b"EntityTooLarge")])
def test_a_huge_body(name, status, said):
    """A body beyond the limit is refused in the service's way, even if it never ends, and is not kept."""
    with served(face_of(name), most_bytes=100_000, body_s=0.5) as place:
        head = b"POST /2023-03-30/functions HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n"
        answer = raw(place, head + b"x" * 200_000)
        assert asked(place, "POST", "/", b"x" * 20_000_000)[0] == status
        assert answer.startswith(f"HTTP/1.1 {status}".encode())
        assert said in answer
        assert asked(place, "GET", "/_statemodel/state")[0] == 200


def test_a_slow_body():
    """A body that does not come in time is refused, and others need not wait for it."""
    with served(face_of("scf"), body_s=0.5) as place, ThreadPoolExecutor(1) as other:
        head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx"
        slow = other.submit(raw, place, head)
        assert is_alive(place)
        assert code(slow.result().partition(b"\r\n\r\n")[2]) == "InvalidRequest"


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHo",
                                   b"GET /_statemodel/state HTTP/1.1\r\nHost: h\r\n\r\nGE"])
def test_slow_headers(first):
    """A connection on which nothing whole comes is closed, the first time and after an answer."""
    with served(face_of("scf"), headers_s=0.5) as place:
        assert raw(place, first).count(b"HTTP/1.1 200") == first.count(b"\r\n\r\n")
        assert is_alive(place)


def test_a_client_that_goes_away():
    """Who leaves in the middle of a body takes nobody along."""
    with served(face_of("scf")) as place:
        with socket.create_connection(place) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx")
        assert is_alive(place)


# ------------------------------------------------------------------------------------------------- the command


def started(*argv):
    """A process of `simulate`, and where it says that it listens."""
    process = subprocess.Popen([sys.executable, "-m", "statemodel", "simulate", *argv], cwd=PLACE, text=True,  # noqa: S603
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "PYTHONUNBUFFERED": "1"})
    line = process.stdout.readline()
    name, _, where = line.strip().partition(" at http://")
    assert name == argv[0], process.stderr.read()
    host, _, port = where.rpartition(":")
    return process, (host, int(port))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_stops_when_told(number):
    """One line tells the address, on loopback; a signal ends it with 0, even with clients connected."""
    process, place = started("scf", "--http", "0")
    try:
        assert (place[0], is_alive(place)) == ("127.0.0.1", True)
        with socket.create_connection(place):
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def test_statuses_move_by_themselves():
    """With a delay of a moment, whoever polls sees Creating and then Active; with a tick only calls let time pass."""
    for options in (("--delay", "0.5"), ("--tick", "2")):
        process, place = started("scf", "--http", "0", *options)
        try:
            head = {"Content-Type": "application/json"}
            body = json.dumps({"FunctionName": "f", "Code": {"DemoId": "d"}})
            asked(place, "POST", "/", body, {**head, "X-TC-Action": "CreateFunction"})
            seen = []
            deadline = time.monotonic() + 10
            while seen[-1:] != ["Active"] and time.monotonic() < deadline:
                seen.append(json.loads(asked(place, *GET)[1])["Response"]["Status"])
        finally:
            process.terminate()
            process.communicate(timeout=10)
        assert list(dict.fromkeys(seen)) == ["Creating", "Active"]


def test_a_key_for_the_command():
    """With a key unsigned calls are refused; the control path needs none."""
    process, place = started("fc", "--http", "0", "--key", "id:secret")
    try:
        status, body = asked(place, "GET", "/2023-03-30/functions")
        assert (status, json.loads(body)["Code"]) == (400, "MissingRequiredHeader")
        assert asked(place, "GET", "/_statemodel/history") == (200, b"")
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["scf.alias", "--http", "0"], "unknown service with an HTTP face 'scf.alias'; known: scf, fc, lambda"),
        (["scf", "--http", "0", "--key", "x"], "unknown form of a key 'x'; known: ID:SECRET"),
        (["scf", "--stdio", "--host", "h"], "unknown option --host of --stdio 'h'; known: --http PORT"),
    ],
)
def test_wrong_usage(capsys, argv, message):
    """Wrong options end with 2 and one line."""
    assert main(["simulate", *argv]) == 2
    assert capsys.readouterr().err == f"statemodel: error: {message}\n"


def test_an_address_that_cannot_be_had(capsys):
    """A port that is taken ends with 2 and one line that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["simulate", "scf", "--http", str(port)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("statemodel: error: unknown address to listen at (")
    assert said.endswith(f"'127.0.0.1:{port}'\n")


def test_in_process_and_over_a_socket_alike():
    """What goes over a socket is what the face answers as a value."""
    face = face_of("fc")
    with served(face) as place:
        over = asked(place, "GET", "/2023-03-30/functions?limit=5")
    status, shown = sent(face, "GET", "/2023-03-30/functions?limit=5")
    assert (over[0], json.loads(over[1])) == (status, shown)
