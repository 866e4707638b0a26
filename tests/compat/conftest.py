"""Lets the tests of this folder import what they share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _closed():
    """What a test draws does not stay in pyplot."""
    import matplotlib.pyplot as plt

    yield
    plt.close("all")
