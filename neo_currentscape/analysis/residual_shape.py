"""The shape of a residual that no change of the recorded terms explains: which current is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import quantities as pq

from neo_currentscape.analysis.balance_terms import Terms
from neo_currentscape.analysis.hypotheses import explains, is_exact, score
from neo_currentscape.conventions import units

#: A part of the residual's charge that is enough to say that the rest does not count.
MOST = 0.8

#: Samples at which a recording is looked at when time constants are looked for.
MOST_SAMPLES = 1 << 14

#: Time constants of a neighbouring compartment that are tried, in ms.
TIME_CONSTANTS = np.geomspace(0.05, 300.0, 26)


@dataclass(frozen=True)
class Shape:
    """What a residual looks like.

    Attributes
    ----------
    kind : {"constant", "step", "follows V", "axial", "jumps", "spikes only", "other"}
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


def describe(terms: Terms) -> Shape:
    """Find the simplest shape that explains the residual.

    Parameters
    ----------
    terms : Terms

    Returns
    -------
    Shape
        Of the current that is missing, in its own direction.
    """
    before = terms.mean((np.nan_to_num(terms.residual) / terms.scatter) ** 2)
    jumps = _jumps(terms, before)
    if jumps is not None:
        return jumps
    simple = _simple(terms)
    good = [
        s for s in simple if explains(s.left, before) and s.beyond < 1 - MOST and is_credible(s, before)
    ]
    if _varies(terms) and not any(s.left <= 1 or is_exact(s.left, before) for s in good):
        axial = _axial(terms)
        if axial is not None and axial.left < GOOD_AXIAL * min(before, *(s.left for s in simple)):
            good.append(axial)
    if good:
        return min(good, key=lambda s: score(s.left, before, penalty(s)))
    found = None
    if _varies(terms):
        found = _spikes(terms, before) or _partly(simple[-1], before)
    return found or _other(terms, before)


#: How much simpler a change of the recorded terms has to be than a current of that shape.
PENALTY = {"constant": 1.0, "step": 1.5, "follows V": 2.0, "axial": 3.5}


def penalty(shape: Shape) -> float:
    """What counts against a shape when it is compared with other explanations."""
    # A negative conductance is no missing current, but one of which there is too much.
    return PENALTY.get(shape.kind, 2.0) + 2.0 * _is_negative(shape)


def is_credible(shape: Shape, before: float) -> bool:
    """Whether a shape may win at all, however well it fits.

    A difference quotient that is a little too small or too large leaves a part of ``C dV/dt``, which
    follows V exactly where the membrane is passive. Where the residual lies within the scatter, a
    current that would grow against its driving force is therefore what the sampling leaves.

    Parameters
    ----------
    shape : Shape
    before : float
        Mean square of the residual, in squares of the scatter.
    """
    return before > 1 or not _is_negative(shape)


def _is_negative(shape: Shape) -> bool:
    return "g" in shape.numbers and bool(shape.numbers["g"].magnitude < 0)


def exact(terms: Terms, before: float) -> Shape | None:
    """Find a simple shape that leaves nothing but rounding, of a residual however small.

    Parameters
    ----------
    terms : Terms
    before : float
        Mean square of the residual, in squares of the scatter.

    Returns
    -------
    Shape or None
    """
    found = (s for s in _simple(terms) if is_exact(s.left, before) and is_credible(s, before))
    return next(found, None)


def _simple(terms: Terms) -> list[Shape]:
    found = [_constant(terms), _step(terms)]
    if _varies(terms):
        found.append(_conductance(terms))
    return [shape for shape in found if shape is not None]


#: An axial current must explain this much better than a conductance does.
GOOD_AXIAL = 0.1


def _varies(terms: Terms) -> bool:
    if terms.voltage is None:
        return False
    voltage = terms.voltage[terms.used]
    return bool(np.ptp(voltage) > 1e-9 * np.abs(voltage).max())


def _weights(terms: Terms) -> np.ndarray:
    return np.where(terms.used, terms.durations / terms.scatter**2, 0.0)


def _left(terms: Terms, fit: np.ndarray | float) -> tuple[float, float]:
    """What a fit leaves: the mean square, and the part of the charge beyond the scatter."""
    left = np.abs(np.nan_to_num(terms.residual) - fit)
    charge = terms.mean(np.maximum(left - terms.scatter, 0)) / terms.mean(np.abs(terms.residual))
    return terms.mean((left / terms.scatter) ** 2), charge


