"""Figures of protocols: what was found, and the currentscape of the same trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.protocols.carriers import CarriersPanel
from neo_currentscape.panels.protocols.clamp import ClampPanel
from neo_currentscape.panels.protocols.fi import FIPanel
from neo_currentscape.panels.protocols.passive import PassivePanel
from neo_currentscape.panels.protocols.runs import CurrentsOfSweepsPanel, DeflectionsPanel, VoltagesPanel
from neo_currentscape.panels.protocols.sweeps import CommandPanel, SweepsPanel
from neo_currentscape.panels.protocols.traces import InjectedPanel, ResponsePanel
from neo_currentscape.panels.protocols.zap import ImpedancePanel, PhasePanel
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.total import TotalPanel


def protocol_figure(found: Any, currents: bool | None = None, **options: Any) -> Figure:
    """Draw a protocol's figure, with the currentscape of the same trace.

    Parameters
    ----------
    found : object
        What the protocol gave.
    currents : bool, optional
        Whether the currentscape and the carriers are drawn; by default where membrane currents were
        recorded.
    **options
        Of `neo_currentscape.Figure`.

    Returns
    -------
    Figure
    """
    panels = found.figure_panels()
    if found.has_currents if currents is None else currents:
        unit = found.scape.recording.currents.units
        if units.kind(unit) == "current":  # one unit in a figure
            panels = [replace(p, units=unit) if type(p) is InjectedPanel else p for p in panels]
        panels += current_panels(found)
    return Figure(*panels, **options)


def current_panels(found: Any) -> list[Any]:
    """Panels of the currentscape of the trace, and of the carriers where there are some."""
    scape, carriers = found.scape, getattr(found, "carriers", None)
    shown = [TotalPanel(scape, "outward"), SharesPanel(scape), TotalPanel(scape, "inward")]
    return shown if carriers is None else [*shown, CarriersPanel(carriers)]


def clamp_panels(found: Any) -> list[Any]:
    """Voltage with the spikes, and the injected current."""
    return [ClampPanel(found), InjectedPanel(found)]


def fi_panels(found: Any) -> list[Any]:
    """The curve, and voltage and current at the rheobase; of the last step where there is none."""
    run = found.rheobase_run or found.runs[-1]
    return [FIPanel(found), *run.figure_panels()]


def passive_panels(found: Any) -> list[Any]:
    """Voltage with the fits, and the injected current."""
    return [PassivePanel(found), InjectedPanel(found)]


def passive_sweeps_panels(found: Any) -> list[Any]:
    """The voltages and currents of all steps, and the deflections over their amplitudes."""
    return [VoltagesPanel(found), CurrentsOfSweepsPanel(found), DeflectionsPanel(found)]


def clamp_sweeps_panels(found: Any) -> list[Any]:
    """The voltages and currents of all sweeps."""
    return [VoltagesPanel(found), CurrentsOfSweepsPanel(found)]


def zap_panels(found: Any) -> list[Any]:
    """|Z| and phase over the frequency, voltage and current."""
    return [ImpedancePanel(found), PhasePanel(found), ResponsePanel(found), InjectedPanel(found)]


def subtraction_figure(found: Any, **options: Any) -> Figure:
    """Draw what was before and after a blocker, what it took away, and the command."""
    named = ((found.control, "Control"), (found.blocked, "Blocked"), (found, "Difference"))
    panels = [SweepsPanel(source, ylabel=f"{name}\n(pA)") for source, name in named]
    return Figure(*panels, CommandPanel(found), **options)
