"""Maps of trees whose currents are known in closed form: what part each compartment contributes."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def test_map_is_the_charge_of_each_compartment(shape, balanced):
    cell, membrane, axial = balanced(shape)
    outward, inward = ncs.spatial.by_compartment(membrane, axial, shape.parent, 0)
    found = cell.map(0)
    charge = outward.sum(axis=(1, 2))
    np.testing.assert_allclose(found.outward, charge / charge.sum(), atol=1e-12)
    at = cell.map(0, time=1.04 * pq.ms)
    now = -inward[:, :, 10].sum(axis=1)
    np.testing.assert_allclose(at.inward, now / now.sum(), atol=1e-12)
    parts = sum(cell.map(0, types=name).inward for name in cell.names)
    np.testing.assert_allclose(parts, found.inward, atol=1e-12)
    merged = cell.map("dend[0]")
    assert merged.inward.sum() == pytest.approx(1)
    assert merged.inward[1] / merged.inward[2] == pytest.approx(100 / 90)


def test_map_weighs_each_sample_with_its_time(shape, balanced):
    # Irregular steps: half the way to both neighbours, the trapezoidal rule.
    _, membrane, axial = balanced(shape, seed=4)
    voltage = balanced(shape, seed=4)[0].voltage()
    times = np.cumsum(np.random.default_rng(8).uniform(0.02, 1.5, 50) ** 2)
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, ["Na", "K", "leak"], times)
    weights = np.gradient(times)
    weights[1:-1] = (times[2:] - times[:-2]) / 2
    weights[[0, -1]] = np.diff(times)[[0, -1]] / 2
    by_hand = ncs.spatial.by_compartment(membrane, axial, shape.parent, 0)
    for direction, currents in zip(("outward", "inward"), by_hand, strict=True):
        charge = np.abs((currents * weights).sum(axis=(1, 2)))
        plain = np.abs(currents.sum(axis=(1, 2)))
        found = cell.map(0).of(direction)
        np.testing.assert_allclose(found, charge / charge.sum(), atol=1e-12)
        assert np.abs(found - plain / plain.sum()).max() > 1e-3
