"""How far charges are uncertain: of measured currents, and of a simulation that was sampled sparsely."""

from __future__ import annotations

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import SKIPPED, annotation
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import noise_floor, split


def charge_errors(recording: Recording) -> np.ndarray:
    r"""Standard error of the charge of each current: its noise, or what its samples leave open.

    Of measured currents it is that of their noise. Of simulated ones it is read off second differences.

    Between independent samples the error of each interval T is their scatter, whose square is a sixth of
    the mean square of second differences; for a smooth current it is less than that:
    :math:`T \sqrt{\sum_k (I_{k+1} - 2 I_k + I_{k-1})^2 / 6}`. Where V is clamped a spike counts for itself,
    and nothing is added. Of n events that all come at the same phase of the interval (input in whole
    milliseconds, sampled every millisecond) the errors add up, to as much as :math:`\sqrt n` times that.

    Parameters
    ----------
    recording : Recording

    Returns
    -------
    ndarray, shape (current,)
        In the unit of the currents times ms; 0 where every step was sampled, or nothing tells.
    """
    if recording.noise is not None:
        return noise_floor.charge_errors(recording)
    nothing = np.zeros(len(recording.names))
    voltage = recording.voltage
    given = None if voltage is None else annotation(voltage, "resolution")
    if given is None or len(recording) < 3 or not timebase.is_regular(recording.currents):
        return nothing
    interval = float(recording.currents.sampling_period.rescale("ms"))
    if interval < SKIPPED * units.scalar(given, "ms", "The annotation resolution of the voltage"):
        return nothing
    return interval * np.sqrt(_squares(recording) / 6)


def _squares(recording: Recording) -> np.ndarray:
    """Sum of the squared second differences of each current, where V is not clamped."""
    found, held = np.zeros(len(recording.names)), recording.clamped
    numbers = values.magnitudes(recording.currents)
    for rows in split.blocks(len(numbers) - 2):
        part = numbers[rows.start : rows.stop + 2]
        bend = part[2:] - 2 * part[1:-1] + part[:-2]
        if held is not None:
            beside = held[rows.start : rows.stop + 2]
            bend = bend[~(beside[2:] | beside[1:-1] | beside[:-2])]
        found += np.nansum(bend**2, axis=0)
    return found
