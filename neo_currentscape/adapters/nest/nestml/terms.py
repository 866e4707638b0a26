"""The equation of the voltage, taken apart into currents.

The right-hand side is a sum of terms, maybe behind brackets, factors and names of inline expressions. Each
`Term` is what cannot be split further: a sign and a product of factors. A difference of two potentials is
what drives one current, and is not split.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.nestml.equations import Equations
from neo_currentscape.adapters.nest.nestml.evaluate import is_simple, recordable, strip

#: A factor, and whether it divides.
Factor = tuple[Any, bool]


@dataclass(frozen=True)
class Enclosing:
    """The inline expression that a term stands in, and what that is multiplied by.

    Attributes
    ----------
    name : str
    sign : int
    factors : tuple of Factor
    """

    name: str
    sign: int
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Term:
    """One part of dV/dt.

    Attributes
    ----------
    sign : int
    factors : tuple of Factor
    path : tuple of Enclosing
        From the outermost to the innermost.
    """

    sign: int
    factors: tuple[Factor, ...]
    path: tuple[Enclosing, ...] = ()

    @property
    def nodes(self) -> tuple[Any, ...]:
        """The expressions of all factors."""
        return tuple(node for node, _ in self.factors)

    def lone(self, equations: Equations) -> tuple[str, tuple[Factor, ...]] | None:
        """The variable that the rest of the term only scales, and that rest; None where there is none.

        It may be an inline expression or a parameter in the unit of a current.
        """
        found = None
        for at, (node, divides) in enumerate(self.factors):
            rest = self.factors[:at] + self.factors[at + 1 :]
            name = name_of(node)
            if name is None or divides or not all(equations.is_constant(other) for other, _ in rest):
                continue
            if not equations.is_constant(node) or equations.units.get(name) == "pA":
                found = (name, rest)
        return found


def product(equations: Equations, factors: tuple[Factor, ...], known: Mapping[str, Any]) -> Any:
    """The value of a product of factors."""
    value: Any = 1.0
    evaluation = equations.evaluation(known)
    for node, divides in factors:
        number = evaluation.of(node)
        value = value / number if divides else value * number
    return value


def value_of(equations: Equations, term: Term, known: Mapping[str, Any]) -> Any:
    """What a term adds to dV/dt, in mV/ms."""
    return term.sign * np.asarray(product(equations, term.factors, known), dtype=float)


def name_of(node: Any) -> str | None:
    """NEST's name of an expression that is a single name."""
    node = strip(node)
    if not is_simple(node) or node.is_function_call() or node.get_variable() is None:
        return None
    return (
        None
        if node.get_numeric_literal() is not None
        else recordable(node.get_variable().get_complete_name())
    )


def terms_of(equations: Equations, voltage: str) -> list[Term]:
    """The terms of dV/dt."""
    return Expansion(equations, voltage).of(equations.rates[voltage], 1, (), ())


class Expansion:
    """Splits sums, whatever they are multiplied by.

    Parameters
    ----------
    equations : Equations
    voltage : str
        NEST's name of the potential.
    """

    def __init__(self, equations: Equations, voltage: str) -> None:
        self.equations, self.voltage = equations, voltage

    def of(
        self, node: Any, sign: int, around: tuple[Factor, ...], path: tuple[Enclosing, ...]
    ) -> list[Term]:
        """The terms of an expression that is multiplied by a sign and factors."""
        factors = _factors(node, False)
        sign *= _sign(node)
        for at, (factor, divides) in enumerate(factors):
            others = around + tuple(factors[:at] + factors[at + 1 :])
            if divides:
                continue
            name = name_of(factor)
            if name is not None and name in self.equations.inlines and self._is_scaled(others):
                inside = (*path, Enclosing(name, sign, others))
                return self.of(self.equations.inlines[name], sign, others, inside)
            parts = self._parts(factor, bare=any(name_of(o) == self.voltage for o, _ in others))
            if parts:
                return [t for part, own in parts for t in self.of(part, sign * own, others, path)]
        return [Term(sign, around + tuple(factors), path)]

    def _is_scaled(self, others: tuple[Factor, ...]) -> bool:
        """Whether an expression is a current, not a gate or a potential: what scales it is constant."""
        return all(self.equations.is_constant(node) for node, _ in others)

    def _parts(self, factor: Any, bare: bool) -> list[tuple[Any, int]]:
        """The summands of a factor and their signs; nothing where it is to stay whole.

        A sum of conductances is split where it is multiplied by the bare voltage: what drives each of them
        stands elsewhere.
        """
        node = strip(factor)
        if is_simple(node) or not _is_sum(node):
            return []
        parts = _summands(node, 1)
        active = [part for part, _ in parts if not self.equations.is_constant(part)]
        inputs = [part for part, _ in parts if self._is_input(part)]
        if not active and not inputs or self._is_drive(parts):
            return []
        # With one that moves, constants are a part of its conductance.
        return parts if inputs or bare or len(active) > 1 else []

    def _is_input(self, node: Any) -> bool:
        names = self.equations.names(node)
        return any(
            name in self.equations.inputs or self.equations.units.get(name) == "pA" for name in names
        )

    def _is_drive(self, parts: list[tuple[Any, int]]) -> bool:
        """Whether it is the difference of two potentials, one of which is that of the membrane."""
        if len(parts) != 2 or parts[0][1] == parts[1][1]:
            return False
        return any(self._is_potential(part) for part, _ in parts)

    def _is_potential(self, node: Any) -> bool:
        name = name_of(node)
        if name == self.voltage:
            return True
        return (
            name in self.equations.inlines
            and self.equations.units.get(str(name)) == "mV"
            and self.voltage in self.equations.names(node)
        )


def _is_sum(node: Any) -> bool:
    operator = node.binary_operator
    return operator is not None and (
        getattr(operator, "is_plus_op", False) or getattr(operator, "is_minus_op", False)
    )


def _summands(node: Any, sign: int) -> list[tuple[Any, int]]:
    node = strip(node)
    if not is_simple(node) and _is_sum(node):
        other = -sign if node.binary_operator.is_minus_op else sign
        return [*_summands(node.lhs, sign), *_summands(node.rhs, other)]
    if not is_simple(node) and node.unary_operator is not None and node.expression is not None:
        own = -sign if node.unary_operator.is_unary_minus else sign
        return _summands(node.expression, own)
    return [(node, sign)]


def _factors(node: Any, divides: bool) -> list[Factor]:
    """The factors of a product or quotient, without their signs (see `_sign`)."""
    node = strip(node)
    if is_simple(node):
        return [(node, divides)]
    operator = node.binary_operator
    if operator is not None and getattr(operator, "is_times_op", False):
        return [*_factors(node.lhs, divides), *_factors(node.rhs, divides)]
    if operator is not None and getattr(operator, "is_div_op", False):
        return [*_factors(node.lhs, divides), *_factors(node.rhs, not divides)]
    if node.unary_operator is not None and node.expression is not None and not node.is_logical_not:
        return _factors(node.expression, divides)
    return [(node, divides)]


def _sign(node: Any) -> int:
    """The sign of a product: that of all its factors."""
    node = strip(node)
    if is_simple(node):
        return 1
    operator = node.binary_operator
    if operator is not None and (
        getattr(operator, "is_times_op", False) or getattr(operator, "is_div_op", False)
    ):
        return _sign(node.lhs) * _sign(node.rhs)
    if node.unary_operator is not None and node.expression is not None and not node.is_logical_not:
        own = -1 if node.unary_operator.is_unary_minus else 1
        return own * _sign(node.expression)
    return 1
