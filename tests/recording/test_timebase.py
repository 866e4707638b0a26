"""Time axes: times as they are read, samples found by time, and the time that a sample stands for."""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape import Currentscape, Recording
from neo_currentscape.recording import timebase


def regular(n=4, start=0.0, period=0.1, units="ms"):
    return neo.AnalogSignal(
        np.zeros((n, 1)),
        units="nA",
        t_start=pq.Quantity(start, units),
        sampling_period=pq.Quantity(period, units),
    )


def irregular(times, units="ms"):
    times = list(times)
    return neo.IrregularlySampledSignal(times, np.zeros((len(times), 1)), units="nA", time_units=units)


increasing_times = st.lists(st.floats(1e-3, 10.0), min_size=1, max_size=30).map(
    lambda steps: np.concatenate([[0.0], np.cumsum(steps)])
)


def test_float_times_of_some_rows_are_those_of_all():
    for signal in (regular(50, start=3.3, period=0.7), irregular(np.cumsum(np.linspace(0.1, 2, 50)), "s")):
        whole = timebase.float_times(signal, "ms")
        np.testing.assert_allclose(whole, signal.times.rescale("ms").magnitude, rtol=1e-14)
        for rows in (slice(0, 50), slice(7, 23), slice(49, 50), slice(5, 5)):
            np.testing.assert_array_equal(timebase.float_times(signal, "ms", rows), whole[rows])
        assert timebase.span(signal, "ms") == (pytest.approx(whole[0]), pytest.approx(whole[-1]))


@given(st.floats(-5.0, 5.0), st.floats(0.01, 2.0), st.integers(2, 40), st.integers(-3, 45))
def test_first_at_finds_samples_of_a_fixed_step(start, period, n, k):
    signal = regular(n, start, period)
    within = min(max(k, 0), n)
    assert timebase.first_at(signal, start + period * k) == within
    assert timebase.first_at(signal, start + period * (k - 0.5)) == within


@given(increasing_times, st.data())
def test_first_at_finds_samples_of_a_variable_step(times, data):
    signal = irregular(times)
    k = data.draw(st.integers(0, len(times) - 1))
    assert timebase.first_at(signal, times[k]) == k
    assert timebase.first_at(signal, times[-1] + 1) == len(times)
    assert timebase.first_at(signal, -1.0) == 0


def test_tiny_steps_are_told_apart():
    times = [0.0, 1.0, 1.0 + 1e-9, 100.0]
    assert timebase.first_at(irregular(times), times[2]) == 2


def test_a_fixed_step_sample_stands_for_one_interval():
    assert timebase.sample_durations(regular(), "ms") == pytest.approx(0.1)
    gaps = np.array([False, True, False, False])
    np.testing.assert_allclose(timebase.sample_durations(regular(), "ms", gaps), [0.1, 0, 0.1, 0.1])


@given(increasing_times, st.data())
def test_variable_step_durations_are_the_trapezoidal_rule(times, data):
    values = np.array(data.draw(st.lists(st.floats(-10, 10), min_size=len(times), max_size=len(times))))
    durations = timebase.sample_durations(irregular(times), "ms")
    assert durations @ values == pytest.approx((values[1:] + values[:-1]) @ np.diff(times) / 2, abs=1e-9)


@given(increasing_times, st.data())
def test_intervals_beside_gaps_stand_for_no_time(times, data):
    gaps = np.array(data.draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times))))
    durations = timebase.sample_durations(irregular(times), "ms", gaps)
    expected = sum(
        times[k + 1] - times[k] for k in range(len(times) - 1) if not gaps[k] and not gaps[k + 1]
    )
    assert durations.sum() == pytest.approx(expected)
    assert not durations[gaps].any()


@given(increasing_times, st.data())
def test_durations_of_some_rows_are_those_of_all(times, data):
    signal = irregular(times)
    gaps = np.array(data.draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times))))
    first = data.draw(st.integers(0, len(times)))
    rows = slice(first, data.draw(st.integers(first, len(times))))
    for marked in (None, gaps):
        whole = timebase.sample_durations(signal, "ms", marked)
        np.testing.assert_array_equal(timebase.sample_durations(signal, "ms", marked, rows), whole[rows])


@pytest.mark.parametrize("unit", ["ms", "s"])
def test_an_event_recorded_by_two_samples_is_what_was_before_and_after_it(unit):
    """1 nA up to 2 ms and 3 nA from there on: 2 pC and 6 pC, whatever part is drawn or cut out."""
    ms = np.array([0.0, 1, 2, 2, 3, 4])
    values = np.array([1.0, 1, 1, 3, 3, 3])[:, None] * [1, -1]
    times = pq.Quantity(ms, "ms").rescale(unit)
    currents = neo.IrregularlySampledSignal(
        times, values, units="nA", array_annotations={"name": ["a", "b"]}
    )
    rec = Recording(currents)
    assert (np.diff(rec.times.rescale("ms").magnitude) > 0).all()
    np.testing.assert_array_equal(currents.times.magnitude, times.magnitude)
    scape = Currentscape(rec)
    np.testing.assert_allclose(scape.charge("outward").magnitude, [8, 0], rtol=1e-12)
    np.testing.assert_allclose(scape.columns(4).charges["outward"], [8, 0], rtol=1e-12)
    late = Currentscape(rec.slice(2.5 * pq.ms, 5 * pq.ms))
    np.testing.assert_allclose(late.charge("inward").magnitude, [0, 3], rtol=1e-12)
