"""What a window says below the mouse is what is drawn there."""

import gc
import pickle
import weakref

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure as Page

import neo_currentscape as ncs


def recording(n_samples=1000, **more):
    """Two outward currents of 3 and 1 nA, and one of -2 nA that stops half-way."""
    values = np.tile([3.0, 1.0, -2.0], (n_samples, 1))
    values[n_samples // 2 :, 2] = 0.0
    names = {"name": ["Kd", "leak", "Na"]}
    signal = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, array_annotations=names)
    return ncs.Recording(signal, **more)


def drawn(panel):
    axes = Page(figsize=(6, 3)).add_subplot()
    panel.plot(axes)
    return axes


@pytest.mark.parametrize("n_samples", [1000, 50_000])
def test_shares_tell_current_direction_share_and_amplitude(n_samples):
    """The one below the mouse, whether samples or columns are drawn."""
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(recording(n_samples))))
    at = n_samples / 50
    assert axes.format_coord(at, 0.4) == f"{at:.0f} ms, Kd outward 75 %, 3 nA"
    assert axes.format_coord(at, 0.9) == f"{at:.0f} ms, leak outward 25 %, 1 nA"
    assert axes.format_coord(at, -0.5) == f"{at:.0f} ms, Na inward 100 %, 2 nA"
    assert axes.format_coord(at, 1.0).endswith("leak outward 25 %, 1 nA")


def test_nothing_drawn_is_said():
    """Beyond the recording, in gaps, and where no current flows in a direction."""
    rec = recording()
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(rec)))
    assert axes.format_coord(80, -0.5) == "80 ms, no inward current"
    assert axes.format_coord(300, 0.5) == "300 ms, nothing recorded here"
    holed = rec.currents.copy()
    holed[200:300] = np.nan * pq.nA
    blanked = ncs.Currentscape(ncs.Recording(holed, nan="gap"))
    for panel in (ncs.SharesPanel(blanked), ncs.TotalPanel(blanked), ncs.CurrentsPanel(blanked)):
        assert drawn(panel).format_coord(25, 0.5) == "25 ms, nothing recorded here"


def test_between_samples_the_numbers_are_as_straight_as_the_borders():
    """Half-way between 100 and 50 per cent the border lies at 75."""
    names = {"name": ["Kd", "leak"]}
    values = [[4.0, 0.0], [2.0, 2.0], [2.0, 2.0]]
    signal = neo.AnalogSignal(values, units="nA", sampling_period=10 * pq.ms, array_annotations=names)
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(ncs.Recording(signal)), order="recorded"))
    assert axes.format_coord(5, 0.74) == "5 ms, Kd outward 75 %, 3 nA"
    assert axes.format_coord(5, 0.76) == "5 ms, leak outward 25 %, 1 nA"


@pytest.mark.parametrize("direction, total", [("outward", 4), ("inward", 2)])
def test_totals_are_positive_whichever_way_their_axis_points(direction, total):
    """Also where the axis begins above zero and the total is zero."""
    axes = drawn(ncs.TotalPanel(ncs.Currentscape(recording()), direction))
    assert axes.format_coord(20, 3) == f"20 ms, {direction} total {total} nA (cursor at 3 nA)"
    if direction == "inward":
        assert axes.format_coord(80, 3).startswith("80 ms, inward total 0 nA")


def test_currents_tell_the_nearest_line():
    """With its direction and share; stacked, the one whose area is hit."""
    scape = ncs.Currentscape(recording())
    axes = drawn(ncs.CurrentsPanel(scape))
    assert axes.format_coord(20, 2.6) == "20 ms, Kd outward 3 nA, 75 % (cursor at 2.6 nA)"
    assert axes.format_coord(20, -2.5) == "20 ms, Na inward 2 nA, 100 % (cursor at −2.5 nA)"
    stacked = drawn(ncs.CurrentsPanel(scape, stacked=True))
    assert stacked.format_coord(20, 3.5) == "20 ms, leak outward 1 nA"


def test_columns_tell_their_extremes_and_a_spike_is_found():
    """A column of several samples has no one value."""
    values = np.zeros((100_000, 1))
    values[::2] = 1.0
    values[50_000] = 80.0
    signal = neo.AnalogSignal(values, units="nA", sampling_period=0.01 * pq.ms)
    axes = drawn(ncs.TotalPanel(ncs.Currentscape(ncs.Recording(signal)), scale="linear"))
    assert axes.format_coord(500, 3).startswith("500 ms, outward total 0 to 80 nA")


def test_a_bundle_tells_its_share_only():
    """Its line is what is left of both directions, which is no amplitude of either."""
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(recording(), top=1)))
    assert axes.format_coord(20, 0.9) == "20 ms, other outward 25 %"


