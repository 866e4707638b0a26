"""Whole Arbor cells with a fork: resistances against Arbor's own inflow, and the balance."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import arbor
from neo_currentscape.conventions.errors import ArgumentError

A = pytest.importorskip("arbor")
pytestmark = pytest.mark.arbor

PROBES = {
    "v": ("membrane_voltage_cell",),
    "na": ("ion_current_cell", "na"),
    "k": ("ion_current_cell", "k"),
    "ionic": ("total_ion_current_cell",),
    "total": ("total_current_cell",),
    "stim": ("stimulus_current_cell",),
}
REVERSAL = {"na": 50 * pq.mV, "k": -77 * pq.mV, "nonspecific": -54.3 * pq.mV}


def make(policy="(max-extent 20)"):
    """A soma, a tapering dendrite with a kink, and a fork into two branches of different tags."""
    tree = A.segment_tree()
    soma = tree.append(A.mnpos, A.mpoint(-10, 0, 0, 10), A.mpoint(10, 0, 0, 10), tag=1)
    stem = tree.append(soma, A.mpoint(10, 0, 0, 2), A.mpoint(110, 0, 0, 1), tag=3)
    tree.append(stem, A.mpoint(110, 0, 0, 1), A.mpoint(180, 50, 0, 0.5), tag=3)
    tree.append(stem, A.mpoint(110, 0, 0, 0.8), A.mpoint(180, -70, 0, 0.5), tag=4)
    decor = A.decor()
    decor.set_property(Vm=-65 * A.units.mV)
    decor.paint("(tag 1)", A.density("hh"))
    for tag in (3, 4):
        decor.paint(f"(tag {tag})", A.density("hh", {"gnabar": 0.03, "gkbar": 0.01}))
    decor.place(
        "(location 1 0.5)",
        A.i_clamp(2 * A.units.ms, 8 * A.units.ms, 0.1 * A.units.nA),
    )
    return tree, A.cable_cell(tree, decor, A.label_dict(), A.cv_policy(policy))


@pytest.fixture(scope="module")
def run():
    tree, cell = make()

    class Recipe(A.recipe):
        def num_cells(self):
            return 1

        def cell_kind(self, gid):
            return A.cell_kind.cable

        def cell_description(self, gid):
            return cell

        def global_properties(self, kind):
            return A.neuron_cable_properties()

        def probes(self, gid):
            return [getattr(A, f"cable_probe_{kind[0]}")(*kind[1:], name) for name, kind in PROBES.items()]

    simulation = A.simulation(Recipe())
    schedule = A.regular_schedule(0.025 * A.units.ms)
    probes = {name: (kind[0], simulation.sample((0, name), schedule)) for name, kind in PROBES.items()}
    simulation.run(20 * A.units.ms, 0.025 * A.units.ms)
    return simulation, probes, cell, tree


@pytest.fixture(scope="module")
def segment(run):
    return arbor.cell_segment(*run, capacitance=1 * pq.uF / pq.cm**2, reversal=REVERSAL)


def test_every_control_volume_balances(segment):
    cell = ncs.CellRecording.from_segment(segment)
    assert len(cell.sites) == 17 and cell.morphology.is_joint.sum() == 1
    assert np.ptp(cell.voltage()[0]) > 50
    assert cell.balance.worst < 1e-6
    assert set(cell.names) == {"na", "k", "nonspecific", "stim", "capacitive"}


def test_axial_currents_are_arbors_own(segment):
    cell = ncs.CellRecording.from_segment(segment)
    inflow = cell._cable.inflow(cell.axial())
    own = {s.annotations["site"]: s.magnitude[:, 0] for s in segment.analogsignals if s.name == "axial"}
    assert len(own) == 16
    for site, values in own.items():
        np.testing.assert_allclose(inflow[cell.sites.index(site)], values, atol=1e-10)


def test_regions_are_the_tags(segment):
    cell = ncs.CellRecording.from_segment(segment)
    assert list(dict.fromkeys(cell.regions())) == ["soma", "dend", "apic"]
    by_region = cell.attribute(0, by="region")
    np.testing.assert_allclose(by_region.outward.sum(axis=0), cell.attribute(0).outward.sum(axis=0))


def test_wrong_resistivity_is_noticed(run):
    segment = arbor.cell_segment(
        *run, capacitance=1 * pq.uF / pq.cm**2, reversal=REVERSAL, resistivity=50 * pq.ohm * pq.cm
    )
    with pytest.warns(ncs.CurrentscapeWarning, match="unexplained"):
        assert ncs.CellRecording.from_segment(segment).balance.is_noticed


def test_a_volume_round_a_fork_is_refused():
    tree, cell = make("(single)")
    with pytest.raises(ArgumentError, match="reaches round a fork"):
        arbor.morphology(cell, tree)
