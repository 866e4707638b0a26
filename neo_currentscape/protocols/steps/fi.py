"""The FI curve: spikes over the amplitude of a step, one Segment for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.carriers import Carriers
from neo_currentscape.protocols.response.current_step import Step, step_of
from neo_currentscape.protocols.response.series import (
    groups_of,
    named,
    say_saturated,
    segments_in,
    traces_of,
    with_chosen_step,
    with_common_window,
)
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.protocols.steps.clamp import CurrentClamp, say_depolarised
from neo_currentscape.recording.crossings import THRESHOLD


@dataclass(frozen=True)
class FI(ProtocolResult):
    """The responses to steps of several amplitudes; see `fi`.

    ``to_dataframe()`` has a row for each step: ``amplitude``, ``count``, ``count_in_step``, ``rate``, and
    where steps were repeated ``sweeps`` and ``rate_error``.

    Attributes
    ----------
    runs : list of CurrentClamp
        By increasing amplitude; one for each sweep.
    """

    runs: list[CurrentClamp]

    @cached_property
    def groups(self) -> list[list[CurrentClamp]]:
        """The runs of each step: several where the same amplitude was repeated."""
        return [[self.runs[k] for k in group] for group in groups_of([run.step for run in self.runs])]

    def _means(self, what: Callable[[CurrentClamp], float]) -> np.ndarray:
        """Of what is found of each run, the mean over those of each step; whole numbers stay so."""
        values = [[what(run) for run in group] for group in self.groups]
        if not self.is_repeated:
            return np.array([value[0] for value in values])
        return np.array([np.mean(value) for value in values])

    @property
    def is_repeated(self) -> bool:
        """Whether any step was repeated."""
        return any(len(group) > 1 for group in self.groups)

    @property
    def repeats(self) -> np.ndarray:
        """Number of sweeps of each step, shape (step,)."""
        return np.array([len(group) for group in self.groups])

    @property
    def amplitudes(self) -> pq.Quantity:
        """Of the steps, in nA, shape (step,)."""
        return self._means(lambda run: run.step.amplitude) * pq.nA

    @property
    def counts(self) -> np.ndarray:
        """Number of spikes of each recording, shape (step,), as bmtool counts; the mean of repeats."""
        return self._means(lambda run: run.spike_count)

    @property
    def counts_in_step(self) -> np.ndarray:
        """Number of spikes under each step, shape (step,); the mean of repeats."""
        return self._means(lambda run: run.spikes_in_step)

    @property
    def rates(self) -> pq.Quantity:
        """Spikes under each step over its duration, in Hz, shape (step,); the mean of repeats."""
        return self._means(lambda run: run.rate_in_hz) * pq.Hz

    @property
    def rate_errors(self) -> pq.Quantity:
        """Standard error of the rate of each step over its repeats, in Hz; NaN where there is one."""
        rates = [[run.rate_in_hz for run in group] for group in self.groups]
        errors = [np.std(r, ddof=1) / np.sqrt(len(r)) if len(r) > 1 else np.nan for r in rates]
        return np.array(errors) * pq.Hz

    @property
    def rheobase(self) -> pq.Quantity | None:
        """The least amplitude with a spike under the step, in nA; None where there is no spike.

        Of repeated steps half must have a spike.
        """
        found = self._rheobase_group
        return None if found is None else float(self.amplitudes[found]) * pq.nA

    @property
    def _rheobase_group(self) -> int | None:
        firing = [bool(np.mean([run.spikes_in_step > 0 for run in group]) >= 0.5) for group in self.groups]
        return firing.index(True) if any(firing) else None

    @property
    def rheobase_run(self) -> CurrentClamp | None:
        """The run at the rheobase; None where there is no spike."""
        found = self._rheobase_group
        return None if found is None else next(run for run in self.groups[found] if run.spikes_in_step)

    @property
    def trace(self) -> Trace:  # type: ignore[override]
        """The trace at the rheobase; that of the greatest amplitude where there is no spike."""
        return (self.rheobase_run or self.runs[-1]).trace

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents bring the cell to its first spike at the rheobase; None without a spike."""
        return None if self.rheobase_run is None else self.rheobase_run.carriers

    @property
    def remarks(self) -> list[str]:
        """Which step is meant, and what the curve does not tell."""
        note = self.trace.note
        found = [note] if note else []
        if self._rheobase_group == 0 and len(self.groups) > 1:
            found.append("The smallest step makes the cell spike: the rheobase may be smaller.")
        return found

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        columns = zip(self.amplitudes, self.counts_in_step, self.rates, self.repeats, strict=True)
        each = [
            (plain_text.value(amplitude), f"{count:.4g} spikes, {float(rate):.4g} Hz{_of(sweeps)}")
            for amplitude, count, rate, sweeps in columns
        ]
        return [("rheobase", self.rheobase), *each]

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *self.remarks])

    def to_dict(self) -> dict[str, Any]:
        """What was found, by name.

        Returns
        -------
        dict of str to object
        """
        found = {
            "amplitudes": self.amplitudes,
            "counts": self.counts,
            "counts_in_step": self.counts_in_step,
            "rates": self.rates,
            "rheobase": self.rheobase,
        }
        more = {"repeats": self.repeats, "rate_errors": self.rate_errors} if self.is_repeated else {}
        return {**found, **more}

    def _table(self) -> Table:
        columns = {
            "amplitude": self.amplitudes.magnitude,
            "count": self.counts,
            "count_in_step": self.counts_in_step,
            "rate": self.rates.magnitude,
        }
        units = {"amplitude": "nA", "rate": "Hz"}
        if self.is_repeated:
            columns.update(sweeps=self.repeats, rate_error=self.rate_errors.magnitude)
            units["rate_error"] = "Hz"
        return Table(columns, units=units)

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: the curve, and voltage and current at the rheobase."""
        from neo_currentscape.protocols.figures import fi_panels

        return fi_panels(self)


def _of(sweeps: int) -> str:
    return f" (mean of {sweeps} sweeps)" if sweeps > 1 else ""


def fi(source: Any, *, threshold: Any = THRESHOLD, **options: Any) -> FI:
    """Count the spikes of a cell over the amplitude of the step that it gets.

    Parameters
    ----------
    source : neo.Block, or sequence of neo.Segment
        One Segment for each step, with the injected current recorded, commanded or annotated.
    threshold : Quantity
        As for `neo_currentscape.protocols.current_clamp`.
    **options
        As for `neo_currentscape.protocols.passive`; ``onset`` and ``duration`` for all Segments, counted
        within each sweep where the sweeps begin one after the other, and ``amplitude`` one for each.

    Returns
    -------
    FI

    Raises
    ------
    SignalError
        When all Segments have the same amplitude.
    SelectionError
        When there is no Segment, one does not say what was injected, or is of voltage clamp.

    Notes
    -----
    A Segment without injected current, or with the holding current alone, is a step of 0 nA whose onset
    and end are those of the others. Where the current of every Segment is the same all the time, as that
    of ``i_offset`` in PyNN, it is the amplitude. Where a sweep holds several steps, that is meant whose
    amplitude changes from sweep to sweep, unless ``onset`` or ``duration`` choose another. Steps of the
    same amplitude, within the errors of measured ones, are repeats: their counts are averaged.

    Examples
    --------
    >>> import neo
    >>> import numpy as np
    >>> import quantities as pq
    >>> def sweep(amplitude, spikes):
    ...     t = np.arange(0, 100, 0.1)
    ...     v = -65 + sum((90 * (abs(t - at) < 0.5) for at in spikes), 0 * t)
    ...     made = neo.Segment(amplitude=amplitude * pq.nA)
    ...     made.annotate(onset=10 * pq.ms, duration=80 * pq.ms)
    ...     made.analogsignals.append(
    ...         neo.AnalogSignal(v, units="mV", sampling_period=0.1 * pq.ms, name="v")
    ...     )
    ...     return made
    >>> found = fi([sweep(0.1, []), sweep(0.2, [30]), sweep(0.3, [30, 50])])
    >>> found.rheobase, found.counts
    (array(0.2) * nA, array([0, 1, 2]))
    """
    units.scalar(threshold, "mV", "threshold=")
    segments = segments_in(source, "fi")
    traces = with_chosen_step(traces_of(segments, "the FI curve", **options))
    steps = [named(k, "the FI curve", partial(step_of, trace)) for k, trace in enumerate(traces)]
    say_saturated(traces)
    looked = with_common_window(traces, steps)
    runs = [
        CurrentClamp(trace, step if trace is before else step_of(trace), threshold)
        for trace, before, step in zip(looked, traces, steps, strict=True)
    ]
    found = FI(sorted(_with_windows(_without_holding(runs)), key=lambda run: run.step.amplitude))
    say_depolarised(found.runs)
    if len(runs) > 1 and all(len(trace.levels) == 1 for trace in traces) and len(found.groups) == 1:
        raise SignalError(
            f"The injected current of all {len(runs)} segments is {float(found.amplitudes[0]):.4g} nA from "
            "beginning to end, and a curve needs several amplitudes: tell what was injected by amplitude=, "
            "onset= and duration=, or use protocols.current_clamp(block) for the spikes of each."
        )
    if len(runs) > 1 and len(found.groups) == 1:
        raise SignalError(
            f"{'Two' if len(runs) == 2 else 'All'} of the {len(runs)} segments have a step of "
            f"{float(found.amplitudes[0]):.4g} nA, and a curve needs several amplitudes: pass more sweeps "
            "of one neuron, or use protocols.current_clamp(block) for the spikes of each."
        )
    return found


def _without_holding(runs: list[CurrentClamp]) -> list[CurrentClamp]:
    """Where some have a step, what the others get all the time is no step."""
    steady = [len(run.trace.levels) == 1 and run.trace.told.amplitude is None for run in runs]
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
    rest, final = (int(np.searchsorted(times, t + run.trace.slack)) - 1 for t in (begin, end))
    return CurrentClamp(run.trace, Step(0.0, rest, final), run.threshold)
