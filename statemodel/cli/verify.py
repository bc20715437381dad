"""`verify`: every configuration explored, every invariant checked."""

import argparse

from statemodel.cli.names import named
from statemodel.cli.output import clear_progress, progress, say, say_json
from statemodel.registry import MODELS
from statemodel.verify import Verification, verify


def verify_models(asked: argparse.Namespace) -> int:
    """Verify some models, or all of them."""
    chosen = {name: named(name) for name in asked.models or MODELS}
    found: list[Verification] = []
    for each in chosen.values():
        telling = progress(f"configurations of {each.name}")
        try:
            found.append(verify(each, versions=asked.max_versions, progress=telling))
        finally:
            clear_progress(telling)
        if not asked.json:
            say(("" if len(found) == 1 else "\n") + found[-1].text())
    if asked.json:
        say_json({"contract": 1, "models": [one.document() for one in found]})
    return 0 if all(one.holds for one in found) else 1
