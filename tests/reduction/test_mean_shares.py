import numpy as np
import pytest

from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.reduction.mean_shares import both_mean_shares, mean_shares


def test_both_are_those_of_each_direction(make_recording):
    recording = make_recording(4, samples=500)
    both = both_mean_shares(recording)
    assert list(both) == ["outward", "inward"]
    for direction, shares in both.items():
        np.testing.assert_array_equal(shares, mean_shares(recording, direction))


def test_both_read_each_sample_once(make_recording, monkeypatch):
    recording = make_recording(4, samples=500)
    numbers, read = np.asarray(recording.currents.magnitude), []

    def rows(first, last, channels):
        read.extend(range(first, last))
        return numbers[first:last] if channels is None else numbers[first:last, channels]

    lazy = LazyArray(rows, numbers.shape)
    monkeypatch.setattr("neo_currentscape.recording.values.magnitudes", lambda _: lazy)
    assert both_mean_shares(recording)["outward"].sum() == pytest.approx(1.0)
    assert read == list(range(500))
