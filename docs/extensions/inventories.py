"""Inventories of the names in other packages' documentation that the pages link to: see inventories.txt."""

from __future__ import annotations

import zlib
from pathlib import Path

#: For each package its address and its entries, each "name kind priority page shown-name".
_Listed = dict[str, tuple[str, list[str]]]


def listed(text: str) -> _Listed:
    """Read the list of names.

    Parameters
    ----------
    text
        A line for each package with its address, and below it, indented, a line for each name.

    Returns
    -------
    dict
        By package: the address, and the lines of its inventory.

    Examples
    --------
    >>> listed("numpy https://numpy.org/\\n  numpy.ndarray py:class x.html#numpy.ndarray")
    {'numpy': ('https://numpy.org/', ['numpy.ndarray py:class 1 x.html#numpy.ndarray -'])}
    """
    found: _Listed = {}
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            name, kind, page = line.split()
            lines.append(f"{name} {kind} 1 {page} -")
        else:
            package, address = line.split()
            lines = []
            found[package] = (address, lines)
    return found


def write(source: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """Write an inventory for each package.

    Parameters
    ----------
    source
        The list of names.
    folder
        Where the inventories go.

    Returns
    -------
    dict
        What ``intersphinx_mapping`` takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mapping = {}
    for package, (address, lines) in listed(source.read_text(encoding="utf-8")).items():
        head = (
            f"# Sphinx inventory version 2\n# Project: {package}\n# Version: \n"
            "# The remainder of this file is compressed using zlib.\n"
        )
        body = zlib.compress(("\n".join(lines) + "\n").encode())
        path = folder / f"{package}.inv"
        path.write_bytes(head.encode() + body)
        mapping[package] = (address, str(path))
    return mapping
