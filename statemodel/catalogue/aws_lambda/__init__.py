"""AWS Lambda: the composed service and its parts."""

from statemodel.catalogue.aws_lambda.alias import ALIAS
from statemodel.catalogue.aws_lambda.codes import SKIPPED
from statemodel.catalogue.aws_lambda.function import FUNCTION
from statemodel.catalogue.aws_lambda.invariants import INVARIANTS
from statemodel.catalogue.aws_lambda.update import UPDATE
from statemodel.catalogue.aws_lambda.version import VERSION
from statemodel.model.service import Service

LAMBDA = Service(
    "lambda",
    "One function of AWS Lambda with its State, its LastUpdateStatus, its versions and its aliases.",
    (FUNCTION, UPDATE, VERSION, ALIAS),
    INVARIANTS,
    skip_codes=SKIPPED,
    compares_content=True,
)
