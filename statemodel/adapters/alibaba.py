"""FC 3.0 through the published SDK `alibabacloud-fc20230330`, as an adapter of the conformance suite.

    statemodel conform fc --python statemodel.adapters.alibaba:adapter

reads ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_REGION_ID and STATEMODEL_ENDPOINT:
that of a simulated service, whose clock, outcomes and environment are steered then, or ACCOUNT.REGION.fc.aliyuncs.com.
There functions get names of their own, which begin with `statemodel-`, and are deleted when the adapter is closed.
STATEMODEL_FC_RUNTIME names the runtime (custom-container at a simulated service, else python3.12), STATEMODEL_FC_IMAGE
the image of a container that answers with {content}.
"""

import os
import random
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from statemodel.adapters.control import STEERED, Control, control_at, loaded, package, place_of
from statemodel.errors import UsageError

Json = dict[str, Any]
CONTAINER: Final = "custom-container"
IMAGE: Final = "registry.example.com/statemodel/content:{content}"
# The method of the SDK, the arguments that it takes by place, and the names of its request and of the request's body.
CALLS: Final[Mapping[str, tuple[str, tuple[str, ...], str, str]]] = {
    "createFunction": ("create_function", (), "CreateFunctionRequest", "CreateFunctionInput"),
    "updateFunction": ("update_function", ("functionName",), "UpdateFunctionRequest", "UpdateFunctionInput"),
    "deleteFunction": ("delete_function", ("functionName",), "", ""),
    "getFunction": ("get_function", ("functionName",), "GetFunctionRequest", ""),
    "getFunctionCode": ("get_function_code", ("functionName",), "GetFunctionCodeRequest", ""),
    "listFunctions": ("list_functions", (), "ListFunctionsRequest", ""),
    "publishFunctionVersion": (
        "publish_function_version", ("functionName",), "PublishFunctionVersionRequest", "PublishVersionInput"),
    "deleteFunctionVersion": ("delete_function_version", ("functionName", "versionId"), "", ""),
    "listFunctionVersions": ("list_function_versions", ("functionName",), "ListFunctionVersionsRequest", ""),
    "invokeFunction": ("invoke_function_with_options", ("functionName",), "InvokeFunctionRequest", ""),
    "disableFunctionInvocation": (
        "disable_function_invocation", ("functionName",), "DisableFunctionInvocationRequest", ""),
    "enableFunctionInvocation": ("enable_function_invocation", ("functionName",), "", ""),
    "createAlias": ("create_alias", ("functionName",), "CreateAliasRequest", "CreateAliasInput"),
    "updateAlias": ("update_alias", ("functionName", "aliasName"), "UpdateAliasRequest", "UpdateAliasInput"),
    "deleteAlias": ("delete_alias", ("functionName", "aliasName"), "", ""),
    "getAlias": ("get_alias", ("functionName", "aliasName"), "", ""),
    "listAliases": ("list_aliases", ("functionName",), "ListAliasesRequest", ""),
}  # fmt: skip


