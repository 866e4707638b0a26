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


def test_light_entries_of_a_legend_have_an_outline():
    figure = ncs.plot(np.zeros(9), np.ones((9, 9)), {"colormap": {"name": "Set1", "n_colors": 8}})
    matplotlib.pyplot.close(figure)
    texts = figure.axes[2].get_legend().get_texts()
    outlined = {
        legible.contrast(text.get_color(), "lightgrey") < legible.LEAST_CONTRAST
        for text in texts
        if text.get_path_effects()
    }
    plain = {
        legible.contrast(text.get_color(), "lightgrey") >= legible.LEAST_CONTRAST
        for text in texts
        if not text.get_path_effects()
    }
    assert outlined == plain == {True}


@pytest.mark.parametrize(("size", "part"), [(4, legible.SMALL_OUTLINE), (8, legible.OUTLINE)])
def test_small_letters_get_a_thin_outline(size, part):
    text = Figure().text(0, 0, "Kd", color="yellow", fontsize=size)
    legible.outline(text, "lightgrey")
    (effect,) = text.get_path_effects()
    assert effect._gc["linewidth"] == pytest.approx(part * size)


def ink(letters, dpi, outlined, size=4):
    """First and last column of what is drawn of a text, and its picture."""
    figure = Figure(figsize=(2, 0.4), dpi=dpi, facecolor="lightgrey")
    FigureCanvasAgg(figure)
    text = figure.text(0.1, 0.3, letters, color="#ffff33", fontsize=size, weight="bold")
    if outlined:
        legible.outline(text, "lightgrey")
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(float)
    columns = np.flatnonzero((np.abs(picture - picture[0, 0]).max(axis=-1) > 20).any(axis=0))
    return columns[0], columns[-1], picture


@pytest.mark.parametrize("dpi", [90, 130, 170, 300])
@pytest.mark.parametrize("letters", ["soma.CaS_long_name(0.5)", "Channel_12", "i"])
def test_letters_with_an_outline_are_as_wide_as_without(letters, dpi):
    first, last, _ = ink(letters, dpi, outlined=False)
    start, stop, _ = ink(letters, dpi, outlined=True)
    # The outline itself is up to a pixel wide on each side.
    assert abs(start - first) <= 2 and abs(stop - last) <= 2 + 0.01 * (last - first)


def test_an_outline_is_on_both_sides_of_an_upright_letter():
    for dpi in (170, 300, 400):
        first, last, picture = ink("H", dpi, outlined=True)
        row = picture[picture.shape[0] // 2 :, first : last + 1].mean(axis=(0, 2))
        assert row == pytest.approx(row[::-1], abs=25)


def test_an_outlined_text_can_be_copied():
    import pickle

    figure = Figure()
    legible.outline(figure.text(0, 0, "Kd", color="yellow"), "lightgrey")
    (effect,) = pickle.loads(pickle.dumps(figure)).texts[0].get_path_effects()
    assert effect._text.get_text() == "Kd"
