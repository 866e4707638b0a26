"""Units of the configuration: texts such as "[pA]" that label an axis and say what the numbers are."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.rows import Rows
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import UnitsError

#: Key of the unit -> what kinds of quantity it may measure.
KINDS = {
    "voltage.units": ("voltage",),
    "current.units": ("current", "current density"),
    "ions.units": ("concentration",),
    "xaxis.units": ("time",),
}


def unit_of(text: str) -> pq.Quantity | None:
    """Read the unit out of a label.

    Parameters
    ----------
    text : str
        E.g. "[pA]", "Current (nA)" or "mV".

    Returns
    -------
    Quantity or None
        None where the text names no unit.

    Examples
    --------
    >>> unit_of("Current [nA]"), unit_of("a.u.") is None
    (array(1.) * nA, True)
    """
    bracketed = re.search(r"[\[(]\s*([^\])]+?)\s*[\])]\s*$", text)
    name = bracketed[1] if bracketed else text.strip(" []()")
    if not name:
        return None
    try:
        return units.parse_units(name)
    except UnitsError:
        return None


def checked_unit(config: Config, key: str) -> pq.Quantity | None:
    """The unit that a key names, of a kind that the key can have.

    Raises
    ------
    UnitsError
        When it measures something else.
    """
    unit = unit_of(config[key])
    # What is no unit of a known kind ("a.u.", "%") is a label and nothing more.
    if unit is None or units.kind(unit) in ("other", "dimensionless"):
        return None
    if units.kind(unit) not in KINDS[key]:
        raise UnitsError(
            f"Configuration key {key!r} is {config[key]!r}, a unit of {units.kind(unit)}: write a unit of "
            f"{' or '.join(KINDS[key])}."
        )
    return unit


def in_units(config: Config, rows: Rows, key: str, keep: bool) -> tuple[np.ndarray, Any, str]:
    """Bring data into the unit that holds for their axis.

    Plain numbers are in the unit of the configuration. Data with a unit of their own are converted
    into a unit that the configuration names. Where it names none, they keep their own if `keep`
    (the limits of their axis are chosen), and else are converted into the default, in which the
    limits and ticks are.

    Parameters
    ----------
    config : Config
    rows : Rows
    key : str
        Of the unit.
    keep : bool
        Whether data may keep a unit other than the default.

    Returns
    -------
    values : ndarray, shape (variable, time)
    unit : Quantity or str
    label : str
        Of the axis.

    Raises
    ------
    UnitsError
        When the data cannot be converted.
    """
    wanted = checked_unit(config, key)
    if rows.unit is None:
        return rows.values, "dimensionless" if wanted is None else wanted, config[key]
    if wanted is None and key in config.given:
        return rows.values, rows.unit, config[key]
    chosen = key in config.given or not keep
    if wanted is not None and units.same_dimension(rows.unit, wanted):
        if not chosen:
            return rows.values, rows.unit, f"[{units.label(rows.unit)}]"
        factor = float(rows.unit.rescale(wanted.units))
        return (rows.values if factor == 1 else rows.values * factor), wanted, config[key]
    if chosen:
        said = "is" if key in config.given else "is by default"
        raise UnitsError(
            f"{rows.what} is in {units.label(rows.unit) or 'no unit'}, but configuration key {key!r} "
            f"{said} {config[key]!r}: write a unit into which {rows.what} can be converted."
        )
    return rows.values, rows.unit, f"[{units.label(rows.unit)}]"
