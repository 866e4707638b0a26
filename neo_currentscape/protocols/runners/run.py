"""The protocols as runs of any cell: what is injected, how long, and what the Segments say of it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, unknown_name
from neo_currentscape.conventions.options import check_options
from neo_currentscape.protocols.impedance.chirps import DRIFT, still_to_settle, zap
from neo_currentscape.protocols.impedance.zap import Zap
from neo_currentscape.protocols.response.injection import CHIRPS, TOLD, Told
from neo_currentscape.protocols.response.traces import trace_of
from neo_currentscape.protocols.steps.calls import current_clamp, passive
from neo_currentscape.protocols.steps.clamp import CurrentClamp
from neo_currentscape.protocols.steps.fi import FI, fi
from neo_currentscape.protocols.steps.passive import Passive
from neo_currentscape.recording.crossings import THRESHOLD

Run = TypeVar("Run", bound=Callable[..., Any])

#: What is run where nothing is said; as bmtool has it.
ONSET, DURATION = 200 * pq.ms, 1000 * pq.ms

#: Rest before a chirp for a cell that has not settled by then.
SETTLED = 10 * pq.s

#: Time constant in ms that such a cell may have though nobody sees it in so short a rest.
SLOWEST = 1000.0


def cell_of(target: Any, **options: Any) -> Any:
    """Take what a protocol is to be run on.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, cell of NEURON, or pyNN Population
        A compartment; a section (its middle); the name of a HOC template, or a cell, whose ``soma`` is
        meant unless told; a population, whose neuron 0 is meant unless told.
    **options
        For NEURON ``record`` and ``inject`` (section of a cell by name, ``("dend", 3)``, or a compartment),
        ``v_init`` (Quantity), ``dt`` (Quantity), and ``sources``, ``unknown`` and ``parts`` of the
        Recorder; for PyNN ``neuron``.

    Returns
    -------
    NeuronCell or PyNNCell
        With a method ``runs(injections, t_stop)``.

    Raises
    ------
    ArgumentTypeError
        When it is nothing that can be run.

    Examples
    --------
    >>> protocols.run_passive(soma(0.5), -50 * pq.pA, dt=0.05 * pq.ms)  # doctest: +SKIP
    """
    if hasattr(target, "runs"):
        return target
    kind = _kind_of(target)
    if kind is None:
        raise ArgumentTypeError(
            "A protocol runs on a NEURON compartment, the name of a HOC template, a NEURON cell with a "
            f"soma, or a PyNN Population, not on {type(target).__name__}."
        )
    return kind(target, **options)


def _kind_of(target: Any) -> Any:
    """The class that runs a target; None where there is none."""
    if hasattr(target, "celltype") and hasattr(target, "record"):
        from neo_currentscape.protocols.runners.pynn import PyNNCell

        return PyNNCell
    is_of_neuron = isinstance(target, str) or type(target).__module__ in ("nrn", "hoc")
    if is_of_neuron or hasattr(target, "soma") or hasattr(target, "all"):
        from neo_currentscape.protocols.runners.neuron import NeuronCell

        return NeuronCell
    return None


def _checked(run: Run) -> Run:
    """Make a run refuse keywords that neither it nor what it runs on has."""
    own = [name for name in inspect.signature(run).parameters if name not in ("target", "options")]

    @functools.wraps(run)
    def checked(target: Any, *args: Any, **options: Any) -> Any:
        kind = None if hasattr(target, "runs") else _kind_of(target)
        of_kind = list(inspect.signature(kind).parameters)[1:] if kind is not None else []
        if kind is not None or hasattr(target, "runs"):
            check_options(run.__name__, options, [*own, *of_kind, "target"])
        return run(target, *args, **options)

    return checked  # type: ignore[return-value]


def _run(
    target: Any, injections: list[Told], tail: Any, options: dict[str, Any]
) -> tuple[list[neo.Segment], dict[str, Any]]:
    tail_ms = units.scalar(tail, "ms", "tail")
    ends = [told.onset + told.duration for told in injections if told.onset is not None and told.duration]
    cell = cell_of(target, **options)
    segments = cell.runs(injections, max(ends) + tail_ms)
    for told, segment in zip(injections, segments, strict=True):
        said = {name: getattr(told, name) for name in TOLD if getattr(told, name) is not None}
        segment.annotate(
            **{
                name: value if TOLD[name] is None else value * units.parse_units(TOLD[name])
                for name, value in said.items()
            }
        )
    return segments, cell.selection


def _told(amplitude: Any, onset: Any, duration: Any, **chirp: Any) -> Told:
    numbers = {
        "amplitude": units.scalar(amplitude, "nA", "amplitude"),
        "onset": units.scalar(onset, "ms", "onset"),
        "duration": units.positive(duration, "ms", "duration"),
    }
    if numbers["onset"] <= 0:
        raise ArgumentError(
            f"onset={onset} leaves no rest before the injection: write e.g. onset=200 * pq.ms."
        )
    return Told(**numbers, **chirp)  # type: ignore[arg-type]


@_checked
def run_passive(
    target: Any,
    amplitude: Any = -0.1 * pq.nA,
    *,
    onset: Any = ONSET,
    duration: Any = DURATION,
    tail: Any = 50 * pq.ms,
    method: str = "simple",
    **options: Any,
) -> Passive:
    """Run the passive protocol.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, cell of NEURON, or pyNN Population
        A compartment; a section (its middle); the name of a HOC template, or a cell, whose ``soma`` is
        meant unless told; a population, whose neuron 0 is meant unless told.
    amplitude, onset, duration : Quantity
        Of the step; -100 pA for 1 s after 200 ms unless told.
    tail : Quantity
        How long is recorded after it.
    method : str
        See `neo_currentscape.protocols.passive`.
    **options
        For NEURON ``record`` and ``inject`` (section of a cell by name, ``("dend", 3)``, or a compartment),
        ``v_init`` and ``dt`` (Quantity), and ``sources``, ``unknown`` and ``parts`` of
        `neo_currentscape.adapters.neuron.Recorder`; for PyNN ``neuron``.

    Returns
    -------
    Passive
        Its ``trace.segment`` is the recording.

    Examples
    --------
    >>> found = protocols.run_passive(soma(0.5), -50 * pq.pA)              # doctest: +SKIP
    >>> print(found)                                                       # doctest: +SKIP
    """
    told = _told(amplitude, onset, duration)
    if told.amplitude == 0:
        raise ArgumentError("amplitude is 0 nA, which shows nothing passive: write e.g. -0.1 * pq.nA.")
    (segment,), place = _run(target, [told], tail, options)
    return passive(segment, method=method, **place)


@_checked
def run_clamp(
    target: Any,
    amplitude: Any = 0.1 * pq.nA,
    *,
    onset: Any = 100 * pq.ms,
    duration: Any = DURATION,
    tail: Any = 50 * pq.ms,
    threshold: Any = THRESHOLD,
    **options: Any,
) -> CurrentClamp:
    """Run a current clamp.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, cell of NEURON, or pyNN Population
        A compartment; a section (its middle); the name of a HOC template, or a cell, whose ``soma`` is
        meant unless told; a population, whose neuron 0 is meant unless told.
    amplitude, onset, duration : Quantity
        Of the step; 100 pA for 1 s after 100 ms unless told.
    tail : Quantity
        How long is recorded after it.
    threshold : Quantity
        Of a spike, -20 mV unless told.
    **options
        For NEURON ``record`` and ``inject`` (section of a cell by name, ``("dend", 3)``, or a compartment),
        ``v_init`` and ``dt`` (Quantity), and ``sources``, ``unknown`` and ``parts`` of
        `neo_currentscape.adapters.neuron.Recorder`; for PyNN ``neuron``.

    Returns
    -------
    CurrentClamp

    Examples
    --------
    >>> protocols.run_clamp(soma(0.5), 200 * pq.pA).spike_times          # doctest: +SKIP
    """
    (segment,), place = _run(target, [_told(amplitude, onset, duration)], tail, options)
    return current_clamp(segment, threshold=threshold, **place)


def steps(start: Any, stop: Any, increment: Any) -> pq.Quantity:
    """Amplitudes from start to stop, the last included.

    Parameters
    ----------
    start, stop, increment : Quantity

    Returns
    -------
    Quantity, shape (step,)
        In nA.

    Examples
    --------
    >>> steps(0 * pq.pA, 300 * pq.pA, 100 * pq.pA)
    array([0. , 0.1, 0.2, 0.3]) * nA
    """
    first, last = units.scalar(start, "nA", "start"), units.scalar(stop, "nA", "stop")
    by = units.positive(increment, "nA", "increment")
    if last < first:
        raise ArgumentError(f"stop ({stop}) is less than start ({start}): write them the other way round.")
    # Three times 100 pA is less than 300 pA in floating point, and the last step counts.
    n = int(np.floor((last - first) / by * (1 + 1e-9) + 1e-9))
    return np.round(first + by * np.arange(n + 1), 12) * pq.nA


@_checked
def run_fi(
    target: Any,
    amplitudes: Any,
    *,
    onset: Any = 50 * pq.ms,
    duration: Any = DURATION,
    tail: Any = 50 * pq.ms,
    threshold: Any = THRESHOLD,
    **options: Any,
) -> FI:
    """Run an FI curve.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, cell of NEURON, or pyNN Population
        A compartment; a section (its middle); the name of a HOC template, or a cell, whose ``soma`` is
        meant unless told; a population, whose neuron 0 is meant unless told.
    amplitudes : Quantity, shape (step,)
        E.g. ``np.arange(0, 1.01, 0.1) * pq.nA``, or ``steps(start, stop, increment)``.
    onset, duration, tail, threshold
        As for `run_clamp`.
    **options
        For NEURON ``record`` and ``inject`` (section of a cell by name, ``("dend", 3)``, or a compartment),
        ``v_init`` and ``dt`` (Quantity), and ``sources``, ``unknown`` and ``parts`` of
        `neo_currentscape.adapters.neuron.Recorder`; for PyNN ``neuron``.

    Returns
    -------
    FI
        Its ``runs`` hold the recordings.

    Examples
    --------
    >>> protocols.run_fi(soma(0.5), np.arange(0, 501, 50) * pq.pA).rheobase  # doctest: +SKIP
    """
    if not isinstance(amplitudes, pq.Quantity) or amplitudes.ndim != 1 or not len(amplitudes):
        raise ArgumentTypeError(
            f"amplitudes is {amplitudes!r}: write a Quantity of several, e.g. np.arange(0, 1, 0.1) * pq.nA."
        )
    told = [_told(amplitude, onset, duration) for amplitude in amplitudes]
    segments, place = _run(target, told, tail, options)
    return fi(segments, threshold=threshold, **place)


@_checked
def run_zap(
    target: Any,
    amplitude: Any = 0.1 * pq.nA,
    *,
    f_start: Any = 0 * pq.Hz,
    f_stop: Any = 15 * pq.Hz,
    chirp: str = "linear",
    onset: Any = None,
    duration: Any = 15 * pq.s,
    tail: Any = 300 * pq.ms,
    smooth: int = 1,
    whole: bool = False,
    **options: Any,
) -> Zap:
    """Run the ZAP protocol.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, cell of NEURON, or pyNN Population
        A compartment; a section (its middle); the name of a HOC template, or a cell, whose ``soma`` is
        meant unless told; a population, whose neuron 0 is meant unless told.
    amplitude : Quantity
        Of the sine.
    f_start, f_stop : Quantity
        Frequency at the beginning and at the end; 0 to 15 Hz unless told.
    chirp : {"linear", "exponential"}
        How it rises.
    onset : Quantity, optional
        200 ms; where the cell is then still on its way to its rest, it is run again with 10 s, unless told.
    duration, tail : Quantity
    smooth, whole
        See `neo_currentscape.protocols.zap`.
    **options
        For NEURON ``record`` and ``inject`` (section of a cell by name, ``("dend", 3)``, or a compartment),
        ``v_init`` and ``dt`` (Quantity), and ``sources``, ``unknown`` and ``parts`` of
        `neo_currentscape.adapters.neuron.Recorder`; for PyNN ``neuron``.

    Returns
    -------
    Zap

    Examples
    --------
    >>> protocols.run_zap(soma(0.5), 20 * pq.pA).resonance               # doctest: +SKIP
    """
    if chirp not in CHIRPS:
        raise unknown_name("chirp", chirp, CHIRPS)
    ends = [units.scalar(f, "Hz", name) for f, name in ((f_start, "f_start"), (f_stop, "f_stop"))]
    cell = cell_of(target, **options)
    for rest in (ONSET, SETTLED) if onset is None else (onset,):
        told = _told(amplitude, rest, duration, f_start=ends[0], f_stop=ends[1], chirp=chirp)
        (segment,), place = _run(cell, [told], tail, {})
        drift, response = still_to_settle(trace_of(segment, **place), SLOWEST)
        if drift <= DRIFT * response:
            break
    return zap(segment, smooth=smooth, whole=whole, **place)