def _direction(value: float) -> str:
    """The direction of a missing membrane current: an outward one leaves a negative residual."""
    return "outward" if value < 0 else "inward"


def _amount(value: float, terms: Terms) -> str:
    return f"{units.readable(pq.Quantity(abs(value), terms.unit.units))} {_direction(value)}"


def _constant(terms: Terms) -> Shape:
    value = float(np.average(np.nan_to_num(terms.residual), weights=_weights(terms)))
    text = f"it is constant, {_amount(value, terms)}, as from an electrode or a leak that was not recorded"
    return Shape("constant", text, *_left(terms, value), {"value": pq.Quantity(value, terms.unit.units)})


def _step(terms: Terms) -> Shape | None:
    """A constant between two times, such as a current pulse."""
    residual = np.nan_to_num(terms.residual)
    clear = terms.used & (np.abs(residual) > 3 * terms.scatter)
    if not clear.any():
        return None
    inside = np.flatnonzero(terms.used & (np.abs(residual) > 0.5 * np.median(np.abs(residual[clear]))))
    first, last = inside[0], inside[-1]
    window = np.zeros(len(residual), dtype=bool)
    window[first : last + 1] = True
    weights = _weights(terms) * window
    if not weights.any():
        return None
    value = float(np.average(residual, weights=weights))
    start, stop = pq.Quantity(terms.times[first], "ms"), pq.Quantity(terms.times[last], "ms")
    text = (
        f"it is constant, {_amount(value, terms)}, from {float(start):g} to {float(stop):g} ms, as from an "
        "electrode that was not recorded"
    )
    numbers = {"value": pq.Quantity(value, terms.unit.units), "t_start": start, "t_stop": stop}
    return Shape("step", text, *_left(terms, np.where(window, value, 0.0)), numbers)


