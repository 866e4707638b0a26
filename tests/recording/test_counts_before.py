"""Counting samples before borders by arithmetic against looking at all their times."""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.recording import timebase


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from([0.1, 0.025, 1 / 3, 1e-4, 7.3]),
    st.integers(2, 400),
    st.integers(1, 50),
    st.data(),
)
def test_the_same_as_with_all_times_written_out(start, period, n, n_bins, drawn):
    signal = neo.AnalogSignal(
        np.zeros((n, 1)), units="nA", t_start=start * pq.ms, sampling_period=period * pq.ms
    )
    first = drawn.draw(st.integers(0, n - 1))
    rows = slice(first, drawn.draw(st.integers(first, n)))
    times = timebase.float_times(signal, "ms")
    # Some borders are times of samples to the last digit.
    borders = np.concatenate(
        [np.linspace(times[0], times[-1], n_bins + 1), times, [times[0] - 1, times[-1] + 1]]
    )
    expected = np.searchsorted(times[rows], borders)
    np.testing.assert_array_equal(timebase.counts_before(signal, borders, rows), expected)


@pytest.mark.parametrize("start", [0.0, 123.4])
def test_long_recordings(start):
    n = 3_000_000
    signal = neo.AnalogSignal(
        np.broadcast_to(0.0, (n, 1)), units="nA", t_start=start * pq.ms, sampling_period=0.1 * pq.ms
    )
    times = timebase.float_times(signal, "ms")
    borders = np.concatenate([times[::999], np.linspace(times[0], times[-1], 2001)])
    found = timebase.counts_before(signal, borders, slice(0, n))
    np.testing.assert_array_equal(found, np.searchsorted(times, borders))


def test_irregular_sampling():
    signal = neo.IrregularlySampledSignal([0, 1, 3], np.zeros((3, 1)), units="nA", time_units="ms")
    found = timebase.counts_before(signal, np.array([0.0, 1.0, 2.0, 9.0]), slice(1, 3))
    assert found.tolist() == [0, 0, 1, 2]
