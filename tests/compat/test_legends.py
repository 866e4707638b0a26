"""Legends of many currents: on the page, beside panels that have at least half of it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import CurrentscapeWarning

X = np.linspace(0, 20, 120)


def figure_of(n, name, figsize, **legend):
    random = np.random.default_rng(n)
    rows = random.normal(size=(n, 1)) * np.abs(np.sin(X + 3 * random.normal(size=(n, 1)))) * 50
    config = {
        "current": {"names": [f"{name}{k}" for k in range(n)]},
        "pattern": {"use": True, "patterns": ["", "/", "\\", "x", ".", "o", "+", "*", "//", "-"]},
        "colormap": {"n_colors": 9},
        "figsize": figsize,
        "legend": legend,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CurrentscapeWarning)
        figure = ncs.plot(-60 + X, rows, config)
    figure.canvas.draw()
    return figure, figure.axes[2].get_legend()


@pytest.mark.parametrize("figsize", [(3, 4), (4, 3), (6, 8)])
@pytest.mark.parametrize("name", ["I", "soma.Channel_"])
@pytest.mark.parametrize(("n", "size"), [(20, 4), (60, 4), (60, 7)])
def test_legends_end_on_the_page(n, size, name, figsize):
    figure, legend = figure_of(n, name, figsize, textsize=size)
    box, page = legend.get_window_extent(), figure.bbox
    assert box.x1 <= page.x1 * 1.01 and box.y0 >= -1 and box.y1 <= page.y1 + 1
    assert len(legend.get_texts()) == n
    first, last = figure.axes[0].get_position(), figure.axes[-1].get_position()
    assert first.width >= 0.5 - 1e-9 and first.y1 - last.y0 >= 0.5


def test_smaller_letters_are_told_and_only_used_where_there_is_no_room():
    with pytest.warns(CurrentscapeWarning, match=r"legend of 60 names is written in \d\.\d instead of 9"):
        rows = np.ones((60, 9))
        names = [f"soma.Channel_{k}" for k in range(60)]
        patterns = {"use": True, "patterns": ["", "/", "\\", "x", ".", "o", "+", "*"]}
        ncs.plot(np.zeros(9), rows, {"current": {"names": names}, "pattern": patterns, "legendtextsize": 9})
    _, legend = figure_of(20, "I", (3, 4), textsize=5)
    assert legend.get_texts()[0].get_fontsize() == 5


def test_a_right_edge_that_is_told_leaves_the_letters_as_they_are():
    config = {"current": {"names": ["a very long name of a current " * 2]}, "adjust": {"right": 0.8}}
    figure = ncs.plot(np.zeros(9), np.ones((1, 9)), config)
    assert figure.axes[2].get_legend().get_texts()[0].get_fontsize() == 4
    assert figure.subplotpars.right == 0.8
