"""Passive properties: rest, input resistance, time constant and sag, from the response to a step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import SignalError, unknown_name, warn
from neo_currentscape.protocols.carriers import LEAST_SAG, Carriers, sag_carriers
from neo_currentscape.protocols.resistance import MOHM
from neo_currentscape.protocols.response.current_step import Step
from neo_currentscape.protocols.response.noise import saturated
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.protocols.steps.averages import reading_of
from neo_currentscape.protocols.steps.exponentials import Fit
from neo_currentscape.protocols.steps.readings import Reading

#: Ways to the time constant.
METHODS = ("simple", "interpolated", "exp", "exp2", "membrane")


@dataclass(frozen=True)
class Passive(ProtocolResult):
    """The response to a step of current; see `passive`.

    Attributes
    ----------
    trace : Trace
    step : Step
    method : str
        The way to `tau`.
    window : Quantity, optional
        Over which v_rest and v_final are averaged.
    sweeps : int
        Of how many sweeps the trace is the mean.
    """

    trace: Trace
    step: Step
    method: str = "simple"
    window: pq.Quantity | None = None
    sweeps: int = 1

    @cached_property
    def reading(self) -> Reading:
        """What is read off the voltage: samples, or means over windows where it is noisy."""
        return reading_of(self.trace, self.step, self.window)

    @property
    def amplitude(self) -> pq.Quantity:
        """Of the step, in nA."""
        return self.step.amplitude * pq.nA

    @property
    def onset(self) -> pq.Quantity:
        """Time of the last sample before the step, in ms."""
        return float(self.trace.times[self.step.rest]) * pq.ms

    @property
    def v_rest(self) -> pq.Quantity:
        """Voltage before the step, in mV: the mean over `windows`."""
        return self.reading.v_rest * pq.mV

    @property
    def v_final(self) -> pq.Quantity:
        """Voltage at the end of the step, in mV: the mean over `windows`."""
        return self.reading.v_final * pq.mV

    @property
    def windows(self) -> dict[str, pq.Quantity]:
        """First and last time over which "v_rest" and "v_final" are averaged, in ms."""
        t, parts = self.trace.times, {"v_rest": self.reading.rest, "v_final": self.reading.final}
        return {name: t[[part.start, part.stop - 1]] * pq.ms for name, part in parts.items()}

    @cached_property
    def errors(self) -> dict[str, pq.Quantity]:
        """Standard errors by name, in the unit of each; of what has no noise there is none.

        That of ``tau`` is missing where the response tells no time constant.
        """
        labels = {"v_rest": pq.mV, "v_final": pq.mV, "r_in": MOHM, "sag": pq.mV}
        found = {name: e * labels.get(name, pq.dimensionless) for name, e in self.reading.errors.items()}
        if self.step.error:
            found["amplitude"] = self.step.error * pq.nA
        if found and self.found_tau is not None:
            error = self.reading.tau_error(self.method)
            found.update({} if np.isnan(error) else {"tau": error * pq.ms})
        return found

    @property
    def r_in(self) -> pq.Quantity:
        """Input resistance, (v_final - v_rest) / amplitude, in Mohm."""
        return (self.v_final - self.v_rest).magnitude / self.step.amplitude * MOHM

    @property
    def peak(self) -> int:
        """Index of the sample at which the voltage is farthest in the direction of the step."""
        return self.reading.peak

    @property
    def t_peak(self) -> pq.Quantity:
        """Time of the peak since the onset, in ms."""
        return float(self.trace.times[self.peak] - self.trace.times[self.step.rest]) * pq.ms

    @property
    def v_peak(self) -> pq.Quantity:
        """Voltage at the peak, in mV; of a noisy response that of the fit."""
        return self.reading.v_peak * pq.mV

    @property
    def sag(self) -> pq.Quantity:
        """v_peak - v_final, in mV: negative after a step downwards."""
        return self.v_peak - self.v_final

    @property
    def sag_norm(self) -> float:
        """Normalised sag, sag / (v_peak - v_rest); NaN where the voltage did not move."""
        reached = float(self.v_peak - self.v_rest)
        return float(self.sag) / reached + 0.0 if reached else math.nan  # + 0.0: not -0

    @property
    def tau(self) -> pq.Quantity:
        """Membrane time constant in ms, by the chosen method; see `tau_by`."""
        return self.tau_by(self.method)

    def tau_by(self, method: str) -> pq.Quantity:
        """Time constant of the membrane.

        Parameters
        ----------
        method : {"simple", "interpolated", "exp", "exp2", "membrane"}
            "simple": time to the first sample that has reached 63.2 % (1 - 1/e) of v_final - v_rest.
            "interpolated": the same between the samples. "exp": a single exponential is fitted.
            "exp2": the slower of two; one of less than a hundredth of the other is left out.
            "membrane": of two the slowest that charges the membrane, i.e. moves the voltage along the
            step; where there is a sag, the slower of two exponentials is that of the sag.

        Returns
        -------
        Quantity
            In ms.

        Raises
        ------
        UnknownNameError
            When there is no such method.
        SignalError
            When a fit finds nothing.
        """
        if method not in METHODS:
            raise unknown_name("method", method, METHODS)
        return self.reading.tau(method) * pq.ms

    @cached_property
    def found_tau(self) -> pq.Quantity | None:
        """`tau`; None where the response tells none."""
        return None if self.untold else self.tau

    @cached_property
    def untold(self) -> str:
        """Why the response tells no time constant, in a sentence; empty where it does."""
        try:
            self.tau  # noqa: B018
        except SignalError as cause:
            return str(cause)
        return ""

    @property
    def response(self) -> tuple[np.ndarray, np.ndarray]:
        """Times since the onset in ms, and voltages in mV, from the onset to the end of the step."""
        return self.reading.response

    @property
    def single(self) -> Fit:
        """``v_rest + a (exp(-t / tau) - 1)`` fitted to the response."""
        return self.reading.single

    @property
    def double(self) -> Fit:
        """``v_rest + sum of a_k (exp(-t / tau_k) - 1)`` fitted to the response, k = 1, 2."""
        return self.reading.double

    @property
    def fit(self) -> Fit | None:
        """What `tau` rests on; None where it is read off samples."""
        return self.reading.fit_of(self.method)

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents carry the sag; None where there is none that stands out of its error.

        See `neo_currentscape.protocols.carriers.sag_carriers`.
        """
        clear = abs(self.sag_norm) >= LEAST_SAG and self.reading.has_sag
        return sag_carriers(self) if clear else None

    @property
    def remarks(self) -> list[str]:
        """Sentences on what the numbers are: the windows, the fit, and why a time constant is not told."""
        found = self.reading.remarks
        if self.sweeps > 1:
            found = [*found, f"The response is the mean of {self.sweeps} sweeps."]
        return [*found, self.untold] if self.untold else found

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        names = ("amplitude", "v_rest", "v_final", "r_in", "tau", "v_peak", "t_peak", "sag", "sag_norm")
        return [(name, self.found_tau if name == "tau" else getattr(self, name)) for name in names]

    def __str__(self) -> str:
        rows = [(name, plain_text.with_error(found, self.errors.get(name))) for name, found in self.rows()]
        return "\n".join([plain_text.table(rows), *self.remarks])

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: voltage with the fits, and the injected current."""
        from neo_currentscape.protocols.figures import passive_panels

        return passive_panels(self)


def passive_of(trace: Trace, step: Step, method: str = "simple", window: Any = None) -> Passive:
    """Passive properties from a trace and its step; see `passive`."""
    if step.rest < 0:
        raise SignalError(
            f"The step begins with the recording, at {trace.times[0]:g} ms, so that nothing shows the "
            "rest: record from before it, e.g. with onset=200 ms."
        )
    cut = saturated(trace.voltage[: step.final + 1])
    if cut is not None:
        raise SignalError(
            f"The voltage is saturated: it stays at {trace.voltage[cut.start]:g} mV from "
            f"{trace.times[cut.start]:g} to {trace.times[cut.stop - 1]:g} ms, though it is noisy "
            "elsewhere: leave this sweep out, or record it with a lower gain."
        )
    found = Passive(trace, step, method, window)
    if found.v_final == found.v_rest:
        raise SignalError(
            f"The voltage is {float(found.v_rest):g} mV at the beginning and at the end of the step: the "
            "current does not reach this cell, so check electrode= and neuron=."
        )
    _say_negative(found)
    return found


def _say_negative(found: Passive) -> None:
    error = found.errors.get("r_in", 0.0)
    # What noise alone may make negative accuses nobody; the error stands beside it.
    if float(found.r_in) < -2 * float(error):
        way = "down" if found.v_final < found.v_rest else "up"
        warn(
            f"The input resistance is negative ({plain_text.value(found.r_in)}): the voltage goes {way} "
            f"under a step of {plain_text.value(found.amplitude)}: check onset= and duration=, and the "
            "sign of the injected current (annotate one that is stored outward positive with "
            "positive='outward')."
        )
