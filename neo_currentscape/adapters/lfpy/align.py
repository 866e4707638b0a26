"""Fixed steps: bring each recorded current to the voltage that was recorded with it.

With a fixed step NEURON solves for the voltage at the end of a step with currents linearised at
the voltage before it. What is recorded after the step is the current at the old voltage, i(v_old),
while the current that charged the membrane is

    i[k] + (di/dv)[k] (v[k] - v[k-1])

With this, capacitive and ionic currents and synapses sum to what flows in along the cable to the
rounding of the arithmetic. Electrode currents (IClamp, SEClamp) are recorded as they flowed, and
so is everything with a variable step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.adapters.lfpy.mechanism import Mechanism, Ohmic, mechanism

#: Distance to a reversal potential (mV) below which i / (v - e) is lost in rounding.
_CLOSE = 1e-6

#: Bit of `ion_style` which says that a reversal potential changes with the concentrations.
_ADVANCES = 64


def aligned(recorded: np.ndarray, voltage: np.ndarray, slope: np.ndarray | float) -> np.ndarray:
    """Bring a current from the voltage before each step to the voltage after it.

    Parameters
    ----------
    recorded : ndarray, shape (time,)
        i(v[k-1]).
    voltage : ndarray, shape (time,)
    slope : ndarray, shape (time,), or float
        di/dv, in the current's unit per unit of the voltage.

    Returns
    -------
    ndarray, shape (time,)
        A new array; its first sample is as recorded, because the voltage before it is not known.

    Examples
    --------
    >>> aligned(np.array([0.0, 0.0]), np.array([-70.0, -69.0]), 0.5)
    array([0. , 0.5])
    """
    out = np.array(recorded, dtype=float)
    out[1:] += np.broadcast_to(slope, out.shape)[1:] * np.diff(voltage)
    return out


def slope_from_reversal(recorded: np.ndarray, voltage: np.ndarray, reversal: float) -> np.ndarray:
    """Slope of ``i = g (v - e)``: the current divided by its driving force.

    Parameters
    ----------
    recorded : ndarray, shape (time,)
        i(v[k-1]).
    voltage : ndarray, shape (time,)
    reversal : float
        Reversal potential in the unit of the voltage.

    Returns
    -------
    ndarray, shape (time,)
        Interpolated where the voltage passes through the reversal potential.
    """
    force = np.concatenate([voltage[:1], voltage[:-1]]) - reversal
    known = np.abs(force) > _CLOSE
    if not known.any():
        return np.zeros_like(force)
    slope = np.divide(recorded, force, out=np.zeros_like(force), where=known)
    slope[~known] = np.interp(np.flatnonzero(~known), np.flatnonzero(known), slope[known])
    return slope


class Slopes:
    """Finds the slope of each current of a cell: recorded, constant, or from its equation.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated.
    variables : mapping of str to ndarray, shape (compartment, time)
        What was recorded of its mechanisms.
    mechanisms : list of Mechanism
        Its density mechanisms with currents.
    h : hoc interpreter
        ``neuron.h``.
    """

    def __init__(
        self, cell: Any, variables: Mapping[str, Any], mechanisms: list[Mechanism], h: Any
    ) -> None:
        self.variables = variables
        self.voltage = cell.vmem
        self.mechanisms = mechanisms
        self.h = h

    def of_total(self, current: str, place: Any, at: int, recorded: np.ndarray) -> Any:
        """Slope of an ion total such as ``ina``, None where nothing tells it.

        Parameters
        ----------
        current : str
        place : NEURON segment
        at : int
            Index of the compartment.
        recorded : ndarray, shape (time,)
            In mA/cm2.

        Returns
        -------
        ndarray, float or None
            In S/cm2.
        """
        name = f"d{current}_dv_"
        if name in self.variables:
            return self.variables[name][at]
        present = place.sec.psection()["density_mechs"]
        by = [each for each in self.mechanisms if current in each.ions and each.name in present]
        return self.of_mechanism(current, by[0], place, at, recorded) if len(by) == 1 else None

    def of_mechanism(
        self, current: str, source: Mechanism, place: Any, at: int, recorded: np.ndarray
    ) -> Any:
        """Slope of the current of one density mechanism, None where nothing tells it."""
        form = source.ohmic.get(current)
        if form is None:
            return None
        name = f"{form.conductance}_{source.name}"
        if name in self.variables:
            return self.variables[name][at]
        if form.conductance in source.parameters:
            return self._value(name, place)
        reversal = self._reversal(form, source, place)
        return None if reversal is None else slope_from_reversal(recorded, self.voltage[at], reversal)

    def _reversal(self, form: Ohmic, source: Mechanism, place: Any) -> float | None:
        """A reversal potential that stays as it is; None where it moves or is not known."""
        if form.reversal in source.parameters and not self._is_ion(form.reversal):
            return self._value(f"{form.reversal}_{source.name}", place)
        ion = form.reversal[1:]
        if (
            self._is_ion(form.reversal)
            and not int(self.h.ion_style(f"{ion}_ion", sec=place.sec)) & _ADVANCES
        ):
            return float(getattr(place, form.reversal))
        return None

    def _is_ion(self, reversal: str) -> bool:
        ions = {ion for each in self.mechanisms for ion in each.ions.values()}
        return reversal.startswith("e") and reversal[1:] in ions

    def _value(self, name: str, place: Any) -> float:
        # A parameter that is not RANGE is one number for all compartments.
        return float(getattr(place, name) if hasattr(place, name) else getattr(self.h, name))

    def of_synapse(self, synapse: Any) -> Any:
        """Slope of a synapse's recorded current in uS, None where nothing tells it."""
        form = mechanism(synapse.syntype, True, self.h).ohmic.get("i")
        if form is None:
            return None
        reversal = synapse.kwargs.get(form.reversal)
        if reversal is None:
            standard = self.h.MechanismStandard(synapse.syntype, 1)
            reversal = standard.get(form.reversal)
        voltage = self.voltage[synapse.idx]
        return slope_from_reversal(synapse.i, voltage, float(reversal))
