"""Panels of networks: `neo_currentscape.network`."""

from neo_currentscape.panels.network.cells import PositionsPanel, RatesPanel
from neo_currentscape.panels.network.pairs import ConnectionHistogramPanel, DistancePanel, PairTablePanel
from neo_currentscape.panels.network.raster import RasterPanel
from neo_currentscape.panels.network.report import ReportPanel

__all__ = [
    "ConnectionHistogramPanel",
    "DistancePanel",
    "PairTablePanel",
    "PositionsPanel",
    "RasterPanel",
    "RatesPanel",
    "ReportPanel",
]
