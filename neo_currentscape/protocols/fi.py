"""The FI curve: spikes over the amplitude of a step, one Segment for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, SignalError
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.carriers import Carriers
from neo_currentscape.protocols.clamp import CurrentClamp, current_clamp
from neo_currentscape.protocols.current_step import Step, active
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.protocols.traces import Trace
from neo_currentscape.recording.crossings import THRESHOLD


@dataclass(frozen=True)
class FI(ProtocolResult):
    """The responses to steps of several amplitudes; see `fi`.

    ``to_dataframe()`` has a row for each step: ``amplitude``, ``count``, ``count_in_step`` and ``rate``.

    Attributes
    ----------
    runs : list of CurrentClamp
        By increasing amplitude.
    """

    runs: list[CurrentClamp]

    @property
    def amplitudes(self) -> pq.Quantity:
        """Of the steps, in nA, shape (step,)."""
        return np.array([run.step.amplitude for run in self.runs]) * pq.nA

    @property
    def counts(self) -> np.ndarray:
        """Number of spikes of each recording, shape (step,); as bmtool counts."""
        return np.array([run.spike_count for run in self.runs])

    @property
    def counts_in_step(self) -> np.ndarray:
        """Number of spikes under each step, shape (step,)."""
        return np.array([run.spikes_in_step for run in self.runs])

    @property
    def rates(self) -> pq.Quantity:
        """Spikes under each step over its duration, in Hz, shape (step,)."""
        return np.array([float(run.rate) for run in self.runs]) * pq.Hz

    @property
    def rheobase(self) -> pq.Quantity | None:
        """The least amplitude with a spike under the step, in nA; None where there is no spike."""
        run = self.rheobase_run
        return None if run is None else run.amplitude

    @cached_property
    def rheobase_run(self) -> CurrentClamp | None:
        """The response at the rheobase."""
        return next((run for run in self.runs if run.spikes_in_step), None)

    @property
    def trace(self) -> Trace:  # type: ignore[override]
        """The trace at the rheobase; that of the greatest amplitude where there is no spike."""
        return (self.rheobase_run or self.runs[-1]).trace

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents bring the cell to its first spike at the rheobase; None without a spike."""
        return None if self.rheobase_run is None else self.rheobase_run.carriers

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        steps = zip(self.runs, self.rates, strict=True)
        each = [
            (plain_text.value(run.amplitude), f"{run.spikes_in_step} spikes, {float(r):.4g} Hz")
            for run, r in steps
        ]
        return [("rheobase", self.rheobase), *each]

    def to_dict(self) -> dict[str, Any]:
        """What was found, by name."""
        return {
            "amplitudes": self.amplitudes,
            "counts": self.counts,
            "counts_in_step": self.counts_in_step,
            "rates": self.rates,
            "rheobase": self.rheobase,
        }

    def _table(self) -> Table:
        columns = {
            "amplitude": self.amplitudes.magnitude,
            "count": self.counts,
            "count_in_step": self.counts_in_step,
            "rate": self.rates.magnitude,
        }
        return Table(columns, units={"amplitude": "nA", "rate": "Hz"})

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: the curve, and voltage and current at the rheobase."""
        from neo_currentscape.protocols.figures import fi_panels

        return fi_panels(self)


def fi(source: Any, *, threshold: Any = THRESHOLD, **options: Any) -> FI:
    """Count the spikes of a cell over the amplitude of the step that it gets.

    Parameters
    ----------
    source : neo.Block, or sequence of neo.Segment
        One Segment for each step, with the injected current recorded or annotated.
    threshold : Quantity
        As for `neo_currentscape.protocols.current_clamp`.
    **options
        As for `neo_currentscape.protocols.passive`; ``onset`` and ``duration`` for all Segments.

    Returns
    -------
    FI

    Raises
    ------
    SignalError
        When two Segments have the same amplitude.
    SelectionError
        When there is no Segment, or one does not say what was injected.

    Notes
    -----
    A Segment without injected current, or with the holding current alone, is a step of 0 nA whose onset
    and end are those of the others. Where the current of every Segment is the same all the time, as that
    of ``i_offset`` in PyNN, it is the amplitude.
    """
    segments = _segments(source)
    runs = [_run(index, segment, threshold, options) for index, segment in enumerate(segments)]
    runs = _without_holding(runs)
    runs.sort(key=lambda run: run.step.amplitude)
    amplitudes = np.array([run.step.amplitude for run in runs])
    if (twice := np.flatnonzero(np.diff(amplitudes) == 0)).size:
        raise SignalError(
            f"Two of the {len(runs)} segments have a step of {amplitudes[twice[0]]:g} nA: pass each "
            "amplitude once, e.g. fi(block.segments[:10]), and one neuron."
        )
    return FI(_with_windows(runs))


def _segments(source: Any) -> list[neo.Segment]:
    segments = source.segments if isinstance(source, neo.Block) else source
    if isinstance(segments, neo.Segment):
        segments = [segments]
    if not isinstance(segments, Sequence) and not hasattr(segments, "__iter__"):
        raise ArgumentTypeError(f"fi takes a neo.Block or a list of Segments, not {type(source).__name__}.")
    if not len(segments):
        raise SelectionError("The Block holds no segment: an FI curve needs one for each step.")
    return list(segments)


def _run(index: int, segment: neo.Segment, threshold: Any, options: dict[str, Any]) -> CurrentClamp:
    try:
        return current_clamp(segment, threshold=threshold, **options)
    except (SelectionError, SignalError) as cause:
        raise type(cause)(f"Segment {index} of the FI curve: {cause}") from cause


def _without_holding(runs: list[CurrentClamp]) -> list[CurrentClamp]:
    """Where some have a step, what the others get all the time is no step."""
    steady = [active(run.trace) is None and run.trace.told.amplitude is None for run in runs]
    if all(steady):
        return runs
    return [
        CurrentClamp(run.trace, Step(0.0, run.step.rest, run.step.final), run.threshold) if held else run
        for run, held in zip(runs, steady, strict=True)
    ]


def _with_windows(runs: list[CurrentClamp]) -> list[CurrentClamp]:
    """Give steps of 0 nA, which show no onset, that of the others."""
    other = next((run for run in runs if run.step.amplitude), None)
    if other is None:
        return runs
    t = other.trace.times
    begin, end = (t[0] if other.step.rest < 0 else t[other.step.rest]), t[other.step.final]
    return [run if run.step.amplitude else _windowed(run, begin, end) for run in runs]


def _windowed(run: CurrentClamp, begin: float, end: float) -> CurrentClamp:
    if run.trace.exact is not None:
        return run
    times = run.trace.times
    rest, final = (int(np.searchsorted(times, t + 1e-6 * max(1.0, t))) - 1 for t in (begin, end))
    return CurrentClamp(run.trace, Step(0.0, rest, final), run.threshold)
