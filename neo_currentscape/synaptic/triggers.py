"""The spikes, or other events, around which the currents of each neuron are averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.experiments.spike_detection import detect_spikes, event_times
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.crossings import crossings
from neo_currentscape.recording.recording import Recording
from neo_currentscape.synaptic.reading import Cell

#: Annotations of a spike train by which its neuron is told.
_INDEX = ("channel_index", "source_index")


class Triggers:
    """Gives the times of the events of each neuron.

    Parameters
    ----------
    events : optional
        Times for all neurons, as for `neo_currentscape.event_average`; ``{neuron: times}``; spike trains
        with their neuron in the annotation ``channel_index``; or the events of NEST's spike recorder, with
        ``senders`` and ``times`` in ms. By default the spike trains of each neuron in its Segment; or else
        the spikes of its voltage.
    threshold : Quantity
        For those.
    """

    def __init__(self, events: Any, threshold: pq.Quantity) -> None:
        self.threshold = threshold
        self.common: np.ndarray | None = None
        self.given: dict[int, np.ndarray] | None = None
        self._stored: dict[int, dict[int, np.ndarray]] = {}
        if isinstance(events, Mapping):
            self.given = _of_recorder(events) if "senders" in events else _of_mapping(events)
        elif isinstance(events, Sequence) or type(events).__name__ == "SpikeTrainList":
            self.given = _of_trains(events)
        elif events is not None:
            self.common = event_times(events)

    def of(self, cell: Cell) -> np.ndarray:
        """Times in ms of the events of a neuron, shape (event,); may be empty.

        Raises
        ------
        SignalError
            When neither its spikes nor its voltage are recorded.
        """
        if self.common is not None:
            return self.common
        if self.given is not None:
            return self.given.get(0 if cell.neuron is None else cell.neuron, np.empty(0))
        if isinstance(cell.place, Recording):
            return np.asarray(detect_spikes(cell.place, self.threshold).magnitude)
        stored = self._trains(cell.segment)
        if stored:
            return stored.get(0 if cell.neuron is None else cell.neuron, np.empty(0))
        return self._of_voltage(cell)

    def _trains(self, segment: neo.Segment) -> dict[int, np.ndarray]:
        if id(segment) not in self._stored:
            self._stored[id(segment)] = _of_trains(segment.spiketrains)
        return self._stored[id(segment)]

    def _of_voltage(self, cell: Cell) -> np.ndarray:
        for variable in cell.variables:
            if variable.role != "voltage" or variable.site not in (None, cell.site):
                continue
            column = variable.column_of_neuron.get(cell.neuron) if cell.neuron is not None else None
            if column is None and len(variable.columns) == 1 and variable.neurons is None:
                column = int(variable.columns[0])
            if column is not None:
                return _crossed(variable.signal, column, self.threshold)
        raise SignalError(
            f"Neither the spikes nor the voltage of neuron {cell.neuron} are recorded: give events=..., "
            "e.g. {neuron: times * pq.ms} or the events of a spike recorder."
        )


def _crossed(signal: Any, column: int, threshold: pq.Quantity) -> np.ndarray:
    voltage = np.asarray(values.magnitudes(signal)[:, column])
    level = units.scalar(threshold, "mV", "threshold")
    level = level / float(units.parse_units(signal.units).rescale("mV"))
    ups, _ = crossings(voltage, level)
    times = timebase.float_times(signal, "ms")
    low, high = voltage[ups - 1], voltage[ups]
    return times[ups - 1] + (times[ups] - times[ups - 1]) * (level - low) / (high - low)


def _of_mapping(events: Mapping[Any, Any]) -> dict[int, np.ndarray]:
    return {int(n): event_times(times) if np.size(times) else np.empty(0) for n, times in events.items()}


def _of_recorder(events: Mapping[str, Any]) -> dict[int, np.ndarray]:
    senders, times = np.asarray(events["senders"]), np.asarray(events["times"], dtype=float)
    order = np.lexsort((times, senders))
    found, first = np.unique(senders[order], return_index=True)
    return dict(zip(found.tolist(), np.split(times[order], first[1:]), strict=True)) if len(found) else {}


def _of_trains(trains: Any) -> dict[int, np.ndarray]:
    out: dict[int, np.ndarray] = {}
    listed = list(trains)
    for train in listed:
        if not isinstance(train, neo.SpikeTrain):
            raise ArgumentTypeError(
                f"events= lists a {type(train).__name__}: list neo.SpikeTrains, or write {{neuron: times}}."
            )
        neuron = next((train.annotations[key] for key in _INDEX if key in train.annotations), None)
        if neuron is None and len(listed) == 1:
            neuron = 0
        if neuron is not None:
            out[int(neuron)] = np.sort(np.asarray(train.rescale("ms").magnitude, dtype=float))
    return out
