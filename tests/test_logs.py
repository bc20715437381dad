"""Events of audit logs become records: the call, the function, what was answered; everything else is left out.

The shapes are those of published records and documented samples, with names and numbers of our own.
"""

import io
import json

import pytest

from statemodel.logs import READERS, events
from statemodel.model.history import check_record

TRAIL = {
    "eventVersion": "1.08", "userIdentity": {"type": "AssumedRole", "accountId": "111122223333"},
    "eventTime": "2026-05-01T12:00:03Z", "eventSource": "lambda.amazonaws.com",
    "eventName": "UpdateFunctionCode20150331v2", "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.1",
    "requestParameters": {"functionName": "f", "dryRun": False, "publish": False,
                          "zipFile": "HIDDEN_DUE_TO_SECURITY_REASONS"},
    "responseElements": {"functionName": "f", "state": "Active", "lastUpdateStatus": "InProgress", "version": "$LATEST",
                         "functionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
    "requestID": "r", "eventID": "e", "readOnly": False, "recipientAccountId": "111122223333",
}
AUDIT = {
    "eventName": "UpdateFunctionCode", "eventSource": "scf.tencentcloudapi.com", "eventRegion": "ap-guangzhou",
    "actionType": "Write", "eventTime": "2026-05-01 20:00:03", "requestID": "r", "resourceType": "scf",
    "resourceName": "f", "requestParameters": json.dumps({"FunctionName": "f", "Namespace": "test"}),
    "errorCode": 0, "errorMessage": "", "apiErrorCode": "0", "apiErrorMessage": "", "eventVersion": 2,
}
ACTION = {
    "eventName": "UpdateFunction", "eventRW": "Write", "eventSource": "fcv3.cn-hangzhou.aliyuncs.com",
    "serviceName": "FC", "acsRegion": "cn-hangzhou", "eventTime": "2026-05-01T12:00:03Z", "requestId": "r",
    "recipientAccountId": "1234567890", "requestParameterJson": json.dumps({"functionName": "f", "Timeout": 3}),
    "responseElements": {"state": "Active", "lastUpdateStatus": "InProgress"}, "errorCode": "", "eventVersion": 1,
}
EVENTS = {"cloudtrail": TRAIL, "cloudaudit": AUDIT, "actiontrail": ACTION}


def read(kind, **changed):
    return READERS[kind]({**EVENTS[kind], **changed})


def test_an_event_of_cloudtrail():
    """The date of the API goes, members are spelt as the API does, what the log hides is not known."""
    assert read("cloudtrail") == {
        "resource": "111122223333/eu-west-1/f", "at": "2026-05-01T12:00:03Z", "op": "UpdateFunctionCode",
        "args": {"FunctionName": "f", "DryRun": False, "Publish": False},
        "result": {"FunctionName": "f", "State": "Active", "LastUpdateStatus": "InProgress", "Version": "$LATEST",
                   "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}


@pytest.mark.parametrize(("called", "name", "qualifier"), [
    ("f", "f", None), ("f:live", "f", "live"), ("111122223333:function:f", "f", None),
    ("arn:aws:lambda:eu-west-1:111122223333:function:f", "f", None),
    ("arn:aws:lambda:eu-west-1:111122223333:function:f:7", "f", "7"),
])
def test_a_function_is_one_by_all_its_names(called, name, qualifier):
    """Name, partial and whole ARN lead to one history; a qualifier becomes an argument."""
    found = read("cloudtrail", requestParameters={"functionName": called})
    assert found["resource"] == "111122223333/eu-west-1/f"
    assert (found["args"]["FunctionName"], found["args"].get("Qualifier")) == (name, qualifier)


def test_a_refusal_of_cloudtrail():
    """An error stands for a refusal, and nothing was shown."""
    found = read("cloudtrail", errorCode="ResourceConflictException", responseElements=None)
    assert (found["error"], "result" in found) == ("ResourceConflictException", False)


def test_an_event_of_cloudaudit():
    """Arguments are JSON within JSON, times get the zone that is taken for them, a namespace makes another function."""
    assert read("cloudaudit") == {
        "resource": "ap-guangzhou/test/f", "at": "2026-05-01T20:00:03+08:00", "op": "UpdateFunctionCode",
        "args": {"FunctionName": "f", "Namespace": "test"}, "result": {}}


@pytest.mark.parametrize(("changed", "error"), [
    ({"apiErrorCode": "FailedOperation.UpdateFunctionCode"}, "FailedOperation.UpdateFunctionCode"),
    ({"apiErrorCode": 4000}, "*"), ({"errorCode": "AuthFailure.SignatureFailure"}, "AuthFailure.SignatureFailure"),
])
def test_both_errors_of_cloudaudit(changed, error):
    """Those of the call and those of its signature; a number says that there was one, not which."""
    assert read("cloudaudit", **changed)["error"] == error


def test_an_event_of_actiontrail():
    """Operations and arguments begin with a small letter, as the API has them."""
    assert read("actiontrail") == {
        "resource": "1234567890/cn-hangzhou/f", "at": "2026-05-01T12:00:03Z", "op": "updateFunction",
        "args": {"functionName": "f", "timeout": 3}, "result": {"state": "Active", "lastUpdateStatus": "InProgress"}}


def test_a_refusal_of_actiontrail():
    assert read("actiontrail", errorCode="FunctionNotFound")["error"] == "FunctionNotFound"


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_is_a_sound_record(kind):
    """What is made has the shape of a record."""
    assert check_record(read(kind)) is None


@pytest.mark.parametrize(("kind", "changed"), [
    ("cloudtrail", {"eventSource": "ec2.amazonaws.com"}),
    ("cloudtrail", {"requestParameters": None, "responseElements": None}),
    ("cloudaudit", {"eventSource": "cvm.tencentcloudapi.com", "resourceType": "cvm"}),
    ("cloudaudit", {"requestParameters": "{}", "resourceName": ""}),
    ("actiontrail", {"serviceName": "Ecs", "eventSource": "ecs.aliyuncs.com"}),
    ("actiontrail", {"requestParameterJson": "{}", "resourceName": None, "responseElements": None}),
])
def test_what_is_no_record_is_left_out(kind, changed):
    """Events of other services, and those that name no function."""
    assert read(kind, **changed) is None


@pytest.mark.parametrize("text", [
    json.dumps({"Records": [TRAIL, TRAIL]}), json.dumps([TRAIL, TRAIL]), f"{json.dumps(TRAIL)}\n{json.dumps(TRAIL)}\n",
    json.dumps({"Events": [{"CloudTrailEvent": json.dumps(TRAIL)}] * 2}), json.dumps([{"event": TRAIL}] * 2),
    json.dumps({"Events": [{"CloudAuditEvent": json.dumps(TRAIL), "EventName": "x"}] * 2}),
])
def test_whatever_is_wrapped_around_events_is_taken_off(text):
    """Files as delivered, answers of look-ups, exports of a log service, one event a line."""
    assert list(events(io.BytesIO(text.encode()))) == [TRAIL, TRAIL]


def test_what_is_no_json_is_refused():
    with pytest.raises(ValueError, match="Expecting"):
        list(events(io.BytesIO(b"no JSON")))
