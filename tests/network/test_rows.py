"""Nodes and edges of SONATA in several groups: every attribute goes to the row that its index says."""

import json

import numpy as np
import pytest

from neo_currentscape import network
from neo_currentscape.conventions.errors import SelectionError

h5py = pytest.importorskip("h5py")
pytest.importorskip("libsonata")
pytestmark = pytest.mark.sonata


@pytest.fixture
def circuit(tmp_path):
    """Writes a network of given groups; returns the path of its configuration."""

    def make(node_rows, node_groups, edge_rows=((0, 0), (0, 1)), edge_groups=None, indexed=True):
        with h5py.File(tmp_path / "nodes.h5", "w") as file:
            own = file.create_group("nodes/cells")
            own["node_type_id"] = np.array([4] * len(node_rows))
            write(own, "node", node_rows, node_groups, indexed)
        with h5py.File(tmp_path / "edges.h5", "w") as file:
            own = file.create_group("edges/wires")
            for end, ids in (("source", [0, 1]), ("target", [1, 0])):
                own[f"{end}_node_id"] = np.array(ids, np.uint64)
                own[f"{end}_node_id"].attrs["node_population"] = "cells"
            own["edge_type_id"] = np.array([9, 9])
            write(own, "edge", edge_rows, edge_groups or {0: {}}, True)
        for name, row in (("node", "4 x"), ("edge", "9 1.5")):
            column = "pop_name" if name == "node" else "syn_weight"
            (tmp_path / f"{name}_types.csv").write_text(f"{name}_type_id {column}\n{row}\n")
        files = {
            f"{name}s": [{f"{name}s_file": f"{name}s.h5", f"{name}_types_file": f"{name}_types.csv"}]
            for name in ("node", "edge")
        }
        (tmp_path / "circuit.json").write_text(json.dumps({"networks": files}))
        return tmp_path / "circuit.json"

    return make


def write(own, kind, rows, groups, indexed):
    own[f"{kind}_group_id"] = np.array([group for group, _ in rows])
    if indexed:
        own[f"{kind}_group_index"] = np.array([index for _, index in rows])
    for number, columns in groups.items():
        made = own.require_group(str(number))
        for name, values in columns.items():
            made[name] = values


def places(net):
    return np.asarray(net.positions)


def test_index_decides_which_row_is_whose(circuit):
    xyz = {letter: np.array([3.0, 1.0, 2.0]) for letter in "xyz"}
    net = network.from_sonata(circuit([(0, 1), (0, 2), (0, 0)], {0: xyz}))
    np.testing.assert_array_equal(places(net)[:, 0], [1, 2, 3])


def test_groups_with_different_attributes(circuit):
    groups = {
        2: {"positions": np.array([[7.0, 8, 9], [1, 2, 3]]), "pop_name": np.array([b"E", b"F"])},
        5: {letter: np.array([4.0]) for letter in ("x", "pos_y", "z")},
        6: {"irrelevant": np.array([1.0])},
    }
    net = network.from_sonata(circuit([(2, 1), (5, 0), (2, 0), (6, 0)], groups))
    expected = [[1, 2, 3], [4, 4, 4], [7, 8, 9], [np.nan] * 3]
    np.testing.assert_array_equal(places(net), expected)
    names = [net.populations[code] for code in net.population]
    assert names == ["F", "x", "E", "x"]


def test_positions_in_a_plane(circuit):
    net = network.from_sonata(circuit([(0, 1), (0, 0)], {0: {"positions": np.array([[1.0, 2], [3, 4]])}}))
    np.testing.assert_array_equal(places(net), [[3, 4, np.nan], [1, 2, np.nan]])


def test_enumerations_are_those_of_their_group(circuit):
    words = np.array([b"PV", b"SST"])
    groups = {
        0: {"pop_name": np.array([1]), "@library/pop_name": words},
        1: {"pop_name": np.array([1]), "@library/pop_name": words[::-1]},
    }
    net = network.from_sonata(circuit([(1, 0), (0, 0)], groups))
    assert [net.populations[code] for code in net.population] == ["PV", "SST"]


def test_edges_in_groups(circuit):
    groups = {0: {"syn_weight": np.array([0.25, 0.5])}, 3: {"delay": np.array([2.0])}}
    net = network.from_sonata(
        circuit([(0, 0), (0, 1)], {0: {}}, edge_rows=[(3, 0), (0, 1)], edge_groups=groups)
    )
    np.testing.assert_array_equal(net.properties["weight"], [1.5, 0.5])
    np.testing.assert_array_equal(net.properties["delay"], [2.0, np.nan])


def test_without_an_index_the_rows_are_in_order(circuit):
    groups = {0: {"x": np.array([1.0, 2.0])}, 1: {"x": np.array([10.0])}}
    net = network.from_sonata(circuit([(0, 0), (1, 0), (0, 1)], groups, indexed=False))
    np.testing.assert_array_equal(places(net)[:, 0], [1, 10, 2])


def test_an_index_beyond_the_end_is_refused(circuit):
    path = circuit([(0, 0), (0, 5)], {0: {"x": np.array([1.0, 2.0])}})
    with pytest.raises(SelectionError, match="/nodes/cells says row 5 of /nodes/cells/0/x, which has 2"):
        network.from_sonata(path)
