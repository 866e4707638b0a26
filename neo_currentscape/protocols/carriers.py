"""Which current carries what a protocol shows: the sag, the rheobase, the resonance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.protocols.result import recording_of
from neo_currentscape.recording.recording import Recording

#: A sag below this part of the deflection, in mV per mV, is none.
LEAST_SAG = 1e-3

#: The action potential begins where the voltage rises faster than this (mV/ms), as in eFEL.
UPSTROKE = 10.0


@dataclass(frozen=True)
class Carriers(Result):
    """How much each current does for something, and against it.

    ``to_dataframe()`` has a row for each current, by which it is indexed, the greatest first: ``effect``
    and ``part``.

    Attributes
    ----------
    what : str
        E.g. "sag".
    names : list of str
        Of the currents, in recorded order.
    effect : Quantity, shape (current,)
        Positive for it, negative against it.
    quantity : str
        What is measured.
    scape : Currentscape or Recording
        Whose currents these are.
    """

    what: str
    names: list[str]
    effect: Any
    quantity: str
    scape: Any

    @property
    def parts(self) -> np.ndarray:
        """What each does for it, as a part of what all do for it; 0 for those against it."""
        for_it = np.clip(self.effect.magnitude, 0, None)
        return for_it / for_it.sum() if for_it.any() else for_it

    @property
    def carrier(self) -> str | None:
        """The current that does most for it; None where none does anything."""
        return self.names[int(self.parts.argmax())] if self.parts.any() else None

    @property
    def opponent(self) -> str | None:
        """The current that does most against it; None where none does."""
        least = int(self.effect.magnitude.argmin())
        return self.names[least] if self.effect.magnitude[least] < 0 else None

    def rows(self) -> list[tuple[str, Any, float]]:
        """Name, effect and part of each current, the greatest first.

        Returns
        -------
        list of tuple
            Name, Quantity, and part of the whole.
        """
        order = np.argsort(-self.effect.magnitude, kind="stable")
        return [(self.names[k], self.effect[k], float(self.parts[k])) for k in order]

    def _table(self) -> Table:
        names, effects, parts = zip(*self.rows(), strict=True)
        columns = {"effect": [float(effect) for effect in effects], "part": parts}
        return Table(columns, {"current": list(names)}, {"effect": units.label(self.effect)})

    def __str__(self) -> str:
        if self.carrier is None:
            return f"No current carries the {self.what}."
        part = self.parts[self.names.index(self.carrier)]
        against = f"; most against it: {self.opponent}" if self.opponent else ""
        return f"{self.carrier} carries {part:.0%} of the {self.what} ({self.quantity}){against}."


def absolute_or_density(recording: Recording) -> tuple[np.ndarray, Any]:
    """The currents of a Recording, shape (time, current), outward positive, and their unit."""
    currents = recording.currents
    return np.asarray(currents.magnitude, dtype=float), units.parse_units(currents.units)


def sag_carriers(passive: Any) -> Carriers:
    """Which currents bring the voltage back from its peak.

    Parameters
    ----------
    passive : Passive

    Returns
    -------
    Carriers
        ``effect`` is the change of each current from the peak to the end of the step, positive where it
        moves the voltage back: inward after a step downwards. At both times C dV/dt is all but 0, so
        that the changes add up to that of the axial current.

    Raises
    ------
    SignalError
        When there is no sag.
    SelectionError
        When no membrane currents were recorded.
    """
    # What falls short of a sag: the last sample of an exponential is its peak.
    if abs(passive.sag_norm) < LEAST_SAG:
        raise SignalError(
            f"The response has no sag ({passive.sag_norm:.1%} of the deflection), so that no current "
            "carries one."
        )
    recording = recording_of(passive.trace)
    values, unit = absolute_or_density(recording)
    change = np.subtract(
        *[_mean(recording, values, passive, k) for k in (passive.step.final, passive.peak)]
    )
    back = np.sign(passive.step.amplitude) * change
    return Carriers("sag", recording.names, back * unit, "change from the peak to the end", recording)


def _mean(recording: Recording, values: np.ndarray, passive: Any, sample: int) -> np.ndarray:
    """The currents at a sample; averaged over as many samples as v_final is."""
    final = passive.reading.final
    half = (final.stop - final.start) // 2
    first, last = max(sample - half, passive.step.rest + 1), min(sample + half, passive.step.final)
    ends = [_index(recording, passive.trace.times[k]) for k in (min(first, sample), last)]
    return np.asarray(values[ends[0] : ends[1] + 1].mean(axis=0))


def _index(recording: Recording, time: float) -> int:
    times = recording.times.rescale("ms").magnitude
    return int(np.abs(times - time).argmin())


def rheobase_carriers(clamp: Any) -> Carriers:
    """Which currents bring the cell from rest to its first action potential.

    Parameters
    ----------
    clamp : CurrentClamp
        With at least one spike.

    Returns
    -------
    Carriers
        ``effect`` is the charge of each current beyond what flowed at rest, from the onset of the step
        to the beginning of the first action potential (where dV/dt comes to exceed 10 mV/ms),
        positive where it is inward.

    Raises
    ------
    SignalError
        When there is no spike, or no rest.
    """
    spikes = clamp.spike_indices
    if not len(spikes):
        raise SignalError("No spike, so that no current brings the cell to one: inject more.")
    trace, rest = clamp.trace, clamp.step.rest
    if rest < 0:
        raise SignalError("The step begins with the recording: record the rest before it.")
    begin = takeoff(trace.times, trace.voltage, rest, int(spikes[0]))
    recording = recording_of(trace)
    values, unit = absolute_or_density(recording)
    first, last = (_index(recording, trace.times[k]) for k in (rest, begin))
    times = recording.times.rescale("ms").magnitude[first : last + 1]
    beyond = values[first : last + 1] - values[first]
    charge = -((beyond[1:] + beyond[:-1]) / 2 * np.diff(times)[:, None]).sum(axis=0)
    quantity = (charge * unit * pq.ms).rescale(charge_unit(unit))
    return Carriers("rheobase", recording.names, quantity, "charge up to the first spike", recording)


def charge_unit(unit: Any) -> Any:
    """Unit of the charge of a current in that unit: pC, or pC per area."""
    kind = units.kind(unit)
    if kind == "current":
        return units.PICOCOULOMB
    if kind == "current density":
        return units.parse_units("nA*ms/cm**2")
    return unit * pq.ms


def takeoff(times: np.ndarray, voltage: np.ndarray, first: int, spike: int) -> int:
    """Sample at which the action potential begins that crosses the threshold at a sample.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
        In ms and mV.
    first : int
        The earliest sample that may be found.
    spike : int
        Where the threshold is crossed.

    Returns
    -------
    int
        The last sample before it at which dV/dt is no more than 10 mV/ms.
    """
    slope = np.diff(voltage[first : spike + 1]) / np.diff(times[first : spike + 1])
    slow = np.flatnonzero(slope <= UPSTROKE)
    return first + int(slow[-1] + 1 if len(slow) else 0)


def resonance_carriers(zap: Any) -> Carriers:
    """Which currents make the impedance at low frequencies lower than at the resonance.

    Parameters
    ----------
    zap : Zap

    Returns
    -------
    Carriers
        The admittance of the cell is the sum of those of its currents, Y_k = I_k(f) / V(f) (and of the
        capacitance, and of the axial current). Each adds Re(Y_k conj(Y)) / |Y| to |Y| = 1 / |Z|.
        ``effect`` is how much less that is at the resonance than at the lowest frequencies of the
        chirp, in uS: positive for the currents that make the resonance. "capacitive" and "axial" stand
        beside the currents, so that all add up to 1/|Z| at low frequencies less that at the resonance.

    Raises
    ------
    SignalError
        When there is no resonance: |Z| is greatest at the lowest frequencies.
    """
    if not zap.is_resonant:
        raise SignalError(
            f"|Z| is greatest at the lowest frequencies ({float(zap.resonance):.3g} Hz): there is no "
            "resonance, so that no current carries one."
        )
    recording = recording_of(zap.trace)
    names, admittances = zap.admittances(recording)
    total = admittances.sum(axis=1)
    part = np.real(admittances * np.conj(total)[:, None]) / np.abs(total)[:, None]
    low, high = zap.low_bins, zap.resonance_bins
    effect = part[low].mean(axis=0) - part[high].mean(axis=0)
    unit = units.parse_units("uS") if units.kind(recording.currents) == "current" else None
    if unit is None:
        raise SelectionError(
            "The currents are densities, and the impedance is that of the whole cell: give the area of "
            "the membrane as annotation of the signals, area=..., so that they become absolute."
        )
    return Carriers("resonance", names, effect * unit, "less of |Y| than at low frequencies", recording)
