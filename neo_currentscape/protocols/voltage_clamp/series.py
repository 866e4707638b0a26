r"""The series resistance of a pipette: what it takes of the command, and the current without it.

The membrane is at :math:`V_m = V_c - I R_s`, where :math:`R_s` is what the amplifier does not compensate.
Of a recorded current :math:`C \, dV_m/dt` charges the membrane; the rest flows through channels, and if
these are ohmic with the reversal potential E, :math:`(V_c - E) / (V_m - E)` times as much would flow
at the command (Traynelis, J Neurosci Methods 1998;86:25).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, warn
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps, check_selection, sweeps_of

#: The current is not scaled where the membrane is nearer than this to the reversal, in mV.
NEAR = 2.0


@dataclass(frozen=True)
class SeriesCorrection(Result):
    """Sweeps with the error of the series resistance, and without it; see `series_resistance`.

    ``to_dataframe()`` has a row for each sweep: the ``largest`` error of the voltage in it.

    Attributes
    ----------
    recorded, sweeps : Sweeps
        As recorded, with the membrane's potential as ``voltage``; and corrected.
    resistance : float
        In Mohm.
    scaled : bool
        Whether the currents are those that would flow at the command.
    """

    recorded: Sweeps
    sweeps: Sweeps
    resistance: float
    scaled: bool = False

    @property
    def voltage_error(self) -> pq.Quantity:
        """I R_s in mV, shape (sweep, time): how far the membrane is from the command."""
        return self.recorded.current * self.resistance * 1e-3 * pq.mV

    def _table(self) -> Table:
        found = np.abs(self.voltage_error.magnitude).max(axis=1)
        return Table({"largest": found}, units={"largest": "mV"})

    def plot(self, **options: Any) -> Any:
        """Draw recorded and corrected currents, the error of the voltage, and the command.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.voltage_clamp.figures import series_figure

        return series_figure(self, **options)

    def __str__(self) -> str:
        return (
            f"Series resistance of {self.resistance:g} Mohm: the membrane is off the command by up to "
            f"{float(np.abs(self.voltage_error).max()):.3g} mV"
        )


def given_resistance(given: Any) -> float:
    """A series resistance in Mohm; 0 where none is given."""
    if given is None:
        return 0.0
    found = units.scalar(given, "Mohm", "series_resistance")
    if found < 0:
        raise ArgumentError(
            f"series_resistance={given} is less than nothing: give what the amplifier does not compensate, "
            "e.g. 4 * pq.MOhm."
        )
    return found


def series_resistance(
    source: Any,
    resistance: Any,
    *,
    compensated: float = 0.0,
    capacitance: Any = None,
    reversal: Any = None,
    **selection: Any,
) -> SeriesCorrection:
    """Show the error of the series resistance, and correct the currents as far as it is known how.

    Parameters
    ----------
    source : neo.Block, sequence of neo.Segment, Sweeps, or a result that has ``sweeps``
    resistance : Quantity
        Of the pipette's access, e.g. 10 Mohm.
    compensated : float
        The part of it that the amplifier took away, from 0 to 1.
    capacitance : Quantity, optional
        Of the membrane; what charges it is subtracted.
    reversal : Quantity, optional
        Of the current; it is then scaled to what would flow at the command.
    **selection
        See `neo_currentscape.protocols.sweeps_of`.

    Returns
    -------
    SeriesCorrection

    Warns
    -----
    CurrentscapeWarning
        When the membrane is so near to the reversal that samples cannot be scaled; they stay as they are.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, series_resistance
    >>> held = Sweeps(np.arange(5.0), np.full((1, 5), 1000.0), np.full((1, 5), 40.0))
    >>> found = series_resistance(
    ...     held, 20 * pq.MOhm, compensated=0.5, reversal=-60 * pq.mV
    ... )
    >>> float(found.voltage_error.max()), round(float(found.sweeps.current[0, 0]), 1)
    (10.0, 1111.1)
    """
    if not 0 <= compensated <= 1:
        raise ArgumentError(f"compensated={compensated!r} is no part of a whole: write 0 to 1, e.g. 0.7.")
    check_selection(series_resistance, selection)
    if capacitance is not None:
        selection["capacitance"] = capacitance
    recorded = sweeps_of(source, **selection)
    left = given_resistance(resistance) * (1 - compensated)
    membrane = recorded.command - recorded.current * left * 1e-3
    current = recorded.current
    if capacitance is not None:
        size = units.positive(capacitance, "pF", "capacitance")
        current = current - size * np.gradient(membrane, recorded.step, axis=1)
    if reversal is not None:
        current = _scaled(current, recorded.command, membrane, units.scalar(reversal, "mV", "reversal"))
    known = replace(recorded, voltage=membrane)
    what = "the corrected sweeps"
    # What is scaled flows at the command; what is not, at the membrane's own potential.
    voltage = membrane if reversal is None else recorded.command
    corrected = replace(known, current=current, voltage=voltage, what=what)
    return SeriesCorrection(known, corrected, left, reversal is not None)


def _scaled(current: np.ndarray, command: np.ndarray, membrane: np.ndarray, reversal: float) -> np.ndarray:
    near = np.abs(membrane - reversal) < NEAR
    if near.any():
        warn(
            f"The membrane is within {NEAR:g} mV of reversal={reversal:g} mV in {near.mean():.1%} of "
            "the samples, whose current tells nothing of the conductance: they stay as they are."
        )
    away = np.where(near, 1.0, membrane - reversal)
    return np.where(near, current, current * (command - reversal) / away)
