"""What is accepted as input: monitors of one group on one clock, names that were recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.brian2 import si
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    SignalError,
    require,
    unknown_name,
)
from neo_currentscape.conventions.given import names
from neo_currentscape.conventions.plain_text import brief


def check(monitor: Any) -> None:
    """Refuse what is no StateMonitor, or holds nothing yet."""
    brian2 = require("brian2", "brian2", "Reading a StateMonitor")
    if not isinstance(monitor, brian2.StateMonitor):
        raise ArgumentTypeError(
            f"A brian2.StateMonitor is needed, not {type(monitor).__name__}: record with "
            "StateMonitor(group, ['v', ...], record=True)."
        )
    if len(monitor.t_) < 2:
        raise SelectionError(
            f"StateMonitor {monitor.name!r} holds {len(monitor.t_)} samples: run the simulation first."
        )


def chosen(monitors: Sequence[Any], variables: Sequence[str] | None) -> list[str]:
    """The variables to take from monitors of one group on one clock."""
    wanted = None if variables is None else names(variables, "variables= takes names of what was recorded")
    recorded: list[str] = []
    for monitor in monitors:
        if monitor.clock.dt_ != monitors[0].clock.dt_:
            raise SignalError(
                f"StateMonitors {monitors[0].name!r} and {monitor.name!r} have different clocks: "
                "make a segment of each."
            )
        if getattr(monitor.source, "source", monitor.source) is not getattr(
            monitors[0].source, "source", monitors[0].source
        ):
            raise SelectionError(
                f"StateMonitors {monitors[0].name!r} and {monitor.name!r} record different groups: "
                "make a segment of each."
            )
        recorded += [name for name in monitor.record_variables if name not in recorded]
    for name in wanted or ():
        if name not in recorded:
            raise unknown_name("recorded variable", name, recorded)
    return recorded if wanted is None else wanted


def check_names(given: Mapping[str, str], recorded: Sequence[str]) -> None:
    """Refuse names that were not recorded."""
    for name in given:
        if name not in recorded:
            raise unknown_name("recorded variable", name, recorded)


def check_given(group: Any, voltage: Any, spikes: Any) -> None:
    """Refuse a membrane potential that the group has not, and spikes that are no SpikeMonitor's."""
    if voltage is not None and (not isinstance(voltage, str) or voltage not in group.equations):
        raise unknown_name("equation in voltage=", brief(voltage), sorted(group.equations))
    if spikes is not None and not (hasattr(spikes, "t_") and hasattr(spikes, "i")):
        raise ArgumentTypeError(f"spikes= takes a brian2.SpikeMonitor of the group, not {brief(spikes)}.")


def quantity(value: Any) -> Any:
    """A quantity of Neo's kind, also from one of Brian2's."""
    if hasattr(value, "dim"):
        numbers, unit = si.convert(np.asarray(value), si.exponents_of(value))
        if numbers.ndim:
            raise ArgumentError(f"area holds {numbers.size} values: give the one of a neuron.")
        return float(numbers) * unit
    return value
