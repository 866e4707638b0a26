import copy
import gc
import inspect
import pickle
import sys
import weakref

import matplotlib
import numpy as np
import pytest
import quantities as pq
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as MatplotlibFigure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    UnknownNameError,
    UnknownOptionError,
)


def panels(scape):
    return (
        ncs.VoltagePanel(scape),
        ncs.TotalPanel(scape, "outward"),
        ncs.SharesPanel(scape),
        ncs.TotalPanel(scape, "inward"),
        ncs.CurrentsPanel(scape),
        ncs.IonsPanel(scape),
        ncs.ContributionsPanel(scape),
    )


def has_time_labels(axes):
    axes.figure.draw_without_rendering()
    return bool(axes.get_xlabel()) and any(
        tick.label1.get_visible() and tick.label1.get_text() for tick in axes.xaxis.get_major_ticks()
    )


def test_an_axes_and_artists_for_each_panel(make_scape):
    figure = ncs.Figure(*panels(make_scape(3)))
    assert len(figure.axes) == len(figure.artists) == len(figure.panels) == 7
    assert figure.fig.axes == figure.axes
    assert all(
        artist.axes is axes
        for axes, part in zip(figure.axes, figure.artists, strict=True)
        for artist in part
    )


def test_time_is_shared_and_labelled_below_the_last_panel_over_time(make_scape):
    figure = ncs.Figure(*panels(make_scape(3)))
    assert [has_time_labels(axes) for axes in figure.axes] == [False] * 5 + [True, False]
    assert figure.axes[5].get_xlabel() == "Time (ms)"
    first = figure.axes[0]
    assert all(first.get_shared_x_axes().joined(first, axes) for axes in figure.axes[1:6])
    assert not first.get_shared_x_axes().joined(first, figure.axes[6])
    first.set_xlim(3, 7)
    assert figure.axes[5].get_xlim() == (3, 7)


def test_all_that_the_panels_show_is_within_the_time_axis(make_recording):
    short = make_recording(2, samples=100)
    late = ncs.Recording(make_recording(2, samples=300).currents.time_shift(20 * pq.ms))
    figure = ncs.Figure(ncs.TotalPanel(short), ncs.TotalPanel(late))
    assert figure.axes[0].get_xlim() == pytest.approx((0, 49.9))


def test_one_unit_of_time(make_scape):
    scape = make_scape(2, samples=50, dt=1000)
    short = make_scape(2, samples=50)
    assert {p.time_units for p in ncs.Figure(ncs.TotalPanel(scape), ncs.SharesPanel(short)).panels} == {"s"}
    figure = ncs.Figure(ncs.TotalPanel(short, time_units="us"), ncs.SharesPanel(short))
    assert {panel.time_units for panel in figure.panels} == {"us"}
    figure = ncs.Figure(ncs.TotalPanel(short, time_units="us"), ncs.SharesPanel(short), time_units="min")
    assert figure.axes[-1].get_xlabel() == "Time (min)"


def test_xlabel_of_a_panel(make_scape):
    scape = make_scape(2)
    figure = ncs.Figure(ncs.TotalPanel(scape), ncs.SharesPanel(scape, xlabel=False))
    assert [axes.get_xlabel() for axes in figure.axes] == ["", ""]
    figure = ncs.Figure(ncs.TotalPanel(scape, xlabel="here too"), ncs.SharesPanel(scape))
    assert [axes.get_xlabel() for axes in figure.axes] == ["here too", "Time (ms)"]


def colors(figure):
    """Colours of each current wherever it is drawn."""
    found = {}
    for part in figure.artists:
        for artist in part:
            name = artist.get_label().rsplit(" ", 1)[0]
            color = artist.get_color() if hasattr(artist, "get_color") else artist.get_facecolor()
            found.setdefault(name, set()).add(
                to_rgba(np.ravel(color)[:4] if not isinstance(color, str) else color)
            )
    return found


def test_one_color_for_each_current_in_every_panel_and_the_legend(make_scape):
    scape = make_scape(5)
    figure = ncs.Figure(*panels(scape))
    drawn = colors(figure)
    for words, patch in zip(figure.legend.get_texts(), figure.legend.get_patches(), strict=True):
        assert drawn[words.get_text()] == {patch.get_facecolor()}


def test_and_in_every_figure_of_the_same_names(make_recording):
    names = ["Na", "K", "leak", "CaT"]
    one = ncs.SharesPanel(make_recording(4, names=names)).looks()
    other = ncs.SharesPanel(make_recording(4, names=names[::-1], samples=50)).looks()
    assert all(one[name] == other[name] for name in names)


def test_recordings_of_different_currents_in_one_figure(make_recording):
    one, other = make_recording(2, names=["Na", "K"]), make_recording(3, names=["K", "CaT", "Na"])
    figure = ncs.Figure(ncs.SharesPanel(one), ncs.SharesPanel(other))
    first, second = (panel.looks() for panel in figure.panels)
    assert first["Na"] == second["Na"]
    assert first["K"] == second["K"]
    assert len({look.color for look in second.values()}) == 3
    assert sorted(words.get_text() for words in figure.legend.get_texts()) == ["CaT", "K", "Na"]


