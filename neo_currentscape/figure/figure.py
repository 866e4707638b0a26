"""`Figure`: panels one above the other with one time axis and one legend."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, warn
from neo_currentscape.figure import (
    canvas,
    compose,
    fitting,
    layout,
    legend_place,
    notebook,
    steady,
    thinned,
    window,
    writing,
)
from neo_currentscape.figure.plan import Plan, make_plan
from neo_currentscape.figure.sizes import page_size
from neo_currentscape.style import arrows, keywords, text
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.drawing import drawing
from neo_currentscape.style.elements import check_element, options_checked

#: Part of what the panels need below which a figure is drawn, but can hardly be read; and the part
#: that a warning proposes.
TOO_TIGHT, READABLE = 0.5, 0.75

#: Dots per inch of a saved picture, and of one in a notebook.
SAVED_DPI, NOTEBOOK_DPI = 300, 150

#: Formats without dots.
VECTOR = ("pdf", "svg", "svgz", "eps", "ps", "pgf")

#: The least at which text of 6 points has a pixel.
LEAST_DPI = 12


@options_checked
class Figure:
    """Panels one above the other, with one time axis, labelled below the last of them.

    Parameters
    ----------
    *panels : panels
        Ours, PyNN's (`pyNN.utility.plotting.Panel`), or anything with a method ``plot(axes)``.
    title : str, optional
        Above the panels.
    size : str or tuple, optional
        "column" (85 mm), "page" (174 mm), "slide", ``(width, height)`` in inches or Quantities, or in
        words, e.g. "85x100mm", or "85mm" for the width alone.
        The text fits the size, and is not smaller than 6 points; where matplotlib's ``font.size`` is not
        its default, as under seaborn's contexts, the text has that size.
    legend : bool or dict
        One legend for all panels that show currents; a dict goes through to matplotlib.
    time_units : str, optional
        Unit of the time axis; by default one that fits the longest panel, and ms where a panel of
        PyNN is among them, as those are in ms.
    on : matplotlib Figure or SubFigure, optional
        Where to draw instead of on a new figure. One that is empty and has no layout gets the
        constrained one, which clips nothing.
    settings : dict, optional
        rcParams for this figure only; no other thread sees them.

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
    title : str or None

    Raises
    ------
    ArgumentTypeError
        When a panel has no method ``plot``, ``on`` is no figure, or the title no text.
    UnknownOptionError
        When an option is not known, with the nearest that is.

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2], [2, -3]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["K", "Na"]},
    ... )
    >>> scape = ncs.Currentscape(ncs.Recording(currents))
    >>> figure = ncs.Figure(
    ...     ncs.TotalPanel(scape, "outward"),
    ...     ncs.SharesPanel(scape),
    ...     title="Two currents",
    ... )
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
        compose.check_panels(panels)
        check_element("legend", legend)
        text.check_words("title", title)
        own: Any = text.check_settings(settings)
        self.panels = compose.with_common_looks(compose.with_one_time_unit(panels, time_units))
        width, height = page_size(size, on)
        with drawing(own):
            labels = [str(h.get_label()) for h in compose.handles(self.panels, legend)]
            plan = make_plan(self.panels, labels, title, width, height, text.chosen_size(own))
        _warn_if_tight(plan)
        self.title = title
        self._settings: Any = {**text.settings(plan.size), **own, **arrows.with_arrows(own)}
        self._seen = window.Seen()
        self.axes: list[Any] = []
        self.artists: list[Any] = []
        with drawing(self._settings):
            if on is None:
                self.fig = canvas.new(plan.width, plan.height, self._settings)
                self._draw(plan, legend)
            else:
                with canvas.taken_back(on):
                    self.fig = canvas.prepared(on)
                    self._draw(plan, legend)
        if on is None and window.opens_windows():
            window.keep(self.fig, self, self._seen)

    def _draw(self, plan: Plan, legend: bool | Mapping[str, Any]) -> None:
        margins = {} if layout.makes_room(self.fig) else plan.margins()
        grid = self.fig.add_gridspec(len(self.panels), 1, height_ratios=list(plan.heights), **margins)
        leader = None
        for row, panel in enumerate(self.panels):
            timed = compose.has_time(panel)
            axes = self.fig.add_subplot(grid[row], sharex=leader if timed else None)
            leader = leader or (axes if timed else None)
            self.axes.append(axes)
            known = len(self.fig.axes)
            self.artists.append(compose.plot(panel, self.fig, axes))
            compose.fit_label(axes, panel, float(plan.heights[row]))
            if compose.is_ours(panel):
                cells = [axes, *self.fig.axes[known:]]
                fitting.fit_cells(cells, axes.bbox.width, plan.inner_width, float(plan.heights[row]))
        compose.one_time_axis(self.axes, self.panels)
        if leader is not None:
            fitting.fit_ticks(leader.xaxis, plan.inner_width)
        self.legend = self._draw_legend(plan, legend)
        if plan.title:
            self.fig.suptitle(plan.title)
        self.fig.align_ylabels(self.axes)

    def _draw_legend(self, plan: Plan, legend: bool | Mapping[str, Any]) -> Any:
        if plan.legend is None:
            return None
        options = compose.legend_options(self.panels, legend)
        entries = compose.handles(self.panels, legend)
        with keywords.named({"legend": options}):
            if not plan.legend.is_beside and legend_place.is_last_of_others(self.panels, self.axes):
                own = legend_place.explained(self.panels).index(True)
                return legend_style.inside(self.axes[own], entries, options)
            made = legend_style.beside(self.fig, entries, plan.legend, options)
        rows = legend_place.own_rows(self.panels, self.axes, list(plan.heights))
        if plan.legend.is_beside and rows is not None and not {"loc", "bbox_to_anchor"} & set(options):
            legend_place.stand_beside(made, [self.axes[row] for row in rows], plan.legend.height)
        return made

    def save(self, path: Any, dpi: float | None = None, **options: Any) -> None:
        """Write the figure to a file, whole or not at all; the format follows from the name.

        Parameters
        ----------
        path : str, path or file
            E.g. "figure.pdf"; "figure.html" is a page for a browser, in which one can zoom and point.
        dpi : float, optional
            Dots per inch of pixel formats; 300 unless told.
        **options
            Go through to `matplotlib.figure.Figure.savefig`; a page takes none.

        Raises
        ------
        ArgumentError
            When the resolution is not positive, or the name tells no format that can be written.
        FileError
            When the file cannot be written; what was there stays.
        MissingDependencyError
            When a page is asked for, and Bokeh is not installed.
        """
        if writing.is_page(path, options):
            self._save_page(path, options)
            return
        dpi, root = SAVED_DPI if dpi is None else dpi, window.root_of(self.fig)
        _check_output(root, path, dpi, options)
        with drawing(self._settings), contextlib.ExitStack() as stack:
            layout.as_before_layout(self.fig)
            stack.enter_context(steady.ticks(root))
            if _is_whole_page(dpi, options):
                stack.enter_context(canvas.laid_out(self.fig, _layout_dpi(path, dpi, options)))
            kind = writing.file_name(path if isinstance(path, (str, os.PathLike)) else "", options)[1]
            stack.enter_context(thinned.areas(root, kind, VECTOR))
            writing.savefig(root.savefig, path, {"dpi": dpi, **options})
        # From now on the window may close when the caller drops the figure.
        self._seen.append(True)

    def _save_page(self, path: Any, options: Mapping[str, Any]) -> None:
        from neo_currentscape.figure.web.page import page

        _check_output(window.root_of(self.fig), path, SAVED_DPI, {**options, "format": writing.PAGE})
        other = [name for name in options if name != "format"]
        if other:
            raise ArgumentError(f"A page for a browser has no {other[0]}=: leave it out.")
        with drawing(self._settings):
            writing.write_whole(path, page(self))
        self._seen.append(True)

    savefig = save

    def show(self) -> None:
        """Show the figure in a window, or in the notebook; `matplotlib.pyplot.show` does the same."""
        window.show(window.root_of(self.fig), self, self._seen)

    def _ipython_display_(self) -> None:
        """The widget that a notebook shows whose backend is ipympl."""
        notebook.display(self.fig)

    def _repr_png_(self) -> bytes:
        """The picture that a notebook shows."""
        import io

        buffer = io.BytesIO()
        with drawing(self._settings):
            window.root_of(self.fig).savefig(buffer, format="png", dpi=NOTEBOOK_DPI)
        return buffer.getvalue()

    def __repr__(self) -> str:
        names = ", ".join(type(panel).__name__ for panel in self.panels)
        return f"Figure of {len(self.panels)} panel{'s' * (len(self.panels) != 1)}: {names}"


