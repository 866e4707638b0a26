"""The figure of Currentscape's call: it keeps its settings, and shows itself in windows and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neo_currentscape.figure import notebook, window
from neo_currentscape.figure.settled import SettledFigure


class ShownFigure(SettledFigure):
    """A figure with settings of its own that shows itself, as nothing stands around it that does.

    Examples
    --------
    >>> ShownFigure({"hatch.linewidth": 0.2}, figsize=(1, 1))._repr_png_()[1:4]
    b'PNG'
    """

    def __init__(self, settings: Mapping[str, Any], **options: Any) -> None:
        super().__init__(settings, **options)
        notebook.asked_first(type(self))

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
