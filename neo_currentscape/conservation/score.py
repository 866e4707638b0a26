"""What a hypothesis on a residual is, and how explanations are compared: the smallest score is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: A hypothesis explains a residual if it leaves no more than this part of its weighted square,
GOOD = 0.02
#: or if it leaves no more than this, in squares of the scatter.
NOISE = 4.0

#: An explanation that leaves no more than this part of the weighted square is exact.
EXACT = 1e-4

#: What is left below this, in squares of the scatter, is not told apart any more.
FLOOR = 0.05


@dataclass(frozen=True)
class Change:
    """One thing that may be wrong: the sign of some terms, or a factor on them.

    Attributes
    ----------
    kind : {"sign", "factor", "extra"}
        "extra" is a factor of 0: the terms should not be there.
    terms : tuple of int
        Indices of the terms that it applies to.
    number : float
        What the recorded values have to be multiplied by.
    uncertain : float
        For "extra", how far from 0 the number may be.
    """

    kind: str
    terms: tuple[int, ...]
    number: float
    uncertain: float = 0.0


@dataclass(frozen=True)
class Hypothesis:
    """Some changes, and how much of the residual they leave.

    Attributes
    ----------
    changes : tuple of Change
    left : float
        Mean square of the residual that is left, in squares of the scatter.
    score : float
        Logarithm of what is left, plus a penalty for each change: the smallest one is believed.
    """

    changes: tuple[Change, ...]
    left: float
    score: float


def explains(left: float, before: float) -> bool:
    """Whether so little of the weighted square is left that the residual is explained."""
    return left <= max(min(NOISE, before / 2), GOOD * before)


def score(left: float, before: float, penalty: float) -> float:
    """What is compared between explanations: the logarithm of what is left, and a penalty."""
    return float(np.log(left + FLOOR * min(max(before, 1e-200), 1.0))) + penalty


def is_exact(left: float, before: float) -> bool:
    """Whether nothing but rounding is left, so that an explanation holds for however small a residual.

    Values from a simulator that steps in just this way are in balance to the last digit.
    """
    return left < EXACT * before


def rate(changes: Sequence[Change], matrix: np.ndarray) -> Hypothesis:
    """How much of the residual some changes leave, by the weighted Gram matrix of the terms."""
    numbers = np.ones(len(matrix))
    for change in changes:
        numbers[list(change.terms)] *= change.number
    left = max(float(numbers @ matrix @ numbers), 0.0)
    return Hypothesis(
        tuple(changes), left, score(left, float(matrix.sum()), sum(penalty_of(c) for c in changes))
    )


def penalty_of(change: Change) -> float:
    """What counts against a change: the more, the more kinds of residual it could explain."""
    if change.kind == "sign":
        return 0.5
    if change.kind == "extra":
        return 2.0
    turned = 0.5 * (change.number < 0)
    if power_of_ten(change.number) is not None:
        return 0.8 + turned
    return (1.2 if len(change.terms) > 1 or change.terms == (0,) else 2.5) + turned


def is_doubtful(change: Change) -> bool:
    """Whether a change fits so much that it has to explain more: an odd factor, or a negative one."""
    if change.kind != "factor" or power_of_ten(change.number) is not None:
        return False
    return change.number < 0 or (len(change.terms) == 1 and change.terms != (0,))


def power_of_ten(number: float) -> int | None:
    """Exponent of a factor that is a power of ten, within 5 %; None for others.

    Examples
    --------
    >>> power_of_ten(0.00102), power_of_ten(-1000.0), power_of_ten(3.0)
    (-3, 3, None)
    """
    if number == 0:
        return None
    exponent = round(np.log10(abs(number)))
    near = abs(abs(number) / 10.0**exponent - 1) < 0.05
    return int(exponent) if near and exponent != 0 else None
