import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from neo_currentscape.conventions.errors import UnknownNameError
from neo_currentscape.style import axes as axes_style


@pytest.mark.parametrize(
    ("duration", "unit"),
    [(50, "ms"), (1e4, "ms"), (1.1e4, "s"), (1e6, "s"), (2e6, "min"), (7e6, "h")],
)
def test_time_unit(duration, unit):
    assert axes_style.time_unit(duration) == unit


def test_unknown_time_unit():
    with pytest.raises(UnknownNameError, match="Unknown time unit 'sec'"):
        axes_style.check_time_unit("sec")


def test_columns_follow_the_width_of_the_figure():
    assert axes_style.n_columns(Figure(figsize=(10, 3), dpi=50).add_subplot(1, 2, 1)) == 3000
    assert axes_style.n_columns(Figure(figsize=(1, 1)).add_subplot()) == 500
    left, _ = Figure(figsize=(10, 3)).subfigures(1, 2)
    assert axes_style.n_columns(left.add_subplot()) == 1500


def test_time_is_labelled_below_the_lowest_axes_only():
    upper, lower = Figure().subplots(2, 1)
    for axes in (upper, lower):
        axes_style.label_time(axes, "us")
    upper.figure.draw_without_rendering()
    assert (upper.get_xlabel(), lower.get_xlabel()) == ("", "Time (µs)")
    assert not any(label.get_visible() and label.get_text() for label in shown(upper))
    assert shown(lower)


def shown(axes):
    return [tick.label1 for tick in axes.xaxis.get_major_ticks() if tick.label1.get_visible()]


def test_time_is_labelled_as_told(axes):
    axes_style.label_time(axes, "ms", "t / ms")
    assert axes.get_xlabel() == "t / ms"
    axes_style.label_time(axes, "ms", False)
    assert axes.get_xlabel() == ""
    upper, _ = Figure().subplots(2, 1)
    axes_style.label_time(upper, "ms", True)
    assert upper.get_xlabel() == "Time (ms)"


@pytest.mark.parametrize(
    ("given", "unit", "wanted"),
    [
        (None, "mA/cm**2", "I\n(mA/cm²)"),
        (None, "dimensionless", "I"),
        ("own", "nA", "own"),
        (False, "nA", ""),
    ],
)
def test_value_labels(axes, given, unit, wanted):
    axes_style.label_values(axes, given, "I", unit)
    assert axes.get_ylabel() == wanted


def test_grid(axes):
    axes_style.draw_grid(axes, {"color": "red", "lw": 2, "axis": "y"})
    assert axes.yaxis.get_gridlines()[0].get_color() == "red"
    assert axes.yaxis.get_gridlines()[0].get_linewidth() == 2
    assert not axes.xaxis.get_gridlines()[0].get_visible()
    assert axes.get_axisbelow() is True


@pytest.mark.parametrize(("grid", "visible"), [(True, True), ({}, True), (False, False)])
def test_grid_switched(axes, grid, visible):
    axes_style.draw_grid(axes, grid)
    assert axes.xaxis.get_gridlines()[0].get_visible() is visible


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3)), min_size=1, max_size=30))
def test_an_envelope_visits_both_extremes_of_each_column(columns):
    low = np.array([a for a, _ in columns])
    high = low + np.array([b for _, b in columns])
    x, y = axes_style.envelope(np.arange(len(low), dtype=float), low, high)
    pairs = y.reshape(-1, 2)
    np.testing.assert_array_equal(pairs.min(axis=1), low)
    np.testing.assert_array_equal(pairs.max(axis=1), high)
    x = x.reshape(-1, 2)
    np.testing.assert_allclose(x.mean(axis=1), np.arange(len(low)))
    assert set(np.ptp(x, axis=1)) <= {0.0, 1.0}


def test_an_envelope_goes_through_the_columns_of_a_flank_from_side_to_side():
    """A ramp stays a straight line; noise about a level is upright in the middle of its columns."""
    edges = np.linspace(0.0, 8.0, 9)
    x, y = axes_style.envelope((edges[1:] + edges[:-1]) / 2, edges[:-1], edges[1:])
    np.testing.assert_allclose(y, x)
    x, y = axes_style.envelope(np.arange(4.0), np.full(4, -1.0), np.full(4, 1.0))
    np.testing.assert_array_equal(x, np.repeat(np.arange(4.0), 2))
    np.testing.assert_array_equal(np.diff(y.reshape(-1, 2)).ravel(), [2, -2, 2, -2])


def test_an_envelope_of_samples_is_the_line_itself():
    times, values = np.arange(3.0), np.array([1.0, 5.0, 2.0])
    x, y = axes_style.envelope(times, values, values)
    assert x is times
    assert y is values
