"""ZAP: the impedance of a cell, from its response to a current whose frequency rises."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.carriers import Carriers, resonance_carriers
from neo_currentscape.protocols.resistance import MOHM
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.recording.recording import Recording

#: Where the chirp does not say its frequencies: they are those with this part of its largest amplitude.
IN_BAND = 0.5

#: Cycles that the analysed window must hold of a frequency for it to be the resonance.
FEWEST_CYCLES = 3.0

#: Standard errors of the strength by which a peak of noisy |Z| is no chance.
CHANCE = 4.0

#: Bins over which the two ends of a resonance are averaged, as a part of the band; one at least.
AVERAGED = 0.02


@dataclass(frozen=True)
class Zap(ProtocolResult):
    """The impedance of a cell; see `neo_currentscape.protocols.zap`.

    Attributes
    ----------
    trace : Trace
    window : slice
        The samples that are analysed.
    smooth : int
        Number of frequencies over which |Z| is averaged.
    sweeps : int
        Of how many sweeps the trace is the mean.
    is_noisy : bool
        Whether the voltage was measured with noise, which |Z| then has too.
    """

    trace: Trace
    window: slice
    smooth: int = 1
    sweeps: int = 1
    is_noisy: bool = False

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
            sizes = running_mean(sizes, self.smooth)
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
        return self._first + int(self._smoothed[self._first :].argmax())

    @cached_property
    def _smoothed(self) -> np.ndarray:
        """|Z| in Mohm; where the voltage is noisy averaged over a part of the band."""
        sizes = self.magnitude.magnitude
        return running_mean(sizes, max(self._averaged, 3)) if self.is_noisy else sizes

    @cached_property
    def _scatter(self) -> np.ndarray:
        """Standard deviation of |Z| of one frequency in Mohm, from how neighbours differ."""
        z = self.impedance.magnitude
        if len(z) < 5:
            return np.zeros(len(z))
        # Second differences hold no slope; both parts of Z are noisy, and |Z| has one's noise.
        off = np.abs(z[2:] - 2 * z[1:-1] + z[:-2]) ** 2 / 12
        wide = max(2 * self._averaged + 1, 15)
        return np.sqrt(running_mean(np.pad(off, 1, mode="edge"), wide))

    def _error_of(self, bins: slice) -> float:
        """Standard error of the mean of |Z| over some frequencies, in Mohm."""
        scatter = self._scatter[bins]
        return float(np.sqrt(np.sum(scatter**2)) / len(scatter))

    @property
    def q_error(self) -> float:
        """Standard error of `q`."""
        low = float(np.abs(self.impedance.magnitude)[self.low_bins].mean())
        errors = self._error_of(self.resonance_bins), self.q * self._error_of(self.low_bins)
        return float(np.hypot(*errors)) / low

    @property
    def resonance_error(self) -> pq.Quantity:
        """How far |Z| around the resonance is within two standard errors of its peak, in Hz."""
        sizes, at = self._smoothed, self._peak
        near = sizes >= sizes[at] - 2 * self._error_of(self.resonance_bins)
        first, last = at, at
        while first > self._first and near[first - 1]:
            first -= 1
        while last < len(sizes) - 1 and near[last + 1]:
            last += 1
        f = self.frequencies.magnitude
        return max(float(f[last] - f[first]), float(f[1] - f[0])) / 2 * pq.Hz

    @property
    def resonance(self) -> pq.Quantity:
        """Frequency at which |Z| is greatest, in Hz, from the lowest of which the chirp holds enough."""
        return float(self.frequencies[self._peak]) * pq.Hz

    @property
    def peak_impedance(self) -> pq.Quantity:
        """|Z| at the resonance, in Mohm; of a noisy voltage averaged around it."""
        return float(self._smoothed[self._peak]) * MOHM

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
        """Whether |Z| is greatest beyond the lowest frequencies, by more than chance makes it."""
        beyond = self.resonance_bins.start >= self.low_bins.stop
        return bool(beyond and self.q - 1 > (CHANCE * self.q_error if self.is_noisy else 0))

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
        if recording.voltage is not None:
            # Currents drift as the voltage does: what was taken out of that goes in again.
            stored = np.asarray(recording.voltage.rescale("mV").magnitude, dtype=float)[:, 0]
            voltage = _at(even, times, stored)
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

    @property
    def errors(self) -> dict[str, Any]:
        """Standard errors by name, where the voltage is noisy."""
        if not self.is_noisy:
            return {}
        peak = self._error_of(self.resonance_bins) * MOHM
        return {"resonance": self.resonance_error, "peak_impedance": peak, "q": self.q_error}

    def __str__(self) -> str:
        rows = [(name, plain_text.with_error(found, self.errors.get(name))) for name, found in self.rows()]
        lines = [plain_text.table(rows)]
        if not self.is_resonant:
            lines.append("|Z| has no peak that stands out beyond the lowest frequencies: no resonance.")
        return "\n".join(lines)

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: |Z| and phase over the frequency, voltage and current."""
        from neo_currentscape.protocols.figures import zap_panels

        return zap_panels(self)


def running_mean(values: np.ndarray, n: int) -> np.ndarray:
    """Mean over n neighbours; at both ends over as many as there are."""
    kernel = np.ones(min(n, len(values)))
    return np.convolve(values, kernel, "same") / np.convolve(np.ones(len(values)), kernel, "same")


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
