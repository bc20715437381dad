"""Services like Tencent SCF with one planted fault each, named after it, and the script of calls that shows it.

A script ends where the fault has been seen. STUCK are faults of patience: every history of theirs may have happened.
"""

import re

from scf_parts import Version, key_of
from scf_service import Scf

F, G = {"FunctionName": "f"}, {"FunctionName": "g"}
ELSEWHERE = {**F, "Namespace": "other"}
FIRST = {**F, "Qualifier": "1"}
LIVE = {**F, "Name": "live"}
WAIT = ("advance", 60)
MADE = (("CreateFunction", {**F, "content": "a"}), WAIT)
UPDATE = ("UpdateFunctionCode", {**F, "content": "b"})
PUBLISHED = (*MADE, ("PublishVersion", F), WAIT)
READ = ("GetFunction", F)
TWO = (*PUBLISHED, UPDATE, WAIT, READ, ("PublishVersion", F), WAIT)


class FailedPublishDropsALiveVersion(Scf):
    """A publication that fails takes the version before it along."""

    script = (
        *TWO,
        ("outcome", "publish failed"),
        ("PublishVersion", F),
        WAIT,
        ("GetFunction", {**F, "Qualifier": "2"}),
    )

    def end_publish(self, function, number, *, is_well):
        super().end_publish(function, number, is_well=is_well)
        if not is_well:
            function.versions.pop(number - 1, None)


class VersionFollowsAnUpdate(Scf):
    """An update changes what published versions serve."""

    script = (*PUBLISHED, UPDATE, WAIT, READ, ("Invoke", FIRST))

    def end_update(self, key, function, at):
        super().end_update(key, function, at)
        for version in function.versions.values():
            version.content = function.content


class NumberIsUsedAgain(Scf):
    """The number of a deleted version is given to the next one."""

    script = (*PUBLISHED, ("DeleteFunctionVersion", FIRST), ("PublishVersion", F))

    def publish(self, function, version):
        function.last = max(function.versions, default=0)
        return super().publish(function, version)


class UpdateIsAcceptedWhileCreating(Scf):
    """A function can be updated before it is ready, which it becomes all the same."""

    script = (MADE[0], UPDATE, READ)

    def is_updatable(self, function):
        return function.status == "Creating" or super().is_updatable(function)

    def update(self, function, content, args):
        if function.status == "Creating":
            function.content = content
        else:
            super().update(function, content, args)


class UpdateWhileCreatingIsRefusedAsInUse(Scf):
    """An update that comes too early is refused with a code of other calls."""

    script = (MADE[0], UPDATE)

    def function_against(self, op, args, function):
        for codes in super().function_against(op, args, function):
            is_early = op == "UpdateFunctionCode" and function.status == "Creating"
            yield ("ResourceInUse.Function",) if is_early else codes


class FailedCreationIsRepairedByAnUpdate(Scf):
    """CreateFailed is left by an update."""

    script = (("outcome", "create failed"), *MADE, READ, UPDATE)

    def is_updatable(self, function):
        return function.status == "CreateFailed" or super().is_updatable(function)


class StatusIsActiveBeforeTheContentIsNew(Scf):
    """Status reads Active while the old content still serves."""

    script = (*MADE, UPDATE, READ, ("Invoke", F))

    def shown(self, function):
        return "Active" if function.status == "Updating" else function.status


class StatusIsStaleOnce(Scf):
    """The first read after a change shows the status from before it."""

    script = (*MADE, READ, UPDATE, READ, READ)

    def shown(self, function):
        seen, function.seen = getattr(function, "seen", function.status), function.status
        return seen


class DeletedFunctionIsStillRead(Scf):
    """GetFunction shows a function that is gone."""

    script = (*MADE, ("DeleteFunction", F), WAIT, ("Invoke", F), READ)

    def drop(self, key):
        self.ghosts = {*getattr(self, "ghosts", ()), key}
        super().drop(key)

    def against(self, op, args):
        return () if self.is_ghost(op, args) else super().against(op, args)

    def is_ghost(self, op, args):
        key = key_of(args)
        return op == "GetFunction" and key in getattr(self, "ghosts", ()) and key not in self.functions

    def do(self, op, args):
        is_ghost = self.is_ghost(op, args)
        return {"Status": "Active", "AvailableStatus": "Available"} if is_ghost else super().do(op, args)


class ArrearsAreForgottenForVersions(Scf):
    """In arrears $LATEST cannot be invoked, and versions can."""

    script = (*PUBLISHED, ("happen", "balance exhausted"), ("Invoke", F), ("Invoke", FIRST))

    def against(self, op, args):
        codes = super().against(op, args)
        is_version = op == "Invoke" and (args.get("Qualifier") or "").isdecimal()
        return (one for one in codes if not (is_version and one[0] == "ResourceUnavailable.InsufficientBalance"))


