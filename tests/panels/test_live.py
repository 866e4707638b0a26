"""Zooming: what a panel shows of a window, against the panel drawn at full resolution."""

import pickle

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.compat.drawing.half_shares import HalfSharesPanel
from neo_currentscape.compat.drawing.magnitudes import MagnitudesPanel
from neo_currentscape.panels.live import Live

PANELS = {
    "voltage": ncs.VoltagePanel,
    "outward": lambda scape, **o: ncs.TotalPanel(scape, "outward", **o),
    "inward": lambda scape, **o: ncs.TotalPanel(scape, "inward", **o),
    "shares": ncs.SharesPanel,
    "currents": ncs.CurrentsPanel,
    "stacked": lambda scape, **o: ncs.CurrentsPanel(scape, stacked=True, **o),
    "ions": ncs.IonsPanel,
    "magnitudes": lambda scape, **o: MagnitudesPanel(scape, "outward", **o),
    "bars": lambda scape, **o: HalfSharesPanel(scape, "inward", bars=True, **o),
    "image": lambda scape, **o: HalfSharesPanel(scape, "inward", image=200, **o),
}


def on_page(panel, width=5, dpi=100):
    figure = Figure(figsize=(width, 1.5), dpi=dpi)
    axes = figure.add_subplot()
    artists = panel.plot(axes)
    return FigureCanvasAgg(figure), axes, artists


def pixels(canvas):
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


@pytest.mark.parametrize("kind", PANELS)
@pytest.mark.parametrize("window", [(500, 501), (300, 700), (790, 900)], ids=["samples", "part", "end"])
def test_a_window_looks_as_at_full_resolution(kind, window, bursting):
    rec = bursting(8_000)
    canvas, axes, _ = on_page(PANELS[kind](rec))
    fine, fine_axes, _ = on_page(PANELS[kind](rec, columns=8_000))
    for some in (axes, fine_axes):
        some.set_xlim(*window)
    fine_axes.set_ylim(axes.get_ylim())
    assert np.abs(pixels(canvas) - pixels(fine)).mean() < 0.01 * 255


def test_a_window_of_few_samples_shows_them_and_home_is_home(bursting):
    rec = bursting(20_000)
    canvas, axes, (line, *_) = on_page(ncs.VoltagePanel(rec))
    before = line.get_xydata().copy()
    limits, values = axes.get_xlim(), axes.get_ylim()
    axes.set_xlim(100.03, 101.03)
    canvas.draw()
    times = rec.times.rescale("ms").magnitude
    held = (times > 99.95) & (times < 101.15)
    np.testing.assert_allclose(line.get_xdata(), times[held])
    np.testing.assert_array_equal(line.get_ydata(), rec.voltage.magnitude[held, 0])
    axes.set_xlim(limits)
    canvas.draw()
    assert axes.get_ylim() == values
    np.testing.assert_array_equal(line.get_xydata(), before)


def test_panels_on_one_time_axis_zoom_together_and_legends_stay(bursting):
    rec = bursting(20_000)
    figure = ncs.Currentscape(rec).plot(size=(5, 5))
    canvas = FigureCanvasAgg(figure.fig)
    canvas.draw()
    words = [text.get_text() for text in figure.legend.get_texts()]
    children = [len(axes.get_children()) for axes in figure.axes]
    limits = [axes.get_ylim() for axes in figure.axes]
    figure.axes[1].set_xlim(300, 305)
    canvas.draw()
    for axes in figure.axes:
        (live,) = (child for child in axes.get_children() if isinstance(child, Live))
        assert live.shown[0] == (300, 305)
    assert [text.get_text() for text in figure.legend.get_texts()] == words
    assert [len(axes.get_children()) for axes in figure.axes] == children
    assert [axes.get_ylim() for axes in figure.axes] == limits


