"""Spikes of a recorded voltage, and the times of events however they are given."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SignalError,
    unknown_name,
)
from neo_currentscape.experiments.source import as_scape, voltage_of
from neo_currentscape.recording import timebase
from neo_currentscape.recording.crossings import THRESHOLD, crossings, spans_above
from neo_currentscape.recording.recording import Recording

#: Where a spike may be placed.
PLACES = ("crossing", "peak")


def detect_spikes(source: Any, threshold: pq.Quantity = THRESHOLD, at: str = "crossing") -> neo.SpikeTrain:
    """Find the spikes of a recording: where its voltage crosses a threshold upwards.

    Parameters
    ----------
    source : Recording, Currentscape or neo.Segment
        Must hold a voltage.
    threshold : Quantity, default -20 mV
    at : {"crossing", "peak"}
        Whether a spike is placed where the line between two samples meets the threshold, or at the
        largest sample before the voltage is below it again.

    Returns
    -------
    neo.SpikeTrain
        In ms; may be empty. A spike at whose peak the recording ends is not counted at "peak".

    Raises
    ------
    SelectionError
        When the recording holds no voltage.
    UnitsError
        When the threshold is no voltage.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[1.0]] * 6, units="nA", sampling_period=1 * pq.ms, name="K"
    ... )
    >>> voltage = neo.AnalogSignal(
    ...     [[-60], [-40], [0], [20], [-40], [-60]],
    ...     units="mV",
    ...     sampling_period=1 * pq.ms,
    ... )
    >>> recording = ncs.Recording(currents, voltage)
    >>> (
    ...     detect_spikes(recording).magnitude,
    ...     detect_spikes(recording, at="peak").magnitude,
    ... )
    (array([1.5]), array([3.]))
    """
    if at not in PLACES:
        raise unknown_name("place of a spike", at, PLACES)
    recording = as_scape(source).recording
    level = units.scalar(threshold, "mV", "threshold")
    voltage = voltage_of(recording, "The detection of spikes")
    ups, downs = crossings(voltage, level)
    if at == "crossing":
        times = _crossing_times(recording, voltage, level, ups)
    else:
        peaks = [up + int(np.argmax(voltage[up:down])) for up, down in spans_above(ups, downs)]
        times = _times_at(recording, np.array(peaks, dtype=np.intp))
    first, last = timebase.span(recording.currents, "ms")
    return neo.SpikeTrain(
        times, units="ms", t_start=first * pq.ms, t_stop=last * pq.ms, name=f"spikes ({at})"
    )


def _times_at(recording: Recording, samples: np.ndarray) -> np.ndarray:
    signal = recording.currents
    if timebase.is_regular(signal):
        start, _ = timebase.span(signal, "ms")
        return start + samples * float(signal.sampling_period.rescale("ms"))
    return timebase.float_times(signal, "ms")[samples]


def _crossing_times(recording: Recording, voltage: np.ndarray, level: float, ups: np.ndarray) -> np.ndarray:
    before, after = _times_at(recording, ups - 1), _times_at(recording, ups)
    low, high = voltage[ups - 1], voltage[ups]
    return before + (after - before) * (level - low) / (high - low)


def event_times(events: Any, source: Any = None, threshold: pq.Quantity = THRESHOLD) -> np.ndarray:
    """Times of events in ms, sorted.

    Parameters
    ----------
    events : neo.SpikeTrain, neo.Event, neo.Epoch, Quantity or None
        An Epoch stands for its beginnings; None for the spikes of the source.
    source : Recording or Currentscape, optional
        Whose spikes are detected where no events are given.
    threshold : Quantity
        For that.

    Returns
    -------
    ndarray, shape (event,)

    Raises
    ------
    SignalError
        When there are none.
    ArgumentTypeError, UnitsError
        When the events are not times.
    """
    if events is None:
        found = detect_spikes(source, threshold).magnitude
        if len(found) == 0:
            highest = float(np.nanmax(voltage_of(as_scape(source).recording, "The detection of spikes")))
            raise SignalError(
                f"No spike was found: the voltage never crosses {units.readable(threshold)} upwards (its "
                f"largest value is {highest:.3g} mV): give another threshold=..., or events=..."
            )
        return found
    if not isinstance(events, pq.Quantity):
        raise ArgumentTypeError(
            f"events= takes a neo.SpikeTrain, Event or Epoch, or times with units, not a "
            f"{type(events).__name__}: write e.g. events=[10, 20] * pq.ms."
        )
    units.scalar(1.0 * units.parse_units(events.units), "ms", "events")
    if events.ndim > 1:
        raise ArgumentError(
            f"events= has shape {events.shape}, and times stand in one row: write e.g. events.ravel()."
        )
    times = np.sort(np.atleast_1d(np.asarray(events.rescale("ms").magnitude, dtype=float)))
    if len(times) == 0:
        raise SignalError("events= holds no event: give one time or more, or leave it out to find spikes.")
    if not np.isfinite(times).all():
        raise ArgumentError("events= holds a time that is not finite: leave it out.")
    return times
