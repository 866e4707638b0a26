"""Bursts, and averages over the phase of a cycle: from burst to burst, or from spike to spike."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, unknown_name, warn
from neo_currentscape.experiments.average import Average, averaged
from neo_currentscape.experiments.events import recorded_span
from neo_currentscape.experiments.source import as_scape, check_count
from neo_currentscape.experiments.spike_detection import event_times
from neo_currentscape.recording.crossings import THRESHOLD

#: Longest interval between two spikes of a burst, as in Alonso & Marder (2019).
INTERVAL = 100 * pq.ms

#: What a cycle may go from and to.
CYCLES = ("burst", "spike")


def detect_bursts(
    source: Any,
    events: Any = None,
    *,
    max_interval: pq.Quantity = INTERVAL,
    min_spikes: int = 2,
    threshold: pq.Quantity = THRESHOLD,
) -> neo.Epoch:
    """Find bursts: runs of spikes none of which is farther from the last than an interval.

    Alonso & Marder (2019) define bursts so, with 100 ms. Unlike the bursts of eFEL, which are told by
    how intervals compare with their neighbours, these do not depend on what else was recorded.

    Parameters
    ----------
    source : Recording, Currentscape or neo.Segment
    events : neo.SpikeTrain, optional
        The spikes; those of the voltage where left out.
    max_interval : Quantity, default 100 ms
    min_spikes : int, default 2
        Runs of fewer spikes are no bursts.
    threshold : Quantity, default -20 mV
        Where spikes are detected.

    Returns
    -------
    neo.Epoch
        From the first to the last spike of each burst, in ms; may be empty. Array annotations
        ``spikes`` (their number) and ``cut`` ("begin" or "end" where the burst may have begun
        before, or gone on after the recording, else ""). Annotated with ``max_interval``.

    Raises
    ------
    SignalError
        When there is no spike.

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> bursts = detect_bursts(stg.simulate("A", t_stop=3 * pq.s))
    >>> bursts.array_annotations["spikes"]
    array([13, 13, 12])
    """
    scape = as_scape(source)
    longest = units.positive(max_interval, "ms", "max_interval")
    least = check_count("min_spikes", min_spikes)
    times = event_times(events, scape, threshold)
    breaks = np.flatnonzero(np.diff(times) > longest) + 1
    firsts, lasts = np.r_[0, breaks], np.r_[breaks, len(times)] - 1
    spikes = lasts - firsts + 1
    kept = spikes >= least
    begin, end = times[firsts[kept]], times[lasts[kept]]
    first, last = recorded_span(scape)
    cut = np.where(begin - first < longest, "begin", np.where(last - end < longest, "end", ""))
    return neo.Epoch(
        begin,
        end - begin,
        labels=np.array([f"burst {k}" for k in range(len(begin))], dtype="U"),
        units="ms",
        name="bursts",
        array_annotations={"spikes": spikes[kept], "cut": cut},
        max_interval=max_interval,
    )


def phase_average(
    source: Any,
    by: Any = "burst",
    *,
    bins: int = 100,
    max_interval: pq.Quantity = INTERVAL,
    min_spikes: int = 2,
    threshold: pq.Quantity = THRESHOLD,
    **selection: Any,
) -> Average:
    """Average the currentscape over the phase of a cycle; phase 0 is where a cycle begins.

    Every cycle is stretched to the same length, so that cycles of different durations add up.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
    by : {"burst", "spike"} or neo.SpikeTrain, Event or Epoch, default "burst"
        From the beginning of a burst to that of the next; from spike to spike; or from one to the
        next of the given events (beginnings of an Epoch).
    bins : int, default 100
    max_interval, min_spikes, threshold
        See `detect_bursts`.
    **selection
        For a Segment: keywords of `Recording.from_segment`.

    Returns
    -------
    Average
        Its ``edges`` are phases from 0 to 1. A burst that was cut by the beginning of the recording,
        and what follows the last beginning, are left out.

    Raises
    ------
    SignalError
        When there is no complete cycle; the message says what was found.

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> phase_average(stg.simulate("A", t_stop=3 * pq.s)).windows.round()
    array([[ 745., 1755.],
           [1755., 2767.]])
    """
    scape = as_scape(source, **selection)
    n = check_count("bins", bins)
    if isinstance(by, str):
        if by not in CYCLES:
            raise unknown_name("cycle", by, CYCLES)
        if by == "burst":
            by = detect_bursts(scape, max_interval=max_interval, min_spikes=min_spikes, threshold=threshold)
            starts = _burst_starts(by, units.scalar(max_interval, "ms", "max_interval"))
        else:
            starts = _starts(event_times(None, scape, threshold), "spike")
    else:
        starts = _starts(event_times(by), "event")
    cycles = _inside(np.column_stack([starts[:-1], starts[1:]]), recorded_span(scape))
    phases = np.linspace(0.0, 1.0, n + 1)
    edges = cycles[:, :1] + np.diff(cycles, axis=1) * phases
    if len(cycles) == 1:
        warn("There is one complete cycle: its currents are shown, without a spread.")
    left_out = len(starts) - len(cycles)
    return averaged(scape, edges, pq.Quantity(phases, "dimensionless"), "phase", left_out)


def _burst_starts(bursts: neo.Epoch, longest: float) -> np.ndarray:
    cut = bursts.array_annotations["cut"]
    starts = bursts.times.rescale("ms").magnitude[cut != "begin"]
    if len(starts) < 2:
        where = " and ".join(f"the {place}" for place in ("begin", "end") if place in cut).replace(
            "begin", "beginning"
        )
        by = f", of which {int((cut != '').sum())} may be cut by {where} of the recording" if where else ""
        raise SignalError(
            f"{len(bursts)} burst{'s' * (len(bursts) != 1)} of spikes at most {longest:g} ms apart "
            f"{'was' if len(bursts) == 1 else 'were'} found{by}, and a cycle needs the beginnings of two: "
            "record longer, give another max_interval=..., or write by='spike'."
        )
    return starts


def _starts(times: np.ndarray, what: str) -> np.ndarray:
    if len(times) < 2:
        raise SignalError(
            f"There is one {what}, at {times[0]:g} ms, and a cycle needs two: record longer, or write "
            "event_average(...) for the time around one."
        )
    if (np.diff(times) <= 0).any():
        raise SignalError(
            f"Two {what}s have the same time, and a cycle between them no duration: keep one of each."
        )
    return times


def _inside(cycles: np.ndarray, span: tuple[float, float]) -> np.ndarray:
    first, last = span
    kept = cycles[(cycles[:, 0] >= first) & (cycles[:, 1] <= last)]
    if len(kept) == 0:
        none = (
            "The one cycle does not lie" if len(cycles) == 1 else f"None of the {len(cycles)} cycles lies"
        )
        raise SignalError(
            f"{none} in the recording, which is from {first:g} to "
            f"{last:g} ms: give events of the same time."
        )
    return kept
