import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from neo_currentscape.style import legend
from neo_currentscape.style.palettes import looks
from neo_currentscape.style.text import width_of


def drawn(figure):
    figure.draw_without_rendering()
    return figure.legends[0].get_window_extent()


@pytest.mark.parametrize("fontsize", [6.0, 12.0])
@pytest.mark.parametrize("n", [1, 7, 20])
def test_place_knows_the_size_of_the_legend_that_is_drawn(n, fontsize, long_names):
    figure = Figure(figsize=(12, 9), dpi=72, layout="constrained")
    figure.add_subplot()
    handles = [Patch(label=name) for name in long_names[:n]]
    where = legend.place(long_names[:n], 12 * 72, 9 * 72, fontsize)
    legend.beside(figure, handles, where)
    box = drawn(figure)
    assert box.width == pytest.approx(where.width, abs=2.5 * fontsize)
    assert box.height == pytest.approx(where.height, abs=2.0 * fontsize)


def test_short_names_stand_beside_the_panels():
    where = legend.place(["Na", "K", "leak"], 240, 280, 6.5)
    assert where.is_beside
    assert (where.ncols, where.fontsize) == (1, 6.5)


def test_twenty_long_names_stand_below_a_column_in_two_columns(long_names):
    where = legend.place(long_names, 241, 280, 6.5)
    assert where.loc == "outside lower center"
    assert where.ncols == 2
    assert where.fontsize >= 6
    assert where.width <= 241


@given(
    st.lists(st.text("abcdefgh()._", min_size=1, max_size=30), min_size=1, max_size=60),
    st.floats(150, 1000),
    st.floats(100, 800),
    st.floats(6, 15),
)
def test_a_place_fits_the_page(labels, width, height, size):
    where = legend.place(labels, width, height, size)
    longest = max(width_of(label, where.fontsize) for label in labels)
    assert 6 <= where.fontsize <= size
    if where.is_beside:
        assert where.width - where.fontsize <= legend.WIDEST_BESIDE * width + 1e-6
        assert where.height <= height
    else:
        assert where.width <= width or where.ncols == 1
        assert where.width >= longest


def test_names_that_begin_with_an_underscore_are_written(axes):
    handles = legend.swatches(["_ref_ina", "K"], looks(["_ref_ina", "K"]))
    found = legend.inside(axes, handles)
    assert [words.get_text() for words in found.get_texts()] == ["_ref_ina", "K"]


def test_keywords_go_through(axes):
    handles = [Patch(label="a"), Patch(label="b")]
    found = legend.inside(
        axes, handles, {"title": "Currents", "ncol": 2, "labels": ["x", "y"], "frameon": False}
    )
    assert found.get_title().get_text() == "Currents"
    assert found._ncols == 2
    assert [words.get_text() for words in found.get_texts()] == ["x", "y"]
    assert not found.get_frame_on()


@pytest.mark.parametrize("n", [2, 9, 20])
@pytest.mark.parametrize("options", [True, {"loc": "upper right"}])
def test_a_legend_inside_an_axes_lies_within_its_height(axes, n, long_names, options):
    room = axes.bbox.frozen()
    found = legend.inside(axes, [Patch(label=name) for name in long_names[:n]], options)
    axes.figure.draw_without_rendering()
    box = found.get_window_extent()
    assert box.y0 >= room.y0 - 1
    assert box.y1 <= room.y1 + 1
    # Without a word of the caller it lies on no data.
    assert (box.y0 >= axes.bbox.y1 - 0.5) == (options is True)


def test_a_legend_above_an_axes_covers_nothing_of_it(axes):
    found = legend.above(axes, [Patch(label=name) for name in ("cai", "ko", "nai")])
    axes.figure.draw_without_rendering()
    assert found.get_window_extent().y0 >= axes.bbox.y1 - 1


def test_swatches_look_as_told():
    names = [f"I{k}" for k in range(12)]
    given = looks(names)
    for name, patch in zip(names, legend.swatches(names, given), strict=True):
        assert patch.get_label() == name
        assert patch.get_facecolor() == matplotlib.colors.to_rgba(given[name].color)
        assert (patch.get_hatch() or "") == given[name].hatch
