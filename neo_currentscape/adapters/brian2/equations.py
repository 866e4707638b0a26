"""What the equations of a group say: which way a current flows, and the capacitance it charges.

In ``dv/dt = (I_L - I_K)/C`` a positive I_L charges the membrane and so flows inward, a positive I_K
flows outward, and the capacitance is C. Brian2 has no convention for the sign of a current, so its
equations are asked: the derivative of dv/dt by the current is 1/C, and its sign the direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from neo_currentscape.adapters.brian2.si import kind_of
from neo_currentscape.conventions.errors import SelectionError, require

_PURPOSE = "Reading the equations of a Brian2 group"


class Charging:
    """How the currents of a group enter the equation of its membrane potential.

    Parameters
    ----------
    group : brian2.NeuronGroup or brian2.SpatialNeuron
    recorded : iterable of str
        Names of the currents that were recorded.
    voltage : str, optional
        Name of the membrane potential; found in the equations where left out.
    namespace : mapping, optional
        Values of the names that the equations take from outside.
    """

    def __init__(
        self,
        group: Any,
        recorded: Iterable[str],
        voltage: str | None = None,
        namespace: Mapping[str, Any] | None = None,
    ) -> None:
        self.group = group
        self.equations = group.equations
        self.is_spatial = "Im" in self.equations and hasattr(group, "flat_morphology")
        self.voltage = voltage or self._find_voltage()
        self.recorded = set(recorded)
        self.namespace = dict(namespace or {})

    def _find_voltage(self) -> str | None:
        if self.is_spatial:
            return "v"
        found = [
            name for name in self.equations.diff_eq_names if kind_of(self.equations[name].dim) == "voltage"
        ]
        if len(found) <= 1:
            return found[0] if found else None
        usual = [name for name in found if name.lower() in ("v", "vm", "v_m")]
        if len(usual) != 1:
            raise SelectionError(
                f"Several equations are those of a voltage ({', '.join(sorted(found))}): "
                "name the membrane potential with voltage=..."
            )
        return usual[0]

    def contains_recorded(self, name: str) -> bool:
        """Whether a recorded current is a sum of others that were recorded too."""
        return bool((self._parts(name) - {name}) & self.recorded)

    def _parts(self, name: str) -> set[str]:
        """The names that an expression is made of, down to the last."""
        seen: set[str] = set()
        left = {name}
        while left:
            each = left.pop()
            if each in self.equations.subexpr_names and each not in seen:
                left |= set(self.equations[each].identifiers)
            seen.add(each)
        return seen

    @cached_property
    def _target(self) -> Any:
        """dv/dt (of a SpatialNeuron: Im), in terms of the recorded currents."""
        to_sympy = require("brian2.parsing.sympytools", "brian2", _PURPOSE).str_to_sympy
        if self.voltage not in self.equations.diff_eq_names and not self.is_spatial:
            return None
        expression = to_sympy(self.equations["Im" if self.is_spatial else self.voltage].expr.code)
        kept = {name for name in self.recorded if not self.contains_recorded(name)}
        return self._expanded(expression, kept)

    def _derivative(self, name: str) -> Any:
        """Derivative of dv/dt (of a SpatialNeuron: of Im) by a current; None where it is not in it."""
        sympy = require("sympy", "brian2", _PURPOSE)
        symbols = [] if self._target is None else list(self._target.free_symbols)
        found = [symbol for symbol in symbols if symbol.name == name]
        return sympy.diff(self._target, found[0]) if found else None

    def weight(self, name: str) -> np.ndarray | float | None:
        """The derivative's value, from what the group and the namespace hold.

        Parameters
        ----------
        name : str
            A recorded current.

        Returns
        -------
        float, ndarray of shape (neuron,), or None
            In SI units; None where the current is not in the equation, or a value is not known.
        """
        sympy = require("sympy", "brian2", _PURPOSE)
        derivative = self._derivative(name)
        if derivative is None:
            return None
        symbols = sorted(derivative.free_symbols, key=lambda symbol: symbol.name)
        values = [self._value(symbol.name) for symbol in symbols]
        if any(value is None for value in values):
            return None
        return sympy.lambdify(symbols, derivative, "numpy")(*values)

    def enters(self, name: str) -> bool:
        """Whether a current charges the membrane."""
        return self._derivative(name) is not None

    def direction(self, name: str) -> str | None:
        """The direction in which positive values of a current flow.

        Parameters
        ----------
        name : str
            A recorded current.

        Returns
        -------
        {"inward", "outward"} or None
            None where the equations do not tell.
        """
        sympy = require("sympy", "brian2", _PURPOSE)
        value = self.weight(name)
        if value is not None:
            signs = set(np.sign(np.atleast_1d(value)).tolist())
            return {(1.0,): "inward", (-1.0,): "outward"}.get(tuple(signs))
        derivative = self._derivative(name)
        if derivative is None:
            return None
        # Values that are not known here are capacitances, areas and the like.
        positive = {s: sympy.Symbol(s.name, positive=True) for s in derivative.free_symbols}
        sign = derivative.subs(positive)
        return "inward" if sign.is_positive else "outward" if sign.is_negative else None

    def is_sum_of(self, names: Iterable[str]) -> bool:
        """Whether dv/dt consists of given currents, each times something that holds none of them."""
        if self._target is None:
            return False
        symbols = {s.name: s for s in self._target.free_symbols}
        chosen = {symbols[name]: 0 for name in names if name in symbols}
        factors = [self._derivative(symbol.name) for symbol in chosen]
        if any(factor.free_symbols & set(chosen) for factor in factors):
            return False
        return bool(self._target.subs(chosen).simplify() == 0)

    def linear_in_voltage(self, name: str) -> tuple[Any, Any] | None:
        """Slope and offset of a current that is linear in the voltage, as sympy expressions."""
        sympy = require("sympy", "brian2", _PURPOSE)
        to_sympy = require("brian2.parsing.sympytools", "brian2", _PURPOSE).str_to_sympy
        expression = self._expanded(to_sympy(name), keep=set())
        voltage = next((s for s in expression.free_symbols if s.name == self.voltage), None)
        if voltage is None:
            return sympy.Integer(0), expression
        slope = sympy.diff(expression, voltage).simplify()
        if voltage in slope.free_symbols:
            return None
        return slope, sympy.expand(expression - slope * voltage)

    def evaluate(self, expression: Any, recorded: Any, index: np.ndarray) -> Any:
        """The value of an expression of constants and recorded variables; None where one is missing.

        Parameters
        ----------
        expression : sympy expression
        recorded : callable
            Gives what was recorded under a name, shape (neuron, time) in SI units, or None.
        index : ndarray of int, shape (neuron,)
            The recorded neurons in their group.

        Returns
        -------
        float, ndarray of shape (neuron, 1) or (neuron, time), or None
        """
        sympy = require("sympy", "brian2", _PURPOSE)
        symbols = sorted(expression.free_symbols, key=lambda symbol: symbol.name)
        values = []
        for symbol in symbols:
            value = recorded(symbol.name)
            if value is None:
                constant = self._value(symbol.name)
                if constant is None:
                    return None
                value = self.column(constant, index)
            values.append(value)
        return sympy.lambdify(symbols, expression, "numpy")(*values)

    def column(self, value: Any, index: np.ndarray) -> np.ndarray:
        """A constant of the recorded neurons, shape (neuron, 1), or (1, 1) where all have the same."""
        values = np.atleast_1d(np.asarray(value, dtype=float))
        return (values[index] if len(values) == len(self.group) else values)[:, None]

    def _expanded(self, expression: Any, keep: set[str]) -> Any:
        """An expression in which every subexpression that is not to be kept is written out."""
        to_sympy = require("brian2.parsing.sympytools", "brian2", _PURPOSE).str_to_sympy
        while True:
            found = {
                symbol: to_sympy(self.equations[symbol.name].expr.code)
                for symbol in expression.free_symbols
                if symbol.name in self.equations.subexpr_names and symbol.name not in keep
            }
            if not found:
                return expression
            expression = expression.subs(found)

    def _value(self, name: str) -> Any:
        """The value of a constant in SI units; None where it is not known or not constant."""
        namespaces = require("brian2.core.namespace", "brian2", _PURPOSE)
        if name in self.group.variables:
            variable = self.group.variables[name]
            is_fixed = name in self.equations.parameter_names or getattr(variable, "constant", False)
            return np.asarray(variable.get_value()) if is_fixed else None
        for space in (self.group.namespace or {}, self.namespace, namespaces.DEFAULT_UNITS):
            if name in space:
                return np.asarray(space[name])
        return None
