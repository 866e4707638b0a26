"""Samples picked from a recording: the same whatever the columns and the chunks are."""

import numpy as np
import pytest

from neo_currentscape.reduction import columns, picks


@pytest.mark.parametrize("n", [1, 100, picks.MOST + 1, 4 * picks.MOST, 4 * picks.MOST + 1, 10**7])
def test_places_are_even_and_within(n):
    found = picks.places(slice(13, 13 + n))
    assert (np.diff(found) > 0).all()
    assert found[0] >= 13
    assert found[-1] < 13 + n
    assert len(found) == (n if n <= 4 * picks.MOST else picks.MOST)
    # No stretch of a hundredth has more or fewer than its part.
    if n > 100 * picks.MOST:
        counts = np.histogram(found, bins=100, range=(13, 13 + n))[0]
        assert np.ptp(counts) <= 4


def test_places_do_not_beat_with_a_rhythm():
    """Each phase of a period of exactly the mean distance is met about as often."""
    phases = picks.places(slice(0, 1000 * picks.MOST)) % 1000
    assert np.ptp(np.histogram(phases, bins=20, range=(0, 1000))[0]) < 0.1 * picks.MOST / 20


@pytest.mark.parametrize("irregular", [False, True])
def test_picks_are_samples_with_their_time_whatever_the_chunks(irregular, make_recording, monkeypatch):
    rec = make_recording(3, samples=30_000, regular=not irregular, nan=range(500, 900))
    found = columns.reduce_recording(rec, 77).picks
    rows = picks.places(slice(0, 30_000))
    rows = rows[~rec.gaps[rows]]
    np.testing.assert_array_equal(found.currents, rec.currents.magnitude[rows])
    times = rec.times.rescale("ms").magnitude
    inner = (rows > 910) & (rows < 29_990)
    want = (times[rows[inner] + 1] - times[rows[inner] - 1]) / 2
    np.testing.assert_allclose(found.weights[inner], want)
    monkeypatch.setattr(columns, "CHUNK", 1013)
    again = columns.reduce_recording(rec, 300).picks
    np.testing.assert_array_equal(again.currents, found.currents)
    np.testing.assert_allclose(again.weights, found.weights)


def test_totals_of_picks(make_recording):
    rec = make_recording(4, samples=300)
    found = columns.reduce_recording(rec, 1000)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(found.picks.total(direction), found.means[direction])


@pytest.mark.parametrize("cycles", [1.4, 2.5, 6.19, 24.74])
def test_a_rhythm_beats_with_the_columns_by_half_a_cycle_at_most(cycles):
    """Mean shares of a switch between two currents: the bound that the documentation gives."""
    n, n_columns = 400_000, 100
    period = n / n_columns / cycles
    on = (np.arange(n) % period) < period / 2
    currents = np.column_stack([on, ~on]).astype(float)
    edges = np.linspace(0, n, n_columns + 1)
    found = columns.columns(columns.reduce(np.arange(float(n)), 1.0, currents, {}, edges))
    beat = np.ptp(found.shares["outward"][0])
    assert 0.0 < beat <= 1 / (2 * cycles) + 0.002
    part = cycles % 1
    assert beat == pytest.approx(min(part, 1 - part) / cycles, abs=0.01)
