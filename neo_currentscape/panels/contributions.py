"""Rings: what part of the whole outward and inward charge each current carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.panels.base import CurrentsShown, Element, SourcePanel
from neo_currentscape.panels.ring_labels import INNER, ROOM, RingLabels
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked

#: Room beside the rings for their labels, in units of the text; at least and at most, in radii.
BESIDE, LEAST_BESIDE, MOST_BESIDE = 3.2, 0.5, 1.5


@options_checked
@dataclass(frozen=True)
class ContributionsPanel(CurrentsShown, SourcePanel):
    """Two rings, outward and inward, with the charge of each in the middle.

    Parameters
    ----------
    scape : Currentscape or Recording
    order, palette, legend
        As for `neo_currentscape.SharesPanel`; clockwise from the top.
    wedge : dict or False
        Goes through to `matplotlib.patches.Wedge`.
    percent : float or False
        The smallest contribution that is written beside its wedge; False for none.
    label : dict or False
        Goes through to `matplotlib.text.Text`, for the direction and the charge in the middle.
    charge : bool
        Whether the charge is written below the direction.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    wedge: Element = field(default_factory=dict, kw_only=True)
    percent: float | bool = field(default=0.05, kw_only=True)
    label: Element = field(default_factory=dict, kw_only=True)
    charge: bool = field(default=True, kw_only=True)

    natural_height: ClassVar[float] = 1.5
    least_height: ClassVar[float] = 13.0
    elements: ClassVar[tuple[str, ...]] = ("legend", "wedge", "label")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()
        if not (isinstance(self.percent, (bool, int, float)) and 0 <= self.percent <= 1):
            raise ArgumentError(
                f"percent={self.percent!r} is no part of a charge: write a number from 0 to 1, or False."
            )

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, whose frame is switched off.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib.patches.Wedge
            Outward, then inward; currents that carry nothing have none.
        """
        handles = self.handles() if self.legend is not False else []
        centres = _arrange(axes, handles)
        labels = RingLabels()
        axes.add_artist(labels)
        artists = []
        for centre, direction in zip(centres, ("outward", "inward"), strict=True):
            artists += self._ring(axes, centre, direction, labels)
        if handles:
            legend_style.inside(axes, handles, self._legend_options())
        return artists

    def _legend_options(self) -> dict[str, Any]:
        return {"loc": "center right", "ncols": 1, **legend_style.given(self.legend)}

    def _ring(
        self, axes: Any, centre: tuple[float, float], direction: str, labels: RingLabels
    ) -> list[Any]:
        contributions = self.scape.contributions(direction)
        shown = [(contributions[k], name, look) for k, name, look in self.shown() if contributions[k] > 0]
        ends = np.cumsum([part for part, _, _ in shown])
        artists = []
        for (part, name, look), end in zip(shown, ends, strict=True):
            turn = 90 - 360 * end, 90 - 360 * (end - part)
            artists.append(_wedge(axes, centre, turn, self.wedge, look.patch(), f"{name} {direction}"))
        if not shown:
            _wedge(axes, centre, (0, 360), self.wedge, {"facecolor": "0.92"}, f"_no {direction} current")
        self._write(
            axes,
            centre,
            direction,
            labels,
            [(part, end - part / 2) for (part, _, _), end in zip(shown, ends, strict=True)],
        )
        return [artist for artist in artists if artist is not None]

    def _titles(self, direction: str) -> tuple[str, ...]:
        if not self.charge:
            return (direction,)
        charge = units.readable(self.scape.charge(direction).sum())
        return f"{direction}\n{charge}", f"{direction}\n" + charge.replace(" ", "\n")

    def _write(
        self, axes: Any, centre: tuple[float, float], direction: str, labels: RingLabels, parts: Any
    ) -> None:
        size = text.small_size()
        look = {"fontsize": size, "color": text.ink(), "linespacing": 1.25}
        from matplotlib.text import Text

        own = element(self.label, look, Text)
        if own is not None:
            labels.add_title(axes, centre, self._titles(direction), own)
        if self.percent is False:
            return
        least = 0.0 if self.percent is True else self.percent
        percents = [(f"{part:.0%}", middle) for part, middle in parts if part >= max(least, 0.005)]
        labels.add_percents(axes, centre, percents, look)


def _wedge(
    axes: Any, centre: tuple[float, float], turn: Any, own: Element, look: dict[str, Any], label: str
) -> Any:
    from matplotlib.patches import Wedge

    options = element(own, {**look, "label": label}, Wedge)
    if options is None:
        return None
    options = {"width": 1 - INNER, "linewidth": 0.0, **options}
    return axes.add_patch(Wedge(centre, 1.0, *turn, **options))


def _arrange(axes: Any, handles: Sequence[Any]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Set the limits so that the rings stand side by side, or in a tall axes upon each other.

    Returns
    -------
    tuple of (x, y)
        Their centres.
    """
    size = text.small_size()
    width, height = (length / axes.figure.dpi * 72 for length in (axes.bbox.width, axes.bbox.height))
    longest = max((text.width_of(str(handle.get_label()), size) for handle in handles), default=-3 * size)
    room = max(width - longest - 3 * size, size)
    is_tall = height > 1.2 * room
    rings = (1, 2) if is_tall else (2, 1)
    beside = LEAST_BESIDE
    for _ in range(3):  # the room in radii depends on the radius, which depends on the room
        radius = min(height / rings[1] / (2 + 2 * ROOM), room / rings[0] / (2 + 2 * beside))
        beside = float(np.clip(BESIDE * size / radius, LEAST_BESIDE, MOST_BESIDE))
    across, up = rings[0] * (1 + beside), rings[1] * (1 + ROOM)
    axes.set_xlim(-across, across + (width - room) / radius)
    axes.set_ylim(-up, up)
    axes.set_aspect("equal", adjustable="box")
    axes.axis("off")
    return ((0, up / 2), (0, -up / 2)) if is_tall else ((-across / 2, 0), (across / 2, 0))
