"""What the columns of a file of jNeuroML are: the file says nothing, the LEMS file beside it all.

jNeuroML writes SI units, and currents as NeuroML counts them, g (E - v): inward positive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: A LEMS file is short; a longer one is not looked into.
LARGEST = 1 << 20

_FILE = re.compile(r"<OutputFile\b([^>]*)>(.*?)</OutputFile>", re.DOTALL)
_NAME = re.compile(r"""\bfileName\s*=\s*["']([^"']+)["']""")
_QUANTITY = re.compile(r"""<OutputColumn\b[^>]*\bquantity\s*=\s*["']([^"']+)["']""")

#: Units of what NeuroML exposes, by the last word of its path; and those that are currents.
_UNITS = {
    "v": "V",
    "i": "A",
    "iSyn": "A",
    "iChannels": "A",
    "iMemb": "A",
    "iDensity": "A/m**2",
    "gDensity": "S/m**2",
    "g": "S",
    "caConc": "mol/m**3",
    "concentration": "mol/m**3",
}
_CURRENTS = ("A", "A/m**2")


@dataclass(frozen=True)
class Column:
    """A column after the time.

    Attributes
    ----------
    name : str
    unit : str
        Empty for what has none, as a gate.
    positive : str or None
        "inward" for currents.
    """

    name: str
    unit: str
    positive: str | None


def columns_of(path: Path) -> list[Column]:
    """The columns of a file, if a LEMS file beside it or one folder above tells them; else none.

    Parameters
    ----------
    path : pathlib.Path
        What jNeuroML wrote.

    Returns
    -------
    list of Column
    """
    for text in _simulations(path):
        for attributes, body in _FILE.findall(text):
            name = _NAME.search(attributes)
            if name and Path(name[1]).name == path.name:
                return [_column(quantity) for quantity in _QUANTITY.findall(body)]
    return []


def _simulations(path: Path) -> Iterator[str]:
    for folder in (path.absolute().parent, path.absolute().parent.parent):
        for found in sorted(folder.glob("LEMS_*.xml")):
            if found.is_file() and found.stat().st_size <= LARGEST:
                yield re.sub(r"<!--.*?-->", "", found.read_text(errors="replace"), flags=re.DOTALL)


def _column(quantity: str) -> Column:
    """One column; its name is that of what has the quantity, and the quantity."""
    parts = [part for part in quantity.split("/") if part]
    unit = _UNITS.get(parts[-1], "")
    return Column(".".join(parts[-2:]), unit, "inward" if unit in _CURRENTS else None)
