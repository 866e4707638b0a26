"""The single-compartment stomatogastric neuron, simulated into a Neo Block.

A bursting neuron of the crab's stomatogastric ganglion with eight currents and intracellular
calcium (Liu et al., J Neurosci 1998;18:2309), with the eight sets of conductances for which
currentscapes were first drawn (Alonso & Marder, eLife 2019;8:e42722, data CC0).
"""

from __future__ import annotations

import threading
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    require,
    unknown_name,
)
from neo_currentscape.conventions.units import scalar
from neo_currentscape.models.stg.equations import (
    INITIAL_STATE,
    membrane_currents,
    nernst_slope,
    right_hand_side,
)
from neo_currentscape.models.stg.parameters import (
    CURRENTS,
    DESCRIPTIONS,
    MODELS,
    Parameters,
)

SITE = "soma"
SOURCE = "Liu et al. 1998; Alonso & Marder, eLife 2019;8:e42722"

# With these the charge balance is limited by the sampling, not by the integration. The whole transient
# lies between two samples, and may take any number of steps.
_TOLERANCES: dict[str, Any] = {"rtol": 1e-8, "atol": 1e-8, "mxstep": 100_000_000}

#: What the integration says where nothing went wrong.
_DONE = "Integration successful."

#: Held by the thread that integrates: LSODA keeps its state in one place for all of them.
_turn = threading.Lock()


def simulate(
    model: str | Parameters = "A",
    *,
    t_stop: pq.Quantity = 10 * pq.s,
    dt: pq.Quantity = 0.1 * pq.ms,
    transient: pq.Quantity = 2 * pq.s,
    i_app: pq.Quantity = 0 * pq.nA,
    logarithm: str = "natural",
) -> neo.Block:
    """Simulate the stomatogastric neuron, and return all that it has as Neo signals.

    C dV/dt = I_app - sum I, with I = g m^p h (V - E) for each of the eight currents, and
    tau_Ca d[Ca]/dt = -0.94 (I_CaT + I_CaS) - [Ca] + 0.05. The integration starts at -51 mV and
    5 uM with every gate closed, and is done by LSODA (`scipy.integrate.odeint`).

    Parameters
    ----------
    model : str or Parameters, default "A"
        A key of `MODELS` ("Fig. 2", "Fig. 3", "A" to "F"), or parameters of one's own.
    t_stop : Quantity, default 10 s
        Duration of what is recorded. Recorded time begins at 0, after the transient.
    dt : Quantity, default 0.1 ms
        Sampling interval. The integration chooses its own steps.
    transient : Quantity, default 2 s
        Duration that is simulated first and discarded; the models need 2 s to settle.
    i_app : Quantity, default 0 nA
        Constant injected current, inward positive.
    logarithm : {"natural", "log10"}, default "natural"
        The logarithm in E_Ca = (R T / 2F) log(3000 uM / [Ca]), for the integration and for the
        recorded currents alike, so that they always balance. "natural" is the Nernst equation,
        and gives the published behavior: bursts at about 1 Hz with a duty cycle of about 20 %.
        "log10" is what the integration script in the published data set has, while the script
        beside it that computes the currents has the natural logarithm; with it E_Ca is lower
        (34 mV instead of 78 mV at 5 uM), the bursts are slower and longer, and "Fig. 3", "E"
        and "F" do not burst in that way at all.

    Returns
    -------
    neo.Block
        With one Segment, whose signals are AnalogSignals of shape (time, 1), time being
        t_stop / dt samples: "v" (mV), the `CURRENTS` by their labels (nA, outward positive),
        "[Ca]" (uM) and "I_app" (nA, inward positive). They carry the annotations ``role``,
        ``positive`` and ``site``, "v" also ``capacitance``. The Block is annotated with the
        model's name, every parameter as a Quantity, the logarithm and the source.

    Raises
    ------
    UnknownNameError
        When there is no such model or logarithm.
    UnitsError
        When an argument has no units, or other ones.
    ArgumentError
        When a duration cannot be used, or the neuron leaves the range in which its equations
        can be computed.
    MissingDependencyError
        When SciPy is not installed.

    References
    ----------
    Liu Z, Golowasch J, Marder E, Abbott LF. J Neurosci 1998;18:2309.
    Alonso LM, Marder E. eLife 2019;8:e42722.

    Examples
    --------
    >>> block = simulate("A", t_stop=0.2 * pq.s, transient=0 * pq.s)
    >>> [signal.name for signal in block.segments[0].analogsignals]
    ['v', 'Na', 'CaT', 'CaS', 'A', 'KCa', 'Kd', 'H', 'L', '[Ca]', 'I_app']
    >>> block.segments[0].analogsignals[0].shape
    (2000, 1)

    The same neuron with half of its transient calcium conductance:

    >>> half = simulate(
    ...     MODELS["A"].scaled("CaT", 0.5), t_stop=0.2 * pq.s, transient=0 * pq.s
    ... )
    >>> half.annotations["g_CaT"]
    array(3.2028) * uS
    """
    parameters = model_of(model)
    nernst_slope(logarithm)  # refuse an unknown logarithm before anything else is done
    injected = scalar(i_app, "nA", "i_app")
    times, step = _sample_times(t_stop, dt, transient)
    states = _integrate(parameters, injected, logarithm, times)
    signals = _signals(parameters, states, injected, logarithm, step)
    return _block(parameters, signals, injected, logarithm)


