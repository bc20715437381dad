"""What speaks against a call to a service like Tencent SCF: arguments, account, status, versions and aliases.

Everything that does is collected; which of several codes is given is an option of the service, and so is every point
that the sources leave open (CHOICES).
"""

import re

from scf_parts import (
    ALIAS_OPERATIONS,
    LEAVING,
    NO_FUNCTION,
    NO_VERSION,
    NOT_COPIED,
    NOT_DELETED,
    NOT_PUBLISHED,
    NOT_READY,
    NOT_UPDATED,
    TAKEN,
    UNTOLD,
    additional,
    is_number,
    key_of,
    target_of,
)
from working import Working


class Rules(Working):
    """The rules of the service."""

    OPERATIONS = (
        "CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "DeleteFunction",
        "DeleteFunctionVersion", "CopyFunction", "Invoke", "InvokeFunction", "GetFunction", "ListFunctions",
        "ListVersionByFunction", *ALIAS_OPERATIONS,
    )  # fmt: skip
    CHOICES = {
        "latest_shows_publishing": ("separate", "mirrored"),
        "update_while_publishing": ("refused", "accepted"),
        "update_after_publish_failed": ("accepted", "refused"),
        "publish_from_failed": ("refused", "accepted"),
        "publish_while_publishing": ("refused", "accepted"),
        "delete_while_creating": ("refused", "accepted"),
        "delete_while_updating": ("refused", "accepted"),
        "delete_while_publishing": ("refused", "accepted"),
        "delete_while_deleting": ("refused", "accepted"),
        "delete_again": ("accepted", "refused"),
        "delete_with_aliases": ("refused", "accepted"),
        "create_while_deleting": ("refused", "accepted"),
        "copy_from_unsettled": ("refused", "accepted"),
        "invoke_while_deleting": ("refused", "served"),
        "version_delete_when_unsettled": ("refused", "accepted"),
        "read_half_deleted": ("not found", "found"),
        "frozen_gates_changes": ("accepted", "refused"),
        "copy_in_arrears": ("refused", "accepted"),
        "numbering_after_deletion": ("restarts", "continues"),
        "publish_with_update": ("at once", "after the update"),
        "version_passes_deleting": ("no", "yes"),
        "version_after_failed_update": ("publish failed", "gone"),
        "number_of_a_gone_version": ("used up", "given out again"),
        "versions_of_a_leaving_function": ("readable", "gone"),
        "unready_version_delete": ("refused", "accepted"),
        "invoke_unready_version": ("refused", "served"),
        "alias_to_unready_version": ("refused", "accepted"),
        "update_serves": ("old", "new"),
    }

    def wrong(self, op, args):
        """What is wrong with the arguments themselves."""
        name = {"DeleteAlias": "Name", "GetAlias": "Name", "DeleteFunctionVersion": "Qualifier"}.get(op)
        needed = ("Name", "FunctionVersion") if op in ("CreateAlias", "UpdateAlias") else (name,) if name else ()
        needed = (*needed, *(("FunctionName",) if op != "ListFunctions" else ()))
        found = [("MissingParameter",) for one in needed if args.get(one) is None]
        if op in ("CreateFunction", "UpdateFunctionCode") and args.get("content", "") is None:
            found.append(("MissingParameter.Code",))
        if args.get("Publish") not in (None, "TRUE", "FALSE"):
            found.append(("InvalidParameterValue",))
        if op.startswith("DeleteFunction") and not re.fullmatch(r"\$LATEST|[0-9]+", args.get("Qualifier") or "1"):
            found.append(("InvalidParameterValue.Qualifier", "ResourceNotFound.Qualifier"))
        if not isinstance(args.get("Override", False), bool | None):
            found.append(("InvalidParameterValue",))
        if op.startswith("List"):
            limit, offset = args.get("Limit"), args.get("Offset")
            if limit is not None and not (is_number(limit) and 1 <= limit <= 100):
                found.append(("InvalidParameterValue.Limit", "InvalidParameterValue"))
            if op != "ListAliases" and offset is not None and not (is_number(offset) and offset >= 0):
                found.append(("InvalidParameterValue",))
        extra = additional(args)
        if extra is not None and extra == args.get("FunctionVersion"):
            found.append(("InvalidParameterValue.AdditionalVersionWeights", "InvalidParameterValue.RoutingConfig"))
        return found

    def against(self, op, args):
        """What the state of things says against an operation."""
        function = self.functions.get(key_of(args))
        yield from self.account_against(op)
        if op == "ListFunctions":
            return
        if op in ("CreateFunction", "CopyFunction"):
            yield from self.against_new(op, args, function)
        elif function is None:
            yield NO_FUNCTION
        else:
            yield from self.function_against(op, args, function)
            yield from self.parts_against(op, args, function)

    def account_against(self, op):
        """What the account says."""
        if op in ("Invoke", "InvokeFunction"):
            if self.is_frozen:
                yield ("ResourceUnavailable.ServiceSuspended",)
            if self.is_in_arrears:
                yield ("ResourceUnavailable.InsufficientBalance",)
        elif op in ("CreateFunction", "CopyFunction", "PublishVersion", *NOT_UPDATED):
            if self.is_frozen:
                if self.refuses("frozen_gates_changes"):
                    yield UNTOLD
            elif self.is_in_arrears:
                if op == "CreateFunction":
                    yield ("FailedOperation.AccountInsufficient", "FailedOperation.InsufficientBalance")
                elif op == "UpdateFunctionConfiguration":
                    yield ("FailedOperation.InsufficientBalance", "FailedOperation.AccountInsufficient")
                elif op == "CopyFunction" and self.refuses("copy_in_arrears"):
                    yield UNTOLD

    def against_new(self, op, args, function):
        """What speaks against a new function, or a copy of one."""
        if op == "CreateFunction":
            is_free = function is None or (function.is_leaving and self.accepts("create_while_deleting"))
            yield from () if is_free else (TAKEN,)
            return
        if function is None:
            yield NO_FUNCTION
        elif function.status == "HalfDeleted":
            yield UNTOLD
        elif function.content is None or (function.status != "Active" and self.refuses("copy_from_unsettled")):
            yield NOT_COPIED
        target = self.functions.get(target_of(args))
        if target is not None and (target.status == "HalfDeleted" or args.get("Override") is not True):
            yield ("ResourceInUse.FunctionName",)

    def function_against(self, op, args, function):
        """What the status of $LATEST says."""
        status = function.status
        if op in NOT_UPDATED:
            if not self.is_updatable(function):
                yield NOT_UPDATED[op]
        elif op == "PublishVersion":
            if status in ("Creating", "CreateFailed", "Updating", *LEAVING) or (
                status in ("UpdateFailed", "PublishFailed") and self.refuses("publish_from_failed")
            ) or (status in ("Active", "Publishing") and function.is_publishing
                  and self.refuses("publish_while_publishing")):  # fmt: skip
                yield NOT_PUBLISHED
        elif op == "DeleteFunctionVersion" or (op == "DeleteFunction" and args.get("Qualifier") is not None):
            if args.get("Qualifier") == "$LATEST":
                yield ("InvalidParameterValue.Qualifier",)
            elif status != "Active" and self.refuses("version_delete_when_unsettled"):
                yield NOT_DELETED
        elif op == "DeleteFunction":
            yield from self.against_deletion(function)
        elif op in ("Invoke", "InvokeFunction"):
            if status in ("Creating", "CreateFailed") or (
                status in LEAVING and (function.content is None or self.refuses("invoke_while_deleting"))
            ):
                yield NOT_READY
        elif status == "HalfDeleted" and (op == "GetFunction" or self.chosen("read_half_deleted") == "not found"):
            yield ("ResourceNotFound.Version",)

    def is_updatable(self, function):
        """Whether the status of a function lets it be updated."""
        if function.status in ("Creating", "Updating", "CreateFailed", *LEAVING):
            return False
        if function.status == "Publishing" or function.is_publishing:
            return self.accepts("update_while_publishing")
        return function.status != "PublishFailed" or self.accepts("update_after_publish_failed")

    def against_deletion(self, function):
        """What speaks against the deletion of a whole function."""
        point = {"Creating": "creating", "Updating": "updating", "Publishing": "publishing", "Deleting": "deleting",
                 "HalfDeleted": "deleting"}.get(function.status)  # fmt: skip
        if function.status == "DeleteFailed":
            is_free = self.accepts("delete_again")
        elif function.status == "CreateFailed":
            is_free = True
        elif point is None and not function.is_publishing:
            is_free = True
            if len(function.aliases) > 1 and self.refuses("delete_with_aliases"):
                yield ("UnsupportedOperation.AliasBind",)
        else:
            is_free = self.accepts(f"delete_while_{point or 'publishing'}")
        if not is_free:
            yield NOT_DELETED

    def parts_against(self, op, args, function):
        """What the version or alias that is addressed says."""
        if op in ALIAS_OPERATIONS:
            yield from self.alias_against(op, args, function)
            return
        qualifier = args.get("Qualifier")
        if op in ("Invoke", "InvokeFunction", "GetFunction"):
            qualifier = qualifier or ("$DEFAULT" if op == "InvokeFunction" else "$LATEST")
            bound = function.aliases.get(qualifier)
            if bound is not None:
                qualifier = self.led_to(bound)
            elif qualifier != "$LATEST" and not qualifier.isdecimal():
                yield NO_VERSION[1:] if op != "GetFunction" else NO_VERSION[:1]
                return
        if qualifier in (None, "$LATEST") or not op.startswith(("Invoke", "GetFunction", "DeleteFunction")):
            return
        version = function.versions.get(int(qualifier)) if qualifier.isdecimal() else None
        is_hidden = version is not None and op == "GetFunction" and not self.is_seen(function, version)
        if version is None or is_hidden:
            yield NO_VERSION if op not in ("DeleteFunction", "DeleteFunctionVersion") else NO_VERSION[1:]
        elif op.startswith("DeleteFunction"):
            if any(qualifier in (one.version, one.additional) for one in function.aliases.values()):
                yield ("UnsupportedOperation.AliasBind",)
            elif version.status != "Active" and self.refuses("unready_version_delete"):
                yield NOT_DELETED
        elif op != "GetFunction" and not self.is_served(function, version):
            yield NOT_READY

    def is_seen(self, function, version):
        """Whether a version can be read."""
        if version.status == "Awaited":
            return self.chosen("publish_with_update") == "at once"
        return not function.is_leaving or self.chosen("versions_of_a_leaving_function") == "readable"

    def is_served(self, function, version):
        """Whether a version can be invoked."""
        if version.status == "Active":
            return not function.is_leaving or self.chosen("versions_of_a_leaving_function") == "readable"
        return version.status in ("Deleting", "DeleteFailed") and self.chosen("invoke_unready_version") == "served"

    def alias_against(self, op, args, function):
        """What the name of an alias, and the versions it is to lead to, say."""
        found = function.aliases.get(args.get("Name"))
        if op == "CreateAlias" and found is not None:
            yield ("ResourceInUse.Alias",)
            return
        if op not in ("CreateAlias", "ListAliases") and (
            found is None or (op == "GetAlias" and not self.is_alias_seen(function, found))
        ):
            yield ("ResourceNotFound.Alias",)
            return
        if op == "DeleteAlias" and args["Name"] == "$DEFAULT":
            yield ("InvalidParameterValue.Alias",)
        if op in ("CreateAlias", "UpdateAlias"):
            numbers = [one for one in (args.get("FunctionVersion"), additional(args)) if one not in (None, "$LATEST")]
            versions = [function.versions.get(int(one)) if one.isdecimal() else None for one in numbers]
            if None in versions:
                yield ("ResourceNotFound.FunctionVersion",)
            elif any(one.status != "Active" for one in versions) and self.refuses("alias_to_unready_version"):
                yield UNTOLD

    def is_alias_seen(self, function, _alias):
        """Whether an alias can be read."""
        return not function.is_leaving or self.chosen("versions_of_a_leaving_function") == "readable"

    def led_to(self, alias):
        """The version that an alias leads the next call to."""
        return alias.additional if alias.additional is not None and alias.calls % 2 else alias.version
