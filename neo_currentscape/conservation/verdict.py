"""The verdict on a balance, in words: complete, a wrong sign, a wrong factor, or a missing current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neo_currentscape.conservation import hypotheses, score
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
    kind : {"complete", "unchecked", "sign", "factor", "extra", "missing"}
        Of the first finding; "sign" goes before "factor". "unchecked" is a balance that a current given
        as its remainder closes.
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


def judge(terms: Terms, unexplained: float, expected: float, site: str | None = None) -> Diagnosis:
    """Find out what is wrong with a balance, if anything is.

    Parameters
    ----------
    terms : Terms
    unexplained : float
        Part of the current that is unexplained.
    expected : float
        What the sampling error alone would leave.
    site : str, optional
        The recorded place; where it is part of a cell, the rest of the cell may be what is missing.

    Returns
    -------
    Diagnosis
    """
    found = _find(terms)
    if found is None or found.kind == "extra":
        # Averages over many samples know more of currents that are small beside the sampling error.
        averaged = _find(terms.averaged(AVERAGED)) if len(terms.times) > 8 * AVERAGED else None
        found = averaged if found is None or (averaged and averaged.kind != "missing") else found
    if found is None and terms.remainder:
        return Diagnosis("unchecked", (), {}, (), None, _unchecked(terms.remainder))
    if found is None:
        text = f"complete: {_percent(unexplained)} of the current is unexplained"
        if expected > 1e-4 and unexplained > 1e-6:
            place = "within" if unexplained <= expected else "about"
            text += f", which is {place} the sampling error of {_percent(expected)}"
        return Diagnosis("complete", (), {}, (), None, text)
    vague = found.shape is not None and found.shape.kind in ("other", "spikes only")
    if vague and site is not None and "axial" not in terms.roles:
        hint = f"; or the axial current, if {site!r} is part of a multi-compartment cell"
        return replace(found, text=found.text + hint)
    return found


def _unchecked(names: Sequence[str]) -> str:
    which = _and([repr(name) for name in names])
    one = "is" if len(names) == 1 else "are"
    return (
        f"cannot be checked here: {which} {one} what the balance leaves and {one} not recorded, so that "
        "this site balances whatever the other currents are"
    )


#: A residual below this part of the current is rounding.
ROUNDING = 1e-9

#: Samples that are averaged when nothing is found sample by sample.
AVERAGED = 32


def _find(terms: Terms) -> Diagnosis | None:
    """What is wrong at the samples of these terms; None where they are in balance."""
    matrix = hypotheses.gram(terms)
    before, best = float(matrix.sum()), hypotheses.search(terms, matrix)
    if not terms.mean(np.abs(terms.residual)) > ROUNDING * terms.mean(terms.total):
        return None
    exact = score.is_exact(best.left, before)
    if is_complete(terms, before, best) and not exact:
        shape = description.exact(terms, before)
        if shape is None:
            return None
    else:
        shape = description.describe(terms)
    missing = score.score(shape.left, before, description.penalty(shape))
    if best.changes and best.score <= missing:
        return _changed(terms, best, before)
    return Diagnosis("missing", (), {}, (), shape, f"a current is missing: {shape.text}")


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
    found = [_sentence(terms, change, best.changes) for change in best.changes]
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
    ending = f"; with that put right {_percent(rest)} of the residual is left"
    return Diagnosis(kind, inverted, factors, extra, None, "; ".join(dict.fromkeys(found)) + ending)


def _names(terms: Terms, changes: Sequence[Change], kind: str) -> tuple[str, ...]:
    return tuple(terms.names[j] for change in changes if change.kind == kind for j in change.terms)


def _sentence(terms: Terms, change: Change, changes: Sequence[Change]) -> str:
    if change.kind == "sign":
        # One sentence for all inverted signs.
        flipped = [c for c in changes if c.kind == "sign"]
        return "sign looks inverted: " + _and([_what(terms, c) for c in flipped])
    if change.kind == "extra":
        return _extra(terms, change)
    return _factor(terms, change)


def _factor(terms: Terms, change: Change) -> str:
    what, number = _what(terms, change), abs(change.number)
    verb = "are" if len(change.terms) > 1 else "is"
    text = f"off by a constant factor (unit or area): {what} {verb} {_times(number)}"
    if change.number < 0:
        text = f"sign looks inverted, and {text}"
    alternative = _alternative(terms, change)
    return f"{text}, or {alternative} {_times(1 / number)}" if alternative else text


def _extra(terms: Terms, change: Change) -> str:
    """A term that is best left out: counted twice, or so far too large that nobody can say how far."""
    what, least = _what(terms, change), 1 / max(change.uncertain, 1e-12)
    double = f"{what} is counted twice, or does not belong to this membrane"
    shown = f"{float(f'{least:.1g}'):.0f}"
    factor = f"off by a constant factor (unit or area): {what} is more than {shown} times too large"
    return f"{double}, or {factor}" if least > 2000 or least < 10 else f"{factor}, or it is counted twice"


def _alternative(terms: Terms, change: Change) -> str | None:
    """Without electrodes nobody can say whether all currents or the capacitance are off."""
    membrane = {j for j, role in enumerate(terms.roles) if role == "current"}
    outside = [j for j, role in enumerate(terms.roles) if role in ("electrode", "axial")]
    if outside and np.abs(terms.numbers[:, outside]).max() > 0:
        return None
    if set(change.terms) == membrane and change.number > 0:
        return "the capacitance is"
    if change.terms == (0,):
        return "all membrane currents are" if len(membrane) > 1 else f"{terms.names[1]!r} is"
    return None


def _what(terms: Terms, change: Change) -> str:
    roles = [terms.roles[j] for j in change.terms]
    if roles == ["capacitive"]:
        return "the capacitance"
    if len(roles) == 1:
        name = repr(terms.names[change.terms[0]])
        return name if roles[0] == "current" else f"the {roles[0]} current {name}"
    names = ", ".join(repr(terms.names[j]) for j in change.terms)
    return f"all {'membrane' if roles[0] == 'current' else roles[0]} currents ({names})"


def _times(number: float) -> str:
    """How far off a term is that has to be multiplied by a number."""
    exponent = score.power_of_ten(number)
    factor = 10.0 ** abs(exponent) if exponent is not None else max(number, 1 / number)
    shown = f"{factor:.0f}" if exponent is not None else f"{factor:.3g}"
    return f"{shown} times too {'large' if number < 1 else 'small'}"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _percent(fraction: float) -> str:
    percent = 100 * fraction
    if percent == 0:
        return "0 %"
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
