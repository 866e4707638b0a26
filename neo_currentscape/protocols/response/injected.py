"""The current that was injected, out of recorded signals, and when it was told to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import SelectionError, SignalError, UnitsError, warn
from neo_currentscape.protocols.response.channel_values import column_of, values_of
from neo_currentscape.protocols.response.injection import SAME, Told
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import not_found
from neo_currentscape.recording.patterns import matching
from neo_currentscape.recording.select import quoted

#: A measured current that differs from its command by more than this part of it was not injected as told:
#: gains of amplifiers are true to a few percent.
OTHER = 0.05


def in_time_of(told: Told, given: Mapping[str, Any], times: np.ndarray, sweep_time: bool) -> Told:
    """Put a told onset into the times of a trace.

    Parameters
    ----------
    told : Told
    given : mapping
        What the caller told, other than annotations.
    times : ndarray, shape (time,)
        As recorded, in ms.
    sweep_time : bool
        Whether times are to count from the first sample, as the caller's onset then does.

    Returns
    -------
    Told
        An onset that does not lie within the recording, or is the caller's in sweep time, counts from the
        first sample: the sweeps of a file may lie one after the other.
    """
    first, last = float(times[0]), float(times[-1])
    if told.onset is None or first == 0:
        return told
    onset, zero = told.onset, first if sweep_time else 0.0
    from_begin = (sweep_time and given.get("onset") is not None) or not first <= onset <= last
    if from_begin and first <= onset + first <= last:
        onset += first
    return replace(told, onset=onset - zero)


def recorded_current(
    variables: Sequence[Variable], names: Any, neuron: int | None, times: np.ndarray
) -> np.ndarray | None:
    """Sum of the recorded injected currents at the times of the voltage; None where there is none."""
    found = [v for v in variables if v.role == "electrode"]
    sent = [v for v in variables if v.role == "command" and v.kind != "voltage"]
    if names is None and _is_as_sent(found, sent, neuron, times):
        found = sent
    if names is not None:
        found = named(variables, names)
    found = [v for v in found if column_of(v, neuron) is not None]
    if not found:
        return None
    parts = [(v, _in_nanoamperes(v, neuron, times)) for v in found]
    active = [(v, part) for v, part in parts if np.any(part)]
    sites = sorted({v.site for v, _ in active if v.site is not None})
    if len(sites) > 1 and names is None:
        raise SelectionError(
            f"Currents were injected at {len(sites)} sites ({quoted(sites)}): choose with electrode=..."
        )
    return np.sum([part for _, part in parts], axis=0)


def named(variables: Sequence[Variable], names: Any) -> list[Variable]:
    """The injected currents that the caller names; SelectionError for a name that no signal has."""
    found = []
    for name in [names] if isinstance(names, str) else list(names):
        hits = matching(variables, name)
        if not hits:
            raise not_found(variables, name, "electrode=")
        found.extend(hits)
    return found


def _is_as_sent(
    measured: Sequence[Variable], sent: Sequence[Variable], neuron: int | None, times: np.ndarray
) -> bool:
    """Whether the command stands for what was injected: nobody measured it, or it follows the command."""
    if not measured or not sent:
        return bool(sent)
    if len(sent) > 1 or any(column_of(v, neuron) is None for v in (*measured, *sent)):
        return False
    command = _in_nanoamperes(sent[0], neuron, times)
    change = command - command.mean()
    if not np.any(np.abs(change) > SAME * np.abs(command).max()):
        return False
    found = np.sum([_in_nanoamperes(v, neuron, times) for v in measured], axis=0)
    factor = float(change @ (found - found.mean()) / (change @ change))
    if abs(factor - 1) > OTHER:
        warn(
            f"The measured current {measured[0].name!r} moves {factor:.3g} times as far as the command "
            f"{sent[0].name!r}, and is taken for what was injected: write electrode={sent[0].name!r} to "
            "take the command."
        )
        return False
    return True


def _in_nanoamperes(variable: Variable, neuron: int | None, times: np.ndarray) -> np.ndarray:
    unit, factor = "nA", 1.0
    if variable.kind == "current density":
        if variable.area is None:
            raise UnitsError(
                f"Injected current {variable.name!r} is a density ({unit_tools.label(variable.units)}) "
                "without an area: annotate the signal with area=..., so that it becomes absolute."
            )
        unit, factor = "nA/um**2", float(variable.area.rescale("um**2"))
    elif variable.kind != "current":
        raise UnitsError(
            f"Injected current {variable.name!r} is in {unit_tools.label(variable.units) or 'no unit'}: "
            f"write units={{{variable.name!r}: 'nA'}}."
        )
    own, values = values_of(variable, neuron, unit)
    # What is injected is inward positive, whatever its name, unless it is annotated otherwise.
    values = values * factor * (-1.0 if variable.positive == "outward" else 1.0)
    if own is times or (len(own) == len(times) and float(np.abs(own - times).max()) <= 1e-6):
        return values
    raise SignalError(
        f"Injected current {variable.name!r} has {len(own)} samples from {own[0]:g} to {own[-1]:g} ms, the "
        f"voltage {len(times)} from {times[0]:g} to {times[-1]:g} ms: record both at the same times."
    )
