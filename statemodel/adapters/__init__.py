"""Ready adapters: published SDKs of the services, in the form that the conformance suite takes."""
