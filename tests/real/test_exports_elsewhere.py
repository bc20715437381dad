"""What is exported is read by those it is meant for: XState runs the machine, an SCXML reader loads the other."""

import json
import shutil
import subprocess

import pytest

from statemodel.drawing.rows import conditions_of
from statemodel.drawing.scxml import to_scxml
from statemodel.drawing.xstate import to_xstate
from statemodel.registry import MODELS, model
from statemodel.show import graphs_of

XSTATE = "xstate@5.33.3"
PROGRAM = """
import { createActor, createMachine } from "xstate";
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0));
const machine = createMachine(asked.machine);
const guards = Object.fromEntries(asked.guards.map((name) => [name, () => true]));
const actor = createActor(machine.provide({ guards })).start();
const values = [actor.getSnapshot().value];
for (const type of asked.events) {
  actor.send({ type });
  values.push(actor.getSnapshot().value);
}
console.log(JSON.stringify({ states: Object.keys(machine.states), events: machine.events, values }));
"""


@pytest.fixture(scope="module")
def xstate(tmp_path_factory):
    """What runs a machine in XState itself: states, events, and the value after each event sent."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("no node and npm on this machine")
    folder = tmp_path_factory.mktemp("xstate")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    asked = ["npm", "install", "--silent", XSTATE]
    made = subprocess.run(asked, cwd=folder, capture_output=True, check=False)  # noqa: S603
    if made.returncode:
        pytest.skip(f"npm cannot install {XSTATE}")
    (folder / "run.mjs").write_text(PROGRAM, encoding="utf-8")

    def run(name, *events):
        guards = conditions_of(model(name))
        asked = json.dumps({"machine": json.loads(to_xstate(model(name))), "guards": guards, "events": events})
        done = subprocess.run(["node", "run.mjs"], cwd=folder, input=asked, capture_output=True, text=True, check=False)  # noqa: S607
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("name", MODELS)
def test_xstate_takes_every_model(xstate, name):
    """Each machine is one to XState, with the states of the model."""
    graphs = graphs_of(model(name))
    wanted = [graph.part for graph in graphs] if len(graphs) > 1 else [state.name for state in graphs[0].states]
    assert xstate(name)["states"] == wanted


def test_xstate_moves_as_the_model_does(xstate):
    """A life of a function; an event that does not belong there is passed over."""
    run = xstate("scf.function", "CreateFunction", "update succeeded", "create succeeded", "UpdateFunctionCode",
                 "update failed")
    assert run["values"] == ["Absent", "Creating", "Creating", "Active", "Updating", "UpdateFailed"]
    parts = xstate("scf", "CreateFunction", "balance exhausted")["values"]
    assert parts[-1]["function"] == "Creating"
    assert parts[-1]["billing"] == "InsufficientBalance"


@pytest.mark.parametrize("name", MODELS)
def test_an_scxml_reader_takes_every_model(name):
    """A reader of SCXML finds the states of the model and where it begins."""
    processor = pytest.importorskip("statemachine.io.scxml.processor", reason="python-statemachine (extra `real`)")
    read = processor.SCXMLProcessor()
    read.parse_scxml("model", to_scxml(model(name)))
    running = read.start()
    initial = {graph.initial for graph in graphs_of(model(name))}
    assert {one.rpartition(".")[2] for one in running.configuration_values} >= initial
