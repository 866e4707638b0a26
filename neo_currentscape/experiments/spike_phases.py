"""Shares against voltage in the phases of the spike: upstroke, downstroke, and the interval between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, unknown_name
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.distribution import share_blocks, weights_of
from neo_currentscape.experiments.source import as_scape, check_count, voltage_of
from neo_currentscape.experiments.spike_detection import event_times
from neo_currentscape.recording import timebase
from neo_currentscape.recording.crossings import THRESHOLD, crossings, spans_above
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction

#: Phases of a spike, in the order in which they follow each other.
PHASES = ("upstroke", "downstroke", "interval")

#: How fast the voltage changes in a stroke; the same as eFEL's threshold of the derivative.
RATE = 10 * pq.mV / pq.ms


@dataclass(frozen=True, eq=False)
class SpikePhases(OfCurrents):
    """Mean shares in bins of voltage, in each phase of the spike; made by `spike_phases`.

    ``to_dataframe()`` has a row for each phase, bin (its middle) and current, by which it is indexed, and
    columns ``share_outward``, ``share_inward`` and ``time``, which all currents of a bin have in common.

    Attributes
    ----------
    names : list of str
    edges : Quantity, shape (bin + 1,)
        Borders of the bins of the voltage, in mV.
    spikes : int
        How many spikes were found.
    recording : Recording
    bundle : ndarray or None
    """

    names: list[str]
    edges: pq.Quantity
    spikes: int
    recording: Any
    bundle: np.ndarray | None
    _shares: dict[str, np.ndarray]
    _time: np.ndarray
    _scape: Any

    @property
    def _by_charge(self) -> Any:
        return self._scape.ranking

    @property
    def phases(self) -> tuple[str, ...]:
        """Names of the phases, in the order in which they follow each other."""
        return PHASES

    def shares(self, phase: str, direction: str) -> np.ndarray:
        """Mean share of each current while the voltage is in a bin.

        Parameters
        ----------
        phase : {"upstroke", "downstroke", "interval"}
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray, shape (bin, current)
            NaN where the voltage never was in that phase.
        """
        check_direction(direction)
        time = self._time[_phase(phase)]
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._shares[direction][_phase(phase)] / time[:, None]

    def time(self, phase: str) -> pq.Quantity:
        """Time spent in each bin of voltage in a phase, Quantity of shape (bin,) in ms.

        Parameters
        ----------
        phase : {"upstroke", "downstroke", "interval"}

        Returns
        -------
        Quantity
            Of shape (bin,), in ms.
        """
        return pq.Quantity(self._time[_phase(phase)], "ms")

    def _sizes(self) -> Any:
        """Mean shares in the strokes and the interval alike."""
        means = [np.nanmean(self.shares(p, d), axis=0) for p in PHASES for d in DIRECTIONS if self._held(p)]
        return np.sum(means, axis=0)

    def _table(self) -> Table:
        bins, n = len(self.edges) - 1, len(self.names)
        middle = ((self.edges[1:] + self.edges[:-1]) / 2).magnitude
        index = {
            "phase": np.repeat(PHASES, bins * n),
            "voltage": np.tile(np.repeat(middle, n), len(PHASES)),
            "current": np.tile(self.names, len(PHASES) * bins),
        }
        columns = {
            f"share_{d}": np.concatenate([self.shares(p, d).ravel() for p in PHASES]) for d in DIRECTIONS
        }
        columns["time"] = np.repeat(self._time.ravel(), n)
        return Table(columns, index, {"voltage": units.label(self.edges), "time": "ms"})

    def _held(self, phase: str) -> bool:
        return bool((self._time[_phase(phase)] > 0).any())

    def plot(self, **options: Any) -> Any:
        """Draw the three phases; see `neo_currentscape.experiments.figures.spike_phases_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import spike_phases_figure

        return spike_phases_figure(self, **options)

    def __repr__(self) -> str:
        return f"SpikePhases of {self.spikes} spikes: {', '.join(self.names)}"


def _phase(phase: str) -> int:
    if phase not in PHASES:
        raise unknown_name("phase of a spike", phase, PHASES)
    return PHASES.index(phase)


def spike_phases(
    source: Any,
    *,
    bins: int = 60,
    threshold: pq.Quantity = THRESHOLD,
    rate: pq.Quantity = RATE,
    **selection: Any,
) -> SpikePhases:
    """Find the mean share of each current against the voltage, in each phase of the spikes.

    The upstroke of a spike reaches from where the voltage begins to rise faster than `rate` before it
    crosses the threshold, to its peak; the downstroke from there to where the voltage, back below the
    threshold, falls no faster than `rate`; the interval is the rest.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
    bins : int, default 60
        Of the voltage, from its smallest to its largest value.
    threshold : Quantity, default -20 mV
        Where spikes are detected.
    rate : Quantity, default 10 mV/ms
    **selection
        For a Segment: keywords of `Recording.from_segment`.

    Returns
    -------
    SpikePhases

    Raises
    ------
    SignalError
        When there is no spike, or none that was recorded as a whole.

    Examples
    --------
    >>> from neo_currentscape.models import stg
    >>> segment = stg.simulate("Fig. 2", t_stop=1 * pq.s).segments[0]
    >>> found = spike_phases(segment)
    >>> found
    SpikePhases of 14 spikes: A, CaS, CaT, H, KCa, Kd, L, Na
    """
    scape = as_scape(source, **selection)
    n_bins = check_count("bins", bins)
    phase, n_spikes = phase_of_samples(scape, threshold, rate)
    voltage = voltage_of(scape.recording, "The phases of spikes")
    low, high = float(np.nanmin(voltage)), float(np.nanmax(voltage))
    scale = n_bins / (high - low)
    n, size = len(scape.names), len(PHASES) * n_bins
    shares = {d: np.zeros((n, size)) for d in DIRECTIONS}
    time = np.zeros(size)
    for direction in DIRECTIONS:
        for rows, part in share_blocks(scape, direction):
            weights = weights_of(scape, rows)
            place = np.nan_to_num((voltage[rows] - low) * scale)
            at = np.minimum(place.astype(np.intp), n_bins - 1) + n_bins * phase[rows].astype(np.intp)
            for k in range(n):
                shares[direction][k] += np.bincount(at, part[:, k] * weights, size)
            if direction == DIRECTIONS[0]:
                time += np.bincount(at, weights, size)
    return SpikePhases(
        names=scape.names,
        edges=pq.Quantity(np.linspace(low, high, n_bins + 1), "mV"),
        spikes=n_spikes,
        recording=scape.recording,
        bundle=scape.bundle,
        _shares={d: shares[d].reshape(n, len(PHASES), n_bins).transpose(1, 2, 0) for d in DIRECTIONS},
        _time=time.reshape(len(PHASES), n_bins),
        _scape=scape,
    )


def phase_of_samples(
    source: Any, threshold: pq.Quantity = THRESHOLD, rate: pq.Quantity = RATE
) -> tuple[np.ndarray, int]:
    """Tell for every sample in which phase of a spike it lies.

    Parameters
    ----------
    source : Currentscape or Recording
    threshold, rate : Quantity
        See `spike_phases`.

    Returns
    -------
    phase : ndarray of int8, shape (time,)
        Index into `PHASES`. The peak belongs to the upstroke.
    n_spikes : int

    Raises
    ------
    SignalError
        When there is no spike that was recorded as a whole.
    """
    scape = as_scape(source)
    level = units.scalar(threshold, "mV", "threshold")
    fastest = units.positive(rate, "mV/ms", "rate")
    voltage = voltage_of(scape.recording, "The phases of spikes")
    event_times(None, scape, threshold)  # refuse a recording without spikes in one sentence
    ups, downs = crossings(voltage, level)
    pairs = spans_above(ups, downs)
    if not pairs:
        raise SignalError(
            "The only spike is cut by the end of the recording: record longer, or give another "
            "threshold=..."
        )
    slope = _slopes(scape, voltage)
    slow_up, slow_down = np.flatnonzero(~(slope > fastest)), np.flatnonzero(~(slope < -fastest))
    phase = np.full(len(voltage), PHASES.index("interval"), dtype=np.int8)
    for up, down in pairs:
        peak = up + int(np.argmax(voltage[up:down]))
        before = np.searchsorted(slow_up, up) - 1
        onset = slow_up[before] + 1 if before >= 0 else 0
        after = np.searchsorted(slow_down, down)
        end = slow_down[after] if after < len(slow_down) else len(voltage)
        phase[peak + 1 : end] = PHASES.index("downstroke")
        phase[min(onset, up) : peak + 1] = PHASES.index("upstroke")
    return phase, len(pairs)


def _slopes(scape: Currentscape, voltage: np.ndarray) -> np.ndarray:
    """dV/dt in mV/ms by central differences, as `numpy.gradient` has them."""
    signal = scape.recording.currents
    if timebase.is_regular(signal):
        return np.gradient(voltage, float(signal.sampling_period.rescale("ms")))
    return np.gradient(voltage, timebase.float_times(signal, "ms"))
