"""Lambda through the published SDK `boto3`, as an adapter of the conformance suite.

    statemodel conform lambda --python statemodel.adapters.aws:adapter

reads STATEMODEL_ENDPOINT (the service's own where it is not set, or what AWS_ENDPOINT_URL says), and whatever the SDK
reads: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION or AWS_DEFAULT_REGION. Where that is a simulated service,
its clock, outcomes and environment are steered, too. Anywhere else functions get names of their own, which begin with
`statemodel-`, and are deleted when the adapter is closed; whether the endpoint really runs code is found out with a
function of its own, unless STATEMODEL_LAMBDA_RUNS says "yes" or "no". STATEMODEL_LAMBDA_ROLE is the role of functions,
STATEMODEL_LAMBDA_RUNTIME their runtime (python3.12).

One deviation may hide all others: where a new function is Active at once, nothing that follows can be judged.
STATEMODEL_LAMBDA_ASIDE names, with commas between them, what is put aside: an operation, which is not called then, or
a field of an answer, as in CreateFunction.State, which is not shown to the suite then. STATEMODEL_LAMBDA_CALM set to
"yes" promises that no function goes idle and no image is lost during the run, so that neither explains anything.
"""

import base64
import json
import os
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from statemodel.adapters.control import STEERED, Control, control_at, loaded, package, place_of
from statemodel.errors import UsageError

Json = dict[str, Any]
ROLE: Final = "arn:aws:iam::123456789012:role/statemodel"
RUNTIME: Final = "python3.12"
REGION: Final = "us-east-1"
# The method of the SDK that does each operation.
METHODS: Final[Mapping[str, str]] = {
    "CreateFunction": "create_function", "UpdateFunctionCode": "update_function_code",
    "UpdateFunctionConfiguration": "update_function_configuration", "PublishVersion": "publish_version",
    "DeleteFunction": "delete_function", "GetFunction": "get_function",
    "GetFunctionConfiguration": "get_function_configuration", "ListVersionsByFunction": "list_versions_by_function",
    "ListFunctions": "list_functions", "Invoke": "invoke", "CreateAlias": "create_alias",
    "UpdateAlias": "update_alias", "DeleteAlias": "delete_alias", "GetAlias": "get_alias",
    "ListAliases": "list_aliases", "PutFunctionConcurrency": "put_function_concurrency",
    "DeleteFunctionConcurrency": "delete_function_concurrency",
    "PutProvisionedConcurrencyConfig": "put_provisioned_concurrency_config",
}  # fmt: skip
COSTLY: Final = "PutProvisionedConcurrencyConfig"  # billed by the hour: not called where the endpoint is the service's
CONFIGURATIONS: Final = ("CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion",
                         "GetFunctionConfiguration")  # fmt: skip
STATUSES: Final = ("State", "LastUpdateStatus")
FILLED: Final[Mapping[str, Json]] = {
    "PutFunctionConcurrency": {"ReservedConcurrentExecutions": 1},
    COSTLY: {"ProvisionedConcurrentExecutions": 1},
}
PLAIN: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
NOT_SENT: Final = "ValidationException"
PROBES: Final = 60
PROBE_S: Final = 0.5


def adapter() -> "AwsAdapter":
    """The adapter that the environment describes.

    Raises:
        MissingExtraError: the extra `aws` is not installed.
        UsageError: STATEMODEL_ENDPOINT is no endpoint, STATEMODEL_LAMBDA_RUNS or STATEMODEL_LAMBDA_CALM neither yes
            nor no, or STATEMODEL_LAMBDA_ASIDE names an operation that there is not.
    """
    return AwsAdapter(
        os.environ.get("STATEMODEL_ENDPOINT", ""),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION,
        role=os.environ.get("STATEMODEL_LAMBDA_ROLE", ROLE),
        runtime=os.environ.get("STATEMODEL_LAMBDA_RUNTIME", RUNTIME),
        is_running=_said("STATEMODEL_LAMBDA_RUNS"),
        is_calm=_said("STATEMODEL_LAMBDA_CALM") is True,
        aside=tuple(filter(None, os.environ.get("STATEMODEL_LAMBDA_ASIDE", "").replace(" ", "").split(","))),
    )


def _said(name: str) -> bool | None:
    """What a variable says: yes, no, or nothing."""
    said = os.environ.get(name, "")
    if said not in ("", "yes", "no"):
        raise UsageError(f"value of {name}", said, ("yes", "no"))
    return None if said == "" else said == "yes"