def test_voltage_ions_and_rings():
    """Each in its unit."""
    sampled = {"sampling_period": 0.1 * pq.ms}
    voltage = neo.AnalogSignal(np.full((1000, 1), -61.0), units="mV", **sampled)
    ions = neo.AnalogSignal(
        np.tile([0.2, 140.0], (1000, 1)), units="mM", array_annotations={"name": ["cai", "ki"]}, **sampled
    )
    scape = ncs.Currentscape(recording(voltage=voltage, ions=ions))
    assert drawn(ncs.VoltagePanel(scape)).format_coord(20, -50) == "20 ms, −61 mV (cursor at −50 mV)"
    assert drawn(ncs.IonsPanel(scape)).format_coord(20, 90).startswith("20 ms, ki 140 mM")
    figure = ncs.Figure(ncs.ContributionsPanel(scape))
    figure.fig.canvas.draw()
    (axes,) = figure.axes
    wedge = next(w for w in figure.artists[0] if w.get_label() == "Kd outward")
    angle, radius = np.deg2rad((wedge.theta1 + wedge.theta2) / 2), wedge.r - wedge.width / 2
    x, y = np.array(wedge.center) + radius * np.array([np.cos(angle), np.sin(angle)])
    assert axes.format_coord(x, y) == "Kd outward 75 %, 300 pC"
    assert axes.format_coord(*wedge.center) == ""


def test_averages_tell_phase_and_share():
    """A stack, and lines."""
    times = np.arange(0, 100, 0.1)
    voltage = neo.AnalogSignal(
        np.where(times % 20 < 1, 30.0, -70.0)[:, None], units="mV", sampling_period=0.1 * pq.ms
    )
    figure = ncs.phase_average(recording(voltage=voltage), by="spike").plot()
    told = [axes.format_coord(0.5, 0.3) for axes in figure.axes]
    assert told[0].startswith("Phase 0.5, −70 mV")
    assert told[1].startswith("Phase 0.5, mean outward total 4 nA")
    assert told[2] == "Phase 0.5, Kd outward 75 %"
    assert told[4].startswith("Phase 0.5, leak outward 25 %")


def test_a_zoom_tells_what_is_then_drawn():
    """Samples, where columns were drawn before."""
    values = np.random.default_rng(3).uniform(1, 9, (200_000, 1))
    signal = neo.AnalogSignal(values, units="nA", sampling_period=0.01 * pq.ms)
    figure = ncs.Figure(ncs.TotalPanel(ncs.Currentscape(ncs.Recording(signal))))
    (axes,) = figure.axes
    figure.fig.canvas.draw()
    assert " to " in axes.format_coord(1000, 3)
    axes.set_xlim(1000, 1000.2)
    figure.fig.canvas.draw()
    assert f"total {values[100_005, 0]:.3g} nA" in axes.format_coord(1000.05, 3)


def test_a_cleared_axes_is_matplotlibs_again_and_a_pickled_one_keeps_units():
    """What was drawn is not told of what is not there."""
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(recording())))
    copied = pickle.loads(pickle.dumps(axes.figure)).axes[0]
    assert copied.format_coord(20, -0.4) == "20 ms, 40 %"
    axes.clear()
    axes.set_xlim(0, 1)
    assert axes.format_coord(0.5, 0.5).startswith("(x, y) = (0.5")


def test_no_figure_is_kept_alive():
    """Neither by what it tells nor by its legend."""
    figure = ncs.Currentscape(recording()).plot()
    kept = weakref.ref(figure.fig)
    figure.fig.canvas.draw()
    figure.axes[0].format_coord(1, 1)
    del figure
    gc.collect()
    assert kept() is None


def test_the_zero_line_belongs_to_the_first_that_flows():
    """And not to one of no thickness there."""
    axes = drawn(ncs.SharesPanel(ncs.Currentscape(recording()), order=["Na", "leak", "Kd"]))
    assert axes.format_coord(20, 0.0) == "20 ms, leak outward 25 %, 1 nA"


def test_the_toolbar_of_a_window_shows_it():
    """As every backend asks for it, that of notebooks among them."""
    from matplotlib.backend_bases import MouseEvent, NavigationToolbar2

    figure = ncs.Figure(ncs.SharesPanel(ncs.Currentscape(recording())))
    figure.fig.canvas.draw()
    x, y = figure.axes[0].transData.transform((20, 0.4))
    event = MouseEvent("motion_notify_event", figure.fig.canvas, x, y)
    words = NavigationToolbar2._mouse_event_to_message(event)
    assert words == "20 ms, Kd outward 75 %, 3 nA"
