"""Shapes with a formula that a missing current may have: a constant, a step, a conductance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import quantities as pq

from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conventions import units


@dataclass(frozen=True)
class Shape:
    """What a residual looks like.

    Attributes
    ----------
    kind : {"constant", "step", "follows V", "partly", "axial", "jumps", "spikes only", "other"}
    text : str
        Half a sentence with the numbers.
    left : float
        Mean square that is left after it, in squares of the scatter.
    beyond : float
        Part of the residual's charge that is left after it, beyond the scatter.
    numbers : dict of str to Quantity
        "g" and "E", "value", "t_start", "t_stop", "tau", where they belong to the kind.
    """

    kind: str
    text: str
    left: float
    beyond: float = 1.0
    numbers: dict[str, pq.Quantity] = field(default_factory=dict)


def weights(terms: Terms) -> np.ndarray:
    """Weight of each sample in a fit, shape (time,): its time over the square of its scatter."""
    return np.where(terms.used, terms.durations / terms.scatter**2, 0.0)


def left_by(terms: Terms, fit: np.ndarray | float) -> tuple[float, float]:
    """What a fit leaves: the mean square, and the part of the charge beyond the scatter."""
    left = np.abs(np.nan_to_num(terms.residual) - fit)
    charge = terms.mean(np.maximum(left - terms.scatter, 0)) / terms.mean(np.abs(terms.residual))
    return terms.mean((left / terms.scatter) ** 2), charge


def direction(value: float) -> str:
    """The direction of a missing membrane current: an outward one leaves a negative residual."""
    return "outward" if value < 0 else "inward"


def amount(value: float, terms: Terms) -> str:
    """A residual's size in readable units, with the direction of the missing current."""
    return f"{units.readable(pq.Quantity(abs(value), terms.unit.units))} {direction(value)}"


def fit(columns: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted least squares: what the columns are multiplied by to come near the target."""
    root = np.sqrt(weights)[:, None]
    return np.linalg.lstsq(columns * root, target * root[:, 0], rcond=None)[0]


def constant(terms: Terms) -> Shape:
    """The same current all the time."""
    value = float(np.average(np.nan_to_num(terms.residual), weights=weights(terms)))
    text = f"it is constant, {amount(value, terms)}, as from an electrode or a leak that was not recorded"
    return Shape("constant", text, *left_by(terms, value), {"value": pq.Quantity(value, terms.unit.units)})


def step(terms: Terms) -> Shape | None:
    """A constant between two times, such as a current pulse."""
    residual = np.nan_to_num(terms.residual)
    clear = terms.used & (np.abs(residual) > 3 * terms.scatter)
    if not clear.any():
        return None
    inside = np.flatnonzero(terms.used & (np.abs(residual) > 0.5 * np.median(np.abs(residual[clear]))))
    first, last = inside[0], inside[-1]
    window = np.zeros(len(residual), dtype=bool)
    window[first : last + 1] = True
    inner = weights(terms) * window
    if not inner.any():
        return None
    value = float(np.average(residual, weights=inner))
    start, stop = pq.Quantity(terms.times[first], "ms"), pq.Quantity(terms.times[last], "ms")
    text = (
        f"it is constant, {amount(value, terms)}, from {float(start):g} to {float(stop):g} ms, as from an "
        "electrode that was not recorded"
    )
    numbers = {"value": pq.Quantity(value, terms.unit.units), "t_start": start, "t_stop": stop}
    return Shape("step", text, *left_by(terms, np.where(window, value, 0.0)), numbers)


def conductance(terms: Terms) -> Shape:
    """The missing current -r = g (V - E), by weighted least squares."""
    voltage = np.nan_to_num(terms.voltage)  # type: ignore[arg-type]
    columns = np.column_stack([voltage, np.ones(len(voltage))])
    slope, offset = fit(columns, -np.nan_to_num(terms.residual), weights(terms))
    left = left_by(terms, -(columns @ [slope, offset]))
    g = in_conductance(slope, terms)
    if slope == 0:
        return Shape("follows V", "it does not depend on V", *left)
    reversal = pq.Quantity(-offset / slope, terms.voltage_unit.units)
    text = (
        f"it follows V, as a conductance of {units.readable(g)} with reversal at {units.readable(reversal)}"
    )
    if slope < 0:
        text = (
            f"it follows V with a negative slope of {units.readable(g)}, as a current counted twice would"
        )
    return Shape("follows V", text, *left, {"g": g, "E": reversal})


def in_conductance(slope: float, terms: Terms) -> pq.Quantity:
    """A slope in units of currents over voltage, in the usual unit of a conductance."""
    raw = pq.Quantity(slope, terms.unit.units / terms.voltage_unit.units)
    for kind, unit in (("conductance", "uS"), ("conductance density", "mS/cm**2")):
        if units.same_dimension(raw, units.parse_units(units.REFERENCE_UNITS[kind])):
            return raw.rescale(unit)
    return raw
