"""What holds for other people's packages: their warnings are theirs, connections that they leave open included."""


def pytest_configure(config):
    """Warnings of SDKs fail no test."""
    for kind in ("DeprecationWarning", "ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
        config.addinivalue_line("filterwarnings", f"ignore::{kind}")
