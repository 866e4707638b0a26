"""Of which variables a MOD file shows a current to be the sum, e.g. ``i = i_AMPA + i_NMDA``."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.adapters.neuron.nmodl_text import assignments


@dataclass(frozen=True)
class Addends:
    """A current as a sum.

    Attributes
    ----------
    factors : dict of str to float
        The variables that are added, and by which number each is multiplied.
    is_whole : bool
        Whether there is nothing else in the sum.
    """

    factors: dict[str, float]
    is_whole: bool


@lru_cache(maxsize=256)
def addends(source: Source, current: str, shown: frozenset[str]) -> Addends | None:
    """Read from a MOD file of what a current is the sum.

    Parameters
    ----------
    source : Source
        The MOD file.
    current : str
        Name of the current in it.
    shown : frozenset of str
        The variables that are looked for; others that are sums themselves are looked into.

    Returns
    -------
    Addends or None
        None where nothing shown is added, or where C code or a condition decides what is.

    Examples
    --------
    >>> mod = Source("BREAKPOINT { i_AMPA = a*v  i_NMDA = b*v  i = i_AMPA + i_NMDA }")
    >>> addends(mod, "i", frozenset(["i_AMPA", "i_NMDA"]))
    Addends(factors={'i_AMPA': 1.0, 'i_NMDA': 1.0}, is_whole=True)
    >>> addends(mod, "i", frozenset(["i_NMDA"])).is_whole
    False
    """
    if source.is_opaque:
        return None
    equations = defaultdict[str, list[str]](list)
    for target, text in assignments(source.at_breakpoint):
        equations[target].append(text)
    if len(set(equations[current])) != 1:
        return None
    found, is_whole = defaultdict[str, float](float), True
    for factor, name in _terms(equations, current, shown, {current}):
        if name is None:
            is_whole = False
        else:
            found[name] += factor
    return Addends(dict(found), is_whole) if found else None


def _terms(
    equations: dict[str, list[str]], target: str, shown: frozenset[str], seen: set[str]
) -> Iterator[tuple[float, str | None]]:
    """The terms of the sum that a variable is; None stands for one that is no variable shown."""
    tree = _parsed(equations[target][0])
    for factor, node in [(1.0, None)] if tree is None else _sum(tree, 1.0):
        name = node.id if isinstance(node, ast.Name) else None
        if name in shown:
            yield factor, name
        elif name in equations and name not in seen and len(equations[name]) == 1:
            inner = list(_terms(equations, name, shown, {*seen, name}))
            yield from ((factor * own, part) for own, part in inner)
        else:
            yield factor, None


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.replace("^", "**"), mode="eval").body
    except SyntaxError:
        return None


def _sum(node: ast.expr, factor: float) -> Iterator[tuple[float, ast.expr]]:
    """Take a sum, and numbers before its brackets, apart."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        yield from _sum(node.operand, -factor if isinstance(node.op, ast.USub) else factor)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield from _sum(node.left, factor)
        yield from _sum(node.right, -factor if isinstance(node.op, ast.Sub) else factor)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        left, right = _number(node.left), _number(node.right)
        if right is not None and isinstance(node.op, ast.Mult):
            yield from _sum(node.left, factor * right)
        elif right:
            yield from _sum(node.left, factor / right)
        elif left is not None and isinstance(node.op, ast.Mult):
            yield from _sum(node.right, factor * left)
        else:
            yield factor, node
    else:
        yield factor, node


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
    return float(node.value) if is_number else None  # type: ignore[attr-defined]
