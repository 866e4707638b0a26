"""Ticks that are kept: the same pictures and places, and nothing left behind."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neo_currentscape.figure import steady


def example():
    figure = Figure(figsize=(4, 5), layout="constrained")
    axes = figure.subplots(3, sharex=True)
    axes[0].plot([0, 3, 9], [1e-3, 5, 2e3])
    axes[0].set_yscale("log")
    axes[1].plot([0, 3, 9], [100_000.5, 100_000.7, 100_000.6])
    axes[2].plot([2, 7], [-1, 3])
    for k, one in enumerate(axes):
        one.set_ylabel(f"label {k}")
    axes[2].set_xlabel("time")
    figure.align_ylabels()
    FigureCanvasAgg(figure)
    return figure


def picture(figure):
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())


def left_behind(figure):
    return [
        name
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for name in steady._ASKED
        if name in vars(axis)
    ]


def test_layout_and_picture_are_those_of_matplotlib():
    plain, kept = example(), example()
    expected = picture(plain)
    with steady.ticks(kept):
        found = picture(kept)
    for one, other in zip(plain.axes, kept.axes, strict=True):
        assert one.get_position().bounds == other.get_position().bounds
    assert np.array_equal(found, expected)


def test_ticks_follow_what_changes_meanwhile():
    plain, kept = example(), example()
    picture(plain)
    with steady.ticks(kept):
        picture(kept)
        for figure in (plain, kept):
            figure.axes[0].set_xlim(-2, 5)
            figure.axes[1].set_yticks([100_000.5, 100_000.6], ["low", "high"])
            figure.axes[2].set_yscale("symlog")
            figure.set_size_inches(5, 4)
            figure.set_dpi(70)
        assert np.array_equal(picture(kept), picture(plain))


def test_an_axis_is_asked_once_for_each_place(monkeypatch):
    figure = example()
    asked, kind = [], type(figure.axes[0].yaxis)
    update = kind._update_ticks
    monkeypatch.setattr(kind, "_update_ticks", lambda axis: asked.append(axis) or update(axis))
    with steady.ticks(figure):
        picture(figure)
    # The layout places the axes twice; then they are drawn.
    assert len(asked) <= 3 * len(figure.axes)


def test_nothing_stays_behind_also_after_an_error():
    figure = example()
    with pytest.raises(RuntimeError), steady.ticks(figure):
        assert left_behind(figure)
        with steady.ticks(figure):
            picture(figure)
        assert left_behind(figure)
        raise RuntimeError
    assert not left_behind(figure)
