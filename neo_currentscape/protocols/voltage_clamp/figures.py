"""Figures of voltage clamp: sweeps and commands, and what was read off them over the voltage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.protocols.iv import BoltzmannPanel, InstantaneousPanel, IVPanel, TausPanel
from neo_currentscape.panels.protocols.sweeps import CommandPanel, SweepsPanel
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps


@dataclass(frozen=True)
class _Shown:
    """Sweeps under a name of their own, for a panel."""

    sweeps: Sweeps


def iv_figure(found: Any, **options: Any) -> Figure:
    """Sweeps, command, current and, where a reversal tells it, conductance over the voltage."""
    panels = [SweepsPanel(found), CommandPanel(found), IVPanel(found)]
    if np.isfinite(found.conductance.magnitude).any():
        panels.append(BoltzmannPanel(found))
    return Figure(*panels, **options)


def inactivation_figure(found: Any, **options: Any) -> Figure:
    """Sweeps, command, and the availability over the voltage."""
    return Figure(SweepsPanel(found), CommandPanel(found), BoltzmannPanel(found), **options)


def tails_figure(found: Any, **options: Any) -> Figure:
    """Sweeps, command, and sizes and time constants of the tails over the voltage."""
    sizes = InstantaneousPanel(found) if found.varied else BoltzmannPanel(found)
    return Figure(SweepsPanel(found), CommandPanel(found), sizes, TausPanel(found), **options)


def leak_figure(found: Any, **options: Any) -> Figure:
    """Recorded, subtracted and remaining currents, and the command."""
    named = ((found.recorded, "Recorded"), (found.leaks, "Leak"), (found.sweeps, "Without"))
    return _of_sweeps(named, found, options)


def series_figure(found: Any, **options: Any) -> Figure:
    """Recorded and corrected currents, how far the membrane is off the command, and the command."""
    from dataclasses import replace

    off = replace(found.recorded, current=found.voltage_error.magnitude)
    shown = [SweepsPanel(_Shown(s), ylabel=f"{n}\n(pA)") for s, n in _pair(found)]
    panels = [*shown, SweepsPanel(_Shown(off), ylabel="I·Rs\n(mV)", height=0.7), CommandPanel(found)]
    return Figure(*panels, **options)


def _pair(found: Any) -> tuple[tuple[Sweeps, str], ...]:
    return ((found.recorded, "Recorded"), (found.sweeps, "Corrected"))


def _of_sweeps(named: Any, found: Any, options: dict[str, Any]) -> Figure:
    panels = [SweepsPanel(_Shown(sweeps), ylabel=f"{name}\n(pA)") for sweeps, name in named]
    return Figure(*panels, CommandPanel(found), **options)
