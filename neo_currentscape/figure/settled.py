"""A matplotlib figure that keeps its settings: drawn and saved under them, whenever that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.figure import layout, steady, writing
from neo_currentscape.figure.pixels import PixelCanvas
from neo_currentscape.style.drawing import drawing


class SettledFigure(Figure):
    """A figure of matplotlib with rcParams of its own.

    Some settings, those of new ticks among them, count when a figure is drawn or saved, and not when it
    is made.

    Parameters
    ----------
    settings : mapping
        rcParams.
    **options
        Those of `matplotlib.figure.Figure`.

    Examples
    --------
    >>> import io
    >>> SettledFigure({"hatch.linewidth": 0.2}, figsize=(1, 1)).savefig(io.BytesIO())
    """

    def __init__(self, settings: Mapping[str, Any], **options: Any) -> None:
        self._settled: Any = dict(settings)
        with drawing(self._settled):
            super().__init__(**options)
            # A canvas with pixels, as that of a figure of pyplot, for those who read them:
            # canvas.buffer_rgba().
            PixelCanvas(self)

    def draw(self, renderer: Any) -> None:
        """Draw under the settings of this figure."""
        with drawing(self._settled), steady.ticks(self):
            super().draw(renderer)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save under the settings of this figure; a file is written whole or not at all."""
        if writing.is_page(fname, options):
            raise ArgumentError(
                "A page for a browser is saved by the Figure of this package, not by matplotlib's: write "
                "figure.save('scape.html')."
            )
        # Formats of pages write their hatches last, when drawing is over.
        with drawing(self._settled):
            layout.as_before_layout(self)
            writing.savefig(super().savefig, fname, options)
