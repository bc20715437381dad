"""The waiters of real clients as literals: what each takes for the end, and on whose word. Must not know what is right.

A status is written as its read shows it; a refused read by the state it stands for, and several fields by name. `*`
stands for anything. Failures are looked at first, then what is pending, then successes; `rest` is what any other
status comes to, None where the sources do not tell.
"""

import attrs

UNNAMED = "its wait loop; a public client whose repository is not known"


@attrs.frozen
class Client:
    """How one client waits.

    Attributes:
        name: the client, with what it waits in.
        place: where its lists stand.
        model: the model whose status it polls.
        until: the states it waits for.
        pending, success, failure: statuses on its lists.
        rest: what any other status comes to: "retry", "success" or "failure"; None where nothing says so.
        note: what the lists leave out.
    """

    name: str
    place: str
    model: str
    until: tuple[str, ...]
    pending: tuple[str, ...] = ()
    success: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    rest: str | None = None
    note: str = ""


_F, _ACTIVE, _BUSY = "scf.function", ("Active",), ("Creating", "Updating", "Publishing", "Deleting")

CLIENTS = (
    Client("tencent-component-toolkit", "serverless-tencent/tencent-component-toolkit @4b0b78b, src/modules/scf", _F,
           _ACTIVE, _BUSY, ("Active", "Absent"), ("UpdateFailed", "PublishFailed", "DeleteFailed"),
           note="its list of failures spells CreateFailed with a tab at the end, which never matches"),
    Client("tencent-component-toolkit, layers", "serverless-tencent/tencent-component-toolkit @4b0b78b, "
           "src/modules/layer", "scf.layer", _ACTIVE, ("Publishing",), ("Active",), ("PublishFailed",)),
    Client("terraform-provider-tencentcloud", "tencentcloudstack/terraform-provider-tencentcloud @f6970a9, "
           "tencentcloud/services/scf; Pulumi and Crossplane wrap it", _F, _ACTIVE, ("Creating", "Updating"),
           ("Active",), rest="failure"),
    Client("terraform-provider-tencentcloud, deletion", "tencentcloudstack/terraform-provider-tencentcloud @f6970a9",
           _F, ("Absent",), ("HalfDeleted",), ("Absent",), rest="retry"),
    Client("scfcli", "tencentyun/scfcli @ef15508", _F, _ACTIVE, (), ("Active",), ("CreateFailed", "UpdateFailed"),
           "retry", "spells them in capitals"),
    Client("serverless-tencent-scf", "serverless-tencent/serverless-tencent-scf @b4bd6de", _F, _ACTIVE,
           ("Updating", "Creating"), ("Active",), rest="failure"),
    Client("cloudbase-manager-node", "TencentCloudBase/cloudbase-manager-node @50b191f", _F, _ACTIVE,
           ("Creating", "Updating"), ("Active",), ("CreateFailed",), "success"),
    Client("CloudBase-AI-Toolkit", "TencentCloudBase/CloudBase-AI-Toolkit @cc44e09", _F, _ACTIVE, _BUSY, ("Active",),
           rest="success"),
    Client("malagu", "cellbang/malagu @8d6eaf8", _F, _ACTIVE, (), ("Active",), ("Absent", "HalfDeleted"), "retry",
           "a refused read counts as absent"),
    Client("ezfaas", "guyskk/ezfaas", _F, _ACTIVE, (), ("Active",), ("*Failed",), "retry"),
    Client("client 62097587939", UNNAMED, _F, _ACTIVE, (), ("Active",), ("*Failed*",), "retry"),
    Client("client 67316362865", UNNAMED, _F, _ACTIVE, (), ("Active",),
           ("CreateFailed", "UpdateFailed", "PublishFailed", "DeleteFailed", "Deleted"),
           note="also wants AvailableStatus to be Available; Deleted is no status of a function"),
    Client("client 61373817869", UNNAMED, _F, _ACTIVE, (), ("Active",), ("CreateFailed", "UpdateFailed"), "retry",
           "also wants AvailableStatus to be Available"),
    Client("client 68834015653", UNNAMED, _F, _ACTIVE, (), ("Active",), ("CreateFailed", "UpdateFailed"), "retry"),
    Client("OneManager-php", "OneManager-php, its loop after a deployment", _F, _ACTIVE, (), ("Active",), (), "retry"),
    Client("client 62458626297, asynchronous runs", UNNAMED, "scf.async_event", ("FINISHED",),
           ("RUNNING", "Absent"), ("FINISHED",), ("FAILED", "ABORTED")),
    Client("Serverless Devs fc3", "devsapp/fc3 @4ca1c1b8, untilFunctionStateOK", "fc.function", _ACTIVE,
           ("state=Pending*", "*lastUpdateStatus=InProgress"), (), ("state=Failed*",), "success",
           "containers only; Failed must be read three times; its test uses the value Success, which is never sent"),
    Client("client 67141969356", UNNAMED, "fc.function", ("Active", "Ready"), (),
           ("state=Active, lastUpdateStatus=Successful", "state=Active, lastUpdateStatus=null",
            "state=null, lastUpdateStatus=null"), ("state=Failed*", "*lastUpdateStatus=Failed"), "retry"),
    Client("serverlessinsight", "geek-fun/serverlessinsight, issue 219 and pull request 224", "fc.function", _ACTIVE,
           (), ("state=Active*",), ("state=Failed*",), "retry",
           "before the fix it waited so for functions of every runtime"),
)
