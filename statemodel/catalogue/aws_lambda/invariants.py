"""What holds of every run of Lambda: stated on the composed service, proved on the parts that each statement needs."""

from typing import Any

from statemodel.catalogue.claims import (
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

STATUSES = ("function", "update")
LIFE = ("function", "update", "version")
NAMES = ("version", "alias")
FAILURES = ("creation failed", "update failed", "reactivation failed")
UPDATES = ("UpdateFunctionCode", "UpdateFunctionConfiguration")
READS = ("GetFunction", "GetFunctionConfiguration", "ListVersionsByFunction", "Invoke")


def _failures_keep_versions(before: Any, after: Any, move: Any) -> bool:
    if move.name not in FAILURES:
        return True
    return bool(before.slot("version") == after.slot("version"))


def _failed_update_serves_on(before: Any, after: Any, move: Any) -> bool:
    if move.name != "update failed":
        return True
    return bool(after.shows("Invoke", "content") <= {before.data("function").content})


def _content_stays(before: Any, after: Any, _move: Any) -> bool:
    return content_stays(before, after)


def _numbers_grow(before: Any, after: Any, _move: Any) -> bool:
    return numbers_grow(before, after)


def _one_at_a_time(before: Any, _after: Any, move: Any) -> bool:
    begins = move.name in (*UPDATES, "PublishVersion") and move.is_accepted
    return not begins or bool(before.state("update") != "InProgress")


def _unchanged_is_shown_again(before: Any, after: Any, move: Any) -> bool:
    if move.name != "PublishVersion" or not move.is_accepted or before.data("function").changed != "no":
        return True
    return bool(after.last("version") == before.last("version"))


def _gone_reads_gone(look: Any) -> bool:
    if look.state("function") != "Absent":
        return True
    return all(not look.may_accept(name) and "ResourceNotFoundException" in look.codes(name) for name in READS)


def _come_and_go_together(look: Any) -> bool:
    return (look.state("function") == "Absent") is (look.state("update") == "Absent")


def _is_created_first(look: Any) -> bool:
    return bool(look.state("function") != "Pending" or look.state("update") == "Unset")


def _is_settled(look: Any) -> bool:
    working = look.state("function") in ("Pending", "Reactivating") or look.state("update") == "InProgress"
    return not working and all(member.state != "Pending" for _, member in look.members("version"))


def _aliases_lead_somewhere(look: Any) -> bool:
    numbers = {key for key, _ in look.members("version")}
    bound = [one for _, member in look.members("alias") for one in (member.data.version, member.data.additional)]
    return all(one in numbers for one in bound if isinstance(one, int))


def _two_versions(look: Any) -> bool:
    return len({member.data.content for _, member in look.members("version")}) > 1


def _numbers_outlive(look: Any) -> bool:
    return bool(look.state("function") == "Absent" and look.last("version") > 0)


def _version_at_rest(look: Any) -> bool:
    return any(member.state == "Inactive" for _, member in look.members("version"))


def _names_a_version(look: Any) -> bool:
    return any(isinstance(member.data.version, int) for _, member in look.members("alias"))


INVARIANTS = (
    step("a failed update or creation leaves every version as it is", _failures_keep_versions, LIFE),
    step("after a failed update $LATEST serves what it served before", _failed_update_serves_on, STATUSES),
    step("published content never changes", _content_stays, LIFE),
    step("numbers only grow, and none is used again, even by another function of the name", _numbers_grow, LIFE,
         is_exact=True),
    step("a refused call changes nothing", refusals_move_nothing, LIFE),
    step("nothing is updated or published while an update is in progress", _one_at_a_time, STATUSES),
    step("what has not changed is not published again", _unchanged_is_shown_again, LIFE),
    always("after deletion every read says not found", _gone_reads_gone, LIFE),
    always("State and LastUpdateStatus come and go together", _come_and_go_together, STATUSES),
    always("no update is in progress before the function is created", _is_created_first, STATUSES),
    Invariant("from everywhere a settled state is reached, if the service keeps its debts", Claim.LEADS_TO, _is_settled,
              LIFE),
    *(sometimes(f"the function is {state}", Is("function", state), STATUSES)
      for state in ("Active", "Inactive", "Reactivating", "Failed")),
    *(sometimes(f"the last update is {state}", Is("update", state), STATUSES) for state in ("Successful", "Failed")),
    sometimes("there are two versions with different content", _two_versions, LIFE, versions=2),
    sometimes("a version is at rest", _version_at_rest, LIFE),
    sometimes("the numbers given out outlive the function", _numbers_outlive, LIFE, is_exact=True),
    always("no version is left of a function that is gone", nothing_is_left, LIFE),
    always("no alias is left of a function that is gone", nothing_is_left, ("function", "alias")),
    always("what an alias is bound to exists", _aliases_lead_somewhere, NAMES),
    sometimes("an alias is bound to a version", _names_a_version, NAMES),
)
