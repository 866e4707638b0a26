"""Times and signals that are refused, and how two time axes differ."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording import time_checks


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


def test_what_is_no_signal_is_refused():
    with pytest.raises(
        ArgumentTypeError, match=r"currents is a ndarray: pass a neo\.AnalogSignal or a neo\.Irr"
    ):
        time_checks.check_signal(np.zeros((3, 1)), "currents")
    with pytest.raises(ArgumentTypeError, match="voltage is a Quantity: pass"):
        time_checks.check_signal([1, 2] * pq.mV, "voltage")


@pytest.mark.parametrize(("n", "found"), [(0, "0 samples"), (1, "1 sample")])
def test_too_few_samples_are_refused(n, found):
    with pytest.raises(SignalError) as caught:
        time_checks.check_signal(regular(n), "Signal 'ina'")
    assert str(caught.value) == (
        f"Signal 'ina' has {found}: a currentscape needs at least 2, so record over a longer time."
    )


def test_no_channel_is_refused():
    empty = neo.AnalogSignal(np.zeros((5, 0)), units="nA", sampling_period=1 * pq.ms)
    with pytest.raises(SignalError, match=r"currents has shape \(5, 0\): it holds no channel to show"):
        time_checks.check_signal(empty, "currents")


@pytest.mark.parametrize(
    ("times", "problem"),
    [
        ([0, 2, 1, 3], "has times that are not increasing, at 1 ms (sample 2): sort the samples by time."),
        (
            [0, 1, np.nan, 3],
            "has the time nan ms (sample 2), which is not finite: give each sample a time.",
        ),
    ],
)
def test_times_that_do_not_increase_are_refused(times, problem):
    with pytest.raises(SignalError) as caught:
        time_checks.check_signal(irregular(times), "Signal 'v'")
    assert str(caught.value) == f"Signal 'v' {problem}"


@pytest.mark.parametrize(
    ("first", "other", "difference"),
    [
        (regular(4), regular(5), "4 and 5 samples"),
        (regular(4), regular(4, period=0.2), "sampling intervals of 0.1 and 0.2 ms"),
        (regular(4), regular(4, start=0.05), "starts at 0 and 0.05 ms"),
        (regular(4), irregular([0, 0.1, 0.2, 0.3]), "one has a fixed sampling interval, the other has not"),
        (irregular([0, 1, 2]), irregular([0, 1.5, 2]), "at sample 1"),
    ],
)
def test_different_times_are_told(first, other, difference):
    with pytest.raises(SignalError) as caught:
        time_checks.check_same_times(first, other, "ina", "ik")
    assert str(caught.value) == (
        f"Signals 'ina' and 'ik' have different times ({difference}): record them together, resample one "
        "of them, or leave one out."
    )


def test_a_drift_over_a_long_recording_is_told():
    # 0.0999 and 0.1 ms agree to 0.1 %, and yet differ by a whole sample after 1,000.
    with pytest.raises(SignalError, match="sampling intervals"):
        time_checks.check_same_times(regular(2000), regular(2000, period=0.0999), "ina", "ik")


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (regular(4), regular(4, period=1e-4, units="s")),
        (regular(4, start=100), regular(4, start=0.1, period=1e-4, units="s")),
        (irregular([0, 1, 2]), irregular([0, 1e-3, 2e-3], "s")),
        (regular(4, start=0.1 + 0.2), regular(4, start=0.3)),
    ],
)
def test_same_times_in_other_units_are_the_same(first, other):
    time_checks.check_same_times(first, other, "ina", "ik")
