"""What was injected: steps and chirps, told by annotations of a Segment or found in a recorded current.

The annotations are Quantities: ``amplitude``, ``onset`` (or ``delay``) and ``duration``; of a chirp also
``f_start`` and ``f_stop``, and ``chirp`` ("linear" or "exponential").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, UnknownOptionError, unknown_name

#: What may be told of an injection, and in which unit it is kept; None for text.
TOLD = {
    "amplitude": "nA",
    "onset": "ms",
    "duration": "ms",
    "f_start": "Hz",
    "f_stop": "Hz",
    "chirp": None,
}

#: Other words for the same in annotations.
ALIASES = {"onset": ("onset", "delay")}

#: How the frequency of a chirp rises.
CHIRPS = ("linear", "exponential")

#: Currents that differ by less than this part of the largest are the same.
SAME = 1e-6


@dataclass(frozen=True)
class Told:
    """What is known of an injection without a recorded current; None where it is not told.

    Attributes
    ----------
    amplitude : float
        nA.
    onset, duration : float
        ms.
    f_start, f_stop : float
        Hz.
    chirp : {"linear", "exponential"}
    """

    amplitude: float | None = None
    onset: float | None = None
    duration: float | None = None
    f_start: float | None = None
    f_stop: float | None = None
    chirp: str | None = None

    @classmethod
    def read(cls, segment: neo.Segment, given: Mapping[str, Any]) -> Told:
        """Take what the caller says, and what a Segment is annotated with.

        Raises
        ------
        UnknownOptionError
            When the caller says something else.
        UnitsError
            When a value has no unit, or one that does not fit.
        """
        for name in given:
            if name not in TOLD:
                known = [*TOLD, "neuron", "site", "voltage", "electrode", "units"]
                raise unknown_name("option of a protocol", name, known, UnknownOptionError)
        found: dict[str, Any] = {}
        for name, unit in TOLD.items():
            value, where = given.get(name), f"{name}="
            if value is None:
                value, where = _annotated(segment, name)
            if value is None:
                continue
            found[name] = _checked_chirp(value) if unit is None else units.scalar(value, unit, where)
        return cls(**found)

    @property
    def is_whole(self) -> bool:
        """Whether it tells the current at every time."""
        return None not in (self.amplitude, self.onset, self.duration)

    @property
    def limits(self) -> tuple[float, float] | None:
        """Onset and end in ms; None where one of them is not told."""
        if self.onset is None or self.duration is None:
            return None
        return self.onset, self.onset + self.duration

    @property
    def is_chirp(self) -> bool:
        """Whether it is a chirp."""
        return self.f_stop is not None

    def missing(self, segment: neo.Segment, currents: str) -> str:
        """The sentence that says what is missing, and what to write."""
        lacking = [name for name in ("amplitude", "onset", "duration") if getattr(self, name) is None]
        name = f" {segment.name!r}" if segment.name else ""
        beside = f" ({currents})" if currents else ""
        return (
            f"Segment{name} holds no injected current{beside}, and is not annotated with "
            f"{', '.join(lacking)}: record the current, name it with electrode=..., or write e.g. "
            "segment.annotate(amplitude=-0.1 * pq.nA, onset=200 * pq.ms, duration=1 * pq.s)."
        )


def _annotated(segment: neo.Segment, name: str) -> tuple[Any, str]:
    for word in ALIASES.get(name, (name,)):
        value = segment.annotations.get(word)
        if value is not None:
            return value, f"Annotation {word!r} of the segment"
    return None, ""


def _checked_chirp(kind: Any) -> str:
    if kind not in CHIRPS:
        raise unknown_name("chirp", kind, CHIRPS)
    return str(kind)


def waveform(told: Told, times: np.ndarray) -> np.ndarray:
    """The current that an annotated injection had at every sample.

    Parameters
    ----------
    told : Told
        Whole.
    times : ndarray, shape (time,)
        In ms.

    Returns
    -------
    ndarray, shape (time,)
        In nA. A step is on after its onset up to and with its end, as it drove the step to that
        sample; a chirp has its value at each time.
    """
    assert told.onset is not None and told.duration is not None and told.amplitude is not None
    onset, end = told.onset, told.onset + told.duration
    slack = 1e-6 * max(1.0, told.duration)
    if told.is_chirp:
        inside = (times >= onset - slack) & (times <= end + slack)
        values = chirp(
            np.where(inside, times - told.onset, 0.0),
            told.amplitude,
            told.f_start or 0.0,
            float(told.f_stop or 0.0),
            told.duration,
            told.chirp or "linear",
        )
        return np.where(inside, values, 0.0)
    inside = (times > onset + slack) & (times <= end + slack)
    return np.where(inside, told.amplitude, 0.0)


def chirp(
    times: np.ndarray, amplitude: float, f_start: float, f_stop: float, duration: float, kind: str
) -> np.ndarray:
    """A sine whose frequency rises from its beginning to its end.

    Parameters
    ----------
    times : ndarray
        Since its beginning, in ms.
    amplitude : float
    f_start, f_stop : float
        In Hz.
    duration : float
        In ms.
    kind : {"linear", "exponential"}
        Of the frequency: ``f(t) = f0 + (f1 - f0) t / T`` or ``f0 (f1 / f0)**(t / T)``; the phase is
        its integral.

    Returns
    -------
    ndarray

    Raises
    ------
    ArgumentError
        When an exponential chirp has a frequency that is not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> chirp(np.array([0.0, 250.0]), 2.0, 1.0, 1.0, 1000.0, "linear").round(6)
    array([0., 2.])
    """
    seconds, whole = np.asarray(times) * 1e-3, duration * 1e-3
    if kind == "linear":
        phase = f_start * seconds + (f_stop - f_start) / whole * seconds**2 / 2
        return amplitude * np.sin(2 * np.pi * phase)
    if min(f_start, f_stop) <= 0:
        raise ArgumentError(
            f"An exponential chirp cannot go from {f_start:g} to {f_stop:g} Hz: write f_start and f_stop "
            "above 0 Hz, or chirp='linear'."
        )
    rate = np.log(f_stop / f_start) / whole
    phase = f_start * seconds if rate == 0 else f_start / rate * np.expm1(rate * seconds)
    return amplitude * np.sin(2 * np.pi * phase)
