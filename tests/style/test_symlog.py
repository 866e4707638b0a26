"""An axis that is logarithmic on both sides of zero: its ticks are read, and go with a zoom."""

import pickle

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.style import symlog


def drawn(values, size=(3.35, 1.6), font=6.0):
    axes = Figure(figsize=size, dpi=100, layout="constrained").add_subplot()
    axes.plot(values)
    axes.axhline(0)
    axes.tick_params(labelsize=font)
    symlog.set_scale(axes, np.asarray(values, dtype=float))
    FigureCanvasAgg(axes.figure).draw()
    return axes


def shown(axes):
    low, high = axes.get_ylim()
    return [
        label
        for tick, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        if low <= tick <= high and label.get_text()
    ]


CASES = {
    "both": [-2000.0, 0.0, 50.0],
    "up": [0.0, 2.0, 3.0],
    "down": [0.0, -2.0, -3e5],
    "tiny": [1e-12, -2e-9],
    "huge": [5e6, -2e4],
    "equal": [1.0, -1.0],
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [(3.35, 1.3), (6.85, 2.0)])
def test_labels_are_few_and_apart_with_zero_among_them(name, size):
    axes = drawn(CASES[name], size)
    labels = shown(axes)
    texts = [label.get_text() for label in labels]
    assert "0" in texts and 2 <= len(texts) <= 7
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
    for below, above in zip(boxes[:-1], boxes[1:], strict=True):
        assert above.y0 >= below.y1 - 0.5


@pytest.mark.parametrize("name", ["both", "equal", "huge"])
def test_both_sides_have_the_same_decades(name):
    ticks = np.asarray(drawn(CASES[name]).get_yticks())
    up, down = ticks[ticks > 0], -ticks[ticks < 0]
    assert set(up) <= set(down) or set(down) <= set(up)
    np.testing.assert_allclose(np.log10(np.abs(ticks[ticks != 0])) % 1, 0, atol=1e-9)


def test_all_of_four_decades_is_shown_on_a_side():
    axes = drawn([0.0, 2.0, 3.0])
    assert [text.get_text() for text in shown(axes)] == ["0", "0.001", "0.01", "0.1", "1"]


def test_a_window_of_less_than_a_decade_has_ticks_too():
    axes = drawn([0.0, 9.0])
    axes.set_ylim(2, 4)
    assert len([tick for tick in axes.get_yticks() if 2 <= tick <= 4]) >= 2


def test_currents_of_both_signs_keep_their_place(make_recording):
    panel = ncs.CurrentsPanel(make_recording(4), scale="symlog")
    figure = ncs.Figure(panel, size="column")
    axes = figure.axes[0]
    figure.fig.canvas.draw()
    low, high = axes.get_ylim()
    assert low < 0 < high
    zero = axes.transData.transform((0, 0))[1]
    for line in axes.lines:
        values = np.asarray(line.get_ydata(), dtype=float)
        pixels = axes.transData.transform(np.column_stack([np.zeros_like(values), values]))[:, 1]
        np.testing.assert_array_equal(np.sign(np.round(pixels - zero, 9)), np.sign(values))
    assert len(pickle.dumps(figure.fig)) > 0
