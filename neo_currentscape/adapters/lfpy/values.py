"""The variables of a mechanism in a compartment, as they were when its currents were evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.mechanisms import Kind
from neo_currentscape.adapters.neuron.slopes import evaluate, names_in
from neo_currentscape.adapters.neuron.variables import is_shared, shared_name

#: Bit of `ion_style` which says that a reversal potential changes with the concentrations.
_ADVANCES = 64


class Values:
    """Looks up the variables of a mechanism.

    Parameters
    ----------
    kind : Kind
        Of the mechanism.
    place : NEURON segment
    recorded : mapping of str to ndarray, shape (time,)
        What was recorded there, under LFPy's names ("ena", "gna_hh").
    h : hoc interpreter
        ``neuron.h``.
    parameters : mapping of str to float, optional
        Of a point process: what was set of it; else it has its defaults.
    """

    def __init__(
        self,
        kind: Kind,
        place: Any,
        recorded: Mapping[str, np.ndarray],
        h: Any,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind, self.place, self.recorded, self.h = kind, place, recorded, h
        self.parameters = parameters or {}

    def of(self, expression: str, at_once: bool = False) -> Any:
        """Compute an expression of the mechanism's variables.

        Parameters
        ----------
        expression : str
            From a MOD file.
        at_once : bool
            Whether only what is set together with the currents counts, and parameters: what belongs to
            the sample before them may have been changed by an event since.

        Returns
        -------
        float, ndarray of shape (time,), or None
            None where one of the variables is not known.
        """
        names = names_in(expression)
        if names is None:
            return None
        found = {name: self._value(name, at_once) for name in names}
        return None if any(value is None for value in found.values()) else evaluate(expression, found)

    def _value(self, name: str, at_once: bool) -> Any:
        source, kind = self.kind.source, self.kind
        if name in source.pointers:
            return None
        if name in source.of_ions and name not in source.set_at_breakpoint:
            return self._of_ion(name, at_once)
        if name in kind.visible:
            return self._constant(name) if is_constant(kind, name) else self._recorded(name, at_once)
        set_later = name in source.set_at_breakpoint or name in source.set_after_breakpoint
        if set_later or not is_shared(self.h, name, kind.name):
            return None
        return float(getattr(self.h, shared_name(name, kind.name)))

    def _of_ion(self, name: str, at_once: bool) -> Any:
        ions = {f"e{use.ion}": use.ion for use in self.kind.source.ions}
        if name in self.recorded:
            values = self.recorded[name]
            # Reversal potentials are set before the currents, concentrations after them.
            return values if name in ions else None if at_once else before(values)
        if name in ions and not moves(ions[name], self.place.sec, self.h):
            return float(getattr(self.place, name))
        return None

    def _constant(self, name: str) -> float:
        if not self.kind.is_point:
            return float(getattr(self.place, f"{name}_{self.kind.name}"))
        if name in self.parameters:
            return float(self.parameters[name])
        return float(self.h.MechanismStandard(self.kind.name, 1).get(name))

    def _recorded(self, name: str, at_once: bool) -> Any:
        values = None if self.kind.is_point else self.recorded.get(f"{name}_{self.kind.name}")
        if values is None or name in self.kind.source.set_at_breakpoint:
            return values
        return None if at_once else before(values)


def before(values: np.ndarray) -> np.ndarray:
    """What was recorded one sample earlier; of the first sample, itself."""
    return np.concatenate([values[:1], values[:-1]])


def is_constant(kind: Kind, name: str) -> bool:
    """Whether a RANGE variable stays as it is during a simulation."""
    source = kind.source
    return name in source.parameters and name not in source.set_at_breakpoint | source.set_after_breakpoint


def moves(ion: str, section: Any, h: Any) -> bool:
    """Whether the reversal potential of an ion changes with its concentrations."""
    return bool(int(h.ion_style(f"{ion}_ion", sec=section)) & _ADVANCES)
