"""A renderer of pixels that draws each hatch once, and fills all shapes with it.

Agg draws a square inch of lines or circles anew for each shape, which takes longer than all else in a
figure of patterns. Here the square is kept, and a shape is an image of it that is as opaque as the shape
covers each pixel.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D


class HatchingRenderer(RendererAgg):
    """Agg's renderer with hatches that are kept.

    Examples
    --------
    >>> renderer = HatchingRenderer(20, 20, 100)
    >>> context = renderer.new_gc()
    >>> context.set_hatch("/")
    >>> context.set_hatch_color((0.0, 0.0, 1.0, 1.0))
    >>> renderer.draw_path(context, Path.unit_rectangle(), Affine2D().scale(20), (1.0, 0.0, 0.0, 1.0))
    >>> np.asarray(renderer.buffer_rgba())[0, -1].tolist()
    [0, 0, 0, 255]
    """

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        """Draw a shape; one that is hatched from what is kept of its hatch."""
        if not _is_plain(gc, rgbFace):
            super().draw_path(gc, path, transform, rgbFace)
            return
        place = self._place(gc, path, transform)
        if place is not None:
            self._fill(gc, path, transform, rgbFace, place)
        if gc.get_linewidth() > 0:
            outline = self.new_gc()
            outline.copy_properties(gc)
            outline.set_hatch(None)
            super().draw_path(outline, path, transform, None)

    def draw_path_collection(self, gc: Any, *shapes: Any, **options: Any) -> None:
        """Draw shapes; those that are hatched one by one."""
        if gc.get_hatch() is None:
            self._renderer.draw_path_collection(gc, *shapes, **options)
        else:
            RendererBase.draw_path_collection(self, gc, *shapes, **options)

    def _update_methods(self) -> None:
        super()._update_methods()
        # Agg's own stands in the way of the one above.
        vars(self).pop("draw_path_collection", None)
        self._looks: dict[Any, np.ndarray] = {}

    def _place(self, gc: Any, path: Any, transform: Any) -> tuple[int, int, int, int] | None:
        """Left, lower, right and upper pixel of what is seen of a shape."""
        box = path.get_extents(transform)
        if not np.isfinite(box.extents).all():
            return None
        clip = gc.get_clip_rectangle()
        low, high = np.zeros(2), np.array([int(self.width), int(self.height)], float)
        if clip is not None:
            low, high = np.maximum(low, clip.min), np.minimum(high, clip.max)
        # A shape that is moved onto whole pixels may grow by one.
        left, lower = (int(end) for end in np.floor(np.maximum(low, box.min - 1)))
        right, upper = (int(end) for end in np.ceil(np.minimum(high, box.max + 1)))
        return (left, lower, right, upper) if right > left and upper > lower else None

    def _fill(
        self, gc: Any, path: Any, transform: Any, face: Any, place: tuple[int, int, int, int]
    ) -> None:
        left, low, right, high = place
        tile = self._coloured(gc.get_hatch(), gc.get_hatch_linewidth(), gc.get_hatch_color()[:3], face[:3])
        # Images are handed over from the lowest row upwards; tiles begin at the upper left corner.
        rows = np.arange(int(self.height) - low - 1, int(self.height) - high - 1, -1) % len(tile)
        image = _repeated(tile.take(rows, axis=0), left, right - left)
        image[..., 3] = _cover(gc, path, transform, place, self.dpi)[::-1]
        self.draw_image(self._clipped(gc), left, low, image)

    def _coloured(self, hatch: str, linewidth: float, line: Any, face: Any) -> np.ndarray:
        """The tile of a look; each is needed in several panels, and in the legend."""
        look = hatch, linewidth, tuple(line), tuple(face)
        if look not in self._looks:
            tile = _tile(hatch, linewidth, self.dpi)
            self._looks[look] = _colours(face, line).view(np.uint32)[:, 0].take(tile)
        return self._looks[look]

    def _clipped(self, gc: Any) -> Any:
        """Where an image may be drawn: where the shape may."""
        context = self.new_gc()
        context.set_clip_rectangle(gc.get_clip_rectangle())
        return context


def _is_plain(gc: Any, face: Any) -> bool:
    """Whether a shape is hatched, opaque, and cut off at a rectangle only."""
    return (
        gc.get_hatch() is not None
        and face is not None
        and tuple(face[3:]) in ((), (1.0,))
        and gc.get_hatch_color() is not None
        and tuple(gc.get_hatch_color()[3:]) in ((), (1.0,))
        and gc.get_alpha() == 1
        and gc.get_clip_path()[0] is None
        and gc.get_sketch_params() is None
    )


def _repeated(tile: np.ndarray, first: int, width: int) -> np.ndarray:
    """Rows of a tile, as many pixels of them as wanted from one of them on, as bytes."""
    found = np.empty((len(tile), width), np.uint32)
    size = tile.shape[1]
    for start in range(-(first % size), width, size):
        begin, stop = max(start, 0), min(start + size, width)
        found[:, begin:stop] = tile[:, begin - start : stop - start]
    return found.view(np.uint8).reshape(*found.shape, 4)


def _cover(gc: Any, path: Any, transform: Any, place: tuple[int, int, int, int], dpi: float) -> np.ndarray:
    """How much of each pixel a shape covers, from 0 to 255; the upper row first."""
    left, low, right, high = place
    aside = RendererAgg(right - left, high - low, dpi)
    context = aside.new_gc()
    context.copy_properties(gc)
    context.set_hatch(None)
    context.set_linewidth(0.0)
    context.set_clip_rectangle(None)
    aside.draw_path(context, path, transform + Affine2D().translate(-left, -low), (1.0, 1.0, 1.0, 1.0))
    return np.asarray(aside.buffer_rgba())[..., 3]


@lru_cache(maxsize=16)
def _tile(hatch: str, linewidth: float, dpi: float) -> np.ndarray:
    """How much of each pixel of a square inch a hatch covers, from 0 to 255, as Agg draws it."""
    aside = RendererAgg(int(dpi), int(dpi), dpi)
    context = aside.new_gc()
    context.set_hatch(hatch)
    context.set_hatch_color((0.0, 0.0, 0.0, 1.0))
    # There is a setter from matplotlib 3.10 on.
    vars(context)["_hatch_linewidth"] = linewidth
    context.set_linewidth(0.0)
    aside.draw_path(context, Path.unit_rectangle(), Affine2D().scale(int(dpi)), (1.0, 1.0, 1.0, 1.0))
    return 255 - np.asarray(aside.buffer_rgba())[..., 0]


def _colours(face: Any, line: Any) -> np.ndarray:
    """The colour of a pixel for each part of it, from 0 to 255, that the hatch covers."""
    part = np.arange(256)[:, None] / 255
    mixed = np.ones((256, 4))
    mixed[:, :3] = (1 - part) * np.asarray(face[:3]) + part * np.asarray(line[:3])
    return np.round(255 * mixed).astype(np.uint8)
