"""Hatches that are kept look as those that Agg draws anew for each shape."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from neo_currentscape.figure import hatching
from neo_currentscape.figure.hatching import HatchingRenderer

WHITE = (1.0, 1.0, 1.0, 1.0)


def drawn(renderer, draw, size=(230, 180), dpi=70):
    """A picture on white, as whole numbers."""
    made = renderer(*size, dpi)
    paper = made.new_gc()
    paper.set_linewidth(0.0)
    made.draw_path(paper, Path.unit_rectangle(), Affine2D().scale(*size), WHITE)
    draw(made)
    return np.asarray(made.buffer_rgba()).astype(int)


def both(draw, **options):
    return [drawn(renderer, draw, **options) for renderer in (RendererAgg, HatchingRenderer)]


def context(renderer, hatch="//", **settings):
    made = renderer.new_gc()
    made.set_hatch(hatch)
    made.set_linewidth(0.0)
    made.set_hatch_color((0.1, 0.2, 0.7, 1.0))
    for name, value in settings.items():
        getattr(made, f"set_{name}")(value)
    return made


def rectangle(left, low, right, high):
    return Affine2D.from_values(right - left, 0, 0, high - low, left, low)


@pytest.mark.parametrize("hatch", ["/", "\\\\", "xx", "ooo", "O", "...", "++", "*", "-|"])
@pytest.mark.parametrize(
    "place", [(0, 0, 230, 180), (13, 17, 211, 97), (-50, -40, 400, 90), (71, 69, 72, 170)]
)
def test_rectangles_are_the_same_pixel_by_pixel(hatch, place):
    def draw(renderer):
        face = (0.9, 0.6, 0.2, 1.0)
        renderer.draw_path(context(renderer, hatch), Path.unit_rectangle(), rectangle(*place), face)

    agg, ours = both(draw)
    assert np.abs(agg - ours).max() <= 2  # of 255: two roundings instead of one


def test_curved_shapes_differ_at_their_edges_only():
    def draw(renderer):
        place = Affine2D().scale(71.3).translate(110.2, 88.7)
        renderer.draw_path(context(renderer), Path.unit_circle(), place, (0.2, 0.8, 0.4))

    agg, ours = both(draw)
    y, x = np.mgrid[:180, :230]
    edge = np.abs(np.hypot(x + 0.5 - 110.2, 180 - y - 0.5 - 88.7) - 71.3) < 1.5
    assert np.abs(agg - ours)[~edge].max() <= 2
    assert np.abs(agg - ours)[edge].max() <= 70
    assert (ours[88, 110] != 255).any()


def test_a_clip_rectangle_an_outline_and_no_hatch_colour_of_black():
    def draw(renderer):
        clip = context(renderer, clip_rectangle=Bbox.from_extents(30, 20, 140, 110))
        renderer.draw_path(clip, Path.unit_rectangle(), rectangle(0, 0, 230, 180), WHITE)
        line = context(renderer, "oo", linewidth=3.0, foreground=(1, 0, 0))
        renderer.draw_path(line, Path.unit_rectangle(), rectangle(150, 30, 210, 140), (1.0, 1.0, 0.0, 1.0))

    agg, ours = both(draw)
    assert np.abs(agg - ours).max() <= 2
    assert (ours[:60] == 255)[:, :140].all()


@pytest.mark.parametrize(
    "settings, face",
    [
        ({"alpha": 0.4}, (0.9, 0.6, 0.2, 1.0)),
        ({}, (0.9, 0.6, 0.2, 0.5)),
        ({}, None),
        ({"hatch_color": (0.0, 0.0, 0.0, 0.3)}, (0.9, 0.6, 0.2, 1.0)),
    ],
)
def test_what_is_not_opaque_is_left_to_agg(settings, face):
    def draw(renderer):
        renderer.draw_path(
            context(renderer, **settings), Path.unit_circle(), Affine2D().scale(60).translate(90, 90), face
        )

    agg, ours = both(draw)
    assert np.array_equal(agg, ours)


@pytest.mark.parametrize("place", [(-90, 10, -3, 40), (300, 10, 400, 40), (10, 10, np.nan, 40)])
def test_shapes_outside_the_page_draw_nothing(place):
    def draw(renderer):
        renderer.draw_path(
            context(renderer), Path.unit_rectangle(), rectangle(*place), (1.0, 0.0, 0.0, 1.0)
        )

    assert (drawn(HatchingRenderer, draw) == 255).all()


def test_a_hatch_is_drawn_once_for_all_shapes():
    hatching._tile.cache_clear()
    axes = Figure().add_subplot()
    for k in range(9):
        axes.fill_between([0, 1], k, k + 1, hatch="xx", facecolor=f"C{k}", linewidth=0)
    axes.figure.draw(HatchingRenderer(640, 480, 100))
    found = hatching._tile.cache_info()
    assert found.misses == 1
