"""Audit logs, judged as they are delivered."""

import gzip
import json

import pytest

pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")

from statemodel.cli import main

AUDIT = {"eventSource": "scf.tencentcloudapi.com", "eventRegion": "ap-guangzhou", "apiErrorCode": 0, "errorCode": 0}


def event(name, second, **more):
    return {"CloudAuditEvent": json.dumps({
        **AUDIT, "eventName": name, "eventTime": f"2026-05-01 20:00:{second:02}",
        "requestParameters": json.dumps({"FunctionName": "f"}), **more})}


def test_a_delivered_log_is_judged(tmp_path, capsys):
    """Events in no order, packed, one of another service: what is wrong is named by the number of its event."""
    found = [event("RunInstances", 0, eventSource="cvm.tencentcloudapi.com"), event("CreateFunction", 5),
             event("UpdateFunctionCode", 1)]
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"Events": found}).encode()))
    assert main(["check", "scf.function", str(path), "--log", "cloudaudit", "--json", "--start", "absent"]) == 1
    document = json.loads(capsys.readouterr().out)
    [verdict] = document["verdicts"]
    assert [document[name] for name in ("records", "left_out", "late", "careful")] == [2, 1, 1, 0]
    assert (verdict["resource"], verdict["code"], verdict["line"]) == ("ap-guangzhou/default/f", "SM201", 3)


def test_a_log_of_another_service_alone_has_no_record(tmp_path, capsys):
    """Nothing to judge is not a pass."""
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"Events": [event("RunInstances", 0, eventSource="cvm.tencentcloudapi.com")]}))
    assert main(["check", "scf.function", str(path), "--log", "cloudaudit"]) == 2
    assert "expected at least one record" in capsys.readouterr().err


def test_a_broken_log_is_refused(tmp_path, capsys):
    """One line says which file it is."""
    (tmp_path / "log.json").write_text('{"Records": [')
    assert main(["check", "scf.function", str(tmp_path / "log.json"), "--log", "cloudtrail"]) == 2
    assert "log.json: expected JSON with the events of cloudtrail" in capsys.readouterr().err
