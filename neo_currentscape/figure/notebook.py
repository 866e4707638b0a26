"""Figures in notebooks: as a widget that zooms where the backend is ipympl, as a picture elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from neo_currentscape.figure import window

#: Module of the backend that a notebook chooses by ``%matplotlib widget``.
IPYMPL = "ipympl.backend_nbagg"

#: Module of the backend that shows figures as pictures below the cell.
INLINE = "matplotlib_inline.backend_inline"


def widget(figure: Any) -> Any:
    """The canvas on which ipympl shows a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or SubFigure

    Returns
    -------
    ipympl.backend_nbagg.Canvas or None
        None where pyplot's backend is another one. As with other canvases, a second one takes the
        figure over from the first, so that the one it has is returned if it is one.
    """
    ipympl = sys.modules.get(IPYMPL)
    if ipympl is None or "matplotlib.pyplot" not in sys.modules:
        return None
    if window.backend().FigureCanvas is not ipympl.Canvas:
        return None
    root = window.root_of(figure)
    if not isinstance(root.canvas, ipympl.Canvas):
        canvas = ipympl.Canvas(root)
        # Its manager belongs to the canvas: pyplot does not know the figure, so it has no number.
        ipympl.FigureManager(canvas, 0)
        canvas.header_visible = False
    # A widget that was closed has no other end any more: the picture is shown in its place.
    return root.canvas if root.canvas.comm is not None else None


def shown_now(figure: Any) -> None:
    """Take a figure from those that a backend shows at the end of a cell: it is shown already.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """
    ipympl = sys.modules.get(IPYMPL)
    if ipympl is not None and figure in ipympl._Backend_ipympl._to_show:
        ipympl._Backend_ipympl._to_show.remove(figure)
    inline = sys.modules.get(INLINE)
    if inline is None or figure not in inline.show._to_draw:
        return
    from matplotlib._pylab_helpers import Gcf

    inline.show._to_draw.remove(figure)
    if inline.InlineBackend.instance().close_figures and figure.canvas.manager is not None:
        Gcf.destroy(figure.canvas.manager)


def asked_first(kind: Any) -> None:
    """Let IPython ask figures of a kind how they are displayed before it does what it does with any figure.

    Parameters
    ----------
    kind : type
        A subclass of matplotlib's Figure, for which IPython registers functions of its own.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        shell.display_formatter.ipython_display_formatter.for_type(kind, kind._ipython_display_)


def display(figure: Any) -> None:
    """Show a figure as a widget, for ``_ipython_display_``.

    Raises
    ------
    NotImplementedError
        Where there is no widget: IPython then shows what else an object can be shown as.
    """
    canvas = widget(figure)
    if canvas is None:
        raise NotImplementedError
    from IPython.display import display

    display(canvas)
