"""The table of what the currents contribute to the window that is seen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from neo_currentscape.conventions import units
from neo_currentscape.conventions.plain_text import escaped
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction.shares import Shares


def table_of(seen: Shares, colours: Mapping[str, tuple[str, str]]) -> str:
    """Make the table, the largest charge first.

    Parameters
    ----------
    seen : Shares
        Of the window.
    colours : mapping of str to tuple of str
        By name of the current, as ``#rrggbb``, on a light and on a dark page.

    Returns
    -------
    str
        HTML, in which names are text whatever they hold.

    Examples
    --------
    >>> import neo, numpy as np, quantities as pq, neo_currentscape as ncs
    >>> signal = neo.AnalogSignal(np.ones((9, 1)), units="nA", sampling_period=1 * pq.ms, name="<b>")
    >>> table = table_of(ncs.Currentscape(ncs.Recording(signal)), {"<b>": ("#ff0000", "#ff0000")})
    >>> "&lt;b&gt;" in table, "100.0%" in table, "9 pC" in table
    (True, True, True)
    """
    heads = [
        "",
        "Current",
        *(word for d in DIRECTIONS for word in (d.capitalize(), f"{d.capitalize()} charge")),
    ]
    parts = {direction: seen.contributions(direction) for direction in DIRECTIONS}
    charges = {direction: seen.charge(direction) for direction in DIRECTIONS}
    rows = [_row("th", heads)]
    for k in (int(k) for k in seen.ranking):
        name = seen.names[k]
        numbers = [(f"{parts[d][k]:.1%}", units.readable(charges[d][k])) for d in DIRECTIONS]
        told = [escape(escaped(name)), *(escape(text) for pair in numbers for text in pair)]
        rows.append(_row("td", [_square(*colours[name]), *told]))
    return f"<table>{''.join(rows)}</table>"


def _square(light: str, dark: str) -> str:
    """A square of a colour; a browser that does not know both takes the first."""
    return f'<span style="color: {light}; color: light-dark({light}, {dark})">&#9632;</span>'


def _row(tag: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"
