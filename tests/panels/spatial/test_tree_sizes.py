"""A map over the tree at every size: its ticks, its bar of length, and its warning."""

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.spatial import Morphology

pytestmark = pytest.mark.filterwarnings("ignore::neo_currentscape.CurrentscapeWarning")


def straight(n=20, points=True):
    """A cable of compartments in one line, whose contributions differ a lot."""
    names, ends = [f"dend({k})" for k in range(n)], np.arange(n + 1) * 20.0
    lines = [[[0, a, 0, 2], [0, b, 0, 2]] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    shape = Morphology(
        names,
        [-1, *range(n - 1)],
        [0, *[2] * (n - 1)],
        [100.0] * n,
        ends[:-1],
        points=lines if points else None,
    )
    sizes = np.random.default_rng(0).exponential(size=n) ** 3
    phase = 1 + np.sin(np.linspace(0, 6, 30))
    membrane = np.stack([sizes[:, None] * phase, -sizes[:, None] * 1.1 * phase], axis=1)
    voltage = np.full((n, 30), -65.0) + np.linspace(0, -5, n)[:, None]
    return ncs.CellRecording.from_arrays(membrane, voltage, shape, ["leak", "AMPA"], np.arange(30.0))


@pytest.mark.parametrize("size", ["column", "180mm", "slide"])
def test_ticks_of_ranks_are_apart(size):
    figure = ncs.Figure(ncs.TreePanel(straight().map("dend(3)"), scale="quantile"), size=size)
    bar = figure.fig.axes[1]
    figure.fig.canvas.draw()
    labels = [label for label in bar.get_yticklabels() if label.get_text()]
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
    assert 3 <= len(boxes) <= 5
    assert all(a.y1 <= b.y0 for a, b in zip(boxes[:-1], boxes[1:], strict=True))
    assert max(len(label.get_text()) for label in labels) <= 7
    # Each says the number at its place to two digits.
    low, high = bar.get_ylim()
    for tick, label in zip(bar.get_yticks(), labels, strict=True):
        assert low <= tick <= high
        assert float(label.get_text()) == pytest.approx(tick, rel=0.051, abs=1e-12)


@pytest.mark.parametrize("size", ["column", "180mm"])
@pytest.mark.parametrize("points", [True, False])
def test_the_bar_of_length_is_beside_the_cell(size, points):
    figure = ncs.Figure(ncs.TreePanel(straight(points=points).map("dend(3)")), size=size)
    figure.fig.canvas.draw()
    axes = figure.axes[0]
    cell = next(one for one in axes.collections if hasattr(one, "get_segments"))
    corners = np.concatenate(cell.get_segments())
    low = axes.transData.transform(corners).min(axis=0)
    bar = next(line for line in axes.lines if len(line.get_xdata()) == 2).get_window_extent()
    inch = figure.fig.dpi
    assert 0 <= low[1] - bar.y0 <= 0.5 * inch
    assert abs(bar.x0 - low[0]) <= 0.5 * inch


def test_a_warning_lies_on_no_compartment_and_on_no_share():
    figure = ncs.Figure(ncs.TreePanel(straight().map("dend(3)")), size="column")
    figure.fig.canvas.draw()
    (note,) = [text for text in figure.axes[0].texts if "unexplained" in text.get_text()]
    assert note.get_window_extent().y1 <= figure.axes[0].get_window_extent().y0
    for size in ("column", "180mm"):
        figure = ncs.Figure(ncs.AttributionPanel(straight().attribute("dend(3)")), size=size)
        figure.fig.canvas.draw()
        (axes,) = figure.axes
        (note,) = [text for text in axes.texts if "unexplained" in text.get_text()]
        box, page = note.get_window_extent(), figure.fig.bbox
        assert box.y0 >= axes.get_window_extent().y1 - 1
        assert box.x1 <= page.x1 and box.y1 <= page.y1 and box.x0 >= axes.get_window_extent().x0 - 3
