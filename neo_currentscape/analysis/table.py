"""A currentscape as a table: one row for each current."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import require
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction.shares import Shares

if TYPE_CHECKING:
    import pandas


def rows(scape: Shares) -> dict[str, Any]:
    """Compute the columns of the table.

    Parameters
    ----------
    scape : Shares

    Returns
    -------
    dict of str to ndarray, shape (current,)
        Under the names of `Currentscape.to_dataframe`.
    """
    charge = {d: scape.charge(d).magnitude for d in DIRECTIONS}
    contribution = {d: scape.contributions(d) for d in DIRECTIONS}
    peak = {d: scape.peaks(d) for d in DIRECTIONS}
    table: dict[str, Any] = {}
    for name, column in (("charge", charge), ("contribution", contribution), ("peak", peak)):
        table.update({f"{name}_{d}": column[d] for d in DIRECTIONS})
    rank = np.empty(len(scape.names), dtype=int)
    rank[scape.ranking] = np.arange(1, len(rank) + 1)
    table["rank"] = rank
    return table


def to_dataframe(scape: Shares) -> pandas.DataFrame:
    """Make the table; see `Currentscape.to_dataframe`."""
    pandas = require("pandas", "table", "to_dataframe()")
    frame = pandas.DataFrame(rows(scape), index=pandas.Index(scape.names, name="current"))
    unit = scape.recording.currents.units
    frame.attrs["units"] = {
        **{f"charge_{d}": units.label(scape.charge(d)) for d in DIRECTIONS},
        **{f"peak_{d}": units.label(unit) for d in DIRECTIONS},
    }
    return frame
