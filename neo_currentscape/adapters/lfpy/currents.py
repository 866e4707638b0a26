"""The currents of a compartment from LFPy's arrays, each counted once and aligned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters.lfpy.align import Steps
from neo_currentscape.adapters.lfpy.mechanism import ions_of, mechanism, mechanisms_of
from neo_currentscape.adapters.lfpy.tree import compartments
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import SelectionError, warn

#: nA per um2 of a density of 1 mA/cm2.
_NANOAMPERE = 1e-2


@dataclass(frozen=True)
class CompartmentTrace:
    """One variable of one compartment."""

    name: str
    values: np.ndarray
    units: str
    role: str
    positive: str | None
    is_aligned: bool = True


class Reader:
    """Reads the currents and other variables of a cell's compartments.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated.
    variables : mapping of str to ndarray, shape (compartment, time)
        What was recorded of its mechanisms.
    names : list of str
        Names of the compartments.
    is_fixed : bool
        Whether the time step was fixed, so that currents lag behind the voltage.
    h : hoc interpreter
        ``neuron.h``.
    """

    def __init__(
        self, cell: Any, variables: Mapping[str, Any], names: list[str], is_fixed: bool, h: Any
    ) -> None:
        self.cell, self.names, self.is_fixed, self.h = cell, names, is_fixed, h
        self.places = compartments(cell)
        self.variables = variables
        self.mechanisms = mechanisms_of(cell)
        self.steps = Steps(cell, variables, self.mechanisms, h)
        self.warned: set[str] = set()

    def currents(self, at: int) -> list[CompartmentTrace]:
        """Membrane currents, synapses (outward positive) and electrodes (inward) in nA."""
        return [*self._ionic(at), *self._nonspecific(at), *self._synapses(at), *self._electrodes(at)]

    def others(self, at: int) -> list[CompartmentTrace]:
        """Whatever else was recorded: conductances, gates, concentrations ..."""
        seen = {current for each in self.mechanisms for current in self._names_of(each)}
        return [
            self._other(name, at)
            for name in self.variables
            if name not in seen and hasattr(self.places[at], name)
        ]

    def _names_of(self, each: Any) -> list[str]:
        ions = ions_of(each)
        return [*ions, *(f"{current}_{each.name}" for current in (*ions, *each.source.nonspecific))]

    def _present(self, at: int) -> list[Any]:
        here = self.places[at].sec.psection()["density_mechs"]
        return [each for each in self.mechanisms if each.name in here]

    def _ionic(self, at: int) -> list[CompartmentTrace]:
        out: list[CompartmentTrace] = []
        here = self._present(at)
        for current in sorted({name for each in here for name in ions_of(each)}):
            by = [each for each in here if current in ions_of(each)]
            parts = [each for each in by if f"{current}_{each.name}" in self.variables]
            known = [self._own(current, each, at) for each in parts]
            if len(parts) < len(by) and current in self.variables:
                known.append(self._total(current, at, known))
            out += known
        return out

    def _total(self, current: str, at: int, parts: list[CompartmentTrace]) -> CompartmentTrace:
        """What an ion's total holds beyond the parts that were recorded on their own."""
        self._refuse_double_count(current, at)
        density = self.variables[current][at]
        new = self.steps.of_total(current, self.places[at], at, density) if self.is_fixed else density
        total = self._trace(current, density, new, at)
        if not parts:
            return total
        rest = total.values - sum(part.values for part in parts)
        certain = total.is_aligned and all(part.is_aligned for part in parts)
        return CompartmentTrace(f"{current}_rest", rest, "nA", "current", "outward", certain)

    def _refuse_double_count(self, current: str, at: int) -> None:
        for synapse in self.cell.synapses:
            if synapse.idx == at and current in self._ions_of_synapse(synapse):
                raise SelectionError(
                    f"cell.rec_variables[{current!r}] at {self.names[at]} includes the {current} of its "
                    f"{synapse.syntype}, which would count twice: record this compartment with a "
                    "Recorder of neo_currentscape.adapters.neuron, which tells them apart."
                )

    def _ions_of_synapse(self, synapse: Any) -> dict[str, str]:
        kind = mechanism(synapse.syntype, True, self.h)
        return {} if kind is None else ions_of(kind)

    def _own(self, current: str, kind: Any, at: int, density: np.ndarray | None = None) -> CompartmentTrace:
        name = f"{current}_{kind.name}"
        new = density = self.variables[name][at] if density is None else density
        if self.is_fixed:
            new = self.steps.of_mechanism(current, kind, self.places[at], at, density)
        return self._trace(name, density, new, at)

    def _nonspecific(self, at: int) -> list[CompartmentTrace]:
        out = []
        for each in self._present(at):
            for current in each.source.nonspecific:
                if f"{current}_{each.name}" in self.variables:
                    out.append(self._own(current, each, at))
                elif each.name == "pas" and hasattr(self.cell, "ipas"):
                    out.append(self._passive(each, at))
        return out

    def _passive(self, each: Any, at: int) -> CompartmentTrace:
        """LFPy's own `cell.ipas`, which is absolute."""
        return self._own("i", each, at, self.cell.ipas[at] / (self.cell.area[at] * _NANOAMPERE))

    def _trace(self, name: str, density: np.ndarray, new: np.ndarray | None, at: int) -> CompartmentTrace:
        scale = self.cell.area[at] * _NANOAMPERE
        if new is None:
            self._warn_of_lag(name)
            return CompartmentTrace(name, density * scale, "nA", "current", "outward", is_aligned=False)
        return CompartmentTrace(name, new * scale, "nA", "current", "outward")

    def _synapses(self, at: int) -> list[CompartmentTrace]:
        out = []
        for number, synapse in enumerate(self.cell.synapses):
            if synapse.idx != at or not self._is_recorded(synapse, "Synapse", synapse.syntype, number):
                continue
            name, values = f"{synapse.syntype}[{number}]", synapse.i
            new = self.steps.of_synapse(synapse, self.places[at]) if self.is_fixed else values
            if new is None:
                self._warn_of_lag(name)
            certain = new is not None
            out.append(
                CompartmentTrace(name, values if new is None else new, "nA", "current", "outward", certain)
            )
        return out

    def _electrodes(self, at: int) -> list[CompartmentTrace]:
        return [
            CompartmentTrace(f"{each.pptype}[{number}]", each.i, "nA", "electrode", "inward")
            for number, each in enumerate(self.cell.pointprocesses)
            if each.idx == at and self._is_recorded(each, "Electrode", each.pptype, number)
        ]

    def _is_recorded(self, process: Any, what: str, kind: str, number: int) -> bool:
        if hasattr(process, "i"):
            return True
        self._warn(
            f"{what} {kind}[{number}] at {self.names[process.idx]} was not recorded and is missing: "
            "make it with record_current=True."
        )
        return False

    def _warn_of_lag(self, name: str) -> None:
        self._warn(
            f"Current {name!r} was evaluated one time step before the voltage, and nothing recorded "
            "tells its slope: record what lfpy.recorders(cell) names, simulate with variable_dt=True, or "
            "use a Recorder of neo_currentscape.adapters.neuron."
        )

    def _warn(self, text: str) -> None:
        if text not in self.warned:
            self.warned.add(text)
            warn(text)

    def _other(self, name: str, at: int) -> CompartmentTrace:
        unit, role = self._unit(name), "other"
        if unit != "dimensionless" or name.partition("_")[2]:
            role = roles.read_role(name.partition("_")[0], units.kind(unit)).role
        if role in ("voltage", *roles.CANONICAL):
            # A reversal potential is not the voltage, and what no mechanism declares is no current.
            role = "other"
        return CompartmentTrace(name, self.variables[name][at], unit, role, None)

    def _unit(self, name: str) -> str:
        if name.startswith("di") and name.endswith("_dv_"):
            return "S/cm**2"
        try:
            # NMODL writes S/cm2 where quantities writes S/cm**2.
            return units.parse_units(self.h.units(name)).dimensionality.string
        except (RuntimeError, ValueError):
            return "dimensionless"
