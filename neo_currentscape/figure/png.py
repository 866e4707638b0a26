"""PNG files, packed in a quarter of the time that matplotlib's usual way takes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

#: How hard the rows are packed, and the memory for it: one level more takes up to twice the time, and the
#: file shrinks by a tenth at most.
LEVEL, MEMORY = 3, 8

#: Rows that are packed at a time, so that little memory is needed beside the picture.
ROWS = 128

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

#: Of a row of which each byte is the difference from the one above; flat areas and upright edges are zeros.
_UP = 2


def write(file: Any, pixels: np.ndarray, dpi: float, notes: dict[str, str]) -> None:
    """Write a picture as PNG.

    Parameters
    ----------
    file : file
        Open for bytes.
    pixels : ndarray of uint8, shape (row, column, 4)
        Red, green, blue and opacity, from the upper left corner.
    dpi : float
        Dots per inch.
    notes : dict of str
        Keywords of the standard, e.g. "Software", and their texts.

    Notes
    -----
    All rows are filtered alike, where encoders try five filters on each [1]_. On figures of areas, lines
    and text that packs as well.

    References
    ----------
    .. [1] W3C (2025), Portable Network Graphics (PNG) Specification, third edition.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> write(file, np.zeros((2, 3, 4), np.uint8), 100, {"Software": "example"})
    >>> file.getvalue()[12:16], file.getvalue()[-8:-4]
    (b'IHDR', b'IEND')
    """
    height, width, _ = pixels.shape
    per_metre = round(dpi / 0.0254)
    file.write(_SIGNATURE)
    file.write(_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)))
    for name, words in notes.items():
        file.write(_chunk(b"tEXt", f"{name}\0{words}".encode("latin-1")))
    file.write(_chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
    packer = zlib.compressobj(LEVEL, memLevel=MEMORY)
    for rows in _filtered(pixels):
        packed = packer.compress(rows)
        if packed:
            file.write(_chunk(b"IDAT", packed))
    file.write(_chunk(b"IDAT", packer.flush()))
    file.write(_chunk(b"IEND", b""))


def _filtered(pixels: np.ndarray) -> Iterator[Any]:
    """The rows as they are packed, some at a time."""
    height, width, n_channels = pixels.shape
    flat = pixels.reshape(height, width * n_channels)
    above = np.zeros((1, flat.shape[1]), np.uint8)
    for start in range(0, height, ROWS):
        rows = flat[start : start + ROWS]
        found = np.empty((len(rows), 1 + flat.shape[1]), np.uint8)
        found[:, 0] = _UP
        np.subtract(rows[:1], above, out=found[:1, 1:])
        np.subtract(rows[1:], rows[:-1], out=found[1:, 1:])
        above = rows[-1:]
        yield found


def _chunk(kind: bytes, data: bytes) -> bytes:
    return (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
    )
