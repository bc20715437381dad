"""The services as literals: nothing here decides, everything else reads it."""

from statemodel.catalogue.alibaba_fc import FC
from statemodel.catalogue.alibaba_fc.async_task import ASYNC_TASK
from statemodel.catalogue.aws_lambda import LAMBDA
from statemodel.catalogue.tencent_scf import SCF
from statemodel.catalogue.tencent_scf.async_event import ASYNC_EVENT
from statemodel.catalogue.tencent_scf.layer import LAYER
from statemodel.catalogue.tencent_scf.request import REQUEST

__all__ = ["ASYNC_EVENT", "ASYNC_TASK", "FC", "LAMBDA", "LAYER", "REQUEST", "SCF"]
