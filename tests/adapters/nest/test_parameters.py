"""Parameters as callers write them: by name, or node by node."""

import numpy as np
import pytest

from neo_currentscape.adapters.nest.parameters import given
from neo_currentscape.conventions.errors import ArgumentError, UnknownNameError

NODES = np.array([3, 5])


@pytest.mark.parametrize(
    "written",
    [
        {"C_m": {3: 200.0, 5: 250.0}, "E_L": -70.0},
        {"C_m": [200.0, 250.0], "E_L": [-70.0, -70.0]},
        {3: {"C_m": 200.0, "E_L": -70.0}, 5: {"C_m": 250.0, "E_L": -70.0}},
        {np.int64(5): {"C_m": 250.0, "E_L": -70.0}, np.int64(3): {"C_m": 200.0, "E_L": -70.0}},
    ],
)
def test_by_name_and_by_node_are_the_same(written):
    found = given(written, NODES, ["C_m", "E_L"])
    np.testing.assert_array_equal(found["C_m"], [200, 250])
    np.testing.assert_array_equal(found["E_L"], [-70, -70])


def test_a_node_without_a_value_is_named():
    with pytest.raises(ArgumentError, match="'C_m' has no value for node 5"):
        given({3: {"C_m": 200.0, "E_L": -70.0}, 5: {"E_L": -70.0}}, NODES, ["C_m", "E_L"])


def test_a_misspelt_name_of_a_node_is_told():
    with pytest.raises(UnknownNameError, match="'C_M' is not known: did you mean 'C_m'"):
        given({3: {"C_M": 200.0}, 5: {"C_M": 200.0}}, NODES, ["C_m"])
