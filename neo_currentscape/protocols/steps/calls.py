"""The passive protocol and the current clamp, of one sweep or of several."""

from __future__ import annotations

from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.protocols.response.current_step import needed_step, step_of
from neo_currentscape.protocols.response.series import is_series, say_saturated
from neo_currentscape.protocols.response.traces import trace_of
from neo_currentscape.protocols.steps.clamp import CurrentClamp, say_depolarised
from neo_currentscape.protocols.steps.many import clamp_sweeps, passive_sweeps
from neo_currentscape.protocols.steps.passive import METHODS, passive_of
from neo_currentscape.recording.crossings import THRESHOLD


def passive(source: Any, *, method: str = "simple", window: Any = None, **options: Any) -> Any:
    """Passive properties of a cell, from its response to a step of current.

    Parameters
    ----------
    source : neo.Segment, neo.Block, or sequence of neo.Segment
        With the voltage, and the injected current recorded, commanded or annotated. Of several sweeps
        those with the same step are averaged.
    method : str
        The way to the time constant; see `Passive.tau_by`.
    window : Quantity, optional
        Over which v_rest and v_final are averaged. Unless told, a voltage with noise is averaged over the
        last 100 ms before the step, or what there is, and over the last tenth of the step, as eFEL does; of
        one without noise the last samples are taken.
    **options
        ``neuron``, ``site``, ``voltage``, ``electrode``, ``units``, and ``amplitude``, ``onset`` and
        ``duration`` for data that do not say what was injected; see
        `neo_currentscape.protocols.response.traces.trace_of`.

    Returns
    -------
    Passive
        Of several sweeps whose steps differ a `neo_currentscape.protocols.PassiveSweeps`, with the same
        numbers over all.

    Raises
    ------
    SignalError
        When there is no step, nothing before it, or no response.
    SelectionError
        When nothing tells what was injected, or the voltage is missing or ambiguous.

    Notes
    -----
    The definitions are those of bmtool's ``Passive``: v_rest is the sample at the onset, v_final the
    last under the step, r_in their difference over the amplitude, the sag v_peak - v_final. Other than
    there a step upwards has a time constant too, and onset and end are found to the sample.

    Of a voltage with noise v_rest and v_final are means over ``windows``, and each number has a standard
    error in ``errors``; see `neo_currentscape.protocols.response.noise.noise_of`. One and two
    exponentials are fitted, weighted with that noise, and compared by Akaike's criterion; time constants
    and sag are those of the better. A time constant that is not told to a fifth is refused, and missing
    among the rows. A negative r_in is warned of.

    Examples
    --------
    >>> import neo, numpy as np, quantities as pq
    >>> from neo_currentscape import protocols
    >>> t = np.arange(0, 300, 0.1)
    >>> v = -65 - 10 * (1 - np.exp(-np.clip(t - 100, 0, None) / 20))
    >>> segment = neo.Segment(
    ...     amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=199.9 * pq.ms
    ... )
    >>> segment.analogsignals.append(
    ...     neo.AnalogSignal(
    ...         v[:, None], units="mV", sampling_period=0.1 * pq.ms, name="v"
    ...     )
    ... )
    >>> found = protocols.passive(segment, method="exp")
    >>> found.r_in.round(2), found.tau.round(3)
    (array(100.) * Mohm, array(20.) * ms)
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    if is_series(source):
        return passive_sweeps(source, method, window, **options)
    trace = trace_of(source, **options)
    return passive_of(trace, needed_step(trace, "The passive protocol"), method, window)


def current_clamp(source: Any, *, threshold: Any = THRESHOLD, **options: Any) -> Any:
    """Count and time the spikes of a cell under a step of current.

    Parameters
    ----------
    source : neo.Segment, neo.Block, or sequence of neo.Segment
        With the voltage, and the injected current recorded, commanded or annotated.
    threshold : Quantity
        A spike is the first sample at or above it; -20 mV unless told, as everywhere in this package.
    **options
        As for `neo_currentscape.protocols.passive`.

    Returns
    -------
    CurrentClamp
        Of several sweeps a `neo_currentscape.protocols.ClampSweeps`.

    Examples
    --------
    >>> import neo, numpy as np, quantities as pq
    >>> from neo_currentscape import protocols
    >>> v = np.full((1000, 1), -65.0)
    >>> v[[300, 500]] = 20.0
    >>> segment = neo.Segment(
    ...     amplitude=0.5 * pq.nA, onset=20 * pq.ms, duration=60 * pq.ms
    ... )
    >>> segment.analogsignals.append(
    ...     neo.AnalogSignal(v, units="mV", sampling_period=0.1 * pq.ms, name="v")
    ... )
    >>> found = protocols.current_clamp(segment)
    >>> found.spike_count, found.spike_times
    (2, array([30., 50.]) * ms)
    """
    units.scalar(threshold, "mV", "threshold=")
    if is_series(source):
        return clamp_sweeps(source, threshold, **options)
    trace = trace_of(source, **options)
    say_saturated([trace])
    found = CurrentClamp(trace, step_of(trace), threshold)
    say_depolarised([found])
    return found
