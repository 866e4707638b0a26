"""Time-weighted means of some traces over bins, and how much they vary in them.

Each sample stands for the time around it, and the integral of a trace over a bin is that over exactly that
bin, however the samples lie: integrals up to the borders of samples are summed once, and read off there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trace:
    """Some currents of one neuron.

    Attributes
    ----------
    values : ndarray, shape (row, time)
        0 in gaps.
    durations : ndarray, shape (time,)
        The time in ms that each sample stands for; 0 in gaps.
    borders : ndarray, shape (time + 1,)
        Between the times for which two samples stand, in ms.
    """

    values: np.ndarray
    durations: np.ndarray
    borders: np.ndarray

    def integrals(self, edges: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        """Integrals over the bins between edges.

        Parameters
        ----------
        edges : ndarray, shape (..., bin + 1)
            In ms, increasing along the last axis.
        values : ndarray, shape (row, time), optional
            In place of those of the trace.

        Returns
        -------
        ndarray, shape (row + 1, ..., bin)
            Of each row, and as the last the time that is held.

        Examples
        --------
        >>> trace = Trace(np.array([[2.0, 4.0]]), np.array([1.0, 1.0]), np.array([0.0, 1.0, 2.0]))
        >>> trace.integrals(np.array([0.0, 0.5, 2.0]))
        array([[1. , 5. ],
               [0.5, 1.5]])
        """
        rows = self.values if values is None else values
        found = np.empty((len(rows) + 1, *edges.shape[:-1], edges.shape[-1] - 1))
        running = np.zeros(len(self.borders))
        for out, row in zip(found, [*rows, None], strict=True):
            np.cumsum(self.durations if row is None else row * self.durations, out=running[1:])
            out[...] = np.diff(np.interp(edges, self.borders, running), axis=-1)
        return found

    def moments(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Mean and standard deviation of each row over all time, weighted with it, and that time."""
        time = float(self.durations.sum())
        mean = self.values @ self.durations / time
        spread = np.sqrt((self.values - mean[:, np.newaxis]) ** 2 @ self.durations / time)
        return mean, spread, time


def means(integrals: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Means over bins, shape (row, ..., bin); NaN where a bin holds no time.

    Parameters
    ----------
    integrals : ndarray, shape (row + 1, ..., bin)
        As of `Trace.integrals`.
    edges : ndarray, shape (..., bin + 1)
    """
    time = integrals[-1]
    # Rounding leaves a trace of time in bins that lie in a gap or outside of the recording.
    held = time > 1e-9 * np.diff(edges, axis=-1)
    return np.where(held, integrals[:-1] / np.where(held, time, 1.0), np.nan)


class Between:
    """Means over windows or neurons, and the standard deviation between them.

    Parameters
    ----------
    rows, bins : int
    """

    def __init__(self, rows: int, bins: int) -> None:
        self.count = np.zeros(bins, dtype=int)
        self._mean = np.zeros((rows, bins))
        self._squares = np.zeros((rows, bins))

    def add(self, found: np.ndarray) -> None:
        """Take in means of shape (row, window, bin); those that are NaN do not count.

        Sums of squares merge as by Chan, Golub & LeVeque (1983), which loses no digits.
        """
        held = np.isfinite(found[0])
        count = held.sum(axis=0)
        kept = np.where(held, found, 0.0)
        mean = kept.sum(axis=1) / np.maximum(count, 1)
        squares = (np.where(held, found - mean[:, np.newaxis], 0.0) ** 2).sum(axis=1)
        both = np.maximum(self.count + count, 1)
        apart = mean - self._mean
        self._squares += squares + apart**2 * (self.count * count / both)
        self._mean += apart * (count / both)
        self.count += count

    @property
    def mean(self) -> np.ndarray:
        """Shape (row, bin); NaN where nothing counts."""
        return np.where(self.count > 0, self._mean, np.nan)

    @property
    def spread(self) -> np.ndarray:
        """Standard deviation of a sample, shape (row, bin); NaN where fewer than two count."""
        return np.where(self.count > 1, np.sqrt(self._squares / np.maximum(self.count - 1, 1)), np.nan)


class Within:
    """Means over time, and the standard deviation over the time in each bin, of all neurons together.

    Parameters
    ----------
    rows : int
    edges : ndarray, shape (bin + 1,)
    """

    def __init__(self, rows: int, edges: np.ndarray) -> None:
        bins = len(edges) - 1
        self.edges = edges
        self.count = np.zeros(bins, dtype=int)
        self._time = np.zeros(bins)
        self._mean = np.zeros((rows, bins))
        self._squares = np.zeros((rows, bins))

    def add(self, trace: Trace) -> None:
        """Take in a neuron."""
        first = trace.integrals(self.edges)
        mean = means(first, self.edges)
        held = np.isfinite(mean[0])
        # About a centre near the values, so that the square of a large mean takes no digits away.
        centre = trace.moments()[0][:, np.newaxis]
        second = trace.integrals(self.edges, (trace.values - centre) ** 2)[:-1]
        time = np.where(held, first[-1], 0.0)
        mean = np.where(held, mean, 0.0)
        squares = np.where(held, np.maximum(second - time * (mean - centre) ** 2, 0.0), 0.0)
        both = np.where(self._time + time > 0, self._time + time, 1.0)
        apart = mean - self._mean
        self._squares += squares + apart**2 * (self._time * time / both)
        self._mean += apart * (time / both)
        self._time += time
        self.count += held

    @property
    def mean(self) -> np.ndarray:
        """Shape (row, bin); NaN where no time is held."""
        return np.where(self._time > 0, self._mean, np.nan)

    @property
    def spread(self) -> np.ndarray:
        """Shape (row, bin)."""
        time = np.where(self._time > 0, self._time, np.nan)
        return np.sqrt(self._squares / time)
