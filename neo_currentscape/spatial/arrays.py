"""A CellRecording of plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.recording.values import time_axis
from neo_currentscape.spatial.traces import Trace, Traces


def traces_of(membrane: Any, voltage: Any, morphology: Morphology, names: Any, times: Any) -> Traces:
    """Traces of plain arrays; see `neo_currentscape.spatial.cell.CellRecording.from_arrays`."""
    membrane, voltage = np.asarray(membrane, dtype=float), np.asarray(voltage, dtype=float)
    names = [str(name) for name in names]
    shape = (len(morphology), len(names), len(times))
    if membrane.shape != shape:
        raise ArgumentError(
            f"membrane has shape {membrane.shape}, not (node, current, time) = {shape}, as morphology, "
            "names and times have it."
        )
    if voltage.shape != (shape[0], shape[2]):
        raise ArgumentError(
            f"voltage has shape {voltage.shape}, not (node, time) = {(shape[0], shape[2])}."
        )
    for what, array in (("membrane", membrane), ("voltage", voltage)):
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            raise SignalError(
                f"{what} of {morphology.sites[bad[0][0]]} holds {array[tuple(bad[0])]} at sample "
                f"{bad[0][-1]}: record that compartment, or leave those times out."
            )
    steps = np.diff(np.asarray(times, dtype=float))
    if len(steps) == 0 or (steps <= 0).any():
        raise SignalError("times do not increase, or are fewer than two: give those of the samples.")
    found = Traces(names=names, clock=time_axis(np.asarray(times, dtype=float)))
    found.voltage = {n: (voltage[n], 1.0) for n in range(shape[0])}
    found.currents = [
        Trace(n, k, membrane[n, k], 1.0)
        for n in range(shape[0])
        for k in range(shape[1])
        if membrane[n, k].any()
    ]
    return found
