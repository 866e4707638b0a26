"""Our panels in PyNN's Figure, and PyNN's panels in ours."""

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError

plotting = pytest.importorskip("pyNN.utility.plotting")


@pytest.fixture
def spiketrains():
    random = np.random.default_rng(1)
    return [
        neo.SpikeTrain(
            np.sort(random.uniform(0, 40, 9)), units="ms", t_stop=40, source_index=k, source_id=k
        )
        for k in range(6)
    ]


@pytest.fixture
def conductances():
    return neo.AnalogSignal(
        np.arange(300.0).reshape(100, 3),
        units="uS",
        sampling_period=0.4 * pq.ms,
        name="gsyn_exc",
        array_annotations={"channel_index": np.arange(3)},
    )


@pytest.fixture
def pynn_figure():
    """PyNN's Figure, which keeps neither pyplot nor rcParams as they were; that is put right after."""
    import matplotlib.pyplot as plt

    backend = matplotlib.rcParams["backend"]
    plt.switch_backend("agg")
    with matplotlib.rc_context():
        yield plotting.Figure
    plt.close("all")
    plt.switch_backend(backend)


def visible_time_labels(axes):
    axes.figure.canvas.draw()
    return [
        tick.label1.get_text()
        for tick in axes.xaxis.get_major_ticks()
        if tick.label1.get_visible() and tick.label1.get_text()
    ]


def test_pynn_panels_in_our_figure(make_scape, spiketrains, conductances):
    scape = make_scape(3)
    figure = ncs.Figure(
        ncs.VoltagePanel(scape),
        plotting.Panel(conductances, ylabel="Conductance (uS)", yticks=True),
        ncs.SharesPanel(scape),
        plotting.Panel(spiketrains, yticks=True, data_labels=["cells"]),
    )
    first = figure.axes[0]
    assert all(first.get_shared_x_axes().joined(first, axes) for axes in figure.axes)
    assert [bool(visible_time_labels(axes)) for axes in figure.axes] == [False, False, False, True]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "", "Time (ms)"]
    assert len(figure.axes[1].lines) == 3
    assert float(figure.axes[1].lines[0].get_xdata()[-1]) == pytest.approx(39.6)
    assert len(figure.axes[3].lines) == 6
    # What PyNN writes with pyplot is written on its own axes.
    assert [words.get_text() for words in figure.axes[3].texts] == ["cells"]
    assert not first.texts


def test_the_time_axis_holds_what_pynn_shows(make_scape, conductances):
    short = make_scape(2, samples=100)
    figure = ncs.Figure(ncs.TotalPanel(short), plotting.Panel(conductances))
    assert figure.axes[0].get_xlim() == pytest.approx((0, 39.6))


def test_images_of_pynn_share_no_time(make_scape):
    figure = ncs.Figure(ncs.TotalPanel(make_scape(2)), plotting.Panel(np.arange(12.0).reshape(3, 4)))
    first, second = figure.axes
    assert not first.get_shared_x_axes().joined(first, second)
    assert first.get_xlabel() == "Time (ms)"
    # The colour bar, which PyNN draws with pyplot, belongs to this figure.
    assert len(figure.fig.axes) == 3


def test_time_is_in_ms_beside_pynn(make_scape, conductances):
    long = make_scape(2, samples=400, dt=100)
    figure = ncs.Figure(ncs.TotalPanel(long), plotting.Panel(conductances))
    assert figure.axes[1].get_xlabel() == "Time (ms)"
    assert figure.axes[0].get_xlim()[1] == pytest.approx(39_900)
    with pytest.raises(ArgumentError, match=r"^time_units='s' cannot be used beside panels of PyNN"):
        ncs.Figure(ncs.TotalPanel(long), plotting.Panel(conductances), time_units="s")


def test_pynn_panels_leave_the_callers_pyplot_figure_current(make_scape, spiketrains):
    import matplotlib.pyplot as plt

    backend = matplotlib.rcParams["backend"]
    plt.switch_backend("agg")
    mine = plt.figure()
    try:
        ncs.Figure(ncs.TotalPanel(make_scape(2)), plotting.Panel(spiketrains, data_labels=["cells"]))
        assert plt.gcf() is mine
        assert plt.get_fignums() == [mine.number]
        figure = ncs.Figure(plotting.Panel(spiketrains, data_labels=["cells"]), on=mine)
        assert [words.get_text() for words in figure.axes[0].texts] == ["cells"]
    finally:
        plt.close(mine)
        plt.switch_backend(backend)


