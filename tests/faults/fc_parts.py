"""What a service like Alibaba FC 3.0 is made of: codes, limits, functions, aliases, and how calls name them."""

from dataclasses import dataclass, field

from working import Work

LATEST = "LATEST"
CONTAINER = "custom-container"
NO_FUNCTION = ("FunctionNotFound",)
NO_VERSION = ("VersionNotFound",)
NO_ALIAS = ("AliasNotFound",)
WRONG = ("InvalidArgument",)
UNTOLD = ("PreconditionFailed",)  # refused, and nobody says with which code
UNREADY = ("Pending", "Failed", "Inactive", "Reactivating")
RECOVERING = ("Recovering", "RecoveringInPlace")
WORKING = ("Pending", "Updating", "Reactivating", *RECOVERING)
ALIAS_OPERATIONS = ("createAlias", "updateAlias", "deleteAlias", "getAlias", "listAliases")
LIMITS = {"cpu": (0.05, 16, 0.05), "memorySize": (128, 32768, 64), "timeout": (1, 86400, 1),
          "instanceConcurrency": (1, 200, 1)}  # fmt: skip
SETTINGS = ("runtime", "handler", "cpu", "memorySize", "diskSize", "timeout", "instanceConcurrency")
# The fields state and lastUpdateStatus; those of Pending depend on an open point.
SHOWN = {"Active": ("Active", "Successful"), "Updating": ("Active", "InProgress"), "UpdateFailed": ("Active", "Failed"),
         "Failed": ("Failed", "Failed"), "Inactive": ("Inactive", "Successful"),
         "Reactivating": ("Pending", "InProgress"), "Recovering": ("Pending", "InProgress"),
         "RecoveringInPlace": ("Failed", "InProgress"), "Ready": (None, None)}  # fmt: skip


@dataclass
class Alias:
    """A name for a version, and perhaps for a second one that takes a share of the calls."""

    version: str
    additional: str | None = None
    calls: int = 0


@dataclass
class Function:
    """A function with its versions and aliases; what is made of code and settings is a pair of them."""

    made: tuple
    last: int
    state: str
    work: Work | None = None
    staged: tuple | None = None
    is_last_update_failed: bool = False
    is_disabled: bool = False
    versions: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)

    def version(self, name):
        """The version of that name, or None."""
        return self.versions.get(int(name)) if str(name).isdecimal() else None


def additional(args):
    """The second version of an alias, or None."""
    return next(iter(args.get("additionalVersionWeight") or ()), None)


def is_off_scale(value, lowest, highest, step):
    """Whether a value that was sent is no number within limits and on the grid."""
    if value is None:
        return False
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        return True
    return abs(value / step - round(value / step)) > 1e-6


def page(args, name, entries):
    """One page of a list, and where the next one begins."""
    begin = int(args.get("nextToken") or 0)
    end = begin + (args.get("limit") or 20)
    return {name: entries[begin:end]} | ({"nextToken": str(end)} if end < len(entries) else {})
