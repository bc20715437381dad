"""Tencent SCF: the composed service and its parts."""

from statemodel.catalogue.tencent_scf.alias import ALIAS
from statemodel.catalogue.tencent_scf.billing import BILLING
from statemodel.catalogue.tencent_scf.codes import SKIPPED
from statemodel.catalogue.tencent_scf.function import FUNCTION
from statemodel.catalogue.tencent_scf.invariants import INVARIANTS
from statemodel.catalogue.tencent_scf.version import VERSION
from statemodel.model.service import Service

SCF = Service(
    "scf",
    "One function of Tencent SCF with its versions and aliases, and the balance that gates it.",
    (FUNCTION, BILLING, VERSION, ALIAS),
    INVARIANTS,
    skip_codes=SKIPPED,
)
