"""A real deployer of the npm registry, which knows nothing of us, deploys to the simulated SCF, and is judged."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from faces import face_of, served

from statemodel.adapters.control import Control
from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.registry import model
from statemodel.servers.wire import Key

NODE, NPM = shutil.which("node"), shutil.which("npm")
if NODE is None or NPM is None:
    pytest.skip("node and npm are not installed", allow_module_level=True)

KEY = Key("AKID", "secret")
SOURCES = Path(__file__).parent / "deployer"
INPUTS = {"name": "f", "runtime": "Python3.9", "handler": "index.handler", "memorySize": 256,
          "code": {"bucket": "bucket-1", "object": "one.zip"}}
NEXT = {**INPUTS, "code": {"bucket": "bucket-1", "object": "two.zip"}}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A directory with the deployer and what it needs."""
    place = tmp_path_factory.mktemp("deployer")
    for source in SOURCES.iterdir():
        shutil.copy(source, place)
    done = subprocess.run([NPM, "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=place, text=True,  # noqa: S603
                          capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return place


class Deployer:
    """The deployer as a process of its own, and the service that it deploys to."""

    def __init__(self, place, at, face):
        self.place, self.face = place, face
        self.environment = {**os.environ, "FACE": "http://{}:{}".format(*at), "ID": KEY.id, "SECRET": KEY.secret}
        self.control = Control(*at)

    def __call__(self, method, inputs):
        command = [NODE, "--require", "./redirect.cjs", "deploy.cjs", method, json.dumps(inputs)]
        done = subprocess.run(command, cwd=self.place, env=self.environment, text=True, capture_output=True,  # noqa: S603
                              check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def steer(self, what, event):
        assert self.control.steer(what, {"event": event})

    def status(self, **more):
        """The status that a read shows, or the code of its refusal; it is recorded, too."""
        answer = self.face.recorder.call("GetFunction", {"FunctionName": "f", "Namespace": "default", **more})
        return answer["result"]["Status"] if "result" in answer else answer["error"]

    def calls(self):
        """The operations that were recorded, each once a row."""
        names = [one["op"] for one in self.face.recorder.records if "op" in one]
        return [name for place, name in enumerate(names) if names[place - 1 : place] != [name]]


@pytest.fixture
def deployer(installed):
    """A deployer and a service of its own; in the end the oracle says that what was recorded can have happened."""
    face = face_of("scf", key=KEY, passing=time.monotonic, now=time.time, delay_s=0.3)
    with served(face) as at:
        ready = Deployer(installed, at, face)
        yield ready
        ready.control.close()
    [verdict] = judge(model("scf"), face.recorder.records, start="absent", environment="recorded").verdicts
    assert verdict.outcome is Outcome.CONFORMS, verdict.text()


def test_it_deploys_updates_and_removes(deployer):
    """Created, updated and published, removed: the deployer is content, and the service has moved as it says."""
    created = deployer("deploy", INPUTS)["done"]
    assert (created["Status"], created["MemorySize"], created["FunctionName"]) == ("Active", 256, "f")
    updated = deployer("deploy", {**NEXT, "publish": True, "memorySize": 512})["done"]
    assert (updated["Status"], updated["MemorySize"], updated["LastVersion"]) == ("Active", 512, "1")
    assert deployer.status(Qualifier="1") == "Active"
    assert deployer("remove", {"functionName": "f"}) == {"done": True}
    assert deployer.status() in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
    assert {"CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion",
            "DeleteFunction"} <= set(deployer.calls())


def test_create_failed(deployer):
    """A creation that fails is told; the next deployment deletes what is left and creates it again."""
    deployer.steer("outcome", "create failed")
    assert deployer("deploy", INPUTS)["error"]["type"] == "API_SCF_isOperationalStatus"
    assert deployer.status() == "CreateFailed"
    assert deployer("deploy", INPUTS)["done"]["Status"] == "Active"
    assert deployer.calls().count("CreateFunction") == 2
    assert "UpdateFunctionCode" not in deployer.calls()


def test_update_failed(deployer):
    """An update that fails is told, and the next one goes through."""
    assert deployer("deploy", INPUTS)["done"]["Status"] == "Active"
    deployer.steer("outcome", "update failed")
    failed = deployer("deploy", NEXT)["error"]
    assert (failed["type"], "UpdateFailed" in failed["text"]) == ("API_SCF_isOperationalStatus", True)
    assert deployer.status() == "UpdateFailed"
    assert deployer("deploy", NEXT)["done"]["Status"] == "Active"


def test_publish_failed(deployer):
    """A publication that fails is told; the function itself stays active."""
    deployer.steer("outcome", "publish failed")
    failed = deployer("deploy", {**INPUTS, "publish": True})["error"]
    assert (failed["type"], "PublishFailed" in failed["text"]) == ("API_SCF_isOperationalStatus", True)
    assert (deployer.status(Qualifier="1"), deployer.status()) == ("PublishFailed", "Active")


def test_arrears(deployer):
    """Without balance the change of a configuration is refused with the code of the service; paid, it goes through."""
    assert deployer("deploy", INPUTS)["done"]["AvailableStatus"] == "Available"
    deployer.steer("happen", "balance exhausted")
    refused = deployer("deploy", NEXT)["error"]
    assert (refused["type"], refused["code"]) == ("API_scf_UpdateFunctionConfiguration",
                                                  "FailedOperation.InsufficientBalance")
    deployer.steer("happen", "balance restored")
    time.sleep(0.5)
    assert deployer("deploy", NEXT)["done"]["AvailableStatus"] == "Available"


def test_a_wrong_key(deployer):
    """The deployer signs by the older protocol; another key is refused, and nothing has moved."""
    deployer.environment["SECRET"] = "other"  # noqa: S105
    assert deployer("deploy", INPUTS)["error"]["code"] == "AuthFailure.SignatureFailure"
    assert deployer.status() in ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
