"""Panels of experiments: what they draw is what the analyses say, and they work in any figure."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    UnknownNameError,
    UnknownOptionError,
)
from neo_currentscape.style import palettes


def recording(seed=0, voltage=True, names=("K", "Na", "leak")):
    rng = np.random.default_rng(seed)
    t = np.arange(4000) * 0.1
    values = rng.standard_normal((1, len(names))) + np.sin(t[:, None] / (5 + np.arange(len(names))))
    notes = {"array_annotations": {"name": np.array(names)}}
    currents = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, **notes)
    wave = -60 + 90 * np.maximum(np.sin(t / 6), 0) ** 8
    potential = neo.AnalogSignal(wave[:, None], units="mV", sampling_period=0.1 * pq.ms)
    return ncs.Recording(currents, potential if voltage else None)


@pytest.fixture(scope="module")
def average():
    return ncs.event_average(recording(), before=4 * pq.ms, after=8 * pq.ms, bins=24)


@pytest.fixture(scope="module")
def swept():
    runs = []
    for k, value in enumerate((0.3, 0.2, 0.1)):
        run = recording(k).to_segment()
        run.annotate(amplitude=value * pq.nA, condition=f"drug {k}")
        runs.append(run)
    return ncs.sweep(runs, by="amplitude")


@pytest.fixture(scope="module")
def perturbed(swept):
    runs = [ncs.distribution(scape, voltage_bins=30, share_bins=10) for scape in swept.scapes]
    return ncs.perturbation(runs, by=[1.0, 0.5, 0.25])


def axes_of(figure=None):
    return (figure or Figure()).add_subplot()


def test_an_average_is_stacked_as_it_is(average):
    axes = axes_of()
    artists = ncs.AveragePanel(average, order="recorded").plot(axes)
    assert [a.get_label() for a in artists][:3] == ["K outward", "Na outward", "leak outward"]
    shares = average.shares("outward")
    upper = artists[0].get_paths()[0].vertices
    for b in (0, 11, 23):
        for edge in average.edges.magnitude[b : b + 2]:
            assert np.isclose(upper, [edge, shares[b, 0]]).all(axis=1).any()
    assert axes.get_xlim() == (-4, 8) and axes.get_ylim() == (-1, 1)
    assert axes.get_xlabel() == "Time from event (ms)"
    look = palettes.looks(average.names)["K"]
    np.testing.assert_allclose(artists[0].get_facecolor()[0][:3], _rgb(look.color))


def _rgb(color):
    from matplotlib.colors import to_rgb

    return to_rgb(color)


def test_bands_are_one_standard_deviation(average):
    axes = axes_of()
    artists = ncs.AverageVoltagePanel(average).plot(axes)
    band, line = artists
    x, y = line.get_data()
    np.testing.assert_allclose(y[::2], average.voltage.magnitude)
    vertices = band.get_paths()[0].vertices
    top = (average.voltage + average.voltage_spread).magnitude.max()
    assert vertices[:, 1].max() == pytest.approx(top)
    assert axes.get_ylabel() == "Voltage\n(mV)"
    lines = ncs.AverageSharesPanel(average, "inward", least=0, band=False).plot(axes_of())
    flowing = (average.shares("inward").max(axis=0) > 0).sum()
    assert len(lines) == flowing >= 2 and len(lines[0].get_xdata()) == 48


def test_totals_point_away_from_the_shares(average):
    for direction, rises in (("outward", True), ("inward", False)):
        axes = axes_of()
        ncs.AverageTotalPanel(average, direction).plot(axes)
        low, high = axes.get_ylim()
        assert (low < high) == rises and axes.get_yscale() == "log"
        assert axes.get_ylabel() == f"{direction.capitalize()}\n(nA)"


def test_a_sweep_goes_as_it_was_run(swept):
    axes = axes_of()
    artists = ncs.SweepPanel(swept, order="recorded", legend=False).plot(axes)
    assert axes.get_xlim() == (0.3, 0.1) and axes.get_xlabel() == "amplitude (nA)"
    parts = swept.contributions("outward")
    vertices = artists[0].get_paths()[0].vertices
    for value, part in zip((0.3, 0.2, 0.1), parts[:, 0], strict=True):
        assert vertices[vertices[:, 0] == value][:, 1].max() == pytest.approx(part)


def test_conditions_with_names_are_bars(swept):
    named = ncs.Sweep("condition", np.array(["a", "b", "c"]), swept.scapes)
    axes = axes_of()
    bars = ncs.SweepPanel(named, what="charge", order="recorded", legend=False).plot(axes)
    assert [bar.get_height() for bar in bars[0]] == pytest.approx(swept.charge("outward").magnitude[:, 0])
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["a", "b", "c"]
    assert "(pC)" in axes.get_ylabel()


def test_multiples_share_one_colour_code(swept):
    figure = ncs.Figure(ncs.MultiplesPanel(swept, columns=2, window=(0 * pq.ms, 100 * pq.ms)))
    cells = [axes for axes in figure.fig.axes if axes.get_title()]
    assert [cell.get_title() for cell in cells] == ["0.3 nA", "0.2 nA", "0.1 nA"]
    assert figure.legend is not None
    # Voltages on one scale, times of the window.
    assert len({cell.get_ylim() for cell in cells}) == 1
    assert all(cell.get_xlim()[1] == pytest.approx(100) for cell in cells)
    colors = {}
    for panel in figure.artists[0]:
        for area in panel:
            colors.setdefault(area.get_label(), set()).add(tuple(area.get_facecolor()[0]))
    assert all(len(found) == 1 for found in colors.values())


def test_heat_maps_hold_the_probabilities(perturbed):
    axes = axes_of(Figure(layout="constrained"))
    (mesh,) = ncs.VoltageDistributionPanel(perturbed).plot(axes)
    shown = np.asarray(mesh.get_array()).reshape(30, 3)
    # Sorted for the mesh; the axis falls, as the steps were run.
    table = perturbed.voltage[::-1].T
    held = table > 1e-4
    np.testing.assert_allclose(np.where(held, shown, 0), np.where(held, table, 0))
    assert axes.get_xlim()[0] > axes.get_xlim()[1]
    assert axes.get_ylabel() == "Voltage\n(mV)"


def test_every_current_that_flows_has_a_map(perturbed):
    panel = ncs.ShareDistributionsPanel(perturbed, columns=2, colorbar=False)
    figure = Figure(layout="constrained")
    meshes = panel.plot(figure.add_subplot())
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert len(meshes) == len(titles) == len(panel.maps())
    direction, k = panel.maps()[0]
    assert titles[0] == f"{perturbed.names[k]} {direction}"
    shown = np.asarray(meshes[0].get_array()).reshape(10, 3)
    table = perturbed.shares(direction)[::-1, k].T
    np.testing.assert_allclose(np.where(table > 1e-4, shown, 0), np.where(table > 1e-4, table, 0))


def test_ridges_are_the_slope(perturbed):
    (mesh,) = ncs.VoltageDistributionPanel(perturbed, ridges=True, colorbar=False).plot(axes_of())
    shown = np.asarray(mesh.get_array()).reshape(29, 3)
    width = np.diff(perturbed.voltage_edges.magnitude)[0]
    slope = np.diff(np.log10(perturbed.voltage[::-1] + 1e-4), axis=1).T / width
    np.testing.assert_allclose(shown[slope != 0], slope[slope != 0])


def test_spike_phases_have_a_panel_each():
    found = ncs.spike_phases(recording(), bins=20)
    figure = ncs.Figure(ncs.SpikePhasesPanel(found))
    titles = [axes.get_title().split(",")[0] for axes in figure.fig.axes if axes.get_title()]
    assert titles == ["upstroke", "downstroke", "interval"]
    falling = next(axes for axes in figure.fig.axes if axes.get_title().startswith("downstroke"))
    assert falling.get_xlim()[0] > falling.get_xlim()[1]


@pytest.mark.parametrize("columns", [100, 5000])
def test_the_voltage_has_the_colour_of_what_dominates(columns):
    scape = ncs.Currentscape(recording())
    axes = axes_of()
    artists = ncs.DominantPanel(scape, "outward", legend=False, columns=columns).plot(axes)
    looks = palettes.looks(scape.names)
    names = {
        name: artist for artist in artists for name in scape.names if artist.get_label().startswith(name)
    }
    for name, artist in names.items():
        np.testing.assert_allclose(artist.get_colors()[0][:3], _rgb(looks[name].color))
    if columns == 5000:  # the samples themselves
        shares = scape.shares("outward").magnitude
        winner = scape.names[int(shares[2000].argmax())]
        ends = np.array([segment[1, 0] for segment in names[winner].get_segments()])
        assert np.isclose(ends, 200.0).any()


def test_a_comparison_draws_its_differences():
    a, b = recording(0), recording(1)
    found = ncs.compare(a, b, bins=50, labels=("control", "drug"))
    lines = ncs.DifferencePanel(found, "inward", least=0, order="recorded", legend=False).plot(axes_of())
    np.testing.assert_allclose(lines[0].get_ydata()[::2], found.shares("inward")[:, 0])
    axes = axes_of()
    bars = ncs.ChangesPanel(found, legend=False).plot(axes)
    first = found.ranking[0]
    assert bars[0][0].get_width() == pytest.approx(found.change("outward")[first])
    assert [tick.get_text() for tick in axes.get_yticklabels()][0] == found.names[first]
    axes = axes_of()
    voltages = ncs.ComparedVoltagePanel(found).plot(axes)
    assert [line.get_label() for line in voltages] == ["control", "drug"]
    assert axes.get_ylabel().startswith("Voltage")
    for line, one in zip(voltages, (a, b), strict=True):
        # Every peak, whatever the bins of the shares.
        assert np.nanmax(line.get_ydata()) == pytest.approx(float(one.voltage.magnitude.max()))


def test_means_of_voltages_are_called_so():
    found = ncs.compare(recording(0), recording(1), by="spike", bins=20)
    axes = axes_of()
    lines = ncs.ComparedVoltagePanel(found).plot(axes)
    assert axes.get_ylabel().startswith("Mean voltage")
    assert lines[0].get_ydata()[::2] == pytest.approx(found.first.voltage.magnitude, nan_ok=True)


def test_distances_as_matrix_and_distribution():
    found = ncs.distances([recording(k) for k in range(4)], labels="abcd", bins=50)
    figure = Figure(layout="constrained")
    image, drawn = ncs.DistancesPanel(found, bins=5).plot(figure.add_subplot())
    np.testing.assert_allclose(image.get_array(), found.matrix)
    assert drawn.get_data().values.sum() == 6


def test_every_result_has_a_figure_of_its_own(average, swept, perturbed, tmp_path):
    compared = ncs.compare(recording(0), recording(1, names=("K", "Na", "M")), bins=30)
    results = [
        average.plot(title="average"),
        swept.plot(multiples=True, palette="bright"),
        perturbed.plot(ridges=True),
        ncs.spike_phases(recording()).plot(size="column"),
        compared.plot(),
        ncs.distances([recording(k) for k in range(3)]).plot(),
    ]
    for k, figure in enumerate(results):
        assert isinstance(figure, ncs.Figure)
        figure.save(tmp_path / f"{k}.png", dpi=40)
    # A current has one colour in both shares of a comparison.
    looks = [panel.looks()["K"] for panel in results[4].panels if hasattr(panel, "looks")]
    assert len(looks) >= 4 and all(look == looks[0] for look in looks)


def test_without_a_voltage_there_is_none(tmp_path):
    bare = recording(voltage=False)
    found = ncs.event_average(bare, [50, 100] * pq.ms)
    assert [type(panel).__name__ for panel in found.plot().panels][0] == "AverageTotalPanel"
    with pytest.raises(SelectionError, match="no voltage"):
        ncs.AverageVoltagePanel(found)
    with pytest.raises(SelectionError, match="no voltage"):
        ncs.DominantPanel(bare)
    ncs.compare(bare, bare, bins=10).plot().save(tmp_path / "bare.png", dpi=40)


def test_refusals(average, swept):
    with pytest.raises(ArgumentTypeError, match=r"AveragePanel shows a result of class Average"):
        ncs.AveragePanel(recording())
    with pytest.raises(UnknownOptionError, match="did you mean 'order'"):
        ncs.AveragePanel(average, oder="name")
    with pytest.raises(UnknownNameError, match="contributions"):
        ncs.SweepPanel(swept, what="current")
    with pytest.raises(ArgumentError, match="columns=0"):
        ncs.MultiplesPanel(swept, columns=0)
    with pytest.raises(ArgumentError, match="among the 3 steps"):
        ncs.MultiplesPanel(swept, steps=[5])
    with pytest.raises(UnknownNameError, match="direction"):
        ncs.DifferencePanel(ncs.compare(recording(0), recording(1)), "up")
    free = Figure().add_axes((0.1, 0.1, 0.8, 0.8))
    with pytest.raises(ArgumentError, match="stands in no grid"):
        ncs.MultiplesPanel(swept).plot(free)
