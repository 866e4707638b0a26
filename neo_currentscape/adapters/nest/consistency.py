"""Whether the present parameters are those that moved the voltage, where all currents are known.

NEST hands out the parameters that neurons and generators have now. Were they changed between two calls of
``nest.Simulate``, the currents of the time before are computed with wrong ones, and V did not follow them.
That is refused where every step was sampled and much too much is left; where the sampling or spikes leave
something too, what stays for a stretch of time is warned of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.adapters.nest import drift
from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, warn

#: Samples that are looked at together.
WINDOW = 50

#: Part of the current that may be unexplained in a window: samples cannot follow the spikes of models in
#: which V is never set.
MOST, MOST_OF_SPIKES = 0.05, 0.4

#: Windows that have to be wrong: what sets V in one, as a new V_m does, is no change of a parameter.
LEAST = 2

#: A current that decays more slowly than with this time constant (ms) is no synapse's.
SLOWEST = 200.0

#: Fewest samples that are judged.
FEWEST = 2 * WINDOW


@dataclass(frozen=True)
class _Left:
    """What the currents of a site leave of C dV/dt; NaN where NEST sets V.

    Attributes
    ----------
    rest, size : ndarray, shape (time, node)
        What is left, and the sum of all sizes.
    remainder : bool
        Whether what is left is the current of synapses of which nothing was recorded.
    """

    rest: np.ndarray
    size: np.ndarray
    remainder: bool


def check_unchanged(writer: Writer, group: Group) -> None:
    """Refuse parameters that do not explain the voltage, which they must have done when it moved.

    Parameters
    ----------
    writer : Writer
        Holds all currents of the group.
    group : Group

    Raises
    ------
    ArgumentError
        Says up to when, and what to keep before a change.

    Warns
    -----
    CurrentscapeWarning
        The same, where it is not certain: steps were left out, the model fires in V itself, or its synapses
        are what the balance leaves.
    """
    if group.model is None or len(group.grid.times) < FEWEST:
        return
    found = [left for site in _sites(group) if (left := _unexplained(writer, group, site)) is not None]
    for left in found:
        if group.sampling.number == 1 and not left.remainder:
            wrong = _wrong_windows(left, group)
            if (wrong.sum(axis=0) >= LEAST).any():
                raise _changed(group, wrong)
    for left in found:
        until = _wrong_until(left, group)
        if until.any():
            warn(_sentence(group, until, left.remainder))
            return


def _sites(group: Group) -> list[str | None]:
    assert group.model is not None
    return [None] if group.model.fixed_capacitance is not None else list(group.model.capacitance)


def _capacitance(group: Group, site: str | None) -> np.ndarray | float | None:
    assert group.model is not None
    if group.model.fixed_capacitance is not None:
        return group.model.fixed_capacitance
    return group.parameters.get(group.model.capacitance[site][0])


def _unexplained(writer: Writer, group: Group, site: str | None) -> _Left | None:
    mine = [s for s in writer.signals if s.annotations.get("site") == site]
    voltage = [s for s in mine if s.annotations["role"] == "voltage"]
    capacitance = _capacitance(group, site)
    if capacitance is None or not voltage or voltage[0].shape[1] != len(group.nodes):
        return None
    assert group.model is not None
    unit = units.parse_units(group.model.currents).units
    rest = capacitance * np.diff(voltage[0].magnitude, axis=0, append=np.nan) / group.sampling.interval
    size = np.abs(rest)
    for signal in mine:
        notes = signal.annotations
        if notes["role"] not in ("current", "electrode", "axial") or notes.get("remainder"):
            continue
        if signal.shape[1] != len(group.nodes):
            return None
        numbers = signal.magnitude * float(units.parse_units(signal.units).rescale(unit))
        rest = rest + numbers if notes["positive"] == "outward" else rest - numbers
        size = size + np.abs(numbers)
    free = np.isfinite(rest)
    if group.marks is not None:
        free &= ~group.marks.held
    remainder = any(s.annotations.get("remainder") for s in mine)
    if group.model.unrecorded and not remainder:
        return None
    return _Left(np.where(free, rest, np.nan), np.where(free, size, np.nan), remainder)


def _wrong_windows(left: _Left, group: Group) -> np.ndarray:
    """Windows of each neuron in which too much is unexplained; bool, shape (window, node)."""
    assert group.model is not None
    n = len(left.rest) // WINDOW * WINDOW
    shape = (-1, WINDOW, left.rest.shape[1])
    rest, size = (np.abs(np.nan_to_num(a[:n])).reshape(shape) for a in (left.rest, left.size))
    # Without the largest, so that a V that is set once is no reason.
    beyond = rest.sum(axis=1) - rest.max(axis=1)
    most = MOST_OF_SPIKES if group.model.smooth else MOST
    return beyond > most * size.sum(axis=1) + 1e-6 * size.sum(axis=1).max(axis=0)


def _wrong_until(left: _Left, group: Group) -> np.ndarray:
    """The sample up to which something stays unexplained, 0 where nothing does; shape (node,)."""
    most = drift.MOST if group.sampling.number == 1 else drift.MOST_OF_COARSE
    parts, level, length = drift.blocks(left.rest, left.size)
    if left.remainder:
        return length * drift.constant_until(parts, level, drift.still(left.rest, _slowest(group)), most)
    return length * drift.wrong_until(parts, level, most)


def _slowest(group: Group) -> float:
    """By how little a remainder differs from sample to sample that is no synaptic current."""
    assert group.model is not None
    if group.model.unrecorded != "flows":
        return drift.SMOOTH
    return min(group.sampling.interval / SLOWEST, drift.SMOOTH)


def _changed(group: Group, wrong: np.ndarray) -> ArgumentError:
    column = int(np.argmax(wrong.sum(axis=0)))
    last = int(np.flatnonzero(wrong[:, column])[-1])
    return ArgumentError(
        f"{_until(group, column, (last + 1) * WINDOW)}do not move its V as it moved, with the parameters "
        f"that NEST has now: {_WAY_OUT} before the change, and pass past=before; else write derived=False, "
        "or give stimulus=... for what else is injected."
    )


def _sentence(group: Group, until: np.ndarray, remainder: bool) -> str:
    column = int(np.argmax(until))
    number = int(np.count_nonzero(until)) - 1
    what = "without its synapses do not" if remainder else "do not"
    others = f" (nor those of {number} other nodes)" if number else ""
    return (
        f"{_until(group, column, int(until[column]))}{what} move its V as it moved, with the parameters "
        f"that NEST has now{others}: {_WAY_OUT} before each change, and pass past=before."
    )


#: What to do about it; who changes parameters says before which change.
_WAY_OUT = (
    "if those of the neuron or of a generator were changed between two Simulate calls, keep before = "
    "nest.snapshot(multimeter) (of neo_currentscape.adapters)"
)


def _until(group: Group, column: int, sample: int) -> str:
    until = group.grid.times[min(sample, len(group.grid.times) - 1)]
    return f"Up to about {until:g} ms the currents of node {group.nodes[column]} ({group.name}) "
