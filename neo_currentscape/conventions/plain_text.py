"""Values, labels and tables as plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units

#: As many numbers are listed in a sentence.
LISTED = 10

#: Kinds of characters that do something to a terminal, or turn the direction of a text, in place of
#: showing something: control and format characters, parts of characters, ends of lines and paragraphs.
_ACTING = ("Cc", "Cf", "Cs", "Zl", "Zp")


#: As many characters of what was given are repeated in a sentence.
REPEATED = 120


def brief(value: Any) -> str:
    """What was given, to stand in an error: as Python writes it, or its type where that is long.

    Examples
    --------
    >>> brief(["a", 3]), brief(np.zeros((40, 1)))
    ("['a', 3]", 'ndarray')
    """
    text = repr(value)
    return text if len(text) <= REPEATED and "\n" not in text else type(value).__name__


def escaped(text: Any, keep: str = "") -> str:
    """Write what would act on a terminal as Python writes it in a string.

    Parameters
    ----------
    text : object
        Such as a name out of a file of somebody else.
    keep : str
        Characters that are left as they are.

    Returns
    -------
    str

    Examples
    --------
    >>> print(escaped("ina" + chr(27) + "[31m" + chr(0x202E)))
    ina\\x1b[31m\\u202e
    """
    text = str(text)
    if text.isprintable():
        return text
    return "".join(
        one.encode("unicode_escape").decode()
        if unicodedata.category(one) in _ACTING and one not in keep
        else one
        for one in text
    )


def value(found: Any) -> str:
    """Write one value in four digits with its unit.

    Parameters
    ----------
    found : Quantity, number, str or None
        Of a Quantity of several values their number is told.

    Returns
    -------
    str

    Examples
    --------
    >>> value(12.3456 * pq.ms), value(pq.Quantity(0.3, "dimensionless")), value([1, 2] * pq.ms)
    ('12.35 ms', '0.3', '2 values (ms)')
    >>> value(None), value(3), value("drug")
    ('-', '3', 'drug')
    """
    if found is None:
        return "-"
    if isinstance(found, pq.Quantity):
        unit = units.label(found)
        if found.size != 1:
            return with_unit(f"{len(found)} values", found)
        return f"{float(found):.4g} {unit}".rstrip()
    return f"{found:.4g}" if isinstance(found, (float, np.floating)) else str(found)


def with_error(found: Any, error: Any = None) -> str:
    """Write one value with its standard error, to the digits that the error leaves.

    Parameters
    ----------
    found : as for `value`
    error : Quantity or float, optional
        In the same unit.

    Returns
    -------
    str

    Examples
    --------
    >>> with_error(100.234 * pq.ms, 1.53 * pq.ms), with_error(-65.2 * pq.mV), with_error(0.123, 0.02)
    ('100.2 ± 1.5 ms', '-65.2 mV', '0.123 ± 0.020')
    """
    if error is None or found is None or not float(error) > 0:
        return value(found)
    digits = max(0, 1 - int(np.floor(np.log10(float(error)))))
    unit = units.label(found) if isinstance(found, pq.Quantity) else ""
    return f"{float(found):.{digits}f} ± {float(error):.{digits}f} {unit}".rstrip()


def with_unit(words: str, unit: Any = None) -> str:
    """Write a label with its unit in brackets, where there is one.

    Parameters
    ----------
    words : str
    unit : Quantity, signal or str, optional

    Returns
    -------
    str

    Examples
    --------
    >>> with_unit("Amplitude", 0.1 * pq.nA), with_unit("Phase", pq.dimensionless), with_unit("Drug")
    ('Amplitude (nA)', 'Phase', 'Drug')
    """
    shown = "" if unit is None else units.label(unit)
    return f"{words} ({shown})" if shown else words


def table(rows: Sequence[Sequence[Any]], header: Sequence[str] | None = None, align: str = "") -> str:
    """Lay out rows of text in columns.

    Parameters
    ----------
    rows : sequence of sequence
        Each cell takes one line; see `escaped`.
    header : sequence of str, optional
    align : str
        One letter a column, "l" or "r"; left where it is too short.

    Returns
    -------
    str

    Examples
    --------
    >>> print(table([["Na", 3], ["leak", 12]], ["current", "n"], "lr"))
    current   n
    Na        3
    leak     12
    """
    texts = [[escaped(cell) for cell in row] for row in ([] if header is None else [header]) + [*rows]]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    align = align.ljust(len(widths), "l")

    def line(row: Sequence[str]) -> str:
        cells = [c.rjust(w) if a == "r" else c.ljust(w) for c, w, a in zip(row, widths, align, strict=True)]
        return "  ".join(cells).rstrip()

    return "\n".join(line(row) for row in texts)


def numbers_told(there: Sequence[int], what: str = "neuron") -> str:
    """Which numbers there are, for a sentence.

    Parameters
    ----------
    there : sequence of int
        In any order, each as often as it likes.
    what : str
        What they number.

    Returns
    -------
    str

    Examples
    --------
    >>> numbers_told([3, 2, 4, 4]), numbers_told([7, 2], "node"), numbers_told([])
    ('neurons 2 to 4', 'nodes 2, 7', 'no neuron')
    >>> numbers_told(range(0, 60, 5))
    'neurons 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, ...'
    """
    found = sorted(set(there))
    if not found:
        return f"no {what}"
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{what}s {found[0]} to {found[-1]}"
    listed = ", ".join(map(str, found[:LISTED])) + (", ..." if len(found) > LISTED else "")
    return f"{what}{'s' * (len(found) > 1)} {listed}"
