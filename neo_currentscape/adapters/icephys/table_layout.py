"""How a table in plain text is laid out: its encoding, delimiter, decimal sign, header, names and units."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from neo_currentscape.adapters.icephys.sweeps import unit_of
from neo_currentscape.conventions import units

#: Delimiters, the surest first; blanks are last, as they may stand beside any other.
DELIMITERS = ("\t", ";", ",")

#: So many lines are looked at for the layout.
LOOKED_AT = 200

#: So many bytes tell whether a file is text.
_SNIFFED = 8192

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eEdD][-+]?\d+)?|nan|[-+]?inf(inity)?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\[\]()]+)[\])]\s*")
_AFTER = re.compile(
    r"(?P<name>.+?)(\s*/\s*|_|\s+in\s+|,\s*|\s+)(?P<unit>ms|mV|uV|µV|[fpnuµ]A|[pnuµ]S|[mun]M|pF|nF|pA/pF|A/F|[mun]?A/cm2|s|V)"
)


@dataclass(frozen=True)
class Layout:
    """What is needed to read the numbers of a table.

    Attributes
    ----------
    encoding : str
    delimiter : str
        A regular expression for blanks.
    decimal : {".", ","}
    skip : int
        Lines before the first row of numbers.
    names, units : list of str
        Of the columns; empty where nothing is written.
    is_trailed : bool
        Whether rows end with a delimiter, which is no column.
    records : dict
        What the header of an ATF file says.
    """

    encoding: str
    delimiter: str
    decimal: str
    skip: int
    names: list[str]
    units: list[str]
    is_trailed: bool = False
    records: dict[str, list[str]] = field(default_factory=dict)


def encoding_of(path: Path) -> str | None:
    """The encoding of a text; None for what is none."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in head or not head.strip():
        return None
    # Texts have next to no control characters beside those of lines and tabs.
    if sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > 0:
        return None
    try:
        head[: _SNIFFED - 4].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def layout_of(path: Path) -> Layout | None:
    """Find the layout of a table.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Layout or None
        None where the file is no text, or has no rows of at least two numbers.
    """
    encoding = encoding_of(path)
    if encoding is None:
        return None
    with path.open(encoding=encoding, errors="replace") as file:
        lines = [line.rstrip("\r\n") for _, line in zip(range(LOOKED_AT), file, strict=False)]
    first = _first_row(lines)
    if first is None:
        return None
    delimiter, decimal = _separators(_rows(lines[first:]))
    row = cells(lines[first], delimiter)
    trailed = len(row) > 1 and row[-1] == ""
    width = len(row) - trailed
    names, units = _header(lines[:first], delimiter, width)
    return Layout(encoding, delimiter, decimal, first, names, units, trailed, _records(lines[:first]))


def cells(line: str, delimiter: str) -> list[str]:
    """The cells of a line, without quotes."""
    parts = line.split() if delimiter == r"\s+" else line.split(delimiter)
    return [part.strip().strip("\"'").strip() for part in parts]


def _is_row(line: str) -> bool:
    parts = [
        part.strip("\"'") for part in re.split(r"[\t; ]+|,(?=\s|$)|,(?=[-+.\d])", line.strip()) if part
    ]
    return len(parts) >= 2 and all(_NUMBER.fullmatch(part) for part in parts)


def _first_row(lines: Sequence[str]) -> int | None:
    """The first line of the longest run of rows; a line of two numbers may be part of a header."""
    starts = [k for k, line in enumerate(lines) if _is_row(line) and (k == 0 or not _is_row(lines[k - 1]))]
    if not starts:
        return None

    def run(start: int) -> int:
        length = 0
        while start + length < len(lines) and _is_row(lines[start + length]):
            length += 1
        return length

    return max(starts, key=run)


def _rows(lines: Sequence[str]) -> list[str]:
    """The rows that follow one another: the first of them may be whole, and tell no decimal sign."""
    found = [line for line in lines if line.strip()]
    return list(itertools.takewhile(_is_row, found)) or found[:1]


def _separators(rows: Sequence[str]) -> tuple[str, str]:
    for delimiter in DELIMITERS:
        counts = {row.count(delimiter) for row in rows}
        if len(counts) == 1 and counts != {0}:
            parts = [cell for row in rows for cell in cells(row, delimiter)]
            if all(not part or _NUMBER.fullmatch(part) for part in parts):
                has_comma = delimiter != "," and any("," in part for part in parts)
                return delimiter, "," if has_comma else "."
    return r"\s+", "," if any("," in row for row in rows) else "."


def _header(lines: Sequence[str], delimiter: str, width: int) -> tuple[list[str], list[str]]:
    """Names and units, of the last lines before the numbers that have as many cells."""
    fitting = []
    for line in reversed([line for line in lines if line.strip()][-3:]):
        found = cells(line.lstrip("#%/ ").strip(), delimiter)
        if len(found) == width + 1 and not found[-1]:
            found = found[:-1]
        if len(found) != width and delimiter == r"\s+":
            found = [cell for cell in re.split(r"\s{2,}|\t|,", line.lstrip("#%/ ").strip()) if cell]
        if len(found) != width:
            break
        fitting.append(found)
    if not fitting:
        return [], []
    if len(fitting) > 1 and all(_is_unit(cell) for cell in fitting[0]):
        return fitting[1], [cell.strip("[]() ") for cell in fitting[0]]
    if all(units.kind(unit_of(cell)[0]) in ("time", "voltage", "current") for cell in fitting[0]):
        return [], fitting[0]
    parts = [name_and_unit(cell) for cell in fitting[0]]
    return [name for name, _ in parts], [unit for _, unit in parts]


def _is_unit(text: str) -> bool:
    plain = text.strip("[]() ")
    return plain in ("", "-", "1") or (len(plain) <= 12 and not unit_of(plain)[1])


def name_and_unit(text: str) -> tuple[str, str]:
    """Part the title of a column.

    Examples
    --------
    >>> [name_and_unit(text) for text in ("time [s]", "V_m (mV)", "I_Na/pA", "t_ms", "I_A")]
    [('time', 's'), ('V_m', 'mV'), ('I_Na', 'pA'), ('t', 'ms'), ('I_A', '')]
    """
    match = _IN_BRACKETS.fullmatch(text)
    if match and match["name"] and not unit_of(match["unit"])[1] and not match["unit"].strip().isdigit():
        return match["name"], match["unit"]
    match = _AFTER.fullmatch(text)
    if match and not ("_" in match[2] and match["unit"] in ("s", "V")):
        return match["name"], match["unit"]
    return text, ""


def _records(lines: Sequence[str]) -> dict[str, list[str]]:
    """The records of an ATF header, such as "Signals=" and "SweepStartTimesMS=..."."""
    if not lines or not lines[0].startswith("ATF"):
        return {}
    found = {}
    for line in lines[2:]:
        key, equals, rest = line.strip().strip('"').partition("=")
        if equals:
            parts = re.split(r"[\t,]", rest.strip('"'))
            found[key] = [part.strip().strip('"') for part in parts if part.strip().strip('"')]
    return found
