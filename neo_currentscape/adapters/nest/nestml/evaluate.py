"""What expressions of NESTML are worth, for arrays of numbers.

NESTML's models compute in the units of NEST, whatever is written: mV, ms, pA, nS, pF and what is made of
them. A variable that is declared in uS holds, and records, nS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Numbers = Mapping[str, Any]

#: Functions that NESTML knows of itself.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "expm1": np.expm1,
    "ln": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "erf": np.vectorize(math.erf),
    "erfc": np.vectorize(math.erfc),
    "abs": np.abs,
    "ceil": np.ceil,
    "floor": np.floor,
    "round": np.round,
    "pow": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "clip": np.clip,
}

CONSTANTS = {"e": math.e, "inf": math.inf}

#: The operators of PyNESTML's trees, by the attribute that says which one it is.
_OPERATORS: dict[str, Callable[..., Any]] = {
    "is_times_op": lambda a, b: a * b,
    "is_div_op": lambda a, b: a / b,
    "is_integer_div_op": lambda a, b: a // b,
    "is_modulo_op": lambda a, b: a % b,
    "is_plus_op": lambda a, b: a + b,
    "is_minus_op": lambda a, b: a - b,
    "is_pow_op": lambda a, b: np.power(np.asarray(a, dtype=float), b),
    "is_lt": np.less,
    "is_le": np.less_equal,
    "is_eq": np.equal,
    "is_ne": np.not_equal,
    "is_ne2": np.not_equal,
    "is_ge": np.greater_equal,
    "is_gt": np.greater,
    "is_logical_and": np.logical_and,
    "is_logical_or": np.logical_or,
}


class Untold(Exception):
    """The name that an expression needs and nothing tells."""


def unit_factor(name: str) -> float | None:
    """What a unit is worth in those of NEST; None where the name is no unit."""
    from pynestml.symbols.predefined_units import PredefinedUnits

    return _factor(PredefinedUnits.get_unit(name).get_unit()) if PredefinedUnits.is_unit(name) else None


def _factor(unit: Any) -> float:
    from pynestml.codegeneration.nest_unit_converter import NESTUnitConverter

    return float(NESTUnitConverter.get_factor(unit))


def literal(node: Any) -> float:
    """The number of a literal, which may have a unit: in those of NEST.

    Raises
    ------
    Untold
        When the unit is not known.
    """
    number, unit = float(node.get_numeric_literal()), node.unitType
    if unit is None:
        return number
    known = unit_factor(str(unit))
    if known is None:
        from astropy.units import Unit

        try:
            known = _factor(Unit(str(unit)))
        except ValueError as cause:
            raise Untold(str(unit)) from cause
    return number * known


def recordable(name: str) -> str:
    """NEST's name of a variable of NESTML: of a derivative, or with a dollar.

    Examples
    --------
    >>> recordable("g_exc"), recordable("g_exc'"), recordable("g_ex$")
    ('g_exc', 'g_exc__d', 'g_ex__DOLLAR')
    """
    plain = name.rstrip("'")
    return plain.replace("$", "__DOLLAR") + "__d" * (len(name) - len(plain))


def convolved(call: Any) -> str:
    """NEST's name of ``convolve(kernel, port)``."""
    kernel, port = (str(part).strip() for part in call.get_args())
    # A port of several is called by its number.
    return f"{recordable(kernel)}__X__{port.replace('[', '__VEC_IDX__').rstrip(']')}"


def name_of_port(port: str) -> str:
    """What a spiking input is called in the name of a current.

    Examples
    --------
    >>> name_of_port("exc_spikes"), name_of_port("AMPA"), name_of_port("spikes__VEC_IDX__1")
    ('exc', 'AMPA', 'spikes_1')
    """
    return port.replace("__VEC_IDX__", "_").removesuffix("_spikes")


def strip(node: Any) -> Any:
    """An expression without the parentheses around it."""
    while getattr(node, "is_encapsulated", False) and node.expression is not None:
        node = node.expression
    return node


def is_simple(node: Any) -> bool:
    """Whether it is a name, a number or a call."""
    return hasattr(node, "get_numeric_literal")


