"""Giving samples their true times where PyNN does not: after ``get_data(clear=True)`` and ``reset()``.

Measured by comparing with an uninterrupted run (PyNN 0.13): after clearing, NEURON's samples are labelled
one step early and the last is there twice; NEST's first is that of the time of clearing, the next lies
two steps later, labelled one; Brian2's first is the initial value of the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo

from neo_currentscape.adapters.pynn.backends import state_of
from neo_currentscape.recording.inventory import put_signals, signals_of
from neo_currentscape.recording.timebase import is_regular

#: Samples to leave out in front and at the end, and steps by which the others are late.
_AFTER_CLEARING = {"NEURON": (0, 1, 1), "NEST": (1, 0, 1), "Brian2": (1, 0, 0)}


#: What `describe` may tell.
KEYS = ("cleared", "restarted", "drawn")


def describe(root: Any) -> dict[str, Any]:
    """What happened to the recordings of a population before its present Segment.

    Returns
    -------
    dict
        "cleared", whether data of the same run were cleared; "restarted" (ms), how long on NEST the
        currents of the run before `reset()` go on; "drawn", whether NEST's first sample is another
        random draw than what was simulated.
    """
    recorder = root.recorder
    out: dict[str, Any] = {"cleared": bool(recorder.clear_flag)}
    multimeter = getattr(recorder, "_multimeter", None)
    if multimeter is not None and not multimeter._clean and not recorder.clear_flag:
        state = state_of(root)
        out["restarted"] = float(state.min_delay + state.dt)
    if multimeter is not None and _is_drawn(root):
        out["drawn"] = True
    return out


def _is_drawn(root: Any) -> bool:
    """Whether the first sample, which NEST does not record, is not what was simulated.

    Where initial values are random, PyNN draws them again for it.
    """
    from pyNN.random import RandomDistribution

    values = [getattr(value, "base_value", value) for value in root.initial_values.values()]
    if any(cls.__name__ == "IF_curr_delta" for cls in type(root.celltype).__mro__):
        return True  # PyNN cannot set its voltage in NEST, which begins at a value of its own
    return any(isinstance(value, RandomDistribution) for value in values)


def repaired(segment: neo.Segment, description: Mapping[str, Any]) -> neo.Segment:
    """The Segment with samples at their true times; the same one where nothing is wrong.

    Parameters
    ----------
    segment : neo.Segment
        As PyNN gave it; not changed.
    description : dict
        Of its population.

    Returns
    -------
    neo.Segment
    """
    if not description.get("cleared"):
        return segment
    out = neo.Segment(name=segment.name)
    out.annotate(**segment.annotations)
    out.spiketrains.extend(segment.spiketrains)
    signals = []
    for signal in signals_of(segment):
        # What the NEURON adapter recorded has its own times.
        own = "role" in signal.annotations or not is_regular(signal)
        signals.append(signal if own else _repaired(signal, description))
    put_signals(out, signals)
    return out


def _repaired(signal: Any, description: Mapping[str, Any]) -> Any:
    front, end, late = _AFTER_CLEARING[description["simulator"]]
    part = signal[front : len(signal) - end]
    part.t_start = part.t_start + late * part.sampling_period
    return part
