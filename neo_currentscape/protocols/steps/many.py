"""Passive properties and spikes of several sweeps of one cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.resistance import MOHM
from neo_currentscape.protocols.response.current_step import Step, step_of
from neo_currentscape.protocols.response.noise import saturated
from neo_currentscape.protocols.response.series import (
    are_alike,
    averaged,
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
from neo_currentscape.protocols.steps.averages import TOLD
from neo_currentscape.protocols.steps.clamp import CurrentClamp, say_depolarised
from neo_currentscape.protocols.steps.passive import Passive, passive_of
from neo_currentscape.recording.crossings import THRESHOLD, crossings

#: Steps below this part of the largest are none: what a measured current drifts, and 0 pA.
LEAST = 0.02


@dataclass(frozen=True)
class PassiveSweeps(ProtocolResult):
    """The responses to steps of several amplitudes; see `neo_currentscape.protocols.passive`.

    ``to_dataframe()`` has a row for each amplitude.

    Attributes
    ----------
    runs : list of Passive
        By increasing amplitude; repeated sweeps are averaged.
    left_out : list of str
        Sentences on sweeps that are not among them.
    """

    runs: list[Passive]
    left_out: list[str]

    @property
    def used(self) -> list[Passive]:
        """The runs that `r_in` and `tau` rest on: steps downwards, or all where there is none."""
        return [run for run in self.runs if run.step.amplitude < 0] or self.runs

    @property
    def trace(self) -> Trace:  # type: ignore[override]
        """The trace of the smallest step that is used."""
        return min(self.used, key=lambda run: abs(run.step.amplitude)).trace

    @property
    def amplitudes(self) -> pq.Quantity:
        """Of the steps, in nA, shape (run,)."""
        return np.array([run.step.amplitude for run in self.runs]) * pq.nA

    @property
    def deflections(self) -> pq.Quantity:
        """v_final - v_rest in mV, shape (run,)."""
        return np.array([run.reading.v_final - run.reading.v_rest for run in self.runs]) * pq.mV

    @property
    def r_in(self) -> pq.Quantity:
        """Slope of the deflections over the amplitudes, through 0, in Mohm."""
        return self._slope()[0] * MOHM

    def _slope(self) -> tuple[float, float]:
        """The slope through 0, and its standard error from the scatter about it and the noise."""
        used = {id(run) for run in self.used}
        keep = np.array([id(run) in used for run in self.runs])
        i, v = self.amplitudes.magnitude[keep], self.deflections.magnitude[keep]
        slope, errors = float(i @ v / (i @ i)), self._errors_of("r_in")[keep] * np.abs(i)
        noise = float(np.sqrt(np.nansum((i * errors) ** 2))) / float(i @ i)
        off = v - slope * i
        scatter = float(np.sqrt(off @ off / max(len(i) - 1, 1) / (i @ i)))
        return slope, max(noise, scatter)

    def _errors_of(self, name: str) -> np.ndarray:
        return np.array([float(run.errors.get(name, np.nan)) for run in self.runs])

    @property
    def tau(self) -> pq.Quantity | None:
        """Mean of the time constants that are told, in ms, weighted with their errors; None without one."""
        found = self._taus()
        return None if found is None else found[0] * pq.ms

    def _taus(self) -> tuple[float, float] | None:
        told = [one for run in self.used if (one := run.reading.rough_tau(run.method)) is not None]
        if not told:
            return None
        values, errors = np.array(told).T
        known = bool(np.isfinite(errors).all() and (errors > 0).all())
        weights = 1 / errors**2 if known else np.ones(len(values))
        mean = float(weights @ values / weights.sum())
        scatter = np.sqrt(weights @ (values - mean) ** 2 / weights.sum() / max(len(values) - 1, 1))
        noise = 1 / np.sqrt(weights.sum()) if known else 0.0
        error = float(max(scatter, noise))
        return (mean, error) if error <= TOLD * mean else None

    @property
    def v_rest(self) -> pq.Quantity:
        """Mean voltage before the steps, in mV."""
        return float(np.mean([run.reading.v_rest for run in self.runs])) * pq.mV

    @cached_property
    def errors(self) -> dict[str, pq.Quantity]:
        """Standard errors by name."""
        rests = [run.reading.v_rest for run in self.runs]
        found = {"r_in": self._slope()[1] * MOHM}
        if len(rests) > 1:
            found["v_rest"] = float(np.std(rests, ddof=1) / np.sqrt(len(rests))) * pq.mV
        elif "v_rest" in self.runs[0].errors:
            found["v_rest"] = self.runs[0].errors["v_rest"]
        taus = self._taus()
        return found if taus is None else {**found, "tau": taus[1] * pq.ms}

    @property
    def remarks(self) -> list[str]:
        """Sentences on what the numbers are."""
        side = "downwards" if self.used[0].step.amplitude < 0 else "upwards"
        said = f"r_in is the slope over the steps {side} ({len(self.used)}); ± are standard errors."
        why = [self.used[0].untold] if self.tau is None else []
        note = self.trace.note
        return [said, *why, *([note] if note else []), *self.left_out]

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        names = ("v_rest", "r_in", "tau")
        return [("amplitudes", self.amplitudes), *((name, getattr(self, name)) for name in names)]

    def __str__(self) -> str:
        top = [
            (name, plain_text.with_error(found, self.errors.get(name))) for name, found in self.rows()[1:]
        ]
        names = ("amplitude", "r_in", "tau", "sag_norm")
        each = [
            [plain_text.with_error(dict(run.rows())[name], run.errors.get(name)) for name in names]
            for run in self.runs
        ]
        return "\n".join([plain_text.table(top), "", plain_text.table(each, names, "rrrr"), *self.remarks])

    def _table(self) -> Table:
        names = ("amplitude", "v_rest", "v_final", "r_in", "tau", "sag", "sag_norm")
        rows = [dict(run.rows()) for run in self.runs]
        columns: dict[str, Any] = {
            name: [np.nan if row[name] is None else float(row[name]) for row in rows] for name in names
        }
        columns.update(r_in_error=self._errors_of("r_in"), tau_error=self._errors_of("tau"))
        columns["sweeps"] = [run.sweeps for run in self.runs]
        units = {"amplitude": "nA", "v_rest": "mV", "v_final": "mV", "sag": "mV"}
        return Table(columns, units={**units, "r_in": "Mohm", "tau": "ms"})

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: the voltages, what was injected, and deflections over amplitudes."""
        from neo_currentscape.protocols.figures import passive_sweeps_panels

        return passive_sweeps_panels(self)


