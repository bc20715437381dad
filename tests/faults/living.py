"""Services whose planted fault needs a longer life to show: a third version, content that comes back, a name moved."""

import fc_faults  # noqa: F401  # it lists the services that stand next to the right one, which these are not among
import scf_faults  # noqa: F401
from fc_service import Fc
from scf_service import Scf


class ThirdVersionReplacesTheFirst(Scf):
    """Only two versions are kept."""

    def publish(self, function, version):
        function.versions.pop(function.last - 1, None)
        return super().publish(function, version)


class UpdateBringsBackTheDefaultAlias(Scf):
    """When an update is done, $DEFAULT names $LATEST again."""

    def end_update(self, key, function, at):
        super().end_update(key, function, at)
        function.aliases["$DEFAULT"].version = "$LATEST"


class EarlierContentIsNotTakenAgain(Fc):
    """An update back to content that was there before is accepted and changes nothing."""

    def begin(self):
        super().begin()
        self.had = {}

    def do_update_function(self, args, function):
        had = self.had.setdefault(id(function), [])
        if args.get("content") in had:
            args = {name: value for name, value in args.items() if name != "content"}
        had.append(function.made[0])
        return super().do_update_function(args, function)


class ThirdVersionServesTheFirst(Fc):
    """From the third on, a version serves what the first one does."""

    def do_publish_function_version(self, args, function):
        made = super().do_publish_function_version(args, function)
        first = min(function.versions)
        if len(function.versions) > 2:
            function.versions[function.last] = function.versions[first]
        return made


class ListOfVersionsBeginsAnew(Fc):
    """Every page of a list of versions is the first."""

    def do_list_function_versions(self, args, function):
        return super().do_list_function_versions({**args, "nextToken": None}, function)


SCF_FAULTS = (ThirdVersionReplacesTheFirst, UpdateBringsBackTheDefaultAlias)
FC_FAULTS = (EarlierContentIsNotTakenAgain, ThirdVersionServesTheFirst, ListOfVersionsBeginsAnew)
