"""Text in light colours on light backgrounds."""

import matplotlib
import matplotlib.pyplot
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.style import legible


@pytest.mark.parametrize(
    ("color", "background", "expected"),
    # As computed by hand from the formula of WCAG 2.1; #777777 on white is its well-known near miss.
    [
        ("black", "white", 21.0),
        ("white", "white", 1.0),
        ("#777777", "white", 4.478),
        ("red", "white", 3.998),
    ],
)
def test_contrast_is_that_of_wcag(color, background, expected):
    assert legible.contrast(color, background) == pytest.approx(expected, abs=1e-3)
    assert legible.contrast(background, color) == legible.contrast(color, background)


def words(color, background, outlined):
    figure = Figure(figsize=(1, 0.5), dpi=200, facecolor=background)
    FigureCanvasAgg(figure)
    text = figure.text(0.1, 0.3, "Kd", color=color, fontsize=10, weight="bold")
    if outlined:
        legible.outline(text, background)
    figure.canvas.draw()
    return text, np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(float)


def test_yellow_on_grey_is_seen_and_stays_yellow():
    text, with_outline = words("#ffff33", "lightgrey", True)
    _, without = words("#ffff33", "lightgrey", False)
    darkest = [image.mean(axis=-1).min() for image in (with_outline, without)]
    assert darkest[0] < 40 < 150 < darkest[1]
    yellow = np.all(np.abs(with_outline - [255, 255, 51]) < 30, axis=-1).sum()
    assert yellow > 0.3 * np.all(np.abs(without - [255, 255, 51]) < 30, axis=-1).sum()
    assert matplotlib.colors.same_color(text.get_color(), "#ffff33")


def test_text_that_stands_out_is_left_alone():
    text, image = words("black", "white", True)
    assert not text.get_path_effects() and (image == words("black", "white", False)[1]).all()


def test_light_entries_of_a_legend_are_read():
    """At 4 pt an outline would fill the letters: yellow is darkened until it is told from grey."""
    figure = ncs.plot(np.zeros(9), np.ones((9, 9)), {"colormap": {"name": "Set1", "n_colors": 8}})
    matplotlib.pyplot.close(figure)
    texts = figure.axes[2].get_legend().get_texts()
    assert not any(text.get_path_effects() for text in texts)
    found = [legible.contrast(text.get_color(), "lightgrey") for text in texts]
    assert min(found) >= legible.LEAST_CONTRAST
    hues = [matplotlib.colors.rgb_to_hsv(matplotlib.colors.to_rgb(text.get_color()))[0] for text in texts]
    assert hues[5] == pytest.approx(1 / 6, abs=1e-3)  # still yellow


def test_large_light_text_keeps_its_colour():
    text, _ = words("#ffff33", "lightgrey", True)
    assert text.get_path_effects()
