"""The step of current that a cell answers to: its amplitude, and where it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.response.injection import SAME
from neo_currentscape.protocols.response.levels import DRIFT, Level, roughness
from neo_currentscape.protocols.response.traces import Trace

#: Standard deviations of a noise beyond which a sample is none.
CLEAR = 5.0

#: A told onset or duration means the step whose own is as near as this, in ms.
NEAR = 1.0

#: More steps than this are listed by no sentence.
FEW = 6


@dataclass(frozen=True)
class Step:
    """A step of current.

    Attributes
    ----------
    amplitude : float
        In nA, beyond what was injected before; 0 where nothing was.
    rest : int
        Index of the last sample that the step has not changed yet.
    final : int
        Index of the last sample that it drove.
    cut : bool
        Whether the recording ends before the step does.
    error : float
        Standard error of the amplitude in nA; 0 where it was told, or recorded without noise.
    """

    amplitude: float
    rest: int
    final: int
    cut: bool = False
    error: float = 0.0

    @property
    def window(self) -> slice:
        """From the rest to the end of the step, both with it."""
        return slice(self.rest, self.final + 1)


def active(trace: Trace) -> tuple[int, int] | None:
    """First and last sample at which the injected current is not that of the beginning.

    Returns
    -------
    tuple of int, or None
        None where it is the same all the time, but for its noise.
    """
    noise = roughness(trace.current)
    if noise and len(trace.levels) == 1:
        return None
    head = 1 if not noise else max(10, len(trace.current) // 100)
    beyond = np.abs(trace.current - np.median(trace.current[:head]))
    on = np.flatnonzero(beyond > max(SAME * max(np.abs(trace.current).max(), 1e-300), CLEAR * noise))
    return (int(on[0]), int(on[-1])) if len(on) else None


def limits(trace: Trace) -> tuple[int, int] | None:
    """The last sample before an injection changed the voltage, and the last that it drove.

    Raises
    ------
    SignalError
        When the injection does not lie within the recording.
    """
    if trace.exact is not None:
        rest, final = (int(np.searchsorted(trace.times, t + trace.slack)) - 1 for t in trace.exact)
        if rest < 0 or rest >= len(trace.times) - 1:
            raise SignalError(
                f"The injection is said to begin at {trace.exact[0]:g} ms, and the recording is from "
                f"{trace.times[0]:g} to {trace.times[-1]:g} ms: correct onset=, or record from before it."
            )
        return rest, final
    on = active(trace)
    if on is None:
        return None
    # A current that drives the step away from its sample changes the voltage of the next.
    last = len(trace.times) - 1
    return on[0] - 1 + trace.lag, min(on[1] + trace.lag, last)


def step_of(trace: Trace) -> Step:
    """Find the step of current in a trace.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    Step
        Over the whole recording where the current is the same all the time, e.g. of 0 nA.

    Raises
    ------
    SignalError
        When what was injected is no step, or several of which none was chosen.
    """
    last = len(trace.times) - 1
    if trace.told.is_chirp:
        raise SignalError("The injected current is a chirp, not a step: use protocols.zap(segment).")
    if trace.exact is not None and trace.told.amplitude is not None:
        rest, final = limits(trace) or (0, last)
        return Step(trace.told.amplitude, rest, final, cut=_is_cut(trace))
    levels = trace.levels
    if len(levels) == 1:
        rest, final = (-1, last) if trace.exact is None else limits(trace) or (-1, last)
        return Step(levels[0].value, rest, final, error=levels[0].error)
    if trace.exact is not None:
        return _told_step(trace)
    if len(levels) == 2 and levels[0].value != 0 and is_same(levels[1].value, 0.0, levels):
        # What is nothing at the end was a step from the first sample on, not one to nothing.
        return Step(levels[0].value, -1, levels[0].stop - 1 + trace.lag, error=levels[0].error)
    return _chosen(trace, steps_in(trace))


def steps_in(trace: Trace) -> list[Step]:
    """All steps of a recorded current, in order: each stretch with another current than at the beginning.

    The amplitude of each is what it is beyond the current just before it.
    """
    levels, last, found = trace.levels, len(trace.times) - 1, []
    for before, level in pairwise(levels):
        if is_same(level.value, levels[0].value, levels):
            continue
        final = min(level.stop - 1 + trace.lag, last)
        cut = level.stop - 1 == last and trace.lag == 1
        error = float(np.hypot(level.error, before.error))
        found.append(Step(level.value - before.value, level.start - 1 + trace.lag, final, cut, error))
    return found


def is_same(value: float, other: float, levels: Sequence[Level]) -> bool:
    """Whether two levels are one: exactly, or within the drift and the noise of a measured current."""
    values = [level.value for level in levels]
    part = DRIFT if any(level.error for level in levels) else SAME
    return abs(value - other) <= max(part * np.ptp(values), 1e-15)


def _chosen(trace: Trace, found: list[Step]) -> Step:
    """The one step, or that which begins at a told onset, or lasts as long as told."""
    told, times, slack = trace.told, trace.times, max(2 * trace.step, NEAR)
    if told.onset is not None:
        found = [s for s in found if abs(times[max(s.rest, 0)] - told.onset) <= slack] or found
    if told.duration is not None:
        lasting = [(s, float(times[s.final] - times[max(s.rest, 0)])) for s in found]
        found = [s for s, d in lasting if abs(d - told.duration) <= slack] or found
    if len(found) == 1 and all(level.flat for level in trace.levels[1:]):
        return found[0]
    begin, end = times[found[0].rest + 1], times[found[-1].final]
    if len(found) > FEW or not all(level.flat for level in trace.levels[1:]):
        raise SignalError(
            f"The injected current takes more than one value between {begin:g} and {end:g} ms, so it is no "
            "step: use protocols.zap(segment) for a chirp, or choose a part with onset= and duration=."
        )
    spans = [(float(times[max(s.rest, 0)]), float(times[s.final])) for s in found]
    listed = ", ".join(
        f"{s.amplitude * 1e3:.4g} pA from {a:g} to {b:g} ms" for s, (a, b) in zip(found, spans, strict=True)
    )
    onset, stop = spans[0]
    raise SignalError(
        f"The injected current takes more than one value between {begin:g} and {end:g} ms: it has "
        f"{len(found)} steps ({listed}): choose one with onset= and duration=, e.g. "
        f"onset={onset:g} * pq.ms, duration={stop - onset:g} * pq.ms."
    )


def _told_step(trace: Trace) -> Step:
    """The step in a told window of a recorded current; its amplitude is the mean within."""
    rest, final = limits(trace) or (0, len(trace.times) - 1)
    # One sample or two at both ends may be of before and after, or a flank.
    edge = min(2 + int(NEAR / trace.step), (final - rest) // 10)
    inside = slice(rest + 1 + edge, final + 1 - edge)
    held = [level for level in trace.levels if level.start < inside.stop and level.stop > inside.start]
    if not all(is_same(level.value, held[0].value, trace.levels) for level in held):
        edges = ", ".join(f"{trace.times[level.start]:g}" for level in held[1:])
        raise SignalError(
            f"The injected current takes more than one value between the onset and the end that were told: "
            f"it changes at {edges} ms: correct onset= and duration=, or tell the amplitude= too."
        )
    value = Level(inside.start, inside.stop, float(np.mean(trace.current[inside])))
    before = [level for level in trace.levels if level.start <= max(rest - edge, 0)][-1]
    first = trace.current[before.start : max(rest - edge, before.start) + 1]
    error = float(np.hypot(held[0].error, before.error))
    amplitude = value.value - float(np.mean(first))
    return Step(amplitude, rest, final, cut=_is_cut(trace), error=error)


def _is_cut(trace: Trace) -> bool:
    return trace.exact is not None and trace.exact[1] > trace.times[-1] + trace.step


def needed_step(trace: Trace, what: str) -> Step:
    """A step that is not zero and has a rest before it.

    Raises
    ------
    SignalError
        When nothing was injected.
    """
    step = step_of(trace)
    told = trace.exact is not None and trace.told.amplitude is not None
    if step.amplitude == 0 or (active(trace) is None and not told):
        raise SignalError(
            f"{what} needs a step of current, and the injected current is the same from "
            f"{trace.times[0]:g} to {trace.times[-1]:g} ms: inject a step, e.g. of -0.1 nA, or tell it "
            "with amplitude=..., onset=... and duration=..."
        )
    if step.cut:
        raise SignalError(
            f"The step lasts longer than the recording, which ends at {trace.times[-1]:g} ms: record to "
            "its end, or give duration= up to the last sample."
        )
    if step.final - step.rest < 4:
        raise SignalError(
            f"The step lasts {step.final - step.rest} samples, which is too few for its response: record "
            "with a shorter interval."
        )
    return step