class FunctionsShareTheirContent(Scf):
    """An update of one function changes what another serves."""

    script = (*MADE, ("CreateFunction", {**G, "content": "c"}), WAIT, UPDATE, WAIT, READ, ("Invoke", G))

    def end_update(self, key, function, at):
        super().end_update(key, function, at)
        for one in self.functions.values():
            one.content = function.content


class NamespacesAreMixed(Scf):
    """A function is found in every namespace."""

    script = (*MADE, ("GetFunction", ELSEWHERE))

    def call(self, op, args):
        return super().call(op, {**args, "Namespace": "default"})


class DeletionForgetsTheNamespace(Scf):
    """Whatever the namespace, the function of the default one is deleted."""

    script = (*MADE, READ, ("CreateFunction", {**ELSEWHERE, "content": "c"}), WAIT, ("DeleteFunction", ELSEWHERE), WAIT,
              READ)  # fmt: skip

    def call(self, op, args):
        is_whole = op == "DeleteFunction" and args.get("Qualifier") is None
        return super().call(op, {**args, "Namespace": "default"} if is_whole else args)


class DeletionReachesEveryNamespace(Scf):
    """A function that is deleted takes along those of its name in other namespaces."""

    script = (*MADE, ("CreateFunction", {**ELSEWHERE, "content": "c"}), WAIT, ("GetFunction", ELSEWHERE),
              ("DeleteFunction", F), WAIT, ("GetFunction", ELSEWHERE))  # fmt: skip

    def drop(self, key):
        for each in [one for one in self.functions if one[1] == key[1]]:
            super().drop(each)


class ListShowsEveryNamespace(Scf):
    """Functions of all namespaces are listed."""

    script = (("CreateFunction", {**G, "Namespace": "other", "content": "c"}), WAIT, ("ListFunctions", {}))

    def do_list_functions(self, args, function):
        everywhere = {namespace for namespace, _ in self.functions} or {"default"}
        found = [super(ListShowsEveryNamespace, self).do_list_functions({**args, "Namespace": one}, function)
                 for one in sorted(everywhere)]  # fmt: skip
        return {"Functions": [entry for one in found for entry in one["Functions"]],
                "TotalCount": sum(one["TotalCount"] for one in found)}  # fmt: skip


class NamespacesShareTheirContent(Scf):
    """What is served goes by the name alone: the last creation or update in any namespace."""

    script = (*MADE, ("CreateFunction", {**ELSEWHERE, "content": "c"}), WAIT, ("Invoke", F))

    def begin(self):
        super().begin()
        self.stored = {}

    def new(self, key, content):
        super().new(key, content)
        self.stored[key[1]] = content

    def end_update(self, key, function, at):
        before = function.content
        super().end_update(key, function, at)
        if function.content != before:
            self.stored[key[1]] = function.content

    def do_invoke(self, args, function):
        found = super().do_invoke(args, function)
        is_latest = (args.get("Qualifier") or "$LATEST") == "$LATEST"
        return {**found, "content": self.stored[args["FunctionName"]]} if is_latest and found else found


class ReadFallsBackToTheDefaultNamespace(Scf):
    """GetFunction and calls find the function of the default namespace where theirs has none."""

    script = (*MADE, ("GetFunction", ELSEWHERE))

    def call(self, op, args):
        is_read = op in ("GetFunction", "Invoke", "InvokeFunction") and key_of(args) not in self.functions
        return super().call(op, {**args, "Namespace": "default"} if is_read else args)


class NameIsTakenInEveryNamespace(Scf):
    """A function cannot have the name of one in another namespace."""

    script = (*MADE, ("CreateFunction", {**ELSEWHERE, "content": "c"}))

    def call(self, op, args):
        is_taken = op == "CreateFunction" and ("default", args["FunctionName"]) in self.functions
        return super().call(op, {**args, "Namespace": "default"} if is_taken else args)


class AliasesForgetTheNamespace(Scf):
    """An alias is bound to the function of that name in the default namespace."""

    script = (*MADE, ("CreateFunction", {**ELSEWHERE, "content": "c"}), WAIT,
              ("CreateAlias", {**ELSEWHERE, "Name": "live", "FunctionVersion": "$LATEST"}),
              ("GetAlias", {**F, "Name": "live"}))  # fmt: skip

    def do_create_alias(self, args, _function):
        function = self.functions.get(("default", args["FunctionName"]), _function)
        super().do_create_alias(args, function)

    do_update_alias = do_create_alias


class AliasServesTheOldVersionAfterAMove(Scf):
    """UpdateAlias is shown, and does not lead elsewhere."""

    script = (*TWO, ("CreateAlias", {**LIVE, "FunctionVersion": "1"}),
              ("UpdateAlias", {**LIVE, "FunctionVersion": "2"}), ("GetAlias", LIVE),
              ("Invoke", {**F, "Qualifier": "live"}))  # fmt: skip

    def do_update_alias(self, args, function):
        before = function.aliases[args["Name"]].version
        super().do_update_alias(args, function)
        function.aliases[args["Name"]].first = before

    def led_to(self, alias):
        return getattr(alias, "first", None) or super().led_to(alias)


