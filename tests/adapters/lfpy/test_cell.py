"""Whole LFPy cells: in LFPy's order, connected as NEURON connects them, and in balance."""

from __future__ import annotations

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import lfpy

pytestmark = pytest.mark.lfpy


@pytest.mark.parametrize("electrode", ["IClamp", "SEClamp"])
def test_every_compartment_balances(branched_cell, electrode):
    with branched_cell(electrode=electrode) as cell:
        cell.simulate(**lfpy.recorders(cell))
        recording = ncs.CellRecording.from_segment(lfpy.cell_segment(cell))
        assert recording.sites[: cell.totnsegs] == tuple(lfpy.site_names(cell))
        assert recording.balance.worst < 1e-6
        parent, axial = lfpy.parents(cell)
        # Without joints the current into a compartment is that of its own edge, however it is reached.
        np.testing.assert_allclose(recording.axial()[1 : cell.totnsegs], axial[1:, 1:], atol=1e-9)
        assert recording.morphology.is_joint.sum() == len(recording.sites) - cell.totnsegs > 0
        np.testing.assert_allclose(recording.morphology.area[: cell.totnsegs], cell.area, rtol=1e-6)
        assert parent.shape == (cell.totnsegs,)


def test_attribution_sums_to_what_leaves_the_soma(branched_cell):
    with branched_cell() as cell:
        cell.simulate(**lfpy.recorders(cell))
        recording = ncs.CellRecording.from_segment(lfpy.cell_segment(cell))
        shown = recording.attribute("soma", axial=True)
        attributed = recording.attribute("soma")
        assert "axial" in shown.names and "axial" not in attributed.names
        for side in ("outward", "inward"):
            a, b = (getattr(found, side).sum(axis=0) for found in (shown, attributed))
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_points_follow_the_position_of_the_cell(branched_cell):
    with branched_cell() as cell:
        cell.set_pos(x=100, y=-20, z=7)
        points = lfpy.morphology(cell).points
        for n in range(cell.totnsegs):
            np.testing.assert_allclose(points[n][0, :3], [cell.x[n, 0], cell.y[n, 0], cell.z[n, 0]])
            np.testing.assert_allclose(points[n][-1, :3], [cell.x[n, 1], cell.y[n, 1], cell.z[n, 1]])


def test_variable_step(branched_cell):
    with branched_cell() as cell:
        recorder = lfpy.Recorder(cell, variable_dt=True)
        cell.simulate(variable_dt=True, **recorder.keywords)
        recording = ncs.CellRecording.from_segment(lfpy.cell_segment(cell, recorder))
        assert recording.balance.worst < 1e-6
        assert len(recording) == len(recording.attribute("trunk").outward[0])


def test_neurons_recorder_takes_an_lfpy_cell(branched_cell):
    from neo_currentscape.adapters import neuron

    with branched_cell() as cell:
        recorder = neuron.CellRecorder(cell)
        cell.simulate(**lfpy.recorders(cell))
        there = ncs.CellRecording.from_segment(recorder.to_segment())
        here = ncs.CellRecording.from_segment(lfpy.cell_segment(cell))
        assert there.balance.worst < 1e-6
        assert set(there.sites) == set(here.sites)
        order = [there.sites.index(site) for site in here.sites]
        # NEURON takes one more step than LFPy keeps.
        rows = slice(0, len(here))
        np.testing.assert_allclose(there.voltage(rows)[order], here.voltage(), atol=1e-9)
        leak = there.membrane(rows)[order, there.names.index("i_pas")]
        np.testing.assert_allclose(leak, here.membrane()[:, here.names.index("i_pas")], atol=1e-12)
