"""Outlines of text: as wide as the text was measured, and not moved to whole pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

#: How much wider or narrower the shapes of letters may be made.
MOST = 1.25


class Outline(patheffects.withStroke):
    """Letters in their colour over their outline.

    Where letters have an outline, matplotlib draws their shapes. Those are wider than the letters that
    it measures, which are fitted to the pixels, so that long names would leave the box of a legend; and
    a shape of upright lines alone, an H, is moved to whole pixels without its outline.

    Parameters
    ----------
    text : matplotlib.text.Text
        Whose letters they are.
    **gc
        Those of the outline: ``linewidth``, ``foreground``.
    """

    def __init__(self, text: Text, **gc: Any) -> None:
        super().__init__(**gc)
        self._text = text

    def draw_path(self, renderer: Any, gc: Any, tpath: Any, affine: Any, rgbFace: Any = None) -> None:
        """Draw the letters of a line of text."""
        own = renderer.new_gc()
        own.copy_properties(gc)
        own.set_snap(False)
        fitted = Affine2D().scale(self._stretch(renderer, tpath, affine), 1) + affine
        super().draw_path(renderer, own, tpath, fitted, rgbFace)
        own.restore()

    def _stretch(self, renderer: Any, tpath: Any, affine: Any) -> float:
        """How much wider than the shapes the letters are that were measured."""
        words = self._text.get_text()
        # Lines are drawn one by one, and formulas are measured as they are drawn.
        if "\n" in words or "$" in words or not len(tpath.vertices):
            return 1.0
        measured = renderer.get_text_width_height_descent(words, self._text.get_fontproperties(), False)[0]
        drawn = tpath.get_extents().width * np.hypot(*affine.get_matrix()[:2, 0])
        return float(np.clip(measured / drawn, 1 / MOST, MOST)) if drawn else 1.0
