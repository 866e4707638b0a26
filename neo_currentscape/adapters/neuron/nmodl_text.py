"""The text of a MOD file: its comments, blocks and assignments, found as NEURON's translator finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Whatever begins first rules: a word in a comment opens no block, and C code holds no comments of NMODL.
_ASIDE = re.compile(
    r"(?m)"
    # Such a piece ends with the first line that begins so, and be it what follows on its own line.
    r"(?P<comment>(?<!\w)COMMENT\b(?:(?:(?s:.*?)^)??[ \t]*ENDCOMMENT(?![A-Za-z])[^\n]*|(?s:.*)))"
    r"|(?<!\w)VERBATIM\b(?P<verbatim>(?:(?s:.*?)^)??)[ \t]*ENDVERBATIM(?![A-Za-z])[^\n]*"
    r"|(?P<title>(?<!\w)TITLE\b[^\n]*)"
    r"|(?P<ontology>(?<!\w)REPRESENTS[ \t]+\[?\w+:\w*\]?)"
    r"|(?P<line>[:?][^\n]*)"
    r'|(?P<string>"[^"]*")'
)
_BLOCK = re.compile(
    r"\b((?:BEFORE|AFTER)\s+\w+|NEURON|UNITS|PARAMETER|ASSIGNED|STATE|CONSTANT|INDEPENDENT|BREAKPOINT|INITIAL|"
    r"DERIVATIVE|KINETIC|LINEAR|NONLINEAR|DISCRETE|PROCEDURE|FUNCTION|NET_RECEIVE|CONSTRUCTOR|DESTRUCTOR)\b"
    r"\s*(\w*)"
)
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*'*)|(?P<op>[<>=!]=|&&|\|\||\S)"
)
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_LOCAL = re.compile(r"\bLOCAL\s+(\w+\s*(?:\[\s*\w+\s*\]\s*)?(?:,\s*\w+\s*(?:\[\s*\w+\s*\]\s*)?)*)")
_CONDITION = re.compile(r"(?i)\b(?:if|while)\s*\(")
_C_SET = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?(?:[-+*/]=|=(?!=)|\+\+|--)")
_BINARY = frozenset("+-*/^") | {"<", ">", "<=", ">=", "==", "!=", "&&", "||"}


def without_comments(text: str) -> tuple[str, list[str]]:
    """Take comments, titles, strings and C code out of a MOD file.

    Parameters
    ----------
    text : str
        The MOD file.

    Returns
    -------
    plain : str
        Each piece of C code is the word ``VERBATIM_0``, ``VERBATIM_1``, ...
    verbatim : list of str
        Those pieces.

    Examples
    --------
    >>> without_comments("i = 1 : a VERBATIM of old\\nCOMMENT\\n g = 2\\nENDCOMMENT\\nj = 3")[0].split()
    ['i', '=', '1', 'j', '=', '3']
    """
    verbatim: list[str] = []

    def aside(found: re.Match[str]) -> str:
        if found["verbatim"] is None:
            return " "
        verbatim.append(re.sub(r"//[^\n]*|(?s:/\*.*?\*/)|\"[^\"\n]*\"", " ", found["verbatim"]))
        return f" VERBATIM_{len(verbatim) - 1} "

    return re.sub(r"\bUNITSO(N|FF)\b", " ", _ASIDE.sub(aside, text.replace("\r", "\n"))), verbatim


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """The blocks of a MOD file without comments: what each is, its name, and what stands in it."""
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = _closing_brace(text, start)
        found = list(_BLOCK.finditer(text, at, start))
        if found:
            yield " ".join(found[-1][1].split()), found[-1][2], text[start + 1 : end]
        at = end + 1


def outside_blocks(text: str) -> str:
    """What stands between the blocks of a MOD file without comments.

    Examples
    --------
    >>> outside_blocks("LOCAL q STATE { m } LOCAL r")
    'LOCAL q STATE  LOCAL r'
    """
    kept, at = "", 0
    while (start := text.find("{", at)) >= 0:
        kept, at = kept + text[at:start], _closing_brace(text, start) + 1
    return kept + text[at:]


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    return len(text)


def identifiers(text: str) -> list[str]:
    """Every identifier in a piece of NMODL, in order."""
    return _NAME.findall(text)


def names(text: str) -> set[str]:
    """Every identifier in a piece of NMODL.

    Examples
    --------
    >>> sorted(names("i = 1e-3 * g*(v - e)"))
    ['e', 'g', 'i', 'v']
    """
    return set(_NAME.findall(text))


def locals_of(body: str) -> set[str]:
    """The variables that a block declares as its own.

    Examples
    --------
    >>> sorted(locals_of("LOCAL a, b[3]  a = g"))
    ['a', 'b']
    """
    return {name for found in _LOCAL.finditer(body) for name in names(re.sub(r"\[[^]]*\]", "", found[1]))}


def renamed(body: str, own: set[str], tail: str) -> str:
    """A block in which the variables of its own have names that no other block knows.

    Examples
    --------
    >>> renamed("v = v + g", {"v"}, "rates")
    'v__rates = v__rates + g'
    """
    return _NAME.sub(lambda found: f"{found[0]}__{tail}" if found[0] in own else found[0], body)


def conditions(body: str) -> Iterator[str]:
    """What the branches and loops of a block depend on.

    Examples
    --------
    >>> list(conditions("if (v > vh) { i = 0 } while (n < 3) { n = n + 1 }"))
    ['v > vh', 'n < 3']
    """
    for found in _CONDITION.finditer(body):
        yield body[found.end() : closing(body, found.end())]


def closing(text: str, at: int) -> int:
    """Where the parenthesis ends that was opened before a position."""
    depth = 1
    while depth and at < len(text):
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return at - 1 if depth == 0 else at


def set_in_c(code: str) -> set[str]:
    """The variables that a piece of C code sets.

    Examples
    --------
    >>> sorted(set_in_c("i = g*v; if (a == 2) { n += 1; }"))
    ['i', 'n']
    """
    return set(_C_SET.findall(code))


def assignments(body: str) -> Iterator[tuple[str, str]]:
    """The assignments in a block, in order, whatever conditions they stand under.

    Parameters
    ----------
    body : str
        Code without comments.

    Yields
    ------
    target, expression : str
        The expression's tokens are separated by spaces; units are left out. What a loop counts is
        no variable of the mechanism.

    Examples
    --------
    >>> list(assignments("SOLVE s METHOD cnexp  ik = g*n^4*(v - ek)  if (a == b) { i = 0 }"))
    [('ik', 'g * n ^ 4 * ( v - ek )'), ('i', '0')]
    >>> list(assignments("FROM i = 0 TO 3 { sum = sum + i }"))
    [('sum', 'sum + i')]
    """
    tokens = _without_units([(match.lastgroup, match[0]) for match in _TOKEN.finditer(body)])
    for at, (kind, text) in enumerate(tokens[:-2]):
        if kind != "name" or text.endswith("'") or (at and tokens[at - 1][1] == "FROM"):
            continue
        index = at + 1
        if tokens[index][1] == "[":
            index = _closing(tokens, index) + 1
        if index < len(tokens) and tokens[index][1] == "=":
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
