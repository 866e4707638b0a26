"""How a current depends on the voltage, read off its equation: ohmic, independent, or neither.

At a fixed step NEURON evaluates a current at the old voltage and uses its slope di/dv for the
rest of the step. Where the equation is ``i = g (v - e)``, with neither g nor e depending on v
within the step, the slope is ``i / (v - e)`` whatever has happened to g.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.adapters.neuron.nmodl_text import assignments, conditions, names


@dataclass(frozen=True)
class Ohmic:
    """A current ``i = slope * (v - reversal)``.

    Attributes
    ----------
    slope : str or None
        Expression of di/dv; None where a current has several equations with one reversal
        potential, so that only ``i / (v - reversal)`` tells the slope.
    reversal : str or None
        Expression of the potential at which the current is 0; None for a current that does not
        depend on the voltage (its slope is "0").
    smooth : bool
        Whether one equation holds at every voltage. Where the voltage decides which one does,
        NEURON's own quotient, over 0.001 mV, can reach from one to the other.
    """

    slope: str | None
    reversal: str | None
    smooth: bool = True


def ohmic(source: Source, current: str) -> Ohmic | None:
    """Read from a MOD file how a current depends on the voltage.

    Parameters
    ----------
    source : Source
        The MOD file.
    current : str
        Name of the current in it.

    Returns
    -------
    Ohmic or None
        None where the equation is not seen to be ohmic, e.g. that of a GHK current or an NMDA
        receptor.

    Examples
    --------
    >>> hh = Source("BREAKPOINT { gna = gnabar*m^3*h   ina = gna*(v - ena) }")
    >>> ohmic(hh, "ina")
    Ohmic(slope='gna', reversal='ena', smooth=True)
    """
    if source.is_opaque:
        return None
    found = list(assignments(source.at_breakpoint))
    dependent = _dependent_on_v(source, found)
    equations = [text for target, text in found if target == current and text != "0"]
    smooth = not any(names(text) & dependent for text in conditions(source.at_breakpoint))
    if current not in dependent:
        return Ohmic("0", None, smooth)
    seen = {current}
    while len(equations) == 1 and equations[0].isidentifier() and equations[0] not in seen:
        seen.add(equations[0])
        equations = [text for target, text in found if target == equations[0] and text != "0"]
    read = [_factors(text, dependent) for text in equations]
    if not read or any(one is None for one in read) or len({one[1] for one in read if one}) != 1:
        return None
    slope, reversal = read[0] or ("", "")
    conditional = len([1 for target, _ in found if target in seen]) > len(seen)
    return Ohmic(None if conditional else slope, reversal, smooth)


def _dependent_on_v(source: Source, found: list[tuple[str, str]]) -> set[str]:
    dependent, size = {"v"}, 0
    while size != len(dependent):
        size = len(dependent)
        dependent |= {target for target, text in found if names(text) & dependent}
        dependent |= source.arguments_given(dependent)
    return dependent


def _factors(text: str, dependent: set[str]) -> tuple[str, str] | None:
    """Split ``a * b / c * (v - e)`` into the slope and e."""
    try:
        tree = ast.parse(text.replace("^", "**"), mode="eval").body
    except SyntaxError:
        return None
    sign, above, below = _flatten(tree)
    driving = [node for node in above if names(ast.unparse(node)) & dependent]
    if len(driving) != 1 or any(names(ast.unparse(node)) & dependent for node in below):
        return None
    read = _driving_force(driving[0], dependent)
    if read is None:
        return None
    slope = " * ".join([f"({ast.unparse(node)})" for node in above if node is not driving[0]]) or "1"
    slope += "".join(f" / ({ast.unparse(node)})" for node in below)
    return _plain(f"{sign * read[0]} * {slope}" if sign * read[0] < 0 else slope), _plain(read[1])


def _plain(text: str) -> str:
    return ast.unparse(ast.parse(text, mode="eval").body)


def _flatten(node: ast.expr) -> tuple[int, list[ast.expr], list[ast.expr]]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        sign, above, below = _flatten(node.operand)
        return (-sign if isinstance(node.op, ast.USub) else sign), above, below
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        sign, above, below = _flatten(node.left)
        other, up, down = _flatten(node.right)
        if isinstance(node.op, ast.Div):
            up, down = down, up
        return sign * other, above + up, below + down
    return 1, [node], []


def _driving_force(node: ast.expr, dependent: set[str]) -> tuple[int, str] | None:
    """Read ``v - e``, ``v + e`` or ``e - v`` as a sign and the reversal potential."""
    if isinstance(node, ast.Name) and node.id == "v":
        return 1, "0"
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Sub, ast.Add)):
        return None
    left, right = ast.unparse(node.left), ast.unparse(node.right)
    minus = isinstance(node.op, ast.Sub)
    if left == "v" and not names(right) & dependent:
        return 1, right if minus else f"-({right})"
    if right == "v" and not names(left) & dependent:
        return (-1, left) if minus else (1, f"-({left})")
    return None


@lru_cache(maxsize=1024)
def names_in(expression: str) -> frozenset[str] | None:
    """The variables of an expression, None where it holds more than arithmetic.

    Examples
    --------
    >>> names_in("2 * ek"), names_in("nernst(cai)")
    (frozenset({'ek'}), None)
    """
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return None
    allowed = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.Load)
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        return None
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """Compute an expression for which `names_in` returned its variables.

    Parameters
    ----------
    expression : str
        Arithmetic only.
    values : mapping of str to float or ndarray
        A value for each variable.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> evaluate("g / 2", {"g": 3.0})
    1.5
    """
    return eval(_compiled(expression), {"__builtins__": {}}, dict(values))


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> CodeType:
    return compile(expression, "<MOD>", "eval")


def from_reversal(current: np.ndarray, driving: np.ndarray) -> np.ndarray:
    """Slope of an ohmic current, ``i / (v - e)``.

    Parameters
    ----------
    current, driving : ndarray, shape (time,)
        The current, and v - e at the voltage that it was evaluated at.

    Returns
    -------
    ndarray, shape (time,)
        Where v is exactly e, the slope of the next sample that has one (a cell that starts at its
        reversal potential rests there: its conductance does not change meanwhile).

    Examples
    --------
    >>> from_reversal(np.array([0.0, 0.0, 4.0]), np.array([0.0, 0.0, 2.0]))
    array([2., 2., 2.])
    """
    if driving.all():
        return current / driving
    slope = np.divide(current, driving, out=np.zeros_like(current), where=driving != 0)
    unknown = np.flatnonzero(driving == 0)
    if 0 < len(unknown) < len(driving):
        known = np.flatnonzero(driving)
        slope[unknown] = slope[known[np.minimum(np.searchsorted(known, unknown), len(known) - 1)]]
    return slope
