"""ZAP: the impedance of a cell, from its response to a current whose frequency rises."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError, SignalError, warn
from neo_currentscape.protocols.carriers import Carriers, resonance_carriers
from neo_currentscape.protocols.current_step import active, limits
from neo_currentscape.protocols.injection import SAME
from neo_currentscape.protocols.resistance import MOHM
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.protocols.settling import unsettled
from neo_currentscape.protocols.traces import Trace, trace_of
from neo_currentscape.recording.recording import Recording

#: Where the chirp does not say its frequencies: they are those with this part of its largest amplitude.
IN_BAND = 0.5

#: Cycles that the analysed window must hold of a frequency for it to be the resonance.
FEWEST_CYCLES = 3.0

#: Part of the response that a cell may still have to go to its rest when the chirp begins.
DRIFT = 0.025

#: Bins over which the two ends of a resonance are averaged, as a part of the band; one at least.
AVERAGED = 0.02


@dataclass(frozen=True)
class Zap(ProtocolResult):
    """The impedance of a cell; see `zap`.

    Attributes
    ----------
    trace : Trace
    window : slice
        The samples that are analysed.
    smooth : int
        Number of frequencies over which |Z| is averaged.
    """

    trace: Trace
    window: slice
    smooth: int = 1

    @cached_property
    def _uniform(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Times, voltage and current of the window, at equal intervals."""
        t, v, i = (x[self.window] for x in (self.trace.times, self.trace.voltage, self.trace.current))
        if self.trace.is_regular:
            return t, v, i
        even = np.linspace(t[0], t[-1], len(t))
        return even, np.interp(even, t, v), np.interp(even, t, i)

    @cached_property
    def _spectra(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        t, v, i = self._uniform
        step = (t[-1] - t[0]) / (len(t) - 1) * 1e-3
        return np.fft.rfftfreq(len(t), step), np.fft.rfft(v - v[0]), np.fft.rfft(i - i[0])

    @cached_property
    def band(self) -> tuple[float, float]:
        """Lowest and highest frequency of the chirp, in Hz."""
        told = self.trace.told
        frequencies, _, current = self._spectra
        if told.f_stop is not None:
            ends = (told.f_start or 0.0, told.f_stop)
            return min(ends), max(ends)
        strong = np.flatnonzero(np.abs(current) >= IN_BAND * np.abs(current[1:]).max())
        return float(frequencies[max(strong[0] - 1, 0)]), float(frequencies[strong[-1]])

    @cached_property
    def _inside(self) -> np.ndarray:
        low, high = self.band
        inside = (self._spectra[0] > low) & (self._spectra[0] < high)
        if inside.sum() < 3:
            raise SignalError(
                f"The chirp from {low:g} to {high:g} Hz has {inside.sum()} frequencies at the resolution "
                f"of its duration: inject a longer one, or tell f_start= and f_stop=."
            )
        return inside

    @property
    def frequencies(self) -> pq.Quantity:
        """Those of the chirp, in Hz, shape (frequency,)."""
        return self._spectra[0][self._inside] * pq.Hz

    @cached_property
    def impedance(self) -> pq.Quantity:
        """Complex Z = V(f) / I(f), in Mohm, shape (frequency,); never smoothed."""
        _, voltage, current = self._spectra
        return voltage[self._inside] / current[self._inside] * MOHM

    @cached_property
    def magnitude(self) -> pq.Quantity:
        """|Z| in Mohm, shape (frequency,); smoothed as told."""
        sizes = np.abs(self.impedance.magnitude)
        if self.smooth > 1:
            # At both ends over as many frequencies as there are: there is no current beyond them.
            kernel = np.ones(min(self.smooth, len(sizes)))
            sizes = np.convolve(sizes, kernel, "same") / np.convolve(np.ones(len(sizes)), kernel, "same")
        return sizes * MOHM

    @property
    def phase(self) -> pq.Quantity:
        """Of the voltage before the current, in degrees, shape (frequency,); negative where it lags."""
        return np.degrees(np.angle(self.impedance.magnitude)) * pq.deg

    @cached_property
    def _first(self) -> int:
        """Index of the lowest frequency of which enough was injected.

        Of a frequency below a few cycles in the window it is not the cell that is seen but where the
        window begins, and what was left of its settling. A frequency that rises by r Hz in a second stays
        within sqrt(r) Hz of its beginning for less than a cycle: it counts where the window is cut there.
        """
        low, high = self.band
        duration = (self._uniform[0][-1] - self._uniform[0][0]) * 1e-3
        enough = FEWEST_CYCLES / duration
        if len(self._uniform[0]) < len(self.trace.times):
            enough = max(enough, low + np.sqrt((high - low) / duration))
        first = int(np.searchsorted(self.frequencies.magnitude, enough))
        return min(first, len(self.frequencies) - 1)

    @cached_property
    def _peak(self) -> int:
        """Index of the frequency at which |Z| is greatest, of those that may be the resonance."""
        return self._first + int(self.magnitude.magnitude[self._first :].argmax())

    @property
    def resonance(self) -> pq.Quantity:
        """Frequency at which |Z| is greatest, in Hz, from the lowest of which the chirp holds enough."""
        return float(self.frequencies[self._peak]) * pq.Hz

    @property
    def peak_impedance(self) -> pq.Quantity:
        """|Z| at the resonance, in Mohm."""
        return float(self.magnitude[self._peak]) * MOHM

    @property
    def q(self) -> float:
        """Strength of the resonance: the greatest |Z| over that at the lowest frequencies."""
        sizes = np.abs(self.impedance.magnitude)
        return float(self.peak_impedance) / float(sizes[self.low_bins].mean())

    @property
    def _averaged(self) -> int:
        return max(1, round(AVERAGED * len(self.frequencies)))

    @property
    def low_bins(self) -> slice:
        """The lowest frequencies of which the chirp holds enough: a few cycles."""
        return slice(self._first, self._first + self._averaged)

    @property
    def resonance_bins(self) -> slice:
        """The frequencies around the resonance."""
        at = self._peak
        return slice(max(at - self._averaged // 2, 0), at + self._averaged // 2 + 1)

    @property
    def is_resonant(self) -> bool:
        """Whether |Z| is greatest beyond the lowest frequencies."""
        return self.q > 1 and self.resonance_bins.start >= self.low_bins.stop

    def admittances(self, recording: Recording) -> tuple[list[str], np.ndarray]:
        """The admittance of every current at the frequencies of the chirp.

        Parameters
        ----------
        recording : Recording
            Of the same trace, with absolute currents.

        Returns
        -------
        names : list of str
            Of the currents, and of what else flows: "capacitive" and "axial" where recorded.
        values : ndarray, shape (frequency, current)
            Y_k = I_k(f) / V(f) in uS.
        """
        names, columns = list(recording.names), [recording.currents]
        for name in ("capacitive", "axial"):
            signal = getattr(recording, name, None)
            if signal is not None:
                names.append(name)
                columns.append(signal if name == "capacitive" else -signal)
        times = recording.times.rescale("ms").magnitude
        even, voltage, _ = self._uniform
        spectrum = np.fft.rfft(voltage - voltage[0])[self._inside]
        rows = [values for signal in columns for values in _absolute(signal).T]
        found = [np.fft.rfft(_at(even, times, row))[self._inside] / spectrum for row in rows]
        return names, np.stack(found, axis=1)

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents make the resonance; None where there is none."""
        return resonance_carriers(self) if self.is_resonant else None

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        low, high = (f * pq.Hz for f in self.band)
        found = [("f_start", low), ("f_stop", high), ("resonance", self.resonance)]
        return [*found, ("peak_impedance", self.peak_impedance), ("q", self.q)]

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: |Z| and phase over the frequency, voltage and current."""
        from neo_currentscape.protocols.figures import zap_panels

        return zap_panels(self)


def _absolute(signal: Any) -> np.ndarray:
    return np.asarray(signal.rescale("nA").magnitude, dtype=float)


def _at(even: np.ndarray, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values at other times, less the first of them."""
    if not (len(even) <= len(times)) or not np.isin(even[:1], times).any():
        found = np.interp(even, times, values)
    else:
        first = int(np.searchsorted(times, even[0] - 1e-9))
        found = values[first : first + len(even)]
        if len(found) < len(even) or abs(times[first + len(even) - 1] - even[-1]) > 1e-6:
            found = np.interp(even, times, values)
    return found - found[0]


def zap(source: Any, *, smooth: int = 1, whole: bool = False, **options: Any) -> Zap:
    """Impedance of a cell over the frequency, from its response to a chirp.

    Parameters
    ----------
    source : neo.Segment, or neo.Block that holds one
        With the voltage and the injected current.
    smooth : int
        Number of frequencies over which |Z| is averaged.
    whole : bool
        Analyse the whole recording instead of the time of the chirp: where the cell has come to rest
        again at its end, this leaves out no part of the response.
    **options
        As for `neo_currentscape.protocols.passive`; ``f_start`` and ``f_stop`` are the frequencies between
        which the impedance is given, and with ``amplitude``, ``onset`` and ``duration`` (``chirp``) they
        tell what was injected.

    Returns
    -------
    Zap

    Raises
    ------
    SignalError
        When nothing was injected, or a step.

    Notes
    -----
    Z(f) = rfft(V - V_rest) / rfft(I) from the onset to the end of the chirp, at the frequencies strictly
    between its lowest and highest, as in bmtool. Samples at unequal intervals are interpolated first.
    Frequencies of which the window holds less than a few cycles are given, but are no resonance. A cell
    that had not come to rest when the chirp began is warned of.
    """
    if isinstance(smooth, bool) or not isinstance(smooth, (int, np.integer)) or smooth < 1:
        raise ArgumentError(f"smooth={smooth!r} is no number of frequencies: write e.g. smooth=9.")
    trace = trace_of(source, **options)
    found = limits(trace)
    if found is None or active(trace) is None:
        raise SignalError(
            "The impedance needs a current whose frequency rises, and the injected current is the same all "
            "the time: inject protocols.chirp(...), or tell it with amplitude=, onset=, duration=, f_stop=."
        )
    first, last = active(trace) or (0, 0)
    inside = trace.current[first : last + 1]
    if not trace.told.is_chirp and np.ptp(inside) <= SAME * np.abs(inside).max():
        raise SignalError(
            f"The impedance needs a current whose frequency rises, and the injected current is a step of "
            f"{inside[0] - trace.current[0]:g} nA: use protocols.passive(segment) for its response."
        )
    window = slice(0, len(trace.times)) if whole else slice(max(found[0], 0), found[1] + 1)
    _say_drift(trace)
    return Zap(trace, window, int(smooth))


def still_to_settle(trace: Trace, slowest: float = 0.0) -> tuple[float, float]:
    """How far a cell still was from its rest when the chirp began, and the size of its response, in mV.

    Parameters
    ----------
    trace : Trace
    slowest : float
        As for `neo_currentscape.protocols.settling.unsettled`.
    """
    found = limits(trace) or (0, 0)
    rest, last = max(found[0], 0), found[1]
    left = unsettled(trace.times[:rest], trace.voltage[:rest], slowest)
    return left, float(np.ptp(trace.voltage[rest : last + 1])) / 2


def _say_drift(trace: Trace) -> None:
    drift, response = still_to_settle(trace)
    if drift > DRIFT * response:
        warn(
            f"The voltage had still {drift:.2g} mV to settle when the chirp began, beside a response of "
            f"{response:.2g} mV: |Z| at the lowest frequencies holds a part of it. Let the cell rest for "
            "longer before the chirp (onset=), or start it at its rest (v_init=)."
        )
