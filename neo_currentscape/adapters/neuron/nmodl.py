"""Reading MOD files: which currents a mechanism writes, and how each depends on the voltage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_BLOCK = re.compile(
    r"\b(NEURON|UNITS|PARAMETER|ASSIGNED|STATE|CONSTANT|INDEPENDENT|BREAKPOINT|INITIAL|DERIVATIVE|KINETIC|"
    r"LINEAR|NONLINEAR|DISCRETE|PROCEDURE|FUNCTION|NET_RECEIVE|BEFORE|AFTER|CONSTRUCTOR|DESTRUCTOR)\b\s*(\w*)"
)
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*'*)|(?P<op>[<>=!]=|&&|\|\||\S)"
)
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_SOLVE = re.compile(r"\bSOLVE\s+(\w+)(\s+(METHOD|STEADYSTATE)\s+\w+)?")
_BINARY = frozenset("+-*/^") | {"<", ">", "<=", ">=", "==", "!=", "&&", "||"}
#: Blocks whose variables are ordinary code; the others declare.
_CODE = ("DERIVATIVE", "KINETIC", "LINEAR", "NONLINEAR", "DISCRETE", "PROCEDURE", "FUNCTION")
_LISTS = ("NONSPECIFIC_CURRENT", "ELECTRODE_CURRENT", "RANGE", "POINTER", "BBCOREPOINTER", "GLOBAL")
_KEYWORDS = frozenset(
    (*_LISTS, "SUFFIX", "POINT_PROCESS", "ARTIFICIAL_CELL", "USEION", "READ", "WRITE", "VALENCE")
    + ("REPRESENTS", "EXTERNAL", "THREADSAFE", "NONTHREADSAFE", "RANDOM")
)


@dataclass(frozen=True)
class UseIon:
    """One USEION statement: the ion, and the variables that are read and written."""

    ion: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


class Source:
    """What a MOD file says of a mechanism.

    Parameters
    ----------
    text : str
        The MOD file.

    Attributes
    ----------
    ions : tuple of UseIon
    nonspecific, electrode : tuple of str
        Currents that belong to no ion, and currents that an electrode injects.
    pointers, states, parameters, assigned, ranges : frozenset of str
        Declared variables.
    has_events : bool
        Whether a NET_RECEIVE block can change the variables between two steps.

    Examples
    --------
    >>> pas = Source("NEURON { SUFFIX pas NONSPECIFIC_CURRENT i RANGE g, e } BREAKPOINT { i = g*(v - e) }")
    >>> pas.nonspecific, list(assignments(pas.breakpoint))
    (('i',), [('i', 'g * ( v - e )')])
    """

    def __init__(self, text: str) -> None:
        self.plain, self.verbatim = _without_comments(text)
        self._blocks = list(_blocks(self.plain))
        self.code = {name: body for kind, name, body in self._blocks if kind in _CODE}
        self._arguments = dict(_arguments(self.plain))
        statements = list(_statements(self._body("NEURON")))
        self.ions = tuple(_use_ions(statements))
        self.nonspecific = _listed(statements, "NONSPECIFIC_CURRENT")
        self.electrode = _listed(statements, "ELECTRODE_CURRENT")
        self.ranges = frozenset(_listed(statements, "RANGE"))
        self.pointers = frozenset(_listed(statements, "POINTER") + _listed(statements, "BBCOREPOINTER"))
        self.states = frozenset(_declared(self._body("STATE")))
        self.parameters = frozenset(_declared(self._body("PARAMETER")))
        self.assigned = frozenset(_declared(self._body("ASSIGNED")))
        self.breakpoint = self._body("BREAKPOINT")
        self.has_events = any(kind == "NET_RECEIVE" for kind, _, _ in self._blocks)

    def _body(self, kind: str) -> str:
        return "\n".join(body for found, _, body in self._blocks if found == kind)

    @property
    def currents(self) -> list[tuple[str, str | None, bool]]:
        """Every current that is written: (variable, ion or None, injected by an electrode)."""
        ionic = [
            (name, use.ion, False) for use in self.ions for name in use.writes if name == f"i{use.ion}"
        ]
        plain = [(name, None, False) for name in self.nonspecific]
        return [*ionic, *plain, *((name, None, True) for name in self.electrode)]

    @property
    def concentrations(self) -> set[str]:
        """Names of the ion concentrations that are read or written, e.g. {"cai"}."""
        return {
            name
            for use in self.ions
            for name in (*use.reads, *use.writes)
            if name in (f"{use.ion}i", f"{use.ion}o")
        }

    @cached_property
    def at_breakpoint(self) -> str:
        """The code that NEURON evaluates for the currents: BREAKPOINT and all that it calls."""
        return self._with_called(_SOLVE.sub(" ", self.breakpoint))

    @cached_property
    def set_at_breakpoint(self) -> frozenset[str]:
        """Variables that are set while the currents are evaluated."""
        return frozenset(target for target, _ in assignments(self.at_breakpoint))

    @cached_property
    def set_after_breakpoint(self) -> frozenset[str]:
        """Variables that are set when the voltage was advanced, by what BREAKPOINT solves."""
        solved = [match[1] for match in _SOLVE.finditer(self.breakpoint)]
        body = self._with_called("\n".join(self.code.get(name, "") for name in solved))
        return frozenset(target for target, _ in assignments(body))

    def arguments_given(self, values: set[str]) -> set[str]:
        """Arguments of procedures and functions that some call at BREAKPOINT gives one of `values`."""
        text, found = self.at_breakpoint, set[str]()
        for name, arguments in self._arguments.items():
            for call in re.finditer(rf"\b{name}\s*\(", text):
                depth, end = 1, call.end()
                while depth and end < len(text):
                    depth += (text[end] == "(") - (text[end] == ")")
                    end += 1
                if names(text[call.end() : end]) & values:
                    found |= arguments
        return found

    def _with_called(self, body: str) -> str:
        seen: set[str] = set()
        text, fresh = body, body
        while fresh:
            called = (names(fresh) & set(self.code)) - seen
            seen |= called
            fresh = "\n".join(self.code[name] for name in sorted(called))
            text += "\n" + fresh
        return text


def names(text: str) -> set[str]:
    """Every identifier in a piece of NMODL.

    Examples
    --------
    >>> sorted(names("i = 1e-3 * g*(v - e)"))
    ['e', 'g', 'i', 'v']
    """
    return set(_NAME.findall(text))


def assignments(body: str) -> Iterator[tuple[str, str]]:
    """The assignments in a block, in order, whatever conditions they stand under.

    Parameters
    ----------
    body : str
        Code without comments.

    Yields
    ------
    target, expression : str
        The expression's tokens are separated by spaces; units are left out.

    Examples
    --------
    >>> list(assignments("SOLVE s METHOD cnexp  ik = g*n^4*(v - ek)  if (a == b) { i = 0 }"))
    [('ik', 'g * n ^ 4 * ( v - ek )'), ('i', '0')]
    """
    tokens = _without_units([(match.lastgroup, match[0]) for match in _TOKEN.finditer(body)])
    for at, (kind, text) in enumerate(tokens[:-2]):
        index = at + 1
        if kind == "name" and tokens[index][1] == "[":
            index = _closing(tokens, index) + 1
        if kind == "name" and index < len(tokens) and tokens[index][1] == "=" and not text.endswith("'"):
            yield text, " ".join(_expression(tokens, index + 1))


def _expression(tokens: list, at: int) -> Iterator[str]:
    # Statements have no terminator: an expression ends where an operand follows an operand.
    operand, was_name = False, False
    while at < len(tokens):
        kind, text = tokens[at]
        if text in ("(", "["):
            end = _closing(tokens, at)
            if operand and not was_name:
                return
            yield from (token for _, token in tokens[at : end + 1])
            operand, was_name, at = True, False, end + 1
        elif kind in ("number", "name"):
            if operand:
                return
            yield text
            operand, was_name, at = True, kind == "name", at + 1
        elif text in _BINARY or (not operand and text == "!"):
            yield text
            operand, at = False, at + 1
        else:
            return


def _without_units(tokens: list) -> list:
    """Leave out the units after numbers, as in ``65 (mV)``."""
    kept: list = []
    at = 0
    while at < len(tokens):
        if tokens[at][1] == "(" and kept and kept[-1][0] == "number":
            at = _closing(tokens, at)
        else:
            kept.append(tokens[at])
        at += 1
    return kept


def _closing(tokens: list, at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += (tokens[index][1] in "([") - (tokens[index][1] in ")]")
        if depth == 0:
            return index
    return len(tokens) - 1


def _without_comments(text: str) -> tuple[str, str]:
    text = re.sub(r"(?m)^\s*TITLE\b.*$", " ", text)
    text = re.sub(r"(?s)\bCOMMENT\b.*?\bENDCOMMENT\b", " ", text)
    verbatim = "\n".join(re.findall(r"(?s)\bVERBATIM\b(.*?)\bENDVERBATIM\b", text))
    text = re.sub(r"(?s)\bVERBATIM\b.*?\bENDVERBATIM\b", " VERBATIM ", text)
    text = re.sub(r'"[^"\n]*"', " ", text)
    return re.sub(r"\bUNITSO(N|FF)\b", " ", re.sub(r"[:?].*", " ", text)), verbatim


def _blocks(text: str) -> Iterator[tuple[str, str, str]]:
    at = 0
    while (start := text.find("{", at)) >= 0:
        end, depth = start, 0
        while end < len(text):
            depth += (text[end] == "{") - (text[end] == "}")
            if depth == 0:
                break
            end += 1
        found = list(_BLOCK.finditer(text, at, start))
        if found:
            yield found[-1][1], found[-1][2], text[start + 1 : end]
        at = end + 1


def _arguments(text: str) -> Iterator[tuple[str, set[str]]]:
    for header in re.finditer(r"\b(?:PROCEDURE|FUNCTION)\s+(\w+)\s*\(([^{]*)\{", text):
        # Their units stand in parentheses of their own.
        yield header[1], names(re.sub(r"\([^()]*\)", " ", header[2]))


def _statements(body: str) -> Iterator[tuple[str, list[str]]]:
    keyword, listed = "", list[str]()
    for word in _NAME.findall(body):
        if word in _KEYWORDS:
            yield keyword, listed
            keyword, listed = word, []
        else:
            listed.append(word)
    yield keyword, listed


def _use_ions(statements: Iterable[tuple[str, list[str]]]) -> Iterator[UseIon]:
    ion, parts = "", dict[str, tuple[str, ...]]()
    for keyword, listed in [*statements, ("USEION", [])]:
        if keyword == "USEION":
            if ion:
                yield UseIon(ion, parts.get("READ", ()), parts.get("WRITE", ()))
            ion, parts = (listed or [""])[0], {}
        elif keyword in ("READ", "WRITE"):
            parts[keyword] = tuple(listed)


def _listed(statements: Iterable[tuple[str, list[str]]], wanted: str) -> tuple[str, ...]:
    return tuple(name for keyword, listed in statements if keyword == wanted for name in listed)


def _declared(body: str) -> Iterator[str]:
    # Units, limits, array sizes and default values are no variables.
    body = re.sub(r"\([^()]*\)|<[^<>]*>|\[[^\]]*\]", " ", body)
    body = re.sub(r"=\s*-?\s*\w+(\.\w*)?([-+]\d+)?", " ", body)
    yield from (name for name in _NAME.findall(body) if name not in ("FROM", "TO", "START", "WITH"))
