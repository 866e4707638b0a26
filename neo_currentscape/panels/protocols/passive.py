"""The response to a step, with what was read off it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.conventions import plain_text
from neo_currentscape.panels.protocols.traces import ResponsePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT

#: Room above and below the response, as a part of its height.
ROOM = 0.08

#: The whole trace is shown where it takes no more than so many times the height of the response.
MOST = 2.5


@options_checked
@dataclass(frozen=True)
class PassivePanel(ResponsePanel):
    """The voltage, with rest, end and peak, the fit of the time constant, and the numbers.

    Parameters
    ----------
    source : Passive
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: the points that were read off.
    fit : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: the fitted exponentials, where ``method`` fits.
    note : dict or False
        Goes through to `matplotlib.axes.Axes.text`: the numbers.
    **options
        See `neo_currentscape.panels.protocols.traces.TracePanel`.
    """

    mark: Element = field(default_factory=dict, kw_only=True)
    fit: Element = field(default_factory=dict, kw_only=True)
    note: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "mark", "fit", "note")
    natural_height: ClassVar[float] = 1.8
    least_height: ClassVar[float] = 9.0

    def _marks(self, axes: Any, scale: float) -> list[Any]:
        found = self.source
        if not hasattr(type(found), "tau_by"):
            return []  # another protocol's response has no such marks
        return [*self._fit(axes, found, scale), *self._points(axes, found, scale), *self._note(axes, found)]

    def _points(self, axes: Any, found: Any, scale: float) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {"color": BRIGHT[0], "marker": "o", "linestyle": "none", "zorder": 4}
        look = element(self.mark, default, Line2D)
        t = found.trace.times[[found.step.rest, found.peak, found.step.final]] * scale
        v = [float(one) for one in (found.v_rest, found.v_peak, found.v_final)]
        return [] if look is None else list(axes.plot(t, v, **look))

    def _fit(self, axes: Any, found: Any, scale: float) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {
            "color": BRIGHT[1],
            "linewidth": text.line_width(1.4),
            "linestyle": (0, (4, 2)),
            "zorder": 3,
        }
        look = element(self.fit, default, Line2D)
        fit = None if found.found_tau is None else found.fit
        if look is None or fit is None:
            return []
        times, _ = found.response
        thin = slice(None, None, max(1, len(times) // axes_style.n_columns(axes)))
        x = (times[thin] + found.trace.times[found.step.rest]) * scale
        return list(axes.plot(x, fit(times[thin]), **look))

    def _note(self, axes: Any, found: Any) -> list[Any]:
        from matplotlib.text import Text

        names = {"v_rest": "V rest", "r_in": "R in", "tau": "τ", "sag": "sag", "sag_norm": "sag norm."}
        told = dict(found.rows())
        shown = [(label, told[name], found.errors.get(name)) for name, label in names.items()]
        default = {"fontsize": text.small_size(), "color": text.ink()}
        look = element(self.note, default, Text)
        if look is None:
            return []
        texts = [f"{name} {plain_text.with_error(value, error)}" for name, value, error in shown]
        # A title, for which a layout leaves height and takes no width; on two lines, to fit a column.
        half = (len(texts) + 1) // 2
        gap = "\N{NO-BREAK SPACE}" * 2
        parts = (texts[:half], texts[half:])
        # Where they are broken, it is between two of them.
        lines = "\n".join(f"{gap} ".join(one.replace(" ", gap[0]) for one in part) for part in parts)
        return [axes.set_title(text.with_minus(lines), loc="left", **look)]

    def _limit_values(self, axes: Any) -> None:
        """Room for all that is drawn, but for what would leave the response little, as a rebound spike."""
        found = self.source
        if self.ylim is not None or not hasattr(type(found), "tau_by"):
            super()._limit_values(axes)
            return
        step, trace = found.step, found.trace
        seen = _extent(trace.voltage[max(0, 2 * step.rest - step.final) : step.final + 1])
        whole = _extent(trace.voltage)
        fits = whole[1] - whole[0] <= MOST * max(seen[1] - seen[0], 1e-6)
        low, high = whole if fits else seen
        room = ROOM * max(high - low, 1e-6)
        axes.set_ylim(low - room, high + room)
        if not fits:
            self._tell_outside(axes, trace)

    def _tell_outside(self, axes: Any, trace: Any) -> None:
        """Say at the edge how far the voltage goes beyond it, and when."""
        low, high = axes.get_ylim()
        for arrow, at, is_out in (
            ("\N{UPWARDS ARROW}", int(trace.voltage.argmax()), float(trace.voltage.max()) > high),
            ("\N{DOWNWARDS ARROW}", int(trace.voltage.argmin()), float(trace.voltage.min()) < low),
        ):
            if is_out:
                top = arrow == "\N{UPWARDS ARROW}"
                axes.annotate(
                    text.with_minus(f"{arrow} {trace.voltage[at]:.0f} {self.unit}"),
                    (trace.times[at] * axes_style.PER_MS[self.unit_of_time], float(top)),
                    xycoords=("data", "axes fraction"),
                    xytext=(3, -2 if top else 2),
                    textcoords="offset points",
                    va="top" if top else "bottom",
                    fontsize=text.small_size(),
                    color=text.ink(),
                    bbox={"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 0.5},
                    zorder=5,
                    annotation_clip=True,
                )


def _extent(values: Any) -> tuple[float, float]:
    return float(values.min()), float(values.max())
