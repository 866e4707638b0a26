"""A tree of six nodes whose currents are known in closed form, and its signals."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.spatial import Morphology

SITES = ("soma(0.5)", "dend[0](0.25)", "dend[0](0.75)", "dend[0](1)", "dend[1](0.5)", "apic(0.5)")


@pytest.fixture
def shape():
    """A soma, a dendrite of two compartments, and two branches on a joint at its end."""
    return Morphology(
        sites=SITES,
        parent=[-1, 0, 1, 2, 3, 3],
        resistance=[0, 10, 20, 5, 8, 4],
        area=[1000, 100, 90, 0, 80, 70],
        distance=[0, 50, 100, 125, 160, 175],
    )


@pytest.fixture
def balanced():
    """Function that makes a cell with its membrane and axial currents; see `_balanced`."""
    return _balanced


@pytest.fixture
def segment_of():
    """Function that makes the Segment of a cell; see `_segment_of`."""
    return _segment_of


def _balanced(shape, seed=0, n_times=50, loss=None):
    """Random voltages and currents; the last of three types makes every compartment balance."""
    rng = np.random.default_rng(seed)
    voltage = -65 + 5 * rng.standard_normal((6, n_times)).cumsum(axis=1)
    voltage[3] = (voltage[2] / 5 + voltage[4] / 8 + voltage[5] / 4) / (1 / 5 + 1 / 8 + 1 / 4)
    axial = np.zeros_like(voltage)
    for n in range(1, 6):
        axial[n] = (voltage[shape.parent[n]] - voltage[n]) / shape.resistance[n]
    inflow = axial.copy()
    for n in range(1, 6):
        inflow[shape.parent[n]] -= axial[n]
    membrane = rng.standard_normal((6, 3, n_times))
    membrane[3] = 0
    membrane[:, 2] = inflow - membrane[:, :2].sum(axis=1)
    if loss is not None:
        membrane[loss, 1] = 0
    names = ["Na", "K", "leak"]
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, names, 0.1 * np.arange(n_times))
    return cell, membrane, axial


def _segment_of(cell, change=None):
    """The signals of a cell of arrays, as an adapter would write them; one of them may be changed."""
    segment, shape = neo.Segment(), cell.morphology
    voltage, membrane = cell.voltage(), cell.membrane()
    for n, site in enumerate(shape.sites):
        rows = [("v", voltage[n], "mV", "voltage", None)]
        rows += [(name, membrane[n, k], "nA", "current", "outward") for k, name in enumerate(cell.names)]
        for name, values, unit, role, positive in rows:
            given = {"values": values, "unit": unit, "period": 0.1 * pq.ms, "sign": positive}
            if change and (site, name) == change[0]:
                given.update(change[1](given))
            segment.analogsignals.append(
                neo.AnalogSignal(
                    given["values"][:, None],
                    units=given["unit"],
                    sampling_period=given["period"],
                    name=name,
                    **signal_annotations(role, given["sign"], site=site, area=given.get("area")),
                )
            )
    shape.annotate(segment)
    return segment
