"""Chunks of samples that are reduced one after the other: each sample once, and none left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.reduction.kernel import Builder
from neo_currentscape.reduction.partial import Partial
from neo_currentscape.reduction.spans import Span


def reduce(
    times: np.ndarray,
    durations: np.ndarray | float,
    currents: np.ndarray,
    others: Mapping[str, np.ndarray],
    edges: np.ndarray,
    gaps: np.ndarray | None = None,
    kernel: str | None = None,
    flows: bool = False,
) -> Partial:
    """Reduce a chunk of samples to bins.

    Parameters
    ----------
    times : ndarray, shape (time,)
        Increasing, in ms.
    durations : float or ndarray, shape (time,)
        The time that each sample stands for, in ms.
    currents : ndarray, shape (time, current)
        Outward positive.
    others : mapping of str to ndarray, shape (time, channel)
        Signals of which the extremes are wanted.
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms; a sample at the last border belongs to the last bin, and one
        outside of them to none.
    gaps : ndarray of bool, shape (time,), optional
        Samples that count for nothing.
    kernel : {"auto", "numpy", "numba"}, optional
        See `neo_currentscape.reduction.engine`.
    flows : bool
        Whether the charge of each current in each bin is wanted too.

    Returns
    -------
    Partial

    Raises
    ------
    ArgumentError
        When the times do not increase, or the arrays are not of the same samples.

    Examples
    --------
    >>> currents = np.array([[1.0, -1.0], [3.0, 1.0], [0.0, 2.0]])
    >>> partial = reduce(np.arange(3.0), 1.0, currents, {}, np.array([0.0, 2.0, 4.0]))
    >>> partial.shares["outward"] / partial.time
    array([[0.875, 0.   ],
           [0.125, 1.   ]])
    """
    _check_lengths(len(times), durations, {"currents": currents, **others}, gaps)
    _check_times(times)
    spans = (Span.of(times, durations),) if len(times) else ()
    channels = {key: array.shape[1] for key, array in others.items()}
    builder = Builder(edges, currents.shape[1], channels, kernel=kernel, flows=flows)
    builder.add(times, durations, currents, others, gaps)
    return replace(builder.partial(), spans=spans)


def _check_lengths(
    n_samples: int,
    durations: np.ndarray | float,
    signals: Mapping[str, np.ndarray],
    gaps: np.ndarray | None,
) -> None:
    lengths = {name: len(array) for name, array in signals.items()}
    if np.ndim(durations):
        lengths["durations"] = len(durations)  # type: ignore[arg-type]
    if gaps is not None:
        lengths["gaps"] = len(gaps)
    for name, length in lengths.items():
        if length != n_samples:
            raise ArgumentError(
                f"A chunk has {n_samples} times and {length} samples of {name!r}: give both for the same "
                "samples."
            )


def _check_times(times: np.ndarray) -> None:
    rises = np.diff(times) > 0
    if not rises.all():
        k = int(np.argmin(rises))
        raise ArgumentError(
            f"The times of a chunk do not increase: {times[k]:.10g} ms is followed by "
            f"{times[k + 1]:.10g} ms; give each sample once, in the order of time."
        )
