"""Panels of voltage clamp over the voltage: current, conductance or availability, and time constants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.protocols.xy import XYPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT

#: Points of a fitted curve.
FINE = 300


@dataclass(frozen=True)
class OverVoltage(XYPanel):
    """Base of the panels of points with errors over the voltage.

    Parameters
    ----------
    source : object
        What a protocol of voltage clamp gave.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.errorbar`: the points.
    curve : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: what was fitted.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    note : dict or False
        Goes through to `matplotlib.axes.Axes.annotate`: the fitted numbers.
    **options
        See `neo_currentscape.panels.protocols.xy.XYPanel`.
    """

    curve: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)
    note: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "curve", "zero_line", "note")
    shows: ClassVar[str] = "the result of a voltage clamp"
    natural_height: ClassVar[float] = 1.7

    def _points(self, axes: Any, x: Any, y: Any, error: Any, **own: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {"color": text.ink(), "marker": "o", "linestyle": "none", "zorder": 3}
        default |= {"markersize": text.line_width(3.0), **own}
        look = element(self.line, default, Line2D)
        if look is None:
            return []
        bars = np.where(np.isfinite(error), error, 0.0)
        drawn = axes.errorbar(
            x, y, yerr=bars if bars.any() else None, elinewidth=text.line_width(0.8), **look
        )
        return [artist for artist in (drawn.lines[0], *drawn.lines[2]) if artist is not None]

    def _curve(self, axes: Any, x: np.ndarray, y: np.ndarray) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {"color": BRIGHT[1], "linewidth": text.line_width(1.2), "zorder": 2}
        look = element(self.curve, default, Line2D)
        return [] if look is None else list(axes.plot(x, y, **look))

    def _limit(self, axes: Any) -> None:
        """Give panels of one result the same axis, whatever they show of it."""
        shown = [self.source.voltages.magnitude]
        if hasattr(self.source, "voltages_of"):
            shown += [self.source.voltages_of(kind).magnitude for kind in ("peak", "steady")]
        low, high = float(np.min(shown)), float(np.max(shown))
        room = 0.04 * (high - low) or 1.0
        axes.set_xlim(low - room, high + room)

    def _zero(self, axes: Any) -> None:
        from matplotlib.lines import Line2D

        default = {"color": paper.tone(0.7), "linewidth": text.line_width(0.6), "zorder": 1}
        look = element(self.zero_line, default, Line2D)
        if look is not None:
            axes.axhline(0, **look)

    def _write(self, axes: Any, lines: list[str], left: bool, low: bool) -> list[Any]:
        from matplotlib.text import Annotation

        default = {"fontsize": text.small_size(), "color": text.ink(), "ha": "left" if left else "right"}
        look = element(self.note, {**default, "va": "bottom" if low else "top"}, Annotation)
        if look is None or not lines:
            return []
        place = (0.0 if left else 1.0, 0.0 if low else 1.0)
        shift = (3 if left else -3, 3 if low else -3)
        return [
            axes.annotate(
                text.with_minus("\n".join(lines)),
                place,
                shift,
                xycoords="axes fraction",
                textcoords="offset points",
                **look,
            )
        ]


@options_checked
@dataclass(frozen=True)
class IVPanel(OverVoltage):
    """Current over the voltage of the membrane, with the fitted curve and the reversal.

    Parameters
    ----------
    source : IV
    other : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: the other one of peak and steady current.
    **options
        See `OverVoltage`.
    """

    other: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = (
        "voltages",
        "voltages_of",
        "current",
        "current_error",
        "peak",
        "steady",
        "fitted",
    )
    made_by: ClassVar[str] = "protocols.iv(block)"
    elements: ClassVar[tuple[str, ...]] = (*OverVoltage.elements, "other")

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        found = self.source
        v = found.voltages.magnitude
        artists = self._points(
            axes, v, found.current.magnitude, found.current_error.magnitude, label=found.of
        )
        rest = "steady" if found.of == "peak" else "peak"
        default = {
            "color": paper.tone(0.55),
            "marker": "s",
            "linestyle": "none",
            "zorder": 2.5,
            "label": rest,
        }
        look = element(
            self.other, {**default, "markersize": text.line_width(2.6), "fillstyle": "none"}, Line2D
        )
        if look is not None:
            x = found.voltages_of(rest).magnitude
            artists += axes.plot(x, getattr(found, rest).magnitude, **look)
        if found.fitted is not None:
            fine = np.linspace(v.min(), v.max(), FINE)
            artists += self._curve(axes, fine, found.fitted.current(fine))
        self._zero(axes)
        artists += self._note_of(axes)
        if artists:
            place = "lower right" if self._turns_up else "upper left"
            axes.legend(loc=place, frameon=False, fontsize=text.small_size())
        self._limit(axes)
        self.label_x(axes, "Voltage", "mV")
        self._label_y(axes, "Current\n(pA)")
        return artists

    @property
    def _turns_up(self) -> bool:
        return bool(self.source.current.magnitude[-1] > 0)

    def _note_of(self, axes: Any) -> list[Any]:
        turn, fit = self.source.reversal, self.source.fitted
        if turn is None:
            return []
        error = f" ± {fit.errors['reversal']:.2g}" if fit is not None and "reversal" in fit.errors else ""
        return self._write(axes, [f"reversal {float(turn):.3g}{error} mV"], self._turns_up, False)

    def _label_y(self, axes: Any, default: str) -> None:
        if self.ylabel is not False:
            axes.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else default)


@options_checked
@dataclass(frozen=True)
class BoltzmannPanel(OverVoltage):
    """Conductance over its maximum, or the fraction that is available or open, with its Boltzmann curve.

    Parameters
    ----------
    source : IV, Inactivation or Tails
    **options
        See `OverVoltage`.
    """

    needs: ClassVar[tuple[str, ...]] = ("voltages", "fitted")
    made_by: ClassVar[str] = "protocols.iv(block)"

    def _draw(self, axes: Any) -> list[Any]:
        found, fit = self.source, self.source.fitted
        v = found.voltages.magnitude
        y, error, label = self._fractions()
        artists = self._points(axes, v, y, error)
        if fit is not None:
            fine = np.linspace(v.min(), v.max(), FINE)
            artists += self._curve(axes, fine, fit(fine) / self._largest())
            lines = [f"V½ {float(fit.half):.3g} ± {fit.errors['half']:.2g} mV"]
            lines.append(f"k {float(fit.slope):.3g} ± {fit.errors['slope']:.2g} mV")
            rises = fit(fine)[-1] / self._largest() > fit(fine)[0] / self._largest()
            artists += self._write(axes, lines, rises, False)
        self._zero(axes)
        told = y[np.isfinite(y)]
        low, high = (told.min(), told.max()) if len(told) else (0.0, 1.0)
        axes.set_ylim(min(-0.08, low - 0.05), max(1.1, min(high + 0.05, 1.6)))
        self._limit(axes)
        self.label_x(axes, "Voltage", "mV")
        if self.ylabel is not False:
            axes.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else label)
        return artists

    def _largest(self) -> float:
        """What counts as 1."""
        found, fit = self.source, self.source.fitted
        if hasattr(found, "conductance"):
            size = found.conductance.magnitude[np.isfinite(found.conductance.magnitude)]
            return float(fit.maximum) if fit is not None else float(size.max(initial=1e-300))
        if hasattr(found, "largest"):
            return float(found.largest)
        size = found.amplitude.magnitude
        return float(size[np.abs(size).argmax()]) or 1.0

    def _fractions(self) -> tuple[np.ndarray, np.ndarray, str]:
        found, one = self.source, self._largest()
        if hasattr(found, "conductance"):
            return (
                found.conductance.magnitude / one,
                found.conductance_error.magnitude / abs(one),
                "G / G max",
            )
        if hasattr(found, "largest"):
            return found.fraction, found.peak_error.magnitude / abs(one), "Available"
        return found.fraction, found.amplitude_error.magnitude / abs(one), "Tail / largest"


@options_checked
@dataclass(frozen=True)
class TausPanel(OverVoltage):
    """Time constants over the voltage, with their standard errors; options as for `OverVoltage`."""

    needs: ClassVar[tuple[str, ...]] = ("voltages", "taus", "tau_errors")
    made_by: ClassVar[str] = "protocols.tails(block)"
    natural_height: ClassVar[float] = 1.2

    def _draw(self, axes: Any) -> list[Any]:
        found = self.source
        y, error = found.taus.magnitude, found.tau_errors.magnitude
        artists = self._points(axes, found.voltages.magnitude, y, error)
        highest = np.max((y + np.nan_to_num(error))[np.isfinite(y)], initial=0.0)
        axes.set_ylim(0, 1.1 * float(highest) or 1.0)
        self._limit(axes)
        self.label_x(axes, "Voltage", "mV")
        if self.ylabel is not False:
            axes.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else "τ\n(ms)")
        return artists


@options_checked
@dataclass(frozen=True)
class InstantaneousPanel(OverVoltage):
    """Size of tail currents over the level of the tail, and where they turn; options of `OverVoltage`."""

    needs: ClassVar[tuple[str, ...]] = ("voltages", "amplitude", "amplitude_error", "reversal")
    made_by: ClassVar[str] = "protocols.tails(block)"

    def _draw(self, axes: Any) -> list[Any]:
        found = self.source
        artists = self._points(
            axes, found.voltages.magnitude, found.amplitude.magnitude, found.amplitude_error.magnitude
        )
        self._zero(axes)
        turn = found.reversal
        if turn is not None:
            artists += self._write(axes, [f"reversal {float(turn):.3g} mV"], True, False)
        self._limit(axes)
        self.label_x(axes, "Voltage", "mV")
        if self.ylabel is not False:
            axes.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else "Tail\n(pA)")
        return artists
