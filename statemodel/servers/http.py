"""A face behind real sockets: an ASGI application, and a server that bears with every client. Knows no service."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from statemodel.errors import MissingExtraError, UsageError
from statemodel.servers.face import Face
from statemodel.servers.wire import Request, Response

if TYPE_CHECKING:
    import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
MOST_BYTES: Final = 64 * 1024 * 1024
BODY_S: Final = 30.0
HEADERS_S: Final = 10.0
BACKLOG: Final = 1024


class _GoneError(Exception):
    """The client went away."""


def application(face: Face, *, most_bytes: int = MOST_BYTES, body_s: float = BODY_S) -> Application:
    """The ASGI application of a face.

    Args:
        face: what answers.
        most_bytes: greatest length of a body.
        body_s: seconds within which a body must have come.
    """

    async def serve(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _answered(face, scope, receive, send, most_bytes, body_s)
        elif scope["type"] == "lifespan":
            await _lived(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    return serve


async def _lived(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _answered(
    face: Face, scope: MutableMapping[str, Any], receive: Receive, send: Send, most_bytes: int, body_s: float
) -> None:
    body = _Body(receive, most_bytes)
    try:
        async with asyncio.timeout(body_s):
            await body.read()
    except TimeoutError:
        if not body.is_too_large:
            await _sent(send, face.refuse(face.dialect.too_slow, "The request did not come in time."), is_last=True)
            return
    except _GoneError:
        return
    if body.is_too_large:
        await _sent(send, face.refuse(face.dialect.too_large, "The request is too large."), is_last=True)
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = scope["query_string"].decode("latin-1")
    await _sent(send, face.respond(Request(scope["method"], path, query, headers, body.whole())), is_last=False)


class _Body:
    """A body as it comes; what is beyond the limit is read all the same, or its sender would never see the answer."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._left = most_bytes
        self._parts: list[bytes] = []

    @property
    def is_too_large(self) -> bool:
        """Whether it is beyond the limit."""
        return self._left < 0

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self._parts)

    async def read(self) -> None:
        """Read it to its end.

        Raises:
            _GoneError: the client went away.
        """
        is_more = True
        while is_more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            part = message.get("body", b"")
            self._left -= len(part)
            if self.is_too_large:
                self._parts.clear()
            else:
                self._parts.append(part)
            is_more = message.get("more_body", False)


async def _sent(send: Send, response: Response, *, is_last: bool) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in response.headers]
    if response.status != 204:
        headers.append((b"content-length", str(len(response.body)).encode()))
    if is_last:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


# ------------------------------------------------------------------------------------------------- serving


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or an address.
        port: its number; 0 for one that is free.

    Raises:
        UsageError: nobody can listen there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except (OSError, UnicodeError, OverflowError) as error:
        raise UsageError(f"address to listen at ({error})", f"{host}:{port}") from error
    return listening


def address(listening: socket.socket) -> str:
    """Where a socket listens, as a URL."""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server(
    face: Face, *, most_bytes: int = MOST_BYTES, body_s: float = BODY_S, headers_s: float = HEADERS_S
) -> "uvicorn.Server":
    """A server of a face: `serve(sockets=[...])` runs until its `should_exit` is set.

    Args:
        face: what answers.
        most_bytes: greatest length of a body.
        body_s: seconds within which a body must have come.
        headers_s: seconds within which headers must have come, from the first byte on or from when it was connected.

    Raises:
        MissingExtraError: the extra `server` is not installed.
    """
    try:
        import uvicorn
        from uvicorn.protocols.http.h11_impl import H11Protocol
    except ImportError:
        raise MissingExtraError("an HTTP face", "server") from None

    class Patient(H11Protocol):
        """The protocol of uvicorn, which has no limit of its own on how long headers may take."""

        _impatience: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def _watch(self) -> None:
            is_reading = self.cycle is None or self.cycle.response_complete
            if is_reading and self._impatience is None:
                self._impatience = self.loop.call_later(headers_s, self._give_up)
            elif not is_reading and self._impatience is not None:
                self._impatience.cancel()
                self._impatience = None

        def _give_up(self) -> None:
            self._impatience = None
            if (self.cycle is None or self.cycle.response_complete) and not self.transport.is_closing():
                self.transport.close()

    class Quiet(uvicorn.Server):
        """A server that leaves signals to whoever runs it."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        application(face, most_bytes=most_bytes, body_s=body_s), http=Patient, ws="none", loop="asyncio",
        lifespan="off", log_config=None, access_log=False, server_header=False, backlog=BACKLOG,
        timeout_keep_alive=int(headers_s) or 1, timeout_graceful_shutdown=2,
    )  # fmt: skip
    config.load()
    return Quiet(config)


def run(face: Face, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve a face until the process is told to stop, from the keyboard or by SIGTERM.

    Args:
        face: what answers.
        listening: a socket from `bound`; closed at the end.
        ready: told the address once somebody answers there.

    Raises:
        MissingExtraError: the extra `server` is not installed.
    """
    running = server(face)

    def stop(_number: int, _frame: FrameType | None) -> None:
        running.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        ready(address(listening))
        asyncio.run(running.serve(sockets=[listening]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        listening.close()