def _fit(columns: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    root = np.sqrt(weights)[:, None]
    return np.linalg.lstsq(columns * root, target * root[:, 0], rcond=None)[0]


def _conductance(terms: Terms) -> Shape:
    """The missing current -r = g (V - E), by weighted least squares."""
    voltage = np.nan_to_num(terms.voltage)  # type: ignore[arg-type]
    columns = np.column_stack([voltage, np.ones(len(voltage))])
    slope, offset = _fit(columns, -np.nan_to_num(terms.residual), _weights(terms))
    left = _left(terms, -(columns @ [slope, offset]))
    g = conductance(slope, terms)
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


def conductance(slope: float, terms: Terms) -> pq.Quantity:
    """A slope in units of currents over voltage, in the usual unit of a conductance."""
    raw = pq.Quantity(slope, terms.unit.units / terms.voltage_unit.units)
    for kind, unit in (("conductance", "uS"), ("conductance density", "mS/cm**2")):
        if units.same_dimension(raw, units.parse_units(units.REFERENCE_UNITS[kind])):
            return raw.rescale(unit)
    return raw


def _axial(terms: Terms) -> Shape | None:
    """The current from a passive neighbour: r = G (V2 - V) with tau V2' = V + const - V2."""
    lines = _averaged(terms)
    best = min((_neighbour(*lines, tau) for tau in TIME_CONSTANTS), key=lambda fit: fit[0])
    # Once more, between the two time constants beside the best one.
    ratio = TIME_CONSTANTS[1] / TIME_CONSTANTS[0]
    finer = best[1] * ratio ** np.linspace(-1, 1, 21)
    left, tau, numbers = min((_neighbour(*lines, tau) for tau in finer), key=lambda fit: fit[0])
    if not (numbers[0] < 0 < numbers[2]):
        return None  # what flows in from a neighbour opposes V, and follows the neighbour's delayed V
    g = conductance(-numbers[0], terms)
    text = (
        "it looks like the axial current of a multi-compartment cell, through "
        f"{units.readable(g)} to a neighbour that follows with {tau:.2g} ms"
    )
    return Shape("axial", text, left, numbers={"g": g, "tau": pq.Quantity(tau, "ms")})


def _neighbour(
    residual: np.ndarray, voltage: np.ndarray, weights: np.ndarray, step: float, tau: float
) -> tuple[float, float, np.ndarray]:
    """Fit a neighbour of one time constant: mean square left, time constant, coefficients."""
    columns = np.column_stack([voltage, np.ones(len(voltage)), _low_pass(voltage, step / tau)])
    numbers = _fit(columns, residual, weights)
    return float(np.mean(weights * (residual - columns @ numbers) ** 2)), float(tau), numbers


def _averaged(terms: Terms) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Residual, voltage and weights at equal steps, at most `MOST_SAMPLES`, and the step in ms."""
    used = terms.used
    n = min(len(terms.times), MOST_SAMPLES)
    grid = np.linspace(terms.times[0], terms.times[-1], n)
    lines = (terms.residual, terms.voltage, 1 / terms.scatter**2)
    out = [np.interp(grid, terms.times[used], line[used]) for line in lines]  # type: ignore[index]
    return out[0], out[1], out[2], float(grid[1] - grid[0])


def _low_pass(voltage: np.ndarray, ratio: float) -> np.ndarray:
    """First-order low-pass that starts in the steady state; `ratio` is step over time constant."""
    n = len(voltage)
    kernel = np.exp(-ratio * np.arange(n)) * (1 - np.exp(-ratio))
    size = 2 * n
    start = voltage[0]
    out = np.fft.irfft(np.fft.rfft(voltage - start, size) * np.fft.rfft(kernel, size), size)[:n]
    return out + start


#: Samples that a jump of V may take.
LONGEST_JUMP = 3


def _jumps(terms: Terms, before: float) -> Shape | None:
    """Whether the residual is there where V jumps, faster than the known currents could move it."""
    capacitive = np.abs(terms.numbers[:, 0])
    jumps = terms.used & (capacitive > 10 * np.abs(terms.numbers[:, 1:]).sum(axis=1))
    charge = np.abs(np.nan_to_num(terms.residual)) * terms.durations
    starts = np.count_nonzero(np.diff(jumps.astype(np.int8), prepend=0) == 1)
    if charge[jumps].sum() < MOST * charge.sum() or np.count_nonzero(jumps) > LONGEST_JUMP * starts:
        return None
    first = terms.times[np.argmax(jumps)]
    text = (
        f"it flows in single samples only, where V jumps (first at {first:.6g} ms, jumps: {starts}): if "
        "these are resets or clamps, mark them with clamped=..."
    )
    return Shape("jumps", text, before)


def _spikes(terms: Terms, before: float) -> Shape | None:
    """Whether the residual flows during spikes, and nowhere else."""
    voltage = np.where(terms.used, terms.voltage, np.nan)  # type: ignore[arg-type]
    low, high = np.nanmin(voltage), np.nanmax(voltage)
    if units.kind(terms.voltage_unit) != "voltage" or (high - low) * terms.voltage_unit < 20 * pq.mV:
        return None
    slope = np.abs(terms.numbers[:, 0])
    spike = (voltage > (low + high) / 2) | (slope > 0.1 * slope[terms.used].max())
    charge = np.abs(np.nan_to_num(terms.residual)) * terms.durations
    inside = charge[spike].sum() / charge.sum()
    time = terms.durations[spike].sum() / terms.durations.sum()
    if inside < MOST or inside < 1.5 * time:
        return None
    text = (
        f"it flows during spikes only ({100 * inside:.0f} % of its charge in {100 * time:.2g} % of the "
        f"time, {_peak(terms)})"
    )
    return Shape("spikes only", text, before)


def _partly(follows: Shape, before: float) -> Shape | None:
    if follows.left > (1 - MOST) * before or follows.beyond > 0.5:
        return None
    if _is_negative(follows):
        return None  # whatever drives V goes with it
    part = 100 * (1 - follows.left / before)
    return replace(follows, text=f"{follows.text} ({part:.0f} % of it)")


def _other(terms: Terms, before: float) -> Shape:
    return Shape("other", f"it has no simple shape ({_peak(terms)})", before)


def _peak(terms: Terms) -> str:
    at = int(np.nanargmax(np.abs(terms.residual)))
    return f"largest at {terms.times[at]:.6g} ms, {_amount(float(terms.residual[at]), terms)}"