class Evaluation:
    """Computes expressions of one model.

    Parameters
    ----------
    known : mapping
        Numbers by name; by NEST's names what is recorded.
    inlines : mapping
        Expressions by name.
    functions : mapping
        The functions that the model defines.
    """

    def __init__(self, known: Numbers, inlines: Mapping[str, Any], functions: Mapping[str, Any]) -> None:
        self.known, self.inlines, self.functions = known, inlines, functions

    def of(self, node: Any, local: Numbers | None = None) -> Any:
        """The value of an expression.

        Raises
        ------
        Untold
            When a name is not known.
        """
        local = local or {}
        if is_simple(node):
            return self._simple(node, local)
        if node.is_ternary_operator():
            condition = self.of(node.condition, local)
            return np.where(condition, self.of(node.if_true, local), self.of(node.if_not, local))
        if node.is_compound_expression():
            operator = next(f for key, f in _OPERATORS.items() if getattr(node.binary_operator, key, False))
            return operator(self.of(node.lhs, local), self.of(node.rhs, local))
        value = self.of(node.expression, local)
        if node.is_logical_not:
            return np.logical_not(value)
        minus = node.unary_operator is not None and node.unary_operator.is_unary_minus
        return -value if minus else value

    def _simple(self, node: Any, local: Numbers) -> Any:
        if node.is_function_call():
            return self._call(node.get_function_call(), local)
        if node.get_boolean_literal() is not None:
            return node.get_boolean_literal()
        if getattr(node, "is_inf_literal", False):
            return math.inf
        number = node.get_numeric_literal()
        if number is None and node.get_variable() is None:
            raise Untold("a text")
        if number is None:
            return self.named(node.get_variable().get_complete_name(), local)
        return literal(node)

    def _unit(self, name: str) -> float:
        factor = unit_factor(name)
        if factor is None:
            raise Untold(name)
        return factor

    def named(self, name: str, local: Numbers | None = None) -> Any:
        """The value of a name."""
        if local and name in local:
            return local[name]
        key = recordable(name)
        if key in self.known:
            return self.known[key]
        if name in self.inlines:
            return self.of(self.inlines[name])
        if name in CONSTANTS:
            return CONSTANTS[name]
        return self._unit(name)

    def _call(self, call: Any, local: Numbers) -> Any:
        name = call.get_name()
        if name == "convolve":
            return self.named(convolved(call))
        if name in ("resolution", "timestep"):
            return self.named("resolution()")
        arguments = [self.of(part, local) for part in call.get_args()]
        if name == "steps":
            return np.round(arguments[0] / self.named("resolution()"))
        if name in self.functions:
            own = self.functions[name]
            given = {p.get_name(): value for p, value in zip(own.get_parameters(), arguments, strict=True)}
            return self._run(list(own.get_stmts_body().get_stmts()), given)
        if name not in FUNCTIONS:
            raise Untold(f"{name}()")
        return FUNCTIONS[name](*arguments)

    def _run(self, statements: list[Any], local: dict[str, Any]) -> Any:
        """What a function returns; of branches by an array each where it is taken."""
        for at, statement in enumerate(statements):
            if statement.is_small_stmt():
                small = statement.small_stmt
                if small.is_return_stmt():
                    return self.of(small.get_return_stmt().get_expression(), local)
                self._assign(small, local)
            elif statement.compound_stmt.is_if_stmt():
                return self._branch(statement.compound_stmt.get_if_stmt(), statements[at + 1 :], local)
            else:
                raise Untold("a loop")
        raise Untold("return")

    def _assign(self, small: Any, local: dict[str, Any]) -> None:
        if small.is_declaration() and small.get_declaration().has_expression():
            declaration = small.get_declaration()
            for variable in declaration.get_variables():
                local[variable.get_complete_name()] = self.of(declaration.get_expression(), local)
        elif small.is_assignment() and small.get_assignment().is_direct_assignment:
            assignment = small.get_assignment()
            local[assignment.get_variable().get_complete_name()] = self.of(
                assignment.get_expression(), local
            )
        else:
            raise Untold("a statement")

    def _branch(self, statement: Any, rest: list[Any], local: dict[str, Any]) -> Any:
        clauses = [statement.get_if_clause(), *statement.get_elif_clauses()]
        last = statement.get_else_clause()
        tail = [] if last is None else list(last.get_stmts_body().get_stmts())
        value = self._run([*tail, *rest], dict(local))
        for clause in reversed(clauses):
            own = self._run([*clause.get_stmts_body().get_stmts(), *rest], dict(local))
            value = np.where(self.of(clause.get_condition(), local), own, value)
        return value


def names_in(node: Any) -> Iterator[str]:
    """NEST's names of what an expression holds: variables, convolutions, and calls with ``()``."""
    if is_simple(node):
        if node.is_function_call():
            call = node.get_function_call()
            if call.get_name() == "convolve":
                yield convolved(call)
                return
            yield f"{call.get_name()}()"
            for part in call.get_args():
                yield from names_in(part)
        elif node.get_variable() is not None and node.get_numeric_literal() is None:
            yield recordable(node.get_variable().get_complete_name())
        return
    parts = (node.expression, node.lhs, node.rhs, node.condition, node.if_true, node.if_not)
    for part in parts:
        if part is not None:
            yield from names_in(part)
