"""A currentscape as a table: one row for each current."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import require
from neo_currentscape.conventions.roles import DIRECTIONS

if TYPE_CHECKING:
    import pandas

    from neo_currentscape.analysis.currentscape import Currentscape


def rows(scape: Currentscape) -> dict[str, Any]:
    """Compute the columns of the table.

    Parameters
    ----------
    scape : Currentscape

    Returns
    -------
    dict of str to ndarray, shape (current,)
        Under the names of `Currentscape.to_dataframe`.
    """
    charge = {d: scape.charge(d).magnitude for d in DIRECTIONS}
    contribution = {d: scape.contributions(d) for d in DIRECTIONS}
    peak = {d: peaks(scape, d) for d in DIRECTIONS}
    table: dict[str, Any] = {}
    for name, column in (("charge", charge), ("contribution", contribution), ("peak", peak)):
        table.update({f"{name}_{d}": column[d] for d in DIRECTIONS})
    rank = np.empty(len(scape.names), dtype=int)
    rank[scape.ranking] = np.arange(1, len(rank) + 1)
    table["rank"] = rank
    return table


def peaks(scape: Currentscape, direction: str) -> np.ndarray:
    """Largest value of each current in one direction, shape (current,), in the currents' unit."""
    out = np.zeros(len(scape.names))
    for _, part in scape._directed_blocks(direction):
        bundled = part if scape.bundle is None else part @ scape.bundle
        np.fmax(out, np.fmax.reduce(bundled, axis=0), out=out)
    return out


def to_dataframe(scape: Currentscape) -> pandas.DataFrame:
    """Make the table; see `Currentscape.to_dataframe`."""
    pandas = require("pandas", "table", "to_dataframe()")
    frame = pandas.DataFrame(rows(scape), index=pandas.Index(scape.names, name="current"))
    unit = scape.recording.currents.units
    frame.attrs["units"] = {
        **{f"charge_{d}": units.label(scape.charge(d)) for d in DIRECTIONS},
        **{f"peak_{d}": units.label(unit) for d in DIRECTIONS},
    }
    return frame
