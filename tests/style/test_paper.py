"""Figures in dark styles: everything is seen on the background of the style."""

from __future__ import annotations

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

import neo_currentscape as ncs
from neo_currentscape.panels.protocols.sweeps import level_colours
from neo_currentscape.panels.spatial.tree import _colors
from neo_currentscape.style import paper
from neo_currentscape.style.legible import contrast

NAMES = ["Kd", "NaP", "KCa", "GABA_A", "adaptation", "Ca", "h", "leak"]


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
