"""The canvas on which our figures become pixels: matplotlib's, but quicker at hatches and files."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
from matplotlib import cbook
from matplotlib.backends.backend_agg import FigureCanvasAgg

from neo_currentscape.figure import png
from neo_currentscape.figure.hatching import HatchingRenderer


class PixelCanvas(FigureCanvasAgg):
    """A canvas that draws each hatch once, and writes PNG files in a quarter of the time.

    Examples
    --------
    >>> import io
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(1, 1))
    >>> canvas = PixelCanvas(figure)
    >>> file = io.BytesIO()
    >>> figure.savefig(file, dpi=50)
    >>> from PIL import Image
    >>> Image.open(file).size
    (50, 50)
    """

    def get_renderer(self) -> Any:
        """The renderer of so many pixels; the same one while their number is the same."""
        before = self._lastKey
        made = super().get_renderer()
        # Of the size that matplotlib takes: whole pixels since 3.11, parts of them before.
        key: Any = self._lastKey
        if key != before or not isinstance(made, HatchingRenderer):
            self.renderer = HatchingRenderer(*key)
        return self.renderer

    def print_png(
        self,
        filename_or_obj: Any,
        *,
        metadata: Any = None,
        pil_kwargs: Any = None,
        dpi: Any = None,
        facecolor: Any = None,
        edgecolor: Any = None,
        orientation: Any = None,
        bbox_inches_restore: Any = None,
    ) -> None:
        """Write a PNG file; with texts or options of its own as matplotlib does.

        What savefig passes on to canvases that are not matplotlib's own, dpi and more, is seen to already.
        """
        if metadata or pil_kwargs:
            super().print_png(filename_or_obj, metadata=metadata, pil_kwargs=pil_kwargs)
            return
        FigureCanvasAgg.draw(self)
        made_by = f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"
        with cbook.open_file_cm(filename_or_obj, "wb") as file:
            png.write(file, np.asarray(self.buffer_rgba()), self.figure.dpi, {"Software": made_by})
