"""Codes that say nothing about the state of a resource, operation by operation: other parameters, quotas, permissions.

PreconditionFailedException speaks of a RevisionId, and InvalidParameterValueException of a CodeSha256, that do not fit.
TooManyRequestsException also answers calls beyond the reserved concurrency, which is not modelled.
"""

SKIPPED = ("TooManyRequestsException", "ThrottlingException", "EC2ThrottledException", "ServiceException",
           "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException",
           "IncompleteSignature*", "MissingAuthenticationToken*")

_ANY = ("InvalidParameterValueException", "ValidationException")
_SIGNED = ("InvalidCodeSignatureException", "CodeVerificationFailedException", "CodeSigningConfigNotFoundException")
_FULL = ("CodeStorageExceededException", "FunctionVersionsPerCapacityProviderLimitExceededException")
_REVISION = ("PreconditionFailedException",)
_RUN = ("EC2AccessDeniedException", "EC2UnexpectedException", "EFSIOException", "EFSMountConnectivityException",
        "EFSMountFailureException", "EFSMountTimeoutException", "ENILimitReachedException",
        "InvalidRequestContentException", "InvalidRuntimeException", "InvalidSecurityGroupIDException",
        "InvalidSubnetIDException", "InvalidZipFileException", "KMSAccessDeniedException", "KMSDisabledException",
        "KMSInvalidStateException", "KMSNotFoundException", "RecursiveInvocationException", "RequestTooLargeException",
        "SubnetIPAddressLimitReachedException", "UnsupportedMediaTypeException")

REQUEST: dict[str, tuple[str, ...]] = {
    "CreateFunction": (*_ANY, *_SIGNED, *_FULL, "ResourceNotFoundException"),
    "UpdateFunctionCode": (*_ANY, *_SIGNED, *_FULL, *_REVISION),
    "UpdateFunctionConfiguration": (*_ANY, *_SIGNED, *_REVISION),
    "PublishVersion": (*_ANY, *_FULL, *_REVISION),
    "Invoke": (*_ANY, *_RUN),
    "CreateAlias": (*_ANY, "AliasLimitExceededException"),
    "UpdateAlias": (*_ANY, *_REVISION),
}


def of(name: str) -> tuple[str, ...]:
    """The codes of an operation that say nothing about the state."""
    return REQUEST.get(name, _ANY)
