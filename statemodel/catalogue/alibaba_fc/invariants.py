"""What holds of every run of FC: stated on the composed service, proved on the parts that each statement needs."""

from typing import Any

from statemodel.catalogue.alibaba_fc.policies import failed_update, invoke_while_updating, runtime_change
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
from statemodel.model.service import Claim, Invariant

NAMES = ("function", "version", "alias")
MONEY = ("function", "account", "version")
SWITCH = ("function", "invocation", "version")
FAILURES = ("preparation failed", "update failed", "reactivation failed", "recovery failed")
WORKING = ("Pending", "Updating", "Reactivating", "Recovering", "RecoveringInPlace")


def _served(look: Any) -> Any:
    return look.served("invokeFunction", "qualifier", "version", "LATEST")


def _invocable(look: Any) -> bool:
    qualifiers = ("LATEST", *(str(key) for key, _ in look.members("version")))
    return any(look.may_accept("invokeFunction", qualifier=one) for one in qualifiers)


def _failures_keep_versions(before: Any, after: Any, move: Any) -> bool:
    if move.name not in FAILURES:
        return True
    return bool({one for one in _served(before) if one[0] != "LATEST"} <= _served(after))


def _failed_update_serves_on(before: Any, after: Any, move: Any) -> bool:
    if move.name != "update failed":
        return True
    return bool(after.shows("invokeFunction", "content") <= {before.data("function").content})


def _content_stays(before: Any, after: Any, _move: Any) -> bool:
    return _is_new_life(before, after) or content_stays(before, after)


def _is_new_life(before: Any, after: Any) -> bool:
    return "Absent" in (before.state("function"), after.state("function"))


def _numbers_grow(before: Any, after: Any, _move: Any) -> bool:
    return _is_new_life(before, after) or numbers_grow(before, after)


def _gone_reads_gone(look: Any) -> bool:
    if look.state("function") != "Absent":
        return True
    reads = ("getFunction", "getFunctionCode", "listFunctionVersions", "invokeFunction")
    return all(not look.may_accept(name) and "FunctionNotFound" in look.codes(name) for name in reads)


def _is_settled(look: Any) -> bool:
    return look.state("function") not in WORKING


def _nothing_runs_unpaid(look: Any) -> bool:
    return look.state("account") == "Normal" or not _invocable(look)


def _account_moves_nothing_else(before: Any, after: Any, move: Any) -> bool:
    if move.is_call:
        return bool(before.slot("account") == after.slot("account"))
    if before.slot("account") == after.slot("account"):
        return True
    same = all(before.slot(part) == after.slot(part) for part in ("function", "version"))
    return same and bool(_served(before.put("account", "Normal")) == _served(after.put("account", "Normal")))


def _nothing_runs_disabled(look: Any) -> bool:
    return look.state("invocation") != "Disabled" or not _invocable(look)


def _switch_moves_nothing_else(before: Any, after: Any, move: Any) -> bool:
    if move.name not in ("disableFunctionInvocation", "enableFunctionInvocation"):
        return True
    same = all(before.slot(part) == after.slot(part) for part in ("function", "version"))
    return same and bool(_served(before.put("invocation", "Enabled")) == _served(after.put("invocation", "Enabled")))


def _only_the_switch_switches(before: Any, after: Any, move: Any) -> bool:
    states = {before.state("invocation"), after.state("invocation")}
    return states != {"Enabled", "Disabled"} or move.name in ("disableFunctionInvocation", "enableFunctionInvocation")


def _runtime_is_for_life(before: Any, after: Any, _move: Any) -> bool:
    states = (before.state("function"), after.state("function"))
    return "Absent" in states or (states[0] == "Ready") is (states[1] == "Ready")


def _unchanged_is_not_published(before: Any, _after: Any, move: Any) -> bool:
    if move.name != "publishFunctionVersion" or not move.is_accepted:
        return True
    return bool(before.data("function").changed != "no")


def _two_versions(look: Any) -> bool:
    return len({member.data.content for _, member in look.members("version")}) > 1


def _dangling_alias(look: Any) -> bool:
    numbers = {key for key, _ in look.members("version")}
    bound = [member.data.version for _, member in look.members("alias")]
    return any(isinstance(one, int) and one not in numbers for one in bound)


def _disabled_with_versions(look: Any) -> bool:
    return look.state("invocation") == "Disabled" and bool(look.members("version"))


def _frozen_with_versions(look: Any) -> bool:
    return look.state("account") == "Frozen" and bool(look.members("version"))


SERVING_ON = (failed_update["keeps serving"], invoke_while_updating["served"])

INVARIANTS = (
    step("a failed update or preparation keeps every version that was invocable invocable, with the same content",
         _failures_keep_versions, under=SERVING_ON),
    step("after a failed update LATEST serves what it served before", _failed_update_serves_on),
    step("published content never changes", _content_stays),
    step("numbers only grow, and none is used again within one life of the function", _numbers_grow,
         is_exact=True),
    step("a refused call changes nothing", refusals_move_nothing),
    step("the kind of runtime is fixed for life", _runtime_is_for_life, under=(runtime_change["refused"],)),
    step("what has not changed is not published again", _unchanged_is_not_published),
    always("after deletion every read says not found", _gone_reads_gone),
    Invariant("from everywhere a settled state is reached, if the service keeps its debts", Claim.LEADS_TO, _is_settled,
              LIFE),
    *(sometimes(f"the function is {state}", Is("function", state))
      for state in ("Active", "UpdateFailed", "Failed", "Inactive", "Reactivating", "Ready")),
    sometimes("there are two versions with different content", _two_versions, versions=2),
    always("nothing is left of a function that is gone", nothing_is_left, NAMES),
    sometimes("an alias dangles", _dangling_alias, NAMES),
    always("nothing is invocable while the account is frozen or stopped", _nothing_runs_unpaid, MONEY),
    step("the account moves nothing else, and what was invocable before is again afterwards",
         _account_moves_nothing_else, MONEY),
    sometimes("a function with versions is frozen", _frozen_with_versions, MONEY),
    always("nothing is invocable while invocation is disabled", _nothing_runs_disabled, SWITCH),
    step("the switch moves nothing else, and what was invocable before is again afterwards",
         _switch_moves_nothing_else, SWITCH),
    step("nothing but the switch disables and enables", _only_the_switch_switches, SWITCH),
    sometimes("a function with versions is disabled", _disabled_with_versions, SWITCH),
)
