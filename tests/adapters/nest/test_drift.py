"""Stretches of a residual that the currents do not explain: made numbers, of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from neo_currentscape.adapters.nest import drift


@pytest.fixture
def noise():
    return np.random.default_rng(4).normal(size=(3200, 6))


def test_blocks_are_medians_of_what_is_known(noise):
    rest, size = noise[:, :2].copy(), np.full((3200, 2), 4.0)
    rest[10:45, 0] = rest[50:100, 1] = np.nan
    parts, level, length = drift.blocks(rest, size)
    assert length == 50 and parts.shape == (64, 2)
    assert level[0, 0] == pytest.approx(np.nanmedian(rest[:50, 0]))
    assert np.isnan(parts[1, 1]) and parts[5, 1] == pytest.approx(np.median(rest[250:300, 1]) / 4)


def test_an_offset_is_found_where_it_ends(noise):
    rest = 0.2 * noise
    rest[:2000, 2] += 1.0
    rest[:900, 4] -= 1.0
    rest[::7] += 30.0  # what a median does not see
    parts, level, length = drift.blocks(rest, np.full(rest.shape, 5.0))
    for most in (drift.MOST, drift.MOST_OF_COARSE):
        until = length * drift.wrong_until(parts, level, most)
        assert (until[[0, 1, 3, 5]] == 0).all()
        assert until[2] == pytest.approx(2000, abs=50) and until[4] == pytest.approx(900, abs=50)


def test_what_coarse_samples_miss_throughout_is_no_change(noise):
    parts, level, _ = drift.blocks(0.2 * noise + 1.0, np.full(noise.shape, 5.0))
    assert (drift.wrong_until(parts, level, drift.MOST) == 64).all()
    assert (drift.wrong_until(parts, level, drift.MOST_OF_COARSE) == 0).all()


def test_a_remainder_is_wrong_where_it_is_constant(noise):
    rest = np.where(np.abs(noise) > 2.0, 50.0 * noise, 0.0)
    rest[:1500, 1] += 5.0
    rest[:, 2] = 20.0 + 5.0 * noise[:, 2]  # dense spikes
    parts, level, length = drift.blocks(rest, np.full(rest.shape, 30.0))
    until = length * drift.constant_until(parts, level, drift.still(rest), drift.MOST)
    assert until.tolist() == [0, 1500, 0, 0, 0, 0]
