"""Whether currents fit the voltage that they were derived for, where nobody described the cells in time."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn import clamped
from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording.inventory import signals_of

#: The part of all current that may be unexplained: more than a coarse step leaves of a spiking cell.
ALLOWED = 0.3


def check(segment: neo.Segment, label: str) -> None:
    """Warn where parameters of now do not account for a voltage of then.

    Parameters
    ----------
    segment : neo.Segment
        Of one population, with its currents.
    label : str
        Of the population.
    """
    signals = [s for s in signals_of(segment) if s.annotations.get("role") in ("current", "electrode")]
    if any(s.annotations.get("remainder") for s in signals):
        return
    for voltage in signals_of(segment):
        rule = voltage.annotations.get("derivative")
        if voltage.annotations.get("role") != "voltage" or rule not in ("forward", "backward"):
            continue
        part = _unexplained(segment, voltage, [s for s in signals if len(s) == len(voltage)], rule)
        if np.any(part > ALLOWED):
            worst = int(np.argmax(part))
            _warn(label, float(part[worst]), int(voltage.array_annotations["channel_index"][worst]))
            return


def _warn(label: str, part: float, neuron: int) -> None:
    warn(
        f"The parameters that population {label!r} has now leave {part:.0%} of the current of neuron "
        f"{neuron} unexplained: were they, or its current sources, others in this run or in a part of it? "
        "With pynn.record_currents(population) before the run each holds for its time."
    )


def _unexplained(segment: neo.Segment, voltage: Any, signals: list[Any], rule: str) -> np.ndarray:
    """Of each neuron, the part of the current that is left of the balance, shape (neuron,)."""
    neurons = np.asarray(voltage.array_annotations["channel_index"]).astype(int)
    v = np.asarray(voltage.rescale("mV").magnitude)
    slope = np.diff(v, axis=0) / float(voltage.sampling_period.rescale("ms"))
    rest = _capacitance(voltage) * slope
    size = np.abs(rest)
    rows = slice(None, -1) if rule == "forward" else slice(1, None)
    for signal in signals:
        held = np.asarray(signal.array_annotations["channel_index"]).astype(int)
        columns = [int(np.flatnonzero(neurons == n)[0]) for n in held if n in neurons]
        numbers = signal.rescale("nA").magnitude[rows][:, [n in neurons for n in held]]
        rest[:, columns] += -numbers if signal.annotations["role"] == "electrode" else numbers
        size[:, columns] += np.abs(numbers)
    free = ~clamped.samples(segment, voltage, neurons)[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.abs(rest * free).sum(axis=0) / (size * free).sum(axis=0))


def _capacitance(voltage: Any) -> Any:
    each = voltage.array_annotations.get("capacitance")
    found = voltage.annotations["capacitance"] if each is None else each
    return np.asarray(found.rescale("nF").magnitude)
