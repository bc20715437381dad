"""Services like Alibaba FC 3.0 with one planted fault each, named after it, and the script of calls that shows it.

A script ends where the fault has been seen. STUCK are faults of patience: every history of theirs may have happened.
"""

import re

from fc_service import Fc

F, G = {"functionName": "f"}, {"functionName": "g"}
IMAGE = {"runtime": "custom-container", "handler": "h", "content": "a"}
FIRST = {**F, "qualifier": "1"}
LIVE = {**F, "aliasName": "live"}
WAIT = ("advance", 60)
MADE = (("createFunction", {**F, **IMAGE}), WAIT, ("getFunction", F))
UPDATE = ("updateFunction", {**F, "content": "b"})
PUBLISH = ("publishFunctionVersion", F)
PUBLISHED = (*MADE, PUBLISH)
READ, CALL = ("getFunction", F), ("invokeFunction", F)
DISABLE = ("disableFunctionInvocation", F)


class RefusedPublicationBurnsANumber(Fc):
    """A publication without a change is refused, and the next number is one too high."""

    script = (*PUBLISHED, PUBLISH, UPDATE, WAIT, READ, PUBLISH)

    def publication_against(self, function):
        found = list(super().publication_against(function))
        function.last += bool(found)
        return found


class UnchangedFunctionIsPublished(Fc):
    """A second version is made although nothing changed."""

    script = (*PUBLISHED, PUBLISH)

    def is_unchanged(self, _function):
        return False


class NumberIsUsedAgain(Fc):
    """The number of a deleted version is given to the next one."""

    script = (*PUBLISHED, ("deleteFunctionVersion", {**F, "versionId": "1"}), PUBLISH)

    def do_publish_function_version(self, args, function):
        function.last = max(function.versions, default=0)
        return super().do_publish_function_version(args, function)


class FunctionsShareTheirNumbers(Fc):
    """The first version of one function goes on from the last of another."""

    script = (*PUBLISHED, ("createFunction", {**G, **IMAGE}), WAIT, ("getFunction", G), ("publishFunctionVersion", G))

    def do_publish_function_version(self, args, function):
        function.last = max(one.last for one in self.functions.values())
        return super().do_publish_function_version(args, function)


class ZipFunctionIsPending(Fc):
    """A function of another runtime shows states as a container does."""

    script = (("createFunction", {**F, **IMAGE, "runtime": "python3.12"}), READ)

    def do_create_function(self, args, function):
        super().do_create_function({**args, "runtime": "custom-container"}, function)
        self.functions[args["functionName"]].made = self.made(args)


class FailedReactivationEndsInFailed(Fc):
    """A function at rest whose image cannot be prepared again is Failed."""

    script = (*MADE, ("happen", "idle"), READ, ("outcome", "reactivation failed"), ("happen", "called while inactive"),
              WAIT, READ)  # fmt: skip

    def end_reactivate(self, function, *, is_well):
        super().end_reactivate(function, is_well=is_well)
        function.state = "Failed" if function.state == "Inactive" else function.state


class FailedUpdateServesTheNewCode(Fc):
    """An update that failed serves all the same."""

    script = (*MADE, ("outcome", "update failed"), UPDATE, WAIT, READ, CALL)

    def fall_back(self, function):
        function.made = function.staged or function.made
        super().fall_back(function)


class NewCodeServesBeforeTheUpdateEnded(Fc):
    """While an update is in progress the new code answers."""

    script = (*MADE, UPDATE, CALL, READ)

    def served(self, function):
        return (function.staged or function.made)[0]


class FailureOutlivesTheNextUpdate(Fc):
    """lastUpdateStatus reads Failed for good once an update failed."""

    script = (*MADE, ("outcome", "update failed"), UPDATE, WAIT, READ, ("updateFunction", {**F, "content": "c"}), READ,
              WAIT, READ, CALL)  # fmt: skip

    def end_update(self, function, *, is_well):
        function.has_failed = getattr(function, "has_failed", False) or not is_well
        super().end_update(function, is_well=is_well)

    def shown(self, function):
        state, update = super().shown(function)
        return (state, "Failed") if update and getattr(function, "has_failed", False) else (state, update)


class VersionFollowsAnUpdate(Fc):
    """An update changes what published versions serve."""

    script = (*PUBLISHED, UPDATE, WAIT, READ, ("invokeFunction", FIRST))

    def switch(self, function):
        super().switch(function)
        function.versions = dict.fromkeys(function.versions, function.made)


class SwitchIsForgottenForAliases(Fc):
    """Calls through an alias are answered although calls are forbidden."""

    script = (*PUBLISHED, ("createAlias", {**LIVE, "versionId": "1"}), DISABLE, CALL,
              ("invokeFunction", {**F, "qualifier": "live"}))  # fmt: skip

    def call(self, op, args):
        self.is_through_alias = args.get("qualifier") == "live"
        return super().call(op, args)

    def is_forbidden(self, function):
        return function.is_disabled and not self.is_through_alias


class UpdateAllowsCallsAgain(Fc):
    """An update resets the switch."""

    script = (*MADE, DISABLE, UPDATE, READ)

    def do_update_function(self, args, function):
        super().do_update_function(args, function)
        function.is_disabled = False


class OverdueAccountIsServed(Fc):
    """While a bill is overdue versions are called."""

    script = (*PUBLISHED, ("happen", "account frozen"), CALL, ("invokeFunction", FIRST))

    def call(self, op, args):
        was, self.is_overdue = self.is_overdue, self.is_overdue and args.get("qualifier") is None
        answer = super().call(op, args)
        self.is_overdue = was
        return answer


class DeletionOfABoundVersionIsRefused(Fc):
    """A version is kept because an alias leads to it."""

    script = (*PUBLISHED, ("createAlias", {**LIVE, "versionId": "1"}),
              ("deleteFunctionVersion", {**F, "versionId": "1"}))  # fmt: skip

    def function_against(self, op, args, function):
        yield from super().function_against(op, args, function)
        if op == "deleteFunctionVersion" and any(one.version == args["versionId"] for one in function.aliases.values()):
            yield ("VersionInUse",)


class AliasServesTheOldVersionAfterAMove(Fc):
    """UpdateAlias is shown, and does not lead elsewhere."""

    script = (*PUBLISHED, UPDATE, WAIT, READ, PUBLISH, ("createAlias", {**LIVE, "versionId": "1"}),
              ("updateAlias", {**LIVE, "versionId": "2"}), ("getAlias", LIVE),
              ("invokeFunction", {**F, "qualifier": "live"}))  # fmt: skip

    def do_update_alias(self, args, function):
        before = function.aliases[args["aliasName"]].version
        super().do_update_alias(args, function)
        function.aliases[args["aliasName"]].first = before

    def led_to(self, alias):
        return getattr(alias, "first", None) or super().led_to(alias)


class ListLeavesAnEntryOut(Fc):
    """The oldest version is not listed."""

    script = (*PUBLISHED, UPDATE, WAIT, READ, PUBLISH, ("listFunctionVersions", F))

    def do_list_function_versions(self, args, function):
        found = super().do_list_function_versions(args, function)
        return {**found, "versions": found["versions"][:-1]}


class PreparationNeverEnds(Fc):
    """Work of one kind is never done."""

    script = (*MADE, ("advance", 9999), READ)

    def unfinished(self):
        return (one for one in super().unfinished() if one[0].kind != "prepare")


OWN = [one for one in Fc.__subclasses__() if one.__module__ == __name__]
FAULTS = {re.sub("(?!^)([A-Z])", r"-\1", one.__name__).lower(): one for one in OWN}
STUCK = ("preparation-never-ends",)
