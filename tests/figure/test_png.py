"""PNG files: the pixels that were given come back, whoever reads them."""

import io

import numpy as np
import pytest
from matplotlib import image
from PIL import Image

from neo_currentscape.figure import png


def written(pixels, dpi=300.0, notes=None):
    file = io.BytesIO()
    png.write(file, pixels, dpi, notes or {})
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 700), (png.ROWS, 5), (png.ROWS + 1, 40), (3 * png.ROWS - 1, 2)]
)
def test_pixels_come_back(shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 4), dtype=np.uint8)
    with Image.open(written(pixels)) as found:
        found.verify()
    assert np.array_equal(np.asarray(Image.open(written(pixels))), pixels)
    assert np.array_equal(np.round(255 * image.imread(written(pixels))).astype(int), pixels)


def test_resolution_and_notes_are_kept():
    found = Image.open(written(np.zeros((2, 2, 4), np.uint8), 400, {"Software": "a", "Title": "Größe"}))
    assert found.info["dpi"] == pytest.approx((400, 400), abs=0.02)
    assert found.text == {"Software": "a", "Title": "Größe"}


def test_flat_areas_take_hardly_any_room():
    pixels = np.full((1000, 1000, 4), 255, np.uint8)
    pixels[300:600, 200:700] = 10, 200, 30, 255
    assert len(written(pixels).getvalue()) < 30_000
