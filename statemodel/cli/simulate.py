"""`simulate`: a fake service on standard input and output, or behind HTTP."""

import argparse
import sys
import time
from io import TextIOWrapper

from statemodel.cli.names import named
from statemodel.cli.output import say
from statemodel.errors import UsageError
from statemodel.model.service import Model
from statemodel.servers.stdio import serve
from statemodel.simulator import FakeService, Simulator

POLL_S = 1.0
LOOPBACK = "127.0.0.1"


def simulate(asked: argparse.Namespace) -> int:
    """Serve a fake service until the requests end."""
    chosen = chosen_policies(named(asked.model), asked.policy)
    if asked.http is not None:
        return _behind_http(asked, chosen)
    for option, given in (("--host", asked.host), ("--key", asked.key)):
        if given is not None:
            raise UsageError(f"option {option} of --stdio", given, ("--http PORT",))
    tick_s = asked.tick
    if tick_s is None:
        tick_s = POLL_S if "clock" in asked.without else 0.0
    made = Simulator.of(chosen, seed=asked.seed, is_adversarial=asked.adversarial, delay_s=asked.delay, tick_s=tick_s)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="backslashreplace")
    serve(FakeService(made, without=asked.without), sys.stdin, sys.stdout, model=chosen.name, name=asked.model)
    return 0


def _behind_http(asked: argparse.Namespace, chosen: Model) -> int:
    """Serve a fake service behind HTTP until the process is told to stop."""
    from statemodel.servers import face, http
    from statemodel.servers.recorder import Recorder
    from statemodel.servers.wire import Key

    speaking = face.dialect(chosen.name)
    key = None
    if asked.key is not None:
        id_, colon, secret = asked.key.partition(":")
        if not (id_ and colon and secret):
            raise UsageError("form of a key", asked.key, ("ID:SECRET",))
        key = Key(id_, secret)
    made = Simulator.of(
        chosen, seed=asked.seed, is_adversarial=asked.adversarial, delay_s=asked.delay, tick_s=asked.tick or 0.0
    )
    service = Recorder(FakeService(made, without=asked.without), speaking.codes)
    passing = time.monotonic if asked.tick is None else None
    served = face.Face(service, speaking, key=key, passing=passing)
    listening = http.bound(asked.host or LOOPBACK, asked.http)

    def ready(where: str) -> None:
        say(f"{chosen.name} at {where}")
        sys.stdout.flush()

    http.run(served, listening, ready)
    return 0


def chosen_policies(model: Model, policies: list[str]) -> Model:
    """The model with options chosen, each as name=option.

    Raises:
        UsageError: there is no such policy, or the policy no such option.
    """
    options: dict[str, str] = {}
    for given in policies:
        name, sign, option = given.partition("=")
        if not sign:
            raise UsageError("form of a policy", given, ("name=option",))
        options[name] = option
    return model.with_policies(**options) if options else model