class AwsAdapter:
    """Lambda at an endpoint.

    Args:
        endpoint: a URL; nothing for the service's own, or what the SDK's own settings say.
        region: such as us-east-1.
        role: ARN of the role that functions get.
        runtime: of functions that are packages.
        is_running: whether calls really run the uploaded code; None to find out.
        is_calm: whether no function goes idle and no image is lost for as long as the adapter is in use.
        aside: operations that are not called, and fields, as OPERATION.FIELD, that are left out of answers.
        key_id, key_secret: the key that signs; nothing for what the SDK finds, or any key at an endpoint of one's own.

    Raises:
        MissingExtraError: the extra `aws` is not installed.
        UsageError: the endpoint is none, or there is no such operation to put aside.
    """

    def __init__(
        self,
        endpoint: str = "",
        *,
        region: str = REGION,
        role: str = ROLE,
        runtime: str = RUNTIME,
        is_running: bool | None = None,
        is_calm: bool = False,
        aside: Iterable[str] = (),
        key_id: str = "",
        key_secret: str = "",
    ) -> None:
        self._aside = frozenset(aside)
        for name in sorted(self._aside):
            if name.partition(".")[0] not in METHODS:
                raise UsageError("operation to put aside", name, tuple(METHODS))
        self._sdk = loaded(_sdk, "the adapter of Lambda", "aws")
        self.control: Control | None = control_at(*place_of(endpoint, endpoint)) if endpoint else None
        self.client = self._sdk.client(endpoint, region, key_id, key_secret)
        self._own = "" if self.control else f"statemodel-{uuid.uuid4().hex[:8]}-"
        self._calm = ("environment",) if is_calm else ()
        self._role = role
        self._runtime = runtime
        self._is_own_service = not endpoint and self.client.meta.endpoint_url.endswith("amazonaws.com")
        self._lives = 0
        self._updates = 0
        self._made: set[str] = set()
        self._is_running = is_running
        if self.control is None and is_running is None:
            self._is_running = self._runs()

    @property
    def abilities(self) -> tuple[str, ...]:
        """Every operation; where there is a control path, whatever the service can do besides."""
        able: tuple[str, ...]
        if self.control is not None:
            able = self.control.abilities()
        else:
            able = (*METHODS, *self._calm, "content", "parameters", "paging", "publish")
        known = (*METHODS, *STEERED, "content", "parameters", "paging", "publish")
        without = self._aside | ({COSTLY} if self._is_own_service else frozenset())
        return tuple(name for name in known if name in able and name not in without)

    def reset(self) -> None:
        """Begin again: a new world where there is a control path, else functions of other names."""
        if self.control is not None:
            self.control.steer("reset")
        else:
            self._deleted()
            self._lives += 1

    def call(self, op: str, args: Mapping[str, Any]) -> Json:
        """Call an operation; a refusal by the service is an error code, whatever else goes wrong is raised.

        What the SDK itself will not send, a path without a name say, answers as the service would: it is not valid.
        """
        sent = self._sent(op, args)
        try:
            shown = getattr(self.client, METHODS[op])(**sent)
        except self._sdk.refused as error:
            return {"error": error.response["Error"]["Code"]}
        except self._sdk.unsendable:
            return {"error": NOT_SENT}
        if op == "CreateFunction":
            self._made.add(sent["FunctionName"])
        return {"result": self._judged(op, self._shown(op, shown))}

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
        """Delete what is left, and end the connections."""
        if self.control is not None:
            self.control.close()
        else:
            self._deleted()
        self.client.close()

    def _runs(self) -> bool:
        """Whether a function answers with what was uploaded, once it can be called."""
        name = f"{self._own}probe"
        try:
            self.client.create_function(FunctionName=name, **self._package(name))
        except self._sdk.refused:
            return False
        self._made.add(name)
        try:
            for _ in range(PROBES):
                if self.client.get_function_configuration(FunctionName=name).get("State", "Active") != "Pending":
                    break
                time.sleep(PROBE_S)
            shown = self.client.invoke(FunctionName=name)
            return bool("FunctionError" not in shown and _content(shown) == name)
        except self._sdk.refused:
            return False
        finally:
            self._deleted()

    def _package(self, content: str) -> Json:
        code = {"ZipFile": base64.b64decode(package(content))}
        return {"Code": code, "Runtime": self._runtime, "Handler": "index.handler", "Role": self._role}

    def _named(self, name: Any) -> Any:
        """A name of our own; one that is none stays what it is."""
        is_plain = isinstance(name, str) and PLAIN.fullmatch(name) is not None
        return f"{self._own}{self._lives}-{name}" if self._own and is_plain else name

    def _deleted(self) -> None:
        for name in sorted(self._made):
            with suppress(self._sdk.refused):
                self.client.delete_function(FunctionName=name)
        self._made.clear()

    def _sent(self, op: str, args: Mapping[str, Any]) -> Json:
        """The arguments as the SDK takes them, with what the service needs besides."""
        given = {name: value for name, value in args.items() if value is not None}
        sent: Json = {**FILLED.get(op, {})}
        for name, value in given.items():
            outer, dot, inner = name.partition(".")
            if dot:
                sent.setdefault(outer, {})[inner] = value
            elif name != "content":
                sent[name] = value
        if "FunctionName" in sent:
            sent["FunctionName"] = self._named(sent["FunctionName"])
        content = str(given.get("content", "content"))
        match op:
            case "CreateFunction" if sent.get("PackageType") == "Image":
                sent.update(
                    Code={"ImageUri": f"123456789012.dkr.ecr.{REGION}.amazonaws.com/{content}"}, Role=self._role
                )
            case "CreateFunction":
                sent = {**self._package(content), **sent}
            case "UpdateFunctionCode" if "content" in given or self._own:
                sent["ZipFile"] = base64.b64decode(package(content))
            case "UpdateFunctionConfiguration":
                self._updates += 1
                sent.setdefault("Description", f"update {self._updates}")
        return sent

    def _judged(self, op: str, shown: Json) -> Json:
        """An answer without the fields that are put aside."""
        for name in (one.removeprefix(f"{op}.") for one in self._aside if one.startswith(f"{op}.")):
            outer, dot, inner = name.partition(".")
            if not dot:
                shown.pop(outer, None)
            elif isinstance(shown.get(outer), dict):
                shown[outer].pop(inner, None)
        return shown

    def _shown(self, op: str, shown: Json) -> Json:
        """The fields of an answer; a status that is left out is shown as None."""
        shown.pop("ResponseMetadata", None)
        if op == "Invoke":
            told = {name: shown[name] for name in ("ExecutedVersion",) if name in shown}
            has_run = self._is_running or self.control is not None
            content = _content(shown) if has_run else ""
            return {**told, "content": content} if content else told
        if op == "ListFunctions" and self._own:
            own = self._named("x")[:-1]
            for one in shown.get("Functions", ()):
                one["FunctionName"] = one["FunctionName"].removeprefix(own)
        if op in CONFIGURATIONS:
            return {**dict.fromkeys(STATUSES), **_plain(shown)}
        if op == "GetFunction":
            shown = {**shown, "Configuration": {**dict.fromkeys(STATUSES), **shown.get("Configuration", {})}}
        plain: Json = _plain(shown)
        return plain


