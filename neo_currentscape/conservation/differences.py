"""Difference quotients of a sampled voltage, and an estimate of what the sampling leaves unexplained.

A simulator that steps with ``V[k+1] = V[k] - dt I[k] / C`` is in balance, to the last digit, with the
forward difference; one that computes I from the new voltage with the backward one; the trapezoidal
rule with the mean of two samples of I. Accurate values at the sampled times, from whatever solver,
are best met by the central difference, whose error is of second order.
"""

from __future__ import annotations

import numpy as np

from neo_currentscape.conventions.errors import unknown_name

#: Rule -> the samples k at which the balance is computed.
RULES = {
    "central": slice(None),
    "forward": slice(None, -1),
    "backward": slice(1, None),
    "midpoint": slice(None, -1),
}


def check_rule(rule: str) -> str:
    """Return the rule if it is one of `RULES`.

    Raises
    ------
    UnknownNameError
        With the nearest that is.
    """
    if rule not in RULES:
        raise unknown_name("derivative", rule, RULES)
    return rule


def rows_of(rule: str) -> slice:
    """The samples at which a rule gives a value; all for a recorded capacitive current."""
    return RULES.get(rule, slice(None))


def at_rows(numbers: np.ndarray, rule: str) -> np.ndarray:
    """Take from a sampled variable, shape (time, ...), what belongs to each difference quotient."""
    if rule == "midpoint":
        return (numbers[:-1] + numbers[1:]) / 2
    return numbers[rows_of(rule)]


def slope(times: np.ndarray, numbers: np.ndarray, rule: str) -> np.ndarray:
    """Time derivative by one of the rules.

    Parameters
    ----------
    times, numbers : ndarray, shape (time,)
        Steps may be irregular.
    rule : str
        A key of `RULES`.

    Returns
    -------
    ndarray, shape (row,)
        At the samples `rows_of(rule)`; the central one is of second order at both ends as well.

    Examples
    --------
    >>> slope(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]), "central")
    array([0., 2., 6.])
    >>> slope(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]), "forward")
    array([1., 4.])
    """
    if rule == "central":
        return np.gradient(numbers, times, edge_order=2 if len(times) > 2 else 1)
    return np.diff(numbers) / np.diff(times)


def touched(bad: np.ndarray, rule: str) -> np.ndarray:
    """Mark the rows whose difference quotient uses a bad sample.

    Parameters
    ----------
    bad : ndarray of bool, shape (time,)
    rule : str

    Returns
    -------
    ndarray of bool, shape (row,)

    Examples
    --------
    >>> touched(np.array([False, False, False, True]), "central")
    array([False, False,  True,  True])
    """
    if rule == "recorded":
        return bad
    if rule != "central":
        return bad[:-1] | bad[1:]
    out = bad.copy()
    out[1:] |= bad[:-1]
    out[:-1] |= bad[1:]
    if len(bad) > 2:
        # The formulas at the ends reach for the third sample.
        out[0] |= bad[2]
        out[-1] |= bad[-3]
    return out


def error(
    times: np.ndarray, voltage: np.ndarray, factor: float, currents: np.ndarray, rule: str
) -> np.ndarray:
    r"""Estimate the residual that the sampling alone may leave.

    The mean of the currents over a step differs from the sampled value by a sixth of their second
    difference where they are smooth, and by half of it at a jump, which is what is taken. The same
    follows from the bend of V, and the smaller one is believed, as one of them may be wrong. The
    difference between quotients over one and over two steps is added: it is three times the error of
    a smooth voltage, and shows one that is noisy; but where V jumps, it is no larger than the currents
    that flow nearby. So is the rounding of a voltage in single precision.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
    factor : float
        The capacitance, in units of the currents times time over voltage.
    currents : ndarray, shape (time, current)
        All terms of the balance but the capacitive one.
    rule : str

    Returns
    -------
    ndarray, shape (row,)
        >= 0, in the units of the currents.
    """
    if len(times) < 3:
        return np.zeros(len(times[rows_of(rule)]))
    others = currents.sum(axis=1)
    before, after = np.diff(times)[:-1], np.diff(times)[1:]
    slopes = factor * np.diff(voltage) / np.diff(times)
    kink = _ends(np.abs(np.diff(slopes)) * np.maximum(before, after) / (before + after))
    if rule in ("central", "midpoint"):
        straight = (others[:-2] * after + others[2:] * before) / (before + after)
        bend = _ends(np.abs(others[1:-1] - straight))
        flowing = _widen(_widen(np.abs(currents).sum(axis=1)))
        found = np.fmin(_widen(kink), _widen(bend))
        found += np.fmin(_widen(_doubled(times, voltage, factor)), flowing)
    else:
        # One-sided differences are of first order: exact for Euler steps, else off by half a step,
        # and by a whole one where a solver takes some variables at the other end of the step.
        change = np.abs(np.diff(others))
        found = np.fmin(2 * _widen(kink), _widen(np.maximum(np.append(change, 0), np.append(0, change))))
    return (found + _rounding(voltage, factor) / _ends((before + after) / 2))[rows_of(rule)]


