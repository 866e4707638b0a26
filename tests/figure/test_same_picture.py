"""The reduced picture against the picture of every sample, and what a figure costs at any length."""

import numpy as np
import pytest
import quantities as pq
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.compat.drawing.half_shares import HalfSharesPanel
from neo_currentscape.compat.drawing.magnitudes import MagnitudesPanel


def figure(rec, panels, **options):
    return ncs.Currentscape(rec).plot(size=(5, 5), panels=panels, **options)


def pixels(drawn, dpi):
    drawn.fig.set_dpi(dpi)
    canvas = FigureCanvasAgg(drawn.fig)
    # The layout of matplotlib 3.8 comes to rest when a figure is drawn a second time.
    canvas.draw()
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


def inside(axes, image):
    """The part of a picture that one axes takes."""
    box = axes.get_window_extent()
    height = len(image)
    return image[int(height - box.y1) + 1 : int(height - box.y0), int(box.x0) + 1 : int(box.x1)]


ALL = ["voltage", "outward", "shares", "inward", "currents", "ions"]


@pytest.mark.parametrize("irregular", [False, True], ids=["regular", "irregular"])
@pytest.mark.parametrize("dpi", [100, 300])
def test_the_reduced_picture_is_the_picture(irregular, dpi, bursting):
    rec = bursting(12_000, irregular, n_currents=6)
    reduced, full = figure(rec, ALL), figure(rec, ALL, columns=12_000)
    assert len(full.artists[0][0].get_xdata()) == 12_000
    a, b = pixels(reduced, dpi), pixels(full, dpi)
    assert a.shape == b.shape
    apart = {}
    for ours, theirs, name in zip(reduced.axes, full.axes, ALL, strict=True):
        theirs_box, ours_box = theirs.get_window_extent().bounds, ours.get_window_extent().bounds
        np.testing.assert_allclose(ours_box, theirs_box, atol=1.0)
        apart[name] = np.abs(inside(ours, a) - inside(ours, b)).mean() / 255
    assert np.abs(a - b).mean() < 0.01 * 255
    assert max(apart.values()) < 0.01, apart


def total(direction):
    return lambda scape, **options: ncs.TotalPanel(scape, direction, **options)


def linear(scape, **options):
    return ncs.TotalPanel(scape, "inward", scale="linear", **options)


def residual(scale):
    return lambda scape, **options: ncs.ResidualPanel(
        scape, capacitance=100 * pq.pF, scale=scale, **options
    )


PANELS = {
    "voltage": ncs.VoltagePanel,
    "outward": total("outward"),
    "inward": total("inward"),
    "linear total": linear,
    "shares": ncs.SharesPanel,
    # In given colours, as the difference of two pictures grows with that of the colours.
    "inward shares": lambda scape, **o: HalfSharesPanel(scape, "inward", palette="muted", **o),
    "currents": ncs.CurrentsPanel,
    "symlog currents": lambda scape, **o: ncs.CurrentsPanel(scape, scale="symlog", **o),
    "stacked currents": lambda scape, **o: ncs.CurrentsPanel(scape, stacked=True, **o),
    "magnitudes": lambda scape, **o: MagnitudesPanel(scape, "outward", **o),
    "ions": ncs.IonsPanel,
    "residual": residual("log"),
    "linear residual": residual("linear"),
}


def alone(panel, dpi):
    """One panel on a page of its own: its picture within the axes, and the limits of its values."""
    page = Figure(figsize=(5, 1.2), dpi=dpi)
    axes = page.add_subplot()
    panel.plot(axes)
    canvas = FigureCanvasAgg(page)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())[..., :3].astype(float)
    return inside(axes, image), axes.get_ylim()


@pytest.mark.parametrize("irregular", [False, True], ids=["regular", "irregular"])
@pytest.mark.parametrize("dpi", [100, 300])
@pytest.mark.parametrize("kind", PANELS)
def test_each_panel_is_that_of_every_sample(kind, dpi, irregular, bursting):
    rec = bursting(12_000, irregular, n_currents=6)
    reduced, limits = alone(PANELS[kind](rec), dpi)
    full, wanted = alone(PANELS[kind](rec, columns=12_000), dpi)
    assert limits == pytest.approx(wanted, rel=1e-9)
    assert np.abs(reduced - full).mean() < 0.01 * 255


@pytest.mark.parametrize("irregular", [False, True], ids=["regular", "irregular"])
@pytest.mark.parametrize("kind", PANELS)
def test_limits_do_not_move_with_the_number_of_columns(kind, irregular, bursting):
    rec = bursting(40_000, irregular, n_currents=4)
    _, wanted = alone(PANELS[kind](rec, columns=40_000), 50)
    for n_columns in (20, 333, 1500):
        assert alone(PANELS[kind](rec, columns=n_columns), 50)[1] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("irregular", [False, True], ids=["regular", "irregular"])
def test_no_spike_is_lost_in_the_picture(irregular, bursting):
    """A spike of a single sample is as dark and as high as at full resolution."""
    import neo

    n, rng = 60_000, np.random.default_rng(3)
    spikes = rng.choice(np.arange(100, n - 100), 25, replace=False)
    values = np.full((n, 1), -60.0)
    values[spikes] = 30.0
    times = np.cumsum(rng.uniform(0.01, 0.19, n)) if irregular else 0.1 * np.arange(n)
    current = np.ones((n, 1))
    if irregular:
        current, voltage = (
            neo.IrregularlySampledSignal(times, x, units=u, time_units="ms", name=name)
            for x, u, name in ((current, "nA", "K"), (values, "mV", "v"))
        )
    else:
        current, voltage = (
            neo.AnalogSignal(x, units=u, sampling_period=0.1 * pq.ms, name=name)
            for x, u, name in ((current, "nA", "K"), (values, "mV", "v"))
        )
    drawn = figure(ncs.Recording(current, voltage), ["voltage"], legend=False)
    image = pixels(drawn, 100)
    axes = drawn.axes[0]
    for k in spikes:
        x, top = axes.transData.transform((times[k] / 1000 if axes.get_xlim()[1] < 100 else times[k], 25.0))
        row, column = int(len(image) - top), int(x)
        assert image[row - 1 : row + 2, column - 1 : column + 2].min() < 128


@pytest.mark.parametrize("n", [2000, 20_000, 400_000])
def test_vector_files_stay_small(n, bursting, tmp_path):
    path = tmp_path / "figure.pdf"
    ncs.Currentscape(bursting(n, n_currents=12)).plot(panels="all", size="page").save(path)
    assert path.stat().st_size < 1e6
