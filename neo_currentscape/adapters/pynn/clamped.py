"""The times at which the voltage is held or set by a spike, and C dV/dt says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters import signals
from neo_currentscape.adapters.pynn import trains
from neo_currentscape.adapters.pynn.backends import HOLDING
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.pynn.models import Model
from neo_currentscape.adapters.pynn.trains import Trains
from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording import clamped as masks
from neo_currentscape.recording import timebase, values

#: Beginnings and ends, in ms.
Stretches = tuple[np.ndarray, np.ndarray]


def mark(group: Group, model: Model, voltages: Sequence[Any], out: neo.Segment) -> None:
    """Add the spike trains of a population, and mark the times in which spikes set the voltage.

    A sample is marked when the difference quotient of the voltage at it, in either
    direction, touches the spike or the refractory period.

    Parameters
    ----------
    group : Group
        The population.
    model : Model
        Of its cell type; tells how long the voltage is held after a spike.
    voltages : sequence of neo signals
        Whose neurons are marked.
    out : neo.Segment
        Which gets the spike trains and epochs.
    """
    held = _held(group)
    _check_holding(group, held)
    neurons = np.concatenate([group.neurons(v)[group.columns_of(v)] for v in voltages])
    found = group.trains.of(neurons)
    missing = sorted(set(neurons.tolist()) - set(found.neurons.tolist()) - set(held))
    if model.refractory is not None and missing:
        warn(
            f"Spikes of neuron {missing[0]} of population {group.label} were not recorded, so the samples "
            "at which they set its voltage are not marked: call population.record('spikes')."
        )
    trains.put(out, found.made())
    parts = [_told(held, neurons)]
    if model.refractory is not None:
        parts.append(_after_spikes(group, model, found, held))
    starts, stops, whose = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    merged = _merged(starts, stops, whose, 1.5 * _period(group, voltages[0]))
    signals.mark(out, [merged, _beginning(group, voltages[0], neurons)])


def _period(group: Group, voltage: Any) -> float:
    """Between two samples, or the step of the simulation where it varies, in ms."""
    if not timebase.is_regular(voltage):
        return float(group.description["dt"])
    return float(voltage.sampling_period.rescale("ms"))


def samples(marked: neo.Segment, voltage: Any, neurons: np.ndarray) -> np.ndarray:
    """The samples of each neuron that are marked, shape (time, neuron)."""
    return masks.masks(marked, voltage, neurons, None)


#: Of which interval between samples a spike at x intervals is the end: NEST dates it at the end of its
#: step, Brian2 at the beginning. On NEURON it is the sample itself that holds the voltage above threshold.
_OF_SPIKE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "NEST": lambda x: np.ceil(x - 1e-6) - 1,
    "Brian2": lambda x: np.floor(x + 1e-6),
    "NEURON": np.round,
}


def resets(group: Group, model: Model, voltage: Any, neurons: np.ndarray) -> np.ndarray:
    """The samples of regularly sampled neurons whose interval ends in a spike, shape (time, neuron)."""
    out = np.zeros((voltage.shape[0], len(neurons)), dtype=bool)
    if model.refractory is None:
        return out
    found, place = group.trains.of(neurons), _OF_SPIKE[group.description["simulator"]]
    start, period = (float(t.rescale("ms")) for t in (voltage.t_start, voltage.sampling_period))
    rows = place((found.times - start) / period).astype(int)
    order = np.argsort(neurons, kind="stable")
    columns = order[np.searchsorted(neurons, found.of_spike, sorter=order)]
    inside = (rows >= 0) & (rows < len(out))
    out[rows[inside], columns[inside]] = True
    return out


def add_trains(group: Group, out: neo.Segment) -> None:
    """Add the spike trains of a population to a Segment, with the index of their neuron."""
    trains.put(out, group.trains.made())


def _check_holding(group: Group, held: dict[int, Stretches]) -> None:
    """Warn where what tells spikes was not recorded, as the simulator sends none to PyNN."""
    how = HOLDING.get((group.description["simulator"], group.description["celltype"]))
    if how is not None and not held:
        warn(
            f"Variable {how.name!r} of population {group.label} was not recorded, so the samples at which "
            "spikes set its voltage are not marked: call pynn.record_currents(population) before the run."
        )


def _held(group: Group) -> dict[int, Stretches]:
    """Of each neuron the times at which the simulator says that it holds the voltage, if it does."""
    how = HOLDING.get((group.description["simulator"], group.description["celltype"]))
    out: dict[int, Stretches] = {}
    for signal in group.signals(how.name) if how else []:
        times = timebase.float_times(signal, "ms")
        for column in group.columns_of(signal):
            edges = np.diff(np.r_[0, values.magnitudes(signal)[:, column] > 0.5, 0].astype(int))
            stretches = times[np.flatnonzero(edges == 1)], times[np.flatnonzero(edges == -1) - 1]
            out[int(group.neurons(signal)[column])] = stretches
    return out


def _told(held: dict[int, Stretches], neurons: np.ndarray) -> signals.Stretches:
    """The stretches that the simulator tells, one neuron after another."""
    known = [n for n in sorted(set(neurons.tolist())) if n in held]
    starts, stops = (np.concatenate([np.empty(0), *(held[n][k] for n in known)]) for k in (0, 1))
    return starts, stops, np.repeat(np.array(known, dtype=int), [len(held[n][0]) for n in known])


def _after_spikes(
    group: Group, model: Model, found: Trains, held: dict[int, Stretches]
) -> signals.Stretches:
    """The refractory periods of the neurons of which the simulator tells nothing else."""
    whose = found.of_spike
    apart = ~np.isin(whose, list(held))
    spikes, whose = found.times[apart], whose[apart]
    period: Any = model.refractory or 0.0
    if isinstance(period, str):
        period = parameter(group.description, period, whose)
    return spikes, spikes + period, whose


def _beginning(group: Group, voltage: Any, neurons: np.ndarray) -> signals.Stretches:
    """What is not as simulated at the beginning of NEST's recordings, of every neuron.

    After a reset its sources stop some steps later. Where initial values are random, PyNN draws them
    once more for the first sample, which NEST does not record.
    """
    start = float(voltage.t_start.rescale("ms"))
    dt = group.description["dt"]
    ends = []
    if group.description.get("restarted") is not None and group.description["sources"]:
        ends.append(start + group.description["restarted"] - dt / 2)
    if group.description.get("drawn"):
        ends.append(start + dt / 2)
    whose = np.unique(neurons) if ends else np.empty(0, dtype=int)
    return np.full(len(whose), start - dt / 2), np.full(len(whose), max(ends, default=start)), whose


def _merged(starts: np.ndarray, stops: np.ndarray, whose: np.ndarray, margin: float) -> signals.Stretches:
    """The stretches with a margin on either side, those of a neuron that then overlap made one."""
    order = np.lexsort((starts, whose))
    starts, stops, whose = starts[order] - margin, stops[order] + margin, whose[order]
    if not len(starts):
        return starts, stops, whose
    apart = (starts[1:] > stops[:-1]) | (whose[1:] != whose[:-1])
    first = np.r_[True, apart]
    return starts[first], stops[np.r_[apart, True]], whose[first]
