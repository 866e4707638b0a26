"""Folding: against brute force, on fixed and variable steps, with gaps, and in however many pieces."""

from __future__ import annotations

import neo
import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.experiments import fold as fold_module
from neo_currentscape.experiments.fold import fold


def brute_means(recording, edges, direction):
    """Means over bins by looking at every sample: how much of the time it stands for lies in the bin."""
    times = recording.times.rescale("ms").magnitude
    if isinstance(recording.currents, neo.AnalogSignal):
        half = float(recording.currents.sampling_period.rescale("ms")) / 2
        borders = np.r_[times - half, times[-1] + half]
    else:
        borders = np.r_[times[0], (times[1:] + times[:-1]) / 2, times[-1]]
    part = np.maximum(recording.currents.magnitude * (1 if direction == "outward" else -1), 0)
    total = part.sum(axis=1)
    shares = np.divide(part, total[:, None], out=np.zeros_like(part), where=total[:, None] > 0)
    found = []
    for signal in (shares, total[:, None], recording.voltage.magnitude):
        rows = np.empty((len(edges), signal.shape[1], edges.shape[1] - 1))
        for w, window in enumerate(edges):
            for b in range(len(window) - 1):
                overlap = np.minimum(borders[1:], window[b + 1]) - np.maximum(borders[:-1], window[b])
                weights = np.maximum(overlap, 0)
                rows[w, :, b] = weights @ signal / weights.sum()
        found.append(rows)
    return found[0], found[1][:, 0], found[2][:, 0]


def windows(rng, first, last, n, bins, length):
    starts = np.sort(rng.uniform(first, last - length, n))
    return starts[:, None] + length * np.sort(np.r_[0, rng.uniform(0, 1, bins - 1), 1])


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("length", [3.0, 40.0, 200.0])
def test_same_as_brute_force(random_recording, irregular, length):
    recording = random_recording(n=3000, irregular=irregular)
    rng = np.random.default_rng(5)
    times = recording.times.rescale("ms").magnitude
    edges = windows(rng, times[0] + 1, times[-1] - 1, 7, 11, length)
    found = fold(ncs.Currentscape(recording), edges)
    for direction in ("outward", "inward"):
        shares, totals, voltage = brute_means(recording, edges, direction)
        np.testing.assert_allclose(found.shares[direction].mean, shares.mean(axis=0), atol=1e-10)
        np.testing.assert_allclose(found.shares[direction].spread, shares.std(axis=0, ddof=1), atol=1e-8)
        np.testing.assert_allclose(found.totals[direction].mean[0], totals.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(found.voltage.mean[0], voltage.mean(axis=0), atol=1e-8)
    assert (found.count == 7).all()


@pytest.mark.parametrize("block, held", [(64, 50), (1000, 400), (1 << 13, 1 << 19)])
def test_pieces_do_not_matter(random_recording, monkeypatch, block, held):
    scape = ncs.Currentscape(random_recording(n=5000))
    edges = windows(np.random.default_rng(2), 0.0, 499.0, 40, 9, 30.0)
    whole = fold(scape, edges)
    monkeypatch.setattr(fold_module, "BLOCK", block)
    monkeypatch.setattr(fold_module, "HELD", held)
    parts = fold(scape, edges)
    np.testing.assert_allclose(parts.shares["inward"].mean, whole.shares["inward"].mean, atol=1e-11)
    np.testing.assert_allclose(parts.shares["inward"].spread, whole.shares["inward"].spread, atol=1e-9)
    np.testing.assert_array_equal(parts.count, whole.count)


def test_threads_give_the_same_to_the_last_digit(random_recording, monkeypatch):
    scape = ncs.Currentscape(random_recording(n=5000))
    edges = windows(np.random.default_rng(2), 0.0, 499.0, 40, 9, 30.0)
    monkeypatch.setattr(fold_module, "HELD", 400)
    many = fold(scape, edges)
    monkeypatch.setattr(fold_module, "THREADS", 1)
    one = fold(scape, edges)
    np.testing.assert_array_equal(many.shares["outward"].mean, one.shares["outward"].mean)


def test_gaps_and_the_outside_do_not_count(recording_of):
    values = np.array([[1.0, 3.0]] * 5 + [[np.nan, 1.0]] * 5 + [[3.0, 1.0]] * 10)
    recording = recording_of(values, dt=1.0, nan="gap")
    edges = np.array([[-0.5, 4.5, 9.5, 14.5], [4.5, 9.5, 14.5, 19.5], [14.5, 19.5, 24.5, 29.5]])
    found = fold(ncs.Currentscape(recording), edges)
    assert found.count.tolist() == [2, 1, 2]
    np.testing.assert_allclose(found.shares["outward"].mean[0], [(0.25 + 0.75) / 2, 0.75, 0.75])


def test_no_total_gives_no_share(recording_of):
    found = fold(ncs.Currentscape(recording_of([[0.0, -2.0]] * 10)), np.array([[0.0, 0.5]]))
    assert found.shares["outward"].mean.tolist() == [[0.0], [0.0]]
    assert found.shares["inward"].mean.tolist() == [[0.0], [1.0]]


def test_subnormal_totals(recording_of):
    found = fold(ncs.Currentscape(recording_of([[5e-324, 0.0]] * 10)), np.array([[0.0, 0.5]]))
    np.testing.assert_allclose(found.shares["outward"].mean, [[1.0], [0.0]])
