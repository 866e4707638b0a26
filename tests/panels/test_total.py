import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def total(recording, direction):
    currents = recording.currents.magnitude * (1 if direction == "outward" else -1)
    return np.maximum(currents, 0).sum(axis=1)


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_line_is_the_total(direction, make_recording, axes):
    recording = make_recording(4)
    fill, line = ncs.TotalPanel(recording, direction, scale="linear").plot(axes)
    np.testing.assert_allclose(line.get_ydata(), total(recording, direction))
    np.testing.assert_allclose(line.get_xdata(), np.arange(400) * 0.1)
    assert fill.get_paths()[0].vertices[:, 1].max() == pytest.approx(total(recording, direction).max())
    assert fill.get_paths()[0].vertices[:, 1].min() == 0


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_log_axis_raises_what_it_cannot_show_and_only_that(direction, make_recording, axes):
    recording = make_recording(3)
    _, line = ncs.TotalPanel(recording, direction).plot(axes)
    lower = min(axes.get_ylim())
    np.testing.assert_allclose(line.get_ydata(), np.maximum(total(recording, direction), lower))
    assert axes.get_yscale() == "log"


def test_inward_hangs_from_the_top(make_recording, axes):
    ncs.TotalPanel(make_recording(3), "inward").plot(axes)
    bottom, top = axes.get_ylim()
    assert bottom > top


@pytest.mark.parametrize(("direction", "wanted"), [("outward", (0.1, 50)), ("inward", (50, 0.1))])
def test_limits_are_given_the_smaller_first(direction, wanted, make_recording, axes):
    ncs.TotalPanel(make_recording(3), direction, ylim=(0.1, 50)).plot(axes)
    assert axes.get_ylim() == wanted


def test_is_not_solid_black(make_recording, axes):
    fill, line = ncs.TotalPanel(make_recording(3)).plot(axes)
    assert fill.get_facecolor()[0, :3].min() > 0.8
    assert line.get_linewidth() <= 1


@pytest.mark.parametrize(
    ("unit", "wanted"), [("nA", "nA"), ("pA", "pA"), ("mA/cm**2", "mA/cm²"), ("A", "A")]
)
def test_unit_of_the_data(unit, wanted, make_recording, axes):
    ncs.TotalPanel(make_recording(3, units=unit)).plot(axes)
    assert axes.get_ylabel() == f"Outward\n({wanted})"


def test_no_spike_is_lost(axes):
    values = np.full((100_000, 2), 1e-3)
    values[77_777, 0] = 5.0
    values[33_333, 0] = 1e-4  # and no dip either
    currents = neo.AnalogSignal(
        values, units="nA", sampling_period=0.01 * pq.ms, array_annotations={"name": ["a", "b"]}
    )
    _, line = ncs.TotalPanel(ncs.Recording(currents), scale="linear").plot(axes)
    x, y = line.get_data()
    assert len(x) < 10_000
    assert y.max() == 5.001
    assert x[np.argmax(y)] == pytest.approx(777.77, abs=1000 / 1800)
    assert y.min() == pytest.approx(1.1e-3)
    assert x[np.argmin(y)] == pytest.approx(333.33, abs=1000 / 1800)


def test_nothing_flows(axes):
    zeros = neo.AnalogSignal(
        np.zeros((9, 1)), units="nA", sampling_period=1 * pq.ms, array_annotations={"name": ["a"]}
    )
    for direction in ("outward", "inward"):
        _, line = ncs.TotalPanel(ncs.Recording(zeros), direction).plot(axes)
        assert set(line.get_ydata()) == {0.1}
        axes.figure.draw_without_rendering()
        axes.clear()


def test_switched_off_and_restyled(make_recording, axes):
    (line,) = ncs.TotalPanel(make_recording(2), fill=False, line={"lw": 3, "c": "red"}).plot(axes)
    assert (line.get_linewidth(), line.get_color()) == (3, "red")
    (fill,) = ncs.TotalPanel(make_recording(2), line=False, fill={"color": "blue"}).plot(axes)
    np.testing.assert_array_equal(fill.get_facecolor()[0], (0, 0, 1, 1))


def test_two_to_four_labelled_decades(make_recording, axes):
    ncs.TotalPanel(make_recording(3)).plot(axes)
    axes.figure.draw_without_rendering()
    low, high = sorted(axes.get_ylim())
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    assert 2 <= len(ticks) <= 4
