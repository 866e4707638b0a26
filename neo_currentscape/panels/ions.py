"""Ion concentrations, and the injected current, over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.palettes import BRIGHT, colors_of


@dataclass(frozen=True)
class _SignalsPanel(TimePanel):
    """All channels of one part of a Recording as lines."""

    palette: Any = field(default=None, kw_only=True)
    legend: bool | dict[str, Any] = field(default=True, kw_only=True)
    line: dict[str, Any] = field(default_factory=dict, kw_only=True)
    scale: str = field(default="linear", kw_only=True)

    part: ClassVar[str] = ""
    what: ClassVar[str] = ""
    natural_height: ClassVar[float] = 0.7

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        signal = getattr(self.scape.recording, self.part)
        if signal is None:
            raise SelectionError(
                f"The recording holds no {self.what}: leave this panel out, or pass {self.part}=... when "
                "you make the Recording."
            )
        names = channel_names(signal) or [self.part]
        colors = colors_of(self.palette if self.palette is not None else list(BRIGHT))
        artists = []
        for k, name in enumerate(names):
            look = {"color": colors[k % len(colors)], "linewidth": 0.8, "label": name, **self.line}
            artists.append(draw_line(axes, x, data.extremes[self.part], k, look))
        if self.scale != "linear":
            axes.set_yscale(self.scale)
        label = names[0] if len(names) == 1 else self.what.capitalize()
        axes_style.label_values(axes, self.ylabel, label, signal.units)
        if self.legend is not False and (len(names) > 1 or isinstance(self.legend, dict)):
            legend_style.inside(axes, artists, self.legend)
        return artists


@dataclass(frozen=True)
class IonsPanel(_SignalsPanel):
    """Ion concentrations, in the unit of the data.

    Parameters
    ----------
    scape : Currentscape or Recording
        Must hold ions.
    palette : optional
        Colours of the ions; see `neo_currentscape.style.palettes.colors_of`.
    legend : bool or dict
        Drawn inside the panel, where there are several ions.
    line : dict
        Goes through to `matplotlib.axes.Axes.plot`.
    scale : {"linear", "log"}
        Of the y axis.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    part: ClassVar[str] = "ions"
    what: ClassVar[str] = "ions"


@dataclass(frozen=True)
class ElectrodePanel(_SignalsPanel):
    """Injected currents, inward positive, in the unit of the data; options as for `IonsPanel`."""

    part: ClassVar[str] = "electrode"
    what: ClassVar[str] = "electrode"
