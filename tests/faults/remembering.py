"""Services whose planted fault hangs on what they remember, so that it shows only after a longer past.

`calls` is how many calls the shortest script has that shows it, counted by hand; there are waits besides.
"""

from random import Random

import fc_faults  # noqa: F401  # it lists the services that stand next to the right one, which these are not among
import scf_faults  # noqa: F401
from fc_service import Fc
from scf_service import Scf


class ThirdUpdateIsLost(Scf):
    """From the third update of a function on, new content is thrown away."""

    calls = 6  # create; three updates; a read that shows Active; an invocation

    def begin(self):
        super().begin()
        self.updates = {}

    def update(self, function, content, args):
        self.updates[id(function)] = self.updates.get(id(function), 0) + 1
        super().update(function, None if self.updates[id(function)] > 2 else content, args)


class WaveringThirdUpdateIsLost(ThirdUpdateIsLost):
    """The same, and during an update now the old content answers, now the new, which is allowed."""

    def __init__(self):
        super().__init__()
        self.chance = Random(11)

    def served(self, function):
        return self.chance.choice((function.content, function.staged or function.content))


class ThirdUpdateIsLostNowAndThen(ThirdUpdateIsLost):
    """The same three times in four, by chance."""

    def __init__(self):
        super().__init__()
        self.chance = Random(12)

    def update(self, function, content, args):
        if self.chance.random() < 0.25:
            self.updates[id(function)] = 0
        super().update(function, content, args)


class ThirdUpdateIsLostUnlessRead(ThirdUpdateIsLost):
    """The same, but now and then a read of the aliases mends it: a long script hardly ever shows it twice."""

    seed = 23  # with which it is met at all

    def __init__(self):
        super().__init__()
        self.chance = Random(self.seed)

    def do_list_aliases(self, args, function):
        if self.chance.random() < 0.2:
            self.updates.clear()
        return super().do_list_aliases(args, function)


class SecondFailureServesTheNewContent(Scf):
    """An update that fails is served all the same, once one has failed before."""

    calls = 5  # create; two updates; a read that shows UpdateFailed; an invocation

    def begin(self):
        super().begin()
        self.failed = set()

    def end_update(self, key, function, at):
        staged = function.staged
        super().end_update(key, function, at)
        if function.status == "UpdateFailed":
            if id(function) in self.failed:
                function.content = staged or function.content
            self.failed.add(id(function))


class ConfigurationBringsBackWhatFailed(Scf):
    """An update of the configuration applies the content of an update that had failed."""

    calls = 5  # create; two updates; a read that shows Active; an invocation

    def begin(self):
        super().begin()
        self.failed = {}

    def do_update_function_configuration(self, args, function):
        self.update(function, self.failed.get(id(function)), args)

    def end_update(self, key, function, at):
        staged = function.staged
        super().end_update(key, function, at)
        if function.status == "UpdateFailed":
            self.failed[id(function)] = staged


class SecondDeletionNeverEnds(Scf):
    """Work on the second deletion of a name is never done."""

    calls = 6  # create and delete twice; a read between them, and one after an hour

    def begin(self):
        super().begin()
        self.gone = set()

    def drop(self, key):
        self.gone.add(key)
        super().drop(key)

    def unfinished(self):
        for work, end in super().unfinished():
            if work.kind != "delete" or end.args[0] not in self.gone:
                yield work, end


class UnchangedIsPublishedAfterTwoVersions(Fc):
    """A publication without a change is refused until there are two versions."""

    calls = 6  # create and a read; two publications with an update between them; one more

    def is_unchanged(self, function):
        return super().is_unchanged(function) and len(function.versions) < 2


class AliasLeadsWhereItFirstLed(Fc):
    """What an alias leads to is remembered when it is first called."""

    calls = 8  # create; publish; create an alias and call it; update; publish; update the alias and call it

    def begin(self):
        super().begin()
        self.first = {}

    def led_to(self, alias):
        return self.first.setdefault(id(alias), super().led_to(alias))

    def do_update_alias(self, args, function):
        old = function.aliases[args["aliasName"]]
        super().do_update_alias(args, function)
        self.first[id(function.aliases[args["aliasName"]])] = self.led_to(old)
        self.kept = old  # or another alias might get its number


class AliasMovedBackStays(Fc):
    """An alias that is moved a second time still leads where it was moved first."""

    calls = 8  # create; two versions with an update between them; an alias, moved forth and back; an invocation

    def begin(self):
        super().begin()
        self.moved = {}

    def do_update_alias(self, args, function):
        super().do_update_alias(args, function)
        self.moved.setdefault(args["aliasName"], []).append(function.aliases[args["aliasName"]])

    def led_to(self, alias):
        moved = next((each for each in self.moved.values() if alias in each[1:]), [alias])
        return super().led_to(moved[0])


class WorkOutlivesItsFunction(Fc):
    """What was staged when a function was deleted comes out in the next one of that name."""

    calls = 5  # create; update; delete; create; an invocation after a while

    def __init__(self):
        super().__init__(choices={"delete_while_working": "accepted"})

    def begin(self):
        super().begin()
        self.left = {}

    def do_delete_function(self, args, function):
        self.left[args["functionName"]] = function.staged
        super().do_delete_function(args, function)

    def end_prepare(self, function, *, is_well):
        super().end_prepare(function, is_well=is_well)
        name = next(name for name, one in self.functions.items() if one is function)
        function.made = self.left.get(name) or function.made


class PagesOverlap(Fc):
    """A later page begins with the last entry of the one before; what leads to it is spelled anew each time."""

    calls = 6  # create; two versions with an update between them; two pages of one

    turned = 0

    def do_list_function_versions(self, args, function):
        begin = int((args.get("nextToken") or "0").rpartition("-")[2])
        found = super().do_list_function_versions({**args, "nextToken": str(begin - (begin > 0))}, function)
        self.turned += 1
        return found | ({"nextToken": f"{self.turned}-{found['nextToken']}"} if "nextToken" in found else {})