def test_a_palette_of_one_panel_is_that_of_all(make_recording):
    recording = make_recording(2, names=["Na", "K"])
    figure = ncs.Figure(ncs.SharesPanel(recording, palette={"Na": "red"}), ncs.CurrentsPanel(recording))
    assert figure.panels[1].looks()["Na"].color == "red"


def test_palettes_that_contradict_each_other(make_recording):
    recording = make_recording(2, names=["Na", "K"])
    with pytest.raises(ArgumentError, match="^Current 'Na' would have two colours in one figure"):
        ncs.Figure(
            ncs.SharesPanel(recording, palette={"Na": "red"}),
            ncs.CurrentsPanel(recording, palette={"Na": "blue"}),
        )


def test_one_legend_of_swatches_in_the_order_of_the_stack(make_scape):
    from matplotlib.patches import Patch

    scape = make_scape(4)
    figure = ncs.Figure(ncs.CurrentsPanel(scape), ncs.SharesPanel(scape))
    assert [words.get_text() for words in figure.legend.get_texts()] == [
        scape.names[k] for k in scape.order()
    ]
    assert all(isinstance(handle, Patch) for handle in figure.legend.legend_handles)
    assert all(axes.get_legend() is None for axes in figure.axes)


def test_legend_of_lines_where_nothing_has_an_area(make_scape):
    figure = ncs.Figure(ncs.CurrentsPanel(make_scape(3)))
    assert len(figure.legend.get_lines()) == 3


def test_legend_keywords(make_scape):
    scape = make_scape(3)
    assert ncs.Figure(*panels(scape), legend=False).legend is None
    assert ncs.Figure(ncs.TotalPanel(scape)).legend is None
    assert ncs.Figure(ncs.SharesPanel(scape, legend=False)).legend is None
    figure = ncs.Figure(ncs.SharesPanel(scape, legend={"title": "panel"}), legend={"ncols": 3})
    assert figure.legend.get_title().get_text() == "panel"
    assert figure.legend._ncols == 3
    figure = ncs.Figure(ncs.SharesPanel(scape, legend={"title": "panel"}), legend={"title": "figure"})
    assert figure.legend.get_title().get_text() == "figure"


def test_heights(make_scape):
    scape = make_scape(2)
    figure = ncs.Figure(ncs.TotalPanel(scape, height=1), ncs.SharesPanel(scape, height=4), size=(6, 6))
    figure.fig.draw_without_rendering()
    upper, lower = (axes.get_window_extent().height for axes in figure.axes)
    assert lower / upper == pytest.approx(4, rel=0.02)


def test_title(make_scape):
    figure = ncs.Figure(ncs.SharesPanel(make_scape(2)), title="Currents of a neuron")
    assert figure.fig.get_suptitle() == "Currents of a neuron"


def test_settings_are_for_this_figure_only(make_scape):
    before = matplotlib.rcParams["axes.labelsize"]
    figure = ncs.Figure(
        ncs.TotalPanel(make_scape(2)), settings={"font.size": 11, "axes.facecolor": "yellow"}
    )
    assert figure.axes[0].yaxis.label.get_fontsize() == 11
    assert figure.axes[0].get_facecolor() == to_rgba("yellow")
    assert matplotlib.rcParams["axes.labelsize"] == before


class Broken:
    """A panel that changes settings, and fails."""

    def plot(self, axes):
        matplotlib.rcParams["font.size"] = 99
        raise RuntimeError("broken")


def test_rcparams_are_restored_after_an_error(make_scape):
    before = dict(matplotlib.rcParams)
    with pytest.raises(RuntimeError, match="broken"):
        ncs.Figure(ncs.TotalPanel(make_scape(2)), Broken(), settings={"lines.linewidth": 7})
    assert dict(matplotlib.rcParams) == before
    figure = ncs.Figure(ncs.TotalPanel(make_scape(2)))
    with pytest.raises((OSError, ValueError)):
        figure.save("/no such folder/figure.png")
    assert dict(matplotlib.rcParams) == before