def test_one_pass_serves_all_panels(monkeypatch, bursting):
    from neo_currentscape.reduction import shares

    calls = []
    reduce_recording = shares.reduce_recording
    monkeypatch.setattr(
        shares, "reduce_recording", lambda *args: calls.append(args) or reduce_recording(*args)
    )
    figure = ncs.Currentscape(bursting(20_000)).plot(size=(5, 5))
    canvas = FigureCanvasAgg(figure.fig)
    canvas.draw()
    assert len(calls) == 1
    for _ in range(2):  # a second drawing of the same window needs nothing
        figure.axes[0].set_xlim(300, 900)
        canvas.draw()
        assert len(calls) == 2


def test_pages_of_more_dots_get_more_columns(tmp_path, bursting):
    rec = bursting(20_000)
    figure = ncs.Currentscape(rec).plot(size=(4, 4))
    line = figure.artists[0][0]
    figure.save(tmp_path / "fine.png", dpi=300)
    assert len(line.get_xdata()) == 2 * 1200
    figure.save(tmp_path / "finer.png", dpi=600)
    assert len(line.get_xdata()) == 2 * 2400
    figure.save(tmp_path / "vector.pdf")
    assert len(line.get_xdata()) == 2 * 1200
    figure.save(tmp_path / "fine.png", dpi=300)
    assert len(line.get_xdata()) == 2 * 1200


def test_a_zoomed_window_is_saved_as_finely_as_a_page(tmp_path, bursting):
    figure = ncs.Currentscape(bursting(20_000)).plot(size=(4, 4))
    line = figure.artists[0][0]
    figure.axes[0].set_xlim(100, 1500)
    FigureCanvasAgg(figure.fig).draw()
    assert len(line.get_xdata()) <= 2 * 800
    figure.save(tmp_path / "page.pdf")
    assert len(line.get_xdata()) > 2 * 1000


def test_columns_of_the_caller_are_kept(bursting):
    canvas, axes, (line, *_) = on_page(ncs.VoltagePanel(bursting(20_000), columns=100))
    axes.set_xlim(100, 1500)
    canvas.draw()
    assert len(line.get_xdata()) == 200
    # One sample before the window belongs to the first column, on whose border a flank begins.
    assert 99.8 <= line.get_xdata().min() < 120


def test_short_recordings_are_not_looked_at_again(bursting):
    _, axes, _ = on_page(ncs.VoltagePanel(bursting(300)))
    assert not any(isinstance(child, Live) for child in axes.get_children())


@pytest.mark.parametrize("window", [(-500, -400), (5e4, 6e4), (1999.99, 2500)])
def test_beyond_the_recording_nothing_is_shown(window, bursting):
    canvas, axes, _ = on_page(ncs.SharesPanel(bursting(20_000)))
    axes.set_xlim(*window)
    canvas.draw()


def test_what_the_caller_removed_or_restyled_stays_so(bursting):
    rec = bursting(20_000)
    canvas, axes, artists = on_page(ncs.CurrentsPanel(rec, legend=False))
    artists[0].remove()
    artists[1].set_color("magenta")
    axes.set_xlim(500, 600)
    canvas.draw()
    assert artists[0] not in axes.lines
    assert artists[1].get_color() == "magenta"
    assert len(artists[1].get_xdata()) > 500


def test_settings_and_pyplot_are_left_alone(bursting):
    before = dict(matplotlib.rcParams)
    canvas, axes, _ = on_page(ncs.SharesPanel(bursting(20_000)))
    axes.set_xlim(500, 600)
    canvas.draw()
    assert dict(matplotlib.rcParams) == before


def test_a_pickled_figure_is_a_picture(bursting):
    rec = bursting(20_000)
    canvas, _, _ = on_page(ncs.VoltagePanel(rec))
    stored = pickle.dumps(canvas.figure)
    assert len(stored) < rec.currents.nbytes / 4
    figure = pickle.loads(stored)
    figure.axes[0].set_xlim(500, 600)
    FigureCanvasAgg(figure).draw()
