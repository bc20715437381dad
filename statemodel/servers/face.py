"""A fake service behind HTTP requests, as values: reads one, asks the service, writes the answer. Does no I/O."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from statemodel.errors import UsageError
from statemodel.servers.alibaba import ALIBABA
from statemodel.servers.recorder import Recorder
from statemodel.servers.stdio import answer as done
from statemodel.servers.tencent import TENCENT
from statemodel.servers.wire import Answered, Asked, Dialect, Json, Key, Request, Response, WireError, to_json

DIALECTS: Final[Mapping[str, Dialect]] = {one.name: one for one in (TENCENT, ALIBABA)}
CONTROL: Final = "/_statemodel"
STEERS: Final = ("reset", "outcome", "advance", "happen", "hello")
VIEWS: Final = ("history", "state")
LINES: Final = (("Content-Type", "application/x-ndjson"),)
JSON: Final = (("Content-Type", "application/json"),)


def dialect(name: str) -> Dialect:
    """How a service speaks HTTP.

    Raises:
        UsageError: it has no face.
    """
    found = DIALECTS.get(name)
    if found is None:
        raise UsageError("service with an HTTP face", name, tuple(DIALECTS))
    return found


class Face:
    """One service behind HTTP.

    Args:
        recorder: the service.
        speaking: how it speaks.
        key: whose signatures are good; None lets everybody in.
        passing: seconds on a steady clock by which the service's own clock goes on; None lets it stand still but for
            what is asked for.
        now: seconds since the epoch, for times shown and signatures.
        has_control: whether there is a control path; without one nothing tells the service from a real one.
    """

    def __init__(
        self,
        recorder: Recorder,
        speaking: Dialect,
        *,
        key: Key | None = None,
        passing: Callable[[], float] | None = time.monotonic,
        now: Callable[[], float] = time.time,
        has_control: bool = True,
    ) -> None:
        self.recorder = recorder
        self.dialect = speaking
        self.key = key
        self.has_control = has_control
        self._passing = passing
        self._now = now
        self._since = passing() if passing else 0.0
        self._kept: dict[tuple[str, str], Json] = {}

    def respond(self, request: Request) -> Response:
        """The answer to a request; whatever it holds, there is one."""
        self._pass()
        if self.has_control and (request.path == CONTROL or request.path.startswith(f"{CONTROL}/")):
            return self._controlled(request)
        request_id = str(uuid.uuid4())
        try:
            if self.key is not None:
                self.dialect.verify(request, self.key, self._now())
            return self._called(self.dialect.read(request, self._operations), request_id)
        except WireError as error:
            return self.dialect.refuse(error.code, error.text, request_id)
        except Exception:  # noqa: BLE001 - whatever is wrong with us, a client gets an answer of the service's form
            return self.dialect.refuse(self.dialect.broken, "An internal error of the simulated service.", request_id)

    def refuse(self, code: str, text: str) -> Response:
        """The answer to a request that never came in whole."""
        return self.dialect.refuse(code, text, str(uuid.uuid4()))

    @property
    def _operations(self) -> Mapping[str, Any]:
        return self.recorder.service.simulator.system.operations

    def _pass(self) -> None:
        if self._passing is not None:
            moment = self._passing()
            self.recorder.advance(max(0.0, moment - self._since))
            self._since = moment

    def _called(self, asked: Asked, request_id: str) -> Response:
        answer = self.recorder.call(asked.op, asked.args)
        if "error" in answer:
            return self.dialect.refuse(answer["error"], f"{asked.op} is refused.", request_id)
        places = self.dialect.place(asked, answer["result"])
        if places.writes is not None:
            before = self._kept.get(places.starts, {}) if places.starts else {}
            self._kept[places.writes] = {**before, **asked.sent}
        kept = self._kept.get(places.reads, {})
        return self.dialect.write(Answered(asked, answer["result"], kept, request_id, self._now()))

    # ------------------------------------------------------------------------------------------- control

    def _controlled(self, request: Request) -> Response:
        """What steers the service, and what tells of it."""
        what = unquote(request.path.removeprefix(CONTROL).strip("/"))
        if what == "history" and request.method == "GET":
            lines = (json.dumps(one, ensure_ascii=False) for one in self.recorder.records)
            return Response(200, "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"), LINES)
        if what == "state" and request.method == "GET":
            return Response(200, to_json(self.recorder.state()), JSON)
        if what in STEERS and request.method == "POST":
            return self._steered(what, request.body)
        ways = ", ".join([f"GET {CONTROL}/{one}" for one in VIEWS] + [f"POST {CONTROL}/{one}" for one in STEERS])
        return Response(404, to_json({"message": f"known: {ways}"}), JSON)

    def _steered(self, what: str, body: bytes) -> Response:
        try:
            given = json.loads(body) if body.strip() else {}
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return Response(400, to_json({"unsupported": True, "message": "not a JSON object"}), JSON)
        said = done(self.recorder, json.dumps({**given, "do": what}), names={self.dialect.name})
        del said["id"]
        if what == "reset":
            self._kept.clear()
        return Response(400 if said.get("unsupported") else 200, to_json(said), JSON)
