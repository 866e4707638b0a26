"""What there is between populations: tables as pictures, and connections per cell."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.network.distance import probability_by_distance
from neo_currentscape.network.tables import connections_per_cell
from neo_currentscape.panels.network.base import NetworkPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked

#: Luma of a cell of a picture from which its number is written in black.
BRIGHT_CELL = 0.5


@options_checked
@dataclass(frozen=True)
class PairTablePanel(NetworkPanel):
    """A table of pairs of populations as a picture, with its numbers: sources in rows, targets in columns.

    Parameters
    ----------
    source : PairTable
    colormap : str
        Of matplotlib.
    number : dict or False
        Goes through to `matplotlib.axes.Axes.text`.
    form : str
        Of the numbers, e.g. ".3g".
    bar : bool
        Whether a colour bar is drawn.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    colormap: str = field(default="viridis", kw_only=True)
    number: Element = field(default_factory=dict, kw_only=True)
    form: str = field(default=".3g", kw_only=True)
    bar: bool = field(default=True, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "number")
    needs: ClassVar[tuple[str, ...]] = ("what", "populations", "values", "unit")
    shows: ClassVar[str] = "a PairTable"
    made_by: ClassVar[str] = "network.table(net, 'total')"
    natural_height: ClassVar[float] = 2.2

    def _draw(self, axes: Any) -> list[Any]:
        names, values = self.source.populations, self.source.values
        image = axes.imshow(values, cmap=self.colormap, aspect="auto", interpolation="nearest")
        axes.set_xticks(range(len(names)), names)
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        artists = [image, *self._numbers(axes, image)]
        unit = f" ({self.source.unit})" if self.source.unit else ""
        if self.bar and np.isfinite(values).any():
            bar = axes.figure.colorbar(image, ax=axes, pad=0.02, fraction=0.05)
            bar.outline.set_visible(False)
        axes.set_title(f"{self.source.what[0].upper()}{self.source.what[1:]}{unit}", loc="left")
        self._label(axes, "Target", "Source")
        return artists

    def _numbers(self, axes: Any, image: Any) -> list[Any]:
        from matplotlib.text import Text

        default = {"ha": "center", "va": "center", "fontsize": text.small_size()}
        look = element(self.number, default, Text)
        if look is None:
            return []
        artists = []
        for (row, column), value in np.ndenumerate(self.source.values):
            shown = text.with_minus(format(value, self.form)) if np.isfinite(value) else "–"
            red, green, blue, _ = image.cmap(image.norm(value)) if np.isfinite(value) else (1, 1, 1, 1)
            luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
            own = {"color": "black" if luma > BRIGHT_CELL else "white", **look}
            artists.append(axes.text(column, row, shown, **own))
        return artists


def _with_named_ends(cls: Any) -> Any:
    """Let the populations be named source= and target=, as those of a connection are."""
    make = cls.__init__

    @functools.wraps(make)
    def made(self: Any, *args: Any, **options: Any) -> None:
        if args and "source" in options:
            options["origin"] = options.pop("source")
        make(self, *args, **options)

    cls.__init__ = made
    return cls


@dataclass(frozen=True)
class _PairPanel(NetworkPanel):
    """Base of the panels about the connections from one population, the origin, to another, the target."""

    origin: str = ""
    target: str = ""
    bar: Element = field(default_factory=dict, kw_only=True)
    gaps: bool | None = field(default=None, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("populations", "population", "source", "target", "chosen", "index")
    shows: ClassVar[str] = "a Network"
    made_by: ClassVar[str] = 'network, "E", "I"'
    elements: ClassVar[tuple[str, ...]] = ("grid", "bar")
    natural_height: ClassVar[float] = 1.6

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in (self.origin, self.target):
            self.source.index(name)

    def _look(self) -> dict[str, Any] | None:
        from matplotlib.patches import Rectangle

        color = self.colors(self.source.populations)[self.origin]
        return element(self.bar, {"facecolor": color, "edgecolor": paper.paper()}, Rectangle)


@_with_named_ends
@options_checked
@dataclass(frozen=True)
class ConnectionHistogramPanel(_PairPanel):
    """How many cells have how many connections from one population to another.

    Parameters
    ----------
    source : Network
    origin, target : str
        Populations; beside a network that comes first, `origin` may be called ``source``.
    per : {"target", "source"}
        Whether connections are counted where they arrive, or where they begin.
    bins : int or str
        As for `numpy.histogram_bin_edges`; one for each number unless told.
    bar : dict or False
        Goes through to `matplotlib.axes.Axes.bar`.
    gaps : bool, optional
        As for `neo_currentscape.network.table`.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    per: str = field(default="target", kw_only=True)
    bins: Any = field(default=None, kw_only=True)

    def _draw(self, axes: Any) -> list[Any]:
        counts = connections_per_cell(self.source, self.origin, self.target, per=self.per, gaps=self.gaps)
        if self.bins is None:
            low, high = (counts.min(), counts.max()) if len(counts) else (0, 0)
            edges = np.arange(low, high + 2) - 0.5
        else:
            edges = np.histogram_bin_edges(counts, self.bins)
        numbers, look = np.histogram(counts, edges)[0], self._look()
        width = np.diff(edges)
        artists = [] if look is None else list(axes.bar(edges[:-1], numbers, width, align="edge", **look))
        if len(counts):
            deviation = counts.std(ddof=1) if len(counts) > 1 else 0.0
            note = f"mean {counts.mean():.3g} ± {deviation:.3g}, median {np.median(counts):.3g}"
            axes.text(
                1, 1, note, transform=axes.transAxes, ha="right", va="bottom", fontsize=text.small_size()
            )
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_locator().set_params(integer=True)
        ends = f"{self.origin} → {self.target}"
        cells = self.target if self.per == "target" else self.origin
        self._label(axes, f"Connections {ends} of a cell", f"Cells of {cells}")
        return artists


@_with_named_ends
@options_checked
@dataclass(frozen=True)
class DistancePanel(_PairPanel):
    """The probability of a connection from one population to another over the distance.

    Parameters
    ----------
    source : Network
        With positions.
    origin, target : str
        Populations; beside a network that comes first, `origin` may be called ``source``.
    bins : int
    dimensions : str
        Of the distance, e.g. "xy".
    bar : dict or False
        Goes through to `matplotlib.axes.Axes.bar`.
    gaps : bool, optional
        As for `neo_currentscape.network.table`.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    bins: int = field(default=10, kw_only=True)
    dimensions: str = field(default="xyz", kw_only=True)

    def _draw(self, axes: Any) -> list[Any]:
        edges, found = probability_by_distance(
            self.source,
            self.origin,
            self.target,
            bins=self.bins,
            dimensions=self.dimensions,
            gaps=self.gaps,
        )
        edges, look = edges.rescale("um").magnitude, self._look()
        heights = np.nan_to_num(found)
        artists = (
            []
            if look is None
            else list(axes.bar(edges[:-1], heights, np.diff(edges), align="edge", **look))
        )
        axes.set_xlim(edges[0], edges[-1])
        self._label(axes, "Distance (µm)", f"Probability\n{self.origin} → {self.target}")
        return artists
