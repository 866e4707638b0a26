"""The table of a summary: a row for each neuron and current."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.summary.work import Row


def columns(rows: Sequence[Row], unit: Any) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Lay out what was measured.

    Parameters
    ----------
    rows : sequence of Row
        One for each neuron.
    unit : Quantity
        Of the currents.

    Returns
    -------
    table : dict of str to ndarray, shape (neuron and current,)
        As in `neo_currentscape.Summary`.
    labels : dict of str to str
        Units of the columns that have one.
    """
    sizes = [len(row.measures.names) for row in rows]

    def repeated(values: list[Any], kind: Any = object) -> np.ndarray:
        return np.repeat(np.array(values, dtype=kind), sizes)

    table = {
        "source": repeated([row.source for row in rows]),
        "segment": repeated([row.segment for row in rows], int),
        "neuron": repeated([row.neuron for row in rows]),
        "site": repeated([row.site for row in rows]),
        "current": np.array([name for row in rows for name in row.measures.names], dtype=object),
    }
    to_charge, charge_unit = _charge_unit(unit)
    for d in DIRECTIONS:
        charges = [row.measures.charge[d] for row in rows]
        table[f"charge_{d}"] = np.concatenate(charges) * to_charge
        table[f"contribution_{d}"] = np.concatenate([_parts(charge) for charge in charges])
        table[f"peak_{d}"] = np.concatenate([row.measures.peak[d] for row in rows])
        table[f"peak_share_{d}"] = np.concatenate([row.measures.peak_share[d] for row in rows])
    labels = {f"charge_{d}": charge_unit for d in DIRECTIONS}
    return table, {**labels, **{f"peak_{d}": unit_tools.label(unit) for d in DIRECTIONS}}


def _parts(charge: np.ndarray) -> np.ndarray:
    total = charge.sum()
    return charge / total if total > 0 else np.zeros_like(charge)


def _charge_unit(unit: Any) -> tuple[float, str]:
    charge = unit_tools.parse_units(unit).units * pq.ms
    wanted = {"current": unit_tools.PICOCOULOMB, "current density": unit_tools.MICROCOULOMB / pq.cm**2}
    target = wanted.get(unit_tools.kind(unit), charge)
    return float((1.0 * charge).rescale(target)), unit_tools.label(pq.Quantity(1.0, target))
