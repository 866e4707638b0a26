"""The impedance of a cell: the chirp is found, sweeps are averaged, a drift is taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SignalError, warn
from neo_currentscape.protocols.impedance.drift import drift_of
from neo_currentscape.protocols.impedance.zap import Zap
from neo_currentscape.protocols.response.current_step import active, limits
from neo_currentscape.protocols.response.injection import SAME
from neo_currentscape.protocols.response.levels import roughness
from neo_currentscape.protocols.response.noise import is_noisy, saturated
from neo_currentscape.protocols.response.series import (
    are_alike,
    averaged,
    is_series,
    segments_in,
    traces_of,
)
from neo_currentscape.protocols.response.settling import unsettled
from neo_currentscape.protocols.response.traces import Trace, trace_of

#: Part of the response that a cell may still have to go to its rest when the chirp begins.
DRIFT = 0.025

#: A drift leaves so much beside the response where it is no exponential.
MISFIT = 0.1

#: Parts of a rest by which it is told whether the cell settled in it.
SETTLING = 20

#: Currents of two sweeps that differ by more than this part of them are not the same chirp.
SAME_CHIRP = 0.05


def zap(source: Any, *, smooth: int = 1, whole: bool = False, **options: Any) -> Zap:
    """Impedance of a cell over the frequency, from its response to a chirp.

    Parameters
    ----------
    source : neo.Segment, neo.Block, or sequence of neo.Segment
        With the voltage and the injected current; sweeps of the same chirp are averaged.
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
    that had not come to rest when the chirp began is warned of, and an exponential, fitted to its rest and
    its end, is taken out; where it drifts otherwise, it is refused.

    Examples
    --------
    >>> found = protocols.zap(segment, f_start=0 * pq.Hz, f_stop=15 * pq.Hz)  # doctest: +SKIP
    >>> found.resonance, found.is_resonant                               # doctest: +SKIP
    """
    if isinstance(smooth, bool) or not isinstance(smooth, (int, np.integer)) or smooth < 1:
        raise ArgumentError(f"smooth={smooth!r} is no number of frequencies: write e.g. smooth=9.")
    traces = _alike(traces_of(segments_in(source, "zap"), "zap", **options)) if is_series(source) else []
    traces = traces or [trace_of(source, **options)]
    _refuse_saturated(traces)
    trace = averaged(traces)
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
    trace = _without_drift(trace)
    rest, end = max(found[0], 0), found[1] + 1
    window = slice(_begin(trace, rest), len(trace.times)) if whole else slice(rest, end)
    return Zap(trace, window, int(smooth), len(traces), _is_noisy(trace, rest, end))


def _is_noisy(trace: Trace, rest: int, end: int) -> bool:
    """Whether the voltage is noisy where no chirp moves it."""
    after = end + (len(trace.times) - end) // 2
    return is_noisy(trace.voltage[: rest + 1]) or is_noisy(trace.voltage[after:])


def _begin(trace: Trace, rest: int) -> int:
    """Where the whole recording begins; with the chirp where the cell was settling before."""
    before, response = trace.voltage[: rest + 1], np.ptp(trace.voltage[rest:]) / 2
    parts = [part.mean() for part in np.array_split(before, min(SETTLING, len(before)))]
    return rest if np.ptp(parts) > DRIFT * response else 0


def still_to_settle(trace: Trace, slowest: float = 0.0) -> tuple[float, float]:
    """How far a cell still was from its rest when the chirp began, and the size of its response, in mV.

    Parameters
    ----------
    trace : Trace
    slowest : float
        As for `neo_currentscape.protocols.response.settling.unsettled`.
    """
    found = limits(trace) or (0, 0)
    rest, last = max(found[0], 0), found[1]
    left = unsettled(trace.times[:rest], trace.voltage[:rest], slowest)
    return left, float(np.ptp(trace.voltage[rest : last + 1])) / 2


def _without_drift(trace: Trace) -> Trace:
    """A trace whose cell had come to rest; of another what it had still to settle is taken out.

    Raises
    ------
    SignalError
        When that is no exponential.
    """
    left, response = still_to_settle(trace)
    if left <= DRIFT * response:
        return trace
    rest, final = limits(trace) or (0, 0)
    drift = drift_of(trace.times, trace.voltage, rest, final)
    said = (
        f"The voltage had still {left:.2g} mV to settle when the chirp began, beside a response of "
        f"{response:.2g} mV"
    )
    mend = "Let the cell rest for longer before the chirp (onset=), or start it at its rest (v_init=)"
    if drift.misfit > MISFIT * response + 2 * roughness(trace.voltage[: rest + 1]):
        raise SignalError(f"{said}, and what is left is no exponential that could be taken out. {mend}.")
    warn(
        f"{said}: an exponential of {drift.tau:.3g} ms was taken out of it, which the lowest frequencies "
        f"rest on. {mend}."
    )
    return replace(trace, voltage=trace.voltage - drift.voltage)


def _refuse_saturated(traces: list[Trace]) -> None:
    for k, one in enumerate(traces):
        if saturated(one.voltage) is not None:
            which = f" of sweep {k}" if len(traces) > 1 else ""
            raise SignalError(
                f"The voltage{which} is saturated: it stays at its extreme value, though it is noisy "
                "elsewhere: leave it out, or record it with a lower gain."
            )


def _alike(traces: list[Trace]) -> list[Trace]:
    """Sweeps that were injected the same.

    Raises
    ------
    SignalError
        When they differ.
    """
    first = traces[0]
    size = np.ptp(first.current)
    for k, one in enumerate(traces[1:], 1):
        differs = not are_alike([first, one])
        slack = SAME_CHIRP * size + 12 * roughness(one.current)
        if differs or np.abs(one.current - first.current).max() > slack:
            what = "is sampled otherwise" if differs else "holds another current"
            raise SignalError(
                f"Sweep {k} of zap {what} than sweep 0, so that they cannot be averaged: pass sweeps of "
                "one chirp, e.g. protocols.zap(block.segments[:5])."
            )
    return traces
