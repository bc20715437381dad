"""A service like Alibaba FC 3.0, in plain Python and from the facts alone: functions, versions, aliases, an account.

What speaks against a call stands in fc_rules.py; faults are planted by fc_faults.py.
"""

import argparse
import re
from functools import partial

from fc_parts import CONTAINER, LATEST, SETTINGS, SHOWN, Alias, Function, additional, page
from fc_rules import Rules
from stdio import keep_asking, options, serve


class Fc(Rules):
    """The service."""

    OUTCOMES = {
        "prepare": ("image ready", "preparation failed"),
        "update": ("update succeeded", "update failed"),
        "reactivate": ("reactivation succeeded", "reactivation failed"),
        "recover": ("recovery succeeded", "recovery failed"),
    }

    def begin(self):
        """A world without functions, and an account that is paid."""
        self.functions = {}
        self.numbering = {}
        self.is_overdue = False
        self.affected = ()

    # -------------------------------------------------------------------------------------------- time and account

    def unfinished(self):
        """All work under way, each with what ends it."""
        for function in list(self.functions.values()):
            if function.work is not None:
                yield function.work, partial(self.end_work, function)

    def end_work(self, function, _at):
        kind, function.work = function.work.kind, None
        how = self.how(kind)
        getattr(self, f"end_{kind}")(function, is_well=how == self.OUTCOMES[kind][0])

    def end_prepare(self, function, *, is_well):
        function.state = "Active" if is_well else "Failed"

    def end_update(self, function, *, is_well):
        if is_well:
            self.switch(function)
            function.state = "Active"
        else:
            function.state = "UpdateFailed" if self.chosen("failed_update") == "keeps serving" else "Failed"
            self.fall_back(function)

    def end_recover(self, function, *, is_well):
        if is_well:
            self.switch(function)
        else:
            self.fall_back(function)
        function.state = "Active" if is_well else "Failed"

    def end_reactivate(self, function, *, is_well):
        if is_well:
            self.switch(function)
            function.state = "UpdateFailed" if function.is_last_update_failed else "Active"
        else:
            function.state = "Inactive"
            if function.staged is not None and self.chosen("content_after_failed_reactivation") == "new":
                function.made = function.staged
            self.fall_back(function)

    def switch(self, function):
        """What was staged serves from now on."""
        if function.staged is not None:
            function.made, function.staged, function.is_last_update_failed = function.staged, None, False

    def fall_back(self, function):
        """What was staged is thrown away."""
        if function.staged is not None:
            function.staged, function.is_last_update_failed = None, True

    def happen(self, event):
        """An event of the account, or of every function that it can concern."""
        self.affected = tuple(self.functions)
        if event in ("account frozen", "account restored"):
            did = self.is_overdue == (event == "account restored")
            self.is_overdue = event == "account frozen"
            return did
        states, what = {
            "image deleted": (("Active", "UpdateFailed", "Updating"), self.lose_image),
            "idle": (("Active", "UpdateFailed"), self.rest),
            "called while inactive": (("Inactive",), self.wake),
        }.get(event, ((), None))
        self.affected = tuple(name for name, one in self.functions.items() if one.state in states)
        for name in self.affected:
            what(self.functions[name])
        return bool(self.affected)

    def lose_image(self, function):
        """The image that a function is made from is gone."""
        function.state, function.work, function.staged = "Failed", None, None

    def rest(self, function):
        """A function has not been called for long."""
        function.is_last_update_failed = function.state == "UpdateFailed"
        function.state = "Inactive"

    def wake(self, function):
        """A function at rest was called."""
        function.state, function.work = "Reactivating", self.work("reactivate")

    # -------------------------------------------------------------------------------------------- what is done

    def call(self, op, args):
        """Do an operation; a call that fails because the function rests wakes it."""
        answer = super().call(op, args)
        function = self.functions.get(args.get("functionName"))
        is_asleep = op == "invokeFunction" and function is not None and function.state == "Inactive"
        if is_asleep and not function.is_disabled and not self.is_overdue and args.get("qualifier") in (None, LATEST):
            self.wake(function)
        return answer

    def do(self, op, args):
        """Do what nothing speaks against."""
        words = re.sub("([A-Z])", r"_\1", op).lower()
        return getattr(self, f"do_{words}")(args, self.functions.get(args.get("functionName"))) or {}

    def made(self, args, before=(None, ())):
        """Code and settings after a call that changes some."""
        content, settings = before
        settings = {**dict(settings), **{name: args[name] for name in SETTINGS if args.get(name) is not None}}
        return content if args.get("content") is None else args["content"], tuple(sorted(settings.items()))

    def do_create_function(self, args, _function):
        name = args["functionName"]
        last = self.numbering.get(name, 0) if self.chosen("numbering_after_deletion") == "continues" else 0
        if args.get("runtime", CONTAINER) == CONTAINER:
            self.functions[name] = Function(self.made(args), last, "Pending", self.work("prepare"))
        else:
            self.functions[name] = Function(self.made(args), last, "Ready")

    def do_update_function(self, args, function):
        made = self.made(args, function.made if function.staged is None else function.staged)
        kinds = {"Active": ("Updating", "update"), "UpdateFailed": ("Updating", "update"),
                 "Inactive": ("Reactivating", "reactivate"), "Failed": ("Recovering", "recover")}  # fmt: skip
        if function.state in ("Ready", "Pending"):
            function.made = made
        else:
            function.staged = made
        if function.state in kinds:
            function.state, kind = kinds[function.state]
            if kind == "recover" and self.chosen("recovery_reads") == "InProgress":
                function.state = "RecoveringInPlace"
            function.work = self.work(kind)

    def do_delete_function(self, args, _function):
        name = args["functionName"]
        self.numbering[name] = self.functions.pop(name).last

    def do_get_function(self, args, function):
        number, _ = self.followed(args, function)
        if number != LATEST:
            return {"versionId": number}
        state, update = self.shown(function)
        return {"state": state, "lastUpdateStatus": update, "runtime": self.runtime(function),
                "invocationRestriction": {"disable": function.is_disabled}}  # fmt: skip

    def runtime(self, function):
        """What the function was said to run on, when it was made or changed last."""
        return dict(function.made[1]).get("runtime", CONTAINER)

    def shown(self, function):
        """The fields state and lastUpdateStatus."""
        if function.state == "Pending":
            return "Pending", None if self.chosen("update_status_while_pending") == "absent" else "Successful"
        return SHOWN[function.state]

    def do_get_function_code(self, _args, _function):
        return {"url": "https://example.com/code.zip"}

    def do_list_functions(self, args, _function):
        begin = args.get("prefix") or ""
        return page(
            args, "functions", [{"functionName": one} for one in sorted(self.functions) if one.startswith(begin)]
        )

    def do_publish_function_version(self, _args, function):
        function.last += 1
        function.versions[function.last] = self.frozen(function)
        return {"versionId": str(function.last)}

    def do_delete_function_version(self, args, function):
        del function.versions[int(args["versionId"])]

    def do_list_function_versions(self, args, function):
        numbers = sorted(function.versions, reverse=args.get("direction") != "FORWARD")
        return page(args, "versions", [{"versionId": str(one)} for one in numbers])

    def do_invoke_function(self, args, function):
        number, _ = self.followed(args, function)
        alias = function.aliases.get(args.get("qualifier"))
        if alias is not None:
            alias.calls += 1
        if args.get("invocationType") == "Async" or "content" not in self.abilities:
            return {}
        return {"content": self.served(function) if number == LATEST else function.version(number)[0]}

    def served(self, function):
        """What LATEST serves: the old code until an update has ended."""
        return function.made[0]

    def do_disable_function_invocation(self, _args, function):
        function.is_disabled = True

    def do_enable_function_invocation(self, _args, function):
        function.is_disabled = False

    def do_create_alias(self, args, function):
        function.aliases[args["aliasName"]] = Alias(args["versionId"], additional(args))

    def do_update_alias(self, args, function):
        alias = function.aliases[args["aliasName"]]
        second = alias.additional if self.is_kept(args, alias) else additional(args)
        function.aliases[args["aliasName"]] = Alias(args.get("versionId") or alias.version, second)

    def do_delete_alias(self, args, function):
        del function.aliases[args["aliasName"]]

    def do_get_alias(self, args, function):
        return {"versionId": function.aliases[args["aliasName"]].version}

    def do_list_aliases(self, args, function):
        begin = args.get("prefix") or ""
        return page(args, "aliases", [
            {"aliasName": name, "versionId": one.version}
            for name, one in sorted(function.aliases.items())
            if name.startswith(begin)
        ])  # fmt: skip

    def fingerprint(self):
        """All that tells two states of the service apart."""
        return (
            self.is_overdue, tuple(sorted(self.steered.items())), tuple(sorted(self.numbering.items())),
            tuple(
                (name, one.made, one.last, one.state, one.staged, one.is_last_update_failed, one.is_disabled,
                 None if one.work is None else (one.work.kind, one.work.due - self.now),
                 tuple(one.versions.items()),
                 tuple((key, each.version, each.additional, each.calls % 2) for key, each in one.aliases.items()))
                for name, one in sorted(self.functions.items())
            ),
        )  # fmt: skip


def main(argv=None):
    """Serve on standard input and output."""
    from fc_faults import FAULTS

    parser = argparse.ArgumentParser(description="A service like Alibaba FC 3.0.")
    keep_asking(parser, Fc.CHOICES)
    found = parser.parse_args(argv)
    serve((FAULTS[found.fault] if found.fault else Fc)(**options(found)))


if __name__ == "__main__":
    main()
