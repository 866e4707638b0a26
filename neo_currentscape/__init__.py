"""Currentscapes from Neo recordings: which membrane currents drive a neuron.

Everything public is named here and loaded when it is first used, so that importing the package
costs little more than importing Neo.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: Public name -> module that defines it.
_HOME = {
    "Recording": "neo_currentscape.recording.recording",
    "CellRecording": "neo_currentscape.spatial.cell_recording",
    "Currentscape": "neo_currentscape.analysis.currentscape",
    "Figure": "neo_currentscape.figure.figure",
    "VoltagePanel": "neo_currentscape.panels.voltage",
    "TotalPanel": "neo_currentscape.panels.total",
    "SharesPanel": "neo_currentscape.panels.shares",
    "CurrentsPanel": "neo_currentscape.panels.currents",
    "IonsPanel": "neo_currentscape.panels.ions",
    "ElectrodePanel": "neo_currentscape.panels.ions",
    "ContributionsPanel": "neo_currentscape.panels.contributions",
    "ResidualPanel": "neo_currentscape.panels.residual",
    "AttributionPanel": "neo_currentscape.panels.spatial.extended",
    "TreePanel": "neo_currentscape.panels.spatial.tree",
    "FieldPanel": "neo_currentscape.panels.spatial.field",
    "FieldSharesPanel": "neo_currentscape.panels.spatial.field",
    "ContactsPanel": "neo_currentscape.panels.spatial.field",
    "balance": "neo_currentscape.conservation.balance",
    "Balance": "neo_currentscape.conservation.balance",
    "summarise": "neo_currentscape.summary",
    "Summary": "neo_currentscape.summary",
    "PopulationPanel": "neo_currentscape.panels.population",
    "read_lazy": "neo_currentscape.recording.lazy.files",
    "sweep": "neo_currentscape.experiments.sweep",
    "Sweep": "neo_currentscape.experiments.sweep",
    "distribution": "neo_currentscape.experiments.distribution",
    "Distribution": "neo_currentscape.experiments.distribution",
    "perturbation": "neo_currentscape.experiments.perturbation",
    "Perturbation": "neo_currentscape.experiments.perturbation",
    "detect_spikes": "neo_currentscape.experiments.spikes",
    "event_average": "neo_currentscape.experiments.events",
    "Average": "neo_currentscape.experiments.average",
    "detect_bursts": "neo_currentscape.experiments.phase",
    "phase_average": "neo_currentscape.experiments.phase",
    "spike_phases": "neo_currentscape.experiments.spike_phases",
    "SpikePhases": "neo_currentscape.experiments.spike_phases",
    "dominant": "neo_currentscape.experiments.dominant",
    "compare": "neo_currentscape.experiments.comparison",
    "Comparison": "neo_currentscape.experiments.comparison",
    "distances": "neo_currentscape.experiments.distances",
    "Distances": "neo_currentscape.experiments.distances",
    "AveragePanel": "neo_currentscape.panels.experiments.average",
    "AverageVoltagePanel": "neo_currentscape.panels.experiments.average",
    "AverageSharesPanel": "neo_currentscape.panels.experiments.average",
    "AverageTotalPanel": "neo_currentscape.panels.experiments.average",
    "SweepPanel": "neo_currentscape.panels.experiments.sweep",
    "MultiplesPanel": "neo_currentscape.panels.experiments.multiples",
    "VoltageDistributionPanel": "neo_currentscape.panels.experiments.perturbation",
    "ShareDistributionsPanel": "neo_currentscape.panels.experiments.perturbation",
    "SpikePhasesPanel": "neo_currentscape.panels.experiments.spike_phases",
    "DominantPanel": "neo_currentscape.panels.experiments.dominant",
    "ComparedVoltagePanel": "neo_currentscape.panels.experiments.comparison",
    "DifferencePanel": "neo_currentscape.panels.experiments.comparison",
    "ChangesPanel": "neo_currentscape.panels.experiments.comparison",
    "DistancesPanel": "neo_currentscape.panels.experiments.distances",
    "plot": "neo_currentscape.compat.call",
    "CurrentscapeError": "neo_currentscape.conventions.errors",
    "CurrentscapeWarning": "neo_currentscape.conventions.errors",
}

#: Public sub-packages, loaded when they are first used.
_PACKAGES = ("adapters", "experiments", "extracellular", "models", "network", "protocols", "spatial")

__all__ = [*_HOME, *_PACKAGES, "__version__"]

if TYPE_CHECKING:
    from neo_currentscape.analysis.currentscape import Currentscape as Currentscape
    from neo_currentscape.compat.call import plot as plot
    from neo_currentscape.conservation.balance import Balance as Balance
    from neo_currentscape.conservation.balance import balance as balance
    from neo_currentscape.conventions.errors import CurrentscapeError as CurrentscapeError
    from neo_currentscape.conventions.errors import CurrentscapeWarning as CurrentscapeWarning
    from neo_currentscape.experiments.average import Average as Average
    from neo_currentscape.experiments.comparison import Comparison as Comparison
    from neo_currentscape.experiments.comparison import compare as compare
    from neo_currentscape.experiments.distances import Distances as Distances
    from neo_currentscape.experiments.distances import distances as distances
    from neo_currentscape.experiments.distribution import Distribution as Distribution
    from neo_currentscape.experiments.distribution import distribution as distribution
    from neo_currentscape.experiments.dominant import dominant as dominant
    from neo_currentscape.experiments.events import event_average as event_average
    from neo_currentscape.experiments.perturbation import Perturbation as Perturbation
    from neo_currentscape.experiments.perturbation import perturbation as perturbation
    from neo_currentscape.experiments.phase import detect_bursts as detect_bursts
    from neo_currentscape.experiments.phase import phase_average as phase_average
    from neo_currentscape.experiments.spike_phases import SpikePhases as SpikePhases
    from neo_currentscape.experiments.spike_phases import spike_phases as spike_phases
    from neo_currentscape.experiments.spikes import detect_spikes as detect_spikes
    from neo_currentscape.experiments.sweep import Sweep as Sweep
    from neo_currentscape.experiments.sweep import sweep as sweep
    from neo_currentscape.figure.figure import Figure as Figure
    from neo_currentscape.panels.contributions import ContributionsPanel as ContributionsPanel
    from neo_currentscape.panels.currents import CurrentsPanel as CurrentsPanel
    from neo_currentscape.panels.experiments.average import AveragePanel as AveragePanel
    from neo_currentscape.panels.experiments.average import AverageSharesPanel as AverageSharesPanel
    from neo_currentscape.panels.experiments.average import AverageTotalPanel as AverageTotalPanel
    from neo_currentscape.panels.experiments.average import AverageVoltagePanel as AverageVoltagePanel
    from neo_currentscape.panels.experiments.comparison import ChangesPanel as ChangesPanel
    from neo_currentscape.panels.experiments.comparison import ComparedVoltagePanel as ComparedVoltagePanel
    from neo_currentscape.panels.experiments.comparison import DifferencePanel as DifferencePanel
    from neo_currentscape.panels.experiments.distances import DistancesPanel as DistancesPanel
    from neo_currentscape.panels.experiments.dominant import DominantPanel as DominantPanel
    from neo_currentscape.panels.experiments.multiples import MultiplesPanel as MultiplesPanel
    from neo_currentscape.panels.experiments.perturbation import (
        ShareDistributionsPanel as ShareDistributionsPanel,
    )
    from neo_currentscape.panels.experiments.perturbation import (
        VoltageDistributionPanel as VoltageDistributionPanel,
    )
    from neo_currentscape.panels.experiments.spike_phases import SpikePhasesPanel as SpikePhasesPanel
    from neo_currentscape.panels.experiments.sweep import SweepPanel as SweepPanel
    from neo_currentscape.panels.ions import ElectrodePanel as ElectrodePanel
    from neo_currentscape.panels.ions import IonsPanel as IonsPanel
    from neo_currentscape.panels.population import PopulationPanel as PopulationPanel
    from neo_currentscape.panels.residual import ResidualPanel as ResidualPanel
    from neo_currentscape.panels.shares import SharesPanel as SharesPanel
    from neo_currentscape.panels.spatial.extended import AttributionPanel as AttributionPanel
    from neo_currentscape.panels.spatial.field import ContactsPanel as ContactsPanel
    from neo_currentscape.panels.spatial.field import FieldPanel as FieldPanel
    from neo_currentscape.panels.spatial.field import FieldSharesPanel as FieldSharesPanel
    from neo_currentscape.panels.spatial.tree import TreePanel as TreePanel
    from neo_currentscape.panels.total import TotalPanel as TotalPanel
    from neo_currentscape.panels.voltage import VoltagePanel as VoltagePanel
    from neo_currentscape.recording.lazy.files import read_lazy as read_lazy
    from neo_currentscape.recording.recording import Recording as Recording
    from neo_currentscape.spatial.cell_recording import CellRecording as CellRecording
    from neo_currentscape.summary import Summary as Summary
    from neo_currentscape.summary import summarise as summarise


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return importlib.import_module(f"neo_currentscape.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'neo_currentscape' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_PACKAGES})
