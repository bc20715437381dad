"""What holds of every run of SCF: stated on the composed service, proved on the parts that each statement needs."""

from collections.abc import Callable
from typing import Any

from statemodel.catalogue.tencent_scf.alias import alias_to_unready_version
from statemodel.catalogue.tencent_scf.policies import (
    publish_while_publishing,
    update_while_deleting,
    update_while_publishing,
)
from statemodel.model.service import Claim, Invariant

LIFE = ("function", "version")
NAMES = ("function", "version", "alias")
MONEY = ("function", "billing", "version")
ENDS = ("DeleteFunction", "CopyFunction", "failed creation vanished")
OUT_OF_SERVICE = ("InsufficientBalance", "Restoring", "Frozen", "FrozenInArrears")
UPDATES = ("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion")


def _served(look: Any) -> Any:
    return look.served("Invoke", "Qualifier", "version", "$LATEST")


def _failures_keep_versions(before: Any, after: Any, move: Any) -> bool:
    if move.name not in ("publish failed", "update failed"):
        return True
    return bool({one for one in _served(before) if one[0] != "$LATEST"} <= _served(after))


def _failed_update_serves_on(before: Any, after: Any, move: Any) -> bool:
    if move.name != "update failed":
        return True
    old = before.data("function").content
    return bool(after.shows("Invoke", "content") == {old})


def _content_stays(before: Any, after: Any, _move: Any) -> bool:
    now = dict(after.members("version"))
    old = before.members("version")
    return all(key not in now or now[key].data.content == member.data.content for key, member in old)


def _is_new_life(before: Any, after: Any) -> bool:
    return "Absent" in (before.state("function"), after.state("function")) or not after.members("version")


def _numbers_grow(before: Any, after: Any, _move: Any) -> bool:
    if _is_new_life(before, after):
        return True
    old = {key for key, _ in before.members("version")}
    new = {key for key, _ in after.members("version")} - old
    return after.last("version") >= before.last("version") and all(key > before.last("version") for key in new)


def _nothing_runs_unpaid(look: Any) -> bool:
    if look.state("billing") not in OUT_OF_SERVICE:
        return True
    qualifiers = ("$LATEST", *(str(key) for key, _ in look.members("version")))
    return not any(look.may_accept(name, Qualifier=one) for one in qualifiers for name in ("Invoke", "InvokeFunction"))


def _billing_moves_nothing_else(before: Any, after: Any, move: Any) -> bool:
    if move.is_call or before.slot("billing") == after.slot("billing"):
        return True
    return all(before.slot(part) == after.slot(part) for part in ("function", "version"))


def _comes_back(before: Any, after: Any, move: Any) -> bool:
    if move.is_call or before.slot("billing") == after.slot("billing"):
        return True
    return bool(_served(before.put("billing", "Available")) == _served(after.put("billing", "Available")))


def _calls_move_no_billing(before: Any, after: Any, move: Any) -> bool:
    return not move.is_call or before.slot("billing") == after.slot("billing")


def _one_job(look: Any) -> bool:
    jobs = [key for key, member in look.members("version") if member.state == "Publishing"]
    return not (jobs and look.state("function") == "Updating")


def _no_second_job(before: Any, _after: Any, move: Any) -> bool:
    if move.name not in UPDATES or not move.is_accepted:
        return True
    return before.state("function") not in ("Creating", "Updating", "Publishing", "Deleting", "HalfDeleted")


def _refusals_move_nothing(before: Any, after: Any, move: Any) -> bool:
    return move.is_accepted or bool(before.configuration == after.configuration)


def _failed_creation_only_deleted(before: Any, after: Any, move: Any) -> bool:
    if before.state("function") != "CreateFailed" or after.state("function") == "CreateFailed":
        return True
    return move.name in ENDS


def _gone_reads_gone(look: Any) -> bool:
    if look.state("function") != "Absent":
        return True
    reads: tuple[tuple[str, dict[str, str]], ...] = (
        ("GetFunction", {}), ("ListVersionByFunction", {}), ("ListAliases", {}), ("Invoke", {}),
        ("GetFunction", {"Qualifier": "1"}), ("Invoke", {"Qualifier": "1"}),
    )
    return all(_is_not_found(look, name, args) for name, args in reads)


