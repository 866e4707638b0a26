"""How often the voltage and the shares of a recording take each value: time by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.source import as_scape, check_count, voltage_of
from neo_currentscape.recording import timebase, values
from neo_currentscape.reduction import split

#: Bins of the shares and of the voltage, unless told.
SHARE_BINS, VOLTAGE_BINS = 100, 210

#: Voltages that are counted, unless told; wider than what neurons do.
VOLTAGES = (-100.0, 60.0) * pq.mV


#: Arrays that each distribution is stored with.
STORED = (*(f"shares_{d}" for d in DIRECTIONS), "names", "outside", "voltage_edges_mV")


@dataclass(frozen=True, eq=False)
class Distribution:
    """The part of the time for which a value lies in each bin; each distribution sums to 1.

    Alonso & Marder (2019) look upon the voltage, and upon each share, as a random variable that is
    sampled at a random time: the probability of a bin is the time that is spent in it.

    Attributes
    ----------
    names : list of str
    voltage : ndarray, shape (voltage bin,), or None
        None where the recording holds no voltage.
    voltage_edges : Quantity, shape (voltage bin + 1,)
    shares : dict of str to ndarray, each (current, share bin)
        For each direction. A share of 0 counts in the first bin, and of 1 in the last.
    outside : float
        Part of the time for which the voltage is not among the bins.
    """

    names: list[str]
    voltage: np.ndarray | None
    voltage_edges: pq.Quantity
    shares: Mapping[str, np.ndarray]
    outside: float = 0.0

    @property
    def share_edges(self) -> np.ndarray:
        """Borders of the bins of the shares, from 0 to 1."""
        return np.linspace(0.0, 1.0, self.shares["outward"].shape[1] + 1)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays, for `numpy.savez`.

        Returns
        -------
        dict of str to np.ndarray
        """
        arrays = {f"shares_{d}": self.shares[d] for d in DIRECTIONS}
        arrays["names"], arrays["outside"] = np.array(self.names), np.array(self.outside)
        arrays["voltage_edges_mV"] = self.voltage_edges.rescale("mV").magnitude
        return arrays if self.voltage is None else {**arrays, "voltage": self.voltage}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Distribution:
        """Make it again of what `to_arrays` gave.

        Parameters
        ----------
        arrays : mapping of str to np.ndarray

        Returns
        -------
        Distribution
        """
        return cls(
            names=[str(name) for name in arrays["names"]],
            voltage=arrays.get("voltage"),
            voltage_edges=pq.Quantity(arrays["voltage_edges_mV"], "mV"),
            shares={d: arrays[f"shares_{d}"] for d in DIRECTIONS},
            outside=float(arrays["outside"]),
        )


def distribution(
    source: Any,
    *,
    voltages: pq.Quantity = VOLTAGES,
    voltage_bins: int = VOLTAGE_BINS,
    share_bins: int = SHARE_BINS,
    **selection: Any,
) -> Distribution:
    """Find how often the voltage and each share take each value.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
    voltages : Quantity, shape (2,), default -100 to 60 mV
        Range of the voltage that is counted.
    voltage_bins, share_bins : int
    **selection
        For a Segment: keywords of `Recording.from_segment`.

    Returns
    -------
    Distribution
        Each sample counts with the time that it stands for.

    Raises
    ------
    ArgumentError
        When a number of bins or the range cannot be used.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[3, 1], [1, 1], [1, 1], [1, 1]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["K", "leak"]},
    ... )
    >>> distribution(ncs.Recording(currents), share_bins=4).shares["outward"]
    array([[0.  , 0.  , 0.75, 0.25],
           [0.  , 0.25, 0.75, 0.  ]])
    """
    scape = as_scape(source, **selection)
    low, high = _range(voltages)
    bins = check_count("voltage_bins", voltage_bins)
    found = _share_counts(scape, check_count("share_bins", share_bins))
    voltage, outside = _voltage_counts(scape, low, high, bins)
    return Distribution(
        scape.names, voltage, pq.Quantity(np.linspace(low, high, bins + 1), "mV"), found, outside
    )


def _range(voltages: Any) -> tuple[float, float]:
    if not isinstance(voltages, pq.Quantity) or voltages.size != 2:
        raise ArgumentError(
            f"voltages={voltages!r} is no range: write two voltages, e.g. voltages=(-70, 35) * pq.mV."
        )
    low, high = (units.scalar(v, "mV", "voltages") for v in voltages.reshape(2))
    if not low < high:
        raise ArgumentError(f"voltages from {low:g} to {high:g} mV hold none: write the lower one first.")
    return low, high


def weights_of(scape: Currentscape, rows: slice) -> np.ndarray:
    """The time in ms that each of some samples stands for, 0 in gaps."""
    durations = timebase.sample_durations(scape.recording.currents, "ms", scape.recording.gaps, rows)
    return np.broadcast_to(durations, (rows.stop - rows.start,))


def share_blocks(scape: Currentscape, direction: str) -> Any:
    """Yield slices of samples and the shares of one direction in them, 0 in gaps and bundled."""
    numbers, gaps = values.magnitudes(scape.recording.currents), scape.recording.gaps
    for rows in split.blocks(len(numbers)):
        part = split.directed(numbers[rows], direction)
        if gaps is not None:
            part[gaps[rows]] = 0.0
        split.fractions(part, split.totals_of(part))
        yield rows, part if scape.bundle is None else part @ scape.bundle


def _share_counts(scape: Currentscape, bins: int) -> dict[str, np.ndarray]:
    n = len(scape.names)
    out = {}
    for direction in DIRECTIONS:
        counts = np.zeros(n * bins)
        for rows, shares in share_blocks(scape, direction):
            weights = weights_of(scape, rows)
            # Up to rounding: a share that is 0.3 but for the last digit belongs to the bin from 0.3.
            at = np.minimum((shares * bins + 1e-9).astype(np.intp), bins - 1) + bins * np.arange(n)
            counts += np.bincount(at.ravel(), np.repeat(weights, n), n * bins)
        whole = counts[:bins].sum()
        out[direction] = (counts / whole).reshape(n, bins) if whole > 0 else counts.reshape(n, bins)
    return out


def _voltage_counts(
    scape: Currentscape, low: float, high: float, bins: int
) -> tuple[np.ndarray | None, float]:
    recording = scape.recording
    if recording.voltage is None:
        return None, 0.0
    voltage = voltage_of(recording, "The distribution")
    counts, whole = np.zeros(bins), 0.0
    for rows in split.blocks(len(voltage)):
        v, weights = voltage[rows], weights_of(scape, rows)
        whole += weights.sum()
        inside = (v >= low) & (v <= high)
        at = np.minimum(((v[inside] - low) * (bins / (high - low))).astype(np.intp), bins - 1)
        counts += np.bincount(at, weights[inside], bins)
    whole = whole if whole > 0 else 1.0
    return counts / whole, max(0.0, 1.0 - float(counts.sum()) / whole)
