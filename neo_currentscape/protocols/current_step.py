"""The step of current that a cell answers to: its amplitude, and where it begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.injection import SAME
from neo_currentscape.protocols.traces import Trace


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
    """

    amplitude: float
    rest: int
    final: int
    cut: bool = False

    @property
    def window(self) -> slice:
        """From the rest to the end of the step, both with it."""
        return slice(self.rest, self.final + 1)


def active(trace: Trace) -> tuple[int, int] | None:
    """First and last sample at which the injected current is not that of the beginning.

    Returns
    -------
    tuple of int, or None
        None where it is the same all the time.
    """
    beyond = np.abs(trace.current - trace.current[0])
    on = np.flatnonzero(beyond > SAME * max(np.abs(trace.current).max(), 1e-300))
    return (int(on[0]), int(on[-1])) if len(on) else None


def limits(trace: Trace) -> tuple[int, int] | None:
    """The last sample before an injection changed the voltage, and the last that it drove.

    Raises
    ------
    SignalError
        When the injection does not lie within the recording.
    """
    if trace.exact is not None:
        slack = 1e-6 * max(1.0, trace.times[-1])
        rest, final = (int(np.searchsorted(trace.times, t + slack)) - 1 for t in trace.exact)
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
        When what was injected is no step.
    """
    last = len(trace.times) - 1
    if trace.told.is_chirp:
        raise SignalError("The injected current is a chirp, not a step: use protocols.zap(segment).")
    if trace.exact is not None and trace.told.amplitude is not None:
        rest, final = limits(trace) or (0, last)
        return Step(trace.told.amplitude, rest, final, cut=trace.exact[1] > trace.times[-1] + trace.step)
    on = active(trace)
    if on is None:
        rest, final = limits(trace) or (-1, last)
        return Step(float(trace.current[0]), rest, final)
    if on[1] == last and trace.current[0] != 0 and not trace.current[on[0] :].any():
        # What is nothing at the end was a step from the first sample on, not one to nothing.
        return Step(float(trace.current[0]), -1, on[0] - 1 + trace.lag)
    amplitudes = trace.current[on[0] : on[1] + 1] - trace.current[0]
    if np.ptp(amplitudes) > SAME * np.abs(amplitudes).max():
        raise SignalError(
            f"The injected current takes more than one value between {trace.times[on[0]]:g} and "
            f"{trace.times[on[1]]:g} ms, so it is no step: use protocols.zap(segment) for a chirp, or cut "
            "the segment into its steps with segment.time_slice(...)."
        )
    rest, final = limits(trace) or (0, last)
    return Step(float(amplitudes[0]), rest, final, cut=on[1] == last and trace.lag == 1)


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
