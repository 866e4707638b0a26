"""Drawing leaves nothing behind."""

import pytest


@pytest.fixture(autouse=True)
def _clean(leaves_no_trace):
    """Check it after every test."""