def test_long_labels_of_pynn_are_wrapped(make_scape, conductances):
    panel = plotting.Panel(conductances, ylabel="Synaptic conductance of all neurons (uS)")
    figure = ncs.Figure(panel, ncs.SharesPanel(make_scape(2)), size="column")
    assert "\n" in figure.axes[0].get_ylabel()


def test_our_panels_in_pynns_figure(make_scape, spiketrains, pynn_figure, tmp_path):
    scape = make_scape(3)
    ours = [
        ncs.VoltagePanel(scape),
        ncs.TotalPanel(scape, "outward"),
        ncs.SharesPanel(scape),
        ncs.TotalPanel(scape, "inward"),
        ncs.CurrentsPanel(scape),
        ncs.CurrentsPanel(scape, stacked=True),
        ncs.IonsPanel(scape),
        ncs.ContributionsPanel(scape),
    ]
    figure = pynn_figure(*ours, plotting.Panel(spiketrains, xticks=True, xlabel="Time (ms)", yticks=True))
    figure.save(str(tmp_path / "pynn.png"))
    assert len(figure.fig.axes) == 9
    assert [bool(visible_time_labels(axes)) for axes in figure.fig.axes] == [False] * 8 + [True]
    # Without a layout that makes room nothing may be wider than PyNN's margins.
    page = figure.fig.bbox
    for axes in figure.fig.axes[:8]:
        box = axes.get_tightbbox()
        assert box.x0 >= -1
        assert box.x1 <= page.x1 + 1
    for above, below in zip(figure.fig.axes[:7], figure.fig.axes[1:8], strict=True):
        assert above.get_tightbbox().y0 >= below.get_tightbbox().y1 - 1


def test_our_panel_is_the_last_in_pynns_figure(make_scape, spiketrains, pynn_figure):
    figure = pynn_figure(plotting.Panel(spiketrains), ncs.SharesPanel(make_scape(2)))
    assert figure.fig.axes[1].get_xlabel() == "Time (ms)"
    assert visible_time_labels(figure.fig.axes[1])


@pytest.mark.parametrize("names", [4, 12, "long"])
def test_no_legend_of_ours_covers_data_in_pynn(make_scape, pynn_figure, long_names, names):
    scape = make_scape(20, names=long_names) if names == "long" else make_scape(names)
    voltage = plotting.Panel(scape.recording.voltage, ylabel="v")
    figure = pynn_figure(
        voltage, ncs.SharesPanel(scape), ncs.CurrentsPanel(scape), voltage, title="Currents"
    )
    first, shares, currents, last = figure.fig.axes
    figure.fig.canvas.draw()
    for axes, above in ((shares, first), (currents, shares)):
        legend, box = axes.get_legend().get_window_extent(), axes.get_window_extent()
        assert legend.y0 >= box.y1 - 0.5  # not on the data
        assert legend.y1 <= above.get_window_extent().y0 + 0.5  # nor on the panel above
        assert legend.x0 >= box.x0 - 1 and legend.x1 <= box.x1 + 1
        # The time axes still stand below each other.
        assert (box.x0, box.x1) == (last.get_window_extent().x0, last.get_window_extent().x1)
        assert box.height > 0.25 * last.get_window_extent().height


def limits_of(figure):
    figure.fig.canvas.draw()
    return [axes.get_xlim() for axes in figure.fig.axes]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("samples", [20, 600])
def test_our_panels_show_the_times_of_pynns(make_scape, pynn_figure, place, samples):
    scape = make_scape(3, samples=samples)
    panels = [ncs.SharesPanel(scape), ncs.CurrentsPanel(scape), ncs.VoltagePanel(scape)]
    panels.insert(place, plotting.Panel(scape.recording.voltage, ylabel="v"))
    found = limits_of(pynn_figure(*panels))
    assert found[place][0] < 0  # the margin of PyNN's
    assert set(found) == {found[place]}


def test_our_panels_show_the_times_that_pynns_are_told(make_scape, pynn_figure):
    scape = make_scape(3, samples=600)
    for place in (0, 1):
        panels = [ncs.SharesPanel(scape)]
        panels.insert(place, plotting.Panel(scape.recording.voltage, ylabel="v", xlim=(10, 40)))
        assert limits_of(pynn_figure(*panels)) == [(10, 40)] * 2
        plotting.plt.close("all")


def test_our_panels_show_the_times_of_spike_trains(make_scape, spiketrains, pynn_figure):
    scape = make_scape(3, samples=400)
    for panels in ([plotting.Panel(spiketrains)], []):
        panels = [*panels, ncs.SharesPanel(scape), plotting.Panel(spiketrains)]
        assert set(limits_of(pynn_figure(*panels))) == {(0, 40)}
        plotting.plt.close("all")


