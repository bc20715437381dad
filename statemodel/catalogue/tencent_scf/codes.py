"""Codes that say nothing about the state of a resource, action by action: other parameters, quotas, other products.

From the error lists of TencentCloud/tencentcloud-sdk-go @144f6c8; a star ends the beginning of codes of which the list
has several. Codes of throttling, permission and internal errors are left to SKIPPED.
"""

SKIPPED = ("RequestLimitExceeded*", "AuthFailure*", "UnauthorizedOperation*", "InternalError*",
           "OperationDenied.RateLimit")

REQUEST: dict[str, tuple[str, ...]] = {
    "CreateFunction": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.ApmConfigInstanceId",
        "FailedOperation.BindPlugin", "FailedOperation.CallNetDeployFailed", "FailedOperation.CallRoleFailed",
        "FailedOperation.ClsServiceUnregistered", "FailedOperation.ClusterNotFound", "FailedOperation.CreateFunction",
        "FailedOperation.InstanceIsolationEnabled", "FailedOperation.InstanceNotFound",
        "FailedOperation.InsufficientResources", "FailedOperation.Namespace", "FailedOperation.OpenService",
        "FailedOperation.QcsRoleNotFound", "FailedOperation.SessionName",
        "FailedOperation.TotalConcurrencyMemoryInProgress", "FailedOperation.UnOpenedService", "InvalidParameter*",
        "LimitExceeded*", "MissingParameter*", "ResourceNotFound", "ResourceNotFound.CfsMountInsNotMatch",
        "ResourceNotFound.CfsProtocolError", "ResourceNotFound.CfsStatusError", "ResourceNotFound.CfsVpcNotMatch",
        "ResourceNotFound.Cmq", "ResourceNotFound.CosObject", "ResourceNotFound.Demo",
        "ResourceNotFound.GetCfsMountInsError", "ResourceNotFound.GetCfsNotMatch",
        "ResourceNotFound.GooseFsClusterEndpoint", "ResourceNotFound.GooseFsClusterId",
        "ResourceNotFound.GooseFsClusterNamespace", "ResourceNotFound.ImageConfig", "ResourceNotFound.Layer",
        "ResourceNotFound.Role", "ResourceNotFound.Vpc", "ResourceUnavailable.Namespace", "UnsupportedOperation",
        "UnsupportedOperation.AsyncRunEnable", "UnsupportedOperation.DiskSize", "UnsupportedOperation.EipFixed",
        "UnsupportedOperation.VpcConfig",
    ),
    "UpdateFunctionCode": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.CallRoleFailed", "InvalidParameter*",
        "LimitExceeded*", "ResourceNotFound.ImageConfig", "UnsupportedOperation",
        "UnsupportedOperation.UpdateFunctionCode",
    ),
    "UpdateFunctionConfiguration": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.ApmConfigInstanceId",
        "FailedOperation.BindPlugin", "FailedOperation.CallNetDeployFailed", "FailedOperation.ClsServiceUnregistered",
        "FailedOperation.DebugModeUpdateTimeOutFail", "FailedOperation.InstanceNotFound",
        "FailedOperation.InsufficientResources", "FailedOperation.MixNodeConfig", "FailedOperation.OpenService",
        "FailedOperation.QcsRoleNotFound", "FailedOperation.ReservedInProgress", "FailedOperation.SessionName",
        "InvalidParameter*", "LimitExceeded*", "ResourceNotFound.CfsMountInsNotMatch",
        "ResourceNotFound.CfsProtocolError", "ResourceNotFound.CfsStatusError", "ResourceNotFound.CfsVpcNotMatch",
        "ResourceNotFound.Cmq", "ResourceNotFound.CosObject", "ResourceNotFound.GetCfsMountInsError",
        "ResourceNotFound.GetCfsNotMatch", "ResourceNotFound.GooseFsClusterEndpoint",
        "ResourceNotFound.GooseFsClusterId", "ResourceNotFound.GooseFsClusterNamespace", "ResourceNotFound.Layer",
        "ResourceNotFound.Role", "ResourceNotFound.Vpc", "UnsupportedOperation", "UnsupportedOperation.DiskSize",
        "UnsupportedOperation.EipFixed", "UnsupportedOperation.VpcConfig",
    ),
    "PublishVersion": ("ResourceNotFound.Namespace", "InvalidParameter*", "LimitExceeded*", "UnsupportedOperation"),
    "DeleteFunction": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.ProvisionedInProgress", "InvalidParameter*",
        "ResourceNotFound", "ResourceNotFound.AttachedTagKeyNotFound", "UnsupportedOperation",
    ),
    "DeleteFunctionVersion": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.ProvisionedInProgress", "InvalidParameter*",
        "ResourceNotFound", "ResourceNotFound.AttachedTagKeyNotFound", "UnsupportedOperation",
    ),
    "CopyFunction": (
        "ResourceNotFound.Namespace", "FailedOperation.CopyAsyncRun", "InvalidParameter*", "LimitExceeded*",
        "UnsupportedOperation.Region",
    ),
    "Invoke": ("InvalidParameter*",),
    "InvokeFunction": ("InvalidParameter*", "LimitExceeded*"),
    "GetFunction": (
        "ResourceNotFound.Namespace", "FailedOperation.Apigw", "FailedOperation.CallNetDeployFailed",
        "InvalidParameter*",
    ),
    "ListFunctions": ("ResourceNotFound.Namespace", "InvalidParameter*"),
    "ListVersionByFunction": ("ResourceNotFound.Namespace", "InvalidParameter*"),
    "CreateAlias": ("FailedOperation", "FailedOperation.CreateAlias", "InvalidParameter*", "LimitExceeded*"),
    "UpdateAlias": (
        "ResourceNotFound.Namespace", "FailedOperation", "FailedOperation.UpdateAlias", "InvalidParameter*",
    ),
    "DeleteAlias": ("FailedOperation.DeleteAlias", "InvalidParameter*"),
    "GetAlias": ("ResourceNotFound.Namespace", "FailedOperation.GetAlias", "InvalidParameter*"),
    "ListAliases": ("InvalidParameter*",),
    "PublishLayerVersion": (
        "FailedOperation.PublishLayerVersion", "InvalidParameter*", "LimitExceeded*", "UnsupportedOperation",
        "UnsupportedOperation.Cos",
    ),
    "DeleteLayerVersion": ("FailedOperation.DeleteLayerVersion",),
    "GetLayerVersion": (),
    "ListLayerVersions": ("InvalidParameter*", "ResourceNotFound.Layer"),
}
