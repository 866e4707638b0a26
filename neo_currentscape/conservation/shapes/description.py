"""The shape of a residual that no change of the recorded terms explains: which current is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from neo_currentscape.conservation.score import explains, is_exact, score
from neo_currentscape.conservation.shapes.axial import axial, tree
from neo_currentscape.conservation.shapes.events import MOST, jumps, peak, spikes
from neo_currentscape.conservation.shapes.fits import Shape, conductance, constant, step
from neo_currentscape.conservation.terms import Terms

#: An axial current must explain this much better than a conductance does.
GOOD_AXIAL = 0.1


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
    found = jumps(terms, before)
    if found is not None:
        return found
    simple = simple_shapes(terms)
    good = [
        s for s in simple if explains(s.left, before) and s.beyond < 1 - MOST and is_credible(s, before)
    ]
    alone = _varies(terms) and "axial" not in terms.roles
    if alone and not any(s.left <= 1 or is_exact(s.left, before) for s in good):
        neighbour = axial(terms)
        if neighbour is not None and neighbour.left < GOOD_AXIAL * min(before, *(s.left for s in simple)):
            good.append(neighbour)
    if good:
        return min(good, key=lambda s: score(s.left, before, penalty(s)))
    if alone:
        found = tree(terms, before)
    if found is None and _varies(terms):
        found = spikes(terms, before) or _partly(simple[-1], before)
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
    found = (s for s in simple_shapes(terms) if is_exact(s.left, before) and is_credible(s, before))
    return next(found, None)


def simple_shapes(terms: Terms) -> list[Shape]:
    """The shapes with a formula that can be fitted, each with how much it leaves."""
    found = [constant(terms), step(terms)]
    if _varies(terms):
        found.append(conductance(terms))
    return [shape for shape in found if shape is not None]


def _varies(terms: Terms) -> bool:
    if terms.voltage is None:
        return False
    voltage = terms.voltage[terms.used]
    return bool(np.ptp(voltage) > 1e-9 * np.abs(voltage).max())


def _partly(follows: Shape, before: float) -> Shape | None:
    if follows.left > (1 - MOST) * before or follows.beyond > 0.5:
        return None
    if _is_negative(follows):
        return None  # whatever drives V goes with it
    part = 100 * (1 - follows.left / before)
    return replace(follows, kind="partly", text=f"{follows.text} ({part:.0f} % of it)")


def _other(terms: Terms, before: float) -> Shape:
    return Shape("other", f"it has no simple shape ({peak(terms)})", before)
