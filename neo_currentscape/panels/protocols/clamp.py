"""The voltage under a step, with its spikes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.panels.protocols.traces import ResponsePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT


@options_checked
@dataclass(frozen=True)
class ClampPanel(ResponsePanel):
    """The voltage, a mark above every spike, and the threshold.

    Parameters
    ----------
    source : CurrentClamp
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: the spikes.
    threshold_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    **options
        See `neo_currentscape.panels.protocols.traces.TracePanel`.
    """

    mark: Element = field(default_factory=dict, kw_only=True)
    threshold_line: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "mark", "threshold_line")
    natural_height: ClassVar[float] = 1.3

    def _marks(self, axes: Any, scale: float) -> list[Any]:
        from matplotlib.lines import Line2D

        found = getattr(self.source, "rheobase_run", None) or self.source
        default = {
            "color": paper.tone(0.6),
            "linewidth": text.line_width(0.7),
            "linestyle": (0, (4, 3)),
            "zorder": 1,
        }
        look = element(self.threshold_line, default, Line2D)
        artists = [] if look is None else [axes.axhline(float(found.threshold.rescale("mV")), **look)]
        spot = {"color": BRIGHT[1], "marker": "|", "markersize": text.line_width(6), "linestyle": "none"}
        look = element(self.mark, {**spot, "clip_on": False}, Line2D)
        if look is not None and found.spike_count:
            times = found.trace.times[found.spike_indices] * scale
            artists += axes.plot(times, [1.02] * len(times), transform=axes.get_xaxis_transform(), **look)
        return artists
