"""The canvas of our figures writes what matplotlib's would."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from neo_currentscape.figure.pixels import PixelCanvas


def saved(canvas, **options):
    figure = Figure(figsize=(2, 1.5))
    figure.add_subplot().plot([1, 3, 2])
    canvas(figure)
    file = io.BytesIO()
    figure.savefig(file, **options)
    return Image.open(file)


@pytest.mark.parametrize(
    "options",
    [{}, {"dpi": 61.5}, {"transparent": True}, {"bbox_inches": "tight"}, {"facecolor": "0.9", "dpi": 40}],
    ids=str,
)
def test_files_hold_what_those_of_matplotlib_hold(options):
    theirs, ours = saved(FigureCanvasAgg, **options), saved(PixelCanvas, **options)
    assert np.array_equal(np.asarray(theirs), np.asarray(ours))
    assert (ours.mode, ours.info, ours.text) == (theirs.mode, theirs.info, theirs.text)


def test_notes_and_options_of_its_own_go_to_matplotlib():
    found = saved(
        PixelCanvas, metadata={"Title": "a cell", "Software": None}, pil_kwargs={"compress_level": 1}
    )
    assert found.text == {"Title": "a cell"}


def test_paths_files_and_wrong_options(tmp_path):
    figure = Figure(figsize=(1, 1))
    PixelCanvas(figure)
    figure.savefig(tmp_path / "a.png")
    with open(tmp_path / "b.png", "wb") as file:
        figure.savefig(file)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with pytest.raises(TypeError):
        figure.savefig(tmp_path / "c.png", quality=3)
    figure.savefig(tmp_path / "d.pdf", metadata={"Title": "a cell"})
    assert (tmp_path / "d.pdf").read_bytes()[:4] == b"%PDF"
