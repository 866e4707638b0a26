"""The cell itself, each compartment coloured by what it contributes to a target's current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.panels.root import Element, Panel
from neo_currentscape.panels.spatial.extended import draw_note
from neo_currentscape.panels.spatial.tree_layout import VIEWS, Layout, layout
from neo_currentscape.panels.spatial.tree_points import lengths
from neo_currentscape.panels.spatial.tree_scale import SCALES, beyond, norm_of, spread_ticks
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked

#: What a contribution may be divided by, and how that is written.
PER = {
    "compartment": "% per compartment",
    "length": "% per 10 \N{MICRO SIGN}m",
    "area": "% per 100 \N{MICRO SIGN}m\N{SUPERSCRIPT TWO}",
}


#: Rows of a dendrogram that it has at least, so that few branches are not far apart.
FEWEST_ROWS = 6

#: Colours from nothing to the largest contribution; their lightness falls all the way.
COLORS = ("#D2D2D2", "#F0B267", "#DC6B4F", "#A32B62", "#4B1464", "#140A2E")


@options_checked
@dataclass(frozen=True)
class TreePanel(Panel):
    """A map over the tree: the morphology, coloured by contribution.

    Parameters
    ----------
    source : CompartmentMap
        ``cell.map(target, ...)``.
    direction : {"outward", "inward"}
    view : {"xy", "xz", "yz", "yx", "zx", "zy", "dendrogram"}, optional
        By default the plane in which the cell is largest; a dendrogram where it has no 3-D points.
    per : {"compartment", "length", "area"}
        What the contributions are divided by. Those per compartment halve when nseg is doubled; those
        per length or area do not.
    cmap : str or matplotlib colormap, optional
        By default from grey, which is seen on paper, to dark.
    scale : {"others", "linear", "log", "quantile"}
        What the colours follow. "others": linear from 0 to the largest contribution outside of the target,
        whose own is written beside the colour bar where it is beyond; "linear": to the largest of all;
        "log": three decades up to that; "quantile": ranks, each colour that of as many compartments.
    norm : matplotlib norm, optional
        In place of the scale.
    vmax : float, optional
        Contribution in % at the end of the colours; by default as the scale has it.
    line : dict or False
        Goes through to `matplotlib.collections.LineCollection`.
    marker : dict or False
        Goes through to `matplotlib.axes.Axes.scatter`, for the target.
    bar, scale_bar, note : dict or False
        The colour bar (to `matplotlib.figure.Figure.colorbar`), the bar of length (to
        `matplotlib.lines.Line2D`) and what is said about unexplained currents.
    title : str or False, optional
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    direction: str = "inward"
    view: str | None = field(default=None, kw_only=True)
    per: str = field(default="compartment", kw_only=True)
    cmap: Any = field(default=None, kw_only=True)
    scale: str = field(default="others", kw_only=True)
    norm: Any = field(default=None, kw_only=True)
    vmax: float | None = field(default=None, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    marker: Element = field(default_factory=dict, kw_only=True)
    bar: Element = field(default_factory=dict, kw_only=True)
    scale_bar: Element = field(default_factory=dict, kw_only=True)
    note: Element = field(default_factory=dict, kw_only=True)
    title: str | bool | None = field(default=None, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("cell", "target", "label", "types", "of")
    shows: ClassVar[str] = "a map"
    made_by: ClassVar[str] = 'cell.map("soma")'
    elements: ClassVar[tuple[str, ...]] = ("line", "marker", "bar", "scale_bar", "note")
    natural_height: ClassVar[float] = 3.0
    least_height: ClassVar[float] = 16.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.source.of(self.direction)
        if self.per not in PER:
            raise unknown_name("per=", self.per, PER)
        if self.view is not None and self.view not in VIEWS:
            raise unknown_name("view", self.view, VIEWS)
        if self.scale not in SCALES:
            raise unknown_name("scale", self.scale, SCALES)
        if self.vmax is not None and not self.vmax > 0:
            raise ArgumentError(f"vmax={self.vmax!r} is no contribution: write a number of % above 0.")

    def values(self) -> np.ndarray:
        """Contribution of each node in %, as it is coloured, shape (node,).

        Returns
        -------
        np.ndarray
        """
        morphology = self.source.cell.morphology
        out = 100 * self.source.of(self.direction)
        if self.per == "area":
            size = np.asarray(morphology.area) / 100
        elif self.per == "length":
            size = lengths(morphology) / 10
        else:
            return out
        return np.divide(out, size, out=np.zeros_like(out), where=size > 0)

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, whose frame is switched off.

        Returns
        -------
        list of matplotlib artists
        """
        from matplotlib.collections import LineCollection
        from matplotlib.colors import LinearSegmentedColormap

        found, values = layout(self.source.cell.morphology, self.view), self.values()
        axes.set_axis_off()
        _limit(axes, found)
        default = {
            "cmap": self.cmap or LinearSegmentedColormap.from_list("contribution", _colors()),
            "norm": self.norm or norm_of(values[found.node], self._is_target(found), self.scale, self.vmax),
            "linewidths": _widths(axes, found),
            "capstyle": "butt",
            "joinstyle": "round",
        }
        artists: list[Any] = []
        if found.links:
            links = LineCollection(
                found.links, colors=paper.tone(0.7), linewidths=text.line_width(0.6), zorder=0.5
            )
            artists.append(axes.add_collection(links, autolim=False))
        look = element(self.line, default, LineCollection)
        if look is not None:
            lines = LineCollection(found.lines, array=values[found.node], **look)
            artists.append(axes.add_collection(lines, autolim=False))
            artists += self._bar(axes, lines, found)
        return artists + self._marker(axes, found) + self._scale_bar(axes, found) + self._words(axes)

    def _is_target(self, found: Layout) -> np.ndarray:
        return np.isin(found.node, np.asarray(self.source.target))

    def _bar(self, axes: Any, lines: Any, found: Layout) -> list[Any]:
        if self.bar is False:
            return []
        values = self.values()[found.node]
        look: dict[str, Any] = {"extend": beyond(values, lines.norm)}
        look |= {"shrink": 0.7, "aspect": 18, "pad": 0.02, "location": "right", "panchor": (0.5, 0.5)}
        look.update(self.bar if isinstance(self.bar, Mapping) else {})
        label = look.pop("label", f"Contribution ({PER[self.per]}){self._own(values, found, lines.norm)}")
        bar = axes.figure.colorbar(lines, ax=axes, label=label, **look)
        bar.outline.set_visible(False)
        if self.norm is None and self.scale == "quantile" and "ticks" not in look:
            ticks = spread_ticks(lines.norm)
            bar.set_ticks(ticks, labels=[f"{tick:.2g}" for tick in ticks], minor=False)
        return [bar]

    def _own(self, values: np.ndarray, found: Layout, norm: Any) -> str:
        """What the target has, where no colour says it."""
        own = values[self._is_target(found)]
        if not len(own) or norm.vmax is None or own.max() <= norm.vmax * (1 + 1e-9):
            return ""
        several = "up to " * (len(own) > 1)
        return f"\ntarget: {several}{own.max():.3g} {PER[self.per]}"

    def _marker(self, axes: Any, found: Layout) -> list[Any]:
        from matplotlib.collections import PathCollection

        place = [
            line.mean(axis=0)
            for line, n in zip(found.lines, found.node, strict=True)
            if n in self.source.target
        ]
        default = {
            "s": text.small_size() ** 2 * 0.8,
            "marker": "o",
            "facecolors": "none",
            "edgecolors": text.ink(),
            "linewidths": text.line_width(1.0),
            "zorder": 4,
        }
        look = element(self.marker, default, PathCollection)
        if look is None or not place:
            return []
        at = np.mean(place, axis=0)
        return [axes.scatter([at[0]], [at[1]], label=f"target: {self.source.label}", **look)]

    def _scale_bar(self, axes: Any, found: Layout) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {
            "color": text.ink(),
            "linewidth": text.line_width(1.5),
            "solid_capstyle": "butt",
            "clip_on": False,
        }
        look = element(self.scale_bar, default, Line2D)
        if look is None:
            return []
        low, high = _span(found)
        length = _round_length(
            float((high - low).max() if not np.isnan(found.width).all() else high[0]) / 5
        )
        y, size = max(axes.get_ylim()[0], _below(found)), text.small_size()
        (bar,) = axes.plot([low[0], low[0] + length], [y, y], **look)
        words = axes.text(
            low[0] + length / 2, y, f"{length:g} \N{MICRO SIGN}m", ha="center", va="bottom", fontsize=size
        )
        return [bar, words]

    def _words(self, axes: Any) -> list[Any]:
        artists = []
        if self.title is not False:
            kinds = self.source.types
            what = (
                ""
                if len(kinds) == len(self.source.cell.types)
                else f": {', '.join(kinds[:3])}{' ...' * (len(kinds) > 3)}"
            )
            default = f"{self.direction.capitalize()} current at {self.source.label}{what}"
            artists.append(axes.set_title(self.title if isinstance(self.title, str) else default))
        balance = self.source.cell.balance
        if balance.is_noticed:
            artists += draw_note(axes, balance.note, self.note, below=True)
        return artists


def _span(found: Layout) -> tuple[np.ndarray, np.ndarray]:
    every = np.concatenate(found.lines)
    return every.min(axis=0), every.max(axis=0)


def _below(found: Layout) -> float:
    """Where the bar of length of a dendrogram is, which has rows; -inf for a cell in space."""
    low, high = _span(found)
    return float(low[1] - 0.06 * (high[1] - low[1]) - 0.5) if np.isnan(found.width).all() else -np.inf


def _limit(axes: Any, found: Layout) -> None:
    low, high = _span(found)
    room = 0.06 * np.maximum(high - low, 1e-9)
    if not np.isnan(found.width).all():
        room = np.full(2, 0.06 * (high - low).max())
        axes.set_aspect("equal", adjustable="box")
    axes.set_xlim(low[0] - room[0], high[0] + room[0])
    if np.isnan(found.width).all():
        # Few branches stay together in the middle; the bar of length is in the row below them.
        apart = max(FEWEST_ROWS - (high[1] - low[1]), 0.0) / 2
        axes.set_ylim(_below(found) - apart, high[1] + room[1] + apart)
        return
    axes.set_ylim(low[1] - room[1], high[1] + room[1])


def _widths(axes: Any, found: Layout) -> np.ndarray:
    """Widths of the lines in points: true to scale, but no thinner than can be seen."""
    thin = text.line_width(2.0)
    if np.isnan(found.width).all():
        return np.full(len(found.lines), 3 * thin)
    low, high = _span(found)
    box = axes.get_position()
    size = np.array(axes.figure.bbox.size) / axes.figure.dpi * 72 * [box.width, box.height]
    per_um = float(np.min(size / np.maximum(1.12 * (high - low), 1e-9)))
    return np.maximum(found.width * per_um, thin)


def _round_length(length: float) -> float:
    power = 10.0 ** np.floor(np.log10(max(length, 1e-9)))
    return float(power * max(step for step in (1.0, 2.0, 5.0) if step * power <= length * (1 + 1e-9)))


def _colors() -> list[Any]:
    """The colours from nothing to all, which stands out most: dark on white, light on black."""
    if not paper.is_dark():
        return list(COLORS)
    return [paper.seen(color) for color in reversed(COLORS)]
