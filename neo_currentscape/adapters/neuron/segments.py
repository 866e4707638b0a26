"""Neo signals out of NEURON's vectors: times that Neo can hold, and annotations that say what is what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.annotations import signal_annotations

#: Samples nearer to each other than this (ms) are two sides of a jump.
JUMP = 1e-9


def regular_step(times: np.ndarray) -> float | None:
    """The sampling interval of evenly spaced times.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In ms; NEURON adds up its step, so they are off by rounding.

    Returns
    -------
    float or None
        None where the steps differ.
    """
    if len(times) < 2:
        return None
    step = float(f"{(times[-1] - times[0]) / (len(times) - 1):.12g}")
    even = times[0] + step * np.arange(len(times))
    return step if step > 0 and np.abs(times - even).max() < 1e-3 * step else None


def sides_of_jumps(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make the times of a variable step increase strictly, keeping both sides of every jump.

    At an event CVODE gives two samples at one time, before and after. Neo's analyses need
    increasing times, so the sample before is moved back by half of `JUMP`; of more than two
    samples at one time, the first and the last are kept.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In ms, not decreasing.

    Returns
    -------
    kept : ndarray of int, shape (kept,)
        Which samples to keep.
    times : ndarray, shape (kept,)
        Their times.

    Examples
    --------
    >>> kept, times = sides_of_jumps(np.array([0.0, 1.0, 1.0, 1.0, 2.0]))
    >>> kept, bool(times[1] < times[2] == 1.0)
    (array([0, 1, 3, 4]), True)
    """
    near = np.diff(times) < JUMP
    starts = np.concatenate(([True], ~near))
    ends = np.concatenate((~near, [True]))
    moved = times.copy()
    moved[starts & ~ends] = times[ends & ~starts] - JUMP / 2
    kept = np.flatnonzero(starts | ends)
    return kept, moved[kept]


class Writer:
    """Makes the signals of one site.

    Parameters
    ----------
    signals : list
        The signals are added to it.
    site : str
        Name of the recorded place.
    area : float
        In um**2.
    times : ndarray, shape (time,)
        In ms.
    fixed : bool
        Whether the first sample, which no step led to, is dropped.
    density : bool
        Whether currents are divided by the area.
    every : int
        One in so many samples is kept.
    """

    def __init__(
        self,
        signals: list,
        site: str,
        area: float,
        times: np.ndarray,
        fixed: bool,
        density: bool,
        every: int,
    ) -> None:
        self.signals, self.site, self.area, self.density = signals, site, area, density
        step = regular_step(times)
        self._is_backward = fixed and every == 1
        self._rows: Any = slice(1, None, every) if fixed else slice(None)
        self._signal = (
            self._make_regular(times, step, every) if fixed and step else self._make_irregular(times)
        )

    def _make_regular(self, times: np.ndarray, step: float, every: int) -> Callable:
        # NEURON adds up the step; the sum's rounding is not part of the time.
        start = round(times[0] / step) * step if abs(times[0]) < 1e-12 else times[0]
        begins, period = (start + step) * pq.ms, step * every * pq.ms

        def make(values: np.ndarray, units: str, name: str, notes: dict) -> Any:
            return neo.AnalogSignal(
                values[self._rows].copy()[:, np.newaxis],
                units=units,
                name=name,
                t_start=begins,
                sampling_period=period,
                **notes,
            )

        return make

    def _make_irregular(self, times: np.ndarray) -> Callable:
        rows = self._rows
        kept, moved = sides_of_jumps(times[rows])
        own_times = moved * pq.ms

        def make(values: np.ndarray, units: str, name: str, notes: dict) -> Any:
            return neo.IrregularlySampledSignal(
                own_times, values[rows][kept][:, np.newaxis], units=units, name=name, **notes
            )

        return make

    def add(self, name: str, values: np.ndarray, units: str, role: str) -> None:
        """Add a variable that is no current."""
        self.signals.append(self._signal(values, units, name, self._notes(role, None)))

    def add_voltage(self, values: np.ndarray, cm: float) -> None:
        """Add the membrane potential, with what C dV/dt is made of.

        Parameters
        ----------
        values : ndarray, shape (time,)
            In mV.
        cm : float
            Specific capacitance in uF/cm**2.
        """
        notes = self._notes("voltage", None)
        specific = cm * pq.uF / pq.cm**2
        notes["capacitance"] = specific if self.density else cm * self.area * 1e-5 * pq.nF
        if self._is_backward:
            notes["derivative"] = "backward"
        self.signals.append(self._signal(values, "mV", "v", notes))

    def add_current(self, name: str, values: np.ndarray, role: str, positive: str) -> None:
        """Add a current.

        Parameters
        ----------
        name : str
        values : ndarray, shape (time,)
            In nA.
        role : str
        positive : {"outward", "inward"}
        """
        notes = self._notes(role, positive)
        if self.density:
            self.signals.append(self._signal(values * (100.0 / self.area), "mA/cm**2", name, notes))
        else:
            self.signals.append(self._signal(values, "nA", name, notes))

    def _notes(self, role: str, positive: str | None) -> dict:
        return signal_annotations(role, positive, area=self.area * pq.um**2, site=self.site)


def into_segment(segment: neo.Segment, signals: list) -> None:
    """Put signals into a Segment, all at once (one by one Neo compares each with all others)."""
    regular = [signal for signal in signals if isinstance(signal, neo.AnalogSignal)]
    segment.analogsignals.extend(regular)
    segment.irregularlysampledsignals.extend(
        [signal for signal in signals if not isinstance(signal, neo.AnalogSignal)]
    )
