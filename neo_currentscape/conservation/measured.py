"""The balance of measured currents: what their noise alone leaves tells nothing of what is missing."""

from __future__ import annotations

import numpy as np

from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conservation.verdict import Diagnosis
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording

#: What noise leaves is a mean over samples, and may be by this factor more than expected.
CHANCE = 1.25


def unexplained_by_noise(recording: Recording, terms: Terms) -> float:
    r"""The part of the current that the noise of the currents may leave unexplained.

    The mean of :math:`|\sum_k \epsilon_k|` for independent normal errors, :math:`\sqrt{2 / \pi}` of their
    standard deviation, over the mean total. Currents that were isolated one after the other share sweeps
    with opposite sign, and leave less.

    Parameters
    ----------
    recording : Recording
        With ``noise``.
    terms : Terms

    Returns
    -------
    float
    """
    total = terms.mean(terms.total)
    if not total > 0:
        return 0.0
    times = timebase.float_times(recording.currents, "ms")
    sigma = np.sqrt(np.einsum("tk,tk->t", *(values.magnitudes(recording.noise),) * 2))
    unit = float((1.0 * recording.currents.units).rescale(terms.unit))
    there = np.interp(terms.times, times, sigma) * unit
    return float(np.sqrt(2 / np.pi) * terms.mean(there) / total)


def beside_noise(found: Diagnosis, recording: Recording, terms: Terms, unexplained: float) -> Diagnosis:
    """The verdict on measured currents: none where their noise explains what is left.

    Parameters
    ----------
    found : Diagnosis
        As if the currents were exact.
    recording : Recording
    terms : Terms
    unexplained : float
        Part of the current that is unexplained.

    Returns
    -------
    Diagnosis
    """
    if recording.noise is None or found.kind == "unchecked":
        return found
    noise = unexplained_by_noise(recording, terms)
    if unexplained > CHANCE * noise:
        return found
    text = (
        f"complete as far as the noise lets tell: {100 * unexplained:.2g} % of the current is unexplained, "
        f"and the noise of the measured currents alone may leave about {100 * noise:.2g} %"
    )
    return Diagnosis("noise", (), {}, (), None, text)
