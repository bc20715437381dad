"""Codes that say nothing about the state of a resource, operation by operation: other parameters, quotas, bindings.

ProvisionConfigExist, ResidentScalingConfigExists and FunctionNotEmpty speak of triggers and of provisioned instances,
which are not modelled; PreconditionFailed of a change speaks of its If-Match header.
"""

SKIPPED = ("ResourceExhausted", "ResourceThrottled", "InternalServerError", "AccessDenied", "SignatureNotMatch",
           "InvalidAccessKeyID")

_ANY = ("InvalidArgument", "MissingRequiredHeader", "PathNotSupported", "EntityTooLarge")
_PROVISIONED = ("ProvisionConfigExist", "ResidentScalingConfigExists")
_NOT_STARTED = ("CAExited", "CAFileNotFound", "CAFilePermission", "FunctionNotStarted")

REQUEST: dict[str, tuple[str, ...]] = {
    "createFunction": (*_ANY, "LimitExceededError"),
    "updateFunction": (*_ANY, *_PROVISIONED, "PreconditionFailed"),
    "deleteFunction": (*_ANY, *_PROVISIONED, "FunctionNotEmpty", "PreconditionFailed"),
    "getFunction": _ANY,
    "getFunctionCode": _ANY,
    "listFunctions": _ANY,
    "publishFunctionVersion": (*_ANY, "LimitExceededError"),
    "deleteFunctionVersion": _ANY,
    "listFunctionVersions": _ANY,
    "invokeFunction": (*_ANY, *_NOT_STARTED, "ClientClosedRequest", "BadResponse"),
    "disableFunctionInvocation": _ANY,
    "enableFunctionInvocation": _ANY,
    "createAlias": (*_ANY, "LimitExceededError"),
    "updateAlias": _ANY,
    "deleteAlias": _ANY,
    "getAlias": _ANY,
    "listAliases": _ANY,
    "getAsyncTask": (*_ANY, "FunctionNotFound", "VersionNotFound", "AliasNotFound"),
    "listAsyncTasks": (*_ANY, "FunctionNotFound", "VersionNotFound", "AliasNotFound"),
    "stopAsyncTask": (*_ANY, "FunctionNotFound", "VersionNotFound", "AliasNotFound"),
}
