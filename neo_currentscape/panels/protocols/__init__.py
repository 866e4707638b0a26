"""Panels of the protocols of single cells: `neo_currentscape.protocols`."""

from neo_currentscape.panels.protocols.carriers import CarriersPanel
from neo_currentscape.panels.protocols.clamp import ClampPanel
from neo_currentscape.panels.protocols.fi import FIPanel
from neo_currentscape.panels.protocols.iv import BoltzmannPanel, InstantaneousPanel, IVPanel, TausPanel
from neo_currentscape.panels.protocols.passive import PassivePanel
from neo_currentscape.panels.protocols.runs import CurrentsOfSweepsPanel, DeflectionsPanel, VoltagesPanel
from neo_currentscape.panels.protocols.sweeps import CommandPanel, SweepsPanel
from neo_currentscape.panels.protocols.traces import InjectedPanel, ResponsePanel
from neo_currentscape.panels.protocols.zap import ImpedancePanel, PhasePanel

__all__ = [
    "CarriersPanel",
    "BoltzmannPanel",
    "ClampPanel",
    "CommandPanel",
    "CurrentsOfSweepsPanel",
    "DeflectionsPanel",
    "FIPanel",
    "ImpedancePanel",
    "IVPanel",
    "InjectedPanel",
    "InstantaneousPanel",
    "PassivePanel",
    "PhasePanel",
    "ResponsePanel",
    "SweepsPanel",
    "TausPanel",
    "VoltagesPanel",
]
