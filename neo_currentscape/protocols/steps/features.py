"""Features of a trace by eFEL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import require, unknown_name
from neo_currentscape.protocols.response.current_step import step_of
from neo_currentscape.protocols.response.traces import trace_of
from neo_currentscape.recording.crossings import THRESHOLD

#: Features of passive properties.
PASSIVE = (
    "voltage_base",
    "steady_state_voltage_stimend",
    "ohmic_input_resistance_vb_ssse",
    "time_constant",
    "sag_amplitude",
    "sag_ratio1",
)

#: Features that are times of the recording; all others are durations, or no times.
TIMES = ("AP_begin_time", "peak_time", "time")

#: Units as eFEL writes them that quantities does not know.
PLAIN = {"constant": "dimensionless", "wrong": "dimensionless"}


def features(
    source: Any, names: Sequence[str] = PASSIVE, *, settings: dict[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    """Ask eFEL for features of the response to a step.

    Parameters
    ----------
    source : neo.Segment, or neo.Block that holds one
    names : sequence of str
        Of eFEL's features; those of passive properties unless told.
    settings : dict, optional
        Of eFEL, e.g. ``{"Threshold": 0.0}`` in place of -20 mV; they hold for this call only.
    **options
        As for `neo_currentscape.protocols.passive`.

    Returns
    -------
    dict
        Of Quantities, each of shape (value,); None where eFEL finds nothing.

    Raises
    ------
    MissingDependencyError
        When eFEL is not installed.
    UnknownNameError
        When eFEL has no such feature.

    Examples
    --------
    >>> features(segment, ["AP_amplitude", "mean_frequency"])            # doctest: +SKIP
    """
    efel = require("efel", "protocols", "Extracting features")
    known = efel.get_feature_names()
    for name in names:
        if name not in known:
            raise unknown_name("feature of eFEL", name, known)
    trace = trace_of(source, **options)
    step = step_of(trace)
    # eFEL counts its windows, as the base before the step, from a time of 0.
    begin = float(trace.times[0])
    asked = {
        "T": trace.times - begin,
        "V": trace.voltage,
        "stim_start": [float(trace.times[max(step.rest, 0)]) - begin],
        "stim_end": [float(trace.times[step.final]) - begin],
        "stimulus_current": [step.amplitude],
    }
    before = vars(efel.get_settings()).copy()
    try:
        # eFEL interpolates to 0.1 ms unless told: here to what was sampled.
        ours = {"Threshold": float(THRESHOLD), "interp_step": min(0.1, trace.step)}
        for name, value in {**ours, **(settings or {})}.items():
            efel.set_setting(name, value)
        found = efel.get_feature_values([asked], list(names), raise_warnings=False)[0]
    finally:
        for name, value in before.items():
            efel.set_setting(name, value)
    return {name: _quantity(name, found[name], begin) for name in names}


def _quantity(name: str, values: Any, begin: float) -> Any:
    if values is None or not len(values):
        return None
    shift = begin if name in TIMES else 0.0
    return (np.asarray(values, dtype=float) + shift) * _unit(name)


def _unit(name: str) -> Any:
    from efel.units import get_unit

    try:
        unit = str(get_unit(name))
    except KeyError:  # counts, which eFEL lists no unit for
        return pq.dimensionless
    return pq.Quantity(1, PLAIN.get(unit, unit).replace("Ω", "ohm"))
