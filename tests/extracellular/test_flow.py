"""The dipole moment by what feeds and draws the currents inside a cell."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.recording.morphology import Morphology


def random_cell(seed=3, nodes=11, kinds=4, samples=30, sign=1.0):
    """A random tree in space in balance; and its membrane and axial currents, parents and places."""
    random = np.random.default_rng(seed)
    parent = np.array([-1, *(random.integers(0, node) for node in range(1, nodes))])
    ends = random.normal(0, 80, (nodes, 2, 3))
    membrane = sign * random.normal(0, 1, (nodes, kinds, samples))
    membrane[0, 0] -= membrane.sum(axis=(0, 1))
    flow = membrane.sum(axis=1)
    for node in range(nodes - 1, 0, -1):
        flow[parent[node]] += flow[node]
    flow[0] = 0
    voltage = np.zeros((nodes, samples))
    for node in range(1, nodes):
        voltage[node] = voltage[parent[node]] - flow[node]
    shape = Morphology(
        [f"s{node}(0.5)" for node in range(nodes)], parent, np.ones(nodes), np.full(nodes, 100.0),
        np.arange(nodes) * 10.0, points=[np.column_stack([end, [1.0, 1.0]]) for end in ends],
    )  # fmt: skip
    names = [f"i{k}" for k in range(kinds)]
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, names, np.arange(samples) * 0.1)
    return cell, membrane, flow, parent, ends.mean(axis=1)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_each_half_is_what_the_partition_at_that_end_says(seed):
    """By brute force: one extended currentscape for either end of every axial current."""
    cell, membrane, flow, parent, places = random_cell(seed)
    wanted = np.zeros((3, membrane.shape[1], membrane.shape[2]))
    shares = []
    for node in range(len(parent)):
        found = ncs.spatial.partition(membrane, flow, parent, target=node)
        shares.append([part / part.sum(axis=0) for part in found])
    for node in range(1, len(parent)):
        for t in range(membrane.shape[2]):
            ends = (parent[node], node) if flow[node, t] > 0 else (node, parent[node])
            mixed = (shares[ends[0]][1][:, t] + shares[ends[1]][0][:, t]) / 2
            wanted[:, :, t] += flow[node, t] * np.outer(places[node] - places[parent[node]], mixed)
    found = extracellular.dipole_by_flow(cell)
    np.testing.assert_allclose(found.parts, wanted, atol=1e-9)


def test_the_whole_is_the_dipole_moment():
    cell, *_ = random_cell()
    whole = extracellular.dipole(cell).total
    for by in ("type", "section", ("section", "type")):
        np.testing.assert_allclose(extracellular.dipole_by_flow(cell, by=by).total, whole, atol=1e-9)


def test_types_and_windows_are_sums_and_cuts():
    cell, *_ = random_cell()
    fine = extracellular.dipole_by_flow(cell, "x", by=("section", "type"))
    coarse = extracellular.dipole_by_flow(cell, "x")
    for k, name in enumerate(coarse.names):
        those = [j for j, one in enumerate(fine.names) if one.endswith(f"· {name}")]
        np.testing.assert_allclose(fine.parts[:, those].sum(axis=1), coarse.parts[:, k], atol=1e-9)
    cut = extracellular.dipole_by_flow(cell, "x", t_start=1 * pq.ms, t_stop=2 * pq.ms)
    np.testing.assert_allclose(cut.parts, coarse.parts[:, :, 10:20], atol=1e-12)


def test_it_turns_round_with_all_currents():
    one, other = (extracellular.dipole_by_flow(random_cell(sign=sign)[0]) for sign in (1.0, -1.0))
    np.testing.assert_allclose(one.parts, -other.parts, atol=1e-9)


def test_currents_that_cancel_where_they_flow_make_no_moment():
    """A lone compartment spikes, and nothing flows along the cell: all parts are zero, and left out."""
    cell, membrane, _, parent, _ = random_cell()
    still = np.zeros_like(membrane)
    still[4, 0], still[4, 1] = 50.0, -50.0
    rest = np.zeros((len(parent), membrane.shape[2]))
    spiking = ncs.CellRecording.from_arrays(still, rest, cell.morphology, cell.names, cell.times)
    assert extracellular.dipole_by_flow(spiking, "z").names == []
    apart = extracellular.dipole(spiking, "z")
    assert np.abs(apart.parts).max() > 100
    np.testing.assert_allclose(apart.total, 0, atol=1e-9)


def test_many_samples_are_read_in_blocks(monkeypatch):
    cell, *_ = random_cell()
    at_once = extracellular.dipole_by_flow(cell).parts
    monkeypatch.setattr("neo_currentscape.spatial.cell.BLOCK_VALUES", 200)
    np.testing.assert_allclose(extracellular.dipole_by_flow(random_cell()[0]).parts, at_once, atol=1e-12)


def test_a_cell_without_points_or_an_axis_that_is_none():
    cell, membrane, *_ = random_cell()
    with pytest.raises(ArgumentError, match="axis="):
        extracellular.dipole_by_flow(cell, "apical")
    shape = cell.morphology.with_points(None)
    bare = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, cell.names, cell.times)
    with pytest.raises(ArgumentError, match="define_shape"):
        extracellular.dipole_by_flow(bare)


@pytest.mark.neuron
def test_a_synapse_feeds_the_flow_of_a_passive_cell():
    """In a passive cable all that flows comes from the synapse, and goes to leak and capacity."""
    from neo_currentscape.adapters import neuron

    h = pytest.importorskip("neuron").h
    h.load_file("stdrun.hoc")
    h.CVode().active(False)
    h.dt = 0.025
    cable = h.Section(name="cable")
    for z in (0, 500):
        cable.pt3dadd(0, 0, z, 2)
    cable.nseg, cable.Ra = 11, 150
    cable.insert("pas")
    cable.g_pas, cable.e_pas = 1e-3, -65
    synapse = h.ExpSyn(cable(1))
    synapse.tau = 1e6
    source = h.NetStim()
    source.start, source.number = 1, 1
    link = h.NetCon(source, synapse, 0, 0, 0.01)
    recorder = neuron.CellRecorder(cable)
    h.finitialize(-65)
    h.continuerun(1.5)
    del link
    cell = ncs.CellRecording.from_segment(recorder.to_segment())
    field = extracellular.dipole_by_flow(cell, "z")
    parts = dict(zip(field.names, field.parts[0, :, -1], strict=True))
    # The depolarisation grows everywhere: leak and capacitive currents are outward.
    assert field.total[0, -1] < 0
    assert parts["ExpSyn"] == pytest.approx(field.total[0, -1] / 2, rel=1e-6)
    assert parts["i_pas"] + parts["capacitive"] == pytest.approx(field.total[0, -1] / 2, rel=1e-6)