def adapter() -> "AlibabaAdapter":
    """The adapter that the environment describes.

    Raises:
        MissingExtraError: the extra `alibaba` is not installed.
        UsageError: STATEMODEL_ENDPOINT is no endpoint.
    """
    return AlibabaAdapter(
        os.environ.get("STATEMODEL_ENDPOINT", ""),
        key_id=os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        key_secret=os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
        region=os.environ.get("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
        runtime=os.environ.get("STATEMODEL_FC_RUNTIME", ""),
        image=os.environ.get("STATEMODEL_FC_IMAGE", IMAGE),
    )


class AlibabaAdapter:
    """FC 3.0 at an endpoint.

    Args:
        endpoint: a URL, or a host.
        key_id, key_secret: the key that signs.
        region: such as cn-hangzhou.
        runtime: of functions whose runtime is not asked for; nothing for the usual one.
        image: of a container that answers with what stands for {content}.

    Raises:
        MissingExtraError: the extra `alibaba` is not installed.
        UsageError: the endpoint is none.
    """

    def __init__(
        self, endpoint: str, *, key_id: str, key_secret: str, region: str, runtime: str = "", image: str = IMAGE
    ) -> None:
        self._sdk = loaded(_sdk, "the adapter of FC", "alibaba")
        if not endpoint:
            raise UsageError("endpoint of FC", endpoint, ("http://HOST:PORT", "ACCOUNT.REGION.fc.aliyuncs.com"))
        scheme, host, port = place_of(endpoint, endpoint)
        self.control: Control | None = control_at(scheme, host, port)
        is_usual = port == {"http": 80, "https": 443}[scheme]
        self.client = self._sdk.client(scheme, host if is_usual else f"{host}:{port}", key_id, key_secret, region)
        self._runtime = runtime or (CONTAINER if self.control else "python3.12")
        self._image = image
        self._first = "" if self.control else f"statemodel-{uuid.uuid4().hex[:8]}-"
        self._lives = 0
        self._runtimes: dict[str, str] = {}

    @property
    def abilities(self) -> tuple[str, ...]:
        """Every operation; where there is a control path, whatever the service can do besides."""
        if self.control is None:
            return (*CALLS, "content")
        able = self.control.abilities()
        return tuple(name for name in (*CALLS, *STEERED, "content", "parameters", "paging") if name in able)

    def reset(self) -> None:
        """Begin again: a new world where there is a control path, else functions of other names."""
        if self.control is not None:
            self.control.steer("reset")
        else:
            self._deleted()
            self._lives += 1
        self._runtimes = {}

    def call(self, op: str, args: Mapping[str, Any]) -> Json:
        """Call an operation; a refusal by the service is an error code, whatever else goes wrong is raised."""
        given = {name: value for name, value in args.items() if value is not None}
        if "functionName" in given:
            given["functionName"] = self._named(given["functionName"])
        sent = self._sent(op, given)
        drawn = random.getstate()
        try:
            shown = self._sdk.called(self.client, op, sent)
        except self._sdk.error as error:
            if error.status_code is None:
                raise
            return {"error": error.code}
        finally:
            random.setstate(drawn)  # the SDK draws from it, and whoever plays walks wants to play them again
        if op in ("createFunction", "updateFunction") and "runtime" in sent:
            self._runtimes[sent["functionName"]] = sent["runtime"]
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
        for name in sorted(self._runtimes):
            with suppress(self._sdk.error):
                self._sdk.called(self.client, "deleteFunction", {"functionName": name})

    def _sent(self, op: str, args: Json) -> Json:
        """The arguments as the SDK takes them, with what the service needs besides."""
        content = args.pop("content", None)
        sent = dict(args)
        if op == "createFunction":
            sent = {"runtime": self._runtime, "handler": "index.handler", **sent}
        if content is not None:
            runtime = sent.get("runtime") or self._runtimes.get(sent["functionName"], self._runtime)
            if runtime == CONTAINER:
                sent.setdefault("customContainerConfig", {"image": self._image.replace("{content}", str(content))})
            else:
                sent.setdefault("code", {"zipFile": package(str(content))})
        return sent

    def _shown(self, op: str, shown: Json) -> Json:
        if op == "invokeFunction" and "content" in shown:
            before, _, after = self._image.partition("{content}")
            if shown["content"].startswith(before) and shown["content"].endswith(after):
                shown["content"] = shown["content"].removeprefix(before).removesuffix(after)
        if op == "listFunctions" and self._first:
            own = self._named("")
            for one in shown.get("functions", ()):
                one["functionName"] = one["functionName"].removeprefix(own)
        return shown


class _sdk:  # noqa: N801 - stands for a module
    """The part of the SDK that is needed, imported when an adapter is made."""

    def __init__(self) -> None:
        from alibabacloud_fc20230330 import models
        from alibabacloud_fc20230330.client import Client
        from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
        from alibabacloud_tea_openapi.utils_models import Config
        from darabonba.runtime import RuntimeOptions

        self.error = AlibabaCloudException
        self._models, self._client, self._config, self._options = models, Client, Config, RuntimeOptions

    def client(self, scheme: str, host: str, key_id: str, key_secret: str, region: str) -> Any:
        """A client of the service at an endpoint."""
        return self._client(
            self._config(
                access_key_id=key_id, access_key_secret=key_secret, endpoint=host, protocol=scheme.upper(),
                region_id=region,
            )
        )  # fmt: skip

    def called(self, client: Any, op: str, sent: Json) -> Json:
        """The fields of an answer; state and lastUpdateStatus are None where they are left out."""
        method, places, request, body = CALLS[op]
        given = [sent.get(name) for name in places]
        rest = {name: value for name, value in sent.items() if name not in places}
        if op == "invokeFunction":
            return self._invoked(client, given[0], rest)
        if request:
            made = getattr(self._models, body or request)().from_map(rest)
            given.append(getattr(self._models, request)(body=made) if body else made)
        answered = getattr(client, method)(*given)
        found = getattr(answered, "body", None)
        shown: Json = found.to_map() if found is not None else {}
        if op == "getFunction":
            shown = {"state": None, "lastUpdateStatus": None, **shown}
            shown.setdefault("invocationRestriction", {}).setdefault("disable", None)
        return shown

    def _invoked(self, client: Any, name: Any, sent: Json) -> Json:
        kind = sent.get("invocationType")
        headers = self._models.InvokeFunctionHeaders(x_fc_invocation_type=kind)
        request = self._models.InvokeFunctionRequest(qualifier=sent.get("qualifier"))
        answered = client.invoke_function_with_options(name, request, headers, self._options())
        read = answered.body.read() if answered.body is not None else b""
        return {"content": read.decode()} if isinstance(read, bytes) and read else {}
