"""SCF through the published SDK `tencentcloud-sdk-python-scf`, as an adapter of the conformance suite.

    statemodel conform scf --python statemodel.adapters.tencent:adapter

reads TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION and STATEMODEL_ENDPOINT (the service's own
where it is not set). Where that is a simulated service, its clock, outcomes and environment are steered, too. Anywhere
else functions get names of their own, which begin with `statemodel-`, and are deleted when the adapter is closed.
"""

import json
import os
import uuid
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from statemodel.adapters.control import STEERED, Control, control_at, loaded, package, place_of

Json = dict[str, Any]
HOST: Final = "scf.tencentcloudapi.com"
OPERATIONS: Final = (
    "CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "DeleteFunction",
    "DeleteFunctionVersion", "CopyFunction", "Invoke", "InvokeFunction", "GetFunction", "ListFunctions",
    "ListVersionByFunction", "CreateAlias", "UpdateAlias", "DeleteAlias", "GetAlias", "ListAliases",
)  # fmt: skip
INVOCATIONS: Final = ("Invoke", "InvokeFunction")
NAMES: Final = ("FunctionName", "NewFunctionName")
CREATED: Final = {"Runtime": "Python3.9", "Handler": "index.handler", "MemorySize": 128, "Timeout": 3}


def adapter() -> "TencentAdapter":
    """The adapter that the environment describes.

    Raises:
        MissingExtraError: the extra `tencent` is not installed.
        UsageError: STATEMODEL_ENDPOINT is no endpoint.
    """
    return TencentAdapter(
        os.environ.get("STATEMODEL_ENDPOINT", ""),
        secret_id=os.environ.get("TENCENTCLOUD_SECRET_ID", "id"),
        secret_key=os.environ.get("TENCENTCLOUD_SECRET_KEY", "secret"),
        region=os.environ.get("TENCENTCLOUD_REGION", "ap-guangzhou"),
    )


class TencentAdapter:
    """SCF at an endpoint.

    Args:
        endpoint: a URL, or a host; nothing for the service's own.
        secret_id, secret_key: the key that signs.
        region: such as ap-guangzhou.

    Raises:
        MissingExtraError: the extra `tencent` is not installed.
        UsageError: the endpoint is none.
    """

    def __init__(self, endpoint: str, *, secret_id: str, secret_key: str, region: str) -> None:
        self._sdk = loaded(_sdk, "the adapter of SCF", "tencent")
        scheme, host, port = place_of(endpoint, HOST)
        self.control: Control | None = control_at(scheme, host, port)
        is_usual = port == {"http": 80, "https": 443}[scheme]
        self.client = self._sdk.client(scheme, host if is_usual else f"{host}:{port}", secret_id, secret_key, region)
        self._first = "" if self.control else f"statemodel-{uuid.uuid4().hex[:8]}-"
        self._lives = 0
        self._made: set[str] = set()

    @property
    def abilities(self) -> tuple[str, ...]:
        """Every operation; where there is a control path, whatever the service can do besides."""
        if self.control is None:
            return (*OPERATIONS, "content", "publish")
        able = self.control.abilities()
        return tuple(name for name in (*OPERATIONS, *STEERED, "content", "parameters", "paging", "publish")
                     if name in able)  # fmt: skip

    def reset(self) -> None:
        """Begin again: a new world where there is a control path, else functions of other names."""
        if self.control is not None:
            self.control.steer("reset")
        else:
            self._deleted()
            self._lives += 1

    def call(self, op: str, args: Mapping[str, Any]) -> Json:
        """Call an operation; a refusal by the service is an error code, whatever else goes wrong is raised."""
        sent = _sent(op, {name: value for name, value in args.items() if value is not None})
        for name in NAMES:
            if name in sent:
                sent[name] = self._named(sent[name])
        try:
            shown = self._sdk.called(self.client, op, sent)
        except self._sdk.error as error:
            if error.get_request_id() is None:
                raise
            return {"error": error.get_code()}
        if op in ("CreateFunction", "CopyFunction"):
            self._made.add(sent["NewFunctionName" if op == "CopyFunction" else "FunctionName"])
        return {"result": self._shown(op, shown)}

    def advance(self, seconds: float) -> bool:
        """Let time pass."""
        return self.control is not None and self.control.steer("advance", {"seconds": seconds})

    def outcome(self, event: str) -> bool:
        """Steer the next hidden move of this kind."""
        return self.control is not None and self.control.steer("outcome", {"event": event})

    def happen(self, event: str) -> bool:
        """Have a move of the environment happen."""
        return self.control is not None and self.control.steer("happen", {"event": event})

    def close(self) -> None:
        """Delete what is left, and end the connection."""
        if self.control is not None:
            self.control.close()
        else:
            self._deleted()

    def _named(self, name: str) -> str:
        return f"{self._first}{self._lives}-{name}" if self._first else name

    def _deleted(self) -> None:
        for name in sorted(self._made):
            with suppress(self._sdk.error):
                self._sdk.called(self.client, "DeleteFunction", {"FunctionName": name})
        self._made.clear()

    def _shown(self, op: str, shown: Json) -> Json:
        if op in INVOCATIONS:
            told = shown.get("Result") or {}
            return {"content": told["RetMsg"]} if told.get("InvokeResult") == 0 and told.get("RetMsg") else {}
        if op == "ListFunctions" and self._first:
            own = self._named("")
            for one in shown.get("Functions", ()):
                one["FunctionName"] = one["FunctionName"].removeprefix(own)
        return shown


def _sent(op: str, args: Json) -> Json:
    """The arguments as the SDK takes them, with what the service needs besides."""
    content = args.pop("content", None)
    sent = {**CREATED, **args} if op == "CreateFunction" else dict(args)
    if content is not None:
        sent["Code"] = {"ZipFile": package(str(content))}
    if op == "UpdateFunctionConfiguration":
        sent.setdefault("Description", uuid.uuid4().hex)
    return sent


class _sdk:  # noqa: N801 - stands for a module
    """The part of the SDK that is needed, imported when an adapter is made."""

    def __init__(self) -> None:
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.scf.v20180416 import models, scf_client

        self.error = TencentCloudSDKException
        self._credential, self._profile, self._http = Credential, ClientProfile, HttpProfile
        self._models, self._client = models, scf_client.ScfClient

    def client(self, scheme: str, host: str, secret_id: str, secret_key: str, region: str) -> Any:
        """A client of the service at an endpoint."""
        http = self._http(protocol=scheme, endpoint=host, keepAlive=True)
        return self._client(self._credential(secret_id, secret_key), region, self._profile(httpProfile=http))

    def called(self, client: Any, op: str, sent: Json) -> Json:
        """The fields of an answer that are there."""
        request = getattr(self._models, f"{op}Request")()
        request.from_json_string(json.dumps(sent))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the SDK warns of every field that is newer than itself
            shown = _present(json.loads(getattr(client, op)(request).to_json_string()))
        assert isinstance(shown, dict)
        shown.pop("RequestId", None)
        return shown


def _present(value: Any) -> Any:
    """A value without the fields that the SDK fills with nothing."""
    if isinstance(value, dict):
        return {name: _present(one) for name, one in value.items() if one is not None}
    return [_present(one) for one in value] if isinstance(value, list) else value
