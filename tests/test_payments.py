"""An account of SCF that pays while it is frozen by hand, or before: what is noticed when."""

import pytest

from statemodel.catalogue import SCF
from statemodel.oracle.check import judge

RIGHT, WRONG = "conforms", "violates"
CREATED = ({"op": "CreateFunction", "result": {}}, {"op": "GetFunction", "result": {"Status": "Active"}})
FREEZE, THAW = {"event": "account frozen"}, {"event": "account unfrozen"}
UNPAID, PAID = {"event": "balance exhausted"}, {"event": "balance restored"}
STOPPED = {"op": "Invoke", "error": "ResourceUnavailable.InsufficientBalance"}
SUSPENDED = {"op": "InvokeFunction", "error": "ResourceUnavailable.ServiceSuspended"}
UNAVAILABLE = {"op": "GetFunction", "result": {"AvailableStatus": "InsufficientBalance"}}
RUNS = {"op": "Invoke", "result": {}}
PAYMENTS = {"before the freeze": (UNPAID, PAID, FREEZE, THAW), "during the freeze": (UNPAID, FREEZE, PAID, THAW),
            "in spite of a second one": (UNPAID, PAID, FREEZE, THAW, FREEZE, THAW)}


def outcome(records):
    """The verdict on a function from its creation, with only those events that are recorded."""
    named = [{"resource": "f", **record} for record in records]
    return str(judge(SCF, named, start="absent", environment="recorded").verdicts[0].outcome)


@pytest.mark.parametrize("case", PAYMENTS)
def test_a_freeze_does_not_hasten_what_a_payment_brings(case):
    """After it the account may still be out of service for a while, and once it is back it stays so."""
    records = (*CREATED, *PAYMENTS[case])
    assert outcome((*records, STOPPED, UNAVAILABLE, RUNS)) == RIGHT
    assert outcome((*records, RUNS)) == RIGHT
    assert outcome((*records, RUNS, STOPPED)) == WRONG


@pytest.mark.parametrize("paid", [(UNPAID, PAID, FREEZE), (UNPAID, FREEZE, PAID)], ids=["before", "during"])
def test_a_frozen_account_that_has_paid_runs_nothing(paid):
    """A call may be refused for either reason until the payment is noticed; the balance may be exhausted again."""
    assert outcome((*CREATED, *paid, SUSPENDED, STOPPED, SUSPENDED)) == RIGHT
    assert outcome((*CREATED, *paid, RUNS)) == WRONG
    assert outcome((*CREATED, *paid, UNPAID, THAW, STOPPED)) == RIGHT
    assert outcome((*CREATED, *paid, UNPAID, THAW, RUNS)) == WRONG


def test_a_freeze_without_arrears_leaves_none():
    """Nothing is unpaid after it."""
    assert outcome((*CREATED, FREEZE, THAW, STOPPED)) == WRONG
