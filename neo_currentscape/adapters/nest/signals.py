"""Neo signals from arrays, with the annotations of this package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import signal_annotations


def make(
    name: str,
    values: np.ndarray,
    times: np.ndarray,
    nodes: np.ndarray,
    role: str,
    unit: Any,
    positive: str | None = None,
    site: str | None = None,
    arrays: Mapping[str, Any] | None = None,
    **notes: Any,
) -> Any:
    """Make the signal of one variable.

    Parameters
    ----------
    name : str
    values : ndarray of float, shape (time, node)
        Not copied.
    times : ndarray of float, shape (time,)
        In ms.
    nodes : ndarray of int, shape (node,)
        Node ids; the ``channel_index``.
    role, positive, site
        As for `neo_currentscape.conventions.annotations.signal_annotations`.
    unit : str or Quantity
    arrays : mapping, optional
        Further array annotations.
    **notes
        Further annotations.

    Returns
    -------
    neo.AnalogSignal or neo.IrregularlySampledSignal
        The latter where the sampling interval changes.
    """
    marks = {
        "array_annotations": {"channel_index": nodes, **(arrays or {})},
        **signal_annotations(role, positive, site=site),
        **notes,
    }
    unit = units.parse_units(unit)
    period = sampling_period(times)
    if period is None:
        return neo.IrregularlySampledSignal(
            times * pq.ms, values, units=unit, time_units="ms", name=name, **marks
        )
    return neo.AnalogSignal(
        values,
        units=unit,
        t_start=times[0] * pq.ms,
        sampling_period=period * pq.ms,
        name=name,
        **marks,
    )


def sampling_period(times: np.ndarray) -> float | None:
    """The sampling interval in ms, None where it changes.

    Examples
    --------
    >>> sampling_period(np.array([0.1, 0.2, 0.3])), sampling_period(np.array([0.1, 0.2, 0.4]))
    (0.1, None)
    """
    if len(times) < 2:
        return None
    period = (times[-1] - times[0]) / (len(times) - 1)
    steps = np.diff(times)
    if np.abs(steps - period).max() > 1e-3 * period:
        return None
    # Times are sums of round-off: a period of 0.1 should read 0.1.
    return float(np.round(period, 9))


def per_neuron(values: np.ndarray, unit: str) -> Any:
    """A Quantity: one where all neurons have the same value, else one for each."""
    same = len(values) > 0 and (values == values[0]).all()
    return (float(values[0]) if same else values) * units.parse_units(unit)


def add(segment: neo.Segment, signal: Any) -> None:
    """Put a signal where a Segment keeps its kind."""
    if isinstance(signal, neo.AnalogSignal):
        segment.analogsignals.append(signal)
    else:
        segment.irregularlysampledsignals.append(signal)
