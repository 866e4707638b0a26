"""`Figure`: panels one above the other with one time axis and one legend."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.figure import window
from neo_currentscape.figure.sizes import size_in_inches
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import text

#: Height in inches of a panel that is not ours.
FOREIGN_HEIGHT = 1.0


class Figure:
    """Panels one above the other, with one time axis, labelled below the last of them.

    Parameters
    ----------
    *panels : panels
        Ours, PyNN's (`pyNN.utility.plotting.Panel`), or anything with a method ``plot(axes)``.
    title : str, optional
        Above the panels.
    size : str or tuple, optional
        "column" (85 mm), "page" (174 mm), "slide", or ``(width, height)`` in inches or Quantities.
    legend : bool or dict
        One legend for all panels that show currents; a dict goes through to matplotlib.
    time_units : str, optional
        Unit of the time axis; by default one that fits the longest panel, and ms where a panel of
        PyNN is among them, as those are in ms.
    on : matplotlib Figure or SubFigure, optional
        Where to draw instead of on a new figure.
    settings : dict, optional
        rcParams for this figure only.

    Attributes
    ----------
    fig : matplotlib.figure.Figure or SubFigure
    axes : list of matplotlib.axes.Axes
        One for each panel.
    panels : list
        The panels as they were drawn.
    artists : list
        What each panel's ``plot`` returned.
    legend : matplotlib.legend.Legend or None

    Raises
    ------
    ArgumentTypeError
        When a panel has no method ``plot``.

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal([[1, -2], [2, -3]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "Na"]})
    >>> scape = ncs.Currentscape(ncs.Recording(currents))
    >>> figure = ncs.Figure(ncs.TotalPanel(scape, "outward"), ncs.SharesPanel(scape), title="Two currents")
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['', 'Time (ms)']
    """

    def __init__(
        self,
        *panels: Any,
        title: str | None = None,
        size: Any = None,
        legend: bool | Mapping[str, Any] = True,
        time_units: str | None = None,
        on: Any = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        _check_panels(panels)
        if on is not None and size is not None:
            raise ArgumentError(
                "size= cannot be given with on=: the figure to draw on has a size of its own."
            )
        self.panels = _with_one_time_unit(panels, time_units)
        heights = [_height(panel) for panel in self.panels]
        natural = sum(getattr(panel, "natural_height", FOREIGN_HEIGHT) for panel in self.panels)
        width, height = size_in_inches(size, natural) if on is None else _size_of(on)
        self._settings = {**text.settings(width), **(settings or {})}
        self._saved_or_shown = False
        import matplotlib

        with matplotlib.rc_context(self._settings):
            self.fig = _new_figure(width, height) if on is None else _prepared(on)
            self.axes: list[Any] = []
            self.artists: list[Any] = []
            self._draw(heights, title, legend)
        if on is None and window.is_interactive():
            window.adopt(self.fig)

    def _draw(self, heights: Sequence[float], title: str | None, legend: Any) -> None:
        grid = self.fig.add_gridspec(len(self.panels), 1, height_ratios=heights)
        leader = None
        for row, panel in enumerate(self.panels):
            shares_time = _has_time(panel)
            axes = self.fig.add_subplot(grid[row], sharex=leader if shares_time else None)
            leader = leader or (axes if shares_time else None)
            self.axes.append(axes)
            self.artists.append(self._plot(panel, axes))
        self._one_time_axis()
        self.legend = self._draw_legend(legend)
        if title:
            self.fig.suptitle(title)
        self.fig.align_ylabels([a for a, p in zip(self.axes, self.panels, strict=True) if _has_time(p)])

    def _plot(self, panel: Any, axes: Any) -> Any:
        if hasattr(panel, "legend") and hasattr(panel, "handles"):
            # The figure draws one legend for all.
            panel = dataclasses.replace(panel, legend=False)
        if _is_ours(panel):
            return panel.plot(axes)
        with window.current_in_pyplot(self.fig, axes):
            return panel.plot(axes)

    def _one_time_axis(self) -> None:
        timed = [(a, p) for a, p in zip(self.axes, self.panels, strict=True) if _has_time(p)]
        ours = [p for _, p in timed if _is_ours(p)]
        for axes, _ in timed[:-1]:
            axes.tick_params(labelbottom=False)
            axes.set_xlabel("")
        if not timed:
            return
        lowest = timed[-1][0]
        lowest.tick_params(labelbottom=True)
        # PyNN hides the tick labels themselves, which tick_params does not bring back.
        for tick_label in lowest.get_xticklabels():
            tick_label.set_visible(True)
        if ours:
            axes_style.label_time(lowest, ours[0].unit_of_time)
            spans = [p.limits for p in ours]
            lowest.set_xlim(min(s[0] for s in spans), max(s[1] for s in spans))

    def _draw_legend(self, legend: bool | Mapping[str, Any]) -> Any:
        if legend is False:
            return None
        handles: dict[str, Any] = {}
        # Swatches stand for lines as well, so panels with areas are asked first.
        with_legend = [p for p in self.panels if hasattr(p, "handles") and p.legend is not False]
        for panel in sorted(with_legend, key=lambda p: not _has_areas(p)):
            for handle in panel.handles():
                handles.setdefault(str(handle.get_label()), handle)
        if not handles:
            return None
        return legend_style.beside(self.fig, list(handles.values()), legend)

    def save(self, path: Any, dpi: float | None = None, **options: Any) -> None:
        """Write the figure to a file; the format follows from the name.

        Parameters
        ----------
        path : str, path or file
            E.g. "figure.pdf".
        dpi : float, optional
            Dots per inch of pixel formats; 300 unless told.
        **options
            Go through to `matplotlib.figure.Figure.savefig`.
        """
        import matplotlib

        root = self._root()
        with matplotlib.rc_context(self._settings):
            root.savefig(path, dpi=300 if dpi is None else dpi, **options)
        self._let_go()

    def show(self) -> None:
        """Show the figure in a window, or in the notebook; `matplotlib.pyplot.show` does the same."""
        import matplotlib.pyplot as plt

        window.adopt(self._root())
        plt.show()
        self._let_go()

    def _root(self) -> Any:
        root = self.fig
        while hasattr(root, "_parent"):
            root = root._parent
        return root

    def _let_go(self) -> None:
        # From now on the window may close when the caller drops the figure.
        manager = self._root().canvas.manager
        if manager is not None and not self._saved_or_shown:
            window.release_with(self, manager)
        self._saved_or_shown = True

    def _repr_png_(self) -> bytes:
        """The picture that a notebook shows."""
        import io

        import matplotlib

        buffer = io.BytesIO()
        with matplotlib.rc_context(self._settings):
            self._root().savefig(buffer, format="png", dpi=150)
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"Figure of {len(self.panels)} panels: {', '.join(type(p).__name__ for p in self.panels)}"


def _check_panels(panels: Sequence[Any]) -> None:
    if not panels:
        raise ArgumentError("A Figure needs a panel: write e.g. Figure(SharesPanel(scape)).")
    for panel in panels:
        if not callable(getattr(panel, "plot", None)) or isinstance(panel, type):
            raise ArgumentTypeError(
                f"A panel has a method plot(axes), which {panel!r} has not: pass e.g. SharesPanel(scape)."
            )


def _is_ours(panel: Any) -> bool:
    return type(panel).__module__.split(".")[0] == __name__.split(".")[0]


def _has_time(panel: Any) -> bool:
    return isinstance(panel, TimePanel) or not _is_ours(panel)


def _has_areas(panel: Any) -> bool:
    return getattr(panel, "stacked", True)


def _height(panel: Any) -> float:
    natural = getattr(panel, "natural_height", FOREIGN_HEIGHT)
    height = getattr(panel, "height", None)
    return natural if height is None else float(height)


def _with_one_time_unit(panels: Sequence[Any], time_units: str | None) -> list[Any]:
    timed = [panel for panel in panels if isinstance(panel, TimePanel)]
    if not timed:
        return list(panels)
    given = next((panel.time_units for panel in timed if panel.time_units is not None), None)
    foreign = any(_has_time(panel) and not _is_ours(panel) for panel in panels)
    unit = time_units or given or ("ms" if foreign else None)
    unit = unit or axes_style.time_unit(max(panel.duration for panel in timed))
    unit = axes_style.check_time_unit(unit)
    return [
        dataclasses.replace(panel, time_units=unit) if isinstance(panel, TimePanel) else panel
        for panel in panels
    ]


def _new_figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure as MatplotlibFigure

    figure = MatplotlibFigure(figsize=(width, height), layout="constrained")
    pads = {"w_pad": 0.03, "h_pad": 0.03, "hspace": 0.02, "wspace": 0.02}
    figure.get_layout_engine().set(**pads)
    return figure


def _size_of(on: Any) -> tuple[float, float]:
    if not hasattr(on, "add_gridspec"):
        raise ArgumentTypeError(f"on= takes a matplotlib Figure or SubFigure, not {type(on).__name__}.")
    return on.bbox.width / on.dpi, on.bbox.height / on.dpi


def _prepared(on: Any) -> Any:
    # An empty figure without a layout gets one that clips nothing; others belong to the caller.
    if hasattr(on, "set_layout_engine") and on.get_layout_engine() is None and not on.axes:
        on.set_layout_engine("constrained")
    return on
