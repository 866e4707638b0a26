"""Fixed steps: bring each recorded current to the voltage that was recorded with it.

With a fixed step NEURON solves for the voltage at the end of a step with currents linearised at
the voltage before it. What is recorded after the step is the current at the old voltage, i(v_old),
while the current that charged the membrane is

    i[k] + (di/dv)[k] (v[k] - v[k-1])

With this, capacitive and ionic currents and synapses sum to what flows in along the cable to the
rounding of the arithmetic. Electrode currents (IClamp, SEClamp) are recorded as they flowed, and
so is everything with a variable step. How a current depends on the voltage is read from its MOD file
by `neo_currentscape.adapters.neuron`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.adapters.lfpy.mechanism import ions_of, mechanism
from neo_currentscape.adapters.lfpy.values import Values, before
from neo_currentscape.adapters.neuron.mechanisms import Kind
from neo_currentscape.adapters.neuron.slopes import from_reversal


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


def at_new_voltage(
    current: str, values: Values, recorded: np.ndarray, voltage: np.ndarray
) -> np.ndarray | None:
    """Bring a current that a mechanism shows to the voltage that it was recorded with.

    Parameters
    ----------
    current : str
        Its name in the MOD file.
    values : Values
        Of the mechanism's variables.
    recorded, voltage : ndarray, shape (time,)

    Returns
    -------
    ndarray, shape (time,), or None
        None where nothing tells its slope.
    """
    source = values.kind.source
    if current in source.set_after_breakpoint and current not in source.set_at_breakpoint:
        # Set when the voltage was advanced, it flows in the next step.
        return None if source.is_opaque else before(recorded)
    slope = slope_of(current, values, recorded, voltage)
    if current in source.set_after_breakpoint:
        # Set anew when the voltage was advanced, it is that of the new voltage.
        slope = None if slope is None else 0.0
    return None if slope is None else aligned(recorded, voltage, slope)


def slope_of(
    current: str, values: Values, recorded: np.ndarray, voltage: np.ndarray
) -> np.ndarray | float | None:
    """Slope of a current, in its unit per mV, None where nothing tells it; as for `at_new_voltage`."""
    declared, rule = _declared(current, values), values.kind.slope_of(current)
    if declared is not None or rule is None:
        return declared
    if rule.reversal is None:
        return 0.0
    slope = None if rule.slope is None else values.of(rule.slope, at_once=True)
    if slope is not None:
        return slope
    reversal = values.of(rule.reversal)
    if reversal is not None:
        return from_reversal(np.asarray(recorded, dtype=float), before(voltage) - reversal)
    return None if rule.slope is None else values.of(rule.slope)


def _declared(current: str, values: Values) -> Any:
    """What CONDUCTANCE statements declare to be di/dv, which NEURON then takes for it."""
    source = values.kind.source
    ion = ions_of(values.kind).get(current)
    alike = [name for name, other, _ in source.currents if other == ion]
    names = [name for name, other in source.conductances if other == ion]
    return values.of(" + ".join(names)) if names and len(alike) == 1 else None


class Steps:
    """Brings the currents of a cell that was simulated with a fixed step to the new voltages.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated.
    variables : mapping of str to ndarray, shape (compartment, time)
        What was recorded of its mechanisms.
    mechanisms : list of Kind
        Its density mechanisms with currents.
    h : hoc interpreter
        ``neuron.h``.
    """

    def __init__(self, cell: Any, variables: Mapping[str, Any], mechanisms: list[Kind], h: Any) -> None:
        self.variables = variables
        self.voltage = cell.vmem
        self.mechanisms = mechanisms
        self.h = h

    def of_total(self, current: str, place: Any, at: int, recorded: np.ndarray) -> np.ndarray | None:
        """An ion total such as ``ina`` at the new voltage, None where nothing tells its slope.

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
        ndarray, shape (time,), or None
        """
        slope, name = None, f"d{current}_dv_"
        present = place.sec.psection()["density_mechs"]
        by = [kind for kind in self.mechanisms if current in ions_of(kind) and kind.name in present]
        if name in self.variables:
            slope = self.variables[name][at]
        elif len(by) == 1:
            slope = slope_of(current, self._values(by[0], place, at), recorded, self.voltage[at])
        return None if slope is None else aligned(recorded, self.voltage[at], slope)

    def of_mechanism(self, current: str, kind: Kind, place: Any, at: int, recorded: np.ndarray) -> Any:
        """A mechanism's own current at the new voltage, None where nothing tells its slope."""
        return at_new_voltage(current, self._values(kind, place, at), recorded, self.voltage[at])

    def of_synapse(self, synapse: Any, place: Any) -> np.ndarray | None:
        """A synapse's recorded current at the new voltage, None where nothing tells its slope."""
        kind = mechanism(synapse.syntype, True, self.h)
        if kind is None:
            return None
        values = self._values(kind, place, synapse.idx, synapse.kwargs)
        return at_new_voltage("i", values, synapse.i, self.voltage[synapse.idx])

    def _values(self, kind: Kind, place: Any, at: int, parameters: Any = None) -> Values:
        recorded = {name: rows[at] for name, rows in self.variables.items()}
        return Values(kind, place, recorded, self.h, parameters)
