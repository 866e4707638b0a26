"""The residual as the current from a neighbouring compartment that was not recorded."""

from __future__ import annotations

import numpy as np
import quantities as pq

from neo_currentscape.conservation.shapes.fits import Shape, fit, in_conductance
from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conventions import units

#: Samples at which a recording is looked at when time constants are looked for.
MOST_SAMPLES = 1 << 14

#: Time constants of a neighbouring compartment that are tried, in ms.
TIME_CONSTANTS = np.geomspace(0.05, 300.0, 26)


def axial(terms: Terms) -> Shape | None:
    """The current from a passive neighbour: r = G (V2 - V) with tau V2' = V + const - V2."""
    lines = _averaged(terms)
    best = min((_neighbour(*lines, tau) for tau in TIME_CONSTANTS), key=lambda fit: fit[0])
    # Once more, between the two time constants beside the best one.
    ratio = TIME_CONSTANTS[1] / TIME_CONSTANTS[0]
    finer = best[1] * ratio ** np.linspace(-1, 1, 21)
    left, tau, numbers = min((_neighbour(*lines, tau) for tau in finer), key=lambda fit: fit[0])
    if not (numbers[0] < 0 < numbers[2]):
        return None  # what flows in from a neighbour opposes V, and follows the neighbour's delayed V
    g = in_conductance(-numbers[0], terms)
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
    numbers = fit(columns, residual, weights)
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