def _content(shown: Json) -> str:
    """What a call answered with: the text of a JSON text, else the answer as it stands."""
    read = shown["Payload"].read().decode("utf-8", "replace")
    with suppress(ValueError):
        found = json.loads(read)
        return found if isinstance(found, str) else read
    return str(read)


def _plain(value: Json) -> Any:
    """A value as JSON holds it; moments become text."""
    return json.loads(json.dumps(value, default=str))


class _sdk:  # noqa: N801 - stands for a module
    """The part of the SDK that is needed, imported when an adapter is made."""

    def __init__(self) -> None:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import ClientError, ParamValidationError

        self.refused, self.unsendable = ClientError, ParamValidationError
        self._boto3, self._config = boto3, Config

    def client(self, endpoint: str, region: str, key_id: str, key_secret: str) -> Any:
        """A client that calls once and leaves judging parameters to the service."""
        session = self._boto3.session.Session(region_name=region)
        is_keyless = bool(endpoint) and not key_id and session.get_credentials() is None
        key_id, key_secret = ("id", "secret") if is_keyless else (key_id, key_secret)
        return session.client(
            "lambda",
            endpoint_url=endpoint or None,
            aws_access_key_id=key_id or None,
            aws_secret_access_key=key_secret or None,
            config=self._config(
                retries={"total_max_attempts": 1}, parameter_validation=False, read_timeout=60, connect_timeout=10
            ),
        )