def model_of(model: str | Parameters) -> Parameters:
    if isinstance(model, Parameters):
        return model
    if not isinstance(model, str):
        raise ArgumentTypeError(f"model is {model!r}: give a name in MODELS, or Parameters.")
    if model not in MODELS:
        raise unknown_name("model", model, MODELS)
    return MODELS[model]


def _sample_times(
    t_stop: pq.Quantity,
    dt: pq.Quantity,
    transient: pq.Quantity,
) -> tuple[np.ndarray, float]:
    """Times of the samples in ms since the beginning of the integration, and their interval."""
    stop = scalar(t_stop, "ms", "t_stop")
    step = scalar(dt, "ms", "dt")
    discarded = scalar(transient, "ms", "transient")
    if step <= 0:
        raise ArgumentError(f"dt is {step:g} ms: give more than 0 ms.")
    if discarded < 0:
        raise ArgumentError(f"transient is {discarded:g} ms: give 0 ms or more.")
    n_samples = round(stop / step)
    if n_samples < 1:
        raise ArgumentError(f"t_stop is {stop:g} ms: give at least dt, which is {step:g} ms.")
    return discarded + step * np.arange(n_samples), step


def _integrate(
    parameters: Parameters,
    injected: float,
    logarithm: str,
    times: np.ndarray,
) -> np.ndarray:
    """State at the given times, shape (state variable, time)."""
    integrate: Any = require("scipy.integrate", "demo", "The stomatogastric neuron")
    derivative = right_hand_side(parameters, injected, logarithm)
    # The first time is that of the initial state; it may be equal to the first sample.
    grid = np.concatenate(([0.0], times))
    try:
        with _turn:
            states, found = integrate.odeint(
                *(derivative, INITIAL_STATE, grid), tfirst=True, full_output=True, **_TOLERANCES
            )
        if found["message"] != _DONE:
            raise ArithmeticError(found["message"].rstrip("."))
    except (ArithmeticError, ValueError, Warning) as cause:
        raise ArgumentError(
            f"Model {parameters.name!r} with i_app = {injected:g} nA leaves the range in which "
            f"its equations can be computed ({cause}): give less current or other conductances."
        ) from cause
    return np.ascontiguousarray(states[1:].T)


def _signals(
    parameters: Parameters, states: np.ndarray, injected: float, logarithm: str, step: float
) -> list[neo.AnalogSignal]:
    v, ca = states[:2]
    conductances = [float(g) for g in parameters.conductances.values()]
    currents = membrane_currents(states, conductances, nernst_slope(logarithm), np.log)
    writer = Writer(Clock(step * np.arange(len(v)), step), site=SITE)
    notes = {"capacitance": parameters.capacitance, "description": "membrane potential"}
    writer.add("v", v, "mV", "voltage", **notes)
    for label, current in zip(CURRENTS, currents, strict=True):
        writer.add(label, current, "nA", "current", "outward", description=DESCRIPTIONS[label])
    writer.add("[Ca]", ca, "uM", "ion", description="intracellular calcium")
    constant = np.full_like(v, injected)
    writer.add("I_app", constant, "nA", "electrode", "inward", description="injected current")
    return writer.signals


def _block(
    parameters: Parameters, signals: list[neo.AnalogSignal], injected: float, logarithm: str
) -> neo.Block:
    block = neo.Block(
        name=parameters.name,
        description="single-compartment stomatogastric neuron",
        model=parameters.name,
        source=SOURCE,
        logarithm=logarithm,
        i_app=pq.Quantity(injected, "nA"),
        **parameters.quantities,
    )
    segment = neo.Segment(name=parameters.name)
    segment.analogsignals.extend(signals)
    block.segments.append(segment)
    return block
