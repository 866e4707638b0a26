"""The experimental currentscape: the currents of a real cell, isolated one blocker at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.conventions.errors import ArgumentError, SignalError, warn
from neo_currentscape.protocols.dissection.subtraction import CLEAR, warn_of_increase
from neo_currentscape.protocols.response.saturation import refuse_cut_off
from neo_currentscape.protocols.voltage_clamp.averaging import (
    Averages,
    aligned,
    averaged,
    check_same_commands,
    smoothed,
)
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps, check_selection, sweeps_of
from neo_currentscape.recording.noise import noise_signal
from neo_currentscape.recording.recording import Recording
from neo_currentscape.recording.values import like, time_axis

#: Currents of so many pA are given in nA.
LARGE = 1e5

#: Currents, and blockers of them, that flow one way at the voltages of an action potential.
ONE_WAY = {
    "inward": re.compile(
        r"(^|[\W_])i?(na\w?|nav\S*|ttx\S*|ca\w?|cav\S*|cd|nifedipine|isradipine)($|[\W_])", re.I
    ),
    "outward": re.compile(
        r"(^|[\W_])i?(k|kv\S*|kd\w?|kdr|tea\S*|4-?ap\S*|dtx\S*|bk|sk|iberiotoxin|apamin)($|[\W_])", re.I
    ),
}


def dissect(
    conditions: Sequence[Any],
    names: Sequence[str],
    *,
    capacitance: Any = None,
    smooth: Any = None,
    noise: Any = None,
    t_start: Any = None,
    t_stop: Any = None,
    **selection: Any,
) -> Recording:
    r"""Isolate the currents of a cell by blocking them one after the other under one repeated command.

    Between two conditions k and k + 1 the blocked current is
    :math:`I_k = \bar I_{\mathrm{total}, k} - \bar I_{\mathrm{total}, k+1}`, of means over sweeps, with the
    standard error of both. It goes through the ordinary `neo_currentscape.Currentscape`: shares are blank
    where totals do not stand out of the noise, and charges have their standard error.

    Parameters
    ----------
    conditions : sequence of neo.Block, of sequences of neo.Segment, or of Sweeps
        The control and then each condition with one blocker more, a Segment for each sweep.
    names : sequence of str
        Of the blocked currents, one less than there are conditions; one more names what is left in the
        end: less C dV/dt where the capacitance is given, with it where not.
    capacitance : Quantity, optional
        Of the cell. It is kept for the balance.
    smooth : Quantity, optional
        A time over which every sweep is averaged first (a running mean).
    noise : Quantity, optional
        Standard error of each mean current, where there is one sweep of a condition, which tells nothing.
    t_start, t_stop : Quantity, optional
        The stretch of each sweep that is used.
    **selection
        As `neo_currentscape.protocols.sweeps_of` takes it, e.g. ``current``, ``command`` and ``site``.

    Returns
    -------
    Recording
        The isolated currents in pA (from 100 nA on in nA) with their ``noise``; the voltage (recorded, else
        the command) and, as the electrode, the current of the control. So `neo_currentscape.balance`
        leaves as residual what no blocker took away: C dV/dt + isolated currents - amplifier's current.

    Raises
    ------
    ArgumentError
        When conditions and names do not fit each other.
    SelectionError
        When a sweep is of current clamp, or a signal is missing.
    SignalError
        When commands or sweeps differ, or one is saturated.

    Warns
    -----
    CurrentscapeWarning
        When a condition has one sweep, and nothing tells the noise; when a blocker made a current larger.

    Notes
    -----
    Where what is left is named, the balance closes by construction and cannot be checked; the Recording
    says so. Rundown and what a blocker does besides are in the isolated currents.

    Examples
    --------
    >>> import neo_currentscape as ncs
    >>> from neo_currentscape.protocols import Sweeps, dissect
    >>> t = np.arange(0, 40, 0.1)
    >>> v = np.tile(-70 + 100 * np.exp(-(((t - 20) / 2) ** 2)), (5, 1))
    >>> na, k = (
    ...     -900 * np.exp(-(((t - 19) / 1) ** 2)),
    ...     700 * np.exp(-(((t - 21) / 2) ** 2)),
    ... )
    >>> def sweeps(total, seed):
    ...     return Sweeps(
    ...         t, total + np.random.default_rng(seed).normal(size=(5, 400)), v
    ...     )
    >>> rec = dissect([sweeps(na + k, 1), sweeps(k, 2), sweeps(0, 3)], ["Na", "K"])
    >>> ncs.Currentscape(rec).charge("outward").round(1)
    array([0. , 2.5]) * pC
    """
    check_selection(dissect, selection)
    if capacitance is not None:
        selection["capacitance"] = capacitance
    sets = [
        sweeps_of(source, "the control" if not k else f"condition {k}", **selection).window(t_start, t_stop)
        for k, source in enumerate(conditions)
    ]
    _check_names(len(sets), names)
    steps = _means(sets, smooth)
    for name, one, other in zip(names, steps, steps[1:], strict=False):
        # Where the direction of a current is known, it is that which is looked at.
        if not any(known.search(name) for known in ONE_WAY.values()):
            warn_of_increase(one, other)
    return _recording(steps, list(names), capacitance, noise)


def _check_names(n_conditions: int, names: Sequence[str]) -> None:
    if n_conditions < 2:
        raise ArgumentError(
            f"dissect takes the control and what followed each blocker, not {n_conditions} condition: "
            "write dissect([control, after_ttx], names=['Na'])."
        )
    if isinstance(names, str) or len(names) not in (n_conditions - 1, n_conditions):
        raise ArgumentError(
            f"names={names!r} does not fit {n_conditions} conditions: give {n_conditions - 1} names, "
            "one for what each blocker takes away, and one more for what is left in the end if that "
            "is wanted."
        )


def _means(sets: list[Sweeps], smooth: Any) -> list[Averages]:
    """One mean of each condition, all on the times that they share."""
    for k in range(1, len(sets)):
        sets[0], sets[k] = aligned(sets[0], sets[k])
    shortest = min(len(one.times) for one in sets)
    # A late command moves all the others, which were aligned before it.
    if any(len(one.times) != shortest for one in sets):
        sets = [sets[0], *(aligned(sets[0], one)[1] for one in sets[1:])]
    found = []
    for one in sets:
        refuse_cut_off(one.times, one.current, one.what, "choose a stretch with t_start= and t_stop=")
        if smooth is not None:
            width = round(units.positive(smooth, "ms", "smooth") / one.step)
            one = Sweeps(one.times, smoothed(one.current, width), one.command, one.voltage, one.what)
        found.append(averaged(one))
        if len(found[-1].counts) > 1:
            raise SignalError(
                f"The sweeps of {one.what} have {len(found[-1].counts)} commands, where one that is "
                "repeated is needed: pass those of one, e.g. block.segments[::2], or use "
                "protocols.subtract for families."
            )
        check_same_commands(found[0], found[-1])
    return found


def _recording(steps: list[Averages], names: list[str], capacitance: Any, noise: Any) -> Recording:
    totals = np.array([one.current[0] for one in steps])
    columns = [*(totals[:-1] - totals[1:])]
    first, axis = steps[0], time_axis(steps[0].times)
    potential = first.command[0] if first.voltage is None else first.voltage[0]
    size = None if capacitance is None else units.positive(capacitance, "pF", "capacitance")
    left = len(names) == len(steps)
    if left:
        flow = 0.0 if size is None else size * np.gradient(potential, first.step)  # pF mV/ms = pA
        columns.append(totals[-1] - flow)
    unit = "nA" if np.abs(columns).max() >= LARGE else "pA"
    factor = float(pq.pA.rescale(unit))
    marks = {"remainder": np.arange(len(names)) == len(steps) - 1} if left else {}
    currents = like(
        axis,
        np.column_stack(columns) * factor,
        unit,
        "currents",
        array_annotations={"name": np.array(names), **marks},
        **signal_annotations("current", "outward"),
    )
    about = {} if size is None else {"capacitance": size * pq.pF, "derivative": "central"}
    voltage = like(axis, potential[:, None], "mV", "voltage", role="voltage", **about)
    amplifier = like(
        axis, totals[0][:, None], "pA", "amplifier", **signal_annotations("electrode", "inward")
    )
    errors = noise if noise is not None else _noise(steps, currents, left, factor)
    found = Recording(currents, voltage, electrode=amplifier, noise=errors)
    _warn_of_direction(found, steps)
    return found


def _noise(steps: list[Averages], currents: Any, left: bool, unit: float) -> Any:
    """Standard error of each isolated current; None, with a warning, where one sweep tells nothing."""
    alone = [one.what for one in steps if one.counts[0] < 2]
    if alone:
        warn(
            f"There is one sweep of {alone[0]}, which tells nothing of the noise: the isolated "
            "currents have no error and shares are not blanked; record several sweeps, or give "
            "noise=, e.g. 5 * pq.pA."
        )
        return None
    error, charge = (np.array(a) for a in ([s.error[0] for s in steps], [s.charge_error[0] for s in steps]))
    errors, charges = np.hypot(error[:-1], error[1:]), np.hypot(charge[:-1], charge[1:])
    if left:
        errors, charges = np.vstack([errors, error[-1:]]), np.append(charges, charge[-1])
    independent = steps[0].step * np.sqrt(np.sum(errors**2, axis=1))
    factor = np.divide(charges, independent, out=np.ones_like(charges), where=independent > 0)
    return noise_signal(errors.T * unit, currents, factor)


def _warn_of_direction(recording: Recording, steps: list[Averages]) -> None:
    """Say so where a current that is known to flow one way was found to flow the other.

    Warns
    -----
    CurrentscapeWarning
    """
    numbers, noise = recording.currents.magnitude, recording.noise
    net = numbers.sum(axis=0)
    size = np.abs(numbers).sum(axis=0)
    error = 0.0 if noise is None else np.sqrt((noise.magnitude**2).sum(axis=0))
    for k, name in enumerate(recording.names):
        if abs(net[k]) < 0.5 * size[k] or np.all(abs(net[k]) < CLEAR * np.atleast_1d(error).max()):
            continue
        found = "outward" if net[k] > 0 else "inward"
        other = "inward" if found == "outward" else "outward"
        if ONE_WAY[other].search(name) and not ONE_WAY[found].search(name) and k < len(steps) - 1:
            warn(
                f"The isolated current {name!r} flows {found}, where one of that name flows {other}: "
                f"after its blocker ({steps[k + 1].what}) the current is larger than before "
                f"({steps[k].what}), so look for rundown, a leak that grew, or conditions given in the "
                "wrong order."
            )
