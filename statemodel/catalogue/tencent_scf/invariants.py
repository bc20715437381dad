"""What holds of every run of SCF: stated on the composed service, proved on the parts that each statement needs."""

from typing import Any

from statemodel.catalogue.claims import (
    LIFE,
    Is,
    always,
    content_stays,
    nothing_is_left,
    numbers_grow,
    refusals_move_nothing,
    sometimes,
    step,
)
from statemodel.catalogue.tencent_scf.alias import alias_to_unready_version
from statemodel.catalogue.tencent_scf.policies import (
    publish_while_publishing,
    update_while_deleting,
    update_while_publishing,
)
from statemodel.model.service import Claim, Invariant

NAMES = ("function", "version", "alias")
MONEY = ("function", "billing", "version")
ENDS = ("DeleteFunction", "CopyFunction", "failed creation vanished")
OUT_OF_SERVICE = ("InsufficientBalance", "Restoring", "Frozen", "FrozenInArrears", "FrozenRestoring")
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
    return content_stays(before, after)


def _is_new_life(before: Any, after: Any) -> bool:
    return "Absent" in (before.state("function"), after.state("function")) or not after.members("version")


def _numbers_grow(before: Any, after: Any, move: Any) -> bool:
    """A number is used once its version is more than awaited: one that came to nothing may be given out again."""
    return _is_new_life(before, after) or numbers_grow(before, after) or _is_spared(before, after, move)


def _is_spared(before: Any, after: Any, move: Any) -> bool:
    keys, last = [key for key, _ in before.members("version")], before.last("version")
    if move.is_call or not keys or keys[-1] != last or before.state("version", last) != "Awaited":
        return False
    return after.last("version") == last - 1 and [key for key, _ in after.members("version")] == keys[:-1]


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


def _two_versions(look: Any) -> bool:
    active = [member.data.content for _, member in look.members("version") if member.state == "Active"]
    return len(set(active)) > 1 or len(active) > 1


def _bound_to_version(look: Any) -> bool:
    return any(isinstance(member.data.version, int) for _, member in look.members("alias"))


def _unpaid_with_versions(look: Any) -> bool:
    return look.state("billing") == "InsufficientBalance" and bool(look.members("version"))


ONE_AT_A_TIME = (update_while_publishing["refused"], publish_while_publishing["refused"],
                 update_while_deleting["refused"])

INVARIANTS = (
    step("a failed publish or update keeps every version that was invocable invocable, with the same content",
         _failures_keep_versions),
    step("after a failed update $LATEST serves what it served before", _failed_update_serves_on),
    step("published content never changes", _content_stays),
    step("numbers only grow, and none is used again within one life of the function", _numbers_grow,
         is_exact=True),
    step("a refused call changes nothing", refusals_move_nothing),
    step("CreateFailed is left only by deletion", _failed_creation_only_deleted),
    always("after deletion every read says not found", _gone_reads_gone),
    always("at most one job is unfinished across function and versions", _one_job, under=ONE_AT_A_TIME),
    step("no update or publication starts while the function is at work", _no_second_job, under=ONE_AT_A_TIME),
    Invariant("from everywhere a settled state is reached, if the service keeps its debts", Claim.LEADS_TO, _is_settled,
              LIFE),
    *(sometimes(f"the function is {state}", Is("function", state))
      for state in ("Active", "CreateFailed", "UpdateFailed", "PublishFailed", "DeleteFailed", "HalfDeleted")),
    sometimes("two versions can be invoked", _two_versions, NAMES, versions=2),
    always("nothing is left of a function that is gone", nothing_is_left, NAMES),
    always("what an alias is bound to exists", _bound_versions_exist, NAMES,
           under=(alias_to_unready_version["refused"],)),
    always("$DEFAULT is there as long as the function", _default_is_there, NAMES),
    sometimes("an alias is bound to a version", _bound_to_version, NAMES),
    always("nothing is invocable in arrears or while frozen", _nothing_runs_unpaid, MONEY),
    step("billing moves no status, and no call moves billing", _billing_moves_nothing_else, MONEY),
    step("calls leave billing as it is", _calls_move_no_billing, MONEY),
    step("what was invocable before arrears or a freeze is again afterwards", _comes_back, MONEY),
    sometimes("a function with versions is in arrears", _unpaid_with_versions, MONEY),
)
