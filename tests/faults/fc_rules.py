"""What speaks against a call to a service like Alibaba FC 3.0: arguments, state, switch, account, versions, aliases."""

import re

from fc_parts import (
    ALIAS_OPERATIONS,
    CONTAINER,
    LATEST,
    LIMITS,
    NO_ALIAS,
    NO_FUNCTION,
    NO_VERSION,
    RECOVERING,
    UNREADY,
    UNTOLD,
    WORKING,
    WRONG,
    additional,
    is_off_scale,
)
from working import Working


class Rules(Working):
    """The rules of the service."""

    OPERATIONS = (
        "createFunction", "updateFunction", "deleteFunction", "getFunction", "getFunctionCode", "listFunctions",
        "publishFunctionVersion", "deleteFunctionVersion", "listFunctionVersions", "invokeFunction",
        "disableFunctionInvocation", "enableFunctionInvocation", *ALIAS_OPERATIONS,
    )  # fmt: skip
    CHOICES = {
        "update_status_while_pending": ("absent", "Successful"),
        "async_while_not_invocable": ("refused", "queued"),
        "failed_update": ("keeps serving", "fails"),
        "invoke_while_updating": ("served", "refused"),
        "update_while_pending": ("refused", "accepted"),
        "update_while_updating": ("refused", "accepted"),
        "publish_while_pending": ("refused", "accepted"),
        "publish_while_updating": ("refused", "accepted"),
        "publish_unusable": ("refused", "accepted"),
        "delete_while_working": ("refused", "accepted"),
        "delete_with_versions": ("refused", "accepted"),
        "content_after_failed_reactivation": ("old", "new"),
        "recovery_reads": ("Pending", "InProgress"),
        "invoke_while_recovering": ("refused", "served"),
        "invoke_version_while_unready": ("refused", "served"),
        "code_of_container": ("refused", "accepted"),
        "numbering_after_deletion": ("restarts", "continues"),
        "publish_amid_update": ("old", "new"),
        "alias_to_latest": ("refused", "accepted"),
        "weights_unmentioned": ("kept", "cleared"),
        "disable_again": ("accepted", "refused"),
        "enable_again": ("accepted", "refused"),
    }

    def wrong(self, op, args):
        """What is wrong with the arguments themselves."""
        needed = () if op == "listFunctions" else ("functionName",)
        if op == "createFunction":
            needed = (*needed, *(one for one in ("runtime", "handler", "content") if one in args))
        elif op in ALIAS_OPERATIONS and op != "listAliases":
            needed = (*needed, "aliasName")
        if op in ("createAlias", "deleteFunctionVersion"):
            needed = (*needed, "versionId")
        found = [WRONG for one in needed if args.get(one) is None]
        name = args.get("functionName") or "f"
        if op == "createFunction" and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", name):
            found.append(WRONG)
        if op in ("createFunction", "updateFunction"):
            found.extend(WRONG for one, limits in LIMITS.items() if is_off_scale(args.get(one), *limits))
            found.extend(WRONG for _ in (1,) if args.get("diskSize") not in (None, 512, 10240))
            cpu, memory = args.get("cpu"), args.get("memorySize")
            if cpu is not None and memory is not None and not cpu <= memory / 1024 <= 4 * cpu:
                found.append(WRONG)
            if args.get("code") is not None and args.get("customContainerConfig") is not None:
                found.append(WRONG)
        if op.startswith("list") and is_off_scale(args.get("limit"), 1, 100, 1):
            found.append(WRONG)
        if args.get("direction") not in (None, "BACKWARD", "FORWARD"):
            found.append(WRONG)
        if op == "invokeFunction" and args.get("invocationType") not in (None, "Sync", "Async"):
            found.append(WRONG)
        if not isinstance(args.get("abortOngoingRequest", False), bool | None):
            found.append(WRONG)
        if args.get("versionId") is not None and args["versionId"] == additional(args):
            found.append(("AdditionalVersionContainsMajorVersion",))
        return found

    def against(self, op, args):
        """What the state of things says against an operation."""
        function = self.functions.get(args.get("functionName"))
        if op == "invokeFunction" and self.is_overdue and not self.is_queued(args):
            yield UNTOLD
        if op == "listFunctions":
            return
        if op == "createFunction":
            yield from () if function is None else (("FunctionAlreadyExists",),)
        elif function is None:
            yield NO_FUNCTION
        elif op in ALIAS_OPERATIONS:
            yield from self.alias_against(op, args, function)
        elif op == "invokeFunction":
            yield from self.invocation_against(args, function)
        else:
            yield from self.function_against(op, args, function)

    def is_queued(self, args):
        """Whether a call that cannot run now is kept for later."""
        return args.get("invocationType") == "Async" and self.chosen("async_while_not_invocable") == "queued"

    def function_against(self, op, args, function):
        """What state and versions of a function say."""
        match op:
            case "updateFunction":
                yield from self.update_against(args, function)
            case "deleteFunction":
                if function.state in WORKING:
                    is_free = self.accepts("delete_while_working")
                else:
                    is_free = not (function.versions or function.aliases)
                    is_free = is_free or self.accepts("delete_with_versions")
                yield from () if is_free else (UNTOLD,)
            case "publishFunctionVersion":
                yield from self.publication_against(function)
            case "deleteFunctionVersion":
                if args.get("versionId") == LATEST:
                    yield WRONG
                elif args.get("versionId") is not None and function.version(args["versionId"]) is None:
                    yield NO_VERSION
            case "getFunction" | "getFunctionCode":
                _, found = self.followed(args, function)
                yield from (found,) if found else ()
                if op == "getFunctionCode" and function.state != "Ready":
                    yield from () if self.accepts("code_of_container") else (UNTOLD,)
            case "disableFunctionInvocation" if function.is_disabled:
                yield from () if self.accepts("disable_again") else (UNTOLD,)
            case "enableFunctionInvocation" if not function.is_disabled:
                yield from () if self.accepts("enable_again") else (UNTOLD,)

    def update_against(self, args, function):
        """What speaks against an update."""
        runtime = args.get("runtime")
        if runtime is not None and (runtime == CONTAINER) != (function.state != "Ready"):
            yield WRONG
        point = {"Pending": "pending", "Reactivating": "pending"}.get(function.state)
        point = "updating" if function.state in ("Updating", *RECOVERING) else point
        if point is not None and self.refuses(f"update_while_{point}"):
            yield ("ConcurrentUpdateError",)

    def publication_against(self, function):
        """What speaks against a new version."""
        points = {"Active": None, "Ready": None, "Pending": "while_pending", "Reactivating": "while_pending",
                  "UpdateFailed": "unusable", "Failed": "unusable", "Inactive": "unusable"}  # fmt: skip
        point = points.get(function.state, "while_updating")
        if point is not None and self.refuses(f"publish_{point}"):
            yield UNTOLD
        elif self.is_unchanged(function):
            yield ("VersionPublishError",)

    def is_unchanged(self, function):
        """Whether a new version would be like the newest that is left."""
        return bool(function.versions) and function.versions[max(function.versions)] == self.frozen(function)

    def frozen(self, function):
        """What a version published now would be."""
        amid = function.staged is not None and self.chosen("publish_amid_update") == "new"
        return function.staged if amid else function.made

    def followed(self, args, function):
        """The version that a qualifier leads to, LATEST for none, and what speaks against it."""
        qualifier = args.get("qualifier") or LATEST
        alias = function.aliases.get(qualifier)
        if alias is not None:
            number = self.led_to(alias)
            return number, UNTOLD if number != LATEST and function.version(number) is None else None
        if qualifier == LATEST or function.version(qualifier) is not None:
            return qualifier, None
        return qualifier, NO_VERSION if str(qualifier).isdecimal() else NO_ALIAS

    def led_to(self, alias):
        """The version that an alias leads the next call to."""
        return alias.additional if alias.additional is not None and alias.calls % 2 else alias.version

    def invocation_against(self, args, function):
        """What speaks against a call of a function."""
        number, found = self.followed(args, function)
        yield from (found,) if found else ()
        if self.is_forbidden(function) and not self.is_queued(args):
            yield UNTOLD
        of_version = number != LATEST
        if function.state == "Updating":
            if self.refuses("invoke_while_updating"):
                yield ("PreconditionFailed",)
        elif function.state in (*UNREADY, *RECOVERING):
            if of_version:
                is_free = self.chosen("invoke_version_while_unready") == "served"
            elif function.state in RECOVERING:
                is_free = self.chosen("invoke_while_recovering") == "served"
            else:
                is_free = self.is_queued(args)
            yield from () if is_free else (UNTOLD,)

    def is_forbidden(self, function):
        """Whether the switch of a function forbids calls, of every version and alias."""
        return function.is_disabled

    def alias_against(self, op, args, function):
        """What the name of an alias, and the versions it is to lead to, say."""
        found = function.aliases.get(args.get("aliasName"))
        if op == "createAlias" and found is not None:
            yield ("AliasAlreadyExists",)
            return
        if op not in ("createAlias", "listAliases") and found is None:
            yield NO_ALIAS
            return
        if op not in ("createAlias", "updateAlias"):
            return
        wanted = [one for one in (args.get("versionId"), additional(args)) if one is not None]
        if any(one != LATEST and function.version(one) is None for one in wanted):
            yield NO_VERSION
        elif LATEST in wanted and self.refuses("alias_to_latest"):
            yield WRONG
        elif found is not None and self.is_kept(args, found) and found.additional == args.get("versionId"):
            yield ("AdditionalVersionContainsMajorVersion",)

    def is_kept(self, args, alias):
        """Whether an update leaves the additional version as it is."""
        is_unmentioned = args.get("additionalVersionWeight") is None and alias.additional is not None
        return is_unmentioned and self.chosen("weights_unmentioned") == "kept"
