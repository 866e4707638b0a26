import numpy as np
import pytest
from matplotlib.colors import to_rgba

import neo_currentscape as ncs
from neo_currentscape.style.palettes import looks


def thickness(area):
    """Times of the corners of an area, and its extent there; the area may be in pieces."""
    vertices = np.concatenate([path.vertices for path in area.get_paths()])
    x = np.unique(vertices[:, 0])
    return x, np.array([np.ptp(vertices[vertices[:, 0] == at, 1]) for at in x])


def middle(area):
    """The middle of an area at each of its corners."""
    vertices = np.concatenate([path.vertices for path in area.get_paths()])
    return np.array(
        [
            (lambda y: (y.min() + y.max()) / 2)(vertices[vertices[:, 0] == at, 1])
            for at in np.unique(vertices[:, 0])
        ]
    )


def by_label(artists):
    return {artist.get_label(): artist for artist in artists}


def plain_shares(recording, direction):
    currents = recording.currents.magnitude * (1 if direction == "outward" else -1)
    parts = np.maximum(currents, 0)
    total = parts.sum(axis=1, keepdims=True)
    return np.where(total > 0, parts / np.where(total > 0, total, 1), 0)


@pytest.mark.parametrize("regular", [True, False])
@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_areas_are_as_thick_as_the_shares(direction, regular, make_recording, axes):
    recording = make_recording(5, regular=regular)
    areas = by_label(ncs.SharesPanel(recording).plot(axes))
    shares = plain_shares(recording, direction)
    for k, name in enumerate(recording.names):
        x, found = thickness(areas[f"{name} {direction}"])
        np.testing.assert_allclose(x, recording.times.rescale("ms").magnitude)
        np.testing.assert_allclose(found, shares[:, k], atol=1e-12)


def test_areas_of_a_reduced_recording_are_as_thick_as_the_mean_shares(make_recording, axes):
    recording = make_recording(3, samples=10_000)
    areas = by_label(ncs.SharesPanel(recording, columns=100).plot(axes))
    for direction in ("outward", "inward"):
        # Bins of equal width from the first to the last sample; the last holds both of its ends.
        edges = np.linspace(0, 999.9, 101)
        column = np.clip(np.searchsorted(edges, np.arange(10_000) * 0.1, side="right") - 1, 0, 99)
        for k, name in enumerate(recording.names):
            shares = plain_shares(recording, direction)[:, k]
            mean = np.bincount(column, shares) / np.bincount(column)
            _, found = thickness(areas[f"{name} {direction}"])
            np.testing.assert_allclose(found, mean, atol=0.02)
            assert np.median(np.abs(found - mean)) < 1e-9


def test_outward_lies_above_and_inward_below_zero_without_a_space_between(make_recording, axes):
    recording = make_recording(4)
    panel = ncs.SharesPanel(recording)
    areas = by_label(panel.plot(axes))
    for direction, sign in (("outward", 1), ("inward", -1)):
        base = np.zeros(len(recording))
        for _, name, _ in panel.shown():
            area = areas[f"{name} {direction}"]
            _, found = thickness(area)
            np.testing.assert_allclose(middle(area), sign * (base + found / 2), atol=1e-12)
            base += found
        np.testing.assert_allclose(base, 1)


@pytest.mark.parametrize(
    ("order", "wanted"),
    [("recorded", ["I0", "I1", "I2"]), (["I2", "I0"], ["I2", "I0", "I1"]), ("name", ["I0", "I1", "I2"])],
)
def test_order(order, wanted, make_recording, axes):
    artists = ncs.SharesPanel(make_recording(3), order=order).plot(axes)
    assert [artist.get_label() for artist in artists] == [
        f"{name} {direction}" for direction in ("outward", "inward") for name in wanted
    ]
    assert [words.get_text() for words in axes.get_legend().get_texts()] == wanted


def test_the_largest_charge_lies_at_the_zero_line(make_scape, axes):
    scape = make_scape(5)
    first = ncs.SharesPanel(scape).plot(axes)[0].get_label()
    charge = scape.charge("outward") + scape.charge("inward")
    assert first == f"{scape.names[int(np.argmax(charge))]} outward"


def test_areas_and_legend_look_the_same(make_recording, axes):
    names = [f"I{k}" for k in range(22)]
    areas = by_label(ncs.SharesPanel(make_recording(22, names=names), palette="muted").plot(axes))
    legend = axes.get_legend()
    wanted = looks(names, "muted")
    for words, patch in zip(legend.get_texts(), legend.get_patches(), strict=True):
        name = words.get_text()
        for area in (areas[f"{name} outward"], areas[f"{name} inward"]):
            np.testing.assert_allclose(area.get_facecolor()[0], patch.get_facecolor())
            assert area.get_hatch() == patch.get_hatch() == (wanted[name].hatch or None)
        assert patch.get_facecolor() == to_rgba(wanted[name].color)
    assert sum(patch.get_hatch() is not None for patch in legend.get_patches()) == 22 - 9


def test_percent_ticks(make_recording, axes):
    ncs.SharesPanel(make_recording(2)).plot(axes)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["100%", "50%", "0%", "50%", "100%"]
    assert axes.get_ylim() == (-1, 1)
    label = axes.get_ylabel().replace("\N{NO-BREAK SPACE}", " ")
    assert "Share of total" in label
    assert label.index("inward") < label.index("outward")


def test_where_nothing_flows_the_shares_are_empty(axes):
    import neo
    import quantities as pq

    zeros = neo.AnalogSignal(
        np.zeros((5, 2)), units="pA", sampling_period=1 * pq.ms, array_annotations={"name": ["a", "b"]}
    )
    artists = ncs.SharesPanel(ncs.Recording(zeros)).plot(axes)
    assert len(artists) == 4
    for area in artists:
        assert thickness(area)[1].max() == 0
    axes.figure.canvas.draw()


def test_no_paper_shines_through_between_areas(make_recording):
    """Two smoothed edges that meet let a hairline of what is below them through."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 3), dpi=100, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    options = {"legend": False, "ylabel": False, "xlabel": False, "zero_line": False}
    ncs.SharesPanel(
        make_recording(4), palette=["#332288", "#117733", "#882255", "#AA4499"], **options
    ).plot(axes)
    axes.axis("off")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[5:-5, 5:-5, :3]
    brightest = max(
        max(np.array(to_rgba(c)[:3]) * 255) for c in ("#332288", "#117733", "#882255", "#AA4499")
    )
    # Every pixel is a mixture of dark colours, and of the grey ground: none is as bright as paper.
    assert picture.min(axis=-1).max() < brightest


@pytest.mark.parametrize("option", ["legend", "area", "zero_line"])
def test_switched_off(option, make_recording, axes):
    ncs.SharesPanel(make_recording(2), **{option: False}).plot(axes)
    assert (axes.get_legend() is None) == (option == "legend")
    assert (len(axes.collections) == 0) == (option == "area")
    assert (len(axes.lines) == 0) == (option == "zero_line")


def test_restyled(make_recording, axes):
    area = {"alpha": 0.5, "edgecolor": "white", "lw": 1}
    artists = ncs.SharesPanel(make_recording(2), area=area, zero_line={"c": "red"}).plot(axes)
    assert all(artist.get_alpha() == 0.5 and artist.get_linewidth()[0] == 1 for artist in artists)
    assert axes.lines[0].get_color() == "red"
    assert not axes.patches  # no ground that would show through


def test_no_hairline_for_a_current_that_carries_nothing(make_recording, axes):
    artists = ncs.SharesPanel(make_recording(2)).plot(axes)
    assert all(artist.get_linewidth()[0] == 0 for artist in artists)
