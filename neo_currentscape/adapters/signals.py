"""What every adapter hands out: signals that share their times, with annotations, and clamped times.

An adapter reads what its simulator recorded into plain arrays, makes the `Clock` of their times and a
`Writer` on it, adds each variable, and puts them into a Segment:

>>> clock = Clock(np.array([0.1, 0.2, 0.3]))
>>> writer = Writer(clock, site="soma")
>>> signal = writer.add("i_na", np.array([0.0, -2.0, -1.0]), "nA", "current", "outward")
>>> signal.shape, signal.sampling_period, signal.annotations["site"]
((3, 1), array(0.1) * ms, 'soma')
>>> writer.into(neo.Segment())

Times in which something other than currents sets the voltage are marked with `clamped`, or `mark`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.annotations import joinable, signal_annotations
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import timebase
from neo_currentscape.recording.clamped import epoch as clamped
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.values import like, time_axis

__all__ = ["Clock", "Writer", "capacitive_current", "clamped", "mark"]

#: Starts and stops in ms, and the neuron of each stretch.
Stretches = tuple[np.ndarray, np.ndarray, np.ndarray]


class Clock:
    """The times of samples; decides whether they become regular signals.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In ms, increasing.
    step : float, optional
        The sampling interval in ms, where the simulator tells it; else it is read off the times.

    Attributes
    ----------
    axis : neo.AnalogSignal or neo.IrregularlySampledSignal
        Holds the times. The former where the times are even by the one rule of this package,
        `neo_currentscape.recording.sampling.regular_step`.
    """

    def __init__(self, times: np.ndarray, step: float | None = None) -> None:
        self.axis = time_axis(times, step)

    @classmethod
    def of(cls, signal: Any) -> Clock:
        """The clock of a signal, for others with the very same times."""
        clock = cls.__new__(cls)
        clock.axis = signal
        return clock

    @property
    def is_regular(self) -> bool:
        """Whether there is one sampling interval."""
        return timebase.is_regular(self.axis)

    def __len__(self) -> int:
        return int(self.axis.shape[0])


class Writer:
    """Makes the signals of samples that share their times.

    Parameters
    ----------
    clock : Clock
    neurons : ndarray of int, shape (neuron,), optional
        Index of the neuron of each channel, which becomes the array annotation ``channel_index``.
    site : str, optional
        The recorded place.
    area : Quantity, optional
        Of its membrane.
    **notes
        Further annotations of every signal.

    Attributes
    ----------
    signals : list of neo signals
        Those that were added.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        neurons: np.ndarray | None = None,
        site: str | None = None,
        area: Any = None,
        **notes: Any,
    ) -> None:
        self.clock, self.neurons, self.site, self.area, self.notes = clock, neurons, site, area, notes
        self.signals: list[Any] = []

    def add(
        self,
        name: str,
        values: Any,
        unit: Any,
        role: str,
        positive: str | None = None,
        *,
        neurons: np.ndarray | None = None,
        site: str | None = None,
        area: Any = None,
        arrays: Mapping[str, Any] | None = None,
        **notes: Any,
    ) -> Any:
        """Make the signal of one variable.

        Parameters
        ----------
        name : str
        values : ndarray, shape (time,) or (time, neuron)
            Not copied.
        unit : str or Quantity
        role, positive : str
            As for `neo_currentscape.conventions.annotations.signal_annotations`.
        neurons, site, area : optional
            In place of those of the writer.
        arrays : mapping, optional
            Further array annotations.
        **notes
            Further annotations.

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal
            Shape (time, neuron).

        Raises
        ------
        SignalError
            When there are not as many values as times.
        """
        if len(values) != len(self.clock):
            raise SignalError(
                f"{name!r} has {len(values)} samples where {len(self.clock)} times were recorded."
            )
        neurons = self.neurons if neurons is None else neurons
        marks = signal_annotations(
            role,
            positive,
            area=self.area if area is None else area,
            site=self.site if site is None else site,
        )
        index = {} if neurons is None else {"channel_index": neurons}
        signal = like(
            self.clock.axis,
            values[:, np.newaxis] if values.ndim == 1 else values,
            unit,
            name,
            array_annotations={**index, **(arrays or {})},
            **{key: joinable(value) for key, value in {**self.notes, **marks, **notes}.items()},
        )
        self.signals.append(signal)
        return signal

    def into(self, segment: neo.Segment) -> None:
        """Put the signals into a Segment."""
        put_signals(segment, self.signals)


def capacitive_current(voltage: Any, nanofarad: float, clock: Clock) -> Any:
    """The current that charges the membrane, from the differences of a voltage: C dV/dt.

    Parameters
    ----------
    voltage : neo.AnalogSignal
        Shape (time, 1).
    nanofarad : float
        Capacitance of the place.
    clock : Clock
        Of the steps, one fewer than samples: of their ends or of their beginnings, as the currents are
        to be compared.

    Returns
    -------
    neo.AnalogSignal
        In nA, outward positive, with the site of the voltage.
    """
    step = float(voltage.sampling_period.rescale("ms"))
    current = nanofarad * np.diff(np.asarray(voltage.rescale("mV").magnitude, dtype=float), axis=0) / step
    writer = Writer(clock, site=voltage.annotations["site"])
    return writer.add("capacitive", current, "nA", "capacitive", "outward")


def mark(segment: neo.Segment, found: Sequence[Stretches]) -> None:
    """Add the clamped times of several groups to a Segment, as one Epoch, unless there are none.

    Parameters
    ----------
    segment : neo.Segment
    found : sequence of (starts, stops, neurons)
        As for `clamped`.
    """
    if any(len(starts) for starts, _, _ in found):
        starts, stops, neurons = (np.concatenate(parts) for parts in zip(*found, strict=True))
        segment.epochs.append(clamped(starts, stops, neurons))
