"""A service like Tencent SCF, in plain Python and from the facts alone: functions, versions, aliases, an account.

What speaks against a call stands in scf_rules.py; faults are planted by scf_faults.py.
"""

import argparse
import re
from functools import partial

from scf_parts import Alias, Function, Version, additional, key_of, page, target_of
from scf_rules import Rules
from stdio import keep_asking, options, serve


class Scf(Rules):
    """The service."""

    OUTCOMES = {
        "create": ("create succeeded", "create failed", "create left no trace"),
        "update": ("update succeeded", "update failed"),
        "publish": ("publish succeeded", "publish failed"),
        "delete": ("delete succeeded", "delete failed", "delete half done"),
        "version delete": ("version deleted", "version delete failed"),
    }

    def begin(self):
        """A world without functions, and an account that is paid."""
        self.functions = {}
        self.numbering = {}
        self.is_frozen = False
        self.is_in_arrears = False
        self.payment = None

    # -------------------------------------------------------------------------------------------- time and account

    def unfinished(self):
        """All work under way, each with what ends it."""
        if self.payment is not None:
            yield self.payment, self.end_arrears
        for key, function in list(self.functions.items()):
            if function.work is not None:
                yield function.work, partial(self.end_work, key, function)
            for number, version in list(function.versions.items()):
                if version.work is not None:
                    yield version.work, partial(self.end_version_work, function, number, version)

    def end_arrears(self, _at):
        self.is_in_arrears, self.payment = False, None

    def end_work(self, key, function, at):
        work, function.work = function.work, None
        getattr(self, f"end_{work.kind}")(key, function, at)

    def end_create(self, key, function, _at):
        match self.how("create"):
            case "create succeeded":
                function.status = "Active"
            case "create failed":
                function.status, function.content = "CreateFailed", None
            case _:
                del self.functions[key]

    def end_update(self, _key, function, at):
        awaited = [one for one in function.versions.values() if one.status == "Awaited"]
        if self.how("update") == "update succeeded":
            function.status = "Active"
            function.content = function.content if function.staged is None else function.staged
            for version in awaited:
                version.status, version.work = "Publishing", self.work("publish", at)
        else:
            function.status = "UpdateFailed"
            self.give_up(function)
        function.staged = None

    def end_delete(self, key, function, at):
        is_half = function.status == "HalfDeleted"
        match self.how("delete", ("delete succeeded",) if is_half else None):
            case "delete succeeded":
                self.drop(key)
            case "delete half done":
                function.status, function.work = "HalfDeleted", self.work("delete", at)
            case _:
                function.status = "DeleteFailed"
                self.give_up(function)

    def give_up(self, function):
        """The update that a version waited for came to nothing."""
        for number in [number for number, one in function.versions.items() if one.status == "Awaited"]:
            if self.chosen("version_after_failed_update") == "gone":
                del function.versions[number]
                if number == function.last and self.chosen("number_of_a_gone_version") == "given out again":
                    function.last -= 1
            else:
                function.versions[number].status = "PublishFailed"

    def end_abandon(self, _key, function, _at):
        if function.status == "Publishing" and not function.is_publishing:
            function.status = "Active"

    def end_version_work(self, function, number, version, _at):
        kind, version.work = version.work.kind, None
        how = self.how("publish" if kind == "publish" else "version delete")
        if how == "version deleted":
            del function.versions[number]
        elif how == "version delete failed":
            version.status = "DeleteFailed"
        else:
            self.end_publish(function, number, is_well=how == "publish succeeded")

    def end_publish(self, function, number, *, is_well):
        function.versions[number].status = "Active" if is_well else "PublishFailed"
        if function.status == "Publishing":
            function.status, function.work = "Active" if is_well else "PublishFailed", None

    def happen(self, event):
        """An event of the account, unless it makes no sense now."""
        match event:
            case "balance below zero" if not self.is_frozen and not self.is_in_arrears:
                pass
            case "balance exhausted" if not self.is_in_arrears or self.payment is not None:
                self.is_in_arrears, self.payment = True, None
            case "balance restored" if self.is_in_arrears and self.payment is None:
                if self.is_frozen:
                    self.is_in_arrears = False
                else:
                    self.payment = self.work("pay")
            case "account frozen" if not self.is_frozen:
                self.is_in_arrears, self.payment = self.is_in_arrears and self.payment is None, None
                self.is_frozen = True
            case "account unfrozen" if self.is_frozen:
                self.is_frozen = False
            case _:
                return False
        return True

    # -------------------------------------------------------------------------------------------- what is done

    def do(self, op, args):
        """Do what nothing speaks against."""
        words = re.sub("([A-Z])", r"_\1", op).lower().strip("_")
        return getattr(self, f"do_{words}")(args, self.functions.get(key_of(args))) or {}

    def drop(self, key):
        """A function is gone."""
        self.numbering[key] = self.functions.pop(key).last

    def new(self, key, content):
        """A function in the making."""
        if key in self.functions:
            self.drop(key)
        last = self.numbering.get(key, 0) if self.chosen("numbering_after_deletion") == "continues" else 0
        self.functions[key] = Function(content, last, self.work("create"))

    def do_create_function(self, args, _function):
        self.new(key_of(args), args.get("content"))

    def do_copy_function(self, args, function):
        self.new(target_of(args), function.content)

    def do_update_function_code(self, args, function):
        self.update(function, args.get("content"), args)

    def do_update_function_configuration(self, args, function):
        self.update(function, None, args)

    def update(self, function, content, args):
        """An update begins; a version published with it waits for its end."""
        function.status, function.staged, function.work = "Updating", content, self.work("update")
        if args.get("Publish") == "TRUE":
            self.publish(function, Version(function.content if content is None else content, "Awaited"))

    def publish(self, function, version):
        """A version gets the next number."""
        function.last += 1
        function.versions[function.last] = version
        return str(function.last)

    def do_publish_version(self, _args, function):
        is_mirrored = self.chosen("latest_shows_publishing") == "mirrored"
        if function.status == "Active" and not function.is_publishing and is_mirrored:
            function.status = "Publishing"
        version = Version(function.content, "Publishing", self.work("publish"))
        return {"FunctionVersion": self.publish(function, version)}

    def do_delete_function(self, args, function):
        if args.get("Qualifier") is not None:
            self.delete_version(function, int(args["Qualifier"]))
        elif not function.is_leaving:
            function.status, function.staged, function.work = "Deleting", None, self.work("delete")

    def do_delete_function_version(self, args, function):
        self.delete_version(function, int(args["Qualifier"]))

    def delete_version(self, function, number):
        """A version goes, at once or after a while."""
        version = function.versions[number]
        if version.status == "Active" and self.chosen("version_passes_deleting") == "yes":
            version.status, version.work = "Deleting", self.work("version delete")
            return
        del function.versions[number]
        if function.status == "Publishing" and not function.is_publishing:
            function.work = self.work("abandon")

    def do_invoke(self, args, function):
        return self.invoked(function, args.get("Qualifier") or "$LATEST")

    def do_invoke_function(self, args, function):
        return self.invoked(function, args.get("Qualifier") or "$DEFAULT")

    def invoked(self, function, qualifier):
        """What a call is answered."""
        number = self.resolved(function, qualifier, is_call=True)
        content = self.served(function) if number == "$LATEST" else function.versions[int(number)].content
        return {"content": content} if "content" in self.abilities else {}

    def served(self, function):
        """What $LATEST serves: during an update the old or the new."""
        is_new = function.staged is not None and self.chosen("update_serves") == "new"
        return function.staged if is_new else function.content

    def resolved(self, function, qualifier, *, is_call=False):
        """The version that a qualifier leads to."""
        alias = function.aliases.get(qualifier)
        if alias is None:
            return qualifier
        number = self.led_to(alias)
        alias.calls += is_call
        return number

    def do_get_function(self, args, function):
        number = self.resolved(function, args.get("Qualifier") or "$LATEST")
        shown = self.shown(function) if number == "$LATEST" else function.versions[int(number)].status
        return {"Status": shown.replace("Awaited", "Publishing"), "AvailableStatus": self.available()}

    def shown(self, function):
        """The status $LATEST shows."""
        return function.status

    def available(self):
        """What the account lets functions do."""
        return "InsufficientBalance" if self.is_in_arrears else "Available"

    def do_list_functions(self, args, _function):
        here = args.get("Namespace") or "default"
        return page(args, "Functions", [
            {"FunctionName": name, "Status": self.shown(one), "AvailableStatus": self.available()}
            for (namespace, name), one in sorted(self.functions.items())
            if namespace == here and one.status != "HalfDeleted"
        ])  # fmt: skip

    def do_list_version_by_function(self, args, function):
        latest = [] if function.status == "HalfDeleted" else [{"Version": "$LATEST", "Status": self.shown(function)}]
        return page(args, "Versions", latest + [
            {"Version": str(number), "Status": one.status.replace("Awaited", "Publishing")}
            for number, one in function.versions.items()
            if self.is_seen(function, one)
        ])  # fmt: skip

    def do_create_alias(self, args, function):
        function.aliases[args["Name"]] = Alias(args["FunctionVersion"], additional(args))

    do_update_alias = do_create_alias

    def do_delete_alias(self, args, function):
        del function.aliases[args["Name"]]

    def do_get_alias(self, args, function):
        return {"FunctionVersion": function.aliases[args["Name"]].version}

    def do_list_aliases(self, args, function):
        return page(args, "Aliases", [
            {"Name": name, "FunctionVersion": one.version}
            for name, one in function.aliases.items()
            if self.is_alias_seen(function, one)
        ])  # fmt: skip

    def fingerprint(self):
        """All that tells two states of the service apart."""

        def work(one):
            return None if one is None else (one.kind, one.due - self.now)

        return (
            self.is_frozen, self.is_in_arrears, work(self.payment), tuple(sorted(self.steered.items())),
            tuple(sorted(self.numbering.items())),
            tuple(
                (key, one.status, one.content, one.staged, one.last, work(one.work),
                 tuple((number, each.content, each.status, work(each.work)) for number, each in one.versions.items()),
                 tuple((name, each.version, each.additional, each.calls % 2) for name, each in one.aliases.items()))
                for key, one in sorted(self.functions.items())
            ),
        )  # fmt: skip


def main(argv=None):
    """Serve on standard input and output."""
    from scf_faults import FAULTS

    parser = argparse.ArgumentParser(description="A service like Tencent SCF.")
    keep_asking(parser, Scf.CHOICES)
    found = parser.parse_args(argv)
    serve((FAULTS[found.fault] if found.fault else Scf)(**options(found)))


if __name__ == "__main__":
    main()
