"""Ion concentrations, and the injected current, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.conventions.errors import ArgumentTypeError, unknown_name
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import paper, scales, symlog, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import Look, Looks
from neo_currentscape.style.palettes import BRIGHT, colors_of

#: Characters of a name that stands alone as the label of the y axis.
SHORT = 8


@dataclass(frozen=True)
class _SignalsPanel(TimePanel):
    """All channels of one part of a Recording as lines."""

    order: Sequence[str] | None = field(default=None, kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    scale: str = field(default="linear", kw_only=True)

    part: ClassVar[str] = ""
    what: ClassVar[str] = ""
    label: ClassVar[str] = ""
    natural_height: ClassVar[float] = 0.7
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.need(self.part, self.what)
        if self.palette is not None and not isinstance(self.palette, Looks):
            colors_of(self.palette)
        if not isinstance(self.order, (Sequence, type(None))) or isinstance(self.order, str):
            raise ArgumentTypeError(
                f"order= takes a list of names of this panel, not {self.order!r}: there are "
                f"{', '.join(map(repr, self.names))}."
            )
        for name in self.order or ():
            if name not in self.names:
                raise unknown_name(f"{self.what} in order=", name, self.names)

    @property
    def names(self) -> list[str]:
        """Names of the lines."""
        return list(channel_names(self.need(self.part, self.what)) or [self.what])

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        from matplotlib.lines import Line2D

        names, looks = self.names, self._looks()
        artists: list[Any] = []
        for name in dict.fromkeys([*(self.order or ()), *names]):
            k = names.index(name)
            own = looks[k]
            default = {"color": paper.seen(own.color), "linestyle": own.line or "-", "label": name}
            default["linewidth"] = text.line_width(1.0)
            look = element(self.line, default, Line2D)
            if look is not None:
                extremes = data.extremes[self.part]
                artists.append(draw_line(axes, x, extremes, k, look, name=name))
        self._values_axis(axes, names, data)
        if self.legend is not False and artists and (self.legend is not True or not _alone(names)):
            legend_style.above(axes, artists, self.legend)
        return artists

    def _looks(self) -> list[Look]:
        if isinstance(self.palette, Looks):
            return [self.palette[name] for name in self.names]
        colors = colors_of(self.palette if self.palette is not None else list(BRIGHT))
        return [Look(colors[k % len(colors)]) for k in range(len(self.names))]

    def _values_axis(self, axes: Any, names: list[str], data: Columns) -> None:
        if self.scale == "log":
            axes.set_yscale("log")
            scales.label_log(axes)
        elif self.scale == "symlog":
            extremes = data.extremes[self.part]
            symlog.set_scale(axes, np.concatenate([extremes.low, extremes.high], axis=1))
        else:
            scales.shorten_ticks(axes)
        unit = getattr(self.source.recording, self.part).units
        axes_style.label_values(axes, self.ylabel, names[0] if _alone(names) else self.label, unit)

    def _limit_values(self, axes: Any) -> None:
        super()._limit_values(axes)
        if self.scale == "log":
            scales.label_log(axes)


def _alone(names: list[str]) -> bool:
    return len(names) == 1 and len(names[0]) <= SHORT


@options_checked
@dataclass(frozen=True)
class IonsPanel(_SignalsPanel):
    """Ion concentrations, in the unit of the data.

    Parameters
    ----------
    source : Currentscape or Recording
        Must hold ions.
    order : list of str, optional
        Names of the ions in the order in which they are drawn; those left out follow as recorded.
    palette : optional
        Colours of the ions; see `neo_currentscape.style.palettes.colors_of`.
    legend : bool or dict
        Drawn above the panel, where there are several ions; a dict goes through to matplotlib.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    scale : {"linear", "log"}
        Of the y axis.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    part: ClassVar[str] = "ions"
    what: ClassVar[str] = "ions"
    label: ClassVar[str] = "Ions"
    known_scales: ClassVar[tuple[str, ...]] = ("linear", "log")


@options_checked
@dataclass(frozen=True)
class ElectrodePanel(_SignalsPanel):
    """Injected currents, inward positive, in the unit of the data.

    Parameters
    ----------
    source : Currentscape or Recording
        Must hold what electrodes inject.
    order, palette, legend, line
        As for `neo_currentscape.IonsPanel`.
    scale : {"linear", "symlog"}
        Of the y axis.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    part: ClassVar[str] = "electrode"
    what: ClassVar[str] = "electrode"
    label: ClassVar[str] = "Injected"
    known_scales: ClassVar[tuple[str, ...]] = ("linear", "symlog")
