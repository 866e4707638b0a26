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
    "CellRecording": "neo_currentscape.spatial.cell",
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
    "AttributionPanel": "neo_currentscape.panels.extended",
    "TreePanel": "neo_currentscape.panels.tree",
    "FieldPanel": "neo_currentscape.panels.field",
    "FieldSharesPanel": "neo_currentscape.panels.field",
    "ContactsPanel": "neo_currentscape.panels.field",
    "balance": "neo_currentscape.analysis.balance",
    "Balance": "neo_currentscape.analysis.balance",
    "read_lazy": "neo_currentscape.recording.lazy.files",
    "plot": "neo_currentscape.compat.call",
    "CurrentscapeError": "neo_currentscape.conventions.errors",
    "CurrentscapeWarning": "neo_currentscape.conventions.errors",
}

#: Public sub-packages, loaded when they are first used.
_PACKAGES = ("adapters", "extracellular", "models", "spatial")

__all__ = [*_HOME, *_PACKAGES, "__version__"]

if TYPE_CHECKING:
    from neo_currentscape.analysis.balance import Balance as Balance
    from neo_currentscape.analysis.balance import balance as balance
    from neo_currentscape.analysis.currentscape import Currentscape as Currentscape
    from neo_currentscape.compat.call import plot as plot
    from neo_currentscape.conventions.errors import CurrentscapeError as CurrentscapeError
    from neo_currentscape.conventions.errors import CurrentscapeWarning as CurrentscapeWarning
    from neo_currentscape.figure.figure import Figure as Figure
    from neo_currentscape.panels.contributions import ContributionsPanel as ContributionsPanel
    from neo_currentscape.panels.currents import CurrentsPanel as CurrentsPanel
    from neo_currentscape.panels.extended import AttributionPanel as AttributionPanel
    from neo_currentscape.panels.field import ContactsPanel as ContactsPanel
    from neo_currentscape.panels.field import FieldPanel as FieldPanel
    from neo_currentscape.panels.field import FieldSharesPanel as FieldSharesPanel
    from neo_currentscape.panels.ions import ElectrodePanel as ElectrodePanel
    from neo_currentscape.panels.ions import IonsPanel as IonsPanel
    from neo_currentscape.panels.residual import ResidualPanel as ResidualPanel
    from neo_currentscape.panels.shares import SharesPanel as SharesPanel
    from neo_currentscape.panels.total import TotalPanel as TotalPanel
    from neo_currentscape.panels.tree import TreePanel as TreePanel
    from neo_currentscape.panels.voltage import VoltagePanel as VoltagePanel
    from neo_currentscape.recording.lazy.files import read_lazy as read_lazy
    from neo_currentscape.recording.recording import Recording as Recording
    from neo_currentscape.spatial.cell import CellRecording as CellRecording


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
