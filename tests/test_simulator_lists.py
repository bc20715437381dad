"""Lists of the fake service: pages joined are the whole, in the order and with the filters asked for."""

import pytest

from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAYER, SCF
from statemodel.simulator import FakeService, Simulator

CREATED = {"FunctionName": "f", "content": "one"}
CONTAINER = {"functionName": "f", "runtime": "custom-container", "handler": "h", "content": "one"}


def fake(model=SCF, **options):
    return FakeService(Simulator.of(model, **options))


def published(count):
    """An SCF function with so many versions."""
    one = fake(SCF.with_policies(latest_shows_publishing="separate"))
    one.call("CreateFunction", CREATED)
    one.advance(5)
    for _ in range(count):
        one.call("PublishVersion", {"FunctionName": "f"})
        one.advance(5)
    return one


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_by_offset_make_up_the_list(size):
    """Pages joined are the list, whatever their size, and the total is that of the list."""
    one = published(6)
    asked = {"FunctionName": "f"}
    whole = one.call("ListVersionByFunction", asked)["result"]
    joined, offset = [], 0
    while page := one.call("ListVersionByFunction", {**asked, "Limit": size, "Offset": offset})["result"]["Versions"]:
        assert len(page) <= size
        joined += page
        offset += size
    assert joined == whole["Versions"]
    assert (len(joined), whole["TotalCount"]) == (7, 7)
    assert [entry["Version"] for entry in joined] == ["$LATEST", *"123456"]


def test_a_list_without_a_limit_ends_after_a_page():
    """Twenty entries are shown where no limit was sent, and all are counted."""
    one = fake()
    for number in range(25):
        one.call("CreateFunction", {"FunctionName": f"f{number:02}", "content": "c"})
    shown = one.call("ListFunctions")["result"]
    assert ([entry["FunctionName"] for entry in shown["Functions"]], shown["TotalCount"]) == (
        [f"f{number:02}" for number in range(20)], 25)


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize("direction", ["FORWARD", "BACKWARD"])
def test_pages_by_token_make_up_the_list(size, direction):
    """Pages joined by their tokens are the list; it begins with the newest version unless asked otherwise."""
    one = fake(FC)
    one.call("createFunction", CONTAINER | {"runtime": "python3.12"})
    for number in range(5):
        one.call("updateFunction", {"functionName": "f", "content": f"c{number}"})
        while "error" in one.call("publishFunctionVersion", {"functionName": "f"}):
            pass
    asked = {"functionName": "f", "direction": direction}
    joined, token = [], {}
    while token is not None:
        page = one.call("listFunctionVersions", {**asked, "limit": size, **token})["result"]
        joined += page["versions"]
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else None
    numbers = list("12345") if direction == "FORWARD" else list("54321")
    assert [entry["versionId"] for entry in joined] == ["LATEST", *numbers]
    assert joined == one.call("listFunctionVersions", asked)["result"]["versions"]


def test_a_token_whose_entry_is_gone_leads_on():
    """A page goes on behind an entry that went meanwhile."""
    one = fake(FC)
    for name in "abcd":
        one.call("createFunction", CONTAINER | {"functionName": name, "runtime": "python3.12"})
    page = one.call("listFunctions", {"limit": 2})["result"]
    one.call("deleteFunction", {"functionName": page["nextToken"]})
    rest = one.call("listFunctions", {"limit": 2, "nextToken": page["nextToken"]})["result"]
    assert rest == {"functions": [{"functionName": "d"}]}


def test_prefix():
    """Only names that begin so are listed."""
    one = fake(FC)
    for name in ("aa", "ab", "b"):
        one.call("createFunction", CONTAINER | {"functionName": name})
    assert one.call("listFunctions", {"prefix": "a"})["result"] == {
        "functions": [{"functionName": "aa"}, {"functionName": "ab"}]
    }


def test_layers_are_listed_whole():
    """A list without pages shows everything, and a layer is told apart by its name."""
    one = fake(LAYER)
    for _ in range(30):
        assert "result" in one.call("PublishLayerVersion", {"LayerName": "l"})
    one.advance(5)
    shown = one.call("ListLayerVersions", {"LayerName": "l"})["result"]["LayerVersions"]
    assert (len(shown), {entry["Status"] for entry in shown}) == (30, {"Active"})
    assert one.call("ListLayerVersions", {"LayerName": "m"}) == {"result": {"LayerVersions": []}}


def test_entries_are_filtered_by_what_they_show():
    """An argument with the name of a field lets pass what shows it."""
    one = fake(ASYNC_TASK)
    for name in ("t1", "t2"):
        one.call("invokeFunction", {"functionName": "f", "invocationType": "Async", "asyncTaskId": name})
    one.advance(5)
    one.call("stopAsyncTask", {"functionName": "f", "taskId": "t1"})
    shown = [
        [entry["taskId"] for entry in one.call("listAsyncTasks", {"functionName": "f", "status": status})["result"][
            "tasks"]]
        for status in ("Stopping", "Dequeued", "Failed")
    ]
    assert shown == [["t1"], ["t2"], []]


def test_filters_of_the_model_count():
    """The total counts what passes the filters."""
    one = fake(ASYNC_EVENT)
    for name in ("e1", "e2"):
        one.call("ListAsyncEvents", {"FunctionName": "f"})
        one.call("GetAsyncEventStatus", {"InvokeRequestId": name})
        one.happen("event started")
    one.call("TerminateAsyncEvent", {"FunctionName": "f", "InvokeRequestId": "e1", "GraceShutdown": True})
    one.advance(5)
    one.happen("event started")
    shown = one.call("ListAsyncEvents", {"FunctionName": "f", "Status": ["RUNNING"]})["result"]
    assert (len(shown["EventList"]), shown["TotalCount"]) == (1, 1)


def test_what_is_half_deleted_shows_no_status():
    """A list may show a function that is half deleted, and then without a status that nobody knows."""
    one = fake(SCF.with_policies(read_half_deleted="found"))
    one.call("CreateFunction", CREATED)
    one.advance(5)
    one.outcome("delete half done")
    one.call("DeleteFunction", {"FunctionName": "f"})
    one.advance(5)
    shown = [one.call("ListFunctions")["result"]["Functions"] for _ in range(12)]
    assert {len(each) for each in shown} == {0, 1}
    assert max(shown, key=len) == [{"FunctionName": "f"}]