def test_nothing_given_is_changed(make_recording):
    recording = make_recording(3)
    before = copy.deepcopy(recording.currents)
    settings, legend, area = {"font.size": 9}, {"ncols": 1}, {"lw": 1}
    panel = ncs.SharesPanel(recording, area=area)
    ncs.Figure(panel, ncs.CurrentsPanel(recording), settings=settings, legend=legend)
    np.testing.assert_array_equal(recording.currents.magnitude, before.magnitude)
    assert (settings, legend, area) == ({"font.size": 9}, {"ncols": 1}, {"lw": 1})
    assert panel.time_units is None
    assert panel.palette is None


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda s: ncs.Figure(), ArgumentError, "A Figure needs a panel"),
        (lambda s: ncs.Figure(s), ArgumentTypeError, "write scape.plot()"),
        (lambda s: ncs.Figure(ncs.SharesPanel), ArgumentTypeError, "A panel has a method plot(axes)"),
        (lambda s: ncs.Figure([ncs.SharesPanel(s)]), ArgumentTypeError, "A panel has a method plot(axes)"),
        (lambda s: ncs.Figure(ncs.SharesPanel(s), tilte="a"), UnknownOptionError, "did you mean 'title'?"),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), legend="no"),
            ArgumentTypeError,
            "legend= takes True, False or",
        ),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), size="colum"),
            UnknownNameError,
            "did you mean 'column'?",
        ),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), time_units="sec"),
            UnknownNameError,
            "Unknown time unit 'sec'",
        ),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), settings={"fontsize": 3}),
            UnknownNameError,
            "did you mean",
        ),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), on="fig"),
            ArgumentTypeError,
            "on= takes a matplotlib Figure",
        ),
        (
            lambda s: ncs.Figure(ncs.SharesPanel(s), on=MatplotlibFigure(), size="page"),
            ArgumentError,
            "size= cannot be given with on=",
        ),
    ],
)
def test_errors(make, error, words, make_scape):
    with pytest.raises(error) as caught:
        make(make_scape(2))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_signature_names_the_options():
    assert {"title", "size", "legend", "on"} <= set(inspect.signature(ncs.Figure).parameters)


def test_on_a_figure(make_scape):
    mine = MatplotlibFigure(figsize=(5, 6))
    figure = ncs.Figure(*panels(make_scape(2)), on=mine)
    assert figure.fig is mine
    assert mine.axes == figure.axes
    assert tuple(mine.get_size_inches()) == (5, 6)


def test_on_subfigures(make_scape, tmp_path):
    root = MatplotlibFigure(figsize=(10, 5))
    left, right = root.subfigures(1, 2)
    one, two = make_scape(2).plot(on=left), make_scape(3).plot(on=right, title="right")
    assert one.fig is left
    assert set(left.axes) == set(one.axes)
    assert set(right.axes) == set(two.axes)
    one.save(tmp_path / "both.png", dpi=20)
    assert (tmp_path / "both.png").stat().st_size > 0
    one._repr_png_()
    # Before 3.11 matplotlib lays subfigures out a little differently each time that they are drawn.
    if matplotlib.__version_info__ >= (3, 11):
        assert one._repr_png_() == two._repr_png_()


def test_the_layout_of_the_caller_is_kept(make_scape):
    mine = MatplotlibFigure(layout="tight")
    engine = mine.get_layout_engine()
    make_scape(2).plot(on=mine)
    assert mine.get_layout_engine() is engine


def test_drawing_over_axes_is_told(make_scape):
    mine = MatplotlibFigure()
    mine.add_subplot()
    with pytest.warns(ncs.CurrentscapeWarning, match=r"^The figure given as on= has axes already"):
        make_scape(2).plot(on=mine)


def test_a_notebook_gets_a_picture(make_scape):
    picture = make_scape(3).plot(size=(3, 4))._repr_png_()
    assert picture.startswith(b"\x89PNG")


def test_repr(make_scape):
    scape = make_scape(2)
    assert repr(ncs.Figure(ncs.SharesPanel(scape))) == "Figure of 1 panel: SharesPanel"
    assert repr(scape.plot()) == "Figure of 4 panels: VoltagePanel, TotalPanel, SharesPanel, TotalPanel"


def test_many_figures_leave_nothing_behind(make_scape, tmp_path):
    scape = make_scape(2, samples=50)
    alive = []
    for k in range(30):
        figure = scape.plot()
        if k % 10 == 0:
            figure.save(tmp_path / "figure.png", dpi=20)
        alive.append(weakref.ref(figure.fig))
    del figure
    gc.collect()
    assert not any(reference() for reference in alive)
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_figures_pickle(make_scape):
    figure = pickle.loads(pickle.dumps(make_scape(2).plot(panels="all").fig))
    figure.draw_without_rendering()
    assert len(figure.axes) == 7


def test_all_currents_zero(tmp_path):
    import neo

    zeros = neo.AnalogSignal(
        np.zeros((50, 2)), units="nA", sampling_period=1 * pq.ms, array_annotations={"name": ["a", "b"]}
    )
    scape = ncs.Currentscape(ncs.Recording(zeros))
    figure = scape.plot(panels=["outward", "shares", "inward", "currents", "contributions"])
    figure.save(tmp_path / "zero.png", dpi=30)
    assert [words.get_text() for words in figure.legend.get_texts()] == ["a", "b"]


def test_gaps_and_irregular_samples(make_scape, tmp_path):
    for regular in (True, False):
        scape = make_scape(3, regular=regular, nan=range(50, 90), voltage=True)
        scape.plot(panels="all").save(tmp_path / "gaps.png", dpi=30)


class Custom:
    """A panel of the caller's own."""

    def plot(self, axes):
        return axes.plot([0, 60], [1, 2])


def test_panels_of_the_callers_own(make_scape):
    figure = ncs.Figure(ncs.TotalPanel(make_scape(2)), Custom())
    assert figure.axes[1].lines
    assert figure.axes[0].get_xlim() == (0, 60)
    assert figure.axes[1].get_xlabel() == "Time (ms)"
    assert ncs.Figure(Custom()).legend is None
