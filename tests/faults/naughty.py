"""A child process that breaks the contract of lines, each way by its name: --how NAME. Without a name it keeps it."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

ABILITIES = ["GetFunction", "clock", "outcome"]
WAYS = (
    "both", "closes-stdout", "deaf", "dies", "dies-by-signal", "dies-in-a-line", "error-is-a-number",
    "floods-stderr", "hangs", "hangs-at-once", "leaves-children", "logs-requests", "long-line", "lowers-its-ears",
    "neither", "no-abilities", "no-id", "no-object", "no-text", "refuses-to-advance", "refuses-to-reset",
    "result-of-reset", "rubbish", "says-ready", "true-for-an-id", "twice", "unsupported", "wrong-id",
    "wrong-stream", "wrong-stream-and-ends",
)  # fmt: skip


def say(made, stream=sys.stdout):
    """Write one line."""
    print(json.dumps(made), file=stream, flush=True)


def rest():
    """Do nothing for good."""
    while True:
        time.sleep(3600)


def answer(request, how):
    """Answer one request, wrongly where it is a call."""
    made = {"id": request["id"]}
    if request["do"] == "hello":
        say(made if how == "no-abilities" else {**made, "abilities": ABILITIES})
        if how == "deaf":
            rest()
    elif request["do"] == "call":
        misbehave({**made, "result": {"Status": "Active"}}, how)
    elif request["do"] == "reset" and how == "refuses-to-reset":
        say({**made, "error": "no such thing"})
    elif request["do"] == "reset" and how == "result-of-reset":
        say({**made, "result": {"done": True}})
    elif request["do"] == "advance" and how == "refuses-to-advance":
        say({**made, "error": "no clock"})
    elif request["do"] in ("advance", "outcome", "happen") and how == "unsupported":
        say({**made, "unsupported": True})
    else:
        say(made)


def misbehave(made, how):
    """Answer a call in a way of one's own."""
    number, plain = made["id"], {"id": made["id"]}
    match how:
        case "both":
            say({**made, "error": "Code"})
        case "neither":
            say(plain)
        case "error-is-a-number":
            say({**plain, "error": 404})
        case "wrong-id":
            say({**made, "id": number + 7})
        case "true-for-an-id":
            say({**made, "id": True})
        case "no-id":
            say({"result": {}})
        case "no-object":
            say(["Active"])
        case "twice":
            say(made)
            say(made)
        case "rubbish":
            sys.stdout.write("Traceback: oh no\n")
            sys.stdout.flush()
        case "no-text":
            sys.stdout.buffer.write(b"\xff\xfe\n")
            sys.stdout.flush()
        case "long-line":
            sys.stdout.write("x" * 11_000_000)
            sys.stdout.flush()
            rest()
        case "wrong-stream":
            say(made, sys.stderr)
        case "wrong-stream-and-ends":
            say({"id": number, "do": "call"}, sys.stderr)
            say(made, sys.stderr)
            sys.exit(0)
        case "logs-requests":
            say({"id": number, "do": "call"}, sys.stderr)
            say({"id": number, "level": "info"}, sys.stderr)
            rest()
        case "hangs":
            rest()
        case "dies":
            sys.stderr.write("something gave way\n")
            sys.exit(3)
        case "dies-in-a-line":
            sys.stdout.write('{"id": 2, "res')
            sys.stdout.flush()
            os._exit(4)
        case "dies-by-signal":
            os.kill(os.getpid(), signal.SIGKILL)
        case "closes-stdout":
            os.close(1)
            rest()
        case "floods-stderr":
            for line in range(100_000):
                sys.stderr.write(f"line {line} of very many, to fill whatever holds them\n")
            say(made)
        case "lowers-its-ears":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            rest()
        case "leaves-children":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            say({**plain, "result": {"child": child.pid}})
        case _:
            say(made)


def main():
    """Answer line by line."""
    parser = argparse.ArgumentParser(description="A child that breaks the contract.")
    parser.add_argument("--how", choices=WAYS)
    how = parser.parse_args().how
    if how == "says-ready":
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    if how == "hangs-at-once":
        rest()
    for line in sys.stdin:
        answer(json.loads(line), how)


if __name__ == "__main__":
    main()
