"""What a reader of the page sees: everything on it, nothing on anything else, and large enough."""

import contextlib
import io
import itertools
import re

import numpy as np
import pytest
import quantities as pq
from matplotlib.text import Text

import neo_currentscape as ncs
from neo_currentscape.panels.rings import INNER

SIZES = {
    "column": "column",
    "page": "page",
    "slide": "slide",
    "default": None,
    "column 85 x 110 mm": (85 * pq.mm, 110 * pq.mm),
    "flat": (174 * pq.mm, 70 * pq.mm),
    "tall": (3.0, 8.0),
}


def texts(figure):
    """All texts that are drawn, with their boxes."""
    hidden = {id(label) for label in labels_beyond_the_limits(figure)}
    return [
        (text, text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text() and id(text) not in hidden
    ]


def labels_beyond_the_limits(figure):
    """Labels of ticks that are kept, but not drawn."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-6 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not axes.axison or not low - slack <= tick.get_loc() <= high + slack:
                    yield from (tick.label1, tick.label2)
        if not axes.axison:
            yield from (axes.xaxis.label, axes.yaxis.label)


def check_page(figure):
    root = figure.fig
    root.draw_without_rendering()
    page = root.bbox.padded(1.5)
    boxes = texts(root)
    assert len(boxes) > 8
    for text, box in boxes:
        assert page.x0 <= box.x0 and box.x1 <= page.x1, (text.get_text(), box)
        assert page.y0 <= box.y0 and box.y1 <= page.y1, (text.get_text(), box)
    for (a, first), (b, second) in itertools.combinations(boxes, 2):
        assert not first.padded(-1).overlaps(second.padded(-1)), (a.get_text(), b.get_text())
    for axes in figure.axes:
        box = axes.get_window_extent()
        assert box.width > 0.3 * root.bbox.width or not axes.axison
        assert root.legends == [] or not root.legends[0].get_window_extent().padded(-1).overlaps(box)
    for above, below in itertools.pairwise(figure.axes):
        assert above.get_window_extent().y0 > below.get_window_extent().y1


@pytest.mark.parametrize(
    ("size", "n", "duration"),
    [
        *itertools.product(["column", "slide"], [3, 9, 20], [50, 2000]),
        *itertools.product(["page", "default"], [9, 20], [2000]),
    ],
)
def test_standard_figure(size, n, duration, make_scape, long_names):
    names = long_names if n == 20 else None
    scape = make_scape(n, samples=2000, dt=duration / 2000, names=names, units="mA/cm**2")
    check_page(scape.plot(size=SIZES[size], title="A figure of all currents that were recorded"))


@pytest.mark.parametrize(
    ("size", "n"), [*itertools.product(["column", "slide"], [3, 9, 20]), ("page", 20), ("tall", 9)]
)
def test_all_panels(size, n, make_scape, long_names):
    names = long_names if n == 20 else None
    check_page(make_scape(n, electrode=1, names=names).plot(size=SIZES[size], panels="all"))


@pytest.mark.parametrize("n", [3, 9])
@pytest.mark.parametrize("size", ["column 85 x 110 mm", "flat", "tall"])
def test_given_sizes(size, n, make_scape):
    check_page(make_scape(n).plot(size=SIZES[size]))


def test_twenty_long_names_in_a_given_size(make_scape, long_names):
    check_page(make_scape(20, names=long_names).plot(size=SIZES["column 85 x 110 mm"]))


@pytest.mark.parametrize("values", [1e-7, 1e-3, 1.0, 1e5])
def test_any_magnitude(values, make_recording):
    recording = make_recording(4)
    scape = ncs.Currentscape(ncs.Recording(recording.currents * values, voltage=recording.voltage))
    check_page(scape.plot(size="column", panels=["voltage", "outward", "shares", "inward", "currents"]))


def test_subfigures(make_scape):
    from matplotlib.figure import Figure

    root = Figure(figsize=(12, 5), dpi=100)
    figures = [
        make_scape(n).plot(on=on, title=f"{n}") for n, on in zip((3, 9), root.subfigures(1, 2), strict=True)
    ]
    root.draw_without_rendering()
    for figure in figures:
        left, right = figure.fig.bbox.x0 - 1.5, figure.fig.bbox.x1 + 1.5
        for text, box in texts(figure.fig):
            assert left <= box.x0 and box.x1 <= right, text.get_text()
            assert box.y0 >= -1.5 and box.y1 <= root.bbox.y1 + 1.5, text.get_text()


def test_a_figure_whose_layout_makes_no_room(make_scape):
    """Margins are made by hand there."""
    from matplotlib.figure import Figure

    root = Figure(figsize=(6, 5), dpi=100, layout="tight")  # the caller's choice is left alone
    left, right = root.subfigures(1, 2, width_ratios=[1, 6])
    left.add_subplot()
    engine = root.get_layout_engine()
    figure = make_scape(4).plot(on=right, title="Title")
    assert root.get_layout_engine() is engine
    root.draw_without_rendering()
    for text, box in texts(figure.fig):
        assert right.bbox.x0 - 1.5 <= box.x0 and box.x1 <= root.bbox.x1 + 1.5, text.get_text()
        assert box.y0 >= -1.5 and box.y1 <= root.bbox.y1 + 1.5, text.get_text()
    box = figure.axes[0].get_window_extent()
    assert not figure.legend.get_window_extent().overlaps(box)


@pytest.mark.parametrize(
    "size", ["column", "page", "slide", "default", "column 85 x 110 mm", "flat", "tall"]
)
def test_no_text_is_below_six_points(size, make_scape):
    cramped = pytest.warns(ncs.CurrentscapeWarning, match="too little room for 7 panels")
    with cramped if size == "flat" else contextlib.nullcontext():
        figure = make_scape(9).plot(size=SIZES[size], panels="all")
    figure.fig.draw_without_rendering()
    assert min(text.get_fontsize() for text, _ in texts(figure.fig)) >= 6


def test_no_light_text(make_scape):
    from matplotlib.colors import to_rgb

    figure = make_scape(9).plot(panels="all")
    figure.fig.draw_without_rendering()
    assert max(max(to_rgb(text.get_color())) for text, _ in texts(figure.fig)) < 0.3


def test_names_are_whole(make_scape, long_names):
    figure = make_scape(20, names=long_names).plot(size="column")
    assert sorted(words.get_text() for words in figure.legend.get_texts()) == sorted(long_names)


def test_a_legend_that_leaves_no_room_is_told(make_scape, long_names):
    with pytest.warns(
        ncs.CurrentscapeWarning, match=r"^A page of 2 x 1 inches leaves too little room for 4 panels"
    ):
        make_scape(20, names=long_names).plot(size=(2, 1))


@pytest.mark.parametrize("width", [2, 3])
def test_a_cramped_page_is_told_which_size_can_be_read(make_scape, width):
    scape = make_scape(5, electrode=1)
    with pytest.warns(ncs.CurrentscapeWarning) as said:
        scape.plot(panels="all", size=(width, 3))
    found = re.search(r"size=\(([\d.]+), ([\d.]+)\)", str(said[0].message))
    assert float(found[1]) == width and 3 < float(found[2]) < 8
    scape.plot(panels="all", size=(width, float(found[2])))  # and that is said no more


def test_a_low_panel_of_shares_has_fewer_ticks(make_scape):
    scape = make_scape(5, electrode=1)
    for height, ticks in ((9, [-1, -0.5, 0, 0.5, 1]), (3, [-1, 0, 1])):
        cramped = pytest.warns(ncs.CurrentscapeWarning, match="too little room")
        with cramped if height < 4 else contextlib.nullcontext():
            figure = scape.plot(panels="all", size=(3, height))
        figure.fig.draw_without_rendering()
        axes = figure.axes[3]
        assert axes.get_yticks().tolist() == ticks
        boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
        assert all(above.y0 >= below.y1 for below, above in zip(boxes, boxes[1:], strict=False))


@pytest.mark.parametrize("size", [(3, 5), (3.35, 7), (6, 9)])
def test_the_words_in_a_ring_are_inside_it(make_scape, size):
    figure = make_scape(5, electrode=1).plot(panels="all", size=size)
    figure.fig.draw_without_rendering()
    axes = figure.axes[-1]
    titles = [text for text in axes.texts if text.get_text().startswith(("out", "in"))]
    assert len(titles) == 2
    for words in titles:
        radius = INNER * (axes.transData.transform([(1, 0)]) - axes.transData.transform([(0, 0)]))[0, 0]
        assert words.get_window_extent().width / 2 < radius


def test_saved_picture_is_that_page(make_scape):
    from matplotlib.image import imread

    buffer = io.BytesIO()
    make_scape(3).plot(size=(3, 4)).save(buffer, format="png", dpi=100)
    buffer.seek(0)
    picture = imread(buffer)
    assert picture.shape[:2] == (400, 300)
    # Nothing touches the edge of the paper.
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert edge[:, :3].min() == 1


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_formats(kind, make_scape, tmp_path):
    path = tmp_path / f"figure.{kind}"
    make_scape(12).plot(panels="all").save(path)
    start = path.read_bytes()[:300]
    assert {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[kind] in start


def test_text_stays_text_in_vector_files(make_scape, tmp_path):
    path = tmp_path / "figure.svg"
    make_scape(2, names=["Na fast", "K"]).plot().save(path)
    assert ">Na fast</text>" in path.read_text()


def test_a_subfigure_beside_other_axes_gets_a_layout(make_scape):
    from matplotlib.figure import Figure

    root = Figure(figsize=(7, 9), dpi=100)
    above, below = root.subfigures(2, 1)
    above.subplots().plot([0, 1])
    figure = make_scape(9).plot(on=below, panels="all")
    root.draw_without_rendering()
    label = figure.axes[-2].xaxis.label.get_window_extent()
    for text, box in texts(figure.fig):
        if text is not figure.axes[-2].xaxis.label and text in figure.axes[-1].texts:
            assert not label.overlaps(box), text.get_text()