def test_long_runs_are_in_ms_as_pynns_panels(make_scape, pynn_figure):
    scape = make_scape(3, samples=400, dt=100)
    panel = plotting.Panel(scape.recording.voltage, ylabel="v")
    figure = pynn_figure(panel, ncs.SharesPanel(scape))
    first, second = limits_of(figure)
    assert first == second and first[1] > 39_900
    assert figure.fig.axes[1].get_xlabel() == "Time (ms)"
    assert len(figure.fig.axes[1].get_legend().get_texts()) == 3


def test_other_runs_and_pictures_set_no_times(make_scape, pynn_figure):
    scape, other = make_scape(3, samples=600), make_scape(2, samples=100)
    figure = pynn_figure(
        plotting.Panel(np.arange(12.0).reshape(3, 4)),
        plotting.Panel(other.recording.voltage),
        ncs.SharesPanel(scape),
    )
    figure.fig.canvas.draw()
    assert [a for a in figure.fig.axes if a.get_xlabel()][0].get_xlim() == pytest.approx((0, 60))


def test_times_that_the_caller_sets_afterwards_stay(make_scape, pynn_figure):
    scape = make_scape(3, samples=600)
    figure = pynn_figure(ncs.SharesPanel(scape), plotting.Panel(scape.recording.voltage))
    figure.fig.axes[0].set_xlim(5, 25)
    assert limits_of(figure)[0] == (5, 25)


WIDE = {"font.size": 12, "axes.labelsize": "large"}


@pytest.mark.parametrize(
    "options",
    [{}, {"title": "A title", "annotations": "a\nb"}, {"settings": WIDE}, {"size": (3.35, 4)}],
    ids=["default", "title", "large text", "small page"],
)
@pytest.mark.parametrize("names", [4, 12, "long"])
def test_labels_of_ours_are_within_pynns_margins(make_scape, pynn_figure, long_names, options, names):
    scape = make_scape(6, names=long_names[:6]) if names == "long" else make_scape(names)
    ours = [ncs.SharesPanel(scape), ncs.TotalPanel(scape), ncs.CurrentsPanel(scape)]
    figure = pynn_figure(plotting.Panel(scape.recording.voltage, yticks=True), *ours, **options)
    figure.fig.canvas.draw()
    page = figure.fig.bbox
    axes = figure.fig.axes[1:]
    for one in axes:
        for box in (one.yaxis.get_tightbbox(), one.xaxis.get_tightbbox()):
            if box is not None:
                assert box.x0 >= -1 and box.x1 <= page.x1 + 1 and box.y0 >= -1
        label = one.yaxis.label.get_window_extent()
        assert label.height <= 1.5 * one.get_window_extent().height
        assert one.yaxis.label.get_fontsize() >= 6
    for above, below in zip(axes[:-1], axes[1:], strict=True):
        assert above.yaxis.label.get_window_extent().y0 >= below.yaxis.label.get_window_extent().y1 - 1


def test_a_page_with_room_changes_no_label(make_scape):
    from matplotlib.figure import Figure

    scape = make_scape(3)
    wide, narrow = Figure(figsize=(8, 3)), Figure(figsize=(2, 3))
    for figure in (wide, narrow):
        ncs.SharesPanel(scape).plot(figure.add_subplot())
        figure.draw_without_rendering()
    (first,), (second,) = wide.axes, narrow.axes
    assert "Share of total\n" in first.get_ylabel() and first.yaxis.label.get_fontsize() == 10
    assert second.yaxis.label.get_fontsize() < 10
    own = ncs.SharesPanel(scape, ylabel="My own words")
    axes = Figure(figsize=(2, 3)).add_subplot()
    own.plot(axes)
    axes.figure.draw_without_rendering()
    assert axes.get_ylabel().split() == ["My", "own", "words"]


def test_a_place_that_the_caller_says_is_kept(make_scape, pynn_figure):
    panel = ncs.SharesPanel(make_scape(4), legend={"loc": "lower left"})
    figure = pynn_figure(panel)
    (axes,) = figure.fig.axes
    figure.fig.canvas.draw()
    legend, box = axes.get_legend().get_window_extent(), axes.get_window_extent()
    assert box.x0 <= legend.x0 and box.y0 <= legend.y0 and legend.y1 < box.y1


def test_a_layout_makes_the_room_by_itself(make_scape):
    from matplotlib.figure import Figure

    root = Figure(figsize=(6, 6), layout="constrained")
    above, below = root.subplots(2)
    ncs.SharesPanel(make_scape(4)).plot(below)
    above.plot([0, 1], [0, 1])
    root.draw_without_rendering()
    assert below.get_legend().get_window_extent().y1 <= above.get_tightbbox().y0 + 0.5
