"""Several sweeps of current clamp: which there are, which step is meant, and averages of repeats."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, SignalError, warn
from neo_currentscape.protocols.response.channel_values import begin_of
from neo_currentscape.protocols.response.current_step import Step, is_same, steps_in
from neo_currentscape.protocols.response.injection import SAME
from neo_currentscape.protocols.response.levels import DRIFT
from neo_currentscape.protocols.response.noise import saturated
from neo_currentscape.protocols.response.traces import Trace, trace_of

#: A measured step is small below this part of the largest, and elsewhere when so many ms away.
SMALL, NEAR = 0.2, 2.0

#: Two amplitudes whose difference is less than so many standard errors are one.
ERRORS = 4.0


def segments_in(source: Any, what: str) -> list[neo.Segment]:
    """The sweeps of a source.

    Parameters
    ----------
    source : neo.Block, neo.Segment, or sequence of either
    what : str
        Who takes them, for messages.

    Returns
    -------
    list of neo.Segment

    Raises
    ------
    ArgumentTypeError
        When it is something else.
    SelectionError
        When there is no sweep, or some are of voltage clamp.
    """
    if isinstance(source, neo.Block):
        found = list(source.segments)
    elif isinstance(source, neo.Segment):
        found = [source]
    elif hasattr(source, "__iter__") and not isinstance(source, (str, bytes, os.PathLike)):
        found = [segment for one in source for segment in segments_in(one, what)]
    else:
        raise ArgumentTypeError(
            f"{what} takes a neo.Block or a list of Segments, not {type(source).__name__}."
        )
    if not found and isinstance(source, neo.Block):
        raise SelectionError(f"The Block holds no segment: {what} needs one for each step.")
    if not found:
        raise SelectionError(f"There is no segment: {what} needs one for each step.")
    _check_clamps(found, what)
    return found


def _check_clamps(segments: Sequence[neo.Segment], what: str) -> None:
    of_voltage = [k for k, s in enumerate(segments) if s.annotations.get("clamp") == "voltage"]
    rest = [k for k in range(len(segments)) if k not in set(of_voltage)]
    if of_voltage and rest:
        raise SelectionError(
            f"{what} takes sweeps of current clamp, and of the {len(segments)} sweeps {len(of_voltage)} "
            f"are of voltage clamp (the first is sweep {of_voltage[0]}): leave them out, e.g. "
            "[s for s in block.segments if s.annotations['clamp'] == 'current']."
        )


def is_series(source: Any) -> bool:
    """Whether a source holds several sweeps."""
    if isinstance(source, neo.Block):
        return len(source.segments) > 1
    return isinstance(source, (list, tuple)) and len(source) > 1


def traces_of(segments: Sequence[neo.Segment], what: str, **options: Any) -> list[Trace]:
    """The trace of each sweep, in sweep time where the sweeps begin one after the other.

    Parameters
    ----------
    segments : sequence of neo.Segment
    what : str
    **options
        Of `neo_currentscape.protocols.response.traces.trace_of`; ``amplitude`` may be a Quantity of
        several, one for each sweep.

    Raises
    ------
    SelectionError, SignalError, UnitsError
        As `trace_of`, with the number of the sweep.
    """
    starts = {_start(segment) for segment in segments}
    options.setdefault("sweep_time", len(starts) > 1)
    each = _amplitudes(options.pop("amplitude", None), len(segments))
    found = []
    for k, (segment, amplitude) in enumerate(zip(segments, each, strict=True)):
        told = {} if amplitude is None else {"amplitude": amplitude}
        found.append(named(k, what, partial(trace_of, segment, **options, **told)))
    return found


def _start(segment: neo.Segment) -> float:
    for signal in (*segment.analogsignals, *segment.irregularlysampledsignals):
        return round(begin_of(signal), 6)
    return 0.0


def _amplitudes(given: Any, n: int) -> list[Any]:
    if given is None or np.ndim(given) == 0:
        return [given] * n
    if len(given) != n:
        raise SelectionError(
            f"amplitude= has {len(given)} values, and there are {n} sweeps: give one for each."
        )
    return list(given)


def named(k: int, what: str, call: Callable[[], Any]) -> Any:
    """Call something for a sweep, whose number its errors then say."""
    try:
        return call()
    except (SelectionError, SignalError) as cause:
        raise type(cause)(f"Segment {k} of {what}: {cause}") from cause


def with_chosen_step(traces: Sequence[Trace]) -> list[Trace]:
    """Where sweeps hold several steps and none was told, look at that which changes from sweep to sweep.

    Parameters
    ----------
    traces : sequence of Trace

    Returns
    -------
    list of Trace
        With the window of that step as told: a test pulse has the same amplitude in every sweep.
    """
    open_ = [t for t in traces if t.told.is_chirp is False and t.told.onset is t.told.duration is None]
    steps = [steps_in(t) for t in open_]
    if len(open_) < 2 or max(map(len, steps)) < 2 or max(map(len, steps)) > 6:
        return list(traces)
    spans = {
        (round(float(t.times[max(s.rest, 0)]), 3), round(float(t.times[s.final]), 3))
        for t, found in zip(open_, steps, strict=True)
        for s in found
    }
    spread = {span: np.ptp([_within(t, span) for t in open_]) for span in spans}
    longest = max(spread.values())
    alike = [span for span, size in spread.items() if size >= (1 - DRIFT) * longest]
    if longest <= 0:
        return list(traces)
    # Of those that change alike the longest that begins at the holding current, and of these the first.
    span = max(alike, key=lambda one: (_from_holding(open_, one[0]), round(one[1] - one[0], 1), -one[0]))
    note = (
        f"Of several steps that from {span[0]:g} to {span[1]:g} ms is meant, as it changes from sweep to "
        "sweep: choose another with onset= and duration=."
    )
    chosen = {id(t) for t in open_}
    return [looking_at(t, span, note) if id(t) in chosen else t for t in traces]


def looking_at(trace: Trace, span: tuple[float, float], note: str = "") -> Trace:
    """A trace of which onset and end of the step are told, in ms; as it is where these lie outside."""
    onset, end = span
    if not trace.times[0] <= onset < end <= trace.times[-1]:
        return trace
    told = replace(trace.told, onset=onset, duration=end - onset)
    made = replace(trace, told=told, exact=span, lag=0, note=note)
    made.__dict__["levels"] = trace.levels  # which are the same
    return made


def with_common_window(traces: Sequence[Trace], steps: Sequence[Step]) -> list[Trace]:
    """Where a measured current only drifts, look at the step of the others.

    Parameters
    ----------
    traces : sequence of Trace
    steps : sequence of Step
        Found in each.

    Returns
    -------
    list of Trace
        Those whose measured step is small beside the largest, and elsewhere, look at the window of that.
    """
    largest = max(range(len(steps)), key=lambda k: abs(steps[k].amplitude))
    step, times = steps[largest], traces[largest].times
    if not step.error or step.rest < 0:
        return list(traces)
    span = float(times[step.rest]), float(times[step.final])
    return [
        looking_at(t, span)
        if s.error and abs(s.amplitude) < SMALL * abs(step.amplitude) and _is_elsewhere(t, s, span)
        else t
        for t, s in zip(traces, steps, strict=True)
    ]


def _is_elsewhere(trace: Trace, step: Step, span: tuple[float, float]) -> bool:
    begin, end = trace.times[max(step.rest, 0)], trace.times[step.final]
    return bool(abs(begin - span[0]) > NEAR or abs(end - span[1]) > NEAR)


def _from_holding(traces: Sequence[Trace], onset: float) -> bool:
    """Whether what was injected just before a time is in each trace what it was at the beginning."""
    for trace in traces:
        at = int(np.searchsorted(trace.times, onset - NEAR))
        level = [level for level in trace.levels if level.start <= at][-1]
        if not is_same(level.value, trace.levels[0].value, trace.levels):
            return False
    return True


def _within(trace: Trace, span: tuple[float, float]) -> float:
    first, last = np.searchsorted(trace.times, span, side="right")
    inside = trace.current[first:last]
    cut = len(inside) // 5
    return float(np.mean(inside[cut : len(inside) - cut])) if len(inside) else 0.0


def groups_of(steps: Sequence[Step]) -> list[list[int]]:
    """Which steps have the same amplitude, or one within the error of measured ones, in rising order."""
    order = sorted(range(len(steps)), key=lambda k: steps[k].amplitude)
    size = max((abs(step.amplitude) for step in steps), default=0.0)
    groups: list[list[int]] = []
    for k in order:
        if groups:
            last = steps[groups[-1][-1]]
            error = float(np.hypot(last.error, steps[k].error))
            slack = max(SAME * size, ERRORS * error, 0.01 * size if error else 0.0)
            if steps[k].amplitude - last.amplitude <= slack:
                groups[-1].append(k)
                continue
        groups.append([k])
    return groups


def say_saturated(traces: Sequence[Trace]) -> None:
    """Warn of sweeps whose voltage a converter cut off, as spikes may be."""
    cut = [k for k, trace in enumerate(traces) if saturated(trace.voltage) is not None]
    if cut:
        at = saturated(traces[cut[0]].voltage)
        level = traces[cut[0]].voltage[at.start] if at is not None else np.nan
        warn(
            f"The voltage is saturated in {len(cut)} of {len(traces)} sweeps (sweep {cut[0]} stays at "
            f"{level:g} mV): spikes are counted, but their heights are cut off; record with a lower gain."
        )


def averaged(traces: Sequence[Trace]) -> Trace:
    """The mean of repeated sweeps: voltage and current at the times of the first."""
    if len(traces) == 1:
        return traces[0]
    voltage, current = (
        np.mean([getattr(t, name) for t in traces], axis=0) for name in ("voltage", "current")
    )
    return replace(traces[0], voltage=voltage, current=current)


def are_alike(traces: Iterable[Trace]) -> bool:
    """Whether traces are sampled alike, so that they can be averaged."""
    found = list(traces)
    return all(
        len(t.times) == len(found[0].times) and np.allclose(t.times, found[0].times, rtol=0, atol=1e-6)
        for t in found
    )
