"""One half of a currentscape: the shares of one direction, as areas, bars or an image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.compat.drawing.share_image import draw_image
from neo_currentscape.compat.drawing.stairs import stairs
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.elements import options_checked


@options_checked
@dataclass(frozen=True)
class HalfSharesPanel(CurrentsShown, TimePanel):
    """Shares of the outward or of the inward current, stacked downwards from 100 %.

    Parameters
    ----------
    source : Currentscape or Recording
    direction : {"outward", "inward"}
    bars : bool
        Draw each column of time as a bar with upright sides, rather than lines between columns.
    image : int, optional
        Draw an image of so many rows instead of areas; it shows no hatches.
    order, palette, legend
        As for `neo_currentscape.SharesPanel`; the first current lies on top.
    area : dict or False
        Goes through to `matplotlib.axes.Axes.fill_between`, for all currents.
    **options
        See `neo_currentscape.panels.base.TimePanel`.

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal([[1, 3], [2, 3]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "leak"]})
    >>> panel = HalfSharesPanel(ncs.Recording(currents), "outward", legend=False)
    >>> from matplotlib.figure import Figure
    >>> [artist.get_label() for artist in panel.plot(Figure().add_subplot())]
    ['leak outward', 'K outward']
    """

    direction: str = "outward"
    bars: bool = field(default=False, kw_only=True)
    image: int | None = field(default=None, kw_only=True)
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    area: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.0
    least_height: ClassVar[float] = 6.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_direction(self.direction)
        self.check_currents()
        if self.image is not None and self.bars:
            raise ArgumentError("image= and bars= cannot both be given: leave one of them out.")

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        parts = np.clip(data.shares[self.direction], 0.0, 1.0)[[k for k, _, _ in self.shown()]]
        artists: list[Any] = []
        if self.image is not None:
            colors = [look.patch()["facecolor"] for _, _, look in self.shown()]
            artists = [draw_image(axes, x, parts, colors, self.image, self.limits)]
        elif self.area is not False:
            artists = self._areas(axes, x, parts)
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
        axes_style.label_values(axes, self.ylabel, f"Share of\n{self.direction}")
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _areas(self, axes: Any, x: np.ndarray, parts: np.ndarray) -> list[Any]:
        if self.bars:
            x, parts = stairs(x, self.limits), np.repeat(parts, 2, axis=1)
        looks = [{**look.patch(), "label": f"{name} {self.direction}"} for _, name, look in self.shown()]
        return draw_stack(axes, x, list(parts), looks, self.area, -1.0, 1.0)
