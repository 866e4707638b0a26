import itertools

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.panels.rings import INNER, spread


def of_charges(outward, inward, unit="nA"):
    """A currentscape in which the currents carry the given charges, one after the other."""
    n = len(outward)
    values = np.zeros((2, n))
    values[0], values[1] = outward, -np.asarray(inward, dtype=float)
    names = [f"I{k}" for k in range(n)]
    signal = neo.AnalogSignal(
        values, units=unit, sampling_period=1 * pq.ms, array_annotations={"name": names}
    )
    return ncs.Currentscape(ncs.Recording(signal))


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_wedges_are_as_wide_as_the_contributions(direction, make_scape, axes):
    scape = make_scape(6)
    wedges = {wedge.get_label(): wedge for wedge in ncs.ContributionsPanel(scape).plot(axes)}
    for name, part in zip(scape.names, scape.contributions(direction), strict=True):
        wedge = wedges.get(f"{name} {direction}")
        assert (wedge.theta2 - wedge.theta1 if wedge else 0) == pytest.approx(360 * part, abs=1e-9)


def test_wedges_go_clockwise_from_the_top_in_order(make_scape, axes):
    scape = make_scape(5)
    panel = ncs.ContributionsPanel(scape)
    wedges = [wedge for wedge in panel.plot(axes) if wedge.get_label().endswith("outward")]
    assert wedges[0].theta2 == 90
    for first, second in itertools.pairwise(wedges):
        assert second.theta2 == pytest.approx(first.theta1)
    order = [f"{name} outward" for _, name, _ in panel.shown()]
    assert [wedge.get_label() for wedge in wedges] == [
        label for label in order if label in {w.get_label() for w in wedges}
    ]


def test_wedges_look_as_the_areas(make_scape, axes):
    scape = make_scape(14)
    looks = ncs.SharesPanel(scape).looks()
    for wedge in ncs.ContributionsPanel(scape).plot(axes):
        look = looks[wedge.get_label().rsplit(" ", 1)[0]]
        assert wedge.get_facecolor() == matplotlib.colors.to_rgba(look.color)
        assert (wedge.get_hatch() or "") == look.hatch


def percents(axes):
    return [words for words in axes.texts if words.get_text().endswith("%")]


def test_percentages_from_five_on_are_written(axes):
    ncs.ContributionsPanel(of_charges([60, 36, 4], [0, 0, 1])).plot(axes)
    assert [words.get_text() for words in percents(axes)] == ["60%", "36%", "100%"]
    axes.clear()
    ncs.ContributionsPanel(of_charges([60, 36, 4], [0, 0, 1]), percent=0.01).plot(axes)
    assert "4%" in [words.get_text() for words in percents(axes)]
    axes.clear()
    ncs.ContributionsPanel(of_charges([60, 36, 4], [0, 0, 1]), percent=False).plot(axes)
    assert percents(axes) == []


CHARGES = [
    ([1] * 20, [1] * 20),
    ([100, *[6] * 9], [6, 6, 6, 6, 100, 6, 6]),
    ([50, 50], [97, 3]),
    ([1, 0], [1, 1e-9]),
    ([*[5.5] * 9, 50], [50, *[5.5] * 9]),
]


