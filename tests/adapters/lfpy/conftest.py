"""Fixtures: LFPy cells for the tests: small trees with channels, synapses and electrodes."""

import contextlib

import numpy as np
import pytest

ELECTRODES = {
    "IClamp": {"pptype": "IClamp", "amp": 0.5, "dur": 10, "delay": 2},
    "SEClamp": {"pptype": "SEClamp", "amp1": -65, "dur1": 5, "amp2": 0, "dur2": 10, "rs": 1},
}


@pytest.fixture
def branched_cell():
    """A context manager that makes a cell and takes it away again."""
    return _branched_cell


@pytest.fixture
def unbalanced():
    """A function that measures how far a Recording is out of balance."""
    return _unbalanced


@contextlib.contextmanager
def _branched_cell(electrode="IClamp", tstop=30.0, recorded=True, extra=()):
    """A soma, a trunk on its far end, two branches on the trunk's far end, one on the soma's near end.

    The soma has only `hh`, the trunk `hh` and `pas`, the branches only `pas` (and `extra`).
    """
    LFPy = pytest.importorskip("LFPy")
    h = pytest.importorskip("neuron").h
    sections = []
    for name, length, diameter, count, parent in (
        ("soma", 20, 20, 1, None),
        ("trunk", 300, 2, 5, ("soma", 1)),
        ("left", 200, 1.5, 3, ("trunk", 1)),
        ("right", 150, 1, 3, ("trunk", 1)),
        ("middle", 80, 1, 2, ("trunk", 0.5)),
        ("basal", 100, 1, 2, ("soma", 0)),
        ("deep", 100, 1, 2, ("basal", 0)),
    ):
        section = h.Section(name=name)
        section.L, section.diam, section.nseg, section.Ra = length, diameter, count, 100
        section.cm = 1.2
        if parent:
            section.connect(next(s for s in sections if s.name() == parent[0])(parent[1]))
        if name != "soma":
            section.insert("pas")
        if name in ("soma", "trunk"):
            section.insert("hh")
        for mechanism in extra:
            section.insert(mechanism)
        sections.append(section)
    h.define_shape()
    listed = h.SectionList(sections)
    cell = LFPy.Cell(
        morphology=listed, delete_sections=False, dt=0.025, tstop=tstop, v_init=-65, nsegs_method=None
    )
    try:
        if electrode:
            LFPy.StimIntElectrode(cell, 0, record_current=recorded, **ELECTRODES[electrode])
        if recorded is not None:
            _add_synapses(cell, recorded)
        yield cell
    finally:
        h.CVode().active(0)
        cell.strip_hoc_objects()
        for section in sections:
            h.delete_section(sec=section)


def _add_synapses(cell, recorded):
    import LFPy

    for idx, kind, keywords in (
        (3, "ExpSyn", {"e": 0, "tau": 2}),
        (3, "Exp2Syn", {"e": -80, "tau1": 1, "tau2": 5}),
        (cell.totnsegs - 1, "ExpSyn", {"tau": 4}),
    ):
        synapse = LFPy.Synapse(
            cell, idx=idx, syntype=kind, weight=0.01, record_current=recorded, **keywords
        )
        synapse.set_spike_times(np.array([5.0, 12.0]))


def _unbalanced(recording, axial=None):
    """Largest |capacitive + currents - electrodes - axial|, and the largest total of one direction."""
    currents = recording.currents.rescale("nA").magnitude
    capacitive = recording.capacitive.rescale("nA").magnitude
    electrode = 0.0 if recording.electrode is None else recording.electrode.magnitude.sum(axis=1)
    axial = recording.axial.magnitude[:, 0] if axial is None else axial
    residual = capacitive[:, 0] + currents.sum(axis=1) - electrode - axial
    everything = np.hstack([currents, capacitive])
    outward = np.clip(everything, 0, None).sum(axis=1)
    inward = -np.clip(everything, None, 0).sum(axis=1)
    return np.abs(residual).max(), max(outward.max(), inward.max())
