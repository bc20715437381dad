"""Waiters as others write them, on the command line and as a page about real clients."""

import json
from pathlib import Path

import pytest

from statemodel.cli import main
from statemodel.errors import UsageError
from statemodel.registry import MODELS, model
from statemodel.waiters import Verdict, waiter
from statemodel.waiters.clients import CLIENTS
from statemodel.waiters.compared import misjudged, page

HERE = Path(__file__).parents[1]


def ran(capsys, *argv):
    code = main(["waiter", *argv])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_text(capsys):
    """The table for people: what is expected with its reason, then what is not."""
    assert ran(capsys, "scf.function", "--until", "Active", "--after", "CreateFunction") == (0, """\
scf.function until Active after CreateFunction, as GetFunction shows it

  ResourceNotFound.Function      failure  the service does not reach Active from Absent by itself
  ResourceNotFound.FunctionName  failure  the service does not reach Active from Absent by itself
  Creating                       retry    the service may reach Active from Creating
  Active                         success  it is Active
  CreateFailed                   failure  the service does not reach Active from CreateFailed by itself

Not to be read after CreateFunction, unless somebody else acts or the read is stale:

  Updating                       unknown
  UpdateFailed                   failure
  Publishing                     unknown
  PublishFailed                  failure
  Deleting                       unknown
  ResourceNotFound.Version       unknown
  DeleteFailed                   failure

Any other status is unknown.
""", "")


def test_json(capsys):
    """Every reading with its states, its verdict and what decides it."""
    code, out, _ = ran(capsys, "scf.function", "--until", "deleted", "--format", "json")
    said = json.loads(out)
    assert (code, said["contract"], said["until"], said["fields"]) == (0, 1, ["Absent"], ["Status"])
    by_status = {one["states"][0]: one for one in said["statuses"]}
    assert by_status["Creating"] == {
        "result": {"Status": "Creating"}, "states": ["Creating"], "verdict": "unknown", "passed": False,
        "expected": True, "policies": ["create_leaves_no_trace"],
        "reason": "open, with create_leaves_no_trace = possible: retry; "
                  "with create_leaves_no_trace = impossible: failure",
    }
    assert by_status["HalfDeleted"]["error"] == "ResourceNotFound.Version"
    assert by_status["HalfDeleted"]["verdict"] == "retry"


def test_a_policy_settles_what_is_unknown(capsys):
    """With the option chosen the verdict is sure."""
    _, out, _ = ran(capsys, "scf.function", "--until", "Absent", "--policy", "create_leaves_no_trace=possible")
    assert "  Creating                       retry" in out


def test_terraform(capsys):
    """Two lists; a refused read goes by the name of the state it stands for."""
    assert ran(capsys, "scf.function", "--until", "Absent", "--after", "DeleteFunction", "--format", "terraform") == (
        0, """\
// scf.function until Absent after DeleteFunction: what GetFunction shows, as the Refresh function names it.
// "Absent" stands for ResourceNotFound.Function or ResourceNotFound.FunctionName.
// "HalfDeleted" stands for ResourceNotFound.Version.
Pending: []string{"Deleting", "HalfDeleted"},
Target:  []string{"Absent"},
""", "")


def test_botocore(capsys):
    """A waiter file with the delay and the attempts asked for; botocore itself runs one elsewhere."""
    code, out, _ = ran(capsys, "scf.layer", "--until", "Active", "--format", "botocore", "--delay", "2",
                       "--attempts", "60")
    said = json.loads(out)["waiters"]["LayerActive"]
    assert (code, said["operation"], said["delay"], said["maxAttempts"]) == (0, "GetLayerVersion", 2, 60)
    assert said["acceptors"][0] == {"state": "success", "matcher": "path", "argument": "Status", "expected": "Active"}
    assert {one["state"] for one in said["acceptors"]} == {"success", "retry", "failure"}


def test_a_list_is_matched_by_its_entries():
    """Where the status stands in a list, every entry of it is asked for, and an empty list is told apart."""
    from statemodel.waiters.tables import botocore

    said = botocore(waiter(model("scf.request"), until="Succeeded"))["waiters"]["RequestSucceeded"]["acceptors"]
    assert said[0] == {"state": "success", "matcher": "pathAll", "argument": "Data[].RetCode", "expected": 0}


