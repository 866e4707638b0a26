"""Levels of a reduction keep what is drawn, to the digits that are told."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import levels
from neo_currentscape.reduction.shares import Shares


def shares(n_samples=5000):
    values = np.random.default_rng(4).normal(size=(n_samples, 3)) * [1e-3, 1.0, 1e4]
    names = {"name": ["a", "b", "c"]}
    return Shares(
        Recording(
            neo.AnalogSignal(values, units="pA", sampling_period=0.1 * pq.ms, array_annotations=names)
        )
    )


def test_values_keep_four_digits_and_gaps():
    values = np.random.default_rng(5).normal(size=1000) * 10.0 ** np.arange(-10, 10).repeat(50)
    kept = levels.in_few_digits(values)
    assert np.abs(kept / values - 1).max() < 1.3e-4
    assert np.isnan(levels.in_few_digits(np.array([np.nan]))).all()
    steps = levels.in_steps(np.array([[0.123456, np.nan]]))
    assert steps[0, 0] / levels.WHOLE == pytest.approx(0.123456, abs=1e-5)
    assert steps[0, 1] == levels.GAP


def test_the_finest_level_of_a_short_recording_is_its_samples():
    scape = shares()
    found = list(levels.levels(scape, 100, 100_000, ("currents", "outward")))
    assert [len(level.times) for level in found] == [100, 600, 3600, 5000]
    assert [level.reduced for level in found] == [True, True, True, False]
    assert "currents.high" in found[0].rows and "currents.high" not in found[-1].rows
    sampled = scape.recording.currents.magnitude.T
    assert found[-1].rows["currents.low"] == pytest.approx(sampled, rel=1.3e-4)


def test_levels_hold_the_same_extremes_and_mean_shares():
    """Whatever the number of columns, the peak is the same, and so is the mean share where bins divide."""
    scape = shares(6000)
    coarse, fine = (levels.level_of(scape.columns(n), ("currents", "outward")) for n in (100, 600))
    for key, peak in (("currents.high", np.max), ("currents.low", np.min)):
        assert peak(coarse.rows[key]) == peak(fine.rows[key])
    means = [level.rows["shares.outward"].mean(axis=1) / levels.WHOLE for level in (coarse, fine)]
    assert means[0] == pytest.approx(means[1], abs=2e-4)
