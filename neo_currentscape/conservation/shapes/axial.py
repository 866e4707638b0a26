r"""The residual as the current from the rest of a cell, of which one compartment was recorded.

One passive neighbour carries :math:`G (V_2 - V)` with :math:`\tau V_2' = V + c - V_2`. A passive tree of
cables is a sum of such neighbours, with many time constants and none of them negative: what it takes
while V rises it gives back later. No channel does this; one that opens with V goes on flowing outward.
"""

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

#: Those of a tree, of which many stand side by side.
OF_A_TREE = np.geomspace(0.05, 200.0, 12)

#: What a tree may leave: of the residual's square, and of what a constant and a conductance leave.
LEFT, BETTER = 0.15, 1 / 3


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


def tree(terms: Terms, before: float) -> Shape | None:
    """The current into a passive tree: a sum of neighbours, as far as V itself drives it.

    What the dendrites' own synapses and channels add is not explained, so that plain squares count, in
    which the spikes of a soma stand out, and not those in units of the scatter.

    Parameters
    ----------
    terms : Terms
    before : float
        Mean square of the residual, in squares of the scatter.

    Returns
    -------
    Shape or None
        None where it does not look like one.
    """
    residual, voltage, _, step = _averaged(terms)
    opposing = [_low_pass(voltage, step / tau) - voltage for tau in OF_A_TREE]
    plain = [-voltage, np.ones(len(voltage)), -np.ones(len(voltage))]
    left = nonnegative(np.column_stack([*opposing, *plain]), residual)
    simple = nonnegative(np.column_stack(plain), residual)
    if not left < min(LEFT, BETTER * simple):
        return None
    text = (
        "it looks like the axial current of a multi-compartment cell, into the passive tree of which "
        f"{100 * (1 - left):.0f} % of it would flow"
    )
    return Shape("axial", text, left * before)


def nonnegative(columns: np.ndarray, target: np.ndarray) -> float:
    """Least squares with no negative number (Lawson and Hanson 1974): the part of the square left.

    Examples
    --------
    >>> nonnegative(np.array([[1.0], [1.0]]), np.array([2.0, 2.0])) < 1e-12
    True
    >>> nonnegative(np.array([[1.0], [1.0]]), np.array([-2.0, -2.0]))
    1.0
    """
    scale = np.sqrt((columns**2).sum(axis=0))
    columns = columns / np.where(scale > 0, scale, 1.0)
    matrix, drive, square = columns.T @ columns, columns.T @ target, float(target @ target)
    numbers, free = np.zeros(len(drive)), np.zeros(len(drive), dtype=bool)
    for _ in range(3 * len(drive)):
        slope = np.where(free, -np.inf, drive - matrix @ numbers)
        if slope.max() <= 1e-9 * np.sqrt(square):
            break
        free[slope.argmax()] = True
        numbers = _stay_positive(matrix, drive, numbers, free)
    return float(max(square - 2 * drive @ numbers + numbers @ matrix @ numbers, 0.0) / square)


def _stay_positive(
    matrix: np.ndarray, drive: np.ndarray, numbers: np.ndarray, free: np.ndarray
) -> np.ndarray:
    """Solve for the free numbers; those that would become negative are set to 0 and not free any more."""
    while free.any():
        wanted = np.zeros_like(numbers)
        wanted[free] = np.linalg.lstsq(matrix[np.ix_(free, free)], drive[free], rcond=1e-12)[0]
        low = free & (wanted <= 0)
        if not low.any():
            return wanted
        way = (numbers[low] / np.maximum(numbers[low] - wanted[low], 1e-300)).min()
        numbers = numbers + way * (wanted - numbers)
        free &= ~(low & (numbers <= 1e-12 * np.abs(numbers).max()))
    return np.zeros_like(numbers)


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