def error_of_means(
    times: np.ndarray, voltage: np.ndarray, factor: float, currents: np.ndarray, rule: str
) -> np.ndarray:
    """The same where the currents are means over each step, so that only their bend within it is left.

    A straight line between two samples differs from a smooth variable by a twelfth of its second
    difference, on average over the step.

    Parameters
    ----------
    times, voltage, factor, currents, rule
        As for `error`.

    Returns
    -------
    ndarray, shape (row,)
    """
    found = error(times, voltage, factor, currents, rule)
    if len(times) < 3:
        return found
    bend = _ends(np.abs(np.diff(currents.sum(axis=1), n=2))) / 12
    rounding = _rounding(voltage, factor) / np.diff(times).min()
    return np.fmin(found, _widen(bend)[rows_of(rule)] + rounding)


def unseen(currents: np.ndarray, used: np.ndarray) -> float:
    """What flows unseen between samples that are many steps apart: the scatter of each current.

    Parameters
    ----------
    currents : ndarray, shape (time, current)
    used : ndarray of bool, shape (row,)
        Rows that are neither gaps nor clamped; the first of the times, or all.

    Returns
    -------
    float
        Root of the sum of their mean squares.
    """
    both = used[1:] & used[:-1]
    moved = np.diff(currents[: len(used)], axis=0)[both]
    return float(np.sqrt((moved**2).mean(axis=0).sum() / 2)) if len(moved) else 0.0


def change(currents: np.ndarray, rule: str) -> np.ndarray:
    """What currents change by from a sample to those beside it, all added up: nothing cancels.

    A current that belongs to the other end of a step is off by about as much. The largest of five
    samples is taken, as a conductance may change where the current through it does not.

    Parameters
    ----------
    currents : ndarray, shape (time, current)
    rule : str
        A key of `RULES`, or "recorded".

    Returns
    -------
    ndarray, shape (row,)

    Examples
    --------
    >>> change(np.array([[0.0, 0.0], [1.0, -1.0], [1.0, -1.0], [1.0, -1.0], [1.0, -1.0]]), "recorded")
    array([2., 2., 2., 2., 0.])
    """
    moved = np.abs(np.diff(currents, axis=0)).sum(axis=1)
    return _widen(_widen(np.fmax(np.append(moved, 0), np.append(0, moved))))[rows_of(rule)]


def _doubled(times: np.ndarray, voltage: np.ndarray, factor: float) -> np.ndarray:
    """Difference between the central quotients over one and over two steps to each side."""
    out = np.zeros(len(times))
    if len(times) < 5:
        return out
    narrow, wide = (_three_points(times, voltage, reach) for reach in (1, 2))
    out[2:-2] = np.abs(factor * (wide - narrow[1:-1]))
    out[:2], out[-2:] = out[2], out[-3]
    return out


def _three_points(times: np.ndarray, numbers: np.ndarray, reach: int) -> np.ndarray:
    """Second-order derivative from each sample and those `reach` before and after it."""
    n = len(times)
    first, middle, last = slice(0, n - 2 * reach), slice(reach, n - reach), slice(2 * reach, n)
    before, after = times[middle] - times[first], times[last] - times[middle]
    rise = (numbers[last] - numbers[middle]) / after * before
    return (rise + (numbers[middle] - numbers[first]) / before * after) / (before + after)


def _rounding(voltage: np.ndarray, factor: float) -> float:
    """Error of C dV that comes from a voltage stored in single precision."""
    finite = voltage[np.isfinite(voltage)]
    if not len(finite) or not np.array_equal(finite, finite.astype(np.float32)):
        return 0.0
    varies = finite.min() != finite.max()
    return float(factor * np.spacing(np.float32(np.abs(finite).max()))) if varies else 0.0


def _ends(inner: np.ndarray) -> np.ndarray:
    return np.concatenate([inner[:1], inner, inner[-1:]])


def _widen(numbers: np.ndarray) -> np.ndarray:
    """The largest value of a sample and its neighbours, passing over NaN."""
    out = numbers.copy()
    np.fmax(out[1:], numbers[:-1], out=out[1:])
    np.fmax(out[:-1], numbers[1:], out=out[:-1])
    return out