def _is_not_found(look: Any, name: str, args: dict[str, str]) -> bool:
    codes = look.codes(name, **args)
    return bool(codes) and not look.may_accept(name, **args) and all("NotFound" in c or "Qualifier" in c for c in codes)


def _nothing_is_left(look: Any) -> bool:
    return look.state("function") != "Absent" or not (look.members("version") or look.members("alias"))


def _is_settled(look: Any) -> bool:
    if look.state("function") in ("Creating", "Updating", "Publishing", "Deleting", "HalfDeleted"):
        return False
    return not any(member.state in ("Awaited", "Publishing", "Deleting") for _, member in look.members("version"))


def _bound_versions_exist(look: Any) -> bool:
    numbers = {key for key, _ in look.members("version")}
    bound = [one for _, member in look.members("alias") for one in (member.data.version, member.data.additional)]
    return all(one in numbers for one in bound if isinstance(one, int))


def _default_is_there(look: Any) -> bool:
    return bool(look.state("function") == "Absent" or look.state("alias", "$DEFAULT") == "Bound")


class _Is:
    """A goal: the function is in a state."""

    def __init__(self, state: str) -> None:
        self.state = state

    def __call__(self, look: Any) -> bool:
        return bool(look.state("function") == self.state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Is) and other.state == self.state

    def __hash__(self) -> int:
        return hash(self.state)


def _two_versions(look: Any) -> bool:
    active = [member.data.content for _, member in look.members("version") if member.state == "Active"]
    return len(set(active)) > 1 or len(active) > 1


def _bound_to_version(look: Any) -> bool:
    return any(isinstance(member.data.version, int) for _, member in look.members("alias"))


def _unpaid_with_versions(look: Any) -> bool:
    return look.state("billing") == "InsufficientBalance" and bool(look.members("version"))


def _step(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    return Invariant(name, Claim.STEP, test, about, **more)


def _always(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    return Invariant(name, Claim.ALWAYS, test, about, **more)


def _sometimes(name: str, test: Callable[..., bool], about: tuple[str, ...] = LIFE, **more: Any) -> Invariant:
    return Invariant(name, Claim.SOMETIMES, test, about, **more)


ONE_AT_A_TIME = (update_while_publishing["refused"], publish_while_publishing["refused"],
                 update_while_deleting["refused"])

INVARIANTS = (
    _step("a failed publish or update keeps every version that was invocable invocable, with the same content",
          _failures_keep_versions),
    _step("after a failed update $LATEST serves what it served before", _failed_update_serves_on),
    _step("published content never changes", _content_stays),
    _step("numbers only grow, and none is used again within one life of the function", _numbers_grow,
          is_exact=True),
    _step("a refused call changes nothing", _refusals_move_nothing),
    _step("CreateFailed is left only by deletion", _failed_creation_only_deleted),
    _always("after deletion every read says not found", _gone_reads_gone),
    _always("at most one job is unfinished across function and versions", _one_job, under=ONE_AT_A_TIME),
    _step("no update or publication starts while the function is at work", _no_second_job, under=ONE_AT_A_TIME),
    Invariant("from everywhere a settled state is reached, if the service keeps its debts", Claim.LEADS_TO, _is_settled,
              LIFE),
    *(_sometimes(f"the function is {state}", _Is(state))
      for state in ("Active", "CreateFailed", "UpdateFailed", "PublishFailed", "DeleteFailed", "HalfDeleted")),
    _sometimes("two versions can be invoked", _two_versions, NAMES, versions=2),
    _always("nothing is left of a function that is gone", _nothing_is_left, NAMES),
    _always("what an alias is bound to exists", _bound_versions_exist, NAMES,
            under=(alias_to_unready_version["refused"],)),
    _always("$DEFAULT is there as long as the function", _default_is_there, NAMES),
    _sometimes("an alias is bound to a version", _bound_to_version, NAMES),
    _always("nothing is invocable in arrears or while frozen", _nothing_runs_unpaid, MONEY),
    _step("billing moves no status, and no call moves billing", _billing_moves_nothing_else, MONEY),
    _step("calls leave billing as it is", _calls_move_no_billing, MONEY),
    _step("what was invocable before arrears or a freeze is again afterwards", _comes_back, MONEY),
    _sometimes("a function with versions is in arrears", _unpaid_with_versions, MONEY),
)
