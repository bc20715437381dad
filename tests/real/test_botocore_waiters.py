"""botocore loads an exported waiter from its own data folder and runs it, every answer stubbed."""

import json

import pytest

from statemodel.registry import model
from statemodel.waiters import waiter
from statemodel.waiters.tables import botocore

boto = pytest.importorskip("botocore.session")
stub = pytest.importorskip("botocore.stub")
from botocore.exceptions import WaiterError  # noqa: E402 - only where botocore is there

NAMES = {"GetFunction": ("FunctionName", ("Status",)), "getFunction": ("functionName", ("state", "lastUpdateStatus"))}


def description(operation, fields):
    """A service with one operation, as botocore describes services."""
    shapes = {
        "Asked": {"type": "structure", "members": {}},
        "Shown": {"type": "structure", "members": {field: {"shape": "Text"} for field in fields}},
        "Text": {"type": "string"},
    }
    return {
        "version": "2.0",
        "metadata": {"apiVersion": "2018-04-16", "endpointPrefix": "clouds", "protocol": "json", "jsonVersion": "1.1",
                     "serviceFullName": "Clouds", "serviceId": "Clouds", "signatureVersion": "v4",
                     "targetPrefix": "Clouds", "uid": "clouds-2018-04-16"},
        "operations": {operation: {"name": operation, "http": {"method": "POST", "requestUri": "/"},
                                   "input": {"shape": "Asked"}, "output": {"shape": "Shown"}}},
        "shapes": shapes,
    }


@pytest.fixture
def client(tmp_path, request):
    """A client of botocore's own making that knows an exported waiter, with its name and a stub for its answers."""
    made = request.param()
    folder = tmp_path / "clouds" / "2018-04-16"
    folder.mkdir(parents=True)
    said = description(made.read.name, made.names)
    (folder / "service-2.json").write_text(json.dumps(said), encoding="utf-8")
    exported = botocore(made, delay_s=1, attempts=5)
    exported["waiters"] = {name: {**one, "delay": 0} for name, one in exported["waiters"].items()}
    (folder / "waiters-2.json").write_text(json.dumps(exported), encoding="utf-8")
    session = boto.Session()
    session.get_component("data_loader").search_paths.insert(0, str(tmp_path))
    found = session.create_client("clouds", region_name="there", endpoint_url="http://127.0.0.1:9",
                                  aws_access_key_id="a", aws_secret_access_key="b")  # noqa: S106
    [name] = found.waiter_names
    return found, name


def waited(client, answers):
    """How many answers a waiter took, or the reason why botocore gave up."""
    found, name = client
    operation = found.meta.service_model.operation_names[0]
    method = found.meta.method_to_api_mapping
    called = next(python for python, api in method.items() if api == operation)
    with stub.Stubber(found) as stubbed:
        for answer in answers:
            if isinstance(answer, dict):
                stubbed.add_response(called, answer)
            else:
                stubbed.add_client_error(called, service_error_code=answer)
        try:
            found.get_waiter(name).wait()
        except WaiterError as error:
            return str(error)
        stubbed.assert_no_pending_responses()
    return len(answers)


def scf_active():
    return waiter(model("scf.function"), until="Active", after="CreateFunction")


def scf_gone():
    return waiter(model("scf.function"), until="Absent", after="DeleteFunction")


def fc_active():
    return waiter(model("fc.function"), until=("Active", "Ready"))


def status(*values):
    return [{"Status": value} for value in values]


def fc(state, update):
    return {name: value for name, value in (("state", state), ("lastUpdateStatus", update)) if value is not None}


@pytest.mark.parametrize(
    ("client", "answers", "ends"),
    [
        (scf_active, status("Creating", "Creating", "Active"), 3),
        (scf_active, status("Creating", "CreateFailed"), 'we matched expected path: "CreateFailed"'),
        (scf_active, ["ResourceNotFound.Function"], "Matched expected service error code"),
        (scf_active, status(*["Creating"] * 5), "Max attempts exceeded"),
        (scf_gone, [*status("Deleting"), "ResourceNotFound.Version", "ResourceNotFound.Function"], 3),
        (scf_gone, status("Deleting", "DeleteFailed"), 'we matched expected path: "DeleteFailed"'),
        (fc_active, [fc("Pending", None), fc("Active", "Successful")], 2),
        (fc_active, [fc("Active", "InProgress"), fc("Active", "Failed")], 'we matched expected path: "True"'),
        (fc_active, [fc("Failed", "Successful")], 'we matched expected path: "True"'),
        (fc_active, [fc(None, None)], 1),
    ],
    indirect=["client"],
)
def test_botocore_runs_an_exported_waiter(client, answers, ends):
    """It ends well, gives up at once, or goes on, as the table says."""
    end = waited(client, answers)
    if isinstance(ends, int):
        assert end == ends
    else:
        assert ends in str(end)
