"""What the pages say was proved is what a search finds today; it takes minutes, so it is not among the other tests."""

import json
from pathlib import Path

import pytest

from statemodel.registry import model
from statemodel.verify import verify

SAVED = {each["model"]: each for each in json.loads(
    (Path(__file__).parents[2] / "docs" / "proofs.json").read_text(encoding="utf-8"))["models"]}


@pytest.mark.parametrize("name", SAVED)
def test_saved_proofs_are_fresh(name):
    """Verified anew up to as many versions, every statement comes to the same, with the same runs and counts."""
    assert verify(model(name), versions=SAVED[name]["versions"]).document() == SAVED[name]
