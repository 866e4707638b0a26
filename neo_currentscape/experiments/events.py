"""Event-triggered averages: what the currents do around spikes and other events."""

from __future__ import annotations

from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SignalError, warn
from neo_currentscape.experiments.average import Average, averaged
from neo_currentscape.experiments.source import as_scape, check_count
from neo_currentscape.experiments.spike_detection import event_times
from neo_currentscape.recording import timebase
from neo_currentscape.recording.crossings import THRESHOLD

#: Bins of an average, unless there are fewer samples.
BINS = 200


def event_average(
    source: Any,
    events: Any = None,
    *,
    before: pq.Quantity = 20 * pq.ms,
    after: pq.Quantity = 50 * pq.ms,
    bins: int | None = None,
    threshold: pq.Quantity = THRESHOLD,
    **selection: Any,
) -> Average:
    """Average the currentscape around events: the mean of each share, and its spread.

    With events at :math:`t_e` and a bin of lags from :math:`a` to :math:`b`, the mean of a share
    :math:`s` is :math:`\\frac{1}{E} \\sum_e \\frac{1}{b - a} \\int_{t_e + a}^{t_e + b} s(t) dt`, where
    each sample stands for the time around it. It is the mean of shares, not the share of means.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
    events : neo.SpikeTrain, neo.Event, neo.Epoch or Quantity, optional
        Times; the beginnings of an Epoch. Where left out, the spikes of the recorded voltage.
    before, after : Quantity
        How much time is shown around each event. Events closer than that to the ends of the
        recording are left out.
    bins : int, optional
        By default as many as there are samples, at most 200.
    threshold : Quantity, default -20 mV
        Where spikes are detected.
    **selection
        For a Segment: keywords of `Recording.from_segment`.

    Returns
    -------
    Average

    Raises
    ------
    SignalError
        When there is no spike or event, or none of which all the time around it was recorded.
    ArgumentError, UnitsError
        When a time cannot be used.

    Warns
    -----
    CurrentscapeWarning
        When there is one event: it has no spread.

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> block = stg.simulate("A", t_stop=1 * pq.s)
    >>> average = event_average(block, before=10 * pq.ms, after=20 * pq.ms)
    >>> average.shares("outward").shape
    (200, 8)
    """
    scape = as_scape(source, **selection)
    lags = _lags(scape, before, after, bins)
    times = event_times(events, scape, threshold)
    first, last = recorded_span(scape)
    # Up to the rounding of times that were computed.
    tiny = 1e-9 * max(abs(first), abs(last))
    inside = times[(times + lags[0] >= first - tiny) & (times + lags[-1] <= last + tiny)]
    if len(inside) == 0:
        none = "The one event has not" if len(times) == 1 else f"None of the {len(times)} events has"
        raise SignalError(
            f"{none} all of the time from {-lags[0]:g} ms before to "
            f"{lags[-1]:g} ms after it in the recording, which is from {first:g} to {last:g} ms: "
            "give a shorter before= or after=."
        )
    if len(inside) == 1:
        warn(f"There is one event, at {inside[0]:g} ms: its currents are shown, without a spread.")
    return averaged(scape, inside[:, None] + lags, pq.Quantity(lags, "ms"), "lag", len(times) - len(inside))


def recorded_span(scape: Currentscape) -> tuple[float, float]:
    """First and last time in ms that the samples stand for."""
    signal = scape.recording.currents
    first, last = timebase.span(signal, "ms")
    half = float(signal.sampling_period.rescale("ms")) / 2 if timebase.is_regular(signal) else 0.0
    return first - half, last + half


def shortest_step(scape: Currentscape) -> float:
    """Sampling interval in ms; of a variable step the mean one."""
    first, last = timebase.span(scape.recording.currents, "ms")
    return (last - first) / (len(scape.recording) - 1)


def _lags(scape: Currentscape, before: pq.Quantity, after: pq.Quantity, bins: int | None) -> np.ndarray:
    start, stop = (units.scalar(t, "ms", what) for t, what in ((before, "before"), (after, "after")))
    if not start + stop > 0:
        raise ArgumentError(
            f"before={start:g} ms and after={stop:g} ms hold no time: their sum is to be above 0 ms."
        )
    n = (
        int(np.clip(round((start + stop) / shortest_step(scape)), 1, BINS))
        if bins is None
        else check_count("bins", bins)
    )
    return np.linspace(-start, stop, n + 1)
