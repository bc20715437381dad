"""Where the facts of the FC 3.0 models come from."""

from statemodel.model.evidence import Source

STATE = Source(
    "STATE",
    "States of custom container functions, help.aliyun.com/zh/functioncompute/fc-3-0/user-guide/"
    "states-of-custom-container-functions and alibabacloud.com/help/en/functioncompute/fc/user-guide/"
    "states-of-custom-container-functions",
)
SDK = Source("SDK", "PyPI alibabacloud-fc20230330 4.8.3, comments of models; 4.3.0, client.py")
DIS = Source("DIS", "DisableFunctionInvocation, alibabacloud.com developer reference, api-fc-2023-03-30")
ENA = Source("ENA", "EnableFunctionInvocation, alibabacloud.com developer reference, api-fc-2023-03-30")
PUBLISH = Source("PUBLISH", "PublishFunctionVersion, help.aliyun.com developer reference, api-fc-2023-03-30")
ERR3 = Source("ERR3", "Error codes of FC 3.0, help.aliyun.com/zh/functioncompute/api-fc-2023-03-30-errorcodes")
ERR2 = Source("ERR2", "Error codes of FC 2.0, alibabacloud.com api-fc-open-2021-04-06-errorcodes")
ERRT = Source("ERRT", "Error codes, alibabacloud.com/help/en/functioncompute/error-codes")


def _manual(name: str, place: str) -> Source:
    return Source(f"FCDOC:{name}", f"aliyun-fc/fc-docs @37ecbc67 docs/zh-CN/{place}")


FCDOC_002 = _manual("002", "02.云函数/04.功能说明/002, triggers and asynchronous calls")
FCDOC_023 = _manual("023", "02.云函数/04.功能说明/023, aliases")
FCDOC_024 = _manual("024", "02.云函数/04.功能说明/024, versions")
FCDOC_045 = _manual("045", "02.云函数/04.功能说明/045, what a version freezes")
FCDOC_064 = _manual("064", "02.云函数/04.功能说明/064, retries of asynchronous calls")
FCDOC_135 = _manual("135", "02.云函数/04.功能说明/135, asynchronous tasks")
FCDOC_QUOTA = _manual("quota", "01.开始使用/09.配额与使用限制.md")
FCDOC_ARREARS = _manual("arrears", "03.产品计费/08.欠费说明.md")
FCDOC_STOP = _manual("stop", "08.常见问题/095, stopping a function")
FCDOC_CLEAN = _manual("clean", "08.常见问题/053, removing a function")

SHOT1 = Source("SHOT1", "aliyun-fc/fc-docs, screenshot of `s info` while a container function is created", "2023-10-27")
SHOT2 = Source("SHOT2", "aliyun-fc/fc-docs, screenshot of `s info` while it is updated", "2023-10-27")
SHOT3 = Source("SHOT3", "aliyun-fc/fc-docs, screenshot of `s info` after the update", "2023-10-27")
DEPLOY = Source("FCDOC:022", "aliyun-fc/fc-docs, console output of `s deploy` of a container function", "2024-01-29")
DMLA = Source("DMLA", "client 56450382428, notes of an operator on a container function")
SI = Source("SI", "geek-fun/serverlessinsight issue 219 and pull request 224", "2026-08-26")
PR3690 = Source("TF/3690", "aliyun/terraform-provider-alicloud issue 3690, a version published twice", "2021-07-20")

FC3 = Source("FC3", "devsapp/fc3 @4ca1c1b8")
FC3_E2E = Source("FC3/e2e", "devsapp/fc3 @4ca1c1b8 __tests__/e2e/command-api/run")
TF = Source("TF", "aliyun/terraform-provider-alicloud @81c43b67 alicloud/resource_alicloud_fcv3_*.go")
PYSDK2 = Source("PYSDK2", "aliyun/fc-python-sdk @a4e2957b test/version_test.py, test/function_test.py, FC 2.0")
GV = Source("GV", "client 67141969356, a deployer of FC 3.0")
MB = Source("MB", "client 11476705309, a deployer of FC 3.0")
