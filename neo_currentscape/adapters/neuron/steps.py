"""The steps of a run: which samples follow each other, and how far the voltage moved in each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording.sampling import regular_step

#: Relative difference up to which a capacitive current is that of the step before its sample.
SAME = 1e-6

#: Rounding of a voltage, mV.
VOLTAGE_ROUNDING = 1e-12

#: Decimals of a voltage in mV that was set from outside.
DECIMALS = 10


@dataclass(frozen=True)
class Steps:
    """The samples of a site that follow each other, and the step that led to each.

    Attributes
    ----------
    rows : slice
        Of what was recorded: samples before the time was last set back are left out.
    times : ndarray, shape (time,)
        In ms.
    is_fixed : bool
    before : ndarray, shape (time,)
        Voltage in mV at which each step began: that of the sample before, but where something set the
        voltage in between.
    dv : ndarray, shape (time,)
        By how much the voltage moved in the step, mV; 0 for the first sample.
    cm_changed : bool
        Whether the capacitance was not the same all along.
    n_left_out : int
        Samples of earlier stretches.
    dt : float or ndarray, shape (time,), optional
        Length of the step to each sample in ms, where samples in between were left out.
    """

    rows: slice
    times: np.ndarray
    is_fixed: bool
    before: np.ndarray
    dv: np.ndarray
    cm_changed: bool = False
    n_left_out: int = 0
    dt: np.ndarray | None = None

    @property
    def lengths(self) -> np.ndarray:
        """Length of the step that led to each sample, ms, shape (time,)."""
        if self.dt is not None:
            return self.dt
        return np.diff(self.times, prepend=2 * self.times[0] - self.times[1])


def steps_of(name: str, times: np.ndarray, v: np.ndarray, i_cap: np.ndarray, cm: float) -> Steps:
    """Find the steps of a run from what was recorded at a site.

    A fixed step of length dt ends with ``i_cap = cm (v_after - v_before) / dt``, which tells the voltage
    at which it began, also where an event or the user set the voltage after the last sample.

    Parameters
    ----------
    name : str
        Of the site.
    times, v, i_cap : ndarray, shape (time,)
        In ms, mV and mA/cm**2, as recorded.
    cm : float
        In uF/cm**2, as it is now.

    Returns
    -------
    Steps

    Raises
    ------
    SignalError
        When there are fewer than three samples.

    Examples
    --------
    A warm-up: the first sample is from before ``h.t = -50``.

    >>> t, v = np.array([0.0, -49.9, -49.8, -49.7]), np.array([-65.0, -64.0, -62.0, -61.0])
    >>> found = steps_of("soma(0.5)", t, v, np.array([0.0, 0.01, 0.02, 0.01]), cm=1.0)
    >>> found.is_fixed, found.dv
    (True, array([0., 1., 2., 1.]))
    """
    back = np.flatnonzero(np.diff(times) < 0)
    start = int(back[-1]) + 1 if len(back) else 0
    _require_samples(name, times, len(v), start)
    found = _stretch(times[start:], v[start:], i_cap[start:], cm)
    if start and found.is_fixed:
        # The sample before is where the first step began, though its time is that of another stretch.
        start -= 1
        own = np.concatenate(([2 * times[start + 1] - times[start + 2]], times[start + 1 :]))
        found = _stretch(own, v[start:], i_cap[start:], cm)
    return replace(found, rows=slice(start, None), n_left_out=start)


def of_joint(steps: Steps, v: np.ndarray) -> Steps:
    """The steps at the end of a section, which has no membrane, from those of a compartment of its cell.

    Parameters
    ----------
    steps : Steps
    v : ndarray, shape (time,)
        Voltage of the end in mV, as recorded.

    Returns
    -------
    Steps
    """
    here = v[steps.rows]
    return between(steps, here, np.concatenate((here[:1], here[:-1])))


def between(steps: Steps, v: np.ndarray, before: np.ndarray) -> Steps:
    """The same steps at another place, of which the voltages after and before each are known."""
    return replace(steps, before=before, dv=v - before)


def recorded_steps(
    times: np.ndarray,
    dt: np.ndarray,
    v: np.ndarray,
    before: np.ndarray,
    i_cap: np.ndarray,
    cm: float,
    n_left_out: int = 0,
) -> Steps:
    """The steps of a run with a fixed step of which both ends were recorded.

    Parameters
    ----------
    times, dt : ndarray, shape (time,)
        Ends of the steps and their lengths, ms.
    v, before : ndarray, shape (time,)
        Voltage at the end, and before the step, mV; NaN where that is not known.
    i_cap : ndarray, shape (time,)
        In mA/cm**2.
    cm : float
        In uF/cm**2, as it is now.
    n_left_out : int
        Samples of earlier stretches.

    Returns
    -------
    Steps

    Examples
    --------
    The voltage was set to 0 mV between two steps, which only the capacitive current knows:

    >>> at = np.array([0.1, 0.2, 0.3])
    >>> found = recorded_steps(at, np.full(3, 0.025), at, at - [0.1, 1.0, 0.1], 0.004 * at**0, 1.0)
    >>> found.dv.round(6), found.before.round(6)
    (array([0.1, 0.1, 0.1]), array([0. , 0.1, 0.2]))
    """
    dv, before = v - before, before.copy()
    as_stepped, scaled = _match(dt, dv, i_cap, cm)
    jumped = ~(as_stepped | scaled)
    dv[jumped] = (i_cap * dt / (1e-3 * cm))[jumped]
    before[jumped] = np.round(v - dv, DECIMALS)[jumped]
    return Steps(slice(None), times, True, before, dv, bool(scaled.any()), n_left_out, dt)


def _require_samples(name: str, times: np.ndarray, n_voltages: int, start: int) -> None:
    if len(times) < 3 or n_voltages != len(times):
        raise SignalError(
            f"Nothing was recorded at {name} ({len(times)} samples): make the Recorder before "
            "h.finitialize() or h.run(), and run first."
        )
    if len(times) - start < 3:
        raise SignalError(
            f"The time was set back to {times[start]:g} ms, and {len(times) - start} samples were recorded "
            f"at {name} since: run on."
        )


def _stretch(times: np.ndarray, v: np.ndarray, i_cap: np.ndarray, cm: float) -> Steps:
    dt, before = np.diff(times), np.concatenate((v[:1], v[:-1]))
    dv = v - before
    as_stepped, scaled = _match(dt, dv[1:], i_cap[1:], cm)
    # CVODE has two samples at the time of an event, and its steps differ.
    is_fixed = regular_step(times) is not None or bool(dt.all() and as_stepped.mean() > 0.9)
    scaled &= is_fixed
    jumped = 1 + np.flatnonzero(~(as_stepped | scaled))
    if is_fixed and len(jumped):
        dv[jumped] = i_cap[jumped] * _lengths(dt)[jumped - 1] / (1e-3 * cm)
        # Voltages are set to round numbers, such as a reversal potential, which rounding must not miss.
        before[jumped] = np.round(v[jumped] - dv[jumped], DECIMALS)
    return Steps(slice(None), times, is_fixed, before, dv, bool(scaled.any()))


def _match(dt: np.ndarray, dv: np.ndarray, i_cap: np.ndarray, cm: float) -> tuple[np.ndarray, np.ndarray]:
    """Which capacitive currents are that of their step, and which that of a step with another cm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        of_step = 1e-3 * cm * dv / dt
        rounding = 1e-3 * cm * VOLTAGE_ROUNDING / dt
        off = np.abs(of_step - i_cap)
        as_stepped = off <= SAME * np.abs(i_cap) + rounding
        if as_stepped.all():
            return as_stepped, np.zeros_like(as_stepped)
        ratio = i_cap / of_step
        alike = np.abs(np.diff(ratio)) <= SAME * np.abs(ratio[1:]) + (rounding / np.abs(of_step))[1:]
    scaled = ~as_stepped & (ratio > 0)
    # One that stands alone was set from outside; another capacitance holds for a while.
    near = np.concatenate(([False], alike)) | np.concatenate((alike, [False]))
    return as_stepped, scaled & near


def _lengths(dt: np.ndarray) -> np.ndarray:
    """The length of each step: that of the next one where the time was set forward."""
    following = np.append(dt[1:], dt[-2:-1])
    return np.where(dt > 1.5 * following, following, dt)
