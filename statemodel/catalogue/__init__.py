"""The services as literals: nothing here decides, everything else reads it."""

from statemodel.catalogue.tencent_scf import SCF

__all__ = ["SCF"]
