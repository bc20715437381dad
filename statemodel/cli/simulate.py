"""`simulate`: a fake service on standard input and output."""

import argparse
import sys
from io import TextIOWrapper

from statemodel.cli.names import named
from statemodel.errors import UsageError
from statemodel.model.service import Model
from statemodel.servers.stdio import serve
from statemodel.simulator import FakeService, Simulator

POLL_S = 1.0


def simulate(asked: argparse.Namespace) -> int:
    """Serve a fake service until the requests end."""
    chosen = chosen_policies(named(asked.model), asked.policy)
    tick_s = asked.tick
    if tick_s is None:
        tick_s = POLL_S if "clock" in asked.without else 0.0
    made = Simulator.of(chosen, seed=asked.seed, is_adversarial=asked.adversarial, delay_s=asked.delay, tick_s=tick_s)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="backslashreplace")
    serve(FakeService(made, without=asked.without), sys.stdin, sys.stdout, model=chosen.name, name=asked.model)
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
