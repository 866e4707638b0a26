"""The extended currentscape: shares of a target's current by what it is attributed to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.roles import AXIAL, UNEXPLAINED
from neo_currentscape.panels.root import Element, check_shown
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import palettes, paper, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import GREY, Look, Looks

#: Groups that have a look of their own unless told.
GREYS = {UNEXPLAINED: Look("#555555", "xxxx"), "other": Look(GREY), AXIAL: Look("#8C8C8C")}

#: Width of a note, as a part of its axes before a layout makes room for a legend beside that.
NOTE = 0.6

#: What bins of path distance are called.
_BIN = re.compile(r"[\d.e+]+\N{EN DASH}[\d.e+]+ \N{MICRO SIGN}m")


@options_checked
@dataclass(frozen=True)
class AttributionPanel(SharesPanel):
    """Shares of the current at a target, attributed to the membrane currents of the whole cell.

    Parameters
    ----------
    source : Attribution, its currentscape, or CellRecording
        ``cell.attribute(target, by=...)``; of a CellRecording the root, by type.
    note : dict or False
        Goes through to `matplotlib.text.Text`: what is said where more than 1 % of the current of a
        compartment is unexplained.
    **options
        See `neo_currentscape.SharesPanel`.

    Examples
    --------
    >>> figure = ncs.Figure(ncs.AttributionPanel(cell.attribute("soma")))         # doctest: +SKIP
    """

    note: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = (*SharesPanel.elements, "note")

    def _source(self, given: Any) -> Any:
        found = given.currentscape() if hasattr(type(given), "currentscape") else given
        check_shown(self, found, ("attribution", "columns"), "an attribution", 'cell.attribute("soma")')
        return found

    def looks(self) -> Looks:
        """The look of every group: the same for a current at every target of the cell.

        Bins of path distance get colours in their order; the axial current and what is unexplained
        are grey; unless the caller says otherwise.

        Returns
        -------
        dict of str to Look
        """
        names, types = self.source.names, self.source.attribution.cell.types
        if self.palette is None and len(names) > 1 and all(_BIN.fullmatch(name) for name in names):
            return _in_order(names)
        known = {*types, *GREYS}
        every = list(dict.fromkeys([*names, *types])) if known.issuperset(names) else names
        found = looks_of_groups(every, self.palette)
        return Looks({name: found[name] for name in names})

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        artists = super()._draw(axes, data, x)
        balance = self.source.attribution.cell.balance
        if balance.is_noticed:
            artists += draw_note(axes, balance.note, self.note)
        return artists


def _in_order(names: list[str]) -> Looks:
    """Colours whose lightness grows from the first name to the last."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    at = np.linspace(0.0, 0.95, len(names))
    return Looks({n: Look(to_hex(c)) for n, c in zip(names, colormaps["viridis"](at), strict=True)})


def looks_of_groups(names: list[str], palette: Any) -> Looks:
    """Looks of groups, with grey ones for what is unexplained, for "other" and for "axial"."""
    greys = {name: look for name, look in GREYS.items() if name in names}
    if isinstance(palette, Looks):
        return palettes.looks(names, palette)
    if palette is None or isinstance(palette, Mapping):
        return palettes.looks(names, {**greys, **(palette or {})})
    others = palettes.looks([name for name in names if name not in greys], palette)
    return Looks({name: greys.get(name) or others[name] for name in names})


def draw_note(axes: Any, words: str, given: Element, below: bool = False) -> list[Any]:
    """Write a warning above the left end of an axes, where it covers no data, or below its middle.

    Where a legend stands above the axes, it is written into the lower left corner.
    """
    from matplotlib.text import Text

    size = text.small_size()
    inside = not below and axes.get_legend() is not None
    default = {
        "fontsize": size,
        "ha": "center" if below else "left",
        "va": "top" if below else "bottom",
        "bbox": {
            "facecolor": paper.paper(),
            "edgecolor": paper.tone(0.3),
            "alpha": 0.9,
            "linewidth": 0.5,
            "pad": 2.0,
        },
        "zorder": 5,
    }
    look = element(given, default, Text)
    if look is None:
        return []
    width = axes.bbox.width / axes.figure.dpi * 72
    x, y, up = (0.5, 0.0, -2.5 * size) if below else (0.0, 0.02 if inside else 1.0, 0.5 * size)
    found = axes.annotate(
        text.wrapped(words, size, NOTE * width),
        (x, y),
        (0.0, up),
        xycoords="axes fraction",
        textcoords="offset points",
        annotation_clip=False,
        **look,
    )
    return [found]
