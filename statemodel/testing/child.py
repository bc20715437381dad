"""A client that is a process of its own and speaks JSON lines. Knows no model and judges no answer."""

import contextlib
import json
import os
import selectors
import shlex
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from statemodel.errors import AdapterError
from statemodel.testing.adapter import TIMEOUT_S
from statemodel.testing.reply import ANSWER, NotJsonError, shown, to_reply

CONTRACT: Final = 1
LINE_BYTES: Final = 10_000_000
STDERR_LINES: Final = 20
STDERR_LINE_CHARACTERS: Final = 300
READ_BYTES: Final = 65_536
LEAVE_S: Final = 0.5  # how long a child may take to leave when its input ends, before it is told to
END_S: Final = 2.0  # how long it may take when it is told to, before it is made to
DIE_S: Final = 1.0  # how long one that closed its output may take to end, so that the message can say how
REMEMBERED: Final = 100  # requests of which it is known what they asked, should they be answered twice
LINE_MEND: Final = "write exactly one JSON object a line to standard output, and everything else to standard error"
ANSWERS: Final = frozenset({"abilities", "error", "result", "unsupported"})
ASTRAY: Final = ", for the answer went to standard error"
ASTRAY_MEND: Final = "write answers to standard output, and everything else to standard error"


class ChildAdapter:
    """An adapter that drives a child process by one JSON object a line.

    Attributes:
        command: as it was given.
        abilities: what the child declared.

    Raises:
        AdapterError: by every method, where the child cannot be started, dies, hangs or writes what it must not.
    """

    def __init__(self, command: str, model_name: str, timeout_s: float = TIMEOUT_S) -> None:
        """Start a child and greet it.

        Args:
            command: program and arguments, parted as a shell would; no shell is run.
            model_name: the model the child is asked to behave as.
            timeout_s: how long it may take to start, and for each answer.
        """
        self.command = command
        self.timeout_s = timeout_s
        self._last_id = 0
        self._done: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)
        self._out = bytearray()
        self._err = _Tail()
        self._end: str | None = None
        self._work: Callable[[], bool] | None = None
        self._process = _start(command)
        self._selector = selectors.DefaultSelector()
        try:
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                assert stream is not None
                os.set_blocking(stream.fileno(), False)
            self._selector.register(self._process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            self._selector.register(self._process.stderr, selectors.EVENT_READ)  # type: ignore[arg-type]
            self.abilities = self._hello(model_name)
        except BaseException:
            self.close()
            raise

    def reset(self) -> None:
        """Make the world as if nobody had ever called."""
        self._plain({"do": "reset"}, "to reset")

    def call(self, op: str, args: dict[str, object]) -> dict[str, object]:
        """Do one operation."""
        asked = f"to call {op} {json.dumps(args, ensure_ascii=False)}"
        answer, line = self._exchange({"do": "call", "op": op, "args": args}, asked)
        try:
            return to_reply(answer).to_record()
        except NotJsonError as wrong:
            mend = "answer a call by one of the two, beside the id"
            raise self._failed(asked, f"{wrong} in the line {shown(line)}", ANSWER, mend) from None

    def advance(self, seconds: float) -> bool:
        """Let time pass; False where the child cannot."""
        return self._plain({"do": "advance", "seconds": seconds}, f"to advance {seconds} seconds", is_steer=True)

    def outcome(self, event: str) -> bool:
        """Let the next hidden move of this kind end so; False where the child cannot."""
        return self._plain({"do": "outcome", "event": event}, f"for the outcome {event!r}", is_steer=True)

    def happen(self, event: str) -> bool:
        """Let an environment move happen now; False where the child cannot."""
        return self._plain({"do": "happen", "event": event}, f"to let {event!r} happen", is_steer=True)

    def work_meanwhile(self, work: Callable[[], bool]) -> None:
        """Do this while answers are waited for: a little each time it is called, until it says there is no more."""
        self._work = work

    def close(self) -> None:
        """End the child and everything it started; more than once is as good as once."""
        if self._end is None:
            self._end = "it is closed"
        process = self._process
        if process.stdin is not None and process.stdin.closed:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(process.stdin)
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            if not self._has_left(LEAVE_S):
                _signal(process, "SIGTERM")
                self._has_left(END_S)
        finally:
            _signal(process, "SIGKILL")  # whoever it started may still be there
            process.wait()
            self._selector.close()
            process.stdout.close()
            process.stderr.close()

    # -------------------------------------------------------------------------------------------- one exchange

    def _hello(self, model_name: str) -> tuple[str, ...]:
        asked = "to say hello"
        answer, line = self._exchange({"do": "hello", "contract": CONTRACT, "model": model_name}, asked)
        names = answer.get("abilities")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._failed(
                asked,
                f"the line {shown(line)}",
                '{"id": 1, "abilities": [...]} with names of operations and abilities',
                f"answer hello by what the client can do under contract {CONTRACT}",
            )
        return tuple(names)

    def _plain(self, request: dict[str, object], asked: str, *, is_steer: bool = False) -> bool:
        answer, line = self._exchange(request, asked)
        if is_steer and answer.get("unsupported") is True:
            return False
        odd = next((key for key in ("error", "unsupported", "result") if answer.get(key)), None)
        if odd is not None:
            right, unable = f'{{"id": {self._last_id}}}', f'{{"id": {self._last_id}, "unsupported": true}}'
            mend = f"leave {odd} out of the answer"
            if odd != "result":  # a failure that is not told would be no better
                anew = f"let reset succeed whatever was done before: forget everything, then answer {right}"
                mend = f"do it and answer {right}, or answer {unable}" if is_steer else anew
            right += f" or {unable}" if is_steer else ""
            raise self._failed(asked, f"the line {shown(line)}", right, mend)
        return True

    def _exchange(self, request: dict[str, object], asked: str) -> tuple[dict[str, object], str]:
        """The answer to a request, and the line it stood in."""
        if self._end is not None:
            raise AdapterError(asked, self._end, "a running child", "open a new one", self._err.lines())
        self._last_id += 1
        text = json.dumps({"id": self._last_id, **request}, ensure_ascii=False, allow_nan=False)
        line = self._line(text.encode() + b"\n", asked)
        expected = f'a line of JSON {{"id": {self._last_id}, ...}}'
        try:
            words = line.decode()
            answer = json.loads(words)
        except ValueError:
            raise self._failed(asked, f"the line {shown_line(line)}, which is no JSON", expected, LINE_MEND) from None
        if not isinstance(answer, dict):
            raise self._failed(asked, f"the line {shown(words)}, which is no object", expected, LINE_MEND)
        if answer.get("id") != self._last_id or isinstance(answer["id"], bool | float):
            mend = "answer every line once, in order, with the id it came with"
            raise self._failed(asked, f"the line {shown(words)}, {self._known(answer.get('id'))}", expected, mend)
        self._done.append((self._last_id, str(request.get("op", request["do"]))))
        return answer, words

    def _known(self, number: object) -> str:
        """What is known of an id that is not the one that was asked for."""
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < self._last_id:
            return "whose id was not asked for"
        what = dict(self._done).get(number)
        return f"a second answer to id {number}" + (f" ({what})" if what else "")

    def _line(self, request: bytes, asked: str) -> bytes:
        """Write a request and read one line."""
        process, rest = self._process, memoryview(request)
        assert process.stdin is not None
        until = time.monotonic() + self.timeout_s
        scanned = 0
        self._selector.register(process.stdin, selectors.EVENT_WRITE)
        try:
            while True:
                place = self._out.find(b"\n", scanned)
                if place >= 0 and not rest:
                    line = bytes(self._out[:place])
                    del self._out[: place + 1]
                    return line
                scanned = len(self._out) if place < 0 else place
                if len(self._out) - scanned > LINE_BYTES or (place < 0 and len(self._out) > LINE_BYTES):
                    came = f"a line of more than {LINE_BYTES:,} bytes that begins {shown_line(bytes(self._out[:80]))}"
                    raise self._failed(asked, came, "shorter lines", LINE_MEND)
                ready = self._ready(until, is_waiting=not rest)
                if not ready:
                    raise self._silent(asked)
                for key, _ in ready:
                    if key.fileobj is process.stdin:
                        rest = self._written(rest)
                        if not rest:
                            self._selector.unregister(process.stdin)
                    elif not self._read(key.fileobj) and key.fileobj is process.stdout:
                        raise self._gone(asked)
        finally:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(process.stdin)

    def _ready(self, until: float, *, is_waiting: bool) -> list[tuple[selectors.SelectorKey, int]]:
        """What can be read or written by then; while a child is only waited for, other work is done."""
        while is_waiting and self._work is not None and time.monotonic() < until:
            if ready := self._selector.select(0):
                return ready
            if not self._work():
                self._work = None
            if time.monotonic() >= until:  # the work was late, and the answer may be there
                return self._selector.select(0)
        left = until - time.monotonic()
        return self._selector.select(left) if left > 0 else []

    def _written(self, rest: memoryview) -> memoryview:
        assert self._process.stdin is not None
        try:
            return rest[os.write(self._process.stdin.fileno(), rest) :]
        except BlockingIOError:
            return rest
        except OSError:  # it reads no more: its output says whether it ended
            return memoryview(b"")

    def _read(self, stream: object) -> bool:
        """Take what a stream has; False where it ended."""
        process = self._process
        pipe = process.stdout if stream is process.stdout else process.stderr
        assert pipe is not None
        try:
            some = os.read(pipe.fileno(), READ_BYTES)
        except BlockingIOError:
            return True
        if not some:
            self._selector.unregister(pipe)
        elif pipe is process.stdout:
            self._out += some
        else:
            self._err.add(some)
        return bool(some)

    def _has_left(self, seconds: float) -> bool:
        """Whether the child closes what it writes to within some time; what it writes meanwhile is read."""
        until = time.monotonic() + seconds
        while self._selector.get_map():
            left = until - time.monotonic()
            if left <= 0:
                return False
            for key, _ in self._selector.select(left):
                self._read(key.fileobj)
            self._out.clear()
        return True

    # -------------------------------------------------------------------------------------------- failures

    def _gone(self, asked: str) -> AdapterError:
        """What to say where the output of the child has ended."""
        rest = bytes(self._out)
        try:
            code = self._process.wait(DIE_S)
        except subprocess.TimeoutExpired:
            came = "the child closed its standard output and goes on running"
        else:
            came = f"the child ended by itself, {_ended(code)}"
        if rest:
            came += f", after the unfinished line {shown_line(rest)}"
        self._shut(asked, came)  # before its standard error is looked at, so that all of that is there
        if self._err.has_answer(self._last_id):
            return self._failed(asked, came + ASTRAY, "a line of JSON", ASTRAY_MEND)
        mend = "let it answer until its standard input ends"
        if self._err.lines():
            mend += "; what it wrote to standard error may say why it did not"
        else:
            came += ", and wrote nothing to standard error"
        return self._failed(asked, came, "a line of JSON", mend)

    def _silent(self, asked: str) -> AdapterError:
        """What to say where no answer came in time."""
        came = f"no line within {self.timeout_s:g} s"
        if self._err.has_answer(self._last_id):
            return self._failed(asked, came + ASTRAY, "one line of JSON", ASTRAY_MEND)
        mend = "flush every line, answer every request, or raise the time limit"
        return self._failed(asked, came, "one line of JSON", mend)

    def _shut(self, asked: str, came: str) -> None:
        self._end = f"the child was ended, because asked {asked}: {came}"
        self.close()

    def _failed(self, asked: str, came: str, expected: str, mend: str) -> AdapterError:
        self._shut(asked, came)
        return AdapterError(f"{asked} ({self.command})", came, expected, mend, self._err.lines())


class _Tail:
    """The last lines of a stream."""

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque(maxlen=STDERR_LINES)
        self._rest = b""

    def add(self, some: bytes) -> None:
        *lines, rest = (self._rest + some).split(b"\n")
        self._lines.extend(lines)
        self._rest = rest[: STDERR_LINE_CHARACTERS * 4]

    def has_answer(self, number: int) -> bool:
        """Whether a line is an answer to that request; a log of the request is none."""
        for line in (*self._lines, self._rest):
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict) and said.get("id") == number and (len(said) == 1 or said.keys() & ANSWERS):
                    return True
        return False

    def lines(self) -> tuple[str, ...]:
        """The last lines, those that are long cut."""
        found = [line.decode(errors="replace").rstrip() for line in (*self._lines, self._rest)]
        if not found[-1]:
            found.pop()
        cut = STDERR_LINE_CHARACTERS
        return tuple(line if len(line) <= cut else line[: cut - 3] + "..." for line in found)[-STDERR_LINES:]


def shown_line(line: bytes) -> str:
    """A line in few words, also one that is no text."""
    try:
        return shown(line.decode())
    except UnicodeDecodeError:
        return shown(line)


def _start(command: str) -> subprocess.Popen[bytes]:
    asked = f"to start {command!r}"
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise AdapterError(asked, f"the command cannot be parted: {error}", "a command", "mend its quotes") from None
    if not words:
        raise AdapterError(asked, "the command is empty", "a program and its arguments", "name a program")
    try:
        return subprocess.Popen(  # noqa: S603  # it is what the user asks to be run
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
            start_new_session=True,
        )  # fmt: skip
    except FileNotFoundError:
        came, mend = f"there is no program {words[0]!r}", "spell it as it is found from here, or give its whole path"
    except PermissionError:
        came, mend = f"{words[0]!r} may not be executed", "make it executable, or name its interpreter before it"
    except OSError as error:
        came, mend = f"{words[0]!r} cannot be run: {error.strerror}", "name its interpreter before it"
    raise AdapterError(asked, came, "a program that can be run", mend)


def _signal(process: subprocess.Popen[bytes], name: str) -> None:
    """Send a signal to a child and to all it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, name))
        else:
            process.kill()


def _ended(code: int) -> str:
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
