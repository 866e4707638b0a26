"""A currentscape as a table: one row for each current."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction.shares import Shares


def table_of(scape: Shares) -> Table:
    """Make the table of a currentscape; see `neo_currentscape.Currentscape.to_dataframe`."""
    charge = {d: scape.charge(d).magnitude for d in DIRECTIONS}
    contribution = {d: scape.contributions(d) for d in DIRECTIONS}
    peak = {d: scape.peaks(d) for d in DIRECTIONS}
    columns: dict[str, Any] = {}
    for name, column in (("charge", charge), ("contribution", contribution), ("peak", peak)):
        columns.update({f"{name}_{d}": column[d] for d in DIRECTIONS})
    error = scape.charge_error()
    if error.magnitude.any():
        columns["charge_error"] = error.magnitude
    rank = np.empty(len(scape.names), dtype=int)
    rank[scape.ranking] = np.arange(1, len(rank) + 1)
    columns["rank"] = rank
    unit = units.label(scape.recording.currents.units)
    labels = {f"charge_{d}": units.label(scape.charge(d)) for d in DIRECTIONS}
    labels |= {f"peak_{d}": unit for d in DIRECTIONS}
    if "charge_error" in columns:
        labels["charge_error"] = units.label(error)
    return Table(columns, {"current": scape.names}, labels)
