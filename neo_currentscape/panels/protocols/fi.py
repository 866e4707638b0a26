"""The FI curve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.panels.protocols.xy import XYPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT


@options_checked
@dataclass(frozen=True)
class FIPanel(XYPanel):
    """Rate of the spikes under the step over its amplitude, and the rheobase.

    Parameters
    ----------
    source : FI
    counts : bool
        Draw numbers of spikes instead of rates.
    units : Quantity or str
        Of the amplitude.
    rheobase_line : dict or False
        Goes through to `matplotlib.axes.Axes.axvline`.
    **options
        See `neo_currentscape.panels.protocols.xy.XYPanel`.
    """

    counts: bool = field(default=False, kw_only=True)
    units: Any = field(default="pA", kw_only=True)
    rheobase_line: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("amplitudes", "rates", "counts_in_step", "rheobase")
    made_by: ClassVar[str] = "protocols.fi(block)"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "rheobase_line")

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        unit: pq.Quantity = units.parse_units(self.units)
        x = self.source.amplitudes.rescale(unit).magnitude
        y = self.source.counts_in_step if self.counts else self.source.rates.magnitude
        look = element(self.line, {**self._default_line(), "marker": "o"}, Line2D)
        artists = [] if look is None else list(axes.plot(x, y, **look))
        rheobase = self.source.rheobase
        default = {
            "color": BRIGHT[1],
            "linewidth": text.line_width(0.8),
            "linestyle": (0, (4, 3)),
            "zorder": 1,
        }
        mark = element(self.rheobase_line, default, Line2D)
        if mark is not None and rheobase is not None:
            at = float(rheobase.rescale(unit))
            artists.append(axes.axvline(at, **mark))
            label = text.with_minus(f"rheobase {units.readable(rheobase)}")
            axes.annotate(
                label,
                (at, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 2),
                textcoords="offset points",
                ha=_side(at, axes),
                va="bottom",
                fontsize=text.small_size(),
                color=BRIGHT[1],
            )
        # A cell that never spikes has no scale of its own.
        axes.set_ylim(0, None if np.any(y > 0) else 1)
        self._label(axes, f"Amplitude ({units.label(unit)})", "Spikes" if self.counts else "Rate\n(Hz)")
        return artists


def _side(at: float, axes: Any) -> str:
    """Which end of a text above a line stands upon it, so that it stays within the axes."""
    low, high = axes.get_xlim()
    return ("left", "center", "right")[min(int(3 * (at - low) / ((high - low) or 1.0)), 2)]
