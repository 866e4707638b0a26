"""What panels of experiments share: stacked currents, the axis of bins, and the room for several axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import readout
from neo_currentscape.style.look import Look

#: What the bins of an average are parts of, and how their axis is called.
AXES = {"lag": "Time from event", "phase": "Phase", "time": "Time"}


@dataclass(frozen=True)
class CurrentsPanelOfResult(CurrentsShown, PlainPanel):
    """Base of the panels of results that show every current.

    Parameters
    ----------
    order : {"charge", "recorded", "name"} or list of str
        "charge" is that of the recordings behind the result, as in their standard figures.
    palette, legend
        As for `neo_currentscape.SharesPanel`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "legend")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()

    def draw_shares(
        self, axes: Any, outline: Callable[[str], tuple[np.ndarray, np.ndarray]], area: Element
    ) -> list[Any]:
        """Stack the currents: outward upwards and inward downwards.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        outline : callable
            Gives for a direction x, shape (point,), and what is stacked, shape (current, point).
        area : dict or False
            Goes through to `matplotlib.axes.Axes.fill_between`.

        Returns
        -------
        list of matplotlib artists
            The areas, outward and then inward.
        """
        artists: list[Any] = []
        for direction, sign in zip(DIRECTIONS, (1.0, -1.0), strict=True):
            x, parts = outline(direction)
            looks = [patch_of(look, f"{name} {direction}") for _, name, look in self.shown()]
            artists += draw_stack(axes, x, [parts[k] for k, _, _ in self.shown()], looks, area, sign)
        return artists

    def draw_legend(self, axes: Any) -> None:
        """The panel's own legend, where it is not part of a figure that has one.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        """
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)


class OverBins:
    """What the panels share whose x axis is the bins of an average or a comparison."""

    source: Any
    grid: Element

    def over_bins(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of an outline of values, shape (..., bin), that is level in every bin.

        Parameters
        ----------
        values : np.ndarray
            Of shape (..., bin).

        Returns
        -------
        x : np.ndarray
            Of shape (2 * bin,).
        y : np.ndarray
            Of shape (..., 2 * bin).
        """
        return steps(self.source.edges.magnitude, values)

    def finish(self, axes: Any) -> None:
        """Limits, grid and label of the x axis.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        """
        edges = self.source.edges.magnitude
        axes.set_xlim(edges[0], edges[-1])
        axes_style.draw_grid(axes, self.grid)
        unit = None if self.source.axis == "phase" else self.source.edges
        self.label_x(axes, AXES[self.source.axis], unit)  # type: ignore[attr-defined]


def check_voltage(panel: PlainPanel, holder: str) -> None:
    """Refuse a result without a voltage; `holder` begins the sentence, such as "The recording"."""
    if not panel.source.has_voltage:
        raise SelectionError(
            f"{holder} holds no voltage: leave the {type(panel).__name__} out, or pass voltage=... when "
            "you make the Recording."
        )


def steps(edges: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points of an outline that is level in every bin.

    Parameters
    ----------
    edges : ndarray, shape (bin + 1,)
    values : ndarray, shape (..., bin)

    Returns
    -------
    x : ndarray, shape (2 bin,)
    y : ndarray, shape (..., 2 bin)

    Examples
    --------
    >>> steps(np.array([0, 1, 2]), np.array([5, 6]))
    (array([0, 1, 1, 2]), array([5, 5, 6, 6]))
    """
    return np.repeat(edges, 2)[1:-1], np.repeat(values, 2, axis=-1)


def percent_axis(axes: Any, both: bool = True) -> None:
    """Ticks of shares that go up (outward) and down (inward) from zero, or up only."""
    readout.of_unit(axes, readout.PERCENT)
    axes.set_ylim(-1 if both else 0, 1)
    ticks = [-1, -0.5, 0, 0.5, 1] if both else [0, 0.5, 1]
    axes.set_yticks(ticks, [f"{abs(tick):.0%}" for tick in ticks])


def patch_of(look: Look, label: str) -> dict[str, Any]:
    """Keywords of a filled area of a current."""
    return {**look.patch(), "label": label}


def label_below(cells: Sequence[Any], label: str) -> None:
    """Write one label below axes that stand side by side, in their middle."""
    middle, after = divmod(len(cells), 2)
    cell = cells[middle if after else middle - 1]
    cell.set_xlabel(label)
    # Of an even number the middle is the gap between two.
    cell.xaxis.label.set_x(0.5 if after else 1.06)


def subdivided(axes: Any, rows: int, columns: int, **options: Any) -> Any:
    """Divide the place of an axes, which is switched off.

    Raises
    ------
    ArgumentError
        When the axes stands in no grid.
    """
    place = axes.get_subplotspec()
    if place is None:
        raise ArgumentError(
            "This panel divides the place of its axes into several, and this axes stands in no grid: "
            "make it by figure.add_subplot()."
        )
    axes.set_axis_off()
    return place.subgridspec(rows, columns, **options)
