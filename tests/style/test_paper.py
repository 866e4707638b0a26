"""Figures in dark styles: everything is seen on the background of the style."""

from __future__ import annotations

import itertools

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb, to_rgba
from vision import delta_e

import neo_currentscape as ncs
from neo_currentscape.panels.protocols.sweeps import level_colours
from neo_currentscape.panels.spatial.tree import _colors
from neo_currentscape.style import paper
from neo_currentscape.style.default_looks import OF_FAMILY, REST, assigned
from neo_currentscape.style.legible import contrast
from neo_currentscape.style.shades import SHADES, SHADES_OF_REST

NAMES = ["Kd", "NaP", "KCa", "GABA_A", "adaptation", "Ca", "h", "leak"]

STG = ["Na", "CaT", "CaS", "A", "KCa", "Kd", "H", "leak"]


@pytest.fixture
def dark():
    with matplotlib.style.context("dark_background"):
        yield


def test_greys_are_what_they_were_on_white():
    assert [paper.tone(part) for part in (0.86, 0.25)] == ["0.86", "0.25"]
    assert paper.seen("#FCE55D") == "#FCE55D"


@pytest.mark.parametrize("color", ["#332288", "#5D2326", "black", "#004400"])
@pytest.mark.parametrize("ground", ["black", "#1E1E1E", "#2A2A2E"])
def test_lines_are_told_from_dark_paper(color, ground):
    with matplotlib.rc_context({"axes.facecolor": ground}):
        assert contrast(paper.seen(color), ground) >= 3


@pytest.mark.parametrize("ground", ["black", "#16181c", "#1E1E1E"])
def test_areas_are_told_from_dark_paper_and_from_each_other(ground):
    standard = [look.color for look in assigned(STG, {}, {}).values()]
    families = [*OF_FAMILY.values(), *REST]
    shades = [color for row in (*SHADES.values(), *SHADES_OF_REST) for color in row]
    for colors, least in ((standard, 12), (families, 8), (shades, 2.3)):
        filled = [paper.filled_on(color, ground) for color in colors]
        assert min(contrast(color, ground) for color in filled) >= 1.8
        assert min(delta_e(a, b) for a, b in itertools.combinations(filled, 2)) > least


def test_of_two_dark_areas_the_darker_one_stays_so():
    filled = [paper.filled_on(color, "black") for color in ("#001585", "#002A9A", "#4638AF")]
    shades = [contrast(color, "black") for color in filled]
    assert 1.8 < shades[0] < shades[1] < shades[2] < 3


def test_areas_of_a_light_page_and_those_that_are_told_are_as_they_were():
    assert paper.filled_on("#001585", "white") == paper.filled_on("#001585", "0.9") == "#001585"
    assert paper.filled_on("#FD9F25", "black") == "#FD9F25"
    assert to_rgba(paper.filled_on((0, 0, 0.3, 0.5), "black"))[3] == pytest.approx(0.5, abs=0.01)


def test_areas_rings_and_swatches_of_a_current_are_alike(dark, make_scape):
    figure = make_scape(8, names=NAMES).plot(panels=["shares", "contributions"])
    swatches = {one.get_label(): one.get_facecolor() for one in figure.legend.get_patches()}
    assert set(swatches) == set(NAMES)
    found = set()
    for axes in figure.axes:
        for one in [*axes.collections, *axes.patches]:
            name = str(one.get_label()).removesuffix(" outward").removesuffix(" inward")
            if name in swatches:
                found.add((type(one).__name__, name))
                assert to_hex(np.ravel(one.get_facecolor())) == to_hex(swatches[name])
                assert contrast(to_hex(swatches[name]), "black") >= 1.8
    assert len(found) >= 16


def test_no_paper_is_the_opposite_of_the_ink(dark):
    with matplotlib.rc_context({"axes.facecolor": "none"}):
        assert contrast(paper.seen("#332288"), "black") >= 3


def test_lines_fills_and_notes_of_the_standard_figure(dark, make_scape):
    figure = make_scape(8, names=NAMES).plot(panels=["voltage", "outward", "shares", "inward", "currents"])
    lines = [line for axes in figure.axes for line in axes.lines if line.get_label() in NAMES]
    assert len(lines) == 8
    assert all(contrast(line.get_color(), "black") >= 3 for line in lines)
    for axes in (figure.axes[1], figure.axes[3]):
        fill = next(one for one in axes.collections if isinstance(one, PolyCollection))
        assert contrast(to_rgb(fill.get_facecolor()[0]), "black") < 2
        assert contrast(axes.lines[0].get_color(), to_rgb(fill.get_facecolor()[0])) >= 3


def test_scales_of_colours_are_seen_from_one_end_to_the_other(dark):
    levels = level_colours(np.array([[-90.0, level] for level in range(-80, 61, 10)]))
    assert min(contrast(color, "black") for color in levels) >= 3
    shades = [contrast(color, "black") for color in _colors()]
    assert min(shades) >= 3 and shades[-1] == max(shades)


def test_totals_look_alike_in_averages(dark, make_scape):
    scape = make_scape(3, samples=2000)
    average = ncs.event_average(scape, bins=20)
    plain, mean = scape.plot(panels=["outward"]).axes[0], ncs.Figure(ncs.AverageTotalPanel(average)).axes[0]
    for part in ("collections", "lines"):
        first, second = getattr(plain, part)[0], getattr(mean, part)[0]
        look = "get_facecolor" if part == "collections" else "get_color"
        assert (
            (getattr(first, look)() == getattr(second, look)())
            if part == "lines"
            else (getattr(first, look)() == getattr(second, look)()).all()
        )