@dataclass(frozen=True)
class ClampSweeps(ProtocolResult):
    """The spikes of several sweeps; see `neo_currentscape.protocols.current_clamp`.

    ``to_dataframe()`` has a row for each sweep.

    Attributes
    ----------
    runs : list of CurrentClamp
        In the order of the sweeps.
    """

    runs: list[CurrentClamp]

    @property
    def trace(self) -> Trace:  # type: ignore[override]
        """The trace of the first sweep with most spikes."""
        return max(self.runs, key=lambda run: run.spike_count).trace

    @property
    def amplitudes(self) -> pq.Quantity:
        """Of the steps, in nA, shape (sweep,)."""
        return np.array([run.step.amplitude for run in self.runs]) * pq.nA

    @property
    def spike_counts(self) -> np.ndarray:
        """Number of spikes of each sweep, shape (sweep,)."""
        return np.array([run.spike_count for run in self.runs])

    @property
    def spike_times(self) -> list[pq.Quantity]:
        """Times of the spikes of each sweep, in its own time, in ms."""
        return [run.spike_times for run in self.runs]

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        return [("amplitudes", self.amplitudes), ("spike_counts", self.spike_counts)]

    def _columns(self) -> dict[str, list[Any]]:
        names = ("amplitude", "spike_count", "spikes_in_step", "rate", "latency")
        return {name: [getattr(run, name) for run in self.runs] for name in names}

    def __str__(self) -> str:
        columns = self._columns()
        rows = [
            [k, *map(plain_text.value, row)] for k, row in enumerate(zip(*columns.values(), strict=True))
        ]
        note = self.trace.note
        return plain_text.table(rows, ["sweep", *columns], "rrrrrr") + (f"\n{note}" if note else "")

    def _table(self) -> Table:
        plain = {
            name: [np.nan if value is None else float(value) for value in values]
            for name, values in self._columns().items()
        }
        counts = {name: [int(x) for x in plain[name]] for name in ("spike_count", "spikes_in_step")}
        units = {"amplitude": "nA", "rate": "Hz", "latency": "ms"}
        return Table({**plain, **counts}, {"sweep": list(range(len(self.runs)))}, units)

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: the voltages, and what was injected."""
        from neo_currentscape.protocols.figures import clamp_sweeps_panels

        return clamp_sweeps_panels(self)


def passive_sweeps(source: Any, method: str, window: Any, **options: Any) -> Passive | PassiveSweeps:
    """Passive properties of several sweeps; see `neo_currentscape.protocols.passive`."""
    traces, steps = _stepped(source, "passive", options)
    size = max(abs(step.amplitude) for step in steps)
    unfit = [_unfit(trace, step, size) for trace, step in zip(traces, steps, strict=True)]
    keep = [k for k, why in enumerate(unfit) if not why]
    left_out = [
        f"{_numbers([k for k, one in enumerate(unfit) if one == why])} left out: {why}."
        for why in dict.fromkeys(unfit)
        if why
    ]
    if not keep:
        raise SignalError(f"None of the {len(traces)} sweeps shows passive properties. {left_out[0]}")
    groups = groups_of([steps[k] for k in keep])
    runs = [
        _run([traces[keep[j]] for j in group], [steps[keep[j]] for j in group], method, window)
        for group in groups
    ]
    return runs[0] if len(runs) == 1 and not left_out else PassiveSweeps(runs, left_out)


def _run(traces: list[Trace], steps: list[Step], method: str, window: Any) -> Passive:
    if not are_alike(traces):
        raise SignalError(
            f"{len(traces)} sweeps have a step of {steps[0].amplitude * 1e3:.4g} pA and differ in "
            "length or sampling: pass those that are alike, e.g. protocols.passive(block.segments[:10])."
        )
    amplitude = float(np.mean([step.amplitude for step in steps]))
    error = float(np.sqrt(np.sum([step.error**2 for step in steps]))) / len(steps)
    step = replace(steps[0], amplitude=amplitude, error=error)
    return replace(passive_of(averaged(traces), step, method, window), sweeps=len(traces))


def _numbers(sweeps: list[int]) -> str:
    """Which sweeps, e.g. "Sweep 3 is" or "Sweeps 0, 5 to 9 are"."""
    starts = [k for k in sweeps if k - 1 not in sweeps]
    ends = [k for k in sweeps if k + 1 not in sweeps]
    runs = [str(a) if a == b else f"{a} to {b}" for a, b in zip(starts, ends, strict=True)]
    return f"Sweep {runs[0]} is" if len(sweeps) == 1 else f"Sweeps {', '.join(runs)} are"


def _unfit(trace: Trace, step: Step, size: float) -> str:
    """Why a sweep shows no passive properties; empty where it does."""
    if abs(step.amplitude) <= LEAST * size:
        return "no step was injected"
    if step.rest < 0 or step.cut or step.final - step.rest < 4:
        return "its step has no beginning, no end or too few samples"
    if saturated(trace.voltage[: step.final + 1]) is not None:
        return "its voltage is saturated"
    if len(crossings(trace.voltage[step.window], float(THRESHOLD.rescale("mV")))[0]):
        return "the cell spikes under its step"
    return ""


def clamp_sweeps(source: Any, threshold: pq.Quantity, **options: Any) -> ClampSweeps:
    """The spikes of several sweeps; see `neo_currentscape.protocols.current_clamp`."""
    traces, steps = _stepped(source, "current_clamp", options)
    say_saturated(traces)
    runs = [CurrentClamp(t, s, threshold) for t, s in zip(traces, steps, strict=True)]
    say_depolarised(runs)
    return ClampSweeps(runs)


def _stepped(source: Any, what: str, options: dict[str, Any]) -> tuple[list[Trace], list[Step]]:
    traces = with_chosen_step(traces_of(segments_in(source, what), what, **options))
    steps = [named(k, what, partial(step_of, trace)) for k, trace in enumerate(traces)]
    traces = with_common_window(traces, steps)
    return traces, [step_of(trace) for trace in traces]
