"""Plain times: which are regular, which are the same, and what becomes of repeated ones."""

import numpy as np
import pytest

from neo_currentscape.recording import sampling


def test_a_step_that_is_told_is_taken_where_the_times_follow_it():
    third = 1 / 3
    times = third * np.arange(100)
    assert sampling.regular_step(times, third) == third != sampling.regular_step(times)
    assert sampling.regular_step(times, 0.3) == sampling.regular_step(times)
    assert sampling.regular_step(np.array([0.0, 1.0, 2.5]), 1.0) is None


@pytest.mark.parametrize("start", [0.0, 1000.0, 1e6])
def test_times_are_the_same_to_a_part_of_a_step_however_late_they_are(start):
    times = start + 0.025 * np.arange(100)
    assert sampling.are_same(times, times + 0.9e-3 * 0.025)
    assert not sampling.are_same(times, times + 1.1e-3 * 0.025)
    assert not sampling.are_same(times, times[:-1])


def test_single_times_are_the_same_to_rounding():
    assert sampling.are_same(np.array([0.1 + 0.2]), np.array([0.3]))
    assert not sampling.are_same(np.array([0.3]), np.array([0.3001]))


def test_more_than_two_samples_of_one_time():
    times = sampling.set_apart(np.array([0.0, 1, 1, 1, 5, 5]))
    assert (np.diff(times) > 0).all()
    np.testing.assert_allclose(times, [0, 1, 1, 1, 5, 5], rtol=1e-13)


@pytest.mark.parametrize(
    "times",
    [
        [-2e-157, -2e-157, -2e-157, 0.0, 0.0, 1.0],
        [1000.0, 1000.0, 1000.0 + 1e-13, 1001.0],
        [5.0] * 6 + [5.000000000000001, 7.0],
        [-1e300, -1e300, 0.0, 1e-300, 2e-300, 2e-300],
    ],
)
def test_times_set_apart_pass_none_that_is_closer(times):
    times = np.array(times)
    apart = sampling.set_apart(times)
    assert (np.diff(apart) > 0).all()
    assert np.abs(apart - times).max() <= 100 * np.spacing(np.abs(times).max())