def _check_output(figure: Any, path: Any, dpi: Any, options: Mapping[str, Any]) -> None:
    """Refuse what matplotlib would refuse after drawing, in one sentence."""
    if isinstance(dpi, bool) or not (isinstance(dpi, (int, float)) and 0 < dpi < np.inf):
        raise ArgumentError(f"dpi={dpi!r} is no resolution: write a positive number of dots per inch.")
    if dpi < LEAST_DPI:
        raise ArgumentError(f"dpi={dpi!r} leaves text no pixel: write {LEAST_DPI} dots per inch or more.")
    if not (isinstance(path, (str, os.PathLike)) or hasattr(path, "write")):
        raise ArgumentTypeError(
            f"save() takes a path or a file to write to, not {path!r}: write e.g. save('figure.pdf')."
        )
    known = figure.canvas.get_supported_filetypes()
    ending = Path(path).suffix[1:].lower() if isinstance(path, (str, Path)) else ""
    if ending and "format" not in options and ending not in known:
        raise ArgumentError(
            f"{str(path)!r} ends in no format that can be written: end it in one of "
            f"{', '.join(sorted([*known, writing.PAGE]))}."
        )
    if isinstance(path, (str, Path)) and not Path(path).parent.is_dir():
        folder, name = str(Path(path).parent), Path(path).name
        raise ArgumentError(f"There is no folder {folder!r} to write {name!r} into: make it first.")


def _is_whole_page(dpi: Any, options: Mapping[str, Any]) -> bool:
    """Whether all of the page is saved, so that its layout is known beforehand."""
    import matplotlib

    cut = options.get("bbox_inches", matplotlib.rcParams["savefig.bbox"])
    return cut is None and isinstance(dpi, (int, float)) and dpi > 0


def _layout_dpi(path: Any, dpi: float, options: Mapping[str, Any]) -> float:
    """The resolution to lay a page out at: a format without dots has text of exact widths."""
    words = str(options.get("format") or path).lower()
    return max(dpi, SAVED_DPI) if words.endswith(VECTOR) else dpi


def _warn_if_tight(plan: Plan) -> None:
    if plan.room < TOO_TIGHT:
        height = f"{plan.height_for(READABLE):.1f}"
        warn(
            f"A page of {plan.width:.3g} x {plan.height:.3g} inches leaves too little room for "
            f"{len(plan.heights)} panels{' and their legend' if plan.legend else ''}: give it a height of "
            f"{height} inches, size=({plan.width:.3g}, {height}), or fewer panels, top=... to bundle small "
            "currents, or legend=False."
        )
