"""Impedance and phase over the frequency."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.conventions import units
from neo_currentscape.panels.protocols.xy import XYPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT


@options_checked
@dataclass(frozen=True)
class ImpedancePanel(XYPanel):
    """|Z| over the frequency, and the resonance.

    Parameters
    ----------
    source : Zap
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.axvline`: the resonance.
    **options
        See `neo_currentscape.panels.protocols.xy.XYPanel`.
    """

    mark: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("frequencies", "magnitude", "band", "is_resonant", "resonance")
    made_by: ClassVar[str] = "protocols.zap(segment)"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "mark")

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        found = self.source
        look = element(self.line, self._default_line(), Line2D)
        sizes = found.magnitude
        artists = (
            [] if look is None else list(axes.plot(found.frequencies.magnitude, sizes.magnitude, **look))
        )
        default = {
            "color": BRIGHT[1],
            "linewidth": text.line_width(0.8),
            "linestyle": (0, (4, 3)),
            "zorder": 1,
        }
        mark = element(self.mark, default, Line2D)
        if mark is not None and found.is_resonant:
            at = float(found.resonance)
            artists.append(axes.axvline(at, **mark))
            axes.annotate(
                f"{at:.3g} Hz",
                (at, 0),
                xycoords=("data", "axes fraction"),
                xytext=(3, 3),
                textcoords="offset points",
                fontsize=text.small_size(),
                color=BRIGHT[1],
            )
        axes.set_ylim(bottom=0)
        axes.set_xlim(found.band)
        self._label(axes, "Frequency (Hz)", f"|Z|\n({units.label(sizes)})")
        return artists


@options_checked
@dataclass(frozen=True)
class PhasePanel(XYPanel):
    """Phase of the voltage before the current over the frequency.

    Parameters
    ----------
    source : Zap
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    **options
        See `neo_currentscape.panels.protocols.xy.XYPanel`.
    """

    zero_line: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("frequencies", "phase", "band")
    made_by: ClassVar[str] = "protocols.zap(segment)"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "zero_line")
    natural_height: ClassVar[float] = 1.1

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        found = self.source
        look = element(self.line, self._default_line(), Line2D)
        values = found.phase.magnitude
        artists = [] if look is None else list(axes.plot(found.frequencies.magnitude, values, **look))
        artists += draw_zero_line(axes, self.zero_line, 0.7, color=paper.tone(0.7), zorder=1)
        axes.set_xlim(found.band)
        self._label(axes, "Frequency (Hz)", "Phase\n(°)")
        return artists