def test_the_runtime_tells_kinds_of_functions_apart():
    """A function of another runtime never becomes Active; who waits for either kind names both."""
    made = {"after": "createFunction", "args": {"runtime": "python3.12"}}
    with pytest.raises(UsageError, match="can come to show after createFunction 'Active'; known: Ready"):
        waiter(model("fc.function"), until="Active", **made)
    either = waiter(model("fc.function"), until=("Active", "Ready"), **made)
    assert [(row.shown, row.verdict) for row in either.rows if row.is_expected] == [
        ("state=null, lastUpdateStatus=null", Verdict.SUCCESS)]
    unsaid = waiter(model("fc.function"), until="Active", after="createFunction")
    assert {row.shown: row.verdict for row in unsaid.rows}["state=null, lastUpdateStatus=null"] is Verdict.FAILURE


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("scf.function",), "the following arguments are required: --until"),
        (("scf.functoin", "--until", "Active"), "unknown model 'scf.functoin'"),
        (("scf.function", "--until", "Ready"), "unknown status of scf.function: 'Ready'; known: Absent, Creating,"),
        (("scf.function", "--until", ""), "unknown status of scf.function: ''; known: Absent,"),
        (("scf.function", "--until", "Active", "--after", "Create"),
         "unknown operation of scf.function: 'Create'; known: CreateFunction,"),
        (("scf.function", "--until", "Creating", "--after", "UpdateFunctionCode"),
         "unknown status that GetFunction can come to show after UpdateFunctionCode 'Creating'; known: Absent, Active"),
        (("scf.billing", "--until", "Frozen"), "unknown status that GetFunction can come to show 'Frozen'"),
        (("fc.account", "--until", "Normal"), "unknown model with a read that shows a status: 'fc.account'"),
        (("scf", "--until", "Active", "--part", "layer"), "unknown part of scf: 'layer'; known: function, billing"),
        (("scf.function", "--until", "Active", "--policy", "x"), "unknown form of a policy 'x'; known: name=option"),
        (("scf.function", "--until", "Active", "--arg", "a=b"), "unknown use of an argument without --after: 'a=b'"),
        (("scf.function", "--until", "Active", "--after", "CreateFunction", "--arg", "a"),
         "unknown form of an argument 'a'; known: name=value"),
        (("scf.function", "--until", "Active", "--delay", "0"), "'0' is not a whole number from 1 to"),
    ],
)
def test_bad_usage(capsys, argv, said):
    """What there is not is named with what there is, on one line."""
    code, out, err = ran(capsys, *argv)
    assert (code, out) == (2, "")
    assert said in err


# ------------------------------------------------------------------------------------------------- real clients


def test_the_page_about_clients_is_fresh(capsys):
    """It is what the command writes."""
    place = HERE / "docs" / "waiters.md"
    assert place.read_text(encoding="utf-8") == page(MODELS.items()), "write it again: statemodel clients --out FILE"
    assert main(["clients", "--out", str(place), "--check"]) == 0
    assert capsys.readouterr().out == f"{place} is fresh\n"


def test_a_stale_page_is_told(capsys, tmp_path):
    """A page that differs, or is not there, is stale; and it is written where it is asked for."""
    place = tmp_path / "docs" / "page.md"
    assert main(["clients", "--out", str(place), "--check"]) == 1
    assert main(["clients", "--out", str(place)]) == 0
    assert main(["clients", "--out", str(place), "--check"]) == 0
    place.write_text(place.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert main(["clients", "--out", str(place), "--check"]) == 1
    assert main(["clients", "--check"]) == 2
    assert "unknown use of --check without --out" in capsys.readouterr().err


def wrong(name):
    client = next(each for each in CLIENTS if each.name == name)
    found = misjudged(client, waiter(MODELS[client.model], until=client.until))
    return {one.shown: one.harm for one in found}


def test_what_clients_misjudge():
    """Defects that their authors or users have seen come out of the comparison."""
    assert wrong("terraform-provider-tencentcloud")["Publishing"] == "given up although it may come"
    assert wrong("cloudbase-manager-node")["UpdateFailed"] == "taken for success"
    assert wrong("Serverless Devs fc3")["state=Active, lastUpdateStatus=Failed"] == "taken for success"
    assert wrong("serverlessinsight")["state=null, lastUpdateStatus=null"] == "waited for although it cannot come"
    assert wrong("OneManager-php")["CreateFailed"] == "waited for although it cannot come"