class BoundVersionIsDeleted(Scf):
    """A version goes although an alias leads to it."""

    script = (*PUBLISHED, ("CreateAlias", {**LIVE, "FunctionVersion": "1"}), ("DeleteFunctionVersion", FIRST))

    def parts_against(self, op, args, function):
        return (one for one in super().parts_against(op, args, function) if one[0] != "UnsupportedOperation.AliasBind")


class LatestIsDeleted(Scf):
    """$LATEST is deleted like a version."""

    script = (*MADE, ("DeleteFunction", {**F, "Qualifier": "$LATEST"}))

    def call(self, op, args):
        is_latest = op == "DeleteFunction" and args.get("Qualifier") == "$LATEST"
        return super().call(op, {**args, "Qualifier": None} if is_latest else args)


class DefaultAliasIsDeleted(Scf):
    """$DEFAULT is deleted like any alias."""

    script = (*MADE, ("DeleteAlias", {**F, "Name": "$DEFAULT"}))

    def alias_against(self, op, args, function):
        return (one for one in super().alias_against(op, args, function) if one[0] != "InvalidParameterValue.Alias")


class FailedUpdateChangesTheContent(Scf):
    """An update that failed serves all the same."""

    script = (*MADE, ("outcome", "update failed"), UPDATE, WAIT, READ, ("Invoke", F))

    def end_update(self, key, function, at):
        staged = function.staged
        super().end_update(key, function, at)
        function.content = staged or function.content


class RefusedUpdateTakesEffect(Scf):
    """An update that is refused because another runs replaces that one's content."""

    script = (*MADE, UPDATE, ("UpdateFunctionCode", {**F, "content": "c"}), WAIT, READ, ("Invoke", F))

    def function_against(self, op, args, function):
        if op == "UpdateFunctionCode" and function.status == "Updating":
            function.staged = args["content"]
        return super().function_against(op, args, function)


class ListLeavesAnEntryOut(Scf):
    """The newest version is neither listed nor counted."""

    script = (*TWO, ("GetFunction", {**F, "Qualifier": "2"}), ("ListVersionByFunction", F))

    def do_list_version_by_function(self, args, function):
        found = super().do_list_version_by_function(args, function)
        return {"Versions": found["Versions"][:-1], "TotalCount": found["TotalCount"] - 1}


class FreezeIsForgottenForAliases(Scf):
    """While the account is frozen, calls through an alias are answered."""

    script = (*PUBLISHED, ("CreateAlias", {**LIVE, "FunctionVersion": "1"}), ("happen", "account frozen"),
              ("Invoke", {**F, "Qualifier": "live"}))  # fmt: skip

    def against(self, op, args):
        codes = super().against(op, args)
        is_alias = args.get("Qualifier") == "live"
        return (one for one in codes if not (is_alias and one[0] == "ResourceUnavailable.ServiceSuspended"))


class ArrearsFailTheFunction(Scf):
    """When the balance is exhausted the status moves."""

    script = (*MADE, READ, ("happen", "balance exhausted"), READ)

    def happen(self, event):
        did = super().happen(event)
        for function in self.functions.values():
            if event == "balance exhausted" and function.status == "Active":
                function.status = "UpdateFailed"
        return did


class PublishWithAnUpdateIsForgotten(Scf):
    """Publish=TRUE changes nothing."""

    script = (
        *MADE,
        ("UpdateFunctionCode", {**F, "content": "b", "Publish": "TRUE"}),
        WAIT,
        READ,
        ("GetFunction", FIRST),
    )

    def update(self, function, content, args):
        super().update(function, content, {**args, "Publish": "FALSE"})


class VersionsOutliveTheirFunction(Scf):
    """A new function of the same name has the versions of the old one."""

    script = (*PUBLISHED, ("DeleteFunction", F), WAIT, READ, *MADE, READ, ("GetFunction", FIRST))

    def new(self, key, content):
        super().new(key, content)
        if key in self.numbering:
            self.functions[key].versions[1] = Version("a", "Active")


class UpdateNeverEnds(Scf):
    """Work of one kind is never done."""

    script = (*MADE, UPDATE, WAIT, READ, ("advance", 9999), READ)

    def unfinished(self):
        return (one for one in super().unfinished() if one[0].kind != "update")


OWN = [one for one in Scf.__subclasses__() if one.__module__ == __name__]
FAULTS = {re.sub("(?!^)([A-Z])", r"-\1", one.__name__).lower(): one for one in OWN}
STUCK = ("update-never-ends",)
