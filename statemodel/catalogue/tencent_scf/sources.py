"""Where the facts of the SCF models come from."""

from statemodel.model.evidence import Source

STATE = Source("STATE", "Function and Layer Status Description, cloud.tencent.com/document/api/583/115197 and "
               "583/47175, tencentcloud.com/document/product/583/37883")
SDKPY = Source("SDKPY", "PyPI tencentcloud-sdk-python-scf 3.1.100, v20180416: models.py, errorcodes.py, scf_client.py")
SDKGO = Source("SDKGO", "TencentCloud/tencentcloud-sdk-go @144f6c8 tencentcloud/scf/v20180416/client.go, error lists "
               "by action")
TCCLI = Source("TCCLI", "TencentCloud/tencentcloud-cli @6e53beb tccli/services/scf/v20180416/examples.json")
QDOC_ARREARS = Source("QDOC/arrears", "tencentyun/qcloud-documents, SCF, 欠费说明.md and 欠费与停服说明.md")
QDOC_SUSPEND = Source("QDOC/suspend", "tencentyun/qcloud-documents, SCF, 停服说明.md")
QDOC_CODES = Source("QDOC/codes", "tencentyun/qcloud-documents, SCF, 云函数状态码.md")
QDOC_FAQ = Source("QDOC/faq", "tencentyun/qcloud-documents, SCF, 通用类.md")
QDOC_VERSION = Source("QDOC/version", "tencentyun/qcloud-documents, SCF, 版本管理 and 使用版本.md")
QDOC_ALIAS = Source("QDOC/alias", "tencentyun/qcloud-documents, SCF, 别名管理")
QDOC_LAYER = Source("QDOC/layer", "tencentyun/qcloud-documents, SCF, 层管理（Beta）.md")
QDOC_RETRY = Source("QDOC/retry", "tencentyun/qcloud-documents, SCF, 错误类型和重试策略")
STATUS_API = Source("REQUEST", "GetRequestStatus, API document of SCF, 2018-04-16")
TCBDOC = Source("TCBDOC", "docs.cloudbase.net, function versions")
TKT = Source("TKT", "serverless-tencent/tencent-component-toolkit @4b0b78b src/modules/scf, src/modules/layer")
TF = Source("TF", "tencentcloudstack/terraform-provider-tencentcloud @f6970a9 tencentcloud/services/scf")
TF_HALF = Source("TF/half-deleted", "tencentcloudstack/terraform-provider-tencentcloud commit 6f82a67bc", "2022-12-26")
TCBM = Source("TCBM", "TencentCloudBase/cloudbase-manager-node @50b191f")
TCBAI = Source("TCBAI", "TencentCloudBase/CloudBase-AI-Toolkit @cc44e09")
MAL = Source("MAL", "cellbang/malagu @8d6eaf8")
SCFCLI = Source("SCFCLI", "tencentyun/scfcli @ef15508")
CLIENT_65800499658 = Source("client 65800499658", "a deployer that deletes again from CreateFailed and DeleteFailed")
CLIENT_62097587939 = Source("client 62097587939",
                            "a deployer that recreates from CreateFailed and gives up on UpdateFailed")
CLIENT_62458626297 = Source("client 62458626297", "a client of asynchronous events")


def case(name: str, place: str, date: str | None = None) -> Source:
    """A recorded real case."""
    return Source(name, place, date)


T01 = case("T01", "recorded refusal of 2019, UnauthorizedOperation.FunctionStatus", "2019")
T02 = case("T02", "issue log, qkqpttgf/OneDrive_SCF#51", "2020-07-27")
T03 = case("T03", "issue log, qkqpttgf/OneManager-php#81", "2020-06-26")
T04 = case("T04", "log, client 57579923861", "2025-26")
T05 = case("T05", "log of a creation that failed, was deleted and read")
T06 = case("T06a", "dated log, client 70095801356", "2026-09-27")
T06C = case("T06c", "dated log of publishing, client 70095801356", "2026-09-27")
T07 = case("T07", "log of creations that became updatable after 45 to 50 s")
T10 = case("T10", "log of updates, client of 2026")
T11 = case("T11", "log of an account in arrears, code updated, calls refused", "2026-07-24")
T12 = case("T12", "response of GetFunction, client 69235641962", "2026-08-20")
T14 = case("T14a", "console message, qkqpttgf/OneManager-php#389", "2021-07-13")
T15 = case("T15", "a stuck function in Updating was deleted through the tcb client")
T16 = case("T16", "message quoted in client 62097587939")
T18 = case("T18", "notes of refused updates, clients 69379753835 and 66051264261", "2026-09")
T20 = case("T20", "examples of ListAsyncEvents and GetAsyncEventStatus")
T21 = case("T21", "log of calls over the concurrency limit")
T22 = case("T22", "report of client 69473191626: a failed creation that could be neither updated nor found for "
           "deletion")
T24 = case("T24", "a deleted layer version read as not found straight away")
T25 = case("T25", "TencentCloudBase/cloudbase-manager-node test/functions/index.test.ts @50b191f", "2020-2023")
T26 = case("T26", "log of a layer attached by a configuration update")
T27 = case("T27", "live test that reads one row right after a call")
TCBC = Source("TCBC", "TencentCloudBase/cloudbase-cli @6e421f7, layer/bind.ts")
