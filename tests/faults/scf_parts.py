"""What a service like Tencent SCF is made of: codes, functions, versions, aliases, and how calls name them."""

from dataclasses import dataclass, field

from working import Work

NO_FUNCTION = ("ResourceNotFound.Function", "ResourceNotFound.FunctionName")
TAKEN = ("ResourceInUse.FunctionName", "ResourceInUse.Function")
NO_VERSION = ("ResourceNotFound.Version", "ResourceNotFound.Qualifier")
NOT_UPDATED = {
    "UpdateFunctionCode": ("FailedOperation.UpdateFunctionCode", "FailedOperation.FunctionStatusError"),
    "UpdateFunctionConfiguration": ("FailedOperation.UpdateFunctionConfiguration",),
}
NOT_PUBLISHED = ("FailedOperation.PublishVersion", "UnsupportedOperation.PublishVersion")
NOT_DELETED = ("FailedOperation.DeleteFunction", "FailedOperation.FunctionStatusError")
NOT_READY = ("FailedOperation.FunctionStatusError", "FailedOperation.InvokeFunction")
NOT_COPIED = ("UnsupportedOperation.CopyFunction", "FailedOperation.CopyFunction")
UNTOLD = ("FailedOperation",)  # refused, and nobody says with which code
LEAVING = ("Deleting", "HalfDeleted", "DeleteFailed")
ALIAS_OPERATIONS = ("CreateAlias", "UpdateAlias", "DeleteAlias", "GetAlias", "ListAliases")


@dataclass
class Version:
    """A published version; Awaited while the update that it comes from is under way."""

    content: str | None
    status: str
    work: Work | None = None


@dataclass
class Alias:
    """A name for a version, and perhaps for a second one that takes a share of the calls."""

    version: str
    additional: str | None = None
    calls: int = 0


@dataclass
class Function:
    """A function with its versions and aliases."""

    content: str | None
    last: int
    work: Work | None
    status: str = "Creating"
    staged: str | None = None
    versions: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=lambda: {"$DEFAULT": Alias("$LATEST")})

    @property
    def is_publishing(self):
        return any(one.status in ("Publishing", "Awaited") for one in self.versions.values())

    @property
    def is_leaving(self):
        return self.status in ("Deleting", "HalfDeleted")


def key_of(args):
    """Namespace and name of the function that is called."""
    return args.get("Namespace") or "default", args.get("FunctionName")


def target_of(args):
    """Namespace and name of what a copy becomes."""
    return args.get("TargetNamespace") or args.get("Namespace") or "default", args.get("NewFunctionName")


def additional(args):
    """The second version of an alias, or None."""
    weights = (args.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or ()
    return weights[0]["Version"] if weights else None


def is_number(value):
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def page(args, name, entries):
    """One page of a list, and how many there are in all."""
    offset = max(0, args.get("Offset") or 0)
    return {name: entries[offset : offset + (args.get("Limit") or 20)], "TotalCount": len(entries)}
