"""The words of a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neo_currentscape.conservation import score
from neo_currentscape.conservation.blindness import Blindness, every
from neo_currentscape.conservation.score import Change
from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conventions import units


def complete(terms: Terms, unexplained: float, expected: float) -> str:
    """Nothing is wrong."""
    text = f"complete: {percent(unexplained)} of the current is unexplained"
    if expected > 1e-4 and unexplained > 1e-6:
        place = "within" if unexplained <= expected else "about"
        text += f", which is {place} the sampling error of {percent(expected)}"
    return text


def blind(terms: Terms, unexplained: float, found: Blindness) -> str:
    """Nothing need be wrong, but nobody can tell."""
    interval, steps = every(terms)
    left = f"{percent(unexplained)} of the current is unexplained"
    if found.kind == "coarse":
        often = f"every {interval:.3g} ms"
        if steps is not None and round(steps) > 1:
            often += f", which is {steps:.3g} steps of the simulation"
        return (
            f"sampled too coarsely to tell ({often}): {left}, and up to {percent(found.size)} of it may be "
            "what flowed between the samples"
        )
    how = f"no more than what the currents change by from one sample to the next ({percent(found.size)})"
    if found.against:
        how = "against each change of the voltage"
    text = (
        f"holds to the first order in the step only: {left}, {how}, as of currents from the other end of "
        "a step"
    )
    return text if terms.unaligned is None else f"{text}; {terms.unaligned}"


def unchecked(terms: Terms) -> str:
    """The balance was solved for one of its terms."""
    names = terms.remainder
    left = np.abs(terms.numbers[:, [terms.names.index(name) for name in names if name in terms.names]])
    unit = units.label(terms.unit)
    size = f" (up to {np.nanmax(left):.3g} of {np.nanmax(terms.total):.3g} {unit})" if left.size else ""
    which = listed([repr(name) for name in names])
    one = "is" if len(names) == 1 else "are"
    return (
        f"cannot be checked here: {which} {one} what the balance leaves{size} and {one} not recorded, so "
        "that this site balances whatever the other currents are"
    )


def sentence(terms: Terms, change: Change, changes: Sequence[Change]) -> str:
    """What one of several changes says."""
    if change.kind == "sign":
        # One sentence for all inverted signs.
        flipped = [c for c in changes if c.kind == "sign"]
        return "sign looks inverted: " + listed([_what(terms, c) for c in flipped])
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
    if alternative:
        return f"{text}, or {alternative} {_times(1 / number)}"
    odd = len(change.terms) == 1 and score.power_of_ten(change.number) is None
    if odd and change.number > 1 and terms.roles[change.terms[0]] == "current":
        return f"{text}, or another current of the same time course is missing"
    return text


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


def listed(words: Sequence[str]) -> str:
    """Words with commas and "and"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def percent(fraction: float) -> str:
    """A part in percent."""
    percent = 100 * fraction
    if percent == 0:
        return "0 %"
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
