"""Which wrong signs and factors of the recorded terms would explain the residual of a balance.

Each recorded term T_j may have to be multiplied by a number c_j to be right: -1 where its sign is
inverted, 1/1000 where its unit is taken for one that is 1000 times smaller. In balance
``sum_j c_j T_j = 0``, so with the weighted Gram matrix ``G_ij = <T_i T_j / scatter**2>`` the numbers
are those that make the quadratic form ``c G c`` small: one pass over the samples, then algebra.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from neo_currentscape.conservation.score import (
    FLOOR,
    Change,
    Hypothesis,
    explains,
    is_doubtful,
    rate,
)
from neo_currentscape.conservation.terms import Terms

#: Samples looked at together.
BLOCK = 1 << 16

#: A factor that is no power of ten fits many things, and has to explain this much more.
STRICTER = 10

#: A hypothesis that leaves more than this part of the residual's charge beyond the scatter is none.
MOST_CHARGE = 0.3

#: Factors nearer to 1 than this are none.
SMALLEST_FACTOR = 1.02

#: Those beyond this are numerical zeros: a factor of 1e-15 lies between fA and A.
LARGEST_FACTOR = 1e16

#: A term is one too many only if its number is known to be nearer to 0 than this.
SURELY_NOTHING = 0.5

#: Combinations that are followed at each step of the search, and number of its steps.
BEAM, DEPTH = 6, 3

#: Up to this number of terms all combinations of signs are tried.
MOST_SIGNS = 12


def gram(terms: Terms, extra: np.ndarray | None = None) -> np.ndarray:
    """Weighted Gram matrix of the terms, and of more columns beside them.

    Parameters
    ----------
    terms : Terms
    extra : ndarray, shape (time, column), optional

    Returns
    -------
    ndarray, shape (term + column, term + column)
        Divided by the sum of weights, so that ``c G c`` is a mean square.
    """
    width = len(terms.names) + (0 if extra is None else extra.shape[1])
    out = np.zeros((width, width))
    weights = np.where(terms.used, np.sqrt(terms.durations) / terms.scatter, 0.0)
    for start in range(0, len(weights), BLOCK):
        rows = slice(start, start + BLOCK)
        block = terms.numbers[rows]
        if extra is not None:
            block = np.hstack([block, extra[rows]])
        block = np.where(terms.used[rows, None], block, 0.0) * weights[rows, None]
        out += block.T @ block
    return out / terms.durations.sum()


def coefficients(matrix: np.ndarray) -> np.ndarray:
    """The factor on each term that alone would close the balance best, shape (term,).

    1 for a term that is right, -1 for one whose sign is inverted; NaN for a term that is zero.
    """
    diagonal = np.diag(matrix)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(diagonal > 0, 1 - matrix.sum(axis=1) / diagonal, np.nan)


def search(terms: Terms, matrix: np.ndarray) -> Hypothesis:
    """Find the simplest changes that explain the residual.

    Parameters
    ----------
    terms : Terms
    matrix : ndarray, shape (term, term)
        What `gram` makes.

    Returns
    -------
    Hypothesis
        Without any change where none helps.
    """
    nothing = rate((), matrix)
    candidates = [nothing, *_signs(terms, matrix)]
    beam = [nothing]
    for _ in range(DEPTH):
        grown = [h for start in beam for h in _grown(start, terms, matrix)]
        beam = sorted(grown, key=lambda h: h.left)[: BEAM // 2]
        beam += sorted((h for h in grown if h not in beam), key=lambda h: h.score)[: BEAM // 2]
        candidates += beam
    good = [h for h in candidates if h.changes and explains(h.left * _doubt(h), nothing.left)]
    for hypothesis in sorted(good, key=lambda h: h.score):
        credible = all(_is_credible(change, terms) for change in hypothesis.changes)
        if hypothesis.score < nothing.score and credible and _helps(hypothesis, terms):
            return hypothesis
    return nothing


def _helps(hypothesis: Hypothesis, terms: Terms) -> bool:
    """Whether the changes also take away the charge, not only where the weights are large."""
    numbers = np.ones(len(terms.names))
    for change in hypothesis.changes:
        numbers[list(change.terms)] *= change.number
    left = np.where(terms.used, np.abs(terms.numbers @ numbers), 0.0)
    over = terms.mean(np.maximum(left - terms.scatter, 0))
    return over < MOST_CHARGE * terms.mean(np.abs(terms.residual))


def _is_credible(change: Change, terms: Terms) -> bool:
    """Whether a factor is no mere trace of the sampling, however exactly it fits.

    A difference quotient, or a current of the other end of a step, is off by a part of C dV/dt wherever
    the membrane is passive: this looks like another capacitance, or like other currents altogether.
    """
    members = [j for j, role in enumerate(terms.roles) if role == "current"]
    if change.kind != "factor" or change.terms not in ((0,), tuple(members)):
        return True
    sampling = (
        terms.error if terms.rule in ("central", "midpoint") else np.maximum(terms.error, terms.change)
    )
    moved = abs(1 - change.number) * np.abs(terms.numbers[:, list(change.terms)].sum(axis=1))
    return terms.mean(moved) > terms.mean(sampling)


def _doubt(hypothesis: Hypothesis) -> float:
    """How much more has to be explained: several changes with such a factor among them fit nearly all."""
    one_too_many = len(hypothesis.changes) > 1 and any(c.kind == "extra" for c in hypothesis.changes)
    if not one_too_many and not any(is_doubtful(change) for change in hypothesis.changes):
        return 1
    return STRICTER ** len(hypothesis.changes)


def _groups(terms: Terms) -> list[tuple[int, ...]]:
    """What can be wrong together: each term, all membrane currents, all electrodes."""
    singles: list[tuple[int, ...]] = [(j,) for j in range(len(terms.names))]
    for role in ("current", "electrode"):
        members = tuple(j for j, r in enumerate(terms.roles) if r == role)
        if len(members) > 1:
            singles.append(members)
    return singles


def _signs(terms: Terms, matrix: np.ndarray) -> Iterable[Hypothesis]:
    """Every combination of inverted signs, or the best of each size where there are too many terms."""
    movable = [j for j, role in enumerate(terms.roles) if role != "capacitive"]
    if len(movable) > MOST_SIGNS:
        strength = np.diag(matrix)[movable]
        movable = [movable[k] for k in np.argsort(-strength)[:MOST_SIGNS]]
    flips = np.array(list(itertools.product([1.0, -1.0], repeat=len(movable))))
    numbers = np.ones((len(flips), len(matrix)))
    numbers[:, movable] = flips
    left = np.einsum("ki,ij,kj->k", numbers, matrix, numbers, optimize=True)
    scores = np.log(np.maximum(left, 0) + FLOOR) + 0.5 * (flips < 0).sum(axis=1)
    for k in np.argsort(scores, kind="stable")[:BEAM]:
        flipped = [j for j in movable if numbers[k, j] < 0]
        if flipped:
            yield rate(_joined_signs(flipped, terms), matrix)


def _joined_signs(flipped: Sequence[int], terms: Terms) -> list[Change]:
    currents = [j for j, role in enumerate(terms.roles) if role == "current"]
    if len(currents) > 1 and set(currents) <= set(flipped):
        rest = [j for j in flipped if j not in currents]
        return [Change("sign", tuple(currents), -1.0), *(Change("sign", (j,), -1.0) for j in rest)]
    return [Change("sign", (j,), -1.0) for j in flipped]


def _grown(start: Hypothesis, terms: Terms, matrix: np.ndarray) -> Iterable[Hypothesis]:
    """The hypotheses with one more change."""
    taken = {j for change in start.changes for j in change.terms}
    for group in _groups(terms):
        # A capacitance that is off stands alone: with it, everything could be scaled to nothing.
        if taken & {*group, 0} or (taken and group == (0,)):
            continue
        if terms.roles[group[0]] != "capacitive":
            yield rate([*start.changes, Change("sign", group, -1.0)], matrix)
        fitted = _fitted([*start.changes, Change("factor", group, 1.0)], matrix)
        if all(_is_a_factor(c, terms) for c in fitted if c.kind == "factor"):
            found = rate(fitted, matrix)
            if _matters(found, matrix):
                yield found
            elif len(group) == 1 and terms.roles[group[0]] != "capacitive":
                size = matrix[group[0], group[0]]
                uncertain = float(3 * np.sqrt(found.left / size))
                if uncertain < SURELY_NOTHING:
                    yield rate([*start.changes, Change("extra", group, 0.0, uncertain)], matrix)


def _is_a_factor(change: Change, terms: Terms) -> bool:
    if change.number < 0 and terms.roles[change.terms[0]] == "capacitive":
        return False  # there is no negative capacitance
    return np.log(SMALLEST_FACTOR) < abs(np.log(abs(change.number))) < np.log(LARGEST_FACTOR)


def _matters(found: Hypothesis, matrix: np.ndarray) -> bool:
    """Whether terms with a factor still do something: multiplied by almost 0, any residual is gone."""
    for change in found.changes:
        if change.kind == "factor":
            at = np.ix_(change.terms, change.terms)
            if change.number**2 * matrix[at].sum() < 10 * found.left:
                return False
    return True


def _fitted(changes: Sequence[Change], matrix: np.ndarray) -> list[Change]:
    """Fit the factors among the changes together, the signs staying as they are."""
    base = np.ones(len(matrix))
    free = [change for change in changes if change.kind == "factor"]
    columns = np.zeros((len(matrix), len(free)))
    for change in changes:
        if change.kind == "sign":
            base[list(change.terms)] = -1.0
    for k, change in enumerate(free):
        columns[list(change.terms), k] = 1.0
        base[list(change.terms)] = 0.0
    inner = columns.T @ matrix @ columns
    scale = np.sqrt(np.maximum(np.diag(inner), np.finfo(float).tiny))
    solution = np.linalg.lstsq(
        inner / np.outer(scale, scale), -(columns.T @ matrix @ base) / scale, rcond=1e-10
    )
    # A factor of exactly 0 has no logarithm; so small a one says the same.
    numbers = iter(np.where(solution[0] == 0, 1e-30, solution[0]) / scale)
    return [replace(c, number=float(next(numbers))) if c.kind == "factor" else c for c in changes]
