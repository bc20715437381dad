"""Where the facts of the Lambda models come from."""

from statemodel.model.evidence import Source

STATES = Source("STATES", "Lambda function states, docs.aws.amazon.com/lambda/latest/dg/functions-states.html")
IMAGES = Source("IMAGES", "Functions defined as container images, docs.aws.amazon.com/lambda/latest/dg/"
                          "invocation-images.html")
VERSIONS = Source("VERSIONS", "Lambda function versions, docs.aws.amazon.com/lambda/latest/dg/"
                              "configuration-versions.html")
SNAP = Source("SNAP", "SnapStart and function states, docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html and "
                      "snapstart-troubleshooting.html")
BOTO = Source("BOTO", "PyPI botocore 1.44.5, data/lambda/2015-03-31/service-2.json")
WAIT = Source("WAIT", "PyPI botocore 1.44.5, data/lambda/2015-03-31/waiters-2.json")

_SNAPSHOTS = "localstack/localstack @8b9a79f0 tests/aws/services/lambda_/"


def _recorded(name: str, test: str, date: str) -> Source:
    place = "test_lambda.snapshot.json" if name in ("MOVING", "CHANGES", "QUALIFIED", "BLOCK") else ""
    return Source(f"LS:{name}", f"{_SNAPSHOTS}{place or 'test_lambda_api.snapshot.json'}, {test}, answers of AWS", date)


LIFE = _recorded("LIFE", "TestLambdaFunction::test_function_lifecycle", "2025-11-25")
TWICE = _recorded("TWICE", "TestLambdaFunction::test_lambda_concurrent_code_updates and _config_updates", "2025-11-25")
REDUNDANT = _recorded("REDUNDANT", "TestLambdaFunction::test_redundant_updates", "2025-11-25")
NO_VERSION = _recorded("NO_VERSION", "TestLambdaFunction::test_delete_on_nonexisting_version", "2025-11-25")
NOWHERE = _recorded("NOWHERE", "TestLambdaFunction::test_ops_on_nonexisting_fn and _version", "2025-11-25")
BORN = _recorded("BORN", "TestLambdaVersions::test_publish_version_on_create", "2025-11-25")
VLIFE = _recorded("VLIFE", "TestLambdaVersions::test_version_lifecycle", "2025-11-25")
WITH_UPDATE = _recorded("WITH_UPDATE", "TestLambdaVersions::test_publish_with_update", "2025-11-25")
CHANGES = _recorded("CHANGES", "TestLambdaVersions::test_lambda_versions_with_code_changes", "2025-11-24")
QUALIFIED = _recorded("QUALIFIED", "TestLambdaFeatures::test_invocation_with_qualifier", "2025-11-24")
BLOCK = _recorded("BLOCK", "TestLambdaConcurrency::test_lambda_concurrency_block", "2025-11-24")
MOVING = _recorded("MOVING", "TestLambdaAliases::test_lambda_alias_moving", "2025-11-25")
ALIFE = _recorded("ALIFE", "TestLambdaAlias::test_alias_lifecycle", "2025-11-25")
ROUTING = _recorded("ROUTING", "TestLambdaAlias::test_notfound_and_invalid_routingconfigs", "2025-11-25")
NAMING = _recorded("NAMING", "TestLambdaAlias::test_alias_naming", "2025-11-25")
NO_ALIAS = _recorded("NO_ALIAS", "TestLambdaAlias::test_non_existent_alias_deletion and _update", "2025-11-25")
SHA = _recorded("SHA", "TestLambdaVersions::test_publish_with_wrong_sha256", "2025-11-25")
REVISION = _recorded("REVISION", "TestLambdaRevisions::test_function_revisions_version_and_alias", "2025-11-25")
ARNS = _recorded("ARNS", "TestLambdaFunction::test_function_arns and test_create_lambda_exceptions", "2025-11-25")
LISTS = _recorded("LISTS", "TestLambdaFunction::test_list_functions", "2025-11-25")
RESERVED = _recorded("RESERVED", "TestLambdaReservedConcurrency::test_function_concurrency", "2025-11-25")
PROVISIONED = _recorded("PROVISIONED", "TestLambdaProvisionedConcurrency::test_provisioned_concurrency_exceptions",
                        "2025-11-25")

C7N = Source("C7N", "cloud-custodian/cloud-custodian @df800e9e tests/data/placebo/test_lambda_layer_concurrent_publish "
                    "and test_eb_scheduler, answers of AWS: first versions 42 and 32 of functions that were absent")
FAAST = Source("FAAST", "faastjs/faast.js issue 758, an error of AWS quoted", "2021-09-22")
NEXT = Source("NEXT", "serverless-nextjs/serverless-next.js issue 1976, an error of AWS quoted", "2021-10-28")
CLI = Source("CLI", "aws/aws-cli issues 6585 and 6718, errors of AWS quoted", "2022-02-13")
FLOCI = Source("FLOCI", "floci-io/floci pull request 2941, measured at AWS", "2026-09-02")
CLEANUP = Source("CLEANUP", "karl-cardenas-coding/go-lambda-cleanup issue 45, a log of AWS", "2022-12-12")
ACK = Source("ACK", "aws-controllers-k8s/community issue 2446, updates of inactive functions", "2025-04-29")
PROVIDER = Source("LS:PROVIDER", "localstack/localstack @8b9a79f0 services/lambda_/provider.py")
