"""The standard error of charges whose samples skip steps of the simulation."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def recording(numbers, clamped=None, **notes):
    def signal(values, unit, **more):
        return neo.AnalogSignal(values, units=unit, sampling_period=1.0 * pq.ms, **more)

    names = {"name": np.array([f"i{k}" for k in range(numbers.shape[1])])}
    voltage = signal(np.full((len(numbers), 1), -60.0), "mV", name="v", **notes)
    currents = signal(numbers, "nA", name="currents", array_annotations=names)
    return ncs.Recording(currents, voltage, clamped=clamped)


def test_scattered_samples_have_the_error_of_their_sum():
    x = np.random.default_rng(1).standard_normal((4000, 3)) * [1.0, 2.0, 0.5]
    scape = ncs.Currentscape(recording(x, resolution=0.1 * pq.ms))
    np.testing.assert_allclose(
        scape.charge_error().magnitude, np.sqrt(4000) * np.array([1, 2, 0.5]), rtol=0.05
    )
    assert scape.charge_error().units == scape.charge("outward").units


def test_a_straight_current_has_none_and_neither_has_one_of_every_step():
    x = np.linspace(0, 5, 50)[:, None]
    assert ncs.Currentscape(recording(x, resolution=0.1 * pq.ms)).charge_error().magnitude[0] < 1e-9
    noisy = np.random.default_rng(1).standard_normal((50, 1))
    for notes in ({}, {"resolution": 1.0 * pq.ms}):
        assert not ncs.Currentscape(recording(noisy, **notes)).charge_error().magnitude.any()


def test_clamped_samples_add_nothing():
    x = np.zeros((60, 1))
    x[30] = 1e4
    held = np.zeros(60, dtype=bool)
    held[30] = True
    of = {
        mark is None: ncs.Currentscape(recording(x, mark, resolution=0.1 * pq.ms)) for mark in (None, held)
    }
    assert of[False].charge_error().magnitude[0] == 0
    assert of[True].charge_error().magnitude[0] == pytest.approx(1e4)


def test_bundled_currents_share_theirs():
    x = np.random.default_rng(3).standard_normal((500, 4)) * [9.0, 1.0, 2.0, 2.0]
    rec = recording(x, resolution=0.1 * pq.ms)
    each = ncs.Currentscape(rec).charge_error().magnitude
    scape = ncs.Currentscape(rec, top=1)
    assert scape.names[0] == "i0"
    np.testing.assert_allclose(scape.charge_error().magnitude, [each[0], np.sqrt((each[1:] ** 2).sum())])
