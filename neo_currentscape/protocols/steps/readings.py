"""What is read off a response that holds no noise: single samples, as they were computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.response.current_step import Step
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.protocols.steps.exponentials import Fit, double_fit, single_fit

#: A time constant so many times as long as the step is a slope.
LONGEST = 20.0


@dataclass(frozen=True)
class Reading:
    """What is read off a response; numbers in mV and ms.

    Attributes
    ----------
    trace : Trace
    step : Step
    rest, final : slice
        The samples over which v_rest and v_final are means.
    """

    trace: Trace
    step: Step
    rest: slice
    final: slice

    @property
    def v_rest(self) -> float:
        """Mean voltage before the step."""
        return float(self.trace.voltage[self.rest].mean())

    @property
    def v_final(self) -> float:
        """Mean voltage at the end of the step."""
        return float(self.trace.voltage[self.final].mean())

    @property
    def peak(self) -> int:
        """The sample at which the voltage is farthest in the direction of the step."""
        along = np.sign(self.step.amplitude) * self.trace.voltage[self.step.window]
        return self.step.rest + int(along.argmax())

    @property
    def v_peak(self) -> float:
        """Voltage at the peak."""
        return float(self.trace.voltage[self.peak])

    @property
    def errors(self) -> dict[str, float]:
        """Standard error of each number that has one, by name."""
        return {}

    @property
    def has_sag(self) -> bool:
        """Whether the voltage comes back from its peak by more than its error."""
        return True

    @property
    def response(self) -> tuple[np.ndarray, np.ndarray]:
        """Times since the onset and voltages, from the onset to the end of the step."""
        window = self.step.window
        return self.trace.times[window] - self.trace.times[window.start], self.trace.voltage[window]

    def reached(self, between: bool) -> float:
        """Time at which 63.2 % of the way from v_rest to v_final is reached: at a sample, or between."""
        t, v = self.response
        v = (np.sign(v[-1] - v[0]) or 1.0) * v
        # bmtool looks downwards whatever the direction of the step.
        level = v[-1] - (v[-1] - v[0]) / np.e
        at = int(np.argmax(v >= level))
        if not between or at == 0:
            return float(t[at])
        return float(t[at - 1] + (t[at] - t[at - 1]) * (level - v[at - 1]) / (v[at] - v[at - 1]))

    def tau(self, method: str) -> float:
        """Time constant by a method; see `neo_currentscape.protocols.Passive.tau_by`."""
        if method in ("simple", "interpolated"):
            return self.reached(method == "interpolated")
        fit = self.single if method == "exp" else self.double
        found = fit.charging if method == "membrane" else fit.slowest
        length = self.trace.times[self.step.final] - self.trace.times[self.step.rest]
        if found > LONGEST * length:
            raise SignalError(
                f"The time constant by {method!r} is {found:.3g} ms in a step of {length:g} ms, which "
                "shows no more than a slope: use method='exp' or 'simple', or a longer step."
            )
        return found

    def rough_tau(self, method: str) -> tuple[float, float] | None:
        """A time constant and its error, NaN where it has none; None where it is refused."""
        try:
            return self.tau(method), float("nan")
        except SignalError:
            return None

    def tau_error(self, method: str) -> float:
        """Standard error of a time constant; NaN where it is not known."""
        return float("nan")

    @cached_property
    def single(self) -> Fit:
        """One exponential."""
        t, v = self.response
        return single_fit(t, v, self.reached(False))

    @cached_property
    def double(self) -> Fit:
        """Two exponentials."""
        t, v = self.response
        largest = self.v_peak - float(v[0])
        peak = float(self.trace.times[self.peak] - self.trace.times[self.step.rest])
        return double_fit(t, v, (self.v_peak - float(v[-1]), -largest, peak, self.reached(False)))

    def fit_of(self, method: str) -> Fit | None:
        """The fit that a method rests on."""
        return {"exp": self.single, "exp2": self.double, "membrane": self.double}.get(method)

    @property
    def remarks(self) -> list[str]:
        """Sentences on how the numbers came about."""
        return []
