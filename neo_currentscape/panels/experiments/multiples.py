"""Small multiples: the currentscapes of all steps of a sweep, on one colour code and time scale."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.panels.experiments.base import CurrentsPanelOfResult, subdivided
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.voltage import VoltagePanel
from neo_currentscape.reduction.shares import Shares
from neo_currentscape.style import text
from neo_currentscape.style.elements import options_checked

#: Steps that are shown, unless told.
MOST = 12


@options_checked
@dataclass(frozen=True)
class MultiplesPanel(CurrentsPanelOfResult):
    """Voltage and shares of each step, side by side.

    Parameters
    ----------
    source : Sweep
    columns : int
        Panels in a row.
    voltage : bool
        Whether the voltage is shown above the shares; not where it was not recorded.
    window : tuple of Quantity, optional
        First and last time that is shown of each step; all of it by default.
    steps : sequence of int, optional
        Which steps are shown; all of them, or twelve that are spread evenly, by default.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    columns: int = field(default=3, kw_only=True)
    voltage: bool = field(default=True, kw_only=True)
    window: tuple[Any, Any] | None = field(default=None, kw_only=True)
    steps: Sequence[int] | None = field(default=None, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("by", "values", "scapes", "charge", "contributions")
    shows: ClassVar[str] = "a result of class Sweep"
    made_by: ClassVar[str] = 'sweep(block, by="amplitude")'
    #: Height of one row of panels.
    row_height: ClassVar[float] = 1.7

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (isinstance(self.columns, int) and self.columns > 0):
            raise ArgumentError(f"columns={self.columns!r} cannot be used: write a number above 0.")
        if any(not -len(self.source) <= k < len(self.source) for k in self.chosen):
            raise ArgumentError(
                f"steps={list(self.chosen)} are not all among the {len(self.source)} steps, from 0 to "
                f"{len(self.source) - 1}."
            )

    @property
    def chosen(self) -> list[int]:
        """Numbers of the steps that are shown."""
        if self.steps is not None:
            return [int(k) for k in self.steps]
        return np.unique(
            np.linspace(0, len(self.source) - 1, min(MOST, len(self.source))).round().astype(int)
        ).tolist()

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-len(self.chosen) // self.columns)

    @property
    def natural_height(self) -> float:  # type: ignore[override]
        """Height in inches on a page: that of its rows."""
        return self.row_height * self.rows

    @property
    def least_height(self) -> float:  # type: ignore[override]
        """Height that its labels need, in units of the text."""
        return 12.0 * self.rows

    def plot(self, axes: Any) -> list[Any]:
        """Divide the place of an axes; returns the areas of each step."""
        limits = self._voltage_limits()
        heights = [1.0, 2.4] if limits is not None else [1.0]
        # One grid for all, so that all panels have the same size.
        grid = subdivided(
            axes, len(heights) * self.rows, self.columns, height_ratios=heights * self.rows, hspace=0.0
        )
        artists = []
        for place, index in enumerate(self.chosen):
            row, column = divmod(place, self.columns)
            lowest: bool | str = place + self.columns >= len(self.chosen)
            if lowest and row < self.rows - 1:
                lowest = ""  # tick labels, but no label that would push the next row down
            places = [grid[len(heights) * row + k, column] for k in range(len(heights))]
            artists.append(self._one(axes.figure, places, index, limits, lowest, column == 0))
        if self.legend is not False and axes.figure.axes:
            self.draw_legend(axes)
        return artists

    def _cut(self, index: int) -> Shares:
        scape = self.source.scapes[index]
        return scape if self.window is None else Shares(scape.recording.slice(*self.window))

    def _voltage_limits(self) -> tuple[float, float] | None:
        found = [s.recording.voltage for s in self.source.scapes]
        if not self.voltage or any(v is None for v in found):
            return None
        unit = found[0].units
        low = min(
            float(np.nanmin(v.magnitude)) * float(pq.Quantity(1, v.units).rescale(unit)) for v in found
        )
        high = max(
            float(np.nanmax(v.magnitude)) * float(pq.Quantity(1, v.units).rescale(unit)) for v in found
        )
        room = 0.05 * (high - low) or 1.0
        return low - room, high + room

    def _one(
        self, figure: Any, places: Any, index: int, limits: Any, lowest: bool | str, leftmost: bool
    ) -> Any:
        scape = self._cut(index)
        top = figure.add_subplot(places[0])
        top.set_title(plain_text.value(self.source.values[index]), fontsize=text.small_size(), pad=2)
        below = top
        if limits is not None:
            quiet = {
                "xlabel": False,
                "ylabel": f"V ({units.label(scape.recording.voltage.units)})" if leftmost else False,
                "ylim": limits,
            }
            VoltagePanel(scape, **quiet).plot(top)
            below = figure.add_subplot(places[1], sharex=top)
            if not leftmost:
                top.tick_params(axis="y", labelleft=False)
        panel = SharesPanel(
            scape, order=self._order(scape), palette=self.looks(), legend=False, xlabel=lowest
        )
        artists = dataclasses.replace(panel, ylabel="Share" if leftmost else False).plot(below)
        if not leftmost:
            below.tick_params(axis="y", labelleft=False)
        return artists

    def _order(self, scape: Shares) -> list[str]:
        return [name for _, name, _ in self.shown()]
