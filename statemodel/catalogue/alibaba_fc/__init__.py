"""Alibaba FC 3.0: the composed service and its parts."""

from statemodel.catalogue.alibaba_fc.account import ACCOUNT
from statemodel.catalogue.alibaba_fc.alias import ALIAS
from statemodel.catalogue.alibaba_fc.codes import SKIPPED
from statemodel.catalogue.alibaba_fc.function import FUNCTION
from statemodel.catalogue.alibaba_fc.invariants import INVARIANTS
from statemodel.catalogue.alibaba_fc.invocation import INVOCATION
from statemodel.catalogue.alibaba_fc.version import VERSION
from statemodel.model.service import Service

FC = Service(
    "fc",
    "One function of Alibaba FC 3.0 with its switch, its versions and aliases, and the account that gates its calls.",
    (FUNCTION, ACCOUNT, INVOCATION, VERSION, ALIAS),
    INVARIANTS,
    skip_codes=SKIPPED,
    compares_content=True,
)
