"""What drives the dipole of hnn-core up and down; and the whole is hnn-core's own."""

from __future__ import annotations

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.adapters import hnn_core as hnn

pytest.importorskip("hnn_core")
pytestmark = pytest.mark.hnn

SPLITS = (extracellular.dipole, extracellular.dipole_by_flow)


SIGNS = {"early ampa": 1.0, "late ampa": -1.0, "late nmda": -1.0}


def parts_of(split, strength, small):
    """Parts of the moment of a pyramid in layer 5, each turned so that it should be positive."""
    net = small.network(strength=strength)
    with hnn.record(net, "L5_pyramidal", by_source=True) as recorder:
        small.simulate(net, tstop=25)
    field = split(ncs.CellRecording.from_segment(recorder.to_segment()), "z")
    return [sign * field.parts[0, field.names.index(name)] for name, sign in SIGNS.items()]


def test_currents_of_proximal_synapses_have_a_moment_up_and_of_distal_ones_down(small):
    for part in parts_of(extracellular.dipole, 1e-3, small):
        assert part.max() > 0
        assert part.min() > -1e-9 * part.max()


def test_proximal_drives_feed_the_flow_up_and_distal_ones_the_flow_down(small):
    """A weak one joins what flows already at rest; these are strong enough to turn it."""
    for part in parts_of(extracellular.dipole_by_flow, 0.06, small):
        assert np.maximum(part, 0).sum() > 10 * np.maximum(-part, 0).sum()


def test_the_flow_in_all_cells_is_the_dipole_of_the_network(run, small):
    fields = [
        extracellular.dipole_by_flow(ncs.CellRecording.from_segment(run.recorder.to_segment(gid)), "z")
        for gid in (1, 3)
    ]
    own = small.raw(run.dipoles[0], run.net)["agg"][1:]
    assert np.abs(extracellular.add(fields).total[0] - own).max() < 1e-6 * np.abs(own).max()


def test_parts_by_flow_are_no_larger_than_what_flows(run):
    """They hardly cancel, where those of the membrane currents are many times their sum."""
    cell = ncs.CellRecording.from_segment(run.recorder.to_segment(3))
    size = [
        np.abs(field.parts).sum() / np.abs(field.total).sum() for field in (s(cell, "z") for s in SPLITS)
    ]
    assert size[1] < 1.3 < 10 < size[0]
