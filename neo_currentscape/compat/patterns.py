"""Mixing colours with patterns, so that neighbours differ in both and no pair is used twice."""

from __future__ import annotations

import itertools
import math

from neo_currentscape.conventions.errors import ArgumentError


def pairs(n: int, n_colors: int, n_patterns: int) -> list[tuple[int, int]]:
    """Give each of so many currents a colour and a pattern.

    Parameters
    ----------
    n : int
        Number of currents.
    n_colors, n_patterns : int
        How many there are to choose from.

    Returns
    -------
    list of (int, int)
        Index of the colour and of the pattern. No pair comes twice; two that follow each other differ
        in both, which is not possible of 1 colour, 1 pattern, or 2 of both.

    Raises
    ------
    ArgumentError
        When there are more currents than pairs.

    Examples
    --------
    >>> pairs(4, 8, 7)
    [(0, 0), (1, 1), (2, 2), (3, 3)]
    """
    size = n_colors * n_patterns
    if n > size:
        raise ArgumentError(
            f"{n} currents are more than the {n_colors} colours times {n_patterns} patterns that "
            "'colormap.n_colors' and 'pattern.patterns' give: add some, or two currents would look alike."
        )
    # Currentscape's own pairs where they keep the promise, so that figures keep their looks.
    found = _strides(n, n_colors, n_patterns)
    if any(a[0] == b[0] or a[1] == b[1] for a, b in zip(found, found[1:], strict=False)):
        found = _diagonals(n_colors, n_patterns)[:n]
    return found


def _strides(n: int, n_colors: int, n_patterns: int) -> list[tuple[int, int]]:
    """Count through all pairs in steps that have no divisor in common with their number."""
    size = n_colors * n_patterns
    step = next(k for k in itertools.count(n_patterns) if math.gcd(k, size) == 1)
    return [((step * k) % n_colors, (step * k) // n_colors % n_patterns) for k in range(n)]


def _diagonals(n_colors: int, n_patterns: int) -> list[tuple[int, int]]:
    """Take the next colour together with the next pattern; from one diagonal to the next likewise."""
    length = math.lcm(n_colors, n_patterns)
    found: list[tuple[int, int]] = []
    for shift in range(n_colors * n_patterns // length):
        diagonal = [(k % n_colors, (k + shift) % n_patterns) for k in range(length)]
        start = _start(diagonal, found[-1]) if found else 0
        found += diagonal[start:] + diagonal[:start]
    return found


def _start(diagonal: list[tuple[int, int]], last: tuple[int, int]) -> int:
    apart = (k for k, pair in enumerate(diagonal) if pair[0] != last[0] and pair[1] != last[1])
    return next(apart, 0)
