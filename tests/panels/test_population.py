"""The population panel shows the means and spreads of a Summary."""

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError


@pytest.fixture
def summary():
    """Two neurons: K has shares 1/4 and 3/4 outward, Na is alone inward."""
    recordings = []
    for size in (1.0, 9.0):
        values = np.tile([size, 3.0, -1.0], (8, 1))
        currents = neo.AnalogSignal(values, units="nA", sampling_period=1 * pq.ms)
        currents.array_annotate(name=["K", "leak", "Na"])
        recordings.append(ncs.Recording(currents))
    return ncs.summarise(recordings, bins=4)


def test_lines_are_the_means_and_bands_the_spread(summary):
    axes = Figure().add_subplot()
    artists = ncs.PopulationPanel(summary).plot(axes)
    lines = {line.get_label(): line for line in axes.lines if " " in line.get_label()}
    assert list(lines) == ["K outward", "leak outward", "Na inward"]
    np.testing.assert_allclose(lines["K outward"].get_ydata(), [0.5] * 4)
    np.testing.assert_allclose(lines["Na inward"].get_ydata(), [-1] * 4)
    np.testing.assert_allclose(lines["K outward"].get_xdata(), summary.times.magnitude)
    bands = [artist for artist in artists if artist not in lines.values()]
    heights = [band.get_paths()[0].vertices[:, 1] for band in bands]
    np.testing.assert_allclose(
        [[h.min(), h.max()] for h in heights], [[0.25, 0.75], [0.25, 0.75], [-1, -1]]
    )
    assert axes.get_ylim() == (-1, 1)


def test_colours_are_those_of_the_other_panels(summary):
    axes = Figure().add_subplot()
    panel = ncs.PopulationPanel(summary, band=False)
    panel.plot(axes)
    colors = {line.get_label().split()[0]: to_rgba(line.get_color()) for line in axes.lines[:3]}
    looks = panel.looks()
    assert colors == {name: to_rgba(looks[name].color) for name in ("K", "leak", "Na")}


def test_elements_are_switched_off_and_restyled(summary):
    axes = Figure().add_subplot()
    panel = ncs.PopulationPanel(summary, line=False, band={"alpha": 0.5}, zero_line=False, legend=False)
    artists = panel.plot(axes)
    assert len(axes.lines) == 0
    assert axes.get_legend() is None
    assert {artist.get_alpha() for artist in artists} == {0.5}


def test_in_a_figure_with_a_legend(summary, tmp_path):
    figure = ncs.Figure(ncs.PopulationPanel(summary), size=(5, 3))
    figure.save(tmp_path / "population.png")
    (legend,) = figure.fig.legends
    # By the charges of both neurons, 80, 48 and 16 pC.
    assert [text.get_text() for text in legend.get_texts()] == ["K", "leak", "Na"]


def test_a_recording_is_refused(summary):
    currents = neo.AnalogSignal([[1.0], [2.0]], units="nA", sampling_period=1 * pq.ms, name="K")
    with pytest.raises(ArgumentTypeError, match=r"shows a Summary, not a Recording: write Popu"):
        ncs.PopulationPanel(ncs.Recording(currents))


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=12, savefig_kwargs={"dpi": 80}
)
def test_picture():
    """Two currents that take turns, in thirty neurons with phases of their own."""
    time = np.arange(2000)[:, None] * 0.1
    phases = np.random.default_rng(0).normal(0, 0.6, 30)
    recordings = []
    for phase in phases:
        wave = np.sin(time / 15 + phase)
        currents = neo.AnalogSignal(
            np.hstack([1.2 + wave, 1.2 - wave, -2 - wave]), units="nA", sampling_period=0.1 * pq.ms
        )
        currents.array_annotate(name=["K", "leak", "Na"])
        recordings.append(ncs.Recording(currents))
    figure = ncs.Figure(ncs.PopulationPanel(ncs.summarise(recordings)), size=(4, 2.5), legend=False)
    figure.fig.set_layout_engine("none")
    figure.axes[0].set_position((0.05, 0.05, 0.9, 0.9))
    for text in figure.fig.findobj(Text):
        text.set_visible(False)
    return figure.fig


def test_a_summary_plots_itself(summary):
    figure = summary.plot(band=False, order=["leak"], title="Two neurons")
    assert figure.fig.get_suptitle() == "Two neurons"
    labels = [line.get_label() for line in figure.axes[0].lines if " " in line.get_label()]
    assert labels == ["leak outward", "K outward", "Na inward"]
    assert not figure.axes[0].collections


def test_currents_are_drawn_as_they_flow(summary):
    axes = Figure().add_subplot()
    artists = ncs.PopulationCurrentsPanel(summary).plot(axes)
    lines = {a.get_label(): a for a in artists if hasattr(a, "get_xdata")}
    assert {name: line.get_ydata()[0] for name, line in lines.items()} == {"K": 5, "leak": 3, "Na": -1}
    band = artists[artists.index(lines["K"]) - 1]
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (1, 9)  # 1 and 9 nA: 5 ± 4
    assert axes.get_ylabel() == "Mean current\n(nA)"


def test_figure_shows_shares_and_amplitudes(summary):
    figure = summary.plot()
    assert [type(panel).__name__ for panel in figure.panels] == [
        "PopulationPanel",
        "PopulationCurrentsPanel",
    ]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "Time (ms)"]
    assert len(summary.plot(amplitudes=False).axes) == 1
