"""Trees of LFPy cells, however their sections are connected, against NEURON's own membrane currents."""

import contextlib

import numpy as np
import pytest

from neo_currentscape.adapters import lfpy
from neo_currentscape.conventions.errors import SelectionError

pytestmark = pytest.mark.lfpy

#: Name, length, diameter, compartments; the place that it is connected to, and by which of its ends.
PLAIN = [
    ("soma", 20, 20, 3, None),
    ("trunk", 200, 2, 4, ("soma", 1, 0)),
    ("tuft", 150, 1, 3, ("trunk", 1, 0)),
    ("twig", 50, 1, 2, ("tuft", 1, 0)),
    ("basal", 90, 1, 2, ("soma", 0, 0)),
    ("oblique", 60, 1, 2, ("trunk", 0.4, 0)),
]
TURNED = [
    *PLAIN[:2],
    ("tuft", 150, 1, 3, ("trunk", 1, 1)),
    ("twig", 50, 1, 2, ("tuft", 0, 0)),
    ("basal", 90, 1, 2, ("soma", 0, 1)),
    PLAIN[5],
]
TWO = [*TURNED, ("other", 30, 10, 2, None), ("neurite", 80, 1, 3, ("other", 0.5, 0))]


@contextlib.contextmanager
def simulated(shape, listed=None):
    LFPy, h = pytest.importorskip("LFPy"), pytest.importorskip("neuron").h
    sections = {}
    for name, length, diameter, count, end in shape:
        section = sections[name] = h.Section(name=name)
        section.L, section.diam, section.nseg, section.Ra = length, diameter, count, 120
        if end is not None:
            section.connect(sections[end[0]](end[1]), end[2])
        section.insert("pas")
        section.e_pas = -70 if name == "soma" else -62
    h.define_shape()
    morphology = h.SectionList([sections[name] for name in listed or sections])
    cell = LFPy.Cell(
        morphology=morphology, delete_sections=False, dt=0.025, tstop=10, v_init=-65, nsegs_method=None
    )
    synapse = LFPy.Synapse(cell, idx=5, syntype="ExpSyn", weight=0.02, e=0, tau=2)
    synapse.set_spike_times(np.array([2.0]))
    cell.simulate(rec_imem=True, rec_vmem=True)
    try:
        yield cell
    finally:
        cell.strip_hoc_objects()
        sections.clear()
        for section in list(h.allsec()):
            h.delete_section(sec=section)


@pytest.mark.parametrize("shape", [PLAIN, TURNED, TWO], ids=["plain", "turned", "two cells"])
def test_axial_inflow_is_what_the_membrane_lets_out(shape):
    with simulated(shape) as cell:
        inflow = lfpy.axial_inflow(cell)[:, 1:]
        # Without electrodes all that comes along the cable leaves through the membrane.
        assert np.abs(inflow).max() > 0.1
        np.testing.assert_allclose(inflow, cell.imem[:, 1:], rtol=0, atol=1e-10)
        parent, axial = lfpy.parents(cell)
        taken = np.zeros_like(inflow)
        for node in range(len(parent)):
            at = node
            while at >= 0:
                taken[at] += inflow[node]
                at = parent[at]
        has_parent = parent >= 0
        np.testing.assert_allclose(axial[has_parent, 1:], taken[has_parent], rtol=0, atol=1e-10)


def test_the_first_compartment_of_a_cell_is_its_root():
    with simulated(TWO) as cell:
        names, (parent, _) = lfpy.site_names(cell), lfpy.parents(cell)
        above = {name: names[p] if p >= 0 else None for name, p in zip(names, parent, strict=True)}
        assert [name for name in names if above[name] is None] == ["soma(0.166667)", "other(0.25)"]
        assert above["tuft(0.833333)"] == "trunk(0.875)" and above["oblique(0.25)"] == "trunk(0.375)"
        assert above["tuft(0.166667)"] == "tuft(0.5)" and above["twig(0.25)"] == "tuft(0.166667)"
        assert above["basal(0.75)"] == "soma(0.166667)" and above["basal(0.25)"] == "basal(0.75)"


def test_a_connected_section_that_is_no_part_of_the_cell_is_refused():
    listed = [name for name, *_ in PLAIN if name != "oblique"]
    with (
        simulated(PLAIN, listed) as cell,
        pytest.raises(
            SelectionError, match=r"oblique\(0.25\) is connected to the cell and not in its cell"
        ),
    ):
        lfpy.axial_inflow(cell)
