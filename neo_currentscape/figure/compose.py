"""What makes panels one figure: one unit of time, one look for each current, one axis, one legend."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.roles import OTHER
from neo_currentscape.figure import window
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import keywords, palettes, theme, y_label

#: Unit of the time axis of PyNN's panels.
FOREIGN_TIME = "ms"


def check_panels(panels: Sequence[Any]) -> None:
    """Refuse what is no panel.

    Raises
    ------
    ArgumentError
        When there is none.
    ArgumentTypeError
        When one has no method ``plot``.
    """
    if not panels:
        raise ArgumentError("A Figure needs a panel: write e.g. Figure(SharesPanel(scape)).")
    for panel in panels:
        if not callable(getattr(panel, "plot", None)) or isinstance(panel, type):
            raise ArgumentTypeError(
                f"A panel has a method plot(axes), which {panel!r} has not: pass e.g. SharesPanel(scape)."
            )
        if hasattr(panel, "shares") and hasattr(panel, "contributions"):
            raise ArgumentTypeError(
                "A Figure takes panels, not a Currentscape: pass e.g. SharesPanel(scape), "
                "or write scape.plot()."
            )


def is_ours(panel: Any) -> bool:
    """Whether a panel is one of this package."""
    return type(panel).__module__.split(".")[0] == __name__.split(".")[0]


def has_time(panel: Any) -> bool:
    """Whether the x axis of a panel is time, so that it is shared.

    Ours say so; PyNN's panels may show images, histograms and scatter plots as well as signals and
    spike trains; of others it is assumed.
    """
    if is_ours(panel):
        return isinstance(panel, TimePanel)
    data = getattr(panel, "data", None)
    return all(map(_is_over_time, data)) if isinstance(data, list) else True


def _is_over_time(datum: Any) -> bool:
    first = datum[0] if isinstance(datum, list) and datum else datum
    return hasattr(first, "t_start") or type(first).__name__ == "SpikeTrainList"


def with_one_time_unit(panels: Sequence[Any], time_units: str | None) -> list[Any]:
    """Give all panels over time one unit of time.

    Parameters
    ----------
    panels : sequence of panels
    time_units : str or None
        What the caller said of the figure.

    Returns
    -------
    list of panels

    Raises
    ------
    UnknownNameError
        When there is no such unit.
    ArgumentError
        When it is not that of a panel that is not ours.
    """
    if time_units is not None:
        axes_style.check_time_unit(time_units)
    timed = [panel for panel in panels if isinstance(panel, TimePanel)]
    if not timed:
        return list(panels)
    given = time_units or next((p.time_units for p in timed if p.time_units is not None), None)
    if any(has_time(panel) and not is_ours(panel) for panel in panels):
        if given not in (None, FOREIGN_TIME):
            raise ArgumentError(
                f"time_units={given!r} cannot be used beside panels of PyNN, whose time is in ms: "
                "leave it out."
            )
        given = FOREIGN_TIME
    unit = given or axes_style.time_unit(max(panel.duration for panel in timed))
    return [
        _replaced(panel, time_units=unit) if isinstance(panel, TimePanel) else panel for panel in panels
    ]


def _replaced(panel: Any, **changes: Any) -> Any:
    return dataclasses.replace(panel, **changes)


def with_common_looks(panels: Sequence[Any]) -> list[Any]:
    """Give a current the same look in all panels, also where they show different recordings.

    Parameters
    ----------
    panels : sequence of panels

    Returns
    -------
    list of panels

    Raises
    ------
    ArgumentError
        When the caller gave the panels palettes that contradict each other.
    """
    shown = [panel for panel in panels if isinstance(panel, CurrentsShown)]
    if _conflict(shown) is None and theme.is_default():
        return list(panels)
    palette = next((panel.palette for panel in shown if panel.palette is not None), None)
    names = list(dict.fromkeys(name for panel in shown for name in panel.ordered.names))
    grey = OTHER if any(panel.ordered.bundle is not None for panel in shown) else None
    common = palettes.looks(names, palette, grey)
    found = [
        _replaced(panel, palette=common)
        if isinstance(panel, CurrentsShown) and (panel.palette is None or panel.palette is palette)
        else panel
        for panel in panels
    ]
    name = _conflict([panel for panel in found if isinstance(panel, CurrentsShown)])
    if name is not None:
        raise ArgumentError(
            f"Current {name!r} would have two colours in one figure: give all panels the same palette=."
        )
    return found


def _conflict(panels: Sequence[CurrentsShown]) -> str | None:
    """Name of a current that looks different in two panels."""
    known: dict[str, Any] = {}
    for panel in panels:
        for name, look in panel.looks().items():
            if known.setdefault(name, look) != look:
                return name
    return None


def plot(panel: Any, figure: Any, axes: Any) -> Any:
    """Draw a panel on its axes, without a legend of the currents, which the figure has."""
    if isinstance(panel, CurrentsShown):
        panel = _replaced(panel, legend=False)
    if is_ours(panel):
        with keywords.named({name: getattr(panel, name) for name in getattr(panel, "elements", ())}):
            return panel.plot(axes)
    with window.current_in_pyplot(figure, axes):
        return panel.plot(axes)


def fit_label(axes: Any, panel: Any, height: float) -> None:
    """Break the label of the y axis to a height in points; of our own labels the words may be shortened."""
    y_label.fit_height(axes, height, getattr(panel, "ylabel", "") in (None, True))


def one_time_axis(axes: Sequence[Any], panels: Sequence[Any]) -> None:
    """Label the time axis of the lowest panel over time only, and show what all of them show.

    Parameters
    ----------
    axes : sequence of matplotlib.axes.Axes
        Which share the x axis, where their panels are over time.
    panels : sequence of panels
        As they were drawn.
    """
    timed = [(a, p) for a, p in zip(axes, panels, strict=True) if has_time(p)]
    ours = [panel for _, panel in timed if is_ours(panel)]
    if not ours:
        return
    for ax, panel in timed[:-1]:
        label = getattr(panel, "xlabel", None) if is_ours(panel) else None
        axes_style.label_time(ax, ours[0].unit_of_time, label or False)
    _label_lowest(*timed[-1], ours[0].unit_of_time)
    spans = [_span(ax, panel) for ax, panel in timed]
    timed[-1][0].set_xlim(min(first for first, _ in spans), max(last for _, last in spans))


def _label_lowest(axes: Any, panel: Any, unit: str) -> None:
    if is_ours(panel):
        axes_style.label_time(axes, unit, True if panel.xlabel is None else panel.xlabel)
        return
    axes_style.label_time(axes, unit, axes.get_xlabel() or True)
    # PyNN hides the tick labels themselves, which tick_params does not bring back.
    for tick_label in axes.get_xticklabels():
        tick_label.set_visible(True)


def _span(axes: Any, panel: Any) -> tuple[float, float]:
    if is_ours(panel):
        return panel.limits
    first, last = (float(value) for value in axes.dataLim.intervalx)
    return (first, last) if np.isfinite([first, last]).all() else (np.inf, -np.inf)


def legend_options(panels: Sequence[Any], legend: bool | Mapping[str, Any]) -> dict[str, Any]:
    """The caller's keywords for the legend: those of the panels, and before them the figure's."""
    options: dict[str, Any] = {}
    for given in (*(panel.legend for panel in panels if isinstance(panel, CurrentsShown)), legend):
        options.update(given if isinstance(given, Mapping) else {})
    return options


def handles(panels: Sequence[Any], legend: bool | Mapping[str, Any]) -> list[Any]:
    """Entries of the one legend: each current once.

    Parameters
    ----------
    panels : sequence of panels
        Those whose own ``legend`` is False are not asked.
    legend : bool or mapping
        False for no entries.

    Returns
    -------
    list of artists
    """
    if legend is False:
        return []
    asked = [panel for panel in panels if hasattr(panel, "handles") and panel.legend is not False]
    entries: dict[str, Any] = {}
    # Swatches stand for lines as well, so panels with areas are asked first.
    for panel in sorted(asked, key=lambda panel: not getattr(panel, "stacked", True)):
        for handle in panel.handles():
            entries.setdefault(str(handle.get_label()), handle)
    return list(entries.values())
