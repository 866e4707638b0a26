"""A matplotlib figure that keeps its settings: drawn and saved under them, whenever that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neo_currentscape.figure import notebook, window


class SettledFigure(Figure):
    """A figure of matplotlib with rcParams of its own.

    Some settings, the width of hatches in matplotlib before 3.10 among them, count when a figure is
    drawn or saved, and not when it is made.

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
        with matplotlib.rc_context(self._settled):
            super().__init__(**options)
            # A canvas with pixels, as that of a figure of pyplot.
            FigureCanvasAgg(self)
        notebook.asked_first(type(self))

    def draw(self, renderer: Any) -> None:
        """Draw under the settings of this figure."""
        with matplotlib.rc_context(self._settled):
            super().draw(renderer)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save under the settings of this figure."""
        # Formats of pages write their hatches last, when drawing is over.
        with matplotlib.rc_context(self._settled):
            super().savefig(fname, **options)

    def show(self, warn: bool = True) -> None:
        """Show the figure in a window, or in the notebook."""
        import matplotlib.pyplot  # noqa: F401  (chooses the backend)

        if window.opens_windows():
            window.adopt(self)
            super().show(warn)
        else:
            window.show(self, self, window.Seen())

    def _ipython_display_(self) -> None:
        """The widget that a notebook shows whose backend is ipympl."""
        notebook.shown_now(self)
        notebook.display(self)

    def _repr_png_(self) -> bytes:
        """The picture that a notebook shows."""
        import io

        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=150)
        return buffer.getvalue()
