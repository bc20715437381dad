"""Faces of fake services for tests: as values, and behind a socket of their own in a thread of this process."""

import asyncio
import http.client
import json
import threading
from contextlib import contextmanager, suppress

from statemodel.registry import model
from statemodel.servers import http as serving
from statemodel.servers.face import Face, dialect
from statemodel.servers.recorder import Recorder
from statemodel.servers.wire import Request
from statemodel.simulator import FakeService, Simulator

CALM = {
    "scf": {"delete_again": "accepted", "latest_shows_publishing": "separate", "delete_while_creating": "accepted"},
    "lambda": {"delete_while_working": "accepted", "invoke_while_pending": "refused"},
    "fc": {"async_while_not_invocable": "queued", "failed_update": "keeps serving"},
}


def face_of(name, *, key=None, passing=None, now=lambda: 1_700_000_000.0, service=None, has_control=True,
            **settings):
    """A face of a fake service whose clock stands still unless it is asked to go on."""
    made = service or FakeService(Simulator.of(model(name).with_policies(**CALM[name]), **settings))
    return Face(Recorder(made, dialect(name).codes), dialect(name), key=key, passing=passing, now=now,
                has_control=has_control)


def sent(face, method, path, body=b"", **headers):
    """Status and JSON of a face's answer to a request made of values."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    where, _, query = path.partition("?")
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    answer = face.respond(Request(method, where, query, named, raw))
    return answer.status, json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else answer.body


def tc3(face, action, body=None, **headers):
    """What `Response` holds after a call by TC3, without its id."""
    status, answer = sent(face, "POST", "/", {} if body is None else body, x_tc_action=action,
                          content_type="application/json", **headers)
    assert status == 200
    shown = answer["Response"]
    assert shown.pop("RequestId")
    return shown


def code_of(answer):
    """The code of an SCF refusal, or None."""
    return answer.get("Error", {}).get("Code")


@contextmanager
def served(face, **limits):
    """Host and port of a face that serves in a thread."""
    listening = serving.bound("127.0.0.1", 0)
    running = serving.server(face, **limits)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[:2]
    finally:
        running.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive()


def asked(place, method, path, body=None, headers=None):
    """Status and body of an answer over a connection of its own."""
    connection = http.client.HTTPConnection(*place, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        with suppress(OSError):
            connection.close()


def steer(face, what, **given):
    """What the control path answers."""
    return sent(face, "POST", f"/_statemodel/{what}", given)


def history(face):
    """The records that the control path gives."""
    answer = face.respond(Request("GET", "/_statemodel/history"))
    assert answer.status == 200
    return [json.loads(line) for line in answer.body.splitlines()]