@pytest.mark.parametrize("size", [(3.35, 1.2), (6.85, 1.6), (5, 5), (13.3, 2), (2, 3)])
@pytest.mark.parametrize("charges", range(len(CHARGES)))
def test_no_label_lies_on_another_or_on_a_ring(charges, size):
    outward, inward = (
        np.resize(part, 20) * ([1] * len(part) + [0] * (20 - len(part))) for part in CHARGES[charges]
    )
    figure = Figure(figsize=size, dpi=150, layout="constrained")
    axes = figure.add_subplot()
    with matplotlib.rc_context({"font.size": 6.5}):
        wedges = ncs.ContributionsPanel(of_charges(outward, inward), legend=False).plot(axes)
    figure.draw_without_rendering()
    boxes = [words.get_window_extent() for words in axes.texts]
    for a, b in itertools.combinations(boxes, 2):
        assert not a.padded(-1).overlaps(b.padded(-1))
    for box in boxes:
        assert figure.bbox.padded(1).containsx(box.x0)
        assert figure.bbox.padded(1).containsx(box.x1)
        assert figure.bbox.padded(1).containsy(box.y0)
        assert figure.bbox.padded(1).containsy(box.y1)
    for wedge in wedges:
        centre = axes.transData.transform(wedge.center)
        radius = np.ptp(axes.transData.transform([(0, 0), (1, 0)])[:, 0])
        for words in percents(axes):
            box = words.get_window_extent().padded(-2)
            corners = np.array([(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
            assert np.hypot(*(corners - centre).T).min() > radius


@pytest.mark.parametrize("unit", ["nA", "mA/cm**2"])
def test_the_charge_stands_in_the_hole_of_its_ring(unit):
    figure = Figure(figsize=(3.35, 1.2), dpi=200, layout="constrained")
    axes = figure.add_subplot()
    scape = of_charges([3, 1], [1, 2], unit)
    with matplotlib.rc_context({"font.size": 6.5}):
        ncs.ContributionsPanel(scape, legend=False).plot(axes)
    figure.draw_without_rendering()
    radius = INNER * np.ptp(axes.transData.transform([(0, 0), (1, 0)])[:, 0])
    titles = [words for words in axes.texts if "ward" in words.get_text()]
    assert len(titles) == 2
    for words, direction in zip(titles, ("outward", "inward"), strict=True):
        box = words.get_window_extent()
        assert np.hypot(box.width, box.height) / 2 < 1.05 * radius
        assert words.get_text().startswith(direction)
        number, found = words.get_text().split("\n", 1)[1].replace("\n", " ").split(" ")
        assert found == {"nA": "pC", "mA/cm**2": "µC/cm²"}[unit]
        assert float(number) == pytest.approx(float(scape.charge(direction).sum()), rel=0.005)


def test_labels_follow_the_size_of_the_figure(make_scape):
    figure = Figure(figsize=(6, 2), dpi=100)
    axes = figure.add_subplot()
    ncs.ContributionsPanel(make_scape(4), legend=False).plot(axes)
    figure.draw_without_rendering()
    small = [words.get_position() for words in percents(axes)]
    figure.set_size_inches(9, 4)
    figure.draw_without_rendering()
    assert [words.get_position() for words in percents(axes)] != small


def test_where_nothing_flows_a_pale_ring_stands(axes):
    assert ncs.ContributionsPanel(of_charges([0, 0], [0, 0])).plot(axes) == []
    assert len(axes.patches) == 2
    assert [words.get_text().split("\n")[1] for words in axes.texts] == ["0 pC", "0 pC"]


def test_legend_stands_beside_the_rings(make_scape):
    for size in ((6, 1.5), (4, 4), (12, 3)):
        figure = Figure(figsize=size, dpi=100, layout="constrained")
        axes = figure.add_subplot()
        ncs.ContributionsPanel(make_scape(5)).plot(axes)
        figure.draw_without_rendering()
        edge = max(wedge.get_window_extent().x1 for wedge in axes.patches)
        assert axes.get_legend().get_window_extent().x0 >= edge - 1


def test_switched_off_and_restyled(make_scape, axes):
    wedges = ncs.ContributionsPanel(
        make_scape(3), wedge={"edgecolor": "white", "lw": 1}, label={"color": "red"}, legend=False
    ).plot(axes)
    assert {wedge.get_linewidth() for wedge in wedges} == {1}
    assert axes.texts[0].get_color() == "red"
    axes.clear()
    assert ncs.ContributionsPanel(make_scape(3), wedge=False, label=False, percent=False).plot(axes) == []
    assert not axes.texts


def test_spread_keeps_distance_order_and_limits():
    random = np.random.default_rng(0)
    for _ in range(200):
        n = random.integers(1, 12)
        wanted = random.uniform(-5, 5, n)
        found = spread(wanted, 0.7, 5.5)
        order = np.argsort(wanted, kind="stable")
        assert (np.diff(found[order]) >= 0.7 - 1e-9).all()
        assert np.abs(found).max() <= 5.5 + 1e-9


def test_spread_moves_as_little_as_possible():
    """Against brute force over a fine grid."""
    wanted = np.array([0.0, 0.2, 0.3])
    grid = np.arange(-2, 2.001, 0.05)
    best = min(
        (float(((np.array(y) - wanted) ** 2).sum()), y)
        for y in itertools.product(grid, repeat=3)
        if y[1] - y[0] >= 0.5 - 1e-9 and y[2] - y[1] >= 0.5 - 1e-9
    )
    np.testing.assert_allclose(spread(wanted, 0.5, 10), best[1], atol=0.03)


def test_spread_of_more_than_fit_shares_the_room():
    np.testing.assert_allclose(spread(np.zeros(5), 10, 2), [-2, -1, 0, 1, 2])
