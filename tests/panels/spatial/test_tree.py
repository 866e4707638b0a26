"""The map over the tree: lines where the compartments are, colours that are the contributions."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import CurrentscapeError
from neo_currentscape.panels.spatial.tree_layout import layout
from neo_currentscape.spatial import Morphology

POINTS = [
    [[0, 0, 0, 20], [0, 20, 0, 20]],
    [[0, 20, 0, 2], [0, 120, 0, 2]],
    [],
    [[0, 120, 0, 1], [-50, 220, 5, 1]],
    [[0, 120, 0, 1], [60, 200, 5, 1]],
]


def cell(points=True):
    shape = Morphology(
        ["soma(0.5)", "trunk(0.5)", "trunk(1)", "left(0.5)", "right(0.5)"],
        [-1, 0, 1, 2, 2],
        [0, 2, 2, 4, 4],
        [1000, 200, 0, 100, 50],
        [0, 60, 110, 160, 165],
        points=POINTS if points else None,
    )
    membrane = np.zeros((5, 2, 10))
    membrane[0, 0], membrane[3, 1], membrane[4, 1] = 1.0, -0.75, -0.25
    voltage = np.repeat([[-70.0], [-68.0], [-66.0], [-63.0], [-65.0]], 10, axis=1)
    return ncs.CellRecording.from_arrays(membrane, voltage, shape, ["leak", "AMPA"], np.arange(10.0))


def lines_of(artists):
    return next(a for a in artists if isinstance(a, LineCollection) and a.get_array() is not None)


def test_colours_are_contributions_in_percent():
    found = cell().map("soma")
    np.testing.assert_allclose(found.inward, [0, 0, 0, 0.75, 0.25], atol=1e-12)
    axes = Figure().add_subplot()
    lines = lines_of(ncs.TreePanel(found).plot(axes))
    np.testing.assert_allclose(lines.get_array(), [0, 0, 75, 25], atol=1e-9)
    assert lines.norm.vmax == pytest.approx(75)
    outward = lines_of(ncs.TreePanel(found, "outward").plot(Figure().add_subplot()))
    np.testing.assert_allclose(outward.get_array(), [100, 0, 0, 0], atol=1e-9)


def test_lines_are_the_morphology():
    axes = Figure().add_subplot()
    lines = lines_of(ncs.TreePanel(cell().map()).plot(axes))
    for segment, points in zip(lines.get_segments(), [POINTS[k] for k in (0, 1, 3, 4)], strict=True):
        np.testing.assert_allclose(segment, np.array(points)[:, :2])
    side = lines_of(ncs.TreePanel(cell().map(), view="zy").plot(Figure().add_subplot()))
    np.testing.assert_allclose(side.get_segments()[2], [[0, 120], [5, 220]])
    assert lines.get_linewidths()[0] > 3 * lines.get_linewidths()[2]


def test_contributions_per_length_and_area():
    found = cell().map()
    per_length = ncs.TreePanel(found, per="length").values()
    length = np.linalg.norm([50, 100, 5])
    assert per_length[3] == pytest.approx(75 / (length / 10))
    assert ncs.TreePanel(found, per="area").values()[4] == pytest.approx(25 / 0.5)


def test_without_points_a_dendrogram():
    found = layout(cell(points=False).morphology)
    assert len(found.lines) == 4 and np.isnan(found.width).all()
    # The branches lie in different rows, joined by an upright line at the joint's distance.
    assert found.lines[2][0, 1] != found.lines[3][0, 1]
    upright = [link for link in found.links if link[0, 0] == link[1, 0]]
    assert len(upright) == 2 and all(link[0, 0] == 110 for link in upright)
    # The trunk reaches the joint at its end.
    assert any(link[:, 0].tolist() == [60, 110] for link in found.links)
    axes = Figure().add_subplot()
    ncs.TreePanel(cell(points=False).map()).plot(axes)
    with pytest.raises(CurrentscapeError, match="needs 3-D points"):
        ncs.TreePanel(cell(points=False).map(), view="xy").plot(Figure().add_subplot())


def lopsided(own=9.0):
    """The target carries nine tenths of a current, the left branch three times what the right one does."""
    base = cell()
    membrane = base.membrane()
    membrane[0, 1] = -own
    return ncs.CellRecording.from_arrays(
        membrane, base.voltage(), base.morphology, base.names, np.arange(10.0)
    )


@pytest.mark.filterwarnings("ignore::neo_currentscape.conventions.errors.CurrentscapeWarning")
@pytest.mark.parametrize(
    ("scale", "vmax", "extend"),
    [("others", 7.5, "max"), ("linear", 90, "neither"), ("log", 90, "min"), ("quantile", 90, "neither")],
)
def test_a_target_does_not_hide_the_others(scale, vmax, extend):
    found = lopsided().map("soma", types="AMPA")
    figure = Figure()
    axes = figure.add_subplot()
    lines = lines_of(ncs.TreePanel(found, scale=scale).plot(axes))
    np.testing.assert_allclose(lines.get_array(), [90, 0, 7.5, 2.5], atol=1e-9)
    assert lines.norm.vmax == pytest.approx(vmax)
    at = [float(lines.norm(value)) for value in (2.5, 7.5)]
    expected = {
        "others": [1 / 3, 1], "linear": [2.5 / 90, 7.5 / 90],
        "log": [1 + np.log10(2.5 / 90) / 3, 1 + np.log10(7.5 / 90) / 3],
    }  # fmt: skip
    if scale == "quantile":
        assert at[0] > 0.2 and at[1] - at[0] > 0.2 and float(lines.norm(90)) == 1
    else:
        np.testing.assert_allclose(at, expected[scale], rtol=1e-9)
    label = figure.axes[1].get_ylabel()
    assert label.startswith("Contribution (% per compartment)")
    assert label.endswith("target: 90 % per compartment") == (scale == "others")
    assert lines.colorbar.extend == extend


def test_a_target_alone_has_a_scale():
    lines = lines_of(ncs.TreePanel(cell().map("soma"), "outward").plot(Figure().add_subplot()))
    assert lines.norm.vmax == pytest.approx(100)
    one = ncs.TreePanel(cell().map("soma"), vmax=50).plot(Figure().add_subplot())
    assert lines_of(one).norm.vmax == 50 and lines_of(one).colorbar.extend == "max"


def test_what_has_no_points_is_drawn_where_it_leaves_the_others():
    base = cell()
    points = [[] if k == 4 else p for k, p in enumerate(POINTS)]
    some = ncs.CellRecording.from_arrays(
        base.membrane(), base.voltage(), base.morphology.with_points(points), base.names, np.arange(10.0)
    )
    found = layout(some.morphology)
    assert len(found.lines) == 4 and not np.isnan(found.width).any()
    np.testing.assert_allclose(found.lines[2], np.array(POINTS[3])[:, :2])
    start, stop = found.lines[3]
    np.testing.assert_allclose(start, [0, 70])
    assert np.linalg.norm(stop - start) == pytest.approx(55 / 2, rel=0.1)
    assert ncs.TreePanel(some.map(), per="length").values()[4] == pytest.approx(25 / (27.5 / 10))
    assert not some.morphology.has_all_points and base.morphology.has_all_points
    with pytest.raises(CurrentscapeError, match="no 3-D points"):
        ncs.extracellular.geometry(some.morphology)


def test_in_a_figure_beside_panels_over_time():
    recording = cell()
    scape = recording.attribute().currentscape()
    figure = ncs.Figure(ncs.TreePanel(recording.map()), ncs.VoltagePanel(scape))
    figure.fig.canvas.draw()
    assert figure.axes[1].get_xlabel() == "Time (ms)"
    x = figure.axes[0].get_xlim()
    assert x[0] < -50 and x[1] > 60


def test_elements_can_be_switched_off_and_restyled():
    axes = Figure().add_subplot()
    off = ncs.TreePanel(
        cell().map(), marker=False, bar=False, scale_bar=False, title=False, line={"alpha": 0.5}
    ).plot(axes)
    assert len(off) == 1 and off[0].get_alpha() == 0.5 and not axes.get_title()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"view": "xw"}, "Unknown view"),
        ({"per": "volume"}, "Unknown per="),
        ({"direction": "up"}, "direction"),
        ({"vmax": -1}, "vmax"),
        ({"scale": "rank"}, "Unknown scale"),
        ({"colour": "red"}, "Unknown option|colour"),
    ],
)
def test_bad_options(options, sentence):
    with pytest.raises(CurrentscapeError, match=sentence):
        ncs.TreePanel(cell().map(), **options)
