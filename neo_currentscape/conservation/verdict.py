"""The verdict on a balance, in words: complete, a wrong sign, a wrong factor, or a missing current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neo_currentscape.conservation import blindness, hypotheses, score, wording
from neo_currentscape.conservation.score import Change, Hypothesis
from neo_currentscape.conservation.shapes import description
from neo_currentscape.conservation.shapes.fits import Shape
from neo_currentscape.conservation.terms import Terms

#: A balance is complete if no more than this part of the current is unexplained beyond the scatter.
COMPLETE = 0.005


@dataclass(frozen=True)
class Diagnosis:
    """What a verdict is made of.

    Attributes
    ----------
    kind : {"complete", "coarse", "first order", "unchecked", "noise", "sign", "factor", "extra", "missing"}
        Of the first finding; "sign" goes before "factor". The second to fifth cannot tell: samples that
        are too far apart, currents of the other end of a step, a current that the balance was solved
        for, currents that were measured with noise.
    inverted : tuple of str
        Names of the terms whose sign looks inverted.
    factors : dict of str to float
        How many times too large the recorded values of a term are; negative where the sign is
        inverted too.
    extra : tuple of str
        Names of the terms that do not belong to the balance.
    shape : Shape or None
        Of the current that is missing.
    text : str
        The verdict.
    """

    kind: str
    inverted: tuple[str, ...]
    factors: dict[str, float]
    extra: tuple[str, ...]
    shape: Shape | None
    text: str


def judge(terms: Terms, unexplained: float, expected: float, place: str | None = None) -> Diagnosis:
    """Find out what is wrong with a balance, if anything is.

    Parameters
    ----------
    terms : Terms
    unexplained : float
        Part of the current that is unexplained.
    expected : float
        What the sampling error alone would leave.
    place : str, optional
        What may be part of a larger cell, in words; None for a point neuron.

    Returns
    -------
    Diagnosis
    """
    found = _find(terms, unexplained)
    if found is None or found.kind == "extra":
        # Averages over many samples know more of currents that are small beside the sampling error.
        many = len(terms.times) > 8 * AVERAGED
        averaged = _find(terms.averaged(AVERAGED), unexplained, True) if many else None
        found = averaged if found is None or (averaged and averaged.kind != "missing") else found
    if found is None:
        return _nothing_wrong(terms, unexplained, expected)
    return _with_end_of_step(_with_axial(found, terms, place), terms)


def _with_end_of_step(found: Diagnosis, terms: Terms) -> Diagnosis:
    """Say that the shape of what is missing holds what currents of the other end of a step lack."""
    if found.shape is None or terms.unaligned is None:
        return found
    doubt = "the currents are those of the other end of a step, which is in it too"
    return replace(found, text=f"{found.text}; {doubt}: {terms.unaligned}")


def _with_axial(found: Diagnosis, terms: Terms, place: str | None) -> Diagnosis:
    """Say that a current of no certain shape may be that from the rest of a cell."""
    if found.shape is None or place is None or "axial" in terms.roles:
        return found
    whole = f"the axial current, if {place} is part of a multi-compartment cell"
    in_spikes = found.shape.kind == "spikes only"
    # A membrane whose known currents are those of a resistance does not spike by itself.
    if in_spikes and not is_passive(terms):
        return replace(found, text=f"{found.text}; or {whole}")
    if in_spikes or found.shape.kind in ("other", "partly"):
        return replace(found, text=f"a current is missing: {whole}; {found.shape.text}")
    return found


def is_passive(terms: Terms) -> bool:
    """Whether each membrane current follows the voltage as a straight line."""
    if terms.voltage is None:
        return False
    members = [j for j, role in enumerate(terms.roles) if role == "current"]
    columns = np.column_stack([terms.voltage, np.ones(len(terms.times))])[terms.used]
    numbers = terms.numbers[terms.used][:, members]
    left = numbers - columns @ np.linalg.lstsq(columns, numbers, rcond=None)[0]
    return bool(np.all((left**2).sum(axis=0) <= 1e-3 * (numbers**2).sum(axis=0)))


def _nothing_wrong(terms: Terms, unexplained: float, expected: float) -> Diagnosis:
    if terms.remainder:
        return Diagnosis("unchecked", (), {}, (), None, wording.unchecked(terms))
    blind = blindness.of_error(terms, unexplained, expected)
    if blind is not None:
        return Diagnosis(blind.kind, (), {}, (), None, wording.blind(terms, unexplained, blind))
    return Diagnosis("complete", (), {}, (), None, wording.complete(terms, unexplained, expected))


#: A residual below this part of the current is rounding.
ROUNDING = 1e-9

#: Samples that are averaged when nothing is found sample by sample.
AVERAGED = 32


def _find(terms: Terms, unexplained: float, averaged: bool = False) -> Diagnosis | None:
    """What is wrong at the samples of these terms; None where they are in balance."""
    matrix = hypotheses.gram(terms)
    before, best = float(matrix.sum()), hypotheses.search(terms, matrix)
    if not terms.mean(np.abs(terms.residual)) > ROUNDING * terms.mean(terms.total):
        return None
    # Where currents were interpolated, the bend between samples may follow V exactly.
    interpolated = terms.means or terms.skips_steps
    exact = score.is_exact(best.left, before) and not interpolated
    if is_complete(terms, before, best) and not exact:
        shape = None if interpolated else description.exact(terms, before)
        if shape is None:
            return None
    else:
        shape = description.describe(terms)
    missing = score.score(shape.left, before, description.penalty(shape))
    least = min(best.score if best.changes else np.inf, missing)
    blind = None if averaged or terms.means else blindness.of_change(terms, before)
    # Samples that skip steps accuse no current of what it may have done between them.
    if blind is not None and (blind.score < least or terms.skips_steps):
        return Diagnosis(blind.kind, (), {}, (), None, wording.blind(terms, unexplained, blind))
    if best.changes and best.score <= missing:
        return _changed(terms, best, before)
    what = "the axial" if shape.kind == "axial" else "a"
    return Diagnosis("missing", (), {}, (), shape, f"{what} current is missing: {shape.text}")


def beyond(terms: Terms) -> tuple[float, float]:
    """Part of the current that is unexplained beyond the scatter.

    Returns
    -------
    charge, time : float
        Of the charge, which spikes dominate, and on average over time, which rest dominates.
    """
    over = np.maximum(np.abs(terms.residual) - terms.scatter, 0)
    total = terms.total
    if not terms.mean(total) > 0:
        return 0.0, 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(total > 0, over / total, 0.0)
    return terms.mean(over) / terms.mean(total), terms.mean(part)


def is_complete(terms: Terms, left: float, best: Hypothesis) -> bool:
    """Whether so little is unexplained that nothing need be wrong, and no change would help."""
    if left <= 1:
        return True
    return max(beyond(terms)) < COMPLETE and not (best.changes and best.left < 0.1 * left)


def _changed(terms: Terms, best: Hypothesis, before: float) -> Diagnosis:
    found = [wording.sentence(terms, change, best.changes) for change in best.changes]
    inverted = _names(terms, best.changes, "sign")
    extra = _names(terms, best.changes, "extra")
    factors = {
        terms.names[j]: 1 / change.number
        for change in best.changes
        if change.kind == "factor"
        for j in change.terms
    }
    inverted += tuple(name for name, factor in factors.items() if factor < 0)
    kind = "sign" if inverted else "factor" if factors else "extra"
    found.sort(key=lambda text: not text.startswith("sign"))
    rest = np.sqrt(best.left / before)
    ending = f"; with that put right {wording.percent(rest)} of the residual is left"
    return Diagnosis(kind, inverted, factors, extra, None, "; ".join(dict.fromkeys(found)) + ending)


def _names(terms: Terms, changes: Sequence[Change], kind: str) -> tuple[str, ...]:
    return tuple(terms.names[j] for change in changes if change.kind == kind for j in change.terms)
