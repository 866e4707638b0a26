"""What a balance cannot tell: residuals no larger than what the currents change by between two samples.

Currents that belong to the other end of a step, as those of an implicit or a linearised step do, or that
were sampled so far apart that nobody knows what flowed in between, leave a residual in which nothing need
be missing. Where all of it is of that size the balance says so, and accuses no current.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conservation.score import score
from neo_currentscape.conservation.terms import Terms

#: Part of the current from which a balance that holds within the sampling error is none.
COARSE = 0.05

#: How far off, in changes, a current of the other end of a step may be: during an upstroke the conductance
#: grows while the driving force falls, and the current moves by less than either would. Where an
#: adapter says that currents are those of the other end it is believed further: cells that spike through a
#: gap junction leave up to four changes.
AT_MOST, AT_MOST_TOLD = 2.0, 5.0

#: Part of the residual's charge, and of its weighted square, that may be larger than that.
BEYOND = 0.1

#: Part of the current that may be unexplained: where more is, the samples tell at least that much.
MOST = 1 / 3

#: Part of the residual's charge that flows against the change of the voltage, from which it is that of
#: currents taken at the voltage before a step, and how many times the capacitive current it may be: what
#: such currents lack is a conductance times the change. A leak that is missing flows on where the voltage
#: has settled, and is not mistaken for that.
AGAINST, CAPACITIVE = 0.99, 5.0

#: What counts against this explanation: as much as against the vaguest shape, which it goes before.
PENALTY = 2.0


@dataclass(frozen=True)
class Blindness:
    """A residual that the sampling explains.

    Attributes
    ----------
    kind : {"coarse", "first order"}
    size : float
        What cannot be told, as part of the current.
    score : float
        To be compared with those of other explanations.
    against : bool
        Whether it flows against the change of the voltage, and may be larger than what the currents
        change by.
    """

    kind: str
    size: float
    score: float
    against: bool = False


def of_change(terms: Terms, before: float) -> Blindness | None:
    """Whether the residual is what the currents change by between samples, or within a step.

    Parameters
    ----------
    terms : Terms
        Of single samples, not of averages.
    before : float
        Mean square of the residual, in squares of the scatter.

    Returns
    -------
    Blindness or None
    """
    return _within_changes(terms, before) or _of_the_voltage_before(terms, before)


def _within_changes(terms: Terms, before: float) -> Blindness | None:
    residual = np.abs(np.nan_to_num(terms.residual))
    if terms.mean(residual) > MOST * terms.mean(terms.total):
        return None
    most = AT_MOST if terms.unaligned is None else AT_MOST_TOLD
    over = np.maximum(residual - most * terms.change, 0)
    left = terms.mean((over / terms.scatter) ** 2)
    if left > BEYOND * before or terms.mean(over) > BEYOND * terms.mean(residual):
        return None
    size = terms.mean(np.minimum(terms.change, terms.total)) / terms.mean(terms.total)
    return Blindness(_kind(terms, size), size, score(left, before, PENALTY))


def _of_the_voltage_before(terms: Terms, before: float) -> Blindness | None:
    """Whether the residual is what currents lack that a source says are of the voltage before a step.

    With a conductance g such a current is g (v[k-1] - E), and that of the step g (v[k] - E): the residual
    is -g (v[k] - v[k-1]), and changes its sign with C dV/dt, which no channel or electrode does.
    """
    if terms.unaligned is None or terms.rule != "backward" or terms.skips_steps:
        return None
    residual = np.nan_to_num(terms.residual)
    capacitive = terms.numbers[:, 0]
    allowed = np.where(residual * capacitive < 0, CAPACITIVE * np.abs(capacitive), 0.0)
    over = np.maximum(np.abs(residual) - allowed, 0)
    if terms.mean(over) > (1 - AGAINST) * terms.mean(np.abs(residual)):
        return None
    size = terms.mean(np.abs(residual)) / terms.mean(terms.total)
    left = terms.mean((over / terms.scatter) ** 2)
    return Blindness("first order", size, score(left, before, PENALTY), against=True)


def of_error(terms: Terms, unexplained: float, expected: float) -> Blindness | None:
    """Whether what is unexplained, though within the sampling error, is too much to be called complete."""
    if terms.unaligned is not None:
        return Blindness("first order", expected, 0.0)
    if unexplained <= COARSE:
        return None
    return Blindness("coarse", max(expected, unexplained), 0.0)


def every(terms: Terms) -> tuple[float, float | None]:
    """The sampling interval in ms, and how many steps of the simulation it has where that is known."""
    interval = float(np.median(np.diff(terms.times))) if len(terms.times) > 1 else 0.0
    return interval, None if terms.resolution is None else interval / terms.resolution


def _kind(terms: Terms, size: float) -> str:
    if terms.unaligned is not None or every(terms)[1] is not None:
        return "coarse" if terms.skips_steps else "first order"
    return "coarse" if size > 2 * COARSE else "first order"
