"""Whether the present parameters are those that moved the voltage, where all currents are known.

NEST hands out the parameters that neurons and generators have now. Were they changed between two calls of
``nest.Simulate``, the currents of the time before are computed with wrong ones, and V did not follow them.
"""

from __future__ import annotations

import numpy as np

from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError

#: Samples that are looked at together.
WINDOW = 50

#: Part of the current that may be unexplained in a window: samples cannot follow the spikes of models in
#: which V is never set.
MOST, MOST_OF_SPIKES = 0.05, 0.4

#: Windows that have to be wrong: what sets V in one, as a new V_m does, is no change of a parameter.
LEAST = 2


def refuse_changed(writer: Writer, group: Group) -> None:
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
    """
    model = group.model
    if model is None or model.unrecorded or model.gap_junctions:
        return
    if group.sampling.number > 1 or len(group.grid.times) < LEAST * WINDOW:
        return
    for site, (parameter, _) in model.capacitance.items():
        if parameter in group.parameters:
            _check(writer, group, site, group.parameters[parameter])


def _check(writer: Writer, group: Group, site: str | None, capacitance: np.ndarray) -> None:
    mine = [s for s in writer.signals if s.annotations.get("site") == site]
    voltage = [s for s in mine if s.annotations["role"] == "voltage"]
    if not voltage or voltage[0].shape[1] != len(group.nodes):
        return
    assert group.model is not None
    unit = units.parse_units(group.model.currents).units
    rest = capacitance * np.diff(voltage[0].magnitude, axis=0, append=np.nan) / group.sampling.interval
    size = np.abs(rest)
    for signal in mine:
        if signal.annotations["role"] in ("current", "electrode", "axial"):
            if signal.shape[1] != len(group.nodes):
                return
            numbers = signal.magnitude * float(units.parse_units(signal.units).rescale(unit))
            rest = rest + numbers if signal.annotations["positive"] == "outward" else rest - numbers
            size = size + np.abs(numbers)
    free = np.isfinite(rest)
    if group.marks is not None:
        free &= ~group.marks.held
    wrong = _wrong_windows(np.where(free, np.abs(rest), 0.0), np.where(free, size, 0.0), group)
    if (wrong.sum(axis=0) >= LEAST).any():
        raise _changed(group, wrong)


def _wrong_windows(rest: np.ndarray, size: np.ndarray, group: Group) -> np.ndarray:
    """Windows of each neuron in which too much is unexplained; bool, shape (window, node)."""
    assert group.model is not None
    n = len(rest) // WINDOW * WINDOW
    shape = (-1, WINDOW, rest.shape[1])
    rest, size = rest[:n].reshape(shape), size[:n].reshape(shape)
    # Without the largest, so that a V that is set once is no reason.
    left = rest.sum(axis=1) - rest.max(axis=1)
    most = MOST_OF_SPIKES if group.model.smooth else MOST
    return left > most * size.sum(axis=1) + 1e-6 * size.sum(axis=1).max(axis=0)


def _changed(group: Group, wrong: np.ndarray) -> ArgumentError:
    column = int(np.argmax(wrong.sum(axis=0)))
    last = int(np.flatnonzero(wrong[:, column])[-1])
    until = group.grid.times[min((last + 1) * WINDOW, len(group.grid.times) - 1)]
    node = f"node {group.nodes[column]} ({group.name})"
    return ArgumentError(
        f"Up to about {until:g} ms the currents of {node} do not move its V as it moved, with the "
        "parameters that NEST has now: if those of the neuron or of a generator were changed between two "
        "Simulate calls, keep before = nest.snapshot(multimeter) (of neo_currentscape.adapters) before the "
        "change, and pass past=before; else write derived=False, or give stimulus=... for what else is "
        "injected."
    )
