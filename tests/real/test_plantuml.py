"""PlantUML itself takes every drawing."""

import shutil
import subprocess

import pytest

from statemodel.drawing.outline import diagram
from statemodel.drawing.plantuml import to_plantuml
from statemodel.registry import MODELS, model

COMMAND = shutil.which("plantuml")


@pytest.mark.skipif(COMMAND is None, reason="no plantuml on this machine")
def test_plantuml_reads_every_drawing():
    """Its own check finds a state diagram in each, and tells a drawing that is none."""

    def said(text):
        done = subprocess.run([COMMAND, "-syntax"], input=text, capture_output=True, text=True, check=False)  # noqa: S603
        return done.stdout.split(maxsplit=1)[0]

    texts = {name: to_plantuml(diagram(model(name))) for name in MODELS}
    assert {name: said(text) for name, text in texts.items()} == dict.fromkeys(MODELS, "STATE")
    assert said('@startuml\nstate "a" as\nA -[#x,,]->\n@enduml\n') == "ERROR"
