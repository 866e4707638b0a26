import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.conventions.errors import ArgumentError, UnknownNameError
from neo_currentscape.style import scales

totals = st.lists(st.floats(1e-12, 1e9) | st.just(0.0), min_size=1, max_size=50).map(np.array)


@given(totals)
def test_log_limits_hold_the_peak_and_some_decades(total):
    lower, upper = scales.log_limits(total, total)
    assert 0 < lower < upper
    assert total.max() <= upper
    assert 1 - 1e-9 <= np.log10(upper / lower) <= scales.MOST_DECADES + 1e-9


def test_log_limits_show_all_of_a_moderate_range():
    total = np.geomspace(0.02, 40, 200)
    lower, upper = scales.log_limits(total, total)
    assert lower < 0.025
    assert upper > 40


def test_log_limits_are_not_pulled_down_by_a_moment_near_zero():
    total = np.r_[1e-15, np.full(999, 1.0), 100.0]
    assert scales.log_limits(total, total)[0] > 0.1


def test_log_limits_reach_to_a_minimum_that_is_near():
    total = np.r_[0.5, np.full(999, 1.0), 100.0]
    assert 0.3 < scales.log_limits(total, total)[0] < 0.5


def test_log_limits_weigh_by_time():
    """A hundred samples of a short spike do not hide the long rest of a few samples."""
    rest, spike = np.full(5, 0.1), np.full(995, 10.0)
    values, weights = np.r_[rest, spike], np.r_[np.full(5, 100.0), np.full(995, 0.01)]
    ends = np.array([0.0]), np.array([10.0])
    assert scales.log_limits(*ends, values, weights)[0] < 0.1
    assert scales.log_limits(*ends, values)[0] > 0.1


@given(totals)
def test_log_limits_do_not_move_with_the_columns(total):
    """Columns of any width have the same extremes over all."""
    wide = np.array([total.min()]), np.array([total.max()])
    assert scales.log_limits(*wide, total) == scales.log_limits(total, total)


@pytest.mark.parametrize("nothing", [np.zeros(3), np.full(3, np.nan)])
def test_limits_of_nothing(nothing):
    assert scales.log_limits(nothing, nothing) == (0.1, 1.0)
    assert scales.linear_limits(nothing) == (0.0, 1.0)


@given(st.floats(1e-9, 1e6), st.floats(1.05, 1e5))
def test_two_to_four_log_ticks_within_the_limits(low, ratio):
    high = low * ratio
    ticks = scales.log_ticks(low, high)
    assert 2 <= len(ticks) <= 5
    assert (np.diff(ticks) > 0).all()
    assert ticks[0] >= low * (1 - 1e-6)
    assert ticks[-1] <= high * (1 + 1e-6)
    assert len({scales.plain_or_power(tick) for tick in ticks}) == len(ticks)


def test_labels_of_a_log_axis(axes):
    axes.set_yscale("log")
    axes.set_ylim(0.05, 2000)
    scales.label_log(axes)
    axes.figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0.1", "10", "1000"]
    assert {label.get_text() for label in axes.get_yticklabels(minor=True)} == {""}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.001, "0.001"),
        (1e-4, "$10^{-4}$"),
        (3e-7, r"$3 \times 10^{-7}$"),
        (1e5, "$10^{5}$"),
        (0.0, "0"),
        (-0.1, "\N{MINUS SIGN}0.1"),
    ],
)
def test_plain_or_power(value, text):
    assert scales.plain_or_power(value) == text


@pytest.mark.parametrize("ylim", [(1,), "ab", 3, (0, np.nan), (2, 2), (0, np.inf)])
def test_limits_that_are_none(ylim):
    with pytest.raises(ArgumentError, match=r"^ylim=.* are no limits: write two numbers"):
        scales.check_limits(ylim)


def test_limits_that_do_not_fit_the_scale():
    with pytest.raises(ArgumentError, match="cannot be shown on a logarithmic axis"):
        scales.check_limits((0, 1), "log")
    with pytest.raises(ArgumentError, match="falls"):
        scales.check_limits((2, 1), "linear", rising=True)
    scales.check_limits((2, 1))


def test_unknown_scale():
    with pytest.raises(UnknownNameError, match="Unknown scale 'lgo': did you mean 'log'"):
        scales.check_scale("lgo", ("log", "linear"))
