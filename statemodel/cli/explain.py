"""`explain`: what a code means."""

import argparse

from statemodel.cli.output import say
from statemodel.explain import explained
from statemodel.registry import MODELS


def explain_code(asked: argparse.Namespace) -> int:
    """Tell what a code means."""
    say(explained(asked.code, MODELS.values()))
    return 0
