"""Passive properties: rest, input resistance, time constant and sag, from the response to a step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import SignalError, unknown_name
from neo_currentscape.protocols.carriers import LEAST_SAG, Carriers, sag_carriers
from neo_currentscape.protocols.current_step import Step, needed_step
from neo_currentscape.protocols.exponentials import Fit, double_fit, single_fit
from neo_currentscape.protocols.resistance import MOHM
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.protocols.traces import Trace, trace_of

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
    """

    trace: Trace
    step: Step
    method: str = "simple"

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
        """Voltage at the onset of the step, in mV."""
        return float(self.trace.voltage[self.step.rest]) * pq.mV

    @property
    def v_final(self) -> pq.Quantity:
        """Voltage at the end of the step, in mV."""
        return float(self.trace.voltage[self.step.final]) * pq.mV

    @property
    def r_in(self) -> pq.Quantity:
        """Input resistance, (v_final - v_rest) / amplitude, in Mohm."""
        return (self.v_final - self.v_rest).magnitude / self.step.amplitude * MOHM

    @property
    def peak(self) -> int:
        """Index of the sample at which the voltage is farthest in the direction of the step."""
        along = np.sign(self.step.amplitude) * self.trace.voltage[self.step.window]
        return self.step.rest + int(along.argmax())

    @property
    def t_peak(self) -> pq.Quantity:
        """Time of the peak since the onset, in ms."""
        return float(self.trace.times[self.peak] - self.trace.times[self.step.rest]) * pq.ms

    @property
    def v_peak(self) -> pq.Quantity:
        """Voltage at the peak, in mV."""
        return float(self.trace.voltage[self.peak]) * pq.mV

    @property
    def sag(self) -> pq.Quantity:
        """v_peak - v_final, in mV: negative after a step downwards."""
        return self.v_peak - self.v_final

    @property
    def sag_norm(self) -> float:
        """Normalised sag, sag / (v_peak - v_rest)."""
        return float(self.sag / (self.v_peak - self.v_rest)) + 0.0  # not -0

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
        if method in ("simple", "interpolated"):
            return self._tau_reached(method == "interpolated") * pq.ms
        if method == "exp":
            return float(self.single.taus[0]) * pq.ms
        return (self.double.slowest if method == "exp2" else self.double.charging) * pq.ms

    def _tau_reached(self, between: bool) -> float:
        window = self.step.window
        t = self.trace.times[window] - self.trace.times[window.start]
        sign = np.sign(self.v_final.magnitude - self.v_rest.magnitude) or 1.0
        v = sign * self.trace.voltage[window]
        # bmtool looks downwards whatever the direction of the step.
        level = v[-1] - (v[-1] - v[0]) / np.e
        at = int(np.argmax(v >= level))
        if not between or at == 0:
            return float(t[at])
        return float(t[at - 1] + (t[at] - t[at - 1]) * (level - v[at - 1]) / (v[at] - v[at - 1]))

    @property
    def response(self) -> tuple[np.ndarray, np.ndarray]:
        """Times since the onset in ms, and voltages in mV, from the onset to the end of the step."""
        window = self.step.window
        return self.trace.times[window] - self.trace.times[window.start], self.trace.voltage[window]

    @cached_property
    def single(self) -> Fit:
        """``v_rest + a (exp(-t / tau) - 1)`` fitted to the response."""
        t, v = self.response
        return single_fit(t, v, self._tau_reached(False))

    @cached_property
    def double(self) -> Fit:
        """``v_rest + sum of a_k (exp(-t / tau_k) - 1)`` fitted to the response, k = 1, 2."""
        t, v = self.response
        sag, largest = float(self.sag), float(self.v_peak - self.v_rest)
        return double_fit(t, v, (sag, -largest, float(self.t_peak), self._tau_reached(False)))

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents carry the sag; None where there is none.

        See `neo_currentscape.protocols.carriers.sag_carriers`.
        """
        return sag_carriers(self) if abs(self.sag_norm) >= LEAST_SAG else None

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        names = ("amplitude", "v_rest", "v_final", "r_in", "tau", "v_peak", "t_peak", "sag", "sag_norm")
        return [(name, getattr(self, name)) for name in names]

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: voltage with the fits, and the injected current."""
        from neo_currentscape.protocols.figures import passive_panels

        return passive_panels(self)


def passive(source: Any, *, method: str = "simple", **options: Any) -> Passive:
    """Passive properties of a cell, from its response to a step of current.

    Parameters
    ----------
    source : neo.Segment, or neo.Block that holds one
        With the voltage, and the injected current recorded or annotated.
    method : str
        The way to the time constant; see `Passive.tau_by`.
    **options
        ``neuron``, ``site``, ``voltage``, ``electrode``, ``units``, and ``amplitude``, ``onset`` and
        ``duration`` for data that do not say what was injected; see
        `neo_currentscape.protocols.traces.trace_of`.

    Returns
    -------
    Passive

    Raises
    ------
    SignalError
        When there is no step, nothing before it, or no response.
    SelectionError
        When nothing tells what was injected, or the voltage is missing or ambiguous.

    Notes
    -----
    The definitions are those of bmtool's ``Passive``: v_rest is the sample at the onset, v_final the
    last under the step, r_in their difference over the amplitude, the sag v_peak - v_final. Other than
    there a step upwards has a time constant too, and onset and end are found to the sample.

    Examples
    --------
    >>> import neo, numpy as np, quantities as pq
    >>> from neo_currentscape import protocols
    >>> t = np.arange(0, 300, 0.1)
    >>> v = -65 - 10 * (1 - np.exp(-np.clip(t - 100, 0, None) / 20))
    >>> segment = neo.Segment(amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=199.9 * pq.ms)
    >>> segment.analogsignals.append(
    ...     neo.AnalogSignal(v[:, None], units="mV", sampling_period=0.1 * pq.ms, name="v"))
    >>> found = protocols.passive(segment, method="exp")
    >>> found.r_in.round(2), found.tau.round(3)
    (array(100.) * Mohm, array(20.) * ms)
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    trace = trace_of(source, **options)
    step = needed_step(trace, "The passive protocol")
    if step.rest < 0:
        raise SignalError(
            f"The step begins with the recording, at {trace.times[0]:g} ms, so that nothing shows the "
            "rest: record from before it, e.g. with onset=200 ms."
        )
    found = Passive(trace, step, method)
    if found.v_final == found.v_rest:
        raise SignalError(
            f"The voltage is {float(found.v_rest):g} mV at the beginning and at the end of the step: the "
            "current does not reach this cell, so check electrode= and neuron=."
        )
    return found
