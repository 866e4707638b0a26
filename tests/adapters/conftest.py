"""The mechanisms that tests of NEURON and of what runs on it share."""

import pathlib

import pytest


@pytest.fixture(scope="session")
def mechanisms(compiled):
    """NEURON with the test mechanisms."""
    return compiled(pathlib.Path(__file__).parent / "neuron" / "mods")
