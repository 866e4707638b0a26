"""A click on a legend brings a current out; another click restores the picture to the byte."""

import io

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.backend_bases import MouseEvent
from matplotlib.colors import to_rgb

import neo_currentscape as ncs


def scape(n_samples=400):
    values = np.tile([3.0, 1.0, -2.0], (n_samples, 1)) * np.linspace(0.5, 1.5, n_samples)[:, None]
    signal = neo.AnalogSignal(
        values,
        units="nA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": ["Kd", "K_outward", "Na"]},
    )
    return ncs.Currentscape(ncs.Recording(signal))


def click(figure, artist):
    figure.canvas.draw()
    box = artist.get_window_extent()
    for kind in ("button_press_event", "button_release_event"):
        MouseEvent(kind, figure.canvas, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, 1)._process()


def entry(legend, name):
    return next(t for t in legend.get_texts() if t.get_text() == name)


def saved(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=80)
    return buffer.getvalue()


def colours(axes):
    return {str(a.get_label()): tuple(a.get_facecolor()[0][:3]) for a in axes.collections}


@pytest.mark.parametrize("part", ["text", "swatch"])
def test_a_click_fades_the_others_and_another_restores(part):
    figure = scape().plot(panels=["shares", "currents", "contributions"])
    before, looks = saved(figure.fig), colours(figure.axes[0])
    target = entry(figure.legend, "Kd")
    if part == "swatch":
        target = figure.legend.legend_handles[figure.legend.get_texts().index(target)]
    click(figure.fig, target)
    faded = colours(figure.axes[0])
    assert faded["Kd outward"] == looks["Kd outward"]
    assert all(min(faded[k]) > 0.7 for k in faded if k.startswith(("Na", "K_outward")))
    lines = {line.get_label(): line for line in figure.axes[1].lines}
    assert min(to_rgb(lines["Na"].get_color())) > 0.7 > min(to_rgb(lines["Kd"].get_color()))
    assert saved(figure.fig) != before
    click(figure.fig, target)
    assert colours(figure.axes[0]) == looks
    assert saved(figure.fig) == before


def test_a_click_on_another_entry_changes_over():
    figure = scape().plot()
    looks = colours(figure.axes[1])
    for name in ("Kd", "Na"):
        click(figure.fig, entry(figure.legend, name))
    assert figure.legend.brings_out.shown == "Na"
    now = colours(figure.axes[1])
    assert now["Na inward"] == looks["Na inward"]
    assert now["Kd outward"] != looks["Kd outward"]


def test_it_stays_when_a_zoom_reduces_anew():
    figure = scape(100_000).plot(panels=["shares"])
    (axes,) = figure.axes
    click(figure.fig, entry(figure.legend, "Na"))
    faded = colours(axes)
    points = len(axes.collections[0].get_paths()[0].vertices)
    axes.set_xlim(100, 101)
    figure.fig.canvas.draw()
    assert len(axes.collections[0].get_paths()[0].vertices) != points
    assert colours(axes) == faded


def test_a_panel_on_its_own_axes_has_it_too_and_on_dark_paper_colours_darken():
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"axes.facecolor": "black", "figure.facecolor": "black"}):
        page = Figure(figsize=(6, 4))
        axes = page.add_subplot()
        ncs.SharesPanel(scape()).plot(axes)
    click(page, entry(axes.get_legend(), "Kd"))
    assert max(colours(axes)["Na inward"]) < 0.3
